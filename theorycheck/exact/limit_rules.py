"""Rules for limits v -> 0+ of powers s^v and of finite sums of them (that there is no such limit: `limit_refutations.py`).

Every line is about all v > 0: the domain may ask of v that it is positive and below a positive number, and nothing else.
"""

from __future__ import annotations

from theorycheck.exact import leading_rules
from theorycheck.exact.call import recorded
from theorycheck.exact.limit_refutations import differs as differs
from theorycheck.exact.rules import Equation, facts_of
from theorycheck.exact.session import Checked, Rule, Session, Stuck, head_of, remainder, restrictions, sides
from theorycheck.fact import Proven
from theorycheck.tree import Node, exp, free_names, num, total


@recorded
def power_to_one() -> Rule:
    """goal `s^v -> 1` as v -> 0+, for a positive number s that does not depend on v."""

    def check(session: Session, goal: Node) -> Checked:
        body, v, value = _parts(session, goal)
        if body.head != "pow" or body.nodes[1] != v or _name(v) in free_names(body.nodes[0]):
            raise Stuck(f"the body is not s^{_name(v)} with s free of {_name(v)}")
        s = session.read(body.nodes[0])
        if session.context.sign(s) != "positive":
            raise Stuck(f"{remainder(s)} is not known to be positive")
        if session.read(value).constant() != 1:
            raise Stuck("the limit of s^v is 1")
        return Checked("s^v = e^(v log s)")

    return Rule("limit of a power", check)


@recorded
def stays() -> Rule:
    """goal `c -> c` for a body that does not depend on v."""

    def check(session: Session, goal: Node) -> Checked:
        body, v, value = _parts(session, goal)
        if _name(v) in free_names(body) or not (session.read(body) - session.read(value)).is_zero:
            raise Stuck(f"the body depends on {_name(v)}, or is not the value")
        return Checked("it does not depend on " + _name(v))

    return Rule("limit of a constant", check)


@recorded
def summed(premise: Proven, index: Node) -> Rule:
    """From f(i) -> g(i) for an arbitrary index i to sum_i f(i) -> sum_i g(i), a finite sum whose ends do not depend on v.

    Nothing but a range may be assumed of i in the domain; the sum of the goal must lie in it.
    """

    def check(session: Session, goal: Node) -> Checked:
        body, v, value = _parts(session, goal)
        f, w, g = _parts(session, premise.shows)
        if v != w or premise.assumes:
            raise Stuck("the premise is about another symbol, or rests on an assumption")
        if body.head != "sum" or {_name(v), _name(index)} & (free_names(body.nodes[0]) | free_names(body.nodes[1])):
            raise Stuck(f"the body is not a sum with ends that are free of {_name(v)}")
        lo, hi = body.nodes[:2]
        for h in restrictions(session, {_name(index)}):
            ranged = (h.shows.head, *h.shows.nodes) in {("ge", index, lo), ("le", index, hi)}
            if h.variables or h.given or not ranged:
                raise Stuck(f"{h.name} is assumed of {_name(index)}; the terms must have the limit for every index")
        for side, term in ((body, f), (value, g)):
            if not (session.read(side) - session.read(total(index, lo, hi, term))).is_zero:
                raise Stuck("the goal is not the sum of the premise")
        return Checked("a finite sum")

    return Rule("limit of a finite sum", check, (premise,))


@recorded
def exponentiated(premise: Proven) -> Rule:
    """From f -> y to e^f -> e^y: the exponential is continuous. The goal says so in any normal form, v^v for e^(v log v)."""

    def check(session: Session, goal: Node) -> Checked:
        new, old = _parts(session, goal), _parts(session, premise.shows)
        if new[1] != old[1] or premise.assumes:
            raise Stuck("the premise is about another symbol, or rests on an assumption")
        for side, x in ((new[0], old[0]), (new[2], old[2])):
            rest = session.read(side) - session.read(exp(x))
            if not rest.is_zero:
                raise Stuck(f"left over: {remainder(rest)}")
        return Checked("the exponential is continuous")

    return Rule("limit of an exponential", check, (premise,))


@recorded
def rewritten(premise: Proven, *using: Equation) -> Rule:
    """The same limit with body and value exchanged for equal ones, by the equations of `using`."""

    def check(session: Session, goal: Node) -> Checked:
        facts, names = facts_of(session, using)
        new, old = _parts(session, goal), _parts(session, premise.shows)
        if new[1] != old[1]:
            raise Stuck("the two limits are in different symbols")
        if premise.assumes or any(isinstance(u, Proven) and u.assumes for u in using):
            raise Stuck("a premise rests on an assumption, which need not hold for all small values")
        for a, b in ((new[0], old[0]), (new[2], old[2])):
            rest = session.read(a, facts) - session.read(b, facts)
            if not rest.is_zero:
                raise Stuck(f"left over: {remainder(rest)}")
        return Checked("equal bodies, equal limits", uses=names)

    return Rule("limit of equal expressions", check, (premise, *(u for u in using if isinstance(u, Proven))))


def _name(v: Node) -> str:
    return str(v.args[0])


def _parts(session: Session, goal: Node) -> tuple[Node, Node, Node]:
    """(body, v, value) of a limit v -> 0+ whose value is free of v, in a domain that leaves all small v > 0 admissible."""
    body, v, value = leading_rules.limit_parts(session, goal)
    if _name(v) in free_names(value):
        raise Stuck(f"the value of the limit mentions {_name(v)}")
    for h in restrictions(session, {_name(v)}):
        if h.variables or h.given or not _small(session, h.shows, v):
            raise Stuck(f"the hypothesis {h.name} need not hold for small {_name(v)}")
    return body, v, value


def _small(session: Session, condition: Node, v: Node) -> bool:
    """v > 0, v >= 0, or v < c and v <= c with a number c > 0."""
    if head_of(condition) not in {"le", "lt"}:
        return False
    low, high = sides(condition)
    if high == v and low == num(0):
        return True
    c = session.read(high).constant()
    return low == v and c is not None and c > 0
