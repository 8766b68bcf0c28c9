"""A tree evaluated at a point: the second engine's own reading of each head (of functions and derivatives: `functions.py`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import lru_cache

from theorycheck.modular.field import (
    ONE,
    ZERO,
    Matrix,
    NoPoint,
    NotRead,
    Number,
    Value,
    absolute,
    add,
    constant,
    exponential,
    identity,
    inner,
    inverse,
    is_square,
    mul,
    neg,
    root_power,
    trace,
    transpose,
    whole_power,
    zeros,
)
from theorycheck.modular.point import Key, Point
from theorycheck.tree import Node
from theorycheck.tree.node import matrix_shape

LONGEST = 60  # terms of a sum, factors of a chain
HALF = constant(Fraction(1, 2))


@dataclass(frozen=True)
class Reader:
    """A point, the bound indices in force, and the series of what moves in a derivative."""

    point: Point
    bound: Mapping[str, int] = field(default_factory=dict)
    moving: Mapping[Key, Value] = field(default_factory=dict)

    def __call__(self, tree: Node) -> Value:
        from theorycheck.modular.functions import FUNCTIONS

        found = READERS.get(tree.head) or FUNCTIONS.get(tree.head)
        if found is None:
            raise NotRead(f"the head {tree.head!r}")
        return found(self, tree)

    def number(self, tree: Node) -> Number:
        x = self(tree)
        if not isinstance(x, Number):
            raise NotRead("a matrix where a number is needed")
        return x

    def matrix(self, tree: Node) -> Matrix:
        x = self(tree)
        if not isinstance(x, Matrix):
            raise NotRead("a number where a matrix is needed")
        return x

    def integer(self, tree: Node) -> int:
        x = self.number(tree).exact
        if x is None or x.denominator != 1:
            raise NotRead("an index or a size that is no integer")
        return int(x)

    def shape(self, tree: Node) -> tuple[int, int]:
        rows, cols = (self.integer(n) for n in matrix_shape(tree))
        if min(rows, cols) < 1:
            raise NoPoint("a size below 1")
        return rows, cols

    def leaf(self, key: Key, tree: Node) -> Value:
        """A symbol, a member or an opaque value; with its series where it moves."""
        if key in self.moving:
            return self.moving[key]
        kinds = self.point.kinds
        return self.point.value(key, self.shape(tree) if tree.shape else None, key[1] in kinds.positive)


def key_of(read: Reader, tree: Node) -> Key:
    """The key of a symbol, a member of a family, or one layer."""
    if tree.head == "sym":
        return ("sym", tree.args[0])
    return ("item", tree.args[0], read.integer(tree.nodes[0]))


@lru_cache(maxsize=4096)
def rational(t: Node) -> Number:
    value = t.args[0]
    assert isinstance(value, Fraction)
    return constant(value)


def _symbol(read: Reader, t: Node) -> Value:
    name = str(t.args[0])
    if t.shape == ():
        if name in read.bound:
            return constant(read.bound[name])
        if name in read.point.whole or name in read.point.kinds.integers:
            return constant(read.point.integer(name))
    elif name in read.point.kinds.symmetric:
        return read.point.definite_power(name, read.shape(t)[0], ONE)
    return read.leaf(("sym", name), t)


def _item(read: Reader, t: Node) -> Value:
    key = key_of(read, t)
    if t.shape == () and key[1] in read.point.kinds.integers:
        return constant(read.point.integer(key[1:]))
    return read.leaf(key, t)


def layer(read: Reader, name: str, k: int, t: Node) -> Matrix:
    """The layer W_k of a chain t, whose widths are the family n (or as the ends of t say, for its outer layers)."""
    hi, lo = (read.integer(n) for n in t.nodes)
    rows, cols = matrix_shape(t)
    top = read.integer(rows) if k == hi else _width(read, rows, k)
    bottom = read.integer(cols) if k == lo else _width(read, cols, k - 1)
    key = ("item", name, k)
    x = read.moving[key] if key in read.moving else read.point.value(key, (top, bottom))
    assert isinstance(x, Matrix)
    if (x.p[0].nrows(), x.p[0].ncols()) != (top, bottom):
        raise NoPoint("a layer of another size")
    return x


def _width(read: Reader, end: Node, k: int) -> int:
    """The width n_k, from the family that the ends of the chain are taken from."""
    family = str(end.args[0]) if end.head == "item" else "n"
    return read.point.integer((family, k))


def _chain(read: Reader, t: Node) -> Value:
    hi, lo = (read.integer(n) for n in t.nodes)
    if hi < lo - 1 or hi - lo > LONGEST:
        raise NoPoint("a chain of layers that is too short or too long")
    if hi == lo - 1:
        rows, cols = read.shape(t)
        if rows != cols:
            raise NoPoint("an empty chain that is not square")
        return Matrix((identity(rows),))
    out = layer(read, str(t.args[0]), hi, t)
    for k in range(hi - 1, lo - 1, -1):
        out = mul(out, layer(read, str(t.args[0]), k, t))
    return out


def _fold(step: Callable[[Value, Value], Value]) -> Callable[[Reader, Node], Value]:
    def read_all(read: Reader, t: Node) -> Value:
        out = read(t.nodes[0])
        for n in t.nodes[1:]:
            out = step(out, read(n))
        return out

    return read_all


def power(x: Number, e: Number) -> Number:
    """x^e: for an integer e in the field, else for squares x only."""
    if e.exact is not None and e.exact.denominator == 1:
        if abs(e.exact) > 200:
            raise NotRead("an exponent above 200")
        return whole_power(x, int(e.exact))
    if any(e.p[1:]):
        raise NotRead("an exponent that moves")
    return root_power(x, e)


def _pow(read: Reader, t: Node) -> Value:
    base, e = t.nodes[0], read.number(t.nodes[1])
    if base.head == "norm":
        x = read.matrix(base.nodes[0])
        return power(inner(x, x), mul(e, HALF))
    return power(read.number(base), e)


def _mpow(read: Reader, t: Node) -> Value:
    base, e = t.nodes[0], read.number(t.nodes[1])
    if base.head == "sym" and base.args[0] in read.point.kinds.symmetric:
        return read.point.definite_power(str(base.args[0]), read.shape(base)[0], e)
    if e.exact is None or e.exact.denominator != 1 or not 0 < e.exact < 20:
        raise NotRead("a power of a matrix that is not declared definite")
    x = out = read.matrix(base)
    for _ in range(int(e.exact) - 1):
        out = mul(out, x)
    return out


def _sum(read: Reader, t: Node) -> Value:
    name, lo, hi = str(t.args[0]), read.integer(t.nodes[0]), read.integer(t.nodes[1])
    if hi < lo - 1 or hi - lo > LONGEST:
        raise NoPoint("a sum whose ends are out of order, or that is too long")
    out: Value = Matrix((zeros(*read.shape(t)),)) if t.shape else ZERO
    for k in range(lo, hi + 1):
        out = add(out, replace(read, bound={**read.bound, name: k})(t.nodes[2]))
    return out


def _prod(read: Reader, t: Node) -> Value:
    name, lo, hi = str(t.args[0]), read.integer(t.nodes[0]), read.integer(t.nodes[1])
    if hi < lo - 1 or hi - lo > LONGEST:
        raise NoPoint("a product whose ends are out of order, or that is too long")
    out: Value = ONE
    for k in range(lo, hi + 1):
        out = mul(out, replace(read, bound={**read.bound, name: k})(t.nodes[2]))
    return out


def _sign(read: Reader, t: Node) -> Value:
    x = read.number(t.nodes[0]).p[0]
    return constant(0 if x == 0 else 1 if is_square(x) else -1)


def _norm(read: Reader, t: Node) -> Value:
    x = read.matrix(t.nodes[0])
    return power(inner(x, x), HALF)


READERS: dict[str, Callable[[Reader, Node], Value]] = {
    "num": lambda read, t: rational(t),
    "sym": _symbol,
    "item": _item,
    "chain": _chain,
    "add": _fold(add),
    "neg": lambda read, t: neg(read(t.nodes[0])),
    "mul": _fold(mul),
    "div": lambda read, t: mul(inverse(read.number(t.nodes[1])), read(t.nodes[0])),
    "pow": _pow,
    "mpow": _mpow,
    "matmul": _fold(mul),
    "transpose": lambda read, t: transpose(read.matrix(t.nodes[0])),
    "sqrt": lambda read, t: power(read.number(t.nodes[0]), HALF),
    "exp": lambda read, t: exponential(read.number(t.nodes[0]), read.point.value(("e",), None, True).p[0]),
    "abs": lambda read, t: absolute(read.number(t.nodes[0])),
    "sign": _sign,
    "sum": _sum,
    "prod": _prod,
    "eye": lambda read, t: Matrix((identity(read.shape(t)[0]),)),
    "zero": lambda read, t: Matrix((zeros(*read.shape(t)),)),
    "trace": lambda read, t: trace(read.matrix(t.nodes[0])),
    "inner": lambda read, t: inner(read.matrix(t.nodes[0]), read.matrix(t.nodes[1])),
    "norm": _norm,
}
