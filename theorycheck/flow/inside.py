"""Inside an accepted step: events are located and records written, both on the dense output of the method.

Nothing of `Live` and `Book` changes here; records are written to their place, where writing them again changes nothing.
"""

from functools import partial

import numpy as np

from theorycheck.flow.checks import Array, Counts
from theorycheck.flow.events import Mask, crossed, heights, locate
from theorycheck.flow.results import Happening
from theorycheck.flow.state import Ahead, Book, Live, Path, Problem

NO_ROWS: Counts = np.zeros(0, dtype=np.int64)


def look_inside(problem: Problem, live: Live, book: Book, h: Array, t_new: Array, error: Array) -> Ahead:
    """The attempted step with its events and records; moves ends, t_new, to terminal events."""
    accepted: Mask = error <= 1
    need, height, hits, cursor = NO_ROWS, live.height, None, live.cursor
    if problem.record_at.size:
        need = np.flatnonzero(accepted & _due(problem, cursor, t_new))
    if problem.events:
        height = live.height.copy()
        height[accepted] = heights(problem.events, live.samples[accepted], t_new[accepted], live.motor.trial(accepted))
        hits = crossed(problem.events, live.height, height)
        need = np.union1d(need, np.flatnonzero(hits.any(axis=1)))
    fired: Mask = np.zeros(len(h), dtype=bool)
    happenings: tuple[Happening, ...] = ()
    if need.size:
        path = Path(problem.stepper, need, live.t[need], h[need], live.motor.states(need), live.motor.dense(live.t, h, need))
        if hits is not None:
            fired[need], happenings = _happen(problem, live, book, path, hits[need], t_new)
        cursor = _write_records(problem, live, book, path, t_new)
    return Ahead(h, t_new, error, accepted, fired, height, cursor, need, happenings)


def _happen(
    problem: Problem, live: Live, book: Book, path: Path, hits: Mask, t_new: Array
) -> tuple[Mask, tuple[Happening, ...]]:
    """The events `hits` of shape (k, E) up to the first terminal one; moves the ends of their steps there."""
    x = np.full(hits.shape, np.inf)
    for e, event in enumerate(problem.events):
        k = np.flatnonzero(hits[:, e])
        if k.size:
            who = live.samples[path.rows[k]]
            before = heights((event,), who, path.t[k], path.y[k])[:, 0]
            x[k, e] = locate(event, who, before, partial(path.at, k))
    terminal = np.array([event.terminal for event in problem.events], dtype=bool)
    end = np.where(terminal, x, np.inf).min(axis=1, initial=np.inf)
    happenings = []
    for k, e in sorted(zip(*np.nonzero(np.isfinite(x) & (x <= end[:, None])), strict=True), key=lambda ke: x[ke]):
        t, y = path.at(np.array([k]), x[k, [e]])
        happenings.append(Happening(int(e), int(live.samples[path.rows[k]]), float(t[0]), y[0]))
        _record_event(problem, book, happenings[-1])
    k = np.flatnonzero(np.isfinite(end))
    if k.size:
        t_new[path.rows[k]], y = path.at(k, end[k])
        live.motor.move(path.rows[k], y)
    fired: Mask = np.isfinite(end)
    return fired, tuple(happenings)


def _record_event(problem: Problem, book: Book, h: Happening) -> None:
    """At the first happening of each event."""
    if book.at_events and not book.happened[h.sample, h.event]:
        who, which = np.array([h.sample]), np.array([h.event])
        for key, values in problem.record(who, np.array([h.t]), h.y[None]).items():
            book.at_events[key].write(who, which, values)


def _due(problem: Problem, cursor: Counts, t_end: Array) -> Mask:
    """Whether the next record time of each entry is at or before t_end."""
    due: Mask = problem.following(cursor) * problem.sign <= t_end * problem.sign
    return due


def _write_records(problem: Problem, live: Live, book: Book, path: Path, t_new: Array) -> Counts:
    """Writes what is due before the ends t_new; the cursors afterwards."""
    cursor = live.cursor.copy()
    while problem.record_at.size:
        k = np.flatnonzero(_due(problem, cursor[path.rows], t_new[path.rows]))
        if k.size == 0:
            break
        rows = path.rows[k]
        x = (problem.record_at[cursor[rows]] - path.t[k]) / path.h[k]
        samples = live.samples[rows]
        for key, values in problem.record(samples, *path.at(k, x)).items():
            book.records[key].write(samples, cursor[rows], values)
        cursor[rows] += 1
    return cursor
