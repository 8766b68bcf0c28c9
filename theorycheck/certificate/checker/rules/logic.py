"""Logic: assumptions and their discharge, cases, conjunctions; balls; equal arguments of a function."""

from __future__ import annotations

from ..core import Call, Checker, Done, Line, Node, const, gives, need, node, relation_head, sides


def under(ck: Checker, goal: Node, conditions: list[Node], rule: Call) -> Done:
    """A rule under assumptions, which the line carries."""
    return Done(ck.assuming(conditions).apply(goal, rule.name, rule.args).adds | frozenset(conditions))


def knowing(ck: Checker, goal: Node, rule: Call, shown: list[Line]) -> Done:
    """A rule with earlier lines among its hypotheses."""
    shows = [p.shows for p in shown]
    return Done(ck.assuming(shows).apply(goal, rule.name, rule.args).adds - frozenset(shows))


def assumed(ck: Checker, goal: Node) -> Done:
    """The line itself, as an assumption."""
    return Done(adds=frozenset({goal}))


def cut(ck: Checker, goal: Node, line: Line, shown: list[Line]) -> Done:
    """The line again, without those of its assumptions that earlier lines show."""
    gone = frozenset(p.shows for p in shown)
    need(goal is line.shows, "the goal is not the line itself")
    need(not any(gone & p.assumes for p in shown), "what is shown rests on itself")
    return Done(drops=gone)


def either(ck: Checker, goal: Node, strict: Line, equal: Line, low: Node, high: Node) -> Done:
    """The same line in the cases low < high and low = high, where low <= high is known."""
    need(strict.shows is goal and equal.shows is goal, "both cases must show the goal itself")
    need(ck.holds(node("le", low, high, shape=None)), "it is not known that low <= high")
    less, same = node("lt", low, high, shape=None), node("eq", low, high, shape=None)
    need(same not in strict.assumes and less not in equal.assumes, "a case rests on the other one")
    return Done(drops=frozenset({less, same}))


def both(ck: Checker, goal: Node, parts: list[Line]) -> None:
    """A conjunction from its parts, in order."""
    need(goal.head == "and" and [p.shows for p in parts] == list(goal.trees), "the parts are not those of the conjunction")


def part(ck: Checker, goal: Node, whole: Line) -> None:
    need(whole.shows.head == "and" and goal in whole.shows.trees, "the goal is no part of the conjunction")


def distance(x: Node, centre: Node) -> Node:
    return node("norm", node("add", x, node("neg", centre)))


def in_ball(ck: Checker, goal: Node, premise: Line) -> None:
    """From |x - c| <= r to x in the closed ball B(c, r)."""
    need(goal.head == "member" and goal.trees[0].shape, "the goal does not say that a point lies in a ball")
    x, centre, radius = goal.trees
    need(gives(ck, premise.shows, distance(x, centre), radius), "the premise does not bound the distance by the radius")


def of_ball(ck: Checker, goal: Node, member: Line) -> None:
    """From x in the closed ball B(c, r), r >= 0, to |x - c| <= r."""
    need(member.shows.head == "member" and member.shows.trees[0].shape, "the premise does not say that a point lies in a ball")
    x, centre, radius = member.shows.trees
    need(ck.sign(ck.read(radius)), "the radius is not known to be >= 0")
    need(ck.same(goal, node("le", distance(x, centre), radius, shape=None)), "this gives |x - c| <= r")


def distinct(ck: Checker, goal: Node, premise: Line) -> None:
    """From f(b) < f(a) to |a - b|^2 > 0."""
    low, high = sides(premise.shows)
    need(relation_head(premise.shows) == "lt" and low.head == high.head == "app", "the premise is not f(b) < f(a)")
    need(low.args[0] == high.args[0] and low.trees[0].shape, "the premise compares two functions")
    square = node("pow", distance(high.trees[0], low.trees[0]), node("num", const(2).constant()))
    need(ck.same(goal, node("lt", node("num", const(0).constant()), square, shape=None)), "this gives |a - b|^2 > 0")


def applied(ck: Checker, goal: Node, premise: Line) -> None:
    """From P = Q to f(P) = f(Q), or to grad f(P) = grad f(Q)."""
    need(premise.shows.head == "eq" and goal.head == "eq", "the premise and the goal must be equations")
    left, right = goal.trees
    need(left.head == right.head and left.head in {"app", "grad"} and left.args[0] == right.args[0], "not one function")
    for side, x in zip(goal.trees, premise.shows.trees, strict=True):
        need(ck.read(side.trees[0]) == ck.read(x), "an argument is not the side of the premise")


RULES = {
    "fact_rules.under": under,
    "fact_rules.either": either,
    "fact_rules.both": both,
    "induction_rules.assumed": assumed,
    "homogeneous_rules.assumed": assumed,
    "basic_rules.knowing": knowing,
    "basic_rules.cut": cut,
    "basic_rules.part": part,
    "basic_rules.in_ball": in_ball,
    "basic_rules.of_ball": of_ball,
    "basic_rules.distinct": distinct,
    "function_rules.applied": applied,
}
