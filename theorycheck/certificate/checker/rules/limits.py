"""Limits v -> 0+ of explicit expressions, and of what is squeezed by them.

A line about v holds on the way to the limit if every hypothesis about v holds for all small v > 0, as `approached` demands.
"""

from __future__ import annotations

from typing import Any

from ..core import (
    OPERATIONS,
    ORDERS,
    Checker,
    Form,
    Line,
    Node,
    cleared,
    const,
    equations,
    free_of,
    growth,
    limit,
    mentioning,
    need,
    node,
    only,
    show,
    symbol,
)  # fmt: skip

NOUGHT = node("num", const(0).constant())


def approached(ck: Checker, goal: Node, *lines: Any) -> tuple[Node, str, Node]:
    """(body, v, value) of a limit v -> 0+, where what the lines and the domain say of v holds for all small v > 0."""
    need(goal.head == "converges" and goal.trees[2] is NOUGHT, "a limit v -> 0+ is needed")
    body, symbol_v, _, value = goal.trees
    v = symbol_v.args[0]
    only(body, {v}, "sym", ())
    need(v not in value.free and v not in ck.context.integers, f"the value of the limit mentions {v}, or {v} is an integer")
    free_of(v, [line for line in lines if isinstance(line, Line)])
    for f in mentioning(ck, v):
        need(not f.variables and not f.given and f.shows.head in ORDERS, f"{f.name!r} need not hold for small {v}")
        gap = ck.gap(f.shows)
        need(gap == symbol(v) or ck.sign(limit(gap, v, ck.context)) == 2, f"{f.name!r} need not hold for small {v}")
    return body, v, value


def vanishes(ck: Checker, x: Form, v: str) -> None:
    left = cleared(limit(x, v, ck.context))
    need(not left.terms, f"it tends to {show(left)}, not to 0")


def squeezed(ck: Checker, goal: Node, low: Line, high: Line, using: list[Any] = []) -> None:  # noqa: B006
    """From g <= body - value <= G, in any arrangement, with explicit g, G -> 0: the limit of the body is the value."""
    body, v, value = approached(ck, goal, low, high, *using)
    facts = equations(ck, using)
    need({low.shows.head, high.shows.head} <= ORDERS, "the premises are no inequalities")
    gap = ck.read(body, facts) - ck.read(value, facts)
    vanishes(ck, gap - ck.gap(low.shows, facts), v)
    vanishes(ck, gap + ck.gap(high.shows, facts), v)


def equal(ck: Checker, goal: Node, exact: Line, using: list[Any] = []) -> None:  # noqa: B006
    """From an equation that makes the body explicit."""
    body, v, value = approached(ck, goal, exact, *using)
    facts = equations(ck, using)
    need(exact.shows.head == "eq", "the premise is no equation")
    vanishes(ck, ck.read(body, facts) + ck.gap(exact.shows, facts) - ck.read(value, facts), v)


def moved(ck: Checker, goal: Node, premise: Line, using: list[Any] = []) -> None:  # noqa: B006
    """From body -> value to body + h -> value + lim h, for an explicit h."""
    finite, infinite = difference(ck, goal, premise, using)
    need(not infinite and not cleared(finite).terms, "the difference has another limit, or none")


def difference(ck: Checker, goal: Node, premise: Line, using: list[Any]) -> tuple[Form, list[Any]]:
    """body - value of the goal less that of the premise: limit of the terms that have one, and what tends to infinity."""
    body, v, value = approached(ck, goal, premise, *using)
    old, w, known = approached(ck, premise.shows)
    need(v == w, "the two limits are in different symbols")
    facts = equations(ck, using)
    new, start = (ck.read(x, facts) - ck.read(y, facts) for x, y in ((body, value), (old, known)))
    return growth(new - start, v, ck.context)  # type: ignore[no-any-return]


RULES = {
    "leading_rules.squeezed": squeezed,
    "leading_rules.equal": equal,
    "leading_rules.moved": moved,
}
OPERATIONS.update({"approached": approached, "growth_between": difference, "vanishes": vanishes})
