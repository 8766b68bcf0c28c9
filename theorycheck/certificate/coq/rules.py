"""A script for each rule: how Coq shows a line from its premises. What has no script here is not translated."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

from theorycheck.certificate.coq import algebra, facts, flows, limits, matrices, sums
from theorycheck.certificate.coq.facts import at_hand
from theorycheck.certificate.coq.trees import NotTranslated, Tree, affine, has_free, identifier, num
from theorycheck.certificate.coq.writer import Writer

Script = Callable[[Writer, Tree, dict[str, Any]], str]


def both(w: Writer, goal: Tree, args: dict[str, Any]) -> str:
    at_hand(w, args["parts"])
    return "repeat split; assumption."


def part(w: Writer, goal: Tree, args: dict[str, Any]) -> str:
    label, _ = w.line(args["whole"])
    return f"assert (E := {label}); decompose [and] E; assumption."


def membership(w: Writer, goal: Tree, args: dict[str, Any]) -> str:
    label, _ = w.line(args.get("premise") or args["member"])
    return f"first [exact {label} | by_numbers {label}]."


def inner_rule(w: Writer, goal: Tree, call: Any) -> str:
    match call:
        case ["rule", {"rule": str(name), "args": dict(args)}]:
            return script_of(name)(w, goal, args)
    raise NotTranslated("a rule inside a rule")


def under(w: Writer, goal: Tree, args: dict[str, Any]) -> str:
    return inner_rule(w, goal, args["rule"])


def knowing(w: Writer, goal: Tree, args: dict[str, Any]) -> str:
    at_hand(w, args["shown"])
    return inner_rule(w, goal, args["rule"])


def assumed(w: Writer, goal: Tree, args: dict[str, Any]) -> str:
    return f"exact {w.label(goal)}."


def known(w: Writer, goal: Tree, args: dict[str, Any]) -> str:
    """A line whose assumptions hold."""
    k, holding = w.number(args["premise"]), [w.tree(c) for c in args["conditions"]]
    told = "".join(f" {'ltac:(side)' if a in holding else w.label(a)}" for a in w.shown[k].assumes)
    return f"exact (L{k + 1}{w.arguments(w.shown[k])}{told})."


def cut(w: Writer, goal: Tree, args: dict[str, Any]) -> str:
    k = w.number(args["line"])
    gone = {w.shown[w.number(s)].shows: w.line(s)[0] for s in args["shown"]}
    told = "".join(f" {gone.get(a) or w.label(a)}" for a in w.shown[k].assumes)
    return f"exact (L{k + 1}{w.arguments(w.shown[k])}{told})."


def either(w: Writer, goal: Tree, args: dict[str, Any]) -> str:
    low, high = w.tree(args["low"]), w.tree(args["high"])
    cases = [_case(w, w.number(args[n]), Tree(h, (low, high), None)) for n, h in (("strict", "lt"), ("equal", "eq"))]
    a, b = w.terms.real(low), w.terms.real(high)
    by = f"assert (Y0 : {a} < {b} \\/ {a} = {b}) by (apply Rle_cases; side)"
    if w.terms.is_index(low) and w.terms.is_index(high):
        a, b = w.terms.index(low), w.terms.index(high)
        by = f"assert (Y0 : ({a} < {b})%Z \\/ ({a} = {b})%Z) by lia"
    return f"{by}. destruct Y0 as [Y | Y]; [{cases[0]} | {cases[1]}]."


def cases(w: Writer, goal: Tree, args: dict[str, Any]) -> str:
    a, b = w.tree(args["a"]), w.tree(args["b"])
    both = ((args["below"], Tree("lt", (a, b), None)), (args["above"], Tree("le", (b, a), None)))
    first, second = (_case(w, w.number(line), case) for line, case in both)
    return f"destruct (Rlt_le_dec {w.terms.real(a)} {w.terms.real(b)}) as [Y | Y]; [{first} | {second}]."


def ends(w: Writer, goal: Tree, args: dict[str, Any]) -> str:
    """At both ends of a range, and inside."""
    i = w.tree(args["index"])
    name, (lo, hi) = identifier(i.name), (w.terms.index(e) for e in w.range_of(i.name))
    first, last = (w.line(args[k])[0] for k in ("first", "last"))
    k = w.number(args["inner"])
    told = "".join(" ltac:(lia)" if has_free(a, i.name) else f" {w.label(a)}" for a in w.shown[k].assumes)
    inner = f"exact (L{k + 1}{w.arguments(w.shown[k])}{told})"
    cases = "".join(
        f"destruct (Z.eq_dec {name} {end}) as [Y{k} | Y{k}]; [assert (E := {at}); subst {name}; agree E |]. "
        for k, (end, at) in enumerate(((lo, first), (hi, last)))
    )
    return f"{cases}{inner}."


def _case(w: Writer, k: int, case: Tree) -> str:
    assumes = "".join(" Y" if a == case else f" {w.label(a)}" for a in w.shown[k].assumes)
    return f"exact (L{k + 1}{w.arguments(w.shown[k])}{assumes})"


RULES: dict[str, Script] = {
    "algebra_rules.identity": algebra.identity,
    "algebra_rules.linear": algebra.linear,
    "algebra_rules.sign": algebra.sign,
    "fact_rules.given": facts.given,
    "fact_rules.given_with": facts.given,
    "fact_rules.trivially": facts.trivially,
    "fact_rules.both": both,
    "fact_rules.uses": facts.fact,
    "fact_rules.cite": facts.fact,
    "fact_rules.under": under,
    "fact_rules.either": either,
    "induction_rules.assumed": assumed,
    "homogeneous_rules.assumed": assumed,
    "basic_rules.knowing": knowing,
    "basic_rules.cut": cut,
    "basic_rules.part": part,
    "basic_rules.by_squares": algebra.by_squares,
    "basic_rules.in_ball": membership,
    "basic_rules.of_ball": membership,
    "function_rules.applied": matrices.applied_to,
    "matrix_rules.multiplied": matrices.multiplied,
    "matrix_rules.vanishes": matrices.vanishes,
    "matrix_rules.scaled": matrices.scaled,
    "induction_rules.over": sums.over,
    "homogeneous_rules.induction": sums.over,
    "algebra_rules.raised": algebra.raised,
    "index_rules.last_one": sums.last_one,
    "index_rules.member": sums.member,
    "matrix_rules.defined": matrices.defined,
    "index_rules.termwise": sums.termwise,
    "index_rules.congruence": matrices.congruence,
    "leading_rules.moved": limits.moved,
    "leading_rules.diverges": limits.diverges,
    "homogeneous_rules.vanishes": matrices.vanishes,
    "homogeneous_rules.transposed": matrices.transposed,
    "homogeneous_rules.known": known,
    "homogeneous_rules.cases": cases,
    "homogeneous_rules.ends": ends,
    "homogeneous_rules.differentiated": flows.differentiated,
    "homogeneous_rules.unique_flow": flows.unique_flow,
    "flow_rules.above": flows.above,
    "flow_rules.gronwall": flows.gronwall,
    "index_rules.telescope": sums.telescope,
    "extremum_rules.antisymmetric": matrices.antisymmetric,
}


def script_of(rule: str) -> Script:
    if rule not in RULES:
        raise NotTranslated(f"the rule {rule}")
    return RULES[rule]


def assumptions(w: Writer, goal: Tree, rule: str, args: dict[str, Any]) -> tuple[Tree, ...]:
    """What a line rests on: the assumptions of its premises, what its rule adds, less what it discharges."""
    found = dict.fromkeys(a for k in premises(args) for a in w.shown[k].assumes)
    match rule:
        case "fact_rules.under":
            inner = args["rule"][1]
            found = dict.fromkeys([*assumptions(w, goal, inner["rule"], inner["args"]), *map(w.tree, args["conditions"])])
        case "induction_rules.assumed" | "homogeneous_rules.assumed":
            found[goal] = None
        case "basic_rules.knowing" | "basic_rules.cut":
            if rule.endswith("knowing"):
                inner = args["rule"][1]
                found |= dict.fromkeys(assumptions(w, goal, inner["rule"], inner["args"]))
            gone = {w.shown[w.number(s)].shows for s in args["shown"]}
            found = {a: None for a in found if a not in gone}
        case "homogeneous_rules.known":
            found = {a: None for a in found if a not in [w.tree(c) for c in args["conditions"]]}
        case "homogeneous_rules.cases":
            a, b = w.tree(args["a"]), w.tree(args["b"])
            found = {x: None for x in found if x not in (Tree("lt", (a, b), None), Tree("le", (b, a), None))}
        case "homogeneous_rules.ends":
            i = w.tree(args["index"])
            lo, hi = w.range_of(i.name)
            inside = (Tree("le", (Tree("add", (lo, num(1))), i), None), sums.next_one(i, hi))
            found = {x: None for x in found if not same_ends(x, inside)}
        case "fact_rules.either":
            low, high = w.tree(args["low"]), w.tree(args["high"])
            found = {a: None for a in found if a not in (Tree("lt", (low, high), None), Tree("eq", (low, high), None))}
        case "induction_rules.over" | "homogeneous_rules.induction":
            h = w.tree(args.get("h") or args["index"])
            hi = w.range_of(str(h.args[0]))[1]
            found = {a: None for a in found if a not in (goal, sums.next_one(h, hi))}
    return tuple(found)


def same_ends(x: Tree, among: tuple[Tree, ...]) -> bool:
    """Whether a relation is one of these between indices, in whatever form their ends are written."""
    if x.head != "le" or not all(p.shape == () for p in x.parts):
        return False
    with contextlib.suppress(NotTranslated):
        return any([affine(p) for p in x.parts] == [affine(p) for p in y.parts] for y in among)
    return False


def premises(x: Any) -> list[int]:
    """The lines among the arguments of a rule."""
    match x:
        case ["line", int(k)]:
            return [k]
        case ["rule", {"args": inner}]:
            return premises(inner)
        case ["generic", {"line": int(k)}]:
            return [k]
        case dict():
            return [k for v in x.values() for k in premises(v)]
        case list():
            return [k for v in x for k in premises(v)]
    return []
