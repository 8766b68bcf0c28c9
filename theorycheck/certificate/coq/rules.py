"""A script for each rule: how Coq shows a line from its premises. What has no script here is not translated."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

from theorycheck.certificate.coq.derive import add, matmul, transpose
from theorycheck.certificate.coq.instances import instances, substituted
from theorycheck.certificate.coq.statement import Universal, declare
from theorycheck.certificate.coq.terms import NotTranslated, Tree, identifier, num
from theorycheck.certificate.coq.writer import Writer, head_of, sides

Script = Callable[[Writer, Tree, dict[str, Any]], str]


# --- equations to rewrite with ----------------------------------------------------------------------------------------------
def rewriting(w: Writer, goal: Tree, using: Sequence[Any], also: Sequence[Tree] = ()) -> tuple[str, list[str]]:
    """(preparation, names of the equations between numbers): each equation of `using` at its instances in the line."""
    script, numbers, count = "", [], itertools.count(1)
    everywhere = [goal, *also]
    for u in w.equations(using):
        if u.shows.head != "eq":
            raise NotTranslated("rewriting with what is no equation")
        for values in instances(u, everywhere, w.terms):
            name, term = f"U{next(count)}", applied(w, u, values)
            left, right = (substituted(p, values) for p in u.shows.parts)
            by = f"by (assert (E0 := {term}); repeat (specialize (E0 ltac:(condition))); agree E0)"
            if left.shape == ():
                script += f"assert ({name} : {w.terms.real(left)} = {w.terms.real(right)}) {by}. "
                numbers.append(name)
            else:
                m, n = w.terms.size(left)
                script += f"try assert ({name} : meq {m} {n} {w.terms.matrix(left)} {w.terms.matrix(right)}) {by}. "
    return script, numbers


def applied(w: Writer, u: Universal, values: dict[str, Tree]) -> str:
    """The name of a universal hypothesis at values of its variables; its conditions are left open."""
    names = declare([u.shows, *u.given], w.terms).binders
    given = [f"({w.terms.index(values[v])})%Z" if v in values else "_" for v in u.variables if identifier(v) in names]
    return f"({' '.join([u.label, *given])})"


def closing(numbers: Sequence[str]) -> str:
    """What ends an identity between numbers in normal form."""
    if not numbers:
        return "closed_by_field"
    names = " ".join(numbers)
    return f"first [closed_by_field | ring [{names}] | (field [{names}]; nonzero) | lra | nra]"


def in_traces(numbers: Sequence[str]) -> str:
    """All traces of the goal, and of these equations, in normal form."""
    names = " ".join(numbers)
    return f"revert {names}; traces_of_words; intros {names}; " if numbers else "traces_of_words; "


# --- algebra ----------------------------------------------------------------------------------------------------------------
def identity(w: Writer, goal: Tree, args: dict[str, Any]) -> str:
    script, numbers = rewriting(w, goal, args.get("using", []))
    script += w.products([goal, *(u.shows for u in w.equations(args.get("using", [])))])
    if goal.parts[0].shape == ():
        return f"{script}{in_traces(numbers)}{closing(numbers)}."
    return script + words(w, goal.parts[0], numbers)


def words(w: Writer, side: Tree, numbers: Sequence[str] = ()) -> str:
    m, n = w.terms.size(side)
    return f"words {m} {n} ltac:({in_traces(numbers)}{closing(numbers)})."


def gap(w: Writer, relation: Tree) -> str:
    """high - low of a relation between numbers."""
    low, high = sides(relation)
    return f"({w.terms.real(high)} - {w.terms.real(low)})"


def linear(w: Writer, goal: Tree, args: dict[str, Any]) -> str:
    pairs = []
    for t in args.get("terms", []):
        pair = (t, None) if t and t[0] == "line" else (t[0], w.tree(t[1]))
        pairs.append((*w.line(pair[0]), pair[1]))
    squares = [(w.tree(c), w.tree(body)) for c, body in args.get("squares", [])]
    also = [*(p[1] for p in pairs), *(p[2] for p in pairs if p[2]), *(t for s in squares for t in s)]
    slack = [w.line(s) for s in args.get("slack", [])]
    script, numbers = rewriting(w, goal, args.get("using", []), also)
    script += w.products([goal, *also, *(u.shows for u in w.equations(args.get("using", [])))])
    if goal.parts[0].shape != ():
        return script + _of_matrices(w, goal, pairs, numbers)
    return script + of_numbers(w, goal, pairs, squares, numbers, [label for label, _ in slack])


def of_numbers(
    w: Writer, goal: Tree, pairs: Sequence[Any], squares: Sequence[Any], numbers: Sequence[str] = (), slack: Sequence[str] = ()
) -> str:
    """The goal as a sum of multiplier * premise and coefficient * square, and what has a sign."""
    script, parts = "", []
    for k, (label, shows, factor) in enumerate(pairs, start=1):
        m, by = "1" if factor is None else w.terms.real(factor), gap(w, shows)
        part = f"({m} * {by})"
        if shows.head == "eq":
            script += f"assert (T{k} : {part} = 0) by (replace {by} with 0 by (generalize {label}; lra); ring). "
        else:
            script += f"assert (T{k} : 0 <= {part}) by (apply Rmult_le_pos; [sign | generalize {label}; lra]). "
        if head_of(shows) == "lt":
            script += f"try assert (P{k} : 0 < {part}) by (apply Rmult_lt_0_compat; [sign | generalize {label}; lra]). "
        parts.append(part)
    for k, (c, e) in enumerate(squares, start=1):
        square = w.terms.real(Tree("pow", (e if e.shape == () else Tree("norm", (e,)), num(2))))
        part = f"({w.terms.real(c)} * {square})"
        script += f"assert (S{k} : 0 <= {part}) by (apply Rmult_le_pos; [sign | apply pow2_ge_0]). "
        parts.append(part)
    low, high = sides(goal)
    rest = f"{w.terms.real(high)} - {w.terms.real(low)} - ({' + '.join(parts) or '0'})"
    normal = in_traces(numbers)
    ways = [f"assert (Z0 : {rest} = 0) by ({normal}{closing(numbers)})"]
    if goal.head != "eq":
        extra = "".join(f"generalize {s}; " for s in slack)
        ways += [
            f"assert (Z0 : 0 < {rest}) by ({extra}{normal}left_over)",
            f"assert (Z0 : 0 <= {rest}) by ({extra}{normal}left_over)",
        ]
    return script + f"first [{' | '.join(ways)}]; lra."


def _of_matrices(w: Writer, goal: Tree, pairs: Sequence[Any], numbers: Sequence[str]) -> str:
    low, high = "mzero", "mzero"
    for _, shows, factor in pairs:
        p, q = shows.parts
        if p.shape == ():
            raise NotTranslated("a number as premise of an equation between matrices")
        m = "1" if factor is None else w.terms.real(factor)
        low, high = f"(madd {low} (mscal {m} {w.terms.matrix(p)}))", f"(madd {high} (mscal {m} {w.terms.matrix(q)}))"
    same = "".join(f"rewrite {label}; " for label, _, _ in pairs)
    return f"apply from_gap with {low} {high}; [{words(w, goal.parts[0], numbers)[:-1]} | {same}exact eq_refl]."


def sign(w: Writer, goal: Tree, args: dict[str, Any]) -> str:
    return linear(w, goal, {"using": args.get("using", [])})


def by_squares(w: Writer, goal: Tree, args: dict[str, Any]) -> str:
    label, shows = w.line(args["premise"])
    low, high = (w.terms.real(s) for s in sides(goal))
    a, b = (w.terms.real(s) for s in sides(shows))
    return (
        f"apply Rsqr_incr_0_var; [| sign]. rewrite !Rsqr_pow2. generalize {label}; intros E. "
        f"assert (Z0 : {high} ^ 2 - {low} ^ 2 - ({b} - {a}) = 0) by (squares; traces_of_words; closed_by_field); lra."
    )


# --- facts ------------------------------------------------------------------------------------------------------------------
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


# --- logic ------------------------------------------------------------------------------------------------------------------
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


def _case(w: Writer, k: int, case: Tree) -> str:
    assumes = "".join(" Y" if a == case else f" {w.label(a)}" for a in w.shown[k].assumes)
    return f"exact (L{k + 1}{w.arguments(w.shown[k])}{assumes})"


# --- matrices ---------------------------------------------------------------------------------------------------------------
def multiplied(w: Writer, goal: Tree, args: dict[str, Any]) -> str:
    label, shows = w.line(args["premise"])
    outer = [w.tree(args[k]) if args.get(k) else None for k in ("left", "right")]
    ends = [matmul(*(x for x in (outer[0], s, outer[1]) if x is not None)) for s in shows.parts]
    opened = w.products([goal, *ends])
    if goal.parts[0].shape == ():
        a, b = (f"(trace {w.terms.size(e)[0]} {w.terms.matrix(e)})" for e in ends)
        left, right = (w.terms.real(s) for s in goal.parts)
        return (
            f"assert (E : {a} = {b}) by (rewrite {label}; exact eq_refl). {opened}"
            f"assert (Z0 : {left} - {right} - ({a} - {b}) = 0) by (traces_of_words; closed_by_field); lra."
        )
    a, b = (w.terms.matrix(e) for e in ends)
    return f"{opened}apply from_gap with {a} {b}; [{words(w, goal.parts[0])[:-1]} | rewrite {label}; exact eq_refl]."


def scaled(w: Writer, goal: Tree, args: dict[str, Any]) -> str:
    (label, shows), (other, factor) = w.line(args["premise"]), w.line(args["factor"])
    part = f"({gap(w, factor)} * {gap(w, shows)})"
    low, high = sides(goal)
    rest = f"{w.terms.real(high)} - {w.terms.real(low)} - {part}"
    return (
        f"assert (T1 : 0 <= {part}) by (apply Rmult_le_pos; [generalize {other}; lra | generalize {label}; lra]). "
        f"assert (Z0 : {rest} = 0) by (traces_of_words; closed_by_field); lra."
    )


def congruence(w: Writer, goal: Tree, args: dict[str, Any]) -> str:
    label, shows = w.line(args["premise"])
    p, m = shows.parts[0], w.tree(args["outer"])
    low, high = sides(goal)
    term = w.terms.real(Tree("trace", (matmul(transpose(m), p, m),)))
    rest = f"{w.terms.real(high)} - {w.terms.real(low)} - {term}"
    return (
        f"assert (E := psd_trace {w.terms.size(p)[0]} {w.terms.size(m)[1]} {w.terms.matrix(p)} {w.terms.matrix(m)} {label} "
        f"ltac:(size)). assert (Z0 : {rest} = 0) by (traces_of_words; closed_by_field); lra."
    )


def antisymmetric(w: Writer, goal: Tree, args: dict[str, Any]) -> str:
    at_hand(w, [a for a in args.values() if isinstance(a, list)])
    return "apply Rle_antisym; lra."


def vanishes(w: Writer, goal: Tree, args: dict[str, Any]) -> str:
    label, shows = w.line(args["premise"])
    left, right = goal.parts
    difference = add(left, Tree("neg", (right,), right.shape))
    (m, n), (u, v) = w.terms.size(left), (w.terms.real(s) for s in shows.parts)
    term = f"trace {n} (mmul {m} (mtr {w.terms.matrix(difference)}) {w.terms.matrix(difference)})"
    ways = " | ".join(f"assert (Z0 : {term} {s} ({u} - {v}) = 0) by (traces_of_words; closed_by_field)" for s in "-+")
    return f"apply of_norm_zero with {m} {n}; [size | size |]. first [{ways}]; generalize {label}; lra."


# --- generic indices --------------------------------------------------------------------------------------------------------
def over(w: Writer, goal: Tree, args: dict[str, Any]) -> str:
    """Induction over the range of an index."""
    h = w.tree(args.get("h") or args["index"])
    name, base, step = identifier(str(h.args[0])), w.number(args["base"]), w.number(args["step"])
    lo, hi = w.range_of(str(h.args[0]))
    start = substituted(goal, {str(h.args[0]): lo})
    following = substituted(goal, {str(h.args[0]): Tree("add", (h, num(1)))})
    own = {goal: "IH", _next(h, hi): "ltac:(index_condition)"}
    ranges = " ".join("ltac:(index_condition)" for _ in w.generic[str(h.args[0])])
    told = " ".join(own[a] if a in own else w.label(a) for a in w.shown[step].assumes)
    if w.indices(w.shown[step]) != [str(h.args[0])]:
        raise NotTranslated("an induction over one of several indices")
    predicate, from_base, from_step = f"(fun {name} => {w.terms.prop(goal)})", _agreeing(w, start), _agreeing(w, following)
    return (
        f"apply (range_induction {predicate} {w.terms.index(lo)}%Z {name}); [| | index_condition].\n"
        f"  {{ assert (E : {w.terms.prop(start)}) by exact {w.at_hand(base)}. cbv beta. {w.products([start])}{from_base} }}\n"
        f"  {{ clear {' '.join(w.used)}. intros {name}k K1 K2 IH. assert (E := L{step + 1} {name}k {ranges} {told}). "
        f"cbv beta in E |- *. {from_step} }}"
    )


def _agreeing(w: Writer, goal: Tree) -> str:
    return f"first [agree E | {from_relation(w, 'E', goal)[:-1]}]."


def termwise(w: Writer, goal: Tree, args: dict[str, Any]) -> str:
    """A relation for each index of a range, summed."""
    i, k = w.tree(args["i"]), w.number(args["premise"])
    name, shows = identifier(str(i.args[0])), w.shown[k].shows
    lo, hi = w.range_of(str(i.args[0]))
    if w.indices(w.shown[k]) != [str(i.args[0])]:
        raise NotTranslated("a sum over one of several indices")
    a, b = (w.terms.real(Tree("sum", (str(i.args[0]), lo, hi, side))) for side in sides(shows))
    sign, lemma = ("=", "zsum_eq") if shows.head == "eq" else ("<=", "zsum_le")
    ranges = " ".join("ltac:(index_condition)" for _ in w.generic[str(i.args[0])])
    line = f"L{k + 1} {name} {ranges} {' '.join(w.label(x) for x in w.shown[k].assumes)}"
    return (
        f"assert (E : {a} {sign} {b}) by (apply {lemma}; intros {name} K1 K2; generalize ({line}); lra). sums_in E. by_sums E."
    )


def _next(h: Tree, hi: Tree) -> Tree:
    return Tree("le", (Tree("add", (h, num(1)), ()), hi), None)


RULES: dict[str, Script] = {
    "algebra_rules.identity": identity,
    "algebra_rules.linear": linear,
    "algebra_rules.sign": sign,
    "fact_rules.given": given,
    "fact_rules.given_with": given,
    "fact_rules.trivially": trivially,
    "fact_rules.both": both,
    "fact_rules.uses": fact,
    "fact_rules.cite": fact,
    "fact_rules.under": under,
    "fact_rules.either": either,
    "induction_rules.assumed": assumed,
    "homogeneous_rules.assumed": assumed,
    "basic_rules.knowing": knowing,
    "basic_rules.cut": cut,
    "basic_rules.part": part,
    "basic_rules.by_squares": by_squares,
    "basic_rules.in_ball": membership,
    "basic_rules.of_ball": membership,
    "matrix_rules.multiplied": multiplied,
    "matrix_rules.vanishes": vanishes,
    "matrix_rules.scaled": scaled,
    "induction_rules.over": over,
    "homogeneous_rules.induction": over,
    "index_rules.termwise": termwise,
    "index_rules.congruence": congruence,
    "extremum_rules.antisymmetric": antisymmetric,
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
        case "fact_rules.either":
            low, high = w.tree(args["low"]), w.tree(args["high"])
            found = {a: None for a in found if a not in (Tree("lt", (low, high), None), Tree("eq", (low, high), None))}
        case "induction_rules.over" | "homogeneous_rules.induction":
            h = w.tree(args.get("h") or args["index"])
            hi = w.range_of(str(h.args[0]))[1]
            found = {a: None for a in found if a not in (goal, _next(h, hi))}
    return tuple(found)


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
