"""The value of an explicit scalar normal form at an instance, in balls: decides that it is nonzero where signs do not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flint import arb, fmpq

from theorycheck.domain import Domain
from theorycheck.enclose.precision import working
from theorycheck.evaluate import Undefined, evaluate
from theorycheck.evaluate.numbers import Missing, log, power, sign_of
from theorycheck.exact.form import MINUS, Atom, E, Form, thaw
from theorycheck.exact.session import Session, Stuck
from theorycheck.tree import Node

BITS = 256


def admissible(session: Session, instance: Mapping[str, Any]) -> None:
    """Stuck unless the instance satisfies all hypotheses of the derivation."""
    broken = Domain("", (), session.hypotheses).broken(instance)
    if broken is not None:
        raise Stuck(f"the instance breaks the hypothesis {broken}")


def nonzero_at(session: Session, x: Form, instance: Mapping[str, Any]) -> bool:
    """Whether a form is certainly not 0 at an instance, which must be admissible."""
    admissible(session, instance)
    try:
        with working(BITS):
            return sign_of(value(x, instance)) in {1, -1}
    except (Undefined, Missing):
        return False


def value(x: Form, env: Mapping[str, Any]) -> Any:
    """The value of a scalar form without sums over an index; Missing for other parts."""
    total: Any = fmpq(0)
    for (binders, factors, word), c in x.terms.items():
        if binders or word:
            raise Missing("a sum over an index, or a matrix")
        for a, e in factors:
            c = c * power(_atom(a, env), value(thaw(e), env))
        total = total + c
    return total


def _atom(a: Atom, env: Mapping[str, Any]) -> Any:
    if isinstance(a, Node):
        return evaluate(a, env)
    if isinstance(a, int):
        return fmpq(a)
    if a in (E, MINUS):
        return arb(1).exp() if a == E else fmpq(-1)
    if a[0] == "poly":
        return value(thaw(a[1]), env)
    if a[0] == "abs":
        return abs(value(thaw(a[1]), env))
    if a[0] == "log":
        return log(_atom(a[1], env))
    raise Missing(f"no value of the part {a[0]}")
