"""Shares of the risk, sample sizes from a pilot, seeds."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from theorycheck import collect
from theorycheck.statement import Check
from theorycheck.statistics import design, medians, proportions, slopes


def all_legs():
    return [(c.id, leg) for s in collect.paper() for c in s.claims for leg in c.legs]


def test_the_comparisons_of_the_suite_are_no_more_than_were_shared_out():
    """The chance of one false alarm over the whole suite is below 1e-6: the shares add up to at most that."""
    made = sum(leg.run.comparisons for _, leg in all_legs() if isinstance(leg.run, design.Sampled))
    assert made * design.SHARE <= design.SUITE == Fraction(1, 10**6)


def test_every_leg_that_samples_says_how_many_comparisons_it_makes():
    assert [i for i, leg in all_legs() if leg.kind == "sample" and not isinstance(leg.run, design.Sampled)] == []


def test_what_is_said_is_what_is_done():
    assert float(design.SHARE) == 1e-9
    assert "1e-9" in design.SAID
    assert f"at most {design.COMPARISONS}" in design.SAID
    assert "below 1e-6" in design.SAID


def check(seed=0, number=0):
    claim = collect.paper()[number].claims[0]
    return Check(claim, claim.tree(), claim.values(), "quick", seed)


def test_seeds_depend_on_the_claim_the_run_and_the_purpose():
    made = [
        design.seed_of(check(), "sample"),
        design.seed_of(check(), "pilot"),
        design.seed_of(check(seed=1), "sample"),
        design.seed_of(check(number=1), "sample"),
    ]
    assert len(set(made)) == len(made)
    assert made[0] == design.seed_of(check(), "sample")
    assert all(0 <= s < 2**56 for s in made)


def test_a_size_for_a_chance_is_large_enough_and_grows_near_the_threshold():
    half = Fraction(1, 2)
    sizes = [design.size_for_chance(40, k, half, 5000, Fraction(1, 1000)) for k in (40, 36, 30)]
    assert sizes == sorted(sizes)
    for k, n in zip((40, 36, 30), sizes, strict=True):
        near = proportions.interval(40, k, design.PILOT_LEVEL)[0]
        if n < 5000:
            assert proportions.interval(n, int(n * near), Fraction(1, 1000))[0] > half
    assert design.size_for_chance(40, 20, half, 300) == 300  # the pilot leaves it open
    below = design.size_for_chance(40, 0, half, 5000)
    assert proportions.interval(below, 0, design.SHARE)[1] < half


def test_a_size_that_a_pilot_gives_tells_at_the_promised_level():
    """Simulated: a true chance of 0.9 against the threshold 1/2, pilot and sample apart; most runs tell, none falsely."""
    rng, told, level = np.random.default_rng(8), 0, Fraction(1, 1000)
    for _ in range(60):
        n = design.size_for_chance(20, int(rng.binomial(20, 0.9)), Fraction(1, 2), 400, level)
        low, high = proportions.interval(n, int(rng.binomial(n, 0.9)), level)
        told += low > Fraction(1, 2)
        assert high >= Fraction(1, 2)
    assert told >= 45


def test_a_size_for_a_slope():
    level, widths = Fraction(1, 1000), (8, 16, 32, 64, 128)
    rng, deviation = np.random.default_rng(10), float(np.std(np.log(widths))) * 5**0.5
    for noise in (0.2, 1.0):
        n = design.size_for_slope(1.349 * noise / deviation, len(widths), 0.15, 5000, level)
        assert n >= medians.smallest_sample(level / 3)
        found = slopes.fit({w: list(w**-0.5 * np.exp(noise * rng.normal(size=n))) for w in widths}, level)
        assert found is not None
        assert found.high - found.estimate < 0.3
    assert design.size_for_slope(100.0, 5, 0.01, 70, level) == 70
