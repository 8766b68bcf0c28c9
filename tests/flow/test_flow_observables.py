"""Observables against their definitions, in reduced networks against the full ones; records to files, progress, memory."""

import json
import os
import subprocess
import sys
import textwrap
import time
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from theorycheck import flow
from theorycheck.errors import InputError
from theorycheck.flow import inside, kernels
from theorycheck.flow.checks import Array

rng = np.random.default_rng(8)
X, Y = rng.standard_normal((4, 9)), rng.standard_normal((3, 9))
MSE = flow.MeanSquaredError(X, Y)
WIDE = flow.Network((4, 12, 3))
DEEP = flow.Network((4, 9, 8, 3))
SADDLES = rng.standard_normal((2, 3, 4))
EVERYTHING: dict[str, Any] = {
    **{name: name for name in ("theta", "A", "loss", "cost", "norm", "gradient_norm", "singular_values")},
    **{name: name for name in ("balancedness", "ntk")},
    "rank": flow.rank(0.3),
    "second": flow.singular_value(2),
    "saddles": flow.distance_to_matrices(SADDLES),
    "mine": lambda layers: np.linalg.norm(layers[0], axis=(1, 2)),
    "flow kernel": flow.ntk(5, data=np.eye(4)),
}  # fmt: skip


def starts(network: flow.Network) -> list[Array]:
    if network is WIDE:
        return list(flow.gaussian(WIDE, 5, 0.3, seed=1).layers)
    return list(flow.balanced(DEEP, 5, 0.5, seed=1).layers)


def jacobian(layers: Any, data: Array) -> Array:
    """Of the outputs W_L ... W_1 X by theta, for one sample: exact, as outputs are linear in each entry."""
    network = flow.Network((layers[0].shape[1], *(W.shape[0] for W in layers)))
    theta = np.concatenate([W.ravel() for W in layers])
    columns = []
    for e in np.eye(network.size):
        ends = [flow.product(network.split(theta + sign * e)) @ data for sign in (1.0, -1.0)]
        columns.append((ends[0] - ends[1]).ravel() / 2)
    return np.array(columns).T


@pytest.mark.parametrize("network", [WIDE, DEEP], ids=["wide", "deep"])
@pytest.mark.parametrize("ridge", [0.0, 0.2])
def test_reduced_networks_show_what_the_full_ones_do(network: flow.Network, ridge: float) -> None:
    places = flow.distance_to_states(flow.gaussian(network, 2, 0.5, seed=9).layers)
    given: dict[str, Any] = {"ridge": ridge, "rtol": 1e-11, "atol": 1e-13, "record_at": [0.0, 0.3, 2.0]}
    given["record"] = EVERYTHING | {"places": places}
    reduced, full = (flow.run(network, MSE, starts(network), 2.0, reductions=r, **given) for r in ("auto", "none"))
    assert reduced.used
    assert not full.used
    assert set(reduced.solution.records) == set(given["record"])
    for key, wanted in full.solution.records.items():
        np.testing.assert_allclose(reduced.solution.records[key], wanted, rtol=1e-7, atol=2e-8, err_msg=key)
    kept = full.solution.records
    assert kept["balancedness"].shape == (5, 3, network.depth - 1)
    assert kept["ntk"].shape == (5, 3, 10)
    assert len(set(kept["rank"].ravel())) > 1


