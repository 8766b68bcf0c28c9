"""The limit of the path (paper, Proposition 11, lines 64 and 363).

A path of finite length converges; its limit is a global minimum in the closed ball B(x0, r).
"""

from proofs.lazy_regime.pl_paths import (
    INSIDE,
    C,
    C_min,
    V,
    beta,
    end,
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
from theorycheck.exact import basic_rules as basic, flow_rules as flows, rules as by
from theorycheck.statement import Part
from theorycheck.tree import INFINITY, All, Converges, Eq, Le, Lt, Member, exp, norm, num, sqrt
from theorycheck.verdict import Erratum

OPEN = Erratum(
    "hypothesis",
    "B(x0, r) as the open ball",
    "For C = beta/2 |x|^2 the only minimum lies on the border, so the ball has to be the closed one.",
    stands=("prop-11.minimum",),
)
part = Part(expects="proved", near=equality_case)


@part.claim("converges", line=363, near=None)
def converges():
    """The path converges"""
    goal = yield Converges(now, t, INFINITY, end)
    slope, above = yield from moving_inside()
    moves = yield goal, flows.finite_length(slope, V, above)
    still = yield from resting()
    rests = yield goal, flows.settled(still)
    yield from in_both_cases(goal, moves, rests)


@part.claim("minimum", line=363, main=True, factor=1)
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


def at_the_limit():
    """C(x*) = C_min, and x* in the ball."""
    both = yield All(Eq(C(end), C_min), Member(end, x0, num(1) * r)), by.uses("prop-11.minimum")
    least = yield Eq(C(end), C_min), basic.part(both)
    member = yield Member(end, x0, num(1) * r), basic.part(both)
    return least, member


@part.claim("open-ball", line=363, expects="refuted", domain=moving, reads="minimum", erratum=OPEN)
def open_ball():
    """The limit in the open ball: false, it is on the border for C = beta/2 |x|^2"""
    yield Lt(norm(end - x0), r)


@part.claim("announced", line=64, factor=1)
def announced(factor):
    """Section 2.1: how close the minimum is to x0 (the minus signs are lost in the scan)"""
    goal = yield Le(norm(x0 - end), sqrt(2 / beta * start_loss) * factor)
    _, member = yield from at_the_limit()
    within = yield Le(norm(end - x0), r), basic.of_ball(member)
    yield goal, by.linear(within)
