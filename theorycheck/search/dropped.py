"""A claim without one of its hypotheses: the domain and the library without it, and whether the claim still holds by proof.

Three kinds of proof: the claim's own derivation, on the domain without the hypothesis; the proved claim, where the others imply
the hypothesis; and, for a hypothesis about symbols that the claim does not mention (an index of its derivation), the proved
claim at values of these symbols that are admissible. A witness against it is looked for in `counterexample`.

A hypothesis named "NAME, at .." is an instance of the universal hypothesis NAME and goes with it. A hypothesis that cannot be
read once the other is gone is not used by the derivation either. Claims that the derivation uses lose the hypothesis as well.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import replace
from functools import reduce
from itertools import product

from theorycheck.derivation import Library, context_of
from theorycheck.domain import Domain
from theorycheck.exact.algebra_rules import identity
from theorycheck.exact.form import NotInForm
from theorycheck.exact.session import Session, Stuck, substitute_all
from theorycheck.fact import Fact, names_of
from theorycheck.statement import Claim, Statement
from theorycheck.tree import Node, free_names, num, sym


def droppable(domain: Domain) -> list[Fact]:
    """The hypotheses of a domain that can be left out one by one."""
    names = {f.name for f in domain.hypotheses}
    return [f for f in domain.hypotheses if f.name.split(", at ")[0] not in names - {f.name}]


def without(domain: Domain, dropped: Fact) -> Domain:
    """The domain with neither the hypothesis nor its instances."""
    gone = {f.name for f in domain.hypotheses if f == dropped or f.name.startswith(f"{dropped.name}, at ")}
    return only(domain, f"{domain.name}, without: {dropped.name}", lambda f: f.name not in gone)


def only(domain: Domain, name: str, keep: Callable[[Fact], bool]) -> Domain:
    """The domain with those hypotheses that are kept."""
    variables = tuple(replace(v, facts=tuple(filter(keep, v.facts))) for v in domain.variables)
    return replace(domain, name=name, variables=variables, conditions=tuple(filter(keep, domain.conditions)))


def readable(domain: Domain) -> Domain:
    """The domain with those hypotheses only that can be read one after the other."""
    if _can_be_read(domain):
        return domain
    kept: list[Fact] = []
    for f in domain.hypotheses:
        if _can_be_read(_these(domain, [*kept, f])):
            kept.append(f)
    return _these(domain, kept)


def _can_be_read(domain: Domain) -> bool:
    try:
        context_of(domain)
    except NotInForm:
        return False
    return True


def _these(domain: Domain, kept: Sequence[Fact]) -> Domain:
    return only(domain, domain.name, lambda f: any(f is k for k in kept))


def library_without(statements: Sequence[Statement], dropped: Fact) -> Library:
    """All claims, each on its domain without the hypothesis where it has that; claims that shared a domain still do."""
    domains: dict[int, Domain] = {}

    def moved(claim: Claim) -> Claim:
        if dropped not in claim.domain.hypotheses:
            return claim
        domain = domains.setdefault(id(claim.domain), readable(without(claim.domain, dropped)))
        return replace(claim, domain=domain)

    return Library(tuple(statements), moved)


def unconcerned(claim: Claim, dropped: Fact) -> bool:
    """Whether a claim that holds on its domain holds without a hypothesis about symbols that it does not mention.

    A definition of what is not mentioned can go. Else one of these symbols, or each, is put at an end of its range, near one
    that is excluded, or at half of what a hypothesis admits. If all hypotheses that mention it hold then, on the others alone,
    every instance without the hypothesis has such values; the claim holds there.
    """
    mentioned = free_names(claim.tree())
    symbols = names_of(dropped) - mentioned
    if not symbols:
        return False
    if _is_definition(claim.domain, dropped, mentioned) or any(_have_values(claim.domain, {name}) for name in sorted(symbols)):
        return True
    further = frozenset().union(*map(names_of, _about(claim.domain, symbols))) - mentioned
    return _have_values(claim.domain, symbols) or _have_values(claim.domain, further)


def _is_definition(domain: Domain, dropped: Fact, mentioned: Set[str]) -> bool:
    """Whether a hypothesis is an equation x = .. or x_l = .. for all l that only says what a matrix or family x is, which
    neither the claim nor another hypothesis mentions: there is such an x, whatever the others say, if the other side has a
    value."""
    if dropped.shows.head != "eq" or dropped.shows.nodes[0].head not in {"sym", "item", "chain"}:
        return False
    (left, right), others = dropped.shows.nodes, without(domain, dropped).hypotheses
    name, index = str(left.args[0]), [n.args[0] for n in left.nodes if n.head == "sym"]
    free = all(not (v.symmetric or v.positive or v.integer) for v in domain.variables if v.name == name)
    own = len(index) == len(left.nodes) and set(index) == set(dropped.variables)  # one layer is the chain from l to l
    if not (free and own) or name in mentioned | free_names(right) or any(name in names_of(f) for f in others):
        return False
    try:
        Session(others, context_of(without(domain, dropped))).read(right, extra=dropped.given)
    except (Stuck, NotInForm):
        return False
    return True


def _about(domain: Domain, symbols: Set[str]) -> list[Fact]:
    return [f for f in domain.hypotheses if names_of(f) & symbols]


def _have_values(domain: Domain, symbols: Set[str]) -> bool:
    """Whether all hypotheses that mention the symbols hold, given the others, with each symbol at an end of its range."""
    about, ranged = _about(domain, symbols), [v for v in domain.variables if v.name in symbols]
    if len(ranged) < len(symbols) or any(f.variables or f.given for f in about):
        return False
    others = only(domain, "the others", lambda f: f not in about)
    if not _can_be_read(others):
        return False
    session = Session(others.hypotheses, context_of(others))
    ends = [
        [
            *(_inside(f.shows) for f in v.facts if f.shows.nodes[0] == sym(v.name)),
            *(half for f in about if v.continuous and (half := _half_of(f.shows, v.name)) is not None),
        ]
        for v in ranged
    ]
    sizes = frozenset(v.name for v in domain.variables if v.positive and v.integer)
    names = [v.name for v in ranged]
    return any(_hold_at(session, about, dict(zip(names, at, strict=True)), sizes) for at in product(*ends))


def implied(domain: Domain, dropped: Fact) -> bool:
    """Whether a hypothesis follows from the others: by signs, or by their equations."""
    if dropped.variables or dropped.given:
        return False
    rest = without(domain, dropped)
    equations = [f for f in rest.hypotheses if f.shows.head == "eq" and not f.variables and not f.given]
    try:  # the other hypotheses may not even be readable without it, such as a Schatten norm without the sign of its exponent
        session = Session(rest.hypotheses, context_of(rest))
        if not session.holds(dropped.shows):
            session.show(dropped.shows, identity(*equations))
    except (Stuck, NotInForm):
        return False
    return True


def _inside(bound: Node) -> Node:
    """The value of x at x >= b or x <= b, or one beyond it where the bound is strict."""
    end = bound.nodes[1]
    return end + 1 if bound.head == "gt" else end - 1 if bound.head == "lt" else end


def _half_of(bound: Node, name: str) -> Node | None:
    """The value of x at which x is half as large as m x < b, or x < b, admits."""
    if bound.head not in {"lt", "le", "gt", "ge"}:
        return None
    low, high = bound.nodes if bound.head in {"lt", "le"} else bound.nodes[::-1]
    factors = low.nodes if low.head == "mul" else (low,)
    others = [x for x in factors if x != sym(name)]
    if len(others) + 1 != len(factors) or any(name in free_names(x) for x in (*others, high)):
        return None
    return reduce(lambda a, b: a / b, others, high / 2)


def _hold_at(session: Session, facts: Sequence[Fact], values: Mapping[str, Node], sizes: Set[str]) -> bool:
    """Whether hypotheses follow at values of some symbols, as a member of a family of `sizes` is at least 1; a value may
    mention a symbol that comes before."""
    shown = [f.shows for f in facts]
    for name, value in reversed(list(values.items())):
        shown = [substitute_all(x, {name: value}) for x in shown]
    return all(not free_names(x) & values.keys() and (session.holds(x) or _is_at_least_one(x, sizes)) for x in shown)


def _is_at_least_one(x: Node, sizes: Set[str]) -> bool:
    low, high = x.nodes[::-1] if x.head == "ge" else x.nodes
    return x.head in {"ge", "le"} and low == num(1) and high.head == "item" and high.args[0] in sizes
