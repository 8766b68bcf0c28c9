"""Probabilities at an instance, enclosed: that |W|_op > b for one layer, or |x y| > b for two entries, and of the opposite."""

from __future__ import annotations

from flint import arb

from ..core import ORDERS, Node, NotCovered, need, sides
from .chance import covariance
from .evaluate import READERS, Env, given, value, whole
from .numbers import ball, divide, known_sign


def _probability(t: Node, env: Env) -> arb:
    """Of |W|_op <= b or its opposite, the law of which has no atoms."""
    if " " in t.args[0]:
        raise NotCovered("a probability over more than one family")
    ((s,),) = covariance(t, env)
    event = t.trees[0]
    small, large = sides(event) if event.head in ORDERS else (event, event)
    norm, bound = (small, large) if small.head == "singular" else (large, small)
    chain = norm.trees[0] if norm.head == "singular" else norm
    if chain.head != "chain" or chain.args[0] != t.args[0] or t.args[0] in bound.free or whole(norm.trees[1], env) != 1:
        raise NotCovered("the probability of another event than that of a bound of a largest singular value")
    b = value(bound, env)
    if known_sign(s) <= 0 or known_sign(b) <= 0:
        raise NotCovered("a variance or a bound that is not positive")
    hi, lo = (whole(x, env) for x in chain.trees)
    rows, cols = (whole(x, env) for x in chain.shape or ())
    found = _one(ball(divide(b * b, s)) / 2, rows, cols) if hi == lo else _two(chain, ball(divide(b, s)), env)
    return found if norm is large else 1 - found


def _one(x: arb, rows: int, cols: int) -> arb:
    """P[|W|_op^2 > 2 x] for N(0, 1) entries: between that of the longest row or column and that of all entries."""
    need(rows >= 1 <= cols, "a layer without entries")
    longest, every = (x.gamma_upper(arb(n) / 2, regularized=1) for n in (max(rows, cols), rows * cols))
    return longest.union(every)


def _two(chain: Node, z: arb, env: Env) -> arb:
    """P[|x y| > z] for x, y ~ N(0, 1) is 2/pi times the integral of K_0 from z on; K_0(t) lies between e^-t (pi/2t)^1/2 and
    that times 1 - 1/8t (DLMF 10.40(iii))."""
    hi, lo = (whole(x, env) for x in chain.trees)
    widths = given(env, (chain.shape or ())[0].args[0]) if all(s.head == "item" for s in chain.shape or ()) else {}
    if hi != lo + 1 or any(widths.get(k) != 1 for k in (lo - 1, lo, hi)) or not z > 1:
        raise NotCovered("the probability of a bound of a product of layers")
    half = arb(1) / 2
    above = z.gamma_upper(half)
    return (above - z.gamma_upper(-half) / 8).union(above) * (2 / arb.pi()).sqrt()


READERS["prob"] = _probability
