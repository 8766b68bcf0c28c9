"""Integration of y' = rhs(t, y) for a batch of samples, each with its own time and step.

A group of samples advances together; those that stop leave it, so a hard one does not keep the others running. Memory:
the states, the stages of one group (14 states a sample for DOP853), dense output of a few samples at a time, and the
records, unless they go to files.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

import numpy as np

from theorycheck.errors import InputError
from theorycheck.flow.advancing import look_ahead, look_back, settle, start
from theorycheck.flow.checkpoints import Checkpoint, Keeper
from theorycheck.flow.checks import Array, Counts, finite_array, nonnegative, positive, whole
from theorycheck.flow.events import Event, Look
from theorycheck.flow.motors import InPlace, Motor, StartMotor
from theorycheck.flow.progress import Progress, Pulse, Watch
from theorycheck.flow.recording import AT_EVENTS, RECORDS, Shapes, as_path, open_tables
from theorycheck.flow.results import Solution, Stop
from theorycheck.flow.state import Book, Looks, Problem
from theorycheck.flow.steppers import Increment, Rhs, Stepper, Tolerances, dop853

LEAST_RTOL = 2.3e-14  # a hundred roundings
GROUP_BYTES = 8_000_000  # samples run in groups whose stages fit the cache; benchmarks/README.md


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
    record: Look | Looks = whole_state,
    record_to: str | os.PathLike[str] | None = None,
    record_at_events: bool = False,
    events: Sequence[Event] = (),
    monitor: Look | None = None,
    progress: Watch | Callable[[Progress], object] | None = None,
    checkpoint: Checkpoint | str | os.PathLike[str] | None = None,
    identity: Mapping[str, object] | None = None,
    max_steps: int = 1_000_000,
    norm_bound: float = 1e12,
    motor: StartMotor = InPlace,
    group_bytes: int = GROUP_BYTES,
) -> Solution:
    """Flow of rhs from states y0 of shape (B, P) at t0 to t1, which may lie before t0; `stepper` defaults to DOP853.

    Records are taken from the dense output at the times record_at, ordered from t0 to t1, and, with record_at_events,
    where each event first happens; they are kept in memory or written to the new folder record_to as the run goes
    (`recording`). A sample stops alone: at t1, at a terminal event, when its norm passes norm_bound, when rhs is not
    finite, when its step becomes too small, or after max_steps attempted steps. Records, events and the monitor are
    functions of (samples, t, y), `Look`; a record may be a mapping of several. A checkpoint knows the problem by y0, the
    options and what `identity` says beyond them, such as the right-hand side. `motor` says where states live; samples go
    through it in groups whose stages take group_bytes. Raises InputError for NaN in y0, a tolerance that is not positive
    (atol may be 0), t1 = t0, record times outside the interval, a checkpoint of another problem, a full disk.
    """
    y0 = finite_array("y0", y0, (None, None))
    times = _record_times(record_at, t0, t1)
    tolerances = Tolerances(_resolved(rtol), nonnegative("atol", atol))
    whole("max_steps", max_steps, least=1)
    bound, method = positive("norm_bound", norm_bound), stepper or dop853()
    increment = rhs if isinstance(rhs, Increment) else Increment.of(rhs)

    def begin(t: Array, y: Array) -> Motor:
        return motor(increment, method, tolerances, t, y)

    problem = Problem(begin, method, tolerances, t0, t1, times, _looks(record), tuple(events), monitor, max_steps, bound)
    group = max(1, group_bytes // (8 * y0.shape[1] * method.rows))
    shapes = _shapes(problem, y0, record_at_events)
    keeper = Keeper(checkpoint, {**_identity(problem, y0, group, shapes, record_to), **(identity or {})})
    book = _open_book(problem, y0, shapes, record_to, keeper)
    pulse = Pulse(progress, problem, len(y0))
    with np.errstate(all="ignore"), keeper, book:  # overflow and NaN of a sample are found by looking at it, and end it alone
        _run(problem, y0, group, book, keeper, pulse)
    pulse.last()
    work, happenings = (book.steps, book.rejected, book.rhs_calls), tuple(book.happenings)
    records, at_events = ({key: table.array() for key, table in t.items()} for t in (book.records, book.at_events))
    return Solution(book.t, book.y, tuple(book.stop), *work, times, records, at_events, book.monitored, happenings)


def _resolved(rtol: float) -> float:
    """A tolerance that float64 can meet: below, steps would shrink without end for the sake of rounding errors."""
    if positive("rtol", rtol) < LEAST_RTOL:
        raise InputError(f"rtol: {rtol} is below what float64 resolves; pass {LEAST_RTOL} or more; flow.ladder has digits")
    return float(rtol)


def _run(problem: Problem, y0: Array, group: int, book: Book, keeper: Keeper, pulse: Pulse) -> None:
    """All groups, one after the other, from where the keeper has them."""
    number, live = keeper.begin(problem, book)
    groups = [range(first, min(first + group, len(y0))) for first in range(0, len(y0), group)]
    for g, rows in list(enumerate(groups))[number:]:
        samples = np.arange(rows.start, rows.stop)
        with keeper.guard(g, live, book):
            live = live or start(problem, y0[samples], samples, book)
        while live.samples.size:
            with keeper.guard(g, live, book):
                pulse.beat(rows, live)
                ahead = look_ahead(problem, live, book)
            live = settle(problem, live, book, ahead)
            keeper.step(g, live, book)
        live = None
    for rows in groups:
        look_back(problem, book, np.arange(rows.start, rows.stop))
    with suppress(InputError):  # the results are at hand, whether there is room for this or not
        keeper.save(len(groups), None, book)


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


def _looks(record: Look | Looks) -> Looks:
    """Records as mappings; a single one has the key "record"."""

    def see(samples: Counts, t: Array, y: Array) -> Mapping[str, Array]:
        seen: Any = record(samples, t, y)
        return seen if isinstance(seen, Mapping) else {"record": seen}

    return see


def _shapes(problem: Problem, y0: Array, at_events: bool) -> dict[str, Shapes]:
    """Of all tables: (B, R, ...) at times, (B, E, ...) at events, empty where nothing is recorded."""
    B, R, E = len(y0), len(problem.record_at), len(problem.events) if at_events else 0
    if at_events and not problem.events:
        raise InputError("record_at_events: there are no events; pass events=[...], or times by record_at")
    seen = problem.record(np.zeros(1, dtype=np.int64), np.full(1, problem.t0), y0[:1]) if R or E else {"record": y0[:1, 0]}
    tails = {key: np.shape(values) for key, values in seen.items()}
    for key, shape in tails.items():
        if shape[:1] != (1,):
            raise InputError(f"record: {key} has shape {shape} for one sample; return one value, or array, a sample")
    made = ((RECORDS, R), (AT_EVENTS, E))
    return {group: {key: (B, n, *shape[1:]) for key, shape in tails.items() if n or group == RECORDS} for group, n in made}


def _identity(problem: Problem, y0: Array, group: int, shapes: Mapping[str, Shapes], to: object) -> dict[str, object]:
    p, tol = problem, problem.tolerances
    return {
        "start": y0,
        "t0": float(p.t0),
        "T": float(p.t1),
        "method": (p.stepper.name, p.stepper.fixed_step),
        "rtol": tol.rtol,
        "atol": tol.atol,
        "record_at": p.record_at,
        "record": {f"{key}, {name}": shape for name, one in shapes.items() for key, shape in one.items()},
        "record_to": None if to is None else str(as_path("record_to", to).absolute()),
        "events": [(e.level, e.direction, e.terminal) for e in p.events],
        "max_steps": p.max_steps,
        "norm_bound": p.norm_bound,
        "group": group,
    }


def _open_book(problem: Problem, y0: Array, shapes: Mapping[str, Shapes], to: Any, keeper: Keeper) -> Book:
    B, times = len(y0), problem.record_at
    tables = open_tables(to if times.size or shapes[AT_EVENTS] else None, shapes, times, fresh=keeper.kept is None)
    steps, rejected, calls = np.zeros((3, B), dtype=np.int64)
    happened, stop = np.zeros((B, len(problem.events)), dtype=bool), [Stop.REACHED_T] * B
    ends = np.full(B, float(problem.t0)), y0.copy()
    return Book(*ends, stop, steps, rejected, calls, np.zeros(B), happened, tables[RECORDS], tables[AT_EVENTS])
