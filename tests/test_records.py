"""Reports as JSON: every verdict and every optional field fits the shipped schema, and nothing else does."""

from __future__ import annotations

import json

import jsonschema
import pytest

from theorycheck.errors import InputError
from theorycheck.present.records import dumps, read_earlier, report_record, schema
from theorycheck.verdict import (
    ClaimReport,
    Correction,
    Erratum,
    Evidence,
    Outcome,
    Report,
    StatementReport,
    Verdict,
    Witness,
)

KINDS = ("derivation", "exact", "ball", "flow", "sample", "kernel")


def claim(verdict: Verdict, full: bool) -> ClaimReport:
    evidence = tuple(Evidence(k, Outcome.SUPPORTS, "a summary", 0.5) for k in KINDS)
    return ClaimReport(
        id=f"prop-1.{verdict.value}-{full}",
        main=full,
        where="proof" if full else "statement",
        line=7,
        place="Section 1",
        printed=r"x \le \text{ä}",
        text="x <= 1",
        parameters={"rate": "2*beta"} if full else {},
        verdict=verdict,
        expected=verdict if full else None,
        coverage="L = 2..5",
        reason="a reason" if full else None,
        evidence=evidence if full else (),
        witness=Witness({"x": "1/2"}, "1/2 <= 0 is false", True) if full else None,
        margin="1/10" if full else None,
        best="11/10" if full else None,
        cited=("Horn",) if full else (),
        assumes=("smooth",) if full else (),
        uses=("prop-2",) if full else (),
        erratum=Erratum("constant", "literally", inherits="prop-0.a") if full else None,
        corrected=Correction("x < 2", Verdict.PROVED, "prop-1.mended") if full else None,
        seconds=0.1,
    )


@pytest.fixture
def report() -> Report:
    claims = tuple(claim(v, full) for v in Verdict for full in (True, False))
    return Report(3, "full", {"python": "3.11"}, (StatementReport("prop-1", ("p1",), "T", "2", ("a",), claims),))


def test_every_verdict_fits_the_schema(report):
    jsonschema.Draft202012Validator.check_schema(schema())
    jsonschema.validate(report_record(report), schema())


def test_the_fields_are_those_of_the_contract(report):
    record = report_record(report)
    assert list(record) == ["schema", "seed", "level", "versions", "statements"]
    assert list(record["statements"][0]) == ["id", "aliases", "title", "section", "depends_on", "claims"]
    fields = (
        "id main where line place printed parameters verdict expected coverage reason evidence witness margin best cited "
        "assumes erratum corrected seconds"
    )
    assert list(record["statements"][0]["claims"][0]) == fields.split()


@pytest.mark.parametrize(
    "edit",
    [
        lambda r: r.update(schema=2),
        lambda r: r.pop("seed"),
        lambda r: r["statements"][0]["claims"][0].update(verdict="fine"),
        lambda r: r["statements"][0]["claims"][0].pop("witness"),
        lambda r: r["statements"][0]["claims"][0].update(extra=1),
        lambda r: r["statements"][0]["claims"][0]["evidence"][0].update(kind="guess"),
    ],
)
def test_anything_else_does_not(report, edit):
    record = report_record(report)
    edit(record)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(record, schema())


def test_reading_back(report, tmp_path):
    path = tmp_path / "r.json"
    path.write_text(dumps(report_record(report)), encoding="utf-8")
    found = read_earlier(path)
    assert {e.verdict for e in found.values()} == set(Verdict)
    assert all(e.level == "full" and e.statement == "prop-1" for e in found.values())
    assert "ä" in path.read_text(encoding="utf-8")


def test_no_number_that_json_lacks():
    with pytest.raises(ValueError, match="JSON"):
        dumps({"seconds": float("nan")})
    assert json.loads(dumps({"a": 1})) == {"a": 1}


@pytest.mark.parametrize("wrong", [["prop-11.rate"], {"a": 1}, None, 3])
def test_an_earlier_report_with_a_claim_that_has_no_name_is_refused(wrong, tmp_path):
    path = tmp_path / "earlier.json"
    claim = {"id": wrong, "verdict": "proved", "expected": None}
    path.write_text(json.dumps({"schema": 1, "level": "quick", "statements": [{"id": "prop-11", "claims": [claim]}]}))
    with pytest.raises(InputError, match="is no name"):
        read_earlier(path)
