"""Convergence as a symbol tends to an end: two limits of the same quantity are the same; the limit of a path."""

from __future__ import annotations

from ..core import OPERATIONS, READERS, Context, Form, Node, Refused, letter, need, read, sizes, symbol


def towards(ctx: Context, limit: Node) -> Context:
    """The symbol tends to its end from above, so it is positive there."""
    v, end = limit.trees[1].args[0], limit.trees[2]
    positive = end.head == "infinity" or (end.head == "num" and end.args[0] == 0)
    return ctx.without({v}).adding([(symbol(v), True)] if positive else [])


def same_limit(a: Node, b: Node, ctx: Context) -> bool:
    if a.trees[1] is not b.trees[1] or a.trees[2] is not b.trees[2]:
        return False
    there = towards(ctx, a)
    try:
        return all(a.trees[i] is b.trees[i] or read(a.trees[i], c) == read(b.trees[i], c) for i, c in ((0, there), (3, ctx)))
    except Refused:
        return False


def _limit(t: Node, ctx: Context) -> Form:
    """The end of a path x(t), as t tends to infinity, is a letter of its own."""
    point, body = t.trees
    end = body.head == "at" and body.trees[0].head == "sym" and body.trees[0].args[0] == t.args[0] and point.head == "infinity"
    need(end, "of limits, only that of a path x(t) at infinity has a normal form")
    return letter(("limit", *body.args[:2]), *sizes(t, ctx))


READERS["limit"] = _limit
OPERATIONS.update({"towards": towards, "same_limit": same_limit})
