"""`theorycheck check` and the reading commands: exit codes, files, formats, wrong calls."""

from __future__ import annotations

import json
import os
import stat
import xml.etree.ElementTree as ET
from pathlib import Path

import jsonschema
import pytest

from theorycheck import cli
from theorycheck.present.records import schema
from theorycheck.tree import num


def wrong(capsys: pytest.CaptureFixture[str], *args: str) -> str:
    """The one line on stderr of a call that must end with 2."""
    assert cli.main(args) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("theorycheck: ")
    assert err.count("\n") == 1
    return err


# --- exit codes ----------------------------------------------------------------------------------
def test_all_as_expected(world, capsys):
    assert cli.main(["check"]) == 0
    out, err = capsys.readouterr()
    assert "4 claims: 2 proved, 2 refuted; all as expected" in out
    assert err == ""
    assert "\x1b" not in out


def test_readings_and_corrections_stand_below_their_claim(world, capsys):
    cli.main(["check", "growth"])
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("  refuted")[0].split("  proved")[0].rstrip() for line in lines[1:4]] == [
        "growth.rate *",
        "  reading: growth.charitable",
        "  corrected: growth.mended",
    ]


@pytest.mark.parametrize(
    ("verdict", "level", "code"),
    [
        ("supported", "quick", 0),
        ("undecided", "quick", 0),
        ("certified", "quick", 1),
        ("contradicted", "quick", 1),
        ("refuted", "quick", 1),
        ("error", "quick", 1),
        ("inapplicable", "quick", 1),
        ("supported", "full", 1),
        ("undecided", "full", 1),
        ("proved", "full", 0),
    ],
)
def test_exit_code_of_a_claim_that_expects_proved(world, capsys, verdict, level, code):
    world.verdicts["square.sign"] = verdict
    assert cli.main(["check", "square", "--level", level]) == code


@pytest.mark.parametrize(
    ("correction", "level", "code"),
    [("undecided", "quick", 0), ("undecided", "full", 1), ("refuted", "quick", 1), ("error", "quick", 1)],
)
def test_a_printed_error_needs_a_correction_that_holds(world, capsys, correction, level, code):
    world.verdicts["growth.mended"] = correction
    assert cli.main(["check", "growth.rate", "--level", level]) == code


def test_a_printed_error_without_a_correction_is_not_as_expected(world, capsys, monkeypatch):
    growth = cli_statement("growth")
    growth.claims[:] = [c for c in growth.claims if not c.corrects]
    assert cli.main(["check", "growth"]) == 1
    assert "no corrected form" in capsys.readouterr().out


def cli_statement(name):
    from theorycheck.collect import resolve

    return resolve([name])[0].statement


@pytest.mark.parametrize(
    ("verdict", "code"),
    [("proved", 0), ("certified", 0), ("supported", 0), ("inapplicable", 0)]
    + [(bad, 1) for bad in ("refuted", "contradicted", "undecided", "error")],
)
def test_exit_code_with_set(world, capsys, verdict, code):
    world.verdicts["square.sign"] = verdict
    assert cli.main(["check", "--set", "power=3"]) == code
    assert "1 claim" in capsys.readouterr().out


def test_interrupt_keeps_what_was_finished(world, capsys, tmp_path):
    world.interrupt_after = 2
    assert cli.main(["check", "--json", str(tmp_path / "r.json")]) == 130
    out, err = capsys.readouterr()
    assert "2 claims" in out
    assert "interrupted" in err
    record = json.loads((tmp_path / "r.json").read_text())
    jsonschema.validate(record, schema())
    assert [c["id"] for s in record["statements"] for c in s["claims"]] == ["square.sign", "growth.rate"]


def test_interrupt_before_a_correction_is_no_fault(world, capsys):
    world.interrupt_after = 1
    assert cli.main(["check", "growth.rate"]) == 130
    out = capsys.readouterr().out
    assert "growth.rate" in out
    assert "not as expected" not in out


def test_interrupt_elsewhere(world, capsys):
    world.interrupt_after = 0
    assert cli.main(["errata"]) == 130
    assert capsys.readouterr().out == ""


# --- --set ---------------------------------------------------------------------------------------
def test_set_reads_a_formula_over_the_claims_symbols(world, capsys):
    from theorycheck.formula import parse
    from theorycheck.tree import sym

    assert cli.main(["check", "growth", "--set", "rate=beta/2 + 1"]) == 1
    assert world.calls[0]["overrides"] == {"rate": parse("beta/2 + 1", {"beta": sym("beta")})}


def test_set_judges_a_correction_by_itself(world, capsys):
    assert cli.main(["check", "growth.mended", "--set", "rate=2"]) == 0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("raet=3", "did you mean rate"),
        ("zzz=3", "parameters: power, rate"),
        ("rate", "NAME=VALUE"),
        ("rate=", "NAME=VALUE"),
        ("rate=__import__('os')", "rate"),
        ("rate=9**9**9**9", "rate"),
        ("rate=nan", "rate"),
        ("rate=gamma", "gamma"),
        ("rate=1/0", "rate"),
    ],
)
def test_set_of_something_wrong(world, capsys, text, words):
    assert words in wrong(capsys, "check", "--set", text)
    assert world.calls == []


