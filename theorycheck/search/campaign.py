"""All mutants of some claims: listed, a seeded share of them chosen, each settled, in processes where asked.

A claim may exempt a place: `exempt={"the number 2 in 2*x": "reason"}`, or one change there: "the number 2 in 2*x: up10". An
exemption that names no place is an InputError, so that none outlives what it was made for. That sizes are at least 1 is a
convention of all domains, and exempt where the derivation uses it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random

from theorycheck.derivation import Library
from theorycheck.errors import InputError
from theorycheck.fact import Fact
from theorycheck.run import in_processes
from theorycheck.search import dropped
from theorycheck.search.counterexample import counterexample, sizes
from theorycheck.search.fates import Fate, Mutant, fate_of, killed_at_sight, settle
from theorycheck.search.mutants import mutants
from theorycheck.statement import Claim, Statement
from theorycheck.tree import Node, num
from theorycheck.verdict import Outcome, Verdict

BREAKING, CONTROL = 96, 2  # instances that break a dropped hypothesis; and where the claim is proved without it
CONVENTION = "all sizes are integers >= 1: a convention of every domain"


@dataclass(frozen=True)
class Trial:
    """A mutant that is still to be settled: a changed tree, or a hypothesis left out."""

    claim: Claim
    kind: str
    label: str
    change: str
    changed: Node | Fact

    @property
    def exempt(self) -> str | None:
        given = self.claim.exempt
        return given.get(self.label) or given.get(f"{self.label}: {self.change}")


def trials(claims: Iterable[Claim]) -> list[Trial]:
    """Every mutant of the claims; what is expected to be refuted stays so on a larger domain, and keeps its hypotheses."""
    chosen = list(claims)
    found = [Trial(c, site.kind, site.label, kind, tree) for c in chosen for site, kind, tree in mutants(c.tree())]
    facts: dict[Fact, list[Claim]] = {}
    for c in chosen:
        if c.expects is not Verdict.REFUTED:
            for f in dropped.droppable(c.domain):
                facts.setdefault(f, []).append(c)
    found += [Trial(c, "hypothesis", f"the hypothesis {f.name}", "dropped", f) for f, some in facts.items() for c in some]
    for c in chosen:
        _check_exemptions(c, [t for t in found if t.claim is c])
    return found


def _check_exemptions(claim: Claim, found: Sequence[Trial]) -> None:
    known = {key for t in found for key in (t.label, f"{t.label}: {t.change}")}
    for place, reason in claim.exempt.items():
        if place not in known:
            raise InputError(f"{claim.id}: exempt names {place!a}, which is no mutant of it; `theorycheck mutate` lists them")
        if not reason.strip():
            raise InputError(f"{claim.id}: exempt gives no reason for {place!a}; say why")


def share(found: Sequence[Trial], parts: int, seed: int) -> list[Trial]:
    """One of `parts` of the trials, in their order, chosen by the seed."""
    chosen = Random(seed).sample(range(len(found)), -(-len(found) // parts))
    return [found[k] for k in sorted(chosen)]


def settled(found: Sequence[Trial], library: Sequence[Statement], seed: int, jobs: int = 1) -> Iterator[Mutant]:
    """The trials' fates, as each is known; with one process in their order."""
    known = Library(tuple(library))
    without: list[tuple[Fact, Library]] = []  # the library of the hypothesis that was dropped last

    def one(k: int) -> Mutant:
        trial, start = found[k], time.perf_counter()
        if trial.exempt:
            return Mutant(trial.claim.id, trial.kind, trial.label, trial.change, Fate.EXEMPT, reason=trial.exempt)
        if isinstance(trial.changed, Fact):
            if not without or without[0][0] != trial.changed:
                without[:] = [(trial.changed, dropped.library_without(library, trial.changed))]
            made = _dropped(trial, trial.changed, without[0][1], known, seed)
        else:
            made = _changed(trial, trial.changed, known, seed)
        return replace(made, seconds=time.perf_counter() - start)

    numbers: Callable[[], Iterator[tuple[int, Mutant]]]
    numbers = (lambda: in_processes(one, len(found), jobs)) if jobs > 1 else lambda: ((k, one(k)) for k in range(len(found)))
    return (made for _, made in numbers())


def _changed(trial: Trial, tree: Node, known: Library, seed: int) -> Mutant:
    if found := killed_at_sight(trial.claim, tree, known, seed):
        return _mutant(trial, Fate.KILLED, verdict=Verdict.REFUTED, witness=found)
    report = settle(trial.claim, known, seed, tree)
    fate = fate_of(trial.claim, tree, report.verdict, seed)
    reason = report.reason if fate in {Fate.SURVIVED, Fate.ERROR} else None
    return _mutant(trial, fate, verdict=report.verdict, witness=report.witness, reason=reason)


def _dropped(trial: Trial, fact: Fact, known: Library, whole: Library, seed: int) -> Mutant:
    """The fate of a claim without a hypothesis: what is proved must have no witness, what is not proved needs one."""
    evidence = known.derived(trial.claim.id)
    proved = evidence.outcome is Outcome.PROVES or (_is_idle(trial.claim, fact) and _is_proved(trial.claim, whole))
    if not proved and _is_convention(trial.claim, fact):
        return _mutant(trial, Fate.EXEMPT, reason=CONVENTION)
    count = CONTROL if proved else BREAKING
    witness = counterexample(trial.claim, fact, str(seed), count, meaning=not proved)
    fates = {(True, False): Fate.LOOSE, (True, True): Fate.ERROR, (False, True): Fate.KILLED, (False, False): Fate.SURVIVED}
    fate = fates[proved, witness is not None]
    return _mutant(trial, fate, witness=witness, reason=evidence.reason if fate is Fate.SURVIVED else None)


def _is_idle(claim: Claim, fact: Fact) -> bool:
    """Whether a claim that holds on its domain holds without the hypothesis."""
    return dropped.implied(claim.domain, fact) or dropped.unconcerned(claim, fact)


def _is_proved(claim: Claim, whole: Library) -> bool:
    return whole.derived(claim.id).outcome is Outcome.PROVES


def _is_convention(claim: Claim, fact: Fact) -> bool:
    shows = fact.shows
    is_bound = shows.head == "ge" and shows.nodes[0].head == "sym" and shows.nodes[1] == num(1)
    return is_bound and str(shows.nodes[0].args[0]) in sizes(claim)


def _mutant(trial: Trial, fate: Fate, **found: object) -> Mutant:
    return Mutant(trial.claim.id, trial.kind, trial.label, trial.change, fate, **found)  # type: ignore[arg-type]
