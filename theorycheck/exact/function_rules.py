"""Functions that are known by name only: equal arguments give equal values; in proofs: `function_rules as functions`."""

from __future__ import annotations

from theorycheck.exact.call import recorded
from theorycheck.exact.session import Checked, Rule, Session, Stuck, remainder
from theorycheck.fact import Proven
from theorycheck.tree import Node


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
