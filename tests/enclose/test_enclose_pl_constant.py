"""The best PL constant of a quadratic cost on a ball, against a search over many points of the ball."""

from __future__ import annotations

import numpy as np
import pytest
from flint import fmpq, fmpq_mat

from theorycheck.enclose.pl_constant import best_pl_constant, holds, ratio


def brute(H, o, r, count=200_000, seed=0):
    """The least ratio |H y|^2 / y^T H y among random points of the ball, half of them on its sphere."""
    rng = np.random.default_rng(seed)
    z = rng.normal(size=(count, len(o)))
    z *= (r * np.where(rng.random(count) < 0.5, 1.0, rng.random(count)) / np.linalg.norm(z, axis=1))[:, None]
    y = np.concatenate([o + z, o - z * (np.linalg.norm(o) < r)])
    slopes = y @ H
    gaps = np.sum(y * slopes, axis=1)
    return float(np.min(np.sum(slopes**2, axis=1)[gaps > 1e-12] / gaps[gaps > 1e-12]))


CASES = {
    "far from the minimum": ([[1, 0], [0, 4]], [0, 3], 1),
    "along the steep axis": ([[1, 0], [0, 9]], [0, 5], 2),
    "between the axes": ([[2, 1], [1, 3]], [4, 1], 1),
    "around the minimum": ([[1, 0], [0, 4]], [0, 0], 1),
    "on the border of the minimum": ([[1, 0], [0, 4]], [0, 1], 2),
    "a flat direction": ([[0, 0, 0], [0, 1, 0], [0, 0, 4]], [7, 0, 3], 1),
    "three directions": ([[3, 1, 0], [1, 2, 0], [0, 0, 5]], [1, -2, 2], 1),
    "one direction": ([[2]], [5], 1),
}


@pytest.mark.parametrize("name", CASES)
def test_the_bracket_holds_what_a_search_finds(name):
    rows, offset, radius = CASES[name]
    H, o, r = fmpq_mat(rows), [fmpq(x) for x in offset], fmpq(radius)
    found = best_pl_constant(H, o, r)
    searched = brute(np.array(rows, dtype=float), np.array(offset, dtype=float), float(radius))
    low, high = float(found.low), float(found.high)
    assert low <= searched * (1 + 1e-9)
    assert high <= searched * (1 + 1e-6)
    assert 0 <= high - low <= 1e-5 * high
    assert ratio(H, found.point) == found.high
    assert sum((a - b) ** 2 for a, b in zip(found.point, o, strict=True)) <= r**2
    assert not holds(H, o, r, found.high * fmpq(1001, 1000))
    assert holds(H, o, r, found.low * fmpq(999, 1000))


def test_known_constants():
    """Around its minimum the constant is the least positive curvature; at distance d on an axis, that of the tangent cone."""
    around = best_pl_constant(fmpq_mat([[1, 0], [0, 4]]), [fmpq(0)] * 2, fmpq(1))
    assert float(around.low) == pytest.approx(1, rel=1e-6)
    # y = (x, z) with x^2 = t z^2: (t + 16)/(t + 4); the ball |y - (0, 3)| <= 1 reaches t = 1/8
    far = best_pl_constant(fmpq_mat([[1, 0], [0, 4]]), [fmpq(0), fmpq(3)], fmpq(1))
    assert float(far.low) == pytest.approx((1 / 8 + 16) / (1 / 8 + 4), rel=1e-6)


def test_what_is_no_quadratic_cost_is_refused():
    one = [fmpq(1)]
    for hessian, radius in ((fmpq_mat([[-1]]), 1), (fmpq_mat([[0]]), 1), (fmpq_mat([[1]]), 0)):
        with pytest.raises(ValueError, match="positive semidefinite"):
            best_pl_constant(hessian, one, fmpq(radius))
