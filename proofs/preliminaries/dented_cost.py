"""A PL cost that is not convex, and its gradient flow: symbols, instances, squares (statement `pl-not-convex`).

C(x) = 1/2 |x|^2 - 3/5 u^3 + 1/4 u^4 with u = <e, x> for a unit vector e: f = u^2/2 - 3/5 u^3 + u^4/4 along e, and half of the
squared distance from that line.
"""

from fractions import Fraction

from flint import fmpq

from theorycheck.domain import Domain, derived, drawn, hypothesis, size
from theorycheck.exact import flow_rules as flows, rules as by
from theorycheck.models.costs import column_of
from theorycheck.models.dented import LAST, Dented, axis, from_the_narrowest, rigorous_path
from theorycheck.tree import Dt, Eq, Flow, Function, Ge, Le, exp, inner, norm, num, sym, vec
from theorycheck.tree.node import substitute

n, t = sym("n"), sym("t")
e, x, y = vec("e", n), vec("x", n), vec("y", n)
u = inner(e, x)
HALF, UNIT = Fraction(1, 2), "e is a unit vector"
BETA = Fraction(217, 2000)
REST = (1 - BETA) / 2  # off the line PL holds with the constant 1


def C(y):
    """The cost."""
    u = inner(e, y)
    return norm(y) ** 2 / 2 - Fraction(3, 5) * u**3 + u**4 / 4


def push(y, a=Fraction(9, 5)):
    """Its gradient (claim `slope`)."""
    u = inner(e, y)
    return y + (u**3 - a * u**2) * e


domain = Domain(
    "points x of R^n and unit vectors e, any n",
    (size("n"), drawn("e", lambda source, env: axis(source, env["n"])), column_of("x")),
    (hypothesis(UNIT, Eq(inner(e, e), 1)),),
)


def squares(factor=1):
    """f'^2 / 2 - BETA f as squares, times `factor`."""
    return [
        (HALF * factor, u * (u**2 - Fraction(9, 5) * u + Fraction(101, 125))),
        (Fraction(1319, 8000) * factor, u * (u - Fraction(1122, 1319))),
        (Fraction(9971, 659500000) * factor, u),
    ]


def off_axis(y):
    """|y|^2 >= <e, y>^2."""
    rest = y - inner(e, y) * e
    square = yield Ge(norm(rest) ** 2, 0), by.linear(squares=[(1, rest)])
    return (yield Ge(norm(y) ** 2 - inner(e, y) ** 2, 0), by.linear(square, using=[UNIT]))


# --- the flow -------------------------------------------------------------------------------------------------------------
f, path = Function("C"), Flow("x", "C", (n, num(1)))
now = path(t)
VALUES, SLOPES = "C is the cost", "its gradient"
NAMED = {f"the hypothesis {name}": "it says which function C is" for name in (VALUES, SLOPES)}


def is_the_cost(env):
    cost = env["C"]
    return cost.axis == env["e"] and cost.scale == 1 and cost.least == 0 and not any(v for (v,) in cost.centre)


along = Domain(
    "the gradient flow on C from any point",
    (
        *domain.variables[:2],
        derived("C", lambda env: Dented(env["e"], tuple((fmpq(0),) for _ in env["e"]), fmpq(1), fmpq(0))),
        drawn("x", rigorous_path),
        drawn("t", lambda source, env: fmpq(source.integer(0, 8), 8) * LAST, hypothesis("t >= 0", Ge(t, 0))),
    ),
    (
        *domain.conditions,
        hypothesis(VALUES, Eq(f(y), C(y)), variables=("y",), test=is_the_cost),
        hypothesis(SLOPES, Eq(f.grad(y), push(y)), variables=("y",), test=is_the_cost),
    ),
)


def slow_start(source, env):
    """A short time from where the ratio of both sides of PL is the least."""
    return {**env, "x": from_the_narrowest(env["C"]), "t": fmpq(1, 50)}


def rate(rate):
    """The loss decays like e^{-2 beta t} along the flow, through the dent too"""
    goal = yield Le(f(now), f(path(0)) * exp(-rate * t))
    value = yield Eq(f(now), C(now)), by.given(VALUES, y=now)
    slope = yield Eq(f.grad(now), push(now)), by.given(SLOPES, y=now)
    rest = yield from off_axis(now)
    bound = [(c, substitute(s, {"x": now})) for c, s in squares(2)]
    steep = yield Le(2 * BETA * C(now), norm(push(now)) ** 2), by.linear((rest, 2 * REST), squares=bound, using=[UNIT])
    falls = yield Le(Dt(f(now)), -2 * BETA * f(now)), by.linear(steep, using=[slope, value])
    yield goal, flows.gronwall(falls, f(now), 2 * BETA)
