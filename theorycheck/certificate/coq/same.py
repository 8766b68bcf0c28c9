"""Norms, values of functions and the like whose matrices agree: one text for all, by an equation that Coq shows.

Whether two matrices agree is guessed from their normal form as sums of coefficient * word.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from theorycheck.certificate.coq.instances import substituted
from theorycheck.certificate.coq.powers import ONE, Laurent, constant, laurent, plus, times
from theorycheck.certificate.coq.terms import Terms
from theorycheck.certificate.coq.trees import NotTranslated, Tree, affine, free, num, shifted

OF_MATRICES = {"norm", "singular", "schatten", "rank", "app", "grad"}
Letter = tuple[object, ...]
Word = tuple[Letter, ...]
Words = dict[Word, Laurent]


def words(x: Tree) -> Words:
    """A matrix as a sum of coefficient * word."""
    match x.head:
        case "add":
            return _sum(words(p) for p in x.parts)
        case "neg":
            return _scaled(words(x.parts[0]), {ONE: Fraction(-1)})
        case "mul":
            out = words(next(p for p in x.parts if p.shape != ()))
            for p in x.parts:
                out = _scaled(out, laurent(p)) if p.shape == () else out
            return out
        case "div":
            return _scaled(words(x.parts[0]), laurent(Tree("div", (Tree("num", ("1",)), x.parts[1]))))
        case "zero":
            return {}
        case "eye":
            return {(): {ONE: Fraction(1)}}
        case "transpose":
            return _sum({_flipped(w): c} for w, c in words(x.parts[0]).items())
        case "matmul":
            out = {(): {ONE: Fraction(1)}}
            for p in x.parts:
                out = _sum({_joined(v, w): times(c, d)} for v, c in out.items() for w, d in words(p).items())
            return out
        case "chain":
            hi, lo = (affine(p) for p in x.parts)
            letter = ("chain", x.name, _key(hi), _key(shifted(lo, -1)), False)
            return {() if shifted(hi, 1) == lo else (letter,): {ONE: Fraction(1)}}
    return {(("letter", x, False),): {ONE: Fraction(1)}}


def _key(form: dict[object, Fraction]) -> frozenset[tuple[object, Fraction]]:
    return frozenset(form.items())


def _sum(parts: Iterable[Words]) -> Words:
    out: Words = {}
    for part in parts:
        for w, c in part.items():
            out[w] = plus(out.get(w, {}), c)
    return {w: c for w, c in out.items() if c}


def _scaled(x: Words, c: Laurent) -> Words:
    return {w: times(c, d) for w, d in x.items()}


def _flipped(w: Word) -> Word:
    return tuple((*letter[:-1], not letter[-1]) for letter in reversed(w))


def _joined(v: Word, w: Word) -> Word:
    """Two words after each other; products of layers that meet are one."""
    if v and w and v[-1][0] == w[0][0] == "chain" and v[-1][1] == w[0][1] and v[-1][-1] == w[0][-1]:
        (_, name, a, b, flip), (_, _, c, d, _) = v[-1], w[0]
        if not flip and b == c:
            return (*v[:-1], ("chain", name, a, d, flip), *w[1:])
        if flip and a == d:
            return (*v[:-1], ("chain", name, c, b, flip), *w[1:])
    return v + w


def agreeing(trees: Iterable[Tree], terms: Terms) -> str:
    """An equation for each number (or gradient) of a matrix that agrees with an earlier one, or that is the norm of 0."""
    seen: dict[object, Tree] = {}
    script, count = "", 0
    for x in dict.fromkeys(n for t in trees for n in _numbers(t)):
        try:
            normal = words(x.parts[0])
            opposite = _frozen(_scaled(normal, {ONE: Fraction(-1)}))
            same = frozenset({_frozen(normal), opposite}) if x.head == "norm" else _frozen(normal)
            key = (x.head, x.args[0] if isinstance(x.args[0], str) else None, x.parts[1:], same)
            text = terms.any(x)
        except NotTranslated:
            continue
        if x.head == "norm" and not normal:
            count += 1
            script += f"try assert (e{count}' : peq {text} 0) by (norm_of_zero). "
        elif (first := seen.setdefault(key, x)) is not x and (other := terms.any(first)) != text:
            m, n = terms.size(x.parts[0])
            count += 1
            by = f"same_argument ltac:(idtac; words {m} {n} closed_by_field)"
            by = f"first [{by} | opposite_argument ltac:(idtac; words {m} {n} closed_by_field)]" if x.head == "norm" else by
            kind = f"meq {m} {n}" if x.head == "grad" else "peq"
            script += f"try assert (e{count}' : {kind} {text} {other}) by ({by}). "
    return script


def _frozen(x: Words) -> frozenset[object]:
    return frozenset((w, frozenset(c.items())) for w, c in x.items())


def _numbers(x: Tree) -> Iterator[Tree]:
    return (y for y in reversed(list(free(x))) if y.head in OF_MATRICES and y.parts[0].shape not in {(), None})


def ranges(trees: Iterable[Tree], terms: Terms) -> str:
    """Sums and products without a member, with one member, and sums of equal members, as equations."""
    script, count = "", 0
    for x in dict.fromkeys(y for t in trees for y in reversed(list(free(t))) if y.head in {"sum", "prod"} and y.shape == ()):
        lo, hi = (affine(p) for p in x.parts[:2])
        flat = constant(x) if x.head == "sum" else None
        if shifted(hi, 1) == lo:
            value, how = num(0 if x.head == "sum" else 1), f"z{x.head}_empty"
        elif hi == lo:
            value, how = substituted(x.parts[2], {x.name: x.parts[1]}), f"z{x.head}_one"
        elif flat is not None:
            value, how = flat, "zsum_equal"
        else:
            continue
        count += 1
        script += f"try assert (s{count}' : peq {terms.real(x)} {terms.real(value)}) by (by_range {how}). "
    return script