def test_set_of_a_value_that_does_not_fit(world, capsys, monkeypatch):
    def picky(power):
        raise TypeError("a size is an integer")
        yield

    claims = cli_statement("square").claims
    plain = claims[0].body
    monkeypatch.setitem(claims[0].__dict__, "body", lambda power: plain(power) if power == num(2) else picky(power))
    assert "does not fit square.sign (a size is an integer)" in wrong(capsys, "check", "square", "--set", "power=1/2")


def test_set_twice(world, capsys):
    assert "twice" in wrong(capsys, "check", "--set", "rate=1", "--set", "rate=2")


# --- wrong calls ---------------------------------------------------------------------------------
def test_unknown_ids_suggest_the_nearest(world, capsys):
    assert "did you mean growth" in wrong(capsys, "check", "grwth")
    assert "growth.rate" in wrong(capsys, "check", "growth.rat")
    assert "theorycheck list" in wrong(capsys, "explain", "qqqq")


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["chekc"], "chekc"),
        (["check", "--levle", "full"], "--levle"),
        (["check", "--level", "deep"], "quick"),
        (["check", "--jobs", "0"], "jobs"),
        (["check", "--seed", "-1"], "seed"),
        (["check", "--seed", "x"], "seed"),
        (["explain"], "TARGET"),
        (["explain", "growth", "--format", "pdf"], "html"),
        (["check", "nowhere/x.py"], "no such file"),
        (["check", "--against", "nowhere.json"], "nowhere.json"),
        (["check", "other:growth"], "no collection"),
    ],
)
def test_wrong_calls(world, capsys, args, words):
    assert words in wrong(capsys, *args)


def test_a_wrong_call_names_the_help(world, capsys):
    assert "`theorycheck explain -h`" in wrong(capsys, "explain")
    assert "`theorycheck -h`" in wrong(capsys, "frobnicate")


def test_a_long_formula_is_not_repeated(world, capsys):
    assert len(wrong(capsys, "check", "growth", "--set", "rate=" + "1+" * 3000)) < 200
    assert "the name 'y' is not declared" in wrong(capsys, "check", "growth", "--set", "rate=y")


def test_help_and_version(capsys):
    assert cli.main(["-h"]) == 0
    assert cli.main([]) == 0
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("theorycheck ")


# --- files ---------------------------------------------------------------------------------------
def test_json_and_junit(world, capsys, tmp_path):
    world.verdicts |= {"square.sign": "undecided", "growth.charitable": "error"}
    files = tmp_path / "r.json", tmp_path / "r.xml"
    assert cli.main(["check", "--level", "full", "--json", str(files[0]), "--junit", str(files[1])]) == 1
    record = json.loads(files[0].read_text())
    jsonschema.validate(record, schema())
    assert [s["id"] for s in record["statements"]] == ["square", "growth"]
    root = ET.parse(files[1]).getroot()
    assert {k: root.get(k) for k in ("tests", "failures", "errors", "skipped")} == {
        "tests": "4", "failures": "1", "errors": "1", "skipped": "0",
    }  # fmt: skip
    assert "because ? <b>" in root.find("testsuite[@name='square']/testcase/failure").text
    assert stat.S_IMODE(os.stat(files[0]).st_mode) & 0o044  # readable as an ordinary file is
    assert sorted(p.name for p in tmp_path.iterdir()) == ["r.json", "r.xml"]


def test_junit_skips_what_is_inapplicable(world, capsys, tmp_path):
    world.verdicts["square.sign"] = "inapplicable"
    cli.main(["check", "--set", "power=3", "--junit", str(tmp_path / "r.xml")])
    assert ET.parse(tmp_path / "r.xml").getroot().get("skipped") == "1"


def test_an_unwritable_place_is_found_before_the_work(world, capsys, tmp_path):
    assert "--json" in wrong(capsys, "check", "--json", str(tmp_path / "no" / "r.json"))
    assert "folder" in wrong(capsys, "check", "--junit", str(tmp_path))
    assert world.calls == []


def test_nothing_half_written_when_the_run_breaks(world, capsys, tmp_path, monkeypatch):
    target = tmp_path / "r.json"
    target.write_text("old")

    def broken(*args, **rest):
        raise RuntimeError

    monkeypatch.setattr("theorycheck.session.run", broken)
    with pytest.raises(RuntimeError):
        cli.main(["check", "--json", str(target)])
    assert target.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["r.json"]


# --- --against -----------------------------------------------------------------------------------
def earlier(world, tmp_path, **verdicts) -> Path:
    file = tmp_path / "old.json"
    cli.main(["check", "--json", str(file)])
    return file


def test_against_the_same(world, capsys, tmp_path):
    file = earlier(world, tmp_path)
    assert cli.main(["check", "--against", str(file)]) == 0


