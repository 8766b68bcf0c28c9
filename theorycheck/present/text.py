"""Plain words for reports: the lines below a claim, and the summary of a check."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from theorycheck.fact import Fact
from theorycheck.present.judge import Judgement
from theorycheck.present.records import in_text
from theorycheck.statement import Claim
from theorycheck.verdict import ClaimReport, Evidence, Report, Verdict, Witness


def nested(found: Sequence[ClaimReport], claims: Mapping[str, Claim]) -> list[tuple[int, ClaimReport]]:
    """Claims with their depth: corrections and readings under the claim they belong to, else in the order given."""
    present = {c.id for c in found}
    parent = {c.id: _parent(claims.get(c.id), present) for c in found}

    def below(owner: str | None, depth: int) -> Iterator[tuple[int, ClaimReport]]:
        for c in found:
            if parent[c.id] == owner:
                yield depth, c
                yield from below(c.id, depth + 1)

    ordered = list(below(None, 0))
    shown = {c.id for _, c in ordered}
    return ordered + [(0, c) for c in found if c.id not in shown]  # claims that name each other in a circle


def _parent(claim: Claim | None, present: set[str]) -> str | None:
    """The claim that this one belongs to, if it is there."""
    owner = (claim.corrects or claim.reads) if claim else None
    return owner if owner in present else None


def role(claim: Claim | None) -> str:
    """How a claim stands to the one above it."""
    if claim and claim.corrects:
        return "corrected: "
    return "reading: " if claim and claim.reads else ""


def claim_lines(c: ClaimReport, verbose: bool = False) -> list[str]:
    """What a reader wants to know of a claim that is not a plain success: reason, witness; more when verbose."""
    lines = []
    if verbose:
        lines += [f"claim: {c.text}", *([f"coverage: {c.coverage}"] if c.coverage else [])]
        lines += [f"{name} = {value}" for name, value in c.parameters.items()]
        lines += [evidence_line(e) for e in c.evidence]
    if c.reason:
        lines.append(f"reason: {c.reason}")
    if c.witness:
        lines.append(f"witness: {witness_line(c.witness)}")
    if c.erratum:
        lines.append(f"erratum ({c.erratum.kind}): {c.erratum.note or c.erratum.reading}")
    if verbose and c.best:
        lines.append(f"best constant: {c.best}")
    return lines


def fact_line(fact: Fact) -> str:
    """`for all x: if given then shows [source]`."""
    given = ", ".join(in_text(g) for g in fact.given)
    every = f"for all {', '.join(fact.variables)}: " if fact.variables else ""
    source = f" [{fact.source}]" if fact.source else ""
    return every + (f"if {given} then " if given else "") + in_text(fact.shows) + source


def named_fact(fact: Fact) -> str:
    """The same after its name, where the name says more than the formula."""
    return fact_line(fact) if fact.name == in_text(fact.shows) else f"{fact.name}: {fact_line(fact)}"


def evidence_line(e: Evidence) -> str:
    reason = f" ({e.reason})" if e.reason else ""
    return f"{e.kind} {e.outcome.value}: {e.summary}{reason}"


def witness_line(w: Witness) -> str:
    """`x = 1, y = 2: what fails`."""
    values = ", ".join(f"{name} = {value}" for name, value in w.values.items())
    return (f"{values}: " if values else "") + w.violation + ("" if w.exact else " (in ball arithmetic)")


def counted(verdicts: Iterable[Verdict]) -> str:
    """`9 proved, 2 refuted`, in the order of the table of verdicts."""
    counts = Counter(verdicts)
    return ", ".join(f"{counts[v]} {v.value}" for v in Verdict if counts[v])


def summary(report: Report, judged: Mapping[str, Judgement], seconds: float) -> str:
    """One line: how many claims, which verdicts, how many of them as their modules expect."""
    found = [c for s in report.statements for c in s.claims]
    if not found:
        return f"no claim was finished; {seconds:.1f} s"
    bad = sum(not judged[c.id].good for c in found)
    end = "all as expected" if not bad else f"{bad} not as expected"
    if all(c.expected is None for c in found):
        end = "nothing expected" if not bad else f"nothing expected, {bad} did not hold"
    return f"{len(found)} claim{'s' * (len(found) != 1)}: {counted(c.verdict for c in found)}; {end}; {seconds:.1f} s"
