"""Inputs and outputs turned to the singular vectors of the target: the same flow, and small modes that stay clean."""

import numpy as np
import pytest

from theorycheck import flow
from theorycheck.flow.costs import Cost
from theorycheck.flow.turning import turn

EVERYTHING = ["theta", "A", "loss", "cost", "norm", "gradient_norm", "singular_values", "rank", "balancedness", "ntk"]


def target(n_L: int, n_0: int) -> np.ndarray:
    return np.random.default_rng(0).standard_normal((n_L, n_0))


@pytest.mark.parametrize("widths", [(2, 3, 2, 3), (4, 5, 6, 3), (3, 2, 12, 12, 2)])
@pytest.mark.parametrize("ridge", [0.0, 0.1])
@pytest.mark.parametrize("method", ["auto", "dop853"])
def test_turned_runs_show_what_others_do(widths: tuple[int, ...], ridge: float, method: str) -> None:
    network, cost = flow.Network(widths), flow.SquaredDistance(target(widths[-1], widths[0]), 0.5, 1.0)
    start = flow.balanced(network, 3, 0.5, seed=1)
    ours, theirs = (
        flow.run(
            network, cost, start, 2.0, ridge=ridge, method=method, reductions=reductions, rtol=1e-12, atol=1e-14,
            record_at=[0.0, 0.4, 2.0], record=EVERYTHING, events=flow.escapes([0.6]),
        )
        for reductions in ("auto", "none")
    )  # fmt: skip
    assert any("turned" in word for word in ours.used)
    assert not theirs.used
    for key, wanted in theirs.solution.records.items():
        np.testing.assert_allclose(ours.solution.records[key], wanted, rtol=1e-7, atol=2e-8, err_msg=key)
    for one, other in zip((*ours.layers, ours.A, ours.loss), (*theirs.layers, theirs.A, theirs.loss), strict=True):
        np.testing.assert_allclose(one, other, rtol=0, atol=1e-9)
    np.testing.assert_allclose(ours.solution.event_times(), theirs.solution.event_times(), rtol=1e-8)
    assert ours.drift.max() < 1e-10


def test_the_cost_is_the_same_one_in_other_coordinates() -> None:
    network, cost = flow.Network((2, 3, 2, 4)), flow.SquaredDistance(target(4, 2), 0.5, 1.0)
    turned, A = turn(network, cost, "auto"), np.random.default_rng(1).standard_normal((5, 4, 2))
    V, U = turned.ends
    np.testing.assert_allclose(turned.cost.value(U.T @ A @ V), cost.value(A), rtol=1e-13)
    np.testing.assert_allclose(turned.cost.gradient(U.T @ A @ V), U.T @ cost.gradient(A) @ V, rtol=0, atol=1e-13)
    layers = flow.gaussian(network, 3, 1.0, seed=2).layers
    np.testing.assert_allclose(turned.back(turned.there(layers)), network.join(layers), rtol=0, atol=1e-14)


def test_what_gains_nothing_or_has_no_leave_is_not_turned() -> None:
    deep, generic = flow.Network((2, 2, 2, 2)), flow.SquaredDistance(target(2, 2))
    assert turn(deep, generic, "auto").ends
    blind = flow.UserCost(generic.value, generic.gradient)
    seen = flow.MatrixCompletion((0, 1), (0, 1), (1.0, 2.0), (2, 2))
    diagonal: Cost = flow.SquaredDistance(np.array([[0.0, 2.0], [-1.0, 0.0]]))
    for network, cost, word in (
        (deep, generic, "none"),
        (flow.Network((2, 2, 2)), generic, "auto"),
        (deep, blind, "auto"),
        (deep, seen, "auto"),
        (deep, diagonal, "auto"),
    ):
        turned = turn(network, cost, word)  # type: ignore[arg-type]
        assert not turned.ends
        assert turned.cost is cost
    start = flow.gaussian(deep, 2, 0.1, seed=0)
    assert not flow.run(deep, generic, start, 0.1, method="descent", learning_rate=0.05).used


def test_small_modes_stay_clean_on_a_plateau() -> None:
    """A plateau of length alpha^-2 amplifies what rounding and tolerance of a fitted mode leave in the next one: where the
    second mode has just left, the turned run is that of the diagonal problem, another one at the same tolerance is far off.
    """
    network, alpha, s = flow.Network((3,) * 5), 1e-3, np.diag([2.0, 1.0, 0.0])
    U, V, *Q = (np.linalg.qr(np.random.default_rng(k).standard_normal((3, 3)))[0] for k in range(3, 9))
    W = [alpha * q[None] for q in Q]
    leaves = flow.Crossing(lambda layers: flow.product(layers)[:, 1, 1], 0.5, 1)
    diagonal = flow.run(network, flow.SquaredDistance(s), W, 3 * alpha**-2, rtol=1e-9, atol=1e-9 * alpha, events=[leaves])
    assert diagonal.solution.stop == (flow.Stop.EVENT,)
    errors = {}
    for word in ("auto", "none"):
        done = flow.run(
            network, flow.SquaredDistance(U @ s @ V.T), [W[0] @ V.T, *W[1:-1], U @ W[-1]], diagonal.solution.t[0],
            rtol=1e-9, atol=1e-9 * alpha, reductions=word,  # type: ignore[arg-type]
        )  # fmt: skip
        errors[word] = np.abs(U.T @ done.A[0] @ V - diagonal.A[0]).max()
    assert errors["auto"] < 0.1 * errors["none"]
