"""Rules for homogeneous functions, gradient flows and chains of layers.

`differentiated` (Euler's relation is one use), `unique_flow`, `touching` (first-order condition), and the small rules that
depth-generic arguments need: `induction` and `ends` over an index, `cases`, `assumed`, `known`, `vanishes`,
`transposed`.
"""

from __future__ import annotations

from theorycheck.exact.call import recorded
from theorycheck.exact.derivatives import neighbourhood, time_rule
from theorycheck.exact.derive import Rule as Derivation, derive
from theorycheck.exact.form import ONE, Form
from theorycheck.exact.read import read
from theorycheck.exact.rules import index_range
from theorycheck.exact.session import (
    Checked,
    Rule,
    Session,
    Stuck,
    conditions_on,
    remainder,
    same_relation,
    sides,
    substitute_all,
)
from theorycheck.fact import Fact, Proven
from theorycheck.tree import Dt, Eq, Function, Le, Lt, Node, free_names, gradient_of, sym
from theorycheck.tree.node import is_scalar

STRICT = {"lt", "gt", "ne"}
TIME = sym("t")


def _conditions(session: Session, name: str) -> list[Node]:
    """What the domain assumes of a symbol; a universal hypothesis may not mention it."""
    for f in session.hypotheses:
        if f.variables and name not in f.variables and any(name in free_names(c) for c in (f.shows, *f.given)):
            raise Stuck(f"the hypothesis {f.name!r} mentions {name}")
    return conditions_on(session, name)


def _name(symbol: Node) -> str:
    if symbol.head != "sym":
        raise Stuck(f"{symbol} is not a symbol")
    return str(symbol.args[0])


def _universal(session: Session, name: str, symbol: Node) -> Fact:
    """The hypothesis, an equation for all values of the symbol in an open set."""
    fact = session.hypothesis(name)
    if fact.shows.head != "eq" or not is_scalar(fact.shows.nodes[0]):
        raise Stuck(f"{name} is not an equation between scalars")
    if _name(symbol) not in fact.variables:
        raise Stuck(f"{name} is not an equation for all {_name(symbol)}")
    closed = [c for c in fact.given if _name(symbol) in free_names(c) and c.head not in STRICT]
    if closed:
        raise Stuck(f"{name} may hold on a set of {_name(symbol)} that is not open: {closed[0].head}")
    return fact


@recorded
def differentiated(name: str, symbol: Node) -> Rule:
    """An equation f = g that holds for all values of a symbol in an open set: the derivatives in it are equal.

    goal: `f' = g'` in a scalar, `grad f = grad g` in a matrix symbol, at the hypothesis's own variables (generic values).
    Functions that occur are differentiable by the standing convention.
    """

    def check(session: Session, goal: Node) -> Checked:
        fact = _universal(session, name, symbol)
        for c in fact.given:
            if not session.holds(c):
                raise Stuck(f"a condition of {name} is not shown: {c.head}")
        if goal.head != "eq" or goal.nodes[0].shape != symbol.shape:
            raise Stuck("the goal is not an equation of derivatives")
        for side, body in zip(goal.nodes, fact.shows.nodes, strict=True):
            rest = session.read(side) - _derivative(session, body, symbol)
            if not rest.is_zero:
                raise Stuck(f"side - derivative = {remainder(rest)}")
        return Checked(uses=(name,))

    return Rule("differentiated", check)


def _derivative(session: Session, body: Node, symbol: Node) -> Form:
    if not is_scalar(symbol):
        return session.read(gradient_of(body, symbol))
    rule = Derivation(lambda a: ONE if a == symbol else None, lambda *_: None)
    near = neighbourhood(rule, session.context)
    return derive(read(body, near), rule, near)


@recorded
def unique_flow(start: Proven, rate: Proven) -> Rule:
    """A path p with p(0) = y(0) and Dt p = -grad f(p) is the flow line y of f, as long as it is defined.

    goal: `y(t) = p`. Premises: `p(0) = y(0)` and `Dt p = -grad f(p)`, shown for a generic t; all that is assumed of t must be
    affine in t and hold at t = 0, so that the admissible times are an interval around the start. Locally Lipschitz gradients
    (standing convention) make flow lines unique: Hartman, Ordinary Differential Equations, Theorem II.1.1.
    """

    def check(session: Session, goal: Node) -> Checked:
        y, p = goal.nodes
        if goal.head != "eq" or y.head != "at" or y.nodes[0] != TIME:
            raise Stuck("the goal is not of the form y(t) = p")
        f = Function(str(y.args[1]))
        at_zero = [substitute_all(side, {"t": 0 * TIME}) for side in (p, y)]
        if not same_relation(session, start.shows, Eq(*at_zero)):
            raise Stuck("the first premise does not say that p(0) = y(0)")
        if not same_relation(session, rate.shows, Eq(Dt(p), -f.grad(p))):
            raise Stuck("the second premise does not say that Dt p = -grad f(p)")
        if any("t" in free_names(a) for line in (start, rate) for a in line.assumes):
            raise Stuck("a premise rests on an assumption about t")
        for c in _conditions(session, "t"):
            _interval(session, c)
        return Checked("both solve the same initial value problem")

    return Rule("uniqueness of the flow", check, (start, rate))


