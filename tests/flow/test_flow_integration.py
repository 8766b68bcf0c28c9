"""The integrator alone: order, SciPy as a second opinion, events, records, and samples that stop alone."""

import tracemalloc

import numpy as np
import pytest
from scipy.integrate import DOP853, solve_ivp

from theorycheck import flow
from theorycheck.errors import InputError
from theorycheck.flow.checks import Array
from theorycheck.flow.steppers import Increment, Tolerances


def kepler(t: Array, y: Array, out: Array) -> None:
    """Planar two-body problem (q, p): not a gradient flow, smooth, with a known period."""
    out[:, :2] = y[:, 2:]
    out[:, 2:] = -y[:, :2] / np.linalg.norm(y[:, :2], axis=1, keepdims=True) ** 3


def kepler_start(eccentricity: Array) -> Array:
    e = eccentricity
    return np.stack([1 - e, 0 * e, 0 * e, np.sqrt((1 + e) / (1 - e))], axis=1)


def grow(t: Array, y: Array, out: Array) -> None:
    """y' = y^2, which blows up at 1 / y0."""
    np.square(y, out=out)


def decay(t: Array, y: Array, out: Array) -> None:
    np.negative(y, out=out)


def fixed_steps(stepper: flow.Stepper, n: int) -> tuple[float, float]:
    """Errors of n equal steps on y' = cos(t) y over [0, 2]: at the end, and halfway inside the last step."""

    def rhs(t: Array, y: Array, out: Array) -> None:
        out[:] = np.cos(t)[:, None] * y

    f, h, K, y_new = Increment.of(rhs), np.full(1, 2 / n), np.empty((stepper.rows, 1, 1)), np.empty((1, 1))
    K[stepper.state] = 1.0
    for k in range(n):
        t = k * h
        f(t, K[stepper.state], h, K[stepper.slope])
        stepper.attempt(f, Tolerances(1e-8, 0.0), t, h, K, y_new)
        start, C = K[stepper.state].copy(), stepper.dense(f, t, h, K, y_new)
        y = K[stepper.state] = y_new
    inside = stepper.path(start, C, np.full(1, 0.5))
    return float(abs(y - np.exp(np.sin(2)))[0, 0]), float(abs(inside - np.exp(np.sin(2 - h / 2)))[0, 0])


@pytest.mark.parametrize(("stepper", "counts"), [(flow.dop853(), (4, 8, 16)), (flow.descent(1.0), (200, 400, 800))])
def test_measured_order_is_the_stated_one(stepper: flow.Stepper, counts: tuple[int, ...]) -> None:
    errors = np.array([fixed_steps(stepper, n) for n in counts])
    orders = np.log2(errors[:-1] / errors[1:])
    assert abs(orders[-1, 0] - stepper.order) < 0.5
    assert orders[-1, 1] > min(stepper.order, 7) - 0.5  # one step of order 7 dense output has local error of order 8


@pytest.mark.parametrize("tolerance", [1e-6, 1e-8, 1e-10, 1e-12])
def test_is_at_least_as_good_as_scipy_for_the_same_work(tolerance: float) -> None:
    """The same method with a more careful controller: fewer failed steps, smaller errors. Work goes like error^(-1/8)."""
    y0, T = kepler_start(np.array([0.0, 0.3, 0.6, 0.8])), 2 * np.pi
    ours = flow.integrate(kepler, y0, T, rtol=tolerance, atol=tolerance)
    for k, y in enumerate(y0):
        theirs = solve_ivp(
            lambda t, y: np.concatenate([y[2:], -y[:2] / np.linalg.norm(y[:2]) ** 3]),
            (0, T), y, method="DOP853", rtol=tolerance, atol=tolerance,
        )  # fmt: skip
        error = np.abs(theirs.y[:, -1] - y).max()  # one period: the exact solution is back at its start
        ratio = error / np.abs(ours.y[k] - y).max()
        assert ratio > 1
        assert ours.rhs_calls[k] <= 1.1 * theirs.nfev * ratio ** (1 / 8)
        assert error < 1e4 * tolerance


