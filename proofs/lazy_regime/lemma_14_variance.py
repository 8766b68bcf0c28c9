"""The variance of the NTK at initialization is O(w^((L-2)/L)), with an explicit constant (Lemma 14, paper lines 419, 581).

With the words of `lemma_14_overlaps`: for l < k the layers k and l, integrated out, leave
E<P_l, P_k> <Q_l, Q_k> = s^2 E|P_k|^2 E|Q_l|^2 E|B|^4 with the layers B between them.
"""

from proofs.lazy_regime.gaussian_layers import L, mean, n, s
from proofs.lazy_regime.lemma_14_moments import HALF, THREE, k, l, lower_square, quartic
from proofs.lazy_regime.lemma_14_overlaps import B, P, Q, double, halved, i, order, overlap, single
from proofs.lazy_regime.lemma_14_segments import segment_quartic, upper_bound
from proofs.lazy_regime.random_networks import w
from theorycheck.exact import rules as by
from theorycheck.exact.matrix_rules import scaled
from theorycheck.tree import Eq, Le, inner, total


def times(one, other):
    """0 <= x y from 0 <= x and 0 <= y."""
    x, y = one.shows.nodes[1], other.shows.nodes[1]
    return (yield Le(0 * y, x * y), scaled(one, other))


def bounds(at, to):
    """What lemma-14.last and .below say of the parts above `to` and below `at`, and 0 <= their bounds."""
    upper = yield upper_bound(L - to), by.uses("lemma-14.last", m=L - to)
    lower = yield lower_square(at - 1), by.uses("lemma-14.below", h=at - 1)
    high = yield Le(0, upper.shows.nodes[1]), by.linear(upper)
    low = yield Le(0, lower.shows.nodes[1]), by.linear(lower)
    return upper, lower, high, low


def wider(power, *parts):
    """x / w^power <= x / w for the product x of some parts >= 0."""
    x = parts[0]
    for part in parts[1:]:
        x = yield from times(x, part)
    one = yield Le(w**-power, w**-1), by.sign()
    x_, unit = x.shows.nodes[1], order()
    some = yield Le(0 * unit, x_ * unit), by.linear((x, unit))
    return (yield Le(w**-power * x_ * unit, w**-1 * x_ * unit), scaled(one, some))


def nonnegative(at, to):
    """0 <= the parts of first order above `to` and below `at`."""
    found = []
    for layers, ends in ((L - to, n[L]), (at - 1, n[0])):
        power = yield Le(0, THREE**layers - 1), by.sign()
        found.append((yield Le(0, halved(layers) * ends * (ends + 1)), by.linear((power, HALF * ends * (ends + 1)))))
    return found


def layer(one):
    """E|P_i|^2 |Q_i|^2 for any layer"""
    goal = yield single(i, one)
    upper, lower, high, _ = yield from bounds(i, i)
    both = [side * upper.shows.nodes[1] for side in lower.shows.nodes]
    both = yield Le(*both), scaled(lower, high)
    up, down = yield from nonnegative(i, i)
    second = yield from wider(2, up, down)
    yield goal, by.linear((upper, mean(inner(Q(i), Q(i)))), both, second)


def pair(two):
    """Two layers overlap as much as three independent parts say: those above k, below l, and between"""
    goal = yield Eq(mean(overlap(l, k)), s**two * mean(inner(P(k), P(k))) * mean(inner(Q(l), Q(l))) * mean(quartic(B)))
    yield goal, by.identity()


def two_apart(one):
    """E<P_l, P_k> <Q_l, Q_k> for l < k"""
    goal = yield double(l, k, one)
    parts = [mean(inner(P(k), P(k))), mean(inner(Q(l), Q(l))), mean(quartic(B))]
    exact = yield Eq(mean(overlap(l, k)), s**2 * parts[0] * parts[1] * parts[2]), by.uses("lemma-14.pair")
    upper, lower, high, low = yield from bounds(l, k)
    middle = yield segment_quartic(k - 1), by.uses("lemma-14.between", k=k - 1)
    high_ = yield Le(0, upper.shows.nodes[1] * parts[2]), by.linear((upper, parts[2]))
    second = yield Le(*(side * high_.shows.nodes[1] for side in lower.shows.nodes)), scaled(lower, high_)
    ends = yield from times(high, low)
    third = yield Le(*(side * ends.shows.nodes[1] for side in middle.shows.nodes)), scaled(middle, ends)
    up, down = yield from nonnegative(l, k)
    gap = yield Le(0, THREE ** (k - l - 1) - 1), by.sign()
    n_L = yield Le(0, n[L]), by.sign()
    n_0 = yield Le(0, n[0]), by.sign()
    rest = []
    products = (2, up, down), (2, gap, n_L, n_0), (3, gap, up, n_0), (3, gap, n_L, down), (4, gap, up, down)
    for power, *factors in products:
        line = yield from wider(power, *factors)
        rest.append(line)
    yield goal, by.linear((exact, -1), (upper, s**2 * parts[1] * parts[2]), (second, s**2), (third, s**2), *rest)


def row(one):
    """All layers below a layer k"""
    f, bound = double(l, k, one).nodes
    goal = yield Le(total(l, 1, k - 1, f), total(l, 1, k - 1, bound))
    line = yield double(l, k), by.uses("lemma-14.two-apart")
    yield goal, by.termwise(line, l)
