"""Derivatives in a direction: gradients read off traces, second derivatives."""

from __future__ import annotations

from typing import Any

from flint import fmpq

from ..core import (
    ONE,
    OPERATIONS,
    READERS,
    Context,
    Form,
    Motion,
    Node,
    Refused,
    add,
    assemble,
    closed,
    const,
    derived,
    letter,
    near,
    need,
    opened,
    read,
    same_shape,
    sizes,
    transposed,
    word_form,
)  # fmt: skip

FRESH = ("mat", "~direction")


def direction(moves: list[tuple[Form, Form]], ctx: Context) -> Any:
    """d/d eps with each matrix replaced by itself + eps * direction; a layer moves inside longer chains too."""
    table = {_variable(x): v for x, v in moves}
    need(len(table) == len(moves), "a derivative in two directions of one variable")

    def moved(x: Any) -> Form | None:
        base = x[0]
        if base in table:
            return table[base]
        for other in table:
            clash = base[0] != other[0] and {base[0], other[0]} <= {"item", "chain", "alone"} and base[1] == other[1]
            need(not clash, f"{base[1]} is a family and a chain of layers, or has layers of other sizes")
            if base[0] == other[0] == "item" and base[1] == other[1]:
                gap = base[2] - other[2]
                need(2 in (ctx.sign(gap), ctx.sign(gap.scale(-1))), "whether two members of a family are the same is not known")
            need(not (base[0] == "spd" and other[:2] == ("spd", base[1])), "a derivative in a power of a matrix")
        if base[0] != "chain":
            return None
        found = [_inside(x, b[2], v, ctx) for b, v in table.items() if b[0] == "chain" and b[1] == base[1]]
        return add([f for f in found if f], (x[2], x[3])) if any(found) else None

    return Motion(lambda name: None, moved, lambda inner: direction(moves, inner))


def _variable(x: Form) -> Any:
    """The base of the letter that a form is."""
    if len(x.terms) == 1:
        (((binders, factors, word), c),) = x.terms.items()
        if not binders and not factors and len(word) == 1 and not word[0][1] and c == 1:
            base = word[0][0]
            if base[0] in {"mat", "item"} or (base[0] == "chain" and base[2] == base[3]):
                return base
    raise Refused("a derivative in what is not one free matrix or layer")


def _inside(x: Any, layer: Form, v: Form, ctx: Context) -> Form | None:
    """W_hi .. v .. W_lo, where it is known that the layer belongs to the chain; None where it does not."""
    (_, name, hi, lo), above, below = x[0], x[0][2] - layer, layer - x[0][3]
    if 2 in (ctx.sign(above.scale(-1)), ctx.sign(below.scale(-1))):
        return None
    need(ctx.sign(above) and ctx.sign(below), "whether a layer lies in a chain is not known")
    left = letter(("chain", name, hi, layer + ONE), x[2], v.shape[0]) if above.terms else const(1, (x[2], x[2]))
    right = letter(("chain", name, layer - ONE, lo), v.shape[1], x[3]) if below.terms else const(1, (x[3], x[3]))
    return left * v * right


def _second(t: Node, ctx: Context) -> Form:
    pairs = list(zip(t.trees[1::2], t.trees[2::2], strict=True))
    need(all(same_shape(x.shape, v.shape) for x, v in pairs), "directions of other shapes")
    moves = [(read(x, ctx), read(v, ctx)) for x, v in pairs]
    around = near(direction(moves, ctx), ctx)
    motion = direction(moves, around)
    need(all(motion.still(v) for _, v in moves), "a second derivative in a direction that depends on the variable")
    return derived(derived(read(t.trees[0], around), motion, around), motion, around)


def _gradient(t: Node, ctx: Context) -> Form:
    """The matrix g with D body = <g, direction>, for a direction that is named nowhere."""
    body, wrt = t.trees
    moves = [(read(wrt, ctx), letter(FRESH, *sizes(wrt, ctx)))]
    around = near(direction(moves, ctx), ctx)
    change = derived(read(body, around), direction(moves, around), around)
    return read_off(change, FRESH, sizes(wrt, ctx))


def read_off(x: Form, base: Any, shape: tuple[Form, Form]) -> Form:
    """The matrix g with x = <g, letter>, for a letter of this base that x is linear in."""
    return add((_read_off(term, c, base, shape) for term, c in x.terms.items()), shape)


def _read_off(term: Any, c: fmpq, base: Any, shape: tuple[Form, Form]) -> Form:
    binders, body = opened(term)
    (((_, factors, _), k),) = body.terms.items()
    hits = [(a, e) for a, e in factors if count((a, e), base)]
    need(len(hits) == 1 and hits[0][0][0] == "tr" and hits[0][1] == ONE and count(hits[0], base) == 1, "no linear change")
    word = hits[0][0][1]
    i = next((i for i, w in enumerate(word) if w[0] == base), None)
    need(i is not None, "the direction stands inside a function")
    rest = word[i + 1 :] + word[:i]  # type: ignore[operator]
    rest = rest if word[i][1] else transposed(rest)
    return closed(binders, assemble(factors - set(hits), (), c * k, ()) * word_form(rest, shape))


def count(x: Any, base: Any) -> int:
    """How often a letter of this base stands in a part of a form."""
    if x == base:
        return 1
    if isinstance(x, Form):
        x = tuple(x.terms)
    return sum(count(y, base) for y in x) if isinstance(x, tuple | frozenset) else 0


READERS.update({"second": _second, "gradient": _gradient})
OPERATIONS["read_off"] = read_off
