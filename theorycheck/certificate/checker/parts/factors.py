"""A form as a product of powers of atoms: content, common factors, a sum that is left."""

from __future__ import annotations

from math import gcd, lcm
from typing import Any

from flint import fmpq

from ..core import (
    ONE,
    OPERATIONS,
    Context,
    Form,
    assemble,
    atom,
    atom_sign,
    const,
    key,
)

MINUS = ("-1",)


def factored(x: Form, ctx: Context, positive: bool) -> list[tuple[Any, Form]]:
    """x as a product of powers of atoms; with `positive` x >= 0 is known, and factors of unknown sign become |factor|."""
    if len(x.terms) == 1 and not next(iter(x.terms))[0]:
        (((_, factors, _), c),) = x.terms.items()
        found: list[tuple[Any, Form]] = [(MINUS, ONE)] if c < 0 and not positive else []
        for a, k in factors:
            known = not positive or atom_sign(a, ctx) or k.whole() is None
            if not (positive and a == MINUS):
                found.append((a if known else ("abs", atom(a)), k))
        return [*primes(abs(c)), *found]
    common = _common(x, ctx)
    rest = x * assemble([(a, k.scale(-1)) for a, k in common], (), fmpq(1), ())
    lead = rest.terms[min(rest.terms, key=key)]
    numbers = rest.terms.values()
    content = fmpq(gcd(*(int(c.numer()) for c in numbers)), lcm(*(int(c.denom()) for c in numbers)))
    flip = not positive and lead < 0 and not ctx.sign(rest)
    core = rest.scale((-1 if flip else 1) / content)
    inner = [(("sum", core), ONE)] if len(core.terms) > 1 or next(iter(core.terms))[0] else factored(core, ctx, positive)
    return [*([(MINUS, ONE)] if flip else []), *common, *primes(content), *inner]


def primes(c: fmpq) -> list[tuple[Any, Form]]:
    top = [(("prime", int(p)), const(int(k))) for p, k in c.numer().factor()]
    return top + [(("prime", int(p)), const(-int(k))) for p, k in c.denom().factor()]


def _common(x: Form, ctx: Context) -> list[tuple[Any, Form]]:
    """Positive atoms that all terms share, with the least of their constant exponents."""
    terms = [dict(f) for b, f, _ in x.terms]
    if any(b for b, _, _ in x.terms):
        return []
    found = []
    for a in sorted(set.intersection(*(set(t) for t in terms)), key=key):
        exponents = [t[a].constant() for t in terms]
        if all(e is not None for e in exponents) and atom_sign(a, ctx) == 2:
            found.append((a, const(min(e for e in exponents if e is not None))))
    return found


OPERATIONS["factored"] = factored
