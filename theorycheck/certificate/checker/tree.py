"""Trees of a certificate: each node checked against one table of heads and shapes; equal trees are one object."""

from __future__ import annotations

import itertools
import re
from functools import lru_cache
from typing import Any

from flint import fmpq


class Refused(Exception):
    """What was to be shown does not follow; the text says what is missing."""


def need(condition: object, reason: str) -> None:
    if not condition:
        raise Refused(reason)


# --- trees: one object for each tree, so that equal trees are identical ---------------------------------------------------
class Node:
    __slots__ = ("args", "free", "head", "ill", "shape", "trees")
    head: str
    args: tuple[Any, ...]
    shape: tuple[Node, ...] | None
    trees: tuple[Node, ...]  # the arguments that are trees
    free: frozenset[str]  # names of symbols, families, functions and paths that occur free
    ill: str  # why the shapes do not fit (allowed below `defined` only)

    def __repr__(self) -> str:
        return f"{self.head}({', '.join(map(str, self.args))})" if self.args else self.head


HEADS = {  # arguments -> shape; + repeats what comes before it
    "num": "rational -> scalar", "sym": "name -> declared", "item": "name scalar -> declared",
    "chain": "name scalar scalar -> declared matrix", "app": "name any -> scalar", "grad": "name matrix -> last",
    "at": "name name scalar -> declared matrix", "infinity": "-> scalar", "add": "any + -> same", "neg": "any -> last",
    "mul": "any + -> the matrix", "div": "any scalar -> first", "pow": "scalar scalar -> scalar", "mpow": "square scalar -> first",
    "matmul": "matrix + -> product", "transpose": "matrix -> transposed", "sqrt": "scalar -> scalar", "exp": "scalar -> scalar",
    "log": "scalar -> scalar", "abs": "scalar -> scalar", "sign": "scalar -> scalar", "min": "scalar scalar -> scalar",
    "sum": "bound scalar scalar any -> last", "prod": "bound scalar scalar scalar -> last",
    "integral": "bound scalar scalar any -> last", "limit": "bound scalar any -> last", "eye": "-> declared square",
    "zero": "-> declared matrix", "trace": "square -> scalar", "inner": "matrix matrix -> scalar of same", "norm": "matrix -> scalar",
    "schatten": "matrix scalar -> scalar", "rank": "matrix -> scalar", "singular": "matrix scalar -> scalar",
    "gradient": "scalar variable -> last", "second": "scalar variable any + -> scalar", "Dt": "any -> last",
    "eq": "any any -> proposition of same", "le": "scalar scalar -> proposition", "lt": "scalar scalar -> proposition",
    "ge": "scalar scalar -> proposition", "gt": "scalar scalar -> proposition", "and": "prop + -> proposition",
    "not": "prop -> proposition", "converges": "any symbol scalar any -> proposition", "member": "any any scalar -> proposition",
    "psd": "square -> proposition", "defined": "any -> proposition", "stays": "any any scalar -> proposition",
}  # fmt: skip
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")
BINDERS = {"sum", "prod", "integral", "limit", "converges"}
INTERNED: dict[tuple[Any, ...], Node] = {}


