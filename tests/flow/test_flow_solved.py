"""Flows that are solved: equal to tight runs, in the middle of transitions too; what does not decouple is not taken."""

from itertools import pairwise

import numpy as np
import pytest

from theorycheck import flow
from theorycheck.errors import InputError
from theorycheck.flow import exact_solutions
from theorycheck.flow.modes import mode_path, phi
from theorycheck.flow.networks import Network
from theorycheck.flow.solved import solve

TIGHT = {"rtol": 1e-12, "atol": 1e-15, "method": "dop853", "reductions": "none"}
TIMES = np.array([0.0, 0.3, 1.0, 2.5])
rng = np.random.default_rng(8)


def frame(n, r):
    return np.linalg.qr(rng.normal(size=(n, r)))[0]


def whitened(left, values, right, spread=0.0):
    """MSE with X X^T / N = 1 (or diagonal along `right`) and Y X^T / N = left diag(values) right^T."""
    n = len(right)
    axes = np.linalg.qr(np.column_stack([right, rng.normal(size=(n, n))]))[0]
    axes[:, : right.shape[1]] = right
    X = (axes * np.linspace(1 - spread, 1 + spread, n) ** 0.5) @ axes.T * np.sqrt(n)
    return flow.MeanSquaredError(X, n * (left * values) @ right.T @ np.linalg.inv(X).T)


def aligned(network, d, first, last):
    """Layers U_l diag(d) U_(l-1)^T for a batch of rows d, with U_0 = first and U_L = last."""
    U = [first, *(frame(n, d.shape[1]) for n in network.widths[1:-1]), last]
    return [np.stack([(above * row) @ below.T for row in d]) for below, above in pairwise(U)]


def agrees(network, cost, layers, ridge=0.0, error=1e-10):
    solved = solve(network, cost, layers, ridge)
    assert solved is not None
    full = flow.run(network, cost, layers, TIMES[-1], ridge=ridge, record_at=TIMES, record="theta", **TIGHT)
    samples = np.array([1, 0, 1])
    for r, t in enumerate(TIMES):
        found = solved.state(samples, np.full(3, t))
        np.testing.assert_allclose(found, full.solution.recorded[samples, r], rtol=0, atol=error)
    return solved


@pytest.mark.parametrize("L", [2, 3, 5])
@pytest.mark.parametrize("spread", [0.0, 0.4])
def test_aligned_starts_on_diagonal_data(L, spread):
    """Positive, negative and vanishing targets, distinct or degenerate weights, a dead mode, n_0 != n_L."""
    network = Network((4, 6, *[5] * (L - 2), 3))
    left, right = frame(3, 3), frame(4, 3)
    cost = whitened(left, np.array([2.0, -0.7, 0.0]), right, spread)
    d = np.array([[0.6, 0.9, 0.5], [0.7, 0.0, 1.3], [0.8, 0.8, 0.8]])
    solved = agrees(network, cost, aligned(network, d, right, left))
    assert ("logistic" if L == 2 else "hypergeometric time function") in solved.used[0]
    assert solved.residual.max() < 1e-13


@pytest.mark.parametrize("kind", ["squared distance", "matrix completion", "quadratic"])
def test_multiples_of_the_identity_and_a_symmetric_target(kind):
    """All weights equal: the frames are those of the target."""
    target = rng.normal(size=(4, 4))
    target += target.T
    rows, cols = np.indices((4, 4)).reshape(2, 16)
    cost = {
        "squared distance": flow.SquaredDistance(target, 0.5),
        "matrix completion": flow.MatrixCompletion(tuple(rows), tuple(cols), tuple(target.ravel()), (4, 4)),
        "quadratic": flow.Quadratic(0.8 * np.eye(16), target),
    }[kind]
    network = Network((4, 4, 4, 4))
    agrees(network, cost, [np.stack([s * np.eye(4) for s in (0.5, 0.9)])] * 3)


