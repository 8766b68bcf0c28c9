"""The exponent b of a law y ~ w^b, from samples of y > 0 at several sizes w: the least-squares slope of the log medians.

A slope is a linear combination of the log medians, so intervals for all of these, which hold at once but for the given risk,
give one for it, and for every slope of a part of the sizes: sizes may be dropped after a look at the data.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import inf, log

from theorycheck.errors import InputError
from theorycheck.statistics import medians

LOOK = Fraction(1, 20)  # the level at which the smallest size is compared with the others
ROUNDING = 1e-9
FEWEST = 3  # sizes, below which there is no slope to speak of

Interval = tuple[float, float]


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
    """The slope over the sizes that are in the asymptotic range; None where fewer than three are, or a sample is too small.

    The smallest size is dropped as long as the slope from it to the next one differs from that of the others.
    """
    sizes = sorted(samples)
    if any(w <= 0 for w in sizes) or any(y <= 0 for values in samples.values() for y in values):
        raise InputError("samples: a size or a value is not positive; a power law has neither")
    sure, loose = (_logs(samples, risk) for risk in (level, LOOK))
    if sure is None or loose is None:
        return None
    kept = list(sizes)
    while len(kept) >= FEWEST and not asymptotic(kept, loose):
        kept = kept[1:]
    if len(kept) < FEWEST:
        return None
    low, high = _slope(kept, sure)
    middle = {w: (m, m) for w in kept for m in [_middle(samples[w])]}
    return Slope(_slope(kept, middle)[0], low, high, tuple(kept), tuple(w for w in sizes if w not in kept))


def asymptotic(sizes: Sequence[float], logs: Mapping[float, Interval]) -> bool:
    """Whether the slope between the two smallest sizes agrees with that of the sizes from the second on."""
    first, rest = _slope(sizes[:2], logs), _slope(sizes[1:], logs)
    return first[0] <= rest[1] + ROUNDING and rest[0] <= first[1] + ROUNDING


def _logs(samples: Mapping[float, Sequence[float]], level: Fraction) -> dict[float, Interval] | None:
    """Intervals for the log medians that hold at once."""
    found = {w: medians.interval(values, level / len(samples)) for w, values in samples.items()}
    known = {w: ends for w, ends in found.items() if ends is not None}
    return {w: (log(a), log(b)) for w, (a, b) in known.items()} if len(known) == len(found) else None


def _middle(values: Sequence[float]) -> float:
    ordered, n = sorted(values), len(values)
    return log(ordered[n // 2]) if n % 2 else (log(ordered[n // 2 - 1]) + log(ordered[n // 2])) / 2


def _slope(sizes: Sequence[float], logs: Mapping[float, Interval]) -> Interval:
    """The least and the largest least-squares slope of points in the intervals."""
    x = [log(w) for w in sizes]
    mean = sum(x) / len(x)
    spread = sum((v - mean) ** 2 for v in x)
    if spread == 0:
        return -inf, inf
    weights = [(v - mean) / spread for v in x]
    pairs = [logs[w] for w in sizes]
    low = sum(c * (a if c > 0 else b) for c, (a, b) in zip(weights, pairs, strict=True))
    high = sum(c * (b if c > 0 else a) for c, (a, b) in zip(weights, pairs, strict=True))
    return low, high
