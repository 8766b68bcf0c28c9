"""Rules for one-sided limits v -> 0+ of an explicit expression plus things that do not move: `squeezed`, `moved`, `diverges`.

An explicit expression is a normal form in which v occurs in powers, in logarithms of v, and in sums that have a limit. Every
hypothesis about v must hold for all small v > 0, so that a line shown under it holds on the way to the limit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from theorycheck.exact.call import recorded
from theorycheck.exact.context import Context
from theorycheck.exact.form import Atom, Form, atom, combine, const, logarithm, power, thaw
from theorycheck.exact.form_values import nonzero_at
from theorycheck.exact.integral_rules import occurs
from theorycheck.exact.rules import Equation, clear, facts_of
from theorycheck.exact.session import Checked, Rule, Session, Stuck, head_of, remainder, restrictions, sides
from theorycheck.fact import Fact, Proven
from theorycheck.tree import Node, Not, num

Gauge = tuple[Form, int]  # v^e * log(v)^m


def limit(x: Form, v: Node, ctx: Context) -> Form:
    """The limit of a form as v -> 0+; Stuck where it has none or none is known."""
    finite, infinite = parts(x, v, ctx)
    if infinite:
        raise Stuck(f"it is not known to have a limit as {v} -> 0: {remainder(combine([c for _, c in infinite], ()))}")
    return finite


def parts(x: Form, v: Node, ctx: Context) -> tuple[Form, list[tuple[Gauge, Form]]]:
    """The limit of the terms that have one, and the terms that tend to infinity as (gauge, coefficient), gauges distinct."""
    finite: list[Form] = []
    infinite: list[tuple[Gauge, Form]] = []
    rough: list[Gauge] = []  # of terms that are known to leading order only, so that nothing is known where these cancel
    for term, c in x.terms.items():
        binders, factors, word = term
        if not occurs((binders, factors, word), str(v.args[0])):
            finite.append(Form({term: c}))
            continue
        if binders or word:
            raise Stuck(f"no limit is known of {remainder(Form({term: c}))}")
        e, logs, rest, exact = _gauge(Form({term: c}), v, ctx)
        if ctx.sign(e) == "positive":
            continue  # v^e log(v)^m -> 0 and the rest has a limit
        if e.is_zero and logs == 0:
            finite.append(rest)
        elif ctx.sign(e.scale(-1)) == "positive" or (e.is_zero and logs > 0):
            _collect(infinite, (e, logs), rest)
            rough += [] if exact else [(e, logs)]
        else:
            raise Stuck(f"the exponent {remainder(e)} of {v} has no known sign")
    if any(c.is_zero and logs == m and (e - f).is_zero for (e, logs), c in infinite for f, m in rough):
        raise Stuck(f"terms that tend to infinity cancel to leading order only as {v} -> 0")
    return combine(finite, ()), [(g, c) for g, c in infinite if not c.is_zero]


def _collect(infinite: list[tuple[Gauge, Form]], gauge: Gauge, c: Form) -> None:
    for k, ((e, logs), old) in enumerate(infinite):
        if logs == gauge[1] and (e - gauge[0]).is_zero:
            infinite[k] = ((e, logs), old + c)
            return
    infinite.append((gauge, c))


def _gauge(x: Form, v: Node, ctx: Context) -> tuple[Form, int, Form, bool]:
    """A term as v^e log(v)^m times something with a limit: (e, m, that limit, whether it is the limit itself)."""
    ((term, c),) = x.terms.items()
    e, logs, rest, exact = const(0), 0, const(c), True
    for a, exponent in term[1]:
        k = thaw(exponent)
        if occurs(k, str(v.args[0])):
            raise Stuck(f"{v} in an exponent")
        n = k.constant()
        if a == v:
            e = k
        elif a == ("log", v) and n is not None and n.denom() == 1 and n > 0:
            logs = int(n)
        elif not occurs(a, str(v.args[0])):
            rest = rest * atom(a, k)
        else:
            rest, exact = rest * power(_limit_of_atom(a, v, ctx), k, ctx.sign, ctx.nonzero), False
    return e, logs, rest, exact


def _limit_of_atom(a: Atom, v: Node, ctx: Context) -> Form:
    if isinstance(a, tuple) and a[0] == "poly":
        return limit(thaw(a[1]), v, ctx)
    if isinstance(a, tuple) and a[0] == "log" and isinstance(a[1], tuple) and a[1][0] == "poly":
        return logarithm(limit(thaw(a[1][1]), v, ctx), ctx.sign)
    raise Stuck(f"no limit is known of the part {a[0] if isinstance(a, tuple) else a} that mentions {v}")


def near_zero(session: Session, v: Node, lines: Sequence[Proven] = ()) -> None:
    """Every hypothesis about v is v > 0, or a strict inequality that holds in the limit too, hence for all small v."""
    if any(line.assumes for line in lines):
        raise Stuck("a premise rests on an assumption")
    for f in restrictions(session, {str(v.args[0])}):
        if f.variables or f.given or head_of(f.shows) != "lt":
            raise Stuck(f"the hypothesis {f.name} need not hold for small {v}")
        low, high = sides(f.shows)
        if (low, high) == (num(0), v):
            continue
        if session.context.sign(limit(session.read(high) - session.read(low), v, session.context)) != "positive":
            raise Stuck(f"the hypothesis {f.name} is not known to hold for small {v}")


def limit_parts(session: Session, goal: Node) -> tuple[Node, Node, Node]:
    """(body, v, value) of a limit v -> 0+ whose value is free of v."""
    if goal.head != "converges":
        raise Stuck(f"a limit is needed, not {goal.head}")
    body, v, point, value = goal.nodes
    if v.head != "sym" or point != num(0):
        raise Stuck("the rule is about limits v -> 0+")
    if occurs(session.read(value), str(v.args[0])):
        raise Stuck(f"the value of the limit mentions {v}")
    return body, v, value


@recorded
def squeezed(low: Proven, high: Proven, *using: Equation) -> Rule:
    """From g <= body - value <= G (in any arrangement) with explicit g, G -> 0, the limit of the body is the value."""

    def check(session: Session, goal: Node) -> Checked:
        body, v, value = limit_parts(session, goal)
        facts, names = facts_of(session, using)
        near_zero(session, v, (low, high))
        gap = session.read(body, facts) - session.read(value, facts)
        for line, way in ((low, 1), (high, -1)):
            if line.shows.head == "eq":
                raise Stuck("the premises are inequalities")
            u, w = (session.read(side, facts) for side in sides(line.shows))
            bound = gap - (w - u).scale(way)  # g for the lower premise, G for the upper one
            left = limit(bound, v, session.context)
            if not clear(left, session).is_zero:
                raise Stuck(f"the bound tends to {remainder(left)}, not to 0")
        return Checked("both bounds tend to 0", uses=names)

    return Rule("squeeze", check, (low, high))


@recorded
def equal(exact: Proven, *using: Equation) -> Rule:
    """From an equation that turns the body into an explicit expression: its limit is the value."""

    def check(session: Session, goal: Node) -> Checked:
        body, v, value = limit_parts(session, goal)
        facts, names = facts_of(session, using)
        near_zero(session, v, (exact,))
        if exact.shows.head != "eq":
            raise Stuck("the premise is an equation")
        left, right = (session.read(side, facts) for side in exact.shows.nodes)
        rest = session.read(body, facts) - left + right - session.read(value, facts)
        found = limit(rest, v, session.context)
        if not clear(found, session).is_zero:
            raise Stuck(f"body - value tends to {remainder(found)}")
        return Checked("body - value is explicit and tends to 0", uses=names)

    return Rule("limit of an explicit expression", check, (exact,))


@recorded
def moved(premise: Proven, *using: Equation) -> Rule:
    """From body -> value to body + h -> value + lim h, for an explicit h that has a limit."""

    def check(session: Session, goal: Node) -> Checked:
        facts, names = facts_of(session, using)
        difference, v, shift = _difference(session, premise, goal, facts)
        left = limit(difference, v, session.context) - shift
        if not clear(left, session).is_zero:
            raise Stuck(f"the limits differ by {remainder(left)}")
        return Checked("the difference has that limit", uses=names)

    return Rule("limit of a sum", check, (premise,))


@recorded
def diverges(premise: Proven, *using: Equation, apart: Proven | None = None, at: Mapping[str, Any] | None = None) -> Rule:
    """goal `not(body -> value)`: body differs from one that converges by k v^e (or k v^e log^m v) -> infinity with k != 0, and
    terms that have a limit; or it has another limit.

    k != 0 must follow from signs, or `apart` shows an inequality `u < w` (or w < u) with w - u a known positive multiple of k,
    or k has a value other than 0 at an admissible instance `at` (k is free of v, and one instance refutes the goal).
    What is shown does not depend on the value: where k v^e is unbounded the body has no finite limit at all.
    """

    def check(session: Session, goal: Node) -> Checked:
        if goal.head != "not":
            raise Stuck("the rule shows that a limit does not hold")
        facts, names = facts_of(session, using)
        difference, v, shift = _difference(session, premise, goal.nodes[0], facts)
        finite, infinite = parts(difference, v, session.context)
        k = _dominant(infinite, session.context) if infinite else finite - shift
        if not (_nonzero(session, k, apart, facts) or (at is not None and nonzero_at(session, k, at))):
            raise Stuck(f"it is not known to be nonzero: {remainder(k)}")
        return Checked(f"differs by {remainder(k)}" + (" times a term that tends to infinity" if infinite else ""), uses=names)

    return Rule("no such limit", check, (premise, apart) if apart else (premise,))


def _dominant(infinite: list[tuple[Gauge, Form]], ctx: Context) -> Form:
    """The coefficient of the term v^e log(v)^m that outgrows all others as v -> 0+."""
    for (e, logs), k in infinite:
        others = [(f - e, m) for (f, m), _ in infinite if not ((f - e).is_zero and m == logs)]
        if all(ctx.sign(gap) == "positive" or (gap.is_zero and m < logs) for gap, m in others):
            return k
    raise Stuck("several terms tend to infinity, and which of them outgrows the others is not known")


def _difference(session: Session, premise: Proven, goal: Node, facts: Sequence[Fact | Proven]) -> tuple[Form, Node, Form]:
    body, v, value = limit_parts(session, goal)
    start, w, known = limit_parts(session, premise.shows)
    if w != v:
        raise Stuck("the two limits are in different symbols")
    near_zero(session, v, (premise,))
    shift = session.read(value, facts) - session.read(known, facts)
    return session.read(body, facts) - session.read(start, facts), v, shift


def _nonzero(session: Session, k: Form, apart: Proven | None, facts: Sequence[Fact | Proven]) -> bool:
    ctx = session.context
    if k.is_zero:
        return False
    if ctx.nonzero(k) or ctx.nonzero(clear(k, session)):
        return True
    if apart is None or head_of(apart.shows) != "lt" or apart.assumes:
        return False
    u, w = (session.read(side, facts) for side in sides(apart.shows))
    gap = w - u
    for t, c in k.terms.items():
        for s, d in gap.terms.items():
            ratio = Form({t: c}) * power(Form({s: d}), const(-1), ctx.sign, lambda _: True, "positive")
            if clear(k - ratio * gap, session).is_zero and ctx.nonzero(ratio):
                return True
    return False


def settled(goal: Node, premise: Proven, session: Session, *using: Equation, apart: Proven | None = None) -> Node:
    """The goal, or its negation where `diverges` shows that: what a derivation should go for. The rules check it again."""
    try:
        diverges(premise, *using, apart=apart).check(session, Not(goal))
    except Stuck:
        return goal
    return Not(goal)
