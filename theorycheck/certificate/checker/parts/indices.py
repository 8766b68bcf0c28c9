"""Names that only have a meaning as integers."""

from __future__ import annotations

from collections.abc import Iterable

from ..core import OPERATIONS, Node

INDICES = {"sum": slice(0, 2), "prod": slice(0, 2), "chain": slice(0, 2), "item": slice(0, 1), "singular": slice(1, 2)}


def walk(tree: Node) -> Iterable[Node]:
    yield tree
    for t in (*tree.trees, *(tree.shape or ())):
        yield from walk(t)


def indices(trees: Iterable[Node]) -> frozenset[str]:
    """Names of symbols and families of numbers where only an integer has a meaning: in indices, ends of sums, sizes."""
    nodes = [t for tree in trees for t in walk(tree)]
    places = [p for t in nodes for p in (*t.trees[INDICES.get(t.head, slice(0))], *(t.shape or ()))]
    return frozenset(s.args[0] for p in places for s in walk(p) if s.head in {"sym", "item"} and s.shape == ())


OPERATIONS.update({"walk": walk, "indices": indices})
