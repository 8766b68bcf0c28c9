"""Scripts that use a hypothesis, a fact or a line as it stands, at an instance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from theorycheck.certificate.coq.statement import Universal, declare
from theorycheck.certificate.coq.trees import NotTranslated, Tree, identifier
from theorycheck.certificate.coq.writer import Writer


def instance(w: Writer, u: Universal, binding: dict[str, Any], goal: Tree) -> str:
    """The universal hypothesis at an instance, and the goal from it, by normal forms."""
    names = declare([u.shows, *u.given], w.terms).binders
    terms = []
    for v in u.variables:
        if identifier(v) not in names:
            continue
        value = binding.get(v, v)
        new = value if isinstance(value, str) else w.tree(value)
        kind = names[identifier(v)]
        terms.append(
            identifier(new) if isinstance(new, str) else f"({w.terms.index(new)})%Z" if kind == "Z" else w.terms.any(new)
        )
    term = f"({' '.join([u.label, *terms])})" if terms else u.label
    if goal.head == "psd":
        return f"apply {term}; side."
    return f"assert (E := {term}); repeat (specialize (E ltac:(side))). {w.products([goal])}{from_relation(w, 'E', goal)}"


def from_relation(w: Writer, label: str, goal: Tree) -> str:
    if goal.head in {"eq", "le", "lt", "ge", "gt"} and goal.parts[0].shape != ():
        m, n = w.terms.size(goal.parts[0])
        return f"by_matrices {m} {n} {label}."
    return f"first [exact {label} | by_numbers {label}]."


def given(w: Writer, goal: Tree, args: dict[str, Any]) -> str:
    name = args["name"]
    if name not in w.labels:
        raise NotTranslated(f"the hypothesis {name!r}")
    at_hand(w, args.get("premises", []))
    return instance(w, w.labels[name], args.get("binding", {}), goal)


def at_hand(w: Writer, premises: Sequence[Any]) -> None:
    for p in premises:
        if p[0] == "line":
            w.line(p)


def fact(w: Writer, goal: Tree, args: dict[str, Any]) -> str:
    at_hand(w, args.get("premises", []))
    if "fact" in args and args["fact"][0] in {"generic", "hypothesis"}:
        return instance(w, w.equations([args["fact"]])[0], args.get("binding", {}), goal)
    found = args["claim"] if "claim" in args else args["fact"][1]
    if found not in w.facts:
        raise NotTranslated(f"the fact {found!r}")
    return instance(w, w.facts[found], args.get("binding", {}), goal)


def trivially(w: Writer, goal: Tree, args: dict[str, Any]) -> str:
    return "first [assumption | side | lra]."
