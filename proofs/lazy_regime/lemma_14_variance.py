"""The variance of the NTK at initialization is O(w^((L-2)/L)), with an explicit constant (Lemma 14, paper lines 419, 581).

Theta = sum_l P_l (x) Q_l with P_l = U U^T and Q_l = V^T V, so that |Theta - eta I|^2 = sum_lk <P_l, P_k> <Q_l, Q_k>
- 2 eta sum_l Tr P_l Tr Q_l + eta^2 n_0 n_L. By Cauchy-Schwarz the double sum is at most L sum_l |P_l|^2 |Q_l|^2, whose means
are products of fourth moments.
"""

from proofs.lazy_regime.gaussian_layers import VARIANCE, L, W, mean, n, s
from proofs.lazy_regime.lemma_14_moments import FOUR, HALF, K, k, l, lower_square, upper_bound
from proofs.lazy_regime.random_networks import EQUAL, WIDTHS, w
from theorycheck.domain import Domain, depth, index
from theorycheck.exact import chance_rules as chance, rules as by
from theorycheck.exact.cited import CAUCHY_SCHWARZ
from theorycheck.tree import Le, inner, norm, sym

i = sym("i")
layers_and_pairs = Domain(
    "networks of any depth L >= 2 with hidden widths w, independent N(0, s) parameters, any two layers",
    (depth("L", most=2), *WIDTHS[1:], VARIANCE, index("l", 1, L), index("k", 1, L), index("i", 1, L - 1)),
    (EQUAL,),
)


def U(at):
    return W.chain(L, at + 1)


def V(at):
    return W.chain(at - 1, 1)


def P(at):
    return U(at) @ U(at).T


def Q(at):
    return V(at).T @ V(at)


def overlap(x, y):
    """<P_x, P_y> <Q_x, Q_y>, of which both factors are >= 0."""
    return inner(P(x), P(y)) * inner(Q(x), Q(y))


# --- pairs of layers -------------------------------------------------------------------------------------------------------
def pair(half):
    """Two layers overlap at most as much as each with itself, on the average"""
    goal = yield Le(mean(overlap(l, k)), half * mean(overlap(l, l)) + half * mean(overlap(k, k)))
    sizes_P, sizes_Q = {"a": n[L], "b": n[L]}, {"a": n[0], "b": n[0]}
    p = yield Le(inner(P(l), P(k)), norm(P(l)) * norm(P(k))), by.cite(CAUCHY_SCHWARZ, X=P(l), Z=P(k), **sizes_P)
    q = yield Le(inner(Q(l), Q(k)), norm(Q(l)) * norm(Q(k))), by.cite(CAUCHY_SCHWARZ, X=Q(l), Z=Q(k), **sizes_Q)
    means = [(HALF, norm(P(l)) * norm(Q(l)) - norm(P(k)) * norm(Q(k)))]
    terms = (p, inner(Q(l), Q(k))), (q, norm(P(l)) * norm(P(k)))
    line = Le(overlap(l, k), HALF * overlap(l, l) + HALF * overlap(k, k))
    line = yield line, by.linear(*terms, squares=means)
    average = yield Le(mean(line.shows.nodes[0]), mean(line.shows.nodes[1])), chance.averaged(line)
    yield goal, by.linear(average)


# --- one layer -------------------------------------------------------------------------------------------------------------
def alpha():
    return HALF * FOUR ** (L - 1) * K()


def beta():
    return HALF * FOUR ** (L - 1) * n[L] * (n[L] + 3)


def excess():
    """What a layer adds to the leading order n_0 n_L, times w."""
    return n[0] * beta() + n[L] * alpha() + alpha() * beta()


def single(at, one=1):
    return Le(mean(overlap(at, at)), (s * w) ** (2 * (L - 1)) * (n[0] * n[L] + one * excess() / w))


def layer(one):
    """E|P_i|^2 |Q_i|^2 for a layer below the last one"""
    goal = yield single(i, one)
    upper = yield upper_bound(i), by.uses("lemma-14.above", l=i, k=i)
    lower = yield lower_square(i - 1), by.uses("lemma-14.below", h=i - 1)
    common = (s * w) ** (2 * (L - 1)) / w
    first = yield Le(FOUR ** (i - 1), FOUR ** (L - 1)), by.sign()
    second = yield Le(FOUR ** (L - i), FOUR ** (L - 1)), by.sign()
    both = yield Le(FOUR ** (L - 1) / w, FOUR ** (2 * (L - 1))), by.sign()
    sizes = n[L] * (n[L] + 3)
    orders = (first, HALF * n[L] * K() * common), (second, HALF * n[0] * sizes * common), (both, HALF**2 * K() * sizes * common)
    factors = (upper, mean(inner(Q(i), Q(i)))), (lower, upper.shows.nodes[1])
    yield goal, by.linear(*factors, *orders)


def last_layer(one):
    """E|P_L|^2 |Q_L|^2: nothing above"""
    goal = yield single(L, one)
    lower = yield lower_square(L - 1), by.uses("lemma-14.below", h=L - 1)
    yield goal, by.linear((lower, n[L]))
