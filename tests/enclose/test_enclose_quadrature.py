"""Integrals against closed forms, and the branch cuts that a careless integrand trips over."""

import pytest
from flint import acb, arb, fmpq
from hypothesis import given, settings, strategies as st

from theorycheck.enclose import quadrature as quad
from theorycheck.enclose.precision import inside, working

CASES = [
    (lambda z, a: z.exp(), 0, 1, lambda: arb(1).exp() - 1),
    (lambda z, a: quad.sqrt(z, a), 1, 4, lambda: arb(fmpq(14, 3))),
    (lambda z, a: quad.sqrt(z, a), 0, 1, lambda: arb(fmpq(2, 3))),
    (lambda z, a: quad.log(z, a), fmpq(1, 3), 2, lambda: 2 * arb(2).log() - 2 + arb(3).log() / 3 + arb(fmpq(1, 3))),
    (lambda z, a: quad.power(z, fmpq(-1, 3), a), fmpq(1, 8), 8, lambda: arb(fmpq(3, 2)) * (4 - fmpq(1, 4))),
    (lambda z, a: quad.power(z, fmpq(1, 3), a), 0, 8, lambda: arb(12)),
    (lambda z, a: quad.power(z, 3, a), -1, 2, lambda: arb(fmpq(15, 4))),
    (lambda z, a: quad.power(z, -2, a), 1, 2, lambda: arb(fmpq(1, 2))),
    (lambda z, a: quad.absolute(z, a), -1, 2, lambda: arb(fmpq(5, 2))),
    (lambda z, a: 1 / (1 + z * z), 0, 1, lambda: arb.pi() / 4),
]


@pytest.mark.parametrize(("f", "a", "b", "exact"), CASES)
def test_integrals_contain_the_closed_form(f, a, b, exact):
    found, turned = quad.integral(f, a, b), quad.integral(f, b, a)
    with working(400):
        truth = exact()
    assert inside(truth, found)
    assert inside(-truth, turned)
    assert found.rad() < 1e-25


def test_ignoring_the_flag_gives_a_wrong_ball_and_ours_does_not():
    careless = acb.integral(lambda z, _: z.sqrt(), 1, 4).real
    truth = arb(fmpq(14, 3))
    assert careless.is_finite()
    assert not careless.overlaps(truth)
    assert inside(fmpq(14, 3), quad.integral(lambda z, a: quad.sqrt(z, a), 1, 4))


@pytest.mark.parametrize("f", [quad.sqrt, quad.log, lambda z, a: quad.power(z, fmpq(1, 3), a)])
def test_helpers_are_lost_on_the_cut_only_when_they_must_be_analytic(f):
    across = acb(arb(-1), arb(0, fmpq(1, 10)))
    assert not f(across, True).is_finite()
    assert f(across, False).is_finite()
    assert f(acb(2, 1), True).is_finite()


def test_absolute_is_lost_around_zero_only_when_it_must_be_analytic():
    assert not quad.absolute(acb(arb(0, 1)), True).is_finite()
    assert quad.absolute(acb(arb(0, 1)), False).real.contains(fmpq(1, 2))


@given(st.fractions(min_value=-3, max_value=3, max_denominator=50), st.fractions(0, 3, max_denominator=50))
@settings(deadline=None, max_examples=30)
def test_balls_as_end_points_cover_every_end_point(a, width):
    found = quad.integral(lambda z, _: z * z, quad.ball(a) + arb(0, fmpq(1, 10)), a + width)
    for shift in (fmpq(-1, 10), fmpq(0), fmpq(1, 10)):
        low, high = quad.ball(a) + shift, quad.ball(a + width)
        with working(400):
            assert inside((high * high * high - low * low * low) / 3, found)


def test_what_is_not_known_is_not_finite():
    assert not quad.integral(lambda z, a: 1 / z, -1, 1).is_finite()
    assert not quad.integral(lambda z, a: z, arb.nan(), 1).is_finite()
    assert not quad.integral(lambda z, a: quad.power(z, -1, a), 0, 1).is_finite()


def test_a_spent_budget_stays_wide_or_lost():
    found = quad.integral(lambda z, a: (1 / (z + fmpq(1, 10**6))).sin(), 0, 1, evaluations=20)
    assert not found.is_finite() or found.rad() > 1e-6


def test_an_integrand_that_is_not_real_or_raises_is_reported():
    with pytest.raises(ValueError, match="not real"):
        quad.integral(lambda z, a: acb(0, 1) * z, 0, 1)
    with pytest.raises(ZeroDivisionError):
        quad.integral(lambda z, a: acb(1 // 0), 0, 1)


@pytest.mark.parametrize(
    ("f", "a", "b"),
    [
        (lambda z: z / (1 - 3 * z**4), 0, 1),  # an escape time beyond where the path can come
        (lambda z: (z * z - 2) ** -2, 1, 7),
        (lambda z: 1 / z, 0, 1),  # at an end
    ],
)
def test_a_pole_on_the_way_is_seen_by_few_evaluations(f, a, b):
    calls = []

    def integrand(z, analytic):
        calls.append(z)
        return f(z)

    assert not quad.integral(integrand, a, b).is_finite()
    assert len(calls) < 200


def test_a_pole_next_to_the_way_does_not_matter():
    near = fmpq(1, 10**6)
    found = quad.integral(lambda z, _: 1 / (z + near), 0, 1)
    assert found.overlaps((quad.ball(1 + near) / near).log())
    assert found.rad() < 1e-20
