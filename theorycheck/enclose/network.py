"""Gradient flows of deep linear networks as polynomial fields for `taylor.integrate`.

The network is A = W_L ... W_1 with W_l of shape (widths[l], widths[l-1]); the loss is C(A) + ridge sum_l |W_l|_F^2, so
the flow is W_l' = -(W_L ... W_{l+1})^T grad C(A) (W_{l-1} ... W_1)^T - 2 ridge W_l. A state is the flat tuple of all
entries, layer 1 first, rows first. When the gradient of C is one of the affine maps below with exact entries, the
integrator expands whole matrices at once (`expansion`, `network_steps`); any other gradient made of + - * runs entry by
entry.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Any

from flint import arb, arb_mat, fmpq, fmpq_mat

from theorycheck.enclose.precision import Matrix, Real, ball, balls, exact_matrix, rational

Rows = list[list[Any]]  # a matrix over balls, power series or polynomials
Gradient = Callable[[Rows], Rows]


@dataclass(frozen=True, eq=False)
class AffineGradient:
    """grad C(A) = A S - B, weights * A - B or H vec(A) - B (rows of A one after the other): whichever of them is given.

    S (n0, n0), weights (nL, n0), H (n0 nL, n0 nL) in `factor`, kind "right", "entry" or "all"; B (nL, n0) in `pull`.
    """

    kind: str
    factor: Matrix
    pull: Matrix

    def __call__(self, a: Rows) -> Rows:
        k, b = balls(self.factor).tolist(), balls(self.pull).tolist()  # at the precision of this call
        if self.kind == "right":
            return _subtract(_product(a, k), b)
        if self.kind == "entry":
            return _subtract([[x * v for x, v in zip(*rows, strict=True)] for rows in zip(k, a, strict=True)], b)
        flat = [v for row in a for v in row]
        image = iter([_dot(row, flat) for row in k])
        return _subtract([[next(image) for _ in row] for row in a], b)

    @cached_property
    def exact(self) -> tuple[fmpq_mat, fmpq_mat] | None:
        """factor and pull as rationals, None when one of them is not exact."""
        k, b = exact_matrix(self.factor), exact_matrix(self.pull)
        return None if k is None or b is None else (k, b)


def linear_gradient(second_moment: Matrix, cross_moment: Matrix) -> AffineGradient:
    """grad C(A) = A S - B, for S (n0, n0) and B (nL, n0).

    The cost |A X - Y|_F^2 / 2 has S = X X^T and B = Y X^T; with another scaling of the cost, scale both.
    """
    return AffineGradient("right", second_moment, cross_moment)


def entry_gradient(weights: Matrix, target: Matrix) -> AffineGradient:
    """grad C(A) = weights * (A - target), entry by entry, both (nL, n0): C = sum weights (A - target)^2 / 2.

    Weights 0 and 1 give matrix completion.
    """
    exact = exact_matrix(weights), exact_matrix(target)
    rows = [m.tolist() if m is not None else balls(w).tolist() for m, w in zip(exact, (weights, target), strict=True)]
    pull = [[x * v for x, v in zip(*pair, strict=True)] for pair in zip(*rows, strict=True)]
    return AffineGradient("entry", weights, pull)


def quadratic_gradient(hessian: fmpq_mat, centre: fmpq_mat) -> AffineGradient:
    """grad C(A) = H vec(A - centre) for H (n0 nL, n0 nL), symmetric, and centre (nL, n0): rows one after the other."""
    flat = hessian * fmpq_mat(hessian.ncols(), 1, centre.entries())
    return AffineGradient("all", hessian, fmpq_mat(centre.nrows(), centre.ncols(), flat.entries()))


@dataclass(frozen=True, eq=False)
class NetworkField:
    """sign * grad (C(W_L ... W_1) + ridge sum |W_l|^2): the gradient flow has sign -1, the flow back in time +1."""

    widths: tuple[int, ...]
    gradient: Gradient
    ridge: Real = 0
    sign: int = -1

    def __call__(self, state: Sequence[Any]) -> list[Any]:
        slopes = layer_gradients(unpack(state, self.widths), self.gradient)
        flat = zip(state, (v for g in slopes for row in g for v in row), strict=True)
        growth = 2 * ball(self.ridge)
        rates = [g + growth * w for w, g in flat] if not growth.is_zero() else [g for _, g in flat]
        return rates if self.sign > 0 else [-v for v in rates]

    def reverse(self) -> NetworkField:
        """The same flow with time running the other way."""
        return replace(self, sign=-self.sign)

    @cached_property
    def decay(self) -> fmpq | None:
        """The ridge as a rational, None when it is a ball that is not exact."""
        if isinstance(self.ridge, arb) and not (self.ridge.is_finite() and self.ridge.is_exact()):
            return None
        return rational(self.ridge)

    @property
    def shapes(self) -> tuple[tuple[int, int], ...]:
        """(widths[l], widths[l-1]) of the layers."""
        return tuple((m, n) for n, m in pairwise(self.widths))

    @property
    def packable(self) -> bool:
        """Whether the fast expansion of matrix series applies: affine gradient, all constants rational."""
        known = isinstance(self.gradient, AffineGradient) and self.gradient.exact is not None
        return known and self.decay is not None


def gradient_flow(widths: Sequence[int], gradient: Gradient, ridge: Real = 0) -> NetworkField:
    """The field -grad loss on flat states of length sum widths[l] widths[l-1].

    Raises ValueError for fewer than two widths or a width below 1; a gradient of wrong shape raises at the first use.
    """
    if len(widths) < 2 or any(w < 1 for w in widths):
        raise ValueError(f"expected at least two widths, each at least 1, got {list(widths)}")
    ball(ridge)  # refuses floats with its message
    return NetworkField(tuple(widths), gradient, ridge)


def pack(layers: Sequence[Matrix]) -> tuple[arb, ...]:
    """The flat state of W_1, .., W_L."""
    return tuple(v for w in layers for v in balls(w).entries())


def unpack(state: Sequence[Any], widths: Sequence[int]) -> list[Rows]:
    """W_1, .., W_L as lists of rows. Raises ValueError when the length does not fit the widths."""
    sizes = [m * n for n, m in pairwise(widths)]
    if len(state) != sum(sizes):
        raise ValueError(f"widths {list(widths)} need a state of length {sum(sizes)}, got {len(state)}")
    rest = iter(state)
    return [[[next(rest) for _ in range(n)] for _ in range(m)] for n, m in pairwise(widths)]


def product(layers: Sequence[Matrix]) -> arb_mat:
    """A = W_L ... W_1 in balls."""
    a = balls(layers[0])
    for w in layers[1:]:
        a = balls(w) * a
    return a


def layer_gradients(layers: Sequence[Rows], gradient: Gradient) -> list[Rows]:
    """d C(A) / d W_l by one pass forward (W_l ... W_1) and one back (W_l^T ... W_L^T grad C)."""
    below: list[Rows] = [layers[0]]
    for w in layers[1:]:
        below.append(_product(w, below[-1]))
    signal = gradient(below[-1])
    slopes: list[Rows] = []
    for l in range(len(layers) - 1, 0, -1):
        slopes.append(_product(signal, _transpose(below[l - 1])))
        signal = _product(_transpose(layers[l]), signal)
    return [signal, *reversed(slopes)]


def _product(a: Rows, b: Rows) -> Rows:
    columns = _transpose(b)
    return [[_dot(row, column) for column in columns] for row in a]


def _dot(u: Sequence[Any], v: Sequence[Any]) -> Any:
    first, *rest = (x * y for x, y in zip(u, v, strict=True))
    return sum(rest, first)


def _subtract(a: Rows, b: Rows) -> Rows:
    return [[x - y for x, y in zip(*rows, strict=True)] for rows in zip(a, b, strict=True)]


def _transpose(a: Rows) -> Rows:
    return [list(column) for column in zip(*a, strict=True)]
