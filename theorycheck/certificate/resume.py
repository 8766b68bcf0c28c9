"""Claims that need not be run again: their certificates lie in the folder, match the statements, and were verified again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from theorycheck.certificate.checker.driver import Run, certificates
from theorycheck.certificate.checker.locked import locked
from theorycheck.certificate.checker.reading import read_certificate
from theorycheck.certificate.coq import kernel
from theorycheck.errors import InputError
from theorycheck.exact.cited import CITED
from theorycheck.lock import record
from theorycheck.run import claim_report
from theorycheck.session import library
from theorycheck.statement import Claim, Statement
from theorycheck.verdict import ClaimReport, Evidence, Outcome, Report, Witness


class Earlier:
    """The certificates of an earlier run, each verified when it is asked for; the lock is that of the statements at hand."""

    def __init__(self, folder: Path, statements: Sequence[Statement]) -> None:
        self.folder = folder
        self.run = Run(certificates(folder), locked(record(statements)), {}, [])

    def confirmed(self, claim: str) -> bool:
        return claim in self.run.files and self.run.result(claim).outcome == "confirmed"

    def reports(self, claims: Sequence[Claim], level: str, seed: int) -> Iterator[ClaimReport]:
        """The claims with a certificate that holds; a sample only where it was drawn with this seed, at this level."""
        for claim in claims:
            if claim.id not in self.run.files:
                continue
            outcome = self.run.result(claim.id).outcome
            if outcome not in {"confirmed", "counted"}:
                continue
            data = read_certificate(self.run.files[claim.id].read_bytes()).record
            proof = data["proof"]
            if outcome == "confirmed" or (proof["level"], proof["seed"]) == (level, seed):
                yield self.with_kernel(claim_report(claim, claim.tree(), [evidence(data)], {}))

    def with_kernel(self, report: ClaimReport) -> ClaimReport:
        """The report, with what a proof assistant accepted of the claim's certificate, where that still says the same claim."""
        said = kernel.evidence(self.folder, report.id)
        if said is None or self.run.result(report.id).outcome == "rejected":
            return report
        verdict = read_certificate(self.run.files[report.id].read_bytes()).record["verdict"]
        return replace(report, evidence=(*report.evidence, said)) if verdict == report.verdict.value else report


def evidence(data: dict[str, Any]) -> Evidence:
    """What a verified certificate says, as evidence; it says where it comes from, and that no other leg was run."""
    proof = data["proof"]
    if proof["kind"] == "sample":
        counts = proof["tries"], proof["holds"]
        said = f"from its certificate, whose interval was computed again: {counts[1]} of {counts[0]} draws hold"
        return Evidence("exact", Outcome.SUPPORTS, said, coverage=f"{counts[0]} draws, seed {proof['seed']}", counts=counts)
    if proof["kind"] == "witness":
        values = {name: value if isinstance(value, str) else json.dumps(value) for name, value in proof["values"].items()}
        said = "from its certificate, whose witness was checked again; nothing else was run"
        return Evidence("exact", Outcome.REFUTES, said, witness=Witness(values, "the claim fails at the witness", False))
    proved = data["verdict"] == "proved"
    cited = tuple(f"{name} ({CITED[name].fact.source})" for name, f in data["facts"].items() if f["kind"] == "cited")
    return Evidence(
        "derivation",
        Outcome.PROVES if proved else Outcome.REFUTES,
        f"from its certificate, whose {len(proof['lines'])} lines were checked again; nothing else was run",
        witness=None if proved else Witness({}, "derived: the last line of its certificate", True),
        cited=cited,
        uses=tuple(name for name, f in data["facts"].items() if f["kind"] == "claim"),
    )


def told_by_kernel(report: Report, folder: Path, statements: Sequence[Statement]) -> Report:
    """The report, with what a proof assistant accepted of the certificates in a folder; InputError where there is none."""
    if not folder.is_dir():
        raise InputError(f"--certificates {folder}: no such folder; name one that `check --certificates DIR` wrote")
    earlier = Earlier(folder, library(statements))
    found = [replace(s, claims=tuple(earlier.with_kernel(c) for c in s.claims)) for s in report.statements]
    return replace(report, statements=tuple(found))
