"""The benchmark at tiny sizes, without peers: it runs, its rows are complete, its readings and references are right."""

import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks import command, reference, works
from benchmarks.collocation import FineFlow, flow_to
from benchmarks.measure import Row, seconds_at
from benchmarks.scipy_field import Field
from theorycheck import flow
from theorycheck.flow import exact_solutions


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reference, "CACHE", tmp_path / "cache")


def test_json_has_rows_with_all_fields(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "out.json"
    assert command.main(["--only", "P1", "P2", "P3", "--peers", "--quick", "--json", str(path)]) == 0
    rows = json.loads(path.read_text())["rows"]
    assert {"P1", "P2", "P3"} == {r["work"] for r in rows}
    assert any(r["method"].startswith("theorycheck ") for r in rows)
    for row in rows:
        assert {"work", "method", "seconds", "error", "right_hand_sides", "steps", "compile_seconds"} <= set(row)
        assert 0 < row["seconds"]["min"] <= row["seconds"]["median"] <= row["seconds"]["max"]
        assert row["error"] is None or 0 <= row["error"] < 1e-2
    assert "| P2 | bare products |" in capsys.readouterr().out


@pytest.mark.parametrize(("flag", "known"), [("--only", "P1"), ("--peers", "scipy")])
def test_unknown_names_are_one_line_and_exit_2(flag: str, known: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main([flag, known, "nonsense"]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "'nonsense'" in error
    assert known in error


def test_a_peer_that_is_not_installed_is_skipped_with_a_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(command.PEERS, "scipy", "no_such_module")
    assert command._peer_methods(["scipy"]) == []
    assert "scipy skipped: not installed" in capsys.readouterr().err


@pytest.mark.parametrize("make", [works.p1, works.p2, works.p3, lambda quick: works.p4(quick, 8, 0.3)])
def test_peers_get_the_gradient_and_jacobian_of_the_engine(make: works.Maker) -> None:
    work = make(True)
    field, rng = Field(work.network.shapes, work.form), np.random.default_rng(0)
    y = 0.5 * rng.standard_normal((1, work.network.size))
    layers, e = work.network.split(y), 1e-6
    loss = work.cost.value
    v = rng.standard_normal(y.shape)
    ahead, behind = (loss(flow.product(work.network.split(y + s * v))) for s in (e, -e))
    assert field(0.0, y[0]) @ v[0] == pytest.approx(-float((ahead - behind)[0]) / (2 * e), rel=1e-6, abs=1e-8)
    turned = (field(0.0, y[0] + e * v[0]) - field(0.0, y[0] - e * v[0])) / (2 * e)
    np.testing.assert_allclose(field.jacobian(y[0]) @ v[0], turned, rtol=1e-6, atol=1e-7)
    np.testing.assert_allclose(field.product(y[0]), flow.product(layers)[0], rtol=1e-13)


def test_the_stiff_reference_follows_the_exact_escape() -> None:
    """L = 4, width 1, alpha = 1e-3: the time to half of the limit is known in closed form, 1e5 at a width of order 1."""
    alpha, height = 1e-3, 0.5
    run = FineFlow([(1, 1)] * 4, works.Form(np.float64(2.0), np.array([[2.0]]), True))
    one = np.ones(1)
    t, A, steps = flow_to(run, np.full(4, alpha), 1e7, 1e-11, (one, one, height))
    exact = exact_solutions.mode_time(alpha, height**0.25, 4, 2.0, 1.0, 1.0)
    assert t == pytest.approx(exact, rel=1e-9)
    ends = flow_to(run, np.full(4, alpha), t, 1e-9, None)[1]
    np.testing.assert_allclose(ends, A, rtol=1e-11)
    assert steps < 1000


def test_a_balanced_network_has_the_flow_of_its_core() -> None:
    work = works.p4(True, 8, 0.3)
    shapes, states = reference.balanced_core(work)
    assert shapes == [(4, 4)] * 4
    assert work.twin is not None
    np.testing.assert_allclose(flow.product(work.twin.start.layers), flow.product(work.start.layers), atol=1e-15)
    full = flow.run(work.network, work.cost, work.start, 5.0, rtol=1e-11, atol=1e-13, method="dop853")
    core = flow.Network((4, 4, 4, 4, 4))
    small = flow.run(core, work.cost, core.split(states), 5.0, rtol=1e-11, atol=1e-13, method="dop853")
    twin = flow.run(core, work.cost, work.twin.start, 5.0, rtol=1e-11, atol=1e-13, method="dop853")
    np.testing.assert_allclose(small.A, full.A, atol=1e-9)
    np.testing.assert_allclose(twin.A, full.A, atol=1e-9)


def _row(error: float, seconds: float) -> Row:
    times = dict.fromkeys(("min", "median", "max"), seconds)
    return Row("P1", "x", times, error, 1.0, 1.0, 0.0, 1e-6, 1, 1, 1)


def test_seconds_at_an_error_are_read_off_the_front() -> None:
    curve = [_row(1e-4, 1.0), _row(1e-8, 4.0), _row(1e-5, 9.0)]
    assert seconds_at(curve, 1e-6) == pytest.approx(2.0)
    assert seconds_at(curve, 1e-9) is None
    assert seconds_at(curve, 1e-3) == 1.0
    assert seconds_at([_row(float("nan"), 1.0), _row(1e-7, 2.0)], 1e-6) == 2.0
