"""Integrals cut in two, or known by a primitive of the integrand; separation of variables. `licence`: see integrals."""

from __future__ import annotations

from typing import Any

from ..core import (
    Checker,
    Done,
    Line,
    Motion,
    Node,
    always,
    cleared,
    const,
    continuous,
    derived,
    equations,
    free_of,
    inside,
    need,
    node,
    read,
    show,
    substitute,
    walk,
)  # fmt: skip

ONE, ZERO = const(1), node("num", const(0).constant())


def split(ck: Checker, goal: Node, licence: list[Line] = []) -> Done:  # noqa: B006
    """The integral over [lo, hi] is the sum of those over [lo, m] and [m, hi], lo <= m <= hi."""
    need(goal.head == "eq" and goal.trees[1].head == "add" and len(goal.trees[1].trees) == 2, "the goal is not one = two")
    parts = (goal.trees[0], *goal.trees[1].trees)
    need(all(p.head == "integral" and p.args[0] == parts[0].args[0] for p in parts), "integrals over one variable are needed")
    need(len({p.trees[2] for p in parts}) == 1, "the integrands differ")
    (lo, hi), (lo1, hi1), (lo2, hi2) = ([ck.read(end) for end in p.trees[:2]] for p in parts)
    need(lo == lo1 and hi1 == lo2 and hi2 == hi, "the two intervals do not make up the whole one")
    need(ck.sign(hi1 - lo1) and ck.sign(hi2 - lo2), "the place of the cut is not known to lie inside")
    ctx, shown = inside(ck, parts[0].args[0], lo, hi, licence)
    continuous(read(parts[0].trees[2], ctx), parts[0].args[0])
    return Done(drops=shown)


def antiderivative(ck: Checker, goal: Node, primitive: Node, licence: list[Line] = []) -> Done:  # noqa: B006
    """The integral of f over [lo, hi] is F(hi) - F(lo), for a continuous F with F' = f inside, f continuous."""
    need(goal.head == "eq" and goal.trees[0].head == "integral" and primitive.shape == (), "the goal is not integral = value")
    name, (low, high, body) = goal.trees[0].args[0], goal.trees[0].trees
    ctx, shown = inside(ck, name, ck.read(low), ck.read(high), licence)
    f, F = read(body, ctx), read(primitive, ctx)
    continuous(f, name)
    continuous(F, name)
    slope = derived(F, Motion(lambda n: ONE if n == name else None, lambda letter: None), ctx)
    need(not cleared(slope - f).terms, f"F' - f = {show(slope - f)}")
    first, last = (ck.read(substitute(primitive, {name: end})) for end in (low, high))
    rest = ck.read(goal.trees[1]) - (last - first)
    need(not cleared(rest).terms, f"right - (F(hi) - F(lo)) = {show(rest)}")
    return Done(drops=shown)


def separated(ck: Checker, goal: Node, ode: Line, start: Any, end: Any, licence: list[Line] = []) -> Done:  # noqa: B006
    """From Dt y = f(y) at all times at which y lies in [y(0), y(T)], f > 0 there, T >= 0: T is the integral of 1/f over it.

    y leaves the interval neither below, as it grows where it is y(0), nor above, as it would have to come back through y(T).
    """
    need(goal.head == "eq" and goal.trees[1].head == "integral", "the goal is not T = an integral")
    need(ode.shows.head == "eq" and ode.shows.trees[0].head == "Dt", "the equation is not Dt y = f(y)")
    (time, area), y = goal.trees, ode.shows.trees[0].trees[0]
    name, (low, high, body) = area.args[0], area.trees
    need("t" not in time.free | area.free and name != "t" and ck.holds(node("ge", time, ZERO)), "T is no fixed time >= 0")
    always(ck, licence)
    facts = equations(ck, [start, end])
    others = [line for line in facts if isinstance(line, Line)]
    free_of("t", others)
    free_of(name, [ode, *others])
    ck.read(node("Dt", y))  # y is differentiable, so continuous, at all times
    for fact, when, value in zip(facts, (ZERO, time), (low, high), strict=True):
        need(not getattr(fact, "variables", ()) and not getattr(fact, "given", ()), "a value of y has conditions")
        need(ck.same(fact.shows, node("eq", substitute(y, {"t": when}), value)), "an end is not the value of y there")
    ctx, shown = inside(ck, name, ck.read(low), ck.read(high), licence)
    within = Checker(ck.hypotheses, ctx, ck.facts, ck.rules)
    moving = frozenset(a for a in ode.assumes if "t" in a.free)
    for a in moving:
        need(within.follows(in_terms_of(a, y, name)), "an assumption of the equation is not known for all values in between")
    f, rate = read(in_terms_of(ode.shows.trees[1], y, name), ctx), read(body, ctx)
    continuous(f, name)
    continuous(rate, name)
    need(not cleared(rate * f - ONE).terms, f"the integrand is not 1/f: {show(rate * f - ONE)}")
    need(2 in (ctx.sign(f), ctx.sign(rate)), f"f is not known to be > 0 in between: {show(f)}")
    return Done(drops=shown | moving)


def in_terms_of(tree: Node, y: Node, name: str) -> Node:
    """The tree with y replaced by the variable; nothing else in it may depend on the time."""

    def put(x: Node) -> Node:
        if x is y:
            return node("sym", name)
        return node(x.head, *(put(a) if isinstance(a, Node) else a for a in x.args), shape=x.shape)

    need(name not in tree.free and not any(t.head in {"Dt", "gradient", "second"} for t in walk(tree)), "y inside a derivative")
    new = put(tree)
    need("t" not in new.free, "the equation depends on the time other than through y")
    return new


RULES = {
    "integral_rules.split": split,
    "integral_rules.antiderivative": antiderivative,
    "separation_rules.separated": separated,
}
