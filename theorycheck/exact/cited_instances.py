"""Instances of the cited facts: domains that draw the variables of a fact so that its hypotheses hold.

What a domain declares of a variable (positive, definite, whole) a citation must meet too; the tests draw from it.
"""

from __future__ import annotations

from dataclasses import replace
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
from theorycheck.evaluate.values import Rows, evaluate
from theorycheck.models.costs import diagonal
from theorycheck.models.networks import frame, positive
from theorycheck.tree import Eq, Ge, Node, eye, mat, sym

a, b = sym("a"), sym("b")

# --- matrices and numbers ------------------------------------------------------------------------------------------------
FACTORS = Domain(
    "matrices F_1 .. F_m of sizes n_0 .. n_m, an exponent p > 0, and q <= every size",
    (
        size("m", most=3),
        widths("n", "m"),
        layers_of("F", "n", "m"),
        real("p", above=0),
        drawn("q", lambda s, env: s.integer(1, min(env["n"].values()))),
        index("j", 0, sym("m")),
    ),
)

ONE_MATRIX = Domain(
    "matrices, and q <= both sizes",
    (size("a"), size("b"), matrix("X", a, b), drawn("q", lambda s, env: s.integer(1, min(env["a"], env["b"])))),
)

TWO_OF_ONE_SHAPE = Domain("two matrices of one shape", (size("a"), size("b"), matrix("X", a, b), matrix("Z", a, b)))

PARALLEL = Domain(
    "pairs of matrices of one shape, parallel ones too",
    (
        size("a"),
        size("b"),
        matrix("A", a, b),
        drawn("B", lambda s, env: env["A"] if s.integer(0, 1) else rational_matrix(s, env["a"], env["b"])),
    ),
)

MULTIPLES = Domain(
    "matrices, numbers t >= 0, exponents",
    (size("a"), size("b"), matrix("A", a, b), real("t", at_least=0), drawn("p", lambda s, env: fmpq(s.integer(1, 12), 6))),
)

TWO_FACTORS = Domain(
    "matrices that can be multiplied",
    (size("a"), size("b"), size("c"), matrix("X", a, b), matrix("Y", b, sym("c"))),
)

NUMBERS = Domain(
    "finite families of numbers >= 0",
    (size("m", most=4), family("x", lambda env: range(1, env["m"] + 1), lambda s, env, k: abs(rational(s)))),
)

TWO_NUMBERS = Domain(
    "two numbers >= 0, and p in (0, 1]",
    (
        real("x", at_least=0),
        drawn("y", lambda s, env: env["x"] if s.integer(0, 1) else abs(rational(s))),
        drawn("p", lambda s, env: fmpq(s.integer(1, 6), 6)),
    ),
)


def _block(s: Source, env: Env, upper: bool) -> Rows:
    """Any a x b matrix, or one that is zero outside the upper left (lower right) quarter: such pairs give equality."""
    everywhere = s.integer(0, 1) == 0
    rows = rational_matrix(s, env["a"], env["b"])

    def inside(i: int, j: int) -> bool:
        return (2 * i < int(env["a"])) == upper and (2 * j < int(env["b"])) == upper

    return tuple(tuple(v if everywhere or inside(i, j) else fmpq(0) for j, v in enumerate(row)) for i, row in enumerate(rows))


BLOCKS = Domain(
    "pairs of matrices of one shape, disjoint blocks too, and p in (0, 1]",
    (
        size("a"),
        size("b"),
        drawn("p", lambda s, env: fmpq(s.integer(1, 6), 6)),
        drawn("A", lambda s, env: _block(s, env, True)),
        drawn("B", lambda s, env: _block(s, env, False)),
    ),
)


# --- pairs of singular value decompositions ------------------------------------------------------------------------------
FRAMES = {"U": ("a", "r"), "V": ("b", "r"), "X": ("a", "t"), "Y": ("b", "t")}


