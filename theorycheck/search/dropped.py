"""A claim without one of its hypotheses: still proved (loose), false somewhere (killed), or neither.

To look for a counterexample, the symbols that the hypothesis mentions are drawn as before and then moved: at once, so that what
is derived from them follows, or after all others, so that it does not. What a symbol is stays as it is: sizes and indices are
integers, matrices keep their shapes, functions and paths are left alone (that a path is a flow is no hypothesis). Two kinds of
witness: an instance that satisfies all other hypotheses and breaks the claim; and one that satisfies all others that have a
value, where one of them has none (of PL on the ball |y - x| <= sqrt(2/beta ..) nothing is left for beta < 0).

A hypothesis named "NAME, at .." is an instance of the universal hypothesis NAME and goes with it. A hypothesis that cannot be
read once the other is gone is not used by the derivation either.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import replace
from random import Random
from typing import Any

from flint import fmpq

from theorycheck.derivation import Library, context_of
from theorycheck.domain import Domain, Env, RandomSource, Source, Var, rational
from theorycheck.evaluate import Undefined, evaluate
from theorycheck.evaluate.judge import judge_or_no_value
from theorycheck.evaluate.numbers import Missing, Unclear
from theorycheck.exact.form import NotInForm
from theorycheck.fact import Fact
from theorycheck.instances import pointwise
from theorycheck.search.draws import NEAR, Draw, describe, drawn, simplified, violates
from theorycheck.statement import Claim, Statement
from theorycheck.tree import Node, free_names
from theorycheck.tree.node import walk
from theorycheck.verdict import Witness

TRIES = 40  # draws for each instance that is wanted
CHANGED = 1  # of four equally likely ways to draw a symbol, the one that moves it


def droppable(domain: Domain) -> list[Fact]:
    """The hypotheses of a domain that can be left out one by one."""
    names = {f.name for f in domain.hypotheses}
    return [f for f in domain.hypotheses if f.name.split(", at ")[0] not in names - {f.name}]


def without(domain: Domain, dropped: Fact) -> Domain:
    """The domain with neither the hypothesis nor its instances."""
    gone = {f.name for f in domain.hypotheses if f == dropped or f.name.startswith(f"{dropped.name}, at ")}
    return _only(domain, f"{domain.name}, without: {dropped.name}", lambda f: f.name not in gone)


def _only(domain: Domain, name: str, keep: Callable[[Fact], bool]) -> Domain:
    variables = tuple(replace(v, facts=tuple(filter(keep, v.facts))) for v in domain.variables)
    return replace(domain, name=name, variables=variables, conditions=tuple(filter(keep, domain.conditions)))


def readable(domain: Domain) -> Domain:
    """The domain with those hypotheses only that can be read one after the other."""
    kept: list[Fact] = []
    for f in domain.hypotheses:
        try:
            context_of(_only(domain, domain.name, lambda g: any(g is k for k in [*kept, f])))  # noqa: B023 (used at once)
        except NotInForm:
            continue
        kept.append(f)
    return domain if len(kept) == len(domain.hypotheses) else _only(domain, domain.name, lambda g: any(g is k for k in kept))


def library_without(statements: Sequence[Statement], dropped: Fact) -> Library:
    """All claims, each on its domain without the hypothesis where it has that; claims that shared a domain still do."""
    domains: dict[int, Domain] = {}

    def moved(claim: Claim) -> Claim:
        if dropped not in claim.domain.hypotheses:
            return claim
        domain = domains.setdefault(id(claim.domain), readable(without(claim.domain, dropped)))
        return replace(claim, domain=domain)

    return Library(tuple(replace(s, claims=[moved(c) for c in s.claims]) for s in statements))


# --- a counterexample -----------------------------------------------------------------------------------------------------
def counterexample(claim: Claim, dropped: Fact, seed: str, count: int, meaning: bool = True) -> Witness | None:
    """A witness against the claim without the hypothesis, among `count` instances that satisfy the others and break it.

    `meaning`: an instance where another hypothesis has no value counts as well.
    """
    goal = claim.tree()
    loose = replace(
        claim, domain=loosened(claim.domain, dropped, sizes(claim)), near=_guarded(claim.near) if claim.near else None
    )
    only = _only(claim.domain, dropped.name, lambda f: f == dropped)
    broken = 0
    for draw in _draws(loose, seed, TRIES * count):
        env = draw.env
        if broken == count:
            return None
        if not _safely(possible, claim, goal, env) or _safely(_holds, only, env):
            continue
        if pointwise(goal) and _safely(violates, loose, goal, draw):
            return _witness(goal, simplified(loose, goal, draw, 2 * count))
        if meaning and (idle := _safely(without_value, loose.domain, env)):
            return idle  # type: ignore[no-any-return]
        broken += bool(_safely(_holds, loose.domain, env))
    return None


def _witness(goal: Node, draw: Draw) -> Witness:
    found = judge_or_no_value(goal, draw.env)
    return Witness(describe(goal, draw.env), found.text, found.exact)


def _draws(claim: Claim, seed: str, tries: int) -> Iterator[Draw]:
    for k in range(tries):
        random = RandomSource(Random(f"{seed}:{k}"), reach=3 + k // 20)
        if draw := drawn(claim, {}, random):
            yield draw
            if claim.near is not None and (near := drawn(claim, {**draw.choices, NEAR: ()}, random)):
                yield near


def _holds(domain: Domain, env: Env) -> bool:
    return domain.broken(env) is None


def _safely(judge: Callable[..., Any], *args: Any) -> Any:
    """What a judge says of an instance; None where it cannot cope with one that no hypothesis tames."""
    try:
        return judge(*args)
    except Exception:  # the instance is left out: it neither kills nor confirms
        return None


def possible(claim: Claim, goal: Node, env: Env) -> bool:
    """Whether an instance is one of the claim's symbols: sizes >= 1, matrices of their shapes, paths that exist so long."""
    trees = (goal, *(part for f in claim.domain.hypotheses for part in (f.shows, *f.given)))
    for _, n in (pair for tree in trees for pair in walk(tree)):
        if n.head == "sym" and n.shape and str(n.args[0]) in env and not _has_shape(n, env[str(n.args[0])], env):
            return False
    for _, n in walk(goal):
        if n.head == "at" and free_names(n) <= env.keys():
            evaluate(n, env)  # raises where the path has no value
    return True


