"""Cited facts: theorems of the literature that derivations may use, each as a tree with its hypotheses and a reference.

None mentions networks, depth or a constant of the paper. Every fact is instance-tested and mutated like a claim
(tests/exact/test_cited.py): `domain` of a `Cited` draws instances, on which the fact must hold and its mutants must not.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from flint import fmpq

from theorycheck.domain import (
    Domain,
    Env,
    Source,
    Var,
    derived,
    drawn,
    family,
    hypothesis,
    index,
    layers_of,
    matrix,
    rational,
    rational_matrix,
    real,
    size,
    widths,
)
from theorycheck.evaluate.values import Rows, evaluate, identity, inner as values_inner, matmul
from theorycheck.fact import Fact
from theorycheck.models.costs import diagonal
from theorycheck.models.networks import frame, frames, positive, transpose
from theorycheck.tree import (
    Eq,
    Family,
    Ge,
    Gt,
    Le,
    eye,
    inner,
    layers,
    mat,
    minimum,
    norm,
    num,
    product,
    rank,
    scalars,
    schatten,
    singular,
    sym,
    total,
    trace,
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


# --- singular values of products, means ------------------------------------------------------------------------------
def _factors() -> Domain:
    """Matrices F_1 .. F_m of sizes n_0 .. n_m, an exponent p, and q <= every size."""
    return Domain(
        "matrices that can be multiplied",
        (
            size("m", most=3),
            widths("n", "m"),
            layers_of("F", "n", "m"),
            real("p", above=0),
            drawn("q", lambda s, env: s.integer(1, min(env["n"].values()))),
            index("j", 0, sym("m")),
        ),
    )


_n, _m, _p, _q, _i, _j = scalars("n"), sym("m"), sym("p"), sym("q"), sym("i"), sym("j")
_F = layers("F", _n)
_X, _Y = mat("X", sym("a"), sym("b")), mat("Y", sym("b"), sym("c"))
NARROW = Fact("q is at most every size", Le(_q, _n[_j]), given=(Ge(_j, 0), Le(_j, _m)), variables=("j",))

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
        source="Horn & Johnson, Topics in Matrix Analysis, Theorem 3.3.14 (two factors); several: Marshall, Olkin & Arnold, "
        "Inequalities, 9.H.1",
        needs=(NARROW,),
    ),
    _factors(),
)

RANK_OF_PRODUCT = cite(
    Fact(
        "rank of a product",
        Le(rank(_F.chain(_m, 1)), _n[_j]),
        given=(Ge(_m, 1), Ge(_j, 0), Le(_j, _m)),
        variables=("F", "n", "m", "j"),
        kind="cited",
        source="Horn & Johnson, Matrix Analysis, 0.4.5(c)",
    ),
    _factors(),
)

FROBENIUS = cite(
    Fact(
        "Frobenius norm by singular values",
        Le(total(_i, 1, _q, singular(_X, _i) ** 2), norm(_X) ** 2),
        given=(Ge(_q, 1), Le(_q, sym("a")), Le(_q, sym("b"))),
        variables=("X", "a", "b", "q"),
        kind="cited",
        source="Golub & Van Loan, Matrix Computations, 4th ed., Corollary 2.4.3",
    ),
    Domain(
        "matrices",
        (
            size("a"),
            size("b"),
            matrix("X", sym("a"), sym("b")),
            drawn("q", lambda s, env: s.integer(1, min(env["a"], env["b"]))),
        ),
    ),
)

MEANS = cite(
    Fact(
        "inequality of the arithmetic and geometric means",
        Le(product(_j, 1, _m, scalars("x")[_j] ** (1 / _m)), 1 / _m * total(_j, 1, _m, scalars("x")[_j])),
        given=(Ge(_m, 1),),
        variables=("x", "m"),
        kind="cited",
        source="Hardy, Littlewood & Polya, Inequalities, Theorem 9",
        needs=(Fact("x >= 0", Ge(scalars("x")[_j], 0), given=(Ge(_j, 1), Le(_j, _m)), variables=("j",)),),
    ),
    Domain(
        "finite families of numbers >= 0",
        (
            size("m", most=4),
            family("x", lambda env: range(1, env["m"] + 1), lambda s, env, k: abs(rational(s))),
        ),
    ),
)


# --- Schatten quasinorms, power means --------------------------------------------------------------------------------
_A, _B = mat("A", sym("a"), sym("b")), mat("B", sym("a"), sym("b"))


def _block(s: Source, env: Env, upper: bool) -> Rows:
    """Any a x b matrix, or one that is zero outside the upper left (lower right) quarter: such pairs give equality."""
    everywhere = s.integer(0, 1) == 0
    rows = rational_matrix(s, env["a"], env["b"])

    def inside(i: int, j: int) -> bool:
        return (2 * i < int(env["a"])) == upper and (2 * j < int(env["b"])) == upper

    return tuple(
        tuple(v if everywhere or inside(i, j) else fmpq(0) for j, v in enumerate(row)) for i, row in enumerate(rows)
    )


ROTFELD = cite(
    Fact(
        "Rotfel'd's inequality",
        Le(schatten(_A + _B, _p) ** _p, schatten(_A, _p) ** _p + schatten(_B, _p) ** _p),
        given=(Gt(_p, 0), Le(_p, 1)),
        variables=("A", "B", "a", "b", "p"),
        kind="cited",
        source="Rotfel'd, Funct. Anal. Appl. 1 (1967), 252-253, and McCarthy, Israel J. Math. 5 (1967), Theorem 2.8 "
        "(of square matrices; others are made square by zeros)",
    ),
    Domain(
        "pairs of matrices of one shape",
        (
            size("a"),
            size("b"),
            drawn("p", lambda s, env: fmpq(s.integer(1, 6), 6)),
            drawn("A", lambda s, env: _block(s, env, True)),
            drawn("B", lambda s, env: _block(s, env, False)),
        ),
    ),
)

_x, _y = sym("x"), sym("y")
POWER_MEANS = cite(
    Fact(
        "inequality of power means, exponents p <= 1 and 1",
        Le((_x**_p + _y**_p) ** (1 / _p), num(2) ** (1 / _p - 1) * (_x + _y)),
        given=(Gt(_p, 0), Le(_p, 1), Ge(_x, 0), Ge(_y, 0)),
        variables=("x", "y", "p"),
        kind="cited",
        source="Hardy, Littlewood & Polya, Inequalities, Theorem 16",
    ),
    Domain(
        "two numbers >= 0",
        (
            real("x", at_least=0),
            drawn("y", lambda s, env: env["x"] if s.integer(0, 1) else abs(rational(s))),
            drawn("p", lambda s, env: fmpq(s.integer(1, 6), 6)),
        ),
    ),
)

TRIANGLE = cite(
    Fact(
        "triangle inequality of the Frobenius norm",
        Le(norm(_A + _B), norm(_A) + norm(_B)),
        variables=("A", "B", "a", "b"),
        kind="cited",
        source="Horn & Johnson, Matrix Analysis, 2nd ed., Section 5.6 (the Euclidean norm of the entries)",
    ),
    Domain(
        "pairs of matrices of one shape, parallel ones too",
        (
            size("a"),
            size("b"),
            matrix("A", sym("a"), sym("b")),
            drawn("B", lambda s, env: env["A"] if s.integer(0, 1) else rational_matrix(s, env["a"], env["b"])),
        ),
    ),
)


# --- scalar products and norms of products -------------------------------------------------------------------------------
_Z = mat("Z", sym("a"), sym("b"))
CAUCHY_SCHWARZ = cite(
    Fact(
        "Cauchy-Schwarz inequality",
        Le(inner(_X, _Z), norm(_X) * norm(_Z)),
        variables=("X", "Z", "a", "b"),
        kind="cited",
        source="Horn & Johnson, Matrix Analysis, Theorem 5.1.4",
    ),
    Domain(
        "two matrices of one shape",
        (size("a"), size("b"), matrix("X", sym("a"), sym("b")), matrix("Z", sym("a"), sym("b"))),
    ),
)

SUBMULTIPLICATIVE = cite(
    Fact(
        "Frobenius norm of a product",
        Le(norm(_X @ _Y) ** 2, norm(_X) ** 2 * norm(_Y) ** 2),
        variables=("X", "Y", "a", "b", "c"),
        kind="cited",
        source="Horn & Johnson, Matrix Analysis, section 5.6, the l_2 norm example",
    ),
    Domain(
        "matrices that can be multiplied",
        (size("a"), size("b"), size("c"), matrix("X", sym("a"), sym("b")), matrix("Y", sym("b"), sym("c"))),
    ),
)


# --- roots of matrices in the frames of their singular value decompositions -------------------------------------------
_e, _r, _t, _c, _d = (sym(name) for name in ("e", "r", "t", "c", "d"))
_frames = {"U": ("a", "r"), "V": ("b", "r"), "X": ("a", "t"), "Y": ("b", "t")}
_U, _V, _G, _H = (mat(name, *map(sym, sizes)) for name, sizes in _frames.items())
_S, _T = mat("S", _r, _r), mat("T", _t, _t)


def _frame_of(name: str, sizes: tuple[str, str]) -> Var:
    rows, cols = sizes
    test = Eq(mat(name, sym(rows), sym(cols)).T @ mat(name, sym(rows), sym(cols)), eye(sym(cols)))
    return drawn(name, lambda s, env: frame(s, env[rows], env[cols]), hypothesis(f"{name} is a frame", test))


def two_decompositions(exponent: Var) -> tuple[Var, ...]:
    """Symbols of two a x b matrices c U S V^T and d X T Y^T with frames U, V, X, Y, and an exponent p or p/q; c, S and d, T
    are p-th powers, so that their roots by the exponent are rational."""

    def power_of(env: Env) -> int:
        return int(fmpq(env[exponent.name]).numer())

    def rank_of(s: Source, env: Env) -> int:
        return s.integer(1, min(env["a"], env["b"]))

    def coefficient(s: Source, env: Env) -> Any:
        return fmpq(s.integer(0, 2)) ** power_of(env)

    def spectrum(name: str, rank_name: str) -> Var:
        def draw(s: Source, env: Env) -> Rows:
            return diagonal([positive(s) ** power_of(env) for _ in range(env[rank_name])])

        return drawn(name, draw, symmetric=True)

    return (
        exponent,
        size("a"),
        size("b"),
        drawn("r", rank_of, hypothesis("r >= 1", Ge(_r, 1))),
        drawn("t", rank_of, hypothesis("t >= 1", Ge(_t, 1))),
        drawn("c", coefficient, hypothesis("c >= 0", Ge(_c, 0))),
        drawn("d", coefficient, hypothesis("d >= 0", Ge(_d, 0))),
        *(_frame_of(name, names) for name, names in _frames.items()),
        spectrum("S", "r"),
        spectrum("T", "t"),
    )


_real_exponent = Var("m", lambda s, env: 2 + fmpq(s.integer(0, 4), s.integer(1, 3)), continuous=True)
ROOTS = cite(
    Fact(
        "Hoelder continuity of odd roots of matrices",
        Le(
            singular(_c ** (1 / _m) * _U @ _S ** (_e / _m) @ _V.T - _d ** (1 / _m) * _G @ _T ** (_e / _m) @ _H.T, 1) ** _m,
            num(2) ** (_m - 1) * singular(_c * _U @ _S**_e @ _V.T - _d * _G @ _T**_e @ _H.T, 1),
        ),
        given=(
            Ge(_m, 2),
            Gt(_e, 0),
            Ge(_c, 0),
            Ge(_d, 0),
            *(Eq(x.T @ x, eye(k)) for x, k in ((_U, _r), (_V, _r), (_G, _t), (_H, _t))),
        ),
        variables=("m", "e", "a", "b", "r", "t", "c", "d", "U", "V", "X", "Y", "S", "T"),
        kind="cited",
        source="Jocic, Norm inequalities for self-adjoint derivations, J. Funct. Anal. 145 (1997): "
        "||| |A - B|^m ||| <= 2^(m-1) ||| A |A|^(m-1) - B |B|^(m-1) ||| for self-adjoint A, B and m >= 2, "
        "at the symmetric block matrices [[0, X], [X^T, 0]]",
    ),
    Domain("pairs of decompositions", (*two_decompositions(_real_exponent), size("e", most=2))),
)


# --- existence: singular value decompositions ----------------------------------------------------------------------------
_Q, _s, _h = Family("Q", lambda place: (_n[place], _r)), scalars("s"), sym("h")
_D = mat("X", _n[_m], _n[0])
BETWEEN = Fact(
    "sizes in between are large enough",
    Ge(_n[_j], minimum(_n[0], _n[_m])),
    given=(Ge(_j, 0), Le(_j, _m)),
    variables=("j",),
    test=lambda env: min(env["n"].values()) == min(env["n"][0], env["n"][env["m"]]),
)


def _sizes(s: Source, env: Env) -> dict[int, int]:
    ends = {0: s.integer(1, 3), env["m"]: s.integer(1, 3)}
    return dict(sorted({**{k: s.integer(min(ends.values()), 3) for k in range(1, env["m"])}, **ends}.items()))


def _orthonormal(env: Env) -> bool:
    return all(matmul(transpose(q), q) == identity(env["r"]) for q in env["Q"].values())


def _squares_add_up(env: Env) -> bool:
    return bool(values_inner(env["X"], env["X"]) == sum(((env["c"] * v) ** 2 for v in env["s"].values()), fmpq(0)))


_DECOMPOSITION = Fact(
    "singular value decomposition",
    Eq(_D, _c * _Q[_m] @ _S @ _Q[0].T),
    given=(Ge(_m, 1),),
    variables=("X", "n", "m"),
    kind="cited",
    source="Horn & Johnson, Matrix Analysis, 2nd ed., Theorem 2.6.3 (thin form X = Q_m S Q_0^T; c = 0 where X = 0, and r "
    "orthonormal vectors of every size in between, as r <= min(n_0, n_m))",
    needs=(BETWEEN,),
    introduces=("r", "c", "s", "S", "Q"),
    such_that=(
        Fact("r >= 1", Ge(_r, 1)),
        Fact("c >= 0", Ge(_c, 0)),
        Fact("decomposition", Eq(_D, _c * _Q[_m] @ _S @ _Q[0].T)),
        Fact(
            "frames",
            Eq(_Q[_j].T @ _Q[_j], eye(_r)),
            given=(Ge(_j, 0), Le(_j, _m)),
            variables=("j",),
            test=_orthonormal,
        ),
        Fact(
            "S is the diagonal of the s_i",
            Eq(trace(_S**_e), total(_h, 1, _r, _s[_h] ** _e)),
            given=(Gt(_e, 0),),
            variables=("e",),
            test=lambda env: env["S"] == diagonal(list(env["s"].values())),
        ),
        Fact(
            "quasinorm by the singular values",
            Eq(schatten(_D, _e) ** _e, total(_h, 1, _r, (_c * _s[_h]) ** _e)),
            given=(Gt(_e, 0),),
            variables=("e",),
            test=_squares_add_up,
        ),
    ),
)
SINGULAR_VALUE_DECOMPOSITION = cite(
    _DECOMPOSITION,
    Domain(
        "matrices c Q_m S Q_0^T",
        (
            size("m", most=3),
            drawn("n", _sizes, positive=True),
            drawn("r", lambda s, env: s.integer(1, min(env["n"].values()))),
            Var("c", lambda s, env: fmpq(s.integer(0, 3), 2), continuous=True),
            replace(
                family("s", lambda env: range(1, env["r"] + 1), lambda s, env, _: positive(s), positive=True), continuous=True
            ),
            drawn("S", lambda s, env: diagonal(list(env["s"].values())), symmetric=True),
            drawn("Q", lambda s, env: frames(s, env["n"], env["r"])),
            derived("X", lambda env: evaluate(_c * _Q[_m] @ _S @ _Q[0].T, env)),
        ),
        (BETWEEN, *_DECOMPOSITION.such_that),
    ),
)
