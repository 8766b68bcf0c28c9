"""Taylor coefficients of y' = f(y), one order at a time.

The field is run once on wires, which write down every product and sum; then each order extends every wire by one
coefficient, products by the Cauchy rule (automatic differentiation; Hairer, Norsett, Wanner, "Solving Ordinary
Differential Equations I", section I.8). Nothing here needs to be rigorous: the integrator bounds the defect.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from operator import mul
from typing import Any, TypeAlias

from flint import arb, arb_poly

# A field maps n numbers to n numbers by + - * and constants only: it is run on wires, balls, power series, polynomials.
Field: TypeAlias = Callable[[Sequence[Any]], Sequence[Any]]


@dataclass(frozen=True)
class Wire:
    """A power series that grows: `tape` holds, in order of dependence, what appends a coefficient to each wire."""

    tape: list[Callable[[], None]]
    c: list[arb] = field(default_factory=list)

    def __add__(self, other: Any) -> Wire:
        if isinstance(other, Wire):
            return self._grow(lambda out: self.c[-1] + other.c[-1])
        return self._grow(lambda out: self.c[-1] if out else self.c[-1] + other)

    def __mul__(self, other: Any) -> Wire:
        if isinstance(other, Wire):
            return self._grow(lambda out: sum(map(mul, self.c, reversed(other.c)), arb(0)))
        return self._grow(lambda out: self.c[-1] * other)

    def __neg__(self) -> Wire:
        return self._grow(lambda out: -self.c[-1])

    def __sub__(self, other: Any) -> Wire:
        return self.__add__(-other)

    def __rsub__(self, other: Any) -> Wire:
        return self.__neg__().__add__(other)

    __radd__ = __add__
    __rmul__ = __mul__

    def _grow(self, following: Callable[[list[arb]], arb]) -> Wire:
        out = Wire(self.tape)
        self.tape.append(lambda: out.c.append(following(out.c)))
        return out


def taylor_polynomial(f: Field, y: Sequence[arb], order: int) -> tuple[arb_poly, ...]:
    """Nearly the Taylor polynomial, with exact coefficients, of the solution through the n exact numbers y."""
    tape: list[Callable[[], None]] = []
    inputs = [Wire(tape, [v]) for v in y]
    outputs = f(inputs)
    for k in range(order):
        for extend in tape:
            extend()
        for x, rate in zip(inputs, outputs, strict=True):
            x.c.append((_coefficient(rate, k) / (k + 1)).mid())
    return tuple(arb_poly(x.c) for x in inputs)


def _coefficient(rate: Any, k: int) -> arb:
    if isinstance(rate, Wire):
        return rate.c[k]
    return arb(rate) if k == 0 else arb(0)