def test_one_step_is_that_of_scipy() -> None:
    y0, h = kepler_start(np.array([0.6])), 0.05
    theirs = DOP853(
        lambda t, y: np.concatenate([y[2:], -y[:2] / np.linalg.norm(y[:2]) ** 3]), 0.0, y0[0], h, first_step=h, rtol=1e3
    )
    theirs.step()
    f, K, y_new = Increment.of(kepler), np.empty((13, 1, 4)), np.empty((1, 4))
    K[flow.dop853().state] = y0
    f(np.zeros(1), y0, np.full(1, h), K[flow.dop853().slope])
    flow.dop853().attempt(f, Tolerances(1e3, 1e-6), np.zeros(1), np.full(1, h), K, y_new)
    np.testing.assert_allclose(y_new[0], theirs.y, rtol=1e-14, atol=1e-16)


def test_dense_output_agrees_with_scipy_at_tight_tolerance() -> None:
    y0, times = kepler_start(np.array([0.6])), np.linspace(0.1, 20, 40)
    ours = flow.integrate(kepler, y0, 20.0, rtol=1e-12, atol=1e-14, record_at=times)
    theirs = solve_ivp(
        lambda t, y: np.concatenate([y[2:], -y[:2] / np.linalg.norm(y[:2]) ** 3]),
        (0, 20), y0[0], method="DOP853", rtol=1e-13, atol=1e-15, t_eval=times,
    )  # fmt: skip
    np.testing.assert_allclose(ours.recorded[0], theirs.y.T, atol=1e-9)


def test_time_runs_backwards_to_the_start() -> None:
    y0 = kepler_start(np.array([0.2, 0.7]))
    there = flow.integrate(kepler, y0, 3.0, rtol=1e-12)
    back = flow.integrate(kepler, there.y, 0.0, t0=3.0, rtol=1e-12, record_at=[3.0, 1.5, 0.0])
    assert back.t.tolist() == [0.0, 0.0]
    np.testing.assert_allclose(back.y, y0, atol=1e-9)
    np.testing.assert_allclose(back.recorded[:, 1], flow.integrate(kepler, y0, 1.5, rtol=1e-12).y, atol=1e-9)
    np.testing.assert_array_equal(back.recorded[:, 0], there.y)


def test_fixed_steps_backwards() -> None:
    s = flow.integrate(decay, np.array([[1.0]]), 0.0, t0=1.0, stepper=flow.descent(0.25), record_at=[0.5])
    assert s.t[0] == 0.0
    assert s.y[0, 0] == 1.25**4
    assert s.recorded[0, 0, 0] == 1.25**2
    assert 3 * 0.009 < 0.027  # by rounding; still three steps, not four
    assert flow.integrate(decay, np.array([[1.0]]), 0.027, stepper=flow.descent(0.009)).steps[0] == 3


def test_each_sample_is_the_same_alone() -> None:
    """Steps are per sample: the batch changes only the order of rounding in sums, hence 1e-13 against steps of 1e-8."""
    y0 = kepler_start(np.linspace(0, 0.9, 7))
    together = flow.integrate(kepler, y0, 10.0, record_at=[4.0])
    for k in range(7):
        alone = flow.integrate(kepler, y0[k : k + 1], 10.0, record_at=[4.0])
        assert alone.steps[0] == together.steps[k]
        assert alone.rhs_calls[0] == together.rhs_calls[k]
        np.testing.assert_allclose(alone.y[0], together.y[k], rtol=1e-11, atol=1e-11)
        np.testing.assert_allclose(alone.recorded[0], together.recorded[k], rtol=1e-11, atol=1e-11)
    assert len(set(together.steps)) > 4


