"""Scalar trees as SymPy expressions: a second engine for zero tests, and what a reader may play with.

What SymPy has no word for (norms, traces, functions of matrices, sums, derivatives in time) becomes an opaque symbol, one
per tree. SymPy is loaded on the first call.
"""

from __future__ import annotations

from collections.abc import Collection
from fractions import Fraction
from typing import Any

from theorycheck.tree.node import Node, is_scalar, walk
from theorycheck.tree.text import text

ARITHMETIC = {"num", "sym", "add", "neg", "mul", "div", "pow", "infinity"}
DIRECT = ARITHMETIC | {"sqrt", "exp", "log", "abs", "sign", "min"}
NONNEGATIVE = {"norm", "schatten", "rank", "singular"}
DIGITS = 60


def to_sympy(node: Node, positive: Collection[str] = ()) -> Any:
    """The SymPy expression of a scalar tree; `positive` names the symbols and families that are > 0.

    Raises TypeError for a matrix or a proposition. An opaque symbol is named by the text of its tree; two trees with
    one text get two names.
    """
    if not is_scalar(node):
        raise TypeError(f"{node} is not a scalar; compare entries or norms instead")
    return _export(node, frozenset(positive), {})


def sympy_is_zero(node: Node, positive: Collection[str] = ()) -> bool | None:
    """Whether a scalar tree is zero for all real symbols (> 0 where named); None where SymPy does not settle it.

    True comes from `together` and `expand`, False from a value at a rational point far away from zero (only for trees
    without opaque parts, which might be related in ways unknown here).
    """
    import sympy

    expression = to_sympy(node, positive)
    top, _ = sympy.fraction(sympy.together(sympy.expand(expression)))
    if any(e.has(sympy.nan, sympy.zoo, sympy.oo) for e in (expression, top)):
        return None
    if sympy.expand(sympy.powsimp(sympy.expand(top))) == 0:
        return True
    transparent = all(n.head in DIRECT or n.head == "item" for _, n in walk(node))
    return False if transparent and _far_from_zero(expression) else None


def _far_from_zero(expression: Any) -> bool:
    """Whether the value at some positive rational point is a real number away from zero, to DIGITS digits."""
    import sympy

    symbols = sorted(expression.free_symbols, key=str)
    for shift in (3, 11, 20):
        point = {s: sympy.Rational(7 * shift + 5 * k * k + 2, 13 + 2 * k) for k, s in enumerate(symbols)}
        value = sympy.N(expression.subs(point), DIGITS)
        if value.is_Float and value.is_finite and abs(value) > sympy.Rational(1, 10**20) and value._prec > 100:
            return True
    return False


def _export(node: Node, positive: frozenset[str], opaque: dict[str, Node]) -> Any:
    import sympy

    if node.head not in DIRECT:
        return _opaque(node, positive, opaque)
    if node.head == "num":
        value = Fraction(node.args[0])  # type: ignore[arg-type]
        return sympy.Rational(value.numerator, value.denominator)
    if node.head == "sym":
        return _symbol(str(node.args[0]), str(node.args[0]) in positive)
    parts = [_export(n, positive, opaque) for n in node.nodes]
    operations = {
        "add": sympy.Add,
        "neg": lambda x: -x,
        "mul": sympy.Mul,
        "div": lambda a, b: a / b,
        "pow": sympy.Pow,
        "sqrt": sympy.sqrt,
        "exp": sympy.exp,
        "log": sympy.log,
        "abs": sympy.Abs,
        "sign": sympy.sign,
        "min": sympy.Min,
        "infinity": lambda: sympy.oo,
    }
    return operations[node.head](*parts)


def _opaque(node: Node, positive: frozenset[str], opaque: dict[str, Node]) -> Any:
    """A symbol for a tree that SymPy cannot read; primes keep apart two trees that print alike."""
    import sympy

    name = text(node)
    while opaque.setdefault(name, node) != node:
        name += "'"
    if node.head == "item":
        return _symbol(name, node.args[0] in positive)
    return sympy.Symbol(name, nonnegative=True) if node.head in NONNEGATIVE else _symbol(name, False)


def _symbol(name: str, positive: bool) -> Any:
    import sympy

    return sympy.Symbol(name, positive=True) if positive else sympy.Symbol(name, real=True)
