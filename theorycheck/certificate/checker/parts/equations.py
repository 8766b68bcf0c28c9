"""An equation that is used from left to right: its left side an atom, a power of one, or a word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..core import (
    OPERATIONS,
    ORDERS,
    Context,
    Fact,
    Form,
    Line,
    at_least,
    atom_sign,
    const,
    indices,
    is_whole,
    need,
    power,
    put,
    read,
    replaced,
    solve,
    symbol,
    walk,
    with_relations,
)  # fmt: skip


@dataclass(frozen=True)
class Equation:
    """left^exponent -> right for an atom, or a word -> right, for all values of `variables` with each gap of `given`."""

    left: Any
    exponent: int  # 1, or n >= 2 where the atom's sign is unknown, so that only its n-th power is known
    word: Any
    right: Form
    variables: frozenset[str]
    integers: frozenset[str]  # those that stand for integers
    given: tuple[tuple[Form, bool], ...]

    def instance(self, pattern: Any, actual: Any, ctx: Context) -> Form | None:
        """The right side, where the pattern becomes what is there and the conditions hold."""
        table: dict[str, Form] = {}
        solve(pattern, actual, self.variables, table)
        if put(pattern, table) != actual or not all(is_whole(table.get(v, symbol(v)), ctx) for v in self.integers):
            return None
        given = [(replaced(g, table), strict) for g, strict in self.given]
        if not all((not strict and at_least(g, ctx)) or ctx.sign(g) >= 1 + strict for g, strict in given):
            return None
        return replaced(self.right, table)


def directed(fact: Fact | Line, ctx: Context) -> Equation:
    need(fact.shows.head == "eq", "what is used to rewrite is no equation")
    fact = Fact("line", fact.shows) if isinstance(fact, Line) else fact
    need(all(g.head in ORDERS for g in fact.given), "an equation with conditions that are no order relations")
    variables = frozenset(fact.variables)
    counts = (indices([fact.shows, *fact.given]) & variables) | fact.integers
    inside = ctx.without(variables).adding((), counts) if variables else ctx
    own = len(inside.gaps)
    inside = with_relations(inside.adding((symbol(v), False) for v in sorted(dimensions(fact) & variables)), fact.given)
    left, right = (read(t, inside) for t in fact.shows.trees)
    need(len(left.terms) == 1, "the left side of an equation to rewrite with is not one term")
    (((binders, factors, word), c),) = left.terms.items()
    single = bool(word) != (len(factors) == 1) and (word or not left.shape)
    need(not binders and single and not (word and factors), "the left side is no atom and no word")
    base, n, right = None, 1, right.scale(1 / c)
    for a, e in factors:
        base, n, right = _solved(a, e, right, inside)
    return Equation(base, n, word, right, variables, counts, inside.gaps[own:])


def dimensions(fact: Fact) -> frozenset[str]:
    """The numbers in the sizes of its matrices, which are >= 0."""
    trees = (t for tree in (fact.shows, *fact.given) for t in walk(tree))
    return frozenset(s.args[0] for t in trees for x in t.shape or () for s in walk(x) if s.head == "sym")


def _solved(a: Any, e: Form, right: Form, ctx: Context) -> tuple[Any, int, Form]:
    """From a^e = right to a = right^(1/e), or to a^n = right where the sign of a is unknown."""
    n = e.whole()
    if n is not None and n > 1 and not atom_sign(a, ctx):
        return a, n, right
    need(n == 1 or n == -1 or atom_sign(a, ctx) or n is None, "the left side is a power of something of unknown sign")
    return a, 1, right if n == 1 else power(right, power(e, const(-1), ctx), ctx, licensed=True)


OPERATIONS["directed"] = directed
