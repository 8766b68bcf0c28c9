"""The file of one certificate: statement, and a script with an assertion for each line of the derivation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from theorycheck.certificate import coq_chains
from theorycheck.certificate.coq import Certificate, Derived, Universal, declare, derivatives, derived, read, stated
from theorycheck.certificate.coq_derive import add, matmul, transpose
from theorycheck.certificate.coq_terms import NotTranslated, Terms, Tree, identifier, integer_names, num, walk

HEADER = "Require Import TheoryCheck.\nOpen Scope R_scope.\n"
FLIPPED = {"ge": "le", "gt": "lt"}


def sides(x: Tree) -> tuple[Tree, Tree]:
    a, b = x.parts
    return (b, a) if x.head in FLIPPED else (a, b)


def head_of(x: Tree) -> str:
    return FLIPPED.get(x.head, x.head)


@dataclass
class Writer:
    """What a script may refer to: the certificate, how trees are written, names of hypotheses and facts."""

    cert: Certificate
    terms: Terms
    labels: dict[str, Universal]
    facts: dict[str, Universal]
    shown: list[Tree] = field(default_factory=list)
    splits: str = ""

    def tree(self, arg: Any) -> Tree:
        match arg:
            case ["tree", int(k)]:
                return self.cert.trees[k]
        raise NotTranslated(f"an argument {str(arg)[:40]}")

    def line(self, arg: Any) -> tuple[str, Tree]:
        match arg:
            case ["line", int(k)]:
                return f"L{k + 1}", self.shown[k]
        raise NotTranslated(f"a premise {str(arg)[:40]}")

    def equations(self, using: Sequence[Any]) -> list[Universal]:
        found = []
        for u in using:
            match u:
                case str() | ["hypothesis", str()]:
                    name = u if isinstance(u, str) else u[1]
                    if name not in self.labels:
                        raise NotTranslated(f"the hypothesis {name!r}")
                    found.append(self.labels[name])
                case ["line", int(k)]:
                    found.append(Universal(f"L{k + 1}", f"line {k + 1}", self.shown[k]))
                case _:
                    raise NotTranslated(f"an equation {str(u)[:30]}")
        return found


# --- rewriting with equations -----------------------------------------------------------------------------------------------
def rewriting(w: Writer, using: Sequence[Any]) -> tuple[str, str]:
    """(preparation, normalization): continuations of the equations between words, and rewriting with all of them."""
    prepare, rules = "", []
    for u in w.equations(using):
        if u.shows.head != "eq":
            raise NotTranslated("rewriting with what is no equation")
        left, right = u.shows.parts
        names = declare([u.shows, *u.given], w.terms).binders
        binders = " ".join(f"({identifier(v)} : {names[identifier(v)]})" for v in u.variables)
        given = "".join(f"({w.terms.prop(g)}) -> " for g in u.given)
        by = " by side" if u.variables or u.given else ""
        if left.shape == ():
            if left.head == "pow" or any(x.head in {"norm", "inner"} for x in walk(left)):
                prepare += f"assert ({u.label}n := {u.label}); rewrite ?norm_sqr, ?inner_trace in {u.label}n. "
                rules.append(f"rewrite {u.label}n{by}")
            rules.append(f"rewrite {u.label}{by}")
            continue
        for end, (l, r, how) in enumerate(((left, right, ""), (transpose(left), transpose(right), "t"))):
            parts = _letters(l)
            if how and parts == _letters(left):
                continue
            label = f"{u.label}{how}"
            if how:
                q = f"forall {binders}, " if binders else ""
                prepare += (
                    f"assert ({label} : {q}{given}{_word(w, parts)} = {w.terms.matrix(r)}) by "
                    f"(intros; assert (E := f_equal mtr ({u.label}{' _' * 0})); revert E; spread; auto). "
                    if not binders and not given
                    else ""
                )
                if binders or given:
                    continue
            rules.append(f"rewrite {label}{by}")
            if len(parts) > 1:
                q = f"forall {binders}, " if binders else ""
                tail = _word(w, parts, "q Z0")
                prepare += (
                    f"assert ({label}c : {q}{given}forall q Z0, {tail} = mmul q {w.terms.matrix(r)} Z0) by "
                    f"(intros; {'rewrite <- ?mmul_assoc; ' }rewrite {label}{by}; exact eq_refl). "
                )
                rules.append(f"rewrite {label}c{by}")
            del end
    if not rules:
        return "", ""
    return prepare, f"scalars; spread; do 8 (try (progress (first [{' | '.join(rules)}]; scalars; spread))); "


def _letters(x: Tree) -> list[Tree]:
    """The letters of a word, transposes pushed inside."""
    match x.head:
        case "matmul":
            return [q for p in x.parts for q in _letters(p)]
        case "transpose" if x.parts[0].head in {"matmul", "transpose"}:
            return [transpose(q) for q in reversed(_letters(x.parts[0]))]
    return [x]


def _word(w: Writer, parts: Sequence[Tree], tail: str = "") -> str:
    """The product of letters, associated to the right; with a tail "q Z", the product with Z over the size q."""
    if tail:
        q, z = tail.split()
        text = f"(mmul {q} {w.terms.matrix(parts[-1])} {z})"
    else:
        text = w.terms.matrix(parts[-1])
    for p in reversed(parts[:-1]):
        text = f"(mmul {w.terms.size(p)[1]} {w.terms.matrix(p)} {text})"
    return text


# --- rules ------------------------------------------------------------------------------------------------------------------
def _gap(w: Writer, relation: Tree) -> str:
    """high - low of a relation between numbers."""
    low, high = sides(relation)
    return f"({w.terms.real(high)} - {w.terms.real(low)})"


def linear(w: Writer, goal: Tree, args: dict[str, Any]) -> str:
    prepare, normal = rewriting(w, args.get("using", []))
    pairs = []
    for t in args.get("terms", []):
        pair = (t, None) if t and t[0] == "line" else (t[0], w.tree(t[1]))
        pairs.append((*w.line(pair[0]), pair[1]))
    if goal.parts[0].shape != ():
        return prepare + _linear_matrices(w, goal, pairs, normal)
    script, parts = prepare, []
    for k, (label, shows, factor) in enumerate(pairs, start=1):
        m, gap = "1" if factor is None else w.terms.real(factor), _gap(w, shows)
        part = f"({m} * {gap})"
        if shows.head == "eq":
            script += f"assert (T{k} : {part} = 0) by (replace {gap} with 0 by lra; ring). "
        elif head_of(shows) == "lt":
            script += f"assert (T{k} : 0 <= {part}) by (apply Rmult_le_pos; [sg | lra]). "
            script += f"try assert (P{k} : 0 < {part}) by (apply Rmult_lt_0_compat; [sg | lra]). "
        else:
            script += f"assert (T{k} : 0 <= {part}) by (apply Rmult_le_pos; [sg | lra]). "
        parts.append(part)
    for k, (c, body) in enumerate(args.get("squares", []), start=1):
        e = w.tree(body)
        square = w.terms.real(Tree("pow", (e if e.shape == () else Tree("norm", (e,)), num(2))))
        part = f"({w.terms.real(w.tree(c))} * {square})"
        script += f"assert (S{k} : 0 <= {part}) by (apply Rmult_le_pos; [sg | apply pow2_ge_0]). "
        parts.append(part)
    extra = "".join(f"; assert (K{k} := {w.line(s)[0]})" for k, s in enumerate(args.get("slack", []), start=1))
    low, high = sides(goal)
    rest = f"{w.terms.real(high)} - {w.terms.real(low)} - ({' + '.join(parts) or '0'})"
    # what is left over is 0, or is seen to have a sign
    ways = f"assert (Z0 : {rest} = 0) by ({normal}{w.splits}mx) | assert (Z0 : 0 < {rest}) by (sg || nra)"
    ways += f" | assert (Z0 : 0 <= {rest}) by (sg || nra)"
    del extra
    return script + (f"first [{ways}]; lra." if goal.head != "eq" else f"assert (Z0 : {rest} = 0) by ({normal}{w.splits}mx); lra.")


def _linear_matrices(w: Writer, goal: Tree, pairs: Sequence[tuple[str, Tree, Tree | None]], normal: str) -> str:
    left, right = goal.parts
    low, high, script = "mzero", "mzero", ""
    for k, (label, shows, factor) in enumerate(pairs):
        p, q = shows.parts
        if p.shape == ():
            raise NotTranslated("a number as premise of an equation between matrices")
        m = "1" if factor is None else w.terms.real(factor)
        low = f"(madd {low} (mscal {m} {w.terms.matrix(p)}))"
        high = f"(madd {high} (mscal {m} {w.terms.matrix(q)}))"
        script += f"assert (T{k} := {label}); "
    same = "; ".join(f"rewrite {label}" for label, _, _ in pairs)
    script += (
        f"apply from_gap with {low} {high}; [{normal}{w.splits}mx | {same + '; ' if same else ''}exact eq_refl]."
    )
    return script


def identity(w: Writer, goal: Tree, args: dict[str, Any]) -> str:
    prepare, normal = rewriting(w, args.get("using", []))
    return f"{prepare}{normal}{w.splits}mx."


def sign(w: Writer, goal: Tree, args: dict[str, Any]) -> str:
    return linear(w, goal, {"using": args.get("using", [])})


def _instance(w: Writer, u: Universal, binding: dict[str, Any], goal: Tree) -> str:
    """The universal hypothesis at an instance, and the goal from it, by normal forms."""
    values = {v: (w.tree(binding[v]) if not isinstance(binding.get(v), str) else binding[v]) for v in u.variables if v in binding}
    names = declare([u.shows, *u.given], w.terms).binders
    terms = []
    known = dict(w.terms.known)
    rename: dict[str, str] = {}
    for v in u.variables:
        if identifier(v) not in names:
            continue
        new = values.get(v, v)
        if isinstance(new, str):
            terms.append(identifier(new))
            rename[v] = new
        else:
            kind = names[identifier(v)]
            terms.append(f"{w.terms.index(new)}%Z" if kind == "Z" else w.terms.any(new))
    del known
    applied = f"({u.label} {' '.join(terms)})" if terms else u.label
    if goal.head == "psd":
        return f"apply {applied}; side."
    script = f"assert (E := {applied}); repeat (specialize (E ltac:(side))). "
    return script + from_relation("E", goal)


def from_relation(label: str, goal: Tree) -> str:
    return f"first [exact {label} | by_relation {label}]."


def given(w: Writer, goal: Tree, args: dict[str, Any]) -> str:
    name = args["name"]
    if name not in w.labels:
        raise NotTranslated(f"the hypothesis {name!r}")
    return _instance(w, w.labels[name], args.get("binding", {}), goal)


def fact(w: Writer, goal: Tree, args: dict[str, Any]) -> str:
    found = args["claim"] if "claim" in args else args["fact"][1]
    if found not in w.facts:
        raise NotTranslated(f"the fact {found!r}")
    return _instance(w, w.facts[found], args.get("binding", {}), goal)


def trivially(w: Writer, goal: Tree, args: dict[str, Any]) -> str:
    return "first [assumption | side | lra]."


def both(w: Writer, goal: Tree, args: dict[str, Any]) -> str:
    return "repeat split; assumption."


def part(w: Writer, goal: Tree, args: dict[str, Any]) -> str:
    label, shows = w.line(args["whole"])
    return f"assert (E := {label}); decompose [and] E; assumption."


def multiplied(w: Writer, goal: Tree, args: dict[str, Any]) -> str:
    label, shows = w.line(args["premise"])
    p, q = shows.parts
    outer = [w.tree(args[k]) if args.get(k) else None for k in ("left", "right")]
    ends = [matmul(*(x for x in (outer[0], s, outer[1]) if x is not None)) for s in (p, q)]
    if goal.parts[0].shape == ():
        a, b = (f"(trace {w.terms.size(e)[0]} {w.terms.matrix(e)})" for e in ends)
        left, right = (w.terms.real(s) for s in goal.parts)
        return (
            f"assert (E : {a} = {b}) by (rewrite {label}; exact eq_refl). "
            f"assert (Z0 : {left} - {right} - ({a} - {b}) = 0) by ({w.splits}mx); lra."
        )
    a, b = (w.terms.matrix(e) for e in ends)
    return f"apply from_gap with {a} {b}; [{w.splits}mx | rewrite {label}; exact eq_refl]."


def congruence(w: Writer, goal: Tree, args: dict[str, Any]) -> str:
    label, shows = w.line(args["premise"])
    p, m = shows.parts[0], w.tree(args["outer"])
    low, high = sides(goal)
    body = matmul(transpose(m), p, m)
    term = w.terms.real(Tree("trace", (body,)))
    return (
        f"assert (E := psd_trace {w.terms.size(p)[0]} {w.terms.size(m)[1]} {w.terms.matrix(p)} {w.terms.matrix(m)} {label} "
        f"ltac:(size)). assert (Z0 : {w.terms.real(high)} - {w.terms.real(low)} - {term} = 0) by ({w.splits}mx); lra."
    )


def antisymmetric(w: Writer, goal: Tree, args: dict[str, Any]) -> str:
    return "apply Rle_antisym; lra."


def by_squares(w: Writer, goal: Tree, args: dict[str, Any]) -> str:
    label, shows = w.line(args["premise"])
    low, high = (w.terms.real(s) for s in sides(goal))
    a, b = (w.terms.real(s) for s in sides(shows))
    return (
        f"apply Rsqr_incr_0_var; [| sg]. rewrite !Rsqr_pow2. "
        f"assert (Z0 : {high} ^ 2 - {low} ^ 2 - ({b} - {a}) = 0) by (squares; mx); lra."
    )


def vanishes(w: Writer, goal: Tree, args: dict[str, Any]) -> str:
    label, shows = w.line(args["premise"])
    left, right = goal.parts
    gap = add(left, Tree("neg", (right,), right.shape))
    (m, n), (u, v) = w.terms.size(left), (w.terms.real(s) for s in shows.parts)
    term = f"trace {n} (mmul {m} (mtr {w.terms.matrix(gap)}) {w.terms.matrix(gap)})"
    return (
        f"apply of_norm_zero with {m} {n}; [size | size |]. "
        f"first [assert (Z0 : {term} - ({u} - {v}) = 0) by (mx) | assert (Z0 : {term} + ({u} - {v}) = 0) by (mx)]; lra."
    )


def membership(w: Writer, goal: Tree, args: dict[str, Any]) -> str:
    label, _ = w.line(args.get("premise") or args["member"])
    return f"first [exact {label} | by_relation {label}]."


RULES: dict[str, Callable[[Writer, Tree, dict[str, Any]], str]] = {
    "algebra_rules.identity": identity,
    "algebra_rules.linear": linear,
    "algebra_rules.sign": sign,
    "fact_rules.given": given,
    "fact_rules.given_with": given,
    "fact_rules.trivially": trivially,
    "fact_rules.both": both,
    "fact_rules.uses": fact,
    "fact_rules.cite": fact,
    "basic_rules.part": part,
    "matrix_rules.multiplied": multiplied,
    "matrix_rules.vanishes": vanishes,
    "index_rules.congruence": congruence,
    "extremum_rules.antisymmetric": antisymmetric,
    "basic_rules.by_squares": by_squares,
    "basic_rules.in_ball": membership,
    "basic_rules.of_ball": membership,
}


# --- the file ---------------------------------------------------------------------------------------------------------------
def coq_file(data: dict[str, Any]) -> str:
    """The Coq file of a certificate; NotTranslated names what has no translation."""
    cert = read(data)
    lines = [(cert.trees[l["shows"]], l["rule"], l["args"]) for l in cert.lines]
    for _, rule, _ in lines:
        if rule not in RULES:
            raise NotTranslated(f"the rule {rule}")
    facts = _facts(cert)
    everywhere = [cert.tree, *cert.trees]
    terms = Terms(*integer_names(everywhere))
    nodes = list(dict.fromkeys(d for t in [*(s for s, _, _ in lines), cert.tree] for d in derivatives(t)))
    hypotheses = {u.label: text for u in [*cert.hypotheses, *facts.values()] if (text := _said(u, terms))}
    relations = [h.shows for h in cert.hypotheses if not h.variables and not h.given and _about_indices(h.shows, terms)]
    ders, splits_of = _derivatives(nodes, terms, relations, cert, lines)
    explicit = replace(terms, known={n: terms_of.any(d.explicit) for n, d, terms_of in ders})
    splits = "".join(f"rewrite ?C{k}; " for k in range(1, len(splits_of) + 1))
    splits += "ends; " if any(x.head == "chain" for t in cert.trees for x in walk(t)) else ""
    w = Writer(cert, explicit, {u.name: u for u in cert.hypotheses if u.label in hypotheses}, facts, splits=splits)
    w.facts = {k: u for k, u in facts.items() if u.label in hypotheses}
    script = [f"assert (C{k} : {a} = {b}) by ({how})." for k, (a, b, how) in enumerate(splits_of, start=1)]
    for k, (_, d, own) in enumerate(ders, start=1):
        says = d.says + " " + own.any(d.explicit)
        script.append(f"assert (D{k} : {says}).\n{{ {d.script} }}".replace("SPLITS", splits))
    mine = [k for k, (n, _, _) in enumerate(ders) if n in set(walk(cert.tree))]
    for k, (goal, rule, args) in enumerate(lines, start=1):
        script.append(f"assert (L{k} : {explicit.prop(goal)}).\n{{ {RULES[rule](w, goal, args)} }}")
        w.shown.append(goal)
    script.append("".join(f"exists {ders[k][2].any(ders[k][1].explicit)}; split; [exact D{k + 1} |]. " for k in mine) + f"exact L{len(lines)}.")
    stated_terms = replace(terms, known={ders[k][0]: f"G{k + 1}" for k in mine})
    claim = cert.tree if data["verdict"] == "proved" else lines[-1][0]
    goal_text = "".join(f"exists G{k + 1}, {ders[k][1].says} G{k + 1} /\\\n    " for k in mine) + stated_terms.prop(claim)
    return _file(cert, terms, hypotheses, facts, goal_text, script, [d.explicit for _, d, _ in ders])


def _about_indices(x: Tree, terms: Terms) -> bool:
    return x.head in {"eq", "le", "lt", "ge", "gt"} and all(p.shape == () and terms.is_index(p) for p in x.parts)


def _said(u: Universal, terms: Terms) -> str:
    try:
        return stated(u, terms)
    except NotTranslated:
        return ""  # a hypothesis that is left out makes the lemma say more


def _facts(cert: Certificate) -> dict[str, Universal]:
    found = {}
    for k, (name, f) in enumerate(sorted(cert.facts.items()), start=1):
        if f["kind"] == "claim" and f["domain"] == cert.domain:
            found[name] = Universal(f"F{k}", name, cert.trees[f["tree"]])
        elif f["kind"] == "cited":
            given = tuple(cert.trees[g] for g in f["given"])
            found[name] = Universal(f"F{k}", name, cert.trees[f["shows"]], given, tuple(f["variables"]))
    return found


def _derivatives(
    nodes: Sequence[Tree], terms: Terms, relations: Sequence[Tree], cert: Certificate, lines: Sequence[Any]
) -> tuple[list[tuple[Tree, Derived, Terms]], list[tuple[str, str, str]]]:
    out: list[tuple[Tree, Derived, Terms]] = []
    known: dict[Tree, str] = {}
    for k, node in enumerate(nodes, start=1):
        own = replace(terms, known=dict(known))
        d = derived(node, f"G{k}", own, "SPLITS")
        known[node] = own.any(d.explicit)
        out.append((node, d, own))
    trees = [cert.tree, *(s for s, _, _ in lines), *(d.explicit for _, d, _ in out)]
    return out, coq_chains.equations(trees, relations, terms)


def _file(
    cert: Certificate, terms: Terms, hypotheses: dict[str, str], facts: dict[str, Universal], goal: str, script: list[str], more: Sequence[Tree]
) -> str:
    universal = [*cert.hypotheses, *facts.values()]
    names = declare([cert.tree, *(cert.trees[l["shows"]] for l in cert.lines), *more], terms)
    for u in universal:
        if u.label in hypotheses:
            extra = declare([u.shows, *u.given], terms, frozenset(u.variables))
            names.binders.update({k: v for k, v in extra.binders.items() if k not in names.binders})
            names.sizes.update(extra.sizes)
    order = {"Z": 0, "Z -> Z": 1, "R": 2, "Z -> R": 3, "M": 4, "Z -> M": 5}
    binders = sorted(names.binders.items(), key=lambda p: order.get(p[1], 6))
    text = f"(* {cert.claim} *)\n{HEADER}\nLemma claim {' '.join(f'({n} : {kind})' for n, kind in binders)}\n"
    text += "".join(f"  (Z{k} : {s})\n" for k, s in enumerate(names.sizes, start=1))
    for u in universal:
        if u.label in hypotheses:
            text += f"  ({u.label} : {hypotheses[u.label]})  (* {u.name} *)\n"
    body = "\n".join(script)
    return f"{text}  : {goal}.\nProof.\n{body}\nQed.\nPrint Assumptions claim.\n"
