"""A rigorous bound of the defect p' - f(p) of the polynomials of an `expansion`.

The coefficients of W_l define p, as they stand. Every other node's series differs from the true value at p by at most
a remainder rho for 0 <= s <= 1: rounding, plus the orders left out, plus the remainders of the factors times the norms
of the other factor (Taylor models; Makino and Berz, 2003). Orders left out of a product start at s^order, so on
0 <= s <= share they shrink by share^order. All norms are Frobenius norms in balls of 30 bits, whose upper ends count.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from flint import arb, arb_poly, fmpq, fmpz, fmpz_mat

from theorycheck.enclose.expansion import Expansion, Node
from theorycheck.enclose.precision import finite, working

NORM_BITS = 30
PRICE = 64  # the bound of what is left out is generous, and longer steps are worth more than its last digits
SHARP = 6  # coefficients whose Frobenius norm is taken; for the others the largest entry serves


@dataclass(frozen=True, eq=False)
class DefectBound:
    """Norms of the nodes of an expansion and of the orders left out of its products, taken once for all shares."""

    expansion: Expansion

    def on(self, share: fmpq) -> arb:
        """Upper bound of |dp/dt - f(p)|, Euclidean over all weights, for times up to share * step; 0 < share <= 1."""
        x = self.expansion
        with working(NORM_BITS):
            cut = (arb(share) ** x.order).upper()
            below, signals = self._remainders(cut)
            slopes = [signals[0]]
            for l in range(1, len(x.weights)):
                r, e = self.norm[1][l - 1], self.norm[2][l]
                slopes.append(r * signals[l] + below[l - 1] * (e + signals[l]) + cut * self.tails[2][l])
            return self._total(slopes, cut)

    def reach(self) -> float:
        """Up to which share of the step the orders left out cost no more than PRICE times the rounding; a guess."""
        x = self.expansion
        with working(NORM_BITS):
            whole, rounding = self.on(fmpq(1)), self.on(fmpq(1, 2**60))
            missing = (whole / (PRICE * (rounding + whole * arb(2) ** -x.bits))).upper()
            return float(missing ** (arb(-1) / x.order)) if finite(missing) and missing > 1 else 1.0

    def _remainders(self, cut: arb) -> tuple[list[arb], list[arb]]:
        """rho of R_l and of E_l."""
        x, (weights, forward, _) = self.expansion, self.norm
        below = [arb(0)]
        for l in range(1, len(x.weights)):
            rounding = x.order * _units(x.forward[l])
            below.append((weights[l] * below[-1] + cut * self.tails[0][l] + rounding).upper())
        factor, wrong = self._operator
        signals = [(factor * below[-1] + wrong * forward[-1] + (x.order + 1) * _units(x.signals[-1])).upper()]
        for l in range(len(x.weights) - 1, 0, -1):
            rounding = x.order * _units(x.signals[l - 1])
            signals.insert(0, (weights[l] * signals[0] + cut * self.tails[1][l] + rounding).upper())
        return below, signals

    @cached_property
    def start_error(self) -> arb:
        """Bound of the distance of p(0) from the state that was expanded: rounded down to units."""
        with working(NORM_BITS):
            return sum((_units(w) ** 2 for w in self.expansion.weights), arb(0)).sqrt().upper()

    @property
    def _operator(self) -> tuple[arb, arb]:
        """Norm of K, and of what rounding its entries down to units changed; both hold for all kinds of K."""
        k = self.expansion.operator
        unit = arb(2) ** -k.scale
        wrong = arb(k.factor.nrows() * k.factor.ncols()).sqrt() * unit
        return (arb(_frobenius(k.factor)) * unit + wrong).upper(), wrong.upper()

    def _total(self, slopes: list[arb], cut: arb) -> arb:
        """From the gradients' remainders; p_(k+1) is rounded twice, which (k+1) / step magnifies; the ridge drops p_order."""
        x = self.expansion
        ridge, total = abs(arb(x.field.decay or 0)), arb(0)
        for w, norms, slope in zip(x.weights, self.norms[0], slopes, strict=True):
            rounding = x.order * (x.order + 1) * _units(w) / arb(x.step)
            part = slope + rounding + 2 * ridge * cut * norms[x.order]
            total += part * part
        return total.nonnegative_part().sqrt().upper()

    @cached_property
    def norms(self) -> tuple[list[arb_poly], list[arb_poly], list[arb_poly]]:
        """Bounds of the norms of the coefficients of W_l, R_l, E_l."""
        x = self.expansion
        weights = [_norms(node) for node in x.weights]
        return weights, [weights[0], *map(_norms, x.forward[1:])], [_norms(node) for node in x.signals]

    @cached_property
    def norm(self) -> tuple[list[arb], list[arb], list[arb]]:
        """Bounds of the norms of W_l, R_l, E_l over the whole step."""
        weights, forward, signals = ([_at_one(p) for p in kind] for kind in self.norms)
        return weights, forward, signals

    @cached_property
    def tails(self) -> tuple[list[arb], list[arb], list[arb]]:
        """Norms of the orders left out of W_l R_(l-1), E_l W_l and R_(l-1) E_l, at index l; nothing at 0."""
        with working(NORM_BITS):
            weights, forward, signals = self.norms
            r, e = [arb_poly([0]), *forward[:-1]], signals
            pairs = [zip(weights, r, strict=True), zip(e, weights, strict=True), zip(r, e, strict=True)]
            ahead, back, slope = ([self._tail(a, b) for a, b in pair] for pair in pairs)
            return ahead, back, slope

    def _tail(self, a: arb_poly, b: arb_poly) -> arb:
        return _at_one((a * b).right_shift(self.expansion.order))


def _units(node: Node) -> arb:
    """Frobenius norm of one unit in each entry."""
    return arb(node.rows * node.columns).sqrt() * arb(2) ** -node.scale


def _norms(node: Node) -> arb_poly:
    with working(NORM_BITS):
        unit, side = arb(2) ** -node.scale, arb(node.rows * node.columns).sqrt()
        sharp = [arb(_frobenius(c)) * unit for c in node.series.coefficients[:SHARP]]
        coarse = [arb(peak) * side * unit for peak in node.series.peaks[SHARP:]]
        return arb_poly([v.upper() for v in sharp + coarse])


def _at_one(p: arb_poly) -> arb:
    with working(NORM_BITS):
        value: arb = p(arb(1))
        return value.upper()


def _frobenius(m: fmpz_mat) -> fmpz:
    """An integer just above the norm."""
    return sum((v * v for v in m.entries()), fmpz(0)).isqrt() + 1
