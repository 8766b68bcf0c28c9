"""The table of a check: claim, verdict, margin, time; in colour on a terminal, in plain aligned columns elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from theorycheck.present.judge import Judgement, Standing
from theorycheck.present.text import claim_lines, nested, role
from theorycheck.statement import Claim
from theorycheck.verdict import Report, Verdict

if TYPE_CHECKING:
    from rich.text import Text

HEADS = ("claim", "verdict", "margin", "time")
STYLE = {
    Verdict.PROVED: "green",
    Verdict.CERTIFIED: "green",
    Verdict.SUPPORTED: "cyan",
    Verdict.UNDECIDED: "yellow",
    Verdict.CONTRADICTED: "magenta",
    Verdict.REFUTED: "blue",
    Verdict.INAPPLICABLE: "dim",
    Verdict.ERROR: "bold red",
}


@dataclass(frozen=True)
class Row:
    """One line of the table, and the lines to print below it."""

    cells: tuple[str, str, str, str]
    style: str
    notes: tuple[str, ...]


def rows(report: Report, claims: Mapping[str, Claim], judged: Mapping[str, Judgement], verbose: bool) -> list[Row]:
    """The table's content. A claim that did not come out as expected always shows its reason and witness."""
    made = []
    for s in report.statements:
        for depth, c in nested(s.claims, claims):
            judgement = judged[c.id]
            name = "  " * depth + (role(claims.get(c.id)) if depth else "") + c.id + (" *" if c.main else "")
            notes = claim_lines(c, verbose) if verbose or not judgement.good else []
            style = STYLE[c.verdict] if judgement.good else "bold red"
            cells = (name, _verdict(c.verdict, c.expected, judgement), c.margin or "", f"{c.seconds:.2f} s")
            made.append(Row(cells, style, tuple("  " * (depth + 2) + n for n in notes)))
    return made


def _verdict(verdict: Verdict, expected: Verdict | None, judgement: Judgement) -> str:
    if expected is not None and verdict is not expected:
        return f"{verdict.value} (expected {expected.value})"
    if judgement.standing is Standing.FAILED and expected is not None:
        return f"{verdict.value} ({judgement.why})"
    return verdict.value


def plain(table: Sequence[Row]) -> str:
    """Aligned columns, nothing cut."""
    return "\n".join("".join(part for part, _ in line) for line in _lines(table))


def coloured(table: Sequence[Row]) -> Text:
    """The same lines for a terminal."""
    from rich.text import Text

    return Text("\n").join(Text.assemble(*line) for line in _lines(table))


def _lines(table: Sequence[Row]) -> list[list[tuple[str, str]]]:
    """The lines of the table, each as parts with a style."""
    cells = [HEADS, *(r.cells for r in table)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(HEADS))]
    lines = [[(_aligned(HEADS, widths), "bold")]]
    for row in table:
        name, verdict, margin, time = _padded(row.cells, widths)
        lines.append([(f"{name}  ", ""), (verdict, row.style), (f"  {margin}", ""), (f"  {time}", "dim")])
        lines += [[(note, "dim")] for note in row.notes]
    return lines


def _aligned(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(_padded(cells, widths))


def _padded(cells: Sequence[str], widths: Sequence[int]) -> list[str]:
    left = [c.ljust(w) for c, w in zip(cells[:-1], widths, strict=False)]
    return [*left, cells[-1].rjust(widths[-1])]
