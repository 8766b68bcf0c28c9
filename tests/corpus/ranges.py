"""Index ranges and quantifiers: empty sums, ends off by one, alternating signs, a bound of each term and of their sum."""

from fractions import Fraction

from flint import fmpq

from tests.corpus.drawing import numbers
from tests.corpus.entering import pair, tempting, theme
from tests.corpus.sums import closed_form
from theorycheck.domain import Domain, Var, index, rational, size
from theorycheck.exact import index_rules as indices, induction_rules as induction, rules as by, sum_rules as sums
from theorycheck.exact.session import substitute_all
from theorycheck.fact import Fact
from theorycheck.tree import Eq, Ge, Le, num, product, scalars, sym, total

N, h, k, i, j, c = (sym(name) for name in ("N", "h", "k", "i", "j", "c"))
s, r = scalars("s"), scalars("r")
HALF = Fraction(1, 2)


def last(env):
    return env["N"] + 1


def families(name, *more, positive=False, top=0, facts=()):
    """N >= 1, generic indices h (to N + top) and k, families s_0 .. s_(N+1) and r."""
    variables = (
        size("N", most=4),
        index("h", 1, N + top if top else N),
        index("k", 1, N),
        numbers("s", 0, last, positive=positive),
        numbers("r", 0, last),
        *more,
    )
    return Domain(name, variables, facts)


def bounded(env):
    return all(env["s"][m] <= env["c"] for m in range(1, env["N"] + 1))


BOUND = Fact("every s_j is at most c", Le(s[j], c), given=(Ge(j, 1), Le(j, N)), variables=("j",), test=bounded)


def below(name, top):
    """A number c that bounds s_1 .. s_N."""
    highest = Var(
        "c", lambda source, env: max(env["s"][m] for m in range(1, env["N"] + 1)) + abs(rational(source)), continuous=True
    )
    return families(name, highest, top=top, facts=(BOUND,))


domain = families("N >= 1, indices h and k from 1 to N, any numbers s_0 .. s_(N+1) and r")
positive = families("the same, every s_j > 0", positive=True)
inside, one_further = below("the same, s_j <= c for j = 1 .. N", 0), below("the same, but h may be N + 1", 1)


def at_the_bound(source, env):
    """Every s_j is c."""
    return {**env, "s": dict.fromkeys(env["s"], env["c"]), "c": env["c"]}


def in_proportion(source, env):
    """r is a multiple of s."""
    factor = fmpq(source.integer(1, 3))
    return {**env, "r": {m: factor * x for m, x in env["s"].items()}}


statement = theme("ranges", "Index ranges", domain)


@pair(statement, "without-the-first", gone=(1, 2))
def without_the_first(gone):
    """A sum from 2 on is the whole sum without its first term (also for N = 1, where it is empty)"""
    goal = yield Eq(total(i, 2, N, s[i]), total(i, 1, N, s[i]) - s[gone])
    cut = yield Eq(total(i, 1, N, s[i]), total(i, 1, 1, s[i]) + total(i, 2, N, s[i])), sums.split()
    first = yield Eq(total(i, 1, 1, s[i]), s[1]), sums.one()
    yield goal, by.linear((cut, -1), (first, -1))


@pair(statement, "nothing", lower=(N + 1, N))
def nothing(lower):
    """A sum from N + 1 to N is empty"""
    goal = yield Eq(total(i, lower, N, s[i]), 0)
    yield goal, sums.none()


@pair(statement, "empty-product", value=(1, 0))
def empty_product(value):
    """A product without factors is 1"""
    goal = yield Eq(product(i, N + 1, N, s[i]), value)
    yield goal, sums.none()


@pair(statement, "number-of-factors", shift=(1, 0))
def number_of_factors(shift):
    """The product of 2 from 2 to N is 2^(N-1)"""
    goal = yield Eq(product(i, 2, N, num(2)), num(2) ** (N - shift))
    yield goal, by.identity()


@pair(statement, "term-of-a-sum", domain=(positive, domain))
def term_of_a_sum():
    """A term is at most the sum, if no term is negative"""
    goal = yield Le(s[h], total(i, 1, N, s[i]))
    cut = yield Eq(total(i, 1, N, s[i]), total(i, 1, h - 1, s[i]) + total(i, h, N, s[i])), sums.split()
    rest = yield Eq(total(i, h, N, s[i]), total(i, h, h, s[i]) + total(i, h + 1, N, s[i])), sums.split()
    one = yield Eq(total(i, h, h, s[i]), s[h]), sums.one()
    yield goal, by.linear((cut, -1), (rest, -1), (one, -1))


