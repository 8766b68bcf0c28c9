"""PL on a ball gives linear convergence of the gradient flow (Proposition 11, paper lines 363 to 392; announced at line 64).

If |grad C|^2 / 2 >= beta (C - C_min) on B(x0, r) with r = sqrt(2/beta (C(x0) - C_min)), the flow from x0 stays in the ball,
converges to a global minimum in it, and loss and distance decay like e^{-2 beta t} and e^{-beta t}.

The argument: V = sqrt(2/beta (C(x(t)) - C_min)) decreases at least as fast as the path gets longer, so x(t) is within
r - V(t) of x0 and cannot leave the ball. Where x0 is itself a minimum, the path rests; this case the paper leaves out.
"""

from fractions import Fraction

from theorycheck.cli import run_module
from theorycheck.domain import Domain, Var, derived, drawn, hypothesis, real, size
from theorycheck.exact import basic_rules as basic, flow_rules as flows, integral_rules as area, rules as by
from theorycheck.exact.cited import CAUCHY_SCHWARZ
from theorycheck.exact.extremum_rules import antisymmetric
from theorycheck.models.paths import one_curvature, pl_cost, pl_start, pl_time
from theorycheck.models.trajectories import along_engine_runs, along_rigorous_paths
from theorycheck.statement import Statement
from theorycheck.tree import (
    INFINITY,
    All,
    Converges,
    Defined,
    Dt,
    Eq,
    Flow,
    Function,
    Ge,
    Gt,
    Le,
    Lt,
    Member,
    exp,
    inner,
    integral,
    norm,
    num,
    sqrt,
    sym,
    vec,
)
from theorycheck.verdict import Erratum

n, beta, t, C_min = sym("n"), sym("beta"), sym("t"), sym("C_min")
C, x = Function("C"), Flow("x", "C", (n, num(1)))
y = vec("y", n)
x0, now, end = x(0), x(t), flows.end_of(x(t))
g = C.grad(now)
loss, start_loss = C(now) - C_min, C(x0) - C_min
r, V = sqrt(2 / beta * start_loss), sqrt(2 / beta * loss)


def least_is_C_min(env):
    return env["C"].least == env["C_min"]


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
            test=lambda env: env["C"].has_pl(env["beta"], env["x"].start),
        ),
    ),
)
moving = domain.extended("the same, where x0 is not a minimum", hypothesis("x0 is not a minimum", Gt(C(x0), C_min), 382))

statement = Statement("prop-11", "Linear convergence under the PL inequality", "B.1", domain, depends_on=("def-1",))

# the two cases, and what is assumed on the way
STRICT, EQUAL, ABOVE = Lt(C_min, C(x0)), Eq(C_min, C(x0)), Lt(C_min, C(now))
STAYS = flows.stays(now, x0, r)
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
    slope = yield Le(Dt(V), -norm(Dt(now))), by.under([ABOVE], by.linear((root, weight)))
    slope = yield slope.shows, basic.cut(slope, above)
    return slope, above


def resting():
    """Where x0 is a minimum the path rests."""
    return (yield Eq(now, x0), by.under([EQUAL], flows.equilibrium("C_min is the minimum")))


# --- the ball is never left ----------------------------------------------------------------------------------------------
@statement.claim("inside", line=386, where="proof", expects="proved", near=equality_case, factor=1)
def inside(factor):
    """T is infinite: the path never leaves the ball B(x0, r)"""
    goal = yield Member(now, x0, factor * r)
    here = yield INSIDE, by.under([STAYS], flows.inside())
    slope, above = yield from shrinking(here)
    length = yield Le(norm(now - x0), r - V), flows.path_length(slope, V, above)
    short = yield Lt(norm(now - x0), r), by.under([ABOVE], by.linear(length))
    short = yield short.shows, basic.cut(short, above)
    moves = yield INSIDE, flows.continuation(short)
    still = yield from resting()
    zero = yield Le(norm(now - x0) ** 2, r**2), by.linear(using=[still])
    there = yield Le(norm(now - x0), r), basic.by_squares(zero)
    rests = yield INSIDE, basic.in_ball(there)
    always = yield INSIDE, by.either(moves, rests, C_min, C(x0))
    centre = goal.nodes[1]  # x0, or any other point of the path: none are further apart than r
    slope, above = yield from shrinking(always)
    close = yield Le(norm(now - centre), r), flows.diameter(slope, V, above)
    least = yield Ge(C(centre), C_min), by.given("C_min is the minimum", y=centre)
    rested = by.generic(still, [Ge(t, 0), Ge(C(now), C_min)], t)
    same = yield Eq(centre, x0), by.under([EQUAL], by.cite(rested, least, t=centre.nodes[0]))
    none = yield Le(norm(now - centre) ** 2, r**2), by.linear(using=[still, same])
    equal = yield close.shows, basic.by_squares(none)
    within = yield close.shows, by.either(close, equal, C_min, C(x0))
    yield goal, basic.in_ball(within)