def _interval(session: Session, condition: Node) -> None:
    """The condition is an order relation, affine in t, true at t = 0: times that satisfy it form an interval from 0."""
    if condition.head not in {"le", "lt", "ge", "gt"}:
        raise Stuck(f"a condition {condition.head!r} on t is not an interval")
    low, high = (session.read(side) for side in sides(condition))
    rule = time_rule(session.context)
    slope = derive(high - low, rule, session.context)
    if not derive(slope, rule, session.context).is_zero:
        raise Stuck(f"a condition is not affine in t: {remainder(high - low)}")
    if not session.follows(substitute_all(condition, {"t": 0 * TIME})):
        raise Stuck(f"a condition on t is not known to hold at t = 0: {remainder(high - low)}")


@recorded
def touching(line: Proven, contact: Proven, y: Node) -> Rule:
    """From f(y) <= g(y) for all y in an open set and f(p) = g(p): grad f(p) = grad g(p) (g - f has a minimum at p).

    goal: an equation of matrices whose sides agree with the two gradients up to one common constant factor +-1 and terms
    moved across. `y` is generic: the domain may assume of it strict inequalities only, and they must hold at p.
    """

    def check(session: Session, goal: Node) -> Checked:
        name = _name(y)
        if line.shows.head not in {"le", "ge"} or contact.shows.head != "eq" or goal.head != "eq":
            raise Stuck("the premises must be f <= g and f = g, the goal an equation")
        conditions = _conditions(session, name)
        if any(c.head not in STRICT for c in conditions) or any(name in free_names(a) for a in line.assumes):
            raise Stuck(f"{name} is not generic in an open set")
        p = _point(session, line, contact, name, goal)
        if not all(session.holds(substitute_all(c, {name: p})) for c in conditions):
            raise Stuck("the conditions on the generic point are not shown at the contact point")
        low, high = sides(line.shows)
        gap = session.read(gradient_of(substitute_all(high, {name: p}) - substitute_all(low, {name: p}), p))
        rest = session.read(goal.nodes[0]) - session.read(goal.nodes[1])
        if not ((rest - gap).is_zero or (rest + gap).is_zero):
            raise Stuck(f"the gradients differ by {remainder(gap)}, not by {remainder(rest)}")
        return Checked("a minimum of the difference")

    return Rule("first-order condition", check, (line, contact))


def _point(session: Session, line: Proven, contact: Proven, name: str, goal: Node) -> Node:
    """The symbol p at which the contact equation is the line with equality; f and g must not depend on it otherwise."""
    low, high = sides(line.shows)
    seen = [s for s in _symbols(contact.shows) if s.shape not in ((), None) and _name(s) not in free_names(line.shows)]
    for p in seen:
        if same_relation(session, contact.shows, Eq(*(substitute_all(side, {name: p}) for side in (low, high)))):
            return p
    raise Stuck("the second premise is not the first one with equality at a point")


def _symbols(tree: Node) -> list[Node]:
    own = [tree] if tree.head == "sym" else []
    return own + [s for n in tree.nodes for s in _symbols(n)]


@recorded
def induction(base: Proven, step: Proven, index: Node) -> Rule:
    """From P(lo), and P(i + 1) shown under P(i) and i + 1 <= hi, to P(i) for a generic index lo <= i <= hi.

    The domain must say of i its range and nothing else.
    """

    def check(session: Session, goal: Node) -> Checked:
        name, found = _name(index), index_range(session, index)
        if found is None or len(_conditions(session, name)) != 2:
            raise Stuck(f"{name} has no plain range in the domain")
        if name not in free_names(goal):
            raise Stuck(f"the goal does not mention {name}, so its base case may assume the goal itself")
        lo, hi = found
        at_lo = substitute_all(goal, {name: lo})
        if not same_relation(session, base.shows, at_lo) or any(name in free_names(a) for a in base.assumes):
            raise Stuck("the first premise is not the claim at the lower end")
        if not same_relation(session, step.shows, substitute_all(goal, {name: index + 1})):
            raise Stuck("the second premise is not the claim at the next index")
        own = frozenset({goal, Le(index + 1, hi)})
        if any(name in free_names(a) for a in step.assumes - own):
            raise Stuck("the step rests on a further assumption about the index")
        return Checked("base case and step", discharges=own)

    return Rule("induction", check, (base, step))


