"""Derivatives by the Leibniz rule on normal forms; in the time t, along flows.

A derivative is taken near a point, so its body is read with those relations only that hold near it: strict ones, those in
which nothing moves, and t >= 0, where time starts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flint import fmpq

from ..core import (
    ONE,
    OPERATIONS,
    ZERO,
    Context,
    Form,
    Refused,
    add,
    assemble,
    atom,
    closed,
    const,
    letter,
    logarithm,
    names_in,
    need,
    opened,
    trace,
    word_form,
)  # fmt: skip

E, MINUS = ("e",), ("-1",)
JUMPING = {"rank", "sign", "formal", "prob"}  # not continuous, so that > 0 at a point says nothing near it


@dataclass(frozen=True)
class Motion:
    """The derivatives of scalar symbols and of letters (not transposed); None where they stand still."""

    symbol: Callable[[str], Form | None]
    letter: Callable[[Any], Form | None]
    within: Callable[[Context], Motion] | None = None  # the same where more is known: under a sum, of its index

    def still(self, x: Any) -> bool:
        """Whether nothing inside moves."""
        if isinstance(x, Form):
            return all(map(self.still, x.terms))
        if isinstance(x, frozenset):
            return all(map(self.still, x))
        if not isinstance(x, tuple):
            return True
        if len(x) == 2 and x[0] == "sym":
            return self.symbol(x[1]) is None
        if len(x) == 4 and isinstance(x[1], bool):
            return self.letter(upright(x)) is None and self.still(x[0])
        return all(map(self.still, x))


def upright(x: Any) -> Any:
    base, turned, rows, cols = x
    return (base, False, cols, rows) if turned else x


def derived(x: Form, motion: Motion, ctx: Context) -> Form:
    """The Leibniz rule on every term."""
    parts, outside = [], motion
    for term, c in x.terms.items():
        binders, body = opened(term, x.shape)
        inner = ctx.within(binders) if binders else ctx
        motion = outside.within(inner) if binders and outside.within else outside
        need(all(map(motion.still, binders)), "the range of a sum moves")
        (((_, factors, word), k),) = body.terms.items()
        found = []
        for a, e in factors:
            rest = Form({((), factors - {(a, e)}, word): k}, x.shape)
            found.append(rest * factor_derived(a, e, motion, inner))
        for i, w in enumerate(word):
            moved = letter_derived(w, motion)
            if moved is not None:
                left = word_form(word[:i], (word[0][2], w[2]))
                right = word_form(word[i + 1 :], (w[3], word[-1][3]))
                found.append(assemble(factors, (), k, ()) * (left * moved * right))
        parts.append(closed(binders, add(found, x.shape)).scale(c))
    return add(parts, x.shape)


def letter_derived(x: Any, motion: Motion) -> Form | None:
    change = motion.letter(upright(x))
    if change is None:
        need(motion.still(x[0]), f"no derivative of a letter {x[0][0]!r} is known")
        return None
    return change.T if x[1] else change


def factor_derived(a: Any, e: Form, motion: Motion, ctx: Context) -> Form:
    """D(a^e) = e a^(e-1) D a + a^e log(a) D e."""
    inside, outer = atom_derived(a, motion, ctx), derived(e, motion, ctx)
    result = ZERO
    if inside.terms:
        smooth = ctx.sign(atom(a)) == 2 or ctx.sign(e - ONE) == 2 or (e.whole() is not None and a[0] != "abs")
        need(smooth, "a power of something that may vanish need not be differentiable")
        result = e * assemble([(a, e - ONE)], (), fmpq(1), ()) * inside
    if outer.terms:
        need(a != MINUS, "a power of -1 with a moving exponent")
        result = result + atom(a, e) * outer * (ONE if a == E else logarithm(atom(a), ctx))
    return result


def atom_derived(a: Any, motion: Motion, ctx: Context) -> Form:
    if a[0] == "sym":
        return motion.symbol(a[1]) or ZERO
    if a[0] == "tr":
        one = Form({((), frozenset(), a[1]): fmpq(1)}, (a[1][0][2], a[1][-1][3]))
        return trace(derived(one, motion, ctx))
    if a[0] == "sum":
        return derived(a[1], motion, ctx)
    if motion.still(a):
        return ZERO
    if a[0] == "abs":
        x: Form = a[1]
        return derived(x, motion, ctx) * x * atom(a, const(-1))
    if a[0] == "log":
        return atom(a[1], const(-1)) * atom_derived(a[1], motion, ctx)
    need(a[0] == "app" and a[2].shape, f"no derivative of {a[0]!r} is known")
    return trace(letter(("grad", a[1], a[2]), *a[2].shape).T * derived(a[2], motion, ctx))


def near(motion: Motion, ctx: Context, keep: Form | None = None) -> Context:
    """What also holds near the point."""

    def stays(gap: Form) -> bool:
        try:
            return motion.still(gap)
        except Refused:  # it is not known whether it moves
            return False

    gaps = tuple((g, s) for g, s in ctx.gaps if (s and not names_in(g) & JUMPING) or g == keep or stays(g))
    return Context(gaps, ctx.integers, ctx.definite, ctx.families)


OPERATIONS.update({"derived": derived, "near": near, "Motion": Motion})
