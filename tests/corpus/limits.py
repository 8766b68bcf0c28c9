"""Limits from the right at 0 (an inverse width, an exponent, a scale), with the right leading constant and with a wrong one."""

from fractions import Fraction

from tests.corpus.drawing import numbers
from tests.corpus.entering import pair, theme
from theorycheck.domain import Domain, index, real, size
from theorycheck.exact import leading_rules as leading, limit_rules as limits, rules as by
from theorycheck.tree import Converges, Eq, absolute, log, num, scalars, sqrt, sym, total

v, c, i, N, h = (sym(name) for name in ("v", "c", "i", "N", "h"))
s = scalars("s")
HALF = Fraction(1, 2)

small = Domain("v > 0", (real("v", above=0),))
scaled = Domain("v > 0, c > 0", (real("v", above=0), real("c", above=0)))
families = Domain(
    "v > 0, N numbers s_i > 0, an index i from 1 to N",
    (real("v", above=0), size("N", 2, 4), index("i", 1, N), numbers("s", 1, lambda env: env["N"], positive=True)),
)

statement = theme("limits", "Limits", small)


def tends(goal, explicit, value):
    """The body of the goal equals an explicit expression, which has that limit; so the goal holds, or is refuted."""
    body = goal.nodes[0]
    same = yield Eq(body, explicit), by.identity()
    known = yield Converges(body, v, 0, value), leading.equal(same)
    yield goal, limits.rewritten(known)


@pair(statement, "square-quotient", value=(2, 1))
def square_quotient(value):
    """((1 + v)^2 - 1) / v -> 2"""
    goal = yield Converges(((1 + v) ** 2 - 1) / v, v, 0, value)
    yield from tends(goal, 2 + v, 2)


@pair(statement, "root-quotient", value=(HALF, 1))
def root_quotient(value):
    """(sqrt(1 + v) - 1) / v -> 1/2"""
    goal = yield Converges((sqrt(1 + v) - 1) / v, v, 0, value)
    yield from tends(goal, 1 / (sqrt(1 + v) + 1), HALF)


@pair(statement, "difference-of-inverses", value=(1, 0))
def difference_of_inverses(value):
    """1/v - 1/(v + v^2) -> 1"""
    goal = yield Converges(1 / v - 1 / (v + v**2), v, 0, value)
    yield from tends(goal, 1 / (1 + v), 1)


@pair(statement, "ratio-of-polynomials", value=(HALF, 3))
def ratio_of_polynomials(value):
    """(3 v^2 + v) / (v^2 + 2 v) -> 1/2 at 0 (and 3 at infinity)"""
    goal = yield Converges((3 * v**2 + v) / (v**2 + 2 * v), v, 0, value)
    yield from tends(goal, (3 * v + 1) / (v + 2), HALF)


@pair(statement, "sign-at-zero", value=(1, 0))
def sign_at_zero(value):
    """|v| / v -> 1 from the right"""
    goal = yield Converges(absolute(v) / v, v, 0, value)
    yield from tends(goal, num(1) + 0 * v, 1)


@pair(statement, "log-of-a-multiple", domain=scaled, value=(log(num(2)) / c, num(0)))
def log_of_a_multiple(value):
    """(log(2 v) - log(v)) / c -> log(2) / c: a factor of the scale moves a time by a constant"""
    goal = yield Converges((log(2 * v) - log(v)) / c, v, 0, value)
    yield from tends(goal, log(num(2)) / c, log(num(2)) / c)


@pair(statement, "inverse-width", power=(HALF, 1))
def inverse_width(power):
    """With v = 1/w: sqrt(w) / w -> 0, but w / w -> 1"""
    goal = yield Converges((1 / v) ** power * v, v, 0, 0)
    same = yield Eq((1 / v) ** num(power) * v, v ** (1 - num(power))), by.identity()
    value = 0 if power == HALF else 1
    known = yield Converges((1 / v) ** num(power) * v, v, 0, value), leading.equal(same)
    yield goal, limits.rewritten(known)


@pair(statement, "power-beats-log", power=(1, 0))
def power_beats_log(power):
    """v log v -> 0; log v itself has no finite limit"""
    goal = yield Converges(v**power * log(v), v, 0, 0)
    same = yield Eq(v * log(v), v * log(v)), by.identity()
    known = yield Converges(v * log(v), v, 0, 0), leading.equal(same)
    yield goal, limits.rewritten(known)


@pair(statement, "small-power", domain=scaled, value=(num(1), c))
def small_power(value):
    """c^v -> 1"""
    goal = yield Converges(c**v, v, 0, value)
    known = yield Converges(c**v, v, 0, 1), limits.power_to_one()
    yield goal, limits.rewritten(known)


@pair(statement, "sum-of-small-powers", domain=families, value=(N, num(1)))
def sum_of_small_powers(value):
    """sum_i s_i^v -> N"""
    goal = yield Converges(total(i, 1, N, s[i] ** v), v, 0, value)
    one = yield Converges(s[i] ** v, v, 0, 1), limits.power_to_one()
    known = yield Converges(total(i, 1, N, s[i] ** v), v, 0, total(i, 1, N, num(1))), limits.summed(one, i)
    yield goal, limits.rewritten(known)


@pair(statement, "sum-of-inverses", domain=families, value=(total(i, 1, N, 1 / s[i]), 1 / total(i, 1, N, s[i])))
def sum_of_inverses(value):
    """sum_i 1/(s_i + v) -> sum_i 1/s_i"""
    body = 1 / (s[i] + v)
    goal = yield Converges(total(i, 1, N, body), v, 0, value)
    same = yield Eq(body, body), by.identity()
    one = yield Converges(body, v, 0, 1 / s[i]), leading.equal(same)
    known = yield Converges(total(i, 1, N, body), v, 0, total(i, 1, N, 1 / s[i])), limits.summed(one, i)
    yield goal, limits.rewritten(known)
