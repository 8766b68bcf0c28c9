"""Checkpoints: the whole state of an integration in one file, from which it goes on as if it had not been stopped.

An .npz file with arrays and JSON, no pickle. It is written beside its place and moved there, so that the file is whole at
any time; a run of another problem is refused.
"""

import hashlib
import json
import os
import signal
import tempfile
import threading
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any

import numpy as np

from theorycheck.errors import InputError
from theorycheck.flow.checks import Array, whole
from theorycheck.flow.recording import InMemory, Tables, as_path
from theorycheck.flow.results import Happening, Stop
from theorycheck.flow.state import PER_SAMPLE, Book, Live, Problem

FORMAT = 2
Arrays = dict[str, Any]
BOOK = ("t", "y", "steps", "rejected", "rhs_calls", "monitored", "happened")
LIVE = (*PER_SAMPLE, "attempts")


@dataclass(frozen=True)
class Checkpoint:
    """A file that is written every `every` attempted steps, at the end, and when the run is interrupted.

    A run that finds it goes on from there, with the same results to the last bit on the same machine, BLAS and number of
    threads. The first Ctrl-C ends the step in hand and the run; a second one does not wait for it. The file holds
    records too, unless they go to files of their own.
    """

    path: str | os.PathLike[str]
    every: int = 1000

    def __post_init__(self) -> None:
        as_path("checkpoint", self.path)
        whole("checkpoint: every", self.every, least=1)


def digest(value: object) -> str:
    """What a value is, in a few characters: arrays and frozen data by content, functions by name."""
    if isinstance(value, np.ndarray):
        array = np.ascontiguousarray(value)
        return hashlib.sha256(f"{array.dtype}{array.shape}".encode() + array.tobytes()).hexdigest()[:16]
    if is_dataclass(value) and not isinstance(value, type):
        return f"{type(value).__name__}({', '.join(f'{f.name}={digest(getattr(value, f.name))}' for f in fields(value))})"
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key}: {digest(one)}' for key, one in value.items())}}}"
    if isinstance(value, tuple | list):
        return digest(np.array(value)) if len(value) > 20 else f"({', '.join(map(digest, value))})"
    if isinstance(value, str | int | float | bool | np.number | None):
        return repr(value)
    return str(getattr(value, "__qualname__", type(value).__qualname__))


