"""How the NTK at initialization overlaps with itself, layer by layer (for Lemma 14, lines 419 and 581): words and domains.

Theta = sum_l P_l (x) Q_l with P_l = U U^T and Q_l = V^T V, so that |Theta - eta I|^2 = sum_lk <P_l, P_k> <Q_l, Q_k>
- 2 eta sum_l Tr P_l Tr Q_l + eta^2 n_0 n_L.
"""

from proofs.lazy_regime.gaussian_layers import VARIANCE, L, W, mean, n, s
from proofs.lazy_regime.lemma_14_moments import HALF, THREE, k, l
from proofs.lazy_regime.random_networks import AT_LEAST_ONE, EQUAL, WIDTHS, w
from theorycheck.domain import Domain, depth, index
from theorycheck.tree import Le, inner, sym

i = sym("i")
SHALLOW = (depth("L", most=2), *WIDTHS[1:], VARIANCE)
any_layer = Domain(
    "networks of any depth L >= 2 with hidden widths w, independent N(0, s) parameters, any layer",
    (*SHALLOW, index("i", 1, L)),
    (EQUAL, *AT_LEAST_ONE),
)
two_layers = Domain(
    "networks of any depth L >= 2 with hidden widths w, independent N(0, s) parameters, two layers l < k",
    (*SHALLOW, index("k", 2, L), index("l", 1, k - 1)),
    (EQUAL, *AT_LEAST_ONE),
)


def U(at):
    return W.chain(L, at + 1)


def V(at):
    return W.chain(at - 1, 1)


def P(at):
    return U(at) @ U(at).T


def Q(at):
    return V(at).T @ V(at)


B = W.chain(k - 1, l + 1)


def overlap(x, y):
    """<P_x, P_y> <Q_x, Q_y>, of which both factors are >= 0."""
    return inner(P(x), P(y)) * inner(Q(x), Q(y))


def halved(layers):
    """(3^layers - 1) / 2."""
    return HALF * (THREE**layers - 1)


def first_order(at, to):
    """What the parts above `to` and below `at` add to n_0 n_L, times w."""
    up, down = halved(L - to) * n[L] * (n[L] + 1), halved(at - 1) * n[0] * (n[0] + 1)
    return n[0] * up + n[L] * down + up * down


def between_order(at, to):
    """What the layers between two add to it."""
    up, down = halved(L - to) * n[L] * (n[L] + 1), halved(at - 1) * n[0] * (n[0] + 1)
    return (THREE ** (to - at - 1) - 1) * (n[L] + up) * (n[0] + down)


def order():
    return (s * w) ** (2 * (L - 1))


def single(at, one=1):
    return Le(mean(overlap(at, at)), order() * (n[0] * n[L] + one * first_order(at, at) / w))


def double(at, to, one=1):
    more = first_order(at, to) + between_order(at, to)
    return Le(mean(overlap(at, to)), order() * (n[0] * n[L] + one * more / w))
