"""Flows: balls that a path cannot leave, uniqueness, and limits of paths. Gradients are locally Lipschitz by convention."""

from __future__ import annotations

from ..core import ORDERS, Checker, Done, Line, Node, always, const, free_of, gives, mentioning, need, node, sides, substitute

T, ZERO, END = node("sym", "t"), node("num", const(0).constant()), node("infinity")


def is_path(x: Node) -> bool:
    """x(t) for a path x."""
    return x.head == "at" and x.trees[0] is T


def at_start(x: Node) -> Node:
    return substitute(x, {"t": ZERO})


def difference(x: Node, y: Node) -> Node:
    return node("add", x, node("neg", y))


# --- balls ----------------------------------------------------------------------------------------------------------------
def inside(ck: Checker, goal: Node) -> None:
    """x(t) lies in the ball in which x stays until t."""
    assumed = [f.shows.args for f in ck.hypotheses if f.shows.head == "stays" and not f.variables and not f.given]
    need(goal.head == "member" and goal.args in assumed, "it is not assumed that the path stays in this ball")


def continuation(ck: Checker, goal: Node, premise: Line) -> Done:
    """From stays(x(t), x(0), r) |- |x(t) - x(0)| < r, r >= 0, to x(t) in B(x(0), r): at the end of the closed interval of the
    times until which x stays, the strict bound carries it on."""
    need(goal.head == "member" and is_path(goal.trees[0]), "the goal does not say that x(t) lies in a ball")
    x, centre, radius = goal.trees
    stays = node("stays", x, centre, radius)
    need("t" not in centre.free | radius.free and ck.read(centre) == ck.read(at_start(x)), "it is no fixed ball around x(0)")
    need(ck.sign(ck.read(radius)), "the radius is not known to be >= 0")
    always(ck, [Line(premise.shows, premise.assumes - {stays}, premise.number)])
    need(ck.same(premise.shows, node("lt", node("norm", difference(x, centre)), radius)), "it is not |x(t) - x(0)| < r")
    return Done(drops=frozenset({stays}))


def closed(ck: Checker, goal: Node, converges: Line, member: Line) -> None:
    """From x(t) -> x* and x(t) in the closed ball B(c, r) at all times: x* lies in it."""
    x = converging_path(ck, converges, member)
    need(member.shows.head == goal.head == "member" and member.shows.trees[0] is x, "the premise is not x(t) in a ball")
    ball = member.shows.trees[1:]
    need(not any("t" in b.free for b in ball), "the ball moves")
    need(goal.trees == (limit_of(x), *ball), "the goal is not that the limit lies in this ball")


# --- uniqueness -----------------------------------------------------------------------------------------------------------
def least_value(ck: Checker, name: str, x: Node) -> tuple[Node, Node]:
    """(m, C(x(0))) for the hypothesis m <= C(y) for all y, where x is a path of the flow of C."""
    h = ck.hypothesis(name)
    need(len(h.variables) == 1 and not h.given and h.shows.head in {"le", "ge"}, f"{name!r} is not m <= C(y) for all y")
    least, value = sides(h.shows)
    y = value.trees[0] if value.head == "app" else value
    need(y.head == "sym" and y.args[0] in h.variables and y.args[0] not in least.free, f"{name!r} is not m <= C(y) for all y")
    need(x.head == "at" and x.args[1] == value.args[0] and x.shape == y.shape, "the path is not of the flow of this function")
    return least, node("app", value.args[0], node("at", *x.args[:2], ZERO, shape=x.shape))


def above(ck: Checker, goal: Node, minimum: str) -> None:
    """From m < C(x(0)) to m < C(x(t)), where m <= C everywhere: at a minimum the path would have rested at all times."""
    low, value = sides(goal)
    need(goal.head in {"lt", "gt"} and value.head == "app", "the goal is not m < C(x(t))")
    m, start = least_value(ck, minimum, value.trees[0])
    need(value.args[0] == start.args[0] and (low is m or ck.read(low) == ck.read(m)), "the goal is about another value")
    need(ck.holds(node("lt", m, start)), "it is not known that m < C(x(0))")


