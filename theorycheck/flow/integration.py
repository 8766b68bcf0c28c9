"""Integration of y' = rhs(t, y) for a batch of samples, each with its own time and step.

A group of samples advances together; those that stop leave it (`_retire`), so a hard one does not keep the others
running. Memory: the states, the stages of one group (14 states a sample for DOP853, 21 more while a step needs dense
output), and the records.
"""

from collections.abc import Callable, Sequence

import numpy as np

from theorycheck.errors import InputError
from theorycheck.flow.checks import Array, Counts, finite_array, nonnegative, positive, whole
from theorycheck.flow.events import Event, Look, Mask, heights
from theorycheck.flow.inside import look_inside
from theorycheck.flow.motors import InPlace, Motor, StartMotor
from theorycheck.flow.results import Solution, Stop
from theorycheck.flow.state import Book, Live, Problem
from theorycheck.flow.steppers import Increment, Rhs, Stepper, Tolerances, dop853

MONITOR_EVERY = 50  # a look costs a few right-hand sides; twelve of those make a step
NORM_EVERY = 10  # a norm that grows past norm_bound is noticed at one of these attempts
GROUP_BYTES = 8_000_000  # samples run in groups whose stages fit the cache; benchmarks/README.md
GROWTH, SHRINK = 10.0, 0.2
SAFETY = 0.75  # least work at equal error on the benchmark's flows: leaving a saddle, steps of 0.9 fail one time in five


def gradient_flow(gradient: Callable[[Array], Array]) -> Rhs:
    """Right-hand side -gradient(y) of the gradient flow of a function on R^P; gradient maps (b, P) to (b, P), any b."""

    def rhs(t: Array, y: Array, out: Array) -> None:
        G = gradient(y)
        if np.shape(G) != y.shape:
            raise InputError(f"gradient: has shape {np.shape(G)} at states of shape {y.shape}; return that shape")
        np.negative(G, out=out)

    return rhs


def whole_state(samples: Counts, t: Array, y: Array) -> Array:
    """The default record: the state itself."""
    return y


