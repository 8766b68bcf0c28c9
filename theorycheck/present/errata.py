"""`errata`: the printed claims that were refuted, with witness and corrected form, as text, Markdown or JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from theorycheck.present.records import SCHEMA, dumps, witness_record
from theorycheck.present.text import witness_line
from theorycheck.statement import Claim
from theorycheck.verdict import ClaimReport, Report, Verdict

MATHEMATICAL = ("constant", "hypothesis", "false")
UNCLASSIFIED = "unclassified"


@dataclass(frozen=True)
class Entry:
    """One refuted printed claim, and the verdicts of its charitable readings."""

    found: ClaimReport
    readings: tuple[str, ...]

    @property
    def kind(self) -> str:
        return self.found.erratum.kind if self.found.erratum else UNCLASSIFIED


def entries(report: Report, claims: Mapping[str, Claim]) -> list[Entry]:
    """Refuted claims that the paper prints: neither corrections nor readings."""
    everything = [c for s in report.statements for c in s.claims]
    return [
        Entry(c, tuple(f"{r.id}: {r.verdict.value}" for r in everything if r.id in claims and claims[r.id].reads == c.id))
        for c in everything
        if c.verdict is Verdict.REFUTED and c.id in claims and not claims[c.id].corrects and not claims[c.id].reads
    ]


def counts(found: list[Entry]) -> str:
    """`3 mathematical errors (2 constant, 1 false); 1 of notation or of the scan (1 scan)`."""
    if not found:
        return "No printed claim was refuted."
    kinds = Counter(e.kind for e in found)
    errors = {k: kinds[k] for k in MATHEMATICAL if kinds[k]}
    others = {k: n for k, n in kinds.items() if k not in MATHEMATICAL}
    line = f"{_sum(errors, 'mathematical error')}; apart from these {_sum(others, 'slip')} of other kinds"
    return line[0].upper() + line[1:] + "."


def _sum(kinds: Mapping[str, int], noun: str) -> str:
    total = sum(kinds.values())
    parts = ", ".join(f"{n} {k}" for k, n in kinds.items())
    return f"{total or 'no'} {noun}{'s' * (total != 1)}" + (f" ({parts})" if parts else "")


def as_text(found: list[Entry]) -> str:
    return "\n\n".join([*("\n".join(_paragraph(e)) for e in found), counts(found)]) + "\n"


def _paragraph(e: Entry) -> list[str]:
    c = e.found
    lines = [f"{c.id} (line {c.line}; {c.place}): {e.kind}", f"  printed: {c.printed}"]
    if c.erratum:
        lines.append(f"  judged: {c.erratum.reading}")
        lines += [f"  note: {c.erratum.note}"] if c.erratum.note else []
        lines += [f"  inherited from: {c.erratum.inherits}"] if c.erratum.inherits else []
    lines += [f"  reading {r}" for r in e.readings]
    lines += [f"  witness: {witness_line(c.witness)}"] if c.witness else []
    lines.append(f"  corrected: {c.corrected.latex} ({c.corrected.verdict.value})" if c.corrected else "  corrected: none yet")
    if c.erratum and c.erratum.falls:
        lines.append(f"  falls: {', '.join(c.erratum.falls)}")
    if c.erratum and c.erratum.stands:
        lines.append(f"  stands: {', '.join(c.erratum.stands)}")
    return lines


def as_markdown(found: list[Entry]) -> str:
    """One table for a README; the counts below it."""
    lines = [
        "| claim | line | kind | printed | witness | corrected form | its verdict |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += ["| " + " | ".join(_cells(e)) + " |" for e in found]
    return "\n".join([*lines, "", counts(found)]) + "\n"


def _cells(e: Entry) -> list[str]:
    c = e.found
    corrected = (_math(c.corrected.latex), c.corrected.verdict.value) if c.corrected else ("none yet", "")
    witness = _cell(witness_line(c.witness)) if c.witness else ""
    return [_cell(c.id), str(c.line), e.kind, _math(c.printed), witness, *corrected]


def _cell(text: str) -> str:
    """Text inside a table: one line, no bar that would end the cell."""
    return " ".join(text.split()).replace("|", "\\|")


def _math(tex: str) -> str:
    """A formula inside a table; bars are spelled out, since a Markdown table eats both | and \\|."""
    one_line = " ".join(tex.split()).strip("$ ")
    return f"${one_line.replace(chr(92) + '|', chr(92) + 'Vert ').replace('|', chr(92) + 'vert ')}$"


def as_json(found: list[Entry]) -> str:
    kinds = Counter(e.kind for e in found)
    return dumps({"schema": SCHEMA, "errata": [_record(e) for e in found], "counts": dict(kinds)})


def _record(e: Entry) -> dict[str, Any]:
    c, erratum = e.found, e.found.erratum
    return {
        "id": c.id,
        "line": c.line,
        "place": c.place,
        "printed": c.printed,
        "kind": e.kind,
        "reading": erratum.reading if erratum else None,
        "note": erratum.note if erratum else None,
        "inherits": erratum.inherits if erratum else None,
        "readings": list(e.readings),
        "witness": witness_record(c),
        "corrected": {"id": c.corrected.id, "latex": c.corrected.latex, "verdict": c.corrected.verdict.value}
        if c.corrected
        else None,
        "falls": list(erratum.falls) if erratum else [],
        "stands": list(erratum.stands) if erratum else [],
    }
