"""Cited facts: theorems of the literature that derivations may use, each as a tree with its hypotheses and a reference.

None mentions networks, depth or a constant of the paper. Every fact is instance-tested and mutated like a claim
(tests/exact/test_cited.py): `domain` of a `Cited` draws instances, on which the fact must hold and its mutants must not.
What to look up is the article, or the section of the book; theorem numbers in brackets are from memory, not compared.
"""

from __future__ import annotations

from dataclasses import dataclass

from theorycheck.domain import Domain
from theorycheck.exact import cited_instances as drawn_from
from theorycheck.exact.cited_instances import two_decompositions as two_decompositions
from theorycheck.fact import Fact
from theorycheck.tree import (
    Eq,
    Ge,
    Gt,
    Le,
    inner,
    layers,
    mat,
    norm,
    num,
    product,
    rank,
    scalars,
    schatten,
    singular,
    sym,
    total,
)


@dataclass(frozen=True)
class Cited:
    """A cited fact with a domain of instances: the variables of the fact, drawn so that its hypotheses hold."""

    fact: Fact
    domain: Domain


CITED: dict[str, Cited] = {}


def cite(fact: Fact, domain: Domain) -> Fact:
    """Enter a fact into the list that the tests run over."""
    CITED[fact.name] = Cited(fact, domain)
    return fact


_m, _p, _q, _i, _j = (sym(name) for name in ("m", "p", "q", "i", "j"))
_n, _F = scalars("n"), layers("F", scalars("n"))
_X, _Y, _Z = (mat(name, *map(sym, sizes)) for name, sizes in (("X", "ab"), ("Y", "bc"), ("Z", "ab")))
_A, _B = mat("A", sym("a"), sym("b")), mat("B", sym("a"), sym("b"))


# --- singular values of products, means ------------------------------------------------------------------------------
NARROW = Fact("q is at most every size", Le(_q, _n[_j]), given=(Ge(_j, 0), Le(_j, _m)), variables=("j",))

# Horn: prod_(i<=k) s_i(XY) <= prod_(i<=k) s_i(X) s_i(Y) for every k <= q; for several factors by induction on their number.
# Weyl: such products of decreasing numbers bound the sums of their p-th powers, p > 0. Rectangles are made square by zeros.
HORN = cite(
    Fact(
        "Horn's inequality for products",
        Le(
            total(_i, 1, _q, singular(_F.chain(_m, 1), _i) ** _p),
            total(_i, 1, _q, product(_j, 1, _m, singular(_F[_j], _i) ** _p)),
        ),
        given=(Gt(_p, 0), Ge(_m, 1), Ge(_q, 1)),
        variables=("F", "n", "m", "p", "q"),
        kind="cited",
        source="A. Horn, Proc. Nat. Acad. Sci. USA 36 (1950), 374-375 (products), and Weyl, Proc. Nat. Acad. Sci. USA 35 "
        "(1949), 408-411 (sums of powers); both in Horn & Johnson, Topics in Matrix Analysis, Section 3.3 (Theorem 3.3.14)",
        needs=(NARROW,),
    ),
    drawn_from.FACTORS,
)

RANK_OF_PRODUCT = cite(
    Fact(
        "rank of a product",
        Le(rank(_F.chain(_m, 1)), _n[_j]),
        given=(Ge(_m, 1), Ge(_j, 0), Le(_j, _m)),
        variables=("F", "n", "m", "j"),
        kind="cited",
        source="Horn & Johnson, Matrix Analysis, 2nd ed., Section 0.4.5 (rank inequalities), by induction on the factors",
    ),
    drawn_from.FACTORS,
)

# With q = min(a, b) it is an equality; here the largest q only.
FROBENIUS = cite(
    Fact(
        "Frobenius norm by singular values",
        Le(total(_i, 1, _q, singular(_X, _i) ** 2), norm(_X) ** 2),
        given=(Ge(_q, 1), Le(_q, sym("a")), Le(_q, sym("b"))),
        variables=("X", "a", "b", "q"),
        kind="cited",
        source="Golub & Van Loan, Matrix Computations, 4th ed., Section 2.4 (Corollary 2.4.3)",
    ),
    drawn_from.ONE_MATRIX,
)

