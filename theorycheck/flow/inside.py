"""Inside an accepted step: events are located and records written, both on the dense output of the method.

Nothing of `Live` and `Book` changes here; records are written to their place, where writing them again changes nothing.
"""

from functools import partial

import numpy as np

from theorycheck.flow.checks import Array, Counts
from theorycheck.flow.events import Mask, crossed, heights, locate
from theorycheck.flow.results import Happening
from theorycheck.flow.state import Ahead, Book, Live, Path, Problem

LOOK_BYTES = 2_000_000  # of dense output at once
STATES = 34  # of a sample: its stages, the late ones, coefficients
NO_ROWS: Counts = np.zeros(0, dtype=np.int64)
NO_HITS: Mask = np.zeros((0, 0), dtype=bool)


def look_inside(problem: Problem, live: Live, book: Book, h: Array, t_new: Array, error: Array) -> Ahead:
    """The attempted step with its events and records; moves ends, t_new, to terminal events."""
    accepted: Mask = error <= 1
    need, height, hits = NO_ROWS, live.height, NO_HITS
    if problem.record_at.size:
        need = np.flatnonzero(accepted & (live.cursor < _passed(problem, t_new)))
    if problem.events and accepted.any():
        some = slice(None) if accepted.all() else accepted
        height = live.height.copy()
        height[some] = heights(problem.events, live.samples[some], t_new[some], live.motor.trial(accepted))
        hits = crossed(problem.events, live.height, height)
    if hits.any():
        need = np.union1d(need, np.flatnonzero(hits.any(axis=1)))
    fired: Mask = np.zeros(len(h), dtype=bool)
    happenings: list[Happening] = []
    cursor = live.cursor.copy() if need.size else live.cursor
    for rows in _parts(need, max(1, LOOK_BYTES // (8 * STATES * book.y.shape[1]))):
        path = Path(problem.stepper, rows, live.t[rows], h[rows], live.motor.states(rows), live.motor.dense(live.t, h, rows))
        if hits.any():
            fired[rows] = _happen(problem, live, book, path, hits[rows], t_new, happenings)
        _write_records(problem, live, book, path, t_new, cursor)
    return Ahead(h, t_new, error, accepted, fired, height, cursor, need, tuple(happenings))


def _happen(
    problem: Problem, live: Live, book: Book, path: Path, hits: Mask, t_new: Array, happenings: list[Happening]
) -> Mask:
    """Adds the events `hits` of shape (k, E) up to the first terminal one; moves the ends of their steps there."""
    x = np.full(hits.shape, np.inf)
    for e, event in enumerate(problem.events):
        k = np.flatnonzero(hits[:, e])
        if k.size:
            who = live.samples[path.rows[k]]
            before = heights((event,), who, path.t[k], path.y[k])[:, 0]
            x[k, e] = locate(event, who, before, partial(path.at, k))
    terminal = np.array([event.terminal for event in problem.events], dtype=bool)
    end = np.where(terminal, x, np.inf).min(axis=1, initial=np.inf)
    for k, e in sorted(zip(*np.nonzero(np.isfinite(x) & (x <= end[:, None])), strict=True), key=lambda ke: x[ke]):
        t, y = path.at(np.array([k]), x[k, [e]])
        happenings.append(Happening(int(e), int(live.samples[path.rows[k]]), float(t[0]), y[0]))
        _record_event(problem, book, happenings[-1])
    k = np.flatnonzero(np.isfinite(end))
    if k.size:
        t_new[path.rows[k]], y = path.at(k, end[k])
        live.motor.move(path.rows[k], y)
    fired: Mask = np.isfinite(end)
    return fired


def _record_event(problem: Problem, book: Book, h: Happening) -> None:
    """At the first happening of each event."""
    if book.at_events and not book.happened[h.sample, h.event]:
        who, which = np.array([h.sample]), np.array([h.event])
        for key, values in problem.record(who, np.array([h.t]), h.y[None]).items():
            book.at_events[key].write(who, which, values)


def _passed(problem: Problem, t: Array) -> Counts:
    """How many record times are at or before each t."""
    times, sign = problem.record_at, problem.sign
    return np.searchsorted(times, t, side="right") if sign > 0 else np.searchsorted(-times, -t, side="right")


def _write_records(problem: Problem, live: Live, book: Book, path: Path, t_new: Array, cursor: Counts) -> None:
    """Writes what is due before the ends t_new and moves the cursors."""
    if problem.record_at.size == 0:
        return
    begin = cursor[path.rows]
    cursor[path.rows] = np.maximum(begin, _passed(problem, t_new[path.rows]))
    count = cursor[path.rows] - begin
    rows = np.repeat(np.arange(len(count)), count)
    moments = np.arange(len(rows)) - np.repeat(np.cumsum(count) - count - begin, count)
    at_once = max(len(count), LOOK_BYTES // path.C[:, :1].nbytes)
    for k, moment in zip(_parts(rows, at_once), _parts(moments, at_once), strict=True):
        samples = live.samples[path.rows[k]]
        x = (problem.record_at[moment] - path.t[k]) / path.h[k]
        for key, values in problem.record(samples, *path.at(k, x)).items():
            book.records[key].write(samples, moment, values)


def _parts(a: Counts, size: int) -> list[Counts]:
    return [a[start : start + size] for start in range(0, len(a), size)]
