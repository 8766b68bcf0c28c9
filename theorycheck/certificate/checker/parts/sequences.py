"""Sums over all sequences p_1 .. p_N of numbers from 1 to m: what does not mention the sequence stands outside an atom.

The atom ("sequences", name, N, m, term) binds the family p; of its members only p_1 .. p_N have a meaning.
"""

from __future__ import annotations

import itertools
from typing import Any

from flint import fmpq

from ..core import (
    EMPTY,
    ONE,
    READERS,
    SCOPED,
    Context,
    Form,
    Node,
    add,
    assemble,
    at_least,
    atom,
    closed,
    names_in,
    need,
    only,
    opened,
    read,
    rebuilt,
    renamed,
    unbound,
    walk,
    whole,
)  # fmt: skip

COUNT = itertools.count()


def _sequences(t: Node, ctx: Context) -> Form:
    name, (length, count) = t.args[0], (whole(read(x, ctx), ctx) for x in t.trees[:2])
    need(ctx.sign(length) and ctx.sign(count), "sequences of a length or of values that are not known to be >= 0")
    need(name not in t.trees[0].free | t.trees[1].free, f"{name} occurs in the length of its sequences")
    only(t.trees[2], {name}, "item", ())
    need(all(x.head != "sequences" for x in walk(t.trees[2])), "a sum over sequences inside another")
    term = read(t.trees[2], ctx.without({name}))

    def known(a: Any, here: Context) -> None:
        fits = a[:2] != ("item", name) or (at_least(a[2] - ONE, here) and at_least(length - a[2], here))
        need(fits, f"it is not known that there is a member {name}[{a[-1]}]")

    rebuilt(term, known, None, ctx)
    return over(name, length, count, term, ctx)


def over(name: str, length: Form, count: Form, x: Form, ctx: Context) -> Form:
    """The sum of a form over sequences of this name."""
    if not length.terms:
        need(name not in names_in(x), "an empty sequence has no members")
        return x
    parts = []
    for term, c in x.terms.items():
        binders, body = opened(term)
        (((_, factors, word), k),) = body.terms.items()
        need(not word and name not in names_in(tuple(b[1:3] for b in binders)), "a matrix, or ends that depend on a sequence")
        pieces = [p for a, e in factors for p in _apart(a, e, name, ctx)]
        inner = assemble([p for p in pieces if name in names_in(p)], (), fmpq(1), ())
        (own,) = unbound(inner, 1)
        whole_sum = atom(("sequences", own, length, count, renamed(inner, {("item", name): own})))
        outer = assemble([p for p in pieces if name not in names_in(p)], (), c * k, ())
        parts.append(closed(binders, outer * whole_sum))
    return add(parts)


def _apart(a: Any, e: Form, name: str, ctx: Context) -> list[Any]:
    """a^(u + v) for a > 0 as a^u and a^v, where only v mentions the sequence."""
    own = Form({t: c for t, c in e.terms.items() if name in names_in(t)})
    apart = own.terms and own != e and name not in names_in(a) and ctx.sign(atom(a)) == 2
    return [(a, e - own), (a, own)] if apart else [(a, e)]


def _remade(a: Any, inner: Any, ctx: Context | None) -> Form:
    _, own, length, count, term = a
    fresh = f"~sequence{next(COUNT)}"
    return over(fresh, inner(length, ctx), inner(count, ctx), inner(renamed(term, {("item", own): fresh}), ctx), ctx or EMPTY)


READERS["sequences"] = _sequences
SCOPED["sequences"] = _remade
