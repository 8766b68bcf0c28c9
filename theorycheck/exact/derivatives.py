"""Derivatives as derivations on normal forms: in time along a flow, in a direction, and gradients read off a trace."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flint import fmpq

from theorycheck.exact.context import Context, from_forms
from theorycheck.exact.derive import Rule, constant, derive
from theorycheck.exact.form import ONE, Form, NotInForm, Term, assemble, atom, combine, const, show, thaw
from theorycheck.exact.letters import letter, size
from theorycheck.exact.read import read
from theorycheck.exact.words import Letter, transpose_word
from theorycheck.tree import Node, sym
from theorycheck.tree.node import affine, from_affine, matrix_shape, plain


def time_rule(ctx: Context) -> Rule:
    """d/dt: the symbol t has derivative 1, a path x(s) of the flow of f moves by -grad f(x(s)) Ds."""

    def on_letter(x: Letter, _: Context) -> Form | None:
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
    near = neighbourhood(time_rule(ctx), ctx, [atom(sym("t"))])
    return derive(read(t.nodes[0], near), time_rule(near), near)


def neighbourhood(rule: Rule, ctx: Context, keep: list[Form] | None = None) -> Context:
    """What also holds near the point: of the conditions on what moves, the strict ones (and `keep`: time starts at 0)."""
    known = [x.terms for x in keep or []]
    lower = [f for f in ctx.lower if f.terms in known or _keeps_still(f, rule, ctx)]
    plain_context = replace(ctx, positive=frozenset(), nonneg=frozenset(), bounds={}, floors={})
    return from_forms(lower, ctx.strict, plain_context)


def _keeps_still(x: Form, rule: Rule, ctx: Context) -> bool:
    try:
        return constant(x.frozen(), rule, ctx)
    except NotInForm:  # it is not known whether it moves
        return False


def direction_rule(moves: list[tuple[Form, Form]]) -> Rule:
    """d/d eps with each (one-letter) matrix replaced by itself + eps * direction; a layer moves inside longer chains too."""
    table = {_variable(symbol): direction for symbol, direction in moves}
    if len(table) < len(moves):
        raise NotInForm("a derivative in two directions of one variable")

    def on_letter(x: Letter, here: Context) -> Form | None:
        if x[0] not in table and isinstance(x[0], Node):
            _other_members(x[0], table, here)
        if x[0] in table or isinstance(x[0], Node) or x[0][0] != "chain":
            return table.get(x[0])
        parts = [_inside(x, base[2], v, here) for base, v in table.items() if not isinstance(base, Node) and base[1] == x[0][1]]
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
    for moving in table:
        if isinstance(moving, Node) and moving.head == base.head == "item" and moving.args[0] == base.args[0]:
            gap = size(base.nodes[0]) - size(moving.nodes[0])
            if "positive" not in (ctx.sign(gap), ctx.sign(gap.scale(-1))):
                raise NotInForm(f"whether {plain(base)} is {plain(moving)}, which moves, is not known")


def _inside(x: Letter, layer: Node, direction: Form, ctx: Context) -> Form | None:
    """W_hi .. V at `layer` .. W_lo, where it is known that the layer belongs to the chain; None where it does not."""
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
    body, *rest = t.nodes
    moves = [(read(x, ctx), read(v, ctx)) for x, v in zip(rest[::2], rest[1::2], strict=True)]
    rule = direction_rule(moves)
    near = neighbourhood(rule, ctx)
    if not all(constant(v.frozen(), rule, near) for _, v in moves):
        raise NotInForm("a second derivative in a direction that depends on the variable; name the direction")
    return derive(derive(read(body, near), rule, near), rule, near)


def _gradient(t: Node, ctx: Context) -> Form:
    """The matrix g with D body = <g, direction>, read off the traces in a fresh direction."""
    body, wrt = t.nodes
    rows, cols = matrix_shape(wrt)
    fresh = letter(Node("sym", ("#direction",), (rows, cols)), rows, cols)
    rule = direction_rule([(read(wrt, ctx), fresh)])
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
