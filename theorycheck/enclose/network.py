"""Gradient flows of deep linear networks as polynomial fields for `taylor.integrate`.

The network is A = W_L ... W_1 with W_l of shape (widths[l], widths[l-1]); the loss is C(A) + ridge sum_l |W_l|_F^2, so
the flow is W_l' = -(W_L ... W_{l+1})^T grad C(A) (W_{l-1} ... W_1)^T - 2 ridge W_l. A state is the flat tuple of all
entries, layer 1 first, rows first.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from flint import arb, arb_mat

from theorycheck.enclose.precision import Matrix, Real, ball, balls
from theorycheck.enclose.recurrence import Field

Rows = list[list[Any]]  # a matrix over balls, power series or polynomials
Gradient = Callable[[Rows], Rows]


def linear_gradient(second_moment: Matrix, cross_moment: Matrix) -> Gradient:
    """grad C(A) = A S - B, for S (n0, n0) and B (nL, n0).

    The cost |A X - Y|_F^2 / 2 has S = X X^T and B = Y X^T; with another scaling of the cost, scale both.
    """
    s, b = balls(second_moment).tolist(), balls(cross_moment).tolist()
    return lambda a: _subtract(_product(a, s), b)


def entry_gradient(weights: Matrix, target: Matrix) -> Gradient:
    """grad C(A) = weights * (A - target), entry by entry, both (nL, n0): C = sum weights (A - target)^2 / 2.

    Weights 0 and 1 give matrix completion.
    """
    w, y = balls(weights).tolist(), balls(target).tolist()
    return lambda a: [[k * v for k, v in zip(*rows, strict=True)] for rows in zip(w, _subtract(a, y), strict=True)]


def gradient_flow(widths: Sequence[int], gradient: Gradient, ridge: Real = 0) -> Field:
    """The field -grad loss on flat states of length sum widths[l] widths[l-1].

    Raises ValueError for fewer than two widths or a width below 1; a gradient of wrong shape raises at the first use.
    """
    if len(widths) < 2 or any(w < 1 for w in widths):
        raise ValueError(f"expected at least two widths, each at least 1, got {list(widths)}")
    decay = 2 * ball(ridge)

    def field(state: Sequence[Any]) -> list[Any]:
        layers = unpack(state, widths)
        slopes = _layer_gradients(layers, gradient)
        flat = zip(state, (v for g in slopes for row in g for v in row), strict=True)
        return [-g - decay * w for w, g in flat] if not decay.is_zero() else [-g for _, g in flat]

    return field


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


def _layer_gradients(layers: Sequence[Rows], gradient: Gradient) -> list[Rows]:
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