def test_samples_that_cannot_go_on_stop_alone() -> None:
    def rhs(t: Array, y: Array, out: Array) -> None:
        grow(t, y, out)
        out[y[:, 0] < -2] = np.nan

    y0 = np.array([[0.1], [0.9], [-3.0], [-1.0], [0.0]])
    s = flow.integrate(rhs, y0, 2.0, norm_bound=1e6)
    good = flow.Stop.REACHED_T
    assert s.stop == (good, flow.Stop.DIVERGED, flow.Stop.NOT_FINITE, good, good)
    assert s.good.tolist() == [True, False, False, True, True]
    np.testing.assert_allclose(s.y[[0, 3, 4], 0], [0.1 / 0.8, -1 / 3, 0.0], rtol=1e-7)
    assert abs(s.t[1] - 1 / 0.9) < 1e-5
    assert s.t[2] == 0.0
    assert s.rhs_calls[2] == 2  # seen at the start, no step attempted
    assert s.y[2, 0] == -3.0
    unbounded = flow.integrate(grow, np.array([[0.9], [0.1]]), 2.0, norm_bound=1e300)
    assert unbounded.stop == (flow.Stop.STEP_TOO_SMALL, flow.Stop.REACHED_T)
    spent = flow.integrate(kepler, kepler_start(np.array([0.9, 0.0])), 10.0, max_steps=40)
    assert spent.stop == (flow.Stop.BUDGET_SPENT, flow.Stop.REACHED_T)
    assert spent.steps[0] + spent.rejected[0] == 40
    assert "1 of 2 budget spent" in spent.summary()


def test_nan_that_appears_on_the_way_stops_before_it() -> None:
    def rhs(t: Array, y: Array, out: Array) -> None:
        out[:] = np.where(y > 0.5, np.nan, 1.0)

    s = flow.integrate(rhs, np.array([[0.0], [-9.0]]), 1.0)
    assert s.stop == (flow.Stop.NOT_FINITE, flow.Stop.REACHED_T)
    assert abs(s.y[0, 0] - 0.5) < 1e-9


def test_events_are_located_to_the_tolerance() -> None:
    y0 = np.array([[1.0], [2.0], [0.3]])
    level = flow.Event(lambda samples, t, y: y[:, 0], 0.5)
    s = flow.integrate(decay, y0, 5.0, rtol=1e-10, events=[level], record_at=[0.2, 0.5, 1.0, 4.0])
    assert s.stop == (flow.Stop.EVENT, flow.Stop.EVENT, flow.Stop.REACHED_T)
    np.testing.assert_allclose(s.event_times()[:2], np.log(y0[:2, 0] / 0.5), atol=1e-9)
    assert np.isnan(s.event_times()[2])
    np.testing.assert_allclose(s.y[:2, 0], 0.5, atol=1e-14)
    assert (s.y[:2, 0] <= 0.5).all()  # where the run ends, the event has happened
    np.testing.assert_array_equal(s.t[:2], s.event_times()[:2])
    np.testing.assert_allclose(s.recorded[1, :3, 0], 2 * np.exp([-0.2, -0.5, -1.0]), atol=1e-9)
    assert np.isnan(s.recorded[1, 3]).all()  # the record time lies after the event, inside or behind the step


def test_directions_and_events_that_do_not_end_the_run() -> None:
    """The unit circle crosses x = 0 downwards at pi/2, upwards at 3 pi/2; a start on the level is no crossing."""
    x, y = (lambda samples, t, s: s[:, 0]), (lambda samples, t, s: s[:, 1])
    events = [flow.Event(x, 0.0, d, terminal=False) for d in (-1, 0, 1)] + [flow.Event(y, 0.0, 1, terminal=True)]
    s = flow.integrate(kepler, kepler_start(np.array([0.0])), 10.0, rtol=1e-11, events=events)
    times = [[h.t for h in s.happenings if h.event == e] for e in range(4)]
    expected = [[np.pi / 2], [np.pi / 2, 1.5 * np.pi], [1.5 * np.pi], [2 * np.pi]]
    for found, wanted in zip(times, expected, strict=True):
        np.testing.assert_allclose(found, wanted, atol=1e-9)
    assert s.stop == (flow.Stop.EVENT,)
    assert s.event_times(1)[0] == times[1][0]  # the first of two
    assert [h.t for h in s.happenings] == sorted(h.t for h in s.happenings)