def integrate(
    rhs: Rhs | Increment,
    y0: Array,
    t1: float,
    *,
    t0: float = 0.0,
    stepper: Stepper | None = None,
    rtol: float = 1e-8,
    atol: float = 1e-12,
    record_at: Sequence[float] | Array = (),
    record: Look = whole_state,
    events: Sequence[Event] = (),
    monitor: Look | None = None,
    max_steps: int = 1_000_000,
    norm_bound: float = 1e12,
    motor: StartMotor = InPlace,
    group_bytes: int = GROUP_BYTES,
) -> Solution:
    """Flow of rhs from states y0 of shape (B, P) at t0 to t1, which may lie before t0; `stepper` defaults to DOP853.

    Records are taken from the dense output at the times record_at, ordered from t0 to t1. A sample stops alone: at t1,
    at a terminal event, when its norm passes norm_bound, when rhs is not finite, when its step becomes too small, or
    after max_steps attempted steps. Records, events and the monitor are functions of (samples, t, y), `Look`. `motor` says
    where states live; samples go through it in groups whose stages take group_bytes. Raises
    InputError for NaN in y0, a tolerance that is not positive (atol may be 0), t1 = t0, or record times outside the
    interval.
    """
    y0 = finite_array("y0", y0, (None, None))
    times = _record_times(record_at, t0, t1)
    tolerances = Tolerances(positive("rtol", rtol), nonnegative("atol", atol))
    whole("max_steps", max_steps, least=1)
    bound, method = positive("norm_bound", norm_bound), stepper or dop853()
    increment = rhs if isinstance(rhs, Increment) else Increment.of(rhs)
    def start(t: Array, y: Array) -> Motor:
        return motor(increment, method, tolerances, t, y)

    problem = Problem(start, method, tolerances, t0, t1, times, record, tuple(events), monitor, max_steps, bound)
    book = _open_book(problem, y0)
    group = max(1, group_bytes // (8 * y0.shape[1] * method.rows))
    with np.errstate(all="ignore"):  # overflow and NaN of a sample are found by looking at it, and end it alone
        for samples in np.split(np.arange(len(y0)), range(group, len(y0), group)):
            live = _start(problem, y0, samples, book)
            while live.samples.size:
                live = _advance(problem, live, book)
    work, happenings = (book.steps, book.rejected, book.rhs_calls), tuple(book.happenings)
    return Solution(book.t, book.y, tuple(book.stop), *work, times, book.recorded, book.monitored, happenings)


def _record_times(record_at: Sequence[float] | Array, t0: float, t1: float) -> Array:
    if not (np.isfinite(t0) and np.isfinite(t1) and t0 != t1):
        raise InputError(f"t1: {t1} leaves no time to run from t0 = {t0}; pass two different finite times")
    if len(record_at) == 0:
        return np.empty(0)
    times = finite_array("record_at", record_at, (None,))
    order = np.diff(np.concatenate([[t0], times, [t1]])) * np.sign(t1 - t0)
    if order.min() < 0:
        raise InputError(f"record_at: not ordered between {t0} and {t1}; sort from start to end and drop times outside")
    return times


def _open_book(problem: Problem, y0: Array) -> Book:
    B, times = len(y0), problem.record_at
    kept = np.shape(problem.record(np.zeros(1, dtype=np.int64), np.full(1, problem.t0), y0[:1]))[1:] if times.size else ()
    steps, rejected, calls = np.zeros((3, B), dtype=np.int64)
    recorded, stop = np.full((B, len(times), *kept), np.nan), [Stop.REACHED_T] * B
    return Book(np.full(B, float(problem.t0)), y0.copy(), stop, steps, rejected, calls, recorded, np.zeros(B))


def _start(problem: Problem, y0: Array, samples: Counts, book: Book) -> Live:
    """The given samples at the start, with h times the right-hand side there; those where it is not finite stop."""
    b, y, t = len(samples), y0[samples], np.full(len(samples), float(problem.t0))
    motor = problem.start(t, y)
    error = np.where(np.isfinite(motor.slopes()).all(axis=1), 0.0, np.inf)
    h = _first_step(problem, motor, t, y)
    h[np.isinf(error)] = 0.0  # a step that is too small already
    motor.scale(h)
    book.rhs_calls[samples] += 1 if problem.stepper.fixed_step is not None else 2
    cursor = np.full(b, int(np.sum(problem.record_at == problem.t0)))
    if cursor[0]:
        book.recorded[samples, : cursor[0]] = np.asarray(problem.record(samples, t, y))[:, None]
    never = np.zeros(b, dtype=bool)
    live = Live(samples, t, h, never, heights(problem.events, samples, t, y), cursor, motor)
    return _retire(problem, live, book, never.copy(), error)


def _first_step(problem: Problem, motor: Motor, t: Array, y: Array) -> Array:
    """Signed first steps from the sizes of y, y' and a difference of y' (Hairer, Norsett, Wanner I, II.4)."""
    if problem.stepper.fixed_step is not None:
        return np.full(len(t), problem.stepper.fixed_step * problem.sign)
    span, slope = abs(problem.t1 - problem.t0), motor.slopes()
    scale = problem.tolerances.scale(y, y, np.empty_like(y), np.empty_like(y))
    size, speed = (np.sqrt(np.mean((a / scale) ** 2, axis=1)) for a in (y, slope))
    h = np.minimum(np.where((size < 1e-5) | (speed < 1e-5), 1e-6, 0.01 * size / speed), span)
    there = motor.evaluate(t + problem.sign * h, y + (problem.sign * h)[:, None] * slope)
    bend = np.sqrt(np.mean(((there - slope) / scale) ** 2, axis=1)) / h
    top = np.maximum(speed, bend)
    better = np.where(top <= 1e-15, np.maximum(1e-6, 1e-3 * h), (0.01 / top) ** (1 / problem.stepper.order))
    out: Array = problem.sign * np.nan_to_num(np.fmin(np.fmin(100 * h, better), span), nan=1e-6 * span)
    return out


def _advance(problem: Problem, live: Live, book: Book) -> Live:
    """One attempted step of every live sample: attempt, accept, look for events and records, commit, retire."""
    h = live.h.copy()
    t_new = _ends(problem, live, book)
    error = live.motor.attempt(live.t, h)
    accepted = error <= 1
    book.steps[live.samples] += accepted
    book.rejected[live.samples] += ~accepted
    book.rhs_calls[live.samples] += problem.stepper.rhs_per_step
    fired = look_inside(problem, live, book, h, t_new, accepted)
    _adapt(problem, live, error, accepted, np.where(accepted, t_new, live.t))
    live.motor.commit(live.h / h, accepted)
    return _retire(problem, live, book, fired, error)


def _ends(problem: Problem, live: Live, book: Book) -> Array:
    """Where the steps end: t1 itself for the last; fixed steps are whole and counted from t0."""
    fixed = problem.stepper.fixed_step
    ends: Array = np.where(live.h == problem.t1 - live.t, problem.t1, live.t + live.h)
    if fixed is not None:
        ends = problem.t0 + problem.sign * fixed * (book.steps[live.samples].astype(np.float64) + 1.0)
    return ends


def _adapt(problem: Problem, live: Live, error: Array, accepted: Mask, t: Array) -> None:
    """Moves to times t; next step h error^(-1/order), with safety factor and bounds, not beyond t1."""
    live.t[:] = t
    if problem.stepper.fixed_step is not None:
        return
    factor = SAFETY * np.maximum(error, 1e-300) ** (-1 / problem.stepper.order)
    most = np.where(live.held | ~accepted, 1.0, GROWTH)
    h, left = live.h * np.clip(factor, SHRINK, most), problem.t1 - t
    live.h[:] = np.where(np.abs(h) >= (1 - 1e-6) * np.abs(left), left, h)  # no tiny step is left over
    live.held[:] = ~accepted


def _reasons(problem: Problem, live: Live, attempts: int, fired: Mask, error: Array) -> dict[Stop, Mask]:
    """Which samples each reason applies to, the reasons that count first standing first."""
    fixed, span = problem.stepper.fixed_step, abs(problem.t1 - problem.t0)
    slack = 1e-6 * fixed if fixed is not None else 0.0  # k learning rates equal T up to the rounding of T
    tiny = np.abs(live.h) < np.maximum(10 * np.spacing(np.abs(live.t)), 1e-24 * span)
    large = tiny | (fixed is not None or attempts % NORM_EVERY == 0)
    if large.any():
        large &= live.motor.norms() > problem.norm_bound
    return {
        Stop.EVENT: fired,
        Stop.DIVERGED: large,
        Stop.NOT_FINITE: np.isinf(error) & (tiny | (fixed is not None)),
        Stop.REACHED_T: (problem.t1 - live.t) * problem.sign <= slack,
        Stop.STEP_TOO_SMALL: tiny,
        Stop.BUDGET_SPENT: np.full(len(tiny), attempts >= problem.max_steps),
    }


def _retire(problem: Problem, live: Live, book: Book, fired: Mask, error: Array) -> Live:
    """Books the samples that stop and returns the others."""
    attempts = int(book.steps[live.samples[0]] + book.rejected[live.samples[0]])  # all have made the same number
    reasons = _reasons(problem, live, attempts, fired, error)
    stopped = np.logical_or.reduce(list(reasons.values()))
    looked = np.arange(len(stopped)) if attempts % MONITOR_EVERY == 0 else np.flatnonzero(stopped)
    _monitor(problem, live, book, looked)
    if not stopped.any():
        return live
    for row in np.flatnonzero(stopped):
        book.stop[live.samples[row]] = next(reason for reason, applies in reasons.items() if applies[row])
    out, stay = live.samples[stopped], ~stopped
    book.t[out], book.y[out] = live.t[stopped], live.motor.states(stopped)
    now = (live.samples[stay], live.t[stay], live.h[stay], live.held[stay], live.height[stay], live.cursor[stay])
    return Live(*now, live.motor.keep(stay))


def _monitor(problem: Problem, live: Live, book: Book, rows: Counts) -> None:
    """Looks at all samples every MONITOR_EVERY attempts, and at those that stop."""
    if problem.monitor is not None and rows.size:
        samples = live.samples[rows]
        seen = problem.monitor(samples, live.t[rows], live.motor.states(rows))
        book.monitored[samples] = np.fmax(book.monitored[samples], seen)
