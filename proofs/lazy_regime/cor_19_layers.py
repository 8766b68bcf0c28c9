"""The NTK of the first h hidden layers, and one layer more (for the covariance of Corollary 19, lines 573 and 575).

Let u_i = W_h .. W_1 a_i, and K_ij the NTK of the first h layers for inputs a_i and a_j. One layer W more turns u_i into W u_i,
and K_ij into <u_i, u_j> I + W K_ij W^T. So the means of the pairings of four vectors u_i, of K_12 with the vectors u_3 and u_4,
and of K_12 with K_34, are each carried by the transfer matrix w^(1 + delta) of line 553, and a kernel gains for the pairing
12|34 alone what the vectors in its place have.
"""

from flint import fmpq

from proofs.lazy_regime.cor_19_bounds import a, products
from proofs.lazy_regime.gaussian_layers import VARIANCE, L, W, mean
from proofs.lazy_regime.random_networks import EQUAL, WIDTHS, drawn_matrix
from theorycheck.domain import Domain, index
from theorycheck.exact import (
    basic_rules as basic,
    chance_rules as chance,
    matrix_rules as matrices,
    rules as by,
    sum_rules as sums,
)
from theorycheck.tree import Eq, Le, inner, num, sym, total, trace

h, l = sym("h"), sym("l")
INSIDE = [Le(h + 1, L - 1)]
SWAPPED = {f"a_{i}": a[j] for i, j in ((1, 3), (2, 4), (3, 1), (4, 2))}  # K_34 with u_1 and u_2


def first_layers(about):
    """The domain of claims about products of the first hidden layers."""
    return Domain(
        f"the first h hidden layers of a network, hidden widths w, independent N(0, s) entries, any four vectors: {about}",
        (*WIDTHS, VARIANCE, index("h", 1, L - 1), *(drawn_matrix(x) for x in a.values())),
        (EQUAL,),
    )


# --- instances ---------------------------------------------------------------------------------------------------------------
E_1, E_2 = ((fmpq(1),), (fmpq(0),)), ((fmpq(0),), (fmpq(1),))


def alike(name, q, sign=1):
    """Four vectors, those of a pair alike and of different pairs orthogonal: 1 (or -1) for the pairing q, 0 for the others."""
    found = {f"{name}_{k}": E_1 if k in (1, q + 1) else E_2 for k in a}
    return found | {f"{name}_1": tuple((sign * x,) for (x,) in E_1)}


def ones(name):
    return {f"{name}_{k}": ((fmpq(1),),) for k in a}


def different(name, source):
    """Four vectors in some order, for which the products over the three pairings differ."""
    vectors = [((fmpq(x),), (fmpq(y),)) for x, y in ((1, 0), (1, 1), (0, 1), (1, 2))]
    first = source.integer(0, 3)
    return {f"{name}_{k}": v for k, v in zip(a, vectors[first:] + vectors[:first], strict=True)}


def attained(source, env):
    """A mean is equal to its bound: one neuron in each layer, all vectors 1; or vectors with one pairing alone, and one layer
    (the exact part also where the product is negative) or two."""
    depth, scale = source.integer(2, 4), fmpq(1, 2) if source.integer(0, 1) else fmpq(2)
    if source.integer(0, 1):
        widths = dict.fromkeys(range(depth + 1), 1)
        return {**env, **ones("a"), "L": depth, "w": 1, "n": widths, "h": source.integer(1, depth - 1), "s": scale}
    w_, q = source.integer(2, 3), source.integer(0, 3)
    vectors, high = alike("a", q) if q else alike("a", 1, -1), source.integer(1, 2) if q > 1 else 1
    widths = {0: 2} | dict.fromkeys(range(1, high + 1), w_) | {high + 1: 1}
    return {**env, **vectors, "L": high + 1, "w": w_, "n": widths, "h": high, "s": scale}


# --- means -------------------------------------------------------------------------------------------------------------------
def images(at):
    return {i: W.chain(at, 1) @ x for i, x in a.items()}


def kernel(i, j, at, last=None):
    """K_ij after `at` layers; or the terms of it for the layers up to `last` alone."""
    C, V = W.chain(at, l + 1), W.chain(l - 1, 1)
    return total(l, 1, last or at, inner(V @ a[i], V @ a[j]) * (C @ C.T))


def means(p, at):
    """What p = 0, 1, 2 kernels are the means of: for the pairing 12|34, then for the others (alike with a kernel)."""
    if p == 0:
        return products(images(at))
    u, K, M = images(at), kernel(1, 2, at), kernel(3, 4, at)
    return (trace(K) * inner(u[3], u[4]), inner(u[3], K @ u[4])) if p == 1 else (trace(K) * trace(M), inner(K, M))


def alone(i, j):
    """K_ij of one layer: <a_i, a_j> I."""
    C = W.chain(1, 2)
    return (yield Eq(kernel(i, j, num(1)), inner(a[i], a[j]) * (C @ C.T)), sums.one())


def split(i, j):
    """K_ij with one layer more: the terms for those below, and the new one."""
    u, C = images(h), W.chain(h + 1, h + 2)
    new = inner(u[i], u[j]) * (C @ C.T)
    return (yield Eq(kernel(i, j, h + 1), kernel(i, j, h + 1, h) + new), by.last_one())


def with_parts(p, at, cut):
    """The means with p kernels after `at` layers as means of what `cut` says that a kernel is."""
    first, u = (yield from cut(1, 2)), images(at)
    K, parts = first.shows.nodes
    traces = yield Eq(trace(K), trace(parts)), matrices.multiplied(first)
    if p == 1:
        outer = inner(u[3], u[4])
        one = yield Eq(trace(K) * outer, trace(parts) * outer), by.linear((traces, outer))
        two = yield Eq(inner(u[3], K @ u[4]), inner(u[3], parts @ u[4])), matrices.multiplied(first, u[3].T, u[4])
        return (yield from averages(one, two))
    second = yield from cut(3, 4)
    M, more = second.shows.nodes
    others = yield Eq(trace(M), trace(more)), matrices.multiplied(second)
    one = yield Eq(trace(K) * trace(M), trace(parts) * trace(more)), by.linear((traces, trace(M)), (others, trace(parts)))
    left = yield Eq(inner(K, M), inner(parts, M)), matrices.multiplied(first, right=M.T)
    right = yield Eq(inner(parts, M), inner(parts, more)), matrices.multiplied(second, parts.T)
    two = yield Eq(inner(K, M), inner(parts, more)), by.linear(left, right)
    return (yield from averages(one, two))


def averages(*lines):
    """The means of both sides of equations."""
    found = []
    for line in lines:
        f, g = line.shows.nodes
        line = yield Eq(mean(f), mean(g)), chance.averaged(line)
        found.append(line)
    return found


def known_states(*uses):
    """Of each claim that is used, the parts as lines."""
    found = []
    for tree, rule in uses:
        whole = yield tree, rule
        lines = yield from basic.parts(whole)
        found.append(lines)
    return found
