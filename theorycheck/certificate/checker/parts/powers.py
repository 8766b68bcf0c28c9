"""Powers: x^n for natural n multiplied out; any other exponent only where a sign licenses it, as a product of powers of atoms.

Atoms of their own: ("prime", p) for roots of numbers, ("-1",) for signs with a symbolic exponent, ("sum", x) for a sum in a
power, ("formal", x, e) for a power under an integral that nothing licenses: it has no algebra.
"""

from __future__ import annotations

from typing import Any

from flint import fmpq

from ..core import (
    ATOMS,
    ONE,
    OPERATIONS,
    READERS,
    UNIT,
    Context,
    Form,
    Node,
    assemble,
    atom,
    const,
    factored,
    need,
    norm_squared,
    parts,
    read,
    show,
    whole,
)  # fmt: skip

HALF = const(fmpq(1, 2))
MINUS = ("-1",)


def natural(x: Form, n: int) -> Form:
    need(0 <= n <= 40, f"the power {n} of a sum")
    result = const(1, x.shape)
    for _ in range(n):
        result = result * x
    return result


def power(x: Form, e: Form, ctx: Context, licensed: bool = False) -> Form:
    """x^e: natural e always, e < 0 whole for x != 0, any other e for x > 0, or x >= 0 and e > 0."""
    n = e.whole()
    if n is not None and n >= 0:
        return natural(x, n)
    need(not x.shape, "a power of a matrix")
    need(x.terms or (n is None and ctx.sign(e) == 2), "a power of zero")
    if not x.terms:
        return x
    if not licensed:
        state = 0 if n is not None else ctx.sign(x)
        fine = ctx.nonzero(x) if n is not None else state == 2 or (state and ctx.sign(e) == 2)
        if ctx.formal and not fine:
            return atom(("formal", x, e))
        need(fine, f"a power or a division of {show(x)}, whose sign is not known")
    result = ONE
    for a, k in factored(x, ctx, n is None):
        result = result * assemble([(a, k * e)], (), fmpq(1), ())
    return result


# --- how powers of these atoms simplify ---------------------------------------------------------------------------------------
def _prime(a: Any, e: Form) -> Form | None:
    """p^(k + e) = p^k p^e."""
    k = int(e.terms.get(UNIT, fmpq(0)).floor())
    need(abs(k) < 10**4, f"the power {k} of {a[1]}")
    return atom(a, e - const(k)).scale(fmpq(a[1]) ** k) if k and (e - const(k)).terms else const(fmpq(a[1]) ** k) if k else None


def _minus(a: Any, e: Form) -> Form | None:
    """(-1)^e, where e is whole term by term: exponents modulo 2."""
    odd = Form({t: fmpq(int(k) % 2) for t, k in e.terms.items()})
    sign = -1 if odd.terms.get(UNIT) else 1
    rest = odd - ONE if sign < 0 else odd
    return None if rest == e else (atom(a, rest) if rest.terms else ONE).scale(sign)


def _sum(a: Any, e: Form) -> Form | None:
    n = e.whole()
    return natural(a[1], n) if n is not None and n > 0 else None


ATOMS.update({"prime": _prime, "-1": _minus, "sum": _sum})


# --- reading ----------------------------------------------------------------------------------------------------------------
def _power(t: Node, ctx: Context) -> Form:
    base, e = t.trees[0], read(t.trees[1], ctx)
    if base.head == "norm":
        square = norm_squared(read(base.trees[0], ctx))
        n, positive = e.whole(), ctx.sign(e) == 2 or ctx.nonzero(square)
        need((n is not None and n >= 0) or positive, "a power of a norm that may be zero")
        return power(square, e * HALF, ctx, licensed=True)
    x = read(base, ctx)
    if x.constant() == -1 and e.constant() is None:
        return assemble([(MINUS, whole(e, ctx))], (), fmpq(1), ())
    return power(x, e, ctx)


READERS.update(
    {
        "pow": _power,
        "div": lambda t, ctx: parts(t, ctx)[0] * power(parts(t, ctx)[1], const(-1), ctx),
        "sqrt": lambda t, ctx: power(parts(t, ctx)[0], HALF, ctx),
        "norm": lambda t, ctx: power(norm_squared(parts(t, ctx)[0]), HALF, ctx, licensed=True),
    }
)
OPERATIONS.update({"natural": natural, "power": power})
