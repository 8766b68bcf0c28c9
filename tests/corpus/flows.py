"""Gradient flows: rates under PL and strong convexity, what fails backward in time, distances, the 1/t rate of convex costs."""

from fractions import Fraction

from flint import fmpq

from tests.corpus.drawing import flat_bowl, strong_bowl
from tests.corpus.entering import pair, tempting, theme
from theorycheck.domain import Domain, Var, derived, drawn, hypothesis, rational, real, size
from theorycheck.exact import flow_rules as flows, rules as by
from theorycheck.models.costs import column, column_of
from theorycheck.models.paths import one_curvature, pl_time
from theorycheck.tree import Dt, Eq, Flow, Function, Ge, Le, Lt, exp, inner, norm, num, sym, vec

n, beta, t, low = sym("n"), sym("beta"), sym("t"), sym("low")
C = Function("C")
x, w = Flow("x", "C", (n, num(1))), Flow("w", "C", (n, num(1)))
y, z, p = vec("y", n), vec("z", n), vec("p", n)
now, start, g = x(t), x(0), C.grad(x(t))
HALF = Fraction(1, 2)
FORWARD = Var("t", lambda source, env: pl_time(source, env["C"].stiffness), (hypothesis("t >= 0", Ge(t, 0)),))
ANY_TIME = Var("t", lambda source, env: rational(source) / (1 + env["C"].stiffness))


def is_bowl_with(env):
    """Whether the cost is PL with beta, and low its least value."""
    return env["C"].has_pl(env["beta"], env["x"].start) and env["low"] == env["C"].least


LEAST = hypothesis("low is the least value", Ge(C(y), low), variables=("y",), test=lambda env: env["C"].least >= env["low"])
PL = hypothesis("PL", Ge(norm(C.grad(y)) ** 2 / 2, beta * (C(y) - low)), variables=("y",), test=is_bowl_with)
CONVEX = hypothesis(
    "convexity",
    Ge(C(z), C(y) + inner(z - y, C.grad(y))),
    variables=("y", "z"),
    test=lambda env: env["C"].strongly_convex(fmpq(0)),
)
STRONG = hypothesis(
    "the gradient points away from p",
    Ge(inner(y - p, C.grad(y)), beta * norm(y - p) ** 2),
    variables=("y",),
    test=lambda env: env["C"].strongly_convex(env["beta"]) and env["p"] == env["C"].centre,
)
MONOTONE = hypothesis(
    "monotone gradient",
    Ge(inner(y - z, C.grad(y) - C.grad(z)), 0),
    variables=("y", "z"),
    test=lambda env: env["C"].strongly_convex(fmpq(0)),
)


def flow_of(name, cost, time, *conditions, point=None):
    """A cost, its gradient flow x from any point, another flow w, a minimum p (or any point), a time t."""
    return Domain(
        name,
        (
            size("n", most=2),
            real("beta", above=0),
            drawn("C", cost),
            drawn("x", lambda source, env: env["C"].flow(column(source, env["n"]))),
            drawn("w", lambda source, env: env["C"].flow(column(source, env["n"]))),
            point or derived("p", lambda env: env["C"].centre),
            derived("low", lambda env: env["C"].least),
            time,
        ),
        conditions,
    )


bowls = flow_of("flows of beta-PL costs, t >= 0", flat_bowl, FORWARD, LEAST, PL)
bowls_any_time = flow_of("flows of beta-PL costs, any t", flat_bowl, ANY_TIME, LEAST, PL)
MINIMUM = hypothesis("p is a minimum", Eq(C(p), low))
convex = flow_of("flows of convex costs with minimum p, t >= 0", flat_bowl, FORWARD, LEAST, CONVEX, MONOTONE, MINIMUM)
convex_any_point = flow_of("flows of convex costs, any p, t >= 0", flat_bowl, FORWARD, LEAST, CONVEX, point=column_of("p"))
strong = flow_of("flows of beta-strongly convex costs with minimum p, t >= 0", strong_bowl, FORWARD, STRONG, MINIMUM)


def one_rate(source, env):
    """All curvatures equal beta: the rate is attained."""
    path = one_curvature(env["C"], env["beta"], source)
    return {**env, "C": path.cost, "x": path, "t": pl_time(source, env["beta"])}


statement = theme("flows", "Gradient flows", bowls)


def loss_falls():
    """The loss falls at least at the rate 2 beta."""
    pl = yield Ge(norm(g) ** 2 / 2, beta * (C(now) - low)), by.given("PL", y=now)
    return (yield Le(Dt(C(now) - low), -2 * beta * (C(now) - low)), by.linear((pl, 2)))


