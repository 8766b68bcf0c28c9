"""Sizes, letters and traces: the pieces of matrix forms."""

from __future__ import annotations

from typing import Any

from flint import fmpq

from theorycheck.exact.context import Context
from theorycheck.exact.form import Form, NotInForm, assemble, atom, closed, combine, const, opened, show, thaw
from theorycheck.exact.words import cyclic
from theorycheck.tree import Node
from theorycheck.tree.node import affine, from_affine


def size(n: Node) -> Form:
    """A size or index, an affine form in symbols and widths."""
    parts = [const(c) if a is None else atom(a).scale(fmpq(c.numerator, c.denominator)) for a, c in affine(n).items()]
    return combine(parts, ())


def letter(base: Any, rows: Node, cols: Node, transposed: bool = False) -> Form:
    """A matrix form of one letter."""
    r, c = normal_size(rows), normal_size(cols)
    return Form({((), frozenset(), ((base, transposed, r, c),)): fmpq(1)}, (r, c))


def normal_size(n: Node) -> Node:
    return from_affine(affine(n))


def trace(x: Form) -> Form:
    """The trace of a square matrix form."""
    parts = []
    for (b, f, w), c in x.terms.items():
        names, (ends, factors, word) = opened(b, (f, w))
        scalar = assemble((), factors, (), c, ())
        for piece in cyclic(word):
            scalar = scalar * (atom(("tr", piece)) if piece else size(x.shape[0]))
        parts.append(closed(names, ends, scalar))
    return combine(parts, ())


def whole(x: Form, ctx: Context) -> Form:
    """x, if it is an integer: integer coefficients, symbols that are not declared as real numbers, natural powers."""
    for (binders, factors, _), c in x.terms.items():
        good = all(isinstance(a, Node) and a.args[0] not in ctx.reals and _natural(e) for a, e in factors)
        if binders or c.denom() != 1 or not good:
            raise NotInForm(f"{show(x)} is not known to be an integer")
    return x


def _natural(e: Any) -> bool:
    n = thaw(e).constant()
    return n is not None and n.denom() == 1 and n > 0