MEANS = cite(
    Fact(
        "inequality of the arithmetic and geometric means",
        Le(product(_j, 1, _m, scalars("x")[_j] ** (1 / _m)), 1 / _m * total(_j, 1, _m, scalars("x")[_j])),
        given=(Ge(_m, 1),),
        variables=("x", "m"),
        kind="cited",
        source="Hardy, Littlewood & Polya, Inequalities, Section 2.5 (Theorem 9)",
        needs=(Fact("x >= 0", Ge(scalars("x")[_j], 0), given=(Ge(_j, 1), Le(_j, _m)), variables=("j",)),),
    ),
    drawn_from.NUMBERS,
)


# --- Schatten quasinorms, power means --------------------------------------------------------------------------------
# Bourin: |||f(|A + B|)||| <= |||f(|A|) + f(|B|)||| for normal A, B, f >= 0 concave, symmetric norms. Here f(t) = t^p, the
# trace norm, and the symmetric matrices [[0, A], [A^T, 0]], whose |.|^p has twice the trace.
ROTFELD = cite(
    Fact(
        "Rotfel'd's inequality",
        Le(schatten(_A + _B, _p) ** _p, schatten(_A, _p) ** _p + schatten(_B, _p) ** _p),
        given=(Gt(_p, 0), Le(_p, 1)),
        variables=("A", "B", "a", "b", "p"),
        kind="cited",
        source="Rotfel'd, Funct. Anal. Appl. 1 (1967), 252-253; Bourin, A matrix subadditivity inequality for symmetric "
        "norms, Proc. Amer. Math. Soc. 138 (2010), arXiv:0906.1447, at [[0, A], [A^T, 0]] and the trace norm",
    ),
    drawn_from.BLOCKS,
)

_x, _y = sym("x"), sym("y")
POWER_MEANS = cite(
    Fact(
        "inequality of power means, exponents p <= 1 and 1",
        Le((_x**_p + _y**_p) ** (1 / _p), num(2) ** (1 / _p - 1) * (_x + _y)),
        given=(Gt(_p, 0), Le(_p, 1), Ge(_x, 0), Ge(_y, 0)),
        variables=("x", "y", "p"),
        kind="cited",
        source="Hardy, Littlewood & Polya, Inequalities, Section 2.9 (Theorem 16: M_r <= M_s for r < s)",
    ),
    drawn_from.TWO_NUMBERS,
)


# --- scalar products and norms -------------------------------------------------------------------------------------------
TRIANGLE = cite(
    Fact(
        "triangle inequality of the Frobenius norm",
        Le(norm(_A + _B), norm(_A) + norm(_B)),
        variables=("A", "B", "a", "b"),
        kind="cited",
        source="Horn & Johnson, Matrix Analysis, 2nd ed., Section 5.6 (the Euclidean norm of the entries)",
    ),
    drawn_from.PARALLEL,
)

CAUCHY_SCHWARZ = cite(
    Fact(
        "Cauchy-Schwarz inequality",
        Le(inner(_X, _Z), norm(_X) * norm(_Z)),
        variables=("X", "Z", "a", "b"),
        kind="cited",
        source="Horn & Johnson, Matrix Analysis, 2nd ed., Section 5.1 (Theorem 5.1.4)",
    ),
    drawn_from.TWO_OF_ONE_SHAPE,
)

SUBMULTIPLICATIVE = cite(
    Fact(
        "Frobenius norm of a product",
        Le(norm(_X @ _Y) ** 2, norm(_X) ** 2 * norm(_Y) ** 2),
        variables=("X", "Y", "a", "b", "c"),
        kind="cited",
        source="Horn & Johnson, Matrix Analysis, 2nd ed., Section 5.6 (the l_2 norm is a matrix norm)",
    ),
    drawn_from.TWO_FACTORS,
)


# --- roots of matrices in the frames of their singular value decompositions -------------------------------------------
_e, _r, _t, _c, _d = (sym(name) for name in ("e", "r", "t", "c", "d"))
_U, _V, _G, _H = (mat(name, *map(sym, sizes)) for name, sizes in drawn_from.FRAMES.items())
_S, _T = mat("S", _r, _r), mat("T", _t, _t)

