"""Sums and products over an index.

A term's scope is ((index, first, last, sure) ..), outermost sum first; `sure` where the range is known to have a value. A sum
names its index `#k` with k greater than every bound index inside, so that nothing can be captured; opened, it has a fresh name
`~k`. What does not depend on an index is multiplied by the number of its values; from a range that may be empty, only if it has
a value there too.
"""

from __future__ import annotations

import itertools
from typing import Any

from flint import fmpq

from ..core import (
    ONE,
    OPERATIONS,
    READERS,
    Binders,
    Context,
    Form,
    Node,
    add,
    atom,
    closed,
    key,
    names_in,
    need,
    only,
    opened,
    power,
    read,
    renamed,
    sizes,
    whole,
)  # fmt: skip

COUNT = itertools.count()
MOST = 5


def opened_sum(term: Any, shape: tuple[Form, ...]) -> tuple[Binders, Form]:
    table = {("sym", b[0]): f"~{next(COUNT)}" for b in term[0]}
    found = [(table["sym", name], renamed(lo, table), renamed(hi, table), sure) for name, lo, hi, sure in term[0]]
    return found, renamed(Form({((), term[1], term[2]): fmpq(1)}, shape), table)


def closed_sum(binders: Binders, x: Form) -> Form:
    parts = []
    for term, c in x.terms.items():
        more, body = opened(term, x.shape)
        parts.append(_closed([*binders, *more], body).scale(c))
    return add(parts, x.shape)


def _closed(binders: Binders, body: Form) -> Form:
    if len(body.terms) != 1 or next(iter(body.terms))[0]:
        return closed(binders, body)
    ((term, c),) = body.terms.items()
    for i in reversed(range(len(binders))):
        name, lo, hi, sure = binders[i]
        if name not in names_in((term, tuple(b[1:3] for b in binders))) and (sure or total(term)):
            return closed(binders[:i] + binders[i + 1 :], body * (hi - lo + ONE))
    need(len(binders) <= MOST, f"{len(binders)} sums inside each other, of which every order is tried")
    level = 1 + max((int(n[1:]) for n in names_in((term, tuple(b[:3] for b in binders))) if n[:1] == "#"), default=-1)
    best = min((_ordered(order, body, level) for order in itertools.permutations(binders) if _possible(order)), key=key)
    return Form({best: c}, body.shape)


def total(x: Any) -> bool:
    """Whether a part of a form has a value for all values of its symbols: there is no division, root or logarithm in it."""
    if isinstance(x, Form):
        return total(tuple(x.terms))
    if isinstance(x, frozenset):
        return all(total(a) and total(e) and (a[0] in {"prime", "e"} or (e.whole() or 0) > 0) for a, e in x)
    return not isinstance(x, tuple) or (x[:1] not in {("log",), ("formal",), ("spd",)} and all(map(total, x)))


def _possible(order: tuple[Any, ...]) -> bool:
    """Whether no range depends on an index further inside."""
    return not any(names_in(b[1:3]) & {c[0] for c in order[i:]} for i, b in enumerate(order))


def _ordered(order: tuple[Any, ...], body: Form, level: int) -> Any:
    table = {("sym", b[0]): f"#{level + i}" for i, b in enumerate(order)}
    ends = tuple((f"#{level + i}", renamed(lo, table), renamed(hi, table), s) for i, (_, lo, hi, s) in enumerate(order))
    _, factors, word = renamed(next(iter(body.terms)), table)
    return (ends, factors, word)


# --- reading ----------------------------------------------------------------------------------------------------------------
def bound(t: Node, ctx: Context) -> tuple[str, Form, Form, Context]:
    """Index, ends and inner context of a sum or product, whose ends are integers in order (an empty one is hi = lo - 1)."""
    name, low, high = t.args[0], whole(read(t.trees[0], ctx), ctx), whole(read(t.trees[1], ctx), ctx)
    need(ctx.sign(high - low + ONE), f"a {t.head} over {name} whose ends are not known to be in order")
    need(name not in names_in((low, high)), f"the index {name} occurs in its own range")
    only(t.trees[2], {name}, "sym", ())
    return name, low, high, ctx.without({name}).within([(name, low, high, False)])


def _sum(t: Node, ctx: Context) -> Form:
    name, low, high, inner = bound(t, ctx)
    if low - high == ONE:
        return Form({}, sizes(t, ctx) if t.shape else ())
    return closed([(name, low, high, ctx.sign(high - low) > 0)], read(t.trees[2], inner))


def _prod(t: Node, ctx: Context) -> Form:
    name, low, high, inner = bound(t, ctx)
    if low - high == ONE:
        return ONE
    body, number = read(t.trees[2], inner), high - low + ONE
    known = number.whole() is not None or ctx.sign(body) == 2 or (ctx.sign(body) and ctx.sign(number) == 2)
    return binding("prod", name, low, high, body) if name in names_in(body) or not known else power(body, number, ctx)


def binding(head: str, name: str, low: Form, high: Form, body: Form) -> Form:
    """An atom that binds an index: its name is one that is used nowhere inside."""
    level = 1 + max((int(n[1:]) for n in names_in((low, high, body)) if n[:1] == "#"), default=-1)
    return atom((head, f"#{level}", low, high, renamed(body, {("sym", name): f"#{level}"})))


READERS.update({"sum": _sum, "prod": _prod})
OPERATIONS.update({"opened": opened_sum, "closed": closed_sum, "binding": binding, "bound": bound})
