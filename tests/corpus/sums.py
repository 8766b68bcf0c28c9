"""Finite sums and integers: closed forms by induction, ends off by one, what holds for integers but not for all numbers."""

from fractions import Fraction

from tests.corpus.drawing import numbers
from tests.corpus.entering import pair, tempting, theme
from theorycheck.domain import Domain, index, real, size
from theorycheck.exact import index_rules as indices, induction_rules as induction, rules as by, sum_rules as sums
from theorycheck.exact.session import substitute_all
from theorycheck.tree import Eq, Ge, Le, num, scalars, sym, total

N, h, i, j, k, q, x = (sym(name) for name in ("N", "h", "i", "j", "k", "q", "x"))
s, r = scalars("s"), scalars("r")

domain = Domain(
    "N >= 1, a generic index h from 1 to N, families s_0 .. s_(N+1) and r of numbers, q > 0",
    (
        size("N", most=5),
        size("k", most=6),
        index("h", 1, N),
        numbers("s", 0, lambda env: env["N"] + 1),
        numbers("r", 0, lambda env: env["N"] + 1),
        real("q", above=0),
    ),
)
integers = Domain("an integer k >= 1", (size("k", most=6),))
reals = Domain("a number k >= 0", (real("k", at_least=0),))
statement = theme("sums", "Finite sums and integers", domain)


def closed_form(goal, body, value):
    """The derivation of sum_(i=1)^N body = value(N) by induction on the upper end."""

    def upto(end):
        return total(i, 1, end, body)

    single = yield Eq(upto(num(1)), _put(body, num(1))), sums.one()
    base = yield Eq(upto(num(1)), value(num(1))), by.linear(single)
    here = yield Eq(upto(h), value(h)), induction.assumed()
    parts = yield Eq(upto(h + 1), upto(h) + total(i, h + 1, h + 1, body)), sums.split()
    last = yield Eq(total(i, h + 1, h + 1, body), _put(body, h + 1)), sums.one()
    step = yield Eq(upto(h + 1), value(h + 1)), by.under([Le(h + 1, N)], by.linear(parts, last, here))
    line = yield Eq(upto(h), value(h)), induction.over(h, base, step)
    yield goal, by.cite(by.generic(line, [Ge(h, 1), Le(h, N)], h), h=N)


def _put(body, place):
    return substitute_all(body, {"i": place})


@pair(statement, "triangular", shift=(1, -1))
def triangular(shift):
    """1 + 2 + .. + N"""
    goal = yield Eq(total(i, 1, N, i), N * (N + shift) / 2)
    yield from closed_form(goal, i, lambda end: end * (end + shift) / 2)


@pair(statement, "odd-numbers", shift=(-1, 1))
def odd_numbers(shift):
    """The sum of the first N odd numbers is N^2"""
    goal = yield Eq(total(i, 1, N, 2 * i + shift), N**2)
    yield from closed_form(goal, 2 * i + shift, lambda end: end**2)


@pair(statement, "squares", shift=(1, -1))
def squares(shift):
    """The sum of the first N squares"""
    goal = yield Eq(total(i, 1, N, i**2), N * (N + 1) * (2 * N + shift) / 6)
    yield from closed_form(goal, i**2, lambda end: end * (end + 1) * (2 * end + shift) / 6)


@pair(statement, "telescoping", shift=(1, 0))
def telescoping(shift):
    """A sum of differences is the difference of the ends"""
    goal = yield Eq(total(i, 1, N, s[i + 1] - s[i]), s[N + shift] - s[1])
    yield from closed_form(goal, s[i + 1] - s[i], lambda end: s[end + shift] - s[1])


@pair(statement, "geometric", shift=(1, 0))
def geometric(shift):
    """The geometric sum, times 1 - q"""
    goal = yield Eq(total(i, 1, N, q**i * (1 - q)), q - q ** (N + shift))
    yield from closed_form(goal, q**i * (1 - q), lambda end: q - q ** (end + shift))


@pair(statement, "count", lower=(1, 0))
def count(lower):
    """A sum of N ones"""
    goal = yield Eq(total(i, lower, N, num(1)), N)
    yield goal, by.identity()


@pair(statement, "double-sum", right=(total(i, 1, N, s[i]) * total(j, 1, N, r[j]), total(i, 1, N, s[i] * r[i])))
def double_sum(right):
    """A double sum of products is a product of sums"""
    goal = yield Eq(total(i, 1, N, total(j, 1, N, s[i] * r[j])), right)
    yield goal, by.identity()


@pair(statement, "squared-sum", half=(Fraction(1, 2), Fraction(2, 5)))
def squared_sum(half):
    """A sum of products is at most half the sum of the squares"""
    goal = yield Le(total(i, 1, N, s[i] * r[i]), half * total(i, 1, N, s[i] ** 2 + r[i] ** 2))
    one = yield Le(s[h] * r[h], half * (s[h] ** 2 + r[h] ** 2)), by.linear(squares=[(half, s[h] - r[h])])
    yield goal, indices.termwise(one, h)


@pair(statement, "integers-only", domain=(integers, reals))
def integers_only():
    """k <= k^2 for integers"""
    goal = yield Le(k, k**2)
    yield goal, by.sign()


@pair(statement, "powers-of-two", shift=(1, 2))
def powers_of_two(shift):
    """2^N >= N + 1"""

    def at(end):
        return Le(end + shift, num(2) ** end)

    goal = yield at(N)
    base = yield at(num(1)), by.sign()
    here = yield at(h), induction.assumed()
    step = yield at(h + 1), by.under([Le(h + 1, N)], by.linear((here, 2)))
    line = yield at(h), induction.over(h, base, step)
    yield goal, by.cite(by.generic(line, [Ge(h, 1), Le(h, N)], h), h=N)


@pair(statement, "even-power", times=(2, 1))
def even_power(times):
    """(-1)^(2k) = 1"""
    goal = yield Eq(num(-1) ** (times * k), 1)
    yield goal, by.identity()


@pair(
    statement,
    "bernoulli",
    domain=tuple(
        Domain(f"N >= 1, an index h, a number x >= {least}", (size("N", most=6), index("h", 1, N), real("x", at_least=least)))
        for least in (-1, -4)
    ),
)
def bernoulli():
    """Bernoulli's inequality"""

    def at(end):
        return Ge((1 + x) ** end, 1 + end * x)

    goal = yield at(N)
    base = yield at(num(1)), by.sign()
    here = yield at(h), induction.assumed()
    further = yield Eq((1 + x) ** (h + 1), (1 + x) * (1 + x) ** h), by.identity()
    step = yield at(h + 1), by.under([Le(h + 1, N)], by.linear((here, 1 + x), (further, -1), squares=[(h, x)]))
    line = yield at(h), induction.over(h, base, step)
    yield goal, by.cite(by.generic(line, [Ge(h, 1), Le(h, N)], h), h=N)


@tempting("sums.triangular-near")
def no_base():
    """An induction whose base is taken for granted: the step of N(N-1)/2 is that of a sum that ends one earlier"""
    goal = yield Eq(total(i, 1, N, i), N * (N + -1) / 2)
    here = yield Eq(total(i, 1, h, i), h * (h - 1) / 2), induction.assumed()
    yield goal, by.cite(by.generic(here, [Ge(h, 1), Le(h, N)], h), h=N)
