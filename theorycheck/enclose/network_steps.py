"""Rigorous steps for the flow of a deep linear network: see `taylor` for the argument, here with fast parts.

Polynomials from `expansion`, the defect from `defect`, the logarithmic norm from `curvature`. One width of tube serves
all slices of a step; the error found must stay below it, which proves that the solution never left the tube.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import comb

import numpy as np
import numpy.typing as npt
from flint import arb, arb_poly, ctx, fmpq

from theorycheck.enclose.curvature import Curvature
from theorycheck.enclose.defect import DefectBound
from theorycheck.enclose.expansion import Expansion
from theorycheck.enclose.network import NetworkField
from theorycheck.enclose.packed import Overflow
from theorycheck.enclose.precision import finite, working
from theorycheck.enclose.segments import Segment
from theorycheck.enclose.steps import GROW, attempt, default_order, dyadic, exact, first_step, polynomials, reach

Array = npt.NDArray[np.float64]

TERMS = 24  # of an expansion, that the bound of the logarithmic norm sees one by one
WIDER = (64.0,)  # tubes tried, against the error expected; the logarithmic norm does not feel a thin one
WIDER_OF_THICK = (1.25, 2.0, 8.0, 64.0)
THIN = 1e-8
HALVINGS = 20
UP = 1 + 2.0**-30  # more than the roundings of a few operations
LEAST = 1e-290  # above whatever underflows


@dataclass
class NetworkSteps:
    """Steps of one run, at the precision of its first call; remembers the length of the last one."""

    field: NetworkField
    order: int
    slices: int
    last: fmpq | None = None

    def __call__(self, y: Sequence[arb], r: arb, now: fmpq, end: fmpq) -> tuple[list[Segment], list[arb], arb] | None:
        """(segments, exact state at their end, bound of its error), or None when no step succeeds."""
        order = self.order or default_order(ctx.prec + 24)
        bits = ctx.prec + 2 * order.bit_length()  # a defect adds up about order^2 / 2 roundings
        try:
            with working(bits + 32):
                left = end - now
                step = min(self.last, dyadic(left)) if self.last else first_step(self.field, y, bits, order, left)
                expansion = attempt(self.field, y, bits, step, order)
                return self._accept(expansion, r, now, left)
        except Overflow:
            return None

    def _accept(self, expansion: Expansion, r: arb, now: fmpq, left: fmpq) -> tuple[list[Segment], list[arb], arb] | None:
        defect = DefectBound(expansion)
        far = min(reach(expansion, expansion.bits, expansion.order), defect.reach())
        r = (r + defect.start_error).upper()
        share = min(fmpq(1), dyadic(exact(far)), left / expansion.step)
        self.last = dyadic(expansion.step * exact(min(far, GROW)))
        p = polynomials(expansion)
        tube = _Tube(self.curvature, expansion, defect)
        for _ in range(HALVINGS):
            carried = tube.carry(r, defect.on(share), share, self.slices)
            if carried is not None:
                return self._segments(expansion, p, carried, now, share)
            share = share / 2
            self.last = dyadic(expansion.step * share)
        return None

    def _segments(
        self, expansion: Expansion, p: tuple[arb_poly, ...], errors: list[tuple[arb, arb]], now: fmpq, share: fmpq
    ) -> tuple[list[Segment], list[arb], arb]:
        length, count = share * expansion.step, len(errors)
        cuts = [now + length * k / count for k in range(count + 1)]
        pieces = [Segment(a, b, now, p, most, expansion.step) for a, b, (most, _) in zip(cuts, cuts[1:], errors, strict=False)]
        end = [q(arb(share)) for q in p]
        rounding = sum((v.rad() * v.rad() for v in end), arb(0)).sqrt()
        return pieces, [v.mid() for v in end], (errors[-1][1] + rounding).upper()

    @cached_property
    def curvature(self) -> Curvature:
        return Curvature(self.field)


@dataclass(frozen=True, eq=False)
class _Tube:
    """The neighbourhood of the polynomials of one expansion, and how errors grow in it."""

    curvature: Curvature
    expansion: Expansion
    defect: DefectBound

    def carry(self, r: arb, defect: arb, share: fmpq, slices: int) -> list[tuple[arb, arb]] | None:
        """For each slice (largest error on it, error at its end), or None when the errors outgrow every tube."""
        with working(30):
            h = (arb(share * self.expansion.step) / slices).upper()
            idle = (r + h * slices * defect).upper()
            for wider in WIDER if idle < THIN else WIDER_OF_THICK:
                found = self._carry(r, h, defect, share, slices, (arb(wider) * idle).upper())
                if found is not None:
                    return found
            return None

    def _carry(self, r: arb, h: arb, defect: arb, share: fmpq, slices: int, wide: arb) -> list[tuple[arb, arb]] | None:
        found = []
        for top in self._logarithmic_norms(float(share), slices, float(wide)):
            if not np.isfinite(top):
                return None
            growth = (h * arb(float(top))).exp().upper()
            most = growth.max(arb(1))
            inside = (most * (r + h * defect)).upper()
            if not finite(inside) or not inside < wide:
                return None
            r = (growth * r + h * most * defect).upper()
            found.append((inside, r))
        return found

    def _logarithmic_norms(self, share: float, slices: int, wide: float) -> Array:
        """Bounds (slices,) on pieces of 0 <= s <= share: centres are re-expansions there, distances their other terms."""
        half = share / (2 * slices)
        middles = half * (2 * np.arange(slices) + 1)
        half *= UP
        centres, distances = [], []
        for w, (c, error) in zip(self.expansion.weights, self._coefficients, strict=True):
            terms = len(c)
            k, j = np.arange(terms), np.arange(terms)[:, None]
            powers = np.where(k >= j, middles[:, None, None] ** np.maximum(k - j, 0), 0.0)
            moved = (_BINOMIALS[:terms, :terms] * powers) @ c  # (S, terms, m n): the Taylor shift to the middles
            sizes = np.sqrt(np.square(moved).sum(axis=2))
            rounding = 1e-13 * np.sqrt(np.square(c).sum(axis=1)).sum()
            around = sizes[:, 1:] @ half ** np.arange(1, terms) if terms > 1 else np.zeros(slices)
            centres.append(moved[:, 0].reshape(slices, w.rows, w.columns))
            distances.append((around + rounding + error + wide) * UP + LEAST)
        return self.curvature.bounds(centres, distances)

    @cached_property
    def _coefficients(self) -> list[tuple[Array, float]]:
        """For each layer the first coefficients (terms, m n) and a bound of the norm of all that they leave out."""
        found = []
        for w, norms in zip(self.expansion.weights, self.defect.norms[0], strict=True):
            drop = max(self.expansion.bits - 60, 0)
            first = w.series.coefficients[:TERMS]
            if w.scale - drop > 900:  # a layer so small that double precision cannot hold it: all of it is left out
                found.append((np.zeros((1, w.rows * w.columns)), float(_sum(norms)) * UP + LEAST))
                continue
            unit = 2.0 ** (drop - w.scale) if drop - w.scale < 900 else np.inf
            c = np.array([[float(int(v >> drop)) for v in x.entries()] for x in first]) * unit
            rest = float(_sum(norms.right_shift(TERMS)))
            found.append((c, (rest + 2 * TERMS * (w.rows * w.columns) * unit) * UP + LEAST))
        return found


def _sum(coefficients: arb_poly) -> arb:
    with working(30):
        return coefficients(arb(1)).upper()


_BINOMIALS = np.array([[float(comb(k, j)) for k in range(TERMS)] for j in range(TERMS)])
