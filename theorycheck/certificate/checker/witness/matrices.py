"""Matrices as rows of numbers; exact definiteness and singular values of rational ones."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from flint import arb, fmpq, fmpq_mat

from ..core import NotCovered
from .numbers import NoValue, Unclear, divide, known_sign, power

Rows = tuple[tuple[Any, ...], ...]


def identity(n: int) -> Rows:
    return tuple(tuple(fmpq(int(i == j)) for j in range(n)) for i in range(n))


def size_of(x: Any) -> str:
    return f"{len(x)} x {len(x[0])}" if isinstance(x, tuple) else "number"


def plus(terms: Any) -> Any:
    total, *rest = terms
    for x in rest:
        if isinstance(total, tuple) != isinstance(x, tuple) or (isinstance(x, tuple) and size_of(x) != size_of(total)):
            raise NoValue(f"the sum of a {size_of(total)} and a {size_of(x)} matrix")
        total = tuple(map(_row_sum, total, x)) if isinstance(x, tuple) else total + x
    return total


def _row_sum(a: tuple[Any, ...], b: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(x + y for x, y in zip(a, b, strict=True))


def scaled(c: Any, x: Any) -> Any:
    return tuple(tuple(c * v for v in row) for row in x) if isinstance(x, tuple) else c * x


def transposed(x: Rows) -> Rows:
    return tuple(zip(*x, strict=True))


def product(a: Rows, b: Rows) -> Rows:
    if len(a[0]) != len(b):
        raise NoValue(f"the product of a {size_of(a)} and a {size_of(b)} matrix")
    columns = transposed(b)
    return tuple(tuple(dot(row, column) for column in columns) for row in a)


def dot(u: Any, v: Any) -> Any:
    return plus([x * y for x, y in zip(u, v, strict=True)])


def inner(a: Rows, b: Rows) -> Any:
    if size_of(a) != size_of(b):
        raise NoValue(f"the inner product of a {size_of(a)} and a {size_of(b)} matrix")
    return plus([dot(r, s) for r, s in zip(a, b, strict=True)])


def difference(a: Any, b: Any) -> Any:
    return plus([a, scaled(fmpq(-1), b)])


def entries(x: Any) -> list[Any]:
    return [v for row in x for v in row] if isinstance(x, tuple) else [x]


def exact(x: Any) -> bool:
    return all(isinstance(v, fmpq) for v in entries(x))


def semidefinite(x: Rows, strictly: bool = False) -> bool:
    """Whether a symmetric rational matrix is positive semidefinite (definite), by elimination."""
    if not exact(x):
        raise NotCovered("definiteness of a matrix that is not rational")
    if x != transposed(x):
        return False
    rows = [list(r) for r in x]
    while rows:
        pivot = next((i for i in range(len(rows)) if rows[i][i] > 0), None)
        if pivot is None:
            return not strictly and not any(v for r in rows for v in r)
        p = rows[pivot]
        kept = [i for i in range(len(rows)) if i != pivot]
        rows = [[rows[i][j] - rows[i][pivot] * p[j] / p[pivot] for j in kept] for i in kept]
    return True


def rank(x: Rows) -> fmpq:
    if not exact(x):
        raise NotCovered("the rank of a matrix that is not rational")
    return fmpq(fmpq_mat(len(x), len(x[0]), entries(x)).rank())


def singular_values(x: Rows) -> list[Any]:
    """The min(rows, columns) singular values of a rational matrix, in decreasing order; rationals where they are rational."""
    if not exact(x):
        raise NotCovered("singular values of a matrix that is not rational")
    small = x if len(x) <= len(x[0]) else transposed(x)
    gram = product(small, transposed(small))
    n = len(gram)
    _, factors = fmpq_mat(n, n, entries(gram)).charpoly().factor()
    squares: list[Any] = []
    for f, times in factors:
        found = [divide(-f[0], f[1])] if f.degree() == 1 else [r.real for r, _ in f.numer().complex_roots()]
        squares += [s for s in found for _ in range(times)]
    squares.sort(key=lambda s: arb(s).mid(), reverse=True)
    if not all(a is b or (isinstance(a, fmpq) and isinstance(b, fmpq)) or arb(a) > arb(b) for a, b in pairwise(squares)):
        raise Unclear("singular values that are not separated")
    return [power(s, fmpq(1, 2)) if known_sign(s) else fmpq(0) for s in squares]
