"""Small rules of logic and order: assumptions shown, members of conjunctions, squares, balls; `basic_rules as basic`."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from dataclasses import replace
from typing import Any

from theorycheck.exact.call import recorded
from theorycheck.exact.session import Checked, Rule, Session, Stuck, head_of, remainder, same_relation, sides, with_conditions
from theorycheck.fact import Proven
from theorycheck.tree import Lt, Node, norm


def need(condition: bool, message: str) -> None:
    """Stuck with the message unless the condition holds."""
    if not condition:
        raise Stuck(message)


def says(session: Session, line: Node, low: Node, high: Node, known: Iterable[Node]) -> bool:
    """Whether the relation `line` gives low <= high: the gap high - low is at least the one of the line."""
    if head_of(line) not in {"le", "lt", "eq"}:
        return False
    extra = list(known)
    u, v = (session.read(s, (), extra) for s in sides(line))
    gap = session.read(high, (), extra) - session.read(low, (), extra) - (v - u)
    return with_conditions(session.context, extra).sign(gap) is not None


@recorded
def cut(line: Proven, *shown: Proven) -> Rule:
    """The line again, with those of its assumptions discharged that earlier lines show."""

    def check(session: Session, goal: Node) -> Checked:
        gone = frozenset(p.shows for p in shown)
        need(goal == line.shows, "the goal is not the line itself")
        need(gone <= line.assumes, "the line does not assume what is shown")
        need(not any(gone & p.assumes for p in shown), "what is shown rests on itself")
        return Checked(discharges=gone)

    return Rule("assumption shown", check, (line, *shown))


@recorded
def knowing(rule: Rule, *shown: Proven) -> Rule:
    """A rule with earlier lines among its hypotheses, such as a sign that licenses a division: `under`, and `cut` at once."""

    def check(session: Session, goal: Node) -> Checked:
        gone = frozenset(p.shows for p in shown)
        need(not any(gone & p.assumes for p in shown), "what is shown rests on itself")
        with session.assuming(tuple(p.shows for p in shown)):
            checked = rule.check(session, goal)
        kept = frozenset().union(*(p.assumes for p in shown))
        return replace(checked, discharges=(checked.discharges - kept) | gone)

    return Rule(rule.name, check, (*rule.premises, *shown))


@recorded
def part(whole: Proven) -> Rule:
    """A part of a conjunction."""

    def check(session: Session, goal: Node) -> Checked:
        need(whole.shows.head == "and" and goal in whole.shows.nodes, "the goal is not a part of the conjunction")
        return Checked()

    return Rule("part of a conjunction", check, (whole,))


def each(trees: Iterable[Node], rules: Iterable[Rule]) -> Generator[Any, Any, list[Proven]]:
    """Lines of a derivation, each tree by its rule; it returns them."""
    found = []
    for tree, rule in zip(trees, rules, strict=True):
        line = yield tree, rule
        found.append(line)
    return found


def parts(whole: Proven) -> Generator[Any, Any, list[Proven]]:
    """The parts of a conjunction as lines of a derivation."""
    return (yield from each(whole.shows.nodes, [part(whole)] * len(whole.shows.nodes)))


@recorded
def by_squares(premise: Proven) -> Rule:
    """From a^2 <= b^2 with b >= 0 to a <= b."""

    def check(session: Session, goal: Node) -> Checked:
        low, high = sides(goal)
        need(goal.head in {"le", "ge"}, "the goal is not a <= b")
        need(session.context.sign(session.read(high)) is not None, "the bound is not known to be >= 0")
        need(says(session, premise.shows, low**2, high**2, ()), "the premise is not a^2 <= b^2")
        return Checked()

    return Rule("compared by squares", check, (premise,))


@recorded
def within_absolute() -> Rule:
    """goal: a <= c, where |a| <= c is known."""

    def check(session: Session, goal: Node) -> Checked:
        low, high = sides(goal)
        need(head_of(goal) == "le", "the goal is not a <= c")
        gap = session.read(high) - session.read(Node("abs", (low,)))
        need(session.context.sign(gap) is not None, f"not known to be >= 0: {remainder(gap)}")
        return Checked("a number is at most its absolute value")

    return Rule("absolute value", check)


@recorded
def divided(premise: Proven, factor: Node) -> Rule:
    """From u w <= v w with w > 0 to u <= v."""

    def check(session: Session, goal: Node) -> Checked:
        low, high = sides(goal)
        need(head_of(goal) in {"le", "lt"} and head_of(premise.shows) in {"le", "lt"}, "the lines are not inequalities")
        need(head_of(goal) == "le" or head_of(premise.shows) == "lt", "a strict inequality does not follow from <=")
        w = session.read(factor)
        need(session.context.sign(w) == "positive", f"the factor is not known to be positive: {remainder(w)}")
        u, v = (session.read(side) for side in sides(premise.shows))
        rest = w * (session.read(high) - session.read(low)) - (v - u)
        need(rest.is_zero, f"left over: {remainder(rest)}")
        return Checked("both sides divided by the same number > 0")

    return Rule("divided by a number > 0", check, (premise,))


@recorded
def minimum_below() -> Rule:
    """goal: min(a, b) <= c, where a <= c or b <= c is known."""

    def check(session: Session, goal: Node) -> Checked:
        low, high = sides(goal)
        need(head_of(goal) == "le" and low.head == "min", "the goal is not min(a, b) <= c")
        gaps = [session.read(high) - session.read(part) for part in low.nodes]
        need(any(session.context.sign(gap) is not None for gap in gaps), "neither a <= c nor b <= c is known")
        return Checked("a minimum is at most each of the two")

    return Rule("minimum", check)


@recorded
def minimum_above(one: Proven, other: Proven) -> Rule:
    """From c <= a and c <= b to c <= min(a, b)."""

    def check(session: Session, goal: Node) -> Checked:
        low, high = sides(goal)
        need(head_of(goal) == "le" and high.head == "min", "the goal is not c <= min(a, b)")
        for line, part in zip((one, other), high.nodes, strict=True):
            need(says(session, line.shows, low, part, ()), f"{line.label} does not bound its part of the minimum")
        return Checked("a minimum is one of the two")

    return Rule("minimum", check, (one, other))


@recorded
def contrary(premise: Proven) -> Rule:
    """From b < a to not(a <= b), and from b <= a to not(a < b)."""

    def check(session: Session, goal: Node) -> Checked:
        need(goal.head == "not", "the goal is not a negation")
        low, high = sides(goal.nodes[0])
        opposite = {"le": "lt", "lt": "le"}.get(head_of(goal.nodes[0]), "")
        shown = head_of(premise.shows) == opposite or (opposite == "le" and head_of(premise.shows) == "lt")
        need(shown and not premise.assumes, "the premise is not the opposite of what the goal denies")
        need(says(session, premise.shows, high, low, ()), "the premise is not the opposite of what the goal denies")
        return Checked("the opposite holds")

    return Rule("the opposite", check, (premise,))


@recorded
def distinct(premise: Proven) -> Rule:
    """From f(b) < f(a) to |a - b|^2 > 0: a function has one value at one point."""

    def check(session: Session, goal: Node) -> Checked:
        low, high = sides(premise.shows)
        need(head_of(premise.shows) == "lt" and low.head == high.head == "app", "the premise is not f(b) < f(a)")
        need(low.args[0] == high.args[0], "the premise compares two functions")
        a, b = high.nodes[0], low.nodes[0]
        need(same_relation(session, goal, Lt(0, norm(a - b) ** 2)), "this gives |a - b|^2 > 0")
        return Checked()

    return Rule("different values at different points", check, (premise,))


@recorded
def in_ball(premise: Proven) -> Rule:
    """From |x - c| <= r to x in the closed ball B(c, r)."""

    def check(session: Session, goal: Node) -> Checked:
        need(goal.head == "member", "the goal does not say that a point lies in a ball")
        x, centre, radius = goal.nodes
        need(says(session, premise.shows, norm(x - centre), radius, ()), "the premise does not bound the distance by r")
        return Checked()

    return Rule("definition of the ball", check, (premise,))


@recorded
def of_ball(member: Proven) -> Rule:
    """From x in the closed ball B(c, r), r >= 0, to |x - c| <= r."""

    def check(session: Session, goal: Node) -> Checked:
        need(member.shows.head == "member", "the premise does not say that a point lies in a ball")
        x, centre, radius = member.shows.nodes
        need(session.context.sign(session.read(radius)) is not None, "the radius is not known to be >= 0")
        need(same_relation(session, goal, Node("le", (norm(x - centre), radius), None)), "this gives |x - c| <= r")
        return Checked()

    return Rule("definition of the ball", check, (member,))