def _has_shape(n: Node, value: Any, env: Env) -> bool:
    rows, cols = (evaluate(size, env) for size in n.shape or ())
    fits: bool = rows >= 1 and cols >= 1 and len(value) == rows and all(len(r) == cols for r in value)
    return fits


def sizes(claim: Claim) -> frozenset[str]:
    """The symbols in the shapes of a claim and its hypotheses."""
    trees = (claim.tree(), *(part for f in claim.domain.hypotheses for part in (f.shows, *f.given)))
    shapes = (size for tree in trees for _, n in walk(tree) for size in n.shape or ())
    return frozenset().union(*map(free_names, shapes))


def without_value(domain: Domain, env: Env) -> Witness | None:
    """A witness where a hypothesis has no value and all those that have one hold."""
    idle = [(f, why) for f in domain.hypotheses if (why := _no_value(f, env))]
    others = _only(domain, domain.name, lambda f: not any(f is g for g, _ in idle))
    if not idle or others.broken(env) is not None:
        return None
    fact, why = idle[0]
    return Witness(describe(fact.shows, env), f"the hypothesis {fact.name!r} has no value: {why}", True)


def _no_value(fact: Fact, env: Env) -> str | None:
    """Why a part of a hypothesis that says nothing of its own variables certainly has no value."""
    for part in (n for tree in (*fact.given, fact.shows) for _, n in walk(tree) if n.shape == ()):
        if free_names(part) & set(fact.variables) or not free_names(part) <= env.keys():
            continue
        try:
            evaluate(part, env)
        except (Missing, Unclear):
            continue
        except Undefined as e:
            return str(e)
    return None


# --- free draws -----------------------------------------------------------------------------------------------------------
def loosened(domain: Domain, dropped: Fact, fixed: Set[str]) -> Domain:
    """The domain without the hypothesis, its symbols moved while they are drawn or, but for the `fixed`, after all were."""
    named = (free_names(dropped.shows).union(*map(free_names, dropped.given))) - set(dropped.variables)
    free = [v for v in domain.variables if v.name in named and not v.symmetric]
    movable = [v for v in free if v.name not in fixed]
    rest = without(domain, dropped)
    early = tuple(_drawn_freely(v, v.draw) if v in free else replace(v, draw=_guarded(v.draw)) for v in rest.variables)
    late = tuple(replace(_drawn_freely(v, _as_it_is(v.name)), facts=()) for v in movable)
    keep = tuple(replace(f, test=_tested(f.test)) if f.test else f for f in rest.conditions)
    return replace(rest, variables=early + late, conditions=keep)


def _as_it_is(name: str) -> Callable[[Source, Env], Any]:
    return lambda _, env: env[name]


def _drawn_freely(v: Var, draw: Callable[[Source, Env], Any]) -> Var:
    def freely(source: Source, env: Env) -> Any:
        value = draw(source, env)
        return moved(value, source, v) if source.integer(0, 3) == CHANGED else value

    return replace(v, draw=_guarded(freely))


def moved(value: Any, source: Source, v: Var) -> Any:
    """Another value of the same type: a number, a matrix of the same shape, a family with one member moved, or all."""
    if isinstance(value, dict) and value:
        keys, one = list(value), source.integer(0, 1)
        chosen = [keys[source.integer(0, len(keys) - 1)]] if one else keys
        return {k: moved(x, source, v) if k in chosen else x for k, x in value.items()}
    if isinstance(value, tuple):
        return _moved_rows(value, source)
    if isinstance(value, int) and v.integer:
        return _positive(value + source.integer(-3, 3), v)
    if isinstance(value, int | fmpq):
        return _positive(_moved_number(fmpq(value), source), v)
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
    way, factor = source.integer(0, 2), rational(source)
    if way == 0:  # one entry
        i, j = source.integer(0, max(0, len(rows) - 1)), source.integer(0, max(0, len(rows[0]) - 1))
        return tuple(tuple(x + factor if (a, b) == (i, j) else x for b, x in enumerate(r)) for a, r in enumerate(rows))
    if way == 1:
        return tuple(tuple(factor * x for x in r) for r in rows)
    return tuple(tuple(x + rational(source) for x in r) for r in rows)


def _guarded(call: Callable[..., Any]) -> Callable[..., Any]:
    """A draw that has no value where it meets what its author's hypotheses exclude."""

    def guarded(*args: Any) -> Any:
        try:
            return call(*args)
        except Exception as e:  # the instance is left out: it neither kills nor confirms
            raise Undefined(str(e)) from e

    return guarded


def _tested(test: Callable[[Env], bool]) -> Callable[[Env], bool]:
    """A test that does not hold where it fails."""

    def tested(env: Env) -> bool:
        return bool(_safely(test, env))

    return tested
