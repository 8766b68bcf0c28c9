"""Exponents of power laws: coverage, sizes that are not yet asymptotic, laws of another exponent, which must be told apart."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from theorycheck.errors import InputError
from theorycheck.statistics import slopes

SIZES = (8, 16, 32, 64, 128)
LEVEL = Fraction(1, 5)


def samples(rng, exponent=-0.5, n=25, sizes=SIZES, extra=0.0, noise=0.5):
    """y = w^exponent (1 + extra / w) times a log-normal factor of median 1."""
    return {w: list(w**exponent * (1 + extra / w) * np.exp(noise * rng.normal(size=n))) for w in sizes}


def test_coverage_of_a_slope():
    rng, tries = np.random.default_rng(3), 400
    found = [slopes.fit(samples(rng), LEVEL) for _ in range(tries)]
    assert sum(f is not None and f.low <= -0.5 <= f.high for f in found) / tries >= 0.8


def test_coverage_with_heavy_tails():
    rng, tries = np.random.default_rng(4), 200
    heavy = lambda: {w: list(w**-0.5 * np.exp(0.3 * rng.standard_cauchy(size=25).clip(-50, 50))) for w in SIZES}  # noqa: E731
    found = [slopes.fit(heavy(), LEVEL) for _ in range(tries)]
    assert sum(f is not None and f.low <= -0.5 <= f.high for f in found) / tries >= 0.8


@pytest.mark.parametrize("exponent", [-0.25, -0.75])
def test_another_exponent_is_told_apart(exponent):
    """The control: with enough values the interval leaves -1/2 out."""
    found = slopes.fit(samples(np.random.default_rng(5), exponent, n=200), Fraction(1, 10**6))
    assert found is not None
    assert not found.low <= -0.5 <= found.high
    assert found.low <= exponent <= found.high


def test_sizes_that_are_not_asymptotic_are_dropped():
    """y ~ w^(-1/2) (1 + 40/w) falls like w^(-3/2) at first."""
    sizes = tuple(2 * 8**k for k in range(6))
    found = slopes.fit(samples(np.random.default_rng(6), n=200, sizes=sizes, extra=40.0, noise=0.2), LEVEL)
    assert found is not None
    assert set(found.dropped) >= {2, 16}
    assert found.low - 0.02 <= -0.5 <= found.high + 0.02
    assert "without 2, 16" in str(found)


def test_a_curve_that_never_straightens_has_no_slope():
    values = {w: list(np.exp(np.log(w) ** 3 / 10 + 0.01 * np.random.default_rng(w).normal(size=40))) for w in (2, 4, 8, 16, 32)}
    assert slopes.fit(values, LEVEL) is None


def test_too_few_values_or_sizes():
    rng = np.random.default_rng(7)
    assert slopes.fit(samples(rng, n=3), Fraction(1, 100)) is None
    assert slopes.fit(samples(rng, sizes=(8, 16)), LEVEL) is None
    for values, why in (
        ({8: [0.0] * 9, 16: [1.0] * 9, 32: [1.0] * 9}, "not positive"),
        ({8: [1.0] * 8, 16: [1.0] * 9, 32: [1.0] * 9}, "different numbers"),
        ({8: [1.0] * 9, 16: [1.0] * 9, 40: [1.0] * 9}, "equally spaced"),
    ):
        with pytest.raises(InputError, match=why):
            slopes.fit(values, LEVEL)


def test_the_estimate_is_the_median_of_least_squares():
    values = samples(np.random.default_rng(12), n=25)
    found = slopes.fit(values, LEVEL)
    assert found is not None
    logs = np.log([values[w] for w in found.sizes])
    assert found.estimate == pytest.approx(np.median(np.polyfit(np.log(found.sizes), logs, 1)[0]))
    exact = slopes.fit({w: [w**-0.5] * 20 for w in SIZES}, LEVEL)
    assert exact is not None
    assert (exact.estimate, exact.low, exact.high) == pytest.approx((-0.5, -0.5, -0.5))


def test_a_skew_law_has_the_right_exponent():
    """Errors with one long tail, the same at all sizes: the median of the slopes is still the exponent."""
    rng, tries = np.random.default_rng(13), 300
    skew = lambda: {w: list(w**-0.5 * np.exp(rng.exponential(size=25) ** 2)) for w in SIZES}  # noqa: E731
    found = [slopes.fit(skew(), LEVEL) for _ in range(tries)]
    assert sum(f is not None and f.low <= -0.5 <= f.high for f in found) / tries >= 0.8 - 0.05
