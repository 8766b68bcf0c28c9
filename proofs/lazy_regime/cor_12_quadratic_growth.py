"""Quadratic growth and an error bound from the PL inequality (Corollary 12, paper lines 394 to 399).

With d the distance from x0 to the nearest global minimum, C(x0) >= C_min + beta/2 d^2 and |grad C(x0)| >= beta d. The
hypothesis, PL on the ball of Proposition 11, is the one in force there; the corollary does not print it again. The flow
from x0 is the tool of the proof: its limit is a global minimum within r of x0.
"""

from fractions import Fraction

from proofs.lazy_regime.pl_paths import (
    C,
    C_min,
    beta,
    domain as flow_domain,
    end,
    equality_case,
    r,
    start_loss,
    x0,
    y,
)
from theorycheck.cli import run_module
from theorycheck.domain import Domain, derived, hypothesis
from theorycheck.exact import basic_rules as basic, rules as by
from theorycheck.statement import Statement
from theorycheck.tree import All, Eq, Ge, Le, Member, norm, num, sqrt, sym
from theorycheck.verdict import Erratum

d = sym("d")
g = C.grad(x0)


def distance(env):
    return env["C"].distance(env["x"].start)


def at_most_the_distance(env):
    return not distance(env) < env["d"]


domain = Domain(
    "costs C with global minimum C_min that satisfy beta-PL on B(x0, r), and the distance d from x0 to a nearest minimum",
    (
        *(v for v in flow_domain.variables if v.name != "t"),
        derived("d", distance),
    ),
    (
        *(h for h in flow_domain.conditions if h.name != "C_min is the minimum, at x(t)"),
        hypothesis("d >= 0", Ge(d, 0), 396),
        hypothesis(
            "no minimum is nearer than d",
            Le(d, norm(x0 - y)),
            396,
            variables=("y",),
            given=(Eq(C(y), C_min),),
            test=at_most_the_distance,
        ),
    ),
)

statement = Statement("cor-12", "Quadratic growth under the PL inequality", "B.1", domain, depends_on=("prop-11",))


def tight(source, env):
    """The equality case of Proposition 11, with its distance."""
    moved = equality_case(source, env)
    return {**moved, "d": distance(moved)}


@statement.claim(
    "nearest-printed",
    line=394,
    where="proof",
    expects="refuted",
    near=tight,
    erratum=Erratum("scan", "the root over 2/beta only", "The root covers the product, as in r.", stands=("cor-12.value",)),
)
def nearest_printed():
    """How near a global minimum is, the root as printed"""
    yield Le(d, sqrt(2 / beta) * start_loss)


@statement.claim("nearest", line=394, where="proof", expects="proved", near=tight, corrects="nearest-printed", two=2)
def nearest(two):
    """How near a global minimum is, the root over the product"""
    goal = yield Le(d, sqrt(two / beta * start_loss))
    both = yield All(Eq(C(end), C_min), Member(end, x0, num(1) * r)), by.uses("prop-11.minimum", t=num(0))
    least = yield Eq(C(end), C_min), basic.part(both)
    member = yield Member(end, x0, num(1) * r), basic.part(both)
    within = yield Le(norm(end - x0), r), basic.of_ball(member)
    no_nearer = yield Le(d, norm(x0 - end)), by.given_with([least], "no minimum is nearer than d", y=end)
    yield goal, by.linear(no_nearer, within)


@statement.claim("value", line=398, main=True, expects="proved", near=tight, half=Fraction(1, 2))
def value(half):
    """The cost grows at least quadratically with the distance to the minima"""
    goal = yield Ge(C(x0), C_min + half * beta * d**2)
    near = yield Le(d, r), by.uses("cor-12.nearest")
    squares = yield Le(d**2, 2 / beta * start_loss), by.raised(near, 2)
    yield goal, by.linear((squares, beta / 2))


@statement.claim("gradient", line=399, main=True, expects="proved", near=tight, factor=1)
def gradient(factor):
    """The gradient is at least beta times the distance to the minima"""
    goal = yield Ge(norm(g), factor * beta * d)
    grows = yield Ge(C(x0), C_min + Fraction(1, 2) * beta * d**2), by.uses("cor-12.value")
    centre = yield Le(norm(x0 - x0), r), by.sign()
    member = yield Member(x0, x0, r), basic.in_ball(centre)
    pl = yield Ge(norm(g) ** 2 / 2, beta * start_loss), by.given_with([member], "PL on the ball", y=x0)
    squares = yield Le((beta * d) ** 2, norm(g) ** 2), by.linear((pl, 2), (grows, 2 * beta))
    yield goal, basic.by_squares(squares)


if __name__ == "__main__":
    raise SystemExit(run_module(statement))
