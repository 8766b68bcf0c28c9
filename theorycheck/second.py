"""The second engine: SymPy's own zero test on the scalar identities that the normal form accepted.

Only lines that use no equation can be compared, since SymPy is not told any. A disagreement is an error that names both.
"""

from __future__ import annotations

from fractions import Fraction

from theorycheck.domain import Domain
from theorycheck.tree import Node
from theorycheck.verdict import Evidence, Outcome


def second_engine(derivation: Evidence, domain: Domain) -> Evidence:
    """SymPy's word on the scalar identities of a derivation: agreement supports, a difference raises."""
    lines = [s for s in derivation.steps if s.rule == "identity" and not s.premises and _scalar(s.shows)]
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
    outcome = Outcome.SUPPORTS if agreed else Outcome.NOTHING
    return Evidence("derivation", outcome, f"SymPy agrees on {agreed} of {len(lines)} scalar identities")


def _scalar(line: object) -> bool:
    return isinstance(line, Node) and line.head == "eq" and line.nodes[0].shape == ()


def _positive(domain: Domain) -> frozenset[str]:
    """Symbols that a hypothesis calls positive."""
    shown = [f.shows for f in domain.hypotheses if not f.variables and f.shows.head in {"gt", "ge"}]
    plain = [s for s in shown if s.nodes[0].head == "sym" and s.nodes[1].head == "num"]
    return frozenset(str(s.nodes[0].args[0]) for s in plain if _bound(s) > 0 or (s.head == "gt" and _bound(s) == 0))


def _bound(relation: Node) -> Fraction:
    return Fraction(relation.nodes[1].args[0])  # type: ignore[arg-type]
