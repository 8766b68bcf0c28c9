"""Writing: to a file that is whole or absent, and to a terminal or a pipe that may close early."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from theorycheck.errors import InputError

if TYPE_CHECKING:
    from rich.text import Text


@contextmanager
def reserved(path: Path | None, option: str) -> Iterator[Callable[[str | bytes], None]]:
    """Give a function that puts a text at `path`, whole or not at all. The place is tried before the work begins.

    Raises InputError naming the option when nothing can be written there. `path` None: the text goes nowhere.
    """
    if path is None:
        yield lambda text: None
        return
    if path.name == "-":
        raise InputError(f"{option} -: stdout carries the table; name a file")
    path = path.resolve()  # through links: the file they point at is the one to replace
    if path.is_dir():
        raise InputError(f"{option} {path}: is a folder; name a file in it")
    if path.exists() and not path.is_file():
        yield lambda text: _write_device(path, text)  # /dev/stdout, a pipe: never replaced
        return
    try:
        with tempfile.NamedTemporaryFile(prefix=f".{path.name}.", dir=path.parent):
            pass  # gone before the work begins, so that a killed run leaves nothing behind
    except OSError as problem:
        raise InputError(f"{option} {path}: cannot write there ({problem.strerror}); name another file") from None
    yield lambda text: _replace(path, text)


def write_whole(path: Path, text: str | bytes, option: str = "write") -> None:
    """Write a file atomically; raises InputError when nothing can be written there."""
    with reserved(path, option) as put:
        put(text)


def _replace(path: Path, text: str | bytes) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    temporary = Path(name)
    try:
        with open(handle, "wb") as out:
            out.write(_encoded(text))
        mask = os.umask(0)
        os.umask(mask)
        temporary.chmod(0o666 & ~mask)  # mkstemp makes private files; a result is an ordinary one
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def sweep(folder: Path) -> None:
    """Remove what runs that were killed while they wrote into a folder have left there (see `_replace`)."""
    for leftover in folder.glob(".*.json.*"):
        leftover.unlink(missing_ok=True)


def _write_device(path: Path, text: str | bytes) -> None:
    with path.open("wb") as out:
        out.write(_encoded(text))


def _encoded(text: str | bytes) -> bytes:
    return text.encode("utf-8") if isinstance(text, str) else text


def emit(text: str) -> None:
    """Print to stdout. A reader that has gone away (`| head`) ends the printing, quietly."""
    try:
        sys.stdout.write(text if text.endswith("\n") else text + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        # Python flushes stdout once more at exit, and would complain then
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def show(plain: str, coloured: Callable[[], Text]) -> None:
    """Print lines: in colour on a terminal, plain elsewhere."""
    if not sys.stdout.isatty():
        emit(plain)
        return
    from rich.console import Console

    Console(highlight=False).print(coloured(), soft_wrap=True)
