"""One group of samples, step by step: the start, an attempted step, what follows from it, and who stops.

An attempt (`look_ahead`) changes nothing that a checkpoint holds, so that it may fail anywhere; `settle` then takes the step.
"""

import numpy as np

from theorycheck.flow.checks import Array, Counts
from theorycheck.flow.events import Mask, heights
from theorycheck.flow.inside import look_inside
from theorycheck.flow.motors import Motor
from theorycheck.flow.results import Stop
from theorycheck.flow.state import PER_SAMPLE, Ahead, Book, Live, Problem

MONITOR_EVERY = 50  # a look costs a few right-hand sides; twelve of those make a step
NORM_EVERY = 10  # a norm that grows past norm_bound is noticed at one of these attempts
GROWTH, SHRINK = 10.0, 0.2
SAFETY = 0.75  # least work at equal error on the benchmark's flows: leaving a saddle, steps of 0.9 fail one time in five


def start(problem: Problem, y: Array, samples: Counts, book: Book) -> Live:
    """The given samples at states y, with h times the right-hand side there; those where it is not finite stop."""
    b, t = len(samples), np.full(len(samples), float(problem.t0))
    motor = problem.start(t, y)
    error = np.where(np.isfinite(motor.slopes()).all(axis=1), 0.0, np.inf)
    h = _first_step(problem, motor, t, y)
    h[np.isinf(error)] = 0.0  # a step that is too small already
    motor.scale(h)
    steps, looks, cursor, attempts = *np.zeros((3, b), dtype=np.int64), np.zeros((), dtype=np.int64)
    first = int(np.sum(problem.record_at == problem.t0))
    cursor += first
    if first:
        for key, values in problem.record(samples, t, y).items():
            for moment in range(first):
                book.records[key].write(samples, np.full(b, moment), values)
    held = np.zeros(b, dtype=bool)
    live = Live(samples, t, h, held, heights(problem.events, samples, t, y), cursor, steps, looks, attempts, motor)
    return _retire(problem, live, book, held, error)


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


def look_ahead(problem: Problem, live: Live, book: Book) -> Ahead:
    """One attempted step of every live sample, with the events and records inside it."""
    h, t_new = live.h.copy(), _ends(problem, live)
    return look_inside(problem, live, book, h, t_new, live.motor.attempt(live.t, h))


def _ends(problem: Problem, live: Live) -> Array:
    """Where the steps end: t1 itself for the last; fixed steps are whole and counted from t0."""
    fixed = problem.stepper.fixed_step
    if fixed is not None:
        return problem.t0 + problem.sign * fixed * (live.steps.astype(np.float64) + 1.0)
    ends: Array = np.where(live.h == problem.t1 - live.t, problem.t1, live.t + live.h)
    return ends


def settle(problem: Problem, live: Live, book: Book, ahead: Ahead) -> Live:
    """Takes the attempted step where it was accepted, sets the next ones, and returns the samples that go on."""
    live.attempts[...] += 1
    live.steps[...] += ahead.accepted
    if ahead.looked.size:
        live.looks[ahead.looked] += 1
        live.cursor[...] = ahead.cursor
    live.height[...] = ahead.height
    for h in ahead.happenings:
        book.happenings.append(h)
        book.happened[h.sample, h.event] = True
    _adapt(problem, live, ahead)
    live.motor.commit(live.h / ahead.h, ahead.accepted)
    return _retire(problem, live, book, ahead.fired, ahead.error)


def _adapt(problem: Problem, live: Live, ahead: Ahead) -> None:
    """Moves to the new times; next step h error^(-1/order), with safety factor and bounds, not beyond t1."""
    np.copyto(live.t, ahead.t_new, where=ahead.accepted)
    if problem.stepper.fixed_step is not None:
        return
    h = np.maximum(ahead.error, 1e-300)
    h **= -1 / problem.stepper.order
    h *= SAFETY
    np.maximum(h, SHRINK, out=h)
    rejected = ~ahead.accepted
    np.minimum(h, np.where(live.held | rejected, 1.0, GROWTH), out=h)
    h *= ahead.h
    left = problem.t1 - live.t
    last = np.abs(h) >= (1 - 1e-6) * np.abs(left)  # no tiny step is left over
    np.copyto(live.h, h)
    np.copyto(live.h, left, where=last)
    np.copyto(live.held, rejected)


def _retire(problem: Problem, live: Live, book: Book, fired: Mask, error: Array) -> Live:
    """Books the samples that stop and returns the others."""
    attempts = int(live.attempts)
    stopped = None
    if attempts % NORM_EVERY == 0 or _unusual(problem, live, attempts, fired, error):
        reasons = _reasons(problem, live, attempts, fired, error)
        stopped = np.logical_or.reduce(list(reasons.values()))
    if attempts % MONITOR_EVERY == 0:
        _monitor(problem, book, live.samples, live.t, live.motor.states(np.ones(len(error), dtype=bool)))
    if stopped is None or not stopped.any():
        return live
    for row in np.flatnonzero(stopped):
        book.stop[live.samples[row]] = next(reason for reason, applies in reasons.items() if applies[row])
    _enter(problem, live, book, stopped)
    stay = ~stopped
    now = {name: getattr(live, name)[stay] for name in PER_SAMPLE}
    return Live(**now, attempts=live.attempts, motor=live.motor.keep(stay))


def _unusual(problem: Problem, live: Live, attempts: int, fired: Mask, error: Array) -> bool:
    """Whether a sample may have to stop: a quick look at all of them at once."""
    if problem.stepper.fixed_step is not None or attempts >= problem.max_steps:
        return True
    small = np.abs(live.h).min() <= problem.small_step
    return bool(small or not error.max() < np.inf or fired.any() or (live.t == problem.t1).any())


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


def _enter(problem: Problem, live: Live, book: Book, rows: Mask) -> None:
    """Where these samples are and what they cost, into the book."""
    out, stepper, attempts = live.samples[rows], problem.stepper, int(live.attempts)
    book.t[out], book.y[out], book.steps[out] = live.t[rows], live.motor.states(rows), live.steps[rows]
    book.rejected[out] = attempts - live.steps[rows]
    first = 1 if stepper.fixed_step is not None else 2
    steady = attempts * stepper.rhs_per_step + live.looks[rows] * stepper.rhs_per_dense
    book.rhs_calls[out] = first + steady + live.motor.spent(rows).astype(np.int64)


def _monitor(problem: Problem, book: Book, samples: Counts, t: Array, y: Array) -> None:
    if problem.monitor is not None:
        book.monitored[samples] = np.fmax(book.monitored[samples], problem.monitor(samples, t, y))


def look_back(problem: Problem, book: Book, samples: Counts) -> None:
    """The monitor's last look, where the samples have stopped: at all together, as they stop one by one."""
    _monitor(problem, book, samples, book.t[samples], book.y[samples])
