"""Comparison facts on the line: explicit solutions, blow-up, bounds of the exponential, areas; and t < 0."""

from fractions import Fraction

from tests.corpus.entering import pair, tempting, theme
from theorycheck.domain import Domain, hypothesis, real
from theorycheck.exact import flow_rules as flows, integral_rules as areas, rules as by
from theorycheck.tree import Dt, Eq, Ge, Gt, Le, exp, integral, log, num, sqrt, sym

t, a, c, k, T, s = (sym(name) for name in ("t", "a", "c", "k", "T", "s"))
HALF, TENTH = Fraction(1, 2), Fraction(11, 10)

after = Domain("t >= 0", (real("t", at_least=0),))
always = Domain("any t", (real("t"),))
logistic = Domain("a, k > 0, any t", (real("a", above=0), real("k", above=0), real("t")))
powers = Domain("c, k > 0, t >= 0", (real("c", above=0), real("k", above=0), real("t", at_least=0)))


def before_blow_up(name, *facts):
    """c > 0 and a time t >= 0."""
    return Domain(name, (real("c", above=0), real("t", at_least=0)), facts)


ALIVE = hypothesis("t is before the blow-up", Gt(1 - c * t, 0))
DEFINED = hypothesis("t is not the blow-up", Gt((1 - c * t) ** 2, 0))
alive, beyond = before_blow_up("t < 1/c", ALIVE), before_blow_up("t != 1/c", DEFINED)
areas_from_0 = Domain("T >= 0", (real("T", at_least=0),))
areas_to_1 = areas_from_0.extended("0 <= T <= 1", hypothesis("T <= 1", Le(T, 1)))
areas_from_1 = Domain("T >= 1", (real("T", at_least=1),))

statement = theme("odes", "Equations and inequalities in time", after)


@pair(statement, "logistic", domain=logistic, power=(1, 2))
def logistic_solution(power):
    """y = 1 / (1 + k e^(-a t)) solves y' = a y (1 - y)"""
    y = 1 / (1 + k * exp(-a * t))
    goal = yield Eq(Dt(y), a * y * (1 - y) ** power)
    yield goal, by.identity()


@pair(statement, "blow-up-solution", domain=alive, power=(2, 3))
def blow_up_solution(power):
    """y = c / (1 - c t) solves y' = y^2"""
    y = c / (1 - c * t)
    goal = yield Eq(Dt(y), y**power)
    yield goal, by.identity()


@pair(statement, "before-the-blow-up", domain=(alive, beyond))
def before_the_blow_up():
    """c / (1 - c t) >= c before the blow-up at 1/c; after it the formula is negative"""
    goal = yield Ge(c / (1 - c * t), c)
    less = yield Le(1 - c * t, 1), by.sign()
    line = yield Le(1, 1 / (1 - c * t)), by.raised(less, -1)
    yield goal, by.linear((line, c))


@pair(statement, "power-solution", domain=powers, power=(k + 1, k))
def power_solution(power):
    """y = (c + k t)^(-1/k) solves y' = -y^(k+1)"""
    y = (c + k * t) ** (-1 / k)
    goal = yield Eq(Dt(y), -(y**power))
    yield goal, by.identity()


@pair(statement, "root-equation", domain=(after, always))
def root_equation():
    """y = t^2/4 solves y' = sqrt(y) for t >= 0 only"""
    goal = yield Eq(Dt(t**2 / 4), sqrt(t**2 / 4))
    yield goal, by.identity()


@pair(statement, "gaussian", domain=always, two=(2, 1))
def gaussian(two):
    """The derivative of e^(-t^2)"""
    goal = yield Eq(Dt(exp(-(t**2))), -two * t * exp(-(t**2)))
    yield goal, by.identity()


@pair(statement, "slower-rate-wins", rate=(2, 3))
def slower_rate_wins(rate):
    """e^(-2t) + e^(-3t) <= 2 e^(-2t)"""
    f = exp(-2 * t) + exp(-3 * t)
    goal = yield Le(f, 2 * exp(-rate * t))
    falls = yield Le(Dt(f), -2 * f), by.sign()
    yield goal, flows.gronwall(falls, f, rate)


