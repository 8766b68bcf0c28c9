"""Tiny networks with their samples side by side in memory: the same answers as in the other layout, to rounding."""

import numpy as np
import pytest

from theorycheck import flow
from theorycheck.flow import side_by_side
from theorycheck.flow.checks import Array
from theorycheck.flow.motors import InPlace
from theorycheck.flow.steppers import in_memory, room
from theorycheck.flow.stiff import automatic, rodas5p

WIDTHS = ((2, 3), (2, 1, 3), (3, 2, 2), (2, 1, 1, 2), (2, 4, 1, 3), (1, 2, 1, 2, 1))


def costs(n_L: int, n_0: int) -> list[flow.Cost]:
    rng = np.random.default_rng(0)
    X, Y, M = rng.standard_normal((n_0, 7)), rng.standard_normal((n_L, 7)), rng.standard_normal((n_L, n_0))
    quartic = flow.UserCost(lambda A: (A**4).sum(axis=(1, 2)), lambda A: 4 * A**3)
    return [flow.SquaredDistance(M), flow.MeanSquaredError(X, Y), flow.MatrixCompletion((0,), (0,), (1.0,), M.shape), quartic]


def turned(y: Array) -> Array:
    """The same states (b, P), which lie in memory as (P, b)."""
    return np.ascontiguousarray(y.T).T


@pytest.mark.parametrize("widths", WIDTHS)
def test_right_hand_sides_are_those_of_the_usual_layout(widths: tuple[int, ...]) -> None:
    network, rng = flow.Network(widths), np.random.default_rng(1)
    t, h = np.zeros(5), rng.uniform(0.1, 1.0, 5)
    for cost in costs(widths[-1], widths[0]):
        ours, theirs = side_by_side.increment(network, cost, 0.3), flow.descent_direction(network, cost, 0.3)
        for _ in range(2):  # what the first call leaves behind is not what the second one sees
            y, usual = rng.standard_normal((5, network.size)), np.empty((5, network.size))
            side, copied = turned(np.empty((5, network.size))), np.empty((5, network.size))
            theirs(t, y, h, usual)
            ours(t, turned(y), h, side)
            ours(t, y, h, copied)
            assert np.array_equal(copied, usual)
            assert np.abs(side - usual).max() < 1e-14 * np.abs(usual).max()


@pytest.mark.parametrize("method", ["dop853", "rodas5p", "auto"])
def test_runs_agree_in_states_records_events_and_work(method: str) -> None:
    """From starts of different size, so that samples leave one by one and the stiff ones are not all there are."""
    network, cost = flow.Network((2, 2, 2, 2)), flow.SquaredDistance(np.diag([2.0, 1.0]))
    sizes = np.array([0.5, 0.1, 0.03])[:, None]
    y0 = sizes * network.join(flow.gaussian(network, 3, 1.0, seed=0).layers)
    stepper = {"dop853": flow.dop853(), "rodas5p": rodas5p(network, cost, 0.0), "auto": automatic(network, cost, 0.0)}[method]
    top = flow.Event(lambda samples, t, y: np.linalg.norm(y, axis=1), 2.5)  # within a transition
    early = flow.Event(lambda samples, t, y: np.linalg.norm(y, axis=1), 1.0, terminal=False)
    ours, theirs, finer = (
        flow.integrate(
            side_by_side.increment(network, cost, 0.0), y0, 400.0, stepper=stepper, rtol=rtol, atol=rtol / 100,
            record_at=[0.5, 3.0, 200.0], events=(top, early), motor=motor,
        )
        for motor, rtol in ((side_by_side.SideBySide, 1e-9), (InPlace, 1e-9), (InPlace, 1e-12))
    )  # fmt: skip
    assert ours.stop == theirs.stop
    # rounding may change the steps: far less apart than the error of either run
    for name in ("y", "recorded"):
        a, b, exact = (getattr(run, name) for run in (ours, theirs, finer))
        error = np.nanmax(np.abs(b - exact))
        assert error < 1e-7
        assert np.nanmax(np.abs(a - b)) < 0.1 * error + 1e-12
    for event in (0, 1):
        assert np.allclose(ours.event_times(event), theirs.event_times(event), rtol=1e-6, equal_nan=True)
    assert (np.abs(ours.steps - theirs.steps) <= 2 + 0.02 * theirs.steps).all()


def test_run_takes_the_layout_for_tiny_networks_only(monkeypatch: pytest.MonkeyPatch) -> None:
    laid_out, usual = [], side_by_side.SideBySide._lay_out
    monkeypatch.setattr(side_by_side.SideBySide, "_lay_out", lambda *at: (laid_out.append(at[1:]), usual(*at))[1])
    for widths, expected in (((2, 2, 2, 2), [(2, 12)]), ((4, 4, 4, 4), [])):
        network = flow.Network(widths)
        start = flow.gaussian(network, 2, 0.1, seed=0)
        flow.run(network, flow.SquaredDistance(np.eye(widths[0])), start, 0.1)
        assert laid_out[:1] == expected
        laid_out.clear()


def test_buffers_are_seen_in_the_order_of_memory() -> None:
    for like in (np.empty((1, 3, 2)), np.empty((1, 2, 3)).swapaxes(1, 2)):
        K = room(4, 3, 2, like)
        in_memory(K)[...] = 1.0
        assert K.shape == (4, 3, 2)
        assert (K == 1.0).all()
