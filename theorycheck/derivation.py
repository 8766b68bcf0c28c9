"""The derivation leg: run a claim's generator, check each line, and see that it ends at the claim's own tree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from theorycheck.contradiction import contradict
from theorycheck.domain import Domain
from theorycheck.exact.call import call_as_data
from theorycheck.exact.context import Context
from theorycheck.exact.session import Session, Stuck, declared, with_conditions
from theorycheck.fact import Fact
from theorycheck.statement import Claim, Statement
from theorycheck.tree import Node
from theorycheck.tree.text import text
from theorycheck.verdict import Evidence, Outcome, Step, Witness

MOST_KEPT = 2_000  # of the forms and signs in one context: a few derivations


@dataclass
class Library:
    """The statements whose proved claims a derivation may use; each is derived once."""

    statements: tuple[Statement, ...]
    done: dict[str, Evidence] = field(default_factory=dict)
    open: list[str] = field(default_factory=list)
    played: dict[tuple[str, int], tuple[Session, str | None]] = field(default_factory=dict)

    def claim(self, name: str) -> Claim:
        for s in self.statements:
            for c in s.claims:
                if c.id == name:
                    return c
        raise Stuck(f"there is no claim {name!r} to use")

    def fact(self, name: str, domain: Domain) -> Fact:
        """The claim as a fact, if its own derivation proves it; a circle of uses is refused."""
        claim = self.claim(name)
        if name in self.open:
            raise Stuck(f"circular: {' uses '.join([*self.open, name])}")
        if name not in self.done:
            self.done[name] = derive(claim, {}, self, claim.tree())
        if self.done[name].outcome is not Outcome.PROVES:
            raise Stuck(f"{name} is not proved ({self.done[name].reason or self.done[name].summary})")
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
    session, stuck = _played(claim, overrides, library, goal)
    if stuck and goal.head == "converges":
        other = session
        if goal != claim.tree():  # a mutant: the limit that the printed claim has may contradict it
            other, unproved = _as_printed(claim, library)
            other = session if unproved else other
        if contradict(claim, other, goal):
            session, stuck = other, None
    return _evidence(session, goal, stuck)


def _played(claim: Claim, overrides: Mapping[str, Node], library: Library, goal: Node) -> tuple[Session, str | None]:
    """The lines of a derivation that were shown, and why it got stuck, if it did."""
    session = Session(claim.domain.hypotheses, context_of(claim.domain))
    session.resolve = lambda name: library.fact(name, claim.domain)
    library.open.append(claim.id)
    try:
        return session, _play(claim, overrides, session, goal)
    finally:
        library.open.pop()


def _as_printed(claim: Claim, library: Library) -> tuple[Session, str | None]:
    """The derivation of the printed claim, played once for all its mutants; a copy, since lines will be added."""
    key = claim.id, id(claim.domain)
    if key not in library.played:
        library.played[key] = _played(claim, {}, library, claim.tree())
    session, stuck = library.played[key]
    return replace(session, lines=[*session.lines], cited=[*session.cited], used=[*session.used]), stuck


def _play(claim: Claim, overrides: Mapping[str, Node], session: Session, goal: Node) -> str | None:
    lines = claim.body(**claim.values(overrides))
    next(lines)
    try:
        item = lines.send(goal)
        while True:
            tree, rule = item
            item = lines.send(session.show(tree, rule))
    except StopIteration:
        return None
    except Stuck as e:
        return f"line ({len(session.lines) + 1}): {e}"


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
