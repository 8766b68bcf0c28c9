"""`theorycheck recheck DIR` between the command line and the checker: files in, results out, what was accepted written down.

Nothing of the search or of the derivations is used here; verdicts come from `checker/` alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from theorycheck.certificate.checker.core import Refused
from theorycheck.certificate.checker.driver import ACCEPTED, Result, certificates, recheck
from theorycheck.errors import InputError
from theorycheck.present.output import reserved
from theorycheck.versions import versions

LOCK = "claims.lock"
PACKAGE = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Rechecked:
    """The results, by claim, and the lock that certificates were compared with."""

    folder: Path
    lock: Path
    results: tuple[Result, ...]


def rechecked(folder: Path, told: Callable[[Result], None] | None = None) -> Rechecked:
    """Verify every certificate of a folder, and write `recheck.json` there; `told` is called with each result.

    Raises InputError for a folder that is none, holds no certificate, or holds a JSON file that is no JSON; for a lock that is
    missing or is none.
    """
    check_files(folder)
    lock = find_lock()
    with reserved(folder / ACCEPTED, "recheck") as put:
        try:
            results = recheck(folder, json.loads(lock.read_text(encoding="utf-8")), told)
        except (OSError, ValueError, Refused) as problem:
            raise InputError(f"{lock}: {problem}") from None
        put(json.dumps(accepted(folder, lock, results), indent=1) + "\n")
    return Rechecked(folder, lock, tuple(results))


def check_files(folder: Path) -> None:
    """InputError unless the folder holds certificates, and each of its JSON files is JSON."""
    if not folder.is_dir():
        raise InputError(f"{folder}: no such folder; name one that `check --certificates DIR` wrote")
    files = certificates(folder)
    if not files:
        raise InputError(f"{folder}: holds no certificate; write some with `theorycheck check --certificates {folder}`")
    for file in files.values():
        try:
            json.loads(file.read_bytes())
        except OSError as problem:
            raise InputError(f"{file}: cannot read it ({problem.strerror}); remove it, or make it readable") from None
        except (ValueError, RecursionError) as problem:
            raise InputError(
                f"{file}: is no JSON ({problem}); write it again with `theorycheck check --certificates`"
            ) from None


def find_lock() -> Path:
    """`claims.lock` where the user stands, else that of the checkout, else the one that was installed."""
    places = [Path.cwd() / LOCK, PACKAGE.parent / LOCK, PACKAGE / LOCK]
    found = next((p for p in places if p.is_file()), None)
    if found is None:
        raise InputError(f"no {LOCK} in {', '.join(str(p.parent) for p in places)}; write it with `python -m theorycheck.lock`")
    return found


def accepted(folder: Path, lock: Path, results: Sequence[Result]) -> dict[str, Any]:
    """What was confirmed, and what was only counted, each with the digest of its certificate's bytes."""
    files = certificates(folder)

    def of(outcome: str) -> dict[str, Any]:
        kept = [r for r in results if r.outcome == outcome]
        return {r.claim: {"verdict": r.verdict, "sha256": _digest(files[r.claim])} for r in kept}

    said = {"recheck": 1, "lock": _digest(lock), "python-flint": versions()["python-flint"]}
    return {**said, "confirmed": of("confirmed"), "counted": of("counted")}


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