def node(head: str, *args: Any, shape: tuple[Node, ...] | None = ()) -> Node:
    """The tree, checked against the table; `shape` counts where the head declares it, elsewhere it is computed."""
    need(head in HEADS, f"the head {head!r} is not known")
    kinds, _, result = HEADS[head].partition("->")
    expected = kinds.split()
    if "+" in expected:
        group = 2 if head == "second" else 1
        expected = expected[:-1] + expected[-1 - group : -1] * ((len(args) - len(expected) + 1) // group)
    need(len(args) == len(expected) and all(map(_is_a, args, expected)), f"arguments of {head}")
    trees = tuple(a for a in args if isinstance(a, Node))
    ill = "" if head == "defined" else next((t.ill for t in (*trees, *(shape or ())) if t.ill), "")
    try:
        own = _shape(head, result.strip(), trees, shape)
    except Refused as e:
        own, ill = shape, ill or str(e)
    return _intern(head, args, trees, own, ill)


def _intern(head: str, args: tuple[Any, ...], trees: tuple[Node, ...], shape: Any, ill: str) -> Node:
    found = INTERNED.get((head, args, shape))
    if found is None:
        found = Node()
        found.head, found.args, found.shape, found.trees, found.ill = head, args, shape, trees, ill
        names = {args[0]} if head in {"sym", "item", "chain", "app", "grad", "at"} else set()
        names |= {args[1]} if head == "at" else set()
        found.free = frozenset(names).union(*(t.free for t in trees), *(s.free for s in shape or ())) - {bound_name(found)}
        INTERNED[head, args, shape] = found
    return found


def _is_a(x: Any, kind: str) -> bool:
    if kind in {"name", "bound"}:
        return isinstance(x, str) and NAME.fullmatch(x) is not None
    if kind == "rational":
        return isinstance(x, fmpq)
    if not isinstance(x, Node) or (kind == "prop") != (x.shape is None):
        return False
    if kind == "variable":
        return x.head in {"sym", "item"} or (x.head == "chain" and size(x.args[1]) == size(x.args[2]))
    if kind == "symbol":
        return x.head == "sym" and x.shape == ()
    if kind == "square":
        return bool(x.shape)
    return x.shape is None or len(x.shape) in {"scalar": (0,), "matrix": (2,)}.get(kind, (0, 2))


def _shape(head: str, rule: str, trees: tuple[Node, ...], declared: Any) -> tuple[Node, ...] | None:
    first, last = (trees[0].shape, trees[-1].shape) if trees else ((), ())
    if HEADS[head].startswith("square"):
        need(first and size(first[0]) == size(first[1]), f"{head} of a matrix that is not square")
    if rule.endswith("same"):
        need(all(same_shape(first, t.shape) for t in trees), f"{head} of different shapes")
    if head in {"converges", "member", "stays"}:
        other = trees[-1] if head == "converges" else trees[1]
        need(same_shape(first, other.shape), f"{head} of different shapes")
    if head == "second":
        need(all(same_shape(x.shape, v.shape) for x, v in zip(trees[1::2], trees[2::2], strict=True)), "directions of other shapes")
    if rule.startswith("declared"):
        sizes = declared is not None and len(declared) in ((0, 2) if rule == "declared" else (2,))
        need(sizes and all(s.shape == () for s in declared), f"the shape of {head}")
        need(rule != "declared square" or size(declared[0]) == size(declared[1]), f"{head} is not square")
        return tuple(declared)
    if rule == "the matrix":
        shapes = [t.shape for t in trees if t.shape]
        need(len(shapes) < 2, "a product by * of two matrices")
        return shapes[0] if shapes else ()
    if rule == "product":
        for a, b in itertools.pairwise(trees):
            need(a.shape and b.shape and size(a.shape[1]) == size(b.shape[0]), "a product of matrices whose inner sizes differ")
        return (first[0], last[1])  # type: ignore[index]
    if rule == "transposed":
        return (first[1], first[0])  # type: ignore[index]
    simple = {"scalar": (), "scalar of same": (), "first": first, "last": last, "same": first}
    return simple[rule] if rule in simple else None  # type: ignore[return-value]


def same_shape(a: Any, b: Any) -> bool:
    return (a is None) == (b is None) and (a is None or (len(a) == len(b) and all(map(lambda x, y: size(x) == size(y), a, b))))


@lru_cache(maxsize=None)
def size(tree: Node) -> frozenset[Any]:
    """A size or an index as an affine form {(atom, coefficient)}; what is not affine is an atom."""
    total: dict[Any, fmpq] = {}

    def collect(x: Node, c: fmpq) -> None:
        numbers = [t.args[0] for t in x.trees if t.head == "num"]
        if x.head in {"add", "neg"}:
            for t in x.trees:
                collect(t, c if x.head == "add" else -c)
        elif x.head == "mul" and len(numbers) == len(x.trees) - 1:
            for q in numbers:
                c *= q
            collect(next(t for t in x.trees if t.head != "num"), c)
        else:
            a = 1 if x.head == "num" else ("item", x.args[0], size(x.trees[0])) if x.head == "item" else x
            total[a] = total.get(a, fmpq(0)) + (c * x.args[0] if x.head == "num" else c)

    collect(tree, fmpq(1))
    return frozenset((a, c) for a, c in total.items() if c)


def read_table(rows: Any) -> list[Node]:
    """The trees of a certificate's node table: each once, children first, each with the shape that its arguments give."""
    found: list[Node] = []

    def at(i: Any) -> Node:
        need(type(i) is int and 0 <= i < len(found), "a node refers to one that does not come before it")
        return found[i]

    need(isinstance(rows, list), "the node table is no list")
    for row in rows:
        need(isinstance(row, list) and len(row) == 3 and isinstance(row[0], str) and isinstance(row[1], list), "a node's form")
        head, args, shape = row
        need(shape is None or (isinstance(shape, list) and len(shape) in {0, 2}), "a node's shape")
        own = tuple((rational(a) if head == "num" else a) if isinstance(a, str) else at(a) for a in args)
        sizes = None if shape is None else tuple(at(s) for s in shape)
        new = node(head, *own, shape=sizes)
        need(new.ill or same_shape(new.shape, sizes), f"the shape written at {head} is not the one of its arguments")
        new = _intern(head, own, new.trees, sizes, new.ill)
        found.append(new)
    need(len(set(map(id, found))) == len(found), "a node stands in the table twice")
    return found


def rational(text: str) -> fmpq:
    need(re.fullmatch(r"-?[0-9]{1,2000}(/[0-9]{1,2000})?", text), "a number that is no rational p/q")
    top, _, bottom = text.partition("/")
    need(not bottom or int(bottom), "a division by zero")
    value = fmpq(int(top), int(bottom or 1))
    need(str(value) == text, "a rational that is not in lowest terms")
    return value


def bound_name(tree: Node) -> str | None:
    if tree.head not in BINDERS:
        return None
    return tree.args[1].args[0] if tree.head == "converges" else tree.args[0]


def substitute(tree: Node, names: dict[str, Any]) -> Node:
    """Symbols replaced by trees of their shapes, functions, families and paths by names; nothing is captured or set in motion."""
    if not tree.free & names.keys():
        return tree
    images = {n: {v} if isinstance(v, str) else v.free for n, v in names.items()}
    if tree.head in {"Dt", "gradient", "second"}:
        moves = {"t"} if tree.head == "Dt" else {x.args[0] for x in tree.trees[1::2]}
        fixed = tree.trees[0].free - moves
        new = {m for n in moves for m in images.get(n, {n})}
        need(not new & {m for n in fixed for m in images.get(n, {n})}, f"an instance changes what moves in {tree.head}")
        need(tree.head != "Dt" or new == moves, "an instance replaces the time of a derivative")
    shape = None if tree.shape is None else tuple(substitute(s, names) for s in tree.shape)
    if tree.head == "sym":
        new_tree = names[tree.args[0]] if tree.args[0] in names else node("sym", tree.args[0], shape=shape)
        need(isinstance(new_tree, Node) and same_shape(shape, new_tree.shape), f"{tree.args[0]} is replaced by another shape")
        return new_tree
    bound = bound_name(tree)
    inner = {n: v for n, v in names.items() if n != bound}
    need(not any(bound in images[n] for n in inner if n in tree.free), f"the bound name {bound} would be captured")
    named = {"item": 1, "chain": 1, "app": 1, "grad": 1, "at": 2}.get(tree.head, 0)
    args = []
    for i, a in enumerate(tree.args):
        if isinstance(a, Node):
            args.append(substitute(a, inner))
        else:
            args.append(names.get(a, a) if i < named else a)
            need(isinstance(args[-1], type(a)), f"the name {a} is replaced by a tree")
    return node(tree.head, *args, shape=shape)
