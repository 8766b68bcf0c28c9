"""Rules about the length of a path of a gradient flow as an integral; in proofs: `path_rules as paths`.

The speed |Dt x| is written as |grad f(x(s))| in the variable of integration s, for a path x of the flow of f.
"""

from __future__ import annotations

from theorycheck.exact.basic_rules import need
from theorycheck.exact.call import recorded
from theorycheck.exact.flow_rules import T, _all_times, _at_start, _decrease, _is_path, _path_in
from theorycheck.exact.session import Checked, Rule, Session, head_of, remainder, restrictions, sides, substitute_all
from theorycheck.fact import Proven
from theorycheck.tree import Dt, Node, free_names, norm, num, sym


def _is_length(session: Session, integral: Node, x: Node) -> None:
    """Stuck unless the tree is the integral of |grad f(x(s))| over s from 0 to t."""
    need(integral.head == "integral" and integral.nodes[:2] == (num(0), T), "no integral from 0 to t")
    name = str(integral.args[0])
    need(name != "t" and not restrictions(session, {name}), f"the variable of integration {name} has a meaning here")
    speed = norm(Node("grad", (x.args[1], x), x.shape))
    need(integral.nodes[2] == substitute_all(speed, {"t": sym(name)}), "the integrand is not the speed of this path")


@recorded
def travelled(premise: Proven, V: Node, *known: Proven) -> Rule:
    """From Dt V <= -|Dt x| for all t >= 0: the integral of |grad f(x(s))| from 0 to t is at most V(0) - V(t)."""

    def check(session: Session, goal: Node) -> Checked:
        x = _path_in(premise.shows)
        shown = _decrease(session, premise, V, -norm(Dt(x)), known, until=False)
        low, high = sides(goal)
        need(head_of(goal) == "le", "the goal is not of the form a <= b")
        _is_length(session, low, x)
        need(str(low.args[0]) not in free_names(V) | free_names(high), "the variable of integration occurs elsewhere")
        gap = session.read(high, (), shown) - session.read(_at_start(V) - V, (), shown)
        need(session.context.sign(gap) is not None, f"not known to be >= 0: {remainder(gap)}")
        return Checked("V falls at least as fast as the path gets longer")

    return Rule("length travelled", check, (premise, *known))


@recorded
def at_rest(still: Proven) -> Rule:
    """From x(t) = x(0) for all t >= 0: the integral of |grad f(x(s))| from 0 to t is 0."""

    def check(session: Session, goal: Node) -> Checked:
        _all_times(session, (still,), until=False)
        x = still.shows.nodes[0]
        need(_is_path(x) and still.shows == Node("eq", (x, _at_start(x)), None), "the premise is not x(t) = x(0)")
        need(goal.head == "eq" and goal.nodes[1] == num(0), "the goal is not that the length is 0")
        _is_length(session, goal.nodes[0], x)
        return Checked("a constant path does not move")

    return Rule("length of a constant path", check, (still,))
