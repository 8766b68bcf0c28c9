"""The printers: a golden table that covers every head, and laws on random trees."""

from __future__ import annotations

import inspect
import math
import re

import pytest
from hypothesis import assume, given, settings, strategies as st
from tree_examples import GOLDEN
from tree_strategies import trees

from theorycheck import tree as tc
from theorycheck.errors import InputError
from theorycheck.formula import parse
from theorycheck.tree import Node, build, chance, node as node_module, walk
from theorycheck.tree.heads import HEADS
from theorycheck.tree.latex import latex
from theorycheck.tree.node import add, div, mul, neg, num, power
from theorycheck.tree.text import text


@pytest.mark.parametrize(("tree", "tex", "line"), GOLDEN, ids=[row[2] for row in GOLDEN])
def test_printed_forms(tree: Node, tex: str, line: str) -> None:
    assert latex(tree) == tex
    assert text(tree) == line


def test_the_golden_table_covers_every_head() -> None:
    assert {node.head for tree, _, _ in GOLDEN for _, node in walk(tree)} == set(HEADS)


@given(trees)
def test_any_tree_prints_on_one_ascii_line_with_balanced_braces(tree: Node) -> None:
    tex, line = latex(tree), text(tree)
    assert (tex + line).isascii()
    assert "\n" not in tex + line
    assert tex.count("{") == tex.count("}")
    assert tex.count(r"\left") - tex.count(r"\left\langle") >= 0
    assert len(re.findall(r"\\left(?![a-z])", tex)) == len(re.findall(r"\\right(?![a-z])", tex))
    assert not re.search(r"\}\^\{[^{}]*\}\^", tex), "a double superscript"
    assert "#" not in tex + line


def test_the_table_has_every_head_that_can_be_built() -> None:
    source = inspect.getsource(build) + inspect.getsource(node_module) + inspect.getsource(chance)
    made = set(re.findall(r'(?:Node|_scalar|_relation|_law)\("(\w+)"', source)) | {"sum", "prod", "integral"}
    assert made == set(HEADS)


SYMBOLS = {name: tc.sym(name) for name in "abc"}


def _arithmetic(depth: int) -> st.SearchStrategy[Node]:
    leaves = st.one_of(st.sampled_from(list(SYMBOLS.values())), st.fractions(-3, 3, max_denominator=3).map(num))
    if depth == 0:
        return leaves
    below = _arithmetic(depth - 1)
    binary = st.sampled_from([add, mul, div, power])
    nested = st.sampled_from(["add", "mul"]).flatmap(lambda h: st.builds(lambda x, y: Node(h, (x, y)), below, below))
    return st.one_of(leaves, st.builds(neg, below), st.builds(lambda f, x, y: f(x, y), binary, below, below), nested)


@given(_arithmetic(3))
@settings(max_examples=300, deadline=None)
def test_the_parentheses_are_enough(tree: Node) -> None:
    """What is printed, read back by the grammar of values, has the value of the tree at an exact point."""
    try:
        back = parse(text(tree), SYMBOLS)
    except InputError:
        assume(False)
    assert _value(back) == pytest.approx(_value(tree), rel=1e-9, nan_ok=True)


def _value(tree: Node) -> float:
    """The value at a = 1.25, b = 0.75, c = 1.5; nan where it is none."""
    parts = [_value(n) for n in tree.nodes]
    try:
        match tree.head:
            case "num":
                return float(tree.args[0])  # type: ignore[arg-type]
            case "sym":
                return {"a": 1.25, "b": 0.75, "c": 1.5}[str(tree.args[0])]
            case "neg":
                return -parts[0]
            case "add":
                return sum(parts)
            case "mul":
                return math.prod(parts)
            case "div":
                return parts[0] / parts[1]
            case _:
                return math.pow(*parts)
    except (ZeroDivisionError, ValueError, OverflowError):
        return math.nan
