"""The length of the path (paper, proof of Proposition 11, lines 384 to 386).

The bound of the integrand (`prop_11_integrand`), integrated over the cost, bounds the distance from x0 by
r - sqrt(2/beta (C(x(t)) - C_min)).
"""

from proofs.lazy_regime.pl_paths import (
    ABOVE,
    C,
    C_min,
    V,
    beta,
    domain,
    equality_case,
    in_both_cases,
    loss,
    moving,
    moving_inside,
    now,
    r,
    resting,
    start_loss,
    t,
    x0,
)
from theorycheck.domain import hypothesis
from theorycheck.exact import basic_rules as basic, flow_rules as flows, integral_rules as area, rules as by
from theorycheck.exact.extremum_rules import antisymmetric
from theorycheck.statement import Part
from theorycheck.tree import Eq, Le, Lt, exp, integral, norm, num, sqrt, sym
from theorycheck.verdict import Erratum

c = sym("c")  # the cost, as the variable of integration
BRACKET = sqrt(num(2)) / sqrt(beta) * (sqrt(start_loss) - sqrt(loss))
at_the_border = hypothesis("border", Eq(norm(now - x0), r), 386)
on_the_border = domain.extended("the same, at a time when x(t) is on the border", at_the_border)
part = Part(where="proof", expects="proved")


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
