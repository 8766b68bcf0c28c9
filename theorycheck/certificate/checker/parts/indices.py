"""Names that only have a meaning as integers; the order of indices."""

from __future__ import annotations

from collections.abc import Iterable

from ..core import OPERATIONS, Context, Form, Node, key

INDICES = {
    **dict.fromkeys(("sum", "prod", "chain", "sequences"), slice(0, 2)),
    "item": slice(0, 1),
    "singular": slice(1, 2),
}


def walk(tree: Node) -> Iterable[Node]:
    yield tree
    for t in (*tree.trees, *(tree.shape or ())):
        yield from walk(t)


def indices(trees: Iterable[Node]) -> frozenset[str]:
    """Names of symbols and families of numbers where only an integer has a meaning: in indices, ends of sums, sizes."""
    nodes = [t for tree in trees for t in walk(tree)]
    places = [p for t in nodes for p in (*t.trees[INDICES.get(t.head, slice(0))], *(t.shape or ()))]
    return frozenset(s.args[0] for p in places for s in walk(p) if s.head in {"sym", "item"} and s.shape == ())


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


OPERATIONS.update({"at_least": at_least, "walk": walk, "indices": indices})
