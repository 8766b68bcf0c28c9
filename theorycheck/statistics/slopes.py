"""The exponent b of a law y ~ w^b, from samples of y > 0 at sizes w that are equally spaced in log w.

The j-th values at all sizes make up one replicate, with a least-squares slope of its own; replicates are independent, so the
median of their slopes has an exact interval. Where log y = b log w + an error of the same law at each size, the slope of a
replicate is symmetric about b, as the weights of equally spaced sizes are antisymmetric, so that median is b, whatever the law.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import log
from statistics import median

from theorycheck.errors import InputError
from theorycheck.statistics import medians

LOOK = Fraction(1, 20)  # the level at which the smallest size is compared with the others
FEWEST = 3  # sizes, below which there is no slope to speak of
ROUNDING = 1e-9


@dataclass(frozen=True)
class Slope:
    """The slope with its interval, the sizes that it was fitted to, and those dropped as not yet asymptotic."""

    estimate: float
    low: float
    high: float
    sizes: tuple[float, ...]
    dropped: tuple[float, ...]

    def __str__(self) -> str:
        left_out = f", without {', '.join(f'{w:g}' for w in self.dropped)}" if self.dropped else ""
        return f"{self.estimate:.3f} in [{self.low:.3f}, {self.high:.3f}] over {len(self.sizes)} sizes{left_out}"


def fit(samples: Mapping[float, Sequence[float]], level: Fraction) -> Slope | None:
    """The slope over the sizes that are in the asymptotic range; None where fewer than three are, or the sample is too small.

    The smallest size is dropped as long as the slope from it to the next one differs from that of the others. Whatever is
    dropped, the interval misses with a chance of at most `level`, which is shared by all the slopes that may be asked for.
    """
    sizes, rows = _replicates(samples)
    first = 0
    while len(sizes) - first >= FEWEST and not asymptotic(sizes[first:], [row[first:] for row in rows]):
        first += 1
    if len(sizes) - first < FEWEST:
        return None
    found = [_slope(sizes[first:], row[first:]) for row in rows]
    ends = medians.interval(found, shared(level, len(sizes)))
    return Slope(median(found), *ends, tuple(sizes[first:]), tuple(sizes[:first])) if ends else None


def shared(level: Fraction, sizes: int) -> Fraction:
    """The part of the level that each of the slopes has which may be asked for: from every size but the last two on."""
    return level / max(1, sizes - FEWEST + 1)


def asymptotic(sizes: Sequence[float], rows: Sequence[Sequence[float]]) -> bool:
    """Whether the slope between the two smallest sizes agrees with that from the second size on.

    The one is of the first half of the replicates, the other of the second half: independent, so that their difference is
    symmetric about 0 under a power law.
    """
    half = len(rows) // 2
    pairs = zip(rows[:half], rows[half : 2 * half], strict=True)
    ends = medians.interval([_slope(sizes[:2], a[:2]) - _slope(sizes[1:], b[1:]) for a, b in pairs], LOOK)
    return ends is not None and ends[0] <= ROUNDING and ends[1] >= -ROUNDING


def _replicates(samples: Mapping[float, Sequence[float]]) -> tuple[list[float], list[list[float]]]:
    """The sizes, and the logs of the j-th values at all of them, for each j."""
    sizes = sorted(samples)
    if any(w <= 0 for w in sizes) or any(y <= 0 for values in samples.values() for y in values):
        raise InputError("samples: a size or a value is not positive; a power law has neither")
    if len({len(values) for values in samples.values()}) > 1:
        raise InputError("samples: the sizes have different numbers of values; a replicate takes one of each")
    steps = [log(b / a) for a, b in pairwise(sizes)]
    if steps and max(steps) - min(steps) > ROUNDING:
        raise InputError("samples: the sizes are not equally spaced in log w; take a geometric sequence")
    return sizes, [[log(y) for y in row] for row in zip(*(samples[w] for w in sizes), strict=True)]


def _slope(sizes: Sequence[float], logs: Sequence[float]) -> float:
    x = [log(w) for w in sizes]
    mean = sum(x) / len(x)
    return sum((v - mean) * y for v, y in zip(x, logs, strict=True)) / sum((v - mean) ** 2 for v in x)
