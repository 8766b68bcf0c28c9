"""`axioms`: everything the verdicts of some claims rest on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from theorycheck.domain import Domain
from theorycheck.present.text import named_fact
from theorycheck.statement import Statement
from theorycheck.verdict import ClaimReport, Report


def rests_on(statements: Sequence[Statement], report: Report) -> str:
    """The hypotheses and conventions, cited facts, assumptions, claims used and libraries, as text."""
    found = [c for s in report.statements for c in s.claims]
    ids = {c.id for c in found}
    claims = [c for s in statements for c in s.claims if c.id in ids]
    parts = [
        ("Claims", [f"{c.id}: {c.verdict.value}" for c in found]),
        ("Conventions", _unique(text for c in claims for text in c.domain.conventions)),
        ("Hypotheses", _unique(line for c in claims for line in _hypotheses(c.domain))),
        ("Cited facts", _unique(name for c in found for name in c.cited)),
        ("Assumptions", _unique(name for c in found for name in c.assumes)),
        ("Statements used", _used(found)),
        ("Libraries trusted", [f"{name} {version}" for name, version in report.versions.items()]),
    ]
    return "\n\n".join(f"{head}\n" + "\n".join(f"  {line}" for line in lines or ["none"]) for head, lines in parts) + "\n"


def _hypotheses(domain: Domain) -> list[str]:
    return [f"domain: {domain.name}", *(f"  {named_fact(h)}" for h in domain.hypotheses)]


def _used(found: Sequence[ClaimReport]) -> list[str]:
    """The claims and statements that derivations use, with the verdicts they have here."""
    verdicts = {c.id: c.verdict.value for c in found}
    return [f"{name}: {verdicts[name]}" if name in verdicts else name for name in used(found)]


def used(found: Iterable[ClaimReport]) -> list[str]:
    """The ids that some claims use, each once."""
    return _unique(name for c in found for name in c.uses)


def _unique(lines: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(lines))
