"""The normal form: sums of terms `rational * (product of atom^exponent) * word`, under sums over bound indices.

A scalar has the empty word; a matrix term carries a word of letters (see `words.py`). An exponent is again a (frozen) scalar
form, so alpha^(-(L-2)), e^(2 beta t), sqrt(2 beta g) and S^(1/L) merge by adding exponents for symbolic L. Atoms are
symbols and indexed scalars (tree nodes), primes, `E` (Euler's number) and tuples such as ("tr", word) or ("log", form).

Sums over a bound index are distributed: a term carries its binders (lo, hi), outermost first, and the k-th bound index is
the symbol `#k`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import count, permutations
from typing import Any

from flint import fmpq

from theorycheck.exact.words import NotInForm as NotInForm, Word, cyclic, free_symbols, join, key, rename, transpose_word
from theorycheck.tree import Node, sym

Atom = Any  # Node | int (a prime) | tuple[str, ...]
Frozen = frozenset[Any]
Factors = frozenset[tuple[Atom, Frozen]]
Binders = tuple[tuple[Frozen, Frozen], ...]
Term = tuple[Binders, Factors, Word]

E = ("e",)
MINUS = ("minus one",)


@dataclass(frozen=True)
class Form:
    """A normal form: terms with rational coefficients (never zero); `shape` is () or (rows, cols)."""

    terms: Mapping[Term, fmpq]
    shape: tuple[Node, ...] = ()

    def frozen(self) -> Frozen:
        return frozenset(self.terms.items())

    def __add__(self, other: Form) -> Form:
        return combine([self, other], self.shape)

    def __sub__(self, other: Form) -> Form:
        return self + other.scale(-1)

    def __mul__(self, other: Form) -> Form:
        """Product of two forms of which at least one is a scalar."""
        shape = self.shape or other.shape
        return combine((times(s, c, t, d, shape) for s, c in self.terms.items() for t, d in other.terms.items()), shape)

    def __matmul__(self, other: Form) -> Form:
        shape = (self.shape[0], other.shape[1])
        return combine((times(s, c, t, d, shape) for s, c in self.terms.items() for t, d in other.terms.items()), shape)

    def scale(self, c: Any) -> Form:
        q = fmpq(c) if not isinstance(c, fmpq) else c
        return Form({t: k * q for t, k in self.terms.items()} if q else {}, self.shape)

    @property
    def T(self) -> Form:
        terms = {(b, f, transpose_word(w)): c for (b, f, w), c in self.terms.items()}
        return Form(terms, (self.shape[1], self.shape[0]))

    @property
    def is_zero(self) -> bool:
        return not self.terms

    def constant(self) -> fmpq | None:
        """The value of a form that is a rational number, else None."""
        if not self.terms:
            return fmpq(0)
        if len(self.terms) == 1:
            (((b, f, w), c),) = self.terms.items()
            if not b and not f and not w and not self.shape:
                return c
        return None

    def single(self) -> tuple[fmpq, dict[Atom, Form]] | None:
        """(coefficient, {atom: exponent}) of a scalar with one term and no binder, else None."""
        if len(self.terms) != 1:
            return None
        (((b, f, w), c),) = self.terms.items()
        return None if b or w else (c, {a: thaw(e) for a, e in f})


def thaw(frozen: Frozen, shape: tuple[Node, ...] = ()) -> Form:
    return Form(dict(frozen), shape)


def const(c: Any, shape: tuple[Node, ...] = ()) -> Form:
    """A rational number (or, with a shape, that multiple of the identity)."""
    q = fmpq(c.numerator, c.denominator) if hasattr(c, "numerator") and not isinstance(c, fmpq) else fmpq(c)
    return Form({((), frozenset(), ()): q} if q else {}, shape)


ONE = const(1)
ONE_F = ONE.frozen()


def atom(a: Atom, exponent: Form | None = None) -> Form:
    return Form({((), frozenset({(a, exponent.frozen() if exponent else ONE_F)}), ()): fmpq(1)})


def combine(parts: Iterable[Form], shape: tuple[Node, ...]) -> Form:
    total: dict[Term, fmpq] = {}
    for part in parts:
        for term, c in part.terms.items():
            total[term] = total.get(term, fmpq(0)) + c
    return Form({t: c for t, c in total.items() if c}, shape)


# --- products ------------------------------------------------------------------------------------------------------------
def times(s: Term, c: fmpq, t: Term, d: fmpq, shape: tuple[Node, ...]) -> Form:
    """Product of two terms: binders side by side, exponents added, words joined."""
    if s[0] and t[0]:
        shift = {f"#{k}": sym(f"#{k + len(s[0])}") for k in range(len(t[0]))}
        t = rename(t, shift)
    scalars, word = join(s[2], t[2])
    traces = [(("tr", piece), ONE_F) for piece in scalars]
    return assemble(s[0] + t[0], [*s[1], *t[1], *traces], word, c * d, shape)


def assemble(binders: Binders, factors: Iterable[tuple[Atom, Frozen]], word: Word, c: fmpq, shape: tuple[Node, ...]) -> Form:
    """One term in normal form: exponents merged, integer powers of sums and of numbers multiplied out."""
    merged: dict[Atom, Form] = {}
    for a, e in factors:
        merged[a] = merged[a] + thaw(e) if a in merged else thaw(e)
    kept: list[tuple[Atom, Frozen]] = []
    extra: list[Form] = []
    for a, exponent in merged.items():
        if a == MINUS:
            c, exponent = _parity(c, exponent)
        n = exponent.constant()
        if n is None:
            if isinstance(a, int):  # 2^(x - 1) is 1/2 * 2^x
                whole = exponent.terms.get(((), frozenset(), ()), fmpq(0)).floor()
                c, exponent = c * fmpq(a) ** int(whole), exponent - const(whole)
            kept.append((a, exponent.frozen()))
        elif n != 0:
            c, stays, more = _numeric_power(a, n, c)
            kept += stays
            extra += more
    if not extra:
        return canonical(binders, frozenset(kept), word, c, shape)
    names, (ends, inner, power_of, middle) = opened(binders, (frozenset(kept), tuple(x.frozen() for x in extra), word))
    result = canonical((), inner, middle, c, shape)
    for x in power_of:
        result = result * thaw(x)
    return closed(names, ends, result)


def _parity(c: fmpq, exponent: Form) -> tuple[fmpq, Form]:
    """c (-1)^exponent with even multiples of integers left out of the exponent, and an odd constant in c.

    The base -1 only gets exponents that are integers at every term (`letters.whole`), and integer multiples of such.
    """
    if any(k.denom() != 1 for k in exponent.terms.values()):
        return c, exponent
    odd = {t: fmpq(1) for t, k in exponent.terms.items() if k.numer() % 2}
    unit: Term = ((), frozenset(), ())
    return -c if unit in odd else c, Form({t: k for t, k in odd.items() if t != unit})


FRESH = count()
MOST_SUMS = 5


def opened(binders: Binders, parts: Any) -> tuple[tuple[str, ...], tuple[Any, ...]]:
    """Fresh names for the bound indices of a term, and (its ends, *parts) with them: nothing can be captured any more."""
    names = tuple(f"#open{next(FRESH)}" for _ in binders)
    own = {f"#{k}": sym(name) for k, name in enumerate(names)}
    return names, rename((binders, *parts), own)


def closed(names: tuple[str, ...], ends: Binders, x: Form) -> Form:
    """The sum of an opened term over its indices again."""
    for name, (lo, hi) in zip(reversed(names), reversed(ends), strict=True):
        x = bind(x, name, thaw(lo), thaw(hi))
    return x


def _numeric_power(a: Atom, n: fmpq, c: fmpq) -> tuple[fmpq, list[tuple[Atom, Frozen]], list[Form]]:
    """a^n for a number n != 0: what it multiplies the coefficient by, the factor that stays, what has to be multiplied out."""
    whole = n.denom() == 1
    if isinstance(a, int):
        floor = n.floor()
        return c * fmpq(a) ** int(floor), [] if whole else [(a, const(n - floor).frozen())], []
    if a == MINUS:
        return (-c if n.numer() % 2 else c), [], []
    if whole and n > 0 and isinstance(a, tuple) and a[0] == "poly":
        return c, [], [integer_power(thaw(a[1]), int(n))]
    if whole and n > 1 and isinstance(a, tuple) and a[0] == "abs":
        odd = int(n) % 2
        return c, [(a, ONE_F)] if odd else [], [integer_power(thaw(a[1]), int(n) - odd)]
    return c, [(a, const(n).frozen())], []


def integer_power(x: Form, n: int) -> Form:
    if n > 40:
        raise NotInForm(f"the power {n} of a sum is too large to expand")
    result = ONE
    for _ in range(n):
        result = result * x
    return result


def canonical(binders: Binders, factors: Factors, word: Word, c: fmpq, shape: tuple[Node, ...]) -> Form:
    """A binder over which nothing depends becomes its number of terms; independent binders stand in a fixed order."""
    factors = settled(factors)
    if not binders:
        return Form({((), factors, word): c}, shape)
    for k in reversed(range(len(binders))):
        name = f"#{k}"
        if not mentions((factors, word, binders[k + 1 :]), name):
            lo, hi = binders[k]
            down = {f"#{j}": sym(f"#{j - 1}") for j in range(k + 1, len(binders))}
            others, *parts = rename((binders[:k] + binders[k + 1 :], factors, word, lo, hi), down)
            names, (ends, factors, word, lo, hi) = opened(others, parts)
            return closed(names, ends, (thaw(hi) - thaw(lo) + ONE) * canonical((), factors, word, c, shape))
    if len(binders) > MOST_SUMS:
        raise NotInForm(f"{len(binders)} sums inside each other, of which every order is tried; at most {MOST_SUMS}")
    if len(binders) > 1 and not any(mentions(b, "#") for b in binders):
        binders, factors, word = ordered(binders, factors, word)
    return Form({(binders, factors, word): c}, shape)


@lru_cache(maxsize=100_000, typed=True)
def ordered(binders: Binders, factors: Factors, word: Word) -> tuple[Binders, Factors, Word]:
    """A term with its independent binders in the order that all of its reorderings share."""
    return min(reorderings(binders, factors, word), key=key)


def reorderings(binders: Binders, factors: Factors, word: Word) -> Iterable[tuple[Binders, Factors, Word]]:
    for order in permutations(range(len(binders))):
        place = {f"#{old}": sym(f"#{new}") for new, old in enumerate(order)}
        yield (tuple(binders[k] for k in order), settled(rename(factors, place)), rename(word, place))


@lru_cache(maxsize=100_000)
def settled(factors: Factors) -> Factors:
    """The factors with each trace in its fixed rotation again, which a renaming of indices may have changed."""
    merged: dict[Atom, Form] = {}
    for a, e in factors:
        pieces = cyclic(a[1]) if isinstance(a, tuple) and a[0] == "tr" else [()]
        for b in [("tr", piece) for piece in pieces] if all(pieces) else [a]:  # the trace of the identity keeps its size
            merged[b] = merged[b] + thaw(e) if b in merged else thaw(e)
    return frozenset((a, e.frozen()) for a, e in merged.items() if e.terms)


def mentions(x: Any, prefix: str) -> bool:
    """Whether a symbol (any bound index, for prefix '#') occurs free in x."""
    names = free_symbols(x)
    return prefix in names or (prefix == "#" and any(name.startswith("#") for name in names))


def bind(body: Form, name: str, lo: Form, hi: Form) -> Form:
    """The sum of `body` over the symbol `name` = lo .. hi (an empty range lo = hi + 1 gives zero)."""
    parts = []
    for (b, f, w), c in body.terms.items():
        shift = {f"#{k}": sym(f"#{k + 1}") for k in range(len(b))}
        b2, f2, w2 = rename(rename((b, f, w), shift), {name: sym("#0")})
        parts.append(assemble(((lo.frozen(), hi.frozen()), *b2), f2, w2, c, body.shape))
    return combine(parts, body.shape)


def shape_of(frozen: Frozen) -> tuple[Node, ...]:
    """The shape of a frozen form (a multiple of the identity counts as a scalar)."""
    return next(((w[0][2], w[-1][3]) for (_, _, w), _ in frozen if w), ())
