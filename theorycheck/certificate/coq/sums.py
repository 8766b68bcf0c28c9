"""Scripts about indices: induction over a range; sums and products over a range, taken member by member."""

from __future__ import annotations

from typing import Any

from theorycheck.certificate.coq.algebra import identity
from theorycheck.certificate.coq.derive import from_index
from theorycheck.certificate.coq.facts import from_relation
from theorycheck.certificate.coq.instances import substituted
from theorycheck.certificate.coq.trees import NotTranslated, Tree, affine, identifier, num, shifted, widths_of
from theorycheck.certificate.coq.writer import Writer, sides


def over(w: Writer, goal: Tree, args: dict[str, Any]) -> str:
    """Induction over the range of an index."""
    h = w.tree(args.get("h") or args["index"])
    name, base, step = identifier(str(h.args[0])), w.number(args["base"]), w.number(args["step"])
    lo, hi = w.range_of(str(h.args[0]))
    start = substituted(goal, {str(h.args[0]): lo})
    following = substituted(goal, {str(h.args[0]): Tree("add", (h, num(1)))})
    again = w.called(step, {str(h.args[0]): f"{name}k"}, {goal: "IH", next_one(h, hi): "ltac:(index_condition)"})
    at_base = w.at_hand(base)
    predicate, from_base, from_step = f"(fun {name} => {w.terms.prop(goal)})", _agreeing(w, start), _agreeing(w, following)
    tidy = "cbv beta in E |- *; powers_of_numbers"
    forget = f"clear {' '.join(w.used)}. " if w.used else ""
    return (
        f"apply (range_induction {predicate} {w.terms.index(lo)}%Z {name}); [| | index_condition].\n"
        f"  {{ assert (E := {at_base}). {tidy}; single_layers. {w.ready([start])}{from_base} }}\n"
        f"  {{ {forget}intros {name}k K1 K2 IH. assert (E := {again}). {tidy}; single_layers. {from_step} }}"
    )


def _agreeing(w: Writer, goal: Tree) -> str:
    return f"first [agree E | {from_relation(w, 'E', goal)[:-1]}]."


def termwise(w: Writer, goal: Tree, args: dict[str, Any]) -> str:
    """A relation for each index of a range, summed."""
    i, k = w.tree(args["i"]), w.number(args["premise"])
    name, shows = identifier(str(i.args[0])), w.shown[k].shows
    lo, hi = w.range_of(str(i.args[0]))
    a, b = (w.terms.real(Tree("sum", (str(i.args[0]), lo, hi, side))) for side in sides(shows))
    sign, lemma = ("=", "zsum_eq") if shows.head == "eq" else ("<=", "zsum_le")
    each = w.called(k, {str(i.args[0]): f"{name}k"}, {})
    shown = f"apply {lemma}; intros {name}k K1 K2; generalize {each}; from_it"
    return f"assert (E : {a} {sign} {b}) by ({shown}). sums_in E. by_sums E."


def telescope(w: Writer, goal: Tree, args: dict[str, Any]) -> str:
    """A product of layers from one layer, and from one layer more."""
    h, using = w.tree(args["factor"]), {"using": args.get("using", [])}
    name, (chain, right) = identifier(h.name), goal.parts
    hi, lo = chain.parts
    above = from_index(shifted(affine(h), 1))
    top = ((substituted(chain, {h.name: above}).shape or ())[0], (chain.shape or ())[0])
    layer = Tree("chain", (chain.name, above, above), top)
    base = substituted(goal, {h.name: lo})
    product = Tree("matmul", (layer, right), (top[0], (chain.shape or ())[1]))
    step = Tree("eq", (product, substituted(right, {h.name: above})), None)
    n, W = identifier(widths_of(chain)), identifier(chain.name)
    first, here = identity(w, base, using), w.here
    w.here = (*here, next_one(h, w.range_of(h.name)[1]))
    following, w.here = identity(w, step, using), here
    start, end, upper = w.terms.index(lo), w.terms.index(hi), w.terms.index(above)
    return (
        f"apply (range_induction (fun {name} => {w.terms.prop(goal)}) {start}%Z {name}); [| | index_condition].\n"
        f"  {{ assert (E : {w.terms.prop(base)}).\n  {{ {first} }}\n  single_layers. agree E. }}\n"
        f"  {{ rename {name} into {name}_top. intros {name} K1 K2 IH. "
        f"assert (K3 : ({name} + 1 <= {name}_top)%Z) by lia. "
        f"assert (E : {w.terms.prop(step)}).\n  {{ clear IH. {following} }}\n"
        f"  rewrite (chain_top {n} {W} {upper}%Z {start}%Z) by lia. "
        f"replace ({upper} - 1)%Z with {end}%Z by lia. rewrite IH. agree E. }}"
    )


def next_one(h: Tree, hi: Tree) -> Tree:
    return Tree("le", (Tree("add", (h, num(1)), ()), hi), None)


def last_one(w: Writer, goal: Tree, args: dict[str, Any]) -> str:
    """A sum or a product is that without its last member, and this member."""
    sequence = goal.parts[0]
    lo, hi, body = sequence.parts
    if body.shape != ():
        raise NotTranslated("the last member of a sum of matrices")
    before = Tree("add", (hi, num(-1)))
    rest = Tree(sequence.head, (sequence.name, lo, before, body))
    last = substituted(body, {sequence.name: hi})
    sign, lemma = ("+", "zsum_last") if sequence.head == "sum" else ("*", "zprod_last")
    says = f"{w.terms.real(sequence)} = {w.terms.real(rest)} {sign} {w.terms.real(last)}"
    return (
        f"assert (E : {says}) by (assert (E0 := {lemma} {w.terms.bounds(sequence)} ltac:(side)); cbv beta in E0; agree E0). "
        f"{w.ready([goal, rest, last])}rewrite_last E."
    )


def member(w: Writer, goal: Tree, args: dict[str, Any]) -> str:
    """One of terms that are at least 0 is at most their sum."""
    i, k = w.tree(args["i"]), w.number(args["premise"])
    name, f = identifier(str(i.args[0])), sides(w.shown[k].shows)[1]
    total = Tree("sum", (str(i.args[0]), *w.range_of(str(i.args[0])), f))
    each = w.called(k, {str(i.args[0]): f"{name}k"}, {})
    return (
        f"assert (E : {w.terms.real(f)} <= {w.terms.real(total)}) by (apply (zsum_member {w.terms.bounds(total)} {name}); "
        f"[intros {name}k K1 K2; generalize {each}; cbv beta; lra | index_condition | index_condition]). "
        f"{w.ready([goal, f])}{from_relation(w, 'E', goal)}"
    )
