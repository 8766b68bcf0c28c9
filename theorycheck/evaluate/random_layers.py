"""Expectations over Gaussian layers at an instance, by enumeration: the body as a polynomial in all entries of the layers,
then the moment of each monomial. Nothing here is shared with the exact layer, which pairs whole matrices.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flint import fmpq

from theorycheck.evaluate.numbers import Jet, Num, Unclear
from theorycheck.evaluate.remembering import inside
from theorycheck.tree import Node

MOST_TERMS = 20_000  # of a polynomial; more is undecided
BITS = 6  # of an exponent in a packed monomial: the exponent of the variable v is (monomial >> BITS * v) % 2^BITS
Entry = tuple[int, int, int, int]  # the family, the layer, row and column


@dataclass(frozen=True)
class Polynomial:
    """{packed monomial: coefficient} in the entries of the layers; coefficients are any numbers a tree is evaluated in.

    `degree` bounds that of every monomial, so that no packed exponent can run over.
    """

    terms: Mapping[int, Num]
    degree: int

    def __add__(self, other: Num) -> Polynomial:
        if isinstance(other, Jet):
            return NotImplemented
        p = polynomial(other)
        total = dict(self.terms)
        for m, c in p.terms.items():
            total[m] = total[m] + c if m in total else c
        return Polynomial(total, max(self.degree, p.degree))

    __radd__ = __add__

    def __neg__(self) -> Polynomial:
        return Polynomial({m: -c for m, c in self.terms.items()}, self.degree)

    def __sub__(self, other: Num) -> Polynomial:
        if isinstance(other, Jet):
            return NotImplemented
        return self + (-polynomial(other))

    def __rsub__(self, other: Num) -> Polynomial:
        if isinstance(other, Jet):
            return NotImplemented
        return polynomial(other) + (-self)

    def __mul__(self, other: Num) -> Polynomial:
        if isinstance(other, Jet):
            return NotImplemented
        p = polynomial(other)
        if len(self.terms) * len(p.terms) > MOST_TERMS * 100 or self.degree + p.degree >= 1 << BITS:
            raise Unclear("a polynomial in too many random entries, or of too high a degree; take smaller sizes")
        total: dict[int, Num] = {}
        for m, c in self.terms.items():
            for k, d in p.terms.items():
                total[m + k] = total[m + k] + c * d if m + k in total else c * d
        if len(total) > MOST_TERMS:
            raise Unclear(f"a polynomial of more than {MOST_TERMS} terms in the random entries; take smaller sizes")
        return Polynomial(total, self.degree + p.degree)

    __rmul__ = __mul__

    def __pow__(self, n: int) -> Polynomial:
        if n < 0:
            raise Unclear("an expectation of a negative power of random entries: only polynomials have moments here")
        half: Polynomial = self ** (n // 2) if n > 1 else polynomial(fmpq(1))
        square = half * half
        return square * self if n % 2 else square

    def __truediv__(self, other: Num) -> Polynomial:
        if isinstance(other, Polynomial):
            raise Unclear("an expectation of a quotient with random entries below: only polynomials have moments here")
        return self.__mul__(1 / other)


def polynomial(x: Num) -> Polynomial:
    return x if isinstance(x, Polynomial) else Polynomial({0: fmpq(x) if isinstance(x, int) else x}, 0)


@dataclass(frozen=True)
class RandomLayers(Mapping[int, Any]):
    """The layers of one family: every entry a variable of its own; the layer l is there where n_l and n_(l-1) are."""

    family: int
    widths: Mapping[int, int]
    variables: dict[Entry, int]  # shared by the families of one expectation

    def __contains__(self, k: object) -> bool:
        return isinstance(k, int) and k in self.widths and k - 1 in self.widths

    def __getitem__(self, k: int) -> Any:
        return tuple(tuple(self._entry(k, i, j) for j in range(self.widths[k - 1])) for i in range(self.widths[k]))

    def _entry(self, k: int, i: int, j: int) -> Polynomial:
        number = self.variables.setdefault((self.family, k, i, j), len(self.variables))
        return Polynomial({1 << BITS * number: fmpq(1)}, 1)

    def __iter__(self) -> Iterator[int]:
        return (k for k in self.widths if k in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def random_layers(names: Sequence[str], widths: Mapping[int, int]) -> dict[str, RandomLayers]:
    variables: dict[Entry, int] = {}
    return {name: RandomLayers(k, widths, variables) for k, name in enumerate(names)}


def expectation(t: Node, env: Mapping[str, Any]) -> Any:
    """E[body], a number or rows of numbers; `env` gives the widths n of the layers."""
    from theorycheck.evaluate.values import evaluate, lookup

    names, (body, *covariances) = str(t.args[0]).split(), t.nodes
    here = inside(env, ("random", *names), lambda: random_layers(names, lookup(env, "n")))
    pairs = [(i, j) for i in range(len(names)) for j in range(i, len(names))]
    table = {pair: evaluate(c, env) for pair, c in zip(pairs, covariances, strict=True)}
    try:
        value = evaluate(body, here)
    except (TypeError, AttributeError, ValueError) as e:
        raise Unclear(f"only polynomials in the entries of the random layers have moments here ({e})") from e
    places = list(here[names[0]].variables)
    if isinstance(value, tuple):
        return tuple(tuple(_mean(x, places, table) for x in row) for row in value)
    return _mean(value, places, table)


Table = Mapping[tuple[int, int], Num]


def _mean(x: Num, places: list[Entry], table: Table) -> Num:
    """The sum of the moments of the monomials; entries at different places are independent."""
    known: dict[tuple[int, ...], Num] = {}
    total: Num = fmpq(0)
    for monomial, c in polynomial(x).terms.items():
        for families in _by_place(monomial, places).values():
            if families not in known:
                known[families] = joint_moment(families, table)
            c = c * known[families]
        total = total + c
    return total


def _by_place(monomial: int, places: list[Entry]) -> dict[tuple[int, int, int], tuple[int, ...]]:
    """For each place (layer, row, column) the families of the factors there, each as often as it occurs."""
    found: dict[tuple[int, int, int], tuple[int, ...]] = {}
    for v, exponent in exponents(monomial).items():
        family, *place = places[v]
        at = (place[0], place[1], place[2])
        found[at] = tuple(sorted(found.get(at, ()) + (family,) * exponent))
    return found


def exponents(monomial: int) -> dict[int, int]:
    """The exponents of the variables that occur in a packed monomial."""
    found, v = {}, 0
    while monomial:
        if exponent := monomial & ((1 << BITS) - 1):
            found[v] = exponent
        monomial, v = monomial >> BITS, v + 1
    return found


def joint_moment(families: tuple[int, ...], table: Table) -> Num:
    """E[x_a x_b ..] of jointly Gaussian numbers of mean 0: the first one is paired with each of the others (Isserlis)."""
    if len(families) % 2:
        return fmpq(0)
    if not families:
        return fmpq(1)
    first, rest = families[0], families[1:]
    if set(rest) == {first}:
        return (len(families) - 1) * table[first, first] * joint_moment(families[2:], table)
    total: Num = fmpq(0)
    for k, other in enumerate(rest):
        total = total + table[min(first, other), max(first, other)] * joint_moment(rest[:k] + rest[k + 1 :], table)
    return total
