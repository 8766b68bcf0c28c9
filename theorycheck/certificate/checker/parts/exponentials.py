"""Exponentials and logarithms: e^(x + c log a) = e^x a^c, and the logarithm of a product of powers of positive atoms."""

from __future__ import annotations

from flint import fmpq

from ..core import OPERATIONS, READERS, Context, Form, add, assemble, atom, factored, need, parts, show

E = ("e",)


def logarithm(x: Form, ctx: Context) -> Form:
    need(ctx.sign(x) == 2, f"the logarithm of {show(x)}, which is not known to be positive")
    return add(k if a == E else k * atom(("log", a)) for a, k in factored(x, ctx, True))


def exponential(x: Form) -> Form:
    """e^x; a term c log(a) of the exponent becomes a^c."""
    result = assemble([], (), fmpq(1), ())
    for (b, f, w), c in x.terms.items():
        logs = [(a, e) for a, e in f if a[0] == "log" and e.whole() == 1]
        base, rest = (logs[0][0][1], f - {logs[0]}) if len(logs) == 1 and not b else (E, f)
        result = result * assemble([(base, Form({(b, rest, w): c}))], (), fmpq(1), ())
    return result


READERS.update({"exp": lambda t, ctx: exponential(parts(t, ctx)[0]), "log": lambda t, ctx: logarithm(parts(t, ctx)[0], ctx)})
OPERATIONS.update({"exponential": exponential, "logarithm": logarithm})
