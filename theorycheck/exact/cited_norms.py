"""Cited facts about operator norms, and the tail of the largest singular value of a Gaussian matrix (see `cited`)."""

from __future__ import annotations

from theorycheck.exact import cited_instances as drawn_from
from theorycheck.exact.cited import cite
from theorycheck.fact import Fact
from theorycheck.tree import Ge, Gt, Le, exp, layers, mat, norm, probability, scalars, singular, sqrt, sym

_a, _b, _c, _l, _t, _v, _n = (*(sym(name) for name in "abcltv"), scalars("n"))
_X, _Y, _A, _B = mat("X", _a, _b), mat("Y", _b, _c), mat("A", _a, _b), mat("B", _a, _b)
_F = layers("F", _n)

OPERATOR_NORM = cite(
    Fact(
        "operator norm of a product",
        Le(singular(_X @ _Y, 1), singular(_X, 1) * singular(_Y, 1)),
        variables=("X", "Y", "a", "b", "c"),
        kind="cited",
        source="Horn & Johnson, Matrix Analysis, 2nd ed., Section 5.6 (the spectral norm is a matrix norm)",
    ),
    drawn_from.TWO_FACTORS,
)

OPERATOR_SUM = cite(
    Fact(
        "operator norm of a sum",
        Le(singular(_A + _B, 1), singular(_A, 1) + singular(_B, 1)),
        variables=("A", "B", "a", "b"),
        kind="cited",
        source="Horn & Johnson, Matrix Analysis, 2nd ed., Section 5.6 (the spectral norm is a norm)",
    ),
    drawn_from.PARALLEL,
)

OPERATOR_FROBENIUS = cite(
    Fact(
        "operator norm and Frobenius norm",
        Le(singular(_X, 1), norm(_X)),
        variables=("X", "a", "b"),
        kind="cited",
        source="Golub & Van Loan, Matrix Computations, 4th ed., Section 2.3.2 (equation 2.3.7)",
    ),
    drawn_from.TWO_OF_ONE_SHAPE,
)

FROM_THE_LEFT = cite(
    Fact(
        "Frobenius norm of a product, operator norm on the left",
        Le(norm(_X @ _Y), singular(_X, 1) * norm(_Y)),
        variables=("X", "Y", "a", "b", "c"),
        kind="cited",
        source="Horn & Johnson, Topics in Matrix Analysis, Section 3.3 (Problem 3: |XY|_F <= s_1(X) |Y|_F, column by column)",
    ),
    drawn_from.TWO_FACTORS,
)

FROM_THE_RIGHT = cite(
    Fact(
        "Frobenius norm of a product, operator norm on the right",
        Le(norm(_X @ _Y), norm(_X) * singular(_Y, 1)),
        variables=("X", "Y", "a", "b", "c"),
        kind="cited",
        source="the transposed form of the operator norm on the left",
    ),
    drawn_from.TWO_FACTORS,
)

# For an m x n matrix of independent N(0, 1) entries P[s_1 >= sqrt(m) + sqrt(n) + t] < e^(-t^2/2), by comparison of Gaussian
# processes (E s_1 <= sqrt(m) + sqrt(n)) and concentration.
GAUSSIAN_LARGEST = cite(
    Fact(
        "largest singular value of a Gaussian matrix",
        Le(probability(Gt(singular(_F[_l], 1), _v * (sqrt(_n[_l]) + sqrt(_n[_l - 1]) + _t)), _F, _v**2), exp(-(_t**2) / 2)),
        given=(Ge(_t, 0), Gt(_v, 0)),
        variables=("n", "l", "t", "v"),
        kind="cited",
        source="Davidson & Szarek, Local operator theory, random matrices and Banach spaces, Handbook of the Geometry of "
        "Banach Spaces I (2001), Theorem II.13; both sides together: Vershynin, arXiv:1011.3027, Corollary 5.35",
    ),
    drawn_from.GAUSSIAN,
)
