"""Products of layers W_hi .. W_lo: neighbours merge, a product of no layers is the identity.

One layer may have sizes of its own; it is a letter that merges with nothing, not a layer of the network of that name.
"""

from __future__ import annotations

from typing import Any

from ..core import LETTERS, ONE, READERS, Context, Form, Letters, Node, atom, const, letter, need, parts, sizes, whole


def _merged(x: Any, y: Any) -> Any:
    (a, s, rows, _), (b, t, _, cols) = x, y
    high, low = (b, a) if s else (a, b)
    if a[1] != b[1] or s != t or high[3] - low[2] != ONE:
        return None
    return (("chain", a[1], high[2], low[3]), s, rows, cols)


def _chain(t: Node, ctx: Context) -> Form:
    hi, lo = (whole(x, ctx) for x in parts(t, ctx))
    widths = [s.args[0] for s in t.shape or () if s.head == "item"]
    fits = len(widths) == 2 and sizes(t, ctx) == tuple(atom(("item", widths[0], i)) for i in (hi, lo - ONE))
    fits = fits and widths[0] == widths[1]
    need(hi == lo or fits, f"the sizes of a chain of {t.args[0]} are not those of its layers")
    if lo - hi == ONE:
        return const(1, sizes(t, ctx))
    need(ctx.sign(hi - lo + ONE), f"a chain of {t.args[0]} whose ends are not known to be in order")
    return letter(("chain" if fits else "alone", t.args[0], hi, lo), *sizes(t, ctx))


LETTERS["chain"] = Letters(_merged, lambda x: bool(x[0][3] - x[0][2] == ONE))
READERS["chain"] = _chain
