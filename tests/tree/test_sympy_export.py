"""The export to SymPy: values agree with a direct evaluation, and the zero test errs on neither side."""

from __future__ import annotations

import pytest
import sympy
from hypothesis import given, settings, strategies as st
from tree_strategies import scalar_trees

from theorycheck import tree as tc
from theorycheck.tree import Node, sym
from theorycheck.tree.node import add, div, mul, neg, num, power
from theorycheck.tree.sympy_export import sympy_is_zero, to_sympy

a, b, L = sym("a"), sym("b"), sym("L")
A = tc.mat("A", 2, 2)
s = tc.scalars("s")

ZERO: list[tuple[Node, set[str]]] = [
    ((a + b) ** 2 - a**2 - 2 * a * b - b**2, ()),
    (1 / a - 1 / b - (b - a) / (a * b), ()),
    (tc.sqrt(a * b) - tc.sqrt(a) * tc.sqrt(b), ("a", "b")),
    (1 / tc.sqrt(2 * a) - tc.sqrt(2 / a) / 2, ("a",)),
    (a ** (L - 1) * a - a**L, ("a",)),
    (tc.exp(2 * a) - tc.exp(a) ** 2, ()),
    (tc.absolute(a) - a, ("a",)),
    (tc.norm(A) ** 2 * 2 - tc.norm(A) * tc.norm(A) * 2, ()),
    (tc.sqrt(tc.norm(A) ** 2) - tc.norm(A), ()),
    (s[1] * 2 - s[1] - s[1], ()),
]
NOT_ZERO: list[tuple[Node, set[str]]] = [
    ((a + b) ** 2 - a**2 - b**2, ()),
    (a - a * num(1) / 1 + num(1) / 10**15, ()),
    (tc.exp(2 * a) - tc.exp(a) ** 3, ()),
    (tc.sqrt(a) - a, ("a",)),
    (s[1] - s[2], ()),
]
UNDECIDED: list[tuple[Node, set[str]]] = [
    (tc.norm(A) - tc.norm(A.T), ()),
    (tc.INFINITY - tc.INFINITY, ()),
    (div(1, a - a), ()),
    (tc.trace(A) - tc.trace(tc.mat("A", 3, 3)), ()),
]


@pytest.mark.parametrize(
    ("tree", "positive", "answer"),
    [(*c, True) for c in ZERO] + [(*c, False) for c in NOT_ZERO] + [(*c, None) for c in UNDECIDED],
    ids=lambda v: str(v)[:60],
)
def test_zero_test(tree: Node, positive: set[str], answer: bool | None) -> None:
    assert sympy_is_zero(tree, positive) is answer


def test_positivity_is_used_only_where_given() -> None:
    assert sympy_is_zero(tc.absolute(a) - a) is not True
    assert to_sympy(s[1], ("s",)).is_positive
    assert to_sympy(a).is_real
    assert to_sympy(a).is_positive is None


def test_trees_that_print_alike_stay_apart() -> None:
    rows, cols = tc.mat("A", 2, 3), tc.mat("A", 3, 2)
    assert len(to_sympy(tc.norm(rows) - tc.norm(cols)).free_symbols) == 2


def test_matrices_are_refused() -> None:
    with pytest.raises(TypeError, match="not a scalar"):
        to_sympy(A)


@given(scalar_trees)
@settings(max_examples=60, deadline=None)
def test_every_scalar_tree_exports(tree: Node) -> None:
    assert isinstance(to_sympy(tree), sympy.Basic)


def _polynomials(depth: int) -> st.SearchStrategy[Node]:
    leaves = st.one_of(st.integers(-3, 3).map(num), st.sampled_from([a, b]))
    if depth == 0:
        return leaves
    below = _polynomials(depth - 1)
    return st.one_of(
        leaves,
        st.builds(lambda f, x, y: f(x, y), st.sampled_from([add, mul]), below, below),
        st.builds(neg, below),
        st.builds(lambda x, k: power(x, k), below, st.integers(0, 3)),
    )


def _value(tree: Node, x: int, y: int) -> int:
    """An independent evaluation of polynomials."""
    parts = [_value(n, x, y) for n in tree.nodes]
    match tree.head:
        case "num":
            return int(tree.args[0])  # type: ignore[arg-type]
        case "sym":
            return {"a": x, "b": y}[str(tree.args[0])]
        case "add":
            return sum(parts)
        case "neg":
            return -parts[0]
        case "pow":
            return parts[0] ** parts[1]
        case _:
            return sympy.prod(parts)


@given(_polynomials(3), _polynomials(3))
@settings(max_examples=40, deadline=None)
def test_polynomials_against_integers(one: Node, other: Node) -> None:
    difference = one - other
    values = [_value(difference, x, y) for x in range(-2, 3) for y in range(-2, 3)]
    at = {sympy.Symbol("a", real=True): 2, sympy.Symbol("b", real=True): 1}
    assert to_sympy(difference).subs(at) == _value(difference, 2, 1)
    if any(values):
        assert sympy_is_zero(difference) is False
    assert sympy_is_zero(difference - difference) is True
