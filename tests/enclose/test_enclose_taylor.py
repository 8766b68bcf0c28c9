"""Rigorous flows against exact solutions; perturbed fields must leave the enclosure."""

import pytest
from flint import arb, arb_poly, ctx, fmpq
from hypothesis import given, settings, strategies as st

from theorycheck.enclose.precision import inside, working
from theorycheck.enclose.taylor import integrate, jacobian, segment_range, state_at


def bernoulli(power, shift=0):
    """d' = d^power (+ shift), the mode of a linear cost at depth power + 1."""

    def field(y):
        value = y[0]
        for _ in range(power - 1):
            value = value * y[0]
        return [value + shift]

    return field


def bernoulli_exact(power, d0, t):
    return (arb(d0) ** (1 - power) - (power - 1) * arb(t)) ** (arb(-1) / (power - 1))


def logistic(y):
    return [y[0] * (1 - y[0])]


def logistic_exact(x0, t):
    return 1 / (1 + (1 / arb(x0) - 1) * (-arb(t)).exp())


@pytest.mark.parametrize("depth", [3, 4, 5])
@pytest.mark.parametrize("t", [fmpq(1, 2), fmpq(1), fmpq(-1), fmpq(-30)])
def test_bernoulli_forward_and_backward(depth, t):
    d0 = fmpq(3, 4) / (depth - 2)
    flow = integrate(bernoulli(depth - 1), [d0], [t])
    with working(400):
        truth = bernoulli_exact(depth - 1, d0, t)
    assert flow.complete
    assert inside(truth, flow.states[0][0])
    assert flow.states[0][0].rad() < 1e-30


def test_a_field_wrong_by_1e_30_leaves_the_enclosure():
    exact = integrate(bernoulli(2), [fmpq(1, 2)], [1])
    wrong = integrate(bernoulli(2, shift=fmpq(1, 10**30)), [fmpq(1, 2)], [1])
    with working(400):
        truth = bernoulli_exact(2, fmpq(1, 2), 1)
    assert inside(truth, exact.states[0][0])
    assert wrong.complete
    assert not wrong.states[0][0].overlaps(truth)


@given(st.fractions(0, 1, max_denominator=100), st.fractions(-3, 3, max_denominator=9))
@settings(deadline=None, max_examples=25)
def test_logistic_at_random_starts_and_times(x0, t):
    start, time = fmpq(x0.numerator, x0.denominator), fmpq(t.numerator, t.denominator)
    flow = integrate(logistic, [start], [time])
    with working(400):
        truth = logistic_exact(start, time) if start > 0 and time != 0 else start
    assert inside(truth, flow.states[0][0])
    assert flow.states[0][0].rad() < 1e-30


@pytest.mark.parametrize("scale", [fmpq(1, 10**30), fmpq(10**30)])
def test_extreme_scales(scale):
    flow = integrate(bernoulli(2), [scale], [1 / (2 * scale)])
    assert inside(2 * scale, flow.states[0][0])
    assert flow.states[0][0].rad() < arb(scale) * 1e-30


def test_a_long_plateau_is_left_at_the_right_time():
    flow = integrate(logistic, [fmpq(1, 10**20)], [40, 60])
    with working(400):
        truth = [logistic_exact(fmpq(1, 10**20), t) for t in (40, 60)]
    assert all(inside(v, s[0]) for v, s in zip(truth, flow.states, strict=True))
    assert flow.states[0][0].rad() < 1e-25


def test_every_start_in_the_ball_is_covered_and_errors_contract():
    start = arb(fmpq(1, 2), fmpq(1, 1000))
    flow = integrate(logistic, [start], [fmpq(1, 2), 8])
    for offset in (fmpq(-1, 1000), fmpq(0), fmpq(1, 1000)):
        for k, t in enumerate(flow.times):
            with working(400):
                truth = logistic_exact(fmpq(1, 2) + offset, t)
            assert inside(truth, flow.states[k][0])
    assert flow.states[1][0].rad() < start.rad() / 100


@pytest.mark.parametrize("radius", [fmpq(1, 20), fmpq(1, 10**10)])
def test_the_tube_sees_how_the_slope_grows_inside_it(radius):
    """d' = d^2 pulls the upper end of the ball away: the slope at the centre, or at the start, is not enough."""
    flow = integrate(bernoulli(2), [arb(fmpq(1, 2), radius)], [1])
    for end in (fmpq(1, 2) + radius, fmpq(1, 2) - radius):
        assert inside(end / (1 - end), flow.states[0][0])
    assert flow.states[0][0].rad() < 6 * arb(radius)


@pytest.mark.parametrize("slices", [1, 4])
def test_no_step_jumps_over_a_blow_up_inside_the_ball(slices):
    """From 3/2 the solution of d' = d^4 ends at 8/81 < 1/8, while the one from the centre goes on."""
    with working(12):
        flow = integrate(bernoulli(4), [arb(1, fmpq(1, 2))], [fmpq(1, 8)], order=10, slices=slices, max_steps=60)
    assert not flow.complete
    assert not flow.states[0][0].is_finite()


