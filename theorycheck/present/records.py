"""Reports and statements as JSON, schema version 1 (schema/report-1.json), and back as far as `--against` needs it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from theorycheck.errors import InputError
from theorycheck.present.judge import Earlier
from theorycheck.statement import Claim, Statement
from theorycheck.tree import Node
from theorycheck.verdict import ClaimReport, Evidence, Report, StatementReport, Verdict
from theorycheck.versions import versions

SCHEMA = 1


def schema() -> dict[str, Any]:
    """The JSON Schema of `check --json` and `list --json`."""
    text = files("theorycheck").joinpath(f"schema/report-{SCHEMA}.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def dumps(record: dict[str, Any]) -> str:
    return json.dumps(record, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


# --- a run ----------------------------------------------------------------------------------------------------------
def report_record(report: Report) -> dict[str, Any]:
    """A report as the contract's JSON."""
    return {
        "schema": SCHEMA,
        "seed": report.seed,
        "level": report.level,
        "versions": dict(report.versions),
        "statements": [_statement(s, [claim_record(c) for c in s.claims]) for s in report.statements],
    }


def _statement(s: Statement | StatementReport, claims: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": s.id,
        "aliases": list(s.aliases),
        "title": s.title,
        "section": s.section,
        "depends_on": list(s.depends_on),
        "claims": claims,
    }


def claim_record(c: ClaimReport) -> dict[str, Any]:
    """One claim of a report as the contract's C."""
    return {
        "id": c.id,
        "main": c.main,
        "where": c.where,
        "line": c.line,
        "place": c.place,
        "printed": c.printed,
        "parameters": dict(c.parameters),
        "verdict": c.verdict.value,
        "expected": value(c.expected),
        "coverage": c.coverage,
        "reason": c.reason,
        "evidence": [_evidence(e) for e in c.evidence],
        "witness": witness_record(c),
        "margin": c.margin,
        "best": c.best,
        "cited": list(c.cited),
        "assumes": list(c.assumes),
        "erratum": {"kind": c.erratum.kind, "reading": c.erratum.reading} if c.erratum else None,
        "corrected": {"latex": c.corrected.latex, "verdict": c.corrected.verdict.value} if c.corrected else None,
        "seconds": round(c.seconds, 4),
    }


def _evidence(e: Evidence) -> dict[str, Any]:
    return {"kind": e.kind, "summary": e.summary, "seconds": round(e.seconds, 4)}


def witness_record(c: ClaimReport) -> dict[str, Any] | None:
    """The witness of a claim: values to plug in, what fails, whether the comparison was exact."""
    w = c.witness
    return {"values": dict(w.values), "violation": w.violation, "exact": w.exact} if w else None


# --- a list ---------------------------------------------------------------------------------------------------------
def list_record(statements: Sequence[Statement]) -> dict[str, Any]:
    """The statements as JSON, without what only a run knows."""
    return {
        "schema": SCHEMA,
        "versions": versions(),
        "statements": [_statement(s, [listed_claim(c) for c in s.claims]) for s in statements],
    }


def listed_claim(c: Claim) -> dict[str, Any]:
    """One claim as the contract's C, as far as it is known before a run."""
    return {
        "id": c.id,
        "main": c.main,
        "where": c.where,
        "line": c.line,
        "place": c.place,
        "printed": printed(c),
        "parameters": {name: in_text(value) for name, value in c.parameters.items()},
        "expected": value(c.expects),
        "erratum": {"kind": c.erratum.kind, "reading": c.erratum.reading} if c.erratum else None,
    }


def printed(c: Claim) -> str:
    """The claim's LaTeX: as the module gives it, else made from the tree."""
    from theorycheck.tree.latex import latex

    return c.printed or latex(c.tree())


def value(verdict: Verdict | None) -> str | None:
    """The word for a verdict, None for none."""
    return None if verdict is None else verdict.value


def in_text(shown: object) -> str:
    """A tree as plain text; anything else as it prints."""
    from theorycheck.tree.text import text

    return text(shown) if isinstance(shown, Node) else str(shown)


# --- back -----------------------------------------------------------------------------------------------------------
def read_earlier(path: Path) -> dict[str, Earlier]:
    """The verdicts in a file that `check --json` wrote; anything else raises InputError."""
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except OSError as problem:
        raise _not_a_report(path, f"cannot read it: {problem.strerror}") from None
    except (ValueError, RecursionError) as problem:
        raise _not_a_report(path, f"not JSON: {problem}") from None
    if not isinstance(record, dict) or record.get("schema") != SCHEMA:
        raise _not_a_report(path, f"not a report of schema {SCHEMA}")
    try:
        found = [_earlier(s["id"], c, record["level"]) for s in record["statements"] for c in s["claims"]]
    except KeyError as missing:
        raise _not_a_report(path, f"not a whole report, {missing} is missing") from None
    except (TypeError, AttributeError, ValueError) as problem:
        raise _not_a_report(path, f"not a whole report ({problem})") from None
    return {e.id: e for e in found}


def _not_a_report(path: Path, reason: str) -> InputError:
    return InputError(f"--against {path}: {reason}; name a file that check --json wrote")


def _earlier(statement: str, c: dict[str, Any], level: str) -> Earlier:
    for name in (statement, c["id"], level):
        if not isinstance(name, str):
            raise TypeError(f"{ascii(name)[:40]} is no name")
    expected = Verdict(c["expected"]) if c["expected"] else None
    return Earlier(c["id"], statement, Verdict(c["verdict"]), expected, level)
