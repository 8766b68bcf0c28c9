"""Rules about probabilities over Gaussian layers; in proofs: `from theorycheck.exact import tail_rules as tails`.

A probability occurs only at the outside: P[event] >= 1 - q. What is inside is an ordinary claim, shown for all values of the
layers that satisfy a hypothesis (`implied`); the q come from cited tails (`tail`) and add up (`jointly`, `implied`).
"""

from __future__ import annotations

from collections.abc import Mapping

from theorycheck.exact.basic_rules import need
from theorycheck.exact.call import recorded
from theorycheck.exact.fact_rules import _check_declared, _check_whole, record_use
from theorycheck.exact.form import Form, mentions
from theorycheck.exact.index_rules import index_range
from theorycheck.exact.session import DECLARED, Checked, Rule, Session, Stuck, declared, remainder, restrictions, substitute_all
from theorycheck.fact import Fact, Proven
from theorycheck.tree import Node, free_names, num
from theorycheck.tree.node import bound_names

LAYERED = {"chain", "prob"}  # heads whose first argument names layers


def _parts(line: Node) -> tuple[Node, Node, Node]:
    """(the probability, its event, the bound) of P[event] >= bound."""
    if line.head != "ge" or line.nodes[0].head != "prob":
        raise Stuck("a line of the form P[event] >= bound is needed")
    return line.nodes[0], line.nodes[0].nodes[0], line.nodes[1]


def _at_most(session: Session, bound: Node, known: Form) -> str:
    rest = known - session.read(bound)
    need(session.context.sign(rest) is not None, f"not known to be >= 0: {remainder(rest)}")
    return f"left over and >= 0: {remainder(rest)}"


def _same_event(session: Session, one: Node, other: Node, random: frozenset[str]) -> bool:
    """The same relation between the same random side and equal bounds."""
    if one == other:
        return True
    if one.head != other.head or one.head not in {"le", "lt", "ge", "gt"}:
        return False
    for x, y in zip(one.nodes, other.nodes, strict=True):
        if x != y and ((random & (free_names(x) | free_names(y))) or not (session.read(x) - session.read(y)).is_zero):
            return False
    return True


def _same_law(one: Node, other: Node) -> bool:
    return one.args[0] == other.args[0] and one.nodes[1:] == other.nodes[1:]


def _named_like(there: Node, here: Node, binding: Mapping[str, Node | str]) -> Node:
    """A probability with its random layers called as in another one."""
    old, new = str(there.args[0]), str(here.args[0])
    taken = any(new in (free_names(v) if isinstance(v, Node) else {v}) for v in binding.values())
    need(" " not in new and not taken and new not in free_names(there), f"the name {new} is taken")

    def renamed(x: Node) -> Node:
        args = tuple(renamed(a) if isinstance(a, Node) else new if a == old and x.head in LAYERED else a for a in x.args)
        return Node(x.head, args, x.shape)

    return renamed(there)


@recorded
def tail(fact: Fact, **binding: Node | str) -> Rule:
    """From a cited tail P[x > b] <= q at the given instance to P[x <= b] >= 1 - q, or with a smaller bound."""

    def check(session: Session, goal: Node) -> Checked:
        from theorycheck.exact.cited import CITED

        is_tail = fact.kind == "cited" and fact.shows.head == "le" and fact.shows.nodes[0].head == "prob"
        need(is_tail and not fact.needs, f"{fact.name} is no cited tail")
        need(set(binding) <= set(fact.variables), f"{fact.name} has the variables {', '.join(fact.variables)}")
        record_use(session, fact)
        _check_declared(session, fact, declared(CITED[fact.name].domain, [fact.shows, *fact.given]), binding)
        _check_whole(session, fact, binding)
        for condition in fact.given:
            instance = substitute_all(condition, binding)
            need(session.holds(instance), f"a hypothesis of {fact.name} is not shown")
        here, event, bound = _parts(goal)
        there, q = substitute_all(fact.shows, binding).nodes
        there = _named_like(there, here, binding)
        complement = Node("gt", event.nodes, None)
        same = event.head == "le" and _same_event(session, there.nodes[0], complement, bound_names(here))
        need(same and _same_law(here, there), f"{fact.name} is about another event")
        return Checked(_at_most(session, bound, session.read(1 - q)), uses=(fact.name,))

    return Rule(f"tail: {fact.name}", check)


@recorded
def jointly(one: Proven, other: Proven) -> Rule:
    """From P[E] >= 1 - p and P[F] >= 1 - q to P[E and F] >= 1 - p - q."""

    def check(session: Session, goal: Node) -> Checked:
        here, event, bound = _parts(goal)
        need(event.head == "and" and len(event.nodes) == 2, "the event of the goal is not a conjunction of two")
        known = num(1)
        for line, part in zip((one, other), event.nodes, strict=True):
            there, shown, least = _parts(line.shows)
            need(shown == part and _same_law(here, there), f"{line.label} is about another event")
            known = known - (1 - least)
        return Checked(_at_most(session, bound, session.read(known)))

    return Rule("union bound", check, (one, other))


