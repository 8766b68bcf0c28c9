"""The distance to the limit of the path (paper, Proposition 11, lines 365 and 390).

The rest of the path is no longer than V(t), so that the distance to its limit is at most V(t) <= r e^{-beta t}.
"""

from proofs.lazy_regime.pl_paths import (
    ABOVE,
    C,
    V,
    beta,
    end,
    equality_case,
    g,
    in_both_cases,
    loss,
    moving,
    moving_inside,
    n,
    now,
    r,
    resting,
    start_loss,
    t,
    x0,
)
from proofs.lazy_regime.prop_11_limit import at_the_limit
from theorycheck.exact import basic_rules as basic, flow_rules as flows, rules as by
from theorycheck.exact.cited import CAUCHY_SCHWARZ
from theorycheck.statement import Part
from theorycheck.tree import Dt, Eq, Ge, Le, Lt, exp, inner, norm, num, sqrt
from theorycheck.verdict import Erratum

STRAIGHT = Erratum(
    "false",
    "for all t; differentiated in t, which turns the length of the rest of the path into minus its speed",
    "The distance is at most the length; they are equal only on straight paths. The bound needs no more.",
    stands=("prop-11.distance",),
)
MIDDLE = Erratum(
    "notation",
    "the middle term with C(x0), as printed",
    "The middle term is r itself, which is not at most r e^{-beta t}; C(gamma(t)) is meant for C(x0).",
    stands=("prop-11.distance",),
)
STRAIGHT_AS_PRINTED = r"\|\gamma(t, x_0) - x^*\| = \int_{C_{min}}^{C(\gamma_C(t,x_0))} \|\partial_c \gamma(c)\| \, dc"
part = Part(expects="proved", near=equality_case)


@part.claim(
    "straight",
    line=390,
    where="proof",
    expects="refuted",
    domain=moving,
    near=None,
    printed=STRAIGHT_AS_PRINTED,
    erratum=STRAIGHT,
)
def straight():
    """The distance to the limit is the length of the rest of the path"""
    yield Eq(Dt(norm(now - end)), -norm(g))


@part.claim("straight-corrected", line=390, where="proof", domain=moving, near=None, corrects="straight", one=1)
def straight_corrected(one):
    """The distance to the limit is at most the length of the rest of the path, differentiated in t"""
    goal = yield Ge(Dt(norm(now - end)), -one * norm(g))
    above = yield ABOVE, flows.above("C_min is the minimum")
    least, _ = yield from at_the_limit()
    lower = yield Lt(C(end), C(now)), basic.knowing(by.linear(least), above)
    apart = yield Lt(0, norm(now - end) ** 2), basic.distinct(lower)
    turned = yield Le(inner(now - end, g), norm(now - end) * norm(g)), by.cite(CAUCHY_SCHWARZ, X=now - end, Z=g, a=n, b=num(1))
    yield goal, basic.knowing(by.linear((turned, 1 / norm(now - end))), apart)


@part.claim("tail", line=390, where="proof", two=2)
def tail(two):
    """The distance to the limit is at most the bound of the length"""
    goal = yield Le(norm(now - end), sqrt(two / beta * loss))
    slope, above = yield from moving_inside()
    moves = yield goal, flows.finite_length(slope, V, above)
    still = yield from resting()
    ended = yield Eq(end, x0), flows.settled(still)
    zero = yield Le(norm(now - end) ** 2, V**2), by.linear(using=[still, ended])
    rests = yield goal, basic.by_squares(zero)
    yield from in_both_cases(goal, moves, rests)


@part.claim("middle", line=390, where="proof", expects="refuted", erratum=MIDDLE)
def middle():
    """Second inequality of the display"""
    yield Le(sqrt(2 / beta * start_loss), r * exp(-beta * t))


@part.claim("middle-corrected", line=390, where="proof", corrects="middle", rate=1)
def middle_corrected(rate):
    """Second inequality, with the loss at time t"""
    goal = yield Le(sqrt(2 / beta * loss), r * exp(-rate * beta * t))
    upper = yield Le(loss, start_loss * exp(-2 * beta * t)), by.uses("prop-11.rate")
    scaled = yield Le(2 / beta * loss, 2 / beta * start_loss * exp(-2 * beta * t)), by.linear((upper, 2 / beta))
    yield goal, basic.by_squares(scaled)


@part.claim("distance", line=365, main=True, rate=1)
def distance(rate):
    """The distance to the limit decays like e^{-beta t}"""
    goal = yield Le(norm(now - end), r * exp(-rate * beta * t))
    far = yield Le(norm(now - end), V), by.uses("prop-11.tail")
    decay = yield Le(V, r * exp(-beta * t)), by.uses("prop-11.middle-corrected")
    yield goal, by.linear(far, decay)
