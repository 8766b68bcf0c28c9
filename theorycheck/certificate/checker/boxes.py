"""Claims on a box: a relation between numbers, piece by piece in balls.

The box is that of the lock. Its pieces are walked depth first, as the certificate says: halved along a variable, or done. On a
piece that is done a hypothesis fails at all points, or the claim holds at all of them. On a part with interior all hypotheses
hold.
"""

from __future__ import annotations

from typing import Any

from flint import arb, ctx, fmpq

from .core import Fact, Node, NotCovered, need, sides
from .reading import keys, listed
from .table import rational
from .witness.decide import holds
from .witness.evaluate import value
from .witness.numbers import Dual, NoValue, Unclear, dual, sign

HEADS = {"num", "sym", "add", "neg", "mul", "div", "pow", "sqrt", "exp", "log", "abs", "min", "sum", "prod"}
RELATIONS = {"le", "lt", "ge", "gt", "and"}
Sides = dict[str, tuple[fmpq, fmpq]]


def covered(
    claim: Node, hypotheses: tuple[Fact, ...], flags: dict[str, frozenset[str]], variables: tuple[str, ...], proof: Any
) -> None:
    """Refused unless the claim holds wherever the hypotheses do on the box."""
    keys(proof, {"kind", "ranges", "inside", "bits", "splits"})
    bits, splits = proof["bits"], listed(proof["splits"])
    need(type(bits) is int and 2 <= bits <= 4096, "the number of bits")
    need(not any(h.variables or h.given for h in hypotheses), "a hypothesis about more than numbers")
    need(not flags["symmetric"] | flags["positive"], "a variable that is no number")
    relations = [h.shows for h in hypotheses]
    for t in (claim, *relations):
        _numeric(t)
        need(t.free <= set(variables), "a symbol that is no variable of the domain")
    fixed, box = _box(proof["ranges"], variables, flags["integer"])
    before = ctx.prec
    ctx.prec = bits
    try:
        part = _inside(proof["inside"], box)
        need(all(_certain(h, fixed, part) for h in relations), "the hypotheses are not certain on the part inside")
        _walk(claim, relations, fixed, box, splits)
    finally:
        ctx.prec = before


def _numeric(t: Node) -> None:
    if t.head not in HEADS | RELATIONS or t.shape not in ((), None):
        raise NotCovered(f"{t.head!r} on a box")
    for x in t.trees:
        _numeric(x)


def _box(ranges: Any, variables: tuple[str, ...], whole: frozenset[str]) -> tuple[dict[str, fmpq], Sides]:
    """The values of the integers, and the intervals of all others."""
    ends = _ends(ranges, set(variables))
    for name, side in ends.items():
        need(len(side) == (1 if name in whole else 2), f"{name}: an integer has a value, any other variable an interval")
        need(side[0].denom() == 1 if name in whole else side[0] < side[1], f"the range of {name}")
    return {n: e[0] for n, e in ends.items() if n in whole}, {n: (e[0], e[1]) for n, e in ends.items() if n not in whole}


def _inside(ends: Any, box: Sides) -> Sides:
    """Intervals with interior in those of the box."""
    found = _ends(ends, set(box))
    for name, side in found.items():
        need(len(side) == 2 and box[name][0] <= side[0] < side[1] <= box[name][1], f"{name}: the part is not in the box")
    return {name: (side[0], side[1]) for name, side in found.items()}


def _ends(ranges: Any, names: set[str]) -> dict[str, list[fmpq]]:
    need(isinstance(ranges, dict) and set(ranges) == names, "a box is not about the variables of the domain")
    need(all(isinstance(x, str) for side in ranges.values() for x in listed(side)), "an end of a range is no rational")
    return {name: [rational(x) for x in side] for name, side in ranges.items()}


def _walk(claim: Node, hypotheses: list[Node], fixed: dict[str, fmpq], box: Sides, splits: list[Any]) -> None:
    pending = [box]
    for along in splits:
        need(pending, "more pieces than there are")
        piece = pending.pop()
        if along == "":
            done = _certain(claim, fixed, piece) or any(_certain(h, fixed, piece) is False for h in hypotheses)
            need(done, f"the claim is not certain on {piece}")
            continue
        need(isinstance(along, str) and along in piece, "a piece is halved along no variable")
        lo, hi = piece[along]
        middle = (lo + hi) / 2
        pending += [{**piece, along: (middle, hi)}, {**piece, along: (lo, middle)}]
    need(not pending, "a piece of the box is left out")


def _hull(lo: fmpq, hi: fmpq) -> arb:
    both = arb(lo).union(arb(hi))
    return both.nonnegative_part() if lo >= 0 else both


def _certain(t: Node, fixed: dict[str, fmpq], piece: Sides) -> bool | None:
    """Of an order also by the mean value theorem: the gap at the middle, its slopes on the piece times the way from there."""
    if t.head == "and":
        parts = [_certain(x, fixed, piece) for x in t.trees]
        return False if False in parts else None if None in parts else True
    balls = {name: _hull(*side) for name, side in piece.items()}
    try:
        known = holds(t, {**fixed, **balls})
        if known is not None:
            return known
        middle = {name: (lo + hi) / 2 for name, (lo, hi) in piece.items()}
        gap = _gap(t, {**fixed, **middle})
        for name, x in balls.items():
            gap = gap + dual(_gap(t, {**fixed, **balls, name: Dual(x, fmpq(1))})).slope * (x - middle[name])
    except (NoValue, Unclear):
        return None
    certain = sign(gap)
    return None if certain is None else certain > 0


def _gap(t: Node, env: dict[str, Any]) -> Any:
    low, high = (value(x, env) for x in sides(t))
    return high - low
