"""pytest items for claims: `pytest proofs`, `pytest my_lemma.py`. Imports only pytest and the stdlib at its top."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from theorycheck.declares import declares_statement

if TYPE_CHECKING:
    from theorycheck.present.judge import Judgement
    from theorycheck.statement import Statement
    from theorycheck.verdict import ClaimReport


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("theorycheck")
    group.addoption("--theory-level", choices=["quick", "full"], help="how far the checks of claims go (default: quick)")
    group.addoption("--theory-seed", type=int, help="seed of the checks of claims (default: 0)")
    parser.addini("theory_level", "how far the checks of claims go: quick or full", default="quick")
    parser.addini("theory_seed", "seed of the checks of claims", default="0")


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> Generator[None, list[Any], list[Any]]:
    """Add our collector for files of statements; pytest's own keeps those that match `python_files`."""
    found = yield
    if file_path.suffix != ".py" or not declares_statement(file_path):
        return found
    ours = StatementFile.from_parent(parent, path=file_path)
    is_test = any(file_path.match(p) for p in parent.config.getini("python_files"))
    return [ours, *found] if is_test else [ours, *(c for c in found if not isinstance(c, pytest.Module))]


class StatementFile(pytest.File):
    """A Python file that declares statements; one item per claim."""

    def collect(self) -> Iterable[ClaimItem]:
        from theorycheck.collect import load_file, whole
        from theorycheck.errors import InputError

        try:
            statements = load_file(self.path)
            for s in statements:
                whole(s)
        except InputError as problem:
            raise self.CollectError(str(problem)) from None
        for s in statements:
            for claim in s.claims:
                name = f"{s.id}::{claim.id.removeprefix(s.id + '.')}"
                yield ClaimItem.from_parent(self, name=name, statement=s, claim=claim.id)


class Disappointed(Exception):
    """A claim that did not come out as its module expects."""

    def __init__(self, report: ClaimReport, judgement: Judgement) -> None:
        super().__init__(judgement.why)
        self.report, self.judgement = report, judgement


class ClaimItem(pytest.Item):
    """One claim of a statement, checked by the driver."""

    def __init__(self, *, statement: Statement, claim: str, **rest: Any) -> None:
        super().__init__(**rest)
        self.statement, self.claim = statement, claim

    def runtest(self) -> None:
        from theorycheck.collect import Selection, companions
        from theorycheck.present.judge import Standing, judge
        from theorycheck.session import examine

        level, seed = _settings(self.config)
        selection = Selection(self.statement, companions(self.statement, self.claim))
        report = examine([selection], level=level, seed=seed)
        found = next(c for s in report.statements for c in s.claims if c.id == self.claim)
        judgement = judge(found, next(c for c in self.statement.claims if c.id == self.claim), level)
        if judgement.standing is Standing.SKIPPED:
            pytest.skip(judgement.why)
        if judgement.standing is not Standing.PASSED:
            raise Disappointed(found, judgement)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        from theorycheck.errors import InputError

        if isinstance(excinfo.value, InputError):
            return str(excinfo.value)
        if not isinstance(excinfo.value, Disappointed):
            return super().repr_failure(excinfo, style)
        from theorycheck.present.text import claim_lines

        found, judgement = excinfo.value.report, excinfo.value.judgement
        return "\n".join([f"{found.id}: {judgement.why}", *claim_lines(found, verbose=True)])

    def reportinfo(self) -> tuple[Path, int | None, str]:
        return self.path, None, self.name


def _settings(config: pytest.Config) -> tuple[str, int]:
    """Level and seed, from the command line or from the ini file; a value that is neither raises UsageError."""
    level = config.getoption("--theory-level") or config.getini("theory_level")
    if level not in ("quick", "full"):
        raise pytest.UsageError(f"theory_level = {level!r}: write quick or full")
    seed = config.getoption("--theory-seed")
    text = str(config.getini("theory_seed") if seed is None else seed)
    if not text.isdigit():
        raise pytest.UsageError(f"theory_seed = {text!r}: write a whole number that is not negative")
    return level, int(text)
