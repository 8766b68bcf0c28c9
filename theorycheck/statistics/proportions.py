"""The interval of Clopper and Pearson for a chance, from counts: exact, with ends in millionths that are rounded outwards."""

from __future__ import annotations

from fractions import Fraction
from math import comb

from theorycheck.errors import InputError

PARTS = 10**6


def interval(tries: int, holds: int, level: Fraction) -> tuple[Fraction, Fraction]:
    """The ends for `holds` successes in `tries` independent draws; the chance lies outside with probability at most `level`."""
    if not 0 <= holds <= tries or tries < 1 or not 0 < level < 1:
        raise InputError(f"holds: {holds} of {tries} draws, level {level}; give 0 <= holds <= tries, tries >= 1, 0 < level < 1")
    return _low(tries, holds, level / 2), 1 - _low(tries, tries - holds, level / 2)


def _low(n: int, k: int, tail: Fraction) -> Fraction:
    """The largest p, in millionths, at which k or more successes have at most the chance `tail`."""
    low, high = 0, PARTS
    while k and high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if at_least(n, k, Fraction(middle, PARTS)) <= tail else (low, middle)
    return Fraction(low, PARTS)


def at_least(n: int, k: int, p: Fraction) -> Fraction:
    """The chance of k or more successes in n draws, each with the chance p."""
    q, a, b = p.denominator, p.numerator, p.denominator - p.numerator
    below = k <= n - k
    counts = range(k) if below else range(k, n + 1)
    cases = Fraction(sum(comb(n, j) * a**j * b ** (n - j) for j in counts), q**n)
    return 1 - cases if below else cases
