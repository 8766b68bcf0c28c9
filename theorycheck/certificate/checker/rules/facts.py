"""Facts at an instance: hypotheses, cited theorems, claims proved elsewhere; lines about generic indices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..core import (
    OPERATIONS,
    Checker,
    Fact,
    Line,
    Node,
    Refused,
    indices,
    is_relation,
    need,
    read,
    same_shape,
    size,
    substitute,
    whole,
)


def instance(ck: Checker, fact: Fact, binding: dict[str, Any], goal: Node, premises: Sequence[Line]) -> None:
    """Whether the goal is the fact at an instance of its variables at which all its conditions hold."""
    need(set(binding) <= set(fact.variables), f"{fact.name} has no such variable")
    for name in (indices([fact.shows, *fact.given]) & set(fact.variables)) | fact.integers:
        value = binding.get(name, name)
        if isinstance(value, Node):
            whole(read(value, ck.context), ck.context)
        else:
            need(value in ck.context.integers, f"{name} is an integer in {fact.name}, but {value} is none here")
    for name in fact.definite:
        value = binding.get(name, name)
        value = value.args[0] if isinstance(value, Node) and value.head == "sym" else value
        need(value in ck.context.definite, f"{fact.name} takes {name} as symmetric positive definite")
    for name in fact.positive:
        need(binding.get(name, name) in ck.context.families, f"{fact.name} takes {name} as positive")
    for condition in fact.given:
        need(ck.holds(substitute(condition, binding), premises), f"a condition of {fact.name} is not shown: {condition}")
    for h in fact.needs:
        need(any(_as_needed(h, own, binding) for own in ck.hypotheses), f"{fact.name} needs the hypothesis {h.name!r}")
    need(ck.same(goal, substitute(fact.shows, binding)), f"{fact.name} says something else")
    if fact.variables and is_relation(goal):  # equal trees are not read elsewhere: an instance must have a meaning
        ck.gap(goal)


def _as_needed(wanted: Fact, own: Fact, binding: dict[str, Any]) -> bool:
    outer = {k: v for k, v in binding.items() if k not in wanted.variables}
    if any(v.free & set(wanted.variables) for v in outer.values() if isinstance(v, Node)):
        return False
    pairs = [(wanted.shows, own.shows), *zip(wanted.given, own.given, strict=False)]
    return (
        (wanted.variables, len(wanted.given)) == (own.variables, len(own.given))
        and set(own.needs) == set(wanted.needs)
        and all(alike(substitute(a, outer), b) for a, b in pairs)
    )


def usable(ck: Checker, fact: Fact) -> None:
    """Whether a fact belongs to this derivation; a line about generic indices holds for others under what `given` lists."""
    if fact.kind == "line":
        own = set(fact.variables)
        known = {h.shows for h in ck.hypotheses}
        need(fact.assumes <= known and not any(a.free & own for a in fact.assumes), f"{fact.name} rests on assumptions")
        for h in ck.hypotheses:
            if (h.shows.free.union(*(g.free for g in h.given)) - set(h.variables)) & own:
                listed = not h.variables and not h.given and h.shows in fact.given
                need(listed, f"{fact.name} was shown under {h.name!r}, which `given` does not list")
    else:
        need(fact in ck.hypotheses or ck.facts.get(fact.name) == fact, f"{fact.name} is no fact of this certificate")


def equations(ck: Checker, using: list[Any]) -> list[Any]:
    """Lines and facts to rewrite with; a text names a hypothesis."""
    found = [ck.hypothesis(u) if isinstance(u, str) else u for u in using]
    need(all(isinstance(f, Fact | Line) for f in found), "what is used to rewrite is no line and no fact")
    for f in found:
        if isinstance(f, Fact):
            usable(ck, f)
            unchecked = f.definite or f.positive or f.needs
            need(not unchecked, f"{f.name} has conditions that rewriting does not check")
    return found


def alike(a: Any, b: Any) -> bool:
    """Whether two trees are the same, but for the way in which indices and sizes are written."""
    if a is b or not (isinstance(a, Node) and isinstance(b, Node)):
        return bool(a == b)
    if a.head != b.head or len(a.args) != len(b.args) or not same_shape(a.shape, b.shape):
        return False
    if a.head in {"item", "chain"}:
        return a.args[0] == b.args[0] and all(size(x) == size(y) for x, y in zip(a.trees, b.trees, strict=True))
    return all(map(alike, a.args, b.args))


def given(ck: Checker, goal: Node, name: str, binding: dict[str, Any] = {}) -> None:  # noqa: B006
    """A hypothesis of the domain at an instance where its own conditions hold."""
    instance(ck, ck.hypothesis(name), binding, goal, ())


def given_with(ck: Checker, goal: Node, premises: list[Line], name: str, binding: dict[str, Any] = {}) -> None:  # noqa: B006
    """As `given`; earlier lines may show the conditions."""
    instance(ck, ck.hypothesis(name), binding, goal, premises)


def trivially(ck: Checker, goal: Node) -> None:
    """A hypothesis as it stands."""
    known = [f.shows for f in ck.hypotheses if not f.given and not f.variables]
    need(goal in known or any(ck.same(goal, k) for k in known), "no hypothesis says this")


def cite(ck: Checker, goal: Node, fact: Fact, premises: list[Line] = [], binding: dict[str, Any] = {}) -> None:  # noqa: B006
    """A cited theorem at an instance, or a line about generic indices at other ones."""
    need(fact.kind in {"cited", "line"}, f"{fact.name} is no cited fact")
    usable(ck, fact)
    instance(ck, fact, binding, goal, premises)


def uses(ck: Checker, goal: Node, claim: str, premises: list[Line] = [], binding: dict[str, Any] = {}) -> None:  # noqa: B006
    """A claim proved elsewhere; the driver accepts its certificate first."""
    need(claim in ck.facts and ck.facts[claim].kind == "claim", f"the claim {claim} is not among the facts")
    try:
        instance(ck, ck.facts[claim], binding, goal, premises)
    except Refused as e:
        raise Refused(f"{claim}: {e}") from e


RULES = {
    "fact_rules.given": given,
    "fact_rules.given_with": given_with,
    "fact_rules.trivially": trivially,
    "fact_rules.cite": cite,
    "fact_rules.uses": uses,
}
OPERATIONS.update({"instance": instance, "usable": usable, "equations": equations})
