"""Scripts that use a hypothesis, a fact or a line as it stands, at an instance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from theorycheck.certificate.coq.expectations import mean
from theorycheck.certificate.coq.instances import substituted
from theorycheck.certificate.coq.statement import Universal, bound, settling
from theorycheck.certificate.coq.trees import NotTranslated, Tree, identifier, walk
from theorycheck.certificate.coq.writer import Writer


def instance(w: Writer, u: Universal, binding: dict[str, Any], goal: Tree) -> str:
    """The universal hypothesis at an instance, and the goal from it, by normal forms."""
    binding = {u.renamed.get(v, v): x for v, x in binding.items()}
    trees = {v: w.tree(x) for v, x in binding.items() if isinstance(x, list)}
    names = {v: str(x) for v, x in binding.items() if not isinstance(x, list)}
    terms = []
    for v, kind in bound(u, w.terms).items():
        own = {identifier(n): n for n in u.variables}
        if kind == "Type" or kind.startswith("Omega"):
            terms.append(v)
            continue
        if kind.startswith("(Omega"):
            law = next(x for t in u.trees for x in walk(t) if x.head == "expect" and mean(x, w.terms) == v)
            terms.append(mean(substituted(law, trees, names), w.terms))
            continue
        name = own.get(v) or own[v.removeprefix("grad_")]
        if name in trees:
            terms.append(f"({w.terms.index(trees[name])})%Z" if kind == "Z" else w.terms.any(trees[name]))
        else:
            terms.append(("" if v in own else "grad_") + identifier(names.get(name, name)))
    term = f"({' '.join([u.label, *terms])})" if terms else u.label
    if u.shows.head == "eq" and u.shows.parts[0].head == "gradient":
        return _gradient(w, term, substituted(u.shows, trees, names), goal)
    if here_limits := settling(u.shows, w.terms):
        here_limits = settling(substituted(u.shows, {}, names), w.terms)
        label = f"S{len(w.settled) + 1}"
        known = f"assert (E0 := {term}). repeat (specialize (E0 ltac:(side))). exact (proj1 E0)."
        w.settled.append((label, f"assert ({label} : {here_limits}).\n{{ {known} }}"))
    if goal.head == "psd":
        return f"apply {term}; side."
    here = substituted(u.shows, trees, names)
    parted = "destruct E0 as [S0 E0]. " if here_limits else ""
    return (
        f"assert (E0 := {term}); repeat (specialize (E0 ltac:(side))). {parted}"
        f"first [assert (E : {w.terms.prop(here)}) by (agree E0) | powers_in E0; rename E0 into E]. "
        f"{w.ready([goal, here])}{from_relation(w, 'E', goal)}"
    )


def _gradient(w: Writer, term: str, here: Tree, goal: Tree) -> str:
    """What a hypothesis says to be a gradient is the one that the rules of derivatives give."""
    node, value = here.parts
    if node not in w.derived:
        raise NotTranslated("a gradient that no line mentions")
    d, own = w.derived[node]
    says = f"{own.any(d.explicit)} = {w.terms.any(value)}"
    return (
        f"assert (E0 := {term}); repeat (specialize (E0 ltac:(side))). "
        f"assert (D0 : {d.says} {own.any(d.explicit)}).\n  {{ {d.script} }}\n  "
        f"assert (E1 : {d.says} {w.terms.any(value)}) by (agree E0). "
        f"assert (E : {says}) by (eapply gradient_same; [| exact D0 | exact E1 | intros; reflexivity]; size). "
        f"{w.ready([goal, here])}{from_relation(w, 'E', goal)}"
    )


def from_relation(w: Writer, label: str, goal: Tree) -> str:
    if w.terms.whole(goal):
        return f"first [exact {label} | lia]."
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
        match p:
            case ["line", _] | [["line", _], *_]:
                w.line(p if p[0] == "line" else p[0])


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