@pytest.mark.parametrize("verdict", ["supported", "undecided", "refuted", "error"])
def test_against_fails_when_a_verdict_got_worse(world, capsys, tmp_path, verdict):
    file = earlier(world, tmp_path)
    world.verdicts["square.sign"] = verdict
    capsys.readouterr()
    assert cli.main(["check", "--against", str(file)]) == 1
    assert f"worse: square.sign: was proved, is {verdict}" in capsys.readouterr().out


def test_against_a_proof_that_became_an_expected_refutation(world, capsys, tmp_path):
    file = earlier(world, tmp_path)
    file.write_text(file.read_text().replace('"refuted"', '"proved"'))
    capsys.readouterr()
    assert cli.main(["check", "--against", str(file)]) == 1
    assert "worse: growth.rate: was proved, is refuted" in capsys.readouterr().out


def test_against_a_report_without_ids_says_so(world, capsys, tmp_path):
    file = earlier(world, tmp_path)
    file.write_text(file.read_text().replace('"id"', '"name"'))
    capsys.readouterr()
    assert "'id' is missing" in wrong(capsys, "check", "--against", str(file))


def test_against_a_claim_that_is_gone(world, capsys, tmp_path):
    file = earlier(world, tmp_path)
    cli_statement("growth").claims.pop(1)
    capsys.readouterr()
    assert cli.main(["check", "growth", "--against", str(file)]) == 1
    assert "growth.charitable: was refuted, is gone" in capsys.readouterr().out


@pytest.mark.parametrize("text", ["", "[]", '{"schema": 2}', '{"schema": 1, "statements": [{}], "level": "quick"}', "[" * 9**5])
def test_against_something_else(world, capsys, tmp_path, text):
    (tmp_path / "old.json").write_text(text)
    assert "check --json wrote" in wrong(capsys, "check", "--against", str(tmp_path / "old.json"))


# --- what is shown -------------------------------------------------------------------------------
def test_verbose_shows_witness_reason_and_evidence(world, capsys):
    cli.main(["check", "growth", "-v"])
    out = capsys.readouterr().out
    assert "witness: x = 7/2, beta = 1: 7/2 <= 3 is false" in out
    assert "derivation proves: 1 step" in out


def test_a_claim_that_disappoints_shows_why_without_v(world, capsys):
    world.verdicts["square.sign"] = "undecided"
    cli.main(["check", "square", "--level", "full"])
    out = capsys.readouterr().out
    assert "undecided (expected proved)" in out
    assert "reason: because" in out


def test_colour_on_a_terminal_only(world, capsys, monkeypatch):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    cli.main(["check"])
    assert "\x1b[" in capsys.readouterr().out
    monkeypatch.setenv("NO_COLOR", "1")
    cli.main(["check"])
    assert "\x1b[3" not in capsys.readouterr().out


def test_list(world, capsys):
    assert cli.main(["list"]) == 0
    out = capsys.readouterr().out
    assert "growth (= prop-9)  section 2.1" in out
    assert "corrects growth.rate; rate = 2" in out
    assert cli.main(["list", "--json"]) == 0
    jsonschema.validate(json.loads(capsys.readouterr().out), schema())


def test_explain(world, capsys):
    assert cli.main(["explain", "growth"]) == 0
    out = capsys.readouterr().out
    for words in ("printed: ", "checked: ", "goal: ", "[identity from 1; both sides]", "witness: ", "erratum: constant"):
        assert words in out
    assert "line 3" in out
    assert cli.main(["explain", "growth", "--format", "latex"]) == 0
    assert "\\begin{document}" in capsys.readouterr().out
    assert cli.main(["explain", "growth", "--format", "html"]) == 0
    page = capsys.readouterr().out
    assert "Growth &lt;&amp;&gt; bound" in page
    assert "http" not in page


def test_explain_one_claim(world, capsys):
    cli.main(["explain", "growth.mended"])
    assert "growth.rate (main)" not in capsys.readouterr().out


def test_axioms(world, capsys):
    assert cli.main(["axioms", "prop-9"]) == 0
    out = capsys.readouterr().out
    for words in ("maximal interval", "line 3", "Groenwall", "smooth", "python-flint 0"):
        assert words in out


def test_axioms_follows_what_is_used(world, capsys):
    world.uses["square.sign"] = ("growth.mended",)
    assert cli.main(["axioms", "square"]) == 0
    out = capsys.readouterr().out
    assert "growth.mended: proved" in out


def test_errata(world, capsys):
    assert cli.main(["errata"]) == 0
    out = capsys.readouterr().out
    assert "growth.rate (line 12; Section 2.1, Growth <&> bound): constant" in out
    assert "falls: cor-1" in out
    assert "1 mathematical error (1 constant)" in out
    assert out.count("printed: ") == 1
    assert cli.main(["errata", "--format", "markdown"]) == 0
    rows = [line for line in capsys.readouterr().out.splitlines() if line.startswith("|")]
    assert len({line.count("|") for line in rows}) == 1
    assert cli.main(["errata", "--format", "json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["errata"][0]["corrected"]["verdict"] == "proved"
    assert record["counts"] == {"constant": 1}