def test_rotation_does_not_wrap():
    """A box carried around a circle for ten turns: a method that wraps would have grown by e^60."""
    flow = integrate(lambda y: [-y[1], y[0]], [arb(1, fmpq(1, 1000)), arb(0, fmpq(1, 1000))], [63])
    assert inside(arb(63).cos(), flow.states[0][0])
    assert inside(arb(63).sin(), flow.states[0][1])
    assert flow.states[0][0].rad() < 2e-3


def test_segments_cover_the_whole_time_and_enclose_the_solution_between():
    flow = integrate(logistic, [fmpq(1, 5)], [-2])
    assert flow.segments[0].start == 0
    assert flow.segments[-1].stop == -2
    for before, after in zip(flow.segments, flow.segments[1:], strict=False):
        assert before.stop == after.start
    for segment in flow.segments:
        for share in (fmpq(0), fmpq(1, 3), fmpq(1)):
            t = segment.start + share * (segment.stop - segment.start)
            with working(400):
                truth = logistic_exact(fmpq(1, 5), t)
            assert inside(truth, segment_range(segment)[0])
            assert inside(truth, state_at(flow, t)[0])
    with pytest.raises(ValueError, match="not covered"):
        state_at(flow, 1)


def test_before_a_blow_up_the_flow_stops_and_says_so():
    flow = integrate(bernoulli(2), [1], [fmpq(1, 2), 1, 2], max_steps=80)
    assert not flow.complete
    assert "80 steps" in flow.reason
    assert inside(2, flow.states[0][0])
    assert not any(flow.states[k][0].is_finite() for k in (1, 2))


def test_one_step_more_than_the_budget_is_no_result():
    steps = integrate(logistic, [fmpq(1, 2)], [5]).steps
    assert integrate(logistic, [fmpq(1, 2)], [5], max_steps=steps).complete
    short = integrate(logistic, [fmpq(1, 2)], [5], max_steps=steps - 1)
    assert not short.complete
    assert not short.states[0][0].is_finite()


def test_equilibria_and_constant_fields_are_exact_enough():
    flow = integrate(lambda y: [0 * y[0], 1, y[1]], [fmpq(1, 3), 0, 0], [0, fmpq(7, 3)])
    assert flow.states[0][0].contains(fmpq(1, 3))
    for found, truth in zip(flow.states[1], (fmpq(1, 3), fmpq(7, 3), fmpq(49, 18)), strict=True):
        assert found.is_finite()
        assert found.contains(truth)
        assert found.rad() < 1e-30
    assert integrate(logistic, [0], [1000]).steps == 1


def test_the_jacobian_encloses_every_slope():
    box = [arb(1, fmpq(1, 10)), arb(2, fmpq(1, 10))]
    slopes = jacobian(lambda y: [y[0] * y[0] * y[1], y[0] - 3], box)
    for x, y in ((fmpq(9, 10), fmpq(19, 10)), (fmpq(11, 10), fmpq(2))):
        assert inside(2 * x * y, slopes[0, 0])
        assert inside(x * x, slopes[0, 1])
    assert [slopes[1, 0], slopes[1, 1]] == [1, 0]


def test_precision_and_cap_are_left_as_they_were():
    before = ctx.prec, ctx.cap
    integrate(logistic, [fmpq(1, 2)], [1])
    jacobian(logistic, [arb(1)])
    assert (ctx.prec, ctx.cap) == before


@pytest.mark.parametrize(
    ("field", "start", "times", "error", "message"),
    [
        (logistic, [fmpq(1, 2)], [-1, 1], ValueError, "separately"),
        (logistic, [fmpq(1, 2)], [arb(1, 1)], ValueError, "exact"),
        (logistic, [arb.nan()], [1], ValueError, "finite"),
        (logistic, [], [1], ValueError, "finite"),
        (lambda y: [y[0], y[0]], [1], [1], ValueError, "1 numbers to 2"),
        (lambda y: [y[0].exp()], [1], [1], TypeError, "constants"),
        (lambda y: [1 / y[0]], [1], [1], TypeError, "constants"),
        (logistic, [0.5], [1], TypeError, "expected an integer"),
    ],
)
def test_what_cannot_be_integrated_is_refused(field, start, times, error, message):
    with pytest.raises(error, match=message):
        integrate(field, start, times)


def test_fields_see_polynomials_in_the_defect():
    """The check of the defect needs the same field on polynomials; this pins that it is called on them."""
    seen = set()

    def field(y):
        seen.add(type(y[0]).__name__)
        return [-y[0]]

    integrate(field, [1], [1])
    assert {arb_poly.__name__, "Wire", "arb_series"} <= seen
