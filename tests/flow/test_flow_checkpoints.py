"""Stop and go on: the same bits; what is no checkpoint of this problem; a full disk."""

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from theorycheck import flow
from theorycheck.errors import InputError
from theorycheck.flow import recording
from theorycheck.flow.runs import GROUP_BYTES

rng = np.random.default_rng(5)
NETWORK = flow.Network((4, 12, 11, 3))
MSE = flow.MeanSquaredError(rng.standard_normal((4, 9)), rng.standard_normal((3, 9)))
DIAGONAL = flow.SquaredDistance(np.diag([2.0, 1.0, 0.5]), 0.5)
EVENTS = [flow.Crossing(flow.singular_value(1), 0.5, 1, terminal=False), flow.Crossing("norm", 3.4, 1)]
STIFF = flow.Network((3, 3, 3, 3, 3))


def arguments(kind: str) -> dict[str, Any]:
    """Several groups, or both methods within a group, or descent; records, events and the monitor throughout."""
    common: dict[str, Any] = {"record_at": np.linspace(0, 3, 7), "record": ["loss", "A"], "events": EVENTS}
    if kind == "groups":
        start = flow.gaussian(NETWORK, 12, 0.2, seed=3)
        return common | {"network": NETWORK, "cost": MSE, "theta0": start, "T": 3.0, "record_at_events": True}
    if kind == "descent":
        start, how = flow.gaussian(NETWORK, 12, 0.2, seed=3), {"method": "descent", "learning_rate": 0.01}
        return common | {"network": NETWORK, "cost": MSE, "theta0": start, "T": 3.0, "ridge": 0.01} | how
    start, times = flow.gaussian(STIFF, 3, 0.05, seed=4), np.linspace(0, 2000, 5)
    late = {"network": STIFF, "cost": DIAGONAL, "theta0": start, "T": 2000.0, "record_at": times, "rtol": 1e-6}
    return common | late | {"method": "auto", "events": EVENTS[:1], "reductions": "none"}


def assert_same(one: flow.Trajectories, other: flow.Trajectories) -> None:
    a, b = one.solution, other.solution
    for name in ("t", "y", "steps", "rejected", "rhs_calls", "monitored"):
        np.testing.assert_array_equal(getattr(a, name), getattr(b, name))
    for mine, theirs in ((a.records, b.records), (a.at_events, b.at_events)):
        assert mine.keys() == theirs.keys()
        for key in mine:
            np.testing.assert_array_equal(mine[key], theirs[key])
    assert a.stop == b.stop
    assert [(h.event, h.sample, h.t, h.y.tobytes()) for h in a.happenings] == [
        (h.event, h.sample, h.t, h.y.tobytes()) for h in b.happenings
    ]
    np.testing.assert_array_equal(one.A, other.A)


class Stopper:
    """Progress that interrupts at the n-th look: by an exception, or by a signal, as Ctrl-C does."""

    def __init__(self, n: int, by_signal: bool) -> None:
        self.left, self.by_signal, self.looks = n, by_signal, 0

    def __call__(self, progress: flow.Progress) -> None:
        self.left, self.looks = self.left - 1, self.looks + 1
        if self.left == 0 and self.by_signal:
            os.kill(os.getpid(), signal.SIGINT)
        elif self.left == 0:
            raise KeyboardInterrupt


