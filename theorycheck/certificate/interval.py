"""The interval of Clopper and Pearson for a chance, from counts: exact, with ends in millionths that are rounded outwards."""

from __future__ import annotations

from fractions import Fraction
from math import comb

PARTS = 10**6
CONFIDENCE = Fraction(19, 20)


def interval(tries: int, holds: int) -> tuple[Fraction, Fraction]:
    """The ends at the level CONFIDENCE, for `holds` successes in `tries` independent draws."""
    return _low(tries, holds), 1 - _low(tries, tries - holds)


def _low(n: int, k: int) -> Fraction:
    """The largest p, in millionths, at which k or more successes have at most the chance (1 - CONFIDENCE) / 2."""
    low, high = 0, PARTS
    while k and high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _rare(n, k, Fraction(middle, PARTS)) else (low, middle)
    return Fraction(low, PARTS)


def _rare(n: int, k: int, p: Fraction) -> bool:
    q, a, b = p.denominator, p.numerator, p.denominator - p.numerator
    fewer, whole = sum(comb(n, j) * a**j * b ** (n - j) for j in range(k)), int(q**n)  # in units of q^-n
    return bool(whole - fewer <= (1 - CONFIDENCE) / 2 * whole)
