"""The engine as a method of the benchmark: `flow.run` with its own choice of method, or one method by name."""

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.method import Method, Outcome, Prepared, Unavailable
from benchmarks.works import Work
from theorycheck import flow
from theorycheck.errors import InputError
from theorycheck.flow.checks import Array

NONSTIFF, STIFF = ("P1", "P2", "P3", "tiny", "growth"), ("P4", "wide")


def arguments(work: Work, samples: Array, method: str, rtol: float) -> dict[str, Any]:
    """Keyword arguments of `flow.run`; records at the times of the error where that is not T."""
    times = () if work.times is None else np.unique(work.times[samples])
    return dict(network=work.network, cost=work.cost, theta0=[W[samples] for W in work.start.layers], T=work.T, rtol=rtol,
                atol=rtol * work.floor, record_at=times, record="A", method=method, max_steps=100_000_000)  # fmt: skip


def answer(work: Work, samples: Array, done: flow.Trajectories) -> Array:
    if work.times is None:
        return done.A
    at = np.searchsorted(np.unique(work.times[samples]), work.times[samples])
    return done.solution.recorded[np.arange(len(samples)), at]


def run_once(work: Work, samples: Array, method: str, rtol: float, reductions: str) -> Outcome:
    done = flow.run(**arguments(work, samples, method, rtol), reductions=reductions)
    attempts = done.solution.steps + done.solution.rejected
    return Outcome(answer(work, samples, done), float(done.solution.rhs_calls.mean()), float(attempts.mean()))


def knows(method: str) -> None:
    """Unavailable where the engine has no such method (yet); a run of one weight to see."""
    one = np.ones((1, 1, 1))
    try:
        flow.run(flow.Network((1, 1, 1)), flow.SquaredDistance(one[0]), [one, one], 0.1, method=method)  # type: ignore[arg-type]
    except InputError as error:
        raise Unavailable(str(error)) from None


def _prepare(method: str, reductions: str = "auto") -> Callable[[Work, Array], Prepared]:
    def prepare(work: Work, samples: Array) -> Prepared:
        knows(method)
        return Prepared(lambda rtol: run_once(work, samples, method, rtol, reductions))

    return prepare


def default_method() -> str:
    """ "auto" where the engine has it, else its default."""
    try:
        knows("auto")
        return "auto"
    except Unavailable:
        return str(inspect.signature(flow.run).parameters["method"].default)


METHODS = (
    Method("theorycheck auto", "theorycheck", NONSTIFF + STIFF, _prepare("auto")),
    Method("theorycheck dop853", "theorycheck", (*NONSTIFF, "wide"), _prepare("dop853")),
    Method("theorycheck dop853 unreduced", "theorycheck", ("P1",), _prepare("dop853", "none")),
    Method("theorycheck rodas5p", "theorycheck", ("P4-w4-0.01",), _prepare("rodas5p")),
)