def test_diagonal_networks_on_an_entrywise_cost():
    """Weights of the entries differ; off the diagonal the target is 0."""
    target = np.diag([2.0, 1.0, -1.0])
    rows, cols = (np.append(v.ravel(), v.diagonal()) for v in np.indices((3, 3)))
    cost = flow.MatrixCompletion(tuple(rows), tuple(cols), tuple(target[rows, cols]), (3, 3))
    network = Network((3, 3, 3))
    agrees(network, cost, [np.stack([np.diag([0.3, 0.5, 0.2]), np.diag([0.1, 0.4, 0.7])])] * 2)


@pytest.mark.parametrize("tiny", [1e-20, 1e-200])
def test_weights_that_start_tiny_beside_others_still_escape(tiny):
    network, cost = Network((2, 2, 2)), flow.SquaredDistance(np.eye(2), 0.5)
    solved = solve(network, cost, [np.diag([1.0, tiny])[None]] * 2)
    W = solved.state(np.zeros(2, dtype=int), np.array([0.0, 40 - np.log(tiny)])).reshape(2, 2, 2, 2)
    assert W[0, 0].tolist() == np.diag([1.0, tiny]).tolist()
    np.testing.assert_allclose(W[1, 1] @ W[1, 0], np.eye(2), atol=1e-12)


@pytest.mark.parametrize("ridge", [0.2, 3.0])
def test_two_layers_with_a_ridge(ridge):
    network, left, right = Network((4, 5, 3)), frame(3, 2), frame(4, 2)
    cost = whitened(left, np.array([2.0, 1.0]), right)
    agrees(network, cost, aligned(network, np.array([[0.5, 0.9], [0.3, 0.0]]), right, left), ridge)
    assert solve(Network((2, 2, 2, 2)), flow.SquaredDistance(np.eye(2)), [0.5 * np.eye(2)[None]] * 3, ridge) is None


@pytest.mark.parametrize("ridge", [0.0, 0.3])
def test_one_layer_for_every_quadratic_cost(ridge):
    network, root = Network((4, 3)), rng.normal(size=(12, 9))
    costs = [
        flow.MeanSquaredError(rng.normal(size=(4, 3)), rng.normal(size=(3, 3))),
        flow.MatrixCompletion((0, 2, 2), (1, 3, 3), (1.0, 2.0, 3.0), (3, 4)),
        flow.Quadratic(root @ root.T / 9, rng.normal(size=(3, 4))),
        flow.SquaredDistance(rng.normal(size=(3, 4)), 0.7),
    ]
    for cost in costs:
        layers = flow.gaussian(network, 2, 1.0, seed=1).layers
        solved = agrees(network, cost, layers, ridge)
        exact = exact_solutions.matrix_flow(cost, layers[0][1], TIMES, ridge).reshape(4, -1)
        np.testing.assert_allclose(solved.state(np.ones(4, dtype=int), TIMES), exact, rtol=1e-12, atol=1e-13)


def not_solved():
    network, left, right = Network((4, 6, 5, 3)), frame(3, 3), frame(4, 3)
    values, d = np.array([2.0, 1.0, 0.5]), np.array([[0.6, 0.9, 0.5], [0.8, 0.8, 0.8]])
    cost, layers = whitened(left, values, right), aligned(network, d, right, left)
    bent = np.linalg.qr(right + 1e-6 * rng.normal(size=right.shape))[0]
    user = flow.UserCost(cost.value, cost.gradient, cost.hessian_action)
    rows, cols = (0, 1, 1, 2), (0, 1, 3, 2)
    return {
        "target not aligned": (network, whitened(frame(3, 3), values, right), layers),
        "target off by 1e-6": (network, whitened(left, values, bent), layers),
        "data not white": (network, flow.MeanSquaredError(rng.normal(size=(4, 9)), rng.normal(size=(3, 9))), layers),
        "not all entries": (network, flow.MatrixCompletion(rows, cols, (1.0, 2.0, 1.0, 1.0), (3, 4)), layers),
        "not balanced": (network, cost, [layers[0], 1.1 * layers[1], layers[2]]),
        "a layer off by 1e-10": (network, cost, [layers[0], layers[1] + 1e-10, layers[2]]),
        "generic": (network, cost, flow.gaussian(network, 2, 0.5, seed=0).layers),
        "unknown functions": (network, user, layers),
    }


