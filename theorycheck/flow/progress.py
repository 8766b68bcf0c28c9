"""How far a run is, told to a function while it goes."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from theorycheck.errors import InputError
from theorycheck.flow.checks import nonnegative
from theorycheck.flow.state import Live, Problem


@dataclass(frozen=True)
class Progress:
    """A moment of a run.

    slowest: share of the time that the slowest sample of the group that runs has covered; mean: over all samples of the
    call, those not started included; done, samples: how many stopped, of how many; seconds: since the beginning; left:
    seconds that remain if steps keep their size and groups take as long as those so far, inf where nothing is known.
    """

    slowest: float
    mean: float
    done: int
    samples: int
    seconds: float
    left: float

    def __str__(self) -> str:
        left = f"about {self.left:.3g} s left" if np.isfinite(self.left) else "time left unknown"
        return f"{self.done} of {self.samples} samples done, {self.mean:.1%} of the time, {self.seconds:.3g} s; {left}"


@dataclass(frozen=True)
class Watch:
    """Calls `tell` with a `Progress`, at most every `every` seconds."""

    tell: Callable[[Progress], object]
    every: float = 1.0

    def __post_init__(self) -> None:
        if not callable(self.tell):
            raise InputError(f"progress: {self.tell!r} cannot be called; pass a function of one Progress, such as print")
        nonnegative("progress: every", self.every)


class Pulse:
    """The clock of a run."""

    def __init__(self, watch: Watch | Callable[[Progress], object] | None, problem: Problem, samples: int) -> None:
        self.watch = watch if isinstance(watch, Watch) or watch is None else Watch(watch)
        self.problem, self.samples = problem, samples
        self.begin = time.perf_counter()
        self.next = np.inf if self.watch is None else self.begin + self.watch.every
        self.attempts, self.first = 0, -1  # since this clock began; the sample that was first then

    def beat(self, group: range, live: Live) -> None:
        """To be called before every attempt of a group, the samples start..stop - 1 of the call."""
        if self.watch is None:
            return
        if self.first < 0:
            self.first = group.start
        now = time.perf_counter()
        if now >= self.next:
            self.next = now + self.watch.every
            self.watch.tell(self._progress(group, live, now))
        self.attempts += 1

    def last(self) -> None:
        """Everything is done."""
        if self.watch is not None:
            seconds = time.perf_counter() - self.begin
            self.watch.tell(Progress(1.0, 1.0, self.samples, self.samples, seconds, 0.0))

    def _progress(self, group: range, live: Live, now: float) -> Progress:
        p = self.problem
        share, running = (live.t - p.t0) / (p.t1 - p.t0), len(live.samples)
        done, seconds = group.stop - running, now - self.begin
        ahead = float(np.max(np.minimum((p.t1 - live.t) / live.h, p.max_steps - float(live.attempts))))
        rest = ahead * seconds / self.attempts if self.attempts else np.inf
        others = (self.samples - group.stop) / (group.stop - self.first)  # samples yet to start, over those so far
        left = rest + others * (seconds + rest)
        return Progress(float(share.min()), float(done + share.sum()) / self.samples, done, self.samples, seconds, float(left))
