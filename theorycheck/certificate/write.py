"""Certificates as they are written: the claim, what it rests on, and its proof as data, in the form that the checker reads.

A certificate is one record of canonical JSON (sorted keys, no spaces, a newline at the end): `claim`, `verdict`, `nodes` (the
table of all its trees, each once, children first), `tree` (the claim's relation, by its place in that table), `parameters`,
`domain`, `facts` (cited theorems and claims used) and `proof`. The schema is `schema/certificate-1.json`. It holds nothing
else than what is checked.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from theorycheck.certificate.interval import CONFIDENCE, interval
from theorycheck.domain import Domain
from theorycheck.exact.call import Call, NoData, Tagged
from theorycheck.exact.cited import CITED
from theorycheck.fact import Fact
from theorycheck.lock import FLAGS, declarations
from theorycheck.statement import Claim
from theorycheck.tree import Node
from theorycheck.verdict import ClaimReport, Outcome, Step, Verdict

VERSION = 1


@dataclass
class Table:
    """The trees of a certificate; `place` enters one, after its children, and says where it stands."""

    rows: list[Any] = field(default_factory=list)
    places: dict[Node, int] = field(default_factory=dict)

    def place(self, tree: Node) -> int:
        if tree not in self.places:
            args = [self.place(a) if isinstance(a, Node) else str(a) for a in tree.args]
            shape = None if tree.shape is None else self.all(tree.shape)
            self.places[tree] = len(self.rows)
            self.rows.append([tree.head, args, shape])
        return self.places[tree]

    def all(self, trees: Iterable[Node]) -> list[int]:
        return [self.place(t) for t in trees]


def certificate(report: ClaimReport, claim: Claim, claims: Callable[[str], Claim], level: str, seed: int) -> bytes:
    """The certificate of a claim that was checked at a level with a seed; `claims` finds those that its derivation uses.

    Raises NoData, with the reason, where there is nothing to certify: an undecided claim, a witness or a rule that no data
    describes.
    """
    table = Table()
    record = {
        "certificate": VERSION,
        "claim": report.id,
        "verdict": report.verdict.value,
        "tree": table.place(claim.tree()),
        "parameters": {name: table.place(value) for name, value in claim.parameters.items()},
        "domain": _domain(claim.domain, table),
    }
    steps, proof = _proof(report, table, level, seed)
    facts = {name: _fact(name, claims, table) for name in sorted(_facts_of(steps))}
    return canonical({**record, "facts": facts, "proof": proof, "nodes": table.rows})


def canonical(record: Mapping[str, Any]) -> bytes:
    text = json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return (text + "\n").encode("ascii")


# --- domain and facts -------------------------------------------------------------------------------------------------------
def _domain(domain: Domain, table: Table) -> dict[str, Any]:
    return {
        "name": domain.name,
        "conventions": list(domain.conventions),
        "variables": [{"name": v.name, **{f: bool(getattr(v, f)) for f in FLAGS}} for v in domain.variables],
        "hypotheses": [_hypothesis(h, table) for h in domain.hypotheses],
    }


def _hypothesis(h: Fact, table: Table) -> dict[str, Any]:
    return {
        "name": h.name,
        "shows": table.place(h.shows),
        "given": table.all(h.given),
        "variables": list(h.variables),
        "needs": [_hypothesis(n, table) for n in h.needs],
    }


def _fact(name: str, claims: Callable[[str], Claim], table: Table) -> dict[str, Any]:
    """A cited fact with what its domain declares of its variables, or a claim with its domain."""
    if name not in CITED:
        used = claims(name)
        return {"kind": "claim", "tree": table.place(used.tree()), "domain": _domain(used.domain, table)}
    fact = CITED[name].fact
    return {
        "kind": "cited",
        "shows": table.place(fact.shows),
        "given": table.all(fact.given),
        "variables": list(fact.variables),
        "needs": [_hypothesis(n, table) for n in fact.needs],
        **declarations(CITED[name]),
    }


def _facts_of(steps: Iterable[Step]) -> set[str]:
    """The names of cited facts and of claims that the lines refer to."""
    return {name for s in steps if s.call for name in _facts_in(s.call)}


def _facts_in(x: Any) -> set[str]:
    match x:
        case Call(rule="fact_rules.uses" | "tail_rules.implied"):
            return {str(x.args["claim"])}
        case Tagged(tag="fact"):
            return {str(x.content)}
        case Call():
            return _facts_in(x.args)
        case Tagged():
            return _facts_in(x.content)
        case Mapping():
            return {name for v in x.values() for name in _facts_in(v)}
        case tuple():
            return {name for v in x for name in _facts_in(v)}
    return set()


# --- proofs -----------------------------------------------------------------------------------------------------------------
def _proof(report: ClaimReport, table: Table, level: str, seed: int) -> tuple[tuple[Step, ...], dict[str, Any]]:
    """The lines that are used, and the proof as data: a derivation where there is one, else a witness, a cut box, or counts."""
    wanted = {Verdict.PROVED: Outcome.PROVES, Verdict.REFUTED: Outcome.REFUTES}.get(report.verdict)
    found = next((e for e in report.evidence if e.steps and e.outcome is wanted), None)
    if found:
        steps = found.steps
        return steps, {"kind": "derivation", "lines": [_line(s, table) for s in steps]}
    if report.verdict is Verdict.REFUTED:
        return (), _witness(report, table)
    if report.verdict is Verdict.CERTIFIED:
        return (), _cover(report)
    if report.verdict is Verdict.SUPPORTED:
        return (), _sample(report, level, seed)
    raise NoData(f"{report.verdict.value}, which has no certificate")


def _line(step: Step, table: Table) -> dict[str, Any]:
    if step.call is None or not isinstance(step.shows, Node):
        raise NoData(f"line {step.label}, {step.rule}: its rule has an argument that no data describes")
    return {"shows": table.place(step.shows), "rule": step.call.rule, "args": _argument(step.call.args, table)}


def _witness(report: ClaimReport, table: Table) -> dict[str, Any]:
    if report.witness is None or report.witness.data is None:
        raise NoData("a value of its witness is a function that no data describes")
    return {"kind": "witness", "values": {name: _value(v, table) for name, v in report.witness.data.items()}}


def _cover(report: ClaimReport) -> dict[str, Any]:
    """The box, and how it was cut into pieces."""
    cover = next((e.cover for e in report.evidence if e.cover), None)
    if cover is None:
        raise NoData("certified by a leg of its own")
    ends, inside = ({name: list(side) for name, side in box.items()} for box in (cover.ranges, cover.inside))
    return {"kind": "boxes", "ranges": ends, "inside": inside, "bits": cover.bits, "splits": list(cover.splits)}


def _sample(report: ClaimReport, level: str, seed: int) -> dict[str, Any]:
    """Seed, counts, and the interval for the chance that a draw holds."""
    counts = next((e.counts for e in report.evidence if e.counts), None)
    if counts is None:
        raise NoData("supported by evidence that was not counted")
    tries, holds = counts
    ends = [str(x) for x in interval(tries, holds)]
    sample = {"tries": tries, "holds": holds, "confidence": str(CONFIDENCE), "interval": ends}
    return {"kind": "sample", "seed": seed, "level": level, **sample}


def _argument(x: Any, table: Table) -> Any:
    """An argument as JSON: trees, lines, facts and rules become [tag, reference]."""
    match x:
        case Node():
            return ["tree", table.place(x)]
        case Call():
            return {"rule": x.rule, "args": _argument(x.args, table)}
        case Tagged(tag="generic"):
            return ["generic", {**x.content, "given": table.all(x.content["given"]), "variables": list(x.content["variables"])}]
        case Tagged(tag="instance"):
            return ["instance", {name: _value(v, table) for name, v in x.content.items()}]
        case Tagged():
            return [x.tag, _argument(x.content, table)]
        case Mapping():
            return {str(k): _argument(v, table) for k, v in x.items()}
        case tuple():
            return [_argument(v, table) for v in x]
    return x


def _value(x: Any, table: Table) -> Any:
    """A value of an instance as JSON (see `exact.call.value_as_data`)."""
    match x:
        case Tagged():
            return [x.tag, _value(x.content, table)]
        case Mapping():
            return {str(k): _value(v, table) for k, v in x.items()}
        case tuple():
            return [_value(v, table) for v in x]
    return x
