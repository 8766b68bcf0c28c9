"""Parts of a form exchanged for others: symbols by forms, atoms and words as visitors say, inside arguments too."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flint import fmpq

from ..core import (
    ONE,
    OPERATIONS,
    SCOPED,
    Context,
    Form,
    add,
    assemble,
    atom,
    binding,
    closed,
    logarithm,
    names_in,
    natural,
    need,
    opened,
    power,
    renamed,
    trace,
    word_form,
)

BINDING, COUNT = {"prod", "integral"}, itertools.count()
Visit = Callable[[Any, Context | None], Form | None]
Inner = Callable[[Any, Context | None], Any]


def replaced(x: Form, table: dict[str, Form]) -> Form:
    """Scalar symbols replaced by forms."""
    return rebuilt(x, lambda a, _: table.get(a[1]) if a[0] == "sym" else None, names=frozenset(table))


def rebuilt(
    x: Form,
    on_atom: Visit,
    on_word: Visit | None = None,
    ctx: Context | None = None,
    names: frozenset[str] | None = None,
) -> Form:
    """The form with atoms and words exchanged wherever the visitors give something; with `names`, only what mentions one."""
    return Exchange(on_atom, on_word, names).inner(x, ctx)  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Exchange:
    """`found` holds what a part became in its context: widths, say, occur in each letter."""

    on_atom: Visit
    on_word: Visit | None
    names: frozenset[str] | None
    found: dict[Any, Form] = field(default_factory=dict)

    def inner(self, x: Any, ctx: Context | None) -> Any:
        if not isinstance(x, Form):
            return tuple([self.inner(y, ctx) for y in x]) if isinstance(x, tuple) else x
        if self.names is not None and not self.names & names_in(x):
            return x
        if (x, ctx) not in self.found:
            shape = self.inner(x.shape, ctx)
            self.found[x, ctx] = add([self.term(t, c, x.shape, shape, ctx) for t, c in x.terms.items()], shape)
        return self.found[x, ctx]

    def term(self, t: Any, c: fmpq, old: Any, shape: Any, ctx: Context | None) -> Form:
        binders, body = opened(t, old)
        here = ctx.within(binders) if ctx and binders else ctx
        result = ONE
        (((_, factors, word), k),) = body.terms.items()
        for a, e in factors:
            new, exponent = self.on_atom(a, here), self.inner(e, here)
            if new is None:
                new = _remade(a, self.inner, self.on_word, here)
            result = result * _raised(new, exponent, here)
        if shape:
            new = self.on_word(word, here) if self.on_word else None
            result = result * (new if new is not None else _word(word, self.inner, here, shape))
        ends = [(n, self.inner(lo, here), self.inner(hi, here), s) for n, lo, hi, s in binders]
        return closed(ends, result.scale(c * k))


def _remade(a: Any, inner: Inner, on_word: Visit | None, ctx: Context | None) -> Form:
    """An atom with its inner forms rebuilt; traces are put in their fixed rotation again, bound names are renamed."""
    if a[0] in BINDING:
        head, name, (lo, hi), body, fresh = a[0], a[1], inner(a[2:4], ctx), a[4], f"^{next(COUNT)}"
        within = ctx.within([(fresh, lo, hi, True)]) if ctx and head == "prod" else ctx
        return binding(head, fresh, lo, hi, inner(renamed(body, {("sym", name): fresh}), within))
    if a[0] == "log":  # it holds an atom, not a form
        x = inner(atom(a[1]), ctx)
        own = plain_atom(x)
        need(ctx or own, "the logarithm of what a symbol is replaced by")
        return atom(("log", own)) if own else logarithm(x, ctx)
    if a[0] in SCOPED:
        return SCOPED[a[0]](a, inner, ctx)
    if a[0] != "tr":
        return atom(inner(a, ctx))
    for turn in (a[1][i:] + a[1][:i] for i in range(len(a[1]) if on_word else 0)):
        new = on_word(turn, ctx) if on_word else None
        if new is not None:
            return trace(new)
    return trace(_word(a[1], inner, ctx, ()))


def _word(word: Any, inner: Inner, ctx: Context | None, shape: Any) -> Form:
    """The word with its letters rebuilt; the mean of a matrix is one that may become another form."""
    if not any(w[0][0] in SCOPED for w in word):
        letters = inner(word, ctx)
        return word_form(letters, shape or (letters[0][2], letters[-1][3]))
    result = ONE
    for w in word:
        if w[0][0] in SCOPED:
            x = SCOPED[w[0][0]](w[0], inner, ctx)
            result = result * (x.T if w[1] else x)
        else:
            result = result * word_form(inner((w,), ctx), inner(w[2:], ctx))
    return result


def _raised(x: Form, e: Form, ctx: Context | None) -> Form:
    """x^e where the power of something equal to x stood already."""
    n = e.whole()
    if n is not None and n >= 0:
        return natural(x, n)
    own = plain_atom(x)
    need(ctx or own, "a sum put into a power that is not a natural number")
    return assemble([(own, e)], (), fmpq(1), ()) if own else power(x, e, ctx, licensed=True)


def plain_atom(x: Form) -> Any:
    """The atom that a form is; None where it is none."""
    atoms = [a for _, factors, _ in x.terms for a, _ in factors]
    return atoms[0] if len(atoms) == 1 and x == atom(atoms[0]) else None


OPERATIONS.update({"replaced": replaced, "rebuilt": rebuilt})
