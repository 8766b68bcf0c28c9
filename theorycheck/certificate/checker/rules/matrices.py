"""Matrices: equations multiplied from both sides, norm 0, congruence, definedness; equations that are linear in matrices."""

from __future__ import annotations

from typing import Any

from ..core import (
    ONE,
    Checker,
    Form,
    Line,
    Node,
    arbitrary,
    concluded,
    need,
    norm_squared,
    read,
    relation_head,
    show,
    sides,
    substitute,
    trace,
)  # fmt: skip


def multiplied(ck: Checker, goal: Node, premise: Line, left: Node | None = None, right: Node | None = None) -> None:
    """From P = Q to L P R = L Q R, or to the traces of both."""
    need(premise.shows.head == goal.head == "eq" and premise.shows.trees[0].shape, "equations of matrices are needed")
    gap = ck.gap(premise.shows)
    for outer, before in ((left, True), (right, False)):
        if outer is not None:
            x = ck.read(outer)
            a, b = (x, gap) if before else (gap, x)
            need(a.shape and b.shape and a.shape[1] == b.shape[0], "the sizes of the factors do not fit")
            gap = a * b
    wanted = ck.gap(goal)
    gap = gap if wanted.shape else trace(gap)
    need(wanted == gap, f"left over: {show(wanted - gap)}")


def scaled(ck: Checker, goal: Node, premise: Line, factor: Line) -> None:
    """From u <= v and 0 <= w to u w <= v w."""
    orders = {"le", "lt"}
    need(relation_head(goal) == "le" and {relation_head(premise.shows), relation_head(factor.shows)} <= orders, "inequalities")
    zero, w = sides(factor.shows)
    need(not ck.read(zero).terms, "the factor is not of the form 0 <= w")
    rest = ck.gap(goal) - ck.read(w) * ck.gap(premise.shows)
    need(not rest.terms, f"left over: {show(rest)}")


def vanishes(ck: Checker, goal: Node, premise: Line) -> None:
    """From |P - Q|^2 = 0, in any normal form, to P = Q."""
    need(premise.shows.head == goal.head == "eq" and goal.trees[0].shape, "equations are needed, of matrices the goal")
    need(premise.shows.trees[0].shape == (), "the premise must be an equation between numbers")
    square, shown = norm_squared(ck.gap(goal)), ck.gap(premise.shows)
    need(shown in (square, square.scale(-1)), f"the squared norm of the difference is {show(square)}")


def multilinear(ck: Checker, goal: Node, premise: Line, places: dict[str, Any]) -> None:
    """From an equation for outer products of arbitrary vectors to all matrices, as both sides are linear in each of these."""
    need(goal.head == premise.shows.head == "eq", "equations are needed")
    vectors = []
    for name, outer in places.items():
        need(all(degrees(side, name) == {1} for side in goal.trees), f"a side is not linear in {name}")
        ends = outer.trees if isinstance(outer, Node) and outer.head == "matmul" else ()
        need(len(ends) == 2 and ends[1].head == "transpose", f"{name} must be an outer product u v^T")
        vectors += [ends[0], ends[1].trees[0]]
    for v in vectors:
        shape = v.shape or ()
        own = v.head == "sym" and len(shape) == 2 and v.args[0] not in goal.free
        need(own and read(shape[1], ck.context) == ONE, f"{v} is no vector of its own")
        arbitrary(ck, v.args[0], [premise])
    need(len({v.args[0] for v in vectors}) == len(vectors), "the same vector twice")
    need(ck.same(premise.shows, substitute(goal, places)), "the premise is not the goal with these outer products")


def degrees(t: Node, name: str) -> set[int]:
    """The degrees of the terms of a tree in a matrix."""
    if name not in t.free:
        return {0}
    own = {"sum": 2, "sequences": 2, "expect": 0}.get(t.head)
    if own is not None:
        need(all(name not in x.free for x in t.trees if x is not t.trees[own]), f"{name} in an end or a law")
        return degrees(t.trees[own], name)
    if t.head in {"mul", "matmul", "inner"}:
        found = {0}
        for x in t.trees:
            found = {i + j for i in found for j in degrees(x, name)}
        return found
    need(t.head in {"sym", "add", "neg", "transpose", "trace"}, f"{t.head} may not be linear in {name}")
    return {1} if t.head == "sym" else set().union(*(degrees(x, name) for x in t.trees))


def congruence(ck: Checker, goal: Node, premise: Line, outer: Node) -> None:
    """From P positive semidefinite to Tr[M^T P M] >= 0; the goal may have more that is >= 0."""
    need(premise.shows.head == "psd" and goal.head != "eq", "the premise does not say that a matrix is positive semidefinite")
    p, m = ck.read(premise.shows.trees[0]), ck.read(outer)
    need(m.shape and p.shape[1] == m.shape[0], "the sizes of the factors do not fit")
    rest: Form = ck.gap(goal) - trace(m.T * p * m)
    concluded(ck, goal, rest)


def defined(ck: Checker, goal: Node) -> None:
    """The sizes fit for all admissible values, and every division and root is licensed."""
    need(goal.head == "defined", "the goal is not that something is defined")
    ck.read(goal.trees[0])


RULES = {
    "matrix_rules.multiplied": multiplied,
    "matrix_rules.scaled": scaled,
    "matrix_rules.vanishes": vanishes,
    "matrix_rules.multilinear": multilinear,
    "matrix_rules.defined": defined,
    "index_rules.congruence": congruence,
}
