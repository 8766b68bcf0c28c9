"""The one driver: statements in, a report out. Nothing else runs checks.

For each claim: the domain is shown to be non-empty; the derivation is checked line by line and must end at the claim's own
tree; the same tree is judged at exact instances; further legs of the claim are run; `verdict.combine` reads the verdict off.
"""

from __future__ import annotations

import multiprocessing
import multiprocessing.process
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from typing import Any, TypeVar

from theorycheck.boxes import certified
from theorycheck.derivation import Library, derive
from theorycheck.errors import InputError
from theorycheck.instances import judge_instances
from theorycheck.second import second_engine
from theorycheck.statement import Check, Claim, Statement
from theorycheck.tree import Node
from theorycheck.verdict import ClaimReport, Correction, Evidence, Outcome, Report, StatementReport, Verdict, combine
from theorycheck.versions import versions

T = TypeVar("T")
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

    `library` holds the statements whose claims a derivation may use (default: `statements`). With `jobs` > 1 claims are checked
    in processes; the verdicts are the same. Raises InputError for an unknown level or override.
    """
    if level not in INSTANCES:
        raise InputError(f"level {level!r} is not known; use quick or full")
    known = Library(tuple(library or statements))
    chosen = [[c for c in s.claims if only is None or only(c)] for s in statements]
    claims = [c for some in chosen for c in some]

    def one(k: int) -> ClaimReport:
        applicable = {name: v for name, v in (overrides or {}).items() if name in claims[k].parameters}
        return check_claim(claims[k], level, applicable, seed, known)

    reports: dict[int, ClaimReport] = {}
    for k, report in in_processes(one, len(claims), jobs) if jobs > 1 else ((k, one(k)) for k in range(len(claims))):
        reports[k] = report
        if progress:
            progress(report)
    ordered = iter([reports[k] for k in range(len(claims))])
    found = [(s, [next(ordered) for _ in some]) for s, some in zip(statements, chosen, strict=True)]
    return Report(seed, level, versions(), tuple(statement_report(s, some) for s, some in found if some))


def in_processes(one: Callable[[int], T], count: int, jobs: int) -> Iterator[tuple[int, T]]:
    """Number and result of each task as it is finished; whatever ends the loop early, an interrupt too, ends the workers.

    Statements hold functions, which do not travel; the workers are forked and find them by position.
    """
    global _ONE
    _ONE = one
    others = set(multiprocessing.active_children())
    fork = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(jobs, fork, initializer=_as_worker) as pool:
        numbers = {pool.submit(_task, k): k for k in range(count)}
        try:
            for done in as_completed(numbers):
                yield numbers[done], done.result()
        except BrokenProcessPool:
            raise InputError(f"--jobs {jobs}: a worker was killed, or ran out of memory; try --jobs 1") from None
        except BaseException:
            for worker in set(multiprocessing.active_children()) - others:
                worker.terminate()
            raise


_ONE: Any = None


def _as_worker() -> None:
    """A worker leaves interrupts to its parent, and ends when the parent does, however that ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if parent := multiprocessing.parent_process():
        threading.Thread(target=_end_after, args=(parent,), daemon=True).start()


def _end_after(parent: multiprocessing.process.BaseProcess) -> None:
    parent.join()
    os._exit(1)


def _task(k: int) -> Any:
    return _ONE(k)


def statement_report(s: Statement, reports: Sequence[ClaimReport]) -> StatementReport:
    """The reports of a statement's claims; each printed claim carries the verdict of its correction."""
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
    start = time.perf_counter()
    goal = tree if tree is not None else claim.tree(overrides)
    found = claim_report(claim, goal, list(_legs(claim, goal, overrides, level, seed, known)), overrides)
    expected = None if overrides or tree is not None else claim.expects
    return replace(found, expected=expected, seconds=time.perf_counter() - start)


def claim_report(claim: Claim, goal: Node, evidence: Sequence[Evidence], overrides: Mapping[str, Node]) -> ClaimReport:
    """What evidence comes to: the verdict, and what a reader wants to know of it."""
    from theorycheck.tree.latex import latex
    from theorycheck.tree.text import text

    verdict = combine(evidence)
    witness = next((e.witness for e in evidence if e.witness), None)
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
        expected=claim.expects,
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
        seconds=0.0,
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
    if verdict is Verdict.CERTIFIED:
        evidence = [e for e in evidence if e.outcome is Outcome.CERTIFIES]
    return "; ".join(e.coverage for e in evidence if e.coverage) or claim.domain.name


def _legs(claim: Claim, goal: Node, overrides: Mapping[str, Node], level: str, seed: int, known: Library) -> Iterator[Evidence]:
    derivation = _timed("derivation", lambda: derive(claim, overrides, known, goal))
    yield derivation
    if derivation.outcome in {Outcome.PROVES, Outcome.REFUTES}:
        yield _timed("derivation", lambda: second_engine(derivation, claim.domain, level, seed))
    exact = _timed("exact", lambda: judge_instances(claim, goal, f"{seed}:{claim.id}", INSTANCES[level]))
    yield exact
    if claim.box is not None and derivation.outcome is not Outcome.PROVES and exact.outcome is not Outcome.REFUTES:
        yield _timed("ball", lambda: certified(claim, goal))
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
