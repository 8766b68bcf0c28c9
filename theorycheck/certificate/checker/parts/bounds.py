"""Further ways to know a sign, tried to a small depth: an atom with a lower bound as bound + slack; c m - d n with c >= d and
m / n a product of powers of things >= 1; subtracting a multiple of a relation that holds."""

from __future__ import annotations

from typing import Any

from flint import fmpq

from ..core import (
    ONE,
    OPERATIONS,
    Context,
    Form,
    add,
    assemble,
    atom,
    atom_sign,
    closed,
    const,
    factor_sign,
    learned,
    natural,
    opened,
    sign,
)


def further_sign(x: Form, ctx: Context, depth: int) -> int:
    found = _difference(x, ctx, depth - 1)
    if found < 2:
        moved = _shifted(x, ctx)
        found = max(found, sign(moved, ctx, depth - 1) if moved is not None else 0)
    return found if found == 2 else max(found, _by_known(x, ctx, depth))


def _shifted(x: Form, ctx: Context) -> Form | None:
    """x with natural powers of bounded atoms multiplied out as bound + slack; None where there are none."""
    parts, changed, bounds = [], False, learned(ctx).bounds
    for term, c in x.terms.items():
        binders, body = opened(term)
        ((_, factors, _),) = body.terms
        part = const(c)
        for a, e in factors:
            n = e.whole()
            if a in bounds and n is not None and 0 < n <= 6:
                part, changed = part * natural(bounds[a] + atom(("slack", a)), n), True
            else:
                part = part * atom(a, e)
        parts.append(closed(binders, part))
    return add(parts) if changed else None


def _difference(x: Form, ctx: Context, depth: int) -> int:
    if len(x.terms) != 2 or any(t[0] for t in x.terms):
        return 0
    (s, c), (t, d) = sorted(x.terms.items(), key=lambda tc: tc[1] < 0)
    if not c > 0 > d or not all(factor_sign(a, e, ctx) for a, e in t[1]):
        return 0
    ratio = assemble([*s[1], *((a, e.scale(-1)) for a, e in t[1])], (), c, ())
    if len(ratio.terms) != 1:
        return 0
    ((u, k),) = ratio.terms.items()
    factors, rest = [], -k / d
    for a, e in u[1]:
        n = _times(rest, a[1]) if a[0] == "prime" else 0
        factors.append((a, e + const(n)))
        rest = rest / fmpq(a[1]) ** n if n else rest
    return int(rest >= 1 and all(_at_least_one(a, e, ctx, depth) for a, e in factors))


def _times(c: fmpq, p: int) -> int:
    """How often a prime divides a rational: less than 0 where it divides the denominator."""
    up, down = c, 1 / c
    n = 0
    while up.numer() % p == 0:
        up, n = up / p, n + 1
    while down.numer() % p == 0:
        down, n = down / p, n - 1
    return n


def _at_least_one(a: Any, e: Form, ctx: Context, depth: int) -> bool:
    """Whether a^e >= 1."""
    big = a[0] in {"prime", "e"} or sign(atom(a) - ONE, ctx, depth)
    small = not big and atom_sign(a, ctx) and sign(ONE - atom(a), ctx, depth)
    return bool((big and sign(e, ctx, depth)) or (small and sign(e.scale(-1), ctx, depth)))


def _by_known(x: Form, ctx: Context, depth: int) -> int:
    """x minus a positive multiple of a relation that shares a negative term with x."""
    best = 0
    for gap, strict in ctx.gaps:
        t, c = next(iter(gap.terms.items()), (None, None))
        if t in x.terms and x.terms[t] / c > 0 and x == gap.scale(x.terms[t] / c):
            best = max(best, 1 + strict)
    if len(x.terms) > 8:
        return best
    for gap, strict in ctx.gaps:
        for t, c in gap.terms.items():
            if t in x.terms and x.terms[t] < 0 and c < 0 and best < 2:
                rest = x - gap.scale(x.terms[t] / c)
                found = sign(rest, ctx, depth - 1) if rest.terms else 1
                best = max(best, 2 if found and strict else found)
    return best


OPERATIONS["further_sign"] = further_sign
