"""What is read as a polynomial or a word: numbers, symbols, members, sums and products; quantities without algebra."""

from __future__ import annotations

from ..core import ONE, READERS, Context, Form, Node, add, atom, const, letter, need, parts, read, size, sizes


def _symbol(t: Node, ctx: Context) -> Form:
    if not t.shape:
        return atom((t.head, t.args[0], *parts(t, ctx)))
    if t.head == "sym" and t.args[0] in ctx.definite:
        need(size(t.shape[0]) == size(t.shape[1]), f"{t.args[0]} is symmetric positive definite, but not square here")
        return letter(("spd", t.args[0], ONE), *sizes(t, ctx))
    return letter(("mat" if t.head == "sym" else "item", t.args[0], *parts(t, ctx)), *sizes(t, ctx))


def _product(t: Node, ctx: Context) -> Form:
    result = ONE
    for x in parts(t, ctx):
        result = result * x
    return result


def opaque(t: Node, ctx: Context) -> Form:
    """A quantity or a matrix of which nothing is known but its arguments."""
    base = (t.head, *(a if isinstance(a, str) else read(a, ctx) for a in t.args))
    return letter(base, *sizes(t, ctx)) if t.shape else atom(base)


READERS.update(
    {
        "num": lambda t, ctx: const(t.args[0]),
        **dict.fromkeys(("sym", "item"), _symbol),
        **dict.fromkeys(("mul", "matmul"), _product),
        "add": lambda t, ctx: add(parts(t, ctx), parts(t, ctx)[0].shape),
        "neg": lambda t, ctx: parts(t, ctx)[0].scale(-1),
        "transpose": lambda t, ctx: parts(t, ctx)[0].T,
        "eye": lambda t, ctx: const(1, sizes(t, ctx)),
        "zero": lambda t, ctx: Form({}, sizes(t, ctx)),
        **dict.fromkeys(("schatten", "rank", "singular", "app", "grad", "at"), opaque),
    }
)
