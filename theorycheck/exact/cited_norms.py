"""Cited facts about operator and nuclear norms, and the largest singular value of a Gaussian matrix (see `cited`)."""

from __future__ import annotations

from theorycheck.exact import cited_instances as drawn_from
from theorycheck.exact.cited import cite
from theorycheck.fact import Fact
from theorycheck.tree import (
    Eq,
    Ge,
    Gt,
    Le,
    absolute,
    exp,
    inner,
    layers,
    mat,
    norm,
    num,
    probability,
    scalars,
    schatten,
    singular,
    sqrt,
    sym,
    vec,
)
from theorycheck.tree.node import Node

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

_p = sym("p")
MULTIPLE = cite(
    Fact(
        "Schatten quasinorm of a multiple",
        Eq(schatten(_t * _A, _p), _t * schatten(_A, _p)),
        given=(Ge(_t, 0), Gt(_p, 0)),
        variables=("A", "a", "b", "t", "p"),
        kind="cited",
        source="Horn & Johnson, Topics in Matrix Analysis, Section 3.4 (the singular values of tA are t times those of A)",
    ),
    drawn_from.MULTIPLES,
)

# s_1, s_2 are those of the 2 x 2 matrix [[c, d], [e, h]]: s_1^2 + s_2^2 = c^2 + d^2 + e^2 + h^2, s_1 s_2 = |c h - d e|.
_u, _w, _y, _z = vec("u", _a), vec("v", _a), vec("y", _b), vec("z", _b)
_d, _e, _h = sym("d"), sym("e"), sym("h")


def _orthonormal(x: Node, y: Node) -> tuple[Node, ...]:
    return Eq(inner(x, x), 1), Eq(inner(y, y), 1), Eq(inner(x, y), 0)


TWO_DIRECTIONS = cite(
    Fact(
        "nuclear norm of a matrix of two directions",
        Eq(
            schatten(_c * _u @ _y.T + _d * _u @ _z.T + _e * _w @ _y.T + _h * _w @ _z.T, num(1)) ** 2,
            _c**2 + _d**2 + _e**2 + _h**2 + 2 * absolute(_c * _h - _d * _e),
        ),
        given=(*_orthonormal(_u, _w), *_orthonormal(_y, _z)),
        variables=("u", "v", "y", "z", "a", "b", "c", "d", "e", "h"),
        kind="cited",
        source="Horn & Johnson, Matrix Analysis, 2nd ed., Section 2.6 (Theorem 2.6.3): the trace and determinant of the Gram "
        "matrix of [[c, d], [e, h]]",
    ),
    drawn_from.TWO_DIRECTIONS,
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
