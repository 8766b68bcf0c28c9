"""What a stuck derivation may still show: the negation of its goal.

Of a limit, that the body has another one, or none: the lines that were shown before it got stuck say what the limit is; rules
of the library (`diverges`, `rescaled`, `differs`, `elsewhere`) then show the negation, or nothing does. This is what refutes a
wrong constant in a limit or an order ("what if?", mutants). Of a relation between two sides, that the claim as printed says the
opposite: where a = b is proved, a < b is false, though balls never tell equal numbers apart.
"""

from __future__ import annotations

from collections.abc import Iterator

from theorycheck.domain import Env
from theorycheck.exact.algebra_rules import linear
from theorycheck.exact.basic_rules import contrary
from theorycheck.exact.leading_rules import diverges
from theorycheck.exact.limit_refutations import differs, elsewhere, rescaled
from theorycheck.exact.session import Rule, Session, Stuck, head_of, sides
from theorycheck.fact import names_of
from theorycheck.statement import Claim
from theorycheck.tree import Le, Lt, Node, Not, free_names, num
from theorycheck.tree.node import walk

INSTANCES = 4
ORDERS = {"le", "lt", "ge", "gt"}
UNKNOWN = {"app", "at", "grad", "integral"}  # what takes long in a ball around 0, where it has mostly no value


def contradict(claim: Claim, session: Session, goal: Node) -> bool:
    """Try to show not(goal) from the limits that the session has shown; True (and a new last line) where that succeeds."""
    for rule in _attempts(claim, session, goal):
        try:
            session.show(Not(goal), rule)
        except Stuck:
            continue
        return True
    return False


def says_the_opposite(session: Session, goal: Node) -> bool:
    """Try to show not(goal) from the last line, a relation between the same two sides; True (and new last lines) if it is."""
    line = session.lines[-1]
    if {*line.shows.nodes} != {*goal.nodes} or line.shows.head not in {*ORDERS, "eq"} or goal.head not in ORDERS:
        return False
    low, high = sides(goal)
    opposite = (Le if head_of(goal) == "lt" else Lt)(high, low)
    for factor in (1, -1):  # an equation is used either way
        try:
            session.show(Not(goal), contrary(session.show(opposite, linear((line, factor)))))
        except Stuck:
            continue
        return True
    return False


def _values(session: Session, env: Env, *limits: Node) -> Env:
    """The instance without what neither the hypotheses nor the values of the limits mention: nothing is evaluated of it."""
    names = frozenset().union(*(free_names(limit.nodes[3]) for limit in limits), *map(names_of, session.hypotheses))
    return {name: value for name, value in env.items() if name in names}


def _attempts(claim: Claim, session: Session, goal: Node) -> Iterator[Rule]:
    """The rules that refute for all instances first, then those that need one."""
    equations = [f.name for f in session.hypotheses if f.shows.head == "eq" and not (f.variables or f.given)]
    known = [p for p in session.lines if p.shows.head == "converges" and not p.assumes]
    for line in known:
        for using in ((), tuple(equations)):
            yield diverges(line, *using)
            yield rescaled(line, *using)
    for env in claim.domain.instances(f"limit:{claim.id}", INSTANCES):
        for line in known:
            yield differs(line, _values(session, env, goal, line.shows))
            yield from (diverges(line, *equations, at=env), rescaled(line, *equations, at=env))
        if goal.nodes[2] != num(0) or not any(n.head in UNKNOWN for _, n in walk(goal.nodes[0])):
            yield elsewhere(env)
