"""How samples are designed: the risk of a false alarm and its shares, sizes from a pilot, seeds from a claim's id.

A false alarm is an interval that misses what it is about. All comparisons of the suite together are to have a risk below
SUITE; there are at most COMPARISONS of them (a test counts), so each has the level SHARE.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256
from math import ceil

from theorycheck.statement import Check
from theorycheck.statistics import medians, proportions, slopes
from theorycheck.verdict import Evidence

SUITE = Fraction(1, 10**6)
COMPARISONS = 1000
SHARE = SUITE / COMPARISONS
SAID = "each interval misses with a chance of at most 1e-9; at most 1000 in the suite: one false alarm has a chance below 1e-6"
PILOT_LEVEL = Fraction(1, 10)


@dataclass(frozen=True)
class Sampled:
    """A leg that samples: it says how many comparisons at the level SHARE it makes, so that they can be counted."""

    comparisons: int
    run: Callable[[Check], Evidence]

    def __call__(self, check: Check) -> Evidence:
        return self.run(check)


def seed_of(check: Check, purpose: str) -> int:
    """A seed from the claim's id, the seed of the run and what it is for: a pilot shares no draw with the sample."""
    return _seed(check.claim.id, check.seed, purpose)


def shared_seed(check: Check, purpose: str) -> int:
    """A seed from the statement's id, for runs that its claims share: the risks of their comparisons add up all the same."""
    return _seed(check.claim.id.split(".")[0], check.seed, purpose)


def _seed(*parts: object) -> int:
    return int.from_bytes(sha256(":".join(map(str, parts)).encode()).digest()[:7], "big")


def size_for_chance(tries: int, holds: int, threshold: Fraction, most: int, level: Fraction = SHARE) -> int:
    """How many draws should tell on which side of the threshold a chance is, from a pilot's counts; at most `most`.

    The size at which the interval of the expected counts leaves the threshold out, the chance being the end of the pilot's
    interval nearest to the threshold; `most` where the pilot leaves it open.
    """
    low, high = proportions.interval(tries, holds, PILOT_LEVEL)
    near = low if low > threshold else high if high < threshold else None
    n = 8
    while n < most and (near is None or not _tells(n, near, threshold, level)):
        n = ceil(Fraction(5, 4) * n)
    return min(n, most)


def _tells(n: int, p: Fraction, threshold: Fraction, level: Fraction) -> bool:
    expected = int(n * p) if p > threshold else ceil(n * p)
    low, high = proportions.interval(n, expected, level)
    return low > threshold if p > threshold else high < threshold


def size_for_slope(spread: float, sizes: int, margin: float, most: int, level: Fraction = SHARE) -> int:
    """How many replicates should give the median of their slopes to within `margin`, from a pilot's spread; at most `most`.

    `spread` is the distance of the quartiles of the slopes over so many `sizes`. The interval takes the middle part of the
    ordered values, a fraction f of them; about the median they are as dense as the quartiles say, so that its half width is
    f times the spread.
    """
    level = slopes.shared(level, sizes)
    n = max(medians.smallest_sample(level), 2 * medians.smallest_sample(slopes.LOOK))
    while n < most and spread * (1 - 2 * medians.rank(n, level) / n) > margin:
        n = ceil(1.25 * n)
    return min(n, most)
