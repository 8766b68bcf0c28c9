"""Rules about minima and limits that do not exist; in proofs: `from theorycheck.exact import extremum_rules as least`.

Like all rules, each looks at its premises and the hypotheses of the domain only, and accepts nothing by its pattern alone.
"""

from __future__ import annotations

from typing import Any

from flint import fmpq

from theorycheck.exact.call import recorded
from theorycheck.exact.fact_rules import _check_whole, _recorded
from theorycheck.exact.form import ONE_F, Form, combine, thaw
from theorycheck.exact.session import (
    Checked,
    Rule,
    Session,
    Stuck,
    head_of,
    remainder,
    restrictions,
    same_relation,
    sides,
    substitute_all,
    with_conditions,
)
from theorycheck.fact import Fact, Proven
from theorycheck.tree import Gt, Le, Lt, Node, Number, as_node, free_names, num
from theorycheck.tree.node import bound_names, walk


@recorded
def antisymmetric(one: Proven, other: Proven) -> Rule:
    """From a <= b and b <= a to a = b."""

    def check(session: Session, goal: Node) -> Checked:
        if goal.head != "eq":
            raise Stuck("the goal is not an equation")
        a, b = goal.nodes
        for premise, low, high in ((one, a, b), (other, b, a)):
            if not same_relation(session, premise.shows, Le(low, high)):
                raise Stuck(f"{premise.label} does not order the two sides of the goal this way")
        return Checked("ordered both ways")

    return Rule("antisymmetry", check, (one, other))


@recorded
def apart(premise: Proven, end: Node | Number) -> Rule:
    """From c <= f for a generic v in (0, v_0), with a constant c > 0, to: f does not converge to 0 as v decreases to 0.

    The goal is not(converges(f, v, 0, 0)). The only conditions on v are v > 0 and v < `end` (or <=), a positive number.
    """

    def check(session: Session, goal: Node) -> Checked:
        if goal.head != "not" or goal.nodes[0].head != "converges":
            raise Stuck("the goal is not the negation of a convergence")
        body, v, point, value = goal.nodes[0].nodes
        bound = as_node(end)
        low, high = sides(premise.shows)
        if point != num(0) or value != num(0) or premise.shows.head not in {"le", "ge"}:
            raise Stuck("the limit claimed must be 0, at 0, and the premise an order c <= f")
        if not (session.read(high) - session.read(body)).is_zero:
            raise Stuck("the premise bounds another quantity")
        c, top = session.read(low).constant(), session.read(bound).constant()
        if c is None or c <= 0 or top is None or top <= 0:
            raise Stuck("the lower bound and the end of the range must be positive numbers")
        if any(str(v.args[0]) in free_names(a) for a in premise.assumes):
            raise Stuck(f"{premise.label} rests on an assumption about {v}")
        for f in restrictions(session, {str(v.args[0])}):
            if not any(same_relation(session, f.shows, c) for c in (Gt(v, 0), Lt(v, bound), Le(v, bound))):
                raise Stuck("the domain restricts the variable to something else than an interval above 0")
        return Checked(f"it stays at least {c}")

    return Rule("bounded away from the limit", check, (premise,))


@recorded
def stationary_at_identity(premise: Proven, k: str) -> Rule:
    """First-order condition at the identity, an interior point of the positive definite matrices.

    Premise: `low <= high` for a generic symmetric positive definite K, where high - low = sum_j c_j Tr[K^(a_j) N_j] + (terms
    without K) vanishes at K = I. So I is a minimum; the derivative there in the symmetric direction X is
    sum_j c_j a_j Tr[X N_j], hence sum_j c_j a_j (N_j + N_j^T) = 0. The goal `P = R` holds if P - R is a multiple of that sum.
    """

    def check(session: Session, goal: Node) -> Checked:
        if goal.head != "eq" or premise.shows.head not in {"le", "ge"}:
            raise Stuck("an order is needed, and an equation is shown")
        assumed = any(k in free_names(a) for a in premise.assumes)
        if k not in session.context.symmetric or restrictions(session, {k}) or assumed:
            raise Stuck(f"{k} is not a generic symmetric positive definite matrix of the domain")
        if k in free_names(goal):
            raise Stuck(f"the goal mentions {k}")
        low, high = sides(premise.shows)
        at_identity, slopes = _expand(session.read(high) - session.read(low), k)
        if not at_identity.is_zero:
            raise Stuck(f"at the identity the two sides differ by {remainder(at_identity)}")
        left, right = (session.read(side) for side in goal.nodes)
        gradient = combine(slopes, left.shape)
        if not _proportional(left - right, gradient):
            raise Stuck(f"the derivative at the identity is {remainder(gradient)}")
        return Checked(f"the derivative at {k} = I vanishes")

    return Rule("first-order condition at the identity", check, (premise,))