@recorded
def throughout(line: Proven, index: Node) -> Rule:
    """From P[E_i] >= 1 - q for the generic index i of the range lo .. hi to P[E_j for j = lo .. hi] >= 1 - (hi - lo + 1) q."""

    def check(session: Session, goal: Node) -> Checked:
        here, event, bound = _parts(goal)
        there, shown, least = _parts(line.shows)
        need(event.head == "each", "the event of the goal is not about every index")
        need(_same_law(here, there), f"{line.label} is about other layers")
        need(not line.assumes, f"{line.label} rests on assumptions")
        lo, hi = _range(session, index)
        need(str(index.args[0]) not in free_names(goal), f"the goal is about one {index.args[0]}")
        need(event.nodes[:2] == (lo, hi), f"the event is not about the indices {lo} .. {hi}")
        there_ = substitute_all(event.nodes[2], {str(event.args[0]): index})
        need(_same_event(session, there_, shown, bound_names(here)), f"{line.label} is about another event")
        one = session.read(1 - least)
        need(not mentions(one.frozen(), str(index.args[0])), "the probability depends on the index")
        count = session.read(hi - lo + 1)
        need(session.context.sign(count) is not None, "the range may be reversed")
        return Checked(_at_most(session, bound, session.read(num(1)) - count * one))

    return Rule(f"union bound over {index.args[0]}", check, (line,))


@recorded
def implied(claim: str, event: str, each: Proven, index: Node) -> Rule:
    """From a claim about all layers that satisfy its hypothesis `event` at every index lo <= j <= hi, and P[event at the
    index] >= 1 - q shown for the generic index, to P[claim] >= 1 - (hi - lo + 1) q."""

    def check(session: Session, goal: Node) -> Checked:
        need(session.resolve is not None, "no other claims are at hand here")
        fact = session.resolve(claim)  # type: ignore[misc]
        record_use(session, fact)
        here, inside, bound = _parts(goal)
        there, shown, least = _parts(each.shows)
        need(_same_law(here, there) and len(bound_names(here)) == 1, f"{each.label} is about other layers")
        need(inside == fact.shows, f"{claim} is not the event of the goal")
        lo, hi = _range(session, index)
        need(not each.assumes, f"{each.label} rests on assumptions")
        condition = _only_condition(session, fact, event, next(iter(bound_names(here))))
        (j,) = condition.variables
        expected = {Node("ge", (sym_of(condition, j), lo), None), Node("le", (sym_of(condition, j), hi), None)}
        need(set(condition.given) == expected, f"the hypothesis {event!r} is not about the indices {lo} .. {hi}")
        wanted = substitute_all(condition.shows, {j: index})
        same = _same_event(session, wanted, shown, bound_names(here))
        need(same, f"{each.label} is not about the hypothesis {event!r}")
        one = session.read(1 - least)
        name = str(index.args[0])
        need(not mentions(one.frozen(), name), "the probability depends on the index")
        elsewhere = (condition.shows, *here.nodes[1:])  # else the event at one index says nothing of others, under this law
        need(not any(name in free_names(x) for x in elsewhere), "the law or the event depends on the index otherwise")
        known = session.read(num(1)) - session.read(hi - lo + 1) * one
        return Checked(_at_most(session, bound, known), uses=(fact.name,))

    return Rule(f"implied by {event}, union bound", check, (each,))


def sym_of(condition: Fact, name: str) -> Node:
    """The symbol of an index, as the hypothesis uses it."""
    return next(side for g in condition.given for side in g.nodes if side.head == "sym" and side.args[0] == name)


def _range(session: Session, index: Node) -> tuple[Node, Node]:
    found = index_range(session, index)
    if found is None:
        raise Stuck("the domain says more of the index than its range")
    return found


def _only_condition(session: Session, fact: Fact, event: str, random: str) -> Fact:
    """The hypothesis of the claim about the random layers; it has no other, and its rest holds here."""
    about = [h for h in fact.needs if h.name == event]
    need(len(about) == 1 and len(about[0].variables) == 1, f"{fact.name} has no hypothesis {event!r} about one index")
    for condition in fact.given:
        need(random not in _names(condition), f"{fact.name} asks more of the random layers")
        if condition.head in DECLARED or condition.head == "positive":
            need(session.holds(condition), f"{fact.name} takes {condition.args[0]} as {condition.head}")
        else:
            need(session.holds(condition), f"a hypothesis of {fact.name} is not shown")
    for h in fact.needs:
        known = any(h.variables == k.variables and h.shows == k.shows and h.given == k.given for k in session.hypotheses)
        need(h is about[0] or (known and random not in free_names(h.shows)), f"{fact.name} rests on {h.name!r}")
    need(not restrictions(session, {random}), "the domain says something of the random layers")
    return about[0]


def _names(condition: Node) -> set[str]:
    leaf = condition.args[0]
    return {str(leaf)} if isinstance(leaf, str) else set(free_names(condition))
