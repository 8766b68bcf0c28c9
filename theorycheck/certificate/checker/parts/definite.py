"""Real powers of matrices that are declared symmetric positive definite; natural powers of others."""

from __future__ import annotations

from typing import Any

from ..core import LETTERS, READERS, Context, Form, Letters, Node, const, letter, natural, need, read, sizes


def _merged(x: Any, y: Any) -> Any:
    (a, _, rows, _), (b, _, _, cols) = x, y
    return (("spd", a[1], a[2] + b[2]), False, rows, cols) if a[1] == b[1] else None


def _mpow(t: Node, ctx: Context) -> Form:
    base, e = t.trees[0], read(t.trees[1], ctx)
    if base.head == "sym" and base.args[0] in ctx.definite:
        return letter(("spd", base.args[0], e), *sizes(t, ctx)) if e.terms else const(1, sizes(t, ctx))
    need((e.whole() or 0) > 0, "a power of a matrix that is not declared symmetric positive definite")
    return natural(read(base, ctx), int(e.whole() or 0))


LETTERS["spd"] = Letters(_merged, lambda x: not x[0][2].terms, symmetric=True)
READERS["mpow"] = _mpow
