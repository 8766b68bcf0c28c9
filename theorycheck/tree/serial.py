"""Trees as JSON, one to one: `[head, [arguments], shape]`.

Names and rationals ("p/q" in lowest terms, integers as "p") are strings; the head says which. The shape is null for a
proposition, [] for a scalar, [rows, cols] for a matrix, whose sizes are trees again.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

from theorycheck.errors import InputError
from theorycheck.tree.heads import HEADS, MAX_DEPTH, check_node
from theorycheck.tree.node import Leaf, Node

MAX_DIGITS = 2000
RATIONAL = re.compile(r"-?[0-9]+(/[0-9]+)?")


def to_json(node: Node) -> list[Any]:
    """The tree as nested lists; a number of more than MAX_DIGITS digits raises InputError."""
    args = [to_json(a) if isinstance(a, Node) else _leaf(a) for a in node.args]
    return [node.head, args, None if node.shape is None else [to_json(s) for s in node.shape]]


def from_json(obj: object) -> Node:
    """The tree that `to_json` wrote as `obj`; anything else raises InputError."""
    return _read(obj, 0, False)


def _leaf(value: Leaf) -> str:
    if isinstance(value, Fraction) and max(abs(value.numerator), value.denominator) >= 10**MAX_DIGITS:
        raise InputError(f"a number in a tree has more than {MAX_DIGITS} digits; round it")
    return str(value)


def _read(obj: object, depth: int, loose: bool) -> Node:
    if depth > MAX_DEPTH:
        raise InputError(f"a tree in JSON is nested deeper than {MAX_DEPTH}; split the formula")
    if not isinstance(obj, list) or len(obj) != 3:
        raise InputError(f"a tree in JSON is [head, [arguments], shape], not {_shorten(obj)}")
    head, args, shape = obj
    if not isinstance(head, str) or head not in HEADS:
        raise InputError(f"a tree in JSON has the unknown head {_shorten(head)}; see theorycheck.tree.heads")
    if not isinstance(args, list) or not (shape is None or isinstance(shape, list)):
        raise InputError(f"a tree in JSON: the arguments and the shape of {head} must be lists (or null for the shape)")
    inner = loose or head == "defined"
    parts: list[Node | Leaf] = []
    for a in args:
        parts.append(_read_leaf(head, a) if isinstance(a, str) else _read(a, depth + 1, inner))
    sizes = None if shape is None else tuple([_read(s, depth + 1, inner) for s in shape])
    node = Node(head, tuple(parts), sizes)
    check_node(node, loose)
    return node


def _read_leaf(head: str, text: str) -> Leaf:
    if head != "num":
        return text
    if len(text) > 2 * MAX_DIGITS + 2 or not RATIONAL.fullmatch(text):
        raise InputError(f"a tree in JSON: {_shorten(text)} is not a rational such as 3 or -1/2")
    top, _, bottom = text.partition("/")
    if max(len(top.lstrip("-")), len(bottom)) > MAX_DIGITS:
        raise InputError(f"a tree in JSON: a number has more than {MAX_DIGITS} digits; round it")
    value = Fraction(int(top), int(bottom or "1") or 1)
    if str(value) != text:
        raise InputError(f"a tree in JSON: {_shorten(text)} is not in lowest terms with a positive denominator")
    return value


def _shorten(obj: object) -> str:
    """A short ASCII text of what was found; a container is named by its type, since its own text may be huge."""
    return ascii(obj[:40]) if isinstance(obj, str) else type(obj).__name__
