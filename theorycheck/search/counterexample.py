"""A witness against a claim without one of its hypotheses, among instances that break it.

Two kinds: an instance that satisfies all other hypotheses and breaks the claim; and one that satisfies all others that have a
value, where one of them has none (of PL on the ball |y - x| <= sqrt(2/beta ..) nothing is left for beta < 0).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from copy import copy
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain, tee
from random import Random

from theorycheck.domain import Domain, Env, RandomSource
from theorycheck.evaluate import Undefined, evaluate, judge
from theorycheck.evaluate.judge import judge_or_no_value
from theorycheck.evaluate.numbers import Missing, Unclear
from theorycheck.evaluate.remembering import Remembering
from theorycheck.evaluate.values import Rows
from theorycheck.fact import Fact
from theorycheck.instances import pointwise
from theorycheck.search.draws import NEAR, Draw, describe, drawn_in, simplified
from theorycheck.search.dropped import only, without
from theorycheck.search.free_draws import guarded, loosened, safely
from theorycheck.statement import Claim
from theorycheck.tree import Node, free_names
from theorycheck.tree.node import walk
from theorycheck.verdict import Witness

TRIES = 6  # draws for each instance that is wanted
GIVEN = 12  # instances that the hypothesis itself knows to break it


def counterexample(claim: Claim, dropped: Fact, seed: str, count: int, meaning: bool = True) -> Witness | None:
    """A witness against the claim without the hypothesis, among `count` instances that satisfy the others and break it.

    `meaning`: an instance where the claim, or another hypothesis, has no value counts as well.
    """
    goal, judged = claim.tree(), judge_or_no_value if meaning else judge
    loose = replace(claim, domain=_loose(claim.domain, dropped, sizes(claim)), near=guarded(claim.near) if claim.near else None)
    broken = 0
    for one in _tried(claim, loose, dropped, seed, TRIES * count):
        if broken == count:
            return None
        if not safely(possible, goal, one.draw.env):
            continue
        if one.holds and pointwise(goal) and (found := safely(judged, goal, one.draw.env)) and found.holds is False:
            return _witness(goal, one.draw if one.given else simplified(loose, goal, one.draw, 2 * count))
        if meaning and one.idle:
            return one.idle
        broken += one.holds
    return None


def _tried(claim: Claim, loose: Claim, dropped: Fact, seed: str, tries: int) -> Iterator[Broken]:
    """Instances that break the hypothesis, those that satisfy all others each followed by its equality case."""
    for k, found in enumerate(copy(_broken_instances(claim.domain, dropped, sizes(claim), seed, tries))):
        yield found
        if found.holds and loose.near is not None and not found.given:
            random = RandomSource(Random(f"{seed}:{claim.id}:{k}"))
            if near := drawn_in(loose.domain, loose.near, {**found.draw.choices, NEAR: ()}, random):
                yield from _judged(loose.domain, dropped, near)


def _witness(goal: Node, draw: Draw) -> Witness:
    found = judge_or_no_value(goal, draw.env)
    return Witness(describe(goal, draw.env), found.text, found.exact)


@dataclass(frozen=True)
class Broken:
    """An instance that breaks a hypothesis: whether all others hold, or a witness that one has no value; `given`: as the
    hypothesis gives it, not as it was drawn."""

    draw: Draw
    holds: bool
    idle: Witness | None
    given: bool = False


@lru_cache(maxsize=4)
def _broken_instances(domain: Domain, dropped: Fact, fixed: frozenset[str], seed: str, tries: int) -> Iterator[Broken]:
    """Of `tries` draws those that break the hypothesis. What a copy of this iterator has read is kept for the next copy: claims
    on one domain come one after the other."""
    loose, own = _loose(domain, dropped, fixed), next(f for f in domain.hypotheses if f == dropped)
    return tee(chain(_those_given(domain, loose, own, seed), _those_that_break(loose, dropped, seed, tries)), 1)[0]


def _those_given(domain: Domain, loose: Domain, dropped: Fact, seed: str) -> Iterator[Broken]:
    """What the hypothesis makes of instances of the whole domain."""
    if dropped.breaks is None:
        return
    for k in range(GIVEN):
        random = RandomSource(Random(f"{seed}:given:{k}"))
        draw = drawn_in(domain, None, {}, random)
        if draw and (env := safely(dropped.breaks, random, draw.env)):
            yield from (replace(one, given=True) for one in _judged(loose, dropped, replace(draw, env=env)))


def _those_that_break(loose: Domain, dropped: Fact, seed: str, tries: int) -> Iterator[Broken]:
    for k in range(tries):
        if draw := drawn_in(loose, None, {}, RandomSource(Random(f"{seed}:{k}"), reach=(1, 3 + k // 20)[k % 2])):
            yield from _judged(loose, dropped, draw)


def _judged(loose: Domain, dropped: Fact, draw: Draw) -> Iterator[Broken]:
    env = Remembering(draw.env)
    if safely(_have_their_shapes, (*loose.hypotheses, dropped), env) and not safely(_holds, _alone(dropped), env):
        holds = bool(safely(_holds, loose, env))
        yield Broken(replace(draw, env=env), holds, None if holds else safely(without_value, loose, env))


def _loose(domain: Domain, dropped: Fact, fixed: Set[str]) -> Domain:
    return loosened(dropped, without(domain, dropped), fixed)


def _alone(fact: Fact) -> Domain:
    return Domain(fact.name, conditions=(fact,))


def _holds(domain: Domain, env: Env) -> bool:
    return domain.broken(env) is None


def possible(goal: Node, env: Env) -> bool:
    """Whether an instance is one of the claim's symbols: sizes >= 1, matrices of their shapes, paths that exist so long."""
    for _, n in walk(goal):
        if n.head == "at" and free_names(n) <= env.keys():
            evaluate(n, env)  # raises where the path has no value
    return _fit([goal], env)


def _have_their_shapes(facts: Sequence[Fact], env: Env) -> bool:
    return _fit([part for f in facts for part in (f.shows, *f.given)], env)


def _fit(trees: Sequence[Node], env: Env) -> bool:
    symbols = {n for tree in trees for _, n in walk(tree) if n.head == "sym" and n.shape and str(n.args[0]) in env}
    chains = {n for tree in trees for _, n in walk(tree) if n.head == "chain" and isinstance(env.get(str(n.args[0])), dict)}
    return all(_has_shape(n, env[str(n.args[0])], env) for n in symbols) and all(_fits_together(n, env) for n in chains)


def _fits_together(chain: Node, env: Env) -> bool:
    """Whether every layer of a family has the sizes that its number says, where these are a family of sizes, too."""
    sizes_ = {str(size.args[0]) for size in chain.shape or () if size.head == "item"}
    widths = env.get(next(iter(sizes_))) if len(sizes_) == 1 else None
    if not isinstance(widths, dict):
        return True
    layers = [(k, x) for k, x in env[str(chain.args[0])].items() if isinstance(x, tuple)]
    return all(len(x) == widths.get(k) and len(x[0]) == widths.get(k - 1) for k, x in layers)


def _has_shape(n: Node, value: Rows, env: Env) -> bool:
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
    others = only(domain, domain.name, lambda f: not any(f is g for g, _ in idle))
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
