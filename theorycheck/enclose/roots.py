"""Certified zeros of square systems of equations by Krawczyk's test.

K(X) = x - Y F(x) + (I - Y F'(X)) (X - x) with x in X and Y any matrix, here nearly F'(x)^-1. If K(X) lies in the
interior of X, then X holds exactly one zero of F, and it lies in K(X) (Krawczyk 1969; Neumaier, "Interval Methods for
Systems of Equations", 1990, Section 5.1): x - Y F(x) maps X into K(X), and it contracts.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flint import arb, arb_mat, ctx

from theorycheck.enclose.precision import Real, ball, finite

System = Callable[[arb_mat], arb_mat]


@dataclass(frozen=True)
class Zero:
    """A certified zero: `box` (n, 1) contains it, and it is the only zero in `unique_in` (n, 1)."""

    box: arb_mat
    unique_in: arb_mat


def certify_zero(f: System, jacobian: System, near: Sequence[Real], attempts: int = 8) -> Zero | None:
    """The zero of f near a point, or None when no test succeeded (which says nothing about zeros).

    `f` maps an (n, 1) matrix of balls to (n, 1), `jacobian` to (n, n); both must enclose their ranges. The point is
    first improved by Newton's method; the test then runs on growing boxes around it, `attempts` times.
    Raises ValueError when the shapes do not fit.
    """
    x = _polish(f, jacobian, arb_mat([[ball(v).mid()] for v in near]))
    y = _approximate_inverse(jacobian(x))
    if y is None:
        return None
    for attempt in range(attempts):
        trial = _inflate(x, y * f(x), attempt)
        image = _krawczyk(f, jacobian, x, y, trial)
        if _interior(image, trial):
            return Zero(image, trial)
    return None


def _polish(f: System, jacobian: System, x: arb_mat) -> arb_mat:
    """Newton steps on midpoints; stops where the next step would not be finite. Nothing is claimed about the result."""
    if f(x).nrows() != x.nrows() or (jacobian(x).nrows(), jacobian(x).ncols()) != (x.nrows(), x.nrows()):
        raise ValueError(f"a point of length {x.nrows()} needs as many equations and a square Jacobian")
    for _ in range(ctx.prec.bit_length() + 2):
        y = _approximate_inverse(jacobian(x))
        step = None if y is None else x - y * f(x)
        if step is None or not all(finite(v) for v in step.entries()):
            break
        x = step.mid()
    return x


def _approximate_inverse(j: arb_mat) -> arb_mat | None:
    try:
        inverse = j.mid().inv()
    except ZeroDivisionError:
        return None
    return inverse.mid() if all(finite(v) for v in inverse.entries()) else None


def _inflate(x: arb_mat, step: arb_mat, attempt: int) -> arb_mat:
    """A box around x, a few times the Newton step, and never thinner than the rounding error."""
    tiny = arb(2) ** (4 - ctx.prec)
    size = max((abs(v).upper() for v in step.entries()), default=tiny)
    return arb_mat([[v + arb(0, ((2 * size + tiny * (1 + abs(v))) * 16**attempt).upper())] for v in x.entries()])


def _krawczyk(f: System, jacobian: System, x: arb_mat, y: arb_mat, box: arb_mat) -> arb_mat:
    n = x.nrows()
    identity = arb_mat(n, n, [arb(int(i == j)) for i in range(n) for j in range(n)])
    return x - y * f(x) + (identity - y * jacobian(box)) * (box - x)


def _interior(image: arb_mat, box: arb_mat) -> bool:
    pairs = zip(image.entries(), box.entries(), strict=True)
    return all(finite(a) and finite(b) and bool(b.contains_interior(a)) for a, b in pairs)
