"""Scalar modes d' = rate d^(L-1) (1 - q d^L) as exact instances: the time function in closed form, its inverse in balls.

All layers of a network of width 1 that start equal stay equal, and their common value follows such an equation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flint import arb, ctx, fmpq

from theorycheck.enclose.precision import working
from theorycheck.evaluate import numbers as nb
from theorycheck.evaluate.numbers import Jet
from theorycheck.evaluate.values import Rows

BITS = 256  # of the inverse of the time function


@dataclass(frozen=True)
class Reduced:
    """F(u) on 1 x 1 matrices with -F'(u) = rate u^(L-1) (1 - q u^L): the potential of a mode."""

    depth: int
    rate: Any
    q: Any

    def value(self, x: Rows) -> Any:
        u, n = x[0][0], self.depth
        return self.rate * (self.q * nb.power(u, fmpq(2 * n)) * fmpq(1, 2 * n) - nb.power(u, fmpq(n)) * fmpq(1, n))

    def gradient(self, x: Rows) -> Rows:
        u, n = x[0][0], self.depth
        return ((-self.rate * nb.power(u, fmpq(n - 1)) * (1 - self.q * nb.power(u, fmpq(n))),),)


@dataclass(frozen=True)
class Mode:
    """The path of the gradient flow of `reduced` from `start` > 0 below the limit q^(-1/L); call it at a time."""

    reduced: Reduced
    start: Any

    def time(self, d: Any) -> arb:
        """The time from `start` to d, both in (0, q^(-1/L)): a ball."""
        return (_primitive(self.reduced, nb.to_arb(d)) - _primitive(self.reduced, nb.to_arb(self.start))) / nb.to_arb(
            self.reduced.rate
        )

    def __call__(self, t: Any) -> Rows:
        if isinstance(t, Jet):
            here = self(t.value)
            return ((Jet(here[0][0], -self.reduced.gradient(here)[0][0] * t.slope),),)
        if t == 0:
            return ((fmpq(self.start),),)
        with working(min(ctx.prec, BITS)):
            return ((self._at(nb.to_arb(t)),),)

    def _at(self, t: arb) -> arb:
        """The value at a time t > 0: an interval that certainly contains it, halved until the balls decide no more."""
        low, high = nb.to_arb(self.start), nb.to_arb(self.reduced.q) ** (arb(-1) / self.reduced.depth)
        for _ in range(ctx.prec):
            middle = ((low + high) / 2).mid()
            gap = self.time(middle) - t
            if gap > 0:
                high = middle
            elif gap < 0:
                low = middle
            else:
                return self._around(middle, gap)
        return low.union(high)

    def _around(self, middle: arb, gap: arb) -> arb:
        """The mean value theorem about a point whose time is t + gap: the slope is bounded over a small ball, and checked."""
        speed = -self.reduced.gradient(((middle,),))[0][0]
        wide = arb(middle, 4 * (abs(gap) * speed).upper() + arb(2) ** (8 - ctx.prec) * middle)
        found = middle - gap * -self.reduced.gradient(((wide,),))[0][0]
        if not wide.contains(found):
            raise ArithmeticError("the value of the mode is not enclosed; raise the precision")
        return found


def _primitive(mode: Reduced, u: arb) -> arb:
    """An antiderivative of u^(1-L) / (1 - q u^L); for L >= 3 the geometric series, integrated term by term, is a 2F1."""
    n, z = mode.depth, nb.to_arb(mode.q) * u**mode.depth
    if n == 2:
        return u.log() - (1 - z).log() / 2
    share = arb(fmpq(2, n))
    return -(u ** (2 - n)) / (n - 2) + nb.to_arb(mode.q) * u**2 / 2 * z.hypgeom_2f1(1, share, 1 + share)
