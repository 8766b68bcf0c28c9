"""Normal forms: sums of  rational * product of atom^exponent * word of matrix letters, under sums over bound indices.

Exponents, indices and sizes are forms again; what has no algebra of its own is an opaque atom. A sum names its bound index `#k`
with k greater than every bound index inside, so that nothing can be captured; opened, an index has a fresh name `~k`.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from flint import fmpq

from .tree import need


class Form:
    """{(binders, factors, word): rational}; `shape` is () or (rows, cols). An empty word of a matrix is the identity.

    binders: ((name, lo, hi) ..); factors: frozenset of (atom, exponent); word: (base, transposed, rows, cols) ..
    """

    __slots__ = ("_hash", "shape", "terms")

    def __init__(self, terms: dict[Any, fmpq], shape: tuple[Form, ...] = ()) -> None:
        self.terms = {t: c for t, c in terms.items() if c}
        self.shape = shape
        self._hash = hash((shape, frozenset(self.terms.items())))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Form) and self._hash == other._hash and self.shape == other.shape and self.terms == other.terms

    def __hash__(self) -> int:
        return self._hash

    def __repr__(self) -> str:
        return " + ".join(f"{c} {t}" for t, c in self.terms.items()) or "0"

    def __add__(self, other: Form) -> Form:
        return add([self, other], self.shape)

    def __sub__(self, other: Form) -> Form:
        return add([self, other.scale(-1)], self.shape)

    def scale(self, c: Any) -> Form:
        return Form({t: k * c for t, k in self.terms.items()}, self.shape)

    def __mul__(self, other: Form) -> Form:
        """A product, of scalars or of a scalar and a matrix or of two matrices."""
        shape = (self.shape[0], other.shape[1]) if self.shape and other.shape else self.shape or other.shape
        return add([_times(s, c, t, d, shape) for s, c in self.terms.items() for t, d in other.terms.items()], shape)

    @property
    def T(self) -> Form:
        return Form({(b, f, transposed(w)): c for (b, f, w), c in self.terms.items()}, self.shape[::-1])

    def constant(self) -> fmpq | None:
        """The value of a form that is a number."""
        if self.shape or len(self.terms) > 1:
            return None
        return fmpq(0) if not self.terms else self.terms.get(UNIT)

    def whole(self) -> int | None:
        """The value of a form that is an integer."""
        c = self.constant()
        return int(c) if c is not None and c.denom() == 1 else None


UNIT: Any = ((), frozenset(), ())
COUNT = itertools.count()
E, MINUS = ("e",), ("-1",)


def add(parts: Iterable[Form], shape: tuple[Form, ...] = ()) -> Form:
    total: dict[Any, fmpq] = {}
    for part in parts:
        for t, c in part.terms.items():
            total[t] = total.get(t, fmpq(0)) + c
    return Form(total, shape)


def const(c: Any, shape: tuple[Form, ...] = ()) -> Form:
    return Form({UNIT: fmpq(c)}, shape)


ZERO, ONE = const(0), const(1)


def atom(a: Any, exponent: Form = ONE) -> Form:
    return Form({((), frozenset({(a, exponent)}), ()): fmpq(1)})


def symbol(name: str) -> Form:
    return atom(("sym", name))


def letter(base: Any, rows: Form, cols: Form) -> Form:
    scalars, word = split(((base, False, rows, cols),))
    return assemble(scalars, word, fmpq(1), (rows, cols))


@lru_cache(maxsize=None)
def key(x: Any) -> str:
    """A text to sort by; equality is never decided by it."""
    if isinstance(x, Form):
        return "{" + ",".join(sorted(f"{key(t)}{c}" for t, c in x.terms.items())) + "}"
    if isinstance(x, frozenset):
        return "[" + ",".join(sorted(map(key, x))) + "]"
    return "(" + ",".join(map(key, x)) + ")" if isinstance(x, tuple) else str(x)


@lru_cache(maxsize=None)
def names_in(x: Any) -> frozenset[str]:
    """Names of scalar symbols (bound indices too) in a part of a form."""
    if isinstance(x, Form):
        return frozenset().union(*(names_in(t) for t in x.terms), names_in(x.shape))
    if isinstance(x, tuple) and len(x) == 2 and x[0] == "sym":
        return frozenset({x[1]})
    return frozenset().union(*map(names_in, x)) if isinstance(x, tuple | frozenset) else frozenset()


def _times(s: Any, c: fmpq, t: Any, d: fmpq, shape: tuple[Form, ...]) -> Form:
    if s[0] or t[0]:
        (left, a), (right, b) = opened(s), opened(t)
        (s2, k), (t2, m) = next(iter(a.terms.items())), next(iter(b.terms.items()))
        return closed([*left, *right], _times(s2, c * k, t2, d * m, shape))
    scalars, word = split(reduced([*s[2], *t[2]])) if s[2] and t[2] else ([], s[2] + t[2])
    return assemble([*s[1], *t[1], *scalars], word, c * d, shape)


def assemble(factors: Iterable[tuple[Any, Form]], word: Any, c: fmpq, shape: tuple[Form, ...]) -> Form:
    """One term without binders: exponents added, powers of numbers taken out, natural powers of sums multiplied out."""
    merged: dict[Any, Form] = {}
    for a, e in factors:
        merged[a] = merged[a] + e if a in merged else e
    kept, expanded = [], []
    for a, e in merged.items():
        n = e.whole()
        if a[0] == "prime":
            k = e.terms.get(UNIT, fmpq(0)).floor()
            c, e = c * fmpq(a[1]) ** int(k), e - const(k)
        elif a == MINUS:  # its exponents are integers, term by term
            e = Form({t: fmpq(int(k) % 2) for t, k in e.terms.items()})
            c, e = (-c, e - ONE) if e.terms.get(UNIT) else (c, e)
        elif a[0] == "sum" and n is not None and n > 0:
            expanded.append(natural(a[1], n))
            continue
        elif a[0] == "abs" and n is not None and n > 1:
            expanded.append(natural(a[1], n - n % 2))
            e = const(n % 2)
        if e.terms:
            kept.append((a, e))
    result = Form({((), frozenset(kept), word): c}, shape)
    for x in expanded:
        result = result * x
    return result


def natural(x: Form, n: int) -> Form:
    need(n <= 40, f"the power {n} of a sum")
    result = const(1, x.shape)
    for _ in range(n):
        result = result * x
    return result


# --- words of matrix letters ----------------------------------------------------------------------------------------------
def transposed(word: Any) -> Any:
    return tuple((b, not t and b[0] != "spd", cols, rows) for b, t, rows, cols in reversed(word))


def reduced(letters: Iterable[Any]) -> Any:
    """Neighbouring chains and powers of one symmetric matrix merged, identities dropped."""
    out: list[Any] = []
    for x in letters:
        while out and (m := _merge(out[-1], x)):
            out.pop()
            x = m
        identity = (x[0][0] == "chain" and (x[0][3] - x[0][2]) == ONE) or (x[0][0] == "spd" and not x[0][2].terms)
        out += [] if identity else [x]
    return tuple(out)


def _merge(x: Any, y: Any) -> Any:
    (a, s, rows, _), (b, t, _, cols) = x, y
    if a[:2] != b[:2] or s != t or a[0] not in {"chain", "spd"}:
        return None
    if a[0] == "spd":
        return (("spd", a[1], a[2] + b[2]), False, rows, cols)
    high, low = (b, a) if s else (a, b)
    return (("chain", a[1], high[2], low[3]), s, rows, cols) if high[3] - low[2] == ONE else None


def split(word: Any) -> tuple[list[Any], Any]:
    """The scalars between sizes 1 of a product, as traces, and the rest of the word."""
    cuts = [i for i, w in enumerate(word) if w[2] == ONE] + ([len(word)] if word and word[-1][3] == ONE else [])
    if len(word) < 2 or len(cuts) < 2:
        return [], word
    return traces(word, cuts), word[: cuts[0]] + word[cuts[-1] :]


def traces(word: Any, cuts: list[int]) -> list[Any]:
    pieces = [word[i:j] for i, j in itertools.pairwise(cuts)]
    return [(("tr", min(p, transposed(p), key=key)), ONE) for p in pieces]


def trace(x: Form) -> Form:
    need(x.shape and x.shape[0] == x.shape[1], "the trace of a matrix that is not square")
    parts = []
    for term, c in x.terms.items():
        binders, body = opened(term)
        ((_, factors, word), k) = next(iter(body.terms.items()))
        while len(word) > 1 and (m := _merge(word[-1], word[0])):
            word = reduced([m, *word[1:-1]])
        ones = [i for i, w in enumerate(word) if w[2] == ONE]
        if ones:
            scalars = traces(word[ones[0] :] + word[: ones[0]], [i - ones[0] for i in ones] + [len(word)])
        else:
            turns = [w[i:] + w[:i] for w in (word, transposed(word)) for i in range(len(word))]
            scalars = [(("tr", min(turns, key=key)), ONE)] if turns else []
        inner = assemble([*factors, *scalars], (), c * k, ())
        parts.append(closed(binders, inner if word else inner * x.shape[0]))
    return add(parts)


# --- sums over an index, substitution --------------------------------------------------------------------------------------
Binders = list[tuple[str, Form, Form]]


def opened(term: Any) -> tuple[Binders, Form]:
    """The binders of a term with fresh names, and what stands under them (with coefficient 1)."""
    table: dict[str, Form] = {}
    found: Binders = []
    for name, lo, hi in term[0]:
        fresh = f"~{next(COUNT)}"
        found.append((fresh, replaced(lo, table), replaced(hi, table)))
        table[name] = symbol(fresh)
    shape = (term[2][0][2], term[2][-1][3]) if term[2] else ()
    return found, replaced(Form({((), term[1], term[2]): fmpq(1)}, shape), table)


def closed(binders: Binders, x: Form) -> Form:
    """The sum of x over fresh indices, outermost first: a sum over nothing that depends on it is a number of terms."""
    parts = []
    for term, c in x.terms.items():
        more, body = opened(term) if term[0] else ([], Form({term: fmpq(1)}, x.shape))
        parts.append(_closed([*binders, *more], body).scale(c) if binders or more else body.scale(c))
    return add(parts, x.shape)


def _closed(binders: Binders, body: Form) -> Form:
    if len(body.terms) != 1:
        return closed(binders, body)
    (term, c) = next(iter(body.terms.items()))
    if term[0]:
        return closed(binders, body)
    for i in reversed(range(len(binders))):
        name, lo, hi = binders[i]
        if name not in names_in((term, tuple(b[1:] for b in binders))):
            rest = body * (hi - lo + ONE)
            return closed(binders[:i] + binders[i + 1 :], rest) if len(binders) > 1 else rest
    level = 1 + max((int(n[1:]) for n in names_in((term, tuple(binders))) if n[0] == "#"), default=-1)
    found = []
    for order in itertools.permutations(binders):
        later = [{b[0] for b in order[i:]} for i in range(len(order))]
        if any(names_in(b[1:]) & later[i] for i, b in enumerate(order)):
            continue
        table = {b[0]: symbol(f"#{level + i}") for i, b in enumerate(order)}
        ends = tuple((f"#{level + i}", replaced(lo, table), replaced(hi, table)) for i, (_, lo, hi) in enumerate(order))
        new = replaced(Form({term: fmpq(1)}, body.shape), table)
        need(len(new.terms) == 1, "a sum that does not stay one term when its index is renamed")
        ((_, factors, word), k) = next(iter(new.terms.items()))
        found.append(((ends, factors, word), k))
    best, k = min(found, key=lambda f: key(f[0]))
    return Form({best: c * k}, body.shape)


def replaced(x: Form, table: dict[str, Form]) -> Form:
    """Scalar symbols replaced by forms."""
    return rebuilt(x, lambda a, _: table.get(a[1]) if a[0] == "sym" else None, names=frozenset(table))


Visit = Callable[[Any, Any], Form | None]


def rebuilt(x: Form, on_atom: Visit, on_word: Visit | None = None, ctx: Any = None, names: frozenset[str] | None = None) -> Form:
    """The form with atoms and words exchanged wherever the visitors give something for them, inside arguments too."""
    if names is not None and not names & names_in(x):
        return x

    def inner(y: Any, ctx: Any) -> Any:
        if isinstance(y, Form):
            return rebuilt(y, on_atom, on_word, ctx, names)
        return tuple(inner(z, ctx) for z in y) if isinstance(y, tuple) else y

    parts = []
    shape = inner(x.shape, ctx)
    for term, c in x.terms.items():
        binders, body = opened(term) if term[0] else ([], Form({term: fmpq(1)}, x.shape))
        here = ctx.within(binders) if ctx and binders else ctx
        result = ONE
        ((_, factors, word), k) = next(iter(body.terms.items()))
        for a, e in factors:
            new, exponent = on_atom(a, here), inner(e, here)
            if new is None:
                new = _remade(a, lambda y: inner(y, here), on_word, here)
            result = result * _raised(new, exponent, here)
        if shape:
            new = on_word(word, here) if on_word else None
            result = result * (new if new is not None else word_form(tuple(inner(w, here) for w in word), shape))
        parts.append(closed([(n, inner(lo, here), inner(hi, here)) for n, lo, hi in binders], result.scale(c * k)))
    return add(parts, shape)


def word_form(letters: Any, shape: tuple[Form, ...]) -> Form:
    scalars, word = split(reduced(letters)) if letters else ([], ())
    return assemble(scalars, word, fmpq(1), shape)


def _remade(a: Any, inner: Callable[[Any], Any], on_word: Visit | None, ctx: Any) -> Form:
    """An atom with its inner forms rebuilt; traces are put in their fixed rotation again."""
    if a[0] != "tr":
        return atom(inner(a))
    for turn in (a[1][i:] + a[1][:i] for i in range(len(a[1]) if on_word else 0)):
        new = on_word(turn, ctx) if on_word else None
        if new is not None:
            return trace(new)
    letters = inner(a[1])
    return trace(word_form(letters, (letters[0][2], letters[-1][3])))


def _raised(x: Form, e: Form, ctx: Any) -> Form:
    """x^e where the power of something equal to x stood already."""
    n = e.whole()
    if n is not None and n >= 0:
        return natural(x, n)
    if len(x.terms) == 1:
        (((binders, factors, _), c),) = x.terms.items()
        if c == 1 and not binders and len(factors) == 1 and next(iter(factors))[1] == ONE:
            return assemble([(next(iter(factors))[0], e)], (), fmpq(1), ())
    need(ctx, "a sum put into a power that is not a natural number")
    return ctx.power(x, e)  # type: ignore[no-any-return]
