"""Derivatives as derivations on normal forms: in the time t along flows, in a direction, and gradients read off traces.

A derivative is taken near a point, so its body is read with those relations only that hold near it: strict ones, those in
which nothing moves, and t >= 0, where time starts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flint import fmpq

from .forms import E, MINUS, ONE, ZERO, Form, add, assemble, atom, closed, const, letter, opened, symbol, trace, transposed, word_form
from .reading import READERS, Context, logarithm, read, sizes
from .tree import Node, Refused, need


@dataclass(frozen=True)
class Motion:
    """The derivatives of scalar symbols and of letters (not transposed); None where they stand still."""

    symbol: Callable[[str], Form | None]
    letter: Callable[[Any], Form | None]

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
    parts = []
    for term, c in x.terms.items():
        binders, body = opened(term) if term[0] else ([], Form({term: fmpq(1)}, x.shape))
        inner = ctx.within(binders) if binders else ctx
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
        return derived(a[1], motion, ctx) * a[1] * atom(a, const(-1))
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

    gaps = [(g, s) for g, s in ctx.gaps if s or g == keep or stays(g)]
    return Context(gaps, ctx.integers, ctx.definite, ctx.families)


# --- in time --------------------------------------------------------------------------------------------------------------
def in_time(ctx: Context) -> Motion:
    """d/dt: the path x(s) of the flow of f moves by -grad f(x(s)) Ds."""

    def moved(x: Any) -> Form | None:
        if x[0][0] != "at" or motion.still(x[0][3]):
            return None
        here = letter(*(x[0], x[2], x[3]))
        return derived(x[0][3], motion, ctx).scale(-1) * letter(("grad", x[0][2], here), x[2], x[3])

    motion = Motion(lambda name: ONE if name == "t" else None, moved)
    return motion


def _time(t: Node, ctx: Context) -> Form:
    around = near(in_time(ctx), ctx, symbol("t"))
    return derived(read(t.trees[0], around), in_time(around), around)


# --- in a direction -------------------------------------------------------------------------------------------------------
def direction(moves: list[tuple[Form, Form]], ctx: Context) -> Motion:
    """d/d eps with each matrix replaced by itself + eps * direction; a layer moves inside longer chains too."""
    table = {_variable(x): v for x, v in moves}
    need(len(table) == len(moves), "a derivative in two directions of one variable")

    def moved(x: Any) -> Form | None:
        base = x[0]
        if base in table:
            return table[base]
        for other in table:
            if base[0] == other[0] == "item" and base[1] == other[1]:
                gap = base[2] - other[2]
                need(2 in (ctx.sign(gap), ctx.sign(gap.scale(-1))), "whether two members of a family are the same is not known")
            need(not (base[0] == "spd" and other[:2] == ("spd", base[1])), "a derivative in a power of a matrix")
        if base[0] != "chain":
            return None
        found = [_inside(x, b[2], v, ctx) for b, v in table.items() if b[0] == "chain" and b[1] == base[1]]
        return add([f for f in found if f], (x[2], x[3])) if any(found) else None

    return Motion(lambda name: None, moved)


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
    moves = [(read(x, ctx), read(v, ctx)) for x, v in zip(t.trees[1::2], t.trees[2::2], strict=True)]
    around = near(direction(moves, ctx), ctx)
    motion = direction(moves, around)
    need(all(motion.still(v) for _, v in moves), "a second derivative in a direction that depends on the variable")
    return derived(derived(read(t.trees[0], around), motion, around), motion, around)


FRESH = ("mat", "~direction")


def _gradient(t: Node, ctx: Context) -> Form:
    """The matrix g with D body = <g, direction>, for a direction that is named nowhere."""
    body, wrt = t.trees
    moves = [(read(wrt, ctx), letter(FRESH, *sizes(wrt)))]
    around = near(direction(moves, ctx), ctx)
    change = derived(read(body, around), direction(moves, around), around)
    return add((_read_off(term, c, sizes(wrt)) for term, c in change.terms.items()), sizes(wrt))


def _read_off(term: Any, c: fmpq, shape: tuple[Form, Form]) -> Form:
    binders, body = opened(term)
    (((_, factors, _), k),) = body.terms.items()
    hits = [(a, e) for a, e in factors if count(a) or count(e)]
    need(len(hits) == 1 and hits[0][0][0] == "tr" and hits[0][1] == ONE and count(hits[0][0]) == 1, "no linear change")
    word = hits[0][0][1]
    i = next((i for i, w in enumerate(word) if w[0] == FRESH), None)
    need(i is not None, "the direction stands inside a function")
    rest = word[i + 1 :] + word[:i]  # type: ignore[operator]
    rest = rest if word[i][1] else transposed(rest)
    return closed(binders, assemble(factors - set(hits), (), c * k, ()) * word_form(rest, shape))


def count(x: Any) -> int:
    """How often the direction stands in a part of a form."""
    if x == FRESH:
        return 1
    if isinstance(x, Form):
        return sum(map(count, x.terms))
    return sum(map(count, x)) if isinstance(x, tuple | frozenset) else 0


READERS.update({"Dt": _time, "second": _second, "gradient": _gradient})
