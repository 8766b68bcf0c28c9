"""The path with the cost c = C(x(t)) as its parameter (paper, proof of Proposition 11, lines 379 to 384).

Its derivative in c is grad C / |grad C|^2, of length at most 1 / sqrt(2 beta (c - C_min)). Where x0 is a minimum there is no
such parameter.
"""

from proofs.lazy_regime.pl_paths import (
    ABOVE,
    INSIDE,
    C,
    beta,
    equality_case,
    g,
    loss,
    moving,
    now,
    root_of_pl,
)
from theorycheck.exact import basic_rules as basic, flow_rules as flows, rules as by
from theorycheck.statement import Part
from theorycheck.tree import Defined, Dt, Eq, Le, Lt, inner, norm, num, sqrt
from theorycheck.verdict import Erratum

per_cost = Dt(now) / Dt(C(now))  # the derivative of the path in the cost c = C(x(t))


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
