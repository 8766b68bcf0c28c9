"""A minimizer of the norm is balanced, and motions that keep its matrix keep its norm to first order (lines 1043 to 1056).

Balanced: W_l is replaced by W_l K and W_(l-1) by K^-1 W_(l-1), which keeps the product; K = I is the minimum over positive
definite K. First order: with a matrix G, W_l = (W_L .. W_(l+1))^T G (W_(l-1) .. W_1)^T for all l; `lemma_39_multiplier.py`.
The claims belong to `lemma_39_balanced_minimizer.py`, which enters them.
"""

from proofs.regularization import lemma_39_multiplier as multiplier
from proofs.regularization.balanced_parameters import (
    COGRAM,
    EQUATION_2,
    GRAM,
    G,
    K,
    M,
    minimizers,
    motions,
    moved_layers,
    pair_norm,
    two_layers,
    with_g,
)
from proofs.regularization.minimal_parameters import A_theta, D, L, W, c, l, n
from theorycheck.exact import extremum_rules as least, induction_rules as induction, matrix_rules as products, rules as by
from theorycheck.tree import Defined, Eq, Le, Lt, Node, gradient_of, norm, total, trace, zero
from theorycheck.verdict import Erratum


def perturbation():
    """dW_l = W_l M and dW_(l-1) = -M W_(l-1) keep the matrix to first order (Equation 2)"""
    up = W.chain(L, l + 1) @ (W[l] @ M) @ W.chain(l - 1, 1)
    down = W.chain(L, l) @ (-M @ W[l - 1]) @ W.chain(l - 2, 1)
    goal = yield Eq(up + down, zero(n[L], n[0]))
    yield goal, by.identity()


def balanced():
    """A minimizer is balanced: W_l^T W_l = W_(l-1) W_(l-1)^T"""
    goal = yield Eq(GRAM, COGRAM)
    same = yield Eq((W[l] @ K) @ (K ** (-1) @ W[l - 1]), W[l] @ W[l - 1]), by.identity()
    moved = norm(W[l] @ K) ** 2 + norm(K ** (-1) @ W[l - 1]) ** 2
    least_pair = yield Le(pair_norm, moved), by.given_with([same], "minimizer", Y=W[l] @ K, Z=K ** (-1) @ W[l - 1])
    yield goal, least.stationary_at_identity(least_pair, "K")


def traces_with_m():
    """Tr[W_l^T W_l M] = Tr[W_(l-1) W_(l-1)^T M] at a minimizer"""
    goal = yield Eq(trace(GRAM @ M), trace(COGRAM @ M))
    line = yield Eq(GRAM, COGRAM), by.uses("lemma-39.balanced")
    yield goal, by.identity(line)


def first_order_printed():
    """The perturbed layers, multiplied in the printed order"""
    yield Defined(Node("matmul", tuple(moved_layers), (n[1], n[1])))


def first_order():
    """The derivative of W_L .. W_1 in the layer l: <G, dA> = <W_(L:l+1)^T G W_(l-1:1)^T, dW_l> for every G (Equation 2)"""
    goal = yield Eq(gradient_of(trace(G.T @ A_theta), W[l]), W.chain(L, l + 1).T @ G @ W.chain(l - 1, 1).T)
    yield goal, by.identity()


def stationary():
    """Motions that keep the matrix to first order (Equation 2) keep the norm of a minimizer to first order (Equation 3)"""
    goal = yield Eq(total(l, 1, L, trace(W[l].T @ D[l])), 0)
    moves = yield from induction.throughout([Lt(0, c)], times_g(goal))
    rests = yield from all_zero(goal)
    yield goal, by.either(moves, rests, 0, c)


def times_g(goal):
    """The first layer is not zero: the trace of G^T times Equation 2."""
    g, above, under = multiplier.G, W.chain(L, l + 1), W.chain(l - 1, 1)
    form = yield from multiplier.form()
    one = yield Eq(trace(W[l].T @ D[l]), trace(g.T @ above @ D[l] @ under)), products.multiplied(form, D[l].T)
    summed = yield Eq(goal.nodes[0], trace(g.T @ EQUATION_2)), by.termwise(one, l)
    moving = yield Eq(EQUATION_2, zero(n[L], n[0])), by.given("Equation 2")
    none = yield Eq(trace(g.T @ EQUATION_2), 0), products.multiplied(moving, g.T)
    line = yield goal, by.linear(summed, none)
    return line


def all_zero(goal):
    """The first layer is zero: then all layers are, as all have the same norm."""
    first = yield Eq(0, c), induction.assumed()
    c_is_0 = yield Eq(c, 0), by.linear((first, -1))
    same = yield from multiplier.equal_norms()
    none = yield Eq(norm(W[1]) ** 2, 0), by.identity("decomposition of W_1", c_is_0)
    zero_norm = yield Eq(norm(W[l]) ** 2, 0), by.linear(same, none)
    layer = yield Eq(W[l], zero(n[l], n[l - 1])), products.vanishes(zero_norm)
    one = yield Eq(trace(W[l].T @ D[l]), 0), by.identity(layer)
    line = yield goal, by.termwise(one, l)
    return line


def enter(statement):
    """Add the claims of lines 1045 to 1056 to the statement."""
    order = Erratum(
        "notation",
        "the factors are multiplied from layer 1 to layer L",
        "The product goes from W_L to W_1, as in A = W_L .. W_1; the printed one is not defined for L = 2 and n_0 != n_2.",
        stands=("lemma-39",),
    )

    def add(name, line, body, where, expects="proved", **more):
        statement.claim(name, line=line, where="proof", domain=where, expects=expects, **more)(body)

    add("first-order", 1047, first_order_printed, two_layers, "refuted", erratum=order)
    add("first-order-corrected", 1047, first_order, with_g, corrects="first-order")
    add("stationary", 1049, stationary, motions)
    add("perturbation", 1052, perturbation, minimizers)
    add("traces-with-m", 1054, traces_with_m, minimizers)
    add("balanced", 1056, balanced, minimizers)
