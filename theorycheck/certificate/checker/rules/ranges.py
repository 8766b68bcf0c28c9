"""Ranges cut, of one member, of none; Gram matrices, minima, |x|, quotients, logarithms; equals for equals."""

from __future__ import annotations

from typing import Any

from ..core import (
    ONE,
    Checker,
    Line,
    Node,
    approached,
    const,
    equations,
    exponential,
    gives,
    logarithm,
    need,
    node,
    relation_head,
    show,
    sides,
    substitute,
)  # fmt: skip

JOINED_BY = {"sum": "add", "prod": "mul"}


def _ranged(goal: Node, matrices: bool = False) -> Node:
    need(goal.head == "eq" and goal.trees[0].head in JOINED_BY, "the left side is no sum or product")
    need(goal.trees[0].shape == () or (matrices and goal.trees[0].head == "sum"), "it is not one of numbers")
    return goal.trees[0]


def split(ck: Checker, goal: Node) -> None:
    """The sum over lo .. hi is that over lo .. m and that over m + 1 .. hi; a product likewise."""
    whole, joined = _ranged(goal), goal.trees[1]
    need(joined.head == JOINED_BY[whole.head] and len(joined.trees) == 2, "the right side is not one range and another")
    first, second = joined.trees
    for part in (first, second):
        need(part.head == whole.head and part.args[0] == whole.args[0] and part.trees[2] == whole.trees[2], "another body")
    for x in (whole, first, second):
        ck.read(x)
    ends = (whole.trees[0], first.trees[0], 0), (whole.trees[1], second.trees[1], 0), (first.trees[1], second.trees[0], 1)
    need(all(ck.read(b) - ck.read(a) == const(n) for a, b, n in ends), "the two ranges do not make up the whole one")


def one(ck: Checker, goal: Node) -> None:
    """The sum or product over lo .. lo is its body there; a sum may be of matrices."""
    whole = _ranged(goal, matrices=True)
    lo, hi, body = whole.trees
    member = ck.read(substitute(body, {whole.args[0]: lo}))
    need(ck.read(whole).shape == member.shape, "the size of the body depends on the index")
    need(ck.read(lo) == ck.read(hi) and ck.read(goal.trees[1]) == member, "the right side is not the body, or there are more")


def none(ck: Checker, goal: Node) -> None:
    """An empty sum is 0, an empty product 1."""
    whole = _ranged(goal)
    empty = ck.read(whole.trees[0]) - ck.read(whole.trees[1]) == ONE
    need(ck.read(whole).shape == () and empty, "the range is not known to be empty")
    need(ck.read(goal.trees[1]) == const(int(whole.head == "prod")), "an empty sum is 0, an empty product 1")


def gram(ck: Checker, goal: Node, parts: list[Any] = []) -> None:  # noqa: B006
    """A sum of c M^T M with c >= 0 is positive semidefinite."""
    need(goal.head == "psd", "the goal is not that a matrix is positive semidefinite")
    rest = ck.read(goal.trees[0])
    for part in parts:
        need(isinstance(part, list) and len(part) == 2 and all(isinstance(x, Node) for x in part), "a part is no pair (c, M)")
        c, m = map(ck.read, part)
        need(c.shape == () and m.shape and ck.sign(c), f"the coefficient {show(c)} is not known to be >= 0")
        rest = rest - c * (m.T * m)
    need(not rest.terms, f"left over: {show(rest)}")


def within_absolute(ck: Checker, goal: Node) -> None:
    """From |a| <= c to a <= c."""
    low, high = sides(goal)
    need(relation_head(goal) == "le" and ck.sign(ck.read(high) - ck.read(node("abs", low))), "|a| <= c is not known")


def divided(ck: Checker, goal: Node, premise: Line, factor: Node) -> None:
    """From u w <= v w with w > 0 to u <= v."""
    heads = relation_head(goal), relation_head(premise.shows)
    need(heads in {("le", "le"), ("le", "lt"), ("lt", "lt")}, "an order is needed, strict where the goal is")
    w = ck.read(factor)
    need(ck.sign(w) == 2, f"it is not known to be > 0: {show(w)}")
    rest = w * ck.gap(goal) - ck.gap(premise.shows)
    need(not rest.terms, f"left over: {show(rest)}")


def minimum_below(ck: Checker, goal: Node) -> None:
    """A minimum is at most each of the two."""
    low, high = sides(goal)
    need(relation_head(goal) == "le" and low.head == "min", "the goal is not min(a, b) <= c")
    need(any(ck.sign(ck.read(high) - ck.read(part)) for part in low.trees), "neither a <= c nor b <= c is known")


def minimum_above(ck: Checker, goal: Node, one: Line, other: Line) -> None:
    """From c <= a and c <= b to c <= min(a, b)."""
    low, high = sides(goal)
    need(relation_head(goal) == "le" and high.head == "min", "the goal is not c <= min(a, b)")
    need(all(gives(ck, p.shows, low, x) for p, x in zip((one, other), high.trees, strict=True)), "a part is not bounded")


def logarithms(ck: Checker, goal: Node, premise: Line) -> None:
    """From u <= v with u > 0 to log u <= log v."""
    need(relation_head(goal) == relation_head(premise.shows), "the two lines are of different kinds")
    u, v = map(ck.read, sides(premise.shows))
    need(ck.sign(u) == 2, f"it is not known to be > 0: {show(u)}")
    ctx = ck.context.adding([(v, True)])  # v >= u > 0
    need([ck.read(x) for x in sides(goal)] == [logarithm(x, ctx) for x in (u, v)], "the sides are not the logarithms")


def replaced(ck: Checker, goal: Node, premise: Line, equation: Any) -> None:
    """From P with r in the place of the symbol x to P, where x = r."""
    (fact,) = equations(ck, [equation])
    need(isinstance(fact, Line) or not (fact.variables or fact.given), "the equation holds under conditions")
    need( fact.shows.head == "eq" and fact.shows.trees[0].head == "sym", "the equation is not x = r")
    symbol, value = fact.shows.trees
    need(ck.same(premise.shows, substitute(goal, {symbol.args[0]: value})), "the premise is not the goal with r for x")


def exponentiated(ck: Checker, goal: Node, premise: Line) -> None:
    """From f -> y to e^f -> e^y."""
    (body, v, value), (f, w, y) = approached(ck, goal, premise), approached(ck, premise.shows)
    need(v == w and ck.read(body) == exponential(ck.read(f)), "the body is not the exponential of that of the premise")
    need(ck.read(value) == exponential(ck.read(y)), "the value is not the exponential of that of the premise")


RULES = {
    "sum_rules.split": split, "sum_rules.one": one, "sum_rules.none": none, "matrix_rules.gram": gram,
    "basic_rules.within_absolute": within_absolute, "basic_rules.divided": divided,
    "basic_rules.minimum_below": minimum_below, "basic_rules.minimum_above": minimum_above,
    "algebra_rules.logarithms": logarithms, "function_rules.replaced": replaced,
    "limit_rules.exponentiated": exponentiated,
}  # fmt: skip
