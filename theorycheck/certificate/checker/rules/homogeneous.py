"""Equations that hold on open sets, differentiated; first-order conditions; ends of a range; squared norms that vanish."""

from __future__ import annotations

from ..core import (
    Checker,
    Done,
    Line,
    Node,
    const,
    free_of,
    index_range,
    need,
    node,
    show,
    sides,
    size,
    substitute,
)  # fmt: skip

NUMBER_ONE = node("num", const(1).constant())


def cases(ck: Checker, goal: Node, below: Line, above: Line, a: Node, b: Node) -> Done:
    """The same line under a < b and under b <= a."""
    need(below.shows is goal and above.shows is goal, "both cases must show the goal itself")
    first, second = node("lt", a, b, shape=None), node("le", b, a, shape=None)
    need(first not in above.assumes and second not in below.assumes, "a case rests on the other one")
    return Done(drops=frozenset({first, second}))


def ends(ck: Checker, goal: Node, first: Line, inner: Line, last: Line, index: Node) -> Done:
    """P(i) for lo <= i <= hi from P(lo), P(hi), and P(i) under lo + 1 <= i and i + 1 <= hi."""
    name, lo, hi = index_range(ck, index)
    free_of(name, [first, last])
    for line, end in ((first, lo), (last, hi)):
        need(ck.same(line.shows, substitute(goal, {name: end})), f"line {line.number} is not the claim at an end of the range")
    after, before = node("add", lo, NUMBER_ONE), node("add", index, NUMBER_ONE)
    inside = [c for c in inner.assumes if _says(c, after, index) or _says(c, before, hi)]
    need(inner.shows is goal, "the inner premise is not the claim")
    need(not any(name in a.free for a in inner.assumes - set(inside)), f"the inner premise assumes more of {name}")
    return Done(drops=frozenset(inside))


def _says(condition: Node, low: Node, high: Node) -> bool:
    return condition.head == "le" and size(condition.trees[0]) == size(low) and size(condition.trees[1]) == size(high)


def known(ck: Checker, goal: Node, premise: Line, conditions: list[Node]) -> Done:
    """A line without those of its assumptions that hold in the domain."""
    need(goal is premise.shows, "the goal is not the premise")
    for c in conditions:
        need(ck.holds(c), f"an assumption is not known in the domain: {c}")
    return Done(drops=frozenset(conditions))


def vanishes(ck: Checker, goal: Node, premise: Line) -> None:
    """From |X|^2 = 0 or |X|^2 <= 0 to an equation whose sides differ by X."""
    left, right = sides(premise.shows)
    square, other = (right, left) if premise.shows.head == "eq" and right.head == "pow" else (left, right)
    need(square.head == "pow" and square.trees[0].head == "norm", "the premise says nothing about a squared norm")
    need(square.trees[1].head == "num" and square.trees[1].args[0] > 0, "the power of the norm is no number > 0")
    need(not ck.read(other).terms, "the premise does not say that a squared norm vanishes")
    need(goal.head == "eq" and goal.trees[0].shape, "the goal is not an equation of matrices")
    x, gap = ck.read(square.trees[0].trees[0]), ck.gap(goal)
    need(gap in (x, x.scale(-1)), f"the sides differ by {show(gap)}")


def transposed(ck: Checker, goal: Node, premise: Line) -> None:
    """From X = Y to X^T = Y^T."""
    need(premise.shows.head == goal.head == "eq" and premise.shows.trees[0].shape, "equations of matrices are needed")
    for side, x in zip(goal.trees, premise.shows.trees, strict=True):
        need(ck.read(side) == ck.read(x).T, "a side is not the transpose of that of the premise")


RULES = {
    "homogeneous_rules.cases": cases,
    "homogeneous_rules.ends": ends,
    "homogeneous_rules.known": known,
    "homogeneous_rules.vanishes": vanishes,
    "homogeneous_rules.transposed": transposed,
}
