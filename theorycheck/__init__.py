"""theorycheck: pytest for theorems.

`import theorycheck as tc`; then `tc.check("prop-11")` gives a report, `tc.load("prop-11")` a statement. Names are
loaded when first used: importing the package does nothing else and is fast.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fractions import Fraction
    from os import PathLike

    from theorycheck.collect import Selection
    from theorycheck.errors import InputError as InputError
    from theorycheck.statement import Claim as Claim, Statement as Statement
    from theorycheck.tree import Node
    from theorycheck.verdict import (
        ClaimReport as ClaimReport,
        Evidence as Evidence,
        Report as Report,
        StatementReport as StatementReport,
        Verdict as Verdict,
        Witness as Witness,
    )

    Target = str | PathLike[str] | Statement

HOMES = {
    "InputError": "errors",
    "Statement": "statement",
    "Claim": "statement",
    "Verdict": "verdict",
    "Evidence": "verdict",
    "Witness": "verdict",
    "ClaimReport": "verdict",
    "StatementReport": "verdict",
    "Report": "verdict",
}
PARTS = ("collect", "exact", "enclose", "flow", "present", "search", "tree")
__all__ = ["check", "load", *HOMES, *PARTS]


def load(target: Target) -> Statement:
    """The statement that a target names (id, alias, `id.claim`, file), with the claims that the target admits.

    Raises InputError when there is none, or when a file or a folder holds more than one.
    """
    from dataclasses import replace

    from theorycheck.errors import InputError

    found = _select(target)
    if len(found) > 1:
        names = ", ".join(s.statement.id for s in found)
        raise InputError(f"{target}: holds {len(found)} statements; name one of {names}")
    statement = found[0].statement
    return replace(statement, claims=[c for c in statement.claims if c.id in found[0].claims])


def check(
    target: Target | None = None,
    *,
    level: str = "quick",
    set: Mapping[str, str | int | Fraction | Node] | None = None,
    seed: int = 0,
    jobs: int = 1,
) -> Report:
    """Check a target (None: the whole paper); `set` exchanges printed constants, as `--set` does.

    Raises InputError for a target that does not exist, a wrong level, an unknown parameter, a wrong formula.
    """
    from theorycheck.errors import InputError
    from theorycheck.session import examine
    from theorycheck.tree import Node

    if level not in ("quick", "full"):
        raise InputError(f"level {level!r}: write quick or full")
    values = {name: v if isinstance(v, Node) else str(v) for name, v in set.items()} if set else None
    return examine(_select(target), level=level, values=values, seed=seed, jobs=jobs)


def _select(target: Target | None) -> tuple[Selection, ...]:
    from os import fspath

    from theorycheck.collect import resolve, whole
    from theorycheck.statement import Statement

    if isinstance(target, Statement):
        return (whole(target),)
    return resolve([fspath(target)] if target is not None else [])


def __getattr__(name: str) -> Any:
    if name in HOMES:
        return getattr(import_module(f"theorycheck.{HOMES[name]}"), name)
    if name in PARTS:
        return import_module(f"theorycheck.{name}")
    if name == "__version__":
        from importlib.metadata import version

        return version("theorycheck")
    raise AttributeError(f"module 'theorycheck' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
