"""The symbols that the lines of a derivation vary: indices of inductions and sums, times, variables of a hypothesis."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from theorycheck.certificate.coq.trees import Tree

VARIED = {"over": "h", "induction": "index", "termwise": "i", "member": "i", "ends": "index", "telescope": "factor"}
IN_TIME = {"homogeneous_rules.unique_flow", "flow_rules.gronwall"}


def varied(trees: list[Tree], rule: str, args: dict[str, Any]) -> Iterator[str]:
    """Names that a line varies, those of a rule inside it too."""
    key = VARIED.get(rule.partition(".")[2])
    if key:
        match args.get(key):
            case ["tree", int(k)]:
                yield str(trees[k].args[0])
    if rule in IN_TIME:
        yield "t"
    for value in args.values():
        match value:
            case ["rule", {"rule": inner, "args": more}]:
                yield from varied(trees, inner, more)
    yield from _instantiated(args)


def _instantiated(x: Any) -> Iterator[str]:
    """The variables of lines that are used for other values."""
    match x:
        case ["generic", {"variables": names}]:
            yield from names
        case dict() | list():
            for v in x.values() if isinstance(x, dict) else x:
                yield from _instantiated(v)
