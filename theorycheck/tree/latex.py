"""Trees as LaTeX with as few parentheses as are needed, and the printer that `text.py` shares.

A `Style` is data: a template per head (`#1` is the first argument), and functions for the heads whose printing takes
more than the text of their arguments. Levels say how tightly a text holds together; an argument below the level that a
template needs is put in parentheses.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from theorycheck.tree.node import Leaf, Node

AND, REL, ADD, BIG, MUL, POW, ATOM = range(7)
Printed = tuple[str, int]


@dataclass(frozen=True)
class Form:
    """The template of a head, its level, and the levels its arguments need (0 where not given)."""

    template: str
    level: int = ATOM
    needs: tuple[int, ...] = ()


@dataclass(frozen=True)
class Style:
    """How to print: templates, functions for special heads, leaf names, numbers, and the sign between factors."""

    forms: Mapping[str, Form]
    special: Mapping[str, Callable[[Node], Printed]]
    name: Callable[[str], Printed]
    number: Callable[[Fraction], Printed]
    join: Callable[[str, list[str], list[Node]], str]
    parentheses: str


def render(node: Node, style: Style) -> Printed:
    """The text of a tree in a style, with its level."""
    match node.head:
        case "num":
            return style.number(Fraction(node.args[0]))  # type: ignore[arg-type]
        case "sym":
            return style.name(str(node.args[0]))
        case "add":
            return _sum(node, style), ADD
        case "neg":
            return "-" + at_level(node.nodes[0], BIG, style), ADD
        case "mul" | "matmul":
            return _product(node, style)
        case head if head in style.special:
            return style.special[head](node)
        case head:
            form = style.forms[head]
            needs = form.needs + (0,) * (len(node.args) - len(form.needs))
            parts = [_argument(a, n, style) for a, n in zip(node.args, needs, strict=True)]
            return fill(form.template, parts), form.level


def at_level(node: Node, need: int, style: Style) -> str:
    """The text of a tree, in parentheses if its level is below `need`."""
    text, level = render(node, style)
    return text if level >= need else fill(style.parentheses, [text])


def _argument(arg: Node | Leaf, need: int, style: Style) -> str:
    return at_level(arg, need, style) if isinstance(arg, Node) else style.name(str(arg))[0]


TALL = re.compile(r"\\(frac|sum|prod|int|lim|left|sqrt)")


def fill(template: str, parts: list[str]) -> str:
    r"""The template with its arguments; \left and \right stay only where something tall stands between them."""
    if not any(TALL.search(p) for p in parts):
        template = template.replace(r"\left", "").replace(r"\right", "")
    return re.sub("#([1-9])", lambda m: parts[int(m[1]) - 1], template)


def _sum(node: Node, style: Style) -> str:
    out = ""
    for term in node.nodes:
        text, _ = render(term, style)
        if term.head == "add":
            text = fill(style.parentheses, [text])
        negative = text.startswith("-")
        out += (f" - {text[1:]}" if negative else f" + {text}") if out else text
    return out


def _product(node: Node, style: Style) -> Printed:
    """Factors side by side; a minus sign may lead, and a sum or an integral may stand last without parentheses."""
    last = len(node.args) - 1
    rest = [_factor(n, node.head, i == last, style) for i, n in enumerate(node.nodes) if i]
    first = _leading(node.nodes[0], style) if last else at_level(node.nodes[0], BIG, style)
    text = style.join(node.head, [first, *rest], list(node.nodes))
    open_ended = render(node.nodes[-1], style)[1] == BIG
    return text, ADD if text.startswith("-") else BIG if open_ended else MUL


def _leading(node: Node, style: Style) -> str:
    if node.head == "neg":
        return "-" + at_level(node.nodes[0], MUL, style)
    return render(node, style)[0] if node.head == "num" else at_level(node, MUL, style)


def _factor(node: Node, head: str, last: bool, style: Style) -> str:
    if head == "matmul" and node.head == "mul":
        return fill(style.parentheses, [render(node, style)[0]])
    return at_level(node, BIG if last else MUL, style)


# --- LaTeX ----------------------------------------------------------------------------------------------------------
_GREEK = """
alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi omega ell
varepsilon vartheta varrho varsigma varphi Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega"""
GREEK = frozenset(_GREEK.split())
ACCENTS = {"tilde", "hat", "bar", "dot", "underline", "overline"}
SUPERSCRIPTS = {"star": "*", "prime": r"\prime", "plus": "+", "minus": "-"}


def _word(word: str) -> str:
    r"""One part of a name: a letter or a number, a Greek word, \min or \max, else upright."""
    if word == "l":
        return r"\ell"
    if word in GREEK or word in {"min", "max"}:
        return "\\" + word
    return word if len(word) == 1 or word.isdigit() else rf"\mathrm{{{word}}}"


def _name(name: str) -> Printed:
    """`C_min`, `s_1`, `x0`, `x_star`, `x_tilde`: a letter or word, then accents, superscripts and subscripts."""
    first, *rest = [p for p in name.split("_") if p] or ["x"]
    digits = re.fullmatch(r"([A-Za-z]+?)([0-9]+)", first)
    if digits:
        first, rest = digits[1], [digits[2], *rest]
    text = _word(first)
    for part in [p for p in rest if p in ACCENTS]:
        text = rf"\{part}{{{text}}}"
    above = "".join(SUPERSCRIPTS[p] for p in rest if p in SUPERSCRIPTS)
    below = ",".join(_word(p) for p in rest if p not in ACCENTS and p not in SUPERSCRIPTS)
    text += (f"^{{{above}}}" if above else "") + (f"_{{{below}}}" if below else "")
    return text, POW if above else ATOM


def _number(value: Fraction) -> Printed:
    sign = "-" if value < 0 else ""
    if value.denominator == 1:
        return str(value), ADD if sign else ATOM
    return rf"{sign}\frac{{{abs(value.numerator)}}}{{{value.denominator}}}", ADD if sign else MUL


def _indexed(node: Node) -> Printed:
    text, level = _name(str(node.args[0]))
    index = ":".join(dict.fromkeys(latex(n) for n in node.nodes))  # a chain of one layer prints as that layer
    return (f"{text[:-1]},{index}}}" if "_{" in text else f"{text}_{{{index}}}"), level


def _power(node: Node) -> Printed:
    base, exponent = node.nodes
    value = exponent.args[0] if exponent.head == "num" else None
    return f"{at_level(base, ATOM, LATEX)}^{{{latex(exponent) if value is None else value}}}", POW


def _limit(node: Node) -> Printed:
    point, body = node.nodes
    arrow = r"\to" if point.head == "infinity" else r"\downarrow"
    variable = _name(str(node.args[0]))[0]
    return rf"\lim_{{{variable} {arrow} {latex(point)}}} {at_level(body, BIG, LATEX)}", BIG


def _second(node: Node) -> Printed:
    body, *pairs = node.nodes
    moves = ",\\, ".join(
        rf"{latex(x)} \to {latex(x)} + \varepsilon {at_level(v, MUL, LATEX)}"
        for x, v in zip(pairs[::2], pairs[1::2], strict=True)
    )
    inside = fill(r"\left[#1\right]", [latex(body)])
    return rf"\partial_{{\varepsilon}}^{{2}} {inside}_{{{moves},\, \varepsilon = 0}}", BIG


def _law(symbol: str) -> Callable[[Node], Printed]:
    """E or P with the variance of the entries; of several families their covariances stand in the hypotheses."""

    def printed(node: Node) -> Printed:
        body, *covariances = node.nodes
        law = ", ".join(_name(name)[0] for name in str(node.args[0]).split())
        law += rf" \sim N(0, {latex(covariances[0])})" if len(covariances) == 1 else ""
        return rf"\mathbb{{{symbol}}}_{{{law}}}" + fill(r"\left[#1\right]", [latex(body)]), ATOM

    return printed


def _sequences(node: Node) -> Printed:
    length, count, body = node.nodes
    p = _name(str(node.args[0]))[0]
    range_ = rf"{p}_{{1}}, \dots, {p}_{{{latex(length)}}} = 1 .. {latex(count)}"
    return rf"\sum_{{{range_}}} {at_level(body, BIG, LATEX)}", BIG


def _schatten(node: Node) -> Printed:
    return fill(r"\left\|#1\right\|", [latex(node.nodes[0])]) + f"_{{{latex(node.nodes[1])}}}", ATOM


def _join(head: str, parts: list[str], factors: list[Node]) -> str:
    out = parts[0]
    for i, text in enumerate(parts[1:], 1):
        numbers = factors[i].head == factors[i - 1].head == "num"
        out += (r" \cdot " if text[0].isdigit() or numbers else " ") + text
    return out


def _all(node: Node) -> Printed:
    return r" \;\text{and}\; ".join(at_level(n, REL, LATEX) for n in node.nodes), AND


FORMS = {
    "app": Form(r"#1\left(#2\right)"),
    "grad": Form(r"\nabla #1\left(#2\right)"),
    "at": Form(r"#1\left(#3\right)"),
    "infinity": Form(r"\infty"),
    "div": Form(r"\frac{#1}{#2}", MUL),
    "transpose": Form("#1^{T}", POW, (ATOM,)),
    "sqrt": Form(r"\sqrt{#1}"),
    "exp": Form("e^{#1}", POW),
    "log": Form(r"\log\left(#1\right)"),
    "abs": Form(r"\left|#1\right|"),
    "sign": Form(r"\operatorname{sign}\left(#1\right)"),
    "min": Form(r"\min\left(#1, #2\right)"),
    "sum": Form(r"\sum_{#1=#2}^{#3} #4", BIG, (0, 0, 0, BIG)),
    "prod": Form(r"\prod_{#1=#2}^{#3} #4", BIG, (0, 0, 0, BIG)),
    "integral": Form(r"\int_{#2}^{#3} #4 \, d#1", BIG),
    "zero": Form("0"),
    "trace": Form(r"\operatorname{Tr}\left[#1\right]"),
    "inner": Form(r"\left\langle #1, #2 \right\rangle"),
    "norm": Form(r"\left\|#1\right\|"),
    "rank": Form(r"\operatorname{Rank}\left(#1\right)"),
    "singular": Form(r"\sigma_{#2}\left(#1\right)"),
    "gradient": Form(r"\nabla_{#2} #1", BIG, (POW,)),
    "Dt": Form(r"\partial_t #1", BIG, (POW,)),
    "eq": Form("#1 = #2", REL, (ADD, ADD)),
    "le": Form(r"#1 \le #2", REL, (ADD, ADD)),
    "lt": Form("#1 < #2", REL, (ADD, ADD)),
    "ge": Form(r"#1 \ge #2", REL, (ADD, ADD)),
    "gt": Form("#1 > #2", REL, (ADD, ADD)),
    "not": Form(r"\neg \left(#1\right)", REL),
    "converges": Form(r"#1 \to #4 \quad (#2 \to #3)", REL),
    "member": Form(r"#1 \in B\left(#2, #3\right)", REL),
    "psd": Form(r"#1 \succeq 0", REL),
    "defined": Form(r"#1 \text{ is defined}", REL),
    "each": Form(r"#4 \;\text{for } #1 = #2 .. #3", AND),
    "every": Form(r"#2 \;\text{for all } #1", AND),
}
LATEX = Style(
    FORMS,
    {
        "item": _indexed,
        "chain": _indexed,
        "pow": _power,
        "mpow": _power,
        "limit": _limit,
        "second": _second,
        "schatten": _schatten,
        "sequences": _sequences,
        "expect": _law("E"),
        "prob": _law("P"),
        "and": _all,
        "eye": lambda node: (f"I_{{{latex((node.shape or ())[0])}}}", ATOM),
    },
    _name,
    _number,
    _join,
    r"\left(#1\right)",
)


def latex(node: Node) -> str:
    """The tree as LaTeX (math mode, no delimiters)."""
    return render(node, LATEX)[0]
