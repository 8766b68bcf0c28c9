"""The gradient of a scalar tree in a matrix symbol or layer, by going backwards through the tree (the chain rule)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from theorycheck.modular.evaluate import Reader, key_of, layer, power
from theorycheck.modular.field import (
    ONE,
    Matrix,
    NotRead,
    Number,
    Value,
    add,
    constant,
    identity,
    inner,
    inverse,
    mul,
    neg,
    transpose,
    zeros,
)
from theorycheck.modular.functions import gradient_at
from theorycheck.modular.point import Key
from theorycheck.tree import Node, free_names

HALF = inverse(constant(2))
names = lru_cache(maxsize=4096)(free_names)


@dataclass
class Slope:
    """What is collected on the way back: the variable, and its gradient so far."""

    key: Key
    total: Matrix


def gradient(read: Reader, t: Node) -> Matrix:
    """The matrix g with D body = <g, direction> for each direction of the variable."""
    body, wrt = t.nodes
    if read.moving:
        raise NotRead("a derivative of a gradient")
    out = Slope(key_of(read, wrt), Matrix((zeros(*read.shape(wrt)),)))
    back(read, body, ONE, out)
    return out.total


def back(read: Reader, t: Node, bar: Value, out: Slope) -> None:
    """Add what the tree t contributes where the body changes by <bar, dt>."""
    if out.key[1] not in names(t):
        return
    nodes = t.nodes
    match t.head:
        case "sym" | "item":
            if key_of(read, t) == out.key:
                out.total = add(out.total, bar)
        case "chain":
            _chain(read, t, bar, out)
        case "add":
            for n in nodes:
                back(read, n, bar, out)
        case "neg":
            back(read, nodes[0], neg(bar), out)
        case "mul":
            _product(read, t, bar, out)
        case "div":
            _quotient(read, t, bar, out)
        case "matmul":
            _word(read, t, bar, out)
        case "transpose":
            assert isinstance(bar, Matrix)
            back(read, nodes[0], transpose(bar), out)
        case "trace":
            back(read, nodes[0], mul(bar, Matrix((identity(read.shape(nodes[0])[0]),))), out)
        case "inner":
            back(read, nodes[0], mul(bar, read(nodes[1])), out)
            back(read, nodes[1], mul(bar, read(nodes[0])), out)
        case "pow" | "sqrt" | "norm":
            _power(read, t, bar, out)
        case "exp":
            back(read, nodes[0], mul(bar, read(t)), out)
        case "app":
            x = read(nodes[0])
            if not isinstance(x, Matrix):
                raise NotRead("a derivative of a function of numbers")
            back(read, nodes[0], mul(bar, gradient_at(read, str(t.args[0]), x)), out)
        case "sum":
            for k in range(read.integer(nodes[0]), read.integer(nodes[1]) + 1):
                back(replace(read, bound={**read.bound, str(t.args[0]): k}), nodes[2], bar, out)
        case _:
            raise NotRead(f"a gradient of {t.head!r}")


def _chain(read: Reader, t: Node, bar: Value, out: Slope) -> None:
    name, (hi, lo) = str(t.args[0]), (read.integer(n) for n in t.nodes)
    if out.key[1] != name or not lo <= out.key[2] <= hi:
        return
    for k in range(hi, out.key[2], -1):
        bar = mul(transpose(layer(read, name, k, t)), bar)
    for k in range(lo, out.key[2]):
        bar = mul(bar, transpose(layer(read, name, k, t)))
    out.total = add(out.total, bar)


def _product(read: Reader, t: Node, bar: Value, out: Slope) -> None:
    """A product of scalars and at most one matrix."""
    values = [read(n) for n in t.nodes]
    for i, n in enumerate(t.nodes):
        others: Value = ONE
        for j, x in enumerate(values):
            others = mul(others, x) if j != i else others
        if isinstance(bar, Matrix) and isinstance(others, Matrix):
            back(read, n, inner(bar, others), out)
        else:
            back(read, n, mul(others, bar), out)


def _quotient(read: Reader, t: Node, bar: Value, out: Slope) -> None:
    top, bottom = read(t.nodes[0]), inverse(read.number(t.nodes[1]))
    back(read, t.nodes[0], mul(bottom, bar), out)
    whole = inner(bar, top) if isinstance(bar, Matrix) and isinstance(top, Matrix) else mul(bar, top)
    back(read, t.nodes[1], neg(mul(mul(bottom, bottom), whole)), out)


def _word(read: Reader, t: Node, bar: Value, out: Slope) -> None:
    values = [read.matrix(n) for n in t.nodes]
    for i, n in enumerate(t.nodes):
        piece = bar
        for x in values[:i]:
            piece = mul(transpose(x), piece)
        for x in reversed(values[i + 1 :]):
            piece = mul(piece, transpose(x))
        back(read, n, piece, out)


def _power(read: Reader, t: Node, bar: Value, out: Slope) -> None:
    """d x^e = e x^(e - 1) dx for a fixed e; a norm is taken as the root of the squared norm."""
    base = t.nodes[0] if t.head != "norm" else t
    e: Number = read.number(t.nodes[1]) if t.head == "pow" else constant(1) if t.head == "norm" else HALF
    if t.head == "pow" and out.key[1] in names(t.nodes[1]):
        raise NotRead("a gradient of an exponent")
    if base.head == "norm":  # |x|^e = (|x|^2)^(e / 2), whose gradient is e |x|^(e - 2) x
        x = read.matrix(base.nodes[0])
        factor = mul(e, power(inner(x, x), add(mul(e, HALF), constant(-1))))
        back(read, base.nodes[0], mul(mul(bar, factor), x), out)
    else:
        factor = mul(e, power(read.number(base), add(e, constant(-1))))
        back(read, base, mul(bar, factor), out)
