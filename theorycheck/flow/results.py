"""What a run returns: per sample where it ended, why it stopped and what it cost, and what was recorded on the way."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

import numpy as np
import numpy.typing as npt

from theorycheck.errors import InputError
from theorycheck.flow.checks import Array, Counts


class Stop(Enum):
    """Why a sample stopped; the value is the reason in words."""

    REACHED_T = "reached the end time"
    EVENT = "a terminal event happened"
    DIVERGED = "diverged: the norm of the state passed norm_bound"
    NOT_FINITE = "not finite: the right-hand side gave NaN or infinity, also for the smallest step"
    STEP_TOO_SMALL = "step too small: the tolerance asks for steps that time in float64 does not resolve"
    BUDGET_SPENT = "budget spent: max_steps attempted steps were not enough"

    @property
    def good(self) -> bool:
        """Whether the state at the end is one that was asked for."""
        return self in (Stop.REACHED_T, Stop.EVENT)


@dataclass(frozen=True, eq=False)
class Happening:
    """Event number `event` of the call happened to `sample` at time `t` and state `y` of shape (P,)."""

    event: int
    sample: int
    t: float
    y: Array


@dataclass(frozen=True, eq=False)
class Solution:
    """Result of `integrate` for B samples of P components.

    t: (B,), y: (B, P) where each sample stopped; stop: B reasons; steps (accepted), rejected, rhs_calls: (B,); calls are
    right-hand sides and, of the stiff path, Hessian products, a Hessian that is written out being one.
    record_at: (R,); records: {key: (B, R, ...)}, NaN after a sample stopped. at_events: {key: (B, E, ...)}, what was
    recorded where each event first happened, NaN where it did not. Both may be files (read-only maps).
    monitored: (B,), the largest value the monitor gave at any of its looks (0 without one). happenings: in the order
    in which they were found.
    """

    t: Array
    y: Array
    stop: tuple[Stop, ...]
    steps: Counts
    rejected: Counts
    rhs_calls: Counts
    record_at: Array
    records: Mapping[str, Array]
    at_events: Mapping[str, Array]
    monitored: Array
    happenings: tuple[Happening, ...]

    @property
    def recorded(self) -> Array:
        """(B, R, ...): the records, where one observable was asked for."""
        if len(self.records) != 1:
            raise InputError(f"recorded: there are several, {', '.join(self.records)}; take records[key]")
        return next(iter(self.records.values()))

    @property
    def good(self) -> npt.NDArray[np.bool_]:
        """(B,): True where the sample reached the end time or a terminal event."""
        return np.array([stop.good for stop in self.stop])

    def event_times(self, event: int = 0) -> Array:
        """(B,): when event number `event` first happened to each sample, NaN where it did not."""
        times = np.full(len(self.t), np.nan)
        for h in reversed(self.happenings):
            if h.event == event:
                times[h.sample] = h.t
        return times

    def summary(self) -> str:
        """One line: how many samples stopped for which reason, and the work."""
        counts = Counter(stop.value for stop in self.stop)
        reasons = "; ".join(f"{n} of {len(self.stop)} {reason}" for reason, n in counts.most_common())
        return f"{reasons}; {self.steps.max()} steps and {self.rhs_calls.max()} right-hand sides at most"
