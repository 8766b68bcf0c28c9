"""Order both ways, negations, limits that cannot be 0, first-order conditions at the identity."""

from __future__ import annotations

from ..core import ONE, Checker, Form, Line, Node, add, const, free_of, mentioning, names_in, need, node, show, sides, trace

NUMBER_ZERO = node("num", const(0).constant())


def antisymmetric(ck: Checker, goal: Node, one: Line, other: Line) -> None:
    """From a <= b and b <= a to a = b."""
    need(goal.head == "eq" and goal.trees[0].shape == (), "the goal is not an equation between numbers")
    a, b = goal.trees
    need(ck.same(one.shows, node("le", a, b, shape=None)), "the first premise is not a <= b")
    need(ck.same(other.shows, node("le", b, a, shape=None)), "the second premise is not b <= a")


def negated(ck: Checker, goal: Node, premise: Line) -> None:
    """From b < a to not(a <= b)."""
    need(goal.head == "not" and goal.trees[0].head in {"le", "ge"}, "the goal is not the negation of an order")
    low, high = sides(goal.trees[0])
    need(ck.same(premise.shows, node("lt", high, low, shape=None)), "the premise does not contradict the order")


def apart(ck: Checker, goal: Node, premise: Line, end: Node) -> None:
    """From 0 < c <= f for a generic v with 0 < v < end: f does not converge to 0 as v decreases to 0."""
    need(goal.head == "not" and goal.trees[0].head == "converges", "the goal is not the negation of a convergence")
    body, v, point, value = goal.trees[0].trees
    need(v.args[0] not in ck.context.integers, f"{v.args[0]} is an integer")
    need(point is NUMBER_ZERO and value is NUMBER_ZERO, "the limit claimed must be 0, at 0")
    need(premise.shows.head in {"le", "ge"}, "the premise is no bound")
    low, high = sides(premise.shows)
    need(ck.read(high) == ck.read(body), "the premise bounds another quantity")
    c, top = ck.read(low).constant(), ck.read(end).constant()
    need(c is not None and c > 0 and top is not None and top > 0, "the bound and the end of the range must be positive numbers")
    free_of(v.args[0], [premise])
    allowed = [node("gt", v, NUMBER_ZERO, shape=None), node("lt", v, end, shape=None), node("le", v, end, shape=None)]
    for f in mentioning(ck, v.args[0]):
        need(any(ck.same(f.shows, a) for a in allowed), f"{f.name!r} restricts {v.args[0]} to something else than an interval")


def stationary_at_identity(ck: Checker, goal: Node, premise: Line, k: str) -> None:
    """From low <= high for every positive definite K, high - low = sum_j c_j Tr[K^(a_j) N_j] + constants, zero at K = I:
    the derivative at the minimum K = I vanishes, sum_j c_j a_j (N_j + N_j^T) = 0."""
    need(premise.shows.head in {"le", "ge"}, "the premise is no order")
    need(goal.head == "eq" and goal.trees[0].shape, "the goal is no equation between matrices")
    generic = k in ck.context.definite and not mentioning(ck, k) and k not in goal.free
    need(generic, f"{k} is not a generic symmetric positive definite matrix")
    free_of(k, [premise])
    value: list[Form] = []
    slopes: list[Form] = []
    for term, c in ck.gap(premise.shows).terms.items():
        if k not in names_in(term):
            value.append(Form({term: c}))
            continue
        binders, factors, _ = term
        a, e = next(iter(factors)) if len(factors) == 1 else (("?", ()), ONE)
        need(a[0] == "tr" and e == ONE and not binders, f"{k} stands elsewhere than in a trace with a number before it")
        places = [i for i, w in enumerate(a[1]) if k in names_in(w[0])]
        base = a[1][places[0]][0]
        once = len(places) == 1 and base[:2] == ("spd", k) and k not in names_in(base[2])
        need(once, f"{k} occurs more than once in a trace")
        rest = a[1][places[0] + 1 :] + a[1][: places[0]]
        need(rest, f"the trace of a power of {k} alone")
        around = Form({((), frozenset(), rest): c}, (rest[0][2], rest[-1][3]))
        value.append(trace(around))
        slopes.append(base[2] * add([around, around.T], around.shape))
    need(not add(value).terms, f"at the identity the two sides differ by {show(add(value))}")
    gap = ck.gap(goal)
    gradient = add(slopes, gap.shape)
    ratio = next((c / gradient.terms[t] for t, c in gap.terms.items() if t in gradient.terms), None)
    need(not gap.terms or (ratio is not None and gap == gradient.scale(ratio)), f"the derivative is {show(gradient)}")


RULES = {
    "extremum_rules.antisymmetric": antisymmetric,
    "extremum_rules.negated": negated,
    "extremum_rules.apart": apart,
    "extremum_rules.stationary_at_identity": stationary_at_identity,
}
