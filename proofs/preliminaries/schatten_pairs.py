"""Matrices for what the Schatten quasinorm is for p < 1 (paper, line 75): rank-one pairs, rows, any two."""

from fractions import Fraction

from flint import fmpq

from theorycheck.domain import Domain, derived, drawn, hypothesis, matrix, real, size
from theorycheck.models.costs import orthogonal
from theorycheck.models.linear_form import column
from theorycheck.models.spectral import are_orthonormal_pairs, pair_column
from theorycheck.tree import Eq, Ge, Gt, Lt, mat, norm, num, schatten, sym, vec

n_0, n_L, p, q, a, b = (sym(name) for name in ("n_0", "n_L", "p", "q", "a", "b"))
A, B = mat("A", n_L, n_0), mat("B", n_L, n_0)
row_A, row_B, M = mat("A", 1, n_0), mat("B", 1, n_0), mat("M", 1, n_0)
u_1, u_2, v_1, v_2 = vec("u_1", n_L), vec("u_2", n_L), vec("v_1", n_0), vec("v_2", n_0)
E, F = u_1 @ v_1.T, u_2 @ v_2.T
TWO, HALF = num(2), Fraction(1, 2)
TWO_VALUES = "a u_1 v_1^T + b u_2 v_2^T has the singular values a and b"
ONE_VALUE = "the only singular value of a row is its length"

# an exponent 0 < p < 1, where powers of small numbers stay exact or fast
below_one = drawn(
    "p", lambda source, env: fmpq(source.integer(1, 5), 6), hypothesis("p > 0", Gt(p, 0), 75), hypothesis("p < 1", Lt(p, 1), 75)
)


def pair(name, least, *more):
    """Two rank-one matrices u_1 v_1^T and u_2 v_2^T with orthonormal u's and v's, 0 < p < 1."""
    return Domain(
        name,
        (
            size("n_0", least, 3),
            size("n_L", least, 3),
            drawn("u", lambda source, env: orthogonal(source, env["n_L"])),
            drawn("v", lambda source, env: orthogonal(source, env["n_0"])),
            derived("u_1", lambda env: column(env["u"], 0)),
            derived("v_1", lambda env: column(env["v"], 0)),
            drawn("u_2", lambda source, env: pair_column("u", source, env)),
            drawn("v_2", lambda source, env: pair_column("v", source, env)),
            below_one,
        ),
        more,
    )


every_size = pair("any sizes, 0 < p < 1", 1)
two_sided = pair(
    "min(n_0, n_L) >= 2, 0 < p < 1",
    2,
    hypothesis(
        TWO_VALUES,
        Eq(schatten(a * E + b * F, q) ** q, a**q + b**q),
        75,
        given=(Ge(a, 0), Ge(b, 0), Gt(q, 0)),
        variables=("a", "b", "q"),
        test=are_orthonormal_pairs,
    ),
)
rows = Domain(
    "rows: n_L = 1",
    (
        size("n_0"),
        matrix("A", 1, n_0),
        matrix("B", 1, n_0),
        matrix("M", 1, n_0),
        real("p", above=0, line=75),
    ),
    (
        hypothesis(
            ONE_VALUE,
            Eq(schatten(M, q) ** q, norm(M) ** q),
            75,
            given=(Gt(q, 0),),
            variables=("M", "q"),
            test=lambda env: len(env["A"]) == len(env["B"]) == 1,
        ),
    ),
)
matrices = Domain(
    "any two matrices of one shape, 0 < p < 1",
    (size("n_0"), size("n_L"), matrix("A", n_L, n_0), matrix("B", n_L, n_0), below_one),
)
