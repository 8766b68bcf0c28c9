"""Balls that contain zero: their powers are balls, and what is not finite agrees with nothing."""

from __future__ import annotations

import pytest
from flint import arb, fmpq

from theorycheck.evaluate import judge
from theorycheck.evaluate.numbers import power
from theorycheck.tree import Eq, Le, sym

a, b = sym("a"), sym("b")


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
