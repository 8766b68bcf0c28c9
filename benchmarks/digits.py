"""Many digits: plain Taylor, the rigorous enclosure and mpmath.odefun on one network, L = 3, w = 3, n = 2, to t = 1.

    OPENBLAS_NUM_THREADS=1 python -m benchmarks.digits [--odefun DIGITS]

odefun (a Taylor method too, whose derivatives are differences at many times the digits) runs once, with mpmath's own
choice of degree and tolerance, up to `--odefun` digits (50 unless told otherwise: 100 take minutes). The error is the
largest of the weights' against a plain run with 20 digits more; of the enclosure, the largest radius, which is proved.
Seconds are of the processor: all three run in one thread of Python, and then other load on the machine matters less.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from math import ceil, log2
from typing import Any

import mpmath
import numpy as np
from flint import arb, fmpq, fmpq_mat

from benchmarks.goals import Line
from benchmarks.measure import Row, Say
from theorycheck.enclose.network import gradient_flow, linear_gradient, pack
from theorycheck.enclose.precision import working
from theorycheck.enclose.taylor import integrate
from theorycheck.flow.taylor import bits_of, taylor_flow

WORK = "digits-{}"
PLAIN, RIGOROUS, ODEFUN = "theorycheck Taylor", "theorycheck enclosure", "mpmath odefun"
DIGITS = (20, 50, 100, 200)
RUNS = 5
SPARE = 5  # bits of the enclosure beyond the digits; its own guard bits come on top
FASTER, AT_MOST, WIDTH = 100.0, 1.5, 1e-40  # what 50 digits are to reach

W1 = fmpq_mat([[3, -1], [2, 4], [1, 1]]) * fmpq(1, 5)
W2 = fmpq_mat([[1, 2, -1], [0, 3, 1], [2, -2, 1]]) * fmpq(1, 5)
W3 = fmpq_mat([[2, 1, -3], [1, 1, 2]]) * fmpq(1, 5)
TARGET = fmpq_mat([[1, fmpq(1, 2)], [fmpq(-1, 3), 2]])
FIELD = gradient_flow((2, 3, 3, 2), linear_gradient([[1, 0], [0, 1]], TARGET))
END = fmpq(1)
State = tuple[arb, ...]


def plain(digits: int) -> tuple[State, int]:
    with working(bits_of(digits) + 64):
        start = [v.mid() for v in pack([W1, W2, W3])]
    done = taylor_flow(FIELD, start, [END], digits)
    return done.states[0], done.steps


def rigorous(digits: int) -> tuple[State, int]:
    with working(ceil(digits * log2(10)) + SPARE):
        done = integrate(FIELD, pack([W1, W2, W3]), [END])
    return done.states[0], done.steps


def odefun(digits: int) -> tuple[State, int]:
    with mpmath.mp.workdps(digits):
        start = [_mpf(v) for w in (W1, W2, W3) for v in w.entries()]
        target = [[_mpf(v) for v in row] for row in TARGET.tolist()]
        end = mpmath.odefun(lambda t, y: _descent(y, target), 0, start)(1)
    with working(bits_of(digits)):
        return tuple(_arb(v) for v in end), 0


def _mpf(v: fmpq) -> Any:
    return mpmath.mpf(int(v.p)) / mpmath.mpf(int(v.q))


def _arb(v: Any) -> arb:
    sign, mantissa, exponent, _ = v._mpf_
    return arb(int(-mantissa if sign else mantissa)) * arb(2) ** int(exponent)


def _descent(y: Sequence[Any], target: Sequence[Sequence[Any]]) -> list[Any]:
    """-grad |A - target|^2 / 2 by backpropagation: as few products as the engine takes."""
    w1, w2, w3 = ([list(y[a + n * i : a + n * i + n]) for i in range(m)] for a, m, n in ((0, 3, 2), (6, 3, 3), (15, 2, 3)))
    below = _times(w2, w1)
    error = [[x - z for x, z in zip(*rows, strict=True)] for rows in zip(_times(w3, below), target, strict=True)]
    signal = _times(_turned(w3), error)
    slopes = _times(_turned(w2), signal), _times(signal, _turned(w1)), _times(error, _turned(below))
    return [-v for slope in slopes for row in slope for v in row]


def _times(a: Sequence[Sequence[Any]], b: Sequence[Sequence[Any]]) -> list[list[Any]]:
    columns = _turned(b)
    return [[mpmath.fdot(row, column) for column in columns] for row in a]


def _turned(a: Sequence[Sequence[Any]]) -> list[list[Any]]:
    return [list(column) for column in zip(*a, strict=True)]


def rows(digits: Sequence[int] = DIGITS, runs: int = RUNS, up_to: int = 50, say: Say = print) -> list[Row]:
    """All three at each number of digits: interleaved, the first of `runs` + 1 rounds not counted; odefun once."""
    found = []
    for d in digits:
        truth, _ = plain(d + 20)
        for name, seconds, (state, steps) in _rounds({PLAIN: plain, RIGOROUS: rigorous}, d, runs):
            error = _radius(state) if name == RIGOROUS else _error(state, truth)
            found.append(_row(d, name, seconds, error, steps))
        if d <= up_to:
            (entry,) = _rounds({ODEFUN: odefun}, d, 0)
            found.append(_row(d, ODEFUN, entry[1], _error(entry[2][0], truth), None))
        for row in found[-3 if d <= up_to else -2 :]:
            say(f"{d} digits, {row.method}: {row.seconds['median']:.4g} s, error {row.note}")
    return found


def _rounds(
    methods: dict[str, Callable[[int], tuple[State, int]]], digits: int, runs: int
) -> list[tuple[str, list[float], tuple[State, int]]]:
    seconds: dict[str, list[float]] = {name: [] for name in methods}
    last = {}
    for k in range(runs + 1):
        for name, method in methods.items():
            begin = time.process_time()
            last[name] = method(digits)
            if k or not runs:
                seconds[name].append(time.process_time() - begin)
    return [(name, seconds[name], last[name]) for name in methods]


def _error(state: State, truth: State) -> arb:
    with working(64 + max(v.bits() for v in truth)):
        return max((abs(v - w).upper() for v, w in zip(state, truth, strict=True)), key=lambda v: v)


def _radius(state: State) -> arb:
    return max((v.rad() for v in state), key=lambda v: v)


def _row(digits: int, name: str, seconds: list[float], error: arb, steps: int | None) -> Row:
    spread = {"min": min(seconds), "median": float(np.median(seconds)), "max": max(seconds)}
    note = str(error.str(3, radius=False))
    return Row(WORK.format(digits), name, spread, float(error), None, steps, 0.0, None, 1, 1, len(seconds), note)


def lines(found: Sequence[Row]) -> list[Line]:
    """What 50 digits are to reach; medians."""
    at = {r.method: r for r in found if r.work == WORK.format(50)}
    own, proved, peer = (at.get(name) for name in (PLAIN, RIGOROUS, ODEFUN))
    out = []
    for row in (own, proved):
        if row is not None and peer is not None:
            factor = peer.seconds["median"] / row.seconds["median"]
            out.append(Line(f"50 digits: {row.method} vs odefun", f"{factor:.0f}x", f">= {FASTER:.0f}x", factor >= FASTER))
    if own is not None and proved is not None:
        ratio = proved.seconds["median"] / own.seconds["median"]
        out.append(Line("50 digits: enclosure over plain", f"{ratio:.2f}x", f"<= {AT_MOST}x", ratio <= AT_MOST))
        narrow = proved.error is not None and proved.error <= WIDTH
        out.append(Line("50 digits: error of the enclosure", proved.note, f"<= {WIDTH:.0e}", narrow))
    return out


def measure(quick: bool, peers: bool, say: Say) -> tuple[list[Row], list[Line]]:
    """For `python -m benchmarks`."""
    sizes = (20, 50) if quick else DIGITS
    up_to = (20 if quick else 50) if peers else 0
    found = rows(sizes, 1 if quick else RUNS, up_to, say)
    return found, lines(found)


def main() -> None:
    parser = argparse.ArgumentParser(description="Many digits: plain, rigorous, odefun.")
    parser.add_argument("--odefun", type=int, default=50, metavar="DIGITS", help="run odefun up to so many digits")
    found = rows(up_to=parser.parse_args().odefun)
    print("\n| digits | method | seconds (min / median) | steps | error |\n|---|---|---|---|---|")
    for r in found:
        steps = "" if r.steps is None else f"{r.steps:.0f}"
        seconds = f"{r.seconds['min']:.3g} / {r.seconds['median']:.3g}"
        print(f"| {r.work.removeprefix('digits-')} | {r.method} | {seconds} | {steps} | {r.note} |")
    for line in lines(found):
        print(line)


if __name__ == "__main__":
    main()
