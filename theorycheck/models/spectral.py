"""Matrices drawn with a singular value decomposition in rationals: any shape, rank and multiplicities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flint import fmpq

from theorycheck.domain import Source, rational
from theorycheck.evaluate.values import Rows, matmul
from theorycheck.models.costs import orthogonal


@dataclass(frozen=True)
class Decomposed:
    """X = left diag(values) right^T: left m x m and right n x n orthogonal, min(m, n) values >= 0, largest first."""

    left: Rows
    values: tuple[Any, ...]
    right: Rows

    @property
    def rows(self) -> Rows:
        """X itself, m x n."""
        return self._with(self.values)

    @property
    def pseudo_inverse(self) -> Rows:
        """The Moore-Penrose inverse, n x m."""
        inverted = self._with(tuple(1 / s if s else fmpq(0) for s in self.values))
        return tuple(zip(*inverted, strict=True))

    @property
    def rank(self) -> int:
        return sum(s != 0 for s in self.values)

    def left_vector(self, k: int) -> Rows:
        """The k-th left singular vector as a column, 1 <= k <= m; those with k > rank span the kernel of X^T."""
        return tuple((row[k - 1],) for row in self.left)

    def _with(self, values: tuple[Any, ...]) -> Rows:
        m, n = len(self.left), len(self.right)
        middle = tuple(tuple(values[i] if i == j else fmpq(0) for j in range(n)) for i in range(m))
        return matmul(matmul(self.left, middle), tuple(zip(*self.right, strict=True)))


def decomposed(source: Source, m: int, n: int, least_rank: int = 0) -> Decomposed:
    """An m x n matrix of rank >= `least_rank`; zero and repeated singular values are likely."""
    values: list[Any] = []
    for k in range(min(m, n)):
        kind = source.integer(0, 3)
        if kind == 0 and k >= least_rank:
            values.append(fmpq(0))
        elif kind == 1 and values and values[-1]:
            values.append(values[-1])
        else:
            values.append(rational(source, positive=True))
    ordered = tuple(sorted(values, reverse=True))
    return Decomposed(orthogonal(source, m), ordered, orthogonal(source, n))


def columns(source: Source, n: int) -> Rows:
    """A column of n rationals, not all zero."""
    found = [rational(source) for _ in range(n)]
    if not any(found):
        found[0] = fmpq(1)
    return tuple((v,) for v in found)