def _expand(gap: Form, k: str) -> tuple[Form, list[Form]]:
    """The value at K = I, and the matrices c_j a_j (N_j + N_j^T)."""
    from theorycheck.exact.letters import trace

    value: list[Form] = []
    slopes: list[Form] = []
    for (binders, factors, word), c in gap.terms.items():
        moving = [(a, e) for a, e in factors if _mentions(a, k) or _mentions(e, k)]
        if not moving:
            value.append(Form({(binders, factors, word): c}))
            continue
        (a, e), *others = moving
        if binders or others or len(factors) != 1 or e != ONE_F or not isinstance(a, tuple) or a[0] != "tr":
            raise Stuck(f"{k} occurs elsewhere than once in a trace with a number before it")
        places = [i for i, letter in enumerate(a[1]) if _mentions(letter[0], k)]
        base = a[1][places[0]][0]
        if len(places) != 1 or isinstance(base, Node) or base[0] != "mpow" or _mentions(base[2], k):
            raise Stuck(f"{k} occurs more than once in a trace")
        i = places[0]
        rest = a[1][i + 1 :] + a[1][:i]
        if not rest:
            raise Stuck(f"the trace of a power of {k} alone")
        around = Form({((), frozenset(), rest): fmpq(c)}, (rest[0][2], rest[-1][3]))
        value.append(trace(around))
        slopes.append(thaw(base[2]) * (around + around.T))
    return combine(value, ()), slopes


def _mentions(x: Any, name: str) -> bool:
    if isinstance(x, Node):
        return name in free_names(x)
    if isinstance(x, tuple | frozenset):
        return any(_mentions(y, name) for y in x)
    return False


def _proportional(x: Form, y: Form) -> bool:
    """Whether x is a rational multiple of y (and of 0 only if it is 0)."""
    if x.is_zero or y.is_zero:
        return x.is_zero
    t = next(iter(x.terms))
    return t in y.terms and (x - y.scale(x.terms[t] / y.terms[t])).is_zero


@recorded
def cite_terms(fact: Fact, family: str, index: Node, term: Node, *premises: Proven, **binding: Node | str) -> Rule:
    """A cited fact about a family of scalars, for the family whose member at `index` is `term`.

    What the fact needs of every member (a universal hypothesis about the family) must follow from known signs.
    """

    def check(session: Session, goal: Node) -> Checked:
        if family not in fact.variables or set(binding) - set(fact.variables):
            raise Stuck(f"{fact.name} has the variables {', '.join(fact.variables)}")
        if (free_names(term) - {str(index.args[0])}) & _bound_names(fact.shows):
            raise Stuck(f"the term mentions a name that {fact.name} binds; rename it")
        _recorded(session, fact, binding)
        _check_whole(session, fact, binding)

        def put(tree: Node) -> Node:
            return _with_terms(substitute_all(tree, binding), family, index, term)

        for condition in fact.given:
            if not session.holds(put(condition), premises):
                raise Stuck(f"a hypothesis of {fact.name} is not shown: {put(condition)}")
        for need in fact.needs:
            _needed(session, fact, [put(g) for g in need.given], put(need.shows), set(need.variables))
        if not same_relation(session, goal, put(fact.shows)):
            raise Stuck(f"{fact.name} gives {put(fact.shows)}")
        return Checked(detail=fact.source, uses=(fact.name,))

    return Rule(f"cite {fact.name}", check, premises)


def _needed(session: Session, fact: Fact, given: list[Node], shows: Node, variables: set[str]) -> None:
    known = {name for f in session.hypotheses if not f.variables for name in free_names(f.shows)}
    if variables & known:
        raise Stuck(f"{sorted(variables & known)[0]} is bound in {fact.name} and restricted by the domain; rename it")
    low, high = sides(shows)
    ctx = with_conditions(session.context, given)
    from theorycheck.exact.read import read

    found = ctx.sign(read(high, ctx) - read(low, ctx)) if head_of(shows) in {"le", "lt"} else None
    if found is None or (head_of(shows) == "lt" and found != "positive"):
        raise Stuck(f"{fact.name} needs {shows}, which is not known")


def _bound_names(tree: Node) -> set[str]:
    return {name for _, t in walk(tree) for name in bound_names(t)}


def _with_terms(tree: Node, family: str, index: Node, term: Node) -> Node:
    """Every member family[i] replaced by the term at i."""
    if tree.head == "item" and tree.args[0] == family:
        return substitute_all(term, {str(index.args[0]): tree.nodes[0]})
    args = tuple(_with_terms(a, family, index, term) if isinstance(a, Node) else a for a in tree.args)
    return Node(tree.head, args, tree.shape)


@recorded
def negated(premise: Proven) -> Rule:
    """From b < a to not(a <= b)."""

    def check(session: Session, goal: Node) -> Checked:
        if goal.head != "not" or goal.nodes[0].head not in {"le", "ge"} or head_of(premise.shows) != "lt":
            raise Stuck("the goal is not the negation of an order, or the premise is not strict")
        low, high = sides(goal.nodes[0])
        if not same_relation(session, premise.shows, Lt(high, low)):
            raise Stuck(f"{premise.label} does not contradict the order")
        return Checked("the opposite strict order")

    return Rule("negation", check, (premise,))
