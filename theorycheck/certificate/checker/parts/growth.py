"""Explicit expressions as v -> 0+: sums of c v^e log(v)^m g(v), with g(v) a product of powers that have limits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flint import fmpq

from ..core import OPERATIONS, ZERO, Context, Form, add, atom, cleared, logarithm, names_in, need, power, show


@dataclass(frozen=True)
class Gauge:
    """The terms (coefficient + o(1)) v^exponent log(v)^logs; `exact` where there is no o(1)."""

    exponent: Form
    logs: int
    coefficient: Form
    exact: bool


def limit(x: Form, v: str, ctx: Context) -> Form:
    """The limit as v -> 0+."""
    finite, infinite = growth(x, v, ctx)
    need(not infinite, f"it grows without bound, or its limit is not known: {show(x)}")
    return finite


def growth(x: Form, v: str, ctx: Context) -> tuple[Form, list[Gauge]]:
    """The limit of the terms that have one, and what tends to infinity, by gauge, with coefficients that are not 0."""
    finite: list[Form] = []
    infinite: list[Gauge] = []
    for term, c in x.terms.items():
        g = _gauge(term, c, v, ctx)
        if not g.exponent.terms and not g.logs:
            finite.append(g.coefficient)
        elif ctx.sign(g.exponent) < 2:
            need(not g.exponent.terms or ctx.sign(g.exponent.scale(-1)) == 2, f"an exponent of {v} whose sign is not known")
            _enter(infinite, g)
    for g in infinite:
        need(g.exact or cleared(g.coefficient).terms, "terms that tend to infinity cancel to leading order only")
    return add(finite), [g for g in infinite if cleared(g.coefficient).terms]


def _enter(gauges: list[Gauge], g: Gauge) -> None:
    for k, old in enumerate(gauges):
        if old.logs == g.logs and old.exponent == g.exponent:
            gauges[k] = Gauge(g.exponent, g.logs, old.coefficient + g.coefficient, old.exact and g.exact)
            return
    gauges.append(g)


def _gauge(term: Any, c: fmpq, v: str, ctx: Context) -> Gauge:
    scope, factors, word = term
    moving = [(a, e) for a, e in factors if v in names_in((a, e))]
    need(v not in names_in((scope, word)) and not (moving and scope), f"no limit is known of a sum that mentions {v}")
    exponent, logs, result = ZERO, 0, Form({(scope, factors - set(moving), word): c})
    others = 0
    for a, e in moving:
        if a == ("sym", v) and v not in names_in(e):
            exponent = e
        elif a == ("log", ("sym", v)) and (e.whole() or 0) > 0:
            logs = int(e.whole() or 0)
        else:
            result, others = result * _continuous(a, e, v, ctx), others + 1
    return Gauge(exponent, logs, result, not others)


def _continuous(a: Any, e: Form, v: str, ctx: Context) -> Form:
    """The limit of a^e: (lim a)^(lim e), where that is continuous there."""
    base = atom(a)
    if v in names_in(a):
        need(a[0] in {"sum", "log"}, f"no limit is known of a part that mentions {v}: {a[0]}")
        base = limit(a[1], v, ctx) if a[0] == "sum" else logarithm(limit(atom(a[1]), v, ctx), ctx)
    if v in names_in(e):
        need(ctx.sign(base) == 2, f"a power with {v} in its exponent, of a base that is not known to tend to something > 0")
    return power(base, limit(e, v, ctx), ctx)


OPERATIONS.update({"limit": limit, "growth": growth})
