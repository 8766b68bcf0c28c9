"""Taylor polynomials of the gradient flow of a deep linear network, in fixed-point matrices.

Time is scaled by the step h, so that the coefficients fall and the high ones are short numbers. Backpropagation on
series (`packed`): R_l = W_l R_(l-1) forward, E_(l-1) = E_l W_l back from E_L = (K A - B)^T, the transposed gradient of
the cost, and the gradient in W_l is (R_(l-1) E_l)^T: so each series is used in one orientation only. Layers count from
0 below. Every number is an integer times a power of two; `bits` bits are kept of the largest entry of each layer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flint import arb, fmpq, fmpq_mat, fmpz, fmpz_mat

from theorycheck.enclose.network import AffineGradient, NetworkField, layer_gradients, unpack
from theorycheck.enclose.packed import Product, Series, Slots
from theorycheck.enclose.precision import working

COARSE = 53


@dataclass(frozen=True, eq=False)
class Node:
    """A series of matrices (rows, columns), entries in units of 2^-scale."""

    series: Series
    scale: int
    rows: int
    columns: int


@dataclass(frozen=True, eq=False)
class Operator:
    """K and B of the affine gradient K A - B, in units of 2^-scale and 2^-image; the image is (K A - B)^T."""

    kind: str
    factor: fmpz_mat  # transposed for "right" and "entry"
    scale: int
    pull: fmpz_mat  # transposed
    image: int
    down: int

    @staticmethod
    def of(gradient: AffineGradient, argument: int, bits: int) -> Operator:
        """For an argument in units of 2^-argument, keeping `bits` bits."""
        assert gradient.exact is not None
        factor, pull = gradient.exact
        scale = bits - magnitude(factor.entries())
        image = argument + scale - bits
        if any(b != 0 for b in pull.entries()):
            image = min(image, bits - magnitude(pull.entries()))
        known = factor if gradient.kind == "all" else factor.transpose()
        down = argument + scale - image
        return Operator(gradient.kind, _units(known, scale), scale, _units(pull.transpose(), image), image, down)

    def __call__(self, a: fmpz_mat, first: bool) -> list[fmpz]:
        """Coefficient of the image, rows first, from that of A; B enters the first one."""
        if self.kind == "right":
            raw = (self.factor * a.transpose()).entries()
        elif self.kind == "entry":
            raw = [k * v for k, v in zip(self.factor.entries(), a.transpose().entries(), strict=True)]
        else:
            flat = (self.factor * fmpz_mat(a.nrows() * a.ncols(), 1, a.entries())).entries()
            raw = fmpz_mat(a.nrows(), a.ncols(), flat).transpose().entries()
        out = [v >> self.down for v in raw]
        return [v - b for v, b in zip(out, self.pull.entries(), strict=True)] if first else out


@dataclass(frozen=True, eq=False)
class Expansion:
    """W_l(now + h s) = sum_k weights[l]_k s^k, k <= order; forward: R_l, signals: E_l, k < order, all l."""

    field: NetworkField
    step: fmpq
    bits: int
    order: int
    operator: Operator
    weights: tuple[Node, ...]
    forward: tuple[Node, ...]
    signals: tuple[Node, ...]


def magnitude(entries: Sequence[fmpq]) -> int:
    """Some e with every |entry| < 2^e, at most twice as large as needed; 0 when all are zero."""
    return max((abs(v.p).bit_length() - v.q.bit_length() + 1 for v in entries if v != 0), default=0)


def fixed(field: NetworkField, state: Sequence[arb], bits: int, step: fmpq) -> tuple[tuple[fmpz_mat, ...], tuple[int, ...]]:
    """The layers of an exact state in units of 2^-scale, rounded down, and these scales.

    `bits` bits are kept of the largest entry of a layer, or of what it grows by in a step when that is more.
    """
    layers = unpack(state, field.widths)
    with working(COARSE):
        rough = unpack([v + 0 for v in state], field.widths)
        slopes = layer_gradients(rough, field.gradient)
        h = arb(step)
        tops = [
            max(abs(v).upper() for row in [*w, *[[h * v for v in g] for g in slope]] for v in row)
            for w, slope in zip(rough, slopes, strict=True)
        ]
    scales = tuple(bits - _exponent(top) for top in tops)
    return tuple(_rounded(rows, s) for rows, s in zip(layers, scales, strict=True)), scales


def expand(field: NetworkField, state: Sequence[arb], bits: int, step: fmpq, order: int) -> Expansion:
    """Taylor expansion from an exact state of a packable field over a step of exact length.

    Raises Overflow when the step is so long that coefficients grow.
    """
    layers, scales = fixed(field, state, bits, step)
    grower = _Grower(field, scales, bits, step, order)
    current = [w.entries() for w in layers]
    for r in range(order):
        grower.append_weights(current)
        grower.forward_pass()
        gradients = grower.backward_pass(r)
        current = grower.integrate(gradients, current, r)
    grower.append_weights(current)
    return grower.result()


class _Grower:
    """The nodes of one expansion while they grow, all to the same order."""

    def __init__(self, field: NetworkField, scales: Sequence[int], bits: int, step: fmpq, order: int) -> None:
        self.field, self.bits, self.step, self.order = field, bits, step, order
        depth, width = len(scales), max(field.widths)
        room = 6 + (2 * depth - 1) * (width - 1).bit_length()  # what sums of products may add, and growth by 2^6
        self.slots = Slots(bits + room, order, width)
        self.half = fmpz(1) << (bits - 1)
        self.weights = [self._node(s, *shape, factor=True) for s, shape in zip(scales, field.shapes, strict=True)]
        self.forward, self.up = [self.weights[0]], list[Product]()
        for w in self.weights[1:]:
            r = self.forward[-1]
            out = self._node(w.scale + r.scale - bits, w.rows, r.columns, factor=len(self.forward) < depth - 1)
            self.up.append(Product(w.series, r.series, out.rows, out.columns))
            self.forward.append(out)
        a = self.forward[-1]
        assert isinstance(field.gradient, AffineGradient)
        self.operator = Operator.of(field.gradient, a.scale, bits)
        self.signals = [self._node(self.operator.image, a.columns, a.rows, factor=depth > 1)]
        self.down, self.slope = list[Product](), list[Product]()
        for l in range(depth - 1, 0, -1):
            e, w, r = self.signals[0], self.weights[l], self.forward[l - 1]
            out = self._node(e.scale + w.scale - bits, e.rows, w.columns, factor=l > 1)
            self.slope.insert(0, Product(r.series, e.series, r.rows, e.columns))
            self.down.insert(0, Product(e.series, w.series, out.rows, out.columns))
            self.signals.insert(0, out)

    def _node(self, scale: int, m: int, n: int, factor: bool) -> Node:
        return Node(Series(self.slots, factor), scale, m, n)

    def append_weights(self, current: Sequence[list[fmpz]]) -> None:
        for w, entries in zip(self.weights, current, strict=True):
            w.series.append(w.rows, w.columns, entries)

    def forward_pass(self) -> None:
        for product, out in zip(self.up, self.forward[1:], strict=True):
            out.series.append(out.rows, out.columns, self._rounded(product.advance()))

    def backward_pass(self, r: int) -> list[tuple[list[fmpz], int]]:
        """Coefficient r of the gradients of the layers, rows first, and their scales."""
        top, a = self.signals[-1], self.forward[-1]
        top.series.append(top.rows, top.columns, self.operator(a.series.coefficients[r], first=r == 0))
        gradients = []
        for l in range(len(self.weights) - 1, 0, -1):
            below, e, out = self.forward[l - 1], self.signals[l], self.signals[l - 1]
            raw = self.slope[l - 1].advance()
            gradients.append((_transposed(raw, below.rows, e.columns), below.scale + e.scale))
            out.series.append(out.rows, out.columns, self._rounded(self.down[l - 1].advance()))
        first = self.signals[0]
        gradients.append((first.series.coefficients[r].transpose().entries(), first.scale))
        return gradients[::-1]

    def integrate(self, gradients: Sequence[tuple[list[fmpz], int]], current: Sequence[list[fmpz]], r: int) -> list[list[fmpz]]:
        """W_(r+1) = sign h (gradient + 2 ridge W_r) / (r + 1), each of the two terms rounded down."""
        factor = self.step * self.field.sign / (r + 1)
        keep = 2 * (self.field.decay or 0) * factor
        out = []
        for w, old, (gradient, scale) in zip(self.weights, current, gradients, strict=True):
            ratio = factor * fmpq(2) ** (w.scale - scale)
            up, under = ratio.p, ratio.q
            moved = [v * up // under for v in gradient]
            out.append([v + x * keep.p // keep.q for v, x in zip(moved, old, strict=True)] if keep else moved)
        return out

    def result(self) -> Expansion:
        nodes = tuple(self.weights), tuple(self.forward), tuple(self.signals)
        return Expansion(self.field, self.step, self.bits, self.order, self.operator, *nodes)

    def _rounded(self, entries: list[fmpz]) -> list[fmpz]:
        half, bits = self.half, self.bits
        return [(v + half) >> bits for v in entries]


def _units(m: fmpq_mat, scale: int) -> fmpz_mat:
    """Entries in units of 2^-scale, rounded down."""
    unit = fmpq(2) ** scale
    return fmpz_mat(m.nrows(), m.ncols(), [(v * unit).floor() for v in m.entries()])


def _exponent(top: arb) -> int:
    """The least e with top < 2^e for an exact top >= 0; 0 for zero."""
    mantissa, exponent = top.man_exp()
    return 0 if top.is_zero() else int(exponent) + mantissa.bit_length()


def _rounded(rows: Sequence[Sequence[arb]], scale: int) -> fmpz_mat:
    entries = []
    for row in rows:
        for v in row:
            mantissa, exponent = v.mid().man_exp()
            shift = int(exponent) + scale
            entries.append(mantissa << shift if shift >= 0 else mantissa >> -shift)
    return fmpz_mat(len(rows), len(rows[0]), entries)


def _transposed(entries: list[fmpz], m: int, n: int) -> list[fmpz]:
    return [entries[i * n + j] for j in range(n) for i in range(m)]
