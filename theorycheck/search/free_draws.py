"""Instances that may break a hypothesis: its symbols are drawn as before and then moved.

They are moved at once, so that what is derived from them follows, or after all others, so that it does not. What a symbol is
stays as it is: integers, shapes, positive families; functions and paths are left alone, since that a path is a flow is no
hypothesis. The tests of universal hypotheses were written for instances as they are drawn; here each is tried at some values of
its own variables as well, and one that fails there does not hold.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from dataclasses import replace
from random import Random
from typing import Any

from flint import fmpq

from theorycheck.domain import Domain, Env, RandomSource, Source, Var, rational, rational_matrix
from theorycheck.evaluate import Undefined, evaluate, judge
from theorycheck.evaluate.numbers import Absent, Missing, Unclear
from theorycheck.fact import Fact, names_of
from theorycheck.tree import Node, free_names
from theorycheck.tree.node import walk

CHANGED = 1  # of four equally likely ways to draw a symbol, the one that moves it
SCALARS = (*map(fmpq, range(5)), fmpq(1, 2), fmpq(3, 2), fmpq(-1))
VALUES = 12  # at which a universal hypothesis is tried


def loosened(dropped: Fact, rest: Domain, fixed: Set[str]) -> Domain:
    """`rest`, the domain without the hypothesis: its symbols moved while they are drawn or, but for the `fixed`, at the end."""
    named = names_of(dropped)
    free = [v for v in rest.variables if v.name in named and not v.symmetric]
    movable = [v for v in free if v.name not in fixed]
    early = tuple(_drawn_freely(v, v.draw) if v in free else replace(v, draw=guarded(v.draw)) for v in rest.variables)
    late = tuple(replace(_drawn_freely(v, _as_it_is(v.name)), facts=()) for v in movable)
    keep = tuple(replace(f, test=_tested(f, f.test)) if f.test else f for f in rest.conditions)
    return replace(rest, variables=early + late, conditions=keep)


def _as_it_is(name: str) -> Callable[[Source, Env], Any]:
    return lambda _, env: env[name]


def _drawn_freely(v: Var, draw: Callable[[Source, Env], Any]) -> Var:
    def freely(source: Source, env: Env) -> Any:
        value = draw(source, env)
        return moved(value, source, v) if source.integer(0, 3) == CHANGED else value

    return replace(v, draw=guarded(freely))


def moved(value: Any, source: Source, v: Var) -> Any:
    """Another value of the same type: a number, a matrix of the same shape, a family with one member moved, or all."""
    if isinstance(value, dict) and value:
        keys, one = list(value), source.integer(0, 1)
        chosen = [keys[source.integer(0, len(keys) - 1)]] if one else keys
        return {k: moved(x, source, v) if k in chosen else x for k, x in value.items()}
    if isinstance(value, tuple):
        return _moved_rows(value, source)
    if isinstance(value, int):  # reals are drawn as fractions
        return _positive(value + source.integer(-1, 1), v)
    if isinstance(value, fmpq):
        return _positive(_moved_number(value, source), v)
    return value


def _positive(x: Any, v: Var) -> Any:
    if v.positive and x <= 0:
        raise Undefined(f"{v.name} is a family of positive numbers")
    return x


def _moved_number(x: Any, source: Source) -> Any:
    match source.integer(0, 3):
        case 0:
            return -x
        case 1:
            return x + rational(source)
        case 2:
            return x * rational(source)
        case _:
            return rational(source)


def _moved_rows(rows: Any, source: Source) -> Any:
    """One entry, the whole by a factor, all entries; or a row negated or two exchanged, which keeps frames orthogonal."""
    way, factor = source.integer(0, 4), rational(source)
    i, k = (source.integer(0, max(0, len(rows) - 1)) for _ in range(2))
    if way == 0:
        j = source.integer(0, max(0, len(rows[0]) - 1))
        return tuple(tuple(x + factor if (a, b) == (i, j) else x for b, x in enumerate(r)) for a, r in enumerate(rows))
    if way == 1:
        return tuple(tuple(factor * x for x in r) for r in rows)
    if way == 2:
        return tuple(tuple(-x for x in r) if a == i else r for a, r in enumerate(rows))
    if way == 3:
        return tuple(rows[{i: k, k: i}.get(a, a)] for a in range(len(rows)))
    return tuple(tuple(x + rational(source) for x in r) for r in rows)


def guarded(call: Callable[..., Any]) -> Callable[..., Any]:
    """A draw that has no value where it meets what its author's hypotheses exclude."""

    def guarded(*args: Any) -> Any:
        try:
            return call(*args)
        except Exception as e:  # the instance is left out: it neither kills nor confirms
            raise Undefined(str(e)) from e

    return guarded


def safely(judge: Callable[..., Any], *args: Any) -> Any:
    """What a judge says of an instance; None where it cannot cope with one that no hypothesis tames."""
    try:
        return judge(*args)
    except Exception:  # the instance is left out: it neither kills nor confirms
        return None


# --- tests ----------------------------------------------------------------------------------------------------------------
def _tested(fact: Fact, test: Callable[[Env], bool]) -> Callable[[Env], bool]:
    """The test of a hypothesis; it does not hold where the test fails, or the hypothesis itself at one of some values."""
    return lambda env: bool(safely(test, env)) and safely(fails_somewhere, fact, env) is False


def fails_somewhere(fact: Fact, env: Env) -> bool:
    """Whether a universal hypothesis is false at one of some values of its own variables that satisfy what it assumes."""
    own = {str(n.args[0]): n for tree in (fact.shows, *fact.given) for _, n in walk(tree) if n.head == "sym"}
    bound = [own[name] for name in fact.variables if name in own]
    if len(bound) < len(fact.variables):
        return False  # one of them is a function or a family: the test alone decides
    sources = (RandomSource(Random(f"values:{k}")) for k in range(VALUES if bound else 1))
    values = (safely(_values, bound, indices(fact), env, s) for s in sources)
    return any(_false_at(fact, {**env, **v}) for v in values if v is not None)


def indices(fact: Fact) -> frozenset[str]:
    """The symbols that number the members of a family or a chain: integers."""
    places = (i for tree in (fact.shows, *fact.given) for _, n in walk(tree) if n.head in {"item", "chain"} for i in n.nodes)
    return frozenset().union(*map(free_names, places))


def _values(bound: list[Node], whole: Set[str], env: Env, source: Source) -> Mapping[str, Any]:
    return {str(n.args[0]): _value(n, str(n.args[0]) in whole, env, source) for n in bound}


def _value(n: Node, whole: bool, env: Env, source: Source) -> Any:
    if not n.shape:
        return fmpq(source.integer(-1, 5)) if whole else SCALARS[source.integer(0, len(SCALARS) - 1)]
    rows, cols = (int(evaluate(size, env).numer()) for size in n.shape)
    return rational_matrix(source, rows, cols)


def _false_at(fact: Fact, env: Env) -> bool:
    """Whether all that is assumed holds, and what follows is false or has no value (members that are not there say nothing)."""
    try:
        if not all(judge(g, env).holds is True for g in fact.given):
            return False
    except Undefined:
        return False
    try:
        return judge(fact.shows, env).holds is False
    except (Absent, Missing, Unclear):
        return False
    except Undefined:
        return True
