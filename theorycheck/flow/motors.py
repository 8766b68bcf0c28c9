"""What an integration moves: the states of a group of samples, wherever they live, one attempted step after the other.

The control of steps, events and records sees NumPy arrays only. `InPlace` keeps all in one NumPy buffer and allocates
nothing in the loop; `namespaces.Elsewhere` does the same steps in PyTorch, JAX or another array library.
"""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

import numpy as np

from theorycheck.flow.checks import Array, Counts
from theorycheck.flow.events import Mask
from theorycheck.flow.steppers import Increment, Stepper, Tolerances


class Motor(Protocol):
    """b samples of P components at their states; arrays in and out are NumPy's."""

    def states(self, rows: Counts | Mask) -> Array:
        """Of these samples, (k, P)."""

    def slopes(self) -> Array:
        """(b, P): the right-hand side at the states, times the steps it was last scaled to."""

    def evaluate(self, t: Array, y: Array) -> Array:
        """The right-hand side at other states (b, P), for times (b,)."""

    def scale(self, ratio: Array) -> None:
        """Multiplies the slopes, for steps that have changed by this ratio, (b,)."""

    def norms(self) -> Array:
        """Euclidean norms of the states, (b,)."""

    def spent(self, rows: Mask) -> Array:
        """(k,): evaluations so far beyond those that the method says it takes for each step and dense output."""

    def attempt(self, t: Array, h: Array) -> Array:
        """Errors (b,) of a step h, <= 1 where it is good; `trial` and `dense` speak of it until `commit`."""

    def trial(self, rows: Counts | Mask) -> Array:
        """States at the end of the attempted step, (k, P), to be read only and before the next attempt."""

    def dense(self, t: Array, h: Array, rows: Counts) -> Array:
        """Coefficients (m, k, P) of the path inside the step, for `stepper.path`."""

    def move(self, rows: Counts, y: Array) -> None:
        """Puts the end of the attempted step elsewhere."""

    def commit(self, ratio: Array, accepted: Mask) -> None:
        """Takes the accepted steps; slopes are scaled by the ratio of the next step to this one."""

    def keep(self, stay: Mask) -> "Motor":
        """The motor of these samples only."""

    def saved(self) -> dict[str, Any]:
        """All that a checkpoint needs between two attempts; start_t and start_y, for a new motor, and what to `restore`."""

    def restore(self, kept: Mapping[str, Any]) -> None:
        """Puts a motor that was started from start_t and start_y where the saved one was."""


StartMotor = Callable[[Increment, Stepper, Tolerances, Array, Array], Motor]
"""From times (b,) and states (b, P)."""


class InPlace:
    """All in one buffer of stepper.rows + 1 states a sample, whose pool is laid out anew when samples leave."""

    K: Array
    y: Array
    slope: Array
    end: Array
    y_new: Array

    def __init__(self, increment: Increment, stepper: Stepper, tolerances: Tolerances, t: Array, y: Array) -> None:
        self.increment, self.stepper, self.tolerances = increment, stepper, tolerances
        self.pool = np.empty((stepper.rows + 1) * y.size)
        self._lay_out(*y.shape)
        self.y[...] = y
        self.memory = self.memory_new = np.tile(np.array(stepper.memory), (len(y), 1))
        increment(t, self.y, np.ones(len(y)), self.slope)

    def _lay_out(self, b: int, P: int) -> None:
        rows = self.stepper.rows
        buffer = self.pool[: (rows + 1) * b * P].reshape(rows + 1, b, P)
        self.K, self.y_new = buffer[:rows], buffer[rows]
        self.y, self.slope, self.end = (self.K[row] for row in (self.stepper.state, self.stepper.slope, self.stepper.end))

    def states(self, rows: Counts | Mask) -> Array:
        out: Array = self.y[rows]
        return out

    def slopes(self) -> Array:
        return self.slope

    def evaluate(self, t: Array, y: Array) -> Array:
        self.increment(t, y, np.ones(len(y)), self.end)
        return self.end

    def scale(self, ratio: Array) -> None:
        self.slope *= ratio[:, None]

    def norms(self) -> Array:
        out: Array = np.sqrt(np.einsum("bp,bp->b", self.y, self.y))
        return out

    def spent(self, rows: Mask) -> Array:
        return self.memory[rows, -1] if self.stepper.memory else np.zeros(int(rows.sum()))

    def attempt(self, t: Array, h: Array) -> Array:
        self.memory_new = self.memory.copy()
        return self.stepper.attempt(self.increment, self.tolerances, t, h, self.K, self.y_new, *self._remembered())

    def _remembered(self) -> tuple[Array, ...]:
        """The memory after the attempted step, where the method has one."""
        return (self.memory_new,) if self.stepper.memory else ()

    def trial(self, rows: Counts | Mask) -> Array:
        out: Array = self.y_new if rows.dtype == np.bool_ and rows.all() else self.y_new[rows]
        out = out.view()
        out.flags.writeable = False
        return out

    def dense(self, t: Array, h: Array, rows: Counts) -> Array:
        memory = [part[rows] for part in self._remembered()]
        K, y_new = np.ascontiguousarray(self.K[:, rows]), np.ascontiguousarray(self.y_new[rows])
        C = self.stepper.dense(self.increment, t[rows], h[rows], K, y_new, *memory)
        for part in memory:
            self.memory_new[rows] = part
        return C

    def move(self, rows: Counts, y: Array) -> None:
        self.y_new[rows] = y

    def commit(self, ratio: Array, accepted: Mask) -> None:
        self.memory = self.memory_new
        if accepted.all():
            np.copyto(self.y, self.y_new)
            np.multiply(self.end, ratio[:, None], out=self.slope)
            return
        np.copyto(self.y, self.y_new, where=accepted[:, None])
        np.copyto(self.slope, self.end, where=accepted[:, None])
        self.scale(ratio)

    def keep(self, stay: Mask) -> "InPlace":
        y, slope = self.y[stay], self.slope[stay]  # copies, as their places are laid out anew
        self._lay_out(*y.shape)
        self.y[...], self.slope[...], self.memory = y, slope, self.memory[stay]
        return self

    def saved(self) -> dict[str, Any]:
        return {"start_t": np.zeros(len(self.y)), "start_y": self.y, "slope": self.slope, "memory": self.memory}

    def restore(self, kept: Mapping[str, Any]) -> None:
        self.slope[...], self.memory[...] = kept["slope"], kept["memory"]
