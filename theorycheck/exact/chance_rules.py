"""Rules about expectations and probabilities over Gaussian layers; in proofs: `chance_rules as chance`.

A line about layers of which nothing is assumed holds for every outcome of random ones. Expectations are those of polynomials
(the normal form exists), so that they are finite.
"""

from __future__ import annotations

from dataclasses import replace

from theorycheck.exact.call import recorded
from theorycheck.exact.session import Checked, Rule, Session, Stuck, free_of, head_of, remainder, restrictions, sides
from theorycheck.fact import Proven
from theorycheck.tree import Node, free_names, num

OPPOSITE = {"le": "gt", "lt": "ge", "ge": "lt", "gt": "le"}


def _arbitrary(session: Session, names: frozenset[str], *lines: Proven) -> None:
    """Nothing is assumed of the layers of these names, in the domain or by the lines."""
    found = restrictions(session, set(names))
    if found:
        raise Stuck(f"the hypothesis {found[0].name} restricts {min(names)}, which must be arbitrary")
    if names & (session.context.symmetric | session.context.positive_families):
        raise Stuck(f"{min(names)} is declared to be more than a matrix")
    for name in names:
        free_of(name, lines)


def _law(session: Session, random: Node) -> tuple[frozenset[str], tuple[Node, ...]]:
    """The names and covariances of an expectation or probability over one family, whose variance is known to be >= 0."""
    names, covariances = frozenset(str(random.args[0]).split()), random.nodes[1:]
    if len(names) != 1 or session.context.sign(session.read(covariances[0])) is None:
        raise Stuck("the rule is about one family of layers, with a variance that is known to be >= 0")
    return names, covariances


@recorded
def averaged(line: Proven) -> Rule:
    """From f <= g for arbitrary layers W to E[f] <= E[g] (with = from an equation)."""

    def check(session: Session, goal: Node) -> Checked:
        low, high = sides(goal)
        if low.head != "expect" or high.head != "expect" or low.args[0] != high.args[0] or low.nodes[1:] != high.nodes[1:]:
            raise Stuck("the goal does not compare two expectations over the same layers")
        names, _ = _law(session, low)
        _arbitrary(session, names, line)
        if head_of(goal) != ("eq" if line.shows.head == "eq" else "le") or head_of(line.shows) not in {"eq", "le", "lt"}:
            raise Stuck("the line must be an equation for an equation, and an inequality for <=")
        u, v = sides(line.shows)
        gap = session.read(high.nodes[0]) - session.read(low.nodes[0]) - (session.read(v) - session.read(u))
        if not gap.is_zero:
            raise Stuck(f"left over: {remainder(gap)}")
        session.read(low - high)  # refuses what is no polynomial
        return Checked("it holds for every outcome")

    return Rule("averaged", check, (line,))


@recorded
def markov(least: Proven | None = None) -> Rule:
    """goal `P[f >= t] <= E[f] / t` for f >= 0 (a known sign, or the line `least`) and t > 0 (Markov's inequality)."""

    lines = (least,) if least else ()

    def check(session: Session, goal: Node) -> Checked:
        low, high = sides(goal)
        if low.head != "prob" or head_of(goal) != "le" or low.nodes[0].head not in {"ge", "gt"}:
            raise Stuck("the goal is not a bound of P[f >= t]")
        names, covariances = _law(session, low)
        _arbitrary(session, names, *lines)
        f, t = low.nodes[0].nodes
        if names & free_names(t) or session.context.sign(session.read(t)) != "positive":
            raise Stuck("the threshold is not known to be a positive number")
        known = least is not None and least.shows in (Node("ge", (f, num(0)), None), Node("le", (num(0), f), None))
        if not known and session.context.sign(session.read(f)) is None:
            raise Stuck("it is not known that f >= 0")
        mean = Node("expect", (low.args[0], f, *covariances), ())
        gap = session.read(high) - session.read(mean / t)
        if not gap.is_zero:
            raise Stuck(f"left over: {remainder(gap)}")
        return Checked("Markov's inequality")

    return Rule("Markov's inequality", check, lines)


