"""Controls of a claim: its printed constants moved by 10%, both ways, through the same check.

Which way makes the claim stronger is computed, not declared: at the instances of the domain the margin (right minus left) of
the moved claim is compared with that of the printed one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from theorycheck.derivation import Library
from theorycheck.domain import Env
from theorycheck.evaluate import Undefined, judge
from theorycheck.instances import equality_cases, pointwise
from theorycheck.run import check_claim
from theorycheck.statement import Claim
from theorycheck.tree import Node, num
from theorycheck.verdict import Verdict, Witness

UP, DOWN = Fraction(11, 10), Fraction(9, 10)


@dataclass(frozen=True)
class Control:
    """One moved constant. `fate`: killed (a witness), weaker (implied: margin nowhere smaller), loose (the stronger claim is
    itself proved or certified), survived (neither). `best`: of a loose constant, the strongest value that still holds and the
    weakest one known to fail, among the printed value times powers of the move."""

    claim: str
    parameter: str
    value: str
    fate: str
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
    fate = "killed" if report.verdict is Verdict.REFUTED else _fate(claim, claim.tree(overrides), report.verdict, seed)
    best = _best(claim, known, name, moved, seed, level) if fate == "loose" else None
    return Control(claim.id, name, str(moved.args[0]), fate, report.verdict, report.witness, best)


def _best(claim: Claim, known: Library, name: str, moved: Node, seed: int, level: str) -> str:
    """How far a loose constant can be moved the same way: squared moves, until the claim is no longer proved."""
    printed, step = _fraction(claim.parameters[name]), _fraction(moved)
    held, ratio = step, (step / printed if printed else Fraction(2))
    for _ in range(5):
        ratio = ratio * ratio
        value = printed * ratio if printed else step * ratio
        verdict = check_claim(claim, level, {name: num(value)}, seed, known).verdict
        if verdict not in {Verdict.PROVED, Verdict.CERTIFIED}:
            return f"holds at {float(held):.4g}; {verdict.value} at {float(value):.4g}"
        held = value
    return f"holds at {float(held):.4g}, as far as was tried"


def _fraction(x: Node) -> Fraction:
    return Fraction(x.args[0])  # type: ignore[arg-type]


def _fate(claim: Claim, moved: Node, verdict: Verdict, seed: int) -> str:
    held = verdict in {Verdict.PROVED, Verdict.CERTIFIED}
    if not pointwise(moved) or moved.head == "eq":
        return "loose" if held else "survived"
    stronger = any(_smaller_margin(claim.tree(), moved, env) for env in equality_cases(claim, f"{seed}:{claim.id}", 24))
    if not stronger:
        return "weaker"
    return "loose" if held else "survived"


def _smaller_margin(printed: Node, moved: Node, env: Env) -> bool:
    try:
        before, after = judge(printed, env).margin, judge(moved, env).margin
    except Undefined:
        return False
    return before is not None and after is not None and after < before
