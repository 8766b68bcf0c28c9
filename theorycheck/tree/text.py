"""Trees as one line of plain ASCII, for terminals and messages."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from theorycheck.tree.latex import ADD, AND, ATOM, BIG, MUL, POW, REL, Form, Printed, Style, at_level, render
from theorycheck.tree.node import Node


def _name(name: str) -> Printed:
    return name, ATOM


def _number(value: Fraction) -> Printed:
    return str(value), ADD if value < 0 else ATOM if value.denominator == 1 else MUL


def _indexed(node: Node) -> Printed:
    return f"{node.args[0]}[{':'.join(dict.fromkeys(text(n) for n in node.nodes))}]", ATOM


def _join(head: str, parts: list[str], factors: list[Node]) -> str:
    """`2*beta*t`, but `(a + b) * c`: room around the sign where a factor has room in it."""
    sign = "@" if head == "matmul" else "*"
    return (f" {sign} " if head == "matmul" or any(" " in p for p in parts) else sign).join(parts)


def _quotient(node: Node) -> Printed:
    top, bottom = at_level(node.nodes[0], MUL, TEXT), at_level(node.nodes[1], POW, TEXT)
    return f"{top} / {bottom}" if " " in top + bottom else f"{top}/{bottom}", MUL


def _limit(node: Node) -> Printed:
    point, body = node.nodes
    side = "" if point.head == "infinity" else "+"
    return f"lim({node.args[0]} -> {at_level(point, POW, TEXT)}{side}, {text(body)})", ATOM


def _second(node: Node) -> Printed:
    body, *pairs = node.nodes
    moves = ", ".join(f"{text(x)} along {text(v)}" for x, v in zip(pairs[::2], pairs[1::2], strict=True))
    return f"second({text(body)}; {moves})", ATOM


def _law(head: str) -> Callable[[Node], Printed]:
    def printed(node: Node) -> Printed:
        body, *covariances = node.nodes
        return f"{head}[{text(body)}; {node.args[0]} ~ N(0; {', '.join(map(text, covariances))})]", ATOM

    return printed


def _all(node: Node) -> Printed:
    return " and ".join(at_level(n, REL, TEXT) for n in node.nodes), AND


TEXT = Style(
    {
        "app": Form("#1(#2)"),
        "grad": Form("grad #1(#2)", MUL),
        "at": Form("#1(#3)"),
        "infinity": Form("oo"),
        "pow": Form("#1^#2", POW, (ATOM, POW)),
        "mpow": Form("#1^#2", POW, (ATOM, POW)),
        "transpose": Form("#1^T", POW, (ATOM,)),
        "sqrt": Form("sqrt(#1)"),
        "exp": Form("exp(#1)"),
        "log": Form("log(#1)"),
        "abs": Form("|#1|"),
        "sign": Form("sign(#1)"),
        "min": Form("min(#1, #2)"),
        "sum": Form("sum(#1=#2..#3, #4)"),
        "prod": Form("prod(#1=#2..#3, #4)"),
        "sequences": Form("sum(#1[1]..#1[#2]=1..#3, #4)"),
        "integral": Form("int(#1=#2..#3, #4)"),
        "zero": Form("0"),
        "trace": Form("Tr[#1]"),
        "inner": Form("<#1, #2>"),
        "norm": Form("||#1||"),
        "schatten": Form("||#1||_#2", ATOM, (0, ATOM)),
        "rank": Form("rank(#1)"),
        "singular": Form("sigma[#2](#1)"),
        "gradient": Form("grad_#2 #1", BIG, (POW, ATOM)),
        "Dt": Form("Dt #1", BIG, (POW,)),
        "eq": Form("#1 = #2", REL, (ADD, ADD)),
        "le": Form("#1 <= #2", REL, (ADD, ADD)),
        "lt": Form("#1 < #2", REL, (ADD, ADD)),
        "ge": Form("#1 >= #2", REL, (ADD, ADD)),
        "gt": Form("#1 > #2", REL, (ADD, ADD)),
        "not": Form("not (#1)", REL),
        "converges": Form("#1 -> #4 as #2 -> #3", REL),
        "member": Form("#1 in B(#2, #3)", REL),
        "psd": Form("#1 is positive semidefinite", REL),
        "defined": Form("#1 is defined", REL),
        "each": Form("#4 for #1=#2..#3", AND),
        "every": Form("#2 for all #1", AND),
    },
    {
        "item": _indexed,
        "chain": _indexed,
        "div": _quotient,
        "limit": _limit,
        "second": _second,
        "expect": _law("E"),
        "prob": _law("P"),
        "and": _all,
        "eye": lambda node: (f"I[{text((node.shape or ())[0])}]", ATOM),
    },
    _name,
    _number,
    _join,
    "(#1)",
)


def text(node: Node) -> str:
    """The tree on one line of plain ASCII."""
    return render(node, TEXT)[0]
