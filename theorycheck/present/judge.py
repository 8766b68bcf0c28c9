"""Whether a claim came out as its module expects: one rule for the exit code, pytest and JUnit.

| verdict                          | expected            | standing                                                 |
|----------------------------------|---------------------|----------------------------------------------------------|
| error                            | anything            | error                                                    |
| refuted, contradicted, undecided | nothing             | failed                                                   |
| inapplicable                     | nothing             | skipped                                                  |
| proved, certified, supported     | nothing             | passed                                                   |
| refuted                          | refuted             | passed if the correction holds or none is due, or failed |
| inapplicable                     | inapplicable        | skipped                                                  |
| any other                        | the same            | passed                                                   |
| supported, undecided             | proved or certified | passed at quick level, failed at full level              |
| any other                        | another             | failed                                                   |

A correction holds when it is proved, certified or supported; at quick level it may be undecided. A reading, a
correction and a claim that inherits an earlier error need no correction of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from theorycheck.statement import Claim
from theorycheck.verdict import RANK, ClaimReport, Report, Verdict

HOLDS = {Verdict.PROVED, Verdict.CERTIFIED, Verdict.SUPPORTED}
FAILS = {Verdict.REFUTED, Verdict.CONTRADICTED}
SHORT = {Verdict.SUPPORTED, Verdict.UNDECIDED}
BAD = {Verdict.REFUTED, Verdict.CONTRADICTED, Verdict.UNDECIDED}


class Standing(Enum):
    """What a claim counts as: in JUnit, in pytest, for the exit code."""

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Judgement:
    """A standing, and the reason in a few words."""

    standing: Standing
    why: str

    @property
    def good(self) -> bool:
        """Whether the claim lets the exit code be 0."""
        return self.standing in (Standing.PASSED, Standing.SKIPPED)


def judge(found: ClaimReport, claim: Claim | None, level: str, whole: bool = True) -> Judgement:
    """Read the table of this module for one claim; `claim` is its source, where it is known.

    In a run that is not `whole`, interrupted, a correction that was not reached is no fault.
    """
    plain = _judge_verdict(found.verdict, found.expected, level)
    if not whole and found.corrected is None:
        return plain
    if plain.good and found.verdict is found.expected is Verdict.REFUTED and (missing := _uncorrected(found, claim, level)):
        return Judgement(Standing.FAILED, missing)
    return plain


def _judge_verdict(verdict: Verdict, expected: Verdict | None, level: str) -> Judgement:
    if verdict is Verdict.ERROR:
        return Judgement(Standing.ERROR, "the check itself failed")
    if expected is None:
        bad, skipped = verdict in BAD, verdict is Verdict.INAPPLICABLE
        standing = Standing.FAILED if bad else Standing.SKIPPED if skipped else Standing.PASSED
        return Judgement(standing, verdict.value)
    if verdict is expected:
        standing = Standing.SKIPPED if verdict is Verdict.INAPPLICABLE else Standing.PASSED
        return Judgement(standing, f"{verdict.value}, as expected")
    may_fall_short = level == "quick" and expected in (Verdict.PROVED, Verdict.CERTIFIED) and verdict in SHORT
    standing = Standing.PASSED if may_fall_short else Standing.FAILED
    return Judgement(standing, f"expected {expected.value}, came out {verdict.value}")


def _uncorrected(found: ClaimReport, claim: Claim | None, level: str) -> str | None:
    """Why an expected refutation does not count yet, or None."""
    if (claim and (claim.corrects or claim.reads)) or (found.erratum and found.erratum.inherits):
        return None
    if found.corrected is None:
        return "refuted as expected, but no corrected form stands beside it"
    verdict = found.corrected.verdict
    if verdict in HOLDS or (level == "quick" and verdict is Verdict.UNDECIDED):
        return None
    return f"refuted as expected, but its correction {found.corrected.id} came out {verdict.value}"


def judge_all(report: Report, claims: Mapping[str, Claim], whole: bool = True) -> dict[str, Judgement]:
    """The judgement of every claim of a report, by id."""
    return {c.id: judge(c, claims.get(c.id), report.level, whole) for s in report.statements for c in s.claims}


@dataclass(frozen=True)
class Earlier:
    """A claim in the JSON of an earlier run."""

    id: str
    statement: str
    verdict: Verdict
    expected: Verdict | None
    level: str


def worse(earlier: Mapping[str, Earlier], report: Report, claims: Mapping[str, Claim]) -> list[str]:
    """One line for each claim that got worse: a weaker verdict, one that left what is expected, a claim gone.

    What held and is false now is worse even where its module expects it.
    """
    judged = judge_all(report, claims)
    lines = []
    for found in (c for s in report.statements for c in s.claims):
        old = earlier.get(found.id)
        if old is None:
            continue
        weaker = RANK[found.verdict] < RANK[old.verdict]
        left = _judge_verdict(old.verdict, old.expected, old.level).good and not judged[found.id].good
        if weaker or left or (old.verdict in HOLDS and found.verdict in FAILS):
            lines.append(f"{found.id}: was {old.verdict.value}, is {found.verdict.value}")
    checked = {s.id for s in report.statements}
    lines += [
        f"{o.id}: was {o.verdict.value}, is gone" for o in earlier.values() if o.statement in checked and o.id not in claims
    ]
    return lines
