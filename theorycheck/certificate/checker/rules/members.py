"""One member of a sum or a product over a range of an index: the last one on its own, one of terms >= 0."""

from __future__ import annotations

from ..core import (
    Checker,
    Line,
    Node,
    concluded,
    const,
    free_of,
    index_range,
    need,
    node,
    relation_head,
    show,
    sides,
    substitute,
    whole,
)

MINUS_ONE = node("num", const(-1).constant())
JOINED = {"sum": "add", "prod": "mul"}


def last_one(ck: Checker, goal: Node) -> None:
    """Over lo .. hi = over lo .. hi - 1 joined with the member at hi, for hi >= lo."""
    need(goal.head == "eq" and goal.trees[0].head in JOINED, "the goal is no equation with a sum or a product on its left")
    total, right = goal.trees
    lo, hi, body = total.trees
    need(ck.sign(whole(ck.read(hi), ck.context) - ck.read(lo)), "the range is not known to have a member")
    ck.read(total)
    before = node(total.head, total.args[0], lo, node("add", hi, MINUS_ONE), body)
    rest = ck.read(right) - ck.read(node(JOINED[total.head], before, substitute(body, {total.args[0]: hi})))
    need(not rest.terms, f"left over: {show(rest)}")


def member(ck: Checker, goal: Node, premise: Line, i: Node) -> None:
    """From 0 <= f(i) for a generic index to f(i) <= sum_i f."""
    name, lo, hi = index_range(ck, i)
    free_of(name, [premise])
    zero, f = sides(premise.shows)
    need(relation_head(premise.shows) in {"le", "lt"} and not ck.read(zero).terms, "the premise is not 0 <= f")
    need(relation_head(goal) == "le", "the goal is not f(i) <= sum_i f")
    concluded(ck, goal, ck.gap(goal) - (ck.read(node("sum", name, lo, hi, f)) - ck.read(f)))


RULES = {"index_rules.last_one": last_one, "index_rules.member": member}