@recorded
def paley_zygmund(mean: Proven, square: Proven, level: Proven) -> Rule:
    """From E[f] >= a, E[f^2] <= b and t <= c, where 0 <= c <= a and b > 0, to P[f > t] >= (a - c)^2 / b.

    E[f] <= c + E[f; f > c], as c >= 0, and the last term is at most sqrt(E[f^2] P[f > c]) (Paley and Zygmund).
    """

    def check(session: Session, goal: Node) -> Checked:
        low, high = sides(goal)
        if high.head != "prob" or head_of(goal) != "le" or high.nodes[0].head != "gt":
            raise Stuck("the goal is not a lower bound of P[f > t]")
        names, covariances = _law(session, high)
        _arbitrary(session, names, mean, square, level)
        f, t = high.nodes[0].nodes
        (a, one), (two, b), (there, c) = (sides(line.shows) for line in (mean, square, level))
        heads = [head_of(line.shows) for line in (mean, square, level)]
        if heads != ["le"] * 3 or t != there or names & (free_names(a) | free_names(b) | free_names(c)):
            raise Stuck("the lines are not E[f] >= a, E[f^2] <= b and t <= c with numbers a, b, c")
        for shown, body in ((one, f), (two, f * f)):
            if not (session.read(shown) - session.read(Node("expect", (high.args[0], body, *covariances), ()))).is_zero:
                raise Stuck("a line is about the mean of something else")
        if any(session.context.sign(session.read(x)) is None for x in (c, a - c)):
            raise Stuck("it is not known that 0 <= c <= a")
        if session.context.sign(session.read(b)) != "positive":
            raise Stuck("it is not known that b > 0")
        gap = session.read((a - c) ** 2 / b) - session.read(low)
        if session.context.sign(gap) is None:
            raise Stuck(f"not known to be >= 0: {remainder(gap)}")
        return Checked("the inequality of Paley and Zygmund")

    return Rule("Paley and Zygmund", check, (mean, square, level))


@recorded
def complement() -> Rule:
    """goal `P[a <= b] = 1 - P[a > b]`, for any order relation and its opposite."""

    def check(session: Session, goal: Node) -> Checked:
        left, right = goal.nodes if goal.head == "eq" else (goal, goal)
        if left.head != "prob" or left.nodes[0].head not in OPPOSITE:
            raise Stuck("the goal is not an equation for the probability of an order relation")
        _law(session, left)
        event = Node(OPPOSITE[left.nodes[0].head], left.nodes[0].args, None)
        other = Node("prob", (left.args[0], event, *left.nodes[1:]), ())
        if not (session.read(right) - session.read(1 - other)).is_zero:
            raise Stuck("the right side is not 1 minus the probability of the opposite")
        return Checked("probability of the complement")

    return Rule("complement", check)


@recorded
def implied(line: Proven) -> Rule:
    """From event B under the assumption A, for arbitrary layers W, to P[A] <= P[B] (B may be for all values of a matrix)."""

    def check(session: Session, goal: Node) -> Checked:
        low, high = sides(goal)
        if low.head != "prob" or high.head != "prob" or low.args[0] != high.args[0] or low.nodes[1:] != high.nodes[1:]:
            raise Stuck("the goal does not compare two probabilities over the same layers")
        names, _ = _law(session, low)
        first, second = low.nodes[0], high.nodes[0]
        if second.head == "every":
            own = str(second.nodes[0].args[0])
            if own in free_names(first):
                raise Stuck(f"the assumption is about {own} as well")
            names, second = names | {own}, second.nodes[1]
        if first not in line.assumes or line.shows != second:
            raise Stuck("the line does not show the second event under the first one")
        if head_of(goal) != "le":
            raise Stuck("the goal is not <=")
        _arbitrary(session, names, replace(line, assumes=line.assumes - {first}))
        return Checked("the first event implies the second", discharges=frozenset({first}))

    return Rule("implied event", check, (line,))
