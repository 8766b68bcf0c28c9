"""The interval for a median by order statistics: exact for every continuous law, and on the safe side for the others."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from math import comb


def interval(values: Sequence[float], level: Fraction) -> tuple[float, float] | None:
    """Ends between which the median lies but for a probability of at most `level`; None where the sample is too small.

    The median is below the k-th smallest of n values only if fewer than k of them are at most the median, which has at most
    the chance that a fair coin falls heads fewer than k times in n throws; likewise above.
    """
    k = rank(len(values), level)
    ordered = sorted(values)
    return (ordered[k - 1], ordered[-k]) if k else None


@lru_cache(maxsize=1000)
def rank(n: int, level: Fraction) -> int:
    """The largest k for which fewer than k heads in n throws have at most the chance level / 2; 0 where none has."""
    cases, k = 0, 0
    while 2 * k < n and 2 * (cases + comb(n, k)) <= level * 2**n:
        cases += comb(n, k)
        k += 1
    return k


def smallest_sample(level: Fraction) -> int:
    """How many values there have to be for an interval."""
    n = 1
    while not rank(n, level):
        n += 1
    return n
