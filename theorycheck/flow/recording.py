"""Where records go: tables of shape (B, R, ...), R moments a sample, in memory or in files that are written as the run goes.

Every entry is NaN until it is written, so what is in a file is valid at any time. Files get their full size at the start: a
disk that is too small is found before anything is computed.
"""

import json
import os
import re
from collections.abc import Mapping
from functools import cached_property
from io import FileIO
from itertools import pairwise
from math import prod
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from theorycheck.errors import InputError
from theorycheck.flow.checks import Array, Counts

Shapes = Mapping[str, tuple[int, ...]]
BLOCK = 2**14  # numbers written at once
RECORDS, AT_EVENTS = "records", "at_events"
"""The two groups of tables: at the times asked for, and at the first happening of each event."""


class Table(Protocol):
    """Records under one key."""

    def write(self, samples: Counts, moments: Counts, values: Array) -> None:
        """Row k of values to moment k of sample k."""

    def array(self) -> Array:
        """What is in it, (B, R, ...)."""

    def sync(self) -> None:
        """What was written survives the machine."""

    def close(self) -> None:
        """Nothing more is written."""


class InMemory:
    """A table as a NumPy array."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.values: Array = np.full(shape, np.nan)

    def write(self, samples: Counts, moments: Counts, values: Array) -> None:
        self.values[samples, moments] = values

    def array(self) -> Array:
        return self.values

    def sync(self) -> None:
        pass

    def close(self) -> None:
        pass


class NpyFile:
    """A table as a .npy file. Written by plain writes, not through a memory map: a full disk is then an error, no signal."""

    def __init__(self, path: Path, shape: tuple[int, ...], fresh: bool) -> None:
        self.path, self.shape = path, shape
        with told(path):
            if fresh:
                self._create()
            try:
                there = np.load(path, mmap_mode="r")
            except ValueError:
                there = np.empty(0)
            if there.shape != shape:
                raise InputError(f"record_to: {path} is not the file of this run; delete the checkpoint to start anew")
            self.offset: int = there.offset

    def _create(self) -> None:
        """All NaN, under another name until it is whole."""
        path, size = self.path, prod(self.shape)
        self.path = path.with_name(f".{path.name}.new")
        self.offset = np.lib.format.open_memmap(self.path, mode="w+", dtype=np.float64, shape=self.shape).offset
        for start in range(0, size, BLOCK):
            self._put(start, np.full(min(BLOCK, size - start), np.nan))
        self.close()
        os.replace(self.path, path)
        self.path = path

    @cached_property
    def file(self) -> FileIO:
        return FileIO(self.path, "r+")

    def write(self, samples: Counts, moments: Counts, values: Array) -> None:
        rows = np.ascontiguousarray(np.broadcast_to(values, (len(samples), *self.shape[2:])), dtype=np.float64)
        places, size = samples * self.shape[1] + moments, prod(self.shape[2:])
        runs = [0, *(np.flatnonzero(np.diff(places) != 1) + 1).tolist(), len(places)]  # of entries that lie side by side
        with told(self.path):
            for first, last in pairwise(runs):
                self._put(int(places[first]) * size, rows[first:last])

    def array(self) -> Array:
        out: Array = np.load(self.path, mmap_mode="r")
        return out

    def _put(self, start: int, numbers: Array) -> None:
        data, place = numbers.reshape(-1).view(np.uint8).data, self.offset + 8 * start
        while data:
            self.file.seek(place)
            written = self.file.write(data) or 0
            data, place = data[written:], place + written

    def sync(self) -> None:
        if "file" in self.__dict__:
            with told(self.path):
                os.fsync(self.file.fileno())

    def close(self) -> None:
        if "file" in self.__dict__:
            self.__dict__.pop("file").close()


class ZarrArray:
    """A table as an array of a Zarr group."""

    def __init__(self, group: Any, key: str, shape: tuple[int, ...], fresh: bool) -> None:
        if fresh:
            chunks = (min(shape[0], 64), 1, *shape[2:])
            group.create_array(key, shape=shape, chunks=chunks, dtype="float64", fill_value=np.nan)
        self.values = group[key]

    def write(self, samples: Counts, moments: Counts, values: Array) -> None:
        with told(Path(str(self.values.path))):
            for moment in np.unique(moments):
                rows = np.flatnonzero(moments == moment)
                rows = rows[np.argsort(samples[rows])]
                self.values.oindex[samples[rows], int(moment)] = values[rows]

    def array(self) -> Array:
        out: Array = np.asarray(self.values[...])
        return out

    def sync(self) -> None:
        pass

    def close(self) -> None:
        pass


class told:
    """Turns an error of the file system into one line."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if isinstance(error, OSError):
            reason = f"{self.path}: {error.strerror or error}"
            raise InputError(f"record_to: {reason}; make room there or name another folder, what was written is kept") from None