def test_each_is_what_its_name_says() -> None:
    done = flow.run(DEEP, MSE, starts(DEEP), 1.0, ridge=0.1, record_at=[0.7], record=EVERYTHING, reductions="none")
    kept = {key: values[:, 0] for key, values in done.solution.records.items()}
    layers = DEEP.split(kept["theta"])
    A, square = flow.product(layers), np.sum(kept["theta"] ** 2, axis=1)
    np.testing.assert_allclose(kept["loss"], MSE.value(A) + 0.1 * square, rtol=1e-13)
    np.testing.assert_allclose(kept["singular_values"], np.linalg.svd(A, compute_uv=False), rtol=1e-12)
    np.testing.assert_array_equal(kept["second"], kept["singular_values"][:, 1])
    np.testing.assert_array_equal(kept["rank"], np.sum(kept["singular_values"] > 0.3, axis=1))
    np.testing.assert_allclose(kept["saddles"], np.linalg.norm(A[:, None] - SADDLES, axis=(2, 3)), rtol=1e-13)
    gaps = np.stack([np.linalg.norm(D, axis=(1, 2)) for D in flow.gaps(layers)], axis=1)
    np.testing.assert_allclose(kept["balancedness"], gaps, atol=1e-10)
    for k in range(5):
        J = jacobian([W[k] for W in layers], X)
        spectrum = np.linalg.eigvalsh(J @ J.T)[::-1]
        np.testing.assert_allclose(kept["ntk"][k], spectrum[:10], rtol=1e-9, atol=1e-11)
        assert abs(spectrum[12:]).max() < 1e-10 * spectrum[0]  # rank of X times n_L
        G = jacobian([W[k] for W in layers], np.eye(4)).T @ MSE.gradient(A[k : k + 1]).ravel() + 0.2 * kept["theta"][k]
        np.testing.assert_allclose(kept["gradient_norm"][k], np.linalg.norm(G), rtol=1e-10)


@pytest.mark.parametrize("top", [1, 5])
def test_the_kernel_matrix_free_and_written_out(top: int, monkeypatch: Any) -> None:
    """Repeated eigenvalues too: identical layers give each of them several times."""
    network = flow.Network((7, 9, 8, 6))
    identity = [np.broadcast_to(np.eye(n, m), (4, n, m)) for n, m in network.shapes]
    F = kernels.data_factor(rng.standard_normal((7, 5)), 7)
    for layers, data in ((flow.gaussian(network, 4, 0.5, seed=2).layers, F), (identity, np.eye(7))):
        written = kernels.tangent_spectrum(layers, data, top)
        with monkeypatch.context() as small:
            small.setattr(kernels, "DENSE_UP_TO", 3)
            free = kernels.tangent_spectrum(layers, data, top)
        np.testing.assert_allclose(free, written, rtol=1e-8)


def test_escape_times_are_recorded_without_stopping() -> None:
    """Two modes of a depth-2 network leave zero one after the other; their logistic times are known."""
    network, alpha, targets = flow.Network((2, 2, 2)), 1e-2, np.array([2.0, 1.0])
    cost, start = flow.SquaredDistance(np.diag(targets), 0.5), [alpha * np.eye(2)[None]] * 2
    escapes = flow.escapes(0.5 * targets)
    more: dict[str, Any] = {"record": ["loss", "singular_values"], "record_at_events": True, "method": "dop853"}
    done = flow.run(network, cost, start, 30.0, events=escapes, rtol=1e-11, atol=1e-14, **more).solution
    assert done.stop == (flow.Stop.REACHED_T,)
    exact = np.log((targets - alpha**2) / alpha**2) / (2 * targets)  # s' = 2 s (a - s) from alpha^2 to a / 2
    np.testing.assert_allclose([done.event_times(0)[0], done.event_times(1)[0]], exact, rtol=1e-8)
    np.testing.assert_allclose(np.diagonal(done.at_events["singular_values"][0]), 0.5 * targets, rtol=1e-9)
    assert done.at_events["loss"].shape == (1, 2)
    never = flow.run(network, cost, start, 0.1, events=escapes, **more).solution
    assert np.isnan(never.at_events["loss"]).all()


# --- to files ------------------------------------------------------------------------------------------------------------
def to_files(**change: Any) -> flow.Trajectories:
    given: dict[str, Any] = {"record_at": np.linspace(0, 2, 5), "record": {"loss": "loss", "A": "A"}, "record_at_events": True}
    given["events"] = [flow.Crossing("norm", 2.2, 1, terminal=False)]
    return flow.run(WIDE, MSE, starts(WIDE), 2.0, **(given | change))


