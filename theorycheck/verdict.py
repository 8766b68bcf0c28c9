"""What we know of a claim: evidence, witness, verdict, and how evidence combines.

Every leg of a check (a derivation, exact instances, ball arithmetic, a flow, a sample) returns `Evidence` with one `Outcome`.
The verdict is read off this table; the first row that fits decides:

| evidence at hand                                                    | verdict        |
|---------------------------------------------------------------------|----------------|
| some leg raised                                                     | error          |
| a leg PROVES or CERTIFIES, and a leg REFUTES                        | error          |
| some leg says INAPPLICABLE                                          | inapplicable   |
| a leg REFUTES (an exact witness, or a derived negation)             | refuted        |
| the derivation PROVES on the whole domain                           | proved         |
| a leg CERTIFIES (exact or balls, on a set with interior)            | certified      |
| a leg CONTRADICTS and none SUPPORTS                                 | contradicted   |
| a leg CONTRADICTS and another SUPPORTS                              | undecided      |
| a leg SUPPORTS                                                      | supported      |
| nothing else                                                        | undecided      |

A statistical or floating-point leg that CONTRADICTS a proof is an error as well: one of the two is wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from theorycheck.exact.call import Call


class Verdict(Enum):
    """One word per claim (CONTRACT.md, "Verdicts")."""

    PROVED = "proved"
    CERTIFIED = "certified"
    SUPPORTED = "supported"
    UNDECIDED = "undecided"
    CONTRADICTED = "contradicted"
    REFUTED = "refuted"
    INAPPLICABLE = "inapplicable"
    ERROR = "error"

    def __bool__(self) -> bool:
        raise TypeError("a verdict is not a truth value; compare it with Verdict.PROVED and the like")


class Outcome(Enum):
    """What one leg of a check found."""

    PROVES = "proves"
    CERTIFIES = "certifies"
    SUPPORTS = "supports"
    NOTHING = "nothing"
    CONTRADICTS = "contradicts"
    REFUTES = "refutes"
    INAPPLICABLE = "inapplicable"
    RAISED = "raised"

    def __bool__(self) -> bool:
        raise TypeError("an outcome is not a truth value; compare it with Outcome.PROVES and the like")


@dataclass(frozen=True)
class Witness:
    """An admissible instance that violates a claim: values to plug in by hand, and what both sides come to.

    `values` maps each symbol to its value as text (rationals as p/q), `violation` says what fails, `exact` whether the
    comparison was made in rationals (else in balls). `data`: the values of all that the domain speaks of, for the certificate
    (see `exact.call.value_as_data`); None where one of them cannot be written down.
    """

    values: dict[str, str]
    violation: str
    exact: bool
    data: dict[str, Any] | None = None


@dataclass(frozen=True)
class Cover:
    """A box on which a claim was certified piece by piece, in balls of `bits` bits.

    `ranges`: (value,) of an integer, (low, high) of a real variable, as texts; `inside`: intervals of the real variables on
    which all hypotheses hold; `splits`: depth first, the variable that a piece was halved along, or "" where it was done.
    """

    ranges: dict[str, tuple[str, ...]]
    inside: dict[str, tuple[str, ...]]
    bits: int
    splits: tuple[str, ...]


@dataclass(frozen=True)
class Evidence:
    """What one leg found. `kind` is derivation, exact, ball, flow, sample or kernel."""

    kind: str
    outcome: Outcome
    summary: str
    seconds: float = 0.0
    witness: Witness | None = None
    margin: str | None = None
    coverage: str | None = None
    reason: str | None = None
    best: str | None = None
    steps: tuple[Step, ...] = ()
    cited: tuple[str, ...] = ()
    assumes: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    cover: Cover | None = None
    counts: tuple[int, int] | None = None  # independent draws, and how many of them were decided and hold


@dataclass(frozen=True)
class Step:
    """One checked line of a derivation: what is shown, by which rule, from which earlier lines; `call` for its certificate."""

    shows: object
    rule: str
    premises: tuple[str, ...]
    label: str
    detail: str = ""
    call: Call | None = None


PROVING = {Outcome.PROVES, Outcome.CERTIFIES}


def combine(evidence: Sequence[Evidence]) -> Verdict:
    """The verdict that the table of this module gives."""
    found = {e.outcome for e in evidence}
    against = {Outcome.REFUTES, Outcome.CONTRADICTS}
    if Outcome.RAISED in found or (found & PROVING and found & against):
        return Verdict.ERROR
    if Outcome.INAPPLICABLE in found:
        return Verdict.INAPPLICABLE
    if Outcome.REFUTES in found:
        return Verdict.REFUTED
    if Outcome.PROVES in found:
        return Verdict.PROVED
    if Outcome.CERTIFIES in found:
        return Verdict.CERTIFIED
    if Outcome.CONTRADICTS in found:
        return Verdict.UNDECIDED if Outcome.SUPPORTS in found else Verdict.CONTRADICTED
    return Verdict.SUPPORTED if Outcome.SUPPORTS in found else Verdict.UNDECIDED


RANK = {
    Verdict.PROVED: 4,
    Verdict.CERTIFIED: 3,
    Verdict.SUPPORTED: 2,
    Verdict.UNDECIDED: 1,
    Verdict.INAPPLICABLE: 1,
    Verdict.CONTRADICTED: 1,
    Verdict.REFUTED: 4,
    Verdict.ERROR: 0,
}


@dataclass(frozen=True)
class Correction:
    """The smallest edit of a printed claim that holds, with the verdict it earned."""

    latex: str
    verdict: Verdict
    id: str


@dataclass(frozen=True)
class Erratum:
    """What is wrong with a printed claim: kind (scan, notation, constant, hypothesis, false), the reading judged, a note.

    `note` is one sentence for `errata`; `falls` and `stands` say which results of the paper are touched, `inherits` names
    the earlier claim that makes this one false.
    """

    kind: str
    reading: str
    note: str = ""
    falls: tuple[str, ...] = ()
    stands: tuple[str, ...] = ()
    inherits: str | None = None


@dataclass(frozen=True)
class ClaimReport:
    """The result of checking one claim (CONTRACT.md, "JSON": C)."""

    id: str
    main: bool
    where: str
    line: int
    place: str
    printed: str
    text: str
    parameters: dict[str, str]
    verdict: Verdict
    expected: Verdict | None
    coverage: str
    reason: str | None
    evidence: tuple[Evidence, ...]
    witness: Witness | None
    margin: str | None
    best: str | None
    cited: tuple[str, ...]
    assumes: tuple[str, ...]
    uses: tuple[str, ...]
    erratum: Erratum | None
    corrected: Correction | None
    seconds: float

    @property
    def as_expected(self) -> bool | None:
        """Whether the claim came out as its module expects; None where nothing is expected."""
        return None if self.expected is None else self.verdict is self.expected


@dataclass(frozen=True)
class StatementReport:
    """The result of checking one statement (CONTRACT.md, "JSON": S)."""

    id: str
    aliases: tuple[str, ...]
    title: str
    section: str
    depends_on: tuple[str, ...]
    claims: tuple[ClaimReport, ...]


@dataclass(frozen=True)
class Report:
    """The result of one run of the driver."""

    seed: int
    level: str
    versions: dict[str, str]
    statements: tuple[StatementReport, ...] = field(default=())
