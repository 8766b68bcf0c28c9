"""Integrals over a variable: atoms that bind it; inside, what no sign licenses has no algebra."""

from __future__ import annotations

from ..core import READERS, Context, Form, Node, binding, names_in, need, only, read, symbol


def _integral(t: Node, ctx: Context) -> Form:
    name, (low, high) = t.args[0], (read(x, ctx) for x in t.trees[:2])
    need(name not in names_in((low, high)), f"the variable {name} of an integral occurs in its ends")
    only(t.trees[2], {name}, "sym", ())
    ends = [(symbol(name) - low, False), (high - symbol(name), False)] if ctx.sign(high - low) else []
    inner = ctx.without({name}).adding(ends)
    inner = Context(inner.gaps, inner.integers, inner.definite, inner.families, formal=True)
    return binding("integral", name, low, high, read(t.trees[2], inner))


READERS["integral"] = _integral
