"""Induction on an index of the domain, and lines under one assumption; in proofs: `induction_rules as induction`.

The step is a line like any other, which rests on the lines P(h) (`assumed`) and h + 1 <= hi; `over` discharges these two.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Any

from theorycheck.exact.call import recorded
from theorycheck.exact.fact_rules import under
from theorycheck.exact.index_rules import index_range
from theorycheck.exact.letters import whole
from theorycheck.exact.session import Checked, Rule, Session, Stuck, free_of, same_relation, substitute_all
from theorycheck.fact import Proven
from theorycheck.tree import Le, Node, free_names


@recorded
def assumed() -> Rule:
    """The line itself, as an assumption that it carries until a rule discharges it: the induction hypothesis."""
    return Rule("assumed", lambda _, goal: Checked(assumes=frozenset({goal})))


def throughout(conditions: Sequence[Node], lines: Generator[Any, Any, Any]) -> Generator[Any, Any, Any]:
    """The lines of a part of a derivation, each under the same assumptions; it returns what the part returns."""
    shown = None
    while True:
        try:
            tree, rule = lines.send(shown)
        except StopIteration as end:
            return end.value
        shown = yield tree, under(conditions, rule)


@recorded
def over(h: Node, base: Proven, step: Proven) -> Rule:
    """From P(lo), and from P(h + 1) under P(h) and h + 1 <= hi, to P(h) for the generic index h of the range lo .. hi.

    h is generic: the domain says of it lo <= h <= hi and nothing else, and nothing else is assumed of it.
    """

    def check(session: Session, goal: Node) -> Checked:
        found = index_range(session, h)
        if found is None:
            raise Stuck(f"{h} has no range in the domain, or more is known of it")
        name, (lo, hi) = str(h.args[0]), found
        for end in found:
            whole(session.read(end), session.context)
        if name not in free_names(goal):
            raise Stuck(f"the goal does not mention {name}")
        free_of(name, [base])
        before = frozenset({goal, Le(h + 1, hi)})
        if any(name in free_names(a) for a in step.assumes - before):
            raise Stuck(f"{step.label} assumes more of {name} than the goal and {name} + 1 <= {hi}")
        for line, place in ((base, lo), (step, h + 1)):
            if not same_relation(session, line.shows, substitute_all(goal, {name: place})):
                raise Stuck(f"{line.label} is not the goal at {name} = {place}")
        return Checked("base case and step", discharges=before)

    return Rule(f"induction on {h.args[0]}", check, (base, step))