Tables = dict[str, Table]


def as_path(name: str, value: object) -> Path:
    """InputError for what names no file."""
    try:
        return Path(value)  # type: ignore[arg-type]
    except TypeError:
        raise InputError(f"{name}: {value!r} is no path; pass text or a Path") from None


def open_tables(
    to: str | os.PathLike[str] | None, groups: Mapping[str, Shapes], times: Array, fresh: bool
) -> dict[str, Tables]:
    """Tables {group: {key: ..}} of the given shapes; in memory, or in the folder `to` (Zarr where its name ends in .zarr).

    `fresh`: they are new, and the folder must be; else they are those of an earlier run.
    """
    if to is None:
        return {group: {key: InMemory(shape) for key, shape in shapes.items()} for group, shapes in groups.items()}
    path = as_path("record_to", to)
    for key in (key for shapes in groups.values() for key in shapes):
        if not re.fullmatch(r"[\w.+-]+", key) or key.startswith("."):
            raise InputError(f'record: the key "{key}" is no name for a file; use letters, digits, "_", "-", "."')
    if fresh and path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise InputError(f"record_to: {path} exists already; name a new folder, or delete it, its records would be lost")
    if not fresh and not path.is_dir():
        raise InputError(f"record_to: {path} is gone, the checkpoint counts on it; delete the checkpoint to start anew")
    return _zarr(path, groups, times, fresh) if path.suffix == ".zarr" else _folder(path, groups, times, fresh)


def _folder(path: Path, groups: Mapping[str, Shapes], times: Array, fresh: bool) -> dict[str, Tables]:
    """key.npy and, at events, key.at_events.npy; times.npy; shapes.json says what belongs together."""

    def file(group: str, key: str) -> Path:
        return path / (f"{key}.npy" if group == RECORDS else f"{key}.{group}.npy")

    with told(path):
        path.mkdir(parents=True, exist_ok=True)
        if fresh:
            np.save(path / "record_at.npy", times)
            (path / "shapes.json").write_text(json.dumps({group: dict(shapes) for group, shapes in groups.items()}))
    return {
        group: {key: NpyFile(file(group, key), shape, fresh) for key, shape in shapes.items()}
        for group, shapes in groups.items()
    }


def _zarr(path: Path, groups: Mapping[str, Shapes], times: Array, fresh: bool) -> dict[str, Tables]:
    """Groups records/ and at_events/ of one Zarr group, with the times as its attribute."""
    try:
        import zarr
    except ImportError:
        raise InputError("record_to: a .zarr folder needs `pip install theorycheck[zarr]`; or name another folder") from None
    with told(path):
        root = zarr.open_group(str(path), mode="w" if fresh else "r+")
        root.attrs["record_at"] = times.tolist()
        return {
            group: {key: ZarrArray(root.require_group(group), key, shape, fresh) for key, shape in shapes.items()}
            for group, shapes in groups.items()
        }
