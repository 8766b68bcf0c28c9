"""Trees of a certificate: nodes, indices and sizes in affine form, names for Coq."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

Affine = dict[Any, Fraction]


class NotTranslated(Exception):
    """The text names the head, the rule or the shape that has no translation."""


@dataclass(frozen=True)
class Tree:
    """A node of a certificate: head, arguments (trees or texts), shape (None for a proposition)."""

    head: str
    args: tuple[Tree | str, ...]
    shape: tuple[Tree, ...] | None = ()

    @property
    def parts(self) -> tuple[Tree, ...]:
        return tuple(a for a in self.args if isinstance(a, Tree))

    @property
    def name(self) -> str:
        return str(self.args[0])


def read_trees(rows: list[Any]) -> list[Tree]:
    """The trees of a certificate's table of nodes, in its order."""
    found: list[Tree] = []
    for head, args, shape in rows:
        parts = tuple(found[a] if isinstance(a, int) else a for a in args)
        found.append(Tree(head, parts, None if shape is None else tuple(found[s] for s in shape)))
    return found


def walk(tree: Tree) -> Iterator[Tree]:
    """The tree and all trees in it, those in its sizes included."""
    yield tree
    for part in (*tree.parts, *(tree.shape or ())):
        yield from walk(part)


def free(tree: Tree) -> Iterator[Tree]:
    """The trees in a tree, those in its sizes included, except those with an index or a variable that it binds; it first."""
    yield tree
    limit = tree.head == "converges"
    name, scope = (tree.parts[1].name, tree.parts[:2]) if limit else (str(tree.args[0]) if tree.args else "", tree.parts[-1:])
    for part in (*tree.parts, *(tree.shape or ())):
        inside = (limit or tree.head in BINDERS) and any(part is s for s in scope)
        yield from (x for x in free(part) if not (inside and has_symbol(x, name)))


def has_free(tree: Tree, name: str) -> bool:
    """Whether a tree mentions a symbol outside the sums and products that bind it."""
    return any(x.head == "sym" and x.name == name for x in free(tree))


def has_symbol(tree: Tree, name: str) -> bool:
    return any(x.head == "sym" and x.name == name for x in walk(tree))


def num(value: Fraction | int) -> Tree:
    return Tree("num", (str(Fraction(value)),))


def number(tree: Tree) -> Fraction | None:
    """The value of a tree of numbers only."""
    match tree.head:
        case "num":
            return Fraction(tree.name)
        case "neg":
            value = number(tree.parts[0])
            return None if value is None else -value
    return None


PLACES = {  # which arguments are indices
    "chain": slice(0, 2),
    "sum": slice(0, 2),
    "prod": slice(0, 2),
    "item": slice(0, 1),
    "singular": slice(1, 2),
}
BINDERS = {"sum", "prod", "integral", "limit"}
DERIVED = {"gradient", "Dt"}
COQ_WORDS = {"fun", "forall", "exists", "let", "in", "if", "then", "else", "return", "match", "with", "end", "as", "at", "M"}
OURS = {
    "power",
    "norm",
    "trace",
    "inner",
    "chain",
    "put",
    "rows",
    "cols",
    "sized",
    "eye",
    "total",
    "zsum",
    "psd",
    "madd",
    "mopp",
    "mmul",
    "msum",
    "zprod",
    "singular",
    "rank",
    "schatten",
    "mpow",
}


def identifier(name: str) -> str:
    """A Coq name for a name of the tree; the letters of ours and of Coq are kept apart by an underscore."""
    text = re.sub(r"\W", "_", name)
    clash = text in COQ_WORDS | OURS or re.fullmatch(r"[EMRXYZDpst]|IH|IZR|exp|ln|sqrt|PI|[A-Z]\d+", text)
    return text + "_" if clash else text


def affine(x: Tree) -> Affine:
    """An index or a size as {atom: coefficient}, the constant under None."""
    match x.head:
        case "num":
            return {None: Fraction(x.name)} if Fraction(x.name) else {}
        case "add":
            out: Affine = {}
            for part in x.parts:
                for atom, c in affine(part).items():
                    out[atom] = out.get(atom, Fraction(0)) + c
            return {a: c for a, c in out.items() if c}
        case "neg":
            return {a: -c for a, c in affine(x.parts[0]).items()}
        case "mul" if x.parts[0].head == "num" and len(x.parts) == 2:
            return {a: c * Fraction(x.parts[0].name) for a, c in affine(x.parts[1]).items()}
        case "sym" | "item" | "min" | "rank":
            return {x: Fraction(1)}
    raise NotTranslated(f"the index {x.head}")


def shifted(form: Affine, by: int) -> Affine:
    out = {**form, None: form.get(None, Fraction(0)) + by}
    return {a: c for a, c in out.items() if c}


def widths_of(chain: Tree) -> str:
    """The family of widths that the sizes of a product of layers come from."""
    rows, cols = chain.shape or ()
    if rows.head != "item" or cols.head != "item" or rows.name != cols.name:
        raise NotTranslated("layers whose sizes are no family")
    return rows.name


def integer_names(trees: Iterable[Tree]) -> tuple[frozenset[str], frozenset[str]]:
    """Symbols and families that occur in sizes, indices or ends of sums."""
    symbols: set[str] = set()
    families: set[str] = set()

    def see(x: Tree) -> None:
        for atom in affine(x):
            if atom is not None and atom.head == "sym":
                symbols.add(atom.name)
            elif atom is not None and atom.head == "item":
                families.add(atom.name)
                see(atom.parts[0])
            elif atom is not None and atom.head == "min":
                for part in atom.parts:
                    see(part)

    for tree in trees:
        for x in walk(tree):
            places = list(x.shape or ())
            places += x.parts[PLACES.get(x.head, slice(0, 0))]
            for place in places:
                see(place)
            if x.head in {"sum", "prod"}:
                symbols.add(x.name)
    return frozenset(symbols), frozenset(families)