@pytest.mark.parametrize("name", list(not_solved()))
def test_what_does_not_decouple_is_left_to_integration(name):
    assert solve(*not_solved()[name]) is None


def test_switched_off():
    cost, layers = flow.SquaredDistance(np.eye(2)), [0.5 * np.eye(2)[None]]
    assert solve(Network((2, 2)), cost, layers, reductions="none") is None
    with pytest.raises(InputError, match="reductions"):
        solve(Network((2, 2)), cost, layers, reductions="some")


# --- scalar modes --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("b", [2 / 3, 0.4, 1.5])
def test_phi_is_the_hypergeometric_function(b):
    import mpmath

    z = np.array([-1, -0.6, -1e-9, 0, 0.3, 0.5, 0.51, 0.99, 1 - 1e-12])
    exact = [float(mpmath.hyp2f1(1, mpmath.mpf(b), 1 + mpmath.mpf(b), mpmath.mpf(x)) / b) for x in z]
    np.testing.assert_allclose(phi(b, z, np.log1p(-z)), exact, rtol=2e-15)


CASES = [(1.5, 0.7, 0.3), (1.5, 0.7, 2.0), (-1.2, 0.6, 0.4), (-1.2, 0.6, 3.0), (-1e-17, 0.6, 0.4), (0, 0.6, 2.0), (-1, 0, 0.4)]


@pytest.mark.parametrize("L", [2, 3, 4, 7])
@pytest.mark.parametrize(("a", "q", "d0"), CASES)
def test_modes_against_the_integral_to_many_digits(L, a, q, d0):
    """t = integral of dv / d'(v) from d0 to d; its error moves d by d' times as much."""
    import mpmath

    def speed(v):
        return 2 * v ** (L - 1) * (a - q * v**L)

    times = np.array([0.01, 0.4])
    with mpmath.workdps(25):
        for t, d in zip(times, mode_path(d0, L, 2.0, a, q, times), strict=True):
            ends = [mpmath.mpf(d0), mpmath.sqrt(mpmath.mpf(d0) * d), mpmath.mpf(d)]
            late = mpmath.quad(lambda v: 1 / speed(v), ends) - t
            assert abs(late * speed(mpmath.mpf(d))) <= 4e-15 * d
    assert mode_path(1.0, L, 2.0, 1.0, 1.0, np.array([0.0, 3.0])).tolist() == [1, 1]


@pytest.mark.parametrize("L", [3, 4])
@pytest.mark.parametrize("d0", [1e-1, 1e-4])
def test_modes_invert_the_time_function_across_the_transition(L, d0):
    latest = exact_solutions.mode_time(d0, 1.2, L, 2.0, 1.5, 0.7)
    times = latest * np.linspace(0, 1, 21)
    d = mode_path(d0, L, 2.0, 1.5, 0.7, times)
    back = [exact_solutions.mode_time(d0, x, L, 2.0, 1.5, 0.7) for x in d]
    np.testing.assert_allclose(back, times, rtol=4e-15, atol=4e-15 * latest)


def test_modes_that_have_no_answer_are_refused():
    assert mode_path(0.0, 3, 1.0, 1.0, 0.0, 5.0) == 0
    with pytest.raises(InputError, match="q: a mode"):
        mode_path(0.1, 3, 1.0, 1.0, 0.0, 5.0)
    with pytest.raises(InputError, match="leaves the range"):
        mode_path(1e-80, 9, 1.0, 1.0, 1.0, 5.0)
