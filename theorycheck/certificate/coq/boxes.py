"""A claim on a box: its variables between rationals, its integers with values; the relation by bisection of intervals.

The lemma has the box beside the hypotheses of the domain. It is shown on all of the box, so that a claim which holds for its
hypotheses only may be left open. The pieces of the certificate are not used: coq-interval finds its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from theorycheck.certificate.coq.statement import ORDERS, Certificate, declare, declared, stated
from theorycheck.certificate.coq.terms import Terms
from theorycheck.certificate.coq.trees import NotTranslated, Tree, identifier, num

HEADER = "From Interval Require Import Tactic.\nFrom TheoryCheck Require Import Refute.\nOpen Scope R_scope.\n"
DEPTH, BITS = 18, 60


def on_box(cert: Certificate, ranges: dict[str, list[str]], terms: Terms) -> str:
    """The file of a claim that is certified on a box; NotTranslated where its relation is no order."""
    if not all(x.head in ORDERS for x in parts(cert.tree)):
        raise NotTranslated("a box with another relation than an order")
    names = declare([cert.tree], terms)
    for u in cert.hypotheses:
        names.binders.update(declared(u, terms).binders)
    inside = {identifier(name): [Fraction(x) for x in ends] for name, ends in ranges.items()}
    mine = {name: kind for name, kind in names.binders.items() if name in inside}
    if set(names.binders) - set(inside) or any(kind not in {"Z", "R"} for kind in mine.values()):
        raise NotTranslated("a box with other variables than numbers")
    order = sorted(mine.items(), key=lambda p: p[1] == "R")
    said = [(f"B{k}", within(name, kind, inside[name], terms)) for k, (name, kind) in enumerate(order, 1)]
    said += [(u.label, stated(u, terms)) for u in cert.hypotheses]
    binders = " ".join(f"({name} : {kind})" for name, kind in order)
    given = "".join(f"  ({label} : {text})\n" for label, text in said)
    return (
        f"(* {cert.claim}, on a box *)\n{HEADER}\nLemma claim {binders}\n{given}  : {terms.prop(cert.tree)}.\n"
        f"Proof.\n{script(order)}\nQed.\nPrint Assumptions claim.\n"
    )


def parts(x: Tree) -> Iterator[Tree]:
    """The relations of a conjunction."""
    if x.head == "and":
        for p in x.parts:
            yield from parts(p)
    else:
        yield x


def within(name: str, kind: str, ends: list[Fraction], terms: Terms) -> str:
    if kind == "Z":
        return f"{name} = {ends[0]}%Z"
    low, high = (terms.real(num(x)) for x in ends)
    return f"{low} <= {name} <= {high}"


def script(order: Sequence[tuple[str, str]]) -> str:
    """The integers put in, then 0 < high - low by bisection along all variables; by slopes as well where there is one."""
    halved = [f"i_bisect {name}" for name, kind in order if kind == "R"]
    ways = [", ".join([*halved, f"i_depth {DEPTH}", f"i_prec {BITS}"])]
    ways += [f"{ways[0]}, i_autodiff {name}" for name, kind in order if kind == "R"]
    tried = " | ".join(f"interval with ({way})" for way in ways)
    orders = [("<", "0 < b - a"), (">", "0 < a - b"), ("<=", "0 <= b - a"), (">=", "0 <= a - b")]
    gap = "lazymatch goal with " + " ".join(f"| |- ?a {sign} ?b => cut ({gap})" for sign, gap in orders) + " end"
    whole = "".join(f"subst {name}. " for name, kind in order if kind == "Z")
    return f"{whole}repeat match goal with |- _ /\\ _ => split end; at_numbers;\n  {gap};\n  [lra | first [{tried}]]."