class Keeper:
    """Writes the checkpoint of a run, and reads it at the start; does nothing without one.

    `identity` says in words what the problem is, {name: description}.
    """

    def __init__(self, checkpoint: Checkpoint | str | os.PathLike[str] | None, identity: Mapping[str, object]) -> None:
        bare = checkpoint is None or isinstance(checkpoint, Checkpoint)
        self.checkpoint: Checkpoint | None = checkpoint if bare else Checkpoint(checkpoint)  # type: ignore[arg-type, assignment]
        self.identity = {} if checkpoint is None else {"format": str(FORMAT)} | {k: digest(v) for k, v in identity.items()}
        self.kept: Arrays | None = None
        self.interrupted = False
        if self.checkpoint is not None and Path(self.checkpoint.path).exists():
            self.kept = self._read(Path(self.checkpoint.path))

    # --- at the start ----------------------------------------------------------------------------------------------------
    def _read(self, path: Path) -> Arrays:
        try:
            with open(path, "rb") as file, np.load(file, allow_pickle=False) as arrays:
                kept = dict(arrays)
            identity = json.loads(str(kept["identity"]))
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            raise InputError(f"checkpoint: {path} is no checkpoint of a run; name another file or delete it") from None
        other = [key for key in {**identity, **self.identity} if identity.get(key) != self.identity.get(key)]
        if other:
            there, here = (str(which.get(other[0], "nothing"))[:60] for which in (identity, self.identity))
            what = ", ".join(other)
            raise InputError(
                f"checkpoint: {path} is of another problem, with another {what} ({other[0]}: {there} there, {here} here); "
                "name another file or delete it"
            )
        return kept

    def begin(self, problem: Problem, book: Book) -> tuple[int, Live | None]:
        """Fills the book; the number of the group that ran and its live samples, None where it is to be started.

        A new checkpoint is written at once: whether there is a place for it shows before anything is computed.
        """
        kept = self.kept
        if kept is None:
            self.save(0, None, book)
            return 0, None
        for name in BOOK:
            getattr(book, name)[...] = kept[f"book_{name}"]
        book.stop[:] = [Stop[name] for name in kept["stop"].tolist()]
        marks = zip(*(kept[f"happening_{name}"] for name in ("event", "sample", "t", "y")), strict=True)
        book.happenings[:] = [Happening(int(e), int(k), float(t), y) for e, k, t, y in marks]
        for name, table in _in_memory(book).items():
            table.values[...] = kept[name]
        group, self.kept = int(kept["group"]), None
        if "live_t" not in kept:
            return group, None
        motor_kept = {name.removeprefix("motor_"): a for name, a in kept.items() if name.startswith("motor_")}
        motor = problem.start(motor_kept.pop("start_t"), motor_kept.pop("start_y"))
        motor.restore(motor_kept)
        return group, Live(**{name: kept[f"live_{name}"] for name in LIVE}, motor=motor)

    # --- while it runs ---------------------------------------------------------------------------------------------------
    def step(self, group: int, live: Live, book: Book) -> None:
        """After each step: writes when it is time to, and stops an interrupted run."""
        if self.checkpoint is None:
            return
        if self.interrupted or int(live.attempts) % self.checkpoint.every == 0:
            self.save(group, live, book)
        if self.interrupted:
            raise KeyboardInterrupt

    @contextmanager
    def guard(self, group: int, live: Live | None, book: Book) -> Iterator[None]:
        """Around what changes neither: an error in there leaves a checkpoint, where there is room for one."""
        try:
            yield
        except BaseException:
            with suppress(InputError):  # it would hide the error; the file before is left
                self.save(group, live, book)
            raise

    def save(self, group: int, live: Live | None, book: Book) -> None:
        """Atomic: the file is the one before or this one."""
        if self.checkpoint is None:
            return
        for table in (*book.records.values(), *book.at_events.values()):
            table.sync()  # the checkpoint counts on what was recorded
        arrays: Arrays = {"identity": np.array(json.dumps(self.identity)), "group": np.array(group)}
        arrays |= {f"book_{name}": getattr(book, name) for name in BOOK}
        arrays["stop"] = np.array([stop.name for stop in book.stop])
        arrays |= _happenings(book)
        arrays |= {name: table.values for name, table in _in_memory(book).items()}
        if live is not None and live.samples.size == 0:  # the group is done
            arrays["group"], live = np.array(group + 1), None
        if live is not None:
            arrays |= {f"live_{name}": getattr(live, name) for name in LIVE}
            arrays |= {f"motor_{name}": a for name, a in live.motor.saved().items()}
        _write(Path(self.checkpoint.path), arrays)

    # --- Ctrl-C ----------------------------------------------------------------------------------------------------------
    def __enter__(self) -> "Keeper":
        self.before: Any = None
        if self.checkpoint is not None and threading.current_thread() is threading.main_thread():
            self.before = signal.getsignal(signal.SIGINT)
            if callable(self.before):
                signal.signal(signal.SIGINT, self._interrupt)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if callable(self.before):
            signal.signal(signal.SIGINT, self.before)

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        if self.interrupted:
            self.before(number, frame)
        self.interrupted = True


def _in_memory(book: Book) -> dict[str, InMemory]:
    """The tables that have no file of their own."""
    groups: dict[str, Tables] = {"records": book.records, "at_events": book.at_events}
    tables = {f"{group}_{key}": table for group, keyed in groups.items() for key, table in keyed.items()}
    return {name: table for name, table in tables.items() if isinstance(table, InMemory)}


def _happenings(book: Book) -> Arrays:
    y: Array = np.array([h.y for h in book.happenings]).reshape(len(book.happenings), book.y.shape[1])
    columns = {name: np.array([getattr(h, name) for h in book.happenings]) for name in ("event", "sample", "t")}
    return {f"happening_{name}": column for name, column in (columns | {"y": y}).items()}


def _write(path: Path, arrays: Arrays) -> None:
    temporary = None
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
            temporary = file.name
            np.savez(file, allow_pickle=False, **arrays)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except OSError as error:
        reason = f"{path}: {error.strerror or error}"
        raise InputError(f"checkpoint: {reason}; make room there or name another file, the last whole one is kept") from None
    finally:
        if temporary is not None and os.path.exists(temporary):
            os.unlink(temporary)
