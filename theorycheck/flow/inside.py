"""Inside an accepted step: events are located and records written, both on the dense output of the method."""

from functools import partial

import numpy as np

from theorycheck.flow.checks import Array, Counts
from theorycheck.flow.events import Mask, crossed, heights, locate
from theorycheck.flow.results import Happening
from theorycheck.flow.state import Book, Live, Path, Problem


def look_inside(problem: Problem, live: Live, book: Book, h: Array, t_new: Array, accepted: Mask) -> Mask:
    """Events and records inside accepted steps; moves ends, t_new, to terminal events, returns where one fired."""
    fired = np.zeros(len(h), dtype=bool)
    need = accepted & _due(problem, live.cursor, t_new)
    hits = np.zeros((len(h), len(problem.events)), dtype=bool)
    if problem.events:
        height = live.height.copy()
        height[accepted] = heights(problem.events, live.samples[accepted], t_new[accepted], live.motor.trial(accepted))
        hits = crossed(problem.events, live.height, height)
        live.height[:] = height
        need |= hits.any(axis=1)
    rows = np.flatnonzero(need)
    if rows.size:
        path = _path(problem, live, book, rows, h)
        fired[rows] = _happen(problem, live, book, path, hits[rows], t_new)
        _write_records(problem, live, book, path, t_new)
    return fired


def _path(problem: Problem, live: Live, book: Book, rows: Counts, h: Array) -> Path:
    C = live.motor.dense(live.t, h, rows)
    book.rhs_calls[live.samples[rows]] += problem.stepper.rhs_per_dense
    return Path(problem.stepper, rows, live.t[rows], h[rows], live.motor.states(rows), C)


def _happen(problem: Problem, live: Live, book: Book, path: Path, hits: Mask, t_new: Array) -> Mask:
    """Books the events `hits` of shape (k, E) up to the first terminal one, and moves the ends of their steps there."""
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
        book.happenings.append(Happening(int(e), int(live.samples[path.rows[k]]), float(t[0]), y[0]))
    k = np.flatnonzero(np.isfinite(end))
    if k.size:
        t_new[path.rows[k]], y = path.at(k, end[k])
        live.motor.move(path.rows[k], y)
    fired: Mask = np.isfinite(end)
    return fired


def _due(problem: Problem, cursor: Counts, t_end: Array) -> Mask:
    """Whether the next record time of each entry is at or before t_end."""
    if problem.record_at.size == 0:
        return np.zeros(len(cursor), dtype=bool)
    following = np.append(problem.record_at, problem.sign * np.inf)[cursor]
    due: Mask = following * problem.sign <= t_end * problem.sign
    return due


def _write_records(problem: Problem, live: Live, book: Book, path: Path, t_new: Array) -> None:
    while True:
        k = np.flatnonzero(_due(problem, live.cursor[path.rows], t_new[path.rows]))
        if k.size == 0:
            return
        rows = path.rows[k]
        x = (problem.record_at[live.cursor[rows]] - path.t[k]) / path.h[k]
        samples = live.samples[rows]
        book.recorded[samples, live.cursor[rows]] = problem.record(samples, *path.at(k, x))
        live.cursor[rows] += 1
