"""Intervals at small sizes: coverage summed exactly or simulated, agreement with SciPy, and controls that must fail."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import numpy as np
import pytest
from scipy.stats import beta, binom

from theorycheck.certificate.interval import interval as of_a_certificate
from theorycheck.errors import InputError
from theorycheck.statistics import medians, proportions

LEVELS = (Fraction(1, 5), Fraction(1, 20), Fraction(1, 1000))


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("n", [1, 2, 5, 12])
def test_coverage_of_a_chance_is_at_least_what_is_claimed(n, level):
    """Summed over all outcomes, exactly, for a grid of chances and just inside the ends of the intervals."""
    ends = [proportions.interval(n, k, level) for k in range(n + 1)]
    grid = {Fraction(i, 40) for i in range(41)} | {e + Fraction(s, 10**7) for pair in ends for e in pair for s in (-1, 1)}
    for p in sorted(x for x in grid if 0 <= x <= 1):
        covered = [k for k, (low, high) in enumerate(ends) if low <= p <= high]
        chance = sum(comb(n, k) * p**k * (1 - p) ** (n - k) for k in covered)
        assert chance >= 1 - level


def coverage(shrink, level=Fraction(1, 5), n=12):
    """The least coverage of intervals whose half widths are multiplied by `shrink`."""

    def shrunk(k):
        low, high = proportions.interval(n, k, level)
        middle = (low + high) / 2
        return middle - shrink * (middle - low), middle + shrink * (high - middle)

    ends = [shrunk(k) for k in range(n + 1)]
    chances = [Fraction(i, 400) for i in range(1, 400)]
    return min(sum(comb(n, k) * p**k * (1 - p) ** (n - k) for k, (a, b) in enumerate(ends) if a <= p <= b) for p in chances)


def test_narrower_intervals_do_not_cover():
    """The control: the same sum finds intervals that are a quarter too short."""
    assert coverage(Fraction(1)) >= Fraction(4, 5) > coverage(Fraction(3, 4))


def test_the_normal_approximation_does_not_cover():
    """Another control: p +- 1.96 sqrt(p (1 - p) / n) covers a chance of 1/50 in less than half of the cases for n = 12."""
    n, p = 12, 0.02
    k = np.arange(n + 1)
    half = 1.96 * np.sqrt(k / n * (1 - k / n) / n)
    inside = (k / n - half <= p) & (p <= k / n + half)
    assert binom.pmf(k, n, p)[inside].sum() < 0.5


@pytest.mark.parametrize("level", LEVELS)
def test_agreement_with_the_beta_distribution(level):
    for n, k in ((1, 0), (7, 7), (20, 3), (300, 299)):
        low, high = proportions.interval(n, k, level)
        tail = float(level) / 2
        assert float(low) == pytest.approx(beta.ppf(tail, k, n - k + 1) if k else 0.0, abs=1.1e-6)
        assert float(high) == pytest.approx(beta.ppf(1 - tail, k + 1, n - k) if k < n else 1.0, abs=1.1e-6)
        assert low <= Fraction(k, n) <= high


def test_a_certificate_has_the_same_interval():
    assert of_a_certificate(20, 3) == proportions.interval(20, 3, Fraction(1, 20))


def test_tails_are_exact():
    assert proportions.at_least(3, 2, Fraction(1, 2)) == Fraction(1, 2)
    assert proportions.at_least(3, 0, Fraction(1, 3)) == 1
    for n, k, p in ((9, 2, Fraction(1, 7)), (9, 8, Fraction(1, 7)), (40, 20, Fraction(2, 3))):
        assert float(proportions.at_least(n, k, p)) == pytest.approx(binom.sf(k - 1, n, float(p)), rel=1e-12)


@pytest.mark.parametrize(("n", "k", "level"), [(0, 0, LEVELS[0]), (3, 4, LEVELS[0]), (3, -1, LEVELS[0]), (3, 1, Fraction(0))])
def test_counts_that_make_no_sense(n, k, level):
    with pytest.raises(InputError, match="give 0 <= holds <= tries"):
        proportions.interval(n, k, level)


# --- medians ------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("level", LEVELS)
def test_ranks_are_the_largest_that_the_level_admits(level):
    for n in range(1, 60):
        k = medians.rank(n, level)
        assert 2 * k <= n
        for rank, admitted in ((k, True), (k + 1, False)):
            tail = sum(Fraction(comb(n, j), 2**n) for j in range(rank))
            assert (2 * tail <= level) is admitted or 2 * rank > n
    assert medians.rank(medians.smallest_sample(level), level) == 1
    assert medians.rank(medians.smallest_sample(level) - 1, level) == 0


@pytest.mark.parametrize("law", ["normal", "cauchy", "exponential", "two values"])
def test_coverage_of_a_median(law):
    """Simulated at level 1/5 for samples of 9; a heavy tail and ties make no difference."""
    rng, tries, level = np.random.default_rng(9), 4000, Fraction(1, 5)
    draw = {
        "normal": lambda: rng.normal(size=9),
        "cauchy": lambda: rng.standard_cauchy(size=9),
        "exponential": lambda: rng.exponential(size=9) - np.log(2),
        "two values": lambda: rng.integers(-1, 1, size=9).astype(float),  # -1 and 0, each with chance 1/2: 0 is a median
    }[law]
    covered = sum(a <= 0 <= b for a, b in (medians.interval(list(draw()), level) for _ in range(tries)))
    assert covered / tries >= 0.8 - 0.02


def test_a_sample_that_is_too_small_has_no_interval():
    assert medians.interval([1.0, 2.0], Fraction(1, 20)) is None
    assert medians.interval([], Fraction(1, 20)) is None
    assert medians.interval([3.0, 1.0, 2.0, 5.0, 4.0, 6.0], Fraction(1, 20)) == (1.0, 6.0)
