"""Equals for equals: in the argument of a function, in any claim, in a gradient; in proofs: `function_rules as functions`."""

from __future__ import annotations

from theorycheck.exact.call import recorded
from theorycheck.exact.fact_rules import Equation, facts_of
from theorycheck.exact.session import Checked, Rule, Session, Stuck, free_of, remainder, restrictions, substitute_all
from theorycheck.fact import Fact, Proven
from theorycheck.tree import Node, gradient_of


@recorded
def applied(premise: Proven) -> Rule:
    """From P = Q to f(P) = f(Q), or to grad f(P) = grad f(Q), for a function f of the domain."""

    def check(session: Session, goal: Node) -> Checked:
        if premise.shows.head != "eq" or goal.head != "eq":
            raise Stuck("the premise and the goal must be equations")
        left, right = goal.nodes
        if left.head != right.head or left.head not in {"app", "grad"} or left.args[0] != right.args[0]:
            raise Stuck("the goal is not f(P) = f(Q) or grad f(P) = grad f(Q) with one function f")
        for side, x in zip(goal.nodes, premise.shows.nodes, strict=True):
            gap = session.read(side.nodes[0]) - session.read(x)
            if not gap.is_zero:
                raise Stuck(f"the argument differs from the premise by {remainder(gap)}")
        return Checked("a function has one value at one point")

    return Rule("the same function of equals", check, (premise,))


@recorded
def replaced(premise: Proven, equation: Equation) -> Rule:
    """From P with r in the place of the symbol x to P, where x = r; also in exponents, indices, sizes and ends of sums."""

    def check(session: Session, goal: Node) -> Checked:
        (fact,), names = facts_of(session, [equation])
        if fact.shows.head != "eq" or fact.shows.nodes[0].head != "sym" or (isinstance(fact, Fact) and fact.variables):
            raise Stuck("the equation is not x = r with a symbol x of the domain")
        if isinstance(fact, Fact) and fact.given:
            raise Stuck(f"{fact.name} holds under conditions")
        symbol, value = fact.shows.nodes
        if premise.shows != substitute_all(goal, {str(symbol.args[0]): value}):
            raise Stuck("the premise is not the goal with the right side in the place of the symbol")
        return Checked("equals for equals", uses=names)

    return Rule("equals for equals", check, (premise, *([equation] if isinstance(equation, Proven) else [])))


@recorded
def differentiated(premise: Proven, variable: Node) -> Rule:
    """From f = g, shown for all values of a matrix symbol or layer, to grad f = G, where G is the gradient of g.

    Nothing may be assumed of the symbol (of no layer, where it is a layer), in the domain or by the premise.
    """

    def check(session: Session, goal: Node) -> Checked:
        if premise.shows.head != "eq" or premise.shows.nodes[0].shape != () or goal.head != "eq":
            raise Stuck("the premise is not an equation of numbers, or the goal not one of gradients")
        name = str(variable.args[0])
        about = restrictions(session, {name})
        if about or name in session.context.symmetric:
            raise Stuck(f"the domain says of {name}: {about[0].name if about else 'it is symmetric'}")
        free_of(name, [premise])
        f, g = premise.shows.nodes
        if goal.nodes[0] != gradient_of(f, variable):
            raise Stuck("the left side of the goal is not the gradient of the left side of the premise")
        rest = session.read(goal.nodes[1]) - session.read(gradient_of(g, variable))
        if not rest.is_zero:
            raise Stuck(f"the right side differs from the gradient by {remainder(rest)}")
        return Checked("equal functions have equal gradients")

    return Rule("gradients of equals", check, (premise,))
