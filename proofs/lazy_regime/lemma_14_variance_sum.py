"""Lemma 14: from two layers to the whole NTK; the constant c = L^2 (n_0 beta + n_L alpha + alpha beta) (paper, line 419)."""

from proofs.lazy_regime.gaussian_layers import L, W, j, mean, n, s
from proofs.lazy_regime.kernel import X, Y, kernel
from proofs.lazy_regime.lemma_14_moments import HALF, k, l
from proofs.lazy_regime.lemma_14_variance import U, V, excess, i, overlap, single
from proofs.lazy_regime.random_networks import HIDDEN, NORMALIZED, sigma, w
from theorycheck.exact import rules as by
from theorycheck.tree import Eq, Le, inner, num, product, total


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


def variance(one):
    """E|Theta - E Theta|^2 for any variance s of the parameters"""
    eta, scale = L * (s * w) ** (L - 1), (s * w) ** (2 * (L - 1))
    goal = yield Le(mean(deviation(eta)), scale * L**2 * excess() / (one * w))
    half = HALF * mean(overlap(l, l)) + HALF * mean(overlap(k, k))
    pair = yield Le(mean(overlap(l, k)), half), by.uses("lemma-14.pair")
    row = yield Le(total(k, 1, L, mean(overlap(l, k))), total(k, 1, L, half)), by.termwise(pair, k)
    inside = [total(k, 1, L, x) for x in (mean(overlap(l, k)), half)]
    squares = yield Le(*(total(l, 1, L, x) for x in inside)), by.termwise(row, l)
    layer = yield single(i), by.uses("lemma-14.layer")
    last = yield single(L), by.uses("lemma-14.last-layer")
    first = yield Le(*(total(i, 1, L - 1, x) for x in layer.shows.nodes)), by.termwise(layer, i)
    split = yield split_off(lambda at: overlap(at, at)), by.last_one()
    means = yield Eq(mean(total(l, 1, L, traces(l))), L * (s * w) ** (L - 1) * n[0] * n[L]), by.uses("lemma-14.trace")
    yield goal, by.linear(squares, (split, L), (first, L), (last, L), (means, -2 * eta))


FIRST = {"l": num(1), "k": num(1), "i": num(1)}


def normalized(two):
    """E|Theta - E Theta|^2 <= c sigma^(4 (L - 1)/L) w^((L - 2)/L) with an explicit c"""
    eta = L * sigma ** (2 * (L - 1) / L) * w ** ((L - 1) / L)
    goal = yield Le(mean(deviation(eta), NORMALIZED), constant() * sigma ** (4 * (L - 1) / L) * w ** ((L - two) / L))
    found = yield (
        Le(mean(deviation(eta), NORMALIZED), bound(NORMALIZED)),
        by.uses("lemma-14.variance-any", s=NORMALIZED, **FIRST),
    )
    yield goal, by.linear(found)


def constant():
    """The constant c."""
    return L**2 * excess()


def bound(variance):
    return (variance * w) ** (2 * (L - 1)) * L**2 * excess() / (num(1) * w)


def mean_of_ntk(two):
    """E[Theta] = L sigma^(2 (L - 1)/L) w^((L - 1)/L) I"""
    goal = yield Eq(mean(kernel(), NORMALIZED), L * sigma ** (two * (L - 1) / L) * w ** ((L - 1) / L) * inner(X, Y))
    yield goal, by.uses("ntk-mean.mean")
