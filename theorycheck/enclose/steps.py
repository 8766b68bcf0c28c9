"""Choice of steps for Taylor expansions, and values of their polynomials.

The terms of an expansion fall like q^k in units of the step; q is read off its last terms that stand clear of rounding
(Jorba and Zou, "A software package for the numerical integration of ODEs by means of high-order Taylor methods",
Experimental Mathematics 14, 2005). Nothing here is rigorous except `polynomials` and `values`.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, log

from flint import arb, arb_poly, fmpq, fmpz_poly

from theorycheck.enclose.expansion import Expansion, expand
from theorycheck.enclose.network import NetworkField
from theorycheck.enclose.packed import Overflow

CLEAR = 6  # bits by which a term stands clear of rounding
GROW = 5.0  # a step is at most so many times the one before
HALVINGS = 80
TRIAL_ORDER, TRIAL_BITS = 10, 80


def default_order(bits: int) -> int:
    """Measured: the cost of a step grows between linearly and quadratically in the order."""
    return max(8, ceil(0.45 * bits))


def decay(expansion: Expansion) -> float:
    """log2 of 1 / q, where the terms fall like q^k; infinite when only the start is left."""
    slowest = float("inf")
    for w in expansion.weights:
        peaks = w.series.peaks
        clear = [k for k in range(1, len(peaks)) if peaks[k].bit_length() > CLEAR]
        for k in clear[-2:]:
            slowest = min(slowest, (expansion.bits - log(int(peaks[k]), 2)) / k)
    return slowest


def reach(expansion: Expansion, bits: int, order: int) -> float:
    """How many of its steps an expansion to this order may go until the first term left out is 2^-bits."""
    exponent = decay(expansion) - bits / order
    return GROW if exponent > 2 else min(GROW, 2.0**exponent)


def attempt(field: NetworkField, state: Sequence[arb], bits: int, step: fmpq, order: int) -> Expansion:
    """The expansion over this step, or over half of it, a quarter, .. until no coefficient grows out of its slot.

    Raises Overflow when even the shortest step is too long, as for a state that is not finite.
    """
    for _ in range(HALVINGS):
        try:
            return expand(field, state, bits, step, order)
        except Overflow:
            step = step / 4
    raise Overflow


def first_step(field: NetworkField, state: Sequence[arb], bits: int, order: int, end: fmpq) -> fmpq:
    """A step for the start of a run: from short expansions with few bits."""
    step = dyadic(end)
    for _ in range(8):
        trial = attempt(field, state, TRIAL_BITS, step, TRIAL_ORDER)
        factor = reach(trial, bits, order)
        step = dyadic(trial.step * exact(factor))
        if 0.3 < factor < GROW or step >= end:
            break
    return min(step, dyadic(end))


def exact(x: float) -> fmpq:
    """The float as a rational."""
    p, q = x.as_integer_ratio()
    return fmpq(p, q)


def dyadic(x: fmpq) -> fmpq:
    """x > 0 rounded up to a power of two times an integer of at most 10 bits."""
    shift = 10 + int(x.q.bit_length()) - int(x.p.bit_length())
    unit = fmpq(2) ** shift
    return fmpq((x * unit).ceil()) / unit


def polynomials(expansion: Expansion) -> tuple[arb_poly, ...]:
    """The polynomials in s of the expansion, exact, in the order of flat states; the precision must hold its entries."""
    found = []
    for w in expansion.weights:
        unit = arb(2) ** -w.scale
        columns = zip(*[c.entries() for c in w.series.coefficients], strict=True)
        found += [arb_poly(fmpz_poly(list(c))) * unit for c in columns]
    return tuple(found)
