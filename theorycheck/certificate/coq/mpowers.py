"""Powers of a matrix: where they meet in a line, their products are one power, by the laws that the lemma has as hypotheses."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from fractions import Fraction

from theorycheck.certificate.coq.powers import Laurent, Monomial, laurent, plus
from theorycheck.certificate.coq.terms import Terms
from theorycheck.certificate.coq.trees import Tree, free, num

UNIT: Laurent = laurent(num(1))


def laws(x: Tree, terms: Terms) -> list[str]:
    """What is said of the powers of a positive definite matrix: its own size, their products, transposes, exponents 0 and 1."""
    n, a = terms.size(x)[0], terms.matrix(x.parts[0])
    return [
        f"forall a b, mmul {n} (mpow {n} {a} a) (mpow {n} {a} b) = mpow {n} {a} (a + b)",
        f"forall a, mtr (mpow {n} {a} a) = mpow {n} {a} a",
        f"mpow {n} {a} 0 = eye {n}",
        f"mpow {n} {a} 1 = {a}",
    ]


def matrix_powers(trees: Iterable[Tree], terms: Terms) -> str:
    """Rules for the powers of each matrix that occur: of two, their product; of one, its transpose and its first text."""
    powers = dict.fromkeys(x for t in trees for x in free(t) if x.head == "mpow" and x.parts[0].head == "sym")
    count, script = itertools.count(1), ""
    for base in dict.fromkeys(x.parts[0] for x in powers):
        own = [x for x in powers if x.parts[0] == base]
        n, a = terms.size(own[0])[0], terms.matrix(base)
        for rule in dict.fromkeys(_rules(n, own, terms)):
            left, right = (_texts(side, n, a) for side in rule)
            said = f"meq {n} {n} {left[0]} {right[0]}"
            script += f"try assert (m{next(count)}' : {said}) by powers_of_matrices {left[1]} {right[1]}. "
    return script


def _rules(n: str, powers: Iterable[Tree], terms: Terms) -> Iterator[tuple[str, str]]:
    """Left and right sides; an exponent in braces stands for the power of the matrix."""
    texts = {_key(UNIT): "1"}
    for x in powers:
        text = terms.real(x.parts[1])
        first = texts.setdefault(_key(laurent(x.parts[1])), text)
        if text != first:
            yield f"{{{text}}}", f"{{{first}}}"
    yield from ((f"(mtr {{{u}}})", f"{{{u}}}") for u in texts.values())
    known = dict(texts)
    for first_time in (True, False):  # what two powers make may meet a third, to make one that is known
        for (f, u), (g, v) in itertools.product(list(texts.items()), list(known.items())):
            total = _key(plus(dict(f), dict(g)))
            if first_time and total:
                texts.setdefault(total, f"({u} + {v})")
            if total in texts or not total:
                yield f"(mmul {n} {{{u}}} {{{v}}})", f"{{{texts.get(total, '0')}}}"
                yield f"(mmul {n} {{{v}}} {{{u}}})", f"{{{texts.get(total, '0')}}}"


def _key(form: Laurent) -> frozenset[tuple[Monomial, Fraction]]:
    return frozenset(form.items())


def _texts(side: str, n: str, a: str) -> tuple[str, str]:
    """A side as it is written, and with every power as a power."""
    plain = {"0": f"(eye {n})", "1": a}
    return (
        re.sub(r"\{(.*?)\}", lambda m: plain.get(m[1], f"(mpow {n} {a} {m[1]})"), side),
        re.sub(r"\{(.*?)\}", lambda m: f"(mpow {n} {a} {m[1]})", side),
    )
