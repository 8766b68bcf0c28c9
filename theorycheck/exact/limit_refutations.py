"""Rules for negations `not(f -> y as v -> p)`: a limit is unique, so the limit of one body refutes others.

`differs` (same body, other value), `rescaled` (a multiple of the body) and `diverges` of `leading_rules.py` (the body plus an
explicit expression) start from a limit that was shown; `elsewhere` refutes a limit at a point p that is not the printed one.
A claim is about all instances, so one admissible instance at which it fails refutes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flint import arb, fmpq

from theorycheck.evaluate import Undefined, judge
from theorycheck.evaluate.judge import judge_or_no_value
from theorycheck.evaluate.numbers import Missing
from theorycheck.exact.call import recorded
from theorycheck.exact.form import Form, const, power
from theorycheck.exact.form_values import admissible, nonzero_at
from theorycheck.exact.leading_rules import limit_parts, near_zero, parts
from theorycheck.exact.rules import Equation, clear, facts_of
from theorycheck.exact.session import Checked, Rule, Session, Stuck, remainder
from theorycheck.fact import Proven
from theorycheck.tree import Node, free_names, num
from theorycheck.tree.text import text

Instance = Mapping[str, Any]
RADIUS = arb(10) ** -12  # of the neighbourhood of a point


@recorded
def differs(premise: Proven, instance: Instance) -> Rule:
    """goal `not(f -> y)`, from f -> x for all instances and an admissible instance at which x != y, or y has no value."""

    def check(session: Session, goal: Node) -> Checked:
        f, v, point, y = negated(goal)
        old, w, x = limit_parts(session, premise.shows)
        near_zero(session, v, (premise,))
        if point != num(0) or v != w or not (f == old or (session.read(f) - session.read(old)).is_zero):
            raise Stuck("the premise is not a limit of the same body")
        admissible(session, instance)
        found = judge_or_no_value(Node("eq", (x, y), None), instance)
        if found.holds is not False:
            raise Stuck(f"the two limits are not known to differ at the instance: {found.text}")
        return Checked(f"the two limits at an instance: {found.text}")

    return Rule("a limit is unique", check, (premise,))


def negated(goal: Node) -> tuple[Node, Node, Node, Node]:
    """(body, v, point, value) of a negated limit whose value is free of v."""
    if goal.head != "not" or goal.nodes[0].head != "converges":
        raise Stuck("the goal is not the negation of a limit")
    body, v, point, value = goal.nodes[0].nodes
    if v.head != "sym" or str(v.args[0]) in free_names(value):
        raise Stuck("the value of the limit depends on what moves")
    return body, v, point, value


@recorded
def rescaled(premise: Proven, *using: Equation, at: Instance | None = None) -> Rule:
    """goal `not(g -> y)`, from f -> x, where g = m f with an explicit m > 0 (or < 0): m -> mu and mu x != y, or m -> infinity
    and x != 0. `at` is an admissible instance at which that is decided where signs do not decide it."""

    def check(session: Session, goal: Node) -> Checked:
        negated(goal)
        facts, names = facts_of(session, using)
        body, v, value = limit_parts(session, goal.nodes[0])
        start, w, known = limit_parts(session, premise.shows)
        if w != v:
            raise Stuck("the two limits are in different symbols")
        near_zero(session, v, (premise,))
        m = _quotient(session, session.read(body, facts), session.read(start, facts))
        finite, infinite = parts(m, v, session.context)
        x, y = session.read(known, facts), session.read(value, facts)
        k = x if infinite else finite * x - y
        if not (session.context.nonzero(clear(k, session)) or (at and nonzero_at(session, k, at))):
            raise Stuck(f"it is not known to be nonzero: {remainder(k)}")
        end = "tends to infinity" if infinite else f"tends to {remainder(finite)}"
        return Checked(f"{remainder(m)} times that, which {end}; nonzero: {remainder(k)}", uses=names)

    return Rule("limit of a multiple", check, (premise,))


def _quotient(session: Session, g: Form, f: Form) -> Form:
    """m with g = m f, one term of known sign (so that all it divides by is nonzero)."""
    ctx = session.context
    for s, c in g.terms.items():
        for t, d in f.terms.items():
            m = Form({s: c}) * power(Form({t: d}), const(-1), ctx.sign, lambda _: True, "positive")
            licensed = "positive" in {ctx.sign(m), ctx.sign(m.scale(-1))}
            if licensed and clear(g - m * f, session).is_zero:
                return m
    raise Stuck("the body is not an explicit multiple of that of the premise")


@recorded
def elsewhere(instance: Instance) -> Rule:
    """goal `not(f -> y as v -> p)` for a number p, at the parameters of an admissible instance: either no admissible v comes
    near p, so that there is no such limit, or f stays away from y for all v near p. Both are decided in balls."""

    def check(session: Session, goal: Node) -> Checked:
        f, v, point, y = negated(goal)
        if point.head != "num":
            raise Stuck("the point is not a number")
        admissible(session, instance)
        middle = fmpq(point.args[0].numerator, point.args[0].denominator)  # type: ignore[union-attr]
        near = {**instance, str(v.args[0]): arb(middle, RADIUS)}
        for h in session.hypotheses:
            if not h.variables and not h.given and h.test is None and _holds(h.shows, near) is False:
                return Checked(f"no admissible {text(v)} comes near {text(point)}: {h.name}")
        if _holds(Node("eq", (f, y), None), near) is not False:
            raise Stuck(f"the body is not known to stay away from the value near {text(point)}")
        return Checked(f"{text(f)} stays away from {text(y)} for all {text(v)} near {text(point)}, at an instance")

    return Rule("no limit there", check)


def _holds(relation: Node, env: Instance) -> bool | None:
    try:
        return judge(relation, env).holds
    except (Undefined, Missing):
        return None
