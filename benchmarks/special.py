"""Measurements that are no work-precision curve: growth with B, w, L, alpha; memory; two processes; digits; the time of a
transition. Each gives rows and lines."""

import multiprocessing
import os
import time
import tracemalloc
from collections.abc import Callable, Sequence

import numpy as np

from benchmarks import works
from benchmarks.engine import arguments, default_method
from benchmarks.goals import Line, time_line
from benchmarks.measure import Row, Say, timed
from benchmarks.reference import Reference
from benchmarks.works import Work
from theorycheck import flow
from theorycheck.flow.checks import Array

Found = tuple[list[Row], list[Line]]
RUNS = 5


def _row(name: str, work: Work, times: Sequence[float], done: flow.Trajectories, rtol: float, note: str) -> Row:
    seconds = {"min": min(times), "median": float(np.median(times)), "max": max(times)}
    steps, calls = float(done.solution.steps.mean()), float(done.solution.rhs_calls.mean())
    method = f"theorycheck {default_method()}"
    return Row(name, method, seconds, None, calls, steps, 0.0, rtol, work.batch, work.batch, len(times), note)


def _run(work: Work, rtol: float) -> flow.Trajectories:
    return flow.run(**arguments(work, np.arange(work.batch), default_method(), rtol))


def _measured(name: str, work: Work, rtol: float, runs: int, note: str = "") -> Row:
    _, done = timed(lambda: _run(work, rtol))
    times = [timed(lambda: _run(work, rtol))[0] for _ in range(runs)]
    return _row(name, work, times, done, rtol, note)


def growth(quick: bool, peers: bool, say: Say) -> Found:
    """P3 with other batches, widths, depths and scales, T = 50 at scale 0.1; seconds a sample should not grow with B."""
    rtol, runs = 1e-6, 1 if quick else RUNS
    batches = (1, 4) if quick else (1, 4, 16, 64, 256, 1024, 4096)
    scale, T = 0.1, 50.0

    def shortened(work: Work) -> Work:
        return Work(work.name, work.about, work.network, work.cost, work.form, work.start, 2.0 if quick else T, work.floor)

    rows = [_measured(f"growth-B{B}", shortened(works.p3(quick, B, scale=scale)), rtol, runs) for B in batches]
    each = [r.seconds["median"] / r.batch for r in rows]
    for w in () if quick else (10, 20, 50, 100):
        rows.append(_measured(f"growth-w{w}", shortened(works.p3(quick, 16, width=w, scale=scale)), rtol, runs))
    for L in () if quick else (2, 3, 4, 6, 8):
        rows.append(_measured(f"growth-L{L}", shortened(works.p3(quick, 16, depth=L, scale=3 * scale)), rtol, runs))
    for row in rows:
        say(f"{row.work}: {row.seconds['median'] / row.batch:.3g} s a sample")
    loss = max(each[i] / min(each[:i]) for i in range(1, len(each)))
    line = Line("growth with B: time a sample, largest over the least before it", f"{loss:.2f}x", "<= 1.1x", loss <= 1.1)
    return rows, [line]


def memory(quick: bool, peers: bool, say: Say) -> Found:
    """Peak of what Python and NumPy allocate during P3 (B = 64), for T and for times that take more steps."""
    peaks, counts, rows = [], [], []
    for rtol in (1e-4, 1e-6, 1e-8, 1e-10):
        work = works.p3(quick, 2 if quick else 64)
        _run(work, 1e-2)  # caches and imports are not the run's
        tracemalloc.start()
        seconds, done = timed(lambda w=work, r=rtol: _run(w, r))  # type: ignore[misc]
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        counts.append(float(done.solution.steps.mean()))
        note = f"peak {peaks[-1] / 1e6:.3g} MB; seconds are with the memory traced"
        rows.append(_row(f"memory-{rtol:.0e}", work, [seconds], done, rtol, note))
        say(f"memory: {counts[-1]:.0f} steps, {note}")
    grown = peaks[-1] / peaks[0]
    text = f"memory at {counts[-1] / counts[0]:.1f} times the steps"
    return rows, [Line(text, f"{grown:.3f}x", "<= 1.02x", grown <= 1.02)]


