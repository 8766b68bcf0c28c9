"""Limits v -> 0+ that follow from others: of constants, powers, finite sums, equal bodies; and limits that do not hold."""

from __future__ import annotations

from typing import Any

from ..core import (
    Checker,
    Form,
    Line,
    Node,
    NotCovered,
    approached,
    assemble,
    cleared,
    equations,
    free_of,
    growth_between,
    mentioning,
    need,
    node,
    show,
    vanishes,
)  # fmt: skip


def explicit(ck: Checker, goal: Node) -> None:
    """A body that is explicit: s^v -> 1 for s > 0, c -> c."""
    body, v, value = approached(ck, goal)
    vanishes(ck, ck.read(body) - ck.read(value), v)


def rewritten(ck: Checker, goal: Node, premise: Line, using: list[Any] = []) -> None:  # noqa: B006
    """The same limit of an equal body, by the equations of `using`."""
    (body, v, value), (old, w, known) = approached(ck, goal, premise, *using), approached(ck, premise.shows)
    facts = equations(ck, using)
    need(v == w, "the two limits are in different symbols")
    for new, before in ((body, old), (value, known)):
        rest = cleared(ck.read(new, facts) - ck.read(before, facts))
        need(not rest.terms, f"left over: {show(rest)}")


def summed(ck: Checker, goal: Node, premise: Line, index: Node) -> None:
    """From f(i) -> g(i) for a generic index to the limit of a finite sum, whose range does not depend on v."""
    (body, v, value), (f, w, g) = approached(ck, goal, premise), approached(ck, premise.shows)
    need(v == w and index.head == "sym" and index.shape == () and index.args[0] != v, "another symbol, or no index")
    name = index.args[0]
    fixed = body.head == "sum" and not {v, name} & (body.trees[0].free | body.trees[1].free)
    need(fixed, "the body is no sum over a fixed range")
    free_of(name, [premise])
    lo, hi = body.trees[:2]
    for h in mentioning(ck, name):
        ends = node("ge", index, lo), node("le", index, hi)
        need(not h.variables and not h.given and h.shows in ends, f"more is known of {name} than the range of the sum")
    for side, term in ((body, f), (value, g)):
        need(ck.read(side) == ck.read(node("sum", name, lo, hi, term)), "the goal is not the sum of the premise")


def diverges(
    ck: Checker,
    goal: Node,
    premise: Line,
    using: list[Any] = [],  # noqa: B006
    apart: Line | None = None,
    at: Any = None,
) -> None:
    """not(body -> value): the body less one that converges has a leading term k v^e log(v)^m -> infinity, k != 0, or a limit
    that is off by k != 0. That k != 0 follows from signs, or from an inequality u < w with w - u a multiple of k."""
    need(goal.head == "not", "the goal is not that a limit does not hold")
    if at is not None:
        raise NotCovered("a coefficient that is not 0 at an instance")
    k, infinite = growth_between(ck, goal.trees[0], premise, using)
    for g in infinite:
        gaps = [(ck.sign(other.exponent - g.exponent), other.logs) for other in infinite if other is not g]
        same = [other.exponent == g.exponent for other in infinite if other is not g]
        if all(sign == 2 or (equal and logs < g.logs) for (sign, logs), equal in zip(gaps, same, strict=True)):
            k = g.coefficient
            break
    else:
        need(not infinite, "which of the terms that tend to infinity outgrows the others is not known")
    need(any(map(ck.context.nonzero, (k, cleared(k)))) or (apart and _multiple(ck, k, apart, using)), f"it may be 0: {show(k)}")


def _multiple(ck: Checker, k: Form, apart: Line, using: list[Any]) -> bool:
    """Whether k is a multiple, not 0, of the difference of the sides of an inequality."""
    need(apart.shows.head in {"lt", "gt"}, "the inequality is not strict")
    gap = ck.gap(apart.shows, equations(ck, using))
    for t, c in k.terms.items():
        for s, d in gap.terms.items():
            if not (t[0] or t[2] or s[0] or s[2]):
                ratio = assemble([*t[1], *((a, e.scale(-1)) for a, e in s[1])], (), c / d, ())
                if ck.context.nonzero(ratio) and not cleared(k - ratio * gap).terms:
                    return True
    return False


RULES = {
    "limit_rules.power_to_one": explicit,
    "limit_rules.stays": explicit,
    "limit_rules.rewritten": rewritten,
    "limit_rules.summed": summed,
    "leading_rules.diverges": diverges,
}
