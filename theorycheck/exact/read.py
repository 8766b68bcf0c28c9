"""From a tree to its normal form, in a context that licenses divisions and roots."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from theorycheck.exact.context import Context
from theorycheck.exact.form import (
    MINUS,
    ONE,
    E,
    Form,
    NotInForm,
    atom,
    bind,
    combine,
    const,
    exponential,
    logarithm,
    mentions,
    power,
    shape_of,
    show,
    thaw,
)
from theorycheck.exact.letters import letter, normal_size, size, trace, whole
from theorycheck.exact.words import key, rename
from theorycheck.tree import Node, sym
from theorycheck.tree.node import affine, matrix_shape

HALF = const(Fraction(1, 2))


def read(tree: Node, ctx: Context) -> Form:
    """The normal form of a scalar or matrix tree; NotInForm where a division or a root is not licensed."""
    if tree not in ctx.found:
        reader = READERS.get(tree.head)
        if reader is None:
            raise NotInForm(f"no normal form for {tree.head!r}")
        ctx.found[tree] = reader(tree, ctx)
    return ctx.found[tree]  # type: ignore[no-any-return]


def _symbol(t: Node, ctx: Context) -> Form:
    if str(t.args[0]).startswith("#"):
        raise NotInForm(f"the name {t.args[0]} is reserved for bound indices")
    if t.shape == ():
        return atom(Node(t.head, t.args if t.head == "sym" else (t.args[0], normal_size(t.nodes[0]))))
    rows, cols = matrix_shape(t)
    args = t.args if t.head == "sym" else (t.args[0], normal_size(t.nodes[0]))
    base = Node(t.head, args, (normal_size(rows), normal_size(cols)))
    if t.head == "sym" and t.args[0] in ctx.symmetric:
        return letter(("mpow", base, ONE.frozen()), rows, cols)
    return letter(base, rows, cols)


def _chain(t: Node, ctx: Context) -> Form:
    name, hi, lo = t.args
    assert isinstance(hi, Node)
    assert isinstance(lo, Node)
    for end in (hi, lo):
        whole(size(end), ctx)
    rows, cols = matrix_shape(t)
    gap = affine(hi - lo)
    if gap == {None: Fraction(-1)}:
        return const(1, (normal_size(rows), normal_size(cols)))
    ctx_gap = ctx.sign(size(hi) - size(lo) + ONE)
    if ctx_gap is None:
        raise NotInForm(f"the chain {name}[{hi}:{lo}]: it is not known that {hi} >= {lo} - 1")
    return letter(("chain", name, normal_size(hi), normal_size(lo)), rows, cols)


def _identity(t: Node, ctx: Context) -> Form:
    rows, cols = matrix_shape(t)
    if ctx.sign(size(rows)) is None:
        raise NotInForm("the size of an identity is not known to be >= 0")
    return const(1, (normal_size(rows), normal_size(cols)))


def _add(t: Node, ctx: Context) -> Form:
    parts = [read(n, ctx) for n in t.nodes]
    return combine(parts, parts[0].shape)


def _mul(t: Node, ctx: Context) -> Form:
    result = ONE
    for n in t.nodes:
        result = result * read(n, ctx)
    return result


def _matmul(t: Node, ctx: Context) -> Form:
    result = read(t.nodes[0], ctx)
    for n in t.nodes[1:]:
        result = result @ read(n, ctx)
    return result


def _power(t: Node, ctx: Context) -> Form:
    base, e = t.nodes
    if base.head == "norm":
        return _raise(norm_squared(base.nodes[0], ctx), read(e, ctx) * HALF, ctx, "nonneg")
    x, k = read(base, ctx), read(e, ctx)
    n = x.constant()
    if n is not None and n == -1 and k.constant() is None:
        return ONE * atom(MINUS, whole(k, ctx))  # a product, so that even multiples go
    return _raise(x, k, ctx)


def _raise(x: Form, e: Form, ctx: Context, known: str | None = None) -> Form:
    return power(x, e, ctx.sign, ctx.nonzero, known)


def norm_squared(x: Node, ctx: Context) -> Form:
    """The squared Frobenius norm of a matrix tree."""
    m = read(x, ctx)
    return trace(m.T @ m)


def _mpow(t: Node, ctx: Context) -> Form:
    base, e = t.nodes
    k = read(e, ctx)
    n = k.constant()
    if base.head == "sym" and base.args[0] in ctx.symmetric:
        rows, cols = matrix_shape(base)
        if k.is_zero:
            return const(1, (normal_size(rows), normal_size(cols)))
        normal = Node("sym", base.args, (normal_size(rows), normal_size(cols)))
        return letter(("mpow", normal, k.frozen()), rows, cols)
    if n is None or n.denom() != 1 or n < 1:
        raise NotInForm("a power of a matrix that is not declared symmetric positive definite")
    result = m = read(base, ctx)
    for _ in range(int(n) - 1):
        result = result @ m
    return result


def _sum(t: Node, ctx: Context) -> Form:
    name, lo, hi, body = t.args
    assert isinstance(lo, Node)
    assert isinstance(hi, Node)
    assert isinstance(body, Node)
    low, high = (whole(read(end, ctx), ctx) for end in (lo, hi))
    if ctx.sign(high - low + ONE) is None:
        raise NotInForm(f"a sum over {name}: it is not known that its upper end is >= its lower end - 1")
    if t.shape == () and (high - low + ONE).is_zero:
        return ONE - ONE
    inner = read(body, inside(ctx, str(name), low, high))
    if ctx.sign(high - low) is None and not _has_values(inner, str(name)):
        raise NotInForm(f"a sum over {name} whose range may be empty, of what may have no value then")
    return bind(inner, str(name), low, high)


def _has_values(body: Form, name: str) -> bool:
    """Whether terms that do not depend on the index are defined in any case: no division, root or unknown power is in them."""
    fixed = (t for t in body.terms if not mentions(t, name))
    factors = ((a, thaw(e).constant()) for _, found, _ in fixed for a, e in found)
    return all(isinstance(a, int) or a in (E, MINUS) or (n is not None and n > 0 and n.denom() == 1) for a, n in factors)


def inside(ctx: Context, name: str, low: Form, high: Form) -> Context:
    """The context under a sum or product: what was known of the name is forgotten, for here it is an index from low to high."""
    if name.startswith("#") or any(mentions(end.frozen(), name) for end in (low, high)):
        raise NotInForm(f"the index {name} occurs in its own range; rename it")
    place = "inside", name, low.frozen(), high.frozen()
    if place not in ctx.found:
        index = atom(sym(name))
        ctx.found[place] = ctx.without({name}).adding([index - low, high - index])
    return ctx.found[place]  # type: ignore[no-any-return]


def _abs(t: Node, ctx: Context) -> Form:
    x = read(t.nodes[0], ctx)
    for y in (x, x.scale(-1)):
        if ctx.sign(y):
            return y
    one = x.single()
    if one is None:
        return atom(("abs", min(x.frozen(), x.scale(-1).frozen(), key=key)))
    result = const(abs(one[0]))
    for a, e in one[1].items():
        result = result * (atom(a, e) if ctx.sign(atom(a, e)) else atom(("abs", atom(a).frozen()), e))
    return result


def _sign(t: Node, ctx: Context) -> Form:
    x = read(t.nodes[0], ctx)
    if ctx.sign(x) == "positive":
        return ONE
    if ctx.sign(x.scale(-1)) == "positive":
        return const(-1)
    return atom(("sign", x.frozen()))


def _schatten(t: Node, ctx: Context) -> Form:
    p = read(t.nodes[1], ctx)
    if ctx.sign(p) != "positive":
        raise NotInForm(f"the Schatten norm with the exponent {show(p)}: it is not known to be positive")
    return atom(("schatten", _argument(t.nodes[0], ctx), _argument(t.nodes[1], ctx)))


def _argument(t: Node, ctx: Context) -> Any:
    """The frozen form of an argument; it must show its sizes, or functions of I_2 and of I_3 would be the same."""
    x = read(t, ctx)
    if x.shape and x.terms and not shape_of(x.frozen()):
        raise NotInForm("a function of a multiple of the identity")
    return x.frozen()


def _opaque(head: str) -> Callable[[Node, Context], Form]:
    return lambda t, ctx: atom((head, *(_argument(n, ctx) for n in t.nodes)))


def _apply(t: Node, ctx: Context) -> Form:
    return atom(("app", t.args[0], _argument(t.nodes[0], ctx)))


def _grad(t: Node, ctx: Context) -> Form:
    return letter(("grad", t.args[0], read(t.nodes[0], ctx).frozen()), *matrix_shape(t))


def _at(t: Node, ctx: Context) -> Form:
    return letter(("at", t.args[0], t.args[1], read(t.nodes[0], ctx).frozen()), *matrix_shape(t))


def _limit(t: Node, ctx: Context) -> Form:
    """The end of a path, lim x(t) as t tends to infinity: a letter of its own that no rule moves."""
    point, body = t.nodes
    if body.head != "at" or body.nodes[0] != sym(str(t.args[0])) or point.head != "infinity":
        raise NotInForm("of limits, only that of a path x(t) at infinity has a normal form")
    path = Node("at", (*body.args[:2], sym("t")), body.shape)
    return letter(Node("limit", ("t", point, path), body.shape), *matrix_shape(body))


def _derivative(t: Node, ctx: Context) -> Form:
    from theorycheck.exact import derivatives

    return derivatives.READERS[t.head](t, ctx)


def _sequences(t: Node, ctx: Context) -> Form:
    from theorycheck.exact.sequences import read_sequences

    return read_sequences(t, ctx)


def _min(t: Node, ctx: Context) -> Form:
    a, b = (read(n, ctx) for n in t.nodes)
    for x, y in ((a, b), (b, a)):
        if ctx.sign(y - x):
            return x
    return atom(("min", *(_argument(n, ctx) for n in t.nodes)))


def _expectation(t: Node, ctx: Context) -> Form:
    from theorycheck.exact.moments import expectation

    return expectation(t, ctx)


def _probability(t: Node, ctx: Context) -> Form:
    from theorycheck.exact.moments import probability

    return probability(t, ctx)


def _integral(t: Node, ctx: Context) -> Form:
    name, lo, hi, body = t.args
    assert isinstance(lo, Node)
    assert isinstance(hi, Node)
    assert isinstance(body, Node)
    return atom(("integral", name, read(lo, ctx).frozen(), read(hi, ctx).frozen(), body))


def _prod(t: Node, ctx: Context) -> Form:
    name, lo, hi, body = t.args
    assert isinstance(lo, Node)
    assert isinstance(hi, Node)
    assert isinstance(body, Node)
    low, high = (whole(read(end, ctx), ctx) for end in (lo, hi))
    number = high - low + ONE
    if ctx.sign(number) is None:
        raise NotInForm(f"a product over {name}: it is not known that its upper end is >= its lower end - 1")
    if number.is_zero:
        return ONE
    x = read(body, inside(ctx, str(name), low, high))
    opaque = atom(("prod", low.frozen(), high.frozen(), rename_index(x, str(name))))
    if mentions(x.frozen(), str(name)):
        return opaque
    try:
        return power(x, number, ctx.sign, ctx.nonzero)
    except NotInForm:  # a power of a number of unknown sign
        return opaque


def rename_index(x: Form, name: str) -> Any:
    return rename(x.frozen(), {name: sym("#p")})


READERS: dict[str, Callable[[Node, Context], Form]] = {
    "num": lambda t, _: const(t.args[0]),
    "sym": _symbol,
    "item": _symbol,
    "chain": _chain,
    "add": _add,
    "neg": lambda t, ctx: read(t.nodes[0], ctx).scale(-1),
    "mul": _mul,
    "div": lambda t, ctx: read(t.nodes[0], ctx) * _raise(read(t.nodes[1], ctx), const(-1), ctx),
    "pow": _power,
    "mpow": _mpow,
    "sqrt": lambda t, ctx: _raise(read(t.nodes[0], ctx), HALF, ctx),
    "exp": lambda t, ctx: exponential(read(t.nodes[0], ctx)),
    "log": lambda t, ctx: logarithm(read(t.nodes[0], ctx), ctx.sign),
    "abs": _abs,
    "sign": _sign,
    "sum": _sum,
    "prod": _prod,
    "expect": _expectation,
    "sequences": _sequences,
    "prob": _probability,
    "integral": _integral,
    "matmul": _matmul,
    "transpose": lambda t, ctx: read(t.nodes[0], ctx).T,
    "trace": lambda t, ctx: trace(read(t.nodes[0], ctx)),
    "inner": lambda t, ctx: trace(read(t.nodes[0], ctx).T @ read(t.nodes[1], ctx)),
    "norm": lambda t, ctx: _raise(norm_squared(t.nodes[0], ctx), HALF, ctx, "nonneg"),
    "eye": _identity,
    "zero": lambda t, _: Form({}, (normal_size(matrix_shape(t)[0]), normal_size(matrix_shape(t)[1]))),
    "schatten": _schatten,
    "rank": _opaque("rank"),
    "singular": _opaque("singular"),
    "min": _min,
    "app": _apply,
    "grad": _grad,
    "at": _at,
    "limit": _limit,
    "Dt": _derivative,
    "gradient": _derivative,
    "second": _derivative,
}

__all__ = ["READERS", "letter", "norm_squared", "read", "size", "trace", "whole"]
