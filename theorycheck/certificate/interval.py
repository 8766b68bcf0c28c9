"""The interval of a certificate for evidence by counting: Clopper and Pearson at the level 1/20."""

from __future__ import annotations

from fractions import Fraction

from theorycheck.statistics import proportions

CONFIDENCE = Fraction(19, 20)


def interval(tries: int, holds: int) -> tuple[Fraction, Fraction]:
    """The ends at the level CONFIDENCE, for `holds` successes in `tries` independent draws."""
    return proportions.interval(tries, holds, 1 - CONFIDENCE)
