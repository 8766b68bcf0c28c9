"""`explain`: a statement, what is printed beside the tree that is checked, and how it follows, step by step.

The content is a list of lines; three small writers turn it into text, LaTeX or a page that needs nothing else.
"""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass

from theorycheck.fact import Fact
from theorycheck.present.judge import Judgement, judge_all
from theorycheck.present.records import in_text
from theorycheck.present.text import evidence_line, named_fact, nested, role, witness_line
from theorycheck.statement import Claim, Statement
from theorycheck.tree import Node
from theorycheck.verdict import ClaimReport, Report, Step


@dataclass(frozen=True)
class Line:
    """`label: text`, or a heading (depth 0 and 1, no label). `tex` is a formula in LaTeX, `note` follows the text."""

    depth: int
    text: str
    label: str = ""
    tex: str | None = None
    note: str = ""


def explained(statement: Statement, report: Report) -> list[Line]:
    """All there is to say about one statement of a report."""
    claims = {c.id: c for c in statement.claims}
    judged = judge_all(report, claims)
    found = next(s for s in report.statements if s.id == statement.id)
    lines = list(_head(statement))
    for depth, c in nested(found.claims, claims):
        lines += _claim(c, claims[c.id], judged[c.id], role(claims[c.id]) if depth else "")
        if claims[c.id].domain is not statement.domain:
            lines += _domain(claims[c.id].domain.name, claims[c.id].domain.hypotheses)
    return lines


def _head(s: Statement) -> Iterator[Line]:
    also = f" (also {', '.join(s.aliases)})" if s.aliases else ""
    yield Line(0, f"{s.id}{also}: {s.title}")
    yield Line(2, s.section, "section")
    if s.depends_on:
        yield Line(2, ", ".join(s.depends_on), "depends on")
    yield from _domain(s.domain.name, s.domain.hypotheses)


def _domain(name: str, hypotheses: tuple[Fact, ...]) -> Iterator[Line]:
    yield Line(2, name, "domain")
    yield from (Line(3, named_fact(h)) for h in hypotheses)


def _claim(c: ClaimReport, claim: Claim, judgement: Judgement, kind: str) -> Iterator[Line]:
    yield Line(1, f"{kind}{c.id}{' (main)' if c.main else ''}: {claim.title}")
    yield Line(2, f"line {c.line}, {c.where}; {c.place}", "place")
    yield Line(2, c.printed, "printed", c.printed)
    yield Line(2, c.text, "checked")
    for name, value in c.parameters.items():
        yield Line(2, f"{name} = {value}", "parameter")
    told = judgement.why.startswith(c.verdict.value)
    yield Line(2, judgement.why if told else f"{c.verdict.value} ({judgement.why})", "verdict")
    yield from _optional(c)
    yield from _evidence(c)


def _optional(c: ClaimReport) -> Iterator[Line]:
    yield from (Line(2, t, label) for label, t in (("coverage", c.coverage), ("reason", c.reason), ("margin", c.margin)) if t)
    if c.best:
        yield Line(2, c.best, "best constant")
    if c.witness:
        yield Line(2, witness_line(c.witness), "witness")
    if c.erratum:
        yield Line(2, f"{c.erratum.kind}: {c.erratum.reading}. {c.erratum.note}".rstrip(". ") + ".", "erratum")
    if c.corrected:
        tex = c.corrected.latex
        yield Line(2, tex, "correction", tex, f"({c.corrected.id}: {c.corrected.verdict.value})")


def _evidence(c: ClaimReport) -> Iterator[Line]:
    for e in c.evidence:
        yield Line(2, f"{evidence_line(e)}, {e.seconds:.2f} s", "evidence")
        yield from (_step(number, s) for number, s in enumerate(e.steps, 1))
        for label, names in (("cites", e.cited), ("assumes", e.assumes), ("uses", e.uses)):
            yield from (Line(3, name, label) for name in names)


def _step(number: int, s: Step) -> Line:
    since = f" from {', '.join(s.premises)}" if s.premises else ""
    detail = f"; {s.detail}" if s.detail else ""
    return Line(3, in_text(s.shows), s.label or str(number), _tex(s), f"[{s.rule}{since}{detail}]")


def _tex(s: Step) -> str | None:
    if not isinstance(s.shows, Node):
        return None
    from theorycheck.tree.latex import latex

    return latex(s.shows)


# --- writers --------------------------------------------------------------------------------------------------------
def as_text(lines: list[Line]) -> str:
    out = []
    for line in lines:
        if line.depth < 2:
            out += ["", line.text, "=" * len(line.text)] if line.depth == 0 else ["", line.text]
        else:
            label, note = f"{line.label}: " if line.label else "", f"   {line.note}" if line.note else ""
            out.append("  " * (line.depth - 1) + label + line.text + note)
    return "\n".join(out).strip() + "\n"


LATEX_HEAD = r"""\documentclass{article}
\usepackage[utf8]{inputenc}
\usepackage[T1]{fontenc}
\usepackage{amsmath,amssymb}
\setlength{\parindent}{0pt}
\begin{document}
"""
SPECIAL = {c: rf"\{c}" for c in "&%$#_{}"} | {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}


def as_latex(lines: list[Line]) -> str:
    return LATEX_HEAD + "\n".join(map(_latex_line, lines)) + "\n\\end{document}\n"


def _latex_line(line: Line) -> str:
    if line.depth < 2:
        return rf"\{'sub' * line.depth}section*{{{_escaped(line.text)}}}"
    label = rf"\textbf{{{_escaped(line.label)}}} " if line.label else ""
    shown = _escaped(line.text) if line.tex is None else f"$\\displaystyle {line.tex.strip('$ ')}$"
    return rf"\hspace*{{{line.depth - 2}em}}{label}{shown} {_escaped(line.note)}\par"


def _escaped(text: str) -> str:
    return "".join(SPECIAL.get(c, c) for c in text)


PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title><style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }}
code {{ background: #f3f3f3; padding: 0 .2em; white-space: pre-wrap }}
p {{ margin: .2rem 0 }} .d3 {{ margin-left: 2rem }}
</style></head><body>
{body}
</body></html>
"""


def as_html(lines: list[Line]) -> str:
    title = lines[0].text if lines else "theorycheck"
    return PAGE.format(title=html.escape(title), body="\n".join(map(_html_line, lines)))


def _html_line(line: Line) -> str:
    text = html.escape(line.text)
    if line.depth < 2:
        return f"<h{line.depth + 1}>{text}</h{line.depth + 1}>"
    label = f"<b>{html.escape(line.label)}</b> " if line.label else ""
    formula = line.tex is not None or line.label == "checked"
    note = f" {html.escape(line.note)}" if line.note else ""
    return f'<p class="d{line.depth}">{label}{f"<code>{text}</code>" if formula else text}{note}</p>'
