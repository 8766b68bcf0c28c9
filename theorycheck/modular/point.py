"""A random point: values of the symbols, members, layers and opaque functions of a line, drawn when they are first asked for.

An opaque function (a cost, its gradient, a norm that is no square root, a path) is a random table: equal arguments give equal
values, and nothing else is known of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from flint import nmod_mat

from theorycheck.modular.field import Matrix, Number, P, Q, Value, identity, mul, root_power, transpose, zeros

Key = tuple[Any, ...]


@dataclass(frozen=True)
class Kinds:
    """What a domain declares of names: integers (and families of them), positive numbers, symmetric definite matrices."""

    integers: frozenset[str]
    positive: frozenset[str]
    symmetric: frozenset[str]


@dataclass
class Point:
    """`whole`: values of integer symbols by name, and of members of integer families by (name, index); `determine(point, key,
    shape)` may give the value that the equations in force demand, or None. `table`: everything drawn so far; `memo`: the
    instances of the equations."""

    kinds: Kinds
    whole: dict[Any, int]
    random: Random
    size: Callable[[Point, Any], int]
    determine: Callable[[Point, Key, tuple[int, int] | None], Value | None] = lambda point, key, shape: None
    table: dict[Key, Value] = field(default_factory=dict)
    frames: dict[str, tuple[Matrix, list[Number]]] = field(default_factory=dict)
    busy: set[Key] = field(default_factory=set)
    memo: dict[Any, Any] = field(default_factory=dict)

    def integer(self, key: Any) -> int:
        if key not in self.whole:
            self.whole[key] = self.size(self, key)
        return self.whole[key]

    def value(self, key: Key, shape: tuple[int, int] | None, positive: bool = False) -> Value:
        """The value of a symbol ("sym", name), a member ("item", name, index), a layer, or an opaque function of arguments."""
        if key not in self.table:
            found = None
            if key not in self.busy:
                self.busy.add(key)
                found = self.determine(self, key, shape)
                self.busy.discard(key)
            if key not in self.table:
                self.table[key] = found or (self.number(positive) if shape is None else Matrix((self.matrix(*shape),)))
        return self.table[key]

    def number(self, positive: bool = False) -> Number:
        x = self.random.randrange(1, P)
        return Number((x * x % P if positive else x,), self.random.randrange(1, Q))

    def matrix(self, rows: int, cols: int) -> nmod_mat:
        return nmod_mat(rows, cols, [self.random.randrange(P) for _ in range(rows * cols)], P)

    def orthogonal(self, n: int) -> nmod_mat:
        """(I - K)(I + K)^-1 for a random skew K: a parametrization of the orthogonal matrices without eigenvalue -1."""
        x = self.matrix(n, n)
        skew = x - x.transpose()
        return (identity(n) - skew) * (identity(n) + skew).inv()

    def definite_power(self, name: str, n: int, e: Number) -> Matrix:
        """S^e for a symmetric definite S = Q diag(d) Q^T with squares d."""
        if name not in self.frames:
            self.frames[name] = (Matrix((self.orthogonal(n),)), [self.number(True) for _ in range(n)])
        frame, values = self.frames[name]
        middle = zeros(n, n)
        for i, d in enumerate(values):
            middle[i, i] = root_power(d, e).p[0]
        return mul(mul(frame, Matrix((middle,))), transpose(frame))  # type: ignore[no-any-return]

    def signature(self, x: Value) -> Key:
        """A short name for a value, for the tables: for a matrix its size and u^T x v at fixed random u, v."""
        if isinstance(x, Number):
            return (x.p[0],)
        m = x.p[0]
        rows, cols = m.nrows(), m.ncols()
        left, right = self._probe("left", 1, rows), self._probe("right", cols, 1)
        return (rows, cols, int((left * m * right)[0, 0]))

    def _probe(self, side: str, rows: int, cols: int) -> nmod_mat:
        key = ("probe", side, rows, cols)
        if key not in self.table:
            self.table[key] = Matrix((self.matrix(rows, cols),))
        found = self.table[key]
        assert isinstance(found, Matrix)
        return found.p[0]
