"""The one driver: statements in, a report out. Nothing else runs checks.

For each claim: the domain is shown to be non-empty; the derivation is checked line by line and must end at the claim's own
tree; the same tree is judged at exact instances; further legs of the claim are run; `verdict.combine` reads the verdict off.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from typing import Any

from theorycheck.derivation import Library, derive
from theorycheck.errors import InputError
from theorycheck.instances import judge_instances
from theorycheck.second import second_engine
from theorycheck.statement import Check, Claim, Statement
from theorycheck.tree import Node
from theorycheck.verdict import ClaimReport, Correction, Evidence, Outcome, Report, StatementReport, Verdict, combine
from theorycheck.versions import versions

INSTANCES = {"quick": 24, "full": 200}


def run(
    statements: Sequence[Statement],
    *,
    level: str = "quick",
    overrides: Mapping[str, Node] | None = None,
    seed: int = 0,
    jobs: int = 1,
    only: Callable[[Claim], bool] | None = None,
    progress: Callable[[ClaimReport], None] | None = None,
    library: Sequence[Statement] | None = None,
) -> Report:
    """Check every claim of the statements that `only` admits; `progress` is called with each finished claim's report.

    `library` holds the statements whose claims a derivation may use (default: `statements`). With `jobs` > 1 statements are
    checked in processes; the verdicts are the same. Raises InputError for an unknown level or override.
    """
    if level not in INSTANCES:
        raise InputError(f"level {level!r} is not known; use quick or full")
    known = Library(tuple(library or statements))
    tasks = [(s, tuple(c.id for c in s.claims if only is None or only(c))) for s in statements]
    if jobs > 1:
        finished = _in_processes(tasks, level, overrides, seed, jobs, known)
    else:
        finished = (_statement(s, ids, level, overrides, seed, known, progress) for s, ids in tasks)
    reports = []
    for r in finished:
        reports.append(r)
        if jobs > 1 and progress:
            for c in r.claims:
                progress(c)
    return Report(seed, level, versions(), tuple(r for r in reports if r.claims))


def _in_processes(
    tasks: list[tuple[Statement, tuple[str, ...]]],
    level: str,
    overrides: Mapping[str, Node] | None,
    seed: int,
    jobs: int,
    known: Library,
) -> Iterator[StatementReport]:
    """Statements hold functions, which do not travel; the workers are forked and find them by position."""
    import multiprocessing

    global _SHARED
    _SHARED = (tasks, level, overrides, seed, known)
    with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("fork")) as pool:
        yield from pool.map(_task, range(len(tasks)))


_SHARED: Any = None


def _task(k: int) -> StatementReport:
    tasks, level, overrides, seed, known = _SHARED
    statement, ids = tasks[k]
    return _statement(statement, ids, level, overrides, seed, known, None)


def _statement(
    s: Statement,
    ids: tuple[str, ...],
    level: str,
    overrides: Mapping[str, Node] | None,
    seed: int,
    known: Library,
    progress: Callable[[ClaimReport], None] | None,
) -> StatementReport:
    reports: list[ClaimReport] = []
    for claim in s.claims:
        if claim.id in ids:
            applicable = {k: v for k, v in (overrides or {}).items() if k in claim.parameters}
            reports.append(check_claim(claim, level, applicable, seed, known))
            if progress:
                progress(reports[-1])
    return StatementReport(s.id, s.aliases, s.title, s.section, s.depends_on, tuple(_link(r, s, reports) for r in reports))


def _link(report: ClaimReport, s: Statement, reports: Sequence[ClaimReport]) -> ClaimReport:
    """Put the correction's verdict into the report of the printed claim."""
    fixes = {c.corrects: c.id for c in s.claims if c.corrects}
    fixed = next((r for r in reports if r.id == fixes.get(report.id)), None)
    return replace(report, corrected=Correction(fixed.printed, fixed.verdict, fixed.id)) if fixed else report


def check_claim(
    claim: Claim, level: str, overrides: Mapping[str, Node], seed: int, known: Library, tree: Node | None = None
) -> ClaimReport:
    """Run every leg of one claim; `tree` replaces the claim's relation (a mutant)."""
    from theorycheck.tree.latex import latex
    from theorycheck.tree.text import text

    start = time.perf_counter()
    goal = tree if tree is not None else claim.tree(overrides)
    evidence = list(_legs(claim, goal, overrides, level, seed, known))
    verdict = combine(evidence)
    witness = next((e.witness for e in evidence if e.witness), None)
    changed = bool(overrides) or tree is not None
    return ClaimReport(
        id=claim.id,
        main=claim.main,
        where=claim.where,
        line=claim.line,
        place=claim.place,
        printed=claim.printed or latex(goal),
        text=text(goal),
        parameters={k: text(v) for k, v in claim.values(overrides).items()},
        verdict=verdict,
        expected=None if changed else claim.expects,
        coverage=_coverage(claim, verdict, evidence),
        reason=_reason(claim, verdict, evidence),
        evidence=tuple(evidence),
        witness=witness,
        margin=next((e.margin for e in evidence if e.margin), None),
        best=next((e.best for e in evidence if e.best), None),
        cited=_union(e.cited for e in evidence),
        assumes=_union(e.assumes for e in evidence),
        uses=_union(e.uses for e in evidence),
        erratum=claim.erratum,
        corrected=None,
        seconds=time.perf_counter() - start,
    )


def _reason(claim: Claim, verdict: Verdict, evidence: Sequence[Evidence]) -> str | None:
    """What the legs found missing; of a claim that falls short of a proof also what its module says of that."""
    falls_short = verdict in {Verdict.SUPPORTED, Verdict.UNDECIDED, Verdict.CONTRADICTED}
    own = [claim.short] if claim.short and falls_short else []
    return "; ".join([*own, *(e.reason for e in evidence if e.reason)]) or None


def _union(parts: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(x for part in parts for x in part))


def _coverage(claim: Claim, verdict: Verdict, evidence: Sequence[Evidence]) -> str:
    if verdict is Verdict.PROVED:
        return f"the whole domain: {claim.domain.name}"
    return "; ".join(e.coverage for e in evidence if e.coverage) or claim.domain.name


def _legs(
    claim: Claim, goal: Node, overrides: Mapping[str, Node], level: str, seed: int, known: Library
) -> Iterator[Evidence]:
    derivation = _timed("derivation", lambda: derive(claim, overrides, known, goal))
    yield derivation
    if level == "full" and derivation.steps:
        yield _timed("derivation", lambda: second_engine(derivation, claim.domain))
    yield _timed("exact", lambda: judge_instances(claim, goal, f"{seed}:{claim.id}", INSTANCES[level]))
    check = Check(claim, goal, claim.values(overrides), level, seed)
    for leg in claim.legs:
        if leg.level == "quick" or level == "full":
            yield _timed(leg.kind, lambda leg=leg: leg.run(check))  # type: ignore[misc]


def _timed(kind: str, leg: Callable[[], Evidence]) -> Evidence:
    """Run a leg; what it raises is evidence of its own (the verdict becomes `error`), never a pass."""
    start = time.perf_counter()
    try:
        found = leg()
    except InputError:
        raise
    except Exception as e:  # recorded as RAISED: the verdict is `error`
        found = Evidence(kind, Outcome.RAISED, f"{type(e).__name__}: {e}", reason=f"{kind} raised {type(e).__name__}: {e}")
    return replace(found, seconds=time.perf_counter() - start)

