"""Where a universal equation is used in a line: values of its index variables, found by matching members of families.

A proposal only: Coq shows the conditions of each instance.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

from theorycheck.certificate.coq.derive import from_index
from theorycheck.certificate.coq.statement import Universal
from theorycheck.certificate.coq.terms import Terms
from theorycheck.certificate.coq.trees import BINDERS, Affine, Tree, affine, free, walk

MOST = 8
NAMED = {"sym", "item", "chain", "app", "grad"}
PLACES = {"item": slice(0, 1), "chain": slice(0, 2)}


def substituted(tree: Tree, values: Mapping[str, Tree], names: Mapping[str, str] | None = None) -> Tree:
    """Symbols replaced by trees, in sizes and indices too, and families and functions renamed; indices in affine form."""
    names = names or {}
    if tree.head == "sym" and tree.name in values:
        return values[tree.name]
    inner = {n: v for n, v in values.items() if not (tree.head in BINDERS and n == tree.name)}
    args = tuple(substituted(a, inner, names) if isinstance(a, Tree) else a for a in tree.args)
    if tree.head in NAMED and str(args[0]) in names:
        args = (names[str(args[0])], *args[1:])
    if tree.head in PLACES:
        args = (args[0], *(from_index(affine(a)) for a in args[1:] if isinstance(a, Tree)))
    shape = None if tree.shape is None else tuple(substituted(s, inner, names) for s in tree.shape)
    return Tree(tree.head, args, shape)


def instances(u: Universal, trees: Sequence[Tree], terms: Terms) -> list[dict[str, Tree]]:
    """Values of the variables of u at which its left side may occur in the trees; one, without values, if it has none."""
    left = u.shows.parts[0]
    names = [v for v in u.variables if any(t.head == "sym" and t.name == v for t in walk(u.shows))]
    if not names:
        return [{}]
    there = list(dict.fromkeys(t for tree in trees for t in free(tree)))
    patterns = [p for p in dict.fromkeys(walk(left)) if p.head in PLACES and _variables(p, names)]
    found: list[dict[str, Tree]] = []
    choices = [list(_matches(p, there, names)) for p in patterns]
    for choice in itertools.islice(itertools.product(*choices), 400):
        merged: dict[str, Tree] = {}
        agreeing = all(merged.setdefault(n, v) == v for one in choice for n, v in one.items())
        if agreeing and set(merged) >= set(names) and merged not in found:
            found.append(merged)
    return found[:MOST]


def _variables(p: Tree, names: Iterable[str]) -> set[str]:
    return {t.name for t in walk(p) if t.head == "sym"} & set(names)


def _matches(p: Tree, there: Iterable[Tree], names: Sequence[str]) -> Iterator[dict[str, Tree]]:
    for t in there:
        if t.head == p.head and t.name == p.name and t.shape is not None:
            solved = [
                _solved(affine(a), affine(b), names)
                for a, b in zip(p.parts[PLACES[p.head]], t.parts[PLACES[p.head]], strict=True)
            ]
            if all(s is not None for s in solved):
                yield {n: v for s in solved if s for n, v in s.items()}


def _solved(pattern: Affine, actual: Affine, names: Sequence[str]) -> dict[str, Tree] | None:
    """The value of the one variable in an index at which it is the actual one."""
    inside = [a for a in pattern if a is not None and a.head == "sym" and a.name in names]
    if not inside:
        return {} if pattern == actual else None
    if len(inside) > 1 or abs(pattern[inside[0]]) != 1:
        return None
    rest = {a: c for a, c in pattern.items() if a != inside[0]}
    value = {a: actual.get(a, Fraction(0)) - rest.get(a, Fraction(0)) for a in {*actual, *rest}}
    return {inside[0].name: from_index({a: c * pattern[inside[0]] for a, c in value.items() if c})}
