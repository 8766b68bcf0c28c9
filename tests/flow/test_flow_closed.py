"""`run` uses closed forms where there are some: the same answers, records, events and checkpoints as an integrated run."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from theorycheck import flow
from theorycheck.errors import InputError
from theorycheck.flow.checks import Array
from theorycheck.flow.exact_solutions import deep_mode

rng = np.random.default_rng(5)
U, V = (np.linalg.qr(rng.standard_normal((3, 3)))[0] for _ in range(2))
COST = flow.SquaredDistance(U @ np.diag([2.0, 1.0, 0.4]) @ V.T, 0.5)


def aligned(L: int, starts: Array, width: int = 6) -> tuple[flow.Network, list[Array]]:
    """W_l = U_l diag(d) U_(l-1)^T for each row d of starts, the outer frames those of the target."""
    frames = [V, *(np.linalg.qr(rng.standard_normal((width, 3)))[0] for _ in range(L - 1)), U]
    layers = [np.stack([Q @ np.diag(d) @ P.T for d in starts]) for P, Q in pairwise(frames)]
    return flow.rectangular(3, width, 3, L), layers


@pytest.mark.parametrize("L", [2, 3, 4])
def test_aligned_starts_are_solved(L: int) -> None:
    network, layers = aligned(L, np.array([[0.3, 0.2, 0.1], [0.5, 0.4, 0.45]]))
    options: dict[str, Any] = {
        "record_at": [0.5, 3.0, 10.0],
        "record": ["loss", "A", "norm"],
        "events": [flow.Crossing("loss", 0.3, -1, terminal=False)],
        "rtol": 1e-11,
        "atol": 1e-14,
    }
    ours = flow.run(network, COST, layers, 20.0, **options)
    run = flow.run(network, COST, layers, 20.0, method="dop853", reductions="none", **options)
    assert any("aligned" in word for word in ours.used)
    assert ours.solution.rhs_calls.max() <= 2
    np.testing.assert_allclose(ours.A, run.A, atol=1e-9)
    np.testing.assert_allclose(ours.layers[1], run.layers[1], atol=1e-9)
    for key in ("loss", "A", "norm"):
        np.testing.assert_allclose(ours.solution.records[key], run.solution.records[key], atol=1e-9)
    np.testing.assert_allclose(ours.solution.event_times(), run.solution.event_times(), rtol=1e-8)
    assert np.isfinite(ours.solution.event_times()).all()
    assert ours.drift.max() < 1e-13


def test_one_layer_is_solved_and_terminal_events_end_it() -> None:
    network, start = flow.Network((3, 3)), [rng.standard_normal((4, 3, 3))]
    how: dict[str, Any] = {"events": [flow.Crossing("loss", 0.2, -1)], "rtol": 1e-11, "atol": 1e-13}
    ours, run = (flow.run(network, COST, start, 30.0, method=m, **how) for m in ("auto", "dop853"))
    assert ours.solution.stop == run.solution.stop
    np.testing.assert_allclose(ours.solution.t, run.solution.t, rtol=1e-8)
    np.testing.assert_allclose(ours.A, run.A, atol=1e-8)


def test_a_closed_form_waits_for_a_plateau_that_no_integration_would() -> None:
    network, layers = aligned(4, np.array([[1e-5, 2e-5, 1e-5]]))
    done = flow.run(network, COST, layers, 1e12)
    modes, T = ((1e-5, 2.0), (2e-5, 1.0)), np.array([1e12])
    d = np.array([deep_mode(start, 4, 1.0, a, 1.0, T)[0] for start, a in modes])
    np.testing.assert_allclose(np.diag(U.T @ done.A[0] @ V)[:2], d**4, rtol=1e-9)


def test_what_is_not_aligned_is_integrated() -> None:
    network, layers = aligned(3, np.array([[0.3, 0.2, 0.1]]))
    layers[0] = layers[0] + 1e-3 * rng.standard_normal(layers[0].shape)
    assert not any("aligned" in word for word in flow.run(network, COST, layers, 1.0).used)
    assert not flow.run(network, COST, aligned(3, np.array([[0.3, 0.2, 0.1]]))[1], 1.0, reductions="none").used


def test_checkpoint_of_a_closed_form(tmp_path: Path) -> None:
    network, layers = aligned(3, np.array([[0.3, 0.2, 0.1], [0.2, 0.2, 0.2]]))
    path = tmp_path / "run.npz"
    first = flow.run(network, COST, layers, 5.0, checkpoint=flow.Checkpoint(path, every=10))
    again = flow.run(network, COST, layers, 5.0, checkpoint=path)
    np.testing.assert_array_equal(first.A, again.A)
    with pytest.raises(InputError):
        flow.run(network, COST, layers, 6.0, checkpoint=path)
