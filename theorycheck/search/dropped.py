"""A claim without one of its hypotheses: still proved (loose), false somewhere (killed), or neither.

Two kinds of witness: an instance that satisfies all other hypotheses and breaks the claim; and one that satisfies all others
that have a value, where one of them has none (of PL on the ball |y - x| <= sqrt(2/beta ..) nothing is left for beta < 0).

Three kinds of proof: the claim's own derivation, on the domain without the hypothesis; the proved claim, where the others imply
the hypothesis; and, for a hypothesis about symbols that the claim does not mention (an index of its derivation), the proved
claim at values of these symbols that are admissible.

A hypothesis named "NAME, at .." is an instance of the universal hypothesis NAME and goes with it. A hypothesis that cannot be
read once the other is gone is not used by the derivation either. Claims that the derivation uses lose the hypothesis as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from itertools import product
from random import Random

from theorycheck.derivation import Library, context_of, derive
from theorycheck.domain import Domain, Env, RandomSource
from theorycheck.evaluate import Undefined, evaluate, judge
from theorycheck.evaluate.judge import judge_or_no_value
from theorycheck.evaluate.numbers import Missing, Unclear
from theorycheck.evaluate.values import Rows
from theorycheck.exact.algebra_rules import identity
from theorycheck.exact.form import NotInForm
from theorycheck.exact.session import Session, Stuck, substitute_all
from theorycheck.fact import Fact
from theorycheck.instances import pointwise
from theorycheck.search.draws import NEAR, Draw, describe, drawn, simplified, violates
from theorycheck.search.free_draws import guarded, loosened, names_of, safely
from theorycheck.statement import Claim, Statement
from theorycheck.tree import Node, free_names, sym
from theorycheck.tree.node import walk
from theorycheck.verdict import Outcome, Witness

TRIES = 6  # draws for each instance that is wanted


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


def unconcerned(claim: Claim, dropped: Fact, whole: Library) -> bool:
    """Whether a claim, proved on its domain, holds without a hypothesis about symbols that it does not mention.

    Each of these symbols is put at an end of its range, or near one that is excluded. If all hypotheses that mention them (in
    sizes, too) hold then, on the others alone, every instance without the hypothesis has such values; the claim holds there.
    """
    tree = claim.tree()
    mentioned = free_names(tree).union(*(free_names(size) for _, n in walk(tree) for size in n.shape or ()))
    symbols = names_of(dropped) - mentioned
    if not symbols or derive(claim, {}, whole, tree).outcome is not Outcome.PROVES:
        return False
    further = frozenset().union(*map(names_of, _about(claim.domain, symbols))) - mentioned
    return _have_values(claim.domain, symbols) or _have_values(claim.domain, further)


def _about(domain: Domain, symbols: Set[str]) -> list[Fact]:
    return [f for f in domain.hypotheses if names_of(f) & symbols]


def _have_values(domain: Domain, symbols: Set[str]) -> bool:
    """Whether all hypotheses that mention the symbols hold, given the others, with each symbol at an end of its range."""
    about, ranged = _about(domain, symbols), [v for v in domain.variables if v.name in symbols]
    if len(ranged) < len(symbols) or any(f.variables or f.given for f in about):
        return False
    others = _only(domain, "the others", lambda f: f not in about)
    session = Session(others.hypotheses, context_of(others))
    ends = [[_inside(f.shows) for f in v.facts if f.shows.nodes[0] == sym(v.name)] for v in ranged]
    return any(_hold_at(session, about, dict(zip((v.name for v in ranged), at, strict=True))) for at in product(*ends))


def implied(claim: Claim, dropped: Fact, whole: Library) -> bool:
    """Whether a claim is proved on its domain, and the hypothesis follows from the others: by signs, or by their equations."""
    rest = without(claim.domain, dropped)
    if dropped.variables or dropped.given or derive(claim, {}, whole, claim.tree()).outcome is not Outcome.PROVES:
        return False
    equations = [f for f in rest.hypotheses if f.shows.head == "eq" and not f.variables and not f.given]
    try:  # the other hypotheses may not even be readable without it, such as a Schatten norm without the sign of its exponent
        session = Session(rest.hypotheses, context_of(rest))
        if not session.holds(dropped.shows):
            session.show(dropped.shows, identity(*equations))
    except (Stuck, NotInForm):
        return False
    return True


def _inside(bound: Node) -> Node:
    """The value of x at x >= b or x <= b, or one beyond it where the bound is strict."""
    end = bound.nodes[1]
    return end + 1 if bound.head == "gt" else end - 1 if bound.head == "lt" else end


def _hold_at(session: Session, facts: Sequence[Fact], values: Mapping[str, Node]) -> bool:
    """Whether hypotheses follow at values of some symbols; a value may mention a symbol that comes before."""
    shown = [f.shows for f in facts]
    for name, value in reversed(list(values.items())):
        shown = [substitute_all(x, {name: value}) for x in shown]
    return all(not free_names(x) & values.keys() and session.holds(x) for x in shown)


# --- a counterexample -----------------------------------------------------------------------------------------------------
def counterexample(claim: Claim, dropped: Fact, seed: str, count: int, meaning: bool = True) -> Witness | None:
    """A witness against the claim without the hypothesis, among `count` instances that satisfy the others and break it.

    `meaning`: an instance where the claim, or another hypothesis, has no value counts as well.
    """
    goal = claim.tree()
    domain = loosened(dropped, without(claim.domain, dropped), sizes(claim))
    loose = replace(claim, domain=domain, near=guarded(claim.near) if claim.near else None)
    only = _only(claim.domain, dropped.name, lambda f: f == dropped)
    broken = 0
    for draw in _draws(loose, seed, TRIES * count):
        env = draw.env
        if broken == count:
            return None
        if not safely(possible, claim, goal, env) or safely(_holds, only, env):
            continue
        if pointwise(goal) and safely(violates, loose, goal, draw) and (meaning or safely(judge, goal, env)):
            return _witness(goal, simplified(loose, goal, draw, 2 * count))
        if meaning and (idle := safely(without_value, loose.domain, env)):
            return idle  # type: ignore[no-any-return]
        broken += bool(safely(_holds, loose.domain, env))
    return None


def _witness(goal: Node, draw: Draw) -> Witness:
    found = judge_or_no_value(goal, draw.env)
    return Witness(describe(goal, draw.env), found.text, found.exact)


def _draws(claim: Claim, seed: str, tries: int) -> Iterator[Draw]:
    for k in range(tries):
        random = RandomSource(Random(f"{seed}:{k}"), reach=(1, 3 + k // 20)[k % 2])
        if draw := drawn(claim, {}, random):
            yield draw
            if claim.near is not None and (near := drawn(claim, {**draw.choices, NEAR: ()}, random)):
                yield near


def _holds(domain: Domain, env: Env) -> bool:
    return domain.broken(env) is None


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
