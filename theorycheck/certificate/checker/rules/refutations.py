"""A limit refuted by another limit of the same body, at an instance: a claim is about all instances, so one is enough."""

from __future__ import annotations

from typing import Any

from ..core import Checker, Line, Node, approached, need, node
from ..witness.instance import refuted


def differs(ck: Checker, goal: Node, premise: Line, instance: Any) -> None:
    """not(f -> y), from f -> x and an instance of the domain at which x is not y, or y has no value."""
    need(goal.head == "not", "the goal is not that a limit does not hold")
    (body, v, value), (old, w, known) = approached(ck, goal.trees[0], premise), approached(ck, premise.shows)
    need(v == w and (body is old or ck.read(body) == ck.read(old)), "the premise is not a limit of the same body")
    need(isinstance(instance, list) and len(instance) == 2 and instance[0] == "instance", "an instance is needed")
    context = ck.context
    flags = {"integer": context.integers, "positive": context.families, "symmetric": context.definite}
    refuted(node("eq", known, value), ck.hypotheses, flags, instance[1])


RULES = {"limit_refutations.differs": differs}
