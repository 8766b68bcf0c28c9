"""Rules about gradient flows: Groenwall, length of a path, staying in a ball, limits; in proofs: `flow_rules as flows`.

A line that holds for a generic time t >= 0 holds for all times, so it may be integrated from 0 to t. That is so when nothing
singles out t: each rule refuses a premise that rests on a hypothesis or an assumption about t other than t >= 0, an instance
of a universal hypothesis, and `stays`. `stays(x(t), c, r)` says that x(s) lies in the closed ball B(c, r) for all s in [0, t]:
where it holds for t it holds for every earlier time, so lines that rest on it may be integrated as well.

The conventions of every domain are used: gradients are locally Lipschitz, so flows are unique and differentiable, and a flow
that stays bounded exists for all times.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from theorycheck.exact.basic_rules import need, says
from theorycheck.exact.call import recorded
from theorycheck.exact.context import Context
from theorycheck.exact.derivatives import time_rule
from theorycheck.exact.derive import constant
from theorycheck.exact.form import Atom, Form, Frozen, atom, shape_of, thaw
from theorycheck.exact.session import (
    Checked,
    Rule,
    Session,
    Stuck,
    head_of,
    remainder,
    same_relation,
    sides,
    substitute_all,
    with_conditions,
)
from theorycheck.fact import Fact, Proven
from theorycheck.tree import INFINITY, Converges, Dt, Ge, Lt, Member, Node, Number, as_node, exp, free_names, limit, norm, sym
from theorycheck.tree.node import substitute, walk

T = sym("t")


def stays(x: Node, centre: Node, radius: Node) -> Node:
    """For all s in [0, t], x(s) lies in the closed ball: to be assumed by `by.under`, and discharged by `continuation`."""
    return Node("stays", Member(x, centre, radius).args, None)


def end_of(x: Node) -> Node:
    """The limit of a path x(t) as t tends to infinity."""
    return limit(T, INFINITY, x)


# --- what may be integrated ----------------------------------------------------------------------------------------------
def _all_times(session: Session, premises: Sequence[Proven], until: bool) -> None:
    """Stuck unless the premises hold for all times t >= 0 (for all times up to t, with `until`: `stays` is admitted)."""
    if not session.follows(Ge(T, 0)):
        raise Stuck("it is not known that t >= 0")
    for f in session.hypotheses:
        if not (_harmless(session, f) or (until and _is_stays(f.shows))):
            raise Stuck(f"the hypothesis {f.name!r} singles out a time, so the premise may not hold at others")
    for p in premises:
        for a in p.assumes:
            if "t" in free_names(a) and not (until and _is_stays(a)):
                raise Stuck(f"{p.label} rests on an assumption about the time t")


def _harmless(session: Session, f: Fact) -> bool:
    names = frozenset().union(*(free_names(p) for p in (f.shows, *f.given))) - frozenset(f.variables)
    return "t" not in names or f.shows == Ge(T, 0) or any(_instance_of(f, h) for h in session.hypotheses)


def _instance_of(f: Fact, h: Fact) -> bool:
    """Whether f says no more than the universal hypothesis h does (of one variable, without conditions)."""
    if f.variables or f.given or len(h.variables) != 1 or h.given or "t" in free_names(h.shows):
        return False
    name = h.variables[0]
    shape = next((n.shape for _, n in walk(h.shows) if n.head == "sym" and n.args[0] == name), None)
    return any(n.shape == shape and substitute(h.shows, {name: n}) == f.shows for _, n in walk(f.shows))


def _is_stays(a: Node) -> bool:
    if a.head != "stays":
        return False
    x, centre, radius = a.nodes
    return _is_path(x) and "t" not in free_names(centre) | free_names(radius)


def _is_path(x: Node) -> bool:
    return x.head == "at" and x.nodes[0] == T


def _at_start(x: Node) -> Node:
    """The tree at t = 0; a derivative in t cannot be taken there by substitution."""
    if any(n.head == "Dt" for _, n in walk(x)):
        raise Stuck("the function contains a derivative in t, so its value at t = 0 cannot be substituted")
    return substitute_all(x, {"t": as_node(0)})


def _constant(x: Node, what: str) -> None:
    if "t" in free_names(x):
        raise Stuck(f"{what} depends on t")


def _smooth(x: Form, ctx: Context) -> None:
    """Stuck unless x is differentiable in t: what moves stands under natural powers, or is known not to vanish."""
    rule = time_rule(ctx)
    for _, factors, word in x.terms:
        for a, e in factors:
            if constant(a, rule, ctx) and constant(e, rule, ctx):
                continue
            _smooth_power(a, thaw(e), ctx)
            for inner in _forms_in((a, e)):
                _smooth(thaw(inner, shape_of(inner)), ctx)
        for inner in _forms_in(tuple(base for base, *_ in word)):
            _smooth(thaw(inner, shape_of(inner)), ctx)


def _smooth_power(a: Atom, e: Form, ctx: Context) -> None:
    n = e.constant()
    whole = n is not None and n.denom() == 1
    safe = ctx.nonzero(atom(a)) if whole else ctx.sign(atom(a)) == "positive"
    if not (safe or (whole and n is not None and n > 0)):
        raise Stuck(f"a power of {remainder(atom(a))}, which may vanish, need not be differentiable in t")
    if isinstance(a, tuple) and a[0] == "abs":
        raise Stuck("an absolute value need not be differentiable in t")


def _forms_in(a: Any) -> Iterator[Frozen]:
    """The forms that an atom or a letter is made of."""
    if isinstance(a, frozenset):
        yield a
    elif isinstance(a, tuple):
        for part in a:
            yield from _forms_in(part)


def _decrease(session: Session, premise: Proven, f: Node, bound: Node, known: Sequence[Proven], until: bool) -> list[Node]:
    """Check that `premise` says Dt f <= bound for all times and that f may be integrated; returns what is known of it."""
    _all_times(session, (premise, *known), until)
    shown = [k.shows for k in known]
    _smooth(session.read(f, (), shown), with_conditions(session.context, shown))
    need(says(session, premise.shows, Dt(f), bound, shown), "the premise does not bound the derivative of the function")
    return shown


# --- integration ---------------------------------------------------------------------------------------------------------
@recorded
def gronwall(premise: Proven, f: Node, rate: Node | Number, *known: Proven) -> Rule:
    """From Dt f <= -c f for all t >= 0, c constant: f(t) <= f(0) e^{-ct} (Groenwall; e^{ct} f decreases).

    `known` are lines about f that hold for all times, such as positivity under a root.
    """
    c = as_node(rate)

    def check(session: Session, goal: Node) -> Checked:
        _constant(c, "the rate")
        shown = _decrease(session, premise, f, -c * f, known, until=True)
        need(goal.head in {"le", "ge"}, "the goal is not of the form a <= b")
        low, high = sides(goal)
        start = _at_start(f)
        rest = session.read(high - low) - session.read(start * exp(-c * T) - f, (), shown)
        need(session.context.sign(rest) is not None, f"not known to be >= 0: {remainder(rest)}")
        return Checked("the derivative of e^(ct) f is <= 0")

    return Rule("Groenwall", check, (premise, *known))


@recorded
def path_length(premise: Proven, V: Node, *known: Proven) -> Rule:
    """From Dt V <= -|Dt x| for all t >= 0: |x(t) - x(0)| <= V(0) - V(t), since the distance is at most the length."""

    def check(session: Session, goal: Node) -> Checked:
        x = _path_in(premise.shows)
        _decrease(session, premise, V, -norm(Dt(x)), known, until=True)
        bound = Node("le", (norm(x - _at_start(x)), _at_start(V) - V), None)
        need(goal.head in {"le", "ge"} and says(session, bound, *sides(goal), [k.shows for k in known]), _other(bound))
        return Checked("the distance is at most the length of the path")

    return Rule("length of the path", check, (premise, *known))


@recorded
def diameter(premise: Proven, W: Node, *known: Proven) -> Rule:
    """From Dt W <= -|Dt x| for all t >= 0 and W >= 0: |x(t) - x(s)| <= W(0) for every time s >= 0.

    Between s and t the path has at most the length |W(s) - W(t)|, and both lie between 0 and W(0), as W decreases.
    """

    def check(session: Session, goal: Node) -> Checked:
        x = _path_in(premise.shows)
        shown = _decrease(session, premise, W, -norm(Dt(x)), known, until=False)
        ctx = with_conditions(session.context, shown)
        need(ctx.sign(session.read(W, (), shown)) is not None, "W is not known to be >= 0")
        times = {n.nodes[0] for _, n in walk(goal) if n.head == "at" and n.args[:2] == x.args[:2]} - {T}
        for s in times:
            bound = Node("le", (norm(x - substitute_all(x, {"t": s})), _at_start(W)), None)
            if session.follows(Ge(s, 0)) and goal.head in {"le", "ge"} and says(session, bound, *sides(goal), shown):
                return Checked("two points of the path are no further apart than its length")
        raise Stuck("the goal is not |x(t) - x(s)| <= W(0) with a time s >= 0")

    return Rule("diameter of the path", check, (premise, *known))


@recorded
def finite_length(premise: Proven, V: Node, *known: Proven) -> Rule:
    """From Dt V <= -|Dt x| for all t >= 0 and V >= 0: x(t) converges, and |x(t) - x*| <= V(t) (a Cauchy path).

    The goal is `x(t) -> lim x(t)` or the bound of the distance.
    """

    def check(session: Session, goal: Node) -> Checked:
        x = _path_in(premise.shows)
        shown = _decrease(session, premise, V, -norm(Dt(x)), known, until=False)
        ctx = with_conditions(session.context, shown)
        need(ctx.sign(session.read(V, (), shown)) is not None, "V is not known to be >= 0")
        if goal == Converges(x, T, INFINITY, end_of(x)):
            return Checked("the path has finite length")
        bound = Node("le", (norm(x - end_of(x)), V), None)
        need(goal.head in {"le", "ge"} and says(session, bound, *sides(goal), shown), _other(bound))
        return Checked("the rest of the path has length at most V(t)")

    return Rule("finite length", check, (premise, *known))


def _path_in(line: Node) -> Node:
    paths = {n for _, n in walk(line) if _is_path(n)}
    need(len(paths) == 1, "the premise is not about one path")
    return next(iter(paths))


def _other(bound: Node) -> str:
    from theorycheck.tree.text import text

    return f"this gives {text(bound)}"


# --- staying in a ball ---------------------------------------------------------------------------------------------------
@recorded
def inside() -> Rule:
    """x(t) is in the ball, where it is assumed that it stays there until t."""

    def check(session: Session, goal: Node) -> Checked:
        found = any(_is_stays(f.shows) and f.shows.args == goal.args for f in session.hypotheses)
        need(goal.head == "member" and found, "it is not assumed that the path stays in this ball")
        return Checked()

    return Rule("inside while it stays", check)


@recorded
def continuation(premise: Proven) -> Rule:
    """From stays(x(t), x(0), r) |- |x(t) - x(0)| < r to x(t) in the closed ball for all t >= 0.

    The times until which x stays form a closed interval that contains 0; at its end the strict inequality, by continuity,
    carries it on; and what stays bounded exists for all times.
    """

    def check(session: Session, goal: Node) -> Checked:
        need(goal.head == "member", "the goal does not say that x(t) lies in a ball")
        x, centre, radius = goal.nodes
        assumed = stays(x, centre, radius)
        need(_is_stays(assumed) and assumed in premise.assumes, "the premise does not assume that x stays in this ball")
        need((session.read(centre) - session.read(_at_start(x))).is_zero, "the centre is not the start of the path")
        need(session.context.sign(session.read(radius)) is not None, "the radius is not known to be >= 0")
        others = replace(premise, assumes=premise.assumes - {assumed})
        _all_times(session, (others,), until=False)
        strict = Lt(norm(x - centre), radius)
        need(same_relation(session, premise.shows, strict), "the premise is not |x(t) - x(0)| < r, strictly")
        return Checked("it cannot leave the ball first", discharges=frozenset({assumed}))

    return Rule("continuation", check, (premise,))


# --- uniqueness of the flow ----------------------------------------------------------------------------------------------
def _minimum(session: Session, name: str, goal: Node, x: Node) -> tuple[Node, Node]:
    """(least value m, C(x(0))) for a hypothesis `m <= C(y) for all y`, where x is a flow of the same C."""
    h = session.hypothesis(name)
    need(len(h.variables) == 1 and not h.given and head_of(h.shows) == "le", f"{name!r} is not of the form m <= C(y), all y")
    least, value = sides(h.shows)
    need(_is_path(x) and value.head == "app" and value.args[0] == x.args[1], "the path is not a flow of this function")
    point = value.nodes[0]
    need(point.head == "sym" and point.args[0] == h.variables[0], f"{name!r} is not about an arbitrary point")
    need(not free_names(least) & {"t", h.variables[0]}, "the least value is not a constant")
    need(point.shape == x.shape, "the path runs in another space")
    return least, Node("app", (value.args[0], _at_start(x)))


@recorded
def above(minimum: str) -> Rule:
    """From m < C(x(0)) to m < C(x(t)), where m <= C everywhere: a minimizer is an equilibrium, and flows are unique."""

    def check(session: Session, goal: Node) -> Checked:
        need(head_of(goal) == "lt", "the goal is not m < C(x(t))")
        value = sides(goal)[1]
        need(value.head == "app", "the goal is not m < C(x(t))")
        least, start = _minimum(session, minimum, goal, value.nodes[0])
        need(sides(goal)[0] == least and value.args[0] == start.args[0], "the goal is about another function or value")
        need(session.holds(Lt(least, start)), "it is not known that m < C(x(0))")
        return Checked("a flow does not reach an equilibrium in finite time", uses=(minimum,))

    return Rule("uniqueness of the flow", check)


@recorded
def equilibrium(minimum: str) -> Rule:
    """From C(x(0)) = m to x(t) = x(0), where m <= C everywhere: the gradient vanishes at a minimizer, and flows are unique."""

    def check(session: Session, goal: Node) -> Checked:
        need(goal.head == "eq" and _is_path(goal.nodes[0]), "the goal is not x(t) = x(0)")
        x = goal.nodes[0]
        least, start = _minimum(session, minimum, goal, x)
        need(goal.nodes[1] == _at_start(x), "the goal is not x(t) = x(0)")
        need(session.holds(Node("eq", (least, start), None)), "it is not known that C(x(0)) = m")
        return Checked("the gradient vanishes at a minimizer", uses=(minimum,))

    return Rule("equilibrium", check)


# --- limits --------------------------------------------------------------------------------------------------------------
@recorded
def settled(still: Proven) -> Rule:
    """From x(t) = x(0) for all t >= 0: x(t) -> lim x(t), and the limit is x(0)."""

    def check(session: Session, goal: Node) -> Checked:
        _all_times(session, (still,), until=False)
        x = still.shows.nodes[0]
        need(_is_path(x) and still.shows == Node("eq", (x, _at_start(x)), None), "the premise is not x(t) = x(0)")
        goals = (Converges(x, T, INFINITY, end_of(x)), Node("eq", (end_of(x), _at_start(x)), None))
        need(goal in goals, "the goal is neither convergence nor the value of the limit")
        return Checked("a constant path")

    return Rule("limit of a constant path", check, (still,))


def _limit_of(converges: Proven) -> Node:
    """The path of a line `x(t) -> lim x(t)`."""
    x = converges.shows.nodes[0]
    need(converges.shows.head == "converges" and _is_path(x), "the premise does not say that a path converges")
    need(converges.shows == Converges(x, T, INFINITY, end_of(x)), "the premise is not convergence as t tends to infinity")
    return x


@recorded
def squeeze(converges: Proven, upper: Proven, amplitude: Node, rate: Node) -> Rule:
    """From x(t) -> x*, 0 <= C(x(t)) - m <= K e^{-ct} for all t >= 0, c > 0 and C continuous: C(x*) = m."""

    def check(session: Session, goal: Node) -> Checked:
        x = _limit_of(converges)
        _all_times(session, (converges, upper), until=False)
        need(goal.head == "eq" and goal.nodes[0].head == "app", "the goal is not C(x*) = m")
        value, least = goal.nodes
        need(value.nodes[0] == end_of(x), "the goal is not about the limit of this path")
        for part, what in ((amplitude, "the amplitude"), (rate, "the rate"), (least, "the value")):
            _constant(part, what)
        need(session.context.sign(session.read(rate)) == "positive", "the rate is not known to be positive")
        gap = Node("app", (value.args[0], x)) - least
        need(says(session, upper.shows, gap, amplitude * exp(-rate * T), ()), "the premise is not C(x(t)) - m <= K e^(-ct)")
        need(session.context.sign(session.read(gap)) is not None, "C(x(t)) - m is not known to be >= 0")
        return Checked("C is continuous")

    return Rule("value at the limit", check, (converges, upper))


@recorded
def closed(converges: Proven, member: Proven) -> Rule:
    """From x(t) -> x* and x(t) in the closed ball B(c, r) for all t >= 0: x* lies in it."""

    def check(session: Session, goal: Node) -> Checked:
        x = _limit_of(converges)
        _all_times(session, (converges, member), until=False)
        need(member.shows.head == goal.head == "member" and member.shows.nodes[0] == x, "the premise is not x(t) in a ball")
        for part in member.shows.nodes[1:]:
            _constant(part, "the ball")
        need(goal.nodes == (end_of(x), *member.shows.nodes[1:]), "the goal is not that the limit lies in the same ball")
        return Checked("the ball is closed")

    return Rule("a closed ball contains limits", check, (converges, member))