def test_events_of_one_step_come_in_order_and_end_with_the_terminal_one() -> None:
    levels, terminal = [0.499, 0.501, 0.502, 0.5], [False, False, False, True]
    events = [flow.Event(lambda samples, t, y: y[:, 0], a, -1, end) for a, end in zip(levels, terminal, strict=True)]
    s = flow.integrate(decay, np.array([[1.0]]), 5.0, events=events)
    assert [h.event for h in s.happenings] == [2, 1, 3]


def test_many_records_inside_one_step() -> None:
    times = np.linspace(0, 3, 301)
    s = flow.integrate(decay, np.array([[1.0], [5.0]]), 3.0, rtol=1e-10, record_at=times)
    np.testing.assert_allclose(s.recorded[:, :, 0], np.outer([1, 5], np.exp(-times)), rtol=1e-8)
    assert s.steps.max() < 40


def test_the_largest_look_of_the_monitor_is_kept() -> None:
    s = flow.integrate(kepler, kepler_start(np.array([0.5])), 40.0, monitor=lambda samples, t, y: np.abs(y[:, 0]))
    assert 1.2 < s.monitored[0] <= 1.5 + 1e-6
    fading = flow.integrate(decay, np.array([[1.0]]), 9.0, monitor=lambda samples, t, y: y[:, 0])
    assert fading.monitored[0] == 1.0


def test_memory_does_not_grow_with_the_number_of_steps() -> None:
    y0 = np.tile(kepler_start(np.array([0.3])), (50, 5))

    def rhs(t: Array, y: Array, out: Array) -> None:
        kepler(t, y.reshape(-1, 4), out.reshape(-1, 4))

    def peak(T: float) -> int:
        tracemalloc.start()
        flow.integrate(rhs, y0, T)
        out = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return out

    peak(1.0)  # imports, caches
    assert peak(100.0) < peak(5.0) + 20_000


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"y0": np.array([[np.nan]])}, r"y0: entry .* is nan; replace"),
        ({"y0": np.ones(3)}, r"y0: has shape \(3,\); pass an array of shape \(any, any\)"),
        ({"rtol": -1e-8}, "rtol: -1e-08 is not a positive number; pass"),
        ({"atol": -1.0}, "atol: -1.0 is negative"),
        ({"t1": 0.0}, "t1: 0.0 leaves no time to run"),
        ({"t1": np.inf}, "t1: inf leaves no time"),
        ({"record_at": [0.5, 0.2]}, "record_at: not ordered"),
        ({"record_at": [2.0]}, "record_at: not ordered"),
        ({"max_steps": 0}, "max_steps: 0 is not a whole number >= 1"),
        ({"events": [flow.Event(lambda samples, t, y: y)]}, "event 0: its quantity has shape"),
    ],
)
def test_bad_input_is_one_clear_line(change: dict[str, object], message: str) -> None:
    call: dict[str, object] = {"rhs": decay, "y0": np.ones((2, 1)), "t1": 1.0} | change
    with pytest.raises(InputError, match=message) as caught:
        flow.integrate(**call)  # type: ignore[arg-type]
    assert "\n" not in str(caught.value)


def test_bad_events_steppers_and_gradients() -> None:
    with pytest.raises(InputError, match=r"direction: 2 is none of"):
        flow.Event(lambda samples, t, y: y[:, 0], direction=2)
    with pytest.raises(InputError, match=r"learning_rate: 0.0 is not a positive"):
        flow.descent(0.0)
    with pytest.raises(InputError, match=r"gradient: has shape \(1,\)"):
        flow.integrate(flow.gradient_flow(lambda y: y.sum(axis=1)), np.ones((1, 2)), 1.0)
