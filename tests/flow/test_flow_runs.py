"""Runs of networks: exact solutions, balancedness, batches, events, descent, bad input."""

import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from theorycheck import flow
from theorycheck.errors import InputError
from theorycheck.flow import exact_solutions
from theorycheck.flow.integration import GROUP_BYTES
from theorycheck.flow.networks import gap_distance

rng = np.random.default_rng(21)
X, Y = rng.standard_normal((4, 9)), rng.standard_normal((3, 9))
MSE = flow.MeanSquaredError(X, Y)
RAGGED = flow.Network((4, 6, 2, 5, 3))
SHALLOW = flow.Network((4, 5, 3))


NETWORKS = [
    flow.Network(widths)
    for widths in ((4, 3), (4, 5, 3), (4, 6, 2, 5, 3), (4, 1, 3), (4, 3, 2, 5, 3), (4, 2, 3), (4, 5, 6, 2, 7, 3), (4, 2, 6, 3))
]


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("back", [1, -1])
@pytest.mark.parametrize("ridge", [0.0, 0.3])
def test_right_hand_side_is_minus_the_gradient(network: flow.Network, ridge: float, back: int) -> None:
    """Central differences, order 2 in h: 1e-5 leaves errors of 1e-10 and rounding of 1e-10. n_0 > n_L, and n_0 < n_L."""
    network, cost = flow.Network(network.widths[::back]), MSE if back == 1 else flow.MeanSquaredError(Y, X)

    def loss(y: Any) -> Any:
        return cost.value(flow.product(network.split(y))) + ridge * np.sum(y**2, axis=-1)

    y = 0.7 * rng.standard_normal((3, network.size))
    out = np.empty_like(y)
    steps = np.array([1.0, 0.5, 3.0])
    flow.descent_direction(network, cost, ridge)(np.zeros(3), y, steps, out)
    out /= steps[:, None]
    for _ in range(3):
        v = rng.standard_normal(network.size)
        v /= np.linalg.norm(v)
        slope = (loss(y + 1e-5 * v) - loss(y - 1e-5 * v)) / 2e-5
        np.testing.assert_allclose(out @ v, -slope, rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("L", [2, 3, 4, 5])
def test_scalar_modes_follow_the_exact_time_function(L: int) -> None:
    d0, target, times = np.array([0.2, 0.35]), 1.5, np.array([0.5, 2.0, 5.0, 12.0, 30.0])
    network, cost = flow.Network((1,) * (L + 1)), flow.SquaredDistance(np.array([[target]]), scale=0.5)
    done = flow.run(
        network, cost, [d0.reshape(2, 1, 1)] * L, 30.0, rtol=1e-12, atol=1e-14, record_at=times,
        record=lambda layers: layers[0][:, 0, 0],
    )  # fmt: skip
    for k in range(2):
        if L == 2:
            exact = exact_solutions.logistic_mode(d0[k], 1.0, target, 1.0, times)
        else:
            exact = exact_solutions.deep_mode(d0[k], L, 1.0, target, 1.0, times)
        np.testing.assert_allclose(done.solution.recorded[k], exact, rtol=1e-9)


def test_mode_time_inverts_the_mode_and_passes_known_points() -> None:
    """L = 4, a = x2 = kappa = 1 in closed form: t = [-1/(2 v^2) + artanh(v^2) / 2] between d0 and d."""

    def closed(v: float) -> float:
        return -0.5 / v**2 + 0.5 * np.arctanh(v**2)

    for d, accuracy in ((0.11, 1e-12), (0.5, 1e-12), (0.9, 1e-12), (0.999999, 1e-11), (1 - 2.0**-43, 1e-4)):
        t = exact_solutions.mode_time(0.1, d, 4, 1.0, 1.0, 1.0)
        assert t == pytest.approx(closed(d) - closed(0.1), rel=accuracy)  # rounding of d^4 over 1 - d^4
    t = exact_solutions.mode_time(1e-4, 0.7, 3, 2.0, 1.5, 0.8)
    assert exact_solutions.deep_mode(1e-4, 3, 2.0, 1.5, 0.8, np.array([0.0, t]))[1] == pytest.approx(0.7, rel=1e-9)
    late = exact_solutions.deep_mode(0.3, 5, 1.0, 1.0, 1.0, np.array([1e4]))
    assert late[0] == pytest.approx(1.0, rel=1e-14)


@pytest.mark.parametrize(("L", "alpha"), [(2, 1e-6), (3, 1e-4), (4, 1e-4)])
def test_escape_time_from_a_small_start(L: int, alpha: float) -> None:
    """Up to half of its limit the mode takes as long as the exact time function says: 5e7 for L = 4, alpha = 1e-4."""
    network, cost = flow.Network((1,) * (L + 1)), flow.SquaredDistance(np.ones((1, 1)), scale=0.5)
    half = flow.Crossing(lambda layers: layers[0][:, 0, 0], 0.5, 1)
    done = flow.run(network, cost, [np.full((1, 1, 1), alpha)] * L, 1e9, rtol=1e-12, atol=1e-16, events=[half])
    if L == 2:
        exact = np.log(0.25 * (1 - alpha**2) / (alpha**2 * 0.75)) / 2  # logistic, s = d^2 from alpha^2 to 1/4
    else:
        exact = exact_solutions.mode_time(alpha, 0.5, L, 1.0, 1.0, 1.0)
    assert done.solution.stop == (flow.Stop.EVENT,)
    assert done.solution.t[0] == pytest.approx(exact, rel=1e-9)
    assert done.solution.steps[0] < 1000


def test_logistic_mode_for_every_sign_of_a() -> None:
    for a in (1.2, 0.0, -0.7):
        t, h = 0.8, 1e-5
        d = exact_solutions.logistic_mode(0.4, 1.3, a, 0.9, np.array([0.0, t - h, t, t + h]))
        assert d[0] == pytest.approx(0.4, rel=1e-15)
        assert (d[3] - d[1]) / (2 * h) == pytest.approx(1.3 * d[2] * (a - 0.9 * d[2] ** 2), rel=1e-7)


@pytest.mark.parametrize("ridge", [0.0, 0.2])
@pytest.mark.parametrize("data", [X, np.outer(X[:, 0], X[0])], ids=["full rank", "rank 1"])
def test_depth_one_is_the_matrix_flow(data: Any, ridge: float) -> None:
    cost, A0, times = flow.MeanSquaredError(data, Y), rng.standard_normal((3, 4)), np.array([0.1, 1.0, 6.0])
    done = flow.run(
        flow.Network((4, 3)), cost, [A0[None]], 6.0, ridge=ridge, rtol=1e-11, atol=1e-13, record_at=times, record="A"
    )
    exact = exact_solutions.matrix_flow(cost, A0, times, ridge)
    np.testing.assert_allclose(done.solution.recorded[0], exact, atol=1e-9)
    after, before = exact_solutions.matrix_flow(cost, A0, np.array([1 + 1e-5, 1 - 1e-5]), ridge)
    slope = (after - before) / 2e-5
    np.testing.assert_allclose(slope, -cost.gradient(exact[1:2])[0] - 2 * ridge * exact[1], atol=1e-8)


@pytest.mark.parametrize("ridge", [0.0, 0.05])
def test_balancedness_decays_at_rate_four_ridge(ridge: float) -> None:
    start = flow.gaussian(RAGGED, 6, std=0.6, seed=3)
    done = flow.run(RAGGED, MSE, start, 10.0, ridge=ridge, rtol=1e-10)
    before = np.array([np.linalg.norm(D, axis=(1, 2)) for D in flow.gaps(start.layers)])
    after = np.array([np.linalg.norm(D, axis=(1, 2)) for D in flow.gaps(done.layers)])
    np.testing.assert_allclose(after, before * np.exp(-4 * ridge * 10), atol=1e-8)
    assert done.drift.max() < 1e-8
    assert before.min() > 0.1


def test_the_distance_of_gaps_is_that_of_the_matrices() -> None:
    for width in (3, 40):  # below and above the columns that M has
        layers, others = (flow.gaussian(flow.Network((4, width, 3)), 5, 1.0, seed).layers for seed in (1, 2))
        direct = np.linalg.norm(flow.gaps(layers)[0] - flow.gaps(others)[0], axis=(1, 2))
        np.testing.assert_allclose(gap_distance(*layers, *others), direct, rtol=1e-12)


def test_drift_is_seen_where_the_steps_do_not_conserve() -> None:
    start = flow.gaussian(RAGGED, 2, std=0.6, seed=3)
    runs = [flow.run(RAGGED, MSE, start, 2.0, method="descent", learning_rate=lr) for lr in (2e-3, 1e-3)]
    np.testing.assert_allclose(runs[0].drift / runs[1].drift, 2.0, rtol=0.2)  # first order in the learning rate
    gaps = zip(flow.gaps(runs[0].layers), flow.gaps(start.layers), strict=True)
    at_end = np.max([np.linalg.norm(D - D0, axis=(1, 2)) for D, D0 in gaps], axis=0)
    np.testing.assert_allclose(runs[0].drift, at_end, rtol=0.05)  # it grows, so the last look is the largest or nearly
    assert (runs[0].drift >= at_end * (1 - 1e-12)).all()


def test_balanced_starts_stay_balanced() -> None:
    start = flow.balanced(RAGGED, 3, scale=0.8, seed=5)
    assert max(np.abs(D).max() for D in flow.gaps(start.layers)) < 1e-14
    done = flow.run(RAGGED, MSE, start, 5.0, rtol=1e-10)
    assert max(np.abs(D).max() for D in flow.gaps(done.layers)) < 1e-8


def test_descent_is_the_hand_loop() -> None:
    start, lr, ridge = flow.gaussian(SHALLOW, 2, std=0.5, seed=1), 0.01, 0.1
    how: Any = {"method": "descent", "learning_rate": lr, "ridge": ridge}
    done = flow.run(SHALLOW, MSE, start, 1.0, **how, record_at=[0.5], record="A")
    W1, W2 = (W.copy() for W in start.layers)
    for step in range(100):
        if step == 50:
            np.testing.assert_allclose(done.solution.recorded[:, 0], W2 @ W1, rtol=1e-12)
        G = MSE.gradient(W2 @ W1)
        D1, D2 = W2.swapaxes(1, 2) @ G, G @ W1.swapaxes(1, 2)
        W1, W2 = W1 - lr * (D1 + 2 * ridge * W1), W2 - lr * (D2 + 2 * ridge * W2)
    assert done.solution.steps.tolist() == [100, 100]
    assert done.solution.stop == (flow.Stop.REACHED_T,) * 2
    np.testing.assert_allclose(done.layers[0], W1, rtol=1e-12)
    np.testing.assert_allclose(done.layers[1], W2, rtol=1e-12)


def test_descent_stops_at_an_event_between_iterates() -> None:
    network, cost = flow.Network((1, 1)), flow.SquaredDistance(np.zeros((1, 1)), scale=0.5)
    done = flow.run(
        network,
        cost,
        [np.ones((1, 1, 1))],
        9.0,
        method="descent",
        learning_rate=0.1,
        events=[flow.Crossing("norm", 0.7)],
    )
    assert 0.9**4 < 0.7 < 0.9**3
    assert done.A[0, 0, 0] == pytest.approx(0.7, rel=1e-14)
    assert done.solution.t[0] == pytest.approx(0.3 + 0.1 * (0.9**3 - 0.7) / (0.9**3 - 0.9**4), rel=1e-12)


def test_descent_that_diverges_stops_alone() -> None:
    """Learning rate 0.5 on ||A||^2 with L = 2: stable for small weights, explosive for large ones."""
    network, cost = flow.Network((1, 1, 1)), flow.SquaredDistance(np.zeros((1, 1)))
    start, how = [np.array([0.1, 30.0, 0.2]).reshape(3, 1, 1)] * 2, {"method": "descent", "learning_rate": 0.5}
    done = flow.run(network, cost, start, 20.0, **how)
    assert done.solution.stop == (flow.Stop.REACHED_T, flow.Stop.DIVERGED, flow.Stop.REACHED_T)
    alone = flow.run(network, cost, [W[2:] for W in start], 20.0, **how)
    np.testing.assert_allclose(done.A[2], alone.A[0], rtol=1e-12)


def test_a_sample_that_diverges_leaves_the_others_as_they_are() -> None:
    """C(A) = -A^2 is unbounded below; at depth 2 the weights blow up in finite time, except from 0."""
    cost = flow.UserCost(lambda A: -np.square(A).sum(axis=(1, 2)), lambda A: -2 * A)
    start = np.array([1.0, 0.0, 0.1]).reshape(3, 1, 1)
    done = flow.run(flow.Network((1, 1, 1)), cost, [start, start], 2.0)
    assert done.solution.stop == (flow.Stop.DIVERGED, flow.Stop.REACHED_T, flow.Stop.REACHED_T)
    exact = 1 / np.sqrt(1 / 0.1**2 - 4 * 2.0)  # d' = 2 d^3
    np.testing.assert_allclose(done.layers[0][1:, 0, 0], [0.0, exact], rtol=1e-7)
    assert done.solution.t[0] == pytest.approx(0.25, rel=1e-6)


def test_each_sample_is_the_same_alone_and_across_groups() -> None:
    network = flow.rectangular(4, 30, 3, 3)
    batch = GROUP_BYTES // (8 * 13 * network.size) + 5
    start = flow.gaussian(network, batch, std=0.15, seed=7)
    together = flow.run(network, MSE, start, 1.0, record_at=[0.4], record="loss")
    for k in (0, 3, batch - 1):
        alone = flow.run(network, MSE, [W[k : k + 1] for W in start.layers], 1.0, record_at=[0.4], record="loss")
        np.testing.assert_allclose(alone.A[0], together.A[k], rtol=1e-9, atol=1e-10)
        np.testing.assert_allclose(alone.solution.recorded[0], together.solution.recorded[k], rtol=1e-9)
        np.testing.assert_allclose(alone.drift[0], together.drift[k], atol=1e-9)


def test_loss_and_norm_events() -> None:
    start = flow.on_sphere(SHALLOW, 5, alpha=0.1, seed=2)
    half = 0.5 * float(MSE.value(np.zeros((1, 3, 4)))[0] + MSE.minimum)
    events = [flow.Crossing("cost", half, -1, terminal=False), flow.Crossing("norm", 1.0, 1)]
    done = flow.run(SHALLOW, MSE, start, 100.0, rtol=1e-10, events=events)
    assert set(done.solution.stop) == {flow.Stop.EVENT}
    norms = np.sqrt(sum(np.sum(W**2, axis=(1, 2)) for W in done.layers))
    np.testing.assert_allclose(norms, 1.0, atol=1e-12)
    seen = [h for h in done.solution.happenings if h.event == 0]
    for h in seen:
        assert MSE.value(flow.product(SHALLOW.split(h.y)))[()] == pytest.approx(half, rel=1e-12)
    assert np.isfinite(done.solution.event_times(1)).all()


def test_events_where_every_step_of_the_batch_is_rejected() -> None:
    """One sample of a network whose ends are turned: no trial state is left to look at."""
    network, target = flow.rectangular(3, 3, 3, 3), np.array([[0.0, 2.0, 1.0], [1.0, 0.5, 0.0], [0.0, 0.0, 0.5]])
    event = flow.Crossing(lambda layers: flow.product(layers)[..., 0, 1], 1.0, 1)
    start = flow.gaussian(network, 1, std=0.3, seed=0)
    done = flow.run(network, flow.SquaredDistance(target), start, 20.0, rtol=1e-9, events=[event])
    assert done.solution.rejected[0] > 0
    assert done.A[0, 0, 1] == pytest.approx(1.0, rel=1e-8)


def test_records_by_name_and_by_function() -> None:
    start = flow.gaussian(SHALLOW, 2, std=0.4, seed=2)
    known = {
        name: flow.run(SHALLOW, MSE, start, 1.0, ridge=0.1, record_at=[0.0, 1.0], record=name).solution.recorded
        for name in ("theta", "A", "loss", "cost", "norm")
    }
    assert known["theta"].shape == (2, 2, SHALLOW.size)
    np.testing.assert_array_equal(known["A"], flow.product(SHALLOW.split(known["theta"])))
    np.testing.assert_allclose(known["loss"], known["cost"] + 0.1 * known["norm"] ** 2, rtol=1e-13)
    np.testing.assert_array_equal(known["theta"][:, 0], SHALLOW.join(start.layers))


def test_starts_depend_on_seed_key_and_sample_only() -> None:
    for make in (flow.gaussian, flow.on_sphere, flow.balanced):
        few, many = make(RAGGED, 2, 0.5, 9), make(RAGGED, 4, 0.5, 9)
        np.testing.assert_array_equal(few.layers[1], many.layers[1][:2])
        assert not np.array_equal(make(RAGGED, 2, 0.5, 9, key=(1,)).layers[1], few.layers[1])
        assert "SeedSequence(9, spawn_key=(k,))" in few.origin
    sphere = RAGGED.join(flow.on_sphere(RAGGED, 3, 0.25, 0).layers)
    np.testing.assert_allclose(np.linalg.norm(sphere, axis=1), 0.25, rtol=1e-14)
    spread = RAGGED.join(flow.gaussian(RAGGED, 200, 2.0, 0).layers)
    assert spread.std() == pytest.approx(2.0, rel=0.03)


def test_importing_the_engine_leaves_scipy_alone() -> None:
    script = "import sys, theorycheck.flow; sys.exit('scipy' in sys.modules or 'sympy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def bad_run(**change: Any) -> None:
    call: dict[str, Any] = {"network": SHALLOW, "cost": MSE, "T": 1.0} | change
    start = call.pop("theta0", None) or flow.gaussian(SHALLOW, 2, 0.1, 0)
    flow.run(call.pop("network"), call.pop("cost"), start, call.pop("T"), **call)


NAN = [np.full((2, 5, 4), np.nan), np.ones((2, 3, 5))]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"T": 0.0}, "T: 0.0 is not a positive number; pass"),
        ({"T": "long"}, "T: long is not a positive number"),
        ({"max_steps": float("nan")}, "max_steps: nan is not a whole number"),
        ({"T": -1.0}, "T: -1.0 is not a positive number"),
        ({"ridge": -0.1}, "ridge: -0.1 is negative"),
        ({"rtol": 0.0}, "rtol: 0.0 is not a positive"),
        ({"rtol": 1e-15}, "rtol: 1e-15 is below what float64 resolves"),
        ({"atol": float("nan")}, "atol: nan is negative or not finite"),
        ({"method": "euler"}, 'method: "euler" is unknown; pass "auto", "dop853"'),
        ({"method": "descent"}, "learning_rate: is None; give one"),
        ({"learning_rate": 0.1}, "learning_rate: is 0.1; give one with method"),
        ({"method": "descent", "learning_rate": 0.0}, "learning_rate: 0.0 is not a positive"),
        ({"record": "speed"}, 'record or event: "speed" is unknown; pass theta'),
        ({"theta0": NAN}, r"theta0: W_1: entry \(0, 0, 0\) is nan; replace"),
        ({"theta0": NAN[:1]}, "theta0: 1 layers for a network of depth 2"),
        ({"theta0": [np.ones((2, 5, 4)), np.ones((3, 3, 5))]}, r"theta0: W_2: has shape \(3, 3, 5\); pass an array of"),
        ({"theta0": [np.ones((5, 4)), np.ones((3, 5))]}, r"theta0: W_1: has shape \(5, 4\)"),
        ({"cost": flow.SquaredDistance(np.ones((1, 1)))}, "cost: is for matrices of shape"),
        ({"cost": flow.UserCost(lambda A: A[:, 0, 0], lambda A: A[:, 0])}, "cost: its gradient has shape"),
    ],
)
def test_bad_runs_are_one_clear_line(change: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        bad_run(**change)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: flow.Network((3,)), r"widths: \(3,\) is a network of depth 0"),
        (lambda: flow.Network((3, -2, 1)), "widths: n_1: -2 is not a whole number >= 1"),
        (lambda: flow.Network((3, 2.5, 1)), "widths: n_1: 2.5 is not"),  # type: ignore[arg-type]
        (lambda: flow.rectangular(3, 4, 2, 0), "depth: 0 is not a whole number >= 1"),
        (lambda: flow.gaussian(SHALLOW, 2, 0.0, 0), "std: 0.0 is not a positive"),
        (lambda: flow.on_sphere(SHALLOW, 2, 0.0, 0), "alpha: 0.0 is not a positive"),
        (lambda: flow.gaussian(SHALLOW, 0, 1.0, 0), "batch: 0 is not a whole number >= 1"),
        (lambda: flow.gaussian(SHALLOW, 1, 1.0, -1), "seed: -1 is not a whole number >= 0"),
        (lambda: exact_solutions.mode_time(0.1, 2.0, 3, 1.0, 1.0, 1.0), r"d: 2.0 lies outside \(0, 1\)"),
        (lambda: exact_solutions.mode_time(0.1, 0.2, 2, 1.0, 1.0, 1.0), "L: 2 is not a whole number >= 3"),
    ],
)
def test_bad_networks_starts_and_modes(call: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        call()
