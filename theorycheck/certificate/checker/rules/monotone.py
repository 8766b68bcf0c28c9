"""Monotone functions: powers, exponentials, comparison by squares."""

from __future__ import annotations

from ..core import (
    Checker,
    Fact,
    Line,
    Node,
    const,
    equations,
    gives,
    need,
    node,
    power,
    read,
    relation_head,
    show,
    sides,
)


def raised(ck: Checker, goal: Node, premise: Line, exponent: Node, using: list[Fact | Line | str] = []) -> None:  # noqa: B006
    """From 0 <= u <= v to u^e <= v^e for e > 0; from 0 < u <= v to v^e <= u^e for e < 0."""
    facts = equations(ck, using)
    u, v = (ck.read(s, facts) for s in sides(premise.shows))
    e, state = ck.read(exponent, facts), ck.sign(u)
    up, down = ck.sign(e) == 2, ck.sign(e.scale(-1)) == 2
    need((up and state) or (down and state == 2), "the sign of the base or of the exponent is not known")
    need(premise.shows.head in {"le", "ge", "lt", "gt", "eq"}, "the premise is no relation")
    low, high = (power(x, e, ck.context, licensed=True) for x in ((u, v) if up else (v, u)))
    a, b = (ck.read(s, facts) for s in sides(goal))
    need(relation_head(goal) in {"le", relation_head(premise.shows)}, "the goal is stronger than the premise")
    need(a == low and b == high, f"this gives {show(low)} <= {show(high)}")


def exponentiated(ck: Checker, goal: Node, premise: Line) -> None:
    """From u <= v to e^u <= e^v."""
    need(relation_head(goal) == relation_head(premise.shows), "the relation of the goal")
    for side, s in zip(sides(goal), sides(premise.shows), strict=True):
        need(ck.read(side) == ck.read(node("exp", s)), "a side of the goal is not the exponential of that of the premise")


def by_squares(ck: Checker, goal: Node, premise: Line) -> None:
    """From a^2 <= b^2 with b >= 0 to a <= b."""
    low, high = sides(goal)
    need(goal.head in {"le", "ge"}, "the goal is not a <= b")
    need(ck.sign(read(high, ck.context)), "the bound is not known to be >= 0")
    two = node("num", const(2).constant())
    need(gives(ck, premise.shows, node("pow", low, two), node("pow", high, two)), "the premise is not a^2 <= b^2")


RULES = {
    "algebra_rules.raised": raised,
    "algebra_rules.exponentiated": exponentiated,
    "basic_rules.by_squares": by_squares,
}
