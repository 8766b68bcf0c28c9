"""Trees: each node checked against one table of heads and shapes, equal trees one object; their substitution and reading."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from flint import fmpq

from .forms import USED, Binders, Form, Refused, asked, names_in, need, symbol


class Node:
    __slots__ = ("args", "free", "head", "ill", "shape", "trees")
    head: str
    args: tuple[Any, ...]
    shape: tuple[Node, ...] | None  # () of a number, (rows, cols) of a matrix, None of a proposition
    trees: tuple[Node, ...]  # the arguments that are trees
    free: frozenset[str]  # names of symbols, families, functions and paths that occur free
    ill: str  # why the shapes do not fit (allowed below `defined` only)

    def __repr__(self, room: int = 300) -> str:
        """Its beginning: equal parts are one object, so that all of them may be more than can be written."""
        text = self.head
        for a in self.args if room > len(text) else ():
            text += f", {a.__repr__(room - len(text)) if isinstance(a, Node) else a}" if room > len(text) else ""
        return text.replace(", ", "(", 1) + ")" * bool(self.args)


# Arguments -> result. name, bound and law (of random layers, bound) are texts, q a rational; p a proposition, 0 a number, mn a
# matrix of these sizes, s a number or a matrix, v a variable, x a scalar symbol; what has one letter has one shape; t, M, w are
# s, mn, v of any shape; brackets: one time or more. A result that the arguments do not determine is declared.
HEADS = {
    "num": "q -> 0", "sym": "name -> s", "item": "name 0 -> s", "chain": "name 0 0 -> mn", "app": "name t -> 0",
    "grad": "name mn -> mn", "at": "name name 0 -> mn", "infinity": "-> 0", "add": "(s) -> s", "neg": "s -> s",
    "mul": "(t) -> t", "div": "s 0 -> s", "pow": "0 0 -> 0", "mpow": "nn 0 -> nn", "matmul": "(M) -> M",
    "transpose": "mn -> nm",
    **dict.fromkeys(("sqrt", "exp", "log", "abs", "sign"), "0 -> 0"), "min": "0 0 -> 0", "sum": "bound 0 0 s -> s",
    "prod": "bound 0 0 0 -> 0", "integral": "bound 0 0 s -> s", "limit": "bound 0 s -> s", "eye": "-> nn", "zero": "-> mn",
    "trace": "nn -> 0", "inner": "mn mn -> 0", "norm": "M -> 0", "schatten": "M 0 -> 0", "rank": "M -> 0",
    "singular": "M 0 -> 0", "gradient": "0 v -> v", "second": "0 (w t) -> 0", "Dt": "s -> s", "eq": "s s -> p",
    **dict.fromkeys(("le", "lt", "ge", "gt"), "0 0 -> p"), "and": "(p) -> p", "not": "p -> p", "converges": "s x 0 s -> p",
    "member": "s s 0 -> p", "psd": "nn -> p", "defined": "t -> p", "stays": "s s 0 -> p",
    "sequences": "bound 0 0 0 -> 0", "expect": "law s (0) -> s", "prob": "law p (0) -> 0", "every": "v p -> p",
    "each": "bound 0 0 p -> p",
}  # fmt: skip
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")
NAMED = {"sym": 1, "item": 1, "chain": 1, "app": 1, "grad": 1, "at": 2}  # how many of the first arguments are free names
INTERNED: dict[tuple[Any, ...], Node] = {}


def node(head: str, *args: Any, shape: tuple[Node, ...] | None = ()) -> Node:
    """The tree, checked against the table; `shape` counts where the head declares it, elsewhere it is computed."""
    need(head in HEADS, f"the head {head!r} is not known")
    before, _, result = HEADS[head].partition("-> ")
    first, _, again = before.partition("(")
    kinds, group = first.split(), again.strip(") ").split()
    kinds += group * max(1, (len(args) - len(kinds)) // max(1, len(group)))
    need(len(args) == len(kinds) and all(map(_is_a, args, kinds)), f"arguments of {head}")
    try:
        own, ill = _shape(head, kinds, result, args, shape), ""
    except Refused as e:
        own, ill = shape, str(e)
    below = next((t.ill for t in (*args, *(own or ())) if isinstance(t, Node) and t.ill), "")
    return interned(head, args, own, "" if head == "defined" else below or ill)


def interned(head: str, args: tuple[Any, ...], shape: tuple[Node, ...] | None, ill: str) -> Node:
    found = INTERNED.get((head, args, shape))
    if found is None:
        found = Node()
        found.head, found.args, found.shape, found.ill = head, args, shape, ill
        found.trees = tuple(a for a in args if isinstance(a, Node))
        below = frozenset().union(*(t.free for t in (*found.trees, *(shape or ()))))
        found.free = (below | frozenset(args[: NAMED.get(head, 0)])) - bound_names(head, args)
        INTERNED[head, args, shape] = found
    return found


def _is_a(x: Any, kind: str) -> bool:
    if kind in {"name", "bound", "law"}:
        return isinstance(x, str) and all(map(NAME.fullmatch, x.split(" ") if kind == "law" else [x]))
    if kind == "q" or not isinstance(x, Node):
        return kind == "q" and isinstance(x, fmpq)
    if kind in {"v", "w"} and not (x.head in {"sym", "item"} or (x.head == "chain" and size(x.args[1]) == size(x.args[2]))):
        return False
    sizes = {"p": [-1], "0": [0], "x": [0], "mn": [2], "nn": [2], "M": [2]}.get(kind, [0, 2])
    return (-1 if x.shape is None else len(x.shape)) in sizes and (kind != "x" or x.head == "sym")


def _shape(head: str, kinds: list[str], result: str, args: Any, declared: Any) -> tuple[Node, ...] | None:
    known: dict[str, tuple[Node, ...]] = {}

    def bind(kind: str, shape: Any) -> None:
        for name, own in zip(kind, [shape] if len(kind) == 1 else [(s,) for s in shape], strict=True):
            need(same_shape(known.setdefault(name, own), own), f"{head} of sizes that do not fit")

    for kind, x in zip(kinds, args, strict=True):
        if kind in {"s", "v", "mn", "nn"}:
            bind(kind, x.shape)
    if result in {"0", "p"}:
        need(head != "converges" or args[1].args[0] not in args[2].free | args[3].free, "a limit that depends on its symbol")
        return () if result == "0" else None
    if head == "mul":
        shapes = [x.shape for x in args if x.shape]
        need(len(shapes) < 2, "a product by * of two matrices")
        return shapes[0] if shapes else ()
    if head == "matmul":
        need(all(size(a.shape[1]) == size(b.shape[0]) for a, b in itertools.pairwise(args)), "a product of sizes that differ")
        return (args[0].shape[0], args[-1].shape[1])
    if not known:
        need(declared is not None and len(declared) in ((0, 2) if result == "s" else (2,)), f"the shape of {head}")
        for s in declared:
            need(s.shape == () and ((n := size(s).constant()) is None or (n.denom() == 1 and 0 <= n < 10**9)), f"the size {s}")
        bind(result, declared)
        return tuple(declared)
    own = known[result] if len(result) == 1 else (*known[result[0]], *known[result[1]])
    need(not any(bound_names(head, args) & s.free for s in own), "a size that depends on a bound name")
    return own


def same_shape(a: Any, b: Any) -> bool:
    return (a is None) == (b is None) and (a is None or (len(a) == len(b) and all(map(lambda x, y: size(x) == size(y), a, b))))


def bound_names(head: str, args: tuple[Any, ...]) -> frozenset[str]:
    if head in {"converges", "every"}:
        return frozenset(args[head == "converges"].args[:1])
    return frozenset(args[0].split() if HEADS[head].startswith(("bound", "law")) else ())


# --- normal forms of trees --------------------------------------------------------------------------------------------------
@dataclass(frozen=True, eq=False)
class Context:
    """Relations that hold (`gaps`: forms >= 0, or > 0 where marked), and what is declared of names."""

    gaps: tuple[tuple[Form, bool], ...] = ()
    integers: frozenset[str] = frozenset()
    definite: frozenset[str] = frozenset()  # matrices that are symmetric positive definite
    families: frozenset[str] = frozenset()  # families of positive numbers
    formal: bool = False  # under an integral: what no sign licenses is an atom without algebra
    known: dict[Any, Any] = field(default_factory=dict, init=False, repr=False)  # what was found before; larger contexts

    def adding(self, gaps: Iterable[tuple[Form, bool]], integers: Iterable[str] = ()) -> Context:
        own = tuple(dict.fromkeys((*self.gaps, *gaps))), self.integers.union(integers)
        return self.known.setdefault(own, replace(self, gaps=own[0], integers=own[1]))  # type: ignore[no-any-return]

    def without(self, names: Iterable[str]) -> Context:
        """Nothing is known of these names: they are bound, or stand for other values."""
        gone = frozenset(names)
        kept = tuple((g, s) for g, s in self.gaps if not names_in(g) & gone)
        less = Context(kept, self.integers - gone, self.definite - gone, self.families - gone, self.formal)
        return self.known.setdefault(gone, less)  # type: ignore[no-any-return]

    def within(self, binders: Binders) -> Context:
        """Under sums over these indices."""
        ends = [(g, False) for name, lo, hi, _ in binders for g in (symbol(name) - lo, hi - symbol(name))]
        return self.adding(ends, (b[0] for b in binders))

    def sign(self, x: Form) -> int:
        """2 where x > 0 is known, 1 where x >= 0 is, 0 where nothing is: never a "no"."""
        return asked("sign")(x, self)  # type: ignore[no-any-return]

    def nonzero(self, x: Form) -> bool:
        return asked("nonzero")(x, self)  # type: ignore[no-any-return]


EMPTY = Context()


def read(tree: Node, ctx: Context) -> Form:
    """The normal form of a scalar or matrix tree."""
    if tree not in ctx.known:
        need(not tree.ill, f"sizes that do not fit: {tree.ill}")
        need(tree.head in READERS, f"no normal form for {tree.head!r}")
        USED.add(READERS[tree.head].__module__)
        ctx.known[tree] = READERS[tree.head](tree, ctx)
    return ctx.known[tree]  # type: ignore[no-any-return]


def size(tree: Node) -> Form:
    """A size or an index."""
    return read(tree, EMPTY)


def sizes(tree: Node, ctx: Context) -> tuple[Form, Form]:
    """The sizes of a matrix, which are known to be >= 0: what follows from its existence holds."""
    rows, cols = map(size, tree.shape or ())
    need(ctx.sign(rows) and ctx.sign(cols), f"a size of {tree.head} is not known to be >= 0")
    return rows, cols


def parts(tree: Node, ctx: Context) -> list[Form]:
    return [read(t, ctx) for t in tree.trees]


READERS: dict[str, Callable[[Node, Context], Form]] = {}  # head -> its normal form
SCOPED: dict[str, Callable[[Any, Any, Context | None], Form]] = {}  # kind -> (atom, inner, ctx): rebuilt, where it binds names
SIGNS: dict[str, Callable[[Any, Context], int]] = {}  # kind -> the sign of an atom, as Context.sign
