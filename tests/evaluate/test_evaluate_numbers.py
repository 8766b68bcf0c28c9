"""Balls that contain zero, powers of matrices, derivatives at kinks: what has no value, and what is only not known."""

from __future__ import annotations

from fractions import Fraction

import pytest
from flint import arb, fmpq

from theorycheck.evaluate import Undefined, judge
from theorycheck.evaluate.judge import judge_or_no_value
from theorycheck.evaluate.numbers import power
from theorycheck.evaluate.values import Rows, matmul
from theorycheck.tree import Dt, Eq, Le, Node, Psd, absolute, eye, mat, num, rank, sqrt, sym

a, b = sym("a"), sym("b")
HALF = Fraction(1, 2)


@pytest.mark.parametrize("exponent", [0, 1, 2, 3, 5])
def test_a_power_of_a_ball_that_contains_zero_encloses_the_powers(exponent: int) -> None:
    found = power(arb(0, "0.5"), fmpq(exponent))
    for point in (fmpq(-1, 2), fmpq(0), fmpq(1, 3)):
        assert found == 1 if exponent == 0 else found.contains(arb(point) ** exponent)


def test_a_value_that_is_not_finite_is_no_evidence() -> None:
    for relation in (Eq(a, b), Le(a, b)):
        found = judge(relation, {"a": arb.nan(), "b": arb(1)})
        assert found.holds is None
        assert not found.agrees
    assert judge(Eq(a, b), {"a": arb(2).sqrt(), "b": arb(2).sqrt()}).agrees
    for relation in (Le, Eq):
        assert judge(relation(a, b), {"a": arb(1, 1e-12), "b": fmpq(1)}).agrees
        for wide in (arb(1, 1e-3), arb(0, 1), arb(1) / arb(0, 1)):  # 0 may be the gap, and so may much else
            assert not judge(relation(a, b), {"a": wide, "b": fmpq(1)}).agrees


# --- what has a value, what has none, and what is not known (each of these once refuted a true claim, or raised) ------------
N, T, X = sym("n"), sym("t"), mat("X", sym("n"), sym("n"))
TURNED = {"n": 2, "X": ((fmpq(2), fmpq(1)), (fmpq(1), fmpq(1))), "t": fmpq(0)}


@pytest.mark.parametrize(
    "claim",
    [Eq(X ** num(-1) @ X, eye(N)), Eq(X ** num(-2) @ X @ X, eye(N)), Eq(X ** num(0), eye(N)), Eq(X ** num(3), X @ X @ X)],
)
def test_whole_powers_of_a_matrix_that_is_not_diagonal(claim: Node) -> None:
    assert judge(claim, TURNED).holds is True


@pytest.mark.parametrize(("left", "right"), [((), ((),)), (((fmpq(1),),), ()), ((), ())])
def test_products_with_a_size_0_have_no_value(left: Rows, right: Rows) -> None:
    with pytest.raises(Undefined, match="is not defined"):
        matmul(left, right)


def test_a_power_of_a_singular_matrix_has_no_inverse() -> None:
    flat = {**TURNED, "X": ((fmpq(1), fmpq(1)), (fmpq(1), fmpq(1)))}
    assert judge_or_no_value(Eq(X ** num(-1) @ X, eye(N)), flat).holds is False


@pytest.mark.parametrize(
    "claim",
    [
        Eq(X ** num(HALF) @ X ** num(HALF), X),
        Eq(Dt(absolute(T) ** 3), 3 * T * absolute(T)),
        Eq(Dt(sqrt(T) ** 4), 2 * T),
        Eq(rank(sqrt(2) * X), rank(X)),
    ],
    ids=["a root of a matrix", "|t|^3 at 0", "sqrt(t)^4 at 0", "the rank of balls"],
)
def test_what_is_not_computed_refutes_nothing(claim: Node) -> None:
    assert judge_or_no_value(claim, TURNED).holds is None


def test_a_matrix_that_is_not_symmetric_is_not_positive_semidefinite() -> None:
    assert judge(Psd(X), TURNED).holds is True
    assert judge(Psd(X - 2 * sqrt(2) * X.T), TURNED).holds is False
    skew = {**TURNED, "X": ((fmpq(0), fmpq(1)), (fmpq(-1), fmpq(0)))}
    assert judge(Psd(X), skew).holds is False
