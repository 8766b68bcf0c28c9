"""The second engine: identities that the normal form accepted, decided again by routes that share no code with it.

Each equation shown by `identity`, by a linear combination, or by multiplying with matrices is evaluated at random points of a
large prime field (`modular/`, where the error bound is stated); the full level takes more points, and asks SymPy for a zero
test of scalar identities that use no equation. A disagreement is an error that names both engines. Agreement supports a claim
only where its derivation is complete, and no verdict needs it.
"""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

from theorycheck.domain import Domain
from theorycheck.tree import Node
from theorycheck.verdict import Evidence, Outcome, Step

POINTS = {"quick": 2, "full": 4}
BOUND = "a false one of degree d agrees at a point with probability at most d/p, p = {} (Schwartz, Zippel)"


def second_engine(derivation: Evidence, domain: Domain, level: str = "full", seed: int = 0) -> Evidence:
    """The word of the other engines on the identities of a complete derivation: a difference raises."""
    found = at_points(derivation, domain, level, seed)
    if found.outcome is Outcome.RAISED or level != "full":
        return found
    other = by_sympy(derivation, domain)
    if other.outcome is Outcome.RAISED:
        return other
    outcome = Outcome.SUPPORTS if Outcome.SUPPORTS in {found.outcome, other.outcome} else Outcome.NOTHING
    return Evidence("derivation", outcome, f"{found.summary}; {other.summary}")


def at_points(derivation: Evidence, domain: Domain, level: str, seed: int) -> Evidence:
    """The identities of a derivation at random points of a prime field."""
    from theorycheck.modular.field import P
    from theorycheck.modular.lines import decide
    from theorycheck.modular.steps import line_of

    lines = [(s.label, line) for s in derivation.steps if (line := line_of(s, derivation.steps, domain)) is not None]
    if not lines:
        return Evidence("derivation", Outcome.NOTHING, "two engines: no identity to compare")
    decided = {label: decide(line, domain, str(seed), POINTS[level]) for label, line in lines}
    for label, d in decided.items():
        if d.agrees is False:
            reason = f"two engines disagree on line {label}: the normal form accepts it; in F_p its sides differ ({d.reason})"
            return Evidence("derivation", Outcome.RAISED, reason, reason=reason)
    agreed = sum(d.agrees is True for d in decided.values())
    outcome = Outcome.SUPPORTS if agreed and derivation.outcome is Outcome.PROVES else Outcome.NOTHING
    alone = Counter(d.reason for d in decided.values() if d.agrees is None)
    rest = "".join(f"; {n} by the normal form only ({reason})" for reason, n in alone.items())
    bound = f", each at {POINTS[level]} random points of F_p; {BOUND.format(P)}" if agreed else ""
    return Evidence("derivation", outcome, f"two engines agree on {agreed} of {len(lines)} identities{bound}{rest}")


def by_sympy(derivation: Evidence, domain: Domain) -> Evidence:
    """SymPy's word on the scalar identities that use no equation, since it is not told any."""
    lines = [s for s in derivation.steps if s.rule == "identity" and not s.premises and _scalar(s)]
    if not lines:
        return Evidence("derivation", Outcome.NOTHING, "SymPy: no scalar identity to compare")
    from theorycheck.tree.sympy_export import sympy_is_zero

    positive = _positive(domain)
    found = {s.label: sympy_is_zero(s.shows.nodes[0] - s.shows.nodes[1], positive) for s in lines if isinstance(s.shows, Node)}
    against = [label for label, zero in found.items() if zero is False]
    if against:
        reason = f"SymPy says that line {against[0]} is no identity; the normal form accepted it"
        return Evidence("derivation", Outcome.RAISED, reason, reason=reason)
    agreed = sum(zero is True for zero in found.values())
    outcome = Outcome.SUPPORTS if agreed and derivation.outcome is Outcome.PROVES else Outcome.NOTHING
    return Evidence("derivation", outcome, f"SymPy agrees on {agreed} of {len(lines)} scalar identities")


def _scalar(step: Step) -> bool:
    line = step.shows
    return isinstance(line, Node) and line.head == "eq" and line.nodes[0].shape == ()


def _positive(domain: Domain) -> frozenset[str]:
    """Symbols that a hypothesis calls positive."""
    shown = [f.shows for f in domain.hypotheses if not f.variables and f.shows.head in {"gt", "ge"}]
    plain = [s for s in shown if s.nodes[0].head == "sym" and s.nodes[1].head == "num"]
    return frozenset(str(s.nodes[0].args[0]) for s in plain if _bound(s) > 0 or (s.head == "gt" and _bound(s) == 0))


def _bound(relation: Node) -> Fraction:
    return Fraction(relation.nodes[1].args[0])  # type: ignore[arg-type]
