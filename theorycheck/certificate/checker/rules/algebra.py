"""Algebra: identities, linear combinations with multipliers >= 0, monotone powers and exponentials, comparison by squares."""

from __future__ import annotations

from typing import Any

from ..core import (
    ONE,
    OPERATIONS,
    Checker,
    Fact,
    Form,
    Line,
    Node,
    assemble,
    atom,
    cleared,
    equations,
    is_strict,
    need,
    norm_squared,
    relation_head,
    show,
)  # fmt: skip


def identity(ck: Checker, goal: Node, using: list[Fact | Line | str] = []) -> None:  # noqa: B006
    """Both sides have the same normal form, after the equations of `using`."""
    need(goal.head == "eq", "an identity is an equation")
    rest = cleared(ck.gap(goal, equations(ck, using)))
    need(not rest.terms, f"right - left = {show(rest)}")


def linear(
    ck: Checker,
    goal: Node,
    terms: list[Any] = [],  # noqa: B006
    squares: list[Any] = [],  # noqa: B006
    using: list[Fact | Line | str] = [],  # noqa: B006
    slack: list[Line] = [],  # noqa: B006
) -> None:
    """high - low is a sum of multiplier * premise, coefficient * square, and what is known to be >= 0.

    A relation needs a multiplier >= 0, an equation any; a strict goal needs a strict part; an equation nothing but equations.
    """
    facts = equations(ck, using)
    rest = ck.gap(goal, facts)
    strict, exact = False, not squares
    for term in terms:
        line, factor = term if isinstance(term, list) and len(term) == 2 else (term, None)
        need(isinstance(line, Line) and (factor is None or isinstance(factor, Node)), "a term of a linear combination")
        multiplier = ONE if factor is None else ck.read(factor, facts)
        if line.shows.head != "eq":
            sign = ck.sign(multiplier)
            need(sign, f"the multiplier {show(multiplier)} is not known to be >= 0")
            exact, strict = False, strict or (is_strict(line.shows) and sign == 2)
        rest = rest - multiplier * ck.gap(line.shows, facts)
    for pair in squares:
        need(isinstance(pair, list) and len(pair) == 2 and all(isinstance(x, Node) for x in pair), "a square")
        coefficient, body = (ck.read(x, facts) for x in pair)
        need(ck.sign(coefficient), f"the coefficient {show(coefficient)} of a square is not known to be >= 0")
        rest = rest - coefficient * (norm_squared(body) if body.shape else body * body)
    if goal.head == "eq":
        need(exact, "an equation does not follow from inequalities")
        need(not cleared(rest).terms, f"left over: {show(rest)}")
        return
    concluded(ck, goal, rest, strict, [(ck.gap(p.shows, facts), is_strict(p.shows)) for p in slack])


def concluded(ck: Checker, goal: Node, rest: Form, strict: bool = False, slack: list[tuple[Form, bool]] = []) -> None:  # noqa: B006
    """Whether rest >= 0 (> 0 where nothing strict went before), if need be after a multiple of one of the slack relations."""
    wanted = 2 if is_strict(goal) and not strict else 1
    if ck.sign(rest) >= wanted:
        return
    for gap, is_gap_strict in slack:
        for u, d in rest.terms.items():
            for t, c in gap.terms.items():
                multiplier = quotient(ck, Form({u: d}), Form({t: c}))
                sign = ck.sign(multiplier) if multiplier is not None else 0
                left = ck.sign(rest - multiplier * gap) if multiplier is not None and sign else 0
                if left and (left >= wanted or (is_gap_strict and sign == 2)):
                    return
    need(False, f"not known to be {'> 0' if wanted == 2 else '>= 0'}: {show(rest)}")


def quotient(ck: Checker, x: Form, y: Form) -> Form | None:
    """x / y for terms without sums, where no factor can be a division by zero."""
    ((b, factors, w), c), ((b2, factors2, w2), d) = next(iter(x.terms.items())), next(iter(y.terms.items()))
    if b or w or b2 or w2:
        return None
    found = assemble([*factors, *((a, e.scale(-1)) for a, e in factors2)], (), c / d, ())
    fine = all(ck.sign(e) or ck.context.nonzero(atom(a)) for t in found.terms for a, e in t[1])
    return found if fine else None


def sign(ck: Checker, goal: Node, using: list[Fact | Line | str] = []) -> None:  # noqa: B006
    need(goal.head != "eq", "a sign is an order relation")
    linear(ck, goal, using=using)


def gives(ck: Checker, line: Node, low: Node, high: Node) -> bool:
    """Whether the relation gives low <= high: high - low is at least the gap of the line."""
    need(relation_head(line) in {"le", "lt", "eq"}, "a relation is needed")
    return ck.sign(ck.read(high) - ck.read(low) - ck.gap(line)) > 0


RULES = {
    "algebra_rules.identity": identity,
    "algebra_rules.linear": linear,
    "algebra_rules.sign": sign,
}
OPERATIONS.update({"concluded": concluded, "gives": gives})
