"""The value of a constant at which a claim stops being true, between the best proved and the best refuted.

The claim is checked with the constant at its printed value v and at v +- d 2^k: each value holds (proved or certified), fails
(refuted), or is open. Wherever a value that holds and one that fails are neighbours but for open ones, the two are moved
towards each other by bisection on rationals. Where the middle is open, the gap cannot be closed: the best that holds and the
best that fails are still found. Monotony is not assumed: what is said is said of the values that were tried.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from theorycheck.derivation import Library
from theorycheck.errors import InputError
from theorycheck.evaluate import Undefined, judge
from theorycheck.instances import equality_cases, pointwise
from theorycheck.search.fates import HOLDS, settle
from theorycheck.statement import Claim
from theorycheck.tree import num
from theorycheck.verdict import ClaimReport, Verdict

DOUBLINGS = 8  # of the first step, a tenth of the printed value
INSTANCES = 24  # of the margins
POINTS = 25  # of a plot


@dataclass(frozen=True)
class Trial:
    """One value with the report of its check; None where the claim cannot be written with it."""

    value: Fraction
    report: ClaimReport | None
    reason: str | None = None

    @property
    def verdict(self) -> Verdict:
        return self.report.verdict if self.report else Verdict.INAPPLICABLE

    @property
    def holds(self) -> bool | None:
        """True where proved or certified, False where refuted, None where open."""
        return True if self.verdict in HOLDS else False if self.verdict is Verdict.REFUTED else None


@dataclass(frozen=True)
class Bracket:
    """The best value that holds and the best that fails, next to each other; `open` lies between them where a gap is left."""

    holds: Trial
    fails: Trial
    open: Trial | None = None

    @property
    def width(self) -> Fraction:
        return abs(self.fails.value - self.holds.value)


@dataclass(frozen=True)
class Threshold:
    """What was found for one constant of one claim: its printed value, all values tried in order, and the brackets."""

    claim: Claim
    parameter: str
    printed: Fraction
    trials: tuple[Trial, ...]
    brackets: tuple[Bracket, ...]


Check = Callable[[Fraction], Trial]


def threshold(claim: Claim, parameter: str, known: Library, width: Fraction, seed: int = 0) -> Threshold:
    """Bracket every value of a numeric parameter where the claim turns from true to false, to the width asked for.

    Raises InputError for a parameter that the claim does not have or that is no number, and a width that is not positive.
    """
    printed = printed_value(claim, parameter)
    if width <= 0:
        raise InputError(f"--width {width}: must be positive, such as 1/100")
    tried: dict[Fraction, Trial] = {}

    def check(value: Fraction) -> Trial:
        if value not in tried:
            tried[value] = _checked(claim, parameter, value, known, seed)
        return tried[value]

    step = abs(printed) / 10 or Fraction(1, 10)
    around = [printed, *(printed + sign * step * 2**k for k in range(DOUBLINGS + 1) for sign in (1, -1))]
    decided = [t for t in sorted(map(check, around), key=lambda t: t.value) if t.holds is not None]
    brackets = tuple(_narrowed(check, a, b, width) for a, b in pairwise(decided) if a.holds is not b.holds)
    return Threshold(claim, parameter, printed, tuple(sorted(tried.values(), key=lambda t: t.value)), brackets)


def printed_value(claim: Claim, parameter: str) -> Fraction:
    """The printed value of a numeric parameter; InputError names those that the claim has."""
    numeric = {name: value.args[0] for name, value in claim.parameters.items() if value.head == "num"}
    if parameter not in numeric:
        listed = ", ".join(f"{name} = {value}" for name, value in numeric.items()) or "none"
        raise InputError(f"{parameter}: no numeric parameter of {claim.id}; it has: {listed}")
    return Fraction(numeric[parameter])  # type: ignore[arg-type]


def _checked(claim: Claim, parameter: str, value: Fraction, known: Library, seed: int) -> Trial:
    try:
        claim.tree({parameter: num(value)})
    except (InputError, TypeError, ValueError, ArithmeticError) as problem:
        return Trial(value, None, f"the claim cannot be written with it: {problem}")
    report = settle(claim, known, seed, overrides={parameter: num(value)})
    return Trial(value, report, report.reason)


def _narrowed(check: Check, a: Trial, b: Trial, width: Fraction) -> Bracket:
    """Bisect between a value that holds and one that fails; at an open value each end goes on towards it alone."""
    holds, fails = (a, b) if a.holds else (b, a)
    while abs(fails.value - holds.value) > width:
        middle = check(between(holds.value, fails.value))
        if middle.holds is None:
            return Bracket(_approached(check, holds, middle, width), _approached(check, fails, middle, width), middle)
        holds, fails = (middle, fails) if middle.holds else (holds, middle)
    return Bracket(holds, fails)


def _approached(check: Check, end: Trial, open_: Trial, width: Fraction) -> Trial:
    """The value of the end's kind that is nearest to the open ones."""
    while abs(open_.value - end.value) > width:
        middle = check(between(end.value, open_.value))
        end, open_ = (middle, open_) if middle.holds is end.holds else (end, middle)
    return end


def between(a: Fraction, b: Fraction) -> Fraction:
    """The fraction with the least denominator in the middle half of an interval."""
    low, high = min(a, b), max(a, b)
    low, high = low + (high - low) / 4, high - (high - low) / 4
    denominator = 1
    while True:
        numerator = -(-low.numerator * denominator // low.denominator)
        if Fraction(numerator, denominator) <= high:
            return Fraction(numerator, denominator)
        denominator += 1


def margins(claim: Claim, parameter: str, values: Sequence[Fraction], seed: int = 0) -> list[float | None]:
    """For each value the least margin (right minus left) of the claim at the same instances; None where none has one.

    Raises InputError for a claim that cannot be judged at an instance.
    """
    if not pointwise(claim.tree()):
        raise InputError(f"--plot: {claim.id} is a {claim.tree().head}, which has no margin at an instance; leave --plot out")
    cases = list(equality_cases(claim, f"{seed}:{claim.id}", INSTANCES))
    found: list[float | None] = []
    for value in values:
        seen = []
        for env in cases:
            try:
                seen.append(judge(claim.tree({parameter: num(value)}), env).margin)
            except (Undefined, InputError, TypeError, ValueError):
                continue  # no value there: the point is left out of the curve
        found.append(min((m for m in seen if m is not None), default=None))
    return found