def test_files_hold_what_memory_would(tmp_path: Path) -> None:
    memory, files = to_files(), to_files(record_to=tmp_path / "run")
    for kind in ("records", "at_events"):
        for key, values in getattr(memory.solution, kind).items():
            np.testing.assert_array_equal(getattr(files.solution, kind)[key], values)
    np.testing.assert_array_equal(np.load(tmp_path / "run" / "A.npy"), memory.solution.records["A"])
    np.testing.assert_array_equal(np.load(tmp_path / "run" / "loss.at_events.npy"), memory.solution.at_events["loss"])
    np.testing.assert_array_equal(np.load(tmp_path / "run" / "record_at.npy"), np.linspace(0, 2, 5))
    assert json.loads((tmp_path / "run" / "shapes.json").read_text())["records"]["A"] == [5, 5, 3, 4]


def test_files_of_one_layer_and_of_another_run(tmp_path: Path) -> None:
    """A network of one layer has no gaps: arrays of size 0."""
    network, start = flow.Network((4, 3)), [rng.standard_normal((2, 3, 4))]
    given: dict[str, Any] = {"record_at": [0.5, 1.0], "record": ["balancedness", "ntk", "rank"], "checkpoint": tmp_path / "c"}
    done = flow.run(network, MSE, start, 1.0, record_to=tmp_path / "run", **given)
    assert done.solution.records["balancedness"].shape == (2, 2, 0)
    assert done.solution.records["ntk"].shape == (2, 2, 10)
    np.save(tmp_path / "run" / "rank.npy", np.zeros(3))
    with pytest.raises(InputError, match=r"record_to: .*rank.npy is not the file of this run; delete the checkpoint"):
        flow.run(network, MSE, start, 1.0, record_to=tmp_path / "run", **given)


def test_zarr_holds_what_memory_would(tmp_path: Path) -> None:
    zarr = pytest.importorskip("zarr")
    memory, files = to_files(), to_files(record_to=tmp_path / "run.zarr", checkpoint=tmp_path / "state.npz")
    for key, values in memory.solution.records.items():
        np.testing.assert_array_equal(files.solution.records[key], values)
    group = zarr.open_group(str(tmp_path / "run.zarr"), mode="r")
    np.testing.assert_array_equal(group["at_events"]["loss"][...], memory.solution.at_events["loss"])
    again = to_files(record_to=tmp_path / "run.zarr", checkpoint=tmp_path / "state.npz")
    np.testing.assert_array_equal(again.solution.records["A"], memory.solution.records["A"])


def test_without_zarr_it_says_so(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setitem(sys.modules, "zarr", None)
    with pytest.raises(InputError, match=r"record_to: a .zarr folder needs `pip install"):
        to_files(record_to=tmp_path / "run.zarr")


def test_bad_records_are_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "A.npy").write_bytes(b"dear to someone")
    bad: list[tuple[dict[str, Any], str]] = [
        ({"record_to": tmp_path / "old"}, "record_to: .*old exists already; name a new folder"),
        ({"record_to": tmp_path / "new", "record": {"a/b": "A"}}, 'record: the key "a/b" is no name for a file'),
        ({"record_to": tmp_path / "old" / "A.npy" / "x"}, "record_to: .*: Not a directory; make room there or name another"),
        ({"record": ["A", "A"]}, "record: two observables have the same name"),
        ({"record": ["A", "speed"]}, 'record or event: "speed" is unknown; pass theta, A'),
        ({"record": lambda layers: np.zeros(3)}, r"record: .* has shape \(3,\) for one sample; return one value"),
        ({"record": flow.singular_value(4)}, "singular_value: A has 3 of them, not 4"),
        ({"record": flow.distance_to_states([np.ones((1, 2, 4))])}, "theta0: 1 layers for a network of depth 2"),
        ({"record": flow.ntk(3, data=np.zeros((4, 2)))}, "data: are all zero"),
        ({"record": flow.ntk(3, data=np.zeros((3, 2)))}, r"data: has shape \(3, 2\)"),
        ({"events": ()}, "record_at_events: there are no events; pass"),
        ({"record_at": [1.0, 0.5]}, "record_at: not ordered"),
        ({"record_to": 3}, "record_to: 3 is no path; pass text or a Path"),
        ({"checkpoint": 3}, "checkpoint: 3 is no path; pass text or a Path"),
        ({"progress": 3}, "progress: 3 cannot be called; pass a function"),
    ]
    for change, message in bad:
        with pytest.raises(InputError, match=message) as caught:
            to_files(**change)
        assert "\n" not in str(caught.value)
    assert (tmp_path / "old" / "A.npy").read_bytes() == b"dear to someone"
    for call, message in (
        (lambda: flow.rank(-1.0), "tolerance: -1.0 is negative"),
        (lambda: flow.ntk(0), "top: 0 is not a whole number >= 1"),
        (lambda: to_files(record=["A", "loss"]).solution.recorded, r"recorded: there are several, A, loss; take records"),
    ):
        with pytest.raises(InputError, match=message):
            call()


