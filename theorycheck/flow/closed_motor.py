"""A solved flow in the place of an integration: the same records, events and reasons to stop, with states that are exact.

Steps only say where events are looked for: 64 of equal length, and inside one the path is the solution itself.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from theorycheck.flow.checks import Array, Counts
from theorycheck.flow.events import Mask
from theorycheck.flow.solved import Solved
from theorycheck.flow.steppers import Increment, Stepper, Tolerances, dop853

LOOKS = 64  # a power of two, so that they end at T itself


class InClosedForm:
    """All samples of a solved flow, in one group; a `Motor`."""

    def __init__(self, solved: Solved, increment: Increment, t: Array, y: Array) -> None:
        self.solved, self.increment = solved, increment
        self.samples, self.y = np.arange(len(y)), y.copy()
        self.slope = np.empty_like(y)
        increment(t, self.y, np.ones(len(y)), self.slope)

    def states(self, rows: Counts | Mask) -> Array:
        out: Array = self.y[rows]
        return out

    def slopes(self) -> Array:
        return self.slope

    def evaluate(self, t: Array, y: Array) -> Array:
        out = np.empty_like(y)
        self.increment(t, y, np.ones(len(y)), out)
        return out

    def scale(self, ratio: Array) -> None:
        """Nothing: the slopes have served their purpose, a look at whether they are finite."""

    def norms(self) -> Array:
        out: Array = np.linalg.norm(self.y, axis=1)
        return out

    def spent(self, rows: Mask) -> Array:
        return np.zeros(int(rows.sum()))

    def attempt(self, t: Array, h: Array) -> Array:
        self.y_new = self.solved.state(self.samples, t + h)
        return np.where(np.isfinite(self.y_new).all(axis=1), 0.0, np.inf)

    def trial(self, rows: Counts | Mask) -> Array:
        out: Array = self.y_new[rows]
        return out

    def dense(self, t: Array, h: Array, rows: Counts) -> Array:
        """Not coefficients: sample, time and step, which is all that `closed_form_stepper`'s path needs."""
        return np.stack([self.samples[rows].astype(np.float64), t[rows], h[rows]], axis=1)[None]

    def move(self, rows: Counts, y: Array) -> None:
        self.y_new[rows] = y

    def commit(self, ratio: Array, accepted: Mask) -> None:
        np.copyto(self.y, self.y_new, where=accepted[:, None])

    def keep(self, stay: Mask) -> "InClosedForm":
        self.samples, self.y, self.slope = self.samples[stay], self.y[stay], self.slope[stay]
        return self

    def saved(self) -> dict[str, Any]:
        return {"start_t": np.zeros(len(self.y)), "start_y": self.y, "samples": self.samples}

    def restore(self, kept: Mapping[str, Any]) -> None:
        self.samples = np.asarray(kept["samples"])


def closed_form(solved: Solved, T: float) -> tuple[Stepper, Callable[..., InClosedForm]]:
    """What `integrate` takes to run a solved flow to time T: the path inside a step, and how its group starts."""

    def path(y: Array, C: Array, x: Array) -> Array:
        samples, t, h = C[0].T
        return solved.state(samples.astype(np.int64), t + x * h)

    def start(increment: Increment, stepper: Stepper, tolerances: Tolerances, t: Array, y: Array) -> InClosedForm:
        return InClosedForm(solved, increment, t, y)

    usual = dop853()
    looks = Stepper("closed form", usual.order, 3, 0, 1, 2, 0, usual.attempt, usual.dense, path, fixed_step=T / LOOKS)
    return looks, start