@pair(statement, "sum-of-bounds", domain=inside, near=at_the_bound, less=(0, 1))
def sum_of_bounds(less):
    """N numbers that are at most c add up to at most N c"""
    goal = yield Le(total(i, 1, N, s[i]) + less * c**2, N * c)
    line = yield Le(s[h], c), by.given("every s_j is at most c", j=h)
    yield goal, by.termwise(line, h)


@pair(statement, "bound-of-each", domain=(inside, one_further))
def bound_of_each():
    """A bound for j = 1 .. N holds at h, if h is one of these"""
    goal = yield Le(s[h], c)
    yield goal, by.given("every s_j is at most c", j=h)


@pair(statement, "alternating-sum", shift=(0, 1))
def alternating_sum(shift):
    """-1 + 3 - 5 + .. is (-1)^N N"""
    body = num(-1) ** i * (2 * i - 1)
    goal = yield Eq(total(i, 1, N, body), num(-1) ** (N + shift) * N)
    yield from closed_form(goal, body, lambda end: num(-1) ** (end + shift) * end)


@pair(statement, "square-of-a-sign", power=(2, 3))
def square_of_a_sign(power):
    """((-1)^k)^2 = 1"""
    goal = yield Eq((num(-1) ** k) ** power, 1)
    yield goal, by.identity()


@pair(statement, "factorial", shift=(1, 0))
def factorial(shift):
    """2^(N-1) <= 1 * 2 * .. * N"""

    def at(end):
        return Le(num(2) ** (end - shift), product(i, 1, end, i))

    goal = yield at(N)
    one = yield Eq(product(i, 1, 1, i), 1), sums.one()
    base = yield at(num(1)), by.linear((one, -1))
    here = yield at(h), induction.assumed()
    parts = yield Eq(product(i, 1, h + 1, i), product(i, 1, h, i) * product(i, h + 1, h + 1, i)), sums.split()
    factor = yield Eq(product(i, h + 1, h + 1, i), h + 1), sums.one()
    step = yield at(h + 1), by.under([Le(h + 1, N)], by.linear((here, h + 1), (parts, -1), (factor, -product(i, 1, h, i))))
    line = yield at(h), induction.over(h, base, step)
    yield goal, by.cite(by.generic(line, [Ge(h, 1), Le(h, N)], h), h=N)


@pair(statement, "diagonal", domain=(positive, domain))
def diagonal():
    """The diagonal terms of a double sum are at most all of it, if no term is negative"""
    goal = yield Le(total(i, 1, N, s[i] ** 2), total(i, 1, N, total(j, 1, N, s[i] * s[j])))
    line = yield Le(0, s[h] * s[k]), by.sign()
    yield goal, indices.diagonal(line, h, k)


@pair(statement, "cauchy-of-sums", near=in_proportion, times=(1, Fraction(9, 10)))
def cauchy_of_sums(times):
    """(sum s r)^2 <= sum s^2 sum r^2"""
    goal = yield Le(total(i, 1, N, s[i] * r[i]) ** 2, times * total(i, 1, N, s[i] ** 2) * total(i, 1, N, r[i] ** 2))
    cross = (s[h] * r[k] - s[k] * r[h]) ** 2
    line = yield Le(0, cross), by.linear(squares=[(1, s[h] * r[k] - s[k] * r[h])])
    once = yield Le(0, total(i, 1, N, substitute_all(cross, {"h": i}))), by.termwise(line, h)
    twice = yield Le(0, total(j, 1, N, total(i, 1, N, substitute_all(cross, {"h": i, "k": j})))), by.termwise(once, k)
    yield goal, by.linear((twice, HALF))


@pair(statement, "variance", times=(N, num(1)))
def variance(times):
    """The sum of squared deviations from the mean"""
    mean = total(j, 1, N, s[j]) / N
    goal = yield Eq(total(i, 1, N, (s[i] - mean) ** 2), total(i, 1, N, s[i] ** 2) - times * mean**2)
    yield goal, by.identity()


@tempting("ranges.bound-of-each-near")
def generic_index():
    """A line about a generic index, used one further"""
    goal = yield Le(s[h], c)
    line = yield Le(s[k], c), by.given("every s_j is at most c", j=k)
    yield goal, by.cite(by.generic(line, [Ge(k, 1), Le(k, N)], k), k=h)


@tempting("ranges.nothing-near")
def as_if_empty():
    """The sum from N to N, cut behind its last term"""
    goal = yield Eq(total(i, N, N, s[i]), 0)
    rest = yield Eq(total(i, N + 1, N, s[i]), 0), sums.none()
    yield goal, by.linear(rest)
