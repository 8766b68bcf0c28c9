"""PL on a ball gives linear convergence of the gradient flow (Proposition 11, paper lines 363 to 392; announced at line 64).

If |grad C|^2 / 2 >= beta (C - C_min) on B(x0, r) with r = sqrt(2/beta (C(x0) - C_min)), the flow from x0 stays in the ball,
converges to a global minimum in it, and loss and distance decay like e^{-2 beta t} and e^{-beta t}.

The argument: V = sqrt(2/beta (C(x(t)) - C_min)) decreases at least as fast as the path gets longer, so x(t) is within
r - V(t) of x0 and cannot leave the ball (here); the length of the path is `prop_11_length`, its end `prop_11_limit`. Where x0
is itself a minimum, the path rests; this case the paper leaves out.
"""

from proofs.lazy_regime import prop_11_distance, prop_11_integrand, prop_11_length, prop_11_limit, prop_11_travelled
from proofs.lazy_regime.pl_paths import (
    EQUAL,
    INSIDE,
    C,
    C_min,
    V,
    beta,
    domain,
    end,
    equality_case,
    g,
    in_both_cases,
    loss,
    now,
    r,
    resting,
    shrinking,
    start_loss,
    t,
    x0,
)
from theorycheck.cli import run_module
from theorycheck.exact import basic_rules as basic, flow_rules as flows, rules as by
from theorycheck.models.trajectories import along_engine_runs, along_rigorous_paths
from theorycheck.statement import Statement
from theorycheck.tree import All, Dt, Eq, Ge, Le, Lt, Member, exp, norm
from theorycheck.verdict import Erratum

statement = Statement("prop-11", "Linear convergence under the PL inequality", "B.1", domain, depends_on=("def-1",))


# --- the ball is never left ----------------------------------------------------------------------------------------------
@statement.claim("inside", line=386, where="proof", expects="proved", near=equality_case, factor=1)
def inside(factor):
    """T is infinite: the path never leaves the ball B(x0, r)"""
    goal = yield Member(now, x0, factor * r)
    here = yield INSIDE, by.under([flows.stays(now, x0, r)], flows.inside())
    slope, above = yield from shrinking(here)
    length = yield Le(norm(now - x0), r - V), flows.path_length(slope, V, above)
    short = yield Lt(norm(now - x0), r), basic.knowing(by.linear(length), above)
    moves = yield INSIDE, flows.continuation(short)
    still = yield from resting()
    zero = yield Le(norm(now - x0) ** 2, r**2), by.linear(using=[still])
    there = yield Le(norm(now - x0), r), basic.by_squares(zero)
    rests = yield INSIDE, basic.in_ball(there)
    always = yield from in_both_cases(INSIDE, moves, rests)
    within = yield from near_each_other(goal.nodes[1], always, still)
    yield goal, basic.in_ball(within)


def near_each_other(centre, always, still):
    """No point x(s) of the path, x0 or another, is further than r from x(t)."""
    slope, above = yield from shrinking(always)
    close = yield Le(norm(now - centre), r), flows.diameter(slope, V, above)
    least = yield Ge(C(centre), C_min), by.given("C_min is the minimum", y=centre)
    rested = by.generic(still, [Ge(t, 0), Ge(C(now), C_min)], t)
    same = yield Eq(centre, x0), by.under([EQUAL], by.cite(rested, least, t=centre.nodes[0]))
    none = yield Le(norm(now - centre) ** 2, r**2), by.linear(using=[still, same])
    equal = yield close.shows, basic.by_squares(none)
    return (yield from in_both_cases(close.shows, close, equal))


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


def rate_of_loss(rate):
    goal = yield Le(loss, start_loss * exp(-rate * beta * t))
    slope = yield Le(-(norm(g) ** 2), -2 * beta * loss), by.uses("prop-11.slope")
    falls = yield Le(Dt(loss), -2 * beta * loss), by.linear(slope)
    yield goal, flows.gronwall(falls, loss, 2 * beta)


@statement.claim("gronwall", line=375, where="proof", expects="proved", near=equality_case, rate=2)
def gronwall(rate):
    """The loss decays like e^{-2 beta t}, by Groenwall's inequality"""
    yield from rate_of_loss(rate)


@statement.claim("rate", line=365, main=True, expects="proved", near=equality_case, corrects="run-together", rate=2)
def rate(rate):
    """The loss decays like e^{-2 beta t}"""
    yield from rate_of_loss(rate)


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


# --- length and limit of the path, and what was measured along other flows -------------------------------------------------
statement.add(prop_11_integrand.part)
statement.add(prop_11_length.part)
prop_11_travelled.enter(statement)
statement.add(prop_11_limit.part)
statement.add(prop_11_distance.part)
distance = statement.named("distance")
for bound in (rate, distance, statement.named("length")):
    bound.leg("ball")(along_rigorous_paths)
for bound in (rate, distance):
    bound.leg("flow")(along_engine_runs)


if __name__ == "__main__":
    raise SystemExit(run_module(statement))
