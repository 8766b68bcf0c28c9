"""What a method of the benchmark is: a name, who it comes from, which works it is for, and how it is run."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from benchmarks.works import Work
from theorycheck.flow.checks import Array


class Unavailable(Exception):
    """This method cannot run here, or not on this work; the text says why."""


@dataclass(frozen=True, eq=False)
class Outcome:
    """A: (k, n_L, n_0) where the error is taken, of the k samples that were run; work as a mean over the samples."""

    A: Array
    right_hand_sides: float
    steps: float


@dataclass(frozen=True, eq=False)
class Prepared:
    """run(rtol) does the work once, warm; compile_seconds were spent before, once for all tolerances."""

    run: Callable[[float], Outcome]
    compile_seconds: float = 0.0


@dataclass(frozen=True, eq=False)
class Method:
    """prepare(work, samples) -> Prepared. `per_sample`: one sample after the other, so that some stand for all."""

    name: str
    peer: str
    groups: tuple[str, ...]  # of works, or single ones
    prepare: Callable[[Work, Array], Prepared]
    per_sample: bool = False


def target_times(work: Work) -> Array:
    """(B,): where the error is taken."""
    return np.full(work.batch, work.T) if work.times is None else work.times
