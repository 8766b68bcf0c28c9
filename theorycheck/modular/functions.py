"""Functions that are known by their equations only, logarithms, and derivatives, at a point.

A function value is opaque: a random table, in which equal arguments give equal values. Where the argument moves, its slope is
the inner product with an opaque gradient; a flow x(t) of f has the slope -grad f(x(t)).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from theorycheck.modular.evaluate import HALF, Reader, key_of
from theorycheck.modular.field import (
    ZERO,
    Matrix,
    NoPoint,
    NotRead,
    Number,
    Value,
    add,
    constant,
    inner,
    inverse,
    is_square,
    mul,
    neg,
)
from theorycheck.modular.point import Key
from theorycheck.tree import Node


def _log(read: Reader, t: Node) -> Value:
    x = read.number(t.nodes[0])
    if not is_square(x.p[0]):
        raise NoPoint("a logarithm of what is not a square")
    head = logarithm(read, t.nodes[0])
    if any(x.p[2:]):
        raise NotRead("a second derivative of a logarithm")
    slope = mul(inverse(Number((x.p[0],))), Number(x.p[1:])) if len(x.p) > 1 else None
    return Number((head.p[0], *(slope.p if slope else ())), None, None)


def logarithm(read: Reader, t: Node) -> Number:
    """log of a product by its factors; the logarithms of primes and of all other factors are opaque."""
    match t.head:
        case "num":
            value = Fraction(str(t.args[0]))
            total = ZERO
            for part, sign in ((value.numerator, 1), (value.denominator, -1)):
                for p, k in _factors(part):
                    total = add(total, mul(constant(sign * k), read.point.value(("log", p), None)))
            return total
        case "mul":
            total = ZERO
            for n in t.nodes:
                total = add(total, logarithm(read, n))
            return total
        case "div":
            return add(logarithm(read, t.nodes[0]), neg(logarithm(read, t.nodes[1])))  # type: ignore[no-any-return]
        case "pow":
            return mul(read.number(t.nodes[1]), logarithm(read, t.nodes[0]))  # type: ignore[no-any-return]
        case "sqrt":
            return mul(HALF, logarithm(read, t.nodes[0]))  # type: ignore[no-any-return]
        case "exp":
            return read.number(t.nodes[0])
    found = read.point.value(("log", "of", read.point.signature(read(t))), None)
    assert isinstance(found, Number)
    return found


def _factors(n: int) -> list[tuple[int, int]]:
    from flint import fmpz

    return [(int(p), int(k)) for p, k in fmpz(n).factor() if n > 1]


def _opaque(positive: bool) -> Callable[[Reader, Node], Value]:
    return lambda read, t: read.point.value(opaque_key(read, t), None, positive)


def opaque_key(read: Reader, t: Node) -> Key:
    """The key of a function value: its name and short names of its arguments, none of which may move."""
    args = [read(n) for n in t.nodes]
    if any(len(x.p) > 1 for x in args):
        raise NotRead(f"a derivative of {t.head!r}")
    names = tuple(a for a in t.args if isinstance(a, str))
    return (t.head, *names, *(read.point.signature(x) for x in args))


def _app(read: Reader, t: Node) -> Value:
    """C(x); where x moves, its slope is <grad C(x), x'>."""
    x = read(t.nodes[0])
    here = type(x)(x.p[:1])
    f = str(t.args[0])
    value = read.point.value(("app", f, read.point.signature(here)), None)
    if len(x.p) == 1:
        return value
    if len(x.p) > 2 or not isinstance(x, Matrix):
        raise NotRead("a second derivative of a function, or a derivative of one of numbers")
    slope = inner(gradient_at(read, f, Matrix(x.p[:1])), Matrix(x.p[1:]))
    return Number((value.p[0], slope.p[0]))


def gradient_at(read: Reader, f: str, x: Matrix) -> Matrix:
    shape = x.p[0].nrows(), x.p[0].ncols()
    found = read.point.value(("grad", f, read.point.signature(x)), shape)
    assert isinstance(found, Matrix)
    return found


def _grad(read: Reader, t: Node) -> Value:
    x = read.matrix(t.nodes[0])
    if len(x.p) > 1:
        raise NotRead("a derivative of a gradient")
    return gradient_at(read, str(t.args[0]), x)


def _at(read: Reader, t: Node) -> Value:
    """x(s) on a flow of f: opaque, with the slope -grad f(x(s)) s'."""
    time = read.number(t.nodes[0])
    key = ("at", *(a for a in t.args if isinstance(a, str)), (time.p[0],))
    here = read.point.value(key, read.shape(t))
    assert isinstance(here, Matrix)
    if len(time.p) == 1:
        return here
    if len(time.p) > 2:
        raise NotRead("a second derivative of a path")
    slope = mul(neg(gradient_at(read, str(t.args[1]), here)), Number(time.p[1:]))
    return Matrix((here.p[0], slope.p[0]))


def _limit(read: Reader, t: Node) -> Value:
    if t.nodes[1].head != "at" or t.nodes[0].head != "infinity":
        raise NotRead("a limit")
    return read.point.value(("limit", *t.nodes[1].args[:2]), read.shape(t))


def _derivative(read: Reader, t: Node) -> Value:
    if read.moving:
        raise NotRead("a derivative inside a derivative")
    now = read.leaf(("sym", "t"), Node("sym", ("t",)))
    assert isinstance(now, Number)
    x = replace(read, moving={("sym", "t"): Number((now.p[0], 1), now.q)})(t.nodes[0])
    if len(x.p) > 1:
        return type(x)(x.p[1:])
    return ZERO if isinstance(x, Number) else Matrix((x.p[0] - x.p[0],))


def _second(read: Reader, t: Node) -> Value:
    if read.moving:
        raise NotRead("a derivative inside a derivative")
    body, *rest = t.nodes
    moving: dict[Key, Value] = {}
    for x, v in zip(rest[::2], rest[1::2], strict=True):
        start, direction = read.matrix(x), read.matrix(v)
        moving[key_of(read, x)] = Matrix((start.p[0], direction.p[0], direction.p[0] - direction.p[0]))
    found = replace(read, moving=moving)(body)
    assert isinstance(found, Number)
    return mul(constant(2), Number(found.p[2:])) if len(found.p) > 2 else ZERO


def _gradient(read: Reader, t: Node) -> Value:
    from theorycheck.modular.gradient import gradient

    return gradient(read, t)


FUNCTIONS: dict[str, Callable[[Reader, Node], Value]] = {
    "log": _log,
    "min": _opaque(False),
    "limit": _limit,
    "schatten": _opaque(True),
    "rank": _opaque(False),
    "singular": _opaque(True),
    "app": _app,
    "grad": _grad,
    "at": _at,
    "gradient": _gradient,
    "second": _second,
    "Dt": _derivative,
}
