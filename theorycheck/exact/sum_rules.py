"""Sums and products over a range of an index: cut in two, of one member, of none; double sums; in proofs: `sum_rules as sums`.

What is cut is the same body under the same index name, and an end is moved only where the ranges are known to be in order: an
empty range lo .. lo - 1 counts, a reversed one has no meaning (reading such a sum is refused).
"""

from __future__ import annotations

from theorycheck.exact.call import recorded
from theorycheck.exact.form import ONE
from theorycheck.exact.read import inside, read
from theorycheck.exact.session import Checked, Rule, Session, Stuck, remainder, substitute_all, tidy
from theorycheck.tree import Node, free_names, num, sym, total
from theorycheck.tree.node import affine, from_affine

JOINED_BY = {"sum": "add", "prod": "mul"}
OF_NONE = {"sum": num(0), "prod": num(1)}


@recorded
def split() -> Rule:
    """goal: the sum over lo .. hi = the sum over lo .. m + the sum over m + 1 .. hi; a product likewise."""

    def check(session: Session, goal: Node) -> Checked:
        whole = _ranged(goal)
        parts = goal.nodes[1]
        if parts.head != JOINED_BY[whole.head] or len(parts.nodes) != 2:
            raise Stuck(f"the right side is not one {whole.head} and another, joined by {JOINED_BY[whole.head]}")
        first, second = parts.nodes
        for part in parts.nodes:
            if (part.head, part.args[0]) != (whole.head, whole.args[0]) or part.nodes[2] != whole.nodes[2]:
                raise Stuck("a part is not over the same body and index")
        for x in (whole, first, second):
            session.read(x)
        lo, hi, end, start = whole.nodes[0], whole.nodes[1], first.nodes[1], second.nodes[0]
        for what, a, b in (("lower", lo, first.nodes[0]), ("upper", hi, second.nodes[1]), ("inner", end + 1, start)):
            if not (session.read(a) - session.read(b)).is_zero:
                raise Stuck(f"the {what} ends differ by {remainder(session.read(a) - session.read(b))}")
        return Checked("the range cut in two")

    return Rule("a range cut in two", check)


@recorded
def one() -> Rule:
    """goal: the sum (or product) over lo .. lo = its body at lo; a sum may be of matrices."""

    def check(session: Session, goal: Node) -> Checked:
        whole = _ranged(goal, matrices=True)
        lo, hi, body = whole.nodes
        gap = session.read(hi) - session.read(lo)
        if not gap.is_zero:
            raise Stuck(f"the range has more members, or fewer: its ends differ by {remainder(gap)}")
        one = session.read(substitute_all(body, {str(whole.args[0]): lo}))
        if session.read(whole).shape != one.shape:
            raise Stuck("the size of the body depends on the index")
        rest = session.read(goal.nodes[1]) - one
        if not rest.is_zero:
            raise Stuck(f"right - (the body at the one index) = {remainder(rest)}")
        return Checked("one member")

    return Rule("a range of one member", check)


@recorded
def none() -> Rule:
    """goal: the sum over lo .. lo - 1 = 0, the product = 1."""

    def check(session: Session, goal: Node) -> Checked:
        whole = _ranged(goal)
        lo, hi = (session.read(end) for end in whole.nodes[:2])
        if not (lo - hi - ONE).is_zero:
            raise Stuck(f"the range is not empty: lower - upper end = {remainder(lo - hi)}")
        session.read(whole)
        if not (session.read(goal.nodes[1]) - session.read(OF_NONE[whole.head])).is_zero:
            raise Stuck(f"an empty {whole.head} is {OF_NONE[whole.head].args[0]}")
        return Checked("no member")

    return Rule("an empty range", check)


@recorded
def triangle() -> Rule:
    """goal: the sum of f(i, j) over i, j = lo .. hi = that of f(i, i) + 2 times that over lo <= i < j <= hi, as
    `sum_(j = lo + 1 .. hi) sum_(i = lo .. j - 1) f(i, j)`, for a symmetric f."""

    def check(session: Session, goal: Node) -> Checked:
        whole = _ranged(goal)
        lo, hi, row = whole.nodes
        i = str(whole.args[0])
        if row.head != "sum" or row.nodes[:2] != (lo, hi) or {i, row.args[0]} & (free_names(lo) | free_names(hi)):
            raise Stuck("the left side is not a sum over two indices of the same range")
        j, f = str(row.args[0]), row.nodes[2]
        if i == j:
            raise Stuck("the two indices have the same name")
        if not _is_triangle(goal.nodes[1], sym(i), sym(j), lo, hi, f):
            raise Stuck("the right side is not the sum over the diagonal and twice that above it")
        for x in goal.nodes:
            session.read(x)
        ends = [session.read(end) for end in (lo, hi)]
        ctx = inside(inside(session.context, i, *ends), j, *ends)
        rest = read(f, ctx) - read(substitute_all(f, {i: sym(j), j: sym(i)}), ctx)
        if not rest.is_zero:
            raise Stuck(f"f(i, j) - f(j, i) = {remainder(rest)}")
        return Checked("a symmetric double sum: its diagonal, and twice what is above it")

    return Rule("a symmetric double sum", check)


def _is_triangle(x: Node, i: Node, j: Node, lo: Node, hi: Node, f: Node) -> bool:
    """Whether x is sum_i f(i, i) + 2 sum_(j = lo + 1 .. hi) sum_(i = lo .. j - 1) f(i, j), up to how ends are written."""
    diagonal = total(i, lo, hi, substitute_all(f, {str(j.args[0]): i}))
    above = 2 * total(j, lo + 1, hi, total(i, lo, j - 1, f))
    return _with_plain_ends(x) == _with_plain_ends(diagonal + above)


def _with_plain_ends(x: Node) -> Node:
    """The tree with indices, and the ends of sums, in affine form."""
    args = tuple(_with_plain_ends(a) if isinstance(a, Node) else a for a in tidy(x).args)
    if x.head in JOINED_BY:
        args = (args[0], *(from_affine(affine(a)) for a in args[1:3] if isinstance(a, Node)), args[3])
    return Node(x.head, args, tidy(x).shape)


def _ranged(goal: Node, matrices: bool = False) -> Node:
    """The sum or product on the left of an equation, of numbers; a sum may be of matrices where these are admitted."""
    whole = goal.nodes[0]
    if goal.head != "eq" or whole.head not in JOINED_BY or (whole.shape != () and not (matrices and whole.head == "sum")):
        raise Stuck("the goal is not an equation with a sum or product of numbers on its left")
    return whole
