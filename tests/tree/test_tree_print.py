"""The printers: a golden table that covers every head, and laws on random trees."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from tree_examples import GOLDEN
from tree_strategies import trees

from theorycheck.tree import Node, walk
from theorycheck.tree.heads import HEADS
from theorycheck.tree.latex import latex
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
