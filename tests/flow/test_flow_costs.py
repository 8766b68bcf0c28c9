"""Costs: values against the definition, derivatives against differences, PL constants that hold and are sharp."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from theorycheck import flow
from theorycheck.errors import InputError
from theorycheck.flow.costs import check_cost

rng = np.random.default_rng(20)
X, Y = rng.standard_normal((4, 9)), rng.standard_normal((3, 9))
FEW = rng.standard_normal((4, 2)) @ rng.standard_normal((2, 9))
ROOT = rng.standard_normal((12, 7))
ENTRIES: dict[str, Any] = {"rows": (0, 2, 2, 1), "cols": (3, 0, 0, 2), "values": (1.0, -2.0, 0.5, 3.0), "shape": (3, 4)}
COSTS: dict[str, flow.Cost] = {
    "mse": flow.MeanSquaredError(X, Y),
    "mse-rank-2": flow.MeanSquaredError(FEW, Y),
    "completion": flow.MatrixCompletion(**ENTRIES),
    "quadratic": flow.Quadratic(ROOT @ ROOT.T, rng.standard_normal((3, 4)), minimum=0.3),
    "distance": flow.SquaredDistance(rng.standard_normal((3, 4)), scale=0.7),
}
all_costs = pytest.mark.parametrize("cost", COSTS.values(), ids=COSTS.keys())


def test_values_are_the_printed_ones() -> None:
    A = rng.standard_normal((2, 3, 4))
    printed = [np.linalg.norm(a @ X - Y) ** 2 / 9 for a in A]
    np.testing.assert_allclose(COSTS["mse"].value(A), printed, rtol=1e-13)
    k, m, v = ENTRIES["rows"], ENTRIES["cols"], np.array(ENTRIES["values"])
    np.testing.assert_allclose(COSTS["completion"].value(A), [np.mean((a[k, m] - v) ** 2) for a in A], rtol=1e-13)


@all_costs
def test_gradient_and_hessian_match_central_differences(cost: flow.Cost) -> None:
    A, E = rng.standard_normal((2, 5, 3, 4))
    h = 1e-5  # third derivatives vanish, so only rounding is left: 1e-16 / 1e-5
    slope = (cost.value(A + h * E) - cost.value(A - h * E)) / (2 * h)
    np.testing.assert_allclose(slope, np.sum(cost.gradient(A) * E, axis=(1, 2)), rtol=1e-8, atol=1e-8)
    bend = (cost.gradient(A + h * E) - cost.gradient(A - h * E)) / (2 * h)
    np.testing.assert_allclose(bend, cost.hessian_action(A, E), rtol=1e-8, atol=1e-8)


@all_costs
def test_leading_axes_are_samples(cost: flow.Cost) -> None:
    A = rng.standard_normal((2, 5, 3, 4))
    np.testing.assert_allclose(cost.value(A)[1, 2], cost.value(A[1, 2]), rtol=1e-13)
    np.testing.assert_allclose(cost.gradient(A)[1, 2], cost.gradient(A[1, 2]), rtol=1e-12, atol=1e-13)


@all_costs
def test_pl_constant_holds_and_is_sharp(cost: flow.Cost) -> None:
    """1/2 |grad|^2 / (C - minimum) stays above beta on the way down, and equals it along the slowest direction."""
    assert cost.beta is not None
    assert cost.minimum is not None
    A = 3 * rng.standard_normal((200, 3, 4))
    for _ in range(60):
        ratio = 0.5 * np.sum(cost.gradient(A) ** 2, axis=(1, 2)) / (cost.value(A) - cost.minimum)
        assert ratio.min() >= cost.beta * (1 - 1e-6)
        if cost.value(A).min() - cost.minimum < 1e-6:
            break
        A = A - 0.2 / _largest_curvature(cost) * cost.gradient(A)
    slow = _slowest_direction(cost)
    A = (_minimizer(cost) + slow)[None]
    ratio = 0.5 * np.sum(cost.gradient(A) ** 2, axis=(1, 2)) / (cost.value(A) - cost.minimum)
    np.testing.assert_allclose(ratio, cost.beta, rtol=1e-9)


def _hessian(cost: flow.Cost) -> np.ndarray:
    E = np.eye(12).reshape(12, 3, 4)
    return cost.hessian_action(0 * E, E).reshape(12, 12)


def _largest_curvature(cost: flow.Cost) -> float:
    return float(np.linalg.eigvalsh(_hessian(cost))[-1])


def _slowest_direction(cost: flow.Cost) -> np.ndarray:
    values, vectors = np.linalg.eigh(_hessian(cost))
    return vectors[:, np.flatnonzero(values > 1e-9 * values[-1])[0]].reshape(3, 4)


def _minimizer(cost: flow.Cost) -> np.ndarray:
    return -(np.linalg.pinv(_hessian(cost), rcond=1e-10) @ cost.gradient(np.zeros((1, 3, 4))).reshape(12)).reshape(3, 4)


def test_value_keeps_relative_accuracy_near_a_zero_minimum() -> None:
    truth = rng.standard_normal((3, 4))
    cost = flow.MeanSquaredError(X, truth @ X)
    off = 1e-9 * rng.standard_normal((3, 4))
    np.testing.assert_allclose(cost.value(truth + off), np.linalg.norm(off @ X) ** 2 / 9, rtol=1e-5)


BAD: dict[str, tuple[Callable[[], object], str]] = {
    "nan in X": (lambda: flow.MeanSquaredError(np.where(X > 1, np.nan, X), Y), r"X: entry \(.*\) is nan; replace"),
    "nan in Y": (lambda: flow.MeanSquaredError(X, np.where(Y > 1, np.nan, Y)), r"Y: entry \(.*\) is nan; replace"),
    "N differs": (lambda: flow.MeanSquaredError(X, Y[:, :5]), r"Y: has shape \(3, 5\); pass .* \(any, 9\)"),
    "ragged X": (lambda: flow.MeanSquaredError([[1, 2], [3]], Y), "X: not an array of real numbers"),  # type: ignore[arg-type]
    "no data": (lambda: flow.MeanSquaredError(np.ones((2, 0)), np.ones((2, 0))), r"X: has shape \(2, 0\)"),
    "index": (lambda: flow.MatrixCompletion(**(ENTRIES | {"cols": (3, 0, 0, 4)})), r"cols: an index lies outside 0..3"),
    "count": (lambda: flow.MatrixCompletion(**(ENTRIES | {"cols": (3,)})), "cols: 1 indices for 4 values"),
    "nan entry": (lambda: flow.MatrixCompletion(**(ENTRIES | {"values": (1, 2, 3, np.nan)})), "values: entry"),
    "not symmetric": (lambda: flow.Quadratic(np.triu(np.ones((4, 4))), np.zeros((2, 2))), "H: not symmetric; pass"),
    "not psd": (lambda: flow.Quadratic(-np.eye(4), np.zeros((2, 2))), "H: has eigenvalue -1 < 0"),
    "scale 0": (lambda: flow.SquaredDistance(np.eye(2), 0.0), "scale: 0.0 is not a positive number"),
}


@pytest.mark.parametrize(("call", "message"), BAD.values(), ids=BAD.keys())
def test_bad_input_is_one_clear_line(call: Callable[[], object], message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        call()
    assert "\n" not in str(caught.value)


def test_a_users_cost_is_checked_before_the_run() -> None:
    A = np.ones((2, 3, 4))
    good = flow.UserCost(lambda A: np.square(A).sum(axis=(1, 2)), lambda A: 2 * A)
    check_cost(good, A)
    with pytest.raises(InputError, match=r"cost: its gradient has shape \(2, 4, 3\) at A of shape \(2, 3, 4\)"):
        check_cost(flow.UserCost(good.value, lambda A: A.swapaxes(1, 2)), A)
    with pytest.raises(InputError, match=r"cost: its value has shape \(\) at A"):
        check_cost(flow.UserCost(lambda A: np.sum(A), good.gradient), A)
    with pytest.raises(InputError, match=r"cost: is for matrices of shape \(1, 1\), the network gives \(3, 4\)"):
        check_cost(flow.SquaredDistance(np.ones((1, 1))), A)
    with pytest.raises(InputError, match="hessian_action: this cost was given none"):
        good.hessian_action(A, A)