@pytest.mark.parametrize("kind", ["groups", "descent", "stiff"])
def test_a_run_that_was_stopped_goes_on_to_the_same_bits(kind: str, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("theorycheck.flow.runs.GROUP_BYTES", GROUP_BYTES // 75)
    given, count = arguments(kind), Stopper(10**9, False)
    whole = flow.run(**given, progress=flow.Watch(count, every=0))
    assert whole.solution.happenings
    attempts, path, draw = count.looks, tmp_path / "state.npz", np.random.default_rng(0)
    for trial in range(4):
        path.unlink(missing_ok=True)
        for n in draw.integers(1, attempts // 3, size=2):
            with pytest.raises(KeyboardInterrupt):
                flow.run(**given, progress=flow.Watch(Stopper(int(n), trial % 2 == 0), every=0), checkpoint=path)
        assert_same(flow.run(**given, checkpoint=path), whole)
    again = Stopper(10**9, False)
    assert_same(flow.run(**given, checkpoint=path, progress=flow.Watch(again, every=0)), whole)  # finished: at once
    assert again.looks == 1
    assert np.load(path)["group"] == {"groups": 3, "descent": 1, "stiff": 1}[kind]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


@pytest.mark.parametrize("method", ["auto", "rodas5p", "dop853"])
def test_interrupted_in_the_middle_of_an_attempt(method: Any, tmp_path: Path) -> None:
    """The right-hand side itself stops: what the attempt has done so far is forgotten."""
    calls, limit = [0], [10**9]

    def gradient(A: Any) -> Any:
        calls[0] += 1
        if calls[0] == limit[0]:
            raise KeyboardInterrupt
        return DIAGONAL.gradient(A)

    cost = flow.UserCost(DIAGONAL.value, gradient, DIAGONAL.hessian_action)
    given = arguments("stiff") | {"cost": cost, "method": method, "T": 60.0, "record_at": [10.0, 50.0]}
    whole, path = flow.run(**given), tmp_path / "state.npz"
    total = calls[0]
    for part in (0.2, 0.55, 0.9):
        path.unlink(missing_ok=True)
        calls[0], limit[0] = 0, int(part * total)
        with pytest.raises(KeyboardInterrupt):
            flow.run(**given, checkpoint=path)
        limit[0] = -1
        assert_same(flow.run(**given, checkpoint=path), whole)


def test_interrupted_at_every_call_of_the_right_hand_side(tmp_path: Path) -> None:
    """Also in the first calls of a group, of which there are three here."""
    calls, limit, path = [0], [-1], tmp_path / "state.npz"

    def rhs(t: Any, y: Any, out: Any) -> None:
        calls[0] += 1
        if calls[0] == limit[0]:
            raise KeyboardInterrupt
        np.multiply(y, -y, out=out)

    event = flow.Event(lambda samples, t, y: y[:, 0], 0.6, terminal=False)
    given: dict[str, Any] = {"rtol": 1e-5, "record_at": [0.0, 0.5], "events": [event], "group_bytes": 1}
    y0 = np.array([[1.0, 0.5], [0.9, 0.3], [0.7, 2.0]])
    whole = flow.integrate(rhs, y0, 1.0, **given)
    total = calls[0]
    assert total > 100
    for n in range(1, total + 1, 3):
        path.unlink(missing_ok=True)
        calls[0], limit[0] = 0, n
        with pytest.raises(KeyboardInterrupt):
            flow.integrate(rhs, y0, 1.0, checkpoint=path, **given)
        limit[0] = -1
        resumed = flow.integrate(rhs, y0, 1.0, checkpoint=path, **given)
        for name in ("t", "y", "steps", "rhs_calls", "recorded"):
            np.testing.assert_array_equal(getattr(resumed, name), getattr(whole, name))
        assert [h.t for h in resumed.happenings] == [h.t for h in whole.happenings]


def test_killed_in_between_and_elsewhere(tmp_path: Path) -> None:
    """No chance to write anything at the end: the last checkpoint and the files of the records are what remains."""
    script = textwrap.dedent(f"""
        import os, signal, numpy as np
        from tests.flow.test_flow_checkpoints import arguments, Stopper
        from theorycheck import flow
        looks = [0]
        def kill(progress):
            looks[0] += 1
            if looks[0] == 17:
                os.kill(os.getpid(), signal.SIGKILL)
        flow.run(**arguments("groups"), record_to={str(tmp_path / "records")!r}, progress=flow.Watch(kill, every=0),
                 checkpoint=flow.Checkpoint({str(tmp_path / "state.npz")!r}, every=7))
    """)
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", script], cwd=root, env=os.environ | {"PYTHONPATH": str(root)}, check=False)
    assert done.returncode == -signal.SIGKILL
    assert np.isfinite(np.load(tmp_path / "records" / "loss.npy")[:, 0]).all()
    given = arguments("groups")
    here = flow.run(**given, record_to=tmp_path / "records", checkpoint=tmp_path / "state.npz")
    assert_same(here, flow.run(**given))
    assert isinstance(here.solution.records["A"], np.memmap)


def test_other_libraries_go_on_too(tmp_path: Path) -> None:
    xp = pytest.importorskip("array_api_strict")
    given = arguments("groups")
    given["theta0"] = [xp.asarray(W) for W in given["theta0"].layers]
    whole, path = flow.run(**given), tmp_path / "state.npz"
    with pytest.raises(KeyboardInterrupt):
        flow.run(**given, checkpoint=path, progress=flow.Watch(Stopper(25, False), every=0))
    resumed = flow.run(**given, checkpoint=path)
    np.testing.assert_array_equal(resumed.solution.y, whole.solution.y)
    np.testing.assert_array_equal(resumed.solution.records["loss"], whole.solution.records["loss"])


OTHERS: list[tuple[dict[str, Any], str]] = [
    ({"rtol": 1e-9}, r"another rtol \(rtol: 1e-08 there, 1e-09 here\)"),
    ({"T": 4.0, "record_at": np.linspace(0, 3, 7)}, r"another T \(T: 3.0 there, 4.0 here\)"),
    ({"ridge": 0.5}, "another ridge"),
    ({"record_at": [1.0]}, "another record_at, record"),
    ({"record": "loss"}, "another record "),
    ({"events": EVENTS[:1]}, "another record, events"),
    ({"cost": flow.MeanSquaredError(MSE.X, MSE.Y + 1e-9)}, "another cost "),
    ({"theta0": flow.gaussian(NETWORK, 12, 0.2, seed=4)}, "another start, theta0"),
    ({"method": "dop853"}, "another method"),
    ({"max_steps": 7}, "another max_steps"),
    ({"network": flow.Network((4, 12, 3)), "theta0": flow.gaussian(flow.Network((4, 12, 3)), 12, 0.2, 3)}, "another start,"),
]


def test_a_checkpoint_of_another_problem_is_refused_and_kept(tmp_path: Path) -> None:
    path, given = tmp_path / "state.npz", arguments("groups")
    flow.run(**given, checkpoint=path)
    before = path.read_bytes()
    for change, message in OTHERS:
        with pytest.raises(InputError, match=message) as caught:
            flow.run(**(given | change), checkpoint=path)
        assert "\n" not in str(caught.value)
        assert path.read_bytes() == before
    assert os.listdir(tmp_path) == ["state.npz"]
    for bad in (b"nothing", b"", before[:1000]):
        path.write_bytes(bad)
        with pytest.raises(InputError, match="is no checkpoint of a run; name another file"):
            flow.run(**given, checkpoint=path)
        assert path.read_bytes() == bad
    with pytest.raises(InputError, match=r"checkpoint: .*nowhere.*: No such file or directory; make room there or name"):
        flow.run(**given, checkpoint=tmp_path / "nowhere" / "state.npz")
    with pytest.raises(InputError, match="checkpoint: every: 0 is not a whole number >= 1"):
        flow.Checkpoint(path, every=0)


@pytest.mark.parametrize("limit", ["records at the start", "checkpoint later"])
def test_a_full_disk_is_one_clear_error_and_nothing_is_lost(limit: str, tmp_path: Path) -> None:
    """RLIMIT_FSIZE: no file of this process grows beyond it."""
    script = textwrap.dedent(f"""
        import resource
        from tests.flow.test_flow_checkpoints import arguments, Stopper
        from theorycheck import flow
        from theorycheck.errors import InputError
        given, path = arguments("groups"), {str(tmp_path / "state.npz")!r}
        def full(bytes):
            resource.setrlimit(resource.RLIMIT_FSIZE, (bytes, bytes))
        if {limit!r} == "checkpoint later":
            class Fill(Stopper):
                def __call__(self, progress):
                    self.left -= 1
                    if self.left == 0:
                        full(5000)
            more = {{"progress": flow.Watch(Fill(17, False), every=0), "checkpoint": flow.Checkpoint(path, every=10)}}
        else:
            full(5000)
            more = {{"record_to": {str(tmp_path / "records")!r}}}
        try:
            flow.run(**given, **more)
        except InputError as error:
            print(error)
    """)
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=root, env=os.environ | {"PYTHONPATH": str(root)}, check=True, capture_output=True
    )
    said = done.stdout.decode().strip()
    assert "\n" not in said
    assert "File too large; make room there" in said
    if limit == "checkpoint later":
        assert said.startswith("checkpoint: ")
        assert os.listdir(tmp_path) == ["state.npz"]
        assert_same(flow.run(**arguments("groups"), checkpoint=tmp_path / "state.npz"), flow.run(**arguments("groups")))
    else:
        assert said.startswith("record_to: ")


def test_a_disk_that_fills_while_recording(tmp_path: Path, monkeypatch: Any) -> None:
    given, path, real, left = arguments("groups"), tmp_path / "state.npz", recording.NpyFile._put, [60]
    whole = flow.run(**given)

    def full(*args: Any) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise OSError(28, "No space left on device")
        real(*args)

    monkeypatch.setattr(recording.NpyFile, "_put", full)
    with pytest.raises(InputError, match=r"record_to: .*: No space left on device; make room there"):
        flow.run(**given, record_to=tmp_path / "records", checkpoint=path)
    monkeypatch.setattr(recording.NpyFile, "_put", real)
    seen = np.load(tmp_path / "records" / "loss.npy")
    written = np.isfinite(seen)
    assert 0 < written.sum() < np.isfinite(whole.solution.records["loss"]).sum()
    np.testing.assert_array_equal(seen[written], whole.solution.records["loss"][written])
    assert_same(flow.run(**given, record_to=tmp_path / "records", checkpoint=path), whole)
