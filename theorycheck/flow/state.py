"""The data of an integration: the problem, the samples still running, the results so far, dense output of a step."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from theorycheck.flow.checks import Array, Counts
from theorycheck.flow.events import Event, Look, Mask
from theorycheck.flow.motors import Motor
from theorycheck.flow.recording import Tables
from theorycheck.flow.results import Happening, Stop
from theorycheck.flow.steppers import Stepper, Tolerances

Looks = Callable[[Counts, Array, Array], Mapping[str, Array]]
"""(samples, t, y) -> {key: values}: what is recorded."""


@dataclass(frozen=True, eq=False)
class Problem:
    """Everything about a run that does not change while it runs."""

    start: Callable[[Array, Array], Motor]  # at times (b,) and states (b, P)
    stepper: Stepper
    tolerances: Tolerances
    t0: float
    t1: float
    record_at: Array
    record: Looks
    events: tuple[Event, ...]
    monitor: Look | None
    max_steps: int
    norm_bound: float

    @property
    def sign(self) -> float:
        return 1.0 if self.t1 > self.t0 else -1.0

    @cached_property
    def small_step(self) -> float:
        """Longer steps are resolved by time in float64 wherever in the interval they are."""
        return max(10 * float(np.spacing(max(abs(self.t0), abs(self.t1)))), 1e-24 * abs(self.t1 - self.t0))


@dataclass(frozen=True, eq=False)
class Live:
    """The samples of a group that still run, one entry (or row) each; the arrays are updated in place.

    h is the step to attempt next, not beyond t1; the slopes of the motor are for it.
    """

    samples: Counts
    t: Array
    h: Array
    held: Mask  # the last attempt was rejected, so the next step may not grow
    height: Array  # of the events, (b, E)
    cursor: Counts  # next record time
    steps: Counts  # accepted
    looks: Counts  # steps whose dense output was needed
    attempts: Counts  # of shape (): all have made the same number
    motor: Motor


PER_SAMPLE = ("samples", "t", "h", "held", "height", "cursor", "steps", "looks")


@dataclass(frozen=True, eq=False)
class Ahead:
    """An attempted step: everything that it would change, before it does."""

    h: Array
    t_new: Array
    error: Array
    accepted: Mask
    fired: Mask  # a terminal event ends the sample
    height: Array
    cursor: Counts
    looked: Counts  # rows whose dense output was needed
    happenings: tuple[Happening, ...]


@dataclass(frozen=True, eq=False)
class Book:
    """The results under construction, one row per sample of the call."""

    t: Array
    y: Array
    stop: list[Stop]
    steps: Counts
    rejected: Counts
    rhs_calls: Counts
    monitored: Array
    happened: Mask  # (B, E): which events have
    records: Tables
    at_events: Tables
    happenings: list[Happening] = field(default_factory=list)

    def __enter__(self) -> None:
        pass

    def __exit__(self, *error: object) -> None:
        for table in (*self.records.values(), *self.at_events.values()):
            table.close()


@dataclass(frozen=True, eq=False)
class Path:
    """Dense output of one step for some of the live samples: `rows` into Live, coefficients C of shape (m, k, P)."""

    stepper: Stepper
    rows: Counts
    t: Array
    h: Array
    y: Array
    C: Array

    def at(self, k: Counts, x: Array) -> tuple[Array, Array]:
        """Times and states at fractions x of the step for entries k of `rows`."""
        return self.t[k] + x * self.h[k], self.stepper.path(self.y[k], self.C[:, k], x)