def above_the_tangent():
    """1 + t <= e^t for t >= 0: the difference does not grow."""
    f = 1 + t - exp(t)
    falls = yield Le(Dt(f), 0), by.sign()
    return (yield Le(1 + t, exp(t)), flows.gronwall(falls, f, 0))


@pair(statement, "tangent", slope=(1, TENTH))
def tangent(slope):
    """e^t >= 1 + t"""
    goal = yield Ge(exp(t), 1 + slope * t)
    line = yield from above_the_tangent()
    yield goal, by.linear(line)


@pair(statement, "second-order", domain=(after, always))
def second_order():
    """e^t >= 1 + t + t^2/2 for t >= 0 only"""
    goal = yield Ge(exp(t), 1 + t + t**2 / 2)
    line = yield from above_the_tangent()
    f = 1 + t + t**2 / 2 - exp(t)
    falls = yield Le(Dt(f), 0), by.linear(line)
    yield goal, flows.gronwall(falls, f, 0)


@pair(statement, "decaying-tangent", slope=(1, Fraction(9, 10)))
def decaying_tangent(slope):
    """e^(-t) >= 1 - t"""
    goal = yield Ge(exp(-t), 1 - slope * t)
    f = 1 - t - exp(-t)
    less = yield Le(exp(-t), 1), by.sign()
    falls = yield Le(Dt(f), 0), by.linear(less)
    line = yield Le(1 - t, exp(-t)), flows.gronwall(falls, f, 0)
    yield goal, by.linear(line)


# --- areas ---------------------------------------------------------------------------------------------------------------
@pair(statement, "area-of-a-power", domain=areas_from_0, power=(3, 2))
def area_of_a_power(power):
    """The integral of s^2 from 0 to T is T^3 / 3"""
    goal = yield Eq(integral(s, 0, T, s**2), T**power / 3)
    yield goal, areas.antiderivative(s**3 / 3)


@pair(statement, "area-of-the-exponential", domain=areas_from_0, sign=(1, -1))
def area_of_the_exponential(sign):
    """The integral of e^(-s) from 0 to T is 1 - e^(-T)"""
    goal = yield Eq(integral(s, 0, T, exp(-s)), sign * (1 - exp(-T)))
    yield goal, areas.antiderivative(-exp(-s))


@pair(statement, "area-of-the-inverse", domain=areas_from_1, value=(log(T), 1 - 1 / T))
def area_of_the_inverse(value):
    """The integral of 1/s from 1 to T is log T"""
    goal = yield Eq(integral(s, 1, T, 1 / s), value)
    yield goal, areas.antiderivative(log(s))


@pair(statement, "areas-in-order", domain=(areas_to_1, areas_from_0))
def areas_in_order():
    """The integral of s^2 from 0 to T is at most that of s, where T <= 1"""
    goal = yield Le(integral(s, 0, T, s**2), integral(s, 0, T, s))
    small = yield Le(T, 1), by.trivially()
    inside = yield Le(s, T), by.under([Le(s, T)], by.trivially())
    line = yield Le(s**2, s), by.under([Le(0, s)], by.linear((inside, s), (small, s)))
    yield goal, areas.integrated(line)


@tempting("odes.second-order-near")
def for_all_times():
    """The tangent line is below e^t at all times, so as if the second step were as well"""
    goal = yield Ge(exp(t), 1 + t + t**2 / 2)
    f = 1 + t + t**2 / 2 - exp(t)
    falls = yield Le(Dt(f), 0), by.linear(squares=[(num(1), t)])
    yield goal, flows.gronwall(falls, f, 0)


@tempting("odes.area-of-the-inverse-near")
def power_rule():
    """The power rule at the exponent -1"""
    goal = yield Eq(integral(s, 1, T, 1 / s), 1 - 1 / T)
    yield goal, areas.antiderivative(-1 / s)
