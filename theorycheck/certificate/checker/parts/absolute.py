"""Absolute values, signs and minima: |x| of known sign opened, of a product factor by factor; |x|^2 = x^2."""

from __future__ import annotations

from typing import Any

from ..core import ATOMS, ONE, READERS, Context, Form, Node, assemble, atom, const, factor_sign, key, natural, parts


def _abs(t: Node, ctx: Context) -> Form:
    (x,) = parts(t, ctx)
    if ctx.sign(x) or ctx.sign(x.scale(-1)):
        return x if ctx.sign(x) else x.scale(-1)
    ((b, factors, _), c) = next(iter(x.terms.items()))
    if len(x.terms) > 1 or b:
        return atom(("abs", min(x, x.scale(-1), key=key)))
    known = [(a, e) if factor_sign(a, e, ctx) else (("abs", atom(a)), e) for a, e in factors if a != ("-1",)]
    return assemble(known, (), abs(c), ())


def _even(a: Any, e: Form) -> Form | None:
    """|x|^n = x^n or x^(n - 1) |x| for natural n."""
    n = e.whole()
    if n is None or n < 2:
        return None
    return natural(a[1], n) if n % 2 == 0 else natural(a[1], n - 1) * atom(a)


def _sign(t: Node, ctx: Context) -> Form:
    (x,) = parts(t, ctx)
    return ONE if ctx.sign(x) == 2 else const(-1) if ctx.sign(x.scale(-1)) == 2 else atom(("sign", x))


ATOMS.update({"abs": _even})
def _min(t: Node, ctx: Context) -> Form:
    x, y = sorted(parts(t, ctx), key=key)
    return x if ctx.sign(y - x) else y if ctx.sign(x - y) else atom(("min", x, y))


READERS.update({"abs": _abs, "sign": _sign, "min": _min})
