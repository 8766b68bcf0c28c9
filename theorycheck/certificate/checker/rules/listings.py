"""Sums over sequences: term by term, and the last member summed over."""

from __future__ import annotations

from typing import Any

from ..core import (
    ONE,
    Checker,
    Context,
    Form,
    Line,
    Node,
    arbitrary,
    at_least,
    bound_names,
    const,
    need,
    node,
    read,
)


def sums(goal: Node) -> tuple[Node, Node]:
    need(goal.head == "eq" and {x.head for x in goal.trees} == {"sequences"}, "no equation between two sums over sequences")
    left, right = goal.trees
    need(left.args[0] == right.args[0] and left.trees[1] is right.trees[1], "sums over different sequences")
    return left, right


def alike(ck: Checker, goal: Node, line: Line) -> None:
    """From f = g for an arbitrary sequence to the sums of f and of g over all sequences of one length."""
    left, right = sums(goal)
    need(left.trees[0] is right.trees[0], "sums over sequences of different lengths")
    need(line.shows is node("eq", left.trees[2], right.trees[2], shape=None), "the line does not say that the terms are equal")
    arbitrary(ck, left.args[0], [line])
    ck.gap(goal)


def last_place(ck: Checker, goal: Node) -> None:
    """Over sequences of length N, f is as much as f(.., 1) + .. + f(.., m) over those of length N - 1."""
    left, right = sums(goal)
    length, count, body = left.trees
    n, m = ck.read(length), ck.read(count).whole()
    need(ck.read(right.trees[0]) == n - ONE and m is not None and 0 < m <= 40, "no length N - 1, or values that are no number")
    terms = [put(body, left.args[0], length, const(v), ck.context) for v in range(1, (m or 0) + 1)]
    ck.read(left)
    expected = node("sequences", right.args[0], right.trees[0], count, node("add", *terms))
    need(ck.read(right) == ck.read(expected), "the right side is not the sum over the last member")


def put(t: Node, name: str, length: Node, value: Form, ctx: Context) -> Node:
    """The term with a number for the last member of the sequence; others must be known to be earlier ones."""
    if name not in t.free:
        return t
    if t.head == "item" and t.args[0] == name:
        place, last = read(t.trees[0], ctx), read(length, ctx)
        if place == last:
            return node("num", value.constant())
        need(at_least(place - ONE, ctx) and at_least(last - ONE - place, ctx), f"{name}[{t.trees[0]}] may be the last member")
    bound = bound_names(t.head, t.args)
    if bound:
        need(t.head in {"sum", "prod"} and not bound & length.free, f"a sequence inside {t.head}")
        lo, hi = (read(x, ctx) for x in t.trees[:2])
        ctx = ctx.without(bound).within([(t.args[0], lo, hi, False)])
    args: list[Any] = [put(a, name, length, value, ctx) if isinstance(a, Node) else a for a in t.args]
    return node(t.head, *args, shape=t.shape)


RULES = {"sequences.alike": alike, "sequences.last_place": last_place}
