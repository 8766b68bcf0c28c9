"""Probabilities of events about a sum of squares of independent N(0, s) numbers: it is s times chi-squared.

A polynomial f in the entries of random layers with f(x) = g(|x|^2) is found by its coefficients: those of degree 2 k are
c_k times those of |x|^(2 k), which is a sum of even monomials. Where the coefficients are balls, c_k is one that holds all the
quotients, so that f lies between the g of its lower and that of its upper ends, whose probabilities are in the ball that is
found. P[g(S) <= 0] follows from the roots of g, of degree 2 at most.
"""

from __future__ import annotations

from math import comb, factorial, prod

from flint import arb, fmpq

from theorycheck.evaluate import numbers as nb
from theorycheck.evaluate.numbers import Unclear
from theorycheck.evaluate.random_layers import Polynomial, exponents

ZERO, ONE = arb(0), arb(1)


def chance_below(f: Polynomial, variance: arb) -> arb:
    """P[f <= 0], and P[f < 0], which is the same; Unclear for what is no polynomial of degree 2 at most in |x|^2."""
    count, radial = _radial(f)
    g = [c * variance**k for k, c in enumerate(radial)]
    while len(g) > 1 and g[-1] == 0:
        g.pop()
    if len(g) > 3:
        raise Unclear("the probability of an event of degree 3 or more in a sum of squares")
    if len(g) == 1:
        return ZERO if _sign(g[0]) > 0 else ONE
    if len(g) == 2:
        root = -g[0] / g[1]
        return ONE - beyond(count, root) if _sign(g[1]) > 0 else beyond(count, root)
    middle, square = -g[1] / (2 * g[2]), (g[1] * g[1] - 4 * g[0] * g[2]) / (4 * g[2] * g[2])
    inside = ZERO
    if _sign(square) > 0:
        inside = beyond(count, middle - square.sqrt()) - beyond(count, middle + square.sqrt())
    return inside if _sign(g[2]) > 0 else ONE - inside


def beyond(k: int, y: arb) -> arb:
    """P[Y > y] for chi-squared of k degrees of freedom."""
    if not y.is_finite():
        raise Unclear("a bound of a sum of squares that is not known to be finite")
    if y <= 0:
        return ONE
    if not y > 0:
        return beyond(k, y.upper()).union(ONE)
    return (y / 2).gamma_upper(arb(fmpq(k, 2)), regularized=1)


def _sign(x: arb) -> int:
    sign = nb.sign_of(x)
    if not sign:
        raise Unclear("it is not known on which side of 0 a coefficient lies")
    return sign


def _radial(f: Polynomial) -> tuple[int, list[arb]]:
    """How many entries occur, and c_0, c_1, .. with f = c_0 + c_1 |x|^2 + c_2 |x|^4 + .."""
    found: dict[int, list[arb]] = {}
    entries: set[int] = set()
    for monomial, c in f.terms.items():
        powers = exponents(monomial)
        if any(e % 2 for e in powers.values()):
            if nb.sign_of(c) == 0:
                continue
            raise Unclear("the probability of an event that is not about a sum of squares")
        halves = [e // 2 for e in powers.values()]
        entries |= set(powers)
        ways = factorial(sum(halves)) // prod(map(factorial, halves))
        found.setdefault(sum(halves), []).append(nb.to_arb(c) / ways)
    count = len(entries)
    radial = []
    for k in range(max(found, default=0) + 1):
        here = found.get(k, [])
        whole = comb(count + k - 1, k) if k else 1
        radial.append(_union(here if len(here) == whole else [*here, ZERO]))
    return count, radial


def _union(balls: list[arb]) -> arb:
    """A ball that holds all of these, which differ by rounding at most; one that is the same in all of them stays exact."""
    first, *others = balls
    whole = first
    for x in others:
        if not x.overlaps(first):
            raise Unclear("the probability of an event that is not about a sum of squares")
        whole = whole if x.is_exact() and whole.is_exact() and x == whole else whole.union(x)
    return whole
