"""A refuted claim with numbers as witness: values exist at which all hypotheses hold and the claim's relation does not."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from theorycheck.certificate.coq.statement import Certificate, all_positive, declare, declared, stated, words_of
from theorycheck.certificate.coq.terms import Terms
from theorycheck.certificate.coq.trees import NotTranslated, identifier

HEADER = "From TheoryCheck Require Import Refute.\nOpen Scope R_scope.\n"


def refutation(cert: Certificate, values: dict[str, Any], terms: Terms) -> str:
    """The file of a refutation; NotTranslated where a value is no number or family of numbers, or a hypothesis is left open."""
    names = declare([cert.tree], terms)
    for u in cert.hypotheses:
        names.binders.update((own := declared(u, terms)).binders)
        names.sizes.update(own.sizes)
    says = "".join(f"  (* {u.name} *) ({stated(u, terms)}) /\\\n" for u in cert.hypotheses)
    positive = [x for x in map(identifier, sorted(cert.positive)) if names.binders.get(x) in {"Z -> Z", "Z -> R"}]
    says += "".join(f"  ({all_positive(x, names.binders[x])}) /\\\n" for x in positive)
    claim = terms.prop(cert.tree)
    mentioned = words_of(says + claim)
    order = {"Z": 0, "Z -> Z": 1, "R": 2, "Z -> R": 3, "M": 4, "Z -> M": 5}
    binders = sorted(((n, kind) for n, kind in names.binders.items() if n in mentioned), key=lambda p: order.get(p[1], 4))
    if any(kind not in order for _, kind in binders):
        raise NotTranslated("a witness with functions")
    absent = set(names.binders) - {n for n, _ in binders}
    says = "".join(f"  ({size}) /\\\n" for size in names.sizes if not absent & words_of(size)) + says
    given = {identifier(name): value for name, value in values.items()}
    missing = [n for n, _ in binders if n not in given]
    if missing:
        raise NotTranslated(f"a witness without a value of {missing[0]}")
    texts = ", ".join(_value(given[n], kind) for n, kind in binders)
    declared_names = " ".join(f"({n} : {kind})" for n, kind in binders)
    return (
        f"(* {cert.claim}, refuted *)\n{HEADER}\nLemma claim : exists {declared_names},\n{says}  ~ ({claim}).\n"
        f"Proof.\nexists {texts}.\nrefuted.\nQed.\nPrint Assumptions claim.\n"
    )


def _value(value: Any, kind: str) -> str:
    match value:
        case str(text) if kind in {"Z", "R"}:
            return _number(text, kind)
        case ["matrix", list(rows)] if kind == "M":
            return f"(of_rows {_listed(_listed(_number(x, 'R') for x in row) for row in rows)})"
        case ["family", dict(members)] if kind == "Z -> M":
            text = "mzero"
            for k, v in reversed(members.items()):
                text = f"if (j =? {k})%Z then {_value(v, 'M')} else {text}"
            return f"(fun j : Z => {text})"
        case ["family", dict(members)] if kind in {"Z -> Z", "Z -> R"}:
            last, *rest = [(k, _number(v, kind[-1])) for k, v in reversed(members.items())]
            text = last[1]
            for k, v in rest:
                text = f"if (j =? {k})%Z then {v} else {text}"
            return f"(fun j : Z => {text})"
    raise NotTranslated("a witness whose values are no numbers")


def _listed(texts: Iterable[str]) -> str:
    return f"({' :: '.join([*texts, 'nil'])})"


def _number(text: Any, kind: str) -> str:
    if not isinstance(text, str):
        raise NotTranslated("a witness whose values are no numbers")
    x = Fraction(text)
    if kind == "Z":
        return f"({x})%Z"
    return f"({x.numerator} / {x.denominator})" if x.denominator > 1 else f"({x})"
