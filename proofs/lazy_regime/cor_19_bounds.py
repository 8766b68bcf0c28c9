"""The bounds of the covariance of the NTK (paper, Corollary 19, lines 575 and 577), as printed and with absolute values.

They compare signed quantities: the covariance can be positive where the sum over the pairings is 0 or negative. That they say
"for some c" is entered as "for every c that is large". The covariance is an exact sum (`cor_19_pairings_deep`), and the bounds
hold with absolute values (`cor_19_any_depth`, `cor_19_matrix_bound`).
"""

from flint import fmpq

from proofs.lazy_regime.gaussian_layers import L, W, mean, n
from proofs.lazy_regime.random_networks import EQUAL, SCALES, WIDTHS, drawn_matrix, sigma, w
from theorycheck.domain import Domain, depth, drawn, hypothesis
from theorycheck.tree import Ge, Le, inner, mat, num, sym, total, trace, vec
from theorycheck.tree.node import matmul
from theorycheck.verdict import Erratum

l, c = sym("l"), sym("c")
a = {k: vec(f"a_{k}", n[0]) for k in (1, 2, 3, 4)}
b = {k: vec(f"b_{k}", n[L]) for k in (1, 2, 3, 4)}
FORMS = [b[k] @ a[k].T for k in a]
M = {k: mat(f"M_{k}", n[0], n[L]) for k in (1, 2, 3, 4)}
FEW_LAYERS = (depth("L", most=2), *WIDTHS[1:], SCALES[0])
CONSTANT = drawn("c", lambda source, env: fmpq(env["L"] ** 2 * 9 ** env["L"] + source.integer(0, 9)))
LARGE = hypothesis("c is as large as one likes", Ge(c, L**2 * num(9) ** L), 575)
vectors_and_c = Domain(
    "networks of any depth L >= 2 with hidden widths w, N(0, sigma^2) parameters, any vectors, any large c",
    (*FEW_LAYERS, *(drawn_matrix(x) for x in (*a.values(), *b.values())), CONSTANT),
    (EQUAL, LARGE),
)
matrices_and_c = Domain(
    "networks of any depth L >= 2 with hidden widths w, N(0, sigma^2) parameters, any n_0 x n_L matrices, any large c",
    (*FEW_LAYERS, *(drawn_matrix(x) for x in M.values()), CONSTANT),
    (EQUAL, LARGE),
)
POSITIVE = {"the hypothesis sigma > 0": "a standard deviation; the powers of it are even"}


def against(source, env):
    """L = 2, n_0 = 2: the sum over the pairings of a_1 .. a_4 is 1 - 1/2 - 1/2."""
    column = lambda x, y: ((fmpq(x),), (fmpq(y),))  # noqa: E731
    vectors = {"a_1": column(1, 0), "a_2": column(1, 0), "a_3": column(1, 1), "a_4": ((fmpq(-1, 2),), (fmpq(3, 2),))}
    ones = {f"b_{k}": ((fmpq(1),),) for k in b}
    return {**env, "L": 2, "w": 1, "n": {0: 2, 1: 1, 2: 1}, "sigma": fmpq(1), "c": fmpq(400), **vectors, **ones}


def against_matrices(source, env):
    """The same vectors as n_0 x 1 matrices."""
    found = against(source, env)
    return {**found, **{f"M_{k}": found[f"a_{k}"] for k in M}}


def explicit(X, Y):
    """Theta(X, Y) layer by layer, as `ntk-mean.definition` has it."""
    U, V = W.chain(L, l + 1), W.chain(l - 1, 1)
    return total(l, 1, L, inner(U.T @ X @ V.T, U.T @ Y @ V.T))


def covariance(X_1, X_2, X_3, X_4):
    one, other = explicit(X_1, X_2), explicit(X_3, X_4)
    return mean(one * other, sigma**2) - mean(one, sigma**2) * mean(other, sigma**2)


# --- for vectors -------------------------------------------------------------------------------------------------------------
def sum_of(three):
    return three[0] + three[1] + three[2]


def bound():
    """The bound of the covariance, for vectors"""
    scale = c * sigma ** (4 * L - 4) * w ** (2 * L - 3)
    yield Le(covariance(*FORMS), scale * sum_of(products(a)) * sum_of(products(b)))


def products(x):
    """The products of scalar products over the three pairings of four vectors."""
    p, q, r, t = x.values()
    return inner(p, q) * inner(r, t), inner(p, r) * inner(q, t), inner(p, t) * inner(q, r)


# --- for matrices ------------------------------------------------------------------------------------------------------------
def orders(A, B, C, D):
    """The terms of order w^(2 L - 3), and those of order w^(2 L - 4)."""

    def tr(*factors):
        return trace(matmul(*factors))

    one = tr(A, B.T, C, D.T) + tr(A, B.T, D, C.T) + tr(A, C.T, D, B.T) + tr(A, D.T, C, B.T)
    two = tr(A, B.T) * tr(C, D.T) + tr(A, C.T) * tr(B, D.T) + tr(A, D.T) * tr(B, C.T)
    return one, two + tr(A, D.T, B, C.T) + tr(A, C.T, B, D.T)


def matrices():
    """The bound of the covariance, for matrices"""
    one, two = orders(*M.values())
    scale = c * sigma ** (4 * L - 4)
    yield Le(covariance(*(x.T for x in M.values())), scale * w ** (2 * L - 3) * one + scale * w ** (2 * L - 4) * two)


SIGNED = Erratum(
    "false",
    "for every constant c from some size on; c may depend on the depth and the outer widths",
    "The covariance can be positive where the right side is 0 or negative. With absolute values it holds at every depth.",
    stands=("lemma-14",),
)


def enter(statement):
    """Add the claims of lines 575 and 577."""
    own = {"line": 575, "domain": vectors_and_c, "near": against}
    statement.claim("bound", expects="refuted", erratum=SIGNED, **own)(bound)
    own = {"line": 577, "domain": matrices_and_c, "near": against_matrices}
    statement.claim("bound-matrices", expects="refuted", erratum=SIGNED, **own)(matrices)
