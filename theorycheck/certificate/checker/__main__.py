"""The checker alone: `python -m checker DIR LOCK`, in a copy of this folder or here. One line for each certificate.

It needs Python and python-flint, and no other part of theorycheck. Exit code 0: none was rejected; 1: some were; 2: no lock.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from .core import Refused
from .driver import recheck


def main(folder: str, lock: str) -> int:
    try:
        results = recheck(Path(folder), json.loads(Path(lock).read_text(encoding="utf-8")))
    except (OSError, ValueError, Refused) as problem:
        print(f"{lock}: {problem}", file=sys.stderr)
        return 2
    for r in results:
        print("\t".join((r.claim, r.verdict, r.outcome, r.reason)))
    return int(any(r.outcome == "rejected" for r in results))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit("python -m checker DIR LOCK")
    raise SystemExit(main(*sys.argv[1:]))
