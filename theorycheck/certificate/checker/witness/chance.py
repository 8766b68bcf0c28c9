"""Expectations at an instance: of polynomials in the entries of the layers, which are multiplied out.

The mean of a monomial is a product over places, at each of which the entries of the families are jointly Gaussian (Isserlis).
"""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass
from typing import Any

from flint import fmpq

from ..core import Node, NotCovered, need, walk
from .evaluate import READERS, Env, given, value
from .matrices import exact, plus, semidefinite
from .numbers import Dual, Num, Unclear, known_sign

MOST = 10_000  # entries
Place = tuple[int, int, int]  # layer, row, column


@dataclass(frozen=True)
class Poly:
    """{monomial: coefficient}; a monomial is a sorted tuple of entries ((layer, row, column), family), with repetitions."""

    terms: dict[tuple[tuple[Place, int], ...], Num]

    def __add__(self, other: Any) -> Any:
        if isinstance(other, Dual):
            return NotImplemented
        terms = dict(self.terms)
        for m, c in poly(other).terms.items():
            terms[m] = terms[m] + c if m in terms else c
        return Poly(terms)

    def __mul__(self, other: Any) -> Any:
        if isinstance(other, Dual):
            return NotImplemented
        found = Poly({})
        for (m, c), (n, d) in itertools.product(self.terms.items(), poly(other).terms.items()):
            found = found + Poly({tuple(sorted(m + n)): c * d})
        return found

    def __sub__(self, other: Any) -> Any:
        return NotImplemented if isinstance(other, Dual) else self + poly(other) * fmpq(-1)

    def __rsub__(self, other: Any) -> Any:
        return self * fmpq(-1) + other

    __radd__, __rmul__ = __add__, __mul__


def poly(x: Any) -> Poly:
    return x if isinstance(x, Poly) else Poly({(): x})


# --- expectations -----------------------------------------------------------------------------------------------------------
def covariance(t: Node, env: Env) -> list[list[Num]]:
    """The matrix K of a law, which must be positive semidefinite: else there are no such layers."""
    m, upper = len(t.args[0].split()), iter([value(k, env) for k in t.trees[1:]])
    need(len(t.trees) == 1 + m * (m + 1) // 2, f"the covariances of {m} families")
    rows: list[list[Num]] = [[fmpq(0)] * m for _ in range(m)]
    for i in range(m):
        for j in range(i, m):
            rows[i][j] = rows[j][i] = next(upper)
    fine = known_sign(rows[0][0]) >= 0 if m == 1 else exact(tuple(map(tuple, rows))) and semidefinite(tuple(map(tuple, rows)))
    need(fine, "covariances that no layers have")
    return rows


def _expectation(t: Node, env: Env) -> Any:
    rows, names = covariance(t, env), t.args[0].split()
    chains = [x for x in walk(t.trees[0]) if x.head == "chain" and x.args[0] in names]
    families = {s.args[0] if s.head == "item" else "" for x in chains for s in x.shape or ()}
    if len(families) > 1 or "" in families:
        raise NotCovered("random layers whose sizes are not known")
    widths = given(env, families.pop()) if families else {}
    sizes = {k: (int(widths[k]), int(widths[k - 1])) for k in widths if k - 1 in widths}
    if sum(r * c for r, c in sizes.values()) > MOST:
        raise NotCovered("random layers of so many entries")
    layers = [{k: _entries(k, size, f) for k, size in sizes.items()} for f in range(len(names))]
    return _mean(value(t.trees[0], {**env, **dict(zip(names, layers, strict=True))}), rows)


def _entries(k: int, size: tuple[int, int], f: int) -> Any:
    return tuple(tuple(Poly({(((k, i, j), f),): fmpq(1)}) for j in range(size[1])) for i in range(size[0]))


def _mean(x: Any, rows: list[list[Num]]) -> Any:
    if isinstance(x, tuple):
        return tuple(_mean(y, rows) for y in x)
    if isinstance(x, Dual):
        raise Unclear("a derivative of an expectation")
    terms = [c * _moment(m, rows) for m, c in poly(x).terms.items()]
    return plus(terms) if terms else fmpq(0)


def _moment(monomial: Any, rows: list[list[Num]]) -> Num:
    """Over the places, E of a product of families: the first one paired with each of the others."""
    result: Num = fmpq(1)
    for place in {p for p, _ in monomial}:
        result = result * _paired(tuple(f for p, f in monomial if p == place), rows)
    return result


def _paired(families: tuple[int, ...], rows: list[list[Num]]) -> Num:
    if not families:
        return fmpq(1)
    first, *rest = families
    ways = [rows[first][f] * n * _paired(_without(rest, f), rows) for f, n in Counter(rest).items()]
    return plus(ways) if ways else fmpq(0)


def _without(families: list[int], f: int) -> tuple[int, ...]:
    i = families.index(f)
    return tuple(families[:i] + families[i + 1 :])


READERS["expect"] = _expectation
