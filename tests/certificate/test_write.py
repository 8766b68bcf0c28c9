"""Certificates as `check --certificates` writes them."""

from __future__ import annotations

import json
from importlib.resources import files

import jsonschema
import pytest

from theorycheck import cli
from theorycheck.certificate.checker.reading import read_certificate


@pytest.fixture
def folder(written):
    return written.path


def test_each_claim_has_its_certificate_and_so_have_those_it_rests_on(folder):
    names = {p.stem for p in folder.iterdir()}
    assert {"cor-12.value", "cor-12.gradient", "cor-12.nearest", "balancedness.ridge"} <= names
    assert {"prop-11.rate", "prop-11.slope"} <= names
    assert all(p.suffix == ".json" for p in folder.iterdir())


def test_each_is_canonical_json_under_its_name(folder):
    for file in folder.iterdir():
        assert read_certificate(file.read_bytes()).claim == file.stem


def schema():
    return json.loads(files("theorycheck").joinpath("schema/certificate-1.json").read_text())


def test_the_schema(folder):
    jsonschema.Draft202012Validator.check_schema(schema())
    for file in folder.iterdir():
        jsonschema.validate(json.loads(file.read_bytes()), schema(), jsonschema.Draft202012Validator)


def test_a_witness(tmp_path):
    assert cli.main(["check", "mse-pl.shapes", "--jobs", "1", "--certificates", str(tmp_path)]) == 0
    record = json.loads((tmp_path / "mse-pl.shapes.json").read_bytes())
    jsonschema.validate(record, schema(), jsonschema.Draft202012Validator)
    assert (record["verdict"], record["proof"]["kind"]) == ("refuted", "witness")
    assert record["proof"]["values"]["X"] == ["matrix", [["0"]]]


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
