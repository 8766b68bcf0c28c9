"""Numbers at an instance: rationals, balls, polynomials over the rationals, and c0 + c1 eps over these with eps^2 = 0.

A result is a rational where it can be one. `NoValue` says that there is certainly no value; what a ball does not decide, and
what is not covered here, is `Unclear`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flint import arb, fmpq, fmpq_mpoly, fmpz

Num = Any  # fmpq | arb | fmpq_mpoly | Dual


class NoValue(Exception):
    """The expression certainly has no value at the instance."""


class Unclear(Exception):
    """Whether there is a value, or which, is not known here."""


@dataclass(frozen=True)
class Dual:
    """value + slope eps."""

    value: Num
    slope: Num

    def __add__(self, other: Num) -> Dual:
        o = dual(other)
        return Dual(self.value + o.value, self.slope + o.slope)

    __radd__ = __add__

    def __mul__(self, other: Num) -> Dual:
        o = dual(other)
        return Dual(self.value * o.value, self.value * o.slope + self.slope * o.value)

    __rmul__ = __mul__

    def __sub__(self, other: Num) -> Dual:
        return self + dual(other).__mul__(fmpq(-1))

    def __rsub__(self, other: Num) -> Dual:
        return dual(other) + self.__mul__(fmpq(-1))


def dual(x: Num) -> Dual:
    return x if isinstance(x, Dual) else Dual(x, fmpq(0))


def slope(x: Any) -> Any:
    return tuple(map(slope, x)) if isinstance(x, tuple) else dual(x).slope


def ball(x: Num) -> arb:
    if isinstance(x, fmpq | arb):
        return arb(x)
    raise Unclear("a number that is neither a rational nor a ball")


def sign(x: Num) -> int | None:
    """-1, 0 or 1 where it is certain, else None; of a dual number that of its value."""
    if isinstance(x, Dual):
        return sign(x.value)
    if isinstance(x, fmpq):
        return int(x > 0) - int(x < 0)
    if isinstance(x, fmpq_mpoly):
        return sign(x.leading_coefficient()) if x.is_constant() and x != 0 else 0 if x == 0 else None
    if not isinstance(x, arb) or not x.is_finite():
        return None
    return 1 if x > 0 else -1 if x < 0 else 0 if x.is_exact() and x == 0 else None


def known_sign(x: Num) -> int:
    found = sign(x)
    if found is None:
        raise Unclear("a sign that is not certain")
    return found


def divide(a: Num, b: Num) -> Num:
    if isinstance(a, Dual) or isinstance(b, Dual):
        a, b = dual(a), dual(b)
        value = divide(a.value, b.value)
        return Dual(value, divide(a.slope - value * b.slope, b.value))
    if known_sign(b) == 0:
        raise NoValue("a division by zero")
    return a / b


def power(x: Num, e: Num) -> Num:
    """x^e: a whole e for x != 0 or e >= 0; any other for x > 0, or x = 0 and e > 0."""
    if isinstance(e, fmpq) and e.denom() == 1:
        return _whole_power(x, int(e.numer()))
    if isinstance(e, Dual):
        return exponential(e * logarithm(x))
    if isinstance(x, Dual):
        if known_sign(x) == 0:
            raise Unclear("the derivative of a power of zero")
        return Dual(power(x.value, e), e * power(x.value, e - 1) * x.slope)
    state = known_sign(x)
    if state < 0 or (state == 0 and known_sign(e) <= 0):
        raise NoValue("a power of zero or of a negative number")
    exact = _root(x, e) if isinstance(x, fmpq) and isinstance(e, fmpq) else None
    return exact if exact is not None else ball(x) ** ball(e)


def _whole_power(x: Num, n: int) -> Num:
    if n < 0:
        return divide(fmpq(1), _whole_power(x, -n))
    if n > 10_000:
        raise Unclear(f"the power {n}")
    result: Num = fmpq(1)
    for _ in range(n):
        result = result * x
    return result


def _root(x: fmpq, e: fmpq) -> fmpq | None:
    """x^e where it is rational."""
    k = int(e.denom())
    roots = [r for n in (x.numer(), x.denom()) if (r := fmpz(n).root(k)) ** k == n]
    return _whole_power(fmpq(roots[0], roots[1]), int(e.numer())) if len(roots) == 2 else None


def exponential(x: Num) -> Num:
    if isinstance(x, Dual):
        return Dual(exponential(x.value), exponential(x.value) * x.slope)
    return fmpq(1) if sign(x) == 0 else ball(x).exp()


def logarithm(x: Num) -> Num:
    if isinstance(x, Dual):
        return Dual(logarithm(x.value), divide(x.slope, x.value))
    if known_sign(x) <= 0:
        raise NoValue("the logarithm of a number that is not positive")
    return fmpq(0) if isinstance(x, fmpq) and x == 1 else ball(x).log()


def absolute(x: Num) -> Num:
    if isinstance(x, fmpq | arb):
        return abs(x)
    if known_sign(x) == 0:
        raise Unclear("|0| where it need not be differentiable")
    return x * fmpq(known_sign(x))
