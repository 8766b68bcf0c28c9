"""Flows: lines about all times t >= 0 integrated from 0 to t.

A line about t holds at every time s >= 0 where nothing singles t out. `stays(x(t), c, r)` says that x(s) lies in the closed
ball B(c, r) for all s in [0, t]; it holds for the earlier times too, so what rests on it may be integrated up to t.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..core import OPERATIONS, Checker, Fact, Line, Node, Refused, const, gives, need, node, substitute, symbol, walk

T, ZERO, END = node("sym", "t"), node("num", const(0).constant()), node("infinity")


# --- lines that hold at all times -----------------------------------------------------------------------------------------
def always(ck: Checker, lines: Iterable[Line], until: bool = False) -> None:
    """The lines hold for all t >= 0 (with `until`: for those up to t, so that `stays` may be assumed)."""
    need(ck.holds(node("ge", T, ZERO)) and "t" not in ck.context.integers, "t is not known to be a real number >= 0")
    for f in ck.hypotheses:
        free = "t" not in f.shows.free.union(*(g.free for g in f.given)) - set(f.variables)
        fine = free or (until and is_stays(f.shows)) or _from_zero(ck, f.shows) or is_universal(ck, f)
        need(free or (fine and not f.variables and not f.given), f"the hypothesis {f.name!r} singles out a time")
    for a in (a for line in lines for a in line.assumes):
        need("t" not in a.free or (until and is_stays(a)), "a premise rests on an assumption about the time t")


def _from_zero(ck: Checker, relation: Node) -> bool:
    return relation.head in {"le", "ge"} and ck.gap(relation) == symbol("t")


def is_universal(ck: Checker, f: Fact) -> bool:
    """Whether f is an instance of an unconditional hypothesis for all values of one variable, which does not mention t."""
    plain = [h for h in ck.hypotheses if len(h.variables) == 1 and not h.given and "t" not in h.shows.free]
    return any(_put(h.shows, h.variables[0], x) is f.shows for x in set(walk(f.shows)) for h in plain)


def _put(tree: Node, name: str, value: Node) -> Node | None:
    try:
        return substitute(tree, {name: value})
    except Refused:
        return None


def is_path(x: Node) -> bool:
    """x(t) for a path x."""
    return x.head == "at" and x.trees[0] is T


def is_stays(a: Node) -> bool:
    return a.head == "stays" and is_path(a.trees[0]) and "t" not in a.trees[1].free | a.trees[2].free


def at(x: Node, time: Node) -> Node:
    """The tree at another time; a derivative in t is refused."""
    return substitute(x, {"t": time})


def moves(ck: Checker, premise: Line, f: Node, known: list[Line], until: bool = False) -> Checker:
    """For a premise that bounds Dt f, which is read, so f is differentiable: what is known at t, and so at 0."""
    always(ck, [premise, *known], until)
    need(f.shape == (), "the function must be a number")
    return ck.assuming([k.shows for k in known] + [at(k.shows, ZERO) for k in known])


def difference(x: Node, y: Node) -> Node:
    return node("add", x, node("neg", y))


def distance(x: Node, y: Node) -> Node:
    return node("norm", difference(x, y))


# --- integration ----------------------------------------------------------------------------------------------------------
def gronwall(ck: Checker, goal: Node, premise: Line, f: Node, rate: Node, known: list[Line] = []) -> None:  # noqa: B006
    """From Dt f <= -c f at all times, c constant: f(t) <= f(0) e^(-ct), since e^(ct) f has a derivative <= 0."""
    more = moves(ck, premise, f, known, until=True)
    need("t" not in rate.free and rate.shape == (), "the rate is not a constant")
    need(gives(more, premise.shows, node("Dt", f), node("mul", node("neg", rate), f)), "the premise is not Dt f <= -c f")
    decay = node("exp", node("neg", node("mul", rate, T)))
    concluded(more, goal, (f, node("mul", at(f, ZERO), decay)))


def concluded(ck: Checker, goal: Node, *bounds: tuple[Node, Node]) -> None:
    """Whether the goal follows from one of the bounds low <= high."""
    need(goal.head in {"le", "ge"}, "the goal is not of the form a <= b")
    rests = (ck.gap(goal) - (ck.read(high) - ck.read(low)) for low, high in bounds)
    need(any(ck.sign(rest) for rest in rests), "the goal does not follow from the bound that is shown")


def path_length(ck: Checker, goal: Node, premise: Line, V: Node, known: list[Line] = []) -> None:  # noqa: B006
    """From Dt V <= -|Dt x|: |x(t) - x(0)| <= V(0) - V(t), as V + <u, x> decreases for every unit vector u."""
    more = moves(ck, premise, V, known, until=True)
    x = travelled(more, premise, V)
    concluded(more, goal, (distance(x, at(x, ZERO)), difference(at(V, ZERO), V)))


def travelled(ck: Checker, premise: Line, V: Node) -> Node:
    """The path x for which the premise says that Dt V <= -|Dt x|."""
    found = sorted({x for x in walk(premise.shows) if is_path(x)}, key=str)
    right = [x for x in found if gives(ck, premise.shows, node("Dt", V), node("neg", node("norm", node("Dt", x))))]
    need(right, "the premise is not Dt V <= -|Dt x|")
    return right[0]


def bounded_length(ck: Checker, premise: Line, V: Node, known: list[Line]) -> tuple[Checker, Node]:
    """For Dt V <= -|Dt x| and V >= 0 at all times: from t on the path has at most the length V(t)."""
    more = moves(ck, premise, V, known)
    need(more.sign(more.read(V)), "the bound of the length is not known to be >= 0")
    return more, travelled(more, premise, V)


def diameter(ck: Checker, goal: Node, premise: Line, W: Node, known: list[Line] = []) -> None:  # noqa: B006
    """|x(t) - x(s)| <= |W(s) - W(t)| <= W(0) for every time s >= 0, as W decreases and is >= 0."""
    more, x = bounded_length(ck, premise, W, known)
    others = {y.trees[0] for y in walk(goal) if y.head == "at" and y.args[:2] == x.args[:2]}
    times = [s for s in sorted(others, key=str) if ck.holds(node("ge", s, ZERO))]
    concluded(more, goal, *((distance(x, at(x, s)), at(W, ZERO)) for s in times))


def finite_length(ck: Checker, goal: Node, premise: Line, V: Node, known: list[Line] = []) -> None:  # noqa: B006
    """x(t) converges to a limit x*, and |x(t) - x*| <= V(t)."""
    more, x = bounded_length(ck, premise, V, known)
    limit = node("limit", "t", END, x)
    if goal is not node("converges", x, T, END, limit):
        concluded(more, goal, (distance(x, limit), V))


RULES = {
    "flow_rules.gronwall": gronwall,
    "flow_rules.path_length": path_length,
    "flow_rules.diameter": diameter,
    "flow_rules.finite_length": finite_length,
}
OPERATIONS["always"] = always