@pair(statement, "loss-rate", near=one_rate, rate=(2, Fraction(21, 10)))
def loss_rate(rate):
    """The loss decays like e^(-2 beta t)"""
    goal = yield Le(C(now) - low, (C(start) - low) * exp(-rate * beta * t))
    falls = yield from loss_falls()
    yield goal, flows.gronwall(falls, C(now) - low, rate * beta)


@pair(statement, "backward-in-time", domain=(bowls, bowls_any_time))
def backward_in_time():
    """Forward in time the loss is below that bound; backward it is above"""
    goal = yield Le(C(now) - low, (C(start) - low) * exp(-2 * beta * t))
    falls = yield from loss_falls()
    yield goal, flows.gronwall(falls, C(now) - low, 2 * beta)


@pair(statement, "descent", relation=(Le, Lt))
def descent(relation):
    """The cost does not rise; from a minimum it does not fall either"""
    goal = yield relation(C(now), C(start))
    falls = yield Le(Dt(C(now)), 0), by.sign()
    yield goal, flows.gronwall(falls, C(now), 0)


@pair(statement, "energy", power=(2, 1))
def energy(power):
    """The cost falls by the squared length of the gradient"""
    goal = yield Eq(Dt(C(now)), -(norm(g) ** power))
    yield goal, by.identity()


@pair(statement, "speed-of-distance", sign=(-2, 2))
def speed_of_distance(sign):
    """The derivative of the squared distance to a point"""
    goal = yield Eq(Dt(norm(now - p) ** 2), sign * inner(now - p, g))
    yield goal, by.identity()


@pair(statement, "distance-to-minimum", domain=(convex, convex_any_point))
def distance_to_minimum():
    """The distance to a minimum of a convex cost does not grow; that to another point may"""
    goal = yield Le(norm(now - p) ** 2, norm(start - p) ** 2)
    line = yield Ge(C(p), C(now) + inner(p - now, g)), by.given("convexity", y=now, z=p)
    above = yield Ge(C(now), low), by.given("low is the least value", y=now)
    falls = yield Le(Dt(norm(now - p) ** 2), 0), by.linear((line, 2), (above, 2), using=["p is a minimum"])
    yield goal, flows.gronwall(falls, norm(now - p) ** 2, 0)


@pair(statement, "distance-rate", domain=strong, near=one_rate, rate=(2, 3))
def distance_rate(rate):
    """Under strong convexity the squared distance decays like e^(-2 beta t)"""
    goal = yield Le(norm(now - p) ** 2, norm(start - p) ** 2 * exp(-rate * beta * t))
    line = yield Ge(inner(now - p, g), beta * norm(now - p) ** 2), by.given("the gradient points away from p", y=now)
    falls = yield Le(Dt(norm(now - p) ** 2), -2 * beta * norm(now - p) ** 2), by.linear((line, 2))
    yield goal, flows.gronwall(falls, norm(now - p) ** 2, rate * beta)


@pair(statement, "one-over-t", domain=convex, near=one_rate, half=(HALF, Fraction(1, 20)))
def one_over_t(half):
    """t (C(x(t)) - low) <= |x(0) - p|^2 / 2 for convex costs"""
    goal = yield Le(t * (C(now) - low), half * norm(start - p) ** 2)
    line = yield Ge(C(p), C(now) + inner(p - now, g)), by.given("convexity", y=now, z=p)
    energy_of = t * (C(now) - low) + HALF * norm(now - p) ** 2
    falls = yield Le(Dt(energy_of), 0), by.linear(line, squares=[(t, g)], using=["p is a minimum"])
    bound = yield Le(energy_of, HALF * norm(start - p) ** 2), flows.gronwall(falls, energy_of, 0)
    yield goal, by.linear(bound, squares=[(HALF, now - p)])


@pair(statement, "two-flows", domain=convex, relation=(Le, Lt))
def two_flows(relation):
    """Two flows of a convex cost do not move apart"""
    goal = yield relation(norm(now - w(t)) ** 2, norm(start - w(0)) ** 2)
    line = yield Ge(inner(now - w(t), g - C.grad(w(t))), 0), by.given("monotone gradient", y=now, z=w(t))
    falls = yield Le(Dt(norm(now - w(t)) ** 2), 0), by.linear((line, 2))
    yield goal, flows.gronwall(falls, norm(now - w(t)) ** 2, 0)


@tempting("flows.backward-in-time-near")
def both_ways():
    """The bound of the derivative holds at all times, so as if it could be integrated backward"""
    goal = yield Le(C(now) - low, (C(start) - low) * exp(-2 * beta * t))
    falls = yield from loss_falls()
    bound = Le(C(now) - low, (C(start) - low) * exp(-2 * beta * t))
    forward = yield bound, by.under([Ge(t, 0)], flows.gronwall(falls, C(now) - low, 2 * beta))
    yield goal, by.linear(forward)
