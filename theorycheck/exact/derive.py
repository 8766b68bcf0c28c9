"""Derivations on normal forms: in time along a flow, in a direction, and gradients read off a trace."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from flint import fmpq

from theorycheck.exact.context import Context, from_forms
from theorycheck.exact.form import (
    ONE,
    Atom,
    E,
    Form,
    NotInForm,
    Term,
    assemble,
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
from theorycheck.exact.words import Letter, transpose_word
from theorycheck.tree import Node, substitute, sym, walk
from theorycheck.tree.node import affine, from_affine, matrix_shape, plain


@dataclass(frozen=True)
class Rule:
    """A derivation: what it does to a scalar symbol and to a letter (None where it gives zero)."""

    symbol: Callable[[Atom], Form | None]
    letter: Callable[[Letter], Form | None]


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
    from theorycheck.exact.read import trace

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
            from theorycheck.exact.read import letter

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
    change = rule.letter(plain)
    if change is None and not isinstance(base, Node) and base[0] == "chain":
        change = _chain(plain, rule)
    if change is None and not isinstance(base, Node) and base[0] != "chain":
        if not constant(base[1:], rule, ctx):
            raise NotInForm(f"no derivative of the letter {base[0]!r} is known")
        return None
    return change.T if change is not None and transposed else change


def _chain(x: Letter, rule: Rule) -> Form | None:
    """D(W_hi .. W_lo) = sum over j of W_hi .. W_(j+1) D(W_j) W_(j-1) .. W_lo; a chain of one factor is asked for directly."""
    from theorycheck.exact.read import letter, size

    _, name, hi, lo = x[0]
    if affine(hi - lo) == {}:
        return None
    j = sym("#layer")
    middle = rule.letter((("chain", name, j, j), False, sym("#rows"), sym("#cols")))
    if middle is None:
        return None
    left = letter(("chain", name, hi, from_affine(affine(j + 1))), x[2], _width(j))
    right = letter(("chain", name, from_affine(affine(j - 1)), lo), _width(j - 1), x[3])
    return bind(left @ middle @ right, "#layer", size(lo), size(hi))


def _width(i: Node) -> Node:
    """The size n_i between the layers i + 1 and i (`tree.layers` takes no other family of widths)."""
    return from_affine(affine(Node("item", ("n", i))))


# --- the heads Dt, gradient, second ---------------------------------------------------------------------------------------
def time_rule(ctx: Context) -> Rule:
    """d/dt: the symbol t has derivative 1, a path x(s) of the flow of f moves by -grad f(x(s)) Ds."""
    from theorycheck.exact.read import letter

    def on_letter(x: Letter) -> Form | None:
        base = x[0]
        if isinstance(base, Node) or base[0] != "at":
            return None
        _, _, f, s = base
        speed = derive(thaw(s), rule, ctx)
        here = letter(base, x[2], x[3])
        return speed.scale(-1) * letter(("grad", f, here.frozen()), x[2], x[3])

    rule = Rule(lambda a: ONE if a == sym("t") else None, on_letter)
    return rule


def _time_derivative(t: Node, ctx: Context) -> Form:
    from theorycheck.exact.read import read

    near = neighbourhood(time_rule(ctx), ctx, [atom(sym("t"))])
    return derive(read(t.nodes[0], near), time_rule(near), near)


def neighbourhood(rule: Rule, ctx: Context, keep: list[Form] | None = None) -> Context:
    """What also holds near the point: of the conditions on what moves, the strict ones (and `keep`: time starts at 0)."""
    known = [x.terms for x in keep or []]
    lower = [f for f in ctx.lower if f.terms in known or _keeps_still(f, rule, ctx)]
    plain_context = replace(ctx, positive=frozenset(), nonneg=frozenset(), bounds={})
    return from_forms(lower, ctx.strict, plain_context)


def _keeps_still(x: Form, rule: Rule, ctx: Context) -> bool:
    try:
        return constant(x.frozen(), rule, ctx)
    except NotInForm:  # it is not known whether it moves
        return False


def direction_rule(moves: list[tuple[Form, Form]], ctx: Context) -> Rule:
    """d/d eps with each (one-letter) matrix replaced by itself + eps * direction; a layer moves inside longer chains too."""
    table = {_variable(symbol): direction for symbol, direction in moves}
    if len(table) < len(moves):
        raise NotInForm("a derivative in two directions of one variable")

    def on_letter(x: Letter) -> Form | None:
        if x[0] not in table and isinstance(x[0], Node):
            _other_members(x[0], table, ctx)
        if x[0] in table or isinstance(x[0], Node) or x[0][0] != "chain":
            return table.get(x[0])
        parts = [_inside(x, base[2], v, ctx) for base, v in table.items() if not isinstance(base, Node) and base[1] == x[0][1]]
        return combine([p for p in parts if p], (x[2], x[3])) if any(parts) else None

    return Rule(lambda a: None, on_letter)


def _variable(symbol: Form) -> Any:
    """The base of the letter that a derivative is taken in: a matrix symbol, a layer, or a member of a family."""
    if len(symbol.terms) == 1:
        (((binders, factors, word), c),) = symbol.terms.items()
        base = word[0][0] if len(word) == 1 and not (binders or factors or word[0][1]) and c == 1 else ()
        if isinstance(base, Node) or (base and base[0] == "chain" and affine(base[2] - base[3]) == {}):
            return base
    raise NotInForm(f"a derivative in {show(symbol)}, which is not one free matrix symbol or layer")


def _other_members(base: Node, table: dict[Any, Form], ctx: Context) -> None:
    """Refuse a member of a moving family whose index may be the one that moves."""
    from theorycheck.exact.read import size

    for moving in table:
        if isinstance(moving, Node) and moving.head == base.head == "item" and moving.args[0] == base.args[0]:
            gap = size(base.nodes[0]) - size(moving.nodes[0])
            if "positive" not in (ctx.sign(gap), ctx.sign(gap.scale(-1))):
                raise NotInForm(f"whether {plain(base)} is {plain(moving)}, which moves, is not known")


def _inside(x: Letter, layer: Node, direction: Form, ctx: Context) -> Form | None:
    """W_hi .. V at `layer` .. W_lo, where it is known that the layer belongs to the chain; None where it does not."""
    from theorycheck.exact.read import letter, size

    _, name, hi, lo = x[0]
    above, below = size(hi) - size(layer), size(layer) - size(lo)
    if ctx.sign(above.scale(-1)) == "positive" or ctx.sign(below.scale(-1)) == "positive":
        return None
    if ctx.sign(above) is None or ctx.sign(below) is None:
        raise NotInForm(f"whether the layer {layer} lies in the chain {name}[{hi}:{lo}] is not known")
    upper, lower = from_affine(affine(layer + 1)), from_affine(affine(layer - 1))
    left = const(1, (x[2], x[2])) if above.is_zero else letter(("chain", name, hi, upper), x[2], direction.shape[0])
    right = const(1, (x[3], x[3])) if below.is_zero else letter(("chain", name, lower, lo), direction.shape[1], x[3])
    return left @ direction @ right


def _second(t: Node, ctx: Context) -> Form:
    from theorycheck.exact.read import read

    body, *rest = t.nodes
    moves = [(read(x, ctx), read(v, ctx)) for x, v in zip(rest[::2], rest[1::2], strict=True)]
    rule = direction_rule(moves, ctx)
    near = neighbourhood(rule, ctx)
    if not all(constant(v.frozen(), rule, near) for _, v in moves):
        raise NotInForm("a second derivative in a direction that depends on the variable; name the direction")
    return derive(derive(read(body, near), rule, near), rule, near)


def _gradient(t: Node, ctx: Context) -> Form:
    """The matrix g with D body = <g, direction>, read off the traces in a fresh direction."""
    from theorycheck.exact.read import letter, read

    body, wrt = t.nodes
    rows, cols = matrix_shape(wrt)
    fresh = letter(Node("sym", ("#direction",), (rows, cols)), rows, cols)
    rule = direction_rule([(read(wrt, ctx), fresh)], ctx)
    near = neighbourhood(rule, ctx)
    change = derive(read(body, near), rule, near)
    shape = fresh.shape
    return combine((_read_off(term, c, shape) for term, c in change.terms.items()), shape)


def _read_off(term: Term, c: fmpq, shape: tuple[Node, ...]) -> Form:
    binders, factors, _ = term
    for a, e in factors:
        if isinstance(a, tuple) and a[0] == "tr" and e == ONE.frozen():
            for i, x in enumerate(a[1]):
                if isinstance(x[0], Node) and x[0].args[0] == "#direction":
                    rest = a[1][i + 1 :] + a[1][:i]
                    word = rest if x[1] else transpose_word(rest)
                    others = factors - {(a, e)}
                    return assemble(binders, others, word, c, shape)
    raise NotInForm("a gradient that is not linear in the direction")


READERS: dict[str, Callable[[Node, Context], Form]] = {"Dt": _time_derivative, "second": _second, "gradient": _gradient}
