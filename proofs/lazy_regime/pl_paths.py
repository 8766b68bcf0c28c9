"""The gradient flow of a cost that is PL on a ball: symbols, instances, and the lines that Proposition 11 starts from.

V = sqrt(2/beta (C(x(t)) - C_min)) decreases at least as fast as the path moves, unless x0 is a minimum and the path rests.
"""

from fractions import Fraction

from theorycheck.domain import Domain, Var, derived, drawn, hypothesis, real, size
from theorycheck.exact import basic_rules as basic, flow_rules as flows, rules as by
from theorycheck.models.paths import one_curvature, pl_cost, pl_start, pl_time
from theorycheck.tree import Dt, Eq, Flow, Function, Ge, Gt, Le, Lt, Member, norm, num, sqrt, sym, vec

n, beta, t, C_min = sym("n"), sym("beta"), sym("t"), sym("C_min")
C, x = Function("C"), Flow("x", "C", (n, num(1)))
y = vec("y", n)
x0, now, end = x(0), x(t), flows.end_of(x(t))
g = C.grad(now)
loss, start_loss = C(now) - C_min, C(x0) - C_min
r, V = sqrt(2 / beta * start_loss), sqrt(2 / beta * loss)


def least_is_C_min(env):
    return env["C"].least >= env["C_min"]


domain = Domain(
    "costs C with global minimum C_min that satisfy beta-PL on B(x0, r), and their gradient flow from x0",
    (
        size("n"),
        real("beta", above=0, line=345),
        drawn("C", lambda source, env: pl_cost(source, env["n"], env["beta"])),
        drawn("x", lambda source, env: env["C"].flow(pl_start(source, env["C"]))),
        derived("C_min", lambda env: env["C"].least),
        Var("t", lambda source, env: pl_time(source, env["C"].stiffness), (hypothesis("t >= 0", Ge(t, 0), 363),)),
    ),
    (
        hypothesis("C_min is the minimum", Ge(C(y), C_min), 345, variables=("y",), test=least_is_C_min),
        hypothesis("C_min is the minimum, at x0", Ge(C(x0), C_min), 345, test=least_is_C_min),
        hypothesis("C_min is the minimum, at x(t)", Ge(C(now), C_min), 345, test=least_is_C_min),
        hypothesis(
            "PL on the ball",
            Ge(norm(C.grad(y)) ** 2 / 2, beta * (C(y) - C_min)),
            363,
            variables=("y",),
            given=(Member(y, x0, r),),
            test=lambda env: env["C_min"] >= env["C"].least and env["C"].has_pl(env["beta"], env["x"].start),
        ),
    ),
)
moving = domain.extended("the same, where x0 is not a minimum", hypothesis("x0 is not a minimum", Gt(C(x0), C_min), 382))

# the two cases, and what is assumed on the way
STRICT, EQUAL, ABOVE = Lt(C_min, C(x0)), Eq(C_min, C(x0)), Lt(C_min, C(now))
INSIDE = Member(now, x0, r)


def equality_case(source, env):
    """All curvatures equal beta: loss and distance decay exactly at the rates claimed."""
    path = one_curvature(env["C"], env["beta"], source)
    return {**env, "C": path.cost, "x": path, "t": pl_time(source, env["beta"])}


def root_of_pl(inside):
    """PL at x(t), and its square root sqrt(2 beta (C - C_min)) <= |grad C|."""
    pl = yield Ge(norm(g) ** 2 / 2, beta * loss), by.given_with([inside], "PL on the ball", y=now)
    twice = yield Le(2 * beta * loss, norm(g) ** 2), by.linear((pl, 2))
    return (yield Le(sqrt(2 * beta * loss), norm(g)), by.raised(twice, Fraction(1, 2)))


def shrinking(inside):
    """Where x0 is no minimum: V decreases at least as fast as the path moves, and C(x(t)) > C_min."""
    root = yield from root_of_pl(inside)
    above = yield ABOVE, by.under([STRICT], flows.above("C_min is the minimum"))
    weight = norm(g) / sqrt(2 * beta * loss)
    slope = yield Le(Dt(V), -norm(Dt(now))), basic.knowing(by.linear((root, weight)), above)
    return slope, above


def moving_inside():
    """`shrinking`, for a path that is known not to leave the ball."""
    here = yield INSIDE, by.uses("prop-11.inside")
    return (yield from shrinking(here))


def resting():
    """Where x0 is a minimum the path rests."""
    return (yield Eq(now, x0), by.under([EQUAL], flows.equilibrium("C_min is the minimum")))


def in_both_cases(goal, moves, rests):
    """The line of the goal, shown where x0 is no minimum and where it is one."""
    return (yield goal, by.either(moves, rests, C_min, C(x0)))
