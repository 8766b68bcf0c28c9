"""Bounds P[event] >= 1 - q: from cited tails, for two events at once, and for a claim about all layers on an event."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..core import (
    Checker,
    Fact,
    Form,
    Line,
    Node,
    arbitrary,
    const,
    family,
    index_range,
    instance,
    names_in,
    need,
    node,
    opposite,
    same_law,
    show,
    substitute,
    usable,
)

ONE = const(1)


def bounded(line: Node) -> tuple[Node, Node]:
    """The probability and the bound of P[event] >= bound."""
    need(line.head == "ge" and line.trees[0].head == "prob", "a line P[event] >= bound is needed")
    return line.trees[0], line.trees[1]


def at_least(ck: Checker, bound: Node, known: Form) -> None:
    rest = known - ck.read(bound)
    need(ck.sign(rest), f"the bound is not known to follow: {show(rest)}")


def tail(ck: Checker, goal: Node, fact: Fact, binding: dict[str, Any] = {}) -> None:  # noqa: B006
    """From a cited P[x > b] <= q at an instance to P[x <= b] >= 1 - q, or a smaller bound."""
    usable(ck, fact)
    need(fact.kind == "cited" and fact.shows.head == "le" and fact.shows.trees[0].head == "prob", f"{fact.name} is no tail")
    here, bound = bounded(goal)
    family(ck, here)
    q = substitute(fact.shows.trees[1], binding)
    instance(ck, fact, binding, node("le", opposite(here), q, shape=None), ())
    at_least(ck, bound, ONE - ck.read(q))


def jointly(ck: Checker, goal: Node, one: Line, other: Line) -> None:
    """From P[E] >= 1 - p and P[F] >= 1 - q to P[E and F] >= 1 - p - q."""
    here, bound = bounded(goal)
    family(ck, here)
    event, known = here.trees[0], ONE
    need(event.head == "and" and len(event.trees) == 2, "the event of the goal is no conjunction of two")
    for line, part in zip((one, other), event.trees, strict=True):
        there, least = bounded(line.shows)
        need(there.trees[0] is part and same_law(here, there), f"line {line.number} is about another event")
        known = known - (ONE - ck.read(least))
    at_least(ck, bound, known)


def throughout(ck: Checker, goal: Node, line: Line, index: Node) -> None:
    """From P[E_i] >= 1 - q for the generic index i = lo .. hi to P[E_j for j = lo .. hi] >= 1 - (hi - lo + 1) q."""
    (here, bound), (there, least) = bounded(goal), bounded(line.shows)
    family(ck, here)
    i, lo, hi = index_range(ck, index)
    event = here.trees[0]
    need(same_law(here, there) and not line.assumes and event.head == "each", "another law, assumptions, or no such event")
    need(i not in goal.free and event.trees[0] is lo and event.trees[1] is hi, f"the event is not about {lo} .. {hi} alone")
    wanted = node("prob", there.args[0], substitute(event.trees[2], {event.args[0]: index}), *there.trees[1:])
    need(ck.read(wanted) == ck.read(there), f"line {line.number} is about another event")
    failing = ONE - ck.read(least)
    need(i not in names_in(failing), "the probability depends on the index")
    ck.read(here)
    at_least(ck, bound, ONE - (ck.read(hi) - ck.read(lo) + ONE) * failing)


def implied(ck: Checker, goal: Node, claim: str, event: str, each: Line, index: Node) -> None:
    """From a claim about all layers that satisfy its hypothesis `event` at every j = lo .. hi, and P[event at j] >= 1 - q for
    the generic index j, to P[claim] >= 1 - (hi - lo + 1) q."""
    need(claim in ck.facts and ck.facts[claim].kind == "claim", f"the claim {claim} is not among the facts")
    fact, (here, bound), (there, least) = ck.facts[claim], bounded(goal), bounded(each.shows)
    name = family(ck, here)
    need(same_law(here, there) and here.trees[0] is fact.shows and not each.assumes, "another law or event, or assumptions")
    arbitrary(ck, name, [])
    others = tuple(h for h in fact.needs if h.name != event)
    (own,) = [h for h in fact.needs if h.name == event] if len(others) == len(fact.needs) - 1 else [fact]
    plain = own is not fact and len(own.variables) == 1 and not own.needs and name in fact.variables
    need(plain, f"{claim} has no hypothesis {event!r} about one index")
    about = [*fact.given, *(x for h in others for x in (h.shows, *h.given))]
    need(not any(name in x.free for x in about), f"{claim} asks more of the random layers")
    need(name not in fact.definite | fact.positive | fact.integers, f"{claim} takes {name} as more than layers")
    instance(ck, replace(fact, needs=others), {}, fact.shows, ())
    i, lo, hi = index_range(ck, index)
    j = node("sym", own.variables[0])
    ends = {node("ge", j, lo, shape=None), node("le", j, hi, shape=None)}
    need(set(own.given) == ends and own.variables[0] not in lo.free | hi.free, f"{event!r} is not about {lo} .. {hi}")
    wanted = node("prob", there.args[0], substitute(own.shows, {own.variables[0]: index}), *there.trees[1:])
    need(ck.read(wanted) == ck.read(there), f"line {each.number} is not about {event!r}")
    failing = ONE - ck.read(least)
    fixed = not any(i in x.free for x in (own.shows, *here.trees[1:]))
    need(fixed and i not in names_in(failing), "the event or the probability depends on the index otherwise")
    at_least(ck, bound, ONE - (ck.read(hi) - ck.read(lo) + ONE) * failing)


RULES = {
    "tail_rules.tail": tail,
    "tail_rules.jointly": jointly,
    "tail_rules.throughout": throughout,
    "tail_rules.implied": implied,
}