# --- the loss ------------------------------------------------------------------------------------------------------------
@statement.claim("energy", line=371, where="proof", expects="proved", power=2)
def energy(power):
    """The loss decreases by the squared gradient (the arguments of gamma_C stand in the other order in print)"""
    goal = yield Eq(Dt(C(now)), -(norm(g) ** power))
    yield goal, by.identity()


@statement.claim("slope", line=371, where="proof", expects="proved", near=equality_case, factor=2)
def slope(factor):
    """The squared gradient bounds the loss, for all times"""
    goal = yield Le(-(norm(g) ** 2), -factor * beta * loss)
    here = yield INSIDE, by.uses("prop-11.inside")
    pl = yield Ge(norm(g) ** 2 / 2, beta * loss), by.given_with([here], "PL on the ball", y=now)
    least = yield Ge(C(now), C_min), by.given("C_min is the minimum", y=now)
    yield goal, by.linear((pl, 2), slack=[least])


def rate_of_loss(goal):
    slope = yield Le(-(norm(g) ** 2), -2 * beta * loss), by.uses("prop-11.slope")
    falls = yield Le(Dt(loss), -2 * beta * loss), by.linear(slope)
    return (yield goal, flows.gronwall(falls, loss, 2 * beta))


@statement.claim("gronwall", line=375, where="proof", expects="proved", near=equality_case, rate=2)
def gronwall(rate):
    """The loss decays like e^{-2 beta t}, by Groenwall's inequality"""
    goal = yield Le(loss, start_loss * exp(-rate * beta * t))
    yield from rate_of_loss(goal)


@statement.claim("rate", line=365, main=True, expects="proved", near=equality_case, corrects="run-together", rate=2)
def rate(rate):
    """The loss decays like e^{-2 beta t}"""
    goal = yield Le(loss, start_loss * exp(-rate * beta * t))
    yield from rate_of_loss(goal)


@statement.claim(
    "run-together",
    line=365,
    expects="refuted",
    printed=r"C(\gamma(t, x_0)) - C_{min} \le (C(x_0) - C_{min}) e^{-2\beta t} \|\gamma_C(t, x_0) - x^*\| \le r e^{-\beta t}",
    erratum=Erratum(
        "scan",
        "one chain of two inequalities, as the line stands",
        "The display holds two bounds, of the loss and of the distance; the text extraction lost the space between them.",
        stands=("prop-11.rate", "prop-11.distance"),
    ),
    near=equality_case,
)
def run_together():
    """The two bounds read as one chain"""
    product = start_loss * exp(-2 * beta * t) * norm(now - end)
    yield All(Le(loss, product), Le(product, r * exp(-beta * t)))


# --- the length of the path ----------------------------------------------------------------------------------------------
per_cost = Dt(now) / Dt(C(now))  # the derivative of the path in the cost c = C(x(t))
POSITIVE = Lt(0, norm(g) ** 2)


def gradient_is_positive():
    """Where x0 is no minimum: sqrt(2 beta (C - C_min)) <= |grad C| with both sides positive."""
    here = yield INSIDE, by.uses("prop-11.inside")
    root = yield from root_of_pl(here)
    above = yield ABOVE, flows.above("C_min is the minimum")
    pl = yield Le(beta * loss, norm(g) ** 2 / 2), by.given_with([here], "PL on the ball", y=now)
    positive = yield POSITIVE, by.under([ABOVE], by.linear((pl, 2)))
    return root, above, (yield POSITIVE, basic.cut(positive, above))


def where_it_moves(goal):
    """An identity that divides by the gradient, for x0 that is no minimum."""
    _, _, positive = yield from gradient_is_positive()
    found = yield goal, by.under([POSITIVE], by.identity())
    yield goal, basic.cut(found, positive)


@statement.claim("parallel", line=379, where="proof", domain=moving, expects="proved", power=2)
def parallel(power):
    """The derivative of the path in the cost is a multiple of the gradient"""
    goal = yield Eq(norm(g) ** power * per_cost, inner(g, per_cost) * g)
    yield from where_it_moves(goal)


