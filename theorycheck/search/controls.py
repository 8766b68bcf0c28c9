"""Controls of a claim: its named constants moved by 10%, both ways, through the same check."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from theorycheck.derivation import Library
from theorycheck.run import check_claim
from theorycheck.search.fates import HOLDS, Fate, fate_of
from theorycheck.statement import Claim
from theorycheck.tree import Node, num
from theorycheck.verdict import Verdict, Witness

UP, DOWN = Fraction(11, 10), Fraction(9, 10)


@dataclass(frozen=True)
class Control:
    """One moved constant and its fate (see `fates`). `best`: of a loose constant, the strongest value that still holds and the
    weakest one known to fail, among the printed value times powers of the move."""

    claim: str
    parameter: str
    value: str
    fate: Fate
    verdict: Verdict
    witness: Witness | None
    best: str | None = None


def controls(claim: Claim, known: Library, seed: int = 0, level: str = "quick") -> Iterator[Control]:
    """Move each named numeric parameter of a claim up and down by 10% and say what becomes of it."""
    for name, value in claim.parameters.items():
        if value.head != "num":
            continue
        printed = _fraction(value)
        for factor in (UP, DOWN):
            moved = num(printed * factor if printed else factor - 1)
            yield _control(claim, known, name, moved, seed, level)


def _control(claim: Claim, known: Library, name: str, moved: Node, seed: int, level: str) -> Control:
    overrides = {name: moved}
    report = check_claim(claim, level, overrides, seed, known)
    fate = fate_of(claim, claim.tree(overrides), report.verdict, seed)
    best = _best(claim, known, name, moved, seed, level) if fate is Fate.LOOSE else None
    return Control(claim.id, name, str(moved.args[0]), fate, report.verdict, report.witness, best)


def _best(claim: Claim, known: Library, name: str, moved: Node, seed: int, level: str) -> str:
    """How far a loose constant can be moved the same way: squared moves, until the claim is no longer proved."""
    printed, step = _fraction(claim.parameters[name]), _fraction(moved)
    held, ratio = step, (step / printed if printed else Fraction(2))
    for _ in range(5):
        ratio = ratio * ratio
        value = printed * ratio if printed else step * ratio
        verdict = check_claim(claim, level, {name: num(value)}, seed, known).verdict
        if verdict not in HOLDS:
            return f"holds at {float(held):.4g}; {verdict.value} at {float(value):.4g}"
        held = value
    return f"holds at {float(held):.4g}, as far as was tried"


def _fraction(x: Node) -> Fraction:
    return Fraction(x.args[0])  # type: ignore[arg-type]
