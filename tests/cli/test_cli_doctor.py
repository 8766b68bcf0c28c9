"""`theorycheck doctor`: what works is said to work, what is broken or missing is said to be, and the exit code follows."""

from __future__ import annotations

import subprocess
import sys

import pytest
from flint import arb

from theorycheck import cli, doctor, self_tests
from theorycheck.exact.form import Form


def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the proof assistant, which has tests of its own and takes a second."""
    monkeypatch.setattr(doctor, "optional", dict)


def test_all_is_well(monkeypatch, capsys):
    quick(monkeypatch)
    assert cli.main(["doctor"]) == 0
    out = capsys.readouterr().out
    assert out.count("  ok  ") == len(self_tests.LAYERS)
    assert "thread" in out
    assert out.endswith("all that is required works\n")


def test_a_normal_form_that_forgets_terms_is_found(monkeypatch, capsys):
    quick(monkeypatch)
    monkeypatch.setattr(Form, "is_zero", property(lambda _: True))
    assert cli.main(["doctor"]) == 1
    out = capsys.readouterr().out
    assert "a wrong binomial was accepted" in out
    assert "exact normal form" in out.splitlines()[-1]


def test_an_engine_with_a_wrong_rate_is_found(monkeypatch):
    from theorycheck import flow

    right = flow.SquaredDistance.gradient
    monkeypatch.setattr(flow.SquaredDistance, "gradient", lambda self, A: 1.1 * right(self, A))
    with pytest.raises(self_tests.Broken, match="the closed solution is"):
        self_tests.engine()


def test_a_search_that_finds_nothing_is_found(monkeypatch):
    monkeypatch.setattr("theorycheck.search.witness.find_witness", lambda *_: None)
    with pytest.raises(self_tests.Broken, match="no witness"):
        self_tests.search()


def test_balls_that_are_too_wide_are_found(monkeypatch):
    monkeypatch.setattr("theorycheck.enclose.spectrum.singular_values", lambda _: (arb("3 +/- 1"), arb(3), arb(0)))
    with pytest.raises(self_tests.Broken, match="singular values"):
        self_tests.balls()


@pytest.mark.parametrize("verdicts", [("supported", "refuted"), ("proved", "proved")])
def test_a_driver_with_wrong_verdicts_is_found(monkeypatch, verdicts):
    given = iter(verdicts)

    class Fake:
        def __init__(self) -> None:
            self.statements = self.claims = [self]
            self.verdict = self
            self.value = next(given)

    monkeypatch.setattr("theorycheck.run.run", lambda *_, **__: Fake())
    with pytest.raises(self_tests.Broken, match="proved and refuted"):
        self_tests.claim()


def test_a_checker_that_accepts_everything_is_found(monkeypatch):
    monkeypatch.setattr("theorycheck.certificate.checker.derivation.verify", lambda *_: "")
    with pytest.raises(self_tests.Broken, match="with another constant was accepted"):
        self_tests.checker()


def test_what_is_missing_is_named_with_its_cost(monkeypatch):
    known = doctor._version
    monkeypatch.setattr(doctor, "_version", lambda name: None if name in {"zarr", "scipy"} else known(name))
    health = doctor.examine({})
    assert {(f.name, f.good) for f in health.missing if f.name in {"zarr", "scipy"}} == {("zarr", None), ("scipy", False)}
    assert not health.well
    assert "records of a run as a Zarr group" in doctor.report(health)
    assert "pip install scipy" in doctor.report(health)


def test_importing_it_stays_light():
    heavy = "[m for m in ('numpy', 'scipy', 'sympy', 'flint') if m in sys.modules]"
    code = f"import sys, theorycheck.doctor; print({heavy})"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert found == "[]\n"
