"""Symbols that a domain introduces for a generic quantity x: which hypotheses about them leave x arbitrary.

A hypothesis restricts x unless values for the symbols it introduces exist whatever x is. Two forms are known to do so: an
explicit definition `y = f(x)` (or `y_l = f(x, l)` for all l), and the conclusions of a cited theorem of existence, all of them
together. Nothing is accepted by its name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import replace

from theorycheck.exact.fact_rules import _check_whole, _same_universal, record_use
from theorycheck.exact.session import Session, Stuck, restrictions, substitute_all, with_conditions
from theorycheck.fact import Fact
from theorycheck.tree import Node, free_names

Binding = Mapping[str, Node | str]


def leave_arbitrary(
    session: Session,
    moving: Set[str],
    expected: Sequence[Fact],
    fixed: Set[str],
    existence: Fact | None = None,
    binding: Binding | None = None,
) -> None:
    """Stuck where a hypothesis other than the `expected` ones restricts the generic symbols `moving`.

    `fixed`: names that stand for something else already, so that no hypothesis may introduce them.
    """
    free, accepted = set(moving), list(expected)
    if existence is not None:
        accepted += _conclusions(session, moving | fixed, existence, binding or {})
        free |= set(existence.introduces)
    taken = set(fixed).union(*(_mentioned(f) for f in accepted))
    while rest := [f for f in restrictions(session, free) if f not in accepted]:
        name = _defined(session, rest[0], taken | free)
        free.add(name)
        accepted.append(rest[0])
        taken |= _mentioned(rest[0])


def _mentioned(f: Fact) -> Set[str]:
    return free_names(f.shows).union(*(free_names(g) for g in f.given)) - set(f.variables)


def _defined(session: Session, f: Fact, taken: Set[str]) -> str:
    """The symbol or family that an explicit definition introduces; it is one of the right kind, and used nowhere before."""
    refused = Stuck(f"the domain restricts the generic quantity by {f.name!r}, which is no definition of a new symbol")
    if f.shows.head != "eq":
        raise refused
    left, right = f.shows.nodes
    places = tuple(dict.fromkeys(left.nodes))  # of a member of a family, or of a layer: a chain from l to l
    indices = tuple(str(place.args[0]) for place in places if place.head == "sym")
    if left.head not in {"sym", "item", "chain"} or len(places) != (left.head != "sym") or f.variables != indices:
        raise refused
    if f.given and not places:
        raise refused
    name = str(left.args[0])
    if name in taken or name in free_names(right).union(*(free_names(g) for g in f.given)):
        raise refused
    ctx = session.context
    if name in ctx.symmetric | ctx.positive_families or (left.shape == () and name not in ctx.reals):
        raise Stuck(f"{name} is declared to be more than {f.name!r} says of it")
    replace(session, context=with_conditions(ctx, f.given)).read(right)
    return name


def _conclusions(session: Session, taken: Set[str], fact: Fact, binding: Binding) -> list[Fact]:
    """The hypotheses that are conclusions of a theorem of existence, whose conditions do not involve what it introduces."""
    new = set(fact.introduces)
    bound = {name for v in binding.values() for name in ((v,) if isinstance(v, str) else free_names(v))}
    if set(binding) - set(fact.variables) or new & (taken | bound | set(fact.variables)):
        raise Stuck(f"{fact.name} introduces {', '.join(sorted(new))} for {', '.join(fact.variables)}")
    record_use(session, fact, introducing=True)
    _check_whole(session, fact, binding)
    _check_kinds(session, fact)
    before = tuple(h for h in session.hypotheses if not _mentioned(h) & new)
    bare = replace(session, hypotheses=before, context=session.context.without(new))
    for condition in fact.given:
        if not bare.holds(substitute_all(condition, binding)):
            raise Stuck(f"a hypothesis of {fact.name} is not shown")
    for need in fact.needs:
        if not any(_same_universal(need, h, binding) for h in before):
            raise Stuck(f"{fact.name} rests on the hypothesis {need.name!r}, which this domain does not have")
    return [h for h in session.hypotheses if any(_same_universal(c, h, binding) for c in fact.such_that)]


def _check_kinds(session: Session, fact: Fact) -> None:
    """The domain declares what is introduced as the theorem does, not as definite, positive or whole beyond that."""
    from theorycheck.exact.cited import CITED

    ctx = session.context
    for v in CITED[fact.name].domain.variables:
        definite, positive = v.name in ctx.symmetric and not v.symmetric, v.name in ctx.positive_families and not v.positive
        whole = v.continuous and v.name not in ctx.reals
        if v.name in fact.introduces and (definite or positive or whole):
            raise Stuck(f"the domain declares {v.name} to be more than {fact.name} says of it")