@statement.claim("normalized", line=380, where="proof", domain=moving, expects="proved", one=1)
def normalized(one):
    """Its scalar product with the gradient is 1"""
    goal = yield Eq(inner(g, per_cost), num(1) * one)
    yield from where_it_moves(goal)


@statement.claim(
    "divides",
    line=382,
    where="proof",
    expects="refuted",
    erratum=Erratum(
        "hypothesis",
        "for every x0, as the proposition has it",
        "Where x0 is itself a global minimum the gradient vanishes and the path has no cost to be parameterized by; "
        "the proposition holds there, since the path rests.",
        stands=("prop-11.rate", "prop-11.distance", "prop-11.minimum"),
    ),
)
def divides():
    """The derivative of the path in the cost exists"""
    yield Defined(g / norm(g) ** 2)


@statement.claim("derivative", line=382, where="proof", domain=moving, expects="proved", corrects="divides", power=2)
def derivative(power):
    """The derivative of the path in the cost, for x0 that is no minimum"""
    goal = yield Eq(per_cost, g / norm(g) ** power)
    yield from where_it_moves(goal)


@statement.claim("speed", line=384, where="proof", domain=moving, expects="proved", power=1)
def speed(power):
    """First line of the length: its integrand"""
    goal = yield Eq(norm(per_cost), 1 / norm(g) ** power)
    yield from where_it_moves(goal)


@statement.claim("integrand", line=384, where="proof", domain=moving, expects="proved", near=equality_case, factor=2)
def integrand(factor):
    """Second line: the bound of the integrand"""
    goal = yield Le(1 / norm(g), 1 / sqrt(factor * beta * loss))
    root, above, positive = yield from gradient_is_positive()
    found = yield goal, by.under([ABOVE, POSITIVE], by.raised(root, -1))
    yield goal, basic.cut(found, above, positive)


BRACKET = sqrt(num(2)) / sqrt(beta) * (sqrt(start_loss) - sqrt(loss))
c = sym("c")  # the cost, as the variable of integration
FALLING = Le(C(now), C(x0))


@statement.claim("antiderivative", line=384, where="proof", domain=moving, expects="proved", near=equality_case, factor=2)
def antiderivative(factor):
    """Third line: the integral of the bound"""
    goal = yield Eq(integral(c, C(now), C(x0), 1 / sqrt(factor * beta * (c - C_min))), BRACKET)
    above = yield ABOVE, flows.above("C_min is the minimum")
    upper = yield Le(loss, start_loss * exp(-2 * beta * t)), by.uses("prop-11.rate")
    falling = yield FALLING, by.linear(upper)
    higher = yield Lt(C_min, c), by.under([ABOVE, Le(C(now), c)], by.sign())
    higher = yield higher.shows, basic.cut(higher, above)
    primitive = sqrt(num(2)) / sqrt(beta) * sqrt(c - C_min)
    found = yield goal, by.under([FALLING], area.antiderivative(primitive, higher))
    yield goal, basic.cut(found, falling)


@statement.claim(
    "root",
    line=384,
    where="proof",
    expects="refuted",
    near=equality_case,
    erratum=Erratum("scan", "the root over 2/beta only", "The root covers the product.", stands=("prop-11.length",)),
)
def root():
    """Fourth line, the root as printed"""
    yield Eq(BRACKET, sqrt(2 / beta) * start_loss - sqrt(2 / beta) * loss)


@statement.claim("root-corrected", line=384, where="proof", expects="proved", corrects="root", two=2)
def root_corrected(two):
    """Fourth line, the root over the product"""
    goal = yield Eq(BRACKET, sqrt(two / beta * start_loss) - sqrt(two / beta * loss))
    yield goal, by.identity()


@statement.claim(
    "radius",
    line=384,
    where="proof",
    expects="refuted",
    near=equality_case,
    erratum=Erratum(
        "scan", "the root over 2/beta only", "The same root as in the line before.", inherits="prop-11.root",
        stands=("prop-11.length",),
    ),
)
def radius():
    """Fifth line, with r for the first term"""
    yield Eq(sqrt(2 / beta) * start_loss - sqrt(2 / beta) * loss, r - sqrt(2 / beta) * loss)


