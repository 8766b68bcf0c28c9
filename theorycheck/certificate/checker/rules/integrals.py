"""Integrals of continuous integrands are linear and monotone.

What an integrand needs for all v of its interval, such as a denominator > 0, is shown by the lines of `licence`, which may
assume the ends lo' <= v and v <= hi' of an interval that contains it, and licence lines before them.
"""

from __future__ import annotations

from typing import Any

from ..core import (
    OPERATIONS,
    Checker,
    Context,
    Done,
    Form,
    Line,
    Node,
    add,
    cleared,
    const,
    mentioning,
    names_in,
    need,
    node,
    power,
    rebuilt,
    replaced,
    show,
    sides,
    symbol,
    walk,
    with_relations,
)  # fmt: skip

ONE = const(1)
CONTINUOUS = {"sym", "prime", "e", "sum", "log", "abs", "min", "app"}  # functions are smooth by convention


def inside(ck: Checker, name: str, lo: Form, hi: Form, licence: list[Line]) -> tuple[Context, frozenset[Node]]:
    """What holds for every v in [lo, hi], of which nothing else is known, and the assumptions that this discharges."""
    v = symbol(name)
    need(ck.sign(hi - lo), "the ends of an integral are not known to be in order")
    need(not mentioning(ck, name) and name not in ck.context.integers, f"the domain speaks of the variable {name}")
    need(name not in names_in((lo, hi)), f"an end of the integral depends on its variable {name}")
    ctx = ck.context.adding([(v - lo, False), (hi - v, False), *([(v, ck.sign(lo) == 2)] if ck.sign(lo) else [])])
    shown: list[Node] = []
    for line in licence:
        for a in (a for a in line.assumes if name in a.free):
            need(a in shown or _covers(ck, name, lo, hi, a), f"line {line.number} assumes more of {name}")
        shown.append(line.shows)
    return with_relations(ctx, shown), frozenset(a for line in licence for a in line.assumes if name in a.free)


def _covers(ck: Checker, name: str, lo: Form, hi: Form, a: Node) -> bool:
    """Whether a is an end lo' <= v or v <= hi' of an interval that contains [lo, hi]."""
    if a.head not in {"le", "ge"}:
        return False
    low, high = sides(a)
    v = node("sym", name)
    if low is v and name not in high.free:
        return ck.sign(ck.read(high) - hi) > 0
    return high is v and name not in low.free and ck.sign(lo - ck.read(low)) > 0


def continuous(x: Any, name: str) -> None:
    """Refused unless x depends on the variable through powers, logarithms, absolute values and minima, as signs licensed."""
    if isinstance(x, Form):
        for scope, factors, word in x.terms:
            need(name not in names_in((scope, word)), f"a sum or a matrix that depends on {name}")
            for part in (part for factor in factors for part in factor):
                continuous(part, name)
    elif name in names_in(x):
        need(x[0] in CONTINUOUS, f"not known to be continuous in {name}: {x[0]}")
        for part in (part for part in x[1:] if not isinstance(part, str)):
            continuous(part, name)


# --- comparison of integrands -----------------------------------------------------------------------------------------------
def integrands(ck: Checker, goal: Node, licence: list[Line] = []) -> Done:  # noqa: B006
    """right - left is a sum of integrals, the joint integrand over each interval >= 0 (0 for an equation), and a like rest."""
    need(goal.head in {"eq", "le", "ge"}, "integrals are compared by = and <=")
    spans, rest = _collected(ck.gap(goal))
    names = {t.args[0] for t in walk(goal) if t.head == "integral"}
    need(spans and len(names) == 1, "integrals are needed, with one name for their variables")
    (name,) = names
    need(name not in names_in(ck.gap(goal)), f"{name} occurs outside the integrals")
    for (lo, hi), parts in spans.items():
        ctx, discharged = inside(ck, name, lo, hi, licence)
        bodies = [licensed(replaced(body, {own: symbol(name)}), ctx) for _, own, body in parts]
        for body in bodies:
            continuous(body, name)
        joint = add(c * body for (c, _, _), body in zip(parts, bodies, strict=True))
        _settled(joint, ctx, goal.head == "eq", "under an integral")
    _settled(rest, ck.context, goal.head == "eq", "outside the integrals")
    return Done(drops=discharged)


def _settled(x: Form, ctx: Context, zero: bool, where: str) -> None:
    need(not cleared(x).terms if zero else ctx.sign(x), f"{where}, left over: {show(x)}")


def _collected(x: Form) -> tuple[dict[Any, list[Any]], Form]:
    """(coefficient, variable, integrand) of the integrals over each interval, and the other terms."""
    spans: dict[Any, list[Any]] = {}
    rest = []
    for (scope, factors, word), c in x.terms.items():
        found = [(a, e) for a, e in factors if a[0] == "integral"]
        if len(found) == 1 and found[0][1] == ONE and not scope and not word:
            _, own, lo, hi, body = found[0][0]
            spans.setdefault((lo, hi), []).append((Form({((), factors - set(found), ()): c}), own, body))
        else:
            rest.append(Form({(scope, factors, word): c}))
    return spans, add(rest)


def licensed(x: Form, ctx: Context) -> Form:
    """The integrand with the powers and absolute values that only the context licenses."""

    def on_atom(a: Any, here: Context) -> Form | None:
        if a[0] == "formal":
            return power(licensed(a[1], here), licensed(a[2], here), here)
        inner = licensed(a[1], here) if a[0] == "abs" else None
        return inner if inner is not None and here.sign(inner) else None

    return rebuilt(x, on_atom, None, ctx)


def integrated(ck: Checker, goal: Node, premise: Line, licence: list[Line] = []) -> Done:  # noqa: B006
    """From f(v) <= g(v) on the interval to the integrals of f and g."""
    return integrands(ck, goal, [*licence, premise])


RULES = {
    "integral_rules.integrands": integrands,
    "integral_rules.integrated": integrated,
}
OPERATIONS.update({"inside": inside, "continuous": continuous})
