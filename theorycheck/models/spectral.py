"""Matrices drawn with a singular value decomposition in rationals: any shape, rank and multiplicities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flint import fmpq

from theorycheck.domain import Env, Source, rational
from theorycheck.evaluate.values import Rows, inner, matmul, scale
from theorycheck.models.costs import orthogonal
from theorycheck.models.linear_form import column


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


def pair_column(side: str, source: Source, env: Env) -> Rows:
    """A second column of u or v, orthogonal to the first; where one of the sizes is 1 there is none, and u_2 = -u_1."""
    if min(env["n_0"], env["n_L"]) >= 2:
        return column(env[side], 1)
    found: Rows = scale(fmpq(-1 if side == "u" else 1), column(env[side], 0))
    return found


def are_orthonormal_pairs(env: Env) -> bool:
    """Whether u_1, u_2 are orthonormal columns, and v_1, v_2."""
    u, v = ((env[f"{side}_1"], env[f"{side}_2"]) for side in ("u", "v"))
    return all(inner(x, x) == inner(y, y) == 1 and inner(x, y) == 0 for x, y in (u, v))
