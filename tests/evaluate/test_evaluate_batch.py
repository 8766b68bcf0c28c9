"""The batched reader says what the exact one says, at the same points; float batches are admissible instances."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from evaluate_points import agree, groups
from flint import arb, fmpq
from hypothesis import HealthCheck, given, settings, strategies as st

from theorycheck import tree as tc
from theorycheck.domain import (
    Domain,
    derived,
    drawn,
    family,
    hypothesis,
    index,
    layers_of,
    matrix,
    real,
    size,
    strategy,
    widths,
)
from theorycheck.evaluate import Undefined, evaluate, judge
from theorycheck.evaluate.batch import evaluate_batch
from theorycheck.evaluate.numbers import Missing, to_arb
from theorycheck.evaluate.stacks import sample, size_of, stack
from theorycheck.evaluate.violation import violation_batch, within
from theorycheck.models.costs import column_of, quadratic
from theorycheck.tree import Flow, Function, Node, num, sym
from theorycheck.tree.node import matmul, neg

d, L, i, t, p, a, b, l = map(sym, ["d", "L", "i", "t", "p", "a", "b", "l"])
n, s = tc.scalars("n"), tc.scalars("s")
W = tc.layers("W", n)
C = tc.Function("C")
x = tc.Flow("x", "C", (d, num(1)))
A, B, v = tc.mat("A", d, d), tc.mat("B", d, d), tc.vec("v", d)

EVERYTHING = Domain(
    "every kind of variable",
    (
        size("d"),
        size("L", least=2, most=3),
        widths("n"),
        layers_of("W"),
        index("l", 1, L),
        real("a", above=0),
        real("b"),
        real("t", at_least=0),
        family("s", lambda env: range(1, env["L"] + 1), lambda source, env, k: fmpq(source.integer(1, 9), k)),
        matrix("A", d, d),
        matrix("B", d, d),
        column_of("v", "d"),
        drawn("C", lambda source, env: quadratic(source, env["d"], fmpq(1), strongly=True)),
        derived("x", lambda env: lambda time: tuple((q * time + 1,) for (q,) in env["v"])),
    ),
)
TREES = {
    "sums": a * b - b / a + 2 * (a + b) ** 2 - tc.absolute(b),
    "powers": a ** num(Fraction(1, 3)) + b**3 + a ** (-2) + (a + 1) ** b,
    "functions": tc.exp(-a) * tc.sqrt(a) + tc.log(1 + a) + tc.minimum(a, b) - tc.sign(b),
    "matrices": tc.norm(A @ B - B.T / a) ** 2 + tc.trace(A @ B) * b - tc.inner(A, 2 * B) + tc.norm(neg(A)),
    "matrix": a * A @ B - (A + tc.eye(d)) * b + tc.zero(d, d),
    "matrix powers": A**3 + tc.eye(d) ** a,
    "chains": tc.norm(W.chain(L, 1)) + tc.norm(W[l]) ** 2 + tc.trace(W.chain(l, l + 1)),
    "sums over an index": tc.total(i, 1, L, s[i] ** 2 * tc.norm(W[i])) + tc.product(i, 1, L, s[i]) + tc.total(i, 2, 1, b),
    "sum of matrices": tc.total(i, 1, L, s[i] * A) + tc.total(i, 2, 1, B),
    "singular values": tc.schatten(A, num(Fraction(1, 2))) + tc.schatten(A @ B, 3) ** 3 + tc.singular(A, 1),
    "ranks": tc.rank(A) + tc.rank(A @ B) + tc.rank(W.chain(L, 1)),
    "functions and paths": C(v) + tc.norm(C.grad(v)) + tc.norm(x(t)) + C(x(t)) + C(x(0)),
    "derivatives": tc.norm(tc.gradient_of(tc.norm(A @ B) ** 2, A)) + tc.Dt(C(x(t))),
    "second derivatives": tc.second_derivative(tc.norm(A @ A) ** 2, [(A, B)]),
    "integral": tc.integral(tc.sym("u"), 0, a, tc.exp(-tc.sym("u") * a)),
}


@pytest.mark.parametrize("name", TREES)
def test_values_agree_with_the_exact_reader(name: str) -> None:
    assert sum(agree(TREES[name], envs) for envs in groups(EVERYTHING, 40)) >= 25


scalars = st.sampled_from([a, b, t, a + b, num(2), num(Fraction(1, 3)), C(v), tc.norm(W.chain(L, 1)), s[1], tc.rank(A)])


def matrices(depth: int) -> st.SearchStrategy[Node]:
    leaves = st.sampled_from([A, B, tc.eye(d), tc.zero(d, d)])
    if not depth:
        return leaves
    below = matrices(depth - 1)
    ways = st.builds(lambda m, w: m + w, below, below) | st.builds(matmul, below, below) | below.map(neg)
    scaled = st.builds(lambda c, m: c * m, scalars, below) | below.map(lambda m: m / (1 + a))
    return leaves | ways | scaled | below.map(lambda m: m.T)


OF_ONE = [neg, tc.absolute, lambda q: tc.sqrt(1 + q**2), lambda q: tc.exp(-tc.absolute(q)), lambda q: q**2]
OF_TWO = [lambda q, r: q + r, lambda q, r: q * r, lambda q, r: q / (1 + r**2), tc.minimum]
OF_A_MATRIX = [tc.norm, tc.trace, lambda m: tc.singular(m, 1), lambda m: tc.schatten(m, 2), lambda m: tc.norm(m) ** 2]


def numbers(depth: int) -> st.SearchStrategy[Node]:
    if not depth:
        return scalars
    below, inside = numbers(depth - 1), matrices(depth - 1)
    return (
        scalars
        | st.builds(lambda f, q: f(q), st.sampled_from(OF_ONE), below)
        | st.builds(lambda f, q, r: f(q, r), st.sampled_from(OF_TWO), below, below)
        | st.builds(lambda f, m: f(m), st.sampled_from(OF_A_MATRIX), inside)
        | st.builds(tc.inner, inside, inside)
        | st.builds(lambda q: tc.total(i, 1, L, s[i] * q), below)
    )


@given(numbers(3), st.integers(0, 3))
@settings(max_examples=150, deadline=None)
def test_random_trees_agree_with_the_exact_reader(tree: Node, pick: int) -> None:
    choice = groups_of_everything()
    agree(tree, choice[pick % len(choice)])


def groups_of_everything(found: list[list[list[dict[str, Any]]]] = []) -> list[list[dict[str, Any]]]:  # noqa: B006
    if not found:
        found.append(groups(EVERYTHING, 30))
    return found[0]


# --- violations -------------------------------------------------------------------------------------------------------
def batch(**values: list[float]) -> dict[str, Any]:
    return {name: np.array(v, dtype=float) for name, v in values.items()}


@pytest.mark.parametrize("factor", [1e-3, 1.0, 1e9])
def test_a_violation_is_positive_where_violated_and_does_not_depend_on_units(factor: float) -> None:
    env = batch(a=[factor, 2 * factor], b=[3 * factor, factor])
    assert np.allclose(violation_batch(tc.Le(a, b), env), [-0.5, 1 / 3], rtol=1e-4)
    assert np.allclose(violation_batch(tc.Gt(a, b), env), [0.5, -1 / 3], rtol=1e-4)
    assert np.allclose(violation_batch(tc.Le(0, b - a), env), [-0.5, 1 / 3], rtol=1e-4)
    assert np.allclose(violation_batch(tc.Eq(a, b), env), [0.5, 1 / 3], rtol=1e-4)
    assert np.allclose(violation_batch(tc.All(tc.Le(a, b), tc.Ge(a, 0)), env), [-0.5, 1 / 3], rtol=1e-4)


def test_a_sample_without_a_value_is_nan_and_the_others_are_not_touched() -> None:
    env = batch(a=[1, 0, -1], b=[2, 2, 2])
    assert np.isnan(evaluate_batch(b / a, env)).tolist() == [False, True, False]
    assert np.isnan(evaluate_batch(tc.log(a), env)).tolist() == [False, True, True]
    assert np.isnan(violation_batch(tc.Le(tc.sqrt(a), 1), env)).tolist() == [False, False, True]
    assert np.isnan(evaluate_batch(a ** num(-1), env)).tolist() == [False, True, False]


def test_membership_and_positive_matrices() -> None:
    env = {"d": 2, "A": np.array([np.eye(2), [[1.0, 2.0], [2.0, 1.0]]]), "v": np.array([[[3.0], [4.0]]]), **batch(a=[5.1, 4.9])}
    assert (violation_batch(tc.Psd(A), env) > 0).tolist() == [False, True]
    assert (violation_batch(tc.Member(v, tc.zero(d, 1), a), env) > 0).tolist() == [False, True]
    assert (violation_batch(tc.Member(v, tc.zero(d, 1), -a), env) > 0).tolist() == [True, True]
    one = {"d": 2, "v": ((fmpq(3),), (fmpq(4),))}
    found = [judge(tc.Member(v, tc.zero(d, 1), tc.num(r)), one).holds for r in (5, -5, 4)]
    assert found == [True, False, False]
    assert within(tc.Le(tc.norm(v), 5), env, 1e-9).tolist() == [True, True]
    assert within(tc.Lt(tc.norm(v), 5), env, 1e-9).tolist() == [False, False]


def test_what_cannot_be_read_says_so() -> None:
    with pytest.raises(Missing, match="gives no value to a"):
        evaluate_batch(a, {"b": np.ones(2)})
    with pytest.raises(Undefined, match="cannot be decided"):
        violation_batch(tc.Not(tc.Le(a, b)), batch(a=[1], b=[2]))
    with pytest.raises(Undefined, match="do not all exist"):
        evaluate_batch(tc.norm(W[3]), {"W": {1: np.ones((2, 1, 1))}, "n": {0: 1, 1: 1}})


def test_values_that_samples_share_and_functions_of_stacks() -> None:
    class Square:
        def value(self, stackful: Any) -> Any:
            return (stackful**2).sum(axis=(1, 2))

    env = {"a": 2.0, "b": np.arange(3.0), "C": Square(), "v": np.ones((1, 2, 1)), "d": 2}
    assert evaluate_batch(a * b + C(v), env).tolist() == [2.0, 4.0, 6.0]


# --- float batches and strategies -------------------------------------------------------------------------------------
def test_a_float_batch_has_equal_shapes_and_other_values() -> None:
    env = EVERYTHING.batch("0", 20)
    assert size_of(env) == 20
    assert isinstance(env["d"], int)
    assert env["A"].shape == (20, env["d"], env["d"])
    assert env["W"][1].shape == (20, env["n"][1], env["n"][0])
    assert env["a"].shape == (20,)
    assert len(np.unique(env["a"])) > 15
    assert len(env["C"]) == 20
    again = EVERYTHING.batch("0", 20)
    assert np.array_equal(again["A"], env["A"])


def test_a_float_batch_keeps_to_the_hypotheses() -> None:
    apart = EVERYTHING.extended("a < b", hypothesis("a < b", tc.Lt(a, b)))
    env = apart.batch("0", 20)
    assert size_of(env) == 20
    assert np.all(env["a"] < env["b"])
    only = EVERYTHING.extended("large", hypothesis("universal", tc.Ge(b, 3), variables=("b",), test=lambda e: e["a"] >= 1))
    assert np.all(only.batch("0", 10)["a"] >= 1)


def test_a_sample_of_a_batch_is_an_instance_again() -> None:
    env = EVERYTHING.batch("0", 3)
    one = sample(env, 1)
    assert one["d"] == env["d"]
    assert float(to_arb(one["a"]).mid()) == env["a"][1]
    assert float(to_arb(evaluate(tc.norm(A @ B), one)).mid()) == pytest.approx(evaluate_batch(tc.norm(A @ B), env)[1])
    assert isinstance(sample({"a": np.array([0.5])}, 0)["a"], arb)
    assert sample({"a": np.array([4.0])}, 0)["a"] == fmpq(4)


APART = EVERYTHING.extended("a <= 3, b > 1", hypothesis("a <= 3", tc.Le(a, 3)), hypothesis("b > 1", tc.Gt(b, 1)))


@given(strategy(APART))
@settings(max_examples=30, suppress_health_check=[HealthCheck.filter_too_much])  # that it filters is what is tested
def test_a_strategy_draws_admissible_instances(env: dict[str, Any]) -> None:
    assert APART.broken(env) is None
    assert env["a"] <= 3
    assert env["b"] > 1


def test_a_strategy_shrinks_to_a_simple_instance() -> None:
    from hypothesis import find

    two = Domain("a, b > 0", (real("a", above=0), real("b", above=0)), (hypothesis("a < b", tc.Lt(a, b)),))
    assert find(strategy(two), lambda env: env["a"] > 2) == {"a": 3, "b": 4}


def test_a_function_at_a_point_that_is_undefined_in_every_sample():
    """A path that has no value at the time asked for: the function has none either, and nothing is raised."""
    class Nowhere:
        def __call__(self, t):
            raise Undefined("no value at this time")

    class Length:
        def value(self, x):
            return sum((v * v for (v,) in x), fmpq(0))

    F, x = Function("F"), Flow("x", "F", (sym("n"), num(1)))
    env = stack([{"n": 2, "F": Length(), "x": Nowhere()}, {"n": 2, "F": Length(), "x": Nowhere()}])
    assert np.isnan(evaluate_batch(F(x(-1)), env)).all()
