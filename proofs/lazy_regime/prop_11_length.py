"""The length of the path (paper, proof of Proposition 11, lines 379 to 386), with the cost c = C(x(t)) as its parameter.

The derivative of the path in c is grad C / |grad C|^2, of length at most 1 / sqrt(2 beta (c - C_min)); integrated over c, this
bounds the distance from x0 by r - sqrt(2/beta (C(x(t)) - C_min)). Where x0 is a minimum there is no such parameter.
"""

from proofs.lazy_regime.pl_paths import (
    ABOVE,
    INSIDE,
    C,
    C_min,
    V,
    beta,
    domain,
    equality_case,
    g,
    in_both_cases,
    loss,
    moving,
    moving_inside,
    now,
    r,
    resting,
    root_of_pl,
    start_loss,
    t,
    x0,
)
from theorycheck.domain import hypothesis
from theorycheck.exact import basic_rules as basic, flow_rules as flows, integral_rules as area, rules as by
from theorycheck.exact.extremum_rules import antisymmetric
from theorycheck.statement import Part
from theorycheck.tree import Defined, Dt, Eq, Le, Lt, exp, inner, integral, norm, num, sqrt, sym
from theorycheck.verdict import Erratum

per_cost = Dt(now) / Dt(C(now))  # the derivative of the path in the cost c = C(x(t))
c = sym("c")  # the cost, as the variable of integration
BRACKET = sqrt(num(2)) / sqrt(beta) * (sqrt(start_loss) - sqrt(loss))
at_the_border = hypothesis("border", Eq(norm(now - x0), r), 386)
on_the_border = domain.extended("the same, at a time when x(t) is on the border", at_the_border)


# --- the integrand -------------------------------------------------------------------------------------------------------
def gradient_is_positive():
    """Where x0 is no minimum: sqrt(2 beta (C - C_min)) <= |grad C| with both sides positive."""
    here = yield INSIDE, by.uses("prop-11.inside")
    root = yield from root_of_pl(here)
    above = yield ABOVE, flows.above("C_min is the minimum")
    pl = yield Le(beta * loss, norm(g) ** 2 / 2), by.given_with([here], "PL on the ball", y=now)
    positive = yield Lt(0, norm(g) ** 2), basic.knowing(by.linear((pl, 2)), above)
    return root, above, positive


def where_it_moves(goal):
    """An identity that divides by the gradient, for x0 that is no minimum."""
    _, _, positive = yield from gradient_is_positive()
    yield goal, basic.knowing(by.identity(), positive)


part = Part(where="proof", expects="proved")


@part.claim("parallel", line=379, domain=moving, power=2)
def parallel(power):
    """The derivative of the path in the cost is a multiple of the gradient"""
    goal = yield Eq(norm(g) ** power * per_cost, inner(g, per_cost) * g)
    yield from where_it_moves(goal)


@part.claim("normalized", line=380, domain=moving, one=1)
def normalized(one):
    """Its scalar product with the gradient is 1"""
    goal = yield Eq(inner(g, per_cost), num(1) * one)
    yield from where_it_moves(goal)


AT_REST = Erratum(
    "hypothesis",
    "for every x0, as the proposition has it",
    "Where x0 is itself a global minimum the gradient vanishes and the path has no cost to be parameterized by; "
    "the proposition holds there, since the path rests.",
    stands=("prop-11.rate", "prop-11.distance", "prop-11.minimum"),
)


@part.claim("divides", line=382, expects="refuted", erratum=AT_REST)
def divides():
    """The derivative of the path in the cost exists"""
    yield Defined(g / norm(g) ** 2)


@part.claim("derivative", line=382, domain=moving, corrects="divides", power=2)
def derivative(power):
    """The derivative of the path in the cost, for x0 that is no minimum"""
    goal = yield Eq(per_cost, g / norm(g) ** power)
    yield from where_it_moves(goal)


@part.claim("speed", line=384, domain=moving, power=1)
def speed(power):
    """First line of the length: its integrand"""
    goal = yield Eq(norm(per_cost), 1 / norm(g) ** power)
    yield from where_it_moves(goal)


@part.claim("integrand", line=384, domain=moving, near=equality_case, factor=2)
def integrand(factor):
    """Second line: the bound of the integrand"""
    goal = yield Le(1 / norm(g), 1 / sqrt(factor * beta * loss))
    root, above, positive = yield from gradient_is_positive()
    yield goal, basic.knowing(by.raised(root, -1), above, positive)


# --- the integral --------------------------------------------------------------------------------------------------------
@part.claim("antiderivative", line=384, domain=moving, near=equality_case, factor=2)
def antiderivative(factor):
    """Third line: the integral of the bound"""
    goal = yield Eq(integral(c, C(now), C(x0), 1 / sqrt(factor * beta * (c - C_min))), BRACKET)
    above = yield ABOVE, flows.above("C_min is the minimum")
    upper = yield Le(loss, start_loss * exp(-2 * beta * t)), by.uses("prop-11.rate")
    falling = yield Le(C(now), C(x0)), by.linear(upper)
    higher = yield Lt(C_min, c), basic.knowing(by.under([Le(C(now), c)], by.sign()), above)
    primitive = sqrt(num(2)) / sqrt(beta) * sqrt(c - C_min)
    yield goal, basic.knowing(area.antiderivative(primitive, higher), falling)


ROOT = Erratum("scan", "the root over 2/beta only", "The root covers the product.", stands=("prop-11.length",))


@part.claim("root", line=384, expects="refuted", near=equality_case, erratum=ROOT)
def root():
    """Fourth line, the root as printed"""
    yield Eq(BRACKET, sqrt(2 / beta) * start_loss - sqrt(2 / beta) * loss)


@part.claim("root-corrected", line=384, corrects="root", two=2)
def root_corrected(two):
    """Fourth line, the root over the product"""
    goal = yield Eq(BRACKET, sqrt(two / beta * start_loss) - sqrt(two / beta * loss))
    yield goal, by.identity()


SAME_ROOT = Erratum(
    "scan", "the root over 2/beta only", "The same root as in the line before.", inherits="prop-11.root", stands=ROOT.stands
)


@part.claim("radius", line=384, expects="refuted", near=equality_case, erratum=SAME_ROOT)
def radius():
    """Fifth line, with r for the first term"""
    yield Eq(sqrt(2 / beta) * start_loss - sqrt(2 / beta) * loss, r - sqrt(2 / beta) * loss)


@part.claim("radius-corrected", line=384, corrects="radius", two=2)
def radius_corrected(two):
    """Fifth line, the roots over the products"""
    goal = yield Eq(sqrt(two / beta * start_loss) - V, r - V)
    yield goal, by.identity()


@part.claim("length", line=384, near=equality_case, two=2)
def length(two):
    """What the display is for: the distance from x0, at most the length, is at most r - sqrt(2/beta (C - C_min))"""
    goal = yield Le(norm(now - x0), r - sqrt(two / beta * loss))
    slope, above = yield from moving_inside()
    moves = yield goal, flows.path_length(slope, V, above)
    still = yield from resting()
    zero = yield Le(norm(now - x0) ** 2, num(0) ** 2), by.linear(using=[still])
    there = yield Le(norm(now - x0), 0), basic.by_squares(zero)
    same = yield Eq(V, r), by.identity(still)
    rests = yield goal, by.linear(there, same)
    yield from in_both_cases(goal, moves, rests)


@part.claim("border", line=386, domain=on_the_border)
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
