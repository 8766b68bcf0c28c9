"""Work-precision curves: every method over a sweep of tolerances, timed in rounds, methods interleaved.

A first pass sweeps from loose to tight and finds errors; the points that a reading at a target error needs are then run
until there are five runs. Where samples are run one after the other (SciPy), sixteen that are spread over the batch
stand for all; the row says so: its seconds are times the factor, its error is over those (which favours the peer a bit).
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from benchmarks.method import Method, Outcome, Prepared, Unavailable
from benchmarks.reference import Reference
from benchmarks.works import Work
from theorycheck.flow.checks import Array

TARGETS = (1e-6, 1e-9)
TINY_TARGETS = (1e-12,)
Say = Callable[[str], None]


@dataclass(frozen=True)
class Plan:
    """rtols loosest first; at least `runs` runs of what is read off; a first run longer than `patience` ends a sweep."""

    rtols: tuple[float, ...] = tuple(10.0**-k for k in range(2, 14))
    runs: int = 5
    patience: float = 25.0
    per_sample: int = 16
    targets: tuple[float, ...] = TARGETS


QUICK = Plan(rtols=(1e-4, 1e-7), runs=2, per_sample=1)


@dataclass(frozen=True)
class Row:
    """One method at one tolerance on one work; seconds are for the whole batch, the counts a mean over its samples."""

    work: str
    method: str
    seconds: dict[str, float]  # min, median, max
    error: float | None
    right_hand_sides: float | None
    steps: float | None
    compile_seconds: float
    rtol: float | None
    batch: int
    samples: int  # that were run; fewer than the batch: the seconds are times batch / samples
    runs: int
    note: str = ""


@dataclass(eq=False)
class Point:
    """Runs of one method at one tolerance, as they come in."""

    rtol: float
    outcome: Outcome
    error: float
    seconds: list[float] = field(default_factory=list)


@dataclass(eq=False)
class Curve:
    """One method on one work: what to run, on which samples, and its points so far."""

    method: Method
    work: Work
    prepared: Prepared
    samples: Array
    points: list[Point] = field(default_factory=list)

    @property
    def factor(self) -> float:
        return self.work.batch / len(self.samples)

    def rows(self) -> list[Row]:
        return [self._row(p) for p in self.points]

    def _row(self, p: Point) -> Row:
        times = np.array(p.seconds) * self.factor
        seconds = {"min": float(times.min()), "median": float(np.median(times)), "max": float(times.max())}
        few = f"{len(self.samples)} of {self.work.batch} samples timed, times {self.factor:g}" if self.factor > 1 else ""
        counts = (_finite(p.error), _finite(p.outcome.right_hand_sides), _finite(p.outcome.steps))
        return Row(self.work.name, self.method.name, seconds, *counts, self.prepared.compile_seconds, p.rtol,
                   self.work.batch, len(self.samples), len(p.seconds), few)  # fmt: skip


def _finite(x: float) -> float | None:
    return float(x) if np.isfinite(x) else None


def curves(work: Work, reference: Reference, methods: Sequence[Method], plan: Plan, say: Say) -> list[Curve]:
    """The curves of all methods that can run here; each that cannot is skipped with a line."""
    open_curves = []
    for method in methods:
        samples = _samples(work, method, reference, plan)
        try:
            curve = Curve(method, work, method.prepare(work, samples), samples)
        except Unavailable as reason:
            say(f"{work.name}: {method.name} skipped: {reason}")
            continue
        _sweep(curve, reference, plan, say)
        open_curves.append(curve)
    for _ in range(plan.runs - 1):
        for curve in open_curves:
            for point in _worth_repeating(curve, plan):
                point.seconds.append(timed(lambda c=curve, p=point: c.prepared.run(p.rtol))[0])  # type: ignore[misc]
    return open_curves


def _samples(work: Work, method: Method, reference: Reference, plan: Plan) -> Array:
    """All, or for per-sample methods a few spread over those whose answer is known."""
    if not method.per_sample or plan.per_sample >= work.batch:
        return np.arange(work.batch)
    return np.unique(np.linspace(0, len(reference.A) - 1, plan.per_sample).astype(int))


def _sweep(curve: Curve, reference: Reference, plan: Plan, say: Say) -> None:
    """From loose to tight until the tightest target is met with a digit to spare, or a run takes too long."""
    for rtol in plan.rtols:
        if rtol == plan.rtols[0]:
            curve.prepared.run(rtol)  # warm
        seconds, outcome = timed(lambda r=rtol: curve.prepared.run(r))  # type: ignore[misc]
        error = reference.error_of(curve.samples, outcome.A)
        curve.points.append(Point(rtol, outcome, error, [seconds]))
        at = f"{curve.work.name}: {curve.method.name} at rtol {rtol:.0e}"
        say(f"{at}: error {error:.1e}, {seconds * curve.factor:.3g} s, {outcome.right_hand_sides:.0f} right-hand sides")
        if error < 0.1 * min(plan.targets) or seconds > plan.patience:
            return


def timed(call: Callable[[], Any]) -> tuple[float, Any]:
    begin = time.perf_counter()
    out = call()
    return time.perf_counter() - begin, out


def _worth_repeating(curve: Curve, plan: Plan) -> list[Point]:
    """Points next to a target on either side; the others stay at one run. Of runs of minutes there are three."""
    chosen: list[Point] = []
    for target in plan.targets:
        met = [p for p in curve.points if p.error <= target]
        missed = [p for p in curve.points if p.error > target]
        chosen += sorted(met, key=lambda p: min(p.seconds))[:2]
        chosen += sorted(missed, key=lambda p: p.error)[:1]
    unique = [p for p in curve.points if any(p is q for q in chosen)]
    return [p for p in unique if len(p.seconds) < 3 or np.median(p.seconds) < 4 * plan.patience]


def seconds_at(rows: Sequence[Row], error: float) -> float | None:
    """Median seconds to reach the error: log-log along the Pareto front of the rows; None where none reaches it.

    Where even the fastest point is accurate enough, its seconds.
    """
    points = [(r.error, r.seconds["median"]) for r in rows if r.error is not None and r.error == r.error]
    met = [(e, s) for e, s in points if e <= error]
    if not met:
        return None
    right = min(met, key=lambda p: p[1])
    missed = [(e, s) for e, s in points if e > error and s < right[1]]
    if not missed:
        return right[1]
    left = max(missed, key=lambda p: p[1])
    e0, e1 = (np.log(max(p[0], 1e-17)) for p in (left, right))
    share = (e0 - np.log(error)) / (e0 - e1)
    return float(np.exp((1 - share) * np.log(left[1]) + share * np.log(right[1])))
