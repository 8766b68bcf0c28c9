"""Numbers that a tree is evaluated in: exact rationals, balls, complex balls, and truncated series c0 + c1 eps over them.

Every function takes and gives a rational where the result is one (4^(1/2) is 2), a ball otherwise. `Jet` carries a first
derivative, so that derivatives in a claim are computed without the rules that its derivation uses; jets nest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flint import acb, arb, fmpq, fmpz

Num = Any  # fmpq | arb | acb | Jet


class Undefined(Exception):
    """The expression has no value at this instance; the text says where (division by zero, a root of a negative number)."""


class Absent(Undefined):
    """The expression names a member of a family, a layer or a singular value that does not exist at this instance."""


class Unclear(Undefined):
    """The balls are too wide to tell whether the expression has a value."""


class Missing(Exception):
    """The instance gives no value to a symbol, or a head has no evaluator: a fault of the module, not of the claim."""


@dataclass(frozen=True)
class Jet:
    """value + slope * eps with eps^2 = 0."""

    value: Num
    slope: Num

    def __add__(self, o: Num) -> Jet:
        p = jet(o)
        return Jet(self.value + p.value, self.slope + p.slope)

    __radd__ = __add__

    def __neg__(self) -> Jet:
        return Jet(-self.value, -self.slope)

    def __sub__(self, o: Num) -> Jet:
        return self + (-jet(o))

    def __rsub__(self, o: Num) -> Jet:
        return jet(o) + (-self)

    def __mul__(self, o: Num) -> Jet:
        p = jet(o)
        return Jet(self.value * p.value, self.value * p.slope + self.slope * p.value)

    __rmul__ = __mul__


def jet(x: Num) -> Jet:
    return x if isinstance(x, Jet) else Jet(x, fmpq(0))


def is_exact(x: Num) -> bool:
    return isinstance(x, fmpq)


def to_arb(x: Num) -> arb:
    return x if isinstance(x, arb) else arb(x)


def sign_of(x: Num) -> int | None:
    """-1, 0 or 1; None when a ball does not decide (0 only for exact zeros)."""
    if isinstance(x, Jet):
        return sign_of(x.value)
    if isinstance(x, fmpq):
        return int(x > 0) - int(x < 0)
    if isinstance(x, acb):
        return None
    if not x.is_finite():
        return None
    return 1 if x > 0 else -1 if x < 0 else 0 if x == 0 and x.is_exact() else None


def _refuse(condition: bool, x: Num, what: str) -> None:
    """Undefined where x is what makes it so; Unclear where x is a ball that may or may not be."""
    if condition:
        raise Undefined(what) if sign_of(x) is not None else Unclear(f"{what}, perhaps: a ball contains zero")


def divide(a: Num, b: Num) -> Num:
    if isinstance(a, Jet) or isinstance(b, Jet):
        p, q = jet(a), jet(b)
        value = divide(p.value, q.value)
        return Jet(value, divide(p.slope - value * q.slope, q.value))
    if isinstance(b, acb):
        return a / b
    _refuse(sign_of(b) in {0, None}, b, "division by zero")
    return a / b


def power(x: Num, e: Num) -> Num:
    """x^e; a negative base takes integer exponents only, and 0^e needs e >= 0."""
    if isinstance(e, Jet):
        return exp(e * log(x))
    if isinstance(e, fmpq) and e.denom() == 1:
        return _integer_power(x, int(e.numer()))
    if isinstance(x, Jet):
        if sign_of(x.value) == 0 and sign_of(e) == 1 and sign_of(1 - e) == 1:  # sqrt(x)^4 has a derivative there
            raise Unclear("the derivative of a root at zero")
        return Jet(power(x.value, e), e * power(x.value, e - 1) * x.slope)
    if isinstance(x, acb):
        return _away_from_cut(x) ** acb(e)
    s = sign_of(x)
    if s == 0:
        if sign_of(e) != 1:
            raise Undefined("zero to a power that is not positive")
        return fmpq(0)
    if s is None and isinstance(x, arb) and x >= 0 and sign_of(e) == 1:
        return _near_zero(x, e)
    _refuse(s != 1, x, "a fractional power of a number that is not positive")
    exact = _exact_root(x, e) if isinstance(x, fmpq) and isinstance(e, fmpq) else None
    return exact if exact is not None else to_arb(x) ** to_arb(e)


def _away_from_cut(x: acb) -> acb:
    """x where roots and logarithms are analytic there, else NaN: an integrand asks for that (see enclose/quadrature.py)."""
    from theorycheck.enclose.quadrature import touches_cut

    return acb(arb.nan(), arb.nan()) if touches_cut(x) else x


def _near_zero(x: arb, e: Num) -> arb:
    top = x.upper() ** to_arb(e)
    return arb(0).union(top)


def _integer_power(x: Num, n: int) -> Num:
    """By multiplication for jets, and for balls that contain zero: their powers would be NaN (`enclose.precision`)."""
    if n < 0:
        return divide(fmpq(1), _integer_power(x, -n))
    if n > 100_000:
        raise Undefined(f"the power {n} is too large")
    if not isinstance(x, Jet) and not (isinstance(x, arb) and sign_of(x) is None):
        return x**n if n else fmpq(1)
    result: Num = fmpq(1)
    for _ in range(n):
        result = result * x
    return result


def _exact_root(x: fmpq, e: fmpq) -> fmpq | None:
    k = int(e.denom())
    top, bottom = _integer_root(x.numer(), k), _integer_root(x.denom(), k)
    if top is None or bottom is None or abs(int(e.numer())) > 10_000:
        return None
    n = int(e.numer())
    return fmpq(top, bottom) ** n if n >= 0 else 1 / fmpq(top, bottom) ** (-n)


def _integer_root(x: fmpz, k: int) -> fmpz | None:
    r = x.root(k)
    return r if r**k == x else None


def sqrt(x: Num) -> Num:
    return power(x, fmpq(1, 2))


def exp(x: Num) -> Num:
    if isinstance(x, Jet):
        value = exp(x.value)
        return Jet(value, value * x.slope)
    if isinstance(x, acb):
        return x.exp()
    return fmpq(1) if isinstance(x, fmpq) and x == 0 else to_arb(x).exp()


def log(x: Num) -> Num:
    if isinstance(x, Jet):
        return Jet(log(x.value), divide(x.slope, x.value))
    if isinstance(x, acb):
        return _away_from_cut(x).log()
    _refuse(sign_of(x) != 1, x, "the logarithm of a number that is not positive")
    return fmpq(0) if isinstance(x, fmpq) and x == 1 else to_arb(x).log()


def absolute(x: Num) -> Num:
    if isinstance(x, Jet):
        s = sign_of(x)
        if not s:  # |x|^3 has a derivative there, so this decides nothing
            raise Unclear("the derivative of |x| where x may be zero")
        return x if s > 0 else -x
    return abs(x)
