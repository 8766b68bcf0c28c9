"""Equations used from left to right until nothing changes: lines, hypotheses, cited facts."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from ..core import (
    OPERATIONS,
    Context,
    Fact,
    Form,
    Line,
    Refused,
    add,
    atom,
    directed,
    natural,
    rebuilt,
    transposed,
    word_form,
)  # fmt: skip


def rewritten(x: Form, using: Sequence[Fact | Line], ctx: Context) -> Form:
    """The form after the equations, until nothing changes."""
    asked_for = ("rewritten", x, tuple(using))
    if asked_for not in ctx.known:
        ctx.known[asked_for] = _until_it_stays(x, using, ctx)
    return ctx.known[asked_for]  # type: ignore[no-any-return]


def _until_it_stays(x: Form, using: Sequence[Fact | Line], ctx: Context) -> Form:
    known = [directed(f, ctx) for f in using]

    @cache
    def on_atom(a: Any, here: Context) -> Form | None:
        found = (eq.instance(eq.left, a, here) for eq in known if eq.left and eq.exponent == 1)
        return next((f for f in found if f is not None), None)

    @cache
    def on_word(word: Any, here: Context) -> Form | None:
        for eq in known:
            for pattern, flip in ((eq.word, False), (transposed(eq.word), True)):
                for i in range(len(word) - len(pattern) + 1 if pattern else 0):
                    piece = word[i : i + len(pattern)]
                    new: Form | None = eq.instance(pattern, piece, here)
                    if new is not None:
                        rows, cols = piece[0][2], piece[-1][3]
                        left = word_form(word[:i], (word[0][2], rows))
                        right = word_form(word[i + len(pattern) :], (cols, word[-1][3]))
                        return left * (new.T if flip else new) * right
        return None

    for _ in range(60):
        new = rebuilt(x, on_atom, on_word, ctx)
        for eq in known:
            new = _powers(new, eq, ctx) if eq.exponent > 1 else new
        if new == x:
            return x
        x = new
    raise Refused("the equations do not come to an end")


def _powers(x: Form, eq: Any, ctx: Context) -> Form:
    """a^n = right put into the terms of x that have a^n or a higher natural power."""
    parts = []
    for term, c in x.terms.items():
        part = Form({term: c}, x.shape)
        for a, e in term[1]:
            n = e.whole()
            new = eq.instance(eq.left, a, ctx) if n is not None and n >= eq.exponent and not term[0] else None
            if new is not None and n is not None:
                rest = Form({((), term[1] - {(a, e)}, term[2]): c}, x.shape)
                part = rest * natural(new, n // eq.exponent) * natural(atom(a), n % eq.exponent)
                break
        parts.append(part)
    return add(parts, x.shape)


OPERATIONS["rewritten"] = rewritten