def _p3_worker(core: int, quick: bool, barrier: object) -> float:
    work = works.p3(quick, 2 if quick else 128)
    return _worker(core, barrier, lambda: [_run(work, 1e-6) for _ in range(1 if quick else 5)])


def _dgemm_worker(core: int, quick: bool, barrier: object) -> float:
    square: Array = np.ones((50, 50) if quick else (1000, 1000))
    return _worker(core, barrier, lambda: [square @ square for _ in range(1 if quick else 100)])


def _worker(core: int, barrier: object, call: Callable[[], object]) -> float:
    os.sched_setaffinity(0, {core})
    call()
    barrier.wait()  # type: ignore[attr-defined]
    begin = time.perf_counter()
    call()
    return time.perf_counter() - begin


def _in_child(worker: Callable[[int, bool, object], float], core: int, quick: bool, barrier: object, out: object) -> None:
    out.put(worker(core, quick, barrier))  # type: ignore[attr-defined]


def _together(worker: Callable[[int, bool, object], float], cores: Sequence[int], quick: bool) -> float:
    """Seconds of the slowest of the processes, one on each core, that all begin at once."""
    context = multiprocessing.get_context("spawn")
    barrier, out = context.Barrier(len(cores)), context.Queue()
    children = [context.Process(target=_in_child, args=(worker, core, quick, barrier, out)) for core in cores]
    for child in children:
        child.start()
    times = [out.get(timeout=600) for _ in children]
    for child in children:
        child.join()
    return max(times)


def processes(quick: bool, peers: bool, say: Say) -> Found:
    """Half of P3 in each of two processes against one of them alone, five times over (seconds; single runs are too noisy);
    the same for dgemm: gain = 2 t(1) / t(2)."""
    cores = _all_cores()
    if len(cores) < 2:
        return [], [Line("two processes at P3", "one core only", ">= 90% of dgemm's gain", None)]
    gains: dict[str, list[float]] = {"P3": [], "dgemm": []}
    for _ in range(1 if quick else RUNS):
        for name, worker in (("P3", _p3_worker), ("dgemm", _dgemm_worker)):
            alone, both = _together(worker, cores[:1], quick), _together(worker, cores[:2], quick)
            gains[name].append(2 * alone / both)
            say(f"processes: {name} gains {gains[name][-1]:.2f}x from a second process")
    engine, dgemm = (float(np.median(gains[name])) for name in ("P3", "dgemm"))
    found = f"{engine:.2f}x, dgemm {dgemm:.2f}x"
    return [], [Line("two processes at P3", found, ">= 90% of dgemm's gain", engine >= 0.9 * dgemm)]


def _all_cores() -> list[int]:
    """Every core this machine lets us use; the measuring process itself is pinned to one."""
    kept = os.sched_getaffinity(0)
    os.sched_setaffinity(0, range(os.cpu_count() or 1))
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, kept)
    return cores


def transition_lines(work: Work, reference: Reference) -> list[Line]:
    """P4 at the smallest alpha: the time at which the engine sees the second mode cross half of its value."""
    if not work.name.startswith("P4") or work.alpha != works.ALPHAS[-1] or work.middle is None or default_method() != "auto":
        return []
    u, v, height = work.middle
    mode = flow.Crossing(lambda layers: flow.product(layers) @ v @ u, height, 1)
    given = arguments(work, np.arange(work.batch), default_method(), 1e-8)
    done = flow.run(**{**given, "record_at": (), "events": [mode]})
    return [time_line(work.name, done.solution.event_times().tolist(), reference)]


def digits(quick: bool, peers: bool, say: Say) -> Found:
    """50 digits against mpmath.odefun, and the rigorous enclosure; in a module of its own."""
    try:
        from benchmarks import digits as module
    except ImportError as error:
        say(f"digits skipped: {error}")
        return [], [Line("50 digits", "no module", ">= 100x mpmath.odefun", None)]
    found: Found = module.measure(quick, peers, say)
    return found


MEASUREMENTS: dict[str, Callable[[bool, bool, Say], Found]] = {
    "digits": digits,
    "memory": memory,
    "growth": growth,
    "processes": processes,
}
