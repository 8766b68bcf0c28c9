"""A relation at an instance: does it hold, by how much, and was that exact?"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from flint import arb, fmpq

from theorycheck.enclose.precision import working
from theorycheck.evaluate import numbers as nb
from theorycheck.evaluate.numbers import Absent, Unclear, Undefined
from theorycheck.evaluate.values import Env, evaluate, flint_matrix
from theorycheck.tree import Node

PRECISIONS = (128, 512, 2048)
SHARP = arb(2) ** -30


@dataclass(frozen=True)
class Judgement:
    """`holds`: True (certainly), False (certainly not), None (the balls do not decide). `margin` = right - left of an order.

    `exact`: decided in rationals. For an equation in balls, agreement to the working precision gives None with
    `agrees` True: it is evidence, never a proof.
    """

    holds: bool | None
    exact: bool
    text: str
    margin: float | None = None
    agrees: bool = False
    absent: bool = False  # no value, because what a subscript names does not exist


def judge(relation: Node, env: Env) -> Judgement:
    """Decide a relation at an instance, raising the precision until the balls decide or the last precision is reached."""
    for bits in PRECISIONS[:-1]:
        with working(bits), suppress(Undefined):  # a ball too wide to divide by may be narrow enough at the next precision
            found = judge_once(relation, env)
            if found.holds is not None or found.exact:
                return found
    with working(PRECISIONS[-1]):
        return judge_once(relation, env)


def judge_or_no_value(relation: Node, env: Env) -> Judgement:
    """As `judge`, for an admissible instance: where a side certainly has no value there, the relation does not hold."""
    try:
        return judge(relation, env)
    except Unclear as e:
        return Judgement(None, False, str(e))
    except Undefined as e:
        return Judgement(False, True, f"no value: {e}", absent=isinstance(e, Absent))


def judge_once(relation: Node, env: Env) -> Judgement:
    """Decide a relation at an instance at the working precision; balls stand for all their points."""
    match relation.head:
        case "and":
            parts = [judge_once(n, env) for n in relation.nodes]
            worst = next((p for p in parts if p.holds is False), None) or next((p for p in parts if p.holds is None), parts[0])
            return worst
        case "eq":
            return _equation(*(evaluate(n, env) for n in relation.nodes))
        case "le" | "lt" | "ge" | "gt":
            return _order(relation.head, *(evaluate(n, env) for n in relation.nodes))
        case "ne":
            found = _equation(*(evaluate(n, env) for n in relation.nodes))
            return Judgement(None if found.holds is None else not found.holds, found.exact, found.text)
        case "member":
            x, centre, radius = (evaluate(n, env) for n in relation.nodes)
            gap = tuple(tuple(a - b for a, b in zip(r, s, strict=True)) for r, s in zip(x, centre, strict=True))
            return _in_ball(_inner(gap), radius)
        case "psd":
            return _psd(evaluate(relation.nodes[0], env))
        case "defined":
            return _defined(relation.nodes[0], env)
    raise Undefined(f"{relation.head!r} cannot be decided at one instance")


def _in_ball(square: Any, radius: Any) -> Judgement:
    """Whether |x - c|^2 = `square` is at most the radius squared; a ball of negative radius is empty."""
    if nb.sign_of(radius) == -1:
        text = f"the radius {show(radius)} is negative"
        return Judgement(False, isinstance(radius, fmpq), text, -float(nb.to_arb(square + radius * radius).mid()))
    return _order("le", square, radius * radius)


def _inner(x: Any) -> Any:
    total: Any = fmpq(0)
    for r in x:
        for v in r:
            total = total + v * v
    return total


def _order(head: str, a: Any, b: Any) -> Judgement:
    low, high = (b, a) if head in {"ge", "gt"} else (a, b)
    gap = high - low
    s = nb.sign_of(gap)
    strict = head in {"lt", "gt"}
    holds: bool | None = None if s is None else s > 0 or (s == 0 and not strict)
    exact = isinstance(gap, fmpq)
    margin = float(nb.to_arb(gap).mid())
    agrees = s is None and not strict and _sharp([gap], [a, b])
    return Judgement(holds, exact, f"left = {show(a)}, right = {show(b)}", margin, agrees)


def _equation(a: Any, b: Any) -> Judgement:
    left, right = flat(a), flat(b)
    if len(left) != len(right):
        return Judgement(False, True, "the two sides have different sizes")
    gaps = [x - y for x, y in zip(left, right, strict=True)]
    signs = [nb.sign_of(g) for g in gaps]
    exact = all(isinstance(g, fmpq) for g in gaps)
    holds = False if any(s in {1, -1} for s in signs) else True if all(s == 0 for s in signs) else None
    worst = max((abs(float(nb.to_arb(g).mid())) for g in gaps), default=0.0)
    agrees = holds is None and _sharp(gaps, [*left, *right])
    return Judgement(holds, exact, f"left = {show(a)}, right = {show(b)}", -worst, agrees)


def _sharp(gaps: list[Any], sides: list[Any]) -> bool:
    """Whether the gaps, of which 0 may be one, are known to some nine digits of the sides: a wide ball says nothing."""
    balls = [nb.to_arb(x) for x in sides]
    width = SHARP * max((x.abs_upper() for x in balls), default=arb(0)) + SHARP**2
    return all(x.is_finite() for x in balls) and all(bool(nb.to_arb(g).rad() <= width) for g in gaps)


def _psd(x: Any) -> Judgement:
    from theorycheck.enclose.linear import is_positive_semidefinite

    gaps = [x[i][j] - x[j][i] for i in range(len(x)) for j in range(i)]
    if any(nb.sign_of(gap) in {1, -1} for gap in gaps):
        return Judgement(False, True, "not symmetric")
    holds = is_positive_semidefinite(flint_matrix(x))
    return Judgement(holds, all(isinstance(v, fmpq) for v in flat(x)), "positive semidefinite" if holds else "not shown")


def _defined(body: Node, env: Env) -> Judgement:
    try:
        value = evaluate(body, env)
    except Unclear as e:
        return Judgement(None, False, str(e))
    except Undefined as e:
        return Judgement(False, True, str(e))
    return Judgement(True, True, f"its value is {show(value)}")


def flat(x: Any) -> list[Any]:
    return [v for r in x for v in r] if isinstance(x, tuple) else [x]


def show(x: Any) -> str:
    """A value as text: rationals as p/q, balls with 12 digits, matrices by rows."""
    if isinstance(x, tuple):
        return "[" + "; ".join(", ".join(show(v) for v in r) for r in x) + "]"
    if isinstance(x, arb):
        return str(x.str(12))
    return str(x)
