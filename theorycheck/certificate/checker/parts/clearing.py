"""Forms that are compared with zero: without sums below a fraction, powers of one sum as multiples of its least power."""

from __future__ import annotations

from typing import Any

from flint import fmpq

from ..core import OPERATIONS, UNIT, Form, add, atom, const, natural


def cleared(x: Form) -> Form:
    """x times the powers of its sum-denominators: it is zero exactly where x is."""
    x = aligned(x)
    for _ in range(8):
        worst: dict[Any, int] = {}
        for binders, factors, _word in x.terms:
            for a, e in factors:
                n = e.whole()
                if a[0] == "sum" and n is not None and n < 0 and not binders:
                    worst[a] = min(n, worst.get(a, n))
        if not worst:
            return x
        for a, n in worst.items():
            x = x * atom(a, const(-n))
    return x


def aligned(x: Form) -> Form:
    """x with p^(e + n) as p^e p^n, p^n multiplied out, where p^e occurs as well: p a sum, e symbolic, n a natural number."""
    least: dict[Any, int] = {}
    for a, e, n in (part for t in x.terms for part in _moving(t)):
        least[a, e] = min(n, least.get((a, e), n))
    return add((_lowered(t, c, least, x.shape) for t, c in x.terms.items()), x.shape) if least else x


def _moving(term: Any) -> list[tuple[Any, Form, int]]:
    """(p, e - n, n) for the powers p^e of sums with a symbolic exponent, n the whole part of its constant."""
    binders, factors, _ = term
    sums = [(a, e) for a, e in factors if a[0] == "sum" and e.constant() is None and not binders]
    return [(a, e - const(n), n) for a, e in sums for n in [int(e.terms.get(UNIT, fmpq(0)).floor())]]


def _lowered(term: Any, c: fmpq, least: dict[Any, int], shape: tuple[Form, ...]) -> Form:
    result = Form({term: c}, shape)
    for a, e, n in _moving(term):
        if over := n - least[a, e]:
            result = result * atom(a, const(-over)) * natural(a[1], over)
    return result


OPERATIONS["cleared"] = cleared
