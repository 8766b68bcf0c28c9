"""Working precision, conversion to balls, and decisions that a NaN cannot win.

A ball ``arb(m, r)`` stands for some real number in [m - r, m + r]; an operation returns a ball that contains every
possible result (Johansson, "Arb: efficient arbitrary-precision midpoint-radius interval arithmetic", 2017).
Traps, each pinned by a test:

- ``arb(0, 1) ** 2`` is NaN, because a general power takes a logarithm: write ``x * x`` or `square`.
- ``arb.nan().contains(7)`` is True and every comparison with NaN is False: ask `finite` before any containment.
- ``arb(1) == arb(1, 0.1)`` and ``!=`` are both False; two overlapping balls are never known to be equal.
- ``arb(0).union(arb(1))`` reaches about 1e-9 below 0, since a radius has 30 bits: see `hull`.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction
from typing import TypeAlias

from flint import arb, arb_mat, ctx, fmpq, fmpq_mat, fmpz

Real: TypeAlias = int | Fraction | fmpq | fmpz | arb
Matrix: TypeAlias = arb_mat | fmpq_mat | Sequence[Sequence[Real]]


@contextmanager
def working(bits: int) -> Iterator[None]:
    """Compute with `bits` bits inside the block; precision and series cap are as before afterwards, also on errors.

    Raises ValueError for fewer than 2 bits.
    """
    if bits < 2:
        raise ValueError(f"working precision must be at least 2 bits, got {bits}")
    before, cap = ctx.prec, ctx.cap
    ctx.prec = bits
    try:
        yield
    finally:
        ctx.prec, ctx.cap = before, cap


def ball(x: Real) -> arb:
    """The number as a ball at the current precision. A float raises TypeError: 0.1 is not a tenth."""
    if isinstance(x, Fraction):
        return arb(fmpq(x.numerator, x.denominator))
    if isinstance(x, bool) or not isinstance(x, int | fmpq | fmpz | arb):
        raise TypeError(f"expected an integer, a rational or a ball, got {x!r} of type {type(x).__name__}")
    return arb(x)


def rational(x: Real) -> fmpq:
    """The exact rational number. Raises ValueError for a ball of positive radius, TypeError for a float."""
    if isinstance(x, Fraction):
        return fmpq(x.numerator, x.denominator)
    if isinstance(x, arb):
        if not (x.is_finite() and x.is_exact()):
            raise ValueError(f"expected an exact number, got the ball {x}")
        return x.fmpq()
    ball(x)  # refuses other types with its message
    return fmpq(x)


def balls(a: Matrix) -> arb_mat:
    """The matrix (m, n) as balls at the current precision. Raises ValueError for ragged rows, TypeError for floats."""
    if isinstance(a, arb_mat):
        return a
    if isinstance(a, fmpq_mat):
        return arb_mat(a)
    if len({len(row) for row in a}) > 1:
        raise ValueError("the rows of a matrix must have equal lengths")
    return arb_mat([[ball(x) for x in row] for row in a])


def exact_matrix(a: Matrix) -> fmpq_mat | None:
    """The matrix (m, n) as rationals when every entry is exact and finite, else None."""
    if isinstance(a, fmpq_mat):
        return a
    rows = balls(a).tolist() if isinstance(a, arb_mat) else a
    if any(isinstance(x, arb) and not (x.is_finite() and x.is_exact()) for row in rows for x in row):
        return None
    return fmpq_mat([[rational(x) for x in row] for row in rows])


def finite(x: arb) -> bool:
    """Whether midpoint and radius are finite: only then does the ball say anything."""
    return bool(x.is_finite())


def decide_sign(x: Real) -> int | None:
    """+1 or -1 when certain, 0 when the ball is exactly zero, None when undecided (NaN and infinite radii too)."""
    value = ball(x)
    if not finite(value):
        return None
    if value > 0:
        return 1
    if value < 0:
        return -1
    return 0 if value.is_zero() else None


def definitely_less(a: Real, b: Real) -> bool:
    """True only if every number in `a` lies below every number in `b`; False also when nothing is known."""
    return decide_sign(ball(b) - ball(a)) == 1


def inside(inner: Real, outer: Real) -> bool:
    """True only if both are finite and `outer` contains all of `inner`; a rational `inner` is taken exactly."""
    b = ball(outer)
    if not isinstance(inner, arb):
        return finite(b) and bool(b.contains(rational(inner)))
    return finite(inner) and finite(b) and bool(b.contains(inner))


def hull(lo: Real, hi: Real) -> arb:
    """A ball that contains [lo, hi]; it does not reach below zero when `lo` is not negative."""
    low = ball(lo)
    both = low.union(ball(hi))
    return both.nonnegative_part() if low >= 0 else both


def square(x: arb) -> arb:
    """x^2, never negative and never NaN for a finite ball."""
    return (x * x).nonnegative_part()


def root(x: arb) -> arb:
    """Square root of a number known to be >= 0, whose ball may reach below zero by rounding."""
    return x.nonnegative_part().sqrt() if finite(x) else arb.nan()


def power(x: arb, p: arb) -> arb:
    """x^p for a number known to be >= 0 and p > 0; 0^p = 0, and a ball that touches zero gives [0, upper^p].

    Raises ValueError when p is not certainly positive.
    """
    if decide_sign(p) != 1:
        raise ValueError(f"the exponent must be positive, got {p}")
    if not finite(x):
        return arb.nan()
    if x > 0:
        return x**p
    top = x.upper()
    return hull(0, top**p) if top > 0 else arb(0)


def norm(x: Sequence[arb]) -> arb:
    """Euclidean norm of a vector of balls."""
    return root(sum((square(v) for v in x), arb(0)))
