"""Random layers as bound names: expectations and probabilities as atoms, equal up to what their layers are called.

The atom ("expect" | "prob", names, covariances, content) binds the families of layers W_l in `names`, whose entries are
Gaussian of mean 0: two at one place of one layer have the covariance of their families (K_11, K_12, .., K_22, ..), all others
are independent. Closed, the names are `$k.i` with k greater than any bound inside; opened, they are fresh. So nothing that is
known of a layer, and no equation about it, reaches a random one. The content of a probability is an event: a relation between
forms, a conjunction, or that one of these holds for all values of a matrix or of an index; these are bound likewise.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

from ..core import (
    EMPTY,
    OPERATIONS,
    ORDERS,
    READERS,
    SCOPED,
    SIGNS,
    Context,
    Form,
    Node,
    asked,
    atom,
    average,
    names_in,
    need,
    only,
    read,
    relation_head,
    renamed,
    sides,
    sign,
    sizes,
)  # fmt: skip

BINDING = {"every": "mat", "each": "sym"}  # kinds of the letters and atoms that an event binds
Names = tuple[str, ...]
COUNT = itertools.count()


def fresh(what: Any) -> str:
    return f"~law{next(COUNT)}"


def called(x: Any, old: Names, new: Names, kinds: tuple[str, ...] = ("chain", "alone")) -> Any:
    """Layers (or letters of other kinds) of these names called otherwise, in a form or in the forms of an event."""
    return renamed(x, {(kind, name): other for name, other in zip(old, new, strict=True) for kind in kinds})


def mapped(x: Any, change: Callable[[Form], Any]) -> Any:
    """All forms of an event changed."""
    if isinstance(x, Form):
        return change(x)
    return tuple(mapped(y, change) for y in x) if isinstance(x, tuple) else x


def closed_law(kind: str, names: Names, covariances: Any, content: Any) -> Any:
    """The atom (or the base of a letter) that binds these names."""
    content = rebound(content, lambda inner: unbound(inner, 1)[0])
    own = unbound(content, len(names))
    return (kind, own, covariances, called(content, names, own))


def unbound(content: Any, count: int) -> Names:
    """Names that are not bound inside."""
    level = 1 + max((int(n[1:].split(".")[0]) for n in names_in(content) if n[:1] == "$"), default=0)
    return tuple(f"${level}.{i}" for i in range(count))


def opened_law(base: Any) -> tuple[Names, Any]:
    """Fresh names and what is said of these layers."""
    names = tuple(map(fresh, base[1]))
    return names, rebound(called(base[3], base[1], names), fresh)


def rebound(x: Any, named: Callable[[Any], str]) -> Any:
    """An event with other names for the matrices and indices that it binds, from inside out."""
    if not isinstance(x, tuple):
        return x
    if x[0] not in BINDING:
        return tuple(rebound(y, named) for y in x)
    kind, own, *ends, inner = x
    inner = rebound(inner, named)
    return (kind, name := named(inner), *ends, called(inner, (own,), (name,), (BINDING[kind],)))


def _remade(base: Any, inner: Any, ctx: Context | None) -> Form:
    """The expectation or probability with its covariances and its content rebuilt."""
    names, content = opened_law(base)
    covariances, content = (mapped(x, lambda y: inner(y, ctx)) for x in (base[2], content))
    if base[0] != "prob":
        return average(content, names, covariances, ctx or EMPTY)
    return atom(closed_law("prob", names, covariances, content))


# --- reading ----------------------------------------------------------------------------------------------------------------
def law(t: Node, ctx: Context) -> tuple[Names, tuple[Form, ...]]:
    """The names and covariances of an expectation or a probability; inside, the names stand for layers only."""
    names = tuple(t.args[0].split())
    covariances = tuple(read(k, ctx) for k in t.trees[1:])
    pairs = len(names) * (len(names) + 1) // 2
    need(len(set(names)) == len(names) and len(covariances) == pairs, f"{len(names)} families have {pairs} covariances")
    need(not any(k.free & set(names) for k in t.trees[1:]), "a covariance that depends on the random layers")
    only(t.trees[0], names, "chain")
    return names, covariances


def _expectation(t: Node, ctx: Context) -> Form:
    names, covariances = law(t, ctx)
    hidden = tuple(map(fresh, names))
    return average(called(read(t.trees[0], ctx.without(names)), names, hidden), hidden, covariances, ctx)


def _probability(t: Node, ctx: Context) -> Form:
    names, covariances = law(t, ctx)
    return atom(closed_law("prob", names, covariances, event(t.trees[0], ctx.without(names))))


def event(t: Node, ctx: Context) -> Any:
    """(head, low, high), parts of a conjunction, ("every", matrix, rows, columns, event) or ("each", index, lo, hi, event)."""
    if t.head == "and":
        return ("and", *(event(x, ctx) for x in t.trees))
    if t.head == "every":
        z, inner = t.trees
        need(z.head == "sym" and z.shape, "an event for all values of what is no matrix symbol")
        only(inner, z.args, "sym", z.shape)
        return ("every", z.args[0], *sizes(z, ctx), event(inner, ctx.without(z.args)))
    if t.head == "each":
        name, low, high, inside = asked("bound")(t, ctx)
        return ("each", name, low, high, event(t.trees[2], inside))
    need(t.head in ORDERS or t.head == "eq", f"an event of the kind {t.head}")
    return (relation_head(t), *(read(x, ctx) for x in sides(t)))


# --- signs ------------------------------------------------------------------------------------------------------------------
def _of_law(a: Any, ctx: Context) -> int:
    """A probability, and the expectation of what is >= 0 for all values of its layers, are >= 0; there must be such layers."""
    known = len(a[1]) == 1 and sign(a[2][0], ctx, 1)
    return 0 if not known else 1 if a[0] == "prob" else min(1, sign(a[3], ctx, 1))


SIGNS.update({"expect": _of_law, "prob": _of_law})
READERS.update({"expect": _expectation, "prob": _probability})
SCOPED.update(dict.fromkeys(("expect", "mean", "symmetric", "prob"), _remade))
OPERATIONS.update({"unbound": unbound, "closed_law": closed_law, "law": law})
