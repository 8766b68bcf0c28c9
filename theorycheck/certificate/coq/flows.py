"""Scripts about derivatives of hypotheses and about gradient flows: uniqueness, values above the minimum."""

from __future__ import annotations

from typing import Any

from theorycheck.certificate.coq.derive import in_symbol
from theorycheck.certificate.coq.derived import derived
from theorycheck.certificate.coq.facts import from_relation
from theorycheck.certificate.coq.instances import substituted
from theorycheck.certificate.coq.trees import NotTranslated, Tree, identifier
from theorycheck.certificate.coq.writer import Writer, sides


def differentiated(w: Writer, goal: Tree, args: dict[str, Any]) -> str:
    """The derivatives of both sides of a universal equation, in one of its variables."""
    name, symbol = args["name"], w.tree(args["symbol"])
    if name not in w.labels:
        raise NotTranslated(f"the hypothesis {name!r}")
    u = w.labels[name]
    if symbol.shape != ():
        return _gradients(w, goal, u.label, u.shows, symbol)
    x = identifier(symbol.name)
    f, g = (w.terms.real(p) for p in u.shows.parts)
    df, dg = (w.terms.real(in_symbol(p, symbol.name)) for p in u.shows.parts)
    near = f"(fun {x} : R => {{0}})"
    proofs = "".join(
        f"assert (D{k}' : is_derive {near.format(f'{body}')} {x} {d}) by (by_rules_numbers).\n  "
        for k, (body, d) in enumerate(((f, df), (g, dg)), 1)
    )
    return (
        f"{proofs}assert (E : {df} = {dg}) by (apply (derive_same {near.format(f)} {near.format(g)} {x}); "
        f"[sg | exact D1' | exact D2' | intros; cbv beta; apply {u.label}; side]). "
        f"{w.ready([goal, *(in_symbol(p, symbol.name) for p in u.shows.parts)])}{from_relation(w, 'E', goal)}"
    )


def _gradients(w: Writer, goal: Tree, label: str, shows: Tree, symbol: Tree) -> str:
    parts = [derived(Tree("gradient", (p, symbol), symbol.shape), "", w.terms, w.relations) for p in shows.parts]
    script = "".join(
        f"assert (D{k}' : {d.says} {w.terms.any(d.explicit)}).\n  {{ {d.script} }}\n  " for k, d in enumerate(parts, 1)
    )
    says = " = ".join(w.terms.any(d.explicit) for d in parts)
    same = f"eapply gradient_same; [| exact D1' | exact D2' | intros; cbv beta; apply {label}; side]; size"
    ready = w.ready([goal, *(d.explicit for d in parts)])
    return f"{script}assert (E : {says}) by ({same}). {ready}{from_relation(w, 'E', goal)}"


def unique_flow(w: Writer, goal: Tree, args: dict[str, Any]) -> str:
    """Both sides of y(t) = p solve the same initial value problem."""
    y, p = goal.parts
    k, start = w.number(args["rate"]), w.line(args["start"])[0]
    (m, n), f, t = w.terms.size(y), str(y.args[1]), identifier("t")
    at = {"t": Tree("sym", ("v0",))}
    path, there, speed = (w.terms.matrix(x) for x in (p, substituted(p, at), substituted(in_symbol(p), at)))
    rate = f"mderive (fun {t} => {path}) v0 (mopp (grad_{identifier(f)} {there}))"
    known = w.called(k, {"t": "v0"}, {})
    return (
        f"assert (Q : forall v0, 0 <= v0 <= {t} -> {rate}).\n"
        f"  {{ intros v0 [V1 V2]. apply mderive_eq with {speed}; [by_rules_matrices {m} {n} | exact {known}]. }}\n"
        f"  match goal with U : unique_flows _ _ _ |- _ => apply (U {identifier(y.name)} (fun {t} => {path}) {t}) end; "
        "[intros s S; split; (split; [size | "
        "first [exact (Q s S) | match goal with F : forall _, mderive _ _ _ |- _ => apply F end]]) "
        f"| exists 0; split; [lra | cbv beta; rewrite <- ({start}); first [reflexivity | words {m} {n} ltac:(numbers)]] | lra]."
    )


def above(w: Writer, goal: Tree, args: dict[str, Any]) -> str:
    """A cost stays above its minimum along a flow that starts above it."""
    high = sides(goal)[1]
    point = high.parts[0]
    m, n = w.terms.size(point)
    name = args["minimum"]
    if name not in w.labels or point.head != "at":
        raise NotTranslated(f"the hypothesis {name!r}")
    cost, path = identifier(high.name), identifier(point.name)
    return (
        f"apply (above_minimum {m} {n} {cost} grad_{cost} {path}); "
        f"[assumption | assumption | assumption | assumption | exact {w.labels[name].label} | lra | lra]."
    )


def gronwall(w: Writer, goal: Tree, args: dict[str, Any]) -> str:
    """f' <= -r f for all times up to t."""
    f, rate, k = w.tree(args["f"]), w.tree(args["rate"]), w.number(args["premise"])
    t, at = identifier("t"), {"t": Tree("sym", ("v0",))}
    body, speed = w.terms.real(f), w.terms.real(substituted(in_symbol(f), at))
    known = w.called(k, {"t": "v0"}, {})
    return (
        f"assert (E := decays (fun {t} => {body}) (fun v0 => {speed}) {w.terms.real(rate)} {t}). "
        f"assert (E' := E ltac:(side) ltac:(intros v0 V; cbv beta; by_rules_numbers) "
        f"ltac:(intros v0 [V1 V2]; cbv beta; generalize {known}; intros G; by_numbers G)). "
        "clear E. rename E' into E. cbv beta in E. "
        f"{w.ready([goal, f])}{from_relation(w, 'E', goal)}"
    )
