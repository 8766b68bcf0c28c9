"""The Coq files that the lemmas are written in, compiled once: in the user's cache folder, else in a temporary one.

They ship beside this module and are never compiled in place. The folder's name holds the version of Coq and a digest of the
files, so that a change of either compiles them again.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from theorycheck.errors import InputError

HERE = Path(__file__).resolve().parent
ORDER = (
    *("Matrices", "Layers", "Numbers", "Derivatives", "Limits", "Flows", "Words", "Reading", "Tactics", "Refute"),
    *("Chance", "Wick", "Contraction", "Parts", "Contracted", "Forms", "Means"),
)
NAME = "TheoryCheck"


def compiled(version: str) -> Path:
    """The folder with the compiled library; InputError when Coq refuses a file of it."""
    digest = hashlib.sha256(b"".join((HERE / f"{name}.v").read_bytes() for name in ORDER)).hexdigest()[:16]
    place = cache() / f"coq-{version}-{digest}"
    if (place / "done").is_file():
        return place
    place.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix="coq-", dir=place.parent))
    try:
        for name in ORDER:
            shutil.copyfile(HERE / f"{name}.v", made / f"{name}.v")
            _compile(made, name)
        (made / "done").touch()
        try:
            made.rename(place)
        except OSError:  # another process was first
            if not (place / "done").is_file():
                raise
        return place
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _compile(folder: Path, name: str) -> None:
    command = ["coqc", "-q", "-w", "none", "-R", ".", NAME, f"{name}.v"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        said = " ".join(done.stderr.split())[-300:]
        raise InputError(f"--kernel coq: coqc refuses {name}.v of this package ({said}); it is written for Coq 8.16")


def cache() -> Path:
    """A folder to write in: the user's cache, else a temporary one of this user's."""
    wanted = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "theorycheck"
    try:
        wanted.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=wanted):
            return wanted
    except OSError:
        place = Path(tempfile.gettempdir()) / f"theorycheck-{os.getuid()}"
        place.mkdir(mode=0o700, exist_ok=True)
        if place.stat().st_uid != os.getuid():
            raise InputError(
                f"--kernel coq: {place} belongs to another user; set XDG_CACHE_HOME to a folder of yours"
            ) from None
        return place
