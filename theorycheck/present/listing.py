"""`list`: the statements with their claims and parameters, as text."""

from __future__ import annotations

from collections.abc import Sequence

from theorycheck.present.records import in_text
from theorycheck.statement import Claim, Statement


def listing(statements: Sequence[Statement]) -> str:
    """One line per statement, one below it per claim."""
    lines = [line for s in statements for line in (_statement(s), *(_claim(s, c) for c in s.claims))]
    claims = sum(len(s.claims) for s in statements)
    return "\n".join([*lines, f"{len(statements)} statements, {claims} claims"])


def _statement(s: Statement) -> str:
    also = f" (= {', '.join(s.aliases)})" if s.aliases else ""
    return f"{s.id}{also}  section {s.section}  {s.title}"


def _claim(s: Statement, c: Claim) -> str:
    notes = ["main"] * c.main + [f"corrects {c.corrects}"] * bool(c.corrects) + [f"reads {c.reads}"] * bool(c.reads)
    parameters = [f"{name} = {in_text(value)}" for name, value in c.parameters.items()]
    tail = "; ".join(filter(None, [", ".join(notes), ", ".join(parameters)]))
    return f"  {c.id.removeprefix(s.id)}  line {c.line}  {c.title}" + (f"  [{tail}]" if tail else "")
