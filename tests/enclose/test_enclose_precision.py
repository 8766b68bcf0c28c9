"""Precision, decisions and the traps that the module's docstring names."""

import contextlib
from fractions import Fraction
from operator import eq, ne

import pytest
from flint import arb, ctx, fmpq
from hypothesis import given, strategies as st

from theorycheck.enclose import precision as pr

rationals = st.fractions(min_value=-1000, max_value=1000, max_denominator=1000)


def test_working_restores_precision_and_cap_after_an_exception():
    before = ctx.prec, ctx.cap
    with contextlib.suppress(RuntimeError), pr.working(333):
        ctx.cap = 77
        seen = ctx.prec
        raise RuntimeError
    assert seen == 333
    assert (ctx.prec, ctx.cap) == before


def test_working_refuses_a_precision_without_meaning():
    with pytest.raises(ValueError, match="at least 2 bits"), pr.working(1):
        pass


def test_the_traps_are_still_there():
    assert not (arb(0, 1) ** 2).is_finite()
    assert arb.nan().contains(7)
    assert not eq(arb(1), arb(1, 0.1))
    assert not ne(arb(1), arb(1, 0.1))
    assert arb(0).union(arb(1)).lower() < 0


def test_nothing_is_decided_by_nan_or_an_infinite_radius():
    for lost in (arb.nan(), arb.pos_inf(), arb(1, arb.pos_inf())):
        assert pr.decide_sign(lost) is None
        assert not pr.inside(7, lost)
        assert not pr.inside(lost, lost)
        assert not pr.definitely_less(lost, 1)
        assert not pr.definitely_less(1, lost)


@given(rationals, rationals)
def test_signs_and_order_of_rationals_are_decided(a, b):
    assert pr.decide_sign(a) == (a > 0) - (a < 0)
    assert pr.definitely_less(a, b) == (a < b)


def test_overlap_decides_nothing():
    assert pr.decide_sign(arb(0, 1)) is None
    assert not pr.definitely_less(arb(1, 1), arb(2, 1))


@pytest.mark.parametrize("bad", [0.1, "1", None, True, 1j])
def test_only_exact_kinds_of_numbers_are_taken(bad):
    with pytest.raises(TypeError, match="expected an integer"):
        pr.ball(bad)


@given(rationals, rationals)
def test_hull_covers_and_keeps_the_sign(a, b):
    lo, hi = min(a, b), max(a, b)
    ball = pr.hull(lo, hi)
    assert ball.contains(fmpq(lo.numerator, lo.denominator))
    assert ball.contains(fmpq(hi.numerator, hi.denominator))
    assert lo < 0 or ball >= 0


@given(rationals, st.integers(1, 9))
def test_power_covers_balls_that_touch_zero(x, q):
    x = abs(x)
    p = arb(fmpq(q, 3))
    value = pr.power(pr.hull(0, x), p)
    assert pr.inside(pr.power(pr.ball(x), p), value) or x == 0
    assert value.contains(0)
    assert value >= 0


def test_power_refuses_exponents_that_may_not_be_positive():
    for p in (arb(0), arb(-1), arb(0, 1), arb.nan()):
        with pytest.raises(ValueError, match="positive"):
            pr.power(arb(2), p)


def test_exact_and_ball_matrices_are_told_apart():
    assert pr.exact_matrix([[1, Fraction(1, 3)]])[0, 1] == fmpq(1, 3)
    assert pr.exact_matrix([[1, arb(1, 1)]]) is None
    assert pr.exact_matrix([[1, arb.nan()]]) is None
    with pytest.raises(ValueError, match="equal lengths"):
        pr.balls([[1, 2], [3]])
    with pytest.raises(ValueError, match="exact number"):
        pr.rational(arb(1, 1))