def is_frame(name: str) -> Node:
    """The columns of the matrix are orthonormal."""
    rows, cols = map(sym, FRAMES[name])
    return Eq(mat(name, rows, cols).T @ mat(name, rows, cols), eye(cols))


def _frame_of(name: str) -> Var:
    rows, cols = FRAMES[name]
    return drawn(name, lambda s, env: frame(s, env[rows], env[cols]), hypothesis(f"{name} is a frame", is_frame(name)))


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
        *(drawn(k, rank_of, hypothesis(f"{k} >= 1", Ge(sym(k), 1))) for k in ("r", "t")),
        *(drawn(k, coefficient, hypothesis(f"{k} >= 0", Ge(sym(k), 0))) for k in ("c", "d")),
        *map(_frame_of, FRAMES),
        spectrum("S", "r"),
        spectrum("T", "t"),
    )


REAL_EXPONENT = Var("m", lambda s, env: 2 + fmpq(s.integer(0, 4), s.integer(1, 3)), continuous=True)
PAIRS = Domain("pairs of decompositions", (*two_decompositions(REAL_EXPONENT), size("e", most=2)))


# --- one matrix in the frames of its singular value decomposition ---------------------------------------------------------
def _in_frames(*names: str) -> tuple[Var, ...]:
    """Sizes; a rank r and a number i that are at most each of them; c >= 0 and a positive diagonal S."""
    low = drawn("r", lambda s, env: s.integer(1, min(env[name] for name in names)))
    spectrum = drawn("S", lambda s, env: diagonal([positive(s) for _ in range(env["r"])]), symmetric=True)
    c = Var("c", lambda s, env: fmpq(s.integer(0, 3), 2), continuous=True)
    return (*(size(name) for name in names), low, replace(low, name="i"), c, spectrum, *map(_frame_of, "UV"))


_U, _V, _P = (mat(name, sym(rows), sym("r")) for name, rows in zip("UVQ", "abd", strict=True))
_scaled = sym("c") * mat("S", sym("r"), sym("r"))
SAME_GRAM = Domain(
    "matrices X = c U S V^T and Z = c V S Q^T with frames U, V, Q",
    (
        *_in_frames("a", "b", "d"),
        drawn("Q", lambda s, env: frame(s, env["d"], env["r"])),
        derived("X", lambda env: evaluate(_U @ _scaled @ _V.T, env)),
        derived("Z", lambda env: evaluate(_V @ _scaled @ _P.T, env)),
    ),
)
HALVES = Var("e", lambda s, env: fmpq(s.integer(1, 6), 2), continuous=True)
IN_FRAMES = Domain("matrices c U S V^T with frames U, V, and an exponent", (*_in_frames("a", "b"), HALVES))


# --- a matrix of two directions ------------------------------------------------------------------------------------------
def _column(name: str, frame_name: str, k: int) -> Var:
    return derived(name, lambda env: tuple((row[k],) for row in env[frame_name]))


TWO_DIRECTIONS = Domain(
    "matrices c u y^T + d u z^T + e v y^T + h v z^T with orthonormal u, v and y, z",
    (
        size("a", 2),
        size("b", 2),
        drawn("left", lambda s, env: frame(s, env["a"], 2)),
        drawn("right", lambda s, env: frame(s, env["b"], 2)),
        *(_column(name, "left", k) for k, name in enumerate("uv")),
        *(_column(name, "right", k) for k, name in enumerate("yz")),
        *map(real, "cdeh"),
    ),
)


# --- Gaussian matrices ----------------------------------------------------------------------------------------------------
GAUSSIAN = Domain(
    "sizes of one matrix, often a vector; its standard deviation; distances, far ones too",
    (
        Var("l", lambda s, _: 1, integer=True),
        drawn("n", lambda s, _: {0: s.integer(1, 2), 1: s.integer(1, 3)}, positive=True, integer=True),
        real("v", above=0),
        drawn("t", lambda s, _: 60 * s.integer(0, 1) + abs(rational(s)), hypothesis("t >= 0", Ge(sym("t"), 0))),
    ),
)
