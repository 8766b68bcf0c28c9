"""Derivations on normal forms: the Leibniz rule on terms, powers, letters and chains (`derivatives.py`: Dt, gradients)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flint import fmpq

from theorycheck.exact.context import Context
from theorycheck.exact.form import (
    ONE,
    Atom,
    E,
    Form,
    NotInForm,
    Term,
    atom,
    bind,
    closed,
    combine,
    const,
    logarithm,
    opened,
    show,
    thaw,
)
from theorycheck.exact.letters import letter, size, trace
from theorycheck.exact.words import Letter
from theorycheck.tree import Node, substitute, sym, walk
from theorycheck.tree.node import affine, from_affine


@dataclass(frozen=True)
class Rule:
    """A derivation: what it does to a scalar symbol, and to a letter in a context (None where it gives zero)."""

    symbol: Callable[[Atom], Form | None]
    letter: Callable[[Letter, Context], Form | None]


def derive(x: Form, rule: Rule, ctx: Context) -> Form:
    """The Leibniz rule on every term; sums over bound indices are left in place."""
    return combine((part for t, c in x.terms.items() for part in _term(t, c, x.shape, rule, ctx)), x.shape)


def _term(term: Term, c: fmpq, shape: tuple[Node, ...], rule: Rule, ctx: Context) -> list[Form]:
    names, (ends, factors, word) = opened(term[0], term[1:])
    ctx = ctx.within(names, ends) if names else ctx
    parts: list[Form] = []
    for a, e in factors:
        change = _factor(a, thaw(e), rule, ctx)
        if not change.is_zero:
            rest = Form({((), factors - {(a, e)}, word): c}, shape)
            parts.append(closed(names, ends, rest * change))
    for i, x in enumerate(word):
        moved = _letter(x, rule, ctx)
        if moved is not None and not moved.is_zero:
            left, right = _piece(word[:i], x[2]), _piece(word[i + 1 :], x[3])
            rest = Form({((), factors, ()): c})
            parts.append(closed(names, ends, rest * (left @ moved @ right)))
    return parts


def _piece(word: tuple[Letter, ...], end: Node) -> Form:
    shape = (word[0][2], word[-1][3]) if word else (end, end)
    return Form({((), frozenset(), word): fmpq(1)}, shape)


def _factor(a: Atom, e: Form, rule: Rule, ctx: Context) -> Form:
    """D(a^e) = e a^(e-1) D a + a^e log(a) D e."""
    inside = _atom(a, rule, ctx)
    outer = derive(e, rule, ctx)
    result = Form({})
    if not inside.is_zero:
        if not _differentiable(a, e, ctx):
            raise NotInForm(f"a power of {show(atom(a))}, which may vanish, need not be differentiable")
        result = result + e * atom(a, e - ONE) * inside
    if not outer.is_zero:
        result = result + atom(a, e) * outer * (ONE if a == E else logarithm(atom(a), ctx.sign))
    return result


def _differentiable(a: Atom, e: Form, ctx: Context) -> bool:
    """Whether a^e has a derivative wherever it is licensed: whole powers, powers above 1, anything of a > 0; |x| for x != 0."""
    n = e.constant()
    if ctx.sign(atom(a)) == "positive" or ctx.sign(e - ONE) == "positive":
        return True
    return n is not None and n.denom() == 1 and not (isinstance(a, tuple) and a[0] == "abs")


def _atom(a: Atom, rule: Rule, ctx: Context) -> Form:
    zero = Form({})
    if isinstance(a, Node):
        return rule.symbol(a) or zero
    if isinstance(a, int) or a in (E, ("exponent",)):
        return zero
    match a[0]:
        case "tr":
            return trace(_word(a[1], rule, ctx))
        case "poly" | "abs":
            inner = derive(thaw(a[1]), rule, ctx)
            return inner if a[0] == "poly" or inner.is_zero else inner * thaw(a[1]) * atom(a, const(-1))
        case "log":
            return atom(a[1], const(-1)) * _atom(a[1], rule, ctx)
        case "app":
            x = thaw(a[2], _shape_of(a[2]))
            change = derive(x, rule, ctx)
            if change.is_zero:
                return zero
            slope = letter(("grad", a[1], a[2]), x.shape[0], x.shape[1])
            return trace(slope.T @ change)
    if not constant(a, rule, ctx):
        raise NotInForm(f"no derivative of {a[0]!r} is known")
    return zero


def constant(a: Any, rule: Rule, ctx: Context) -> bool:
    """Whether nothing inside an opaque atom moves under the rule."""
    if isinstance(a, Node):
        return _still(a, rule, ctx)
    if isinstance(a, tuple):
        if a and a[0] == "integral":
            return constant(a[2:4], rule, ctx) and _still(substitute(a[4], {a[1]: sym("#v")}), rule, ctx)
        if len(a) == 4 and isinstance(a[1], bool):
            return _letter(a, rule, ctx) is None
        return all(constant(x, rule, ctx) for x in a)
    if isinstance(a, frozenset):
        return all(constant(x, rule, ctx) for x in a)
    return True


def _still(tree: Node, rule: Rule, ctx: Context) -> bool:
    """Whether no symbol, layer, member of a family or path in a tree moves under the rule."""
    from theorycheck.exact.read import read

    for _, leaf in walk(tree):
        if leaf.head in {"sym", "item"} and leaf.shape == () and rule.symbol(leaf) is not None:
            return False
        if leaf.head in {"sym", "item", "chain", "at"} and leaf.shape:
            ((_, _, word),) = read(leaf, ctx).terms
            if any(_letter(x, rule, ctx) is not None for x in word):
                return False
    return True


def _shape_of(frozen: Any) -> tuple[Node, ...]:
    for (_, _, word), _c in frozen:
        if word:
            return (word[0][2], word[-1][3])
    raise NotInForm("a function of a constant matrix")


def _word(word: tuple[Letter, ...], rule: Rule, ctx: Context) -> Form:
    whole = Form({((), frozenset(), word): fmpq(1)}, (word[0][2], word[-1][3]))
    return derive(whole, rule, ctx)


def _letter(x: Letter, rule: Rule, ctx: Context) -> Form | None:
    base, transposed, _, _ = x
    plain = (base, False, x[3], x[2]) if transposed else x
    change = rule.letter(plain, ctx)
    if change is None and not isinstance(base, Node) and base[0] == "chain":
        change = _chain(plain, rule, ctx)
    if change is None and not isinstance(base, Node) and base[0] != "chain":
        if not constant(base[1:], rule, ctx):
            raise NotInForm(f"no derivative of the letter {base[0]!r} is known")
        return None
    return change.T if change is not None and transposed else change


def _chain(x: Letter, rule: Rule, ctx: Context) -> Form | None:
    """D(W_hi .. W_lo) = sum over j of W_hi .. W_(j+1) D(W_j) W_(j-1) .. W_lo; a chain of one factor is asked for directly."""
    _, name, hi, lo = x[0]
    if affine(hi - lo) == {}:
        return None
    j = sym("#layer")
    middle = rule.letter((("chain", name, j, j), False, sym("#rows"), sym("#cols")), ctx)
    if middle is None:
        return None
    left = letter(("chain", name, hi, from_affine(affine(j + 1))), x[2], _width(j))
    right = letter(("chain", name, from_affine(affine(j - 1)), lo), _width(j - 1), x[3])
    return bind(left @ middle @ right, "#layer", size(lo), size(hi))


def _width(i: Node) -> Node:
    """The size n_i between the layers i + 1 and i (`tree.layers` takes no other family of widths)."""
    return from_affine(affine(Node("item", ("n", i))))
