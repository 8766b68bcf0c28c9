"""Are the directions of line 664 all escape directions of H = Tr[G^T A]? (paper, lines 664 to 668). For L >= 3 they are not.

Several modes may move together. Escape directions of nonzero speed are balanced, and of the printed form, with the printed
speed, as soon as one layer has rank one.
"""

from proofs.saddle_to_saddle import network_directions as net, network_lines as lines
from proofs.saddle_to_saddle.network_directions import L, W, l
from theorycheck.exact import homogeneous_rules as hom, rules as by
from theorycheck.models.linear_form import three_modes
from theorycheck.tree import All, Eq, Le, norm, product, sqrt
from theorycheck.verdict import Erratum

RANK_ONE_ONLY = Erratum(
    "false",
    "the directions of nonzero speed (line 676 itself names those of speed 0)",
    "for L >= 3 the list lacks the directions with several modes: W_l = diag(1, 5, 7)/15 for L = 3, G = diag(1, 1/5, 1/7)",
    falls=("line 668 with Lemma 24 as printed, which looks at the rank-one directions only",),
    stands=("the optimal speed (`optimal-speed`) and the directions listed (`speed`); `modes` has all of nonzero speed",),
)


def form_printed(power):
    """Every escape direction has the form of line 664: all layers have rank one, |W_l|^2 = |W_l^T W_l|"""
    yield Eq((norm(W[l]) ** 2) ** power, norm(W[l].T @ W[l]) ** 2)


def speeds_printed(power):
    """Every speed is +-s_i / L^((L-2)/2) for some i"""
    yield Eq(product(net.i, 1, net.r, net.speed**2 - net.s[net.i] ** 2 / L ** (L - power)), 0)


def balanced():
    """Escape directions of nonzero speed are balanced: W_(l+1)^T W_(l+1) = W_l W_l^T for l < L"""
    goal = yield Eq(W[l + 1].T @ W[l + 1], W[l] @ W[l].T)
    line = yield from lines.balanced()
    yield goal, hom.known(line, Le(l + 1, L))


def form():
    """An escape direction of nonzero speed with a layer of rank one has the form of line 664: W_l = w_l w_(l-1)^T / sqrt(L)"""
    goal = yield All(Eq(W[l], 1 / sqrt(L) * net.w[l] @ net.w[l - 1].T), Eq(norm(net.w[l]) ** 2, 1))
    square, (layer, unit, _) = yield from lines.rank_one_everywhere()
    first = yield goal.nodes[0], by.identity(layer, square)
    second = yield goal.nodes[1], by.identity(unit)
    yield goal, by.both(first, second)


def form_speed(power):
    """The ends of such a direction are singular vectors of G, with singular value |speed| L^((L-2)/2)"""
    value = net.speed * L ** ((L - power) / 2)
    goal = yield All(Eq(net.G.T @ net.w[L], value * net.w[0]), Eq(net.G @ net.w[0], value * net.w[L]))
    square, low, high, known = yield from lines.singular_vectors()
    first = yield from divided(goal.nodes[0], low, square, known)
    second = yield from divided(goal.nodes[1], high, square, known)
    yield goal, by.both(first, second)


def divided(goal, pair, square, known):
    """From M (A x) = speed c^2 y and A x = c^L z to M z = speed c^(2-L) y, with c^2 = 1/L."""
    image, product = pair
    line = yield Eq(goal.nodes[0], net.speed * net.c ** (2 - L) * goal.nodes[1].nodes[-1]), by.linear(
        (product, net.c ** (-L)), using=[image, *known]
    )
    return (yield goal, by.linear(line, using=[square]))


def enter(statement):
    """Add the claims of lines 664 and 666 about all directions of nonzero speed: as printed, and corrected."""
    wrong = {"expects": "refuted", "erratum": RANK_ONE_ONLY, "domain": net.moving, "near": three_modes}
    right = {"expects": "proved", "domain": net.rank_one_layer}
    statement.claim("form-printed", line=664, power=2, **wrong)(form_printed)
    statement.claim("speeds-printed", line=666, power=2, **wrong)(speeds_printed)
    statement.claim("balanced", line=664, expects="proved", domain=net.inner_layer)(balanced)
    statement.claim("form", line=664, main=True, corrects="form-printed", **right)(form)
    statement.claim("form-speed", line=666, corrects="speeds-printed", power=2, **right)(form_speed)
