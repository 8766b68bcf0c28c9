"""A small paper with made-up claims, and a driver that says of each claim what the test wants."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from theorycheck import collect, session
from theorycheck.domain import Domain, real
from theorycheck.statement import Claim, Statement
from theorycheck.tree import Ge, Le, sym
from theorycheck.tree.latex import latex
from theorycheck.tree.text import text
from theorycheck.verdict import (
    ClaimReport,
    Correction,
    Erratum,
    Evidence,
    Outcome,
    Report,
    StatementReport,
    Step,
    Verdict,
    Witness,
)

X, BETA = sym("x"), sym("beta")
LEMMA = """\
from theorycheck.domain import Domain, real
from theorycheck.statement import Statement
from theorycheck.tree import Le, sym

x = sym("x")
statement = Statement("my-lemma", title="Mine", section="1", domain=Domain("reals", (real("x"),)))


@statement.claim("square", line=1, main=True, expects="proved", power=2)
def square(power):
    yield Le(0, x**power)
"""


def small_paper() -> tuple[Statement, ...]:
    """Two statements: one with a printed error, its reading and its correction, one that is right."""
    reals = Domain("reals", (real("x"), real("beta", above=0, line=3)))
    growth = Statement("growth", "Growth <&> bound", "2.1", reals, aliases=("prop-9",))

    def body(rate):  # type: ignore[no-untyped-def]
        yield Le(X, rate * BETA)

    wrong = Erratum("constant", "literally", "the constant is 2", falls=("cor-1",), stands=("thm-2",))
    growth.claim("rate", line=12, main=True, expects="refuted", erratum=wrong, rate=3)(body)
    growth.claim("charitable", line=12, expects="refuted", reads="rate", rate=4)(body)
    growth.claim("mended", line=12, expects="proved", corrects="rate", rate=2)(body)
    square = Statement("square", "Squares", "2.0", reals, depends_on=("growth",))

    def squares(power):  # type: ignore[no-untyped-def]
        yield Ge(X**power, 0)

    square.claim("sign", line=5, main=True, expects="proved", printed=r"\|x\|^2 | y \ge 0", power=2)(squares)
    return square, growth


Fake = Callable[..., Report]


class World:
    """The verdicts that the driver gives by claim id (else what is expected), and how it was called."""

    def __init__(self) -> None:
        self.verdicts: dict[str, str] = {}
        self.uses: dict[str, tuple[str, ...]] = {}
        self.calls: list[dict[str, object]] = []
        self.interrupt_after: int | None = None

    def run(self, statements, *, level, overrides, seed, jobs, only, progress, library):  # type: ignore[no-untyped-def]
        self.calls.append({"level": level, "overrides": overrides, "seed": seed, "jobs": jobs, "library": library})
        finished, made = 0, []
        for s in statements:
            claims = []
            for c in filter(only, s.claims):
                if finished == self.interrupt_after:
                    raise KeyboardInterrupt
                claims.append(self.report(s, c, overrides or {}))
                finished += 1
                if progress:
                    progress(claims[-1])
            made.append(StatementReport(s.id, s.aliases, s.title, s.section, s.depends_on, tuple(claims)))
        return Report(seed, level, {"python-flint": "0"}, tuple(made))

    def verdict(self, c: Claim) -> Verdict:
        return Verdict(self.verdicts.get(c.id, "supported" if c.expects is None else c.expects.value))

    def report(self, s: Statement, c: Claim, overrides) -> ClaimReport:  # type: ignore[no-untyped-def]
        verdict = self.verdict(c)
        mended = next((m for m in s.claims if m.corrects == c.id), None)
        refuted = verdict is Verdict.REFUTED
        witness = Witness({"x": "7/2", "beta": "1"}, "7/2 <= 3 is false", True) if refuted else None
        step = Step(c.tree(), "identity", ("1",), "goal", "both sides")
        proof = Evidence("derivation", Outcome.PROVES, "1 step", 0.1, steps=(step,), cited=("Groenwall",))
        values = c.values({k: v for k, v in overrides.items() if k in c.parameters})
        return ClaimReport(
            id=c.id, main=c.main, where=c.where, line=c.line, place=c.place, printed=c.printed or latex(c.tree()),
            text=text(c.tree()), parameters={k: text(v) for k, v in values.items()}, verdict=verdict, expected=c.expects,
            coverage="every x", reason="because \x07 <b>" if verdict is Verdict.UNDECIDED else None, evidence=(proof,),
            witness=witness, margin="0", best=None, cited=("Groenwall",), assumes=("smooth",), uses=self.uses.get(c.id, ()),
            erratum=c.erratum if refuted else None,
            corrected=Correction(latex(mended.tree()), self.verdict(mended), mended.id) if mended else None, seconds=0.25,
        )  # fmt: skip


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    made, statements = World(), small_paper()
    monkeypatch.setattr(session, "run", made.run)
    monkeypatch.setattr(collect, "paper", lambda: statements)
    monkeypatch.setattr(collect, "collections", lambda: {"paper": "proofs"})
    return made


@pytest.fixture
def lemma(tmp_path: Path) -> Path:
    path = tmp_path / "my_lemma.py"
    path.write_text(LEMMA)
    return path
