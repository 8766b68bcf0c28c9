"""The heads a tree may have: one table, and the check of trees from outside (JSON, a certificate) against it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from theorycheck.errors import InputError
from theorycheck.tree.node import (
    Leaf,
    Node,
    Shape,
    free_names,
    is_scalar,
    matrix_shape,
    same_size,
    shapes_agree,
    show_shape,
)

MAX_DEPTH = 100
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")
LAW = re.compile(rf"{NAME.pattern}( {NAME.pattern})*")
LEAVES = {"name", "bound", "function", "flow"}


@dataclass(frozen=True, slots=True)
class Head:
    """One row of the table.

    `args` says what each argument is. Leaves: `name` (of a symbol or family), `bound` (name), `function` (name),
    `flow` (name), `law` (bound names of jointly Gaussian layers, apart by a space), `rational`. Trees: `scalar`, `matrix`,
    `square`, `any` (scalar or matrix), `symbol` (scalar), `variable` (a symbol, a layer, a member of a family),
    `proposition`. The last `repeat` of them may be repeated.
    `shape` names a rule of `RULES`; `kind` is scalar, matrix, proposition, or any (scalar or matrix).
    """

    args: tuple[str, ...]
    shape: str
    kind: str = "scalar"
    repeat: int = 0


def _row(args: str, shape: str = "scalar", kind: str = "scalar", repeat: int = 0) -> Head:
    return Head(tuple(args.split()), shape, kind, repeat)


_FUNCTION = _row("scalar")
_ORDER = _row("scalar scalar", "proposition", "proposition")
_BOUND = _row("bound scalar scalar any", "of the last", "any")

HEADS: dict[str, Head] = {
    "num": _row("rational"),
    "sym": _row("name", "declared", "any"),
    "item": _row("name scalar", "declared", "any"),
    "chain": _row("name scalar scalar", "declared", "matrix"),
    "app": _row("function any"),
    "grad": _row("function matrix", "of the last", "matrix"),
    "at": _row("flow function scalar", "declared", "matrix"),
    "infinity": _row(""),
    "add": _row("any", "all the same", "any", repeat=1),
    "neg": _row("any", "of the last", "any"),
    "mul": _row("any", "of the one matrix", "any", repeat=1),
    "div": _row("any scalar", "of the first", "any"),
    "pow": _row("scalar scalar"),
    "mpow": _row("square scalar", "of the first", "matrix"),
    "matmul": _row("matrix", "inner sizes agree", "matrix", repeat=1),
    "transpose": _row("matrix", "transposed", "matrix"),
    "sqrt": _FUNCTION,
    "exp": _FUNCTION,
    "log": _FUNCTION,
    "abs": _FUNCTION,
    "sign": _FUNCTION,
    "min": _row("scalar scalar"),
    "sum": _BOUND,
    "prod": _row("bound scalar scalar scalar"),
    "integral": _BOUND,
    "sequences": _row("bound scalar scalar scalar"),
    "limit": _row("bound scalar any", "of the last", "any"),
    "eye": _row("", "declared square", "matrix"),
    "zero": _row("", "declared", "matrix"),
    "trace": _row("square"),
    "inner": _row("matrix matrix", "scalar, all the same"),
    "norm": _row("matrix"),
    "schatten": _row("matrix scalar"),
    "rank": _row("matrix"),
    "singular": _row("matrix scalar"),
    "gradient": _row("scalar variable", "of the last", "matrix"),
    "second": _row("scalar variable any", "scalar", repeat=2),
    "expect": _row("law any scalar", "of the first, a law", "any", repeat=1),
    "each": _row("bound scalar scalar proposition", "proposition", "proposition"),
    "every": _row("variable proposition", "proposition", "proposition"),
    "prob": _row("law proposition scalar", "of a law", repeat=1),
    "Dt": _row("any", "of the last", "any"),
    "eq": _row("any any", "proposition, all the same", "proposition"),
    "le": _ORDER,
    "lt": _ORDER,
    "ge": _ORDER,
    "gt": _ORDER,
    "and": _row("proposition", "proposition", "proposition", repeat=1),
    "not": _row("proposition", "proposition", "proposition"),
    "converges": _row("any symbol scalar any", "proposition, ends the same", "proposition"),
    "member": _row("any any scalar", "proposition, first two the same", "proposition"),
    "psd": _row("square", "proposition", "proposition"),
    "defined": _row("any", "proposition", "proposition"),
}


# --- shape rules: the shape that a node's arguments give it; TypeError where they do not fit together -----------------
def _agree(*parts: Node) -> Shape:
    for p in parts[1:]:
        if not shapes_agree(parts[0].shape, p.shape):
            raise TypeError(f"different shapes: {show_shape(parts[0])} and {show_shape(p)}")
    return parts[0].shape


def _one_matrix(x: Node) -> Shape:
    matrices = [n.shape for n in x.nodes if n.shape != ()]
    if len(matrices) > 1:
        raise TypeError("more than one matrix among the factors")
    return matrices[0] if matrices else ()


def _matmul(x: Node) -> Shape:
    for a, b in pairwise(x.nodes):
        if not same_size(matrix_shape(a)[1], matrix_shape(b)[0]):
            raise TypeError(f"{show_shape(a)} by {show_shape(b)}: the inner sizes differ")
    return (matrix_shape(x.nodes[0])[0], matrix_shape(x.nodes[-1])[1])


def _square(x: Node) -> Shape:
    rows, cols = matrix_shape(x)
    if not same_size(rows, cols):
        raise TypeError(f"{show_shape(x)} is not square")
    return x.shape


def _of_law(x: Node, shape: Shape) -> Shape:
    """`shape`, where the covariances are as many as the pairs of names."""
    m = len(str(x.args[0]).split())
    if len(x.nodes) - 1 != m * (m + 1) // 2 or len(set(str(x.args[0]).split())) < m:
        raise TypeError(f"{m} jointly Gaussian families of different names have {m * (m + 1) // 2} covariances")
    return shape


def _proposition(*parts: Node) -> Shape:
    if parts:
        _agree(*parts)
    return None


RULES: dict[str, Callable[[Node], Shape]] = {
    "declared": lambda x: x.shape,
    "declared square": _square,
    "scalar": lambda x: (),
    "of the first": lambda x: x.nodes[0].shape,
    "of the last": lambda x: x.nodes[-1].shape,
    "all the same": lambda x: _agree(*x.nodes),
    "of the one matrix": _one_matrix,
    "inner sizes agree": _matmul,
    "of the first, a law": lambda x: _of_law(x, x.nodes[0].shape),
    "of a law": lambda x: _of_law(x, ()),
    "transposed": lambda x: matrix_shape(x.nodes[0])[::-1],
    "scalar, all the same": lambda x: _agree(*x.nodes) and (),
    "proposition": lambda x: _proposition(),
    "proposition, all the same": lambda x: _proposition(*x.nodes),
    "proposition, ends the same": lambda x: _proposition(x.nodes[0], x.nodes[-1]),
    "proposition, first two the same": lambda x: _proposition(*x.nodes[:2]),
}


def with_args(node: Node, args: tuple[Node | Leaf, ...]) -> Node:
    """`node` with other arguments, its shape computed anew; TypeError where the arguments do not fit together."""
    draft = Node(node.head, args, node.shape)
    return Node(node.head, args, RULES[HEADS[node.head].shape](draft))


Known = set[tuple[Node, bool]]  # trees, and whether they stand below `defined`


# --- the check --------------------------------------------------------------------------------------------------------
def validate(node: Node, known: Known | None = None) -> Node:
    """`node` itself, if it is a tree that the table allows, in its sizes too; InputError otherwise.

    Below `defined` sizes need not fit together: whether they do is what such a claim says. Parts that are in `known` were found
    valid before, as this tree's are for the next.
    """
    _validate(node, set() if known is None else known, 0, False)
    return node


def _validate(node: object, seen: Known, depth: int, loose: bool) -> None:
    if not isinstance(node, Node):
        raise InputError(f"a tree cannot hold {ascii(node)[:60]} as a node; build it with theorycheck.tree")
    if (node, loose) in seen:
        return
    if depth > MAX_DEPTH:
        raise InputError(f"a tree is nested deeper than {MAX_DEPTH}; split the formula")
    inner = loose or node.head == "defined"
    for part in node.nodes:
        _validate(part, seen, depth + 1, inner)
    for size in node.shape or ():
        _validate(size, seen, depth + 1, inner)
    check_node(node, loose)
    seen.add((node, loose))


def check_node(node: Node, loose: bool = False) -> None:
    """Check one node whose parts were checked before, InputError; `loose` leaves out whether sizes fit together."""
    row = HEADS.get(node.head)
    if row is None:
        raise _refusal(node, "no such head; the heads are listed in theorycheck.tree.heads")
    _check_args(node, row, loose)
    if not _is_kind(node, row.kind):
        raise _refusal(node, f"its shape must be that of a {row.kind}")
    if not all(is_scalar(size) and _is_size(size) for size in node.shape or ()):
        raise _refusal(node, "a size must be a scalar tree, and a number among them an integer >= 0")
    if not loose:
        _check_shape(node, row)


def _check_args(node: Node, row: Head, loose: bool) -> None:
    extra = len(node.args) - len(row.args)
    if extra < 0 or (extra and (not row.repeat or extra % row.repeat)):
        raise _refusal(node, f"it takes {' '.join(row.args) or 'no arguments'}, not {len(node.args)} arguments")
    kinds = row.args + row.args[len(row.args) - row.repeat :] * (extra // (row.repeat or 1))
    for kind, arg in zip(kinds, node.args, strict=True):
        if not _is_arg(arg, "matrix" if loose and kind == "square" else kind):
            raise _refusal(node, f"{ascii(arg)[:60]} is not a {kind}, which is needed there")


def _check_shape(node: Node, row: Head) -> None:
    try:
        expected = RULES[row.shape](node)
    except TypeError as problem:
        raise _refusal(node, str(problem)) from None
    if not shapes_agree(expected, node.shape):
        raise _refusal(node, f"its shape is written as {show_shape(node)}, which its arguments do not give")
    if row.args[:1] == ("bound",) and any(node.args[0] in free_names(size) for size in node.shape or ()):
        raise _refusal(node, f"its size depends on the bound name {node.args[0]}")


def _is_arg(arg: object, kind: str) -> bool:
    if kind in LEAVES:
        return isinstance(arg, str) and NAME.fullmatch(arg) is not None
    if kind == "law":
        return isinstance(arg, str) and LAW.fullmatch(arg) is not None
    if kind == "rational":
        return isinstance(arg, Fraction)
    if not isinstance(arg, Node):
        return False
    if kind == "symbol":
        return arg.head == "sym" and is_scalar(arg)
    if kind == "variable":  # W_l is the chain of one layer
        return arg.head in {"sym", "item"} or (arg.head == "chain" and same_size(*arg.nodes))
    if kind == "square":
        return arg.shape is not None and len(arg.shape) == 2 and same_size(*arg.shape)
    return _is_kind(arg, kind)


def _is_kind(node: Node, kind: str) -> bool:
    lengths = {"scalar": (0,), "matrix": (2,), "any": (0, 2), "proposition": (None,)}[kind]
    return (None if node.shape is None else len(node.shape)) in lengths


def _is_size(size: Node) -> bool:
    value = size.args[0] if size.head == "num" else Fraction(0)
    return isinstance(value, Fraction) and value.denominator == 1 and value >= 0


def _refusal(node: Node, reason: str) -> InputError:
    return InputError(f"tree node {ascii(node.head)[:40]}: {reason}")
