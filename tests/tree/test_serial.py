"""JSON: one to one on random trees, and wrong input refused with InputError and nothing else."""

from __future__ import annotations

import contextlib
import copy
import json
import random
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, strategies as st
from tree_examples import GOLDEN
from tree_strategies import trees

from theorycheck import tree as tc
from theorycheck.errors import InputError
from theorycheck.tree import Node, num
from theorycheck.tree.heads import HEADS, validate
from theorycheck.tree.serial import from_json, to_json


@given(trees)
def test_round_trip(tree: Node) -> None:
    assert from_json(json.loads(json.dumps(to_json(tree)))) == validate(tree)


@pytest.mark.parametrize("tree", [row[0] for row in GOLDEN], ids=[row[2] for row in GOLDEN])
def test_round_trip_of_every_head(tree: Node) -> None:
    assert from_json(to_json(tree)) == tree


def test_the_form_is_the_documented_one() -> None:
    assert to_json(tc.Le(Fraction(-1, 2), tc.sym("a"))) == ["le", [["num", ["-1/2"], []], ["sym", ["a"], []]], None]
    assert to_json(tc.vec("x", 3)) == ["sym", ["x"], [["num", ["3"], []], ["num", ["1"], []]]]


@given(trees, trees)
def test_different_trees_have_different_json(one: Node, other: Node) -> None:
    assert (one == other) == (to_json(one) == to_json(other))


NUM, X = ["num", ["1"], []], ["sym", ["x"], []]
A23 = ["sym", ["A"], [["num", ["2"], []], ["num", ["3"], []]]]
BAD: dict[str, Any] = {
    "no list": 3,
    "too short": ["num", ["1"]],
    "unknown head": ["eval", ["1"], []],
    "head of another type": [["num"], ["1"], []],
    "args of another type": ["num", "1", []],
    "number as a number": ["num", [1], []],
    "number as a float": ["num", ["0.5"], []],
    "not in lowest terms": ["num", ["2/4"], []],
    "zero denominator": ["num", ["1/0"], []],
    "other digits": ["num", ["２"], []],
    "huge number": ["num", ["9" * 3000], []],
    "number with a shape": ["num", ["1"], [NUM, NUM]],
    "name of code": ["sym", ["__import__('os')"], []],
    "name in Cyrillic": ["sym", ["е"], []],
    "empty name": ["sym", [""], []],
    "name for a tree": ["add", ["x", NUM], []],
    "tree for a name": ["sym", [NUM], []],
    "no terms": ["add", [], []],
    "too many arguments": ["div", [X, X, X], []],
    "half a pair": ["second", [X, X, X, X], []],
    "three sizes": ["sym", ["A"], [NUM, NUM, NUM]],
    "negative size": ["sym", ["A"], [["num", ["-1"], []], NUM]],
    "size that is a matrix": ["sym", ["A"], [A23, NUM]],
    "symbol as a proposition": ["sym", ["x"], None],
    "sum of unlike shapes": ["add", [X, A23], []],
    "inner sizes differ": ["matmul", [A23, A23], A23[2]],
    "wrong shape of a product": ["matmul", [A23], [NUM, NUM]],
    "trace of a rectangle": ["trace", [A23], []],
    "rectangular identity": ["eye", [], A23[2]],
    "order of matrices": ["le", [A23, A23], None],
    "relation with a shape": ["le", [X, X], []],
    "conjunction of scalars": ["and", [X, X], None],
    "size with the bound name": ["sum", ["x", X, X, ["sym", ["V"], [X, NUM]]], [X, NUM]],
    "gradient in a sum": ["gradient", [X, ["add", [A23], A23[2]]], A23[2]],
}


@pytest.mark.parametrize("case", BAD)
def test_wrong_json_is_refused(case: str) -> None:
    with pytest.raises(InputError) as caught:
        from_json(BAD[case])
    assert str(caught.value).isascii()
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 250


def test_deep_json_is_refused() -> None:
    deep: Any = X
    for _ in range(5000):
        deep = ["neg", [deep], []]
    with pytest.raises(InputError, match="deeper"):
        from_json(deep)


LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from([*HEADS, "1", "x"])


@given(st.recursive(LEAVES, st.lists))
def test_any_json_is_read_or_refused(obj: object) -> None:
    with contextlib.suppress(InputError):
        validate(from_json(obj))


def test_no_damage_to_a_tree_in_json_goes_unseen() -> None:
    """Exchange one part of a good file by another part of it: refused, or read as just that other tree."""
    rng, refused = random.Random(2), 0
    for _ in range(3000):
        obj = copy.deepcopy(to_json(rng.choice(GOLDEN)[0]))
        (place, key), (other, source) = (rng.choice(list(_places(obj))) for _ in range(2))
        place[key] = copy.deepcopy(other[source])
        try:
            assert to_json(from_json(obj)) == obj
        except InputError:
            refused += 1
    assert 1000 < refused < 3000


def _places(obj: Any) -> Any:
    for key, part in enumerate(obj):
        yield obj, key
        if isinstance(part, list):
            yield from _places(part)


def test_too_large_a_number_is_not_written() -> None:
    with pytest.raises(InputError, match="digits"):
        to_json(num(10**2000))
    assert from_json(to_json(num(10**1999))) == num(10**1999)


def test_validate_refuses_what_is_no_node_and_what_is_too_deep() -> None:
    deep = tc.sym("x")
    for _ in range(150):
        deep = tc.sqrt(deep)
    for bad in (deep, "x", Node("num", (1,)), Node("add", ())):  # type: ignore[arg-type]
        with pytest.raises(InputError):
            validate(bad)  # type: ignore[arg-type]


def test_under_defined_the_sizes_may_differ_and_nothing_else_may() -> None:
    A, B = tc.mat("A", 2, 3), tc.mat("B", 2, 3)
    mismatched = Node("matmul", (A, B), A.shape)
    assert from_json(to_json(tc.Defined(mismatched))) == validate(tc.Defined(mismatched))
    with pytest.raises(InputError, match="inner sizes"):
        validate(tc.norm(mismatched))
    with pytest.raises(InputError):
        validate(tc.Defined(Node("matmul", (A, tc.sym("x")), A.shape)))


def test_heads_import_fast_without_heavy_libraries() -> None:
    import subprocess
    import sys

    modules = "theorycheck.tree.serial, theorycheck.tree.text, theorycheck.formula, theorycheck.tree.sympy_export"
    code = f"import sys, {modules}; print({{'numpy', 'sympy', 'flint'}} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"
