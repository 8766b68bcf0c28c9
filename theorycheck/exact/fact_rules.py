"""Rules that use facts: hypotheses of the domain, cited theorems, proved claims, earlier lines; assumptions and cases.

A fact is used at an instance of its variables, and its own conditions must hold there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from theorycheck.exact.call import recorded
from theorycheck.exact.read import whole
from theorycheck.exact.session import (
    DECLARED,
    Checked,
    Rule,
    Session,
    Stuck,
    declared,
    restrictions,
    same_relation,
    substitute_all,
)
from theorycheck.fact import Fact, Proven
from theorycheck.tree import Node, Number, free_names, sym, walk

Equation = Fact | Proven | str


def facts_of(session: Session, using: Sequence[Equation]) -> tuple[list[Fact | Proven], tuple[str, ...]]:
    """Resolve names of hypotheses; returns the facts and the names to record."""
    facts = [session.hypothesis(u) if isinstance(u, str) else u for u in using]
    for f in facts:
        if isinstance(f, Fact):
            record_use(session, f)
        else:
            session.touched.append(f)
    return facts, tuple(f.name if isinstance(f, Fact) else f.label for f in facts)


def record_use(session: Session, fact: Fact) -> None:
    """Note what a derivation rests on; a fact must be one of the list of cited facts, the domain, or this derivation."""
    from theorycheck.exact.cited import CITED

    if fact.kind not in {"cited", "hypothesis", "line", "claim"}:
        raise Stuck(f"{fact.name} is of the unknown kind {fact.kind!r}")
    if fact.kind == "cited" and (fact.name not in CITED or CITED[fact.name].fact != fact):
        raise Stuck(f"{fact.name} is not in the list of cited facts; enter it in cited.py")
    if fact.kind == "claim" and (session.resolve is None or session.resolve(fact.name) != fact):
        raise Stuck(f"{fact.name} is not a claim as the library knows it")
    if fact.kind == "cited" and fact not in session.cited:
        session.cited.append(fact)
    if fact.kind == "hypothesis" and fact not in session.hypotheses:
        raise Stuck(f"{fact.name} is a hypothesis of another domain")
    if fact.kind == "line":
        _check_generic(session, fact)
    if fact.kind == "claim" and fact.name not in session.used:
        session.used.append(fact.name)


def premises_of(using: Sequence[Equation]) -> tuple[Proven, ...]:
    return tuple(u for u in using if isinstance(u, Proven))


@recorded
def given(name: str, **binding: Node | str) -> Rule:
    """A hypothesis of the domain, at the given instance; its own conditions must hold there."""

    def check(session: Session, goal: Node) -> Checked:
        return _instance(session, session.hypothesis(name), binding, goal, ())

    return Rule(f"hypothesis {name}", check)


@recorded
def given_with(premises: Sequence[Proven], name: str, **binding: Node | str) -> Rule:
    """As `given`, with earlier lines that show its conditions."""

    def check(session: Session, goal: Node) -> Checked:
        return _instance(session, session.hypothesis(name), binding, goal, premises)

    return Rule(f"hypothesis {name}", check, tuple(premises))


@recorded
def cite(fact: Fact, *premises: Proven, **binding: Node | str) -> Rule:
    """A cited fact at the given instance; its hypotheses must be premises, hypotheses of the domain, or known signs."""

    def check(session: Session, goal: Node) -> Checked:
        _recorded(session, fact, binding)
        return _instance(session, fact, binding, goal, premises)

    return Rule(f"cite {fact.name}", check, premises)


def _recorded(session: Session, fact: Fact, binding: Mapping[str, Node | str]) -> None:
    """Note that a derivation rests on a fact; what a cited one takes as definite or positive is declared so here."""
    from theorycheck.exact.cited import CITED

    record_use(session, fact)
    if fact.kind == "cited":
        _check_declared(session, fact, declared(CITED[fact.name].domain, [fact.shows, *fact.given]), binding)


@recorded
def uses(claim: str, *premises: Proven, **binding: Node | str) -> Rule:
    """A claim proved elsewhere (`statement.name`), at the given instance of its symbols; the driver checks its proof."""

    def check(session: Session, goal: Node) -> Checked:
        if session.resolve is None:
            raise Stuck("no other claims are at hand here")
        fact = session.resolve(claim)
        record_use(session, fact)
        return _instance(session, fact, binding, goal, premises)

    return Rule(f"uses {claim}", check, premises)


def _instance(
    session: Session, fact: Fact, binding: Mapping[str, Node | str], goal: Node, premises: Sequence[Proven]
) -> Checked:
    strange = sorted(set(binding) - set(fact.variables))
    if strange:
        raise Stuck(f"{fact.name} has no variable {strange[0]!r}; it has {', '.join(fact.variables) or 'none'}")
    _check_whole(session, fact, binding)
    for condition in fact.given:
        instance = substitute_all(condition, binding)
        if condition.head in DECLARED:
            _check_declared(session, fact, [condition], binding)
        elif not session.holds(instance, premises):
            raise Stuck(f"a hypothesis of {fact.name} is not shown: {_text(instance)}")
    for need in fact.needs:
        if not any(_same_universal(need, h, binding) for h in session.hypotheses):
            raise Stuck(f"{fact.name} rests on the hypothesis {need.name!r}, which this domain does not have")
    conclusion = substitute_all(fact.shows, binding)
    if not same_relation(session, goal, conclusion):
        raise Stuck(f"{fact.name} gives {_text(conclusion)}")
    if fact.variables:
        _check_meaning(session, goal)
    if fact.kind == "hypothesis":
        return Checked(uses=(fact.name,))
    return Checked(detail=fact.source, uses=(fact.name,))


PLACES = {"sum": slice(0, 2), "prod": slice(0, 2), "chain": slice(0, 2), "item": slice(0, 1), "singular": slice(1, 2)}


def _check_whole(session: Session, fact: Fact, binding: Mapping[str, Node | str]) -> None:
    """What stands in the end of a sum or in an index is instantiated by integers only."""
    trees = (n for part in (fact.shows, *fact.given) for _, n in walk(part))
    places = (place for n in trees for place in n.nodes[PLACES.get(n.head, slice(0))])
    for name in {name for place in places for name in free_names(place)} & set(fact.variables):
        value = binding.get(name, sym(name))
        if isinstance(value, Node) and value.shape == ():
            whole(session.read(value), session.context)


def _check_meaning(session: Session, relation: Node) -> None:
    """An instance of a universal fact has a meaning: its divisions and roots are licensed.

    Facts hold where they are defined, and trees that are equal as they stand are not read elsewhere: from b / b = 1 for all b
    and b^2 > 0 where b / b = 1, the instance b = 0 would give 0 > 0.
    """
    if relation.head in {"eq", "le", "lt", "ge", "gt"}:
        for side in relation.nodes:
            session.read(side)


def _check_declared(session: Session, fact: Fact, conditions: Sequence[Node], binding: Mapping[str, Node | str]) -> None:
    for condition in conditions:
        if not session.holds(substitute_all(condition, binding)):
            raise Stuck(f"{fact.name} takes {condition.args[0]} as {condition.head}, which this domain does not declare")


def _same_universal(need: Fact, h: Fact, binding: Mapping[str, Node | str]) -> bool:
    outer = {k: v for k, v in binding.items() if k not in need.variables}
    if any(free_names(v) & set(need.variables) for v in outer.values() if isinstance(v, Node)):
        return False  # a bound variable of the hypothesis would be captured
    given = tuple(substitute_all(g, outer) for g in need.given)
    return h.variables == need.variables and h.shows == substitute_all(need.shows, outer) and h.given == given


def _text(tree: Node) -> str:
    from theorycheck.tree.text import text

    return text(tree)


@recorded
def under(conditions: Sequence[Node], rule: Rule) -> Rule:
    """Apply a rule under assumptions; the line carries them until a rule discharges them (`either`, a continuation)."""

    def check(session: Session, goal: Node) -> Checked:
        with session.assuming(tuple(conditions)):
            checked = rule.check(session, goal)
        own = frozenset(conditions)
        return replace(checked, assumes=checked.assumes | own, discharges=checked.discharges - own)

    return Rule(rule.name, check, rule.premises)


@recorded
def either(strict: Proven, equal: Proven, low: Node | Number, high: Node) -> Rule:
    """Cases low < high and low = high, where the domain has low <= high: the same line shown under both."""

    def check(session: Session, goal: Node) -> Checked:
        from theorycheck.tree import Eq, Le, Lt

        if strict.shows != goal or equal.shows != goal:
            raise Stuck("both cases must show the goal itself")
        if not session.holds(Le(low, high)):
            raise Stuck("the domain does not say that low <= high")
        cases = frozenset({Lt(low, high), Eq(low, high)})
        if Lt(low, high) not in strict.assumes or Eq(low, high) not in equal.assumes:
            raise Stuck("the cases do not carry the assumptions low < high and low = high")
        if Lt(low, high) in equal.assumes or Eq(low, high) in strict.assumes:
            raise Stuck("a case rests on the other one")
        return Checked("by cases", discharges=cases)

    return Rule("cases", check, (strict, equal))


def generic(line: Proven, given: Sequence[Node], *variables: Node) -> Fact:
    """A line about arbitrary indices as a fact for other indices; `given` must list all that is assumed of them."""
    names = tuple(str(v.args[0]) for v in variables)
    return Fact(f"line {line.label}", line.shows, tuple(given), names, "line", line.label)


def _check_generic(session: Session, fact: Fact) -> None:
    line = next((p for p in session.lines if p.label == fact.source and p.shows == fact.shows), None)
    if line is None:
        raise Stuck(f"{fact.name} is not a line of this derivation")
    if any(free_names(a) & set(fact.variables) for a in line.assumes):
        raise Stuck(f"{fact.name} rests on an assumption about its own variables")
    if not line.assumes <= {f.shows for f in session.hypotheses}:
        raise Stuck(f"{fact.name} rests on assumptions; use it under them")
    if declared := (session.context.symmetric | session.context.positive_families) & set(fact.variables):
        raise Stuck(f"{fact.name} was shown for what the domain declares of {min(declared)}")
    for f in restrictions(session, set(fact.variables)):
        if f.variables or f.given or f.shows not in fact.given:
            raise Stuck(f"{fact.name} was shown under {_text(f.shows)}, which `given` does not list")


@recorded
def trivially() -> Rule:
    """The line is a hypothesis of the domain as it stands."""

    def check(session: Session, goal: Node) -> Checked:
        for f in session.hypotheses:
            if not f.given and not f.variables and same_relation(session, goal, f.shows):
                return Checked(uses=(f.name,))
        raise Stuck("no hypothesis says this")

    return Rule("hypothesis", check)


@recorded
def both(*parts: Proven) -> Rule:
    """A conjunction from its parts, in order."""

    def check(session: Session, goal: Node) -> Checked:
        if goal.head != "and" or [p.shows for p in parts] != list(goal.nodes):
            raise Stuck("the parts are not those of the conjunction, in order")
        return Checked()

    return Rule("conjunction", check, parts)
