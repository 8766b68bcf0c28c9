"""Scripts about matrices: products, congruence, norm 0, equal arguments; relations for each index of a range."""

from __future__ import annotations

from typing import Any

from theorycheck.certificate.coq.algebra import gap, words
from theorycheck.certificate.coq.derive import add
from theorycheck.certificate.coq.facts import at_hand
from theorycheck.certificate.coq.trees import Tree
from theorycheck.certificate.coq.writer import Writer, sides


def _between(left: Tree | None, middle: Tree, right: Tree | None) -> Tree:
    """The product, in which the middle stays one factor."""
    parts = tuple(x for x in (left, middle, right) if x is not None)
    return middle if len(parts) == 1 else Tree("matmul", parts, ((parts[0].shape or ())[0], (parts[-1].shape or ())[1]))


def multiplied(w: Writer, goal: Tree, args: dict[str, Any]) -> str:
    label, shows = w.line(args["premise"])
    outer = [w.tree(args[k]) if args.get(k) else None for k in ("left", "right")]
    ends = [_between(outer[0], s, outer[1]) for s in shows.parts]
    opened = w.ready([goal, *ends])
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
        f"assert (T1 : 0 <= {part}) by (apply Rmult_le_pos; [generalize {other}; from_it | generalize {label}; from_it]). "
        f"{w.ready([goal, shows, factor])}assert (Z0 : {rest} = 0) by (traces_of_words; closed_by_field); lra."
    )


def applied_to(w: Writer, goal: Tree, args: dict[str, Any]) -> str:
    """Equal arguments of a function, or of its gradient."""
    label, shows = w.line(args["premise"])
    left, right = (side.parts[0] for side in goal.parts)
    m, n = w.terms.size(left)
    return (
        f"assert (E : {w.terms.matrix(left)} = {w.terms.matrix(right)}) by ({w.ready([left, right, *shows.parts])}"
        f"by_matrices {m} {n} {label}). rewrite E; exact eq_refl."
    )


def congruence(w: Writer, goal: Tree, args: dict[str, Any]) -> str:
    label, shows = w.line(args["premise"])
    p, m = shows.parts[0], w.tree(args["outer"])
    low, high = sides(goal)
    size, form, outer = w.terms.size(p)[0], w.terms.matrix(p), w.terms.matrix(m)
    term = f"(trace {w.terms.size(m)[1]} (mmul {size} (mtr {outer}) (mmul {size} {form} {outer})))"
    rest = f"{w.terms.real(high)} - {w.terms.real(low)} - {term}"
    return (
        f"assert (E := psd_trace {size} {w.terms.size(m)[1]} {form} {outer} {label} "
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
    return f"apply of_norm_zero with {m} {n}; [size | size |]. first [{ways}]; generalize {label}; from_it."


def transposed(w: Writer, goal: Tree, args: dict[str, Any]) -> str:
    label, shows = w.line(args["premise"])
    a, b = (f"(mtr {w.terms.matrix(s)})" for s in shows.parts)
    m, n = w.terms.size(goal.parts[0])
    return f"assert (E : {a} = {b}) by (rewrite {label}; reflexivity). {w.ready([goal, *shows.parts])}by_matrices {m} {n} E."


def defined(w: Writer, goal: Tree, args: dict[str, Any]) -> str:
    return "repeat apply conj; first [lia | nonzero]."
