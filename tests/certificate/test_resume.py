"""Runs that are killed leave whole files, and the next run goes on where they stopped."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from theorycheck import cli
from theorycheck.certificate.checker.driver import certificates
from theorycheck.certificate.checker.reading import read_certificate

TARGETS = ["mse-pl"]


def start(folder: Path, report: Path) -> subprocess.Popen[str]:
    call = ["check", *TARGETS, "--jobs", "1", "--certificates", str(folder), "--json", str(report)]
    path = os.pathsep.join([str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")])
    return subprocess.Popen(
        [sys.executable, "-m", "theorycheck", *call], env={**os.environ, "PYTHONPATH": path},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def stopped(folder: Path, report: Path, by: signal.Signals) -> subprocess.Popen[str]:
    """A run that was stopped when some certificates were there, and others were not."""
    run = start(folder, report)
    while len(list(folder.glob("*.json"))) < 3 and run.poll() is None:
        time.sleep(0.02)
    run.send_signal(by)
    run.communicate()
    return run


def records(folder: Path) -> dict[str, dict]:
    return {name: read_certificate(file.read_bytes()).record for name, file in certificates(folder).items()}


def test_killed_and_gone_on(tmp_path, capsys):
    folder, report = tmp_path / "certificates", tmp_path / "r.json"
    report.write_text("old")
    run = stopped(folder, report, signal.SIGKILL)
    assert run.returncode == -signal.SIGKILL
    before = records(folder)  # each is whole, or this raises
    kept = {name for name, record in before.items() if record["verdict"] in {"proved", "refuted"}}
    assert report.read_text() == "old"
    assert {p.name for p in tmp_path.iterdir()} == {"certificates", "r.json"}
    stamps = {name: os.stat(certificates(folder)[name]).st_mtime_ns for name in kept}
    (folder / ".mse-pl.x.json.k1ll3d").write_text('{"half')

    assert cli.main(["check", *TARGETS, "--jobs", "1", "--certificates", str(folder), "--json", str(report)]) == 0
    assert f"{len(kept)} claims not run again, as their certificates hold" in capsys.readouterr().out
    assert not list(folder.glob(".*"))
    assert {name: os.stat(certificates(folder)[name]).st_mtime_ns for name in kept} == stamps
    claims = {c["id"]: c for s in json.loads(report.read_text())["statements"] for c in s["claims"]}
    for name, claim in claims.items():
        (summary, *others) = [e["summary"] for e in claim["evidence"]]
        assert ("from its certificate" in summary) == (name in kept)
        assert not (name in kept and others)


def test_interrupted(tmp_path):
    folder, report = tmp_path / "certificates", tmp_path / "r.json"
    run = stopped(folder, report, signal.SIGINT)
    assert run.returncode == 130
    finished = {c["id"] for s in json.loads(report.read_text())["statements"] for c in s["claims"]}
    assert finished <= set(records(folder))
    assert not list(folder.glob(".*"))


@pytest.fixture
def folder(tmp_path):
    assert cli.main(["check", "balancedness.exchange", "--jobs", "1", "--certificates", str(tmp_path / "c")]) == 0
    return tmp_path / "c"


def again(folder, capsys, *more):
    capsys.readouterr()
    assert cli.main(["check", "balancedness.exchange", "--jobs", "1", "--certificates", str(folder), *more]) == 0
    return capsys.readouterr().out


def test_what_is_run_again(folder, capsys):
    assert "0 certificates written" in again(folder, capsys)
    assert "0 certificates written" in again(folder, capsys, "--seed", "5", "--level", "full")
    file = folder / "balancedness.exchange.json"
    text = file.read_bytes()
    assert "1 certificates written" in again(folder, capsys, "--fresh")
    assert file.read_bytes() == text
    file.write_bytes(text.replace(b'"algebra_rules.identity"', b'"algebra_rules.sign"'))
    assert "1 certificates written" in again(folder, capsys)
    assert file.read_bytes() == text


def test_a_claim_that_changed_is_run_again(folder, capsys, monkeypatch):
    from theorycheck.certificate import resume

    def other(statements):
        lock = real(statements)
        for s in lock["statements"]:
            for c in s["claims"]:
                c["hash"] = "0" * 32
        return lock

    real = resume.record
    monkeypatch.setattr(resume, "record", other)
    assert "1 certificates written" in again(folder, capsys)


def test_options_that_do_not_go_together(tmp_path, capsys):
    assert cli.main(["check", "balancedness", "--fresh"]) == 2
    assert "--certificates" in capsys.readouterr().err


def test_the_same_bytes_for_a_seed(tmp_path):
    assert cli.main(["check", "balancedness.exchange", "mse-pl.shapes", "--certificates", str(tmp_path / "d")]) == 0
    assert (
        cli.main(["check", "balancedness.exchange", "mse-pl.shapes", "--jobs", "2", "--certificates", str(tmp_path / "e")]) == 0
    )
    for file in (tmp_path / "d").iterdir():
        assert (tmp_path / "e" / file.name).read_bytes() == file.read_bytes()