@recorded
def assumed() -> Rule:
    """The line itself, as an assumption that it carries until a rule (`induction`, `cases`) discharges it."""
    return Rule("assumption", lambda _, goal: Checked(assumes=frozenset({goal})))


@recorded
def cases(below: Proven, above: Proven, a: Node, b: Node) -> Rule:
    """The same line shown under a < b and under a >= b."""

    def check(session: Session, goal: Node) -> Checked:
        if below.shows != goal or above.shows != goal:
            raise Stuck("both cases must show the goal itself")
        first, second = Lt(a, b), Le(b, a)
        if first in above.assumes or second in below.assumes:
            raise Stuck("a case rests on the other one")
        return Checked("by cases", discharges=frozenset({first, second}))

    return Rule("cases", check, (below, above))


@recorded
def vanishes(premise: Proven) -> Rule:
    """From |X|^2 = 0 (or <= 0) to X = 0, said as an equation whose sides differ by X."""

    def check(session: Session, goal: Node) -> Checked:
        left, right = sides(premise.shows)
        power = left if left.head == "pow" else right
        other = right if power is left else left
        if premise.shows.head != "eq" and power is right:
            raise Stuck("the premise bounds a square from below")
        if power.head != "pow" or power.nodes[0].head != "norm" or not session.read(other).is_zero:
            raise Stuck("the premise does not say that a squared norm vanishes")
        x = session.read(power.nodes[0].nodes[0])
        if goal.head != "eq" or goal.nodes[0].shape == ():
            raise Stuck("the goal is not an equation of matrices")
        rest = session.read(goal.nodes[0]) - session.read(goal.nodes[1])
        if not ((rest - x).is_zero or (rest + x).is_zero):
            raise Stuck(f"the sides differ by {remainder(rest)}, not by {remainder(x)}")
        return Checked("a norm vanishes at zero only")

    return Rule("zero norm", check, (premise,))


@recorded
def ends(first: Proven, inner: Proven, last: Proven, index: Node) -> Rule:
    """P(i) for an index lo <= i <= hi from P(lo), P(hi), and P(i) shown under lo + 1 <= i and i + 1 <= hi."""

    def check(session: Session, goal: Node) -> Checked:
        name, found = _name(index), index_range(session, index)
        if found is None or len(_conditions(session, name)) != 2:
            raise Stuck(f"{name} has no plain range in the domain")
        for end, line in zip(found, (first, last), strict=True):
            if line.shows != substitute_all(goal, {name: end}) or any(name in free_names(a) for a in line.assumes):
                raise Stuck("a premise is not the claim at an end of the range")
        own = frozenset({Le(found[0] + 1, index), Le(index + 1, found[1])})
        if inner.shows != goal or any(name in free_names(a) for a in inner.assumes - own):
            raise Stuck("the inner premise is not the claim, or rests on a further assumption about the index")
        return Checked("both ends and the inside", discharges=own)

    return Rule("ends and inside", check, (first, inner, last))


@recorded
def known(premise: Proven, *conditions: Node) -> Rule:
    """A line whose assumptions among `conditions` hold in the domain, without them."""

    def check(session: Session, goal: Node) -> Checked:
        if goal != premise.shows:
            raise Stuck("the goal is not the premise")
        for c in conditions:
            if not session.holds(c):
                raise Stuck(f"an assumption is not known in the domain: {c.head}")
        return Checked(discharges=frozenset(conditions))

    return Rule("assumptions that hold", check, (premise,))


@recorded
def transposed(premise: Proven) -> Rule:
    """From X = Y to X^T = Y^T."""

    def check(session: Session, goal: Node) -> Checked:
        if premise.shows.head != "eq" or goal.head != "eq" or premise.shows.nodes[0].shape == ():
            raise Stuck("the premise and the goal must be equations of matrices")
        for side, x in zip(goal.nodes, premise.shows.nodes, strict=True):
            if not (session.read(side) - session.read(x).T).is_zero:
                raise Stuck("a side is not the transpose of the premise")
        return Checked()

    return Rule("transposed", check, (premise,))
