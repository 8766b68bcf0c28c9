"""How often is the tool wrong? Every claim of the corpus goes through the one driver, and is held against its truth value.

A false proof is any leg that proves or certifies a false claim, also where another leg refutes it (verdict `error`); so is a
tempting derivation of a false claim that is accepted. A false refutation is any leg that refutes a true claim. Decided is
what came out `proved` or `certified` and is true, `refuted` and is false; `error` is counted apart, all else is undecided.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from tests.corpus import temptations  # noqa: F401 (they enter themselves)
from tests.corpus.collection import CLAIMS, THEMES, truths
from tests.corpus.entering import TEMPTATIONS
from theorycheck.derivation import Library, derive
from theorycheck.run import run
from theorycheck.verdict import PROVING, ClaimReport, Evidence, Outcome, Verdict

RIGHT = {True: {Verdict.PROVED, Verdict.CERTIFIED}, False: {Verdict.REFUTED}}


@dataclass
class Score:
    """Ids of the claims that came out wrong, and of those that the tool could not decide; `claims` counts all."""

    claims: int = 0
    temptations: int = 0
    false_proofs: list[str] = field(default_factory=list)
    false_refutations: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    undecided: list[str] = field(default_factory=list)

    def add(self, name: str, holds: bool, verdict: Verdict, evidence: Sequence[Evidence]) -> None:
        """Count one report of the driver."""
        found = {e.outcome for e in evidence}
        self.claims += 1
        if not holds and found & PROVING:
            self.false_proofs.append(name)
        if holds and Outcome.REFUTES in found:
            self.false_refutations.append(name)
        if verdict is Verdict.ERROR:
            self.errors.append(name)
        elif verdict not in RIGHT[holds]:
            self.undecided.append(name)

    def __str__(self) -> str:
        lines = [f"{self.claims} claims, {self.temptations} tempting derivations of false ones"]
        for name in ("false_proofs", "false_refutations", "errors", "undecided"):
            ids = getattr(self, name)
            share = f" ({100 * len(ids) / max(1, self.claims):.1f} %)" if name == "undecided" else ""
            lines.append(f"{name.replace('_', ' ')}: {len(ids)}{share}" + "".join(f"\n  {one}" for one in ids))
        return "\n".join(lines)


@cache
def reports(seed: int = 0, chosen: frozenset[str] = frozenset(CLAIMS)) -> tuple[ClaimReport, ...]:
    """What the driver says of the claims, each run once."""
    report = run(THEMES, seed=seed, only=lambda claim: claim.id in chosen)
    return tuple(claim for s in report.statements for claim in s.claims)


def score(seed: int = 0, names: Sequence[str] = ()) -> Score:
    """The score of the claims of these themes, or of single claims (default: all)."""
    truth, found = truths(), Score()
    chosen = {name for name in CLAIMS if not names or name in names or name.split(".")[0] in names}
    for claim in reports(seed, frozenset(chosen)):
        found.add(claim.id, truth[claim.id].holds, claim.verdict, claim.evidence)
    for name in sorted(chosen & set(TEMPTATIONS)):
        for k, accepted in enumerate(tempted(name)):
            found.temptations += 1
            if accepted:
                found.false_proofs.append(f"{name} (tempting derivation {k + 1})")
    return found


def tempted(name: str) -> list[bool]:
    """Whether each tempting derivation of a claim is accepted; it must be one of the claim's own tree."""
    claim = CLAIMS[name]
    outcomes = []
    for body in TEMPTATIONS[name]:
        other = replace(claim, body=body)
        if other.tree() != claim.tree():
            raise ValueError(f"a tempting derivation of {name} is about another claim")
        outcomes.append(derive(other, {}, Library(THEMES), claim.tree()).outcome is Outcome.PROVES)
    return outcomes
