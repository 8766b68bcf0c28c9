"""Separation of variables for scalar autonomous equations y' = f(y)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from theorycheck.exact.call import recorded
from theorycheck.exact.form import ONE
from theorycheck.exact.integral_rules import Interval, discharged, inside, interval
from theorycheck.exact.read import read
from theorycheck.exact.rules import Equation, clear, facts_of
from theorycheck.exact.session import Checked, Rule, Session, Stuck, head_of, remainder, sides, substitute_all
from theorycheck.fact import Proven
from theorycheck.tree import Ge, Node, free_names, num, sym
from theorycheck.tree.node import replace, walk


@recorded
def separated(ode: Proven, start: Equation, end: Equation, *licence: Proven) -> Rule:
    """Separation of variables: y' = f(y) with f > 0 on [y(0), y(T)], T >= 0, gives T = integral of dv / f(v) from y(0) to y(T).

    `ode` is the line `Dt y = f(y)` for a generic t >= 0; it may rest on assumptions about y that hold for every value in
    [y(0), y(T)]. `start` and `end` are equations y(0) = lo, y(T) = hi. Since y' > 0 wherever y is lo or hi, y goes up from lo,
    cannot come back, and is at hi only once; until then it stays in between, where t is an antiderivative of 1/f.
    """

    def check(session: Session, goal: Node) -> Checked:
        if goal.head != "eq" or ode.shows.head != "eq" or ode.shows.nodes[0].head != "Dt":
            raise Stuck("the goal is not T = an integral, or the equation is not Dt y = f(y)")
        moment, area = goal.nodes
        span = interval(session, area)
        y = ode.shows.nodes[0].nodes[0]
        _generic_time(session)
        if not session.holds(Ge(moment, 0)):
            raise Stuck("it is not known that T >= 0")
        facts, names = facts_of(session, (start, end))
        _ends(session, y, moment, span, facts)
        ctx = inside(session, span, licence)
        for a in ode.assumes:
            if not Session(session.hypotheses, ctx).follows(_at(a, y, span.name)):
                raise Stuck("an assumption of the equation is not known for the values in between")
        f, b = read(_at(ode.shows.nodes[1], y, span.name), ctx), read(area.nodes[2], ctx)
        if not clear(b * f - ONE, Session(session.hypotheses, ctx)).is_zero:
            raise Stuck(f"the integrand is not 1/f: {remainder(b * f - ONE)}")
        if ctx.sign(b) != "positive":
            raise Stuck(f"it is not known to be > 0 in between: {remainder(b)}")
        return Checked("dt = dv / f(v)", discharges=discharged([ode, *licence]), uses=names)

    lines = tuple(p for p in (start, end) if isinstance(p, Proven))
    return Rule("separation of variables", check, (ode, *lines, *licence))


def _generic_time(session: Session) -> None:
    for f in session.hypotheses:
        if "t" in free_names(f.shows) and "t" not in f.variables and not _time_from_zero(f.shows):
            raise Stuck(f"the hypothesis {f.name} narrows the time t")


def _time_from_zero(shows: Node) -> bool:
    return head_of(shows) == "le" and sides(shows)[1] == sym("t") and sides(shows)[0] == num(0)


def _ends(session: Session, y: Node, moment: Node, span: Interval, facts: Sequence[Any]) -> None:
    for fact, when, end in zip(facts, (num(0), moment), (span.lo, span.hi), strict=True):
        there = substitute_all(y, {"t": when})
        if fact.shows.head != "eq" or fact.shows.nodes[0] != there or not (session.read(fact.shows.nodes[1]) - end).is_zero:
            raise Stuck("an end of the interval is not the value of y there")


def _at(tree: Node, y: Node, name: str) -> Node:
    """The tree with y replaced by the variable; nothing else in it may depend on the time."""
    for path, node in list(walk(tree)):
        if node == y:
            return _at(replace(tree, path, sym(name)), y, name)
    if "t" in free_names(tree):
        raise Stuck("the right side of the equation depends on the time other than through y")
    return tree
