"""Rules for integrals of explicit integrands (limits: `leading_rules.py`; separation of variables: `separation_rules.py`).

`integrands` and `integrated` (linearity and monotonicity), `antiderivative` (fundamental theorem), `split` (additivity). What
an integrand needs for all v of its interval [lo, hi] (a denominator > 0) is given by `licence`: earlier lines shown under the
assumptions `lo' <= v` and `v <= hi'` of an interval that contains [lo, hi].
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from theorycheck.exact.call import recorded
from theorycheck.exact.context import Context
from theorycheck.exact.derive import Rule as Derivation, derive
from theorycheck.exact.form import ONE, ONE_F, Atom, Form, NotInForm, atom, combine, thaw
from theorycheck.exact.read import read
from theorycheck.exact.rules import clear
from theorycheck.exact.session import (
    Checked,
    Rule,
    Session,
    Stuck,
    head_of,
    remainder,
    restrictions,
    sides,
    substitute_all,
    with_conditions,
)
from theorycheck.fact import Proven
from theorycheck.tree import Node, free_names, sym


@dataclass(frozen=True)
class Interval:
    """lo <= v <= hi for the integration variable v of a given name."""

    name: str
    lo: Form
    hi: Form

    @property
    def variable(self) -> Form:
        return atom(sym(self.name))

    def over(self, body: Node) -> Form:
        """The integral of a tree over the interval, as a form."""
        return atom(("integral", self.name, self.lo.frozen(), self.hi.frozen(), body))


def occurs(x: Any, name: str) -> bool:
    """Whether a symbol occurs free in (a part of) a normal form."""
    if isinstance(x, Node):
        return name in free_names(x)
    if isinstance(x, Form):
        return any(occurs(t, name) for t in x.terms)
    if isinstance(x, tuple) and x and x[0] == "integral" and x[1] == name:
        return occurs(x[2], name) or occurs(x[3], name)
    return isinstance(x, tuple | frozenset) and any(occurs(y, name) for y in x)


def interval(session: Session, tree: Node) -> Interval:
    """The interval of an integral with lo <= hi known, whose variable is free of hypotheses."""
    name, lo, hi, _ = tree.args
    if tree.head != "integral" or not isinstance(lo, Node) or not isinstance(hi, Node):
        raise Stuck(f"{tree.head!r} where an integral is needed")
    return _checked(session, Interval(str(name), session.read(lo), session.read(hi)))


def _checked(session: Session, span: Interval) -> Interval:
    if session.context.sign(span.hi - span.lo) is None:
        raise Stuck(f"it is not known that {remainder(span.lo)} <= {remainder(span.hi)}")
    if restrictions(session, {span.name}):
        raise Stuck(f"the integration variable {span.name} is a symbol of the domain; rename it")
    if occurs(span.lo, span.name) or occurs(span.hi, span.name):
        raise Stuck(f"the integration variable {span.name} occurs in the ends of the interval")
    return span


def inside(session: Session, span: Interval, licence: Iterable[Proven] = ()) -> Context:
    """What holds for every v of the interval: its ends, v > 0 where lo > 0, and the lines of `licence`, which may rest on the
    ends of an interval that contains it and on the lines before."""
    v = span.variable
    strict = [v] if session.context.sign(span.lo) == "positive" else []
    ctx = session.context.adding([v - span.lo, span.hi - v], strict)
    lines = list(licence)
    for k, line in enumerate(lines):
        for a in line.assumes - {earlier.shows for earlier in lines[:k]}:
            _covers(session, span, a, line)
    return with_conditions(ctx, [line.shows for line in lines])


def _covers(session: Session, span: Interval, assumption: Node, line: Proven) -> None:
    """The assumption is an end `lo' <= v` or `v <= hi'` that leaves the whole interval in."""
    v = sym(span.name)
    if head_of(assumption) != "le":
        raise Stuck(f"{line.label} rests on an assumption that is no end of an interval")
    low, high = sides(assumption)
    if low == v and not occurs(session.read(high), span.name):
        gap = session.read(high) - span.hi
    elif high == v and not occurs(session.read(low), span.name):
        gap = span.lo - session.read(low)
    else:
        raise Stuck(f"{line.label} rests on an assumption that is not about {span.name} alone")
    if session.context.sign(gap) is None:
        raise Stuck(f"{line.label} is not known to cover the interval: {remainder(gap)}")


def discharged(lines: Iterable[Proven]) -> frozenset[Node]:
    """What the lines assume of the integration variable: shown for every value of it, so the conclusion is free of it."""
    return frozenset().union(*(line.assumes for line in lines))


def _split_off(session: Session, x: Form) -> tuple[dict[tuple[str, Any, Any], list[tuple[Form, Node]]], Form]:
    """Integrals by interval with their coefficients (free of the integration variable), and what is left."""
    spans: dict[tuple[str, Any, Any], list[tuple[Form, Node]]] = {}
    rest = []
    for (binders, factors, word), c in x.terms.items():
        found = [(a, e) for a, e in factors if isinstance(a, tuple) and a[0] == "integral"]
        others = Form({(binders, factors - set(found), word): c})
        if not found:
            rest.append(others)
            continue
        if len(found) > 1 or found[0][1] != ONE_F or binders or word:
            raise Stuck("an integral occurs in a product or a power")
        _, name, lo, hi, body = found[0][0]
        if occurs(others, name):
            raise Stuck(f"a coefficient mentions the integration variable {name}")
        spans.setdefault((name, lo, hi), []).append((others, body))
    return spans, combine(rest, ())


@recorded
def integrands(*licence: Proven) -> Rule:
    """Linearity and monotonicity: right - left is a sum of integrals, whose joint integrand on each interval is >= 0, and terms
    known to be >= 0 (for an equation: all of them 0). Integrands are continuous, being licensed on closed intervals."""

    def check(session: Session, goal: Node) -> Checked:
        low, high = sides(goal)
        if head_of(goal) not in {"eq", "le"}:
            raise Stuck("the rule shows equations and <=")
        spans, rest = _split_off(session, session.read(high) - session.read(low))
        if not spans:
            raise Stuck("there is no integral to compare")
        for (name, lo, hi), parts in spans.items():
            span = _checked(session, Interval(name, thaw(lo), thaw(hi)))
            ctx = inside(session, span, licence)
            joint = combine((c * read(body, ctx) for c, body in parts), ())
            _null_or_positive(session, ctx, joint, goal.head == "eq", f"the joint integrand over {name}")
        _null_or_positive(session, session.context, rest, goal.head == "eq", "outside the integrals")
        return Checked("compared under the integral sign", discharges=discharged(licence))

    return Rule("integrals compared by their integrands", check, licence)


def _null_or_positive(session: Session, ctx: Context, x: Form, null: bool, where: str) -> None:
    if null and not clear(x, Session(session.hypotheses, ctx)).is_zero:
        raise Stuck(f"{where} does not vanish: {remainder(x)}")
    if not null and ctx.sign(x) is None:
        raise Stuck(f"{where} is not known to be >= 0: {remainder(x)}")


@recorded
def integrated(premise: Proven, *licence: Proven) -> Rule:
    """From f(v) <= g(v), shown for the v of an interval that contains [lo, hi], to the integrals of f and g over [lo, hi]."""

    def check(session: Session, goal: Node) -> Checked:
        if premise.shows.head not in {"le", "ge"} or goal.head not in {"le", "ge"}:
            raise Stuck("the premise and the goal must say <=")
        left, right = sides(goal)
        span = interval(session, left)
        if interval(session, right) != span:
            raise Stuck("the two integrals have different intervals or variables")
        ctx = inside(session, span, [*licence, premise])
        for integral, f in zip((left, right), sides(premise.shows), strict=True):
            if not (read(integral.nodes[2], ctx) - read(f, ctx)).is_zero:
                raise Stuck("an integrand is not that of the premise")
        return Checked("integrated over the interval", discharges=discharged([premise, *licence]))

    return Rule("integrated inequality", check, (premise, *licence))


@recorded
def antiderivative(primitive: Node, *licence: Proven) -> Rule:
    """The fundamental theorem: the integral of f over [lo, hi] is F(hi) - F(lo) when F' = f there, F being `primitive`."""

    def check(session: Session, goal: Node) -> Checked:
        if goal.head != "eq":
            raise Stuck("the goal is not an equation")
        span = interval(session, goal.nodes[0])
        ctx = inside(session, span, licence)
        F, f = read(primitive, ctx), read(goal.nodes[0].nodes[2], ctx)
        by_v = Derivation(lambda a: ONE if a == sym(span.name) else None, lambda *_: None)
        slope = derive(_smooth(F, span.name, ctx), by_v, ctx)
        if not clear(slope - f, Session(session.hypotheses, ctx)).is_zero:
            raise Stuck(f"F' - f = {remainder(slope - f)}")
        lo, hi = goal.nodes[0].nodes[:2]
        ends = [session.read(substitute_all(primitive, {span.name: end})) for end in (lo, hi)]
        rest = session.read(goal.nodes[1]) - (ends[1] - ends[0])
        if not clear(rest, session).is_zero:
            raise Stuck(f"right - (F(hi) - F(lo)) = {remainder(rest)}")
        return Checked("the derivative of the primitive is the integrand", discharges=discharged(licence))

    return Rule("fundamental theorem of calculus", check, licence)


