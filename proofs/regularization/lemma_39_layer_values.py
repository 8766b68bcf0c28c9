"""Singular value decompositions W_l = U_l S_l V_l^T of the layers of a minimizer (lines 1058 and 1060).

From W_l^T W_l = W_(l-1) W_(l-1)^T: the values of neighbouring layers agree, the frames up to the choice of the decomposition.
With P_l = W_l .. W_1 follows P_l^T P_l = (W_1^T W_1)^l by induction, so that s_i(A) = s_i(W_1)^L.
The claims belong to `lemma_39_balanced_minimizer.py`, which enters them.
"""

from proofs.regularization.balanced_parameters import COGRAM, FIRST_LAYER, GRAM, F, T, V as V_1, numbered
from proofs.regularization.layer_decompositions import BELOW, SQUARE, S, U, V, chosen, decomposed, ordered
from proofs.regularization.lemma_39_multiplier import P, from_below, neighbours, next_layer, powers
from proofs.regularization.minimal_parameters import A_theta, L, W, c, i, k, l, n
from theorycheck.exact import cited, induction_rules as induction, matrix_rules as products, rules as by
from theorycheck.tree import Defined, Eq, Ge, Le, Node, as_node, singular
from theorycheck.verdict import Erratum


def squares_printed():
    """V_l S_l^2 V_l^T is defined"""
    yield Defined(Node("matmul", (V[l], S[l], S[l], V[l].T), (n[l - 1], n[l - 1])))


def squares():
    """V_l S_l^T S_l V_l^T = U_(l-1) S_(l-1) S_(l-1)^T U_(l-1)^T"""
    goal = yield Eq(V[l] @ SQUARE @ V[l].T, U[l - 1] @ BELOW @ U[l - 1].T)
    gram = yield Eq(GRAM, V[l] @ SQUARE @ V[l].T), by.identity("decomposition", "U is orthogonal")
    cogram = yield Eq(COGRAM, U[l - 1] @ BELOW @ U[l - 1].T), by.identity("decomposition", "V is orthogonal")
    line = yield Eq(GRAM, COGRAM), by.uses("lemma-39.balanced")
    yield goal, by.linear(line, (gram, -1), cogram)


def frames_agree():
    """The frames of neighbouring layers agree"""
    yield Eq(V[l], U[l - 1])


def frames_commute():
    """U_(l-1)^T V_l commutes with S_l^T S_l, so that U_(l-1) may take the place of V_l"""
    goal = yield Eq(V[l] @ SQUARE @ V[l].T, U[l - 1] @ SQUARE @ U[l - 1].T)
    line = yield Eq(V[l] @ SQUARE @ V[l].T, U[l - 1] @ BELOW @ U[l - 1].T), by.uses("lemma-39.squares-corrected")
    same = yield Eq(SQUARE, BELOW), by.given("same values in the same order")
    turned = yield Eq(U[l - 1] @ SQUARE @ U[l - 1].T, U[l - 1] @ BELOW @ U[l - 1].T), by.identity(same)
    yield goal, by.linear(line, (turned, -1))


def values_agree():
    """S_l^T S_l = S_(l-1) S_(l-1)^T, where the decompositions are chosen with V_l = U_(l-1)"""
    goal = yield Eq(SQUARE, BELOW)
    line = yield Eq(V[l] @ SQUARE @ V[l].T, U[l - 1] @ BELOW @ U[l - 1].T), by.uses("lemma-39.squares-corrected")
    between = yield (
        Eq(V[l].T @ V[l] @ SQUARE @ V[l].T @ V[l], V[l].T @ U[l - 1] @ BELOW @ U[l - 1].T @ V[l]),
        products.multiplied(line, V[l].T, V[l]),
    )
    yield goal, by.linear(between, using=["V is orthogonal", "V_l = U_(l-1)", "U is orthogonal"])


