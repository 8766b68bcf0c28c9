"""Positivity on boxes: certified, refuted at a point, or undecided; never a pass for want of work."""

import pytest
from flint import arb, fmpq
from hypothesis import given, settings, strategies as st

from theorycheck.enclose.subdivide import certify

SQUARE = [(-1, 1), (-1, 1)]


def form(v):
    x, y = v
    return x * x - x * y + y * y


def test_a_positive_function_is_certified_with_its_work_shown():
    found = certify(lambda v: form(v) + fmpq(1, 100), SQUARE)
    assert found.holds is True
    assert found.pieces == found.subdivisions + 1 > 1
    assert 0 < found.lower <= fmpq(1, 100)
    assert found.failing is None


def test_a_negative_point_refutes_and_is_inside_the_box():
    found = certify(lambda v: form(v) - fmpq(1, 100), SQUARE)
    assert found.holds is False
    x, y = found.witness
    assert x * x - x * y + y * y < fmpq(1, 100)
    assert abs(x) <= 1
    assert abs(y) <= 1


def test_a_zero_refutes_strictly_and_is_undecided_otherwise():
    assert certify(form, SQUARE).witness == (0, 0)
    loose = certify(form, SQUARE, strict=False, budget=200)
    assert loose.holds is None
    assert loose.subdivisions == 200
    assert "200" in loose.reason
    assert loose.failing is not None


def test_a_spent_budget_is_undecided():
    tight = lambda v: form(v) + fmpq(1, 100)  # noqa: E731
    needed = certify(tight, SQUARE).subdivisions
    assert certify(tight, SQUARE, budget=needed).holds is True
    assert certify(tight, SQUARE, budget=needed - 1).holds is None
    assert certify(tight, SQUARE, budget=0).holds is None


def test_nan_never_passes():
    found = certify(lambda v: arb.nan(), [(0, 1)], budget=10)
    assert found.holds is None
    assert found.pieces == 0
    assert certify(lambda v: (v[0] - 2).sqrt(), [(0, 1)], strict=False, budget=10).holds is None


def test_a_factor_that_vanishes_on_the_edge_is_nonnegative():
    assert certify(lambda v: v[0], [(0, 1)], strict=False).holds is True
    assert certify(lambda v: v[0], [(0, 1)], budget=30).holds is not True


def test_single_points_and_empty_sides():
    assert certify(lambda v: v[0] - fmpq(1, 4), [(fmpq(1, 3), fmpq(1, 3))]).holds is True
    stuck = certify(lambda v: v[0] - arb(fmpq(1, 3)), [(fmpq(1, 3), fmpq(1, 3))], strict=False)
    assert stuck.holds is None
    assert "precision" in stuck.reason
    with pytest.raises(ValueError, match="side 0 of the box is empty"):
        certify(lambda v: v[0], [(1, 0)])


@given(st.fractions(0, 2, max_denominator=40), st.fractions(-2, 2, max_denominator=40))
@settings(deadline=None, max_examples=60)
def test_verdicts_agree_with_the_exact_minimum(p, shift):
    """min over [0, 1] of (x - p)^2 + shift is known exactly."""
    centre, level = fmpq(p.numerator, p.denominator), fmpq(shift.numerator, shift.denominator)
    gap = max(centre - 1, fmpq(0))
    least = gap * gap + level
    found = certify(lambda v: (v[0] - centre) * (v[0] - centre) + level, [(0, 1)], budget=300)
    assert found.holds in ((True, None) if least > 0 else (False, None))
    if found.holds:
        assert found.lower <= least
    if found.holds is False:
        (x,) = found.witness
        assert (x - centre) * (x - centre) + level <= 0
