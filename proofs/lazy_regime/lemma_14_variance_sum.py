"""Lemma 14: from two layers to the whole NTK (paper, line 419).

The constant c is the sum of what the layers, and twice what the pairs of layers, add to n_0 n_L in the first order of 1/w. The
bound is an equality for L = 2, where c = n_0 n_L (n_0 + n_L + 2), and for all depths where n_0 = n_L = w = 1.
"""

from proofs.lazy_regime.gaussian_layers import L, W, j, mean, n, s
from proofs.lazy_regime.kernel import X, Y, kernel
from proofs.lazy_regime.lemma_14_moments import k, l
from proofs.lazy_regime.lemma_14_overlaps import SHALLOW, U, V, between_order, double, first_order, i, order, overlap, single
from proofs.lazy_regime.random_networks import AT_LEAST_ONE, EQUAL, HIDDEN, NORMALIZED, sigma, w
from theorycheck.domain import Domain, index
from theorycheck.exact import rules as by, sum_rules as sums
from theorycheck.tree import Eq, Le, inner, num, product, total

any_layers = Domain(
    "networks of any depth L >= 2 with hidden widths w, independent N(0, s) parameters",
    (*SHALLOW, index("i", 1, L), index("k", 2, L)),
    (EQUAL, *AT_LEAST_ONE),
)
hidden_layer = Domain(
    "networks of any depth L >= 2 with hidden widths w, independent N(0, s) parameters, a layer below the last one",
    (*SHALLOW, index("i", 1, L - 1)),
    (EQUAL, *AT_LEAST_ONE),
)


def traces(at):
    """Tr P Tr Q of a layer."""
    return inner(U(at), U(at)) * inner(V(at), V(at))


def deviation(eta):
    """|Theta - eta I|^2, the squared Frobenius norm, for Theta = sum_l P_l (x) Q_l."""
    squares = total(l, 1, L, total(k, 1, L, overlap(l, k)))
    return squares - 2 * eta * total(l, 1, L, traces(l)) + eta**2 * n[0] * n[L]


def trace(one):
    """The trace of the NTK has the mean L (s w)^(L - 1) n_0 n_L"""
    value = (s * w) ** (L - 1) * n[0] * n[L]
    goal = yield Eq(mean(total(l, 1, L, traces(l))), L * (s * w) ** (L - one) * n[0] * n[L])
    upper, lower = W.chain(L - 1, i + 1), W.chain(i - 1, 1)
    above = Eq(mean(inner(upper, upper)), s ** (L - 1 - i) * product(j, i + 1, L - 1, n[j]) * n[i])
    above = yield above, by.uses("layer-moments.mass", m=i, h=L - 1)
    below = yield from mass_below(lower, i - 1)
    widths = yield Eq(product(j, i + 1, L - 1, n[j]), w ** (L - 1 - i)), by.uses("layer-moments.widths", m=i, h=L - 1)
    here = yield Eq(mean(traces(i)), value), by.identity(above, *below, widths, HIDDEN)
    mass, widths = yield from mass_below(W.chain(L - 1, 1), L - 1)
    last = yield Eq(mean(traces(L)), value), by.linear((mass, n[L]), (widths, s ** (L - 1) * n[0] * n[L]))
    first = yield Eq(total(i, 1, L - 1, mean(traces(i))), total(i, 1, L - 1, value)), by.termwise(here, i)
    split = yield split_off(traces), by.last_one()
    yield goal, by.linear(split, first, last)


def mass_below(C, at, variance=s):
    line = Eq(mean(inner(C, C), variance), variance**at * product(j, 1, at, n[j]) * n[0])
    line = yield line, by.uses("layer-moments.mass", m=num(0), h=at, s=variance)
    widths = yield Eq(product(j, 1, at, n[j]), w**at), by.uses("layer-moments.widths", m=num(0), h=at)
    return line, widths


def split_off(f):
    """The sum over the layers, the last one apart."""
    return Eq(total(i, 1, L, mean(f(i))), total(i, 1, L - 1, mean(f(i))) + mean(f(L)))


def triangle(f):
    """The sum over all pairs of layers: the diagonal, and twice what is above it."""
    both = total(l, 1, L, total(k, 1, L, f(l, k)))
    return Eq(both, total(l, 1, L, f(l, l)) + 2 * total(k, 2, L, total(l, 1, k - 1, f(l, k))))


def variance(one):
    """E|Theta - E Theta|^2 for any variance s of the parameters"""
    eta = L * (s * w) ** (L - 1)
    goal = yield Le(mean(deviation(eta)), order() * constant() / (one * w))
    squares = yield triangle(lambda x, y: mean(overlap(x, y))), sums.triangle()
    pairs = yield triangle(lambda *_: num(1)), sums.triangle()
    layer = yield single(i), by.uses("lemma-14.layer")
    layers_ = yield Le(*(total(i, 1, L, x) for x in layer.shows.nodes)), by.termwise(layer, i)
    row = yield Le(*(total(l, 1, k - 1, x) for x in double(l, k).nodes)), by.uses("lemma-14.row", l=num(1))
    rows = yield Le(*(total(k, 2, L, x) for x in row.shows.nodes)), by.termwise(row, k)
    means = yield Eq(mean(total(l, 1, L, traces(l))), L * (s * w) ** (L - 1) * n[0] * n[L]), by.uses("lemma-14.trace", i=num(1))
    yield goal, by.linear(squares, layers_, (rows, 2), (pairs, -order() * n[0] * n[L]), (means, -2 * eta))


def constant():
    """The constant c."""
    pairs = total(k, 2, L, total(l, 1, k - 1, first_order(l, k) + between_order(l, k)))
    return total(i, 1, L, first_order(i, i)) + 2 * pairs


def normalized(two):
    """E|Theta - E Theta|^2 <= c sigma^(4 (L - 1)/L) w^((L - 2)/L) with an explicit c"""
    eta = L * sigma ** (2 * (L - 1) / L) * w ** ((L - 1) / L)
    goal = yield Le(mean(deviation(eta), NORMALIZED), constant() * sigma ** (4 * (L - 1) / L) * w ** ((L - two) / L))
    found = Le(mean(deviation(eta), NORMALIZED), (NORMALIZED * w) ** (2 * (L - 1)) * constant() / (num(1) * w))
    found = yield found, by.uses("lemma-14.variance-any", s=NORMALIZED, i=num(1), k=num(2))
    yield goal, by.linear(found)


def mean_of_ntk(two):
    """E[Theta] = L sigma^(2 (L - 1)/L) w^((L - 1)/L) I"""
    goal = yield Eq(mean(kernel(), NORMALIZED), L * sigma ** (two * (L - 1) / L) * w ** ((L - 1) / L) * inner(X, Y))
    yield goal, by.uses("ntk-mean.mean")
