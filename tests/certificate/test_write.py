"""Certificates as `check --certificates` writes them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from theorycheck import cli
from theorycheck.certificate.checker.driver import read_certificate, recheck


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("certificates")
    assert cli.main(["check", "cor-12", "--certificates", str(path), "--jobs", "1"]) == 0
    return path


def test_each_claim_has_its_certificate_and_so_have_those_it_rests_on(folder):
    names = {p.stem for p in folder.iterdir()}
    assert {"cor-12.value", "cor-12.gradient", "cor-12.nearest", "cor-12.nearest-printed"} <= names
    assert {"prop-11.rate", "prop-11.slope"} <= names
    assert all(p.suffix == ".json" for p in folder.iterdir())


def test_the_checker_reads_each_and_refuses_none(folder):
    for file in folder.iterdir():
        assert read_certificate(file.read_bytes()).claim == file.stem
    assert "rejected" not in {r.outcome for r in recheck(folder, {"statements": []})}


def test_no_tree_stands_in_a_certificate_twice_or_for_nothing(folder):
    for file in folder.iterdir():
        rows = json.loads(file.read_text())["nodes"]
        assert len({json.dumps(row) for row in rows}) == len(rows)


def test_printed_constants_only(tmp_path, capsys):
    assert cli.main(["check", "prop-11.rate", "--set", "rate=3", "--certificates", str(tmp_path / "c")]) == 2
    assert "--set" in capsys.readouterr().err
    assert not (tmp_path / "c").exists()


def test_a_folder_that_cannot_be(tmp_path, capsys):
    (tmp_path / "file").write_text("")
    assert cli.main(["check", "prop-11.rate", "--certificates", str(tmp_path / "file")]) == 2
    assert "--certificates" in capsys.readouterr().err
