"""From trees to normal forms, in a context: the signs that follow from hypotheses, and what they license.

`Context.sign` answers 2 (positive), 1 (>= 0) or 0 (unknown, never "false"). It knows: products and sums of terms of known sign;
an atom with a known lower bound as bound + slack; c m - d n with c >= d and m / n a product of powers of things >= 1; and
subtracting multiples of relations that hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import gcd, lcm
from typing import Any

from flint import fmpq

from .forms import (
    E, MINUS, ONE, UNIT, ZERO, Binders, Form, add, assemble, atom, closed, const, key, letter, names_in, natural, opened,
    replaced, symbol, trace, transposed,
)  # fmt: skip
from .tree import Node, Refused, need

HALF = const(fmpq(1, 2))


class Context:
    """Relations that hold (`gaps`: forms >= 0, or > 0 where marked), and what is declared of names."""

    def __init__(
        self,
        gaps: Iterable[tuple[Form, bool]] = (),
        integers: frozenset[str] = frozenset(),
        definite: frozenset[str] = frozenset(),
        families: frozenset[str] = frozenset(),
        formal: bool = False,
    ) -> None:
        self.gaps = tuple(dict.fromkeys(gaps))
        self.integers, self.definite, self.families = integers, definite, families
        self.formal = formal  # under an integral: what no sign licenses is an atom without algebra
        self.signs: dict[Any, int] = {}
        self.nonzeros: set[Any] = set()
        self.bounds: dict[Any, Form] = {}
        self.known: dict[Any, Any] = {}
        for gap, strict in self.gaps:
            self._learn(gap, strict)

    def _learn(self, gap: Form, strict: bool) -> None:
        """Signs of atoms and lower bounds (one for each atom, a number if there is one) from one relation."""
        if len(gap.terms) == 1:
            (((binders, factors, _), c),) = gap.terms.items()
            self.nonzeros |= {a for a, _ in factors if strict and not binders}
            if len(factors) == 1 and not binders and c > 0:
                ((a, e),) = factors
                n = e.whole()
                if e.constant() is not None and (n is None or n % 2) and a != MINUS:
                    self.signs[a] = max(self.signs.get(a, 0), 1 + strict)
        for t, c in gap.terms.items():
            if c > 0 and not t[0] and not t[2] and len(t[1]) == 1:
                ((a, e),) = t[1]
                rest = (Form({t: c}) - gap).scale(1 / c)
                if e == ONE and not any(a == b for u in rest.terms for b, _ in u[1]) and a[0] != "slack":
                    self._bound(a, rest, strict)

    def _bound(self, a: Any, low: Form, strict: bool) -> None:
        c, old = low.constant(), self.bounds[a].constant() if a in self.bounds else None
        if c is not None and c >= 0:
            self.signs[a] = max(self.signs.get(a, 0), 2 if c > 0 or strict else 1)
        if not low.terms or (a in self.bounds and (c is None or (old is not None and (c, strict) <= (old, self._tight(a))))):
            return
        self.bounds[a] = low
        self.signs["slack", a] = 1 + strict

    def _tight(self, a: Any) -> bool:
        return self.signs["slack", a] == 2

    def adding(self, gaps: Iterable[tuple[Form, bool]], integers: Iterable[str] = ()) -> Context:
        return Context((*self.gaps, *gaps), self.integers.union(integers), self.definite, self.families, self.formal)

    def without(self, names: Iterable[str]) -> Context:
        """Nothing is known of these names: they are bound, or stand for other values."""
        gone = frozenset(names)
        kept = [(g, s) for g, s in self.gaps if not (names_in(g) | letters_in(g)) & gone]
        return Context(kept, self.integers - gone, self.definite - gone, self.families - gone, self.formal)

    def within(self, binders: Binders) -> Context:
        """Under sums over these indices."""
        ends = [(g, False) for name, lo, hi in binders for g in (symbol(name) - lo, hi - symbol(name))]
        return self.adding(ends, (name for name, _, _ in binders))

    def power(self, x: Form, e: Form) -> Form:
        """x^e where the power of something equal to x was licensed."""
        return power(x, e, self, licensed=True)

    # --- signs ------------------------------------------------------------------------------------------------------------
    def sign(self, x: Form, depth: int = 3) -> int:
        if (x, depth) not in self.known:
            self.known[x, depth] = self._sign(x, depth)
        return self.known[x, depth]  # type: ignore[no-any-return]

    def _sign(self, x: Form, depth: int) -> int:
        if x.shape:
            return 0
        found = min((self._term(t, c) for t, c in x.terms.items()), default=1)
        if found and x.terms:
            found = max(self._term(t, c) for t, c in x.terms.items())
        if found == 2 or depth == 0 or not x.terms:
            return found
        found = max(found, self._difference(x, depth - 1))
        moved = self._shifted(x)
        found = max(found, self.sign(moved, depth - 1) if moved is not None else 0)
        return found if found == 2 else max(found, self._by_known(x, depth))

    def nonzero(self, x: Form) -> bool:
        if len(x.terms) == 1:
            ((b, factors, word),) = x.terms
            if not b and not word and all(a in self.nonzeros or a == MINUS or self.atom_sign(a) == 2 for a, _ in factors):
                return True
        return 2 in (self.sign(x), self.sign(x.scale(-1)))

    def _term(self, term: Any, c: fmpq) -> int:
        if c < 0:
            return 0
        if not term[0]:
            return min((self.factor_sign(a, e) for a, e in term[1]), default=2) if not term[2] else 0
        binders, body = opened(term)
        inner = self.within(binders)
        return min(1, *(inner._term(t, k) for t, k in body.terms.items()))

    def factor_sign(self, a: Any, e: Form) -> int:
        base, n = self.atom_sign(a), e.whole()
        if base == 2 or a == MINUS:
            return 0 if a == MINUS else 2
        if n is not None:
            return base if n % 2 else 1 + (a in self.nonzeros)
        return 1  # a power that is no integer was read for a base >= 0 only

    def atom_sign(self, a: Any) -> int:
        if a in self.signs:
            return 2 if a in self.nonzeros else self.signs[a]
        if a[0] in {"prime", "e"} or (a[0] == "item" and a[1] in self.families):
            return 2
        if a[0] == "abs":
            return 2 if self._plainly_nonzero(a[1]) else 1
        if a[0] in {"schatten", "rank", "singular"}:
            return 1
        if a[0] == "tr":
            return int(is_square(a[1]))
        return self.sign(a[1], 2) if a[0] == "sum" else 0

    def _plainly_nonzero(self, x: Form) -> bool:
        return any(self.sign(y, 1) == 2 for y in (x, x.scale(-1))) or bool(
            len(x.terms) == 1 and all(not t[0] and all(b in self.nonzeros for b, _ in t[1]) for t in x.terms)
        )

    def _shifted(self, x: Form) -> Form | None:
        """x with natural powers of bounded atoms multiplied out as bound + slack; None where there are none."""
        parts, changed = [], False
        for term, c in x.terms.items():
            binders, body = opened(term)
            ((_, factors, _),) = body.terms
            part = const(c)
            for a, e in factors:
                n = e.whole()
                if a in self.bounds and n is not None and 0 < n <= 6:
                    part, changed = part * natural(self.bounds[a] + atom(("slack", a)), n), True
                else:
                    part = part * atom(a, e)
            parts.append(closed(binders, part))
        return add(parts) if changed else None

    def _difference(self, x: Form, depth: int) -> int:
        if len(x.terms) != 2 or any(t[0] for t in x.terms):
            return 0
        (s, c), (t, d) = sorted(x.terms.items(), key=lambda tc: tc[1] < 0)
        if not c > 0 > d or not all(self.factor_sign(a, e) for a, e in t[1]):
            return 0
        ratio = assemble([*s[1], *((a, e.scale(-1)) for a, e in t[1])], (), c, ())
        ((u, k),) = ratio.terms.items()
        return int(k >= -d and all(self._at_least_one(a, e, depth) for a, e in u[1]))

    def _at_least_one(self, a: Any, e: Form, depth: int) -> bool:
        """Whether a^e >= 1."""
        big = a[0] in {"prime", "e"} or self.sign(atom(a) - ONE, depth)
        small = not big and self.atom_sign(a) and self.sign(ONE - atom(a), depth)
        return bool((big and self.sign(e, depth)) or (small and self.sign(e.scale(-1), depth)))

    def _by_known(self, x: Form, depth: int) -> int:
        """x minus a positive multiple of a relation that shares a negative term with x."""
        if len(x.terms) > 8:
            return 0
        for gap, strict in self.gaps:
            for t, c in gap.terms.items():
                if t in x.terms and x.terms[t] < 0 and c < 0:
                    rest = x - gap.scale(x.terms[t] / c)
                    found = self.sign(rest, depth - 1) if rest.terms else 1
                    if found:
                        return 2 if strict else found
        for gap, strict in self.gaps:
            t, c = next(iter(gap.terms.items()), (None, None))
            if t in x.terms and x.terms[t] / c > 0 and x == gap.scale(x.terms[t] / c):
                return 1 + strict
        return 0


EMPTY = Context()


def letters_in(x: Any) -> frozenset[str]:
    """All names in a part of a form: of matrices, families, functions and paths too."""
    if isinstance(x, Form):
        return frozenset().union(*map(letters_in, x.terms), *map(letters_in, x.shape))
    if isinstance(x, str):
        return frozenset({x})
    return frozenset().union(*map(letters_in, x)) if isinstance(x, tuple | frozenset) else frozenset()


def is_square(word: Any) -> bool:
    """Whether the trace of the word is Tr[M^T M]."""
    half = len(word) // 2
    turns = (word[i:] + word[:i] for i in range(len(word)))
    return len(word) % 2 == 0 and any(w[:half] == transposed(w[half:]) for w in turns)


def whole(x: Form, ctx: Context) -> Form:
    """x, if it is an integer."""
    for (binders, factors, word), c in x.terms.items():
        for a, e in factors:
            declared = a[1] in ctx.integers or a[1][0] in "~#" if a[0] in {"sym", "item"} else False
            need(declared and (e.whole() or 0) > 0, f"{a} is not known to be an integer")
        need(c.denom() == 1 and not binders and not word, "a number that is not known to be an integer")
    return x


# --- powers and logarithms ------------------------------------------------------------------------------------------------
def power(x: Form, e: Form, ctx: Context, licensed: bool = False) -> Form:
    """x^e: natural e always, e < 0 whole for x != 0, any other e for x > 0, or x >= 0 and e > 0."""
    n = e.whole()
    if n is not None and n >= 0:
        return natural(x, n)
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


def factored(x: Form, ctx: Context, positive: bool) -> list[tuple[Any, Form]]:
    """x as a product of powers of atoms; with `positive` x >= 0 is known, and factors of unknown sign become |factor|."""
    if len(x.terms) == 1 and not next(iter(x.terms))[0]:
        (((_, factors, _), c),) = x.terms.items()
        found = [(MINUS, ONE)] if c < 0 and not positive else []
        for a, k in factors:
            known = not positive or ctx.atom_sign(a) or k.whole() is None
            if not (positive and a == MINUS):
                found.append((a if known else ("abs", atom(a)), k))
        return [*_primes(abs(c)), *found]
    common = _common(x, ctx)
    rest = x * assemble([(a, k.scale(-1)) for a, k in common], (), fmpq(1), ())
    lead = rest.terms[min(rest.terms, key=key)]
    numbers = rest.terms.values()
    content = fmpq(gcd(*(int(c.numer()) for c in numbers)), lcm(*(int(c.denom()) for c in numbers)))
    flip = not positive and lead < 0 and not ctx.sign(rest)
    core = rest.scale((-1 if flip else 1) / content)
    inner = [(("sum", core), ONE)] if len(core.terms) > 1 or next(iter(core.terms))[0] else factored(core, ctx, positive)
    return [*([(MINUS, ONE)] if flip else []), *common, *_primes(content), *inner]


def _primes(c: fmpq) -> list[tuple[Any, Form]]:
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
        if all(e is not None for e in exponents) and ctx.atom_sign(a) == 2:
            found.append((a, const(min(e for e in exponents if e is not None))))
    return found


def logarithm(x: Form, ctx: Context) -> Form:
    need(ctx.sign(x) == 2, f"the logarithm of {show(x)}, which is not known to be positive")
    return add(k if a == E else k * atom(("log", a)) for a, k in factored(x, ctx, True))


def exponential(x: Form) -> Form:
    """e^x; a term c log(a) of the exponent becomes a^c."""
    factors = []
    for (b, f, w), c in x.terms.items():
        logs = [a for a, e in f if a[0] == "log" and e == ONE]
        if len(logs) == 1 and not b:
            factors.append((logs[0][1], Form({((), f - {(logs[0], ONE)}, ()): c})))
        else:
            factors.append((E, Form({(b, f, w): c})))
    return assemble(factors, (), fmpq(1), ())


def show(x: Any) -> str:
    text = str(x)
    return text if len(text) < 300 else text[:300] + " .."


# --- reading --------------------------------------------------------------------------------------------------------------
def read(tree: Node, ctx: Context) -> Form:
    """The normal form of a scalar or matrix tree."""
    if tree not in ctx.known:
        need(not tree.ill, f"sizes that do not fit: {tree.ill}")
        need(tree.head in READERS, f"no normal form for {tree.head!r}")
        ctx.known[tree] = READERS[tree.head](tree, ctx)
    return ctx.known[tree]  # type: ignore[no-any-return]


def sizes(tree: Node) -> tuple[Form, Form]:
    rows, cols = tree.shape or ()
    return read(rows, EMPTY), read(cols, EMPTY)


def parts(tree: Node, ctx: Context) -> list[Form]:
    return [read(t, ctx) for t in tree.trees]


def _product(t: Node, ctx: Context) -> Form:
    result = ONE
    for x in parts(t, ctx):
        result = result * x
    return result


def _symbol(t: Node, ctx: Context) -> Form:
    base = ("item", t.args[0], read(t.trees[0], ctx)) if t.head == "item" else ("sym" if not t.shape else "mat", t.args[0])
    if not t.shape:
        return atom(base)
    definite = t.head == "sym" and t.args[0] in ctx.definite
    return letter(("spd", t.args[0], ONE) if definite else base, *sizes(t))


def _chain(t: Node, ctx: Context) -> Form:
    hi, lo = (whole(x, ctx) for x in parts(t, ctx))
    if lo - hi == ONE:
        return const(1, sizes(t))
    need(ctx.sign(hi - lo + ONE), f"a chain of {t.args[0]} whose ends are not known to be in order")
    return letter(("chain", t.args[0], hi, lo), *sizes(t))


def norm_squared(x: Form) -> Form:
    return trace(x.T * x)


def _power(t: Node, ctx: Context) -> Form:
    base, e = t.trees[0], read(t.trees[1], ctx)
    if base.head == "norm":
        square = norm_squared(read(base.trees[0], ctx))
        n, positive = e.whole(), ctx.sign(e) == 2 or ctx.nonzero(square)
        need(n is not None and n >= 0 or positive, "a power of a norm that may be zero")
        return power(square, e * HALF, ctx, licensed=True)
    x = read(base, ctx)
    if x.constant() == -1 and e.constant() is None:
        return atom(MINUS, whole(e, ctx))
    return power(x, e, ctx)


def _mpow(t: Node, ctx: Context) -> Form:
    base, e = t.trees[0], read(t.trees[1], ctx)
    if base.head == "sym" and base.args[0] in ctx.definite:
        return letter(("spd", base.args[0], e), *sizes(t)) if e.terms else const(1, sizes(t))
    need((e.whole() or 0) > 0, "a power of a matrix that is not declared symmetric positive definite")
    return natural(read(base, ctx), int(e.whole() or 0))


def bound(t: Node, ctx: Context) -> tuple[str, Form, Form, Context]:
    """Index, ends and inner context of a sum or product, whose ends are integers in order (an empty one is hi = lo - 1)."""
    name, low, high = t.args[0], whole(read(t.trees[0], ctx), ctx), whole(read(t.trees[1], ctx), ctx)
    need(ctx.sign(high - low + ONE), f"a {t.head} over {name} whose ends are not known to be in order")
    need(name not in names_in((low, high)), f"the index {name} occurs in its own range")
    return name, low, high, ctx.without({name}).within([(name, low, high)])


def _sum(t: Node, ctx: Context) -> Form:
    name, low, high, inner = bound(t, ctx)
    return closed([(name, low, high)], read(t.trees[2], inner))


def _prod(t: Node, ctx: Context) -> Form:
    name, low, high, inner = bound(t, ctx)
    body = read(t.trees[2], inner)
    return closing("prod", name, low, high, body) if name in names_in(body) else power(body, high - low + ONE, ctx)


def closing(head: str, name: str, low: Form, high: Form, body: Form) -> Form:
    """An atom that binds an index: its name is one that is used nowhere inside."""
    level = 1 + max((int(n[1:]) for n in names_in((low, high, body)) if n[0] == "#"), default=-1)
    return atom((head, f"#{level}", low, high, replaced(body, {name: symbol(f"#{level}")})))


def _integral(t: Node, ctx: Context) -> Form:
    name, (low, high) = t.args[0], (read(x, ctx) for x in t.trees[:2])
    need(name not in names_in((low, high)), f"the variable {name} of an integral occurs in its ends")
    ends = [(symbol(name) - low, False), (high - symbol(name), False)] if ctx.sign(high - low) else []
    inner = ctx.without({name}).adding(ends)
    inner = Context(inner.gaps, inner.integers, inner.definite, inner.families, formal=True)
    return closing("integral", name, low, high, read(t.trees[2], inner))


def _abs(t: Node, ctx: Context) -> Form:
    (x,) = parts(t, ctx)
    if ctx.sign(x) or ctx.sign(x.scale(-1)):
        return x if ctx.sign(x) else x.scale(-1)
    ((b, factors, _), c) = next(iter(x.terms.items()))
    if len(x.terms) > 1 or b:
        return atom(("abs", min(x, x.scale(-1), key=key)))
    known = [(a, e) if ctx.factor_sign(a, e) else (("abs", atom(a)), e) for a, e in factors if a != MINUS]
    return assemble(known, (), abs(c), ())


def _sign(t: Node, ctx: Context) -> Form:
    (x,) = parts(t, ctx)
    return ONE if ctx.sign(x) == 2 else const(-1) if ctx.sign(x.scale(-1)) == 2 else atom(("sign", x))


def _opaque(t: Node, ctx: Context) -> Form:
    return atom((t.head, *(a if isinstance(a, str) else read(a, ctx) for a in t.args)))


def _opaque_letter(t: Node, ctx: Context) -> Form:
    return letter((t.head, *(a if isinstance(a, str) else read(a, ctx) for a in t.args)), *sizes(t))


def _limit(t: Node, ctx: Context) -> Form:
    """The end of a path x(t), as t tends to infinity, is a letter of its own."""
    point, body = t.trees
    end = body.head == "at" and body.trees[0].head == "sym" and body.trees[0].args[0] == t.args[0] and point.head == "infinity"
    need(end, "of limits, only that of a path x(t) at infinity has a normal form")
    return letter(("limit", *body.args[:2]), *sizes(t))


READERS: dict[str, Any] = {
    "num": lambda t, ctx: const(t.args[0]),
    "sym": _symbol,
    "item": _symbol,
    "chain": _chain,
    "add": lambda t, ctx: add(parts(t, ctx), parts(t, ctx)[0].shape),
    "neg": lambda t, ctx: parts(t, ctx)[0].scale(-1),
    "mul": _product,
    "matmul": _product,
    "div": lambda t, ctx: parts(t, ctx)[0] * power(parts(t, ctx)[1], const(-1), ctx),
    "pow": _power,
    "mpow": _mpow,
    "sqrt": lambda t, ctx: power(parts(t, ctx)[0], HALF, ctx),
    "exp": lambda t, ctx: exponential(parts(t, ctx)[0]),
    "log": lambda t, ctx: logarithm(parts(t, ctx)[0], ctx),
    "abs": _abs,
    "sign": _sign,
    "sum": _sum,
    "prod": _prod,
    "integral": _integral,
    "transpose": lambda t, ctx: parts(t, ctx)[0].T,
    "trace": lambda t, ctx: trace(parts(t, ctx)[0]),
    "inner": lambda t, ctx: trace(parts(t, ctx)[0].T * parts(t, ctx)[1]),
    "norm": lambda t, ctx: power(norm_squared(parts(t, ctx)[0]), HALF, ctx, licensed=True),
    "eye": lambda t, ctx: const(1, sizes(t)),
    "zero": lambda t, ctx: Form({}, sizes(t)),
    "min": lambda t, ctx: atom(("min", *sorted(parts(t, ctx), key=key))),
    "limit": _limit,
    **dict.fromkeys(("schatten", "rank", "singular", "app"), _opaque),
    **dict.fromkeys(("grad", "at"), _opaque_letter),
}
