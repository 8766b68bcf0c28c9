"""The derivation leg: run a claim's generator, check each line, and see that it ends at the claim's own tree."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from theorycheck.contradiction import contradict, says_the_opposite
from theorycheck.domain import Domain
from theorycheck.exact.call import call_as_data
from theorycheck.exact.context import Context
from theorycheck.exact.session import Session, Stuck, declared, with_conditions
from theorycheck.fact import Fact
from theorycheck.play import Played, play
from theorycheck.statement import Body, Claim, Statement
from theorycheck.tree import Node
from theorycheck.tree.text import text
from theorycheck.verdict import Evidence, Outcome, Step, Witness

MOST_KEPT = 2_000  # of the forms and signs in one context: a few derivations


@dataclass
class Library:
    """The statements whose proved claims a derivation may use, each as `moved` takes it, once it is asked for; each is derived
    once."""

    statements: tuple[Statement, ...]
    moved: Callable[[Claim], Claim] = lambda claim: claim
    claims: dict[str, Claim] = field(default_factory=dict)
    done: dict[str, Evidence] = field(default_factory=dict)
    open: list[str] = field(default_factory=list)
    played: dict[tuple[Body, int], Played] = field(default_factory=dict)

    def claim(self, name: str) -> Claim:
        if name not in self.claims:
            self.claims[name] = self.moved(self._printed(name))
        return self.claims[name]

    def _printed(self, name: str) -> Claim:
        for s in self.statements:
            for c in s.claims:
                if c.id == name:
                    return c
        raise Stuck(f"there is no claim {name!r} to use")

    def derived(self, name: str) -> Evidence:
        """What the derivation of a claim comes to."""
        if name not in self.done:
            claim = self.claim(name)
            self.done[name] = derive(claim, {}, self, claim.tree())
        return self.done[name]

    def fact(self, name: str, domain: Domain) -> Fact:
        """The claim as a fact, if its own derivation proves it; a circle of uses is refused."""
        claim = self.claim(name)
        if name in self.open:
            raise Stuck(f"circular: {' uses '.join([*self.open, name])}")
        found = self.derived(name)
        if found.outcome is not Outcome.PROVES:
            raise Stuck(f"{name} is not proved ({found.reason or found.summary})")
        own = claim.domain.hypotheses
        if claim.domain is domain:
            return Fact(name, claim.tree(), kind="claim", source=f"line {claim.line}")
        trees = [claim.tree(), *(part for h in own for part in (h.shows, *h.given))]
        return Fact(
            name,
            claim.tree(),
            given=declared(claim.domain, trees) + tuple(h.shows for h in own if not h.variables),
            variables=tuple(v.name for v in claim.domain.variables),
            kind="claim",
            source=f"line {claim.line}",
            needs=tuple(h for h in own if h.variables),
        )


def context_of(domain: Domain) -> Context:
    """The signs that follow from a domain's hypotheses; what was worked out before in the context is kept, within limits."""
    ctx = _context_of(domain)
    if len(ctx.found) > MOST_KEPT:
        ctx.found.clear()
    return ctx


@lru_cache(maxsize=16)
def _context_of(domain: Domain) -> Context:
    base = Context(
        symmetric=frozenset(v.name for v in domain.variables if v.symmetric),
        positive_families=frozenset(v.name for v in domain.variables if v.positive),
        reals=frozenset(v.name for v in domain.variables if v.continuous),
    )
    return with_conditions(base, [f.shows for f in domain.hypotheses if not f.variables and not f.given])


def derive(claim: Claim, overrides: Mapping[str, Node], library: Library, goal: Node) -> Evidence:
    """Check the derivation of a claim; the goal may be a mutant of its tree. A last line `not(goal)` refutes the claim."""
    printed = None if goal == claim.tree() else _as_printed(claim, library)
    played = _played(claim, overrides, library, goal, printed)
    session, stuck = played.session, played.stuck
    if stuck and goal.head == "converges":  # of a mutant: the limit that the printed claim has may contradict it
        other = _going_on(printed.session) if printed and not printed.stuck else session
        if contradict(claim, other, goal):
            session, stuck = other, None
    elif stuck and printed and not printed.stuck and printed.session.lines:
        other = _going_on(printed.session)
        if says_the_opposite(other, goal):
            session, stuck = other, None
    return _evidence(session, goal, stuck)


def _going_on(session: Session) -> Session:
    """A copy to which lines can be added."""
    return replace(session, lines=[*session.lines], cited=[*session.cited], used=[*session.used])


def _played(claim: Claim, overrides: Mapping[str, Node], library: Library, goal: Node, before: Played | None = None) -> Played:
    session = Session(claim.domain.hypotheses, context_of(claim.domain))
    session.resolve = lambda name: library.fact(name, claim.domain)
    library.open.append(claim.id)
    try:
        return play(claim.body(**claim.values(overrides)), goal, session, before)
    finally:
        library.open.pop()


def _as_printed(claim: Claim, library: Library) -> Played:
    """The derivation of the printed claim, played once for all its mutants."""
    key = claim.body, id(claim.domain)
    if key not in library.played:
        library.played[key] = _played(claim, {}, library, claim.tree())
    return library.played[key]


def _evidence(session: Session, goal: Node, stuck: str | None) -> Evidence:
    steps = tuple(Step(p.shows, p.rule, p.premises, p.label, p.detail, call_as_data(p.call)) for p in session.lines)
    cited = tuple(f"{f.name} ({f.source})" for f in session.cited)
    found = Evidence("derivation", Outcome.NOTHING, "no derivation", steps=steps, cited=cited, uses=tuple(session.used))
    if stuck:
        return replace(found, summary="the derivation is stuck", reason=stuck)
    if not session.lines:
        return found
    last = session.lines[-1]
    negated = last.shows == Node("not", (goal,), None)
    if last.shows != goal and not negated:
        reason = "the derivation does not end at the claim's own tree"
        return replace(found, summary=reason, reason=reason)
    if last.assumes:
        reason = f"assumptions are left open: {', '.join(map(str, last.assumes))}"
        return replace(found, summary=reason, reason=reason)
    if negated:
        witness = Witness({}, f"derived: {steps[-1].detail or text(last.shows)}", True)
        return replace(found, outcome=Outcome.REFUTES, summary=f"the negation, in {_lines(steps)}", witness=witness)
    if len(steps) == 1 and session.cited and not session.used:
        return replace(found, outcome=Outcome.SUPPORTS, summary="a single citation")
    return replace(found, outcome=Outcome.PROVES, summary=_lines(steps))


def _lines(steps: tuple[Step, ...]) -> str:
    return f"{len(steps)} checked line{'s' if len(steps) != 1 else ''}"
