"""Whether a proposition holds at an instance: True or False where that is certain, else None."""

from __future__ import annotations

from typing import Any

from flint import arb, fmpq

from ..core import Node, NotCovered, sides
from .evaluate import Env, value
from .matrices import difference, entries, inner, semidefinite
from .numbers import NoValue, sign


def holds(t: Node, env: Env) -> bool | None:
    """As it stands; NoValue where a side certainly has no value."""
    if t.head == "and":
        parts = [holds(x, env) for x in t.trees]
        return False if False in parts else None if None in parts else True
    if t.head == "defined":
        try:
            value(t.trees[0], env)
        except NoValue:
            return False
        return True
    if t.head == "eq":
        return _zero(difference(*(value(x, env) for x in t.trees)))
    if t.head in {"le", "lt", "ge", "gt"}:
        low, high = (value(x, env) for x in sides(t))
        return _ordered(high - low, t.head in {"lt", "gt"})
    if t.head == "member":
        x, centre, radius = (value(x, env) for x in t.trees)
        gap = difference(x, centre)
        within = _ordered(radius * radius - inner(gap, gap), False)
        outside = sign(radius)
        return False if outside == -1 else within if outside is not None else None
    if t.head == "psd":
        return semidefinite(value(t.trees[0], env))
    raise NotCovered(f"{t.head!r} is not decided at an instance")


def _ordered(gap: Any, strict: bool) -> bool | None:
    found = sign(gap)
    return None if found is None else found > 0 or (found == 0 and not strict)


def _zero(gap: Any) -> bool | None:
    signs = [sign(x) for x in entries(gap)]
    if any(s in {1, -1} for s in signs):
        return False
    return True if all(s == 0 for s in signs) else None


def close(a: Any, b: Any) -> bool:
    """Whether two values may be the same number or matrix."""
    gap = entries(difference(a, b))
    return all(x == 0 if isinstance(x, fmpq) else isinstance(x, arb) and x.contains(0) for x in gap)
