"""Expectations and probabilities over one family of random layers, of a variance that is known to be >= 0.

A line about layers of which nothing is assumed holds for every outcome of random ones; only polynomials have expectations here
(others have no normal form), so that these are finite.
"""

from __future__ import annotations

from ..core import (
    OPERATIONS,
    ORDERS,
    Checker,
    Done,
    Line,
    Node,
    const,
    free_of,
    is_relation,
    law,
    mentioning,
    need,
    node,
    relation_head,
    show,
    sides,
)

OPPOSITE = {"le": "gt", "lt": "ge", "ge": "lt", "gt": "le"}
ONE, NOUGHT = (node("num", const(n).constant()) for n in (1, 0))


def family(ck: Checker, x: Node) -> str:
    """The name of the one family of layers of an expectation or a probability."""
    names, covariances = law(x, ck.context)
    need(len(names) == 1 and ck.sign(covariances[0]), "the rule is about one family, of a variance that is known to be >= 0")
    return str(names[0])


def arbitrary(ck: Checker, name: str, lines: list[Line]) -> None:
    """Nothing is assumed of the layers or the matrix of this name."""
    known = mentioning(ck, name) or name in ck.context.definite | ck.context.families | ck.context.integers
    need(not known, f"more is known of {name}, which must be arbitrary")
    free_of(name, lines)


def over(x: Node, content: Node, head: str | None = None) -> Node:
    """The expectation or probability of something else over the same layers."""
    return node(head or x.head, x.args[0], content, *x.trees[1:])


def same_law(a: Node, b: Node) -> bool:
    return a.args[0] == b.args[0] and a.trees[1:] == b.trees[1:]


def averaged(ck: Checker, goal: Node, line: Line) -> None:
    """From f <= g for arbitrary layers to E[f] <= E[g] (with = from an equation)."""
    low, high = sides(goal)
    need(low.head == high.head == "expect" and same_law(low, high) and not low.shape, "no two expectations over one law")
    heads = relation_head(goal), relation_head(line.shows)
    need(heads in {("eq", "eq"), ("le", "eq"), ("le", "le"), ("le", "lt")}, "E[f] <= E[g] from f <= g, = from =")
    arbitrary(ck, family(ck, low), [line])
    rest = ck.read(high.trees[0]) - ck.read(low.trees[0]) - ck.gap(line.shows)
    need(not rest.terms, f"left over: {show(rest)}")
    ck.gap(goal)


def markov(ck: Checker, goal: Node, least: Line | None = None) -> None:
    """P[f >= t] <= E[f] / t for f >= 0, by signs or a line, and a number t > 0."""
    low, high = sides(goal)
    need(relation_head(goal) == "le" and low.head == "prob" and low.trees[0].head in ORDERS, "the goal is not P[f >= t] <= c")
    name = family(ck, low)
    arbitrary(ck, name, [least] if least else [])
    t, f = sides(low.trees[0])
    need(name not in t.free and ck.sign(ck.read(t)) == 2, "the threshold is not known to be a number > 0")
    shown = least is not None and ck.same(least.shows, node("le", NOUGHT, f, shape=None))
    need(shown or ck.sign(ck.read(f)), "it is not known that f >= 0")
    rest = ck.read(high) - ck.read(node("div", over(low, f, "expect"), t))
    need(ck.sign(rest), f"the bound is not known to be at least E[f] / t: {show(rest)}")


def paley_zygmund(ck: Checker, goal: Node, mean: Line, square: Line, level: Line) -> None:
    """From E[f] >= a, E[f^2] <= b, t <= c, with 0 <= c <= a and b > 0, to P[f > t] >= (a - c)^2 / b: E[f] is at most
    c + E[f; f > c], and this is at most c + sqrt(E[f^2] P[f > c]) (Cauchy and Schwarz)."""
    low, high = sides(goal)
    event = high.trees[0] if high.head == "prob" else goal
    need(relation_head(goal) == "le" and relation_head(event) == "lt" and event is not goal, "the goal is not P[f > t] >= q")
    name = family(ck, high)
    arbitrary(ck, name, [mean, square, level])
    need(all(relation_head(p.shows) in {"le", "lt"} for p in (mean, square, level)), "the lines are no inequalities")
    t, f = sides(event)
    (a, first), (second, b), (there, c) = (sides(p.shows) for p in (mean, square, level))
    need(there is t and not any(name in x.free for x in (a, b, c)), "the lines are not about t, and numbers a, b, c")
    for shown, body in ((first, f), (second, node("mul", f, f))):
        need(ck.read(shown) == ck.read(over(high, body, "expect")), "a line is about the mean of something else")
    x, y, z = map(ck.read, (a, b, c))
    need(ck.sign(z) and ck.sign(x - z) and ck.sign(y) == 2, "it is not known that 0 <= c <= a and b > 0")
    gap = node("add", a, node("neg", c))
    rest = ck.read(node("div", node("mul", gap, gap), b)) - ck.read(low)
    need(ck.sign(rest), f"not known to be >= 0: {show(rest)}")


def opposite(x: Node) -> Node:
    need(x.head == "prob" and x.trees[0].head in OPPOSITE, "no probability of an order relation")
    return over(x, node(OPPOSITE[x.trees[0].head], *x.trees[0].trees, shape=None))


def complement(ck: Checker, goal: Node) -> None:
    """P[a <= b] = 1 - P[a > b], for any order relation and its opposite."""
    left, right = goal.trees if goal.head == "eq" else (goal, goal)
    other = opposite(left)
    family(ck, left)
    need(ck.read(right) == ck.read(node("add", ONE, node("neg", other))), "not 1 - the probability of the opposite")


def implied(ck: Checker, goal: Node, line: Line) -> Done:
    """From the event B under the assumption A, for arbitrary layers, to P[A] <= P[B]; B may be for all values of a matrix."""
    low, high = sides(goal)
    need(relation_head(goal) == "le" and low.head == high.head == "prob" and same_law(low, high), "no P[A] <= P[B] of one law")
    first, second = low.trees[0], high.trees[0]
    names = [family(ck, low), family(ck, high)]
    if second.head == "every":
        names.append(second.trees[0].args[0])
        second = second.trees[1]
        need(names[-1] not in first.free and names[-1] != names[0], "the assumption is about the matrix as well")
    need(line.shows is second, "the line does not show the second event")
    for name in names:
        arbitrary(ck, name, [Line(line.shows, line.assumes - {first}, line.number)])
    ck.gap(goal)
    return Done(drops=frozenset({first}))


def contrary(ck: Checker, goal: Node, premise: Line) -> None:
    """From b < a to not(a <= b), from b <= a to not(a < b)."""
    need(goal.head == "not" and goal.trees[0].head in ORDERS and is_relation(premise.shows), "no negation of an order relation")
    low, high = sides(goal.trees[0])
    wanted = OPPOSITE[relation_head(goal.trees[0])]
    need(wanted == "ge" or relation_head(premise.shows) == "lt", "the premise is not strict")
    b, a = sides(premise.shows)
    need(
        relation_head(premise.shows) in {"le", "lt"} and ck.read(low) - ck.read(high) == ck.read(a) - ck.read(b), "not opposite"
    )


RULES = {
    "chance_rules.averaged": averaged, "chance_rules.markov": markov, "chance_rules.paley_zygmund": paley_zygmund,
    "chance_rules.complement": complement, "chance_rules.implied": implied, "basic_rules.contrary": contrary,
}  # fmt: skip
OPERATIONS.update({"family": family, "arbitrary": arbitrary, "opposite": opposite, "same_law": same_law})
