"""The values a user may type: `--set rate=11/10`, `--set rate=2*beta + sqrt(L)`.

The grammar is closed, and Python's own parser never sees the text (there `^` binds more loosely than `+`, decimals
become floats, and `lambda` cannot be a name):

    sum     = product (("+" | "-") product)*        factor = ("+" | "-") factor | power
    product = factor (("*" | "/") factor)*          power  = atom [("**" | "^") factor]
    atom    = number | declared name | ("sqrt" | "exp" | "log") "(" sum ")" | "(" sum ")"

Rational constants are folded exactly, so that 1/3, 0.1 and 1 + 1 are one number each. Everything else is kept as typed.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from theorycheck.errors import InputError
from theorycheck.tree.build import exp, log, sqrt
from theorycheck.tree.node import Node, add, div, is_scalar, mul, neg, num, power

MAX_LENGTH, MAX_DEPTH, MAX_BITS, MAX_DIGITS = 160, 20, 2000, 60  # so that no tree is 100 deep (heads.MAX_DEPTH)
SYMBOL_BITS = 4
NUMBER = r"[0-9]+\.?[0-9]*(?:[eE][+-]?[0-9]{1,2}(?![0-9]))?|\.[0-9]+"
TOKEN = re.compile(rf"[ \t]*(?:{NUMBER}|[A-Za-z_][A-Za-z0-9_]*|\*\*|[-+*/^()])")
FUNCTIONS = {"sqrt": sqrt, "exp": exp, "log": log}
NOT_FINITE = {"nan", "inf", "infinity", "oo", "zoo"}
MEND = "write numbers, declared names, + - * / ** ( ), sqrt, exp, log"


def parse(text: str, symbols: Mapping[str, Node]) -> Node:
    """The scalar tree that `text` writes over the declared scalar `symbols`; anything else raises InputError."""
    parser = _Parser(text, _tokens(text), symbols)
    tree = parser.sum(0)
    if parser.peek():
        raise parser.refusal(f"{parser.peek()!r} stands where an operator is needed", "write * between factors")
    return tree


def _refusal(text: str, reason: str, mend: str) -> InputError:
    shown = text if len(text) <= 60 else text[:57] + "..."
    return InputError(f"formula {shown!a}: {reason}; {mend}")


def _tokens(text: str) -> list[str]:
    if len(text) > MAX_LENGTH:
        raise _refusal(text, f"it has more than {MAX_LENGTH} characters", "shorten it")
    stripped, at, found = text.rstrip(" \t"), 0, []
    while at < len(stripped):
        match = TOKEN.match(stripped, at)
        if match is None:
            rest = stripped[at:].lstrip(" \t")
            raise _refusal(text, f"the character {rest[0]!a} does not belong to a formula", MEND)
        found.append(match[0].strip(" \t"))
        at = match.end()
    return found


@dataclass
class _Parser:
    """Recursive descent over the tokens; `depth` counts the nesting, so that no input overflows the stack."""

    text: str
    tokens: list[str]
    symbols: Mapping[str, Node]
    at: int = 0

    def refusal(self, reason: str, mend: str) -> InputError:
        return _refusal(self.text, reason, mend)

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self, *wanted: str) -> str:
        """The next token if it is one of `wanted`, and step over it; else the empty string."""
        token = self.peek()
        if token not in wanted:
            return ""
        self.at += 1
        return token

    def sum(self, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise self.refusal(f"it is nested deeper than {MAX_DEPTH}", "drop some parentheses")
        out = self.product(depth)
        while sign := self.take("+", "-"):
            out = self.combine(sign, out, self.product(depth))
        return out

    def product(self, depth: int) -> Node:
        out = self.factor(depth)
        while sign := self.take("*", "/"):
            out = self.combine(sign, out, self.factor(depth))
        return out

    def factor(self, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise self.refusal(f"it is nested deeper than {MAX_DEPTH}", "drop some signs or powers")
        if sign := self.take("+", "-"):
            inner = self.factor(depth + 1)
            value = _value(inner)
            return inner if sign == "+" else neg(inner) if value is None else num(-value)
        base = self.atom(depth)
        return self.combine("**", base, self.factor(depth + 1)) if self.take("**", "^") else base

    def atom(self, depth: int) -> Node:
        token = self.peek()
        self.at += 1
        if token == "(":
            return self.closed(depth)
        if token[:1].isdigit() or token[:1] == ".":
            return self.number(token)
        if token in FUNCTIONS and self.take("("):
            return self.apply(token, self.closed(depth))
        if token.isidentifier():
            return self.symbol(token)
        found = f"{token!r} stands" if token else "it ends"
        raise self.refusal(f"{found} where a value is needed", MEND)

    def closed(self, depth: int) -> Node:
        inner = self.sum(depth + 1)
        if not self.take(")"):
            raise self.refusal("a parenthesis is not closed", "write the missing )")
        return inner

    def number(self, token: str) -> Node:
        if len(token) > MAX_DIGITS:
            raise self.refusal(f"a number has more than {MAX_DIGITS} characters", "round it")
        return num(Fraction(token))

    def symbol(self, name: str) -> Node:
        known = self.symbols.get(name)
        if known is not None and is_scalar(known) and self.peek() != "(":
            return known
        if known is not None:
            reason = f"{name} is a scalar, not a function" if is_scalar(known) else f"{name} is not a scalar"
            raise self.refusal(reason, "only scalars can be combined here")
        if name.lower() in NOT_FINITE:
            raise self.refusal(f"{name} is not a finite number", "give a number")
        names = ", ".join(sorted(k for k, v in self.symbols.items() if is_scalar(v))) or "none"
        raise self.refusal(f"the name {name[:40]!a} is not declared", f"declared: {names}")

    def apply(self, name: str, inner: Node) -> Node:
        value = _value(inner)
        if value is not None and (value < 0 if name == "sqrt" else name == "log" and value <= 0):
            raise self.refusal(f"{name} of {value} is not a real number", "change its argument")
        return FUNCTIONS[name](inner)

    def combine(self, sign: str, left: Node, right: Node) -> Node:
        a, b = _value(left), _value(right)
        if (b == 0 and sign == "/") or (a == 0 and b is not None and b < 0 and sign == "**"):
            raise self.refusal("it divides by zero", "change the denominator")
        if sign == "**" and a is not None and a < 0 and (b is None or b.denominator != 1):
            raise self.refusal(f"a power of the negative number {a} needs an integer exponent", "change the base")
        tree = {"+": add, "-": lambda x, y: x - y, "*": mul, "/": div, "**": power}[sign](left, right)
        if _bits(tree) > MAX_BITS:
            raise self.refusal(f"its numbers would have more than {MAX_BITS} bits", "use smaller exponents")
        return tree if a is None or b is None else _fold(sign, a, b, tree)


def _value(tree: Node) -> Fraction | None:
    """The number that a tree is, if it is a number."""
    value = tree.args[0] if tree.head == "num" else None
    return value if isinstance(value, Fraction) else None


def _fold(sign: str, a: Fraction, b: Fraction, tree: Node) -> Node:
    if sign == "**":
        return num(a ** int(b)) if b.denominator == 1 else tree
    return num({"+": lambda: a + b, "-": lambda: a - b, "*": lambda: a * b, "/": lambda: a / b}[sign]())


def _bits(tree: Node) -> float:
    """How many bits the value of a tree may need where every symbol needs four; powers multiply them."""
    sizes = [_bits(n) for n in tree.nodes]
    match tree.head:
        case "num":
            value = _value(tree) or Fraction(0)
            return max(abs(value.numerator).bit_length(), value.denominator.bit_length())
        case "pow":
            exponent = _value(tree.nodes[1])
            return max(1.0, sizes[0]) * (2.0 ** min(sizes[1], 64) if exponent is None else math.ceil(abs(exponent)))
        case _:
            return sum(sizes) if sizes else SYMBOL_BITS
