"""The node table of a certificate: trees, each once, children first, each with the shape that its arguments give."""

from __future__ import annotations

import re
from typing import Any

from flint import fmpq

from .core import HEADS, Node, NotCovered, interned, need, node, same_shape


def read_table(rows: Any) -> list[Node]:
    """The trees of a certificate's node table: each once, children first, each with the shape that its arguments give."""
    found: list[Node] = []

    def at(i: Any) -> Node:
        need(type(i) is int and 0 <= i < len(found), "a node refers to one that does not come before it")
        return found[i]  # type: ignore[no-any-return]

    need(isinstance(rows, list), "the node table is no list")
    for row in rows:
        need(isinstance(row, list) and len(row) == 3 and isinstance(row[0], str) and isinstance(row[1], list), "a node's form")
        head, args, shape = row
        if head not in HEADS:
            raise NotCovered(f"the head {head}")
        need(shape is None or (isinstance(shape, list) and len(shape) in {0, 2}), "a node's shape")
        own = tuple((rational(a) if head == "num" else a) if isinstance(a, str) else at(a) for a in args)
        sizes = None if shape is None else tuple(at(s) for s in shape)
        new = node(head, *own, shape=sizes)
        need(new.ill or same_shape(new.shape, sizes), f"the shape written at {head} is not the one of its arguments")
        new = interned(head, own, sizes, new.ill)
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
