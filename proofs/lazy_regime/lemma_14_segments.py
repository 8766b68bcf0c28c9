"""Fourth moments of the products above and between layers, to first order in 1/w (for Lemma 14, lines 419 and 581).

The product above a layer starts with w inputs and ends with n_L outputs; that between two layers has w of both.
"""

from proofs.lazy_regime.gaussian_layers import L, W, mean, n, s
from proofs.lazy_regime.lemma_14_moments import HALF, THREE, k, l, m, quartic, sharp, trace_of_square
from proofs.lazy_regime.random_networks import HIDDEN, w
from theorycheck.exact import induction_rules as induction, rules as by
from theorycheck.exact.matrix_rules import scaled
from theorycheck.tree import Ge, Le, num


def segment(at):
    return W.chain(at, l + 1)


def scale(at):
    return (s * w) ** (2 * (at - l))


def segment_sum(at):
    C = segment(at)
    return Le(mean(quartic(C) + 2 * trace_of_square(C)), scale(at) * (w**2 + (THREE ** (at - l + 1) - 1) * w))


def segment_square(at):
    return Le(mean(trace_of_square(segment(at))), scale(at) * THREE ** (at - l) * w)


def segment_quartic(at, one=1):
    return Le(mean(quartic(segment(at))), scale(at) * (w**2 + THREE ** (at - l) - one))


def wider(factor):
    """factor <= factor w, for a factor >= 0."""
    some = yield Ge(factor, 0), by.sign()
    one = yield Le(1, w), by.sign()
    return (yield Le(factor, factor * w), scaled(one, some))


def inductive(line, *terms):
    """A line about W_k .. W_(l+1) for all l <= k <= L - 1, by induction on k."""
    base = yield line(l), by.linear(using=[HIDDEN])
    known = yield line(k), induction.assumed()
    first, *rest = terms
    rule = by.linear((known, first), *rest, using=[HIDDEN])
    step = yield line(k + 1), by.under([Le(k + 1, L - 1)], rule)
    return (yield line(k), induction.over(k, base, step))


def segments():
    """The three lines about W_k .. W_(l+1)."""
    common = scale(k) * s**2 * w**2
    wide = yield from wider(common * (THREE ** (k - l + 1) - 1))
    sums = yield from inductive(segment_sum, s**2 * w * (w + 2), (wide, 2))
    wide = yield from wider(common * (2 * THREE ** (k - l) - 1))
    squares = yield from inductive(segment_square, s**2 * (w**2 - w), (sums, s**2 * w), wide)
    return sums, squares


def between(one):
    """E|C|^4 for C = W_k .. W_(l+1) between two layers"""
    goal = yield segment_quartic(k, one)
    _, squares = yield from segments()
    found = yield from inductive(segment_quartic, s**2 * w**2, (squares, 2 * s**2 * w))
    yield goal, by.linear(found)


def upper_bound(layers, half=HALF):
    """E|U U^T|^2 for the last layers."""
    return Le(mean(trace_of_square(W.chain(L, L - layers + 1))), (s * w) ** (2 * layers) * sharp(n[L], layers, half))


def upper(half):
    """E|U U^T|^2 for U = W_L .. W_(l+1), l < L"""
    goal = yield upper_bound(L - l, half)
    sums, squares = yield from segments()
    at_top = [by.generic(line, [Ge(k, l), Le(k, L - 1)], k) for line in (sums, squares)]
    sums = yield segment_sum(L - 1), by.cite(at_top[0], k=L - 1)
    squares = yield segment_square(L - 1), by.cite(at_top[1], k=L - 1)
    some = yield Ge(scale(L - 1) * s**2 * w * n[L] * (THREE ** (L - 1 - l) - 1), 0), by.sign()
    ends = yield Le(1, n[L]), by.sign()
    more = yield Le(some.shows.nodes[0], some.shows.nodes[0] * n[L]), scaled(ends, some)
    terms = (sums, s**2 * n[L]), (squares, s**2 * n[L] * (n[L] - 1)), (more, HALF)
    yield goal, by.linear(*terms, using=[HIDDEN])


def upper_any(half):
    """The same for the last m layers, and for none of them"""
    goal = yield upper_bound(m, half)
    base = yield upper_bound(num(0)), by.linear()
    here = by.uses("lemma-14.above", l=L - m - 1, k=L - m - 1)
    step = yield upper_bound(m + 1), by.under([Le(m + 1, L - 1)], here)
    found = yield upper_bound(m), induction.over(m, base, step)
    yield goal, by.linear(found)
