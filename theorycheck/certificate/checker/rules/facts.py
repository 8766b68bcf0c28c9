"""Facts at an instance: hypotheses, cited theorems, claims proved elsewhere; lines about generic indices."""

from __future__ import annotations

from typing import Any

from ..core import Checker, Fact, Line, Node, Refused, instance, need, usable


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
