"""Rules for generic indices: induction on the number of layers, sums term by term, diagonals; congruence.

An index is generic where the domain says of it its range and nothing else, and no premise assumes more.
"""

from __future__ import annotations

from collections.abc import Sequence

from flint import fmpq

from theorycheck.exact.algebra_rules import _conclude
from theorycheck.exact.call import recorded
from theorycheck.exact.fact_rules import Equation, facts_of, premises_of
from theorycheck.exact.form import atom, mentions
from theorycheck.exact.letters import whole
from theorycheck.exact.session import (
    Checked,
    Rule,
    Session,
    Stuck,
    conditions_on,
    free_of,
    remainder,
    restrictions,
    sides,
    substitute_all,
)
from theorycheck.fact import Proven
from theorycheck.tree import Node, free_names, sym


@recorded
def telescope(family: str, factor: Node, *using: Equation) -> Rule:
    """Induction on the number of factors: a product W_hi .. W_lo from one layer and the joint between two.

    goal: `W[hi:lo] = P(hi, lo)` for generic indices hi >= lo (hypotheses of the domain). Checked: P(lo, lo) is the layer W_lo
    as `using` gives it, and W_(hi+1) P(hi, lo) = P(hi+1, lo), both in normal form after the equations of `using`. `factor` is
    the symbol hi.
    """

    def check(session: Session, goal: Node) -> Checked:
        facts, names = facts_of(session, using)
        left, right = goal.nodes
        if goal.head != "eq" or left.head != "chain" or left.args[0] != family or left.args[1] != factor:
            raise Stuck(f"the goal is not an equation for the chain of {family} from {factor}")
        hi, lo = str(factor.args[0]), left.nodes[1]
        _downward(session, hi, lo, premises_of(using))
        if session.context.sign(session.read(factor) - session.read(lo)) is None:
            raise Stuck(f"the domain does not say that {hi} is at least the lower end: the empty product is not covered")
        next_one = [substitute_all(c, {hi: factor + 1}) for c in conditions_on(session, hi)]

        def at(tree: Node, value: Node) -> Node:
            return substitute_all(tree, {hi: value})

        base = session.read(at(left, lo), facts) - session.read(at(right, lo), facts)
        if not base.is_zero:
            raise Stuck(f"one factor: left - right = {remainder(base)}")
        from theorycheck.tree.node import matrix_shape

        above = Node("chain", (family, factor + 1, factor + 1), (matrix_shape(at(left, factor + 1))[0], matrix_shape(left)[0]))
        product = session.read(above @ right, facts, next_one)
        step = product - session.read(at(right, factor + 1), facts, next_one)
        if not step.is_zero:
            raise Stuck(f"one factor more: left - right = {remainder(step)}")
        return Checked("base case and step agree", uses=names)

    return Rule("induction on the number of layers", check, premises_of(using))


def _downward(session: Session, hi: str, lo: Node, premises: Sequence[Proven]) -> None:
    """The domain's conditions on hi, where they hold, hold for every smaller hi >= lo: each bounds it above, or holds at lo."""
    free_of(hi, premises)
    if hi in free_names(lo):
        raise Stuck(f"the lower end {lo} depends on {hi}")
    index = atom(sym(hi))
    for f in restrictions(session, {hi}):
        if f.variables or f.given:
            raise Stuck(f"{hi} is restricted by {f.name!r}")
        low, high = sides(f.shows)
        gap = session.read(high) - session.read(low)
        slope = gap.terms.get(next(iter(index.terms)), fmpq(0))
        if f.shows.head == "eq" or mentions((gap - index.scale(slope)).frozen(), hi):
            raise Stuck(f"{f.name!r} is not a bound of {hi}")
        if slope > 0 and not session.follows(substitute_all(f.shows, {hi: lo})):
            raise Stuck(f"{f.name!r} is not known to hold from the lower end on")


@recorded
def congruence(premise: Proven, outer: Node) -> Rule:
    """From P positive semidefinite to Tr[M^T P M] >= 0; the goal says so in any normal form."""

    def check(session: Session, goal: Node) -> Checked:
        from theorycheck.exact.read import trace

        if premise.shows.head != "psd":
            raise Stuck("the premise does not say that a matrix is positive semidefinite")
        p, m = session.read(premise.shows.nodes[0]), session.read(outer)
        low, high = sides(goal)
        rest = session.read(high) - session.read(low) - trace(m.T @ p @ m)
        return _conclude(session, goal, rest)

    return Rule("congruence with a positive semidefinite matrix", check, (premise,))


