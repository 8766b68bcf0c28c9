"""The command line of the benchmark: what to measure, and where the results go."""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from benchmarks import engine, report, special
from benchmarks.bounds import rows as bound_rows
from benchmarks.goals import Line, ours, speed_lines, step_lines
from benchmarks.measure import QUICK, TARGETS, TINY_TARGETS, Plan, Row, curves
from benchmarks.method import Method
from benchmarks.reference import reference
from benchmarks.works import GROUPS

PEERS = {"scipy": "scipy_peers", "diffrax": "diffrax_peers", "torchode": "torch_peers", "heyoka": "heyoka_peers"}
KNOWN_PEERS = (*PEERS, "mpmath")
BOUNDED = ("P1", "P2", "P3")


class Wrong(Exception):
    """A bad argument, in one line."""


def main(arguments: Sequence[str]) -> int:
    try:
        options = _options(arguments)
    except Wrong as error:
        print(f"benchmarks: {error}", file=sys.stderr)
        return 2
    core = min(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None
    before = os.sched_getaffinity(0) if core is not None else None
    if core is not None:
        os.sched_setaffinity(0, {core})
    try:
        rows, lines = measure(options.only, options.peers, options.quick, options.json)
    finally:
        if before is not None:
            os.sched_setaffinity(0, before)
    print(report.table(rows), "", *map(str, lines), sep="\n")
    if options.plots:
        from benchmarks.plots import draw

        draw(options.plots, rows)
    return 0


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="The engine against its peers, on one core.")
    works, peers = (*GROUPS, *special.MEASUREMENTS), ", ".join(KNOWN_PEERS)
    single = tuple(name for makers in GROUPS.values() for name in makers if name not in GROUPS)
    parser.add_argument("--only", nargs="+", metavar="WORK", default=list(works), help=f"some of {', '.join(works)}")
    parser.add_argument("--peers", nargs="*", metavar="NAME", default=list(KNOWN_PEERS), help=f"some of {peers}")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write rows and lines there")
    parser.add_argument("--plots", type=Path, metavar="DIR", help="draw the work-precision diagrams there, as SVG")
    parser.add_argument("--quick", action="store_true", help="tiny sizes: does it run? numbers without meaning")
    options = parser.parse_args(arguments)
    for flag, given, known in (("--only", options.only, (*works, *single)), ("--peers", options.peers, KNOWN_PEERS)):
        for name in given:
            if name not in known:
                raise Wrong(f"{flag}: {name!r} is unknown; pass some of {', '.join(known)}")
    if options.json and not options.json.parent.is_dir():
        raise Wrong(f"--json: the folder {options.json.parent} does not exist; create it or name another")
    return options


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def measure(only: Sequence[str], peers: Sequence[str], quick: bool, kept: Path | None) -> tuple[list[Row], list[Line]]:
    """Rows and lines of all that was chosen; what is known after each work is written to `kept`, so that hours are not lost."""
    methods = [*engine.METHODS, *_peer_methods(peers)]
    rows: list[Row] = []
    lines: list[Line] = []
    steps: dict[str, dict[float, Sequence[Row]]] = {}
    for group, makers in GROUPS.items():
        plan = _plan(group, quick)
        chosen = [make for name, make in makers.items() if group in only or name in only]
        for make in chosen[: 1 if quick else None]:  # small, the works of a group are all alike
            work, known = reference(make(quick))
            say(f"{work.name}: {work.about}; reference: {known.how}, agree to {known.agreement:.1e}")
            fitting = [m for m in methods if group in m.groups or work.name in m.groups]
            found = [row for curve in curves(work, known, fitting, plan, say) for row in curve.rows()]
            if group in BOUNDED:
                found += bound_rows(work, _right_hand_sides(found), plan.runs)
            rows += found
            lines += speed_lines(work.name, found, plan.targets)
            if work.alpha is not None:
                steps.setdefault(work.name.rpartition("-")[0], {})[work.alpha] = found
                lines += special.transition_lines(work, known)
            _keep(kept, rows, lines)
    lines += step_lines(steps)
    _keep(kept, rows, lines)
    for name in [n for n in special.MEASUREMENTS if n in only]:
        more_rows, more_lines = special.MEASUREMENTS[name](quick, "mpmath" in peers, say)
        rows, lines = rows + more_rows, lines + more_lines
        _keep(kept, rows, lines)
    return rows, lines


def _keep(path: Path | None, rows: Sequence[Row], lines: Sequence[Line]) -> None:
    if path is not None:
        report.write_json(path, rows, lines)


def _plan(group: str, quick: bool) -> Plan:
    if quick:
        return QUICK
    if group == "tiny":
        return Plan(targets=TINY_TARGETS, rtols=tuple(10.0**-k for k in range(8, 14)))
    if group in ("P4", "wide"):  # plateaus amplify errors by 1 / alpha: loose tolerances say nothing
        return Plan(rtols=tuple(10.0**-k for k in range(5, 14)))
    return Plan()


def _peer_methods(peers: Sequence[str]) -> list[Method]:
    found: list[Method] = []
    for peer in [p for p in peers if p in PEERS]:
        try:
            found += import_module(f"benchmarks.{PEERS[peer]}").METHODS
        except ImportError as error:
            say(f"{peer} skipped: not installed ({error}); pip install '.[bench]'")
    return found


def _right_hand_sides(rows: Sequence[Row]) -> float:
    """Of the engine at the loosest tolerance with error 1e-6, else at its tightest."""
    mine = [r for r in rows if r.method == ours(rows) and r.right_hand_sides is not None]
    good = [r for r in mine if r.error is not None and r.error <= min(TARGETS[0], 1.0)]
    chosen = good[0] if good else mine[-1]
    return float(chosen.right_hand_sides or 0.0)
