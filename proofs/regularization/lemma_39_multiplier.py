"""The multiplier of a minimizer: W_l = (W_L .. W_(l+1))^T G (W_(l-1) .. W_1)^T for all l (lines 1045 to 1056).

With P_l = W_l .. W_1 and the first layer W_1 = c F T V^T, c > 0, it is G = c^(2-2L) P_L V T^(2-2L) V^T. All follows from
W_(l+1)^T W_(l+1) = W_l W_l^T by induction on the number of layers. These are parts of derivations, not claims of their own.
"""

from proofs.regularization.balanced_parameters import FIRST_LAYER, T, V
from proofs.regularization.minimal_parameters import L, W, c, h, j, l, m, n
from theorycheck.exact import induction_rules as induction, matrix_rules as products, rules as by
from theorycheck.tree import Eq, Ge, Le, eye, norm, trace


def P(place):
    return W.chain(place, 1)


def powers(number):
    """c^number V T^number V^T: for an even number = 2 m, (W_1^T W_1)^m on the row space of W_1."""
    return c**number * V @ T**number @ V.T


G = P(L) @ powers(2 - 2 * L)


def neighbours(place):
    """W_(l+1)^T W_(l+1) = W_l W_l^T at a place l < L."""
    rule = by.uses("lemma-39.balanced", l=place + 1)
    line = yield Eq(W[place + 1].T @ W[place + 1], W[place] @ W[place].T), by.under([Le(place + 1, L)], rule)
    return line


def equal_norms():
    """|W_l| = |W_1| for all l."""

    def line(place):
        return Eq(norm(W[place]) ** 2, norm(W[1]) ** 2)

    base = yield line(1), by.identity()
    known = yield line(l), induction.assumed()
    gram = yield from neighbours(l)
    moved = yield Eq(norm(W[l + 1]) ** 2, norm(W[l]) ** 2), products.multiplied(gram, eye(n[l]))
    step = yield line(l + 1), by.linear(moved, known)
    found = yield line(l), induction.over(l, base, step)
    return found


def from_below():
    """W_m^T P_m = P_(m-1) W_1^T W_1 for all m, as W_(m+1)^T W_(m+1) P_m = W_m W_m^T P_m."""

    def line(place):
        return Eq(W[place].T @ P(place), P(place - 1) @ powers(2))

    base = yield line(1), by.identity(*FIRST_LAYER)
    known = yield line(m), induction.assumed()
    gram = yield from neighbours(m)
    moved = yield Eq(W[m + 1].T @ P(m + 1), W[m] @ W[m].T @ P(m)), products.multiplied(gram, None, P(m))
    here = yield Eq(W[m] @ W[m].T @ P(m), P(m) @ powers(2)), by.identity(known)
    step = yield line(m + 1), by.linear(moved, here)
    found = yield line(m), induction.over(m, base, step)
    return by.generic(found, [Ge(m, 1), Le(m, L)], m)


def next_layer(below, place):
    """W_(l+1)^T P_(l+1) = P_l W_1^T W_1 at a place l < L."""
    line = yield Eq(W[place + 1].T @ P(place + 1), P(place) @ powers(2)), by.under([Le(place + 1, L)], by.identity(below))
    return line


def over_several(below):
    """(W_h .. W_(j+1))^T P_h V V^T = P_j (W_1^T W_1)^(h-j) for j <= h, in powers of c and T."""

    def line(top):
        return Eq(W.chain(top, j + 1).T @ P(top) @ V, P(j) @ powers(2 * (top - j)) @ V)

    base = yield line(j), by.identity("V is a frame")
    known = yield line(h), induction.assumed()
    one = yield from next_layer(below, h)
    inside = W.chain(h, j + 1).T @ P(h) @ powers(2) @ V
    moved = yield Eq(line(h + 1).nodes[0], inside), products.multiplied(one, W.chain(h, j + 1).T, V)
    here = yield Eq(inside, line(h + 1).nodes[1]), by.identity(known, "V is a frame")
    step = yield line(h + 1), by.linear(moved, here)
    found = yield line(h), induction.over(h, base, step)
    return by.generic(found, [Ge(j, 1), Le(j, L), Ge(h, j), Le(h, L)], h, j)


def each_layer(below):
    """W_l = P_l (W_1^T W_1)^(1-l) P_(l-1)^T, in powers of c and T: W_(l+1) is 0 off the column space of W_l."""

    def line(place):
        return Eq(W[place], P(place) @ powers(2 - 2 * place) @ P(place - 1).T)

    base = yield line(1), by.identity(*FIRST_LAYER)
    known = yield line(l), induction.assumed()
    onto = P(l) @ powers(-2 * l) @ P(l).T
    off = eye(n[l]) - onto
    turned = yield Eq(onto @ W[l], line(l).nodes[1]), by.identity(below, "V is a frame")
    kept = yield Eq(onto @ W[l], W[l]), by.linear(turned, (known, -1))
    gram = yield from neighbours(l)
    here = trace(off @ W[l] @ W[l].T @ off)
    same = yield Eq(norm(W[l + 1] @ off) ** 2, here), products.multiplied(gram, off, off)
    none = yield Eq(trace((onto - eye(n[l])) @ W[l] @ W[l].T @ off), 0), products.multiplied(kept, None, W[l].T @ off)
    zero_norm = yield Eq(norm(W[l + 1] @ off) ** 2, 0), by.linear(same, (none, -1))
    step = yield line(l + 1), products.vanishes(zero_norm)
    found = yield line(l), induction.over(l, base, step)
    return found


def form():
    """W_l = (W_L .. W_(l+1))^T G (W_(l-1) .. W_1)^T."""
    below = yield from from_below()
    several = yield from over_several(below)
    layer = yield from each_layer(below)
    product = W.chain(L, l + 1).T @ G @ P(l - 1).T
    same = yield Eq(product, layer.shows.nodes[1]), by.identity(several, "V is a frame")
    line = yield Eq(W[l], product), by.linear(layer, (same, -1))
    return line