def _smooth(x: Form, name: str, ctx: Context) -> Form:
    """x, if it is continuously differentiable in the variable: positive bases, or natural powers, of sums, products, logs."""
    for _, factors, word in x.terms:
        for a, e in factors:
            if not (occurs(a, name) or occurs(e, name)):
                continue
            n = thaw(e).constant()
            natural = n is not None and n.denom() == 1 and n >= 0
            if word or not (natural or ctx.sign(atom(a)) == "positive") or not _smooth_atom(a, name, ctx):
                raise NotInForm(f"a primitive that is not known to be smooth in {name}")
    return x


def _smooth_atom(a: Atom, name: str, ctx: Context) -> bool:
    if not occurs(a, name) or isinstance(a, Node):
        return True
    if a[0] == "log":
        return ctx.sign(atom(a[1])) == "positive" and _smooth_atom(a[1], name, ctx)
    return a[0] == "poly" and bool(_smooth(thaw(a[1]), name, ctx).terms)


@recorded
def split(*licence: Proven) -> Rule:
    """Additivity: the integral over [lo, hi] is the sum of those over [lo, m] and [m, hi], for lo <= m <= hi."""

    def check(session: Session, goal: Node) -> Checked:
        if goal.head != "eq" or goal.nodes[1].head != "add" or len(goal.nodes[1].nodes) != 2:
            raise Stuck("the goal is not one integral = a sum of two")
        whole, (first, second) = goal.nodes[0], goal.nodes[1].nodes
        spans = [interval(session, part) for part in (whole, first, second)]
        ctx = inside(session, spans[0], licence)
        read(whole.nodes[2], ctx)
        if len({s.name for s in spans}) > 1 or len({part.nodes[2] for part in (whole, first, second)}) > 1:
            raise Stuck("the three integrands differ")
        joints = ((spans[0].lo, spans[1].lo), (spans[1].hi, spans[2].lo), (spans[2].hi, spans[0].hi))
        if not all((p - q).is_zero for p, q in joints):
            raise Stuck("the two intervals do not make up the whole one")
        return Checked("the interval cut in two", discharges=discharged(licence))

    return Rule("additivity of the integral", check, licence)