# |A - B|^m <= 2^(m-1) |f_m(A) - f_m(B)| for symmetric A, B, the spectral norm and f_m(x) = x |x|^(m-1); the fact has it at
# [[0, X], [X^T, 0]]. Jocic's article has it for every unitarily invariant norm and m >= 2; as its text was not at hand, here
# is a proof for m > 1. Let d = |A - B| and (A - B) v = d v, |v| = 1 (else exchange A and B); its steps are tried in the tests.
# 1. If X, Y have spectra in (-pi, pi) and (X - Y) v = e v with e = |X - Y|, then <v, (sin X - sin Y) v> <= 2 sin(e/2):
#    for e <= pi as |exp(iX) - exp(iY)| <= 2 sin(e/2); for e > pi put P = pi - X, Q = pi + Y, (P + Q) v = (2 pi - e) v, and add
#    the tangents sin x <= sin(e/2) - cos(e/2) (x - pi + e/2), which hold on [0, 2 pi], for P and for Q.
# 2. |arctan A - arctan B| <= 2 arctan(d/2): for rA, rB in place of A, B call the left side u(r). By 1 with X = 2 arctan rA,
#    r u' = <v, (sin X - sin Y) v> / 2 <= sin u (v belongs to r); so tan(u/2) / r does not increase, and it starts at d/2.
# 3. For 1 < m < 3, f_m is a positive mixture over s > 0 of k(x) = x - s arctan(x/s), as |x|^(m-1) is one of x^2/(x^2 + s^2).
#    By 2, <v, (k(A) - k(B)) v> >= d - 2 s arctan(d/2s) = 2 k(d/2); hence |f_m(A) - f_m(B)| >= 2 f_m(d/2).
# 4. Any other m is a power q^k with 1 < q < 3, f_m is f_q applied k times, and half the distance goes through f_q each time.
ROOTS = cite(
    Fact(
        "Hoelder continuity of odd roots of matrices",
        Le(
            singular(_c ** (1 / _m) * _U @ _S ** (_e / _m) @ _V.T - _d ** (1 / _m) * _G @ _T ** (_e / _m) @ _H.T, 1) ** _m,
            num(2) ** (_m - 1) * singular(_c * _U @ _S**_e @ _V.T - _d * _G @ _T**_e @ _H.T, 1),
        ),
        given=(Ge(_m, 2), Gt(_e, 0), Ge(_c, 0), Ge(_d, 0), *map(drawn_from.is_frame, drawn_from.FRAMES)),
        variables=("m", "e", "a", "b", "r", "t", "c", "d", "U", "V", "X", "Y", "S", "T"),
        kind="cited",
        source="a proof beside the fact (exact/cited.py); more generally Jocic, Norm inequalities for self-adjoint "
        "derivations, J. Funct. Anal. 145 (1997), 24-34 (from memory)",
    ),
    drawn_from.PAIRS,
)


# --- singular values by Gram matrices, and of powers in frames -----------------------------------------------------------
_W, _on_both = mat("Z", sym("b"), sym("d")), (Ge(_i, 1), Le(_i, sym("a")), Le(_i, sym("b")))
SAME_GRAM = cite(  # the squares are the largest eigenvalues of X^T X, and of Z Z^T
    Fact(
        "singular values by the Gram matrix",
        Eq(singular(_X, _i), singular(_W, _i)),
        given=(Eq(_X.T @ _X, _W @ _W.T), *_on_both, Le(_i, sym("d"))),
        variables=("X", "Z", "a", "b", "d", "i"),
        kind="cited",
        source="Horn & Johnson, Matrix Analysis, 2nd ed., section 2.6 [Theorem 2.6.3]",
    ),
    drawn_from.SAME_GRAM,
)

POWERS = cite(  # with an orthogonal diagonalization of S, both sides are singular value decompositions
    Fact(
        "singular values of powers in frames",
        Eq(singular(_c**_e * _U @ _S**_e @ _V.T, _i), singular(_c * _U @ _S @ _V.T, _i) ** _e),
        given=(Gt(_e, 0), Ge(_c, 0), *map(drawn_from.is_frame, "UV"), *_on_both),
        variables=("a", "b", "c", "e", "i", "r", "S", "U", "V"),
        kind="cited",
        source="Horn & Johnson, Matrix Analysis, 2nd ed., section 2.6 [Theorem 2.6.3]",
    ),
    drawn_from.IN_FRAMES,
)
