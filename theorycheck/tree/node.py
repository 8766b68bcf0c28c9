"""The language of claims: one frozen tree `Node(head, args, shape)`, nothing rewritten on construction.

A tree is what the paper prints. Every reader (exact algebra, balls, NumPy, LaTeX, JSON, the checker) reads the same tree,
so that no check can test another formula than the printed one.

Shapes: `()` is a scalar, `(rows, cols)` a matrix whose sizes are themselves scalar trees, `None` a proposition. Vectors are
matrices with one column.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

Leaf = str | Fraction
Shape = tuple["Node", ...] | None
Number = int | Fraction


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """One node: its head (see `heads.HEADS`), its arguments (nodes, or names and rationals at the leaves), its shape."""

    head: str
    args: tuple[Node | Leaf, ...]
    shape: Shape = ()
    _hash: int = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash((self.head, self.args, self.shape)))

    def __reduce__(self) -> tuple[type[Node], tuple[object, ...]]:
        return Node, (self.head, self.args, self.shape)  # the cached hash is only good in this process

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not isinstance(other, Node) or self._hash != other._hash:
            return False
        return self.head == other.head and self.args == other.args and self.shape == other.shape

    def __repr__(self) -> str:
        return f"{self.head}({', '.join(map(str, self.args))})"

    def __add__(self, other: Node | Number) -> Node:
        return add(self, other)

    def __radd__(self, other: Number) -> Node:
        return add(other, self)

    def __sub__(self, other: Node | Number) -> Node:
        return add(self, neg(as_node(other)))

    def __rsub__(self, other: Number) -> Node:
        return add(other, neg(self))

    def __neg__(self) -> Node:
        return neg(self)

    def __mul__(self, other: Node | Number) -> Node:
        return mul(self, other)

    def __rmul__(self, other: Number) -> Node:
        return mul(other, self)

    def __truediv__(self, other: Node | Number) -> Node:
        return div(self, other)

    def __rtruediv__(self, other: Number) -> Node:
        return div(other, self)

    def __pow__(self, other: Node | Number) -> Node:
        return power(self, other)

    def __matmul__(self, other: Node) -> Node:
        return matmul(self, other)

    @property
    def T(self) -> Node:
        rows, cols = matrix_shape(self)
        return Node("transpose", (self,), (cols, rows))

    @property
    def nodes(self) -> tuple[Node, ...]:
        """The arguments that are trees."""
        return tuple(a for a in self.args if isinstance(a, Node))


def num(value: Number) -> Node:
    return Node("num", (Fraction(value),))


def as_node(value: Node | Number) -> Node:
    return value if isinstance(value, Node) else num(value)


def matrix_shape(x: Node) -> tuple[Node, Node]:
    """The (rows, cols) of a matrix tree; a scalar or a proposition raises TypeError."""
    if x.shape is None or len(x.shape) != 2:
        raise TypeError(f"{x} is not a matrix; use a matrix or a vector here")
    return x.shape[0], x.shape[1]


def is_scalar(x: Node) -> bool:
    return x.shape == ()


def _same_shape(head: str, parts: tuple[Node, ...]) -> Shape:
    first = parts[0].shape
    for p in parts[1:]:
        if not shapes_agree(first, p.shape):
            raise TypeError(f"{head} of different shapes: {show_shape(parts[0])} and {show_shape(p)}")
    return first


def shapes_agree(a: Shape, b: Shape) -> bool:
    """Whether two shapes are the same; sizes are compared as affine forms, so n_(l-1+1) is n_l."""
    if a is None or b is None:
        return a is b
    return len(a) == len(b) and all(same_size(x, y) for x, y in zip(a, b, strict=True))


def show_shape(x: Node) -> str:
    return "a scalar" if x.shape == () else "a proposition" if x.shape is None else " x ".join(map(plain, x.shape))


def plain(x: Node) -> str:
    """A short text for sizes and indices in messages."""
    match x.head:
        case "num":
            return str(x.args[0])
        case "sym":
            return str(x.args[0])
        case "item":
            return f"{x.args[0]}_{plain(x.nodes[0])}"
        case "add":
            return " + ".join(plain(n) for n in x.nodes).replace("+ -", "- ")
        case "neg":
            return "-" + plain(x.nodes[0])
        case _:
            return repr(x)


ONE = Node("num", (Fraction(1),))


def affine(x: Node) -> dict[Node | None, Fraction]:
    """An index or size as an affine form {atom: coefficient}, the constant under None; other heads are atoms."""
    match x.head:
        case "num":
            return {None: Fraction(x.args[0])} if x.args[0] else {}  # type: ignore[arg-type]
        case "add":
            total: dict[Node | None, Fraction] = {}
            for part in x.nodes:
                for atom, c in affine(part).items():
                    total[atom] = total.get(atom, Fraction(0)) + c
            return {a: c for a, c in total.items() if c}
        case "neg":
            return {a: -c for a, c in affine(x.nodes[0]).items()}
        case "mul" if sum(n.head != "num" for n in x.nodes) <= 1:
            factor = Fraction(1)
            for n in x.nodes:
                factor *= Fraction(n.args[0]) if n.head == "num" else 1  # type: ignore[arg-type]
            rest = next((n for n in x.nodes if n.head != "num"), ONE)
            return {a: factor * c for a, c in affine(rest).items()} if factor else {}
        case "item":
            index = from_affine(affine(x.nodes[0]))
            return {Node("item", (x.args[0], index), x.shape): Fraction(1)}
        case _:
            return {x: Fraction(1)}


def from_affine(form: Mapping[Node | None, Fraction]) -> Node:
    """The tree of an affine form, atoms in a fixed order."""
    terms = sorted(((repr(a), a, c) for a, c in form.items() if a is not None), key=lambda t: t[0])
    parts = [a if c == 1 else num(c) * a for _, a, c in terms if a is not None]
    if form.get(None) or not parts:
        parts.append(num(form.get(None, Fraction(0))))
    return parts[0] if len(parts) == 1 else Node("add", tuple(parts))


def same_size(a: Node, b: Node) -> bool:
    return a == b or affine(a) == affine(b)


def add(*parts: Node | Number) -> Node:
    flat: list[Node] = []
    for p in parts:
        n = as_node(p)
        flat.extend(n.nodes if n.head == "add" else (n,))
    return Node("add", tuple(flat), _same_shape("sum", tuple(flat)))


def neg(x: Node) -> Node:
    return Node("neg", (x,), x.shape)


def mul(*parts: Node | Number) -> Node:
    """Product of scalars, of which one factor may be a matrix (a scalar multiple)."""
    flat: list[Node] = []
    for p in parts:
        n = as_node(p)
        flat.extend(n.nodes if n.head == "mul" else (n,))
    matrices = [n for n in flat if n.shape != ()]
    if len(matrices) > 1 or any(n.shape is None for n in flat):
        raise TypeError("* multiplies scalars, or a scalar and one matrix; use @ between matrices")
    return Node("mul", tuple(flat), matrices[0].shape if matrices else ())


def div(a: Node | Number, b: Node | Number) -> Node:
    top, bottom = as_node(a), as_node(b)
    if bottom.shape != () or top.shape is None:
        raise TypeError("/ divides by a scalar only")
    return Node("div", (top, bottom), top.shape)


def power(a: Node | Number, b: Node | Number) -> Node:
    base, exponent = as_node(a), as_node(b)
    if exponent.shape != ():
        raise TypeError("an exponent is a scalar")
    if base.shape == ():
        return Node("pow", (base, exponent))
    rows, cols = matrix_shape(base)
    if not same_size(rows, cols):
        raise TypeError(f"a power of a matrix that is not square: {show_shape(base)}")
    return Node("mpow", (base, exponent), base.shape)


def matmul(*parts: Node) -> Node:
    flat: list[Node] = []
    for p in parts:
        flat.extend(p.nodes if p.head == "matmul" else (p,))
    for a, b in itertools.pairwise(flat):
        if not same_size(matrix_shape(a)[1], matrix_shape(b)[0]):
            raise TypeError(f"product of {show_shape(a)} by {show_shape(b)}: the inner sizes differ")
    return Node("matmul", tuple(flat), (matrix_shape(flat[0])[0], matrix_shape(flat[-1])[1]))


def walk(tree: Node, path: tuple[int, ...] = ()) -> Iterator[tuple[tuple[int, ...], Node]]:
    """Every node below `tree` with its path (positions in `args`), parents first."""
    yield path, tree
    for i, a in enumerate(tree.args):
        if isinstance(a, Node):
            yield from walk(a, (*path, i))


def replace(tree: Node, path: tuple[int, ...], new: Node) -> Node:
    """The tree with the node at `path` exchanged; shapes are not recomputed, so `new` must have the old shape."""
    if not path:
        return new
    i, rest = path[0], path[1:]
    child = tree.args[i]
    if not isinstance(child, Node):
        raise TypeError(f"{tree.head} has no tree at position {i}")
    args = (*tree.args[:i], replace(child, rest, new), *tree.args[i + 1 :])
    return Node(tree.head, args, tree.shape)


BINDERS = {"sum", "prod", "sequences", "integral", "limit", "converges", "each"}


RANDOM = {"expect", "prob"}


def bound_name(tree: Node) -> str | None:
    """The name that a sum, product, integral or limit binds, if the node is one."""
    if tree.head not in BINDERS:
        return None
    first = tree.args[1] if tree.head == "converges" else tree.args[0]
    return str(first.args[0]) if isinstance(first, Node) else str(first)


def bound_names(tree: Node) -> frozenset[str]:
    """All names that a node binds: of an expectation or a probability those of its random layers."""
    if tree.head in RANDOM:
        return frozenset(str(tree.args[0]).split())
    one = str(tree.nodes[0].args[0]) if tree.head == "every" else bound_name(tree)
    return frozenset() if one is None else frozenset({one})


def substitute(tree: Node, names: Mapping[str, Node]) -> Node:
    """Replace symbols by trees, in sizes too; bound names are left alone, and capturing one is an error."""
    if not names:
        return tree
    if tree.head == "sym" and tree.args[0] in names:
        return names[str(tree.args[0])]
    inner = names
    bound = bound_names(tree)
    if bound:
        inner = {k: v for k, v in names.items() if k not in bound}
        for taken in (bound & free_names(v) for v in inner.values()):
            if taken:
                raise ValueError(f"substitution would capture the bound name {min(taken)}; rename it")
    args = tuple(substitute(a, inner) if isinstance(a, Node) else a for a in tree.args)
    shape = tree.shape and tuple(substitute(s, names) for s in tree.shape)
    return Node(tree.head, args, shape)


def free_names(tree: Node) -> frozenset[str]:
    """Names of symbols, families, functions and trajectories that occur free."""
    own: set[str] = set()
    if tree.head in {"sym", "item", "chain", "app", "grad", "at"}:
        own.add(str(tree.args[0]))
    if tree.head == "at":
        own.add(str(tree.args[1]))
    for child in tree.nodes:
        own |= free_names(child)
    for size in tree.shape or ():
        own |= free_names(size)
    return frozenset(own - bound_names(tree))
