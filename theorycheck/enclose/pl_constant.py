"""The best PL constant of a quadratic cost on a ball, bracketed.

C(x) = 1/2 (x - m)^T H (x - m) + least, H positive semidefinite. With y = x - m, |grad C|^2 / 2 >= beta (C - C_min) on the
ball says that the form M = H^2 - beta H is >= 0 for all |y - o| <= r, o = centre - m. By the S-lemma (Polik and Terlaky,
SIAM Review 49 (2007), Theorem 2.2; lossless for r > 0) that holds if and only if for some mu >= 0

    [[M + mu I, -mu o], [-mu o^T, mu (|o|^2 - r^2)]]  is positive semidefinite.

Floats propose mu and a point y; that the matrix is positive semidefinite, and the ratio at y, are decided in rationals.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from flint import fmpq, fmpq_mat
from numpy.typing import NDArray

from theorycheck.enclose.linear import is_positive_semidefinite

Floats = NDArray[np.float64]
DIGITS = 10**12  # of what floats propose


@dataclass(frozen=True)
class Bracket:
    """low: C is low-PL on the ball, proved; high: the ratio |grad C|^2 / (2 (C - C_min)) at `point`, a y of the ball, or None
    where the bisection met no point that tells."""

    low: fmpq
    high: fmpq | None
    point: tuple[fmpq, ...]


def best_pl_constant(hessian: fmpq_mat, offset: Sequence[fmpq], radius: fmpq, steps: int = 40) -> Bracket:
    """Bracket the largest beta for which the cost is beta-PL on the ball of `radius` around minimizer + `offset`.

    hessian: symmetric positive semidefinite and not 0, (n, n), rational; offset: n rationals; steps: of the bisection, each of
    which asks the exact test once. Raises ValueError for another hessian, or a radius that is not positive.
    """
    if radius <= 0 or hessian != hessian.transpose() or not is_positive_semidefinite(hessian) or not hessian.rank():
        raise ValueError("a positive radius and a symmetric positive semidefinite Hessian that is not 0 are needed")
    low, unproved = fmpq(0), sum((hessian[i, i] for i in range(hessian.nrows())), fmpq(0))  # >= the largest eigenvalue
    high, point = ratio(hessian, offset), tuple(offset)
    for _ in range(steps):
        beta = (low + unproved) / 2
        if holds(hessian, offset, radius, beta):
            low = beta
            continue
        unproved = beta
        y = _lowest(hessian, offset, radius, beta)
        found = ratio(hessian, y)
        if found is not None and (high is None or found < high):
            high, point = found, y
    return Bracket(low, high, point)


def ratio(hessian: fmpq_mat, y: Sequence[fmpq]) -> fmpq | None:
    """|H y|^2 / (y^T H y); None at a minimizer."""
    column = fmpq_mat(len(y), 1, list(y))
    slope = hessian * column
    gap = (column.transpose() * slope)[0, 0]
    return (slope.transpose() * slope)[0, 0] / gap if gap else None


def holds(hessian: fmpq_mat, offset: Sequence[fmpq], radius: fmpq, beta: fmpq) -> bool:
    """Whether the cost is proved to be beta-PL on the ball, for one of the proposed mu; False says nothing."""
    form = hessian * hessian - beta * hessian
    return any(is_positive_semidefinite(_pencil(form, offset, radius, mu)) is True for mu in _multipliers(form, offset, radius))


def _pencil(form: fmpq_mat, offset: Sequence[fmpq], radius: fmpq, mu: fmpq) -> fmpq_mat:
    n = form.nrows()
    corner = sum((x * x for x in offset), fmpq(0)) - radius**2
    rows = [[form[i, j] + (mu if i == j else 0) for j in range(n)] + [-mu * offset[i]] for i in range(n)]
    return fmpq_mat([*rows, [*(-mu * x for x in offset), mu * corner]])


def _multipliers(form: fmpq_mat, offset: Sequence[fmpq], radius: fmpq) -> list[fmpq]:
    """0, and where the least eigenvalue of the pencil, which is concave in mu, is largest."""
    start, slope = (np.array(_pencil(form, offset, radius, fmpq(mu)).tolist(), dtype=float) for mu in (0, 1))
    slope = slope - start

    def least(mu: float) -> float:
        return float(np.linalg.eigvalsh(start + mu * slope)[0])

    low, high = 0.0, 10 * (1 + float(np.abs(start).sum()))
    for _ in range(100):
        a, b = low + (high - low) / 3, high - (high - low) / 3
        low, high = (a, high) if least(a) < least(b) else (low, b)
    return [fmpq(0), _rational((low + high) / 2)]


def _lowest(hessian: fmpq_mat, offset: Sequence[fmpq], radius: fmpq, beta: fmpq) -> tuple[fmpq, ...]:
    """A point y of the ball where the form is nearly least: o + z with (M + mu I) z = -M o, |z| <= r."""
    H = np.array(hessian.tolist(), dtype=float)
    values, basis = np.linalg.eigh(H @ H - float(beta) * H)
    o, r = np.array([float(x) for x in offset]), float(radius)
    pull = -values * (basis.T @ o)
    low = max(0.0, -float(values[0]))
    high = low + float(np.linalg.norm(pull)) / r + 1e-300
    for _ in range(200):
        mu = (low + high) / 2
        long = np.linalg.norm(_step(values, pull, mu)) > r
        low, high = (mu, high) if long else (low, mu)
    z = _step(values, pull, high)
    z[0] += np.sqrt(max(0.0, float(r**2 - z @ z))) * (1 if z[0] + (basis.T @ o)[0] >= 0 else -1)  # the hard case: there is room
    z = basis @ z * (1 - 1e-9) if np.linalg.norm(z) > 0 else z
    y = tuple(x + _rational(float(v)) for x, v in zip(offset, z, strict=True))
    inside = sum(((a - b) ** 2 for a, b in zip(y, offset, strict=True)), fmpq(0)) <= radius**2
    return y if inside else tuple(offset)


def _step(values: Floats, pull: Floats, mu: float) -> Floats:
    shifted = values + mu
    return np.where(shifted > 0, pull / np.where(shifted > 0, shifted, 1.0), 0.0)


def _rational(x: float) -> fmpq:
    found = Fraction(x).limit_denominator(DIGITS)
    return fmpq(found.numerator, found.denominator)
