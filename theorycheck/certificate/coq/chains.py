"""Products of layers in one form: where the products that occur in a line are to be opened, as equations shown by Coq.

The order of the ends is guessed at sample values of the indices; Coq's `lia` shows what is needed of it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from theorycheck.certificate.coq.expectations import family
from theorycheck.certificate.coq.terms import Terms
from theorycheck.certificate.coq.trees import Affine, NotTranslated, Tree, affine, free, identifier, shifted, widths_of

MOST = 6  # values that are tried for an index, from 0
MOST_NAMES = 5  # indices that samples are taken of
Sample = dict[Tree, int]


def value(form: Affine, at: Sample) -> Fraction:
    return form.get(None, Fraction(0)) + sum((c * at[a] for a, c in form.items() if a is not None), Fraction(0))


def atoms(forms: Iterable[Affine]) -> set[Tree]:
    return {a for form in forms for a in form if a is not None}


def related(names: list[Tree], relations: Sequence[Tree]) -> list[Tree]:
    """The indices, and those that relations with them mention, as long as they are few."""
    found = list(names)
    for _ in range(2):
        for r in relations:
            mentioned = sorted(atoms(affine(p) for p in r.parts), key=repr)
            more = [a for a in mentioned if a not in found]
            if len(more) < len(mentioned) and len(found) + len(more) <= MOST_NAMES:
                found += more
    return found


def samples(relations: Sequence[Tree], names: Sequence[Tree]) -> Iterator[Sample]:
    """Values of the indices that satisfy the relations, the largest first; each relation is tried as soon as it has a value."""
    place = {a: k for k, a in enumerate(names)}
    tried: list[list[tuple[str, Affine]]] = [[] for _ in range(len(names) + 1)]
    for r in relations:
        about = atoms(affine(p) for p in r.parts)
        if about <= set(names):
            tried[max((place[a] + 1 for a in about), default=0)].append((r.head, _difference(r)))

    def extended(at: Sample) -> Iterator[Sample]:
        if not all(_compared(head, value(form, at)) for head, form in tried[len(at)]):
            return
        if len(at) == len(names):
            yield at
            return
        for v in range(MOST, -1, -1):
            yield from extended({**at, names[len(at)]: v})

    return extended({})


def holds(relation: Tree, at: Sample) -> bool:
    return _compared(relation.head, value(_difference(relation), at))


def _difference(relation: Tree) -> Affine:
    """left - right of a relation between indices."""
    left, right = (affine(p) for p in relation.parts)
    return {a: left.get(a, Fraction(0)) - right.get(a, Fraction(0)) for a in {**left, **right}}


def _compared(head: str, x: Fraction) -> bool:
    """x against 0."""
    return {"eq": x == 0, "le": x <= 0, "lt": x < 0, "ge": x >= 0, "gt": x > 0}[head]


def equations(trees: Sequence[Tree], relations: Sequence[Tree], terms: Terms) -> list[tuple[str, str, str, str, str]]:
    """(rows, columns, left, right, script) for each product of layers that is opened, or that is one layer or none."""
    found = list(dict.fromkeys(x for tree in trees for x in free(tree) if x.head == "chain"))
    ends: dict[str, list[Affine]] = {}
    for x in found:
        hi, lo = (affine(p) for p in x.parts)
        for end in (hi, shifted(lo, -1)):
            if end not in ends.setdefault(x.name, []):
                ends[x.name].append(end)
    names = sorted(atoms(e for each in ends.values() for e in each), key=repr)
    if not found or len(names) > MOST_NAMES:
        return []
    names = related(names, relations)
    at = max(
        itertools.islice(samples(relations, names), 300),
        key=lambda s: sum(len({value(e, s) for e in each}) for each in ends.values()),
        default=None,
    )
    if at is None:
        raise NotTranslated("layers at indices without a sample")
    return [made for x in found if (made := _equation(x, ends[x.name], at, terms))]


def _equation(x: Tree, ends: list[Affine], at: Sample, terms: Terms) -> tuple[str, str, str, str, str] | None:
    hi, bottom = affine(x.parts[0]), shifted(affine(x.parts[1]), -1)
    n, W = identifier(widths_of(x)), family(x.name, terms)
    sizes = [f"({n} {terms.of_affine(e)}%Z)" for e in (hi, bottom)]
    left = _product(n, W, hi, bottom, terms)
    if hi == bottom:
        return sizes[0], sizes[1], left, f"(eye {sizes[0]})", "apply chain_empty; lia"
    low, high = value(bottom, at), value(hi, at)
    cuts: list[Affine] = []
    for end in sorted(ends, key=lambda e: -value(e, at)):
        if low < value(end, at) < high and all(value(end, at) != value(c, at) for c in cuts):
            cuts.append(end)
    if not cuts:
        return None
    tops, bottoms = [hi, *cuts], [*cuts, bottom]
    pieces = [_piece(n, W, *pair, terms) for pair in zip(tops, bottoms, strict=True)]
    text, script = pieces[-1], ""
    for piece, cut in zip(reversed(pieces[:-1]), reversed(cuts), strict=True):
        text = f"(mmul ({n} {terms.of_affine(cut)}%Z) {piece} {text})"
    for top, cut in zip(tops, cuts, strict=False):
        ends_here = " ".join(f"{terms.of_affine(e)}%Z" for e in (cut, shifted(cut, 1), top, shifted(bottom, 1)))
        script += f"rewrite (chain_cut {n} {W} {ends_here}) by side; apply mmul_eq; [{_shown(top, cut)} |]; "
    return (*sizes, left, text, script + _shown(tops[-1], bottom))  # type: ignore[return-value]


def _single(hi: Affine, bottom: Affine) -> bool:
    return hi == shifted(bottom, 1)


def _shown(hi: Affine, bottom: Affine) -> str:
    return "apply chain_single; side" if _single(hi, bottom) else "exact eq_refl"


def _product(n: str, W: str, hi: Affine, bottom: Affine, terms: Terms) -> str:
    return f"(chain {n} {W} {terms.of_affine(hi)}%Z {terms.of_affine(shifted(bottom, 1))}%Z)"


def _piece(n: str, W: str, hi: Affine, bottom: Affine, terms: Terms) -> str:
    return f"({W} {terms.of_affine(hi)}%Z)" if _single(hi, bottom) else _product(n, W, hi, bottom, terms)


def tops(trees: Sequence[Tree], families: Iterable[str], terms: Terms) -> list[tuple[str, str, str, str, str]]:
    """The products of some families opened after their first layer: as `equations`, where those open nothing."""
    found, names = [], set(families)
    for x in dict.fromkeys(y for t in trees for y in free(t) if y.head == "chain" and y.name in names):
        hi, lo = (affine(p) for p in x.parts)
        if hi == lo:
            continue
        n, W, below = identifier(widths_of(x)), family(x.name, terms), terms.of_affine(shifted(hi, -1))
        rest = f"(chain {n} {W} {below}%Z {terms.of_affine(lo)}%Z)"
        text = f"(mmul ({n} {below}%Z) ({W} {terms.of_affine(hi)}%Z) {rest})"
        how = "etransitivity; [apply chain_top; lia |]; repeat first [reflexivity | lia | f_equal]"
        found.append(("", "", _product(n, W, hi, shifted(lo, -1), terms), text, how))
    return found
