"""Plain multiprecision Taylor integration of the gradient flow of a deep linear network, to any number of digits.

No bound is proved here; `enclose.taylor.integrate` proves one. The steps are the same: Taylor expansions in packed
fixed-point matrices (`enclose.expansion`), of an order and to a step length that make the first term left out as small
as the rounding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, log2

from flint import arb, fmpq

from theorycheck.enclose.network import NetworkField
from theorycheck.enclose.packed import Overflow
from theorycheck.enclose.precision import working
from theorycheck.enclose.steps import attempt, default_order, dyadic, exact, first_step, polynomials, reach
from theorycheck.errors import InputError

GUARD = 10  # bits kept beyond the digits asked for
SHORTER = 0.97  # of the step predicted, so that a prediction that is a little too long costs nothing
State = tuple[arb, ...]


@dataclass(frozen=True, eq=False)
class TaylorRun:
    """Flat states at the times, exact dyadic numbers close to the solution; `steps` expansions of order `order`.

    reason: why not every time was reached, else ''; the states of the other times are NaN.
    """

    times: tuple[fmpq, ...]
    states: tuple[State, ...]
    steps: int
    order: int
    reason: str


def bits_of(digits: int) -> int:
    """Bits that hold so many decimal digits, with the guard bits."""
    return ceil(digits * log2(10)) + GUARD


def taylor_flow(
    field: NetworkField,
    start: Sequence[arb],
    times: Sequence[fmpq],
    digits: int,
    *,
    order: int = 0,
    max_steps: int = 10_000,
) -> TaylorRun:
    """The flow from an exact flat start at times >= 0 in increasing order, each step accurate to `digits` digits.

    The error at the end is that of one step times what the flow makes of it, as for any integrator with a tolerance.
    Raises InputError for a field with constants that are not exact, or times out of order.
    """
    if not field.packable:
        raise InputError("cost: its gradient is not affine with exact constants; use one of the engine's quadratic costs")
    if any(t < 0 for t in times) or any(b < a for a, b in pairwise(times)):
        raise InputError("times: not in increasing order from 0; sort them")
    bits = bits_of(digits)
    with working(bits + 32):
        return _run(field, [v.mid() for v in start], tuple(times), bits, order or default_order(bits), max_steps)


def _run(field: NetworkField, y: list[arb], times: tuple[fmpq, ...], bits: int, order: int, max_steps: int) -> TaylorRun:
    found = [tuple(y) for t in times if t == 0]
    now, steps, end, step = fmpq(0), 0, max(times, default=fmpq(0)), fmpq(0)
    target = bits - GUARD // 2
    try:
        while now < end:
            if steps == max_steps:
                return _stopped(times, found, steps, order, f"budget of {max_steps} steps spent at {_decimal(now)}", len(y))
            step = min(step, dyadic(end - now)) if step else first_step(field, y, target, order, end)
            expansion = attempt(field, y, bits, step, order)
            far = reach(expansion, target, order)
            share = min(fmpq(1), exact(far), (end - now) / expansion.step)
            p, until = polynomials(expansion), now + share * expansion.step
            for t in times[len(found) :]:
                if t <= until:
                    found.append(tuple(q(arb((t - now) / expansion.step)).mid() for q in p))
            y = [q(arb(share)).mid() for q in p]
            now, steps, step = until, steps + 1, dyadic(expansion.step * exact(far * SHORTER))
    except Overflow:
        return _stopped(times, found, steps, order, f"no step succeeded at {_decimal(now)}", len(y))
    return TaylorRun(times, tuple(found), steps, order, "")


def _stopped(times: tuple[fmpq, ...], found: list[State], steps: int, order: int, reason: str, n: int) -> TaylorRun:
    missing = [tuple(arb.nan() for _ in range(n))] * (len(times) - len(found))
    return TaylorRun(times, (*found, *missing), steps, order, reason)


def _decimal(t: fmpq) -> str:
    return f"time {float(arb(t)):.6g}"
