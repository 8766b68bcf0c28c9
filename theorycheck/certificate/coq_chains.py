"""Products of layers in one form: where the products that occur in a lemma are to be opened, as equations shown by Coq.

The order of the ends is guessed at sample values of the indices; Coq's `lia` shows what is needed of it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from theorycheck.certificate.coq_terms import Affine, NotTranslated, Terms, Tree, affine, identifier, shifted, walk, widths_of

MOST = 9  # values that are tried for an index


def value(form: Affine, at: dict[str, int]) -> Fraction:
    total = form.get(None, Fraction(0))
    for atom, c in form.items():
        if atom is not None:
            if atom.head != "sym" or atom.name not in at:
                raise NotTranslated("layers at an index of a family")
            total += c * at[atom.name]
    return total


def samples(relations: Sequence[Tree], names: Sequence[str]) -> Iterable[dict[str, int]]:
    """Values of the indices that satisfy the relations, the largest first."""
    for values in itertools.product(range(MOST, -1, -1), repeat=len(names)):
        at = dict(zip(names, values, strict=True))
        if all(_holds(r, at) for r in relations):
            yield at


def _holds(relation: Tree, at: dict[str, int]) -> bool:
    a, b = (value(affine(p), at) for p in relation.parts)
    return {"eq": a == b, "le": a <= b, "lt": a < b, "ge": a >= b, "gt": a > b}[relation.head]


def chains_in(trees: Iterable[Tree]) -> list[Tree]:
    """The products of layers, each once; the width families come with them."""
    return list(dict.fromkeys(x for tree in trees for x in walk(tree) if x.head == "chain"))


def equations(trees: Sequence[Tree], relations: Sequence[Tree], terms: Terms) -> list[tuple[str, str, str]]:
    """(left, right, script) for every product of more than one layer: the product of its pieces between the ends that occur."""
    found = chains_in(trees)
    if not found:
        return []
    inside = sorted({n.name for x in found for p in x.parts for n in walk(p) if n.head == "sym"})
    ends: dict[str, list[Affine]] = {}
    for x in found:
        hi, lo = (affine(p) for p in x.parts)
        for end in (hi, shifted(lo, -1)):
            if end not in ends.setdefault(x.name, []):
                ends[x.name].append(end)
    at = max(
        itertools.islice(samples(relations, inside), 500),
        key=lambda s: sum(len({value(e, s) for e in each}) for each in ends.values()),
        default=None,
    )
    if at is None:
        raise NotTranslated("layers at indices without a sample")
    return [made for x in found if (made := _equation(x, ends[x.name], at, terms))]


def _equation(x: Tree, ends: list[Affine], at: dict[str, int], terms: Terms) -> tuple[str, str, str] | None:
    hi, lo = (affine(p) for p in x.parts)
    low, high = value(shifted(lo, -1), at), value(hi, at)
    if hi == lo or high < low:
        return None
    cuts: list[Affine] = []
    for end in sorted(ends, key=lambda e: -value(e, at)):
        if low < value(end, at) < high and all(value(end, at) != value(c, at) for c in cuts):
            cuts.append(end)
    n, W = identifier(widths_of(x)), identifier(x.name)
    pieces, sizes, steps, top = [], [], [], hi
    for cut in [*cuts, shifted(lo, -1)]:
        bottom = shifted(cut, 1)
        pieces.append(_piece(n, W, top, bottom, at, terms))
        last = cut == shifted(lo, -1)
        if not last:
            sizes.append(f"({n} {terms.of_affine(cut)}%Z)")
            steps.append(
                f"rewrite (chain_cut {n} {W} {terms.of_affine(cut)}%Z {terms.of_affine(bottom)}%Z {terms.of_affine(top)}%Z "
                f"{terms.of_affine(lo)}%Z) by side; apply mmul_eq; [{_one(n, W, top, bottom, at, terms)} | ]; "
            )
        top = cut
    if not cuts:
        return None
    top_last = cuts[-1]
    text = pieces[-1]
    for piece, size in zip(reversed(pieces[:-1]), reversed(sizes), strict=True):
        text = f"(mmul {size} {piece} {text})"
    left = f"(chain {n} {W} {terms.of_affine(hi)}%Z {terms.of_affine(lo)}%Z)"
    return left, text, "".join(steps) + _one(n, W, top_last, lo, at, terms)


def _piece(n: str, W: str, hi: Affine, lo: Affine, at: dict[str, int], terms: Terms) -> str:
    if hi == lo:
        return f"({W} {terms.of_affine(hi)}%Z)"
    return f"(chain {n} {W} {terms.of_affine(hi)}%Z {terms.of_affine(lo)}%Z)"


def _one(n: str, W: str, hi: Affine, lo: Affine, at: dict[str, Any], terms: Terms) -> str:
    return "apply chain_single; side" if hi == lo else "first [exact eq_refl | apply chain_single; side]"
