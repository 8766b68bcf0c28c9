"""What a rigorous run returns: polynomials with a radius, and enclosures read off them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flint import arb, arb_poly, fmpq

from theorycheck.enclose.precision import Real, ball, hull, rational

State = tuple[arb, ...]
ONE = fmpq(1)


@dataclass(frozen=True)
class Segment:
    """|y(t) - p(|t - origin| / unit)| <= radius (Euclidean) for t between start and stop; p has exact coefficients."""

    start: fmpq
    stop: fmpq
    origin: fmpq
    polynomial: tuple[arb_poly, ...]
    radius: arb
    unit: fmpq = ONE

    def at(self, t: fmpq) -> State:
        """Enclosure of y(t) for an exact time of the segment."""
        return self._evaluate(ball(abs(t - self.origin) / self.unit))

    def range(self) -> State:
        """Enclosure of all y(t) with t on the segment."""
        near, far = (abs(t - self.origin) / self.unit for t in (self.start, self.stop))
        return self._evaluate(hull(near, far))

    def reverse(self) -> Segment:
        """The same for time running the other way."""
        return Segment(-self.start, -self.stop, -self.origin, self.polynomial, self.radius, self.unit)

    def _evaluate(self, s: arb) -> State:
        return tuple(q(s) + arb(0, self.radius) for q in self.polynomial)


@dataclass(frozen=True)
class Flow:
    """Enclosures of the solution through `start` at the requested times.

    states[k] encloses y(times[k]), coordinate by coordinate; all NaN when that time was not reached. complete: every
    time was reached; reason says why not. segments cover the time reached, in order; steps counts Taylor steps.
    """

    times: tuple[fmpq, ...]
    states: tuple[State, ...]
    segments: tuple[Segment, ...]
    steps: int
    complete: bool
    reason: str


def state_at(flow: Flow, t: Real) -> State:
    """Enclosure of y(t) at an exact time between the covered ones. Raises ValueError elsewhere."""
    segment = segment_at(flow.segments, rational(t))
    if segment is None:
        raise ValueError(f"time {t} was not covered by this flow")
    return segment.at(rational(t))


def segment_range(segment: Segment) -> State:
    """Enclosure of all y(t) with t on the segment."""
    return segment.range()


def segment_at(segments: Sequence[Segment], t: fmpq) -> Segment | None:
    """The first segment that holds the time."""
    return next((s for s in segments if min(s.start, s.stop) <= t <= max(s.start, s.stop)), None)


def state_or_nan(segments: Sequence[Segment], t: fmpq, n: int) -> State:
    """Enclosure of y(t), (n,), NaN when no segment holds the time."""
    segment = segment_at(segments, t)
    return tuple(arb.nan() for _ in range(n)) if segment is None else segment.at(t)
