"""The length of a path as the integral of its speed: of Dt x = -grad f(x) this is |grad f(x(s))|, s from 0 to t."""

from __future__ import annotations

from ..core import Checker, Line, Node, always, const, gives, mentioning, need, node, sides, substitute, walk

T, ZERO = node("sym", "t"), node("num", const(0).constant())


def at(x: Node, time: Node) -> Node:
    return substitute(x, {"t": time})


def is_length(ck: Checker, area: Node, x: Node, *others: Node) -> None:
    """The tree is the integral of |grad f(x(s))| over s from 0 to t, where s has no other meaning."""
    need(area.head == "integral" and area.trees[0] is ZERO and area.trees[1] is T, "it is no integral from 0 to t")
    s = str(area.args[0])
    need(s != "t" and not mentioning(ck, s) and not any(s in y.free for y in others), f"{s} has a meaning of its own")
    speed = node("norm", node("grad", x.args[1], at(x, node("sym", s))))
    need(area.trees[2] is speed, "the integrand is not the speed of this path")


def travelled(ck: Checker, goal: Node, premise: Line, V: Node, known: list[Line] = []) -> None:  # noqa: B006
    """From Dt V <= -|Dt x| at all times: the length until t is at most V(0) - V(t). Dt V is read, so V is differentiable."""
    always(ck, [premise, *known])
    need(V.shape == () and goal.head in {"le", "ge"}, "V is no number, or the goal no a <= b")
    more = ck.assuming([k.shows for k in known] + [at(k.shows, ZERO) for k in known])
    paths = [x for x in sorted(set(walk(premise.shows)), key=str) if x.head == "at" and x.trees[0] is T]
    right = [x for x in paths if gives(more, premise.shows, node("Dt", V), node("neg", node("norm", node("Dt", x))))]
    need(right, "the premise is not Dt V <= -|Dt x|")
    area, bound = sides(goal)
    is_length(ck, area, right[0], V, bound)
    rest = more.read(bound) - (more.read(at(V, ZERO)) - more.read(V))
    need(more.sign(rest), "the bound is not known to be at least V(0) - V(t)")


def at_rest(ck: Checker, goal: Node, still: Line) -> None:
    """From x(t) = x(0) at all times: the length is 0."""
    always(ck, [still])
    x = still.shows.trees[0]
    fixed = x.head == "at" and x.trees[0] is T and still.shows is node("eq", x, at(x, ZERO))
    need(fixed, "the premise is not x(t) = x(0)")
    need(goal.head == "eq" and goal.trees[1] is ZERO, "the goal is not that a length is 0")
    is_length(ck, goal.trees[0], x)


RULES = {"path_rules.travelled": travelled, "path_rules.at_rest": at_rest}
