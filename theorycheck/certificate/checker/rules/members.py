"""Members of a sum or product over an index: the last one on its own, one of terms >= 0; a symmetric double sum."""

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
    read,
    relation_head,
    show,
    sides,
    substitute,
    whole,
)

ONE, MINUS_ONE = (node("num", const(n).constant()) for n in (1, -1))
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


def triangle(ck: Checker, goal: Node) -> None:
    """Over i, j = lo .. hi, a sum of f(i, j) = f(j, i) is that of f(i, i) and twice that over lo <= i < j <= hi."""
    need(goal.head == "eq" and goal.trees[0].head == goal.trees[0].trees[-1].head == "sum", "the goal is about no double sum")
    total, right = goal.trees
    (i, (lo, hi, _)), (j, (lo2, hi2, f)) = ((x.args[0], x.trees) for x in (total, total.trees[2]))
    need(lo is lo2 and hi is hi2 and i != j and not {i, j} & (lo.free | hi.free), "two indices with one range are needed")
    x, y = node("sym", i), node("sym", j)
    below = node("sum", j, node("add", lo, ONE), hi, node("sum", i, lo, node("add", y, MINUS_ONE), f))
    parts = node("sum", i, lo, hi, substitute(f, {j: x})), below, below
    need(ck.read(right) == ck.read(node("add", *parts)), "the right side is not the diagonal, and twice what is above it")
    ck.read(total)
    ends = ck.read(lo), ck.read(hi), False
    ctx = ck.context.without({i, j}).within([(i, *ends), (j, *ends)])
    rest = read(f, ctx) - read(substitute(f, {i: y, j: x}), ctx)
    need(not rest.terms, f"f(i, j) - f(j, i) = {show(rest)}")


RULES = {"index_rules.last_one": last_one, "index_rules.member": member, "sum_rules.triangle": triangle}
