"""Signs: 2 where something is positive, 1 where it is >= 0, 0 where that is not known (never "no").

Products and sums of terms of known sign; what a relation says of a single atom. Further ways are in `bounds`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flint import fmpq

from ..core import OPERATIONS, SIGNS, Context, Form, further_sign, need, opened, replaced, symbol, transposed

NONNEGATIVE = {"schatten", "rank", "singular"}


@dataclass
class Learned:
    """What relations say of atoms: signs, which are not 0, and a lower bound (a number where there is one)."""

    signs: dict[Any, int] = field(default_factory=dict)
    nonzero: set[Any] = field(default_factory=set)
    bounds: dict[Any, Form] = field(default_factory=dict)

    def take(self, gap: Form, strict: bool) -> None:
        if len(gap.terms) == 1:
            (((binders, factors, word), c),) = gap.terms.items()
            self.nonzero |= {a for a, _ in factors if strict and not binders}
            if len(factors) == 1 and not binders and not word and c > 0:
                ((a, e),) = factors
                n = e.whole()
                if e.constant() is not None and (n is None or n % 2) and a != ("-1",):
                    self.signs[a] = max(self.signs.get(a, 0), 1 + strict)
        for t, c in gap.terms.items():
            if c > 0 and not t[0] and not t[2] and len(t[1]) == 1:
                ((a, e),) = t[1]
                rest = (Form({t: c}) - gap).scale(1 / c)
                if e.whole() == 1 and not any(a == b for u in rest.terms for b, _ in u[1]):
                    self._bound(a, rest, strict)

    def _bound(self, a: Any, low: Form, strict: bool) -> None:
        c, old = low.constant(), self.bounds[a].constant() if a in self.bounds else None
        if c is not None and c >= 0:
            self.signs[a] = max(self.signs.get(a, 0), 2 if c > 0 or strict else 1)
        if strict and self.bounds.get(a) == low:
            self.signs["slack", a] = 2
        tight = self.signs.get(("slack", a)) == 2
        if not low.terms or (a in self.bounds and (c is None or (old is not None and (c, strict) <= (old, tight)))):
            return
        self.bounds[a] = low
        self.signs["slack", a] = 1 + strict


def learned(ctx: Context) -> Learned:
    if "learned" not in ctx.known:
        ctx.known["learned"] = Learned()
        for gap, strict in ctx.gaps:
            ctx.known["learned"].take(gap, strict)
    return ctx.known["learned"]  # type: ignore[no-any-return]


def sign(x: Form, ctx: Context, depth: int = 3) -> int:
    if (x, depth) not in ctx.known:
        signs = [term_sign(t, c, ctx) for t, c in x.terms.items()] if not x.shape else [0]
        plain = 1 if not signs else max(signs) if all(signs) else 0
        search = plain < 2 and depth and x.constant() is None and not x.shape
        ctx.known[x, depth] = max(plain, further_sign(x, ctx, depth)) if search else plain
    return ctx.known[x, depth]  # type: ignore[no-any-return]


def nonzero(x: Form, ctx: Context) -> bool:
    if len(x.terms) == 1:
        ((b, factors, word),) = x.terms
        if not b and not word and all(a in learned(ctx).nonzero or a == ("-1",) or atom_sign(a, ctx) == 2 for a, _ in factors):
            return True
    return 2 in (sign(x, ctx), sign(x.scale(-1), ctx))


def term_sign(term: Any, c: fmpq, ctx: Context) -> int:
    if c < 0 or term[2]:
        return 0
    if not term[0]:
        return min((factor_sign(a, e, ctx) for a, e in term[1]), default=2)
    binders, body = opened(term)
    inner = ctx.within(binders)
    return min(1, *(term_sign(t, k, inner) for t, k in body.terms.items()))


def factor_sign(a: Any, e: Form, ctx: Context) -> int:
    base, n = atom_sign(a, ctx), e.whole()
    if base == 2 or a == ("-1",):
        return 0 if a == ("-1",) else 2
    if n is not None:
        return base if n % 2 else 1 + (a in learned(ctx).nonzero)
    return 1  # a power that is no integer was read for a base >= 0 only


def atom_sign(a: Any, ctx: Context) -> int:
    known = learned(ctx)
    if a in known.signs:
        return 2 if a in known.nonzero else known.signs[a]
    if a[0] in {"prime", "e"} or (a[0] == "item" and a[1] in ctx.families):
        return 2
    if a[0] == "abs":
        return 2 if _plainly_nonzero(a[1], ctx) else 1
    if a[0] in NONNEGATIVE:
        return 1
    if a[0] == "tr":
        definite = len(a[1]) == 1 and a[1][0][0][0] == "spd" and sign(a[1][0][2], ctx, 1) == 2  # of size >= 1
        return 2 if definite else int(is_square(a[1]))
    return SIGNS[a[0]](a, ctx) if a[0] in SIGNS else 0


def _product_sign(a: Any, ctx: Context) -> int:
    """A product over an index is as positive as its members are, all over the range; an empty one is 1."""
    _, own, low, high, body = a
    index = f"~member{len(ctx.gaps)}"  # a product inside has more relations around it, so another name
    return sign(replaced(body, {own: symbol(index)}), ctx.within([(index, low, high, False)]), 2)


def _plainly_nonzero(x: Form, ctx: Context) -> bool:
    return any(sign(y, ctx, 1) == 2 for y in (x, x.scale(-1))) or bool(
        len(x.terms) == 1 and all(not t[0] and all(b in learned(ctx).nonzero for b, _ in t[1]) for t in x.terms)
    )


def is_square(word: Any) -> bool:
    """Whether the trace of the word is Tr[M^T M]."""
    half = len(word) // 2
    turns = (word[i:] + word[:i] for i in range(len(word)))
    return len(word) % 2 == 0 and any(w[:half] == transposed(w[half:]) for w in turns)


def whole(x: Form, ctx: Context) -> Form:
    """x, if it is an integer."""
    for (binders, factors, word), c in x.terms.items():
        for a, e in factors:
            declared = a[0] in {"sym", "item"} and a[1] in ctx.integers
            need(declared and (e.whole() or 0) > 0, f"{a} is not known to be an integer")
        need(c.denom() == 1 and not binders and not word, "a number that is not known to be an integer")
    return x


SIGNS.update({"prod": _product_sign, "sum": lambda a, ctx: sign(a[1], ctx, 2)})
OPERATIONS.update({"learned": learned, "sign": sign, "nonzero": nonzero, "whole": whole})
OPERATIONS.update({"atom_sign": atom_sign, "factor_sign": factor_sign})
