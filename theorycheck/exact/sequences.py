"""Sums over sequences p_1 .. p_N of numbers from 1 to m, as normal forms, and the rules about them.

The sum is linear: what does not mention the sequence stands outside, and the rest of each term is an atom. A sum over the empty
sequence is its only term. Longer sequences are shorter ones with a last member (`last_place`), which may be summed over.
"""

from __future__ import annotations

from collections.abc import Iterator

from theorycheck.exact.call import recorded
from theorycheck.exact.context import Context
from theorycheck.exact.form import Atom, Form, Frozen, NotInForm, assemble, atom, closed, combine, opened
from theorycheck.exact.letters import whole
from theorycheck.exact.session import Checked, Rule, Session, Stuck, free_of, remainder, restrictions
from theorycheck.exact.words import free_symbols
from theorycheck.fact import Proven
from theorycheck.tree import Node, num, sym
from theorycheck.tree.node import affine, free_names, replace, same_size, walk

BOUND = "~sequence"


def read_sequences(t: Node, ctx: Context) -> Form:
    """The normal form of a sum over sequences; the bound family has one name in all of them."""
    from theorycheck.exact.read import read

    name, (length, count, body) = str(t.args[0]), t.nodes
    ends = [whole(read(n, ctx), ctx) for n in (length, count)]
    if any(ctx.sign(end) is None for end in ends):
        raise NotInForm("a sum over sequences whose length and number of values are not known to be >= 0")
    if any(n.head == "sequences" for _, n in walk(body)):
        raise NotInForm("a sum over sequences inside another")
    x = read(_renamed(body, name), ctx.without({name}))
    if ends[0].is_zero:
        if BOUND in free_symbols(x.frozen()):
            raise NotInForm("an empty sequence has no members")
        return x
    parts = []
    for (binders, old, word), c in x.terms.items():
        names, (limits, factors) = opened(binders, (old,))
        if BOUND in free_symbols(limits):
            raise NotInForm("a sum whose ends depend on a sequence")
        pieces = [piece for a, e in factors for piece in _apart(a, e, ctx)]
        inner = [f for f in pieces if BOUND in free_symbols(f)]
        outer = assemble((), [f for f in pieces if f not in inner], word, c, ())
        own = assemble((), inner, (), c / c, ())
        parts.append(closed(names, limits, outer * atom(("sequences", ends[0].frozen(), ends[1].frozen(), own.frozen()))))
    return combine(parts, ())


def _apart(a: Atom, e: Frozen, ctx: Context) -> list[tuple[Atom, Frozen]]:
    """a^(u + v) for a > 0 as a^u and a^v, where u does not mention the sequence."""
    if BOUND not in free_symbols(e) or BOUND in free_symbols(a) or ctx.sign(atom(a)) != "positive":
        return [(a, e)]
    own = frozenset(t for t in e if BOUND in free_symbols(t))
    return [(a, e - own), (a, own)] if own != e else [(a, e)]


def _renamed(t: Node, name: str) -> Node:
    """The tree with the family `name` under the name that the normal form gives it."""
    args = tuple(_renamed(a, name) if isinstance(a, Node) else a for a in t.args)
    if t.head == "item" and args[0] == name:
        args = (BOUND, *args[1:])
    return Node(t.head, args, t.shape)


@recorded
def alike(line: Proven) -> Rule:
    """From f = g for an arbitrary sequence to the sums of f and of g over all sequences of one length."""

    def check(session: Session, goal: Node) -> Checked:
        left, right = _sums(goal)
        name = str(left.args[0])
        if line.shows.head != "eq" or line.shows.nodes != (left.nodes[2], right.nodes[2]):
            raise Stuck("the line does not say that the two terms are equal")
        if left.args[:3] != right.args[:3]:
            raise Stuck("the two sums are over different sequences")
        free_of(name, [line])
        if restrictions(session, {name}) or name in session.context.positive_families | session.context.reals:
            raise Stuck(f"{name} is restricted in the domain; the term must be that of an arbitrary sequence")
        return Checked("equal terms, equal sums")

    return Rule("sums over sequences, term by term", check, (line,))


@recorded
def last_place() -> Rule:
    """goal: the sum over sequences of length N of f is that over sequences of length N - 1 of f(.., 1) + .. + f(.., m).

    f names the last member as p_N, and of the others those between 1 and N - 1, which must be known; m is a number.
    """

    def check(session: Session, goal: Node) -> Checked:
        left, right = _sums(goal)
        name, (length, count, body) = str(left.args[0]), left.nodes
        if count.head != "num" or name != right.args[0] or right.nodes[1] != count or not same_size(right.nodes[0], length - 1):
            raise Stuck("the right side is not a sum over sequences that are one shorter, with the same number of values")
        places = list(_places(session, body, name, length, session.context))
        terms = [_put(body, places, num(v)) for v in range(1, int(session.read(count).constant() or 0) + 1)]
        expected = Node("sequences", (name, right.nodes[0], count, terms[0] if len(terms) == 1 else Node("add", tuple(terms))))
        gap = session.read(right) - session.read(expected)
        session.read(left)
        if not gap.is_zero:
            raise Stuck(f"left over: {remainder(gap)}")
        return Checked("the last member is summed over")

    return Rule("last member of a sequence", check)


def _sums(goal: Node) -> tuple[Node, Node]:
    if goal.head != "eq" or any(n.head != "sequences" for n in goal.nodes):
        raise Stuck("the goal is not an equation between two sums over sequences")
    return goal.nodes[0], goal.nodes[1]


def _places(session: Session, t: Node, name: str, length: Node, ctx: Context) -> Iterator[tuple[int, ...]]:
    """Where a tree names the last member; Stuck where it is not known that another one is an earlier member."""
    if t.head == "item" and t.args[0] == name:
        index = t.nodes[0]
        if affine(index - length) == {}:
            yield ()
            return
        low, high = session.read(index - 1), session.read(length - 1 - index)
        if ctx.sign(low) is None or ctx.sign(high) is None:
            raise Stuck(f"it is not known that {index} is one of the places before the last one")
    if t.head in {"sum", "prod"}:
        lo, hi = (session.read(n) for n in t.nodes[:2])
        index_ = atom(sym(str(t.args[0])))
        if str(t.args[0]) in free_names(length):
            raise Stuck(f"the index {t.args[0]} occurs in the length; rename it")
        ctx = ctx.without({str(t.args[0])}).adding([index_ - lo, hi - index_])
    elif t.head in {"integral", "limit", "expect", "prob", "sequences"} and name in free_names(t):
        raise Stuck(f"a sequence inside {t.head}")
    for i, child in enumerate(t.args):
        if isinstance(child, Node):
            yield from ((i, *rest) for rest in _places(session, child, name, length, ctx))


def _put(t: Node, places: list[tuple[int, ...]], value: Node) -> Node:
    for place in places:
        t = replace(t, place, value)
    return t
