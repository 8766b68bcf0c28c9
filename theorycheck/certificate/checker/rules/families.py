"""Cited facts about a family of numbers, for the family whose member at an index is a given term."""

from __future__ import annotations

from typing import Any

from ..core import (
    Checker,
    Fact,
    Line,
    Node,
    bound_names,
    indices,
    is_relation,
    is_strict,
    mentioning,
    need,
    node,
    read,
    sides,
    substitute,
    usable,
    walk,
    whole,
    with_relations,
)  # fmt: skip


def cite_terms(
    ck: Checker,
    goal: Node,
    fact: Fact,
    family: str,
    index: Node,
    term: Node,
    premises: list[Line] = [],  # noqa: B006
    binding: dict[str, Any] = {},  # noqa: B006
) -> None:
    """The fact with family[j] replaced by the term at j; what it needs of all members must follow from signs."""
    usable(ck, fact)
    need(fact.kind == "cited" and not fact.definite and not fact.positive, f"{fact.name} is not a fact about any numbers")
    need({family, *binding} <= set(fact.variables) and family not in binding, f"{fact.name} has no such variable")
    need(family not in fact.integers and term.shape == () == index.shape and index.head == "sym", "a term for each index")
    values = frozenset().union(*(v.free if isinstance(v, Node) else {v} for v in binding.values()))
    bound = {b for tree in (fact.shows, *fact.given) for t in walk(tree) for b in bound_names(t.head, t.args)}
    need(family not in values and not (term.free - {index.args[0]}) & bound, f"a name of the term has a meaning in {fact.name}")
    for name in (indices([fact.shows, *fact.given]) | fact.integers) & set(fact.variables) - {family}:
        value = binding.get(name, name)
        if isinstance(value, Node):
            whole(read(value, ck.context), ck.context)
        else:
            need(value in ck.context.integers, f"{name} is an integer in {fact.name}, but {value} is none here")

    def put(tree: Node) -> Node:
        return with_terms(substitute(tree, binding), family, index.args[0], term)

    for condition in fact.given:
        need(ck.holds(put(condition), premises), f"a condition of {fact.name} is not shown: {condition}")
    for h in fact.needs:
        _needed(ck, h, put, values | term.free | set(binding))
    need(ck.same(goal, put(fact.shows)), f"{fact.name} says something else")
    if is_relation(goal):
        ck.gap(goal)


def with_terms(tree: Node, family: str, index: str, term: Node) -> Node:
    if family not in tree.free:
        return tree
    if tree.head == "item" and tree.args[0] == family:
        return substitute(term, {index: with_terms(tree.trees[0], family, index, term)})
    need(family not in tree.args, f"{family} stands elsewhere than in its members")
    shape = tree.shape and tuple(with_terms(s, family, index, term) for s in tree.shape)
    args = (with_terms(a, family, index, term) if isinstance(a, Node) else a for a in tree.args)
    return node(tree.head, *args, shape=shape)


def _needed(ck: Checker, h: Fact, put: Any, used: frozenset[str]) -> None:
    """Whether an order relation holds for all values of the variables of h, which are integers where they are indices."""
    taken = used | ck.context.integers
    need(not any(mentioning(ck, v) or v in taken for v in h.variables), f"a variable of {h.name!r} is used elsewhere")
    need(not h.needs, f"{h.name!r} has needs of its own")
    ctx = ck.context.adding([], indices([h.shows, *h.given]) & set(h.variables))
    ctx = with_relations(ctx, map(put, h.given))
    low, high = (read(side, ctx) for side in sides(put(h.shows)))
    ordered = h.shows.head != "eq" and ctx.sign(high - low) >= 1 + is_strict(h.shows)
    need(ordered, f"{h.name!r} is not known of the terms")


RULES = {"extremum_rules.cite_terms": cite_terms}
