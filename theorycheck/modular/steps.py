"""Which lines of a derivation are identities, and what each of them says to the second engine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from theorycheck.domain import Domain
from theorycheck.exact.call import Call, Tagged
from theorycheck.fact import Fact
from theorycheck.modular.equations import Equation, equation
from theorycheck.modular.plan import Line, Product
from theorycheck.tree import Node
from theorycheck.verdict import Step

WRAPPERS = {"fact_rules.under": "conditions", "basic_rules.knowing": "shown"}


def line_of(step: Step, steps: Sequence[Step], domain: Domain) -> Line | None:
    """The identity that a step shows, or None where it shows something else."""
    goal = step.shows
    if not isinstance(goal, Node) or goal.head != "eq" or step.call is None:
        return None
    call, conditions = _unwrapped(step.call, steps)
    args = call.args
    match call.rule:
        case "algebra_rules.identity":
            return Line(goal, _equations(args.get("using", ()), steps, domain), (), conditions)
        case "algebra_rules.linear" if not args.get("squares"):
            terms = tuple(_term(t, steps) for t in args.get("terms", ()))
            return Line(goal, _equations(args.get("using", ()), steps, domain), terms, conditions)
        case "matrix_rules.multiplied":
            relation = _shown(args["premise"], steps)
            traced = goal.nodes[0].shape == ()
            return Line(goal, (), (Product(relation, None, args.get("left"), args.get("right"), traced),), conditions)
    return None


def _unwrapped(call: Call, steps: Sequence[Step]) -> tuple[Call, tuple[Node, ...]]:
    """The rule inside `under` and `knowing`, and the conditions that these add."""
    conditions: list[Node] = []
    while call.rule in WRAPPERS:
        more = call.args.get(WRAPPERS[call.rule], ())
        conditions += [c if isinstance(c, Node) else _shown(c, steps) for c in more]
        call = call.args["rule"].content
    return call, tuple(conditions)


def _shown(reference: Any, steps: Sequence[Step]) -> Node:
    shown = steps[reference.content].shows
    assert isinstance(shown, Node)
    return shown


def _term(t: Any, steps: Sequence[Step]) -> Product:
    if isinstance(t, Tagged):
        return Product(_shown(t, steps))
    return Product(_shown(t[0], steps), t[1])


def _equations(using: Any, steps: Sequence[Step], domain: Domain) -> tuple[Equation, ...]:
    return tuple(_equation(u, steps, domain) for u in using)


def _equation(u: Any, steps: Sequence[Step], domain: Domain) -> Equation:
    if isinstance(u, Tagged) and u.tag == "line":
        return equation(_shown(u, steps))
    if isinstance(u, Tagged) and u.tag == "generic":
        shown = _shown(Tagged("line", u.content["line"]), steps)
        return equation(shown, tuple(u.content["variables"]), tuple(u.content["given"]))
    fact = _fact(u if isinstance(u, str) else u.content, domain)
    return equation(fact.shows, fact.variables, fact.given)


def _fact(name: str, domain: Domain) -> Fact:
    from theorycheck.exact.cited import CITED

    for h in domain.hypotheses:
        if h.name == name:
            return h
    return CITED[name].fact