def equilibrium(ck: Checker, goal: Node, minimum: str) -> None:
    """From C(x(0)) = m to x(t) = x(0), where m <= C everywhere: the gradient vanishes at a minimum."""
    need(goal.head == "eq" and goal.trees[0].head == "at", "the goal is not x(t) = x(0)")
    m, start = least_value(ck, minimum, goal.trees[0])
    need(goal.trees[1] is start.trees[0], "the goal is not x(t) = x(0)")
    need(ck.holds(node("eq", start, m)) or ck.holds(node("eq", m, start)), "it is not known that C(x(0)) = m")


def unique_flow(ck: Checker, goal: Node, start: Line, rate: Line) -> None:
    """From p(0) = y(0) and Dt p = -grad f(p), for t in an interval from 0 on, to y(t) = p for a path y of the flow of f."""
    need(goal.head == "eq" and is_path(goal.trees[0]) and "t" not in ck.context.integers, "the goal is not y(t) = p")
    y, p = goal.trees
    need(ck.same(start.shows, node("eq", at_start(p), at_start(y))), "the first premise is not p(0) = y(0)")
    gradient = node("grad", y.args[1], p)
    need(ck.same(rate.shows, node("eq", node("Dt", p), node("neg", gradient))), "the second premise is not Dt p = -grad f(p)")
    free_of("t", [start, rate])
    for f in mentioning(ck, "t"):
        need(not f.variables and not f.given and f.shows.head in ORDERS, f"{f.name!r} is no interval of times")
        slope = node("Dt", node("Dt", difference(*f.shows.trees)))
        need(not ck.read(slope).terms and ck.follows(at_start(f.shows)), f"{f.name!r} is no interval of times that contains 0")


# --- limits ---------------------------------------------------------------------------------------------------------------
def limit_of(x: Node) -> Node:
    return node("limit", "t", END, x)


def converging(x: Node) -> Node:
    return node("converges", x, T, END, limit_of(x))


def converging_path(ck: Checker, converges: Line, *lines: Line) -> Node:
    """The path of a line x(t) -> x*; the lines hold at all times."""
    always(ck, [converges, *lines])
    x = converges.shows.trees[0]
    need(is_path(x) and converges.shows is converging(x), "the premise is not that a path converges for t to infinity")
    return x


def settled(ck: Checker, goal: Node, still: Line) -> None:
    """From x(t) = x(0) at all times: x(t) converges, to x(0)."""
    always(ck, [still])
    x = still.shows.trees[0]
    need(still.shows.head == "eq" and is_path(x) and still.shows.trees[1] is at_start(x), "the premise is not x(t) = x(0)")
    need(goal in (converging(x), node("eq", limit_of(x), at_start(x))), "the goal says something else than that x(t) -> x(0)")


def squeeze(ck: Checker, goal: Node, converges: Line, upper: Line, amplitude: Node, rate: Node) -> None:
    """From x(t) -> x* and m <= C(x(t)) <= m + K e^(-ct) at all times, c > 0: C(x*) = m, as the cost C is continuous."""
    x = converging_path(ck, converges, upper)
    need(goal.head == "eq" and goal.trees[0].head == "app", "the goal is not C(x*) = m")
    value, least = goal.trees
    need(value.args[0] == x.args[1] and value.trees[0] is limit_of(x), "the goal is not about the cost at the limit")
    need(not any("t" in part.free for part in (amplitude, rate, least)), "K, c or m depends on t")
    need(ck.sign(ck.read(rate)) == 2, "the rate is not known to be positive")
    gap = difference(node("app", value.args[0], x), least)
    decay = node("mul", amplitude, node("exp", node("neg", node("mul", rate, T))))
    need(gives(ck, upper.shows, gap, decay), "the premise is not C(x(t)) - m <= K e^(-ct)")
    need(ck.sign(ck.read(gap)), "C(x(t)) - m is not known to be >= 0")


RULES = {
    "flow_rules.inside": inside,
    "flow_rules.continuation": continuation,
    "flow_rules.closed": closed,
    "flow_rules.above": above,
    "flow_rules.equilibrium": equilibrium,
    "homogeneous_rules.unique_flow": unique_flow,
    "flow_rules.settled": settled,
    "flow_rules.squeeze": squeeze,
}
