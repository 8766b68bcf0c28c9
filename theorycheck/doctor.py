"""`theorycheck doctor`: versions, BLAS and its threads, a quick test of each layer, what is missing and what that costs."""

from __future__ import annotations

import ctypes
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from theorycheck.self_tests import LAYERS, optional

REQUIRED = ("numpy", "scipy", "sympy", "mpmath", "python-flint", "click", "rich")
EXTRAS = {
    "array-api-compat": "states of PyTorch, JAX and others in the engine",
    "zarr": "records of a run as a Zarr group",
    "pytest": "theorems as tests (`pytest` with this plugin)",
    "hypothesis": "the project's own tests",
    "matplotlib": "figures",
}
KERNEL = "`recheck --kernel coq` (Debian: apt-get install coq libcoq-interval libcoq-mathcomp-algebra)"
THREADS = ("openblas_get_num_threads", "scipy_openblas_get_num_threads", "MKL_Get_Max_Threads", "bli_thread_get_num_threads")


@dataclass(frozen=True)
class Finding:
    """One line of the report: what was looked at, what was found, and whether all is well (None: optional, not there)."""

    name: str
    text: str
    good: bool | None = True


@dataclass(frozen=True)
class Health:
    """What `examine` found. `well` when every required library is there and every layer passed its test."""

    versions: tuple[Finding, ...]
    layers: tuple[Finding, ...]
    missing: tuple[Finding, ...]

    @property
    def well(self) -> bool:
        return all(f.good is not False for f in (*self.versions, *self.layers, *self.missing))


def examine(layers: Mapping[str, Callable[[], str]] | None = None) -> Health:
    """Look at everything; `layers` are the self-tests (default: all that can be run here)."""
    tests = {**LAYERS, **optional()} if layers is None else layers
    return Health(tuple(_versions()), tuple(_tested(name, test) for name, test in tests.items()), tuple(_missing()))


def _versions() -> list[Finding]:
    found = [
        Finding("python", f"{platform.python_version()} ({platform.system()} {platform.machine()}, {_cores()} cores)"),
        Finding("theorycheck", _version("theorycheck") or "not installed, run from its folder"),
    ]
    for name in (*REQUIRED, *EXTRAS):
        if here := _version(name):
            found.append(Finding(name, here))
    return [*found, Finding("BLAS", blas())]


def _missing() -> list[Finding]:
    gone = [Finding(name, f"required: pip install {name}", False) for name in REQUIRED if not _version(name)]
    gone += [Finding(name, f"without it: no {cost}", None) for name, cost in EXTRAS.items() if not _version(name)]
    return gone + [Finding(name, f"without it: no {KERNEL}", None) for name in _coq_parts()]


def _coq_parts() -> list[str]:
    """What is missing of the proof assistant."""
    if not shutil.which("coqc"):
        return ["coqc"]
    said = subprocess.run(["coqc", "-where"], capture_output=True, text=True, check=False, timeout=60).stdout.strip()
    return [name for name in ("Interval", "mathcomp") if not (Path(said) / "user-contrib" / name).is_dir()]


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def blas() -> str:
    """NumPy's BLAS, its threads as the library itself counts them, and the variables that set them."""
    try:
        import numpy as np

        known = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
        name = f"{known.get('name', 'unknown')} {known.get('version', '')}".strip()
    except (ImportError, KeyError, TypeError) as problem:
        return f"unknown ({problem})"
    names = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
    told = [f"{v}={os.environ[v]}" for v in names if v in os.environ]
    threads = blas_threads()
    counted = f"{threads} thread{'s' * (threads != 1)}" if threads else "threads unknown"
    return f"{name}, {counted} ({', '.join(told) or 'set OPENBLAS_NUM_THREADS to change it'})"


def blas_threads() -> int | None:
    """The number of threads of the BLAS that this process has loaded; None where it does not say (or this is not Linux)."""
    try:
        lines = Path("/proc/self/maps").read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    files = {
        line.split()[-1] for line in lines if any(b in line.rpartition("/")[2].lower() for b in ("blas", "mkl_rt", "blis"))
    }
    for file in sorted(files):
        try:
            library = ctypes.CDLL(file)
        except OSError:
            continue
        for name in (n + end for n in THREADS for end in ("", "64_", "_64")):
            if hasattr(library, name):
                return int(getattr(library, name)())
    return None


def _tested(name: str, test: Callable[[], str]) -> Finding:
    """Run one self-test; whatever it raises is reported as a failure of that layer."""
    start = time.perf_counter()
    try:
        text, good = test(), True
    except Exception as problem:  # recorded as a failure: the command ends with 1
        text, good = f"{type(problem).__name__}: {problem}", False
    return Finding(name, f"{' '.join(text.split())} ({time.perf_counter() - start:.1f} s)", good)


def report(health: Health) -> str:
    """The findings as text."""
    marks = {True: "ok", False: "FAILED", None: "absent"}
    width = max(len(f.name) for f in (*health.versions, *health.layers, *health.missing))

    def lines(found: tuple[Finding, ...], marked: bool) -> list[str]:
        return [f"  {f.name:{width}}  {f'{marks[f.good]:6}  ' if marked else ''}{f.text}" for f in found]

    parts = ["Versions", *lines(health.versions, False), "", "Layers", *lines(health.layers, True)]
    if health.missing:
        parts += ["", "Missing", *lines(health.missing, False)]
    failed = [f.name for f in (*health.layers, *health.missing) if f.good is False]
    end = "all that is required works" if not failed else f"broken: {', '.join(failed)} (python {sys.version.split()[0]})"
    return "\n".join([*parts, "", end]) + "\n"
