"""Exact costs that serve as instances: objects with `value(x)` and `gradient(x)` over rows of rationals, balls or jets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flint import fmpq, fmpq_mat

from theorycheck.domain import Source, Var, drawn, rational
from theorycheck.evaluate.values import Rows, add, inner, matmul, scale


@dataclass(frozen=True)
class Quadratic:
    """C(x) = 1/2 (x - centre)^T H (x - centre) + least, for a symmetric positive semidefinite H (n x n), x a column."""

    hessian: Rows
    centre: Rows
    least: Any

    def value(self, x: Rows) -> Any:
        d = add(x, scale(fmpq(-1), self.centre))
        return fmpq(1, 2) * inner(d, matmul(self.hessian, d)) + self.least

    def gradient(self, x: Rows) -> Rows:
        return matmul(self.hessian, add(x, scale(fmpq(-1), self.centre)))

    def strongly_convex(self, beta: Any) -> bool:
        """Whether H - beta I is positive semidefinite (exact)."""
        return _psd(self._matrix() - beta * _eye(len(self.hessian)))

    def _matrix(self) -> fmpq_mat:
        return fmpq_mat(len(self.hessian), len(self.hessian), [v for r in self.hessian for v in r])


def _psd(m: fmpq_mat) -> bool:
    from theorycheck.enclose.linear import is_positive_semidefinite

    return is_positive_semidefinite(m) is True


def _eye(n: int) -> fmpq_mat:
    return fmpq_mat(n, n, [int(i == j) for i in range(n) for j in range(n)])


def orthogonal(source: Source, n: int) -> Rows:
    """A rational orthogonal matrix (Cayley transform of a skew matrix); reach 0 gives the identity."""
    skew = fmpq_mat(n, n)
    for i in range(n):
        for j in range(i):
            skew[i, j] = rational(source)
            skew[j, i] = -skew[i, j]
    q = (_eye(n) - skew) * (_eye(n) + skew).inv()
    return tuple(tuple(q[i, j] for j in range(n)) for i in range(n))


def diagonal(values: list[Any]) -> Rows:
    n = len(values)
    return tuple(tuple(values[i] if i == j else fmpq(0) for j in range(n)) for i in range(n))


def conjugate(q: Rows, values: list[Any]) -> Rows:
    """Q diag(values) Q^T."""
    return matmul(matmul(q, diagonal(values)), tuple(zip(*q, strict=True)))


def column(source: Source, n: int) -> Rows:
    return tuple((rational(source),) for _ in range(n))


def column_of(name: str, size: str = "n") -> Var:
    """A vector symbol of a domain, with as many entries as the size symbol says."""
    return drawn(name, lambda s, env: column(s, env[size]))


def quadratic(source: Source, n: int, beta: Any, strongly: bool) -> Quadratic:
    """A quadratic cost whose nonzero curvatures are >= beta (some zero unless `strongly`, some equal to beta)."""
    curvatures = []
    for _ in range(n):
        kind = source.integer(0, 3)
        if kind == 0 and not strongly:
            curvatures.append(fmpq(0))
        else:
            curvatures.append(beta if kind == 1 else beta + rational(source, positive=True))
    return Quadratic(conjugate(orthogonal(source, n), curvatures), column(source, n), rational(source))



