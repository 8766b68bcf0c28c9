"""Progress of a check: on stderr, and only where a person watches."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from theorycheck.verdict import ClaimReport


@dataclass(frozen=True)
class Progress:
    """The claims finished so far; `show` is told of each."""

    show: Callable[[ClaimReport], None]
    claims: list[ClaimReport] = field(default_factory=list)

    def finished(self, claim: ClaimReport) -> None:
        self.claims.append(claim)
        self.show(claim)


@contextmanager
def interruptible() -> Iterator[None]:
    """While the block runs, a request to end (SIGTERM) is an interrupt."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def progress(total: int) -> Iterator[Progress]:
    """The claims finished while the block runs, shown by a bar."""
    with bar(total) as show:
        yield Progress(lambda claim: show(f"{claim.id} {claim.verdict.value}"))


@contextmanager
def bar(total: int) -> Iterator[Callable[[str], None]]:
    """A bar while the block runs, if stderr is a terminal; called with a word on each of `total` things done."""
    if not sys.stderr.isatty():
        yield lambda word: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress as Bar, TextColumn, TimeElapsedColumn

    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}", markup=False))
    with Bar(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task("", total=total)
        yield lambda word: shown.update(task, advance=1, description=word)
