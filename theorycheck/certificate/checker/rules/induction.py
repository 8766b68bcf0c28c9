"""Generic indices: induction, sums term by term, diagonals. An index is generic where its range is all that is known of it."""

from __future__ import annotations

from ..core import (
    OPERATIONS,
    Checker,
    Done,
    Fact,
    Line,
    Node,
    concluded,
    const,
    equations,
    names_in,
    need,
    node,
    show,
    sides,
    substitute,
    symbol,
    whole,
)  # fmt: skip

ONE = node("num", const(1).constant())


def mentioning(ck: Checker, name: str) -> list[Fact]:
    """All hypotheses that say something of a symbol."""
    return [f for f in ck.hypotheses if name in f.shows.free.union(*(g.free for g in f.given)) - set(f.variables)]


def free_of(name: str, lines: list[Line]) -> None:
    need(not any(name in a.free for p in lines for a in p.assumes), f"a premise rests on an assumption about {name}")


def index_range(ck: Checker, i: Node) -> tuple[str, Node, Node]:
    """The range lo <= i <= hi of an integer symbol, if that is all that the hypotheses say of it."""
    need(i.head == "sym" and i.shape == () and i.args[0] in ck.context.integers, "the index is no symbol for an integer")
    about = mentioning(ck, i.args[0])
    lo = [f.shows.trees[1] for f in about if f.shows.head == "ge" and f.shows.trees[0] is i and not f.given and not f.variables]
    hi = [f.shows.trees[1] for f in about if f.shows.head == "le" and f.shows.trees[0] is i and not f.given and not f.variables]
    need(len(about) == 2 and len(lo) == len(hi) == 1, f"more is known of {i.args[0]} than a range")
    need(i.args[0] not in lo[0].free | hi[0].free, "the range of an index depends on it")
    for end in (*lo, *hi):
        whole(ck.read(end), ck.context)
    return i.args[0], lo[0], hi[0]


def termwise(ck: Checker, goal: Node, premise: Line, i: Node) -> None:
    """From f(i) <= g(i) for a generic index to sum_i f <= sum_i g (or with =)."""
    name, lo, hi = index_range(ck, i)
    free_of(name, [premise])
    low, high = (node("sum", name, lo, hi, s) for s in sides(premise.shows))
    rest = ck.gap(goal) - (ck.read(high) - ck.read(low))
    if goal.head == "eq":
        need(premise.shows.head == "eq" and not rest.terms, f"left over: {show(rest)}")
    else:
        concluded(ck, goal, rest)


def diagonal(ck: Checker, goal: Node, premise: Line, i: Node, j: Node) -> None:
    """From 0 <= f(i, j) for generic i, j of one range: sum_i f(i, i) <= sum_ij f(i, j)."""
    (a, lo, hi), (b, lo2, hi2) = index_range(ck, i), index_range(ck, j)
    need(a != b and lo is lo2 and hi is hi2, "two indices with a common range are needed")
    free_of(a, [premise])
    free_of(b, [premise])
    zero, f = sides(premise.shows)
    need(premise.shows.head != "eq" and goal.head != "eq" and not ck.read(zero).terms, "the premise is not 0 <= f")
    double = node("sum", a, lo, hi, node("sum", b, lo, hi, f))
    single = node("sum", a, lo, hi, substitute(f, {b: i}))
    concluded(ck, goal, ck.gap(goal) - (ck.read(double) - ck.read(single)))


def over(ck: Checker, goal: Node, h: Node, base: Line, step: Line) -> Done:
    """From P(lo), and P(h + 1) under P(h) and h + 1 <= hi, to P(h) for the generic index h = lo .. hi."""
    name, lo, hi = index_range(ck, h)
    need(name in goal.free, f"the goal does not mention {name}")
    free_of(name, [base])
    following = node("add", h, ONE)
    before = frozenset({goal, node("le", following, hi, shape=None)})
    need(not any(name in a.free for a in step.assumes - before), f"the step assumes more of {name}")
    for line, place in ((base, lo), (step, following)):
        need(ck.same(line.shows, substitute(goal, {name: place})), f"line {line.number} is not the goal at {place}")
    return Done(drops=before)


def induction(ck: Checker, goal: Node, base: Line, step: Line, index: Node) -> Done:
    return over(ck, goal, index, base, step)


def telescope(ck: Checker, goal: Node, family: str, factor: Node, using: list[Fact | Line | str] = []) -> None:  # noqa: B006
    """W[hi:lo] = P(hi, lo) for generic hi >= lo: at hi = lo, and from hi to hi + 1 by one more layer."""
    need(goal.head == "eq" and goal.trees[0].head == "chain" and factor.head == "sym", "the goal is no equation for a chain")
    left, right = goal.trees
    need(left.args[0] == family and left.trees[0] is factor, f"the goal is no equation for the chain of {family} from {factor}")
    hi, lo, facts = factor.args[0], left.trees[1], equations(ck, using)
    need(hi in ck.context.integers and hi not in lo.free, "the ends of the chain")
    need(ck.sign(ck.read(factor) - ck.read(lo)), "the empty product is not covered")
    free_of(hi, [u for u in using if isinstance(u, Line)])
    for f in mentioning(ck, hi):  # each bounds hi above, or holds at lo, so that it holds for all smaller hi as well
        need(not f.variables and not f.given and f.shows.head != "eq", f"{hi} is restricted by {f.name!r}")
        gap = ck.gap(f.shows)
        slope = gap.terms.get(next(iter(symbol(hi).terms)), const(0).constant())
        need(hi not in names_in(gap - symbol(hi).scale(slope)), f"{f.name!r} is no bound of {hi}")
        start = (slope is not None and slope < 0) or ck.follows(substitute(f.shows, {hi: lo}))
        need(start, f"{f.name!r} is not known from the lower end on")
    need(not ck.gap(substitute(goal, {hi: lo}), facts).terms, "one factor: the sides differ")
    above = node("add", factor, ONE)
    further = [substitute(f.shows, {hi: above}) for f in mentioning(ck, hi)]
    larger = ck.assuming(further)
    target = substitute(goal, {hi: above})
    layer = node("chain", family, above, above, shape=((target.trees[0].shape or ())[0], (left.shape or ())[0]))
    product = larger.read(node("matmul", layer, right), facts)
    need(product == larger.read(target.trees[1], facts), f"one factor more: {show(product)}")


RULES = {
    "index_rules.termwise": termwise,
    "index_rules.diagonal": diagonal,
    "induction_rules.over": over,
    "homogeneous_rules.induction": induction,
    "index_rules.telescope": telescope,
}
OPERATIONS.update({"mentioning": mentioning, "free_of": free_of, "index_range": index_range})
