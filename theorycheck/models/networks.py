"""Exact deep linear networks that serve as instances: layers with a known singular value decomposition.

A frame of n x r has orthonormal columns. Layers Q_l diag(t) Q_(l-1)^T with frames Q_l are balanced, and their product is
Q_L diag(t^L) Q_0^T.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flint import fmpq

from theorycheck.domain import Source
from theorycheck.evaluate.values import Rows, matmul
from theorycheck.models.costs import diagonal, orthogonal

Layers = dict[int, Rows]


def transpose(a: Rows) -> Rows:
    return tuple(zip(*a, strict=True))


def frame(source: Source, n: int, r: int) -> Rows:
    """The first r columns of a rational orthogonal n x n matrix."""
    return tuple(row[:r] for row in orthogonal(source, n))


def frames(source: Source, widths: Mapping[int, int], r: int) -> Layers:
    """A frame of n_l x r for every layer boundary l = 0 .. L."""
    return {l: frame(source, n, r) for l, n in widths.items()}


def positive(source: Source) -> Any:
    """A small positive rational, below or above 1, with ties likely."""
    return (fmpq(1), fmpq(1, 2), fmpq(2), fmpq(1, 3), fmpq(3))[source.integer(0, 4)]


def balanced(frames: Mapping[int, Rows], roots: Sequence[Any]) -> Layers:
    """The layers Q_l diag(roots) Q_(l-1)^T, l = 1 .. L."""
    middle = diagonal(list(roots))
    return {l: matmul(matmul(frames[l], middle), transpose(frames[l - 1])) for l in frames if l > 0}


def balanced_network(source: Source, widths: Mapping[int, int]) -> Layers:
    """Balanced layers of the given widths, of the largest rank that these admit."""
    r = min(widths.values())
    return balanced(frames(source, widths, r), [positive(source) for _ in range(r)])
