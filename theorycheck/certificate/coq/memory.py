"""What coqc said of a file before, remembered beside the compiled library: the same file is not judged twice.

A file is the same when its text, the version of Coq, and the files of the library that it is written over are the same.
Only what ended is remembered, not that a time limit was reached.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

from theorycheck.certificate.coq.compiler import Compiled
from theorycheck.certificate.coq.library import HERE, ORDER, cache
from theorycheck.present.output import write_whole


def key(text: str, version: str) -> str:
    """The digest of a file's text, of Coq's version, and of the library up to the files that it imports."""
    named = re.findall(r"^From TheoryCheck Require Import ([\w ]+)\.", text, re.M)
    wanted = {name for line in named for name in line.split()} & set(ORDER)
    last = max((ORDER.index(name) for name in wanted), default=len(ORDER) - 1)
    library = (hashlib.sha256((HERE / f"{name}.v").read_bytes()).hexdigest() for name in ORDER[: last + 1])
    return hashlib.sha256("\n".join([version, *library, text]).encode()).hexdigest()


def remembered(digest: str) -> Compiled | None:
    try:
        said = json.loads((_place() / f"{digest}.json").read_text(encoding="utf-8"))
        return Compiled(bool(said["accepted"]), str(said["reason"]), tuple(said["axioms"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def remember(digest: str, found: Compiled) -> None:
    if found.accepted is None:
        return
    _place().mkdir(parents=True, exist_ok=True)
    said = {"accepted": found.accepted, "reason": found.reason, "axioms": list(found.axioms)}
    write_whole(_place() / f"{digest}.json", json.dumps(said) + "\n", "recheck")


def _place() -> Path:
    return cache() / "coq-judged"