@statement.claim("radius-corrected", line=384, where="proof", expects="proved", corrects="radius", two=2)
def radius_corrected(two):
    """Fifth line, the roots over the products"""
    goal = yield Eq(sqrt(two / beta * start_loss) - V, r - V)
    yield goal, by.identity()


@statement.claim("length", line=384, where="proof", expects="proved", near=equality_case, two=2)
def length(two):
    """What the display is for: the distance from x0, at most the length, is at most r - sqrt(2/beta (C - C_min))"""
    goal = yield Le(norm(now - x0), r - sqrt(two / beta * loss))
    here = yield INSIDE, by.uses("prop-11.inside")
    slope, above = yield from shrinking(here)
    moves = yield goal, flows.path_length(slope, V, above)
    still = yield from resting()
    zero = yield Le(norm(now - x0) ** 2, num(0) ** 2), by.linear(using=[still])
    there = yield Le(norm(now - x0), 0), basic.by_squares(zero)
    same = yield Eq(V, r), by.identity(still)
    rests = yield goal, by.linear(there, same)
    yield goal, by.either(moves, rests, C_min, C(x0))


border_hypothesis = hypothesis("border", Eq(norm(now - x0), r), 386)
on_the_border = domain.extended("the same, at a time when x(t) is on the border", border_hypothesis)


@statement.claim("border", line=386, where="proof", domain=on_the_border, expects="proved")
def border():
    """On the border of the ball the path is at a global minimum (the paper prints t for T)"""
    goal = yield Eq(C(now), C_min)
    short = yield Le(norm(now - x0), r - V), by.uses("prop-11.length")
    far = yield Eq(norm(now - x0), r), by.given("border")
    none = yield Le(V, 0), by.linear(short, (far, -1))
    square = yield Le(2 / beta * loss, 0), by.raised(none, 2)
    low = yield Le(C(now), C_min), by.linear((square, beta / 2))
    high = yield Le(C_min, C(now)), by.given("C_min is the minimum", y=now)
    yield goal, antisymmetric(low, high)


# --- the limit -----------------------------------------------------------------------------------------------------------
@statement.claim("converges", line=363, expects="proved")
def converges():
    """The path converges"""
    goal = yield Converges(now, t, INFINITY, end)
    here = yield INSIDE, by.uses("prop-11.inside")
    slope, above = yield from shrinking(here)
    moves = yield goal, flows.finite_length(slope, V, above)
    still = yield from resting()
    rests = yield goal, flows.settled(still)
    yield goal, by.either(moves, rests, C_min, C(x0))


@statement.claim("minimum", line=363, main=True, expects="proved", near=equality_case, factor=1)
def minimum(factor):
    """Its limit is a global minimum in the (closed) ball"""
    goal = yield All(Eq(C(end), C_min), Member(end, x0, factor * r))
    path = yield Converges(now, t, INFINITY, end), by.uses("prop-11.converges")
    upper = yield Le(loss, start_loss * exp(-2 * beta * t)), by.uses("prop-11.rate")
    least = yield Eq(C(end), C_min), flows.squeeze(path, upper, start_loss, 2 * beta)
    here = yield INSIDE, by.uses("prop-11.inside")
    closed = yield Member(end, x0, r), flows.closed(path, here)
    within = yield Le(norm(end - x0), r), basic.of_ball(closed)
    member = yield Member(end, x0, factor * r), basic.in_ball(within)
    yield goal, by.both(least, member)


@statement.claim(
    "open-ball",
    line=363,
    domain=moving,
    expects="refuted",
    near=equality_case,
    reads="minimum",
    erratum=Erratum(
        "hypothesis",
        "B(x0, r) as the open ball",
        "For C = beta/2 |x|^2 the only minimum lies on the border, so the ball has to be the closed one.",
        stands=("prop-11.minimum",),
    ),
)
def open_ball():
    """The limit in the open ball: false, it is on the border for C = beta/2 |x|^2"""
    yield Lt(norm(end - x0), r)


@statement.claim("announced", line=64, expects="proved", near=equality_case, factor=1)
def announced(factor):
    """Section 2.1: how close the minimum is to x0 (the minus signs are lost in the scan)"""
    goal = yield Le(norm(x0 - end), sqrt(2 / beta * start_loss) * factor)
    both = yield All(Eq(C(end), C_min), Member(end, x0, num(1) * r)), by.uses("prop-11.minimum")
    member = yield Member(end, x0, num(1) * r), basic.part(both)
    within = yield Le(norm(end - x0), r), basic.of_ball(member)
    yield goal, by.linear(within)