# --- roots ---------------------------------------------------------------------------------------------------------------
def roots(root):
    """The diagonal terms of S_l are those of S^(1/L), up to null terms: s_i(W_l) = s_i(A)^(1/L)"""
    goal = yield Eq(singular(W[l], i), singular(A_theta, i) ** (root / L))
    layer, power = c * V_1 @ T @ F.T, c**L * V_1 @ T**L @ F.T
    product = yield from gram_of_products()
    whole = yield Eq(A_theta.T @ A_theta, power @ power.T), by.identity(product, "F is a frame")
    first = yield Eq(W[1].T @ W[1], layer @ layer.T), by.identity(*FIRST_LAYER)
    ends = yield from small_enough(0, 1, L)
    of_a = yield Eq(singular(A_theta, i), singular(power, i)), same_values(whole, ends, A_theta, power)
    of_one = yield Eq(singular(W[1], i), singular(layer, i)), same_values(first, ends, W[1], layer)
    sizes = {"a": n[0], "b": n[1], "U": V_1, "V": F, "S": T, "e": L}
    raised = yield Eq(singular(power, i), singular(layer, i) ** L), by.cite(cited.POWERS, *ends, **sizes)
    equal = yield from equal_values()
    yield goal, by.identity(equal, of_one, of_a, raised)


def gram_of_products():
    """P_l^T P_l = (W_1^T W_1)^l for all l, in powers of c and T."""

    def line(place):
        return Eq(P(place).T @ P(place), powers(2 * place))

    below = yield from from_below()
    base = yield line(1), by.identity(*FIRST_LAYER)
    known = yield line(l), induction.assumed()
    one = yield from next_layer(below, l)
    moved = yield Eq(P(l + 1).T @ P(l + 1), P(l).T @ P(l) @ powers(2)), products.multiplied(one, P(l).T)
    here = yield Eq(P(l).T @ P(l) @ powers(2), powers(2 * (l + 1))), by.identity(known, "V is a frame")
    step = yield line(l + 1), by.linear(moved, here)
    found = yield line(l), induction.over(l, base, step)
    return by.generic(found, [Ge(l, 1), Le(l, L)], l)


def small_enough(*places):
    """i <= n_k <= n_j."""
    lines = []
    for place in places:
        rule = by.given("n_k is the smallest width", j=as_node(place))
        least = yield Le(n[k], n[place]), by.under([Le(place, L)], rule) if place == l + 1 else rule
        line = yield Le(i, n[place]), by.linear(least)
        lines.append(line)
    return lines


def same_values(gram, sizes, x, z):
    """s_i(x) = s_i(z), where x^T x = z z^T."""
    binding = dict(zip("abd", (*x.shape, z.shape[1]), strict=True))
    return by.cite(cited.SAME_GRAM, gram, *sizes, X=x, Z=z, **binding)


def equal_values():
    """s_i(W_l) = s_i(W_1), by induction."""

    def line(place):
        return Eq(singular(W[place], i), singular(W[1], i))

    base = yield line(1), by.identity()
    gram = yield from neighbours(l)
    sizes = yield from small_enough(l - 1, l, l + 1)
    next_one = yield Eq(singular(W[l + 1], i), singular(W[l], i)), same_values(gram, sizes, W[l + 1], W[l])
    known = yield line(l), induction.assumed()
    step = yield line(l + 1), by.linear(next_one, known)
    found = yield line(l), induction.over(l, base, step)
    return found


def enter(statement):
    """Add the claims of lines 1058 and 1060 to the statement: as printed, and corrected."""
    shapes = Erratum(
        "notation",
        "S_l has the shape of W_l",
        "S_l^2 is not defined for n_l != n_(l-1); meant are S_l^T S_l on the left and S_(l-1) S_(l-1)^T on the right.",
        stands=("lemma-39",),
    )
    any_choice = Erratum(
        "false",
        "for every singular value decomposition of the layers",
        "V_l = U_(l-1) holds for a suitable choice only: signs, and rotations where values repeat or vanish, are free.",
        stands=("lemma-39",),
    )
    options = {"where": "proof", "expects": "proved"}
    printed = {"where": "proof", "expects": "refuted", "domain": decomposed}
    statement.claim("squares", line=1058, erratum=shapes, **printed)(squares_printed)
    statement.claim("squares-corrected", line=1058, corrects="squares", domain=decomposed, **options)(squares)
    statement.claim("frames-agree", line=1060, erratum=any_choice, **printed)(frames_agree)
    statement.claim("frames-commute", line=1060, corrects="frames-agree", domain=ordered, **options)(frames_commute)
    statement.claim("values-agree", line=1060, domain=chosen, **options)(values_agree)
    statement.claim("roots", line=1060, domain=numbered, root=1, **options)(roots)
