"""By how much a relation fails, at many instances at once: the guide of the search for witnesses, never a verdict."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from flint import fmpq
from numpy.typing import NDArray

from theorycheck.evaluate.batch import Array, each, matching, norm, value
from theorycheck.evaluate.judge import judge
from theorycheck.evaluate.numbers import Undefined
from theorycheck.evaluate.stacks import Batch, size_of
from theorycheck.tree import Node

TINY = 1e-8  # sides of this absolute size count as zero


def violation_batch(relation: Node, env: Batch) -> Array:
    """By how much a relation fails at each sample: > 0 violated, <= 0 not, NaN where a side has no value.

    Scaled by the sum of the sizes of the terms of both sides (and TINY), so it lies in [-1, 1] and hardly changes with units.
    An equation's is the size of its gap, which rounding makes about 1e-16 where it holds. Where terms are themselves
    differences that vanish, rounding may look like a violation.
    """
    with np.errstate(all="ignore"):
        found = _violation(relation, env)
    return np.array(np.broadcast_to(np.where(np.isfinite(found), found, np.nan), size_of(env)))


def within(relation: Node, env: Batch, guard: float) -> NDArray[np.bool_]:
    """Where a relation fails by no more than the guard; a strict one must hold by more than it."""
    if relation.head == "and":
        return np.asarray(np.all([within(n, env, guard) for n in relation.nodes], axis=0))
    strict = relation.head in {"lt", "gt", "ne"}
    found = violation_batch(relation, env)
    return np.asarray(found < -guard if strict else found <= guard)


def _violation(relation: Node, env: Batch) -> Any:
    match relation.head:
        case "and":
            return np.max(np.broadcast_arrays(*(_violation(n, env) for n in relation.nodes)), axis=0)
        case "le" | "lt":
            return _gap(relation.nodes[0], relation.nodes[1], env)
        case "ge" | "gt":
            return _gap(relation.nodes[1], relation.nodes[0], env)
        case "eq":
            return abs(_gap(relation.nodes[0], relation.nodes[1], env))
        case "ne":
            return -abs(_gap(relation.nodes[0], relation.nodes[1], env))
        case "member":
            x, centre, radius = (value(n, env) for n in relation.nodes)
            far = norm(x - centre)
            return _scaled(far - radius, far + abs(radius))
        case "psd":
            x = value(relation.nodes[0], env)
            finite = np.isfinite(x).all(axis=(1, 2))
            least = np.linalg.eigvalsh(np.where(finite[:, None, None], x + np.swapaxes(x, 1, 2), 0.0))[:, 0] / 2
            return _scaled(-least, np.where(finite, norm(x), np.nan))
        case "defined":
            return each(lambda e: fmpq(-1 if judge(relation, e).holds else 1), env)
    raise Undefined(f"{relation.head!r} cannot be decided at one instance")


def _scaled(gap: Any, scale: Any) -> Any:
    return gap / (scale + TINY)


def _gap(low: Node, high: Node, env: Batch) -> Any:
    """low - high over the sizes of their terms; of matrices the norm of the gap."""
    total: Any = np.zeros(1)
    scale: Any = np.zeros(1)
    for side, sign in ((low, 1.0), (high, -1.0)):
        for term, own in _terms(side, sign):
            x = value(term, env)
            total = own * x + matching(total, x)
            scale = scale + (norm(x) if x.ndim == 3 else abs(x))
    return _scaled(norm(total) if total.ndim == 3 else total, scale)


def _terms(t: Node, sign: float) -> Iterator[tuple[Node, float]]:
    if t.head == "neg":
        yield from _terms(t.nodes[0], -sign)
    elif t.head == "add":
        for n in t.nodes:
            yield from _terms(n, sign)
    else:
        yield t, sign
