"""Equations that a line uses: what each is solved for, and its instances at a point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product

from theorycheck.modular.evaluate import Reader, key_of
from theorycheck.modular.field import NoPoint, NotRead
from theorycheck.modular.point import Key, Point
from theorycheck.tree import Node, free_names, num, walk
from theorycheck.tree.node import BINDERS

INDICES = range(8)  # the values that the variables of a universal equation run through


@dataclass(frozen=True)
class Equation:
    """left = right for all `variables` with `given`; `target`: the name that it is solved for, None for function values."""

    left: Node
    right: Node
    variables: tuple[str, ...] = ()
    given: tuple[Node, ...] = ()
    target: str | None = None


def equation(shows: Node, variables: tuple[str, ...] = (), given: tuple[Node, ...] = ()) -> Equation:
    """The equation that a relation says."""
    left, right = shows.nodes
    return Equation(left, right, variables, given)


def assigned(equations: Sequence[Equation]) -> tuple[Equation, ...]:
    """The equations with their targets: definitions, frames and units take their own symbol, the others one that is left."""
    first = [replace(e, target=_own_target(e)) for e in equations]
    taken = frozenset(e.target for e in first if e.target)
    return tuple(replace(e, target=e.target or _free_target(e, taken)) for e in first)


def _own_target(e: Equation) -> str | None:
    x = e.left
    if x.head in {"sym", "item", "chain"} and (x.head != "chain" or is_layer(x) or len(e.variables) == 2):
        return str(x.args[0])
    y = gram(x) or gram_of_rows(x) or unit(x)
    if y is None and x.head == "pow" and x.nodes[0].head in {"sym", "item"}:
        y = x.nodes[0]
    return str(y.args[0]) if y is not None else None


def _free_target(e: Equation, taken: frozenset[str]) -> str | None:
    """A matrix that occurs once on the left, not on the right, and is not made by another equation; layers first."""
    if e.left.head not in {"matmul", "chain", "inner"}:
        return None
    leaves = [n for _, n in walk(e.left) if n.head in {"sym", "item", "chain"} and n.shape]
    names = [str(n.args[0]) for n in leaves]
    fit = [n for n in leaves if names.count(str(n.args[0])) == 1 and n.args[0] not in free_names(e.right)]
    fit = fit if e.left.head != "inner" else leaves
    ranked = sorted(fit, key=lambda n: (n.args[0] in taken, n.head != "chain", n.head != "sym"))
    return str(ranked[0].args[0]) if ranked else None


def is_layer(x: Node) -> bool:
    return x.head == "chain" and x.nodes[0] == x.nodes[1]


def gram(x: Node) -> Node | None:
    """X, where a tree is X^T X."""
    if x.head == "matmul" and len(x.nodes) == 2 and x.nodes[0].head == "transpose" and x.nodes[0].nodes[0] == x.nodes[1]:
        return x.nodes[1] if x.nodes[1].head in {"sym", "item"} or is_layer(x.nodes[1]) else None
    return None


def gram_of_rows(x: Node) -> Node | None:
    """X, where a tree is X X^T."""
    if x.head == "matmul" and len(x.nodes) == 2 and x.nodes[1].head == "transpose" and x.nodes[1].nodes[0] == x.nodes[0]:
        return x.nodes[0] if x.nodes[0].head in {"sym", "item"} else None
    return None


def unit(x: Node) -> Node | None:
    """X, where a tree is |X|^2 or <X, X>."""
    if x.head == "pow" and x.nodes[0].head == "norm" and x.nodes[1] == num(2):
        y = x.nodes[0].nodes[0]
    elif x.head == "inner" and x.nodes[0] == x.nodes[1]:
        y = x.nodes[0]
    else:
        return None
    return y if y.head in {"sym", "item"} else None


@dataclass(frozen=True)
class Instance:
    """A reader with the variables of an equation bound, and the symbols on its left side."""

    read: Reader
    keys: frozenset[Key]


def instances(e: Equation, point: Point) -> list[Instance]:
    """An equation at all indices that its conditions admit."""
    if e not in point.memo:
        found = []
        for values in product(INDICES, repeat=len(e.variables)):
            read = Reader(point, dict(zip(e.variables, values, strict=True)))
            if all(holds(read, g) for g in e.given):
                found.append(Instance(read, frozenset(k for n in leaves(e.left) for k in leaf_keys(read, n))))
        point.memo[e] = found
    return point.memo[e]  # type: ignore[no-any-return]


@lru_cache(maxsize=4096)
def leaves(tree: Node) -> tuple[Node, ...]:
    """The symbols, members and chains in a tree outside sums, whose bound indices have no value here."""
    if tree.head in BINDERS:
        return ()
    own = (tree,) if tree.head in {"sym", "item", "chain"} else ()
    return own + tuple(x for n in tree.nodes for x in leaves(n))


def holds(read: Reader, relation: Node) -> bool:
    """Whether a relation between integers holds; other relations are no restriction here."""
    try:
        a, b = (read.number(n).exact for n in relation.nodes)
    except (NotRead, NoPoint, AssertionError):
        return True
    if a is None or b is None:
        return True
    return {"le": a <= b, "lt": a < b, "ge": a >= b, "gt": a > b, "eq": a == b, "ne": a != b}.get(relation.head, True)


def leaf_keys(read: Reader, n: Node) -> list[Key]:
    if n.head in {"sym", "item"} and not (n.head == "sym" and n.args[0] in read.bound):
        return [key_of(read, n)]
    if n.head == "chain":
        hi, lo = (read.integer(x) for x in n.nodes)
        return [("item", n.args[0], k) for k in range(lo, hi + 1)]
    return []