@recorded
def diagonal(premise: Proven, i: Node, j: Node) -> Rule:
    """From f(i, j) >= 0 for all i, j: the double sum of f is at least the sum of f(i, i).

    The premise is `0 <= f` with both indices generic and of the same range; the goal is `sum_i f(i,i) <= sum_ij f`.
    """

    def check(session: Session, goal: Node) -> Checked:
        zero, f = sides(premise.shows)
        if not session.read(zero).is_zero:
            raise Stuck("the premise is not of the form 0 <= f")
        ranges = [index_range(session, x) for x in (i, j)]
        if ranges[0] != ranges[1] or ranges[0] is None or i == j:
            raise Stuck(f"{i} and {j} have no common range in the domain")
        lo, hi = ranges[0]
        free_of(str(i.args[0]), [premise])
        free_of(str(j.args[0]), [premise])
        from theorycheck.tree import total

        double = total(i, lo, hi, total(j, lo, hi, f))
        single = total(i, lo, hi, substitute_all(f, {str(j.args[0]): i}))
        low, high = sides(goal)
        rest = session.read(high) - session.read(low) - (session.read(double) - session.read(single))
        return _conclude(session, goal, rest)

    return Rule("a sum of terms >= 0 is at least its diagonal", check, (premise,))


@recorded
def member(premise: Proven, i: Node) -> Rule:
    """From 0 <= f(i) for a generic index to f(i) <= sum_i f: a term is at most the sum of terms >= 0."""

    def check(session: Session, goal: Node) -> Checked:
        found = index_range(session, i)
        if found is None:
            raise Stuck(f"{i} has no range in the domain, or more is known of it")
        free_of(str(i.args[0]), [premise])
        from theorycheck.tree import total

        zero, f = sides(premise.shows)
        if not session.read(zero).is_zero:
            raise Stuck("the premise is not of the form 0 <= f")
        low, high = sides(goal)
        rest = session.read(high) - session.read(low) - (session.read(total(i, *found, f)) - session.read(f))
        return _conclude(session, goal, rest)

    return Rule("one of terms >= 0", check, (premise,))


@recorded
def termwise(premise: Proven, i: Node) -> Rule:
    """From f(i) <= g(i) for a generic index to sum_i f <= sum_i g (or with =)."""

    def check(session: Session, goal: Node) -> Checked:
        found = index_range(session, i)
        if found is None:
            raise Stuck(f"{i} has no range in the domain, or more is known of it")
        free_of(str(i.args[0]), [premise])
        from theorycheck.tree import total

        u, v = (total(i, *found, side) for side in sides(premise.shows))
        low, high = sides(goal)
        rest = session.read(high) - session.read(low) - (session.read(v) - session.read(u))
        return _conclude(session, goal, rest, exact=premise.shows.head == "eq")

    return Rule("summed term by term", check, (premise,))


@recorded
def last_one() -> Rule:
    """goal: a sum (product) over i = lo .. hi is that over lo .. hi - 1 plus (times) its last member; hi >= lo is known."""

    def check(session: Session, goal: Node) -> Checked:
        sequence = goal.nodes[0] if goal.head == "eq" else goal
        if sequence.head not in {"sum", "prod"}:
            raise Stuck("the left side is not a sum or a product over an index")
        name, (lo, hi, body) = str(sequence.args[0]), sequence.nodes
        for end in (lo, hi):
            whole(session.read(end), session.context)
        if session.context.sign(session.read(hi) - session.read(lo)) is None:
            raise Stuck(f"it is not known that {hi} is at least {lo}: there may be no last member")
        rest, last = Node(sequence.head, (name, lo, hi - 1, body), sequence.shape), substitute_all(body, {name: hi})
        split = rest + last if sequence.head == "sum" else rest * last
        left = session.read(goal.nodes[1]) - session.read(split)
        if not left.is_zero:
            raise Stuck(f"left over: {remainder(left)}")
        return Checked("the last member split off")

    return Rule("last member", check)


def index_range(session: Session, i: Node) -> tuple[Node, Node] | None:
    """The range lo <= i <= hi that the domain declares for a generic index, if that is all it says of it."""
    name = str(i.args[0])
    about = restrictions(session, {name})
    lo = [f.shows.nodes[1] for f in about if f.shows.head == "ge" and f.shows.nodes[0] == i and not f.given]
    hi = [f.shows.nodes[1] for f in about if f.shows.head == "le" and f.shows.nodes[0] == i and not f.given]
    plain = len(about) == 2 and len(lo) == len(hi) == 1 and name not in free_names(lo[0]) | free_names(hi[0])
    return (lo[0], hi[0]) if plain and name not in session.context.reals else None