def test_memory_does_not_grow_with_records_in_files(tmp_path: Path) -> None:
    def peak(R: int) -> int:
        tracemalloc.start()
        flow.run(WIDE, MSE, starts(WIDE), 4.0, record_at=np.linspace(0, 4, R), record_to=tmp_path / str(R), record="theta")
        out = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return out

    peak(2)
    few, many = peak(100), peak(4000)
    assert many < few + 8 * 4000 * 8 + inside.LOOK_BYTES  # the times themselves, a block of looks
    assert os.path.getsize(tmp_path / "4000" / "theta.npy") > 13_000_000


def test_memory_does_not_grow_with_the_number_of_steps(tmp_path: Path) -> None:
    """With all that looks at a run: records, events, the drift, progress, checkpoints."""
    watch, steps = flow.Watch(lambda progress: None, every=0), []
    given: dict[str, Any] = {"record_at": [0.1, 1.0], "record": list(flow.observables.NAMED), "events": flow.escapes([0.5])}

    def peak(rtol: float) -> int:
        place = flow.Checkpoint(tmp_path / f"{rtol}.npz", every=7)
        tracemalloc.start()
        done = flow.run(DEEP, MSE, starts(DEEP), 2.0, rtol=rtol, atol=rtol, progress=watch, checkpoint=place, **given)
        out = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        steps.append(int(done.solution.steps.max()))
        return out

    peak(1e-3)
    few, many = peak(1e-5), peak(1e-13)
    assert steps[2] > 6 * steps[1]
    assert many < few + 30_000


# --- progress ------------------------------------------------------------------------------------------------------------
def test_progress_is_told_and_grows() -> None:
    seen: list[flow.Progress] = []
    done = flow.run(DEEP, MSE, starts(DEEP), 9.0, progress=flow.Watch(seen.append, every=0))
    assert len(seen) == (done.solution.steps + done.solution.rejected).max() + 1
    means = [p.mean for p in seen]
    assert means == sorted(means)
    assert all(0 <= p.slowest <= p.mean + 1e-12 <= 1 + 1e-12 for p in seen)
    assert seen[-1] == flow.Progress(1.0, 1.0, 5, 5, seen[-1].seconds, 0.0)
    assert str(seen[-1]).startswith("5 of 5 samples done, 100.0% of the time")
    assert "time left unknown" in str(seen[0])


def test_the_time_left_is_about_right_and_the_interval_kept() -> None:
    """Fixed steps of a right-hand side that takes 2 ms: the estimate in the middle is the rest of the time."""
    seen: list[flow.Progress] = []

    def slow(t: Array, y: Array, out: Array) -> None:
        time.sleep(0.002)
        np.negative(y, out=out)

    watch = flow.Watch(seen.append, every=0.05)
    flow.integrate(slow, np.ones((4, 1)), 1.0, stepper=flow.descent(0.004), progress=watch, group_bytes=8 * 3 * 2)
    total = seen[-1].seconds
    assert 3 <= len(seen) <= total / 0.05 + 2
    middle = min(seen, key=lambda p: abs(p.mean - 0.5))
    assert middle.samples == 4
    assert middle.left == pytest.approx(total - middle.seconds, rel=0.5)


def test_importing_and_plain_runs_need_no_extra() -> None:
    script = textwrap.dedent("""
        import sys, numpy as np
        from theorycheck import flow
        flow.run(flow.Network((1, 1)), flow.SquaredDistance(np.ones((1, 1))), [np.ones((1, 1, 1))], 0.1)
        sys.exit("zarr" in sys.modules)
    """)
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
