"""Numbers of the second engine: truncated power series over F_p, with an image in F_q for use as an exponent.

p = 2 q + 1 with q prime, p = 7 mod 8. The squares of F_p are a group of the prime order q in which each element has exactly
one k-th root for 1 < k < q, and -1 is no square: squares play the part of the positive numbers. So (x y)^c = x^c y^c,
x^(b + c) = x^b x^c and (x^b)^c = x^(b c) for squares x, y and exponents in F_q; sqrt(x^2) = |x| is the square among x and -x.
The primes up to 47 are squares. A symbol has one value in F_p and, drawn apart, one in F_q.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any, TypeVar

from flint import nmod_mat

P = 4611686018397296159
Q = (P - 1) // 2
T = TypeVar("T")


class NoPoint(Exception):
    """The point is not admissible: a division by zero, a root of no square, an equation that does not hold. Draw another."""


class NotRead(Exception):
    """The second engine has no reading of this; the text says of what."""


@dataclass(frozen=True, slots=True)
class Number:
    """A scalar: coefficients of its series in F_p, its image in F_q (None: unknown), its exact value where it is rational."""

    p: tuple[int, ...]
    q: int | None = None
    exact: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Matrix:
    """A matrix: the coefficients of its series."""

    p: tuple[nmod_mat, ...]


Value = Number | Matrix


@lru_cache(maxsize=4096)
def constant(x: Fraction | int) -> Number:
    f = Fraction(x)
    if not f.denominator % P or not f.denominator % Q:
        raise NoPoint("a denominator that is 0 in the field")
    return Number((f.numerator * pow(f.denominator, -1, P) % P,), f.numerator * pow(f.denominator, -1, Q) % Q, f)


ZERO, ONE = constant(0), constant(1)


def is_square(x: int) -> bool:
    return x % P != 0 and pow(x, Q, P) == 1


def add(a: Value, b: Value) -> Any:
    if isinstance(a, Number) and isinstance(b, Number):
        exact = a.exact + b.exact if a.exact is not None and b.exact is not None else None
        q = (a.q + b.q) % Q if a.q is not None and b.q is not None else None
        return Number(tuple(x % P for x in _sum(a.p, b.p)), q, exact)
    return Matrix(_sum(a.p, b.p))


def _sum(a: tuple[Any, ...], b: tuple[Any, ...]) -> tuple[Any, ...]:
    if len(a) < len(b):
        a, b = b, a
    return tuple(x + b[k] if k < len(b) else x for k, x in enumerate(a))


def mul(a: Value, b: Value) -> Any:
    """Product of scalars, of a scalar and a matrix, or of two matrices."""
    if isinstance(a, Number) and isinstance(b, Number):
        exact = a.exact * b.exact if a.exact is not None and b.exact is not None else None
        q = a.q * b.q % Q if a.q is not None and b.q is not None else None
        return Number(tuple(x % P for x in _product(a.p, b.p, lambda x, y: x * y)), q, exact)
    return Matrix(_product(a.p, b.p, lambda x, y: x * y))


def _product(a: tuple[Any, ...], b: tuple[Any, ...], times: Callable[[Any, Any], Any]) -> tuple[Any, ...]:
    """The series product, as long as the longer factor (a constant has one coefficient)."""
    out = []
    for k in range(max(len(a), len(b))):
        terms = [times(a[i], b[k - i]) for i in range(k + 1) if i < len(a) and k - i < len(b)]
        total = terms[0]
        for x in terms[1:]:
            total = total + x
        out.append(total)
    return tuple(out)


def neg(a: Value) -> Any:
    return mul(constant(-1), a)


def inverse(a: Number) -> Number:
    return whole_power(a, -1)


def whole_power(a: Number, n: int) -> Number:
    if n < 0 and a.p[0] == 0:
        raise NoPoint("a division by zero")
    if len(a.p) == 1:
        p: tuple[int, ...] = (pow(a.p[0], n, P),)
    elif n >= 0:
        out = ONE
        for _ in range(n):
            out = mul(out, Number(a.p))
        p = out.p
    else:
        p = _binomial(a, pow(a.p[0], n, P), n)
    q = pow(a.q, n, Q) if a.q or (a.q == 0 and n >= 0) else None
    return Number(p, q, a.exact**n if a.exact is not None else None)


def root_power(a: Number, e: Number) -> Number:
    """a^e for an exponent that is no integer: a must be a square."""
    if e.q is None:
        raise NotRead("an exponent that is not rational in the symbols")
    if not is_square(a.p[0]):
        raise NoPoint("a power of what is not a square")
    head = pow(a.p[0], e.q, P)
    return Number((head,) if len(a.p) == 1 else _binomial(a, head, e.p[0]))


def _binomial(a: Number, head: int, e: int) -> tuple[int, ...]:
    """a0^e (1 + u)^e with u = a/a0 - 1: the binomial series."""
    u = Number((0, *(x * pow(a.p[0], -1, P) % P for x in a.p[1:])))
    total, term = ONE, ONE
    for k in range(1, len(a.p)):
        term = mul(mul(term, u), Number(((e - k + 1) * pow(k, -1, P) % P,)))
        total = add(total, Number(term.p))
    return mul(Number((head,)), Number(total.p)).p  # type: ignore[no-any-return]


def exponential(a: Number, base: int) -> Number:
    """e^a with the square `base` in the place of e^1."""
    if a.q is None:
        raise NotRead("an exponent that is not rational in the symbols")
    total, term = ONE, ONE
    u = Number((0, *a.p[1:]))
    for k in range(1, len(a.p)):
        term = mul(mul(term, u), Number((pow(k, -1, P),)))
        total = add(total, Number(term.p))
    return mul(Number((pow(base, a.q, P),)), Number(total.p))  # type: ignore[no-any-return]


def absolute(a: Number) -> Number:
    return a if a.p[0] == 0 or is_square(a.p[0]) else neg(a)


def equal(a: Value, b: Value) -> bool:
    """Whether two values agree, as series."""
    if isinstance(a, Number) != isinstance(b, Number):
        return False
    gap = add(a, neg(b))
    return not any(gap.p) if isinstance(gap, Number) else all(not any(map(int, x.entries())) for x in gap.p)


# --- matrices -------------------------------------------------------------------------------------------------------------
def identity(n: int) -> nmod_mat:
    return nmod_mat(n, n, [int(i == j) for i in range(n) for j in range(n)], P)


def zeros(m: int, n: int) -> nmod_mat:
    return nmod_mat(m, n, P)


def transpose(a: Matrix) -> Matrix:
    return Matrix(tuple(x.transpose() for x in a.p))


def trace(a: Matrix) -> Number:
    return Number(tuple(sum(int(x[i, i]) for i in range(x.nrows())) % P for x in a.p))


def inner(a: Matrix, b: Matrix) -> Number:
    """Tr[a^T b], entry by entry where nothing moves."""
    if len(a.p) == len(b.p) == 1:
        pairs = zip(a.p[0].entries(), b.p[0].entries(), strict=True)
        return Number((sum(int(x) * int(y) for x, y in pairs) % P,))
    return trace(mul(transpose(a), b))
