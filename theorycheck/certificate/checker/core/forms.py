"""Normal forms: polynomials over atoms and over words of matrix letters, with rational coefficients.

A term is (scope, factors, word): the indices that it is summed over, atoms with exponents (forms again), letters (base,
transposed, rows, cols). The empty word of a matrix is the identity. Whatever has more algebra than a free symbol has it from a
file of `parts`: ATOMS says how a power of an atom simplifies, LETTERS how neighbouring letters do, OPERATIONS holds the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from flint import fmpq


class Refused(Exception):
    """What was to be shown does not follow; the text says what is missing."""


def need(condition: object, reason: str) -> None:
    if not condition:
        raise Refused(reason)


class Form:
    """{(scope, factors, word): rational}; `shape` is () or (rows, cols)."""

    __slots__ = ("_hash", "shape", "terms")

    def __init__(self, terms: dict[Any, fmpq], shape: tuple[Form, ...] = ()) -> None:
        self.terms = {t: c for t, c in terms.items() if c}
        self.shape = shape
        self._hash: int | None = None

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Form) or self.shape != other.shape or len(self.terms) != len(other.terms):
            return False
        return hash(self) == hash(other) and self.terms == other.terms

    def __hash__(self) -> int:
        if self._hash is None:  # the numerators only: to hash an fmpq is slow
            self._hash = hash((self.shape, frozenset((t, int(c.p)) for t, c in self.terms.items())))
        return self._hash

    def __repr__(self) -> str:
        return " + ".join(f"{c} {t}" for t, c in self.terms.items()) or "0"

    def __add__(self, other: Form) -> Form:
        return add([self, other], self.shape)

    def __sub__(self, other: Form) -> Form:
        return add([self, Form({t: -c for t, c in other.terms.items()}, other.shape)], self.shape)

    def scale(self, c: Any) -> Form:
        return self if c == 1 else Form({t: k * c for t, k in self.terms.items()}, self.shape)

    def __mul__(self, other: Form) -> Form:
        """A product, of scalars or of a scalar and a matrix or of two matrices."""
        need(not (self.shape and other.shape) or self.shape[1] == other.shape[0], "a product of matrices whose sizes differ")
        shape = (self.shape[0], other.shape[1]) if self.shape and other.shape else self.shape or other.shape
        products = [_times(s, t, self, other, shape) for s in self.terms for t in other.terms]
        return products[0] if len(products) == 1 else add(products, shape)

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
Binders = list[tuple[str, Form, Form, bool]]  # index, first and last value, whether there is a value for sure


def add(parts: Iterable[Form], shape: tuple[Form, ...] = ()) -> Form:
    total: dict[Any, fmpq] = {}
    for part in parts:
        need(part.shape == shape, "a sum of different shapes")
        for t, c in part.terms.items():
            total[t] = total[t] + c if t in total else c
    return Form(total, shape)


def const(c: Any, shape: tuple[Form, ...] = ()) -> Form:
    """A number, or its multiple of the identity."""
    need(not shape or not c or shape[0] == shape[1], "an identity that is not square")
    return Form({UNIT: fmpq(c)}, shape)


ZERO, ONE = const(0), const(1)


def atom(a: Any, exponent: Form = ONE) -> Form:
    return Form({((), frozenset({(a, exponent)}), ()): fmpq(1)})


def symbol(name: str) -> Form:
    return atom(("sym", name))


def letter(base: Any, rows: Form, cols: Form) -> Form:
    return word_form(((base, False, rows, cols),), (rows, cols))


@lru_cache(maxsize=None, typed=True)  # True == 1
def key(x: Any) -> str:
    """A text to sort by; equality is never decided by it."""
    if isinstance(x, Form):
        return "{" + ",".join(sorted(f"{key(t)}{c}" for t, c in x.terms.items())) + "}"
    if isinstance(x, frozenset):
        return "[" + ",".join(sorted(map(key, x))) + "]"
    return "(" + ",".join(map(key, x)) + ")" if isinstance(x, tuple) else str(x)


@cache
def names_in(x: Any) -> frozenset[str]:
    """All names in a part of a form, of symbols, matrices, families, functions and bound indices (and kinds of atoms)."""
    if isinstance(x, Form):
        return frozenset().union(*map(names_in, x.terms), names_in(x.shape))
    if isinstance(x, tuple | frozenset):
        return frozenset().union(*map(names_in, x))
    return frozenset({x}) if isinstance(x, str) else frozenset()


# --- terms: what the parts add ----------------------------------------------------------------------------------------------
ATOMS: dict[str, Callable[[Any, Form], Form | None]] = {}  # kind -> atom^exponent as another form; None where it stays
OPERATIONS: dict[str, Callable[..., Any]] = {}
USED: set[str] = set()  # the files whose operations, readers and rules were called


def asked(name: str) -> Any:
    """The operation that a part provides under this name."""

    def call(*args: Any, **options: Any) -> Any:
        USED.add(OPERATIONS[name].__module__)
        return OPERATIONS[name](*args, **options)

    return call


def opened(term: Any, shape: tuple[Form, ...] = ()) -> tuple[Binders, Form]:
    """The indices that a term is summed over, with fresh names, and what stands under the sum, with coefficient 1."""
    return asked("opened")(term, shape) if term[0] else ([], Form({term: fmpq(1)}, shape))


def closed(binders: Binders, x: Form) -> Form:
    """The sum of x over fresh indices."""
    return asked("closed")(binders, x) if binders else x


def _times(s: Any, t: Any, x: Form, y: Form, shape: tuple[Form, ...]) -> Form:
    c = x.terms[s] * y.terms[t]
    if s[0] or t[0]:
        (left, a), (right, b) = opened(s, x.shape), opened(t, y.shape)
        return closed([*left, *right], a * b).scale(c)
    scalars, word = asked("split")(reduced(s[2] + t[2])) if s[2] and t[2] else ([], s[2] + t[2])
    return assemble([*s[1], *t[1], *scalars], word, c, shape)


def assemble(factors: Iterable[tuple[Any, Form]], word: Any, c: fmpq, shape: tuple[Form, ...]) -> Form:
    """One term: exponents of an atom added, and simplified as its kind does."""
    merged: dict[Any, Form] = {}
    for a, e in factors:
        merged[a] = merged[a] + e if a in merged else e
    found = {a: ATOMS[a[0]](a, e) for a, e in merged.items() if a[0] in ATOMS}
    kept = frozenset((a, e) for a, e in merged.items() if e.terms and found.get(a) is None)
    result = Form({((), kept, word): c}, shape)
    for x in found.values():
        result = result * x if x is not None else result
    return result


# --- words of matrix letters ------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Letters:
    """Letters of a kind: two neighbours as one (None where they stay), which of them are the identity, or symmetric."""

    merged: Callable[[Any, Any], Any]
    identity: Callable[[Any], bool]
    symmetric: bool = False


LETTERS: dict[str, Letters] = {}


def transposed(word: Any) -> Any:
    return tuple((b, not t and not (b[0] in LETTERS and LETTERS[b[0]].symmetric), c, r) for b, t, r, c in reversed(word))


def reduced(letters: Iterable[Any]) -> Any:
    """Neighbours merged as their kind does, identities dropped."""
    out: list[Any] = []
    for x in letters:
        while out and (m := merged(out[-1], x)):
            out.pop()
            x = m
        kind = LETTERS.get(x[0][0])
        out += [] if kind and kind.identity(x) else [x]
    return tuple(out)


def merged(x: Any, y: Any) -> Any:
    return LETTERS[x[0][0]].merged(x, y) if x[0][0] == y[0][0] and x[0][0] in LETTERS else None


def word_form(letters: Any, shape: tuple[Form, ...]) -> Form:
    scalars, word = asked("split")(reduced(letters))
    need(word or shape[0] == shape[1], "an empty word that is not square")
    return assemble(scalars, word, fmpq(1), shape)
