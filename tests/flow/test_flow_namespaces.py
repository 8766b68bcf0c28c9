"""The explicit path on other array libraries gives what NumPy gives. PyTorch and JAX are tested where they are installed."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from theorycheck import flow
from theorycheck.errors import InputError

rng = np.random.default_rng(3)
X, Y = rng.standard_normal((4, 9)), rng.standard_normal((3, 9))
H = np.eye(12) + 0.1 * np.ones((12, 12))
COSTS = {
    "mse": flow.MeanSquaredError(X, Y),
    "completion": flow.MatrixCompletion((0, 1, 2, 2), (0, 1, 3, 3), (1.0, -1.0, 2.0, 1.0), (3, 4)),
    "quadratic": flow.Quadratic(H, rng.standard_normal((3, 4))),
    "distance": flow.SquaredDistance(rng.standard_normal((3, 4)), 0.7),
    "user": flow.UserCost(lambda A: (A**4).sum((-1, -2)), lambda A: 4.0 * A**3),
}
NETWORK = flow.Network((4, 6, 5, 3))


def library(name: str) -> Any:
    if name == "strict":
        return pytest.importorskip("array_api_strict")
    if name == "torch":
        return pytest.importorskip("torch")
    jax = pytest.importorskip("jax")
    jax.config.update("jax_enable_x64", True)
    return pytest.importorskip("jax.numpy")


@pytest.mark.parametrize("name", ["strict", "torch", "jax"])
@pytest.mark.parametrize("cost", COSTS)
def test_gives_what_numpy_gives(name: str, cost: str) -> None:
    xp, start = library(name), flow.gaussian(NETWORK, 5, 0.5, seed=1)
    options: dict[str, Any] = {"rtol": 1e-9, "ridge": 0.02, "record_at": [0.5, 1.0, 2.0], "record": "loss", "method": "dop853"}
    level = np.median(flow.run(NETWORK, COSTS[cost], start, 1.3, record_at=[1.1], record="norm", ridge=0.02).solution.recorded)
    options["events"] = [flow.Crossing("norm", float(level))]
    ours = flow.run(NETWORK, COSTS[cost], start, 2.0, **options)
    theirs = flow.run(NETWORK, COSTS[cost], [xp.asarray(W) for W in start.layers], 2.0, **options)
    assert type(theirs.A) is type(xp.asarray(X))
    assert theirs.solution.stop == ours.solution.stop
    assert flow.Stop.EVENT in ours.solution.stop
    np.testing.assert_array_equal(theirs.solution.steps, ours.solution.steps)
    for a, b in ((theirs.A, ours.A), (theirs.solution.recorded, ours.solution.recorded), (theirs.layers[1], ours.layers[1])):
        np.testing.assert_allclose(np.asarray(a), b, rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize("name", ["strict", "torch", "jax"])
def test_a_stopped_run_goes_on_to_the_same_bits_elsewhere(name: str, tmp_path: Path) -> None:
    xp, start, path = library(name), flow.gaussian(NETWORK, 5, 0.5, seed=1), tmp_path / "state.npz"
    layers = [xp.asarray(W) for W in start.layers]
    options: dict[str, Any] = {"record_at": np.linspace(0, 2, 5), "record": ["loss", "A"], "method": "dop853"}
    whole = flow.run(NETWORK, COSTS["mse"], layers, 2.0, **options)
    looks = 0

    def interrupt(progress: flow.Progress) -> None:
        nonlocal looks
        looks += 1
        if looks in (4, 9):
            raise KeyboardInterrupt

    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            flow.run(NETWORK, COSTS["mse"], layers, 2.0, progress=flow.Watch(interrupt, every=0), checkpoint=path, **options)
    again = flow.run(NETWORK, COSTS["mse"], layers, 2.0, checkpoint=path, **options)
    assert again.solution.stop == whole.solution.stop
    for key in whole.solution.records:
        np.testing.assert_array_equal(again.solution.records[key], whole.solution.records[key])
    np.testing.assert_array_equal(np.asarray(again.A), np.asarray(whole.A))
    with pytest.raises(InputError, match=r"of another problem, with another .*library"):
        flow.run(NETWORK, COSTS["mse"], start, 2.0, checkpoint=path, **options)


def test_reductions_and_diverging_samples_elsewhere() -> None:
    xp, network = library("strict"), flow.Network((2, 30, 2))
    cost = flow.UserCost(lambda A: A[:, 0, 0], lambda A: -4.0 * A**3)
    scales = np.array([0.01, 5.0, 0.02, 0.3, 4.0])[:, None, None]
    layers = [scales * W for W in flow.gaussian(network, 5, 0.4, seed=2).layers]
    ours = flow.run(network, cost, layers, 3.0, method="dop853")
    theirs = flow.run(network, cost, [xp.asarray(W) for W in layers], 3.0)
    assert theirs.solution.stop == ours.solution.stop
    assert 0 < sum(stop.good for stop in ours.solution.stop) < 5
    assert theirs.used == ours.used != ()


def test_what_cannot_be_taken_is_one_clear_line() -> None:
    xp, start = library("strict"), flow.gaussian(NETWORK, 2, 0.5, seed=1)
    single = [xp.asarray(W, dtype=xp.float32) for W in start.layers]
    with pytest.raises(InputError, match=r"theta0: has .*float32 entries; pass float64"):
        flow.run(NETWORK, COSTS["mse"], single, 1.0)
    with pytest.raises(InputError, match='method: "rodas5p" is for NumPy arrays'):
        flow.run(NETWORK, COSTS["mse"], [xp.asarray(W) for W in start.layers], 1.0, method="rodas5p")
