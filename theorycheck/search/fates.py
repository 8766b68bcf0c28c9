"""What becomes of a claim that was changed a little: killed, weaker, loose or survived.

| the changed claim                                                                           | fate     |
|---------------------------------------------------------------------------------------------|----------|
| is proved or certified, and refuted as well; or its check failed                            | error    |
| is refuted: by a witness, or a derived negation                                             | killed   |
| is an inequality whose margin is nowhere smaller, and somewhere larger, than as printed     | weaker   |
| is proved or certified                                                                      | loose    |
| none of these                                                                               | survived |

Which way makes a claim stronger is computed at instances of the domain, not declared. `loose` is earned: the derivation, run
on the changed tree, ends there. An `error` means that the library is wrong.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from theorycheck.derivation import Library, derive
from theorycheck.domain import Env
from theorycheck.evaluate import Undefined, judge
from theorycheck.evaluate.judge import judge_or_no_value
from theorycheck.instances import pointwise
from theorycheck.run import INSTANCES, check_claim
from theorycheck.search.draws import Draw, describe, samples
from theorycheck.statement import Claim
from theorycheck.tree import Node
from theorycheck.verdict import ClaimReport, Outcome, Verdict, Witness

HOLDS = {Verdict.PROVED, Verdict.CERTIFIED}
SETTLED = {*HOLDS, Verdict.REFUTED, Verdict.ERROR}


class Fate(Enum):
    """What a mutant came to; `exempt` was not tried, for a reason that the claim gives."""

    KILLED = "killed"
    WEAKER = "weaker"
    LOOSE = "loose"
    SURVIVED = "survived"
    EXEMPT = "exempt"
    ERROR = "error"


@dataclass(frozen=True)
class Mutant:
    """One change of one claim and what came of it.

    `kind`: number, exponent, sign, relation, index, hypothesis; `label` names the place, `change` what was done there;
    `reason`: why it survived, or is exempt.
    """

    claim: str
    kind: str
    label: str
    change: str
    fate: Fate
    verdict: Verdict | None = None
    witness: Witness | None = None
    reason: str | None = None
    seconds: float = 0.0


def settle(
    claim: Claim, known: Library, seed: int, tree: Node | None = None, overrides: Mapping[str, Node] | None = None
) -> ClaimReport:
    """The report of a claim with another tree or other constants; its further legs run only where the rest leaves it open."""
    found = check_claim(replace(claim, legs=[]), "quick", overrides or {}, seed, known, tree)
    return (
        found if found.verdict in SETTLED or not claim.legs else check_claim(claim, "quick", overrides or {}, seed, known, tree)
    )


def killed_at_sight(claim: Claim, moved: Node, known: Library, seed: int) -> Witness | None:
    """The first violation among the instances, as it was drawn, where the derivation does not prove the changed claim.

    What it finds the whole check would find; that also attacks, simplifies witnesses and asks further legs. A changed claim
    about what does not exist is killed whatever the derivation says, which takes every subscript to name something.
    """
    if not pointwise(moved):
        return None
    for draw in _samples(claim, seed):
        found = judge_or_no_value(moved, draw.env)
        if found.holds is False:
            proved = not found.absent and derive(claim, {}, known, moved).outcome is Outcome.PROVES
            return None if proved else Witness(describe(moved, draw.env), found.text, found.exact)
    return None


def _samples(claim: Claim, seed: int) -> Sequence[Draw]:
    """The instances of the quick check, so that what is evaluated there is known here."""
    return samples(claim, f"{seed}:{claim.id}", INSTANCES["quick"])


def fate_of(claim: Claim, moved: Node, verdict: Verdict, seed: int) -> Fate:
    """Read the table of this module: `moved` is the changed tree, `verdict` what its check found."""
    if verdict in {Verdict.REFUTED, Verdict.ERROR}:
        return Fate.KILLED if verdict is Verdict.REFUTED else Fate.ERROR
    if is_weaker(claim, moved, seed):
        return Fate.WEAKER
    return Fate.LOOSE if verdict in HOLDS else Fate.SURVIVED


def is_weaker(claim: Claim, moved: Node, seed: int) -> bool:
    """Whether the margin of a changed inequality is nowhere smaller and somewhere larger, at instances of the domain and its
    equality cases. With equal margins it says as much; where no instance has both, nothing is known."""
    changed = [(p, m) for p, m in zip(_parts(claim.tree()), _parts(moved), strict=True) if p != m]
    if not pointwise(moved) or any("eq" in {p.head, m.head} for p, m in changed):
        return False
    found = (_gained_margin(p, m, draw.env) for draw in _samples(claim, seed) for p, m in changed)
    gained = [g for g in found if g is not None]
    return min(gained, default=0) >= 0 and max(gained, default=0) > 0


def _parts(relation: Node) -> tuple[Node, ...]:
    return relation.nodes if relation.head == "and" else (relation,)


def _gained_margin(printed: Node, moved: Node, env: Env) -> float | None:
    try:
        before, after = judge(printed, env).margin, judge(moved, env).margin
    except Undefined:
        return None
    return None if before is None or after is None else after - before
