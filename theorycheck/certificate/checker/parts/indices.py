"""Names that only have a meaning as integers, or as what binds them; the order of indices."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..core import NAMED, OPERATIONS, Context, Form, Node, key, need, same_shape

INDICES = {
    **dict.fromkeys(("sum", "prod", "chain", "sequences", "each"), slice(0, 2)),
    "item": slice(0, 1),
    "singular": slice(1, 2),
}


def walk(tree: Node) -> Iterable[Node]:
    """All trees in it, in their sizes too, each once: equal ones are one object."""
    found = {tree: None}
    waiting = [tree]
    while waiting:
        t = waiting.pop()
        yield t
        new = [x for x in (*t.trees, *(t.shape or ())) if x not in found]
        found.update(dict.fromkeys(new))
        waiting += dict.fromkeys(new)


def indices(trees: Iterable[Node]) -> frozenset[str]:
    """Names of symbols and families of numbers where only an integer has a meaning: in indices, ends of sums, sizes."""
    nodes = [t for tree in trees for t in walk(tree)]
    places = [p for t in nodes for p in (*t.trees[INDICES.get(t.head, slice(0))], *(t.shape or ()))]
    return frozenset(s.args[0] for p in places for s in walk(p) if s.head in {"sym", "item"} and s.shape == ())


def only(body: Node, names: Iterable[str], head: str, shape: Any = None) -> None:
    """Refused where one of these names, which are bound, stands for something else as well: that would be bound with it."""
    own = body.free.intersection(names)
    for t in walk(body) if own else ():
        fits = t.head == head and (shape is None or same_shape(t.shape, shape))
        need(fits or not own & set(t.args[: NAMED.get(t.head, 0)]), f"what is bound is not only a {head}: {min(own)}")


def at_least(x: Form, ctx: Context, steps: int = 4) -> bool:
    """Whether x >= 0 by multiples of linear relations, one for each symbol to be removed."""
    c = x.constant()
    if c is not None or not steps:
        return c is not None and c >= 0
    if "linear" not in ctx.known:
        ctx.known["linear"] = [g for g, _ in ctx.gaps if all(not t[0] and len(t[1]) < 2 and not t[2] for t in g.terms)]
    t = min((t for t in x.terms if t[1]), key=key)
    ratios = [(x.terms[t] / g.terms[t], g) for g in ctx.known["linear"] if t in g.terms]
    return any(at_least(x - g.scale(r), ctx, steps - 1) for r, g in ratios if r > 0)


OPERATIONS.update({"at_least": at_least, "only": only, "walk": walk, "indices": indices})