# --- the distance --------------------------------------------------------------------------------------------------------
@statement.claim(
    "straight",
    line=390,
    where="proof",
    domain=moving,
    expects="refuted",
    printed=r"\|\gamma(t, x_0) - x^*\| = \int_{C_{min}}^{C(\gamma_C(t,x_0))} \|\partial_c \gamma(c)\| \, dc",
    erratum=Erratum(
        "false",
        "for all t; differentiated in t, which turns the length of the rest of the path into minus its speed",
        "The distance is at most the length; they are equal only on straight paths. The bound needs no more.",
        stands=("prop-11.distance",),
    ),
)
def straight():
    """The distance to the limit is the length of the rest of the path"""
    yield Eq(Dt(norm(now - end)), -norm(g))


@statement.claim("straight-corrected", line=390, where="proof", domain=moving, expects="proved", corrects="straight", one=1)
def straight_corrected(one):
    """The distance to the limit is at most the length of the rest of the path, differentiated in t"""
    goal = yield Ge(Dt(norm(now - end)), -one * norm(g))
    above = yield ABOVE, flows.above("C_min is the minimum")
    both = yield All(Eq(C(end), C_min), Member(end, x0, num(1) * r)), by.uses("prop-11.minimum")
    least = yield Eq(C(end), C_min), basic.part(both)
    lower = yield Lt(C(end), C(now)), by.under([ABOVE], by.linear(least))
    lower = yield lower.shows, basic.cut(lower, above)
    apart = yield Lt(0, norm(now - end) ** 2), basic.distinct(lower)
    turned = yield Le(inner(now - end, g), norm(now - end) * norm(g)), by.cite(CAUCHY_SCHWARZ, X=now - end, Z=g, a=n, b=num(1))
    found = yield goal, by.under([apart.shows], by.linear((turned, 1 / norm(now - end))))
    yield goal, basic.cut(found, apart)


@statement.claim("tail", line=390, where="proof", expects="proved", near=equality_case, two=2)
def tail(two):
    """The distance to the limit is at most the bound of the length"""
    goal = yield Le(norm(now - end), sqrt(two / beta * loss))
    here = yield INSIDE, by.uses("prop-11.inside")
    slope, above = yield from shrinking(here)
    moves = yield goal, flows.finite_length(slope, V, above)
    still = yield from resting()
    ended = yield Eq(end, x0), flows.settled(still)
    zero = yield Le(norm(now - end) ** 2, V**2), by.linear(using=[still, ended])
    rests = yield goal, basic.by_squares(zero)
    yield goal, by.either(moves, rests, C_min, C(x0))


@statement.claim(
    "middle",
    line=390,
    where="proof",
    expects="refuted",
    near=equality_case,
    erratum=Erratum(
        "notation",
        "the middle term with C(x0), as printed",
        "The middle term is r itself, which is not at most r e^{-beta t}; C(gamma(t)) is meant for C(x0).",
        stands=("prop-11.distance",),
    ),
)
def middle():
    """Second inequality of the display"""
    yield Le(sqrt(2 / beta * start_loss), r * exp(-beta * t))


@statement.claim("middle-corrected", line=390, where="proof", expects="proved", near=equality_case, corrects="middle", rate=1)
def middle_corrected(rate):
    """Second inequality, with the loss at time t"""
    goal = yield Le(sqrt(2 / beta * loss), r * exp(-rate * beta * t))
    upper = yield Le(loss, start_loss * exp(-2 * beta * t)), by.uses("prop-11.rate")
    scaled = yield Le(2 / beta * loss, 2 / beta * start_loss * exp(-2 * beta * t)), by.linear((upper, 2 / beta))
    yield goal, basic.by_squares(scaled)


@statement.claim("distance", line=365, main=True, expects="proved", near=equality_case, rate=1)
def distance(rate):
    """The distance to the limit decays like e^{-beta t}"""
    goal = yield Le(norm(now - end), r * exp(-rate * beta * t))
    far = yield Le(norm(now - end), V), by.uses("prop-11.tail")
    decay = yield Le(V, r * exp(-beta * t)), by.uses("prop-11.middle-corrected")
    yield goal, by.linear(far, decay)


# --- measured along other flows ------------------------------------------------------------------------------------------
for bound in (rate, distance, length):
    bound.leg("ball")(along_rigorous_paths)
for bound in (rate, distance):
    bound.leg("flow")(along_engine_runs)


if __name__ == "__main__":
    raise SystemExit(run_module(statement))
