"""Probabilities over Gaussian layers at an instance, enclosed in balls without sampling; wide where little is known.

With chi_k the length of k independent N(0, 1), for an m x n layer G and a unit vector v:

    s_1(G) <= |G|_F = chi_mn,   s_1(G) >= the length chi_m of every column (they are independent), of every row likewise;
    |W_L .. W_1 v| is a product of independent chi_(n_l), l = 1 .. L, and s_1 of the product is at least that.

Both ends meet for vectors, and nearly for a product of two layers that is one. Events about a sum of squares of entries are in
`radial`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from itertools import pairwise

from flint import arb, fmpq

from theorycheck.evaluate import numbers as nb
from theorycheck.evaluate.numbers import Absent, Num, Unclear
from theorycheck.evaluate.radial import chance_below
from theorycheck.evaluate.random_layers import polynomial, random_layers
from theorycheck.evaluate.values import Env, evaluate
from theorycheck.tree import Node
from theorycheck.tree.node import bound_names, free_names

Bounds = tuple[arb, arb]
ZERO, ONE = arb(0), arb(1)
GRID = 24  # points on either side, 8 to the octave


def probability(t: Node, env: Env) -> Num:
    """A ball that holds P[event]; Unclear for events of another form than those above."""
    if len(t.nodes) != 2 or len(bound_names(t)) != 1:
        raise Unclear("a probability over several families of layers")
    low, high = _event(t.nodes[0], env, next(iter(bound_names(t))), nb.to_arb(nb.sqrt(evaluate(t.nodes[1], env))))
    return low.union(high)


def _event(event: Node, env: Env, name: str, sd: arb) -> Bounds:
    if event.head == "and":
        return _jointly([_event(e, env, name, sd) for e in event.nodes])
    if event.head == "each":
        lo, hi = (int(evaluate(end, env).numer()) for end in event.nodes[:2])
        return _jointly([_event(event.nodes[2], {**env, str(event.args[0]): k}, name, sd) for k in range(lo, hi + 1)])
    if event.head not in {"le", "lt", "ge", "gt"}:
        raise Unclear(f"the probability of an event of the form {event.head}")
    a, b = event.nodes if event.head in {"le", "lt"} else event.nodes[::-1]
    if not any(n.head == "singular" for n in (a, b)):
        return _radial(a, b, env, name, sd)
    if name in free_names(a) and name not in free_names(b):  # a value has no probability, so < is <=
        low, high = _beyond(a, nb.to_arb(evaluate(b, env)), env, sd)
        return ONE - high, ONE - low
    if name in free_names(b) and name not in free_names(a):
        return _beyond(b, nb.to_arb(evaluate(a, env)), env, sd)
    raise Unclear("the probability of an event with random layers on both sides")


def _radial(low: Node, high: Node, env: Env, name: str, sd: arb) -> Bounds:
    """P[low <= high] for polynomials in a sum of squares of all entries that occur."""
    if "n" not in env:
        raise Unclear("the probability of an event about layers whose widths are not given")
    inside = {**env, **random_layers([name], env["n"])}
    try:
        gap = polynomial(evaluate(low, inside)) - polynomial(evaluate(high, inside))
    except (TypeError, AttributeError, ValueError) as e:
        raise Unclear(f"the probability of an event of another form than about a sum of squares ({e})") from e
    found = chance_below(gap, sd * sd)
    return found, found


def _jointly(parts: list[Bounds]) -> Bounds:
    """Bounds for several events at once."""
    low = ONE - sum((ONE - p for p, _ in parts), ZERO)
    return _larger(ZERO, low), reduce(lambda a, b: b if b < a else a, (q for _, q in parts), ONE)


def _beyond(x: Node, bound: arb, env: Env, sd: arb) -> Bounds:
    """P[x > bound]."""
    if x.head != "singular" or x.nodes[0].head != "chain":
        raise Unclear("the probability of an event that is not about a singular value of layers")
    hi, lo, k = (int(evaluate(n, env).numer()) for n in (*x.nodes[0].nodes, x.nodes[1]))
    if hi < lo:
        raise Unclear("the probability of an event about an empty product of layers")
    if not {lo - 1, hi} <= set(env["n"]):
        raise Absent(f"there are no layers {lo} to {hi}")
    widths = [int(env["n"][l]) for l in range(lo - 1, hi + 1)]
    m, n = widths[-1], widths[0]
    if not 1 <= k <= min(m, n):
        raise Absent(f"there is no singular value number {k} of a random matrix")
    y = bound / sd ** (hi - lo + 1)
    if y <= 0:
        return (ONE, ONE) if y < 0 or k == 1 else (ZERO, ONE)
    if hi == lo:
        return _largest(m, n, y) if k == 1 else _smallest(m, n, y) if k == min(m, n) else (ZERO, ONE)
    return _product(widths, y) if k == 1 else (ZERO, ONE)


def beyond(k: int, y: arb) -> arb:
    """P[chi_k > y], with small relative error."""
    return (y * y / 2).gamma_upper(arb(fmpq(k, 2)), regularized=1)


def _largest(m: int, n: int, y: arb) -> Bounds:
    """P[s_1 > y] of an m x n matrix."""
    columns, rows = beyond(m, y), beyond(n, y)
    some = [columns, rows, ONE - (ONE - columns) ** n, ONE - (ONE - rows) ** m]
    return reduce(_larger, some), beyond(m * n, y)


def _larger(a: arb, b: arb) -> arb:
    """b if it certainly is, else a: of two lower bounds each is one, and a wide ball should not spoil a narrow one."""
    return b if b > a else a


def _smallest(m: int, n: int, y: arb) -> Bounds:
    """P[s_min > y]: s_min is at most the length of each of the vectors of the larger size."""
    high = beyond(max(m, n), y) ** min(m, n)
    return (high if min(m, n) == 1 else ZERO), high


def _product(widths: Sequence[int], y: arb) -> Bounds:
    """P[s_1(W_hi .. W_lo) > y]: where every factor exceeds the geometric mean, and only where some factor does."""
    factors = len(widths) - 1
    each = nb.to_arb(nb.power(y, fmpq(1, factors)))
    if factors == 2 and min(widths[0], widths[2]) == 1:
        return _two_lengths(widths[1], max(widths[0], widths[2]), y)
    high = sum((beyond(a * b, each) for a, b in pairwise(widths)), ZERO)
    first, second = (reduce(lambda p, k: p * beyond(k, each), ks, ONE) for ks in (widths[1:], widths[:-1]))
    return _larger(first, second), ONE if high > ONE else high


def _two_lengths(j: int, k: int, y: arb) -> Bounds:
    """P[chi_j chi_k > y], by the values of chi_j between the points of a geometric grid about the root of y."""
    grid = [y.sqrt() * arb(2) ** arb(fmpq(i, 8)) for i in range(-GRID, GRID + 1)]
    above = [beyond(j, x) for x in grid]  # P[chi_j > x]
    other = [beyond(k, y / x) for x in grid]  # P[chi_k > y / x], increasing
    inside = [p - q for p, q in pairwise(above)]
    low = sum((p * q for p, q in zip(inside, other[:-1], strict=True)), ZERO) + above[-1] * other[-1]
    high = sum((p * q for p, q in zip(inside, other[1:], strict=True)), ZERO) + above[-1] + other[0]
    return low, high
