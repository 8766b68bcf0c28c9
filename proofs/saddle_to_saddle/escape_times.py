"""Escape times of diagonal networks (paper, Section 3.2.1, line 152; erratum, line 316; appendix C.6, lines 989 to 1007).

One coordinate of a diagonal network is c (v_L .. v_1 X - Y)^2 with all |v_l| = d(t), so that d' = 2 c a d^(L-1) (1 - q d^L)
with a = |X Y|, q = |X / Y|. Started with weights h alpha it reaches the level d_0 = r / sqrt(L) (line 1001) after

    L = 2:   c' - log(alpha) / (2 c a),        L >= 3:   c' + (h alpha)^-(L-2) / ((L-2) 2 c a),        up to O(alpha^2),

exactly as `time`, `shallow` and `deep` say: `time` shows that this time T(alpha) is an integral, which the limits alpha -> 0
take as the definition of the function T. The paper prints three formulas and uses several conventions: for the cost, c = 1
(line 999), 1/N (line 68) or 1/2 (common); for the start, h = 1 (line 1001: rho = (+-1, .., +-1)) or h = L^(-1/2) (lines 134
and 629: rho on the unit sphere). `TABLE` is, for each formula and convention, the true leading constant over the printed one.
"""

from proofs.saddle_to_saddle import escape_time_conventions as conventions, escape_time_coordinate as coordinate_claims
from proofs.saddle_to_saddle.escape_time_conventions import TWO, concluded
from theorycheck.exact import integral_rules as area, leading_rules as leading, rules as by
from theorycheck.exact.separation_rules import separated
from theorycheck.models.mode_checks import attach_limit_checks
from theorycheck.models.mode_times import (
    L,
    T,
    a,
    alpha,
    c,
    constant,
    d_0,
    deep_limit,
    escape_time,
    expanded,
    expanded_time,
    h,
    q,
    saturation,
    scalar_modes,
    shallow_constant,
    shallow_limit,
    speed,
    tail,
    timed,
    timed_modes,
    u,
    unsaturated,
    with_time,
)
from theorycheck.statement import Statement
from theorycheck.tree import All, Converges, Dt, Eq, Flow, Function, Ge, Gt, Le, log, num, sym, trace

deep_modes = scalar_modes("modes of depth L >= 3, any cost factor c, any start h alpha, X and Y of any sign")
shallow_modes = scalar_modes("modes of depth 2, any cost factor c, any start h alpha, X and Y of any sign", TWO)
deep_times, shallow_times = with_time(deep_modes), with_time(shallow_modes, TWO)
statement = Statement("escape-times", "Escape times of diagonal networks", "3.2.1 and C.6", deep_modes)


# --- the exact time function -------------------------------------------------------------------------------------------------
def separation(depth):
    def body():
        v, F = Flow("v", "F", (num(1), num(1))), Function("F")
        d, now = trace(v(sym("t"))), v(sym("t"))
        goal = yield Eq(T(alpha), escape_time(depth))
        given = by.given("the reduced gradient", U=now)
        gradient = yield Eq(trace(F.grad(now)), -speed(d, depth)), by.under([Gt(d, 0)], given)
        law = yield Eq(Dt(d), speed(d, depth)), by.under([Gt(d, 0)], by.linear((gradient, -1)))
        licence, _ = yield from unsaturated(depth, d_0)
        yield goal, separated(law, "the start", "the level is reached", licence)

    return body


for suffix, depth in (("", L), ("-shallow", TWO)):
    name = f"time{suffix}"
    paths = timed_modes(f"paths of modes of depth {'2' if suffix else 'L >= 3'}", depth)
    title = "The time from h alpha to the level d_0 is the integral of dv / d'(v)"
    statement.claim(name, line=1001, title=title, main=True, expects="proved", domain=paths)(separation(depth))


@statement.claim("expansion", line=1007, where="proof", main=True, expects="proved", rate=2)
def expansion(rate):
    """Depth L >= 3: leading term, constant c', and a rest that vanishes with alpha, exactly"""
    first = (h * alpha) ** (-(L - 2)) / ((L - 2) * rate * c * a)
    goal = yield Eq(escape_time(), first + constant() - q / (2 * c * a) * tail(L, h * alpha))
    terms = yield from expanded()
    yield goal, by.linear(*terms)


@statement.claim("expansion-shallow", line=1003, where="proof", main=True, expects="proved", domain=shallow_modes, rate=2)
def expansion_shallow(rate):
    """Depth 2: the logistic time in closed form"""
    first = -log(alpha) / (rate * c * a)
    goal = yield Eq(escape_time(TWO), first + shallow_constant() + log(1 - q * (h * alpha) ** 2) / (4 * c * a))
    licence, _ = yield from unsaturated(TWO, d_0)
    primitive = 1 / (2 * c * a) * (log(u) - log(1 - q * u**2) / 2)
    yield goal, area.antiderivative(primitive, licence)


@statement.claim("rest", line=1007, where="proof", expects="proved", order=2)
def rest(order):
    """The rest of the expansion lies between 0 and an explicit multiple of alpha^2"""
    gap = (h * alpha) ** (-(L - 2)) / ((L - 2) * 2 * c * a) + constant() - escape_time()
    goal = yield All(Ge(gap, 0), Le(gap, q * (h * alpha) ** 2 / (2 * order * c * a) / (1 - q * (h * alpha) ** L)))
    terms = yield from expanded()
    low, high, value = yield from saturation()
    share = q / (2 * c * a)
    above = yield goal.nodes[0], by.linear(*terms, (low, share))
    below = yield goal.nodes[1], by.linear(*((line, -m) for line, m in terms), (high, share), (value, share))
    yield goal, by.both(above, below)


# --- limits alpha -> 0, for every cost factor and start ----------------------------------------------------------------------
@statement.claim("deep", line=1007, main=True, expects="proved", domain=deep_times, rate=2)
def deep(rate):
    """Depth L >= 3: time - (h alpha)^-(L-2) / ((L-2) 2 c a) tends to c'"""
    first = (h * alpha) ** (-(L - 2)) / ((L - 2) * 2 * c * a)
    goal = yield deep_limit(rate)
    terms = yield from expanded_time()
    low, high, value = yield from saturation()
    gap, share = first + constant() - T(alpha), q / (2 * c * a)
    above = yield Ge(gap, 0), by.linear(*terms, (low, share))
    bound = q * (h * alpha) ** 2 / (4 * c * a) / (1 - q * (h * alpha) ** L)
    below = yield Le(gap, bound), by.linear(*((line, -m) for line, m in terms), (high, share), (value, share))
    line = yield deep_limit(), leading.squeezed(below, above)
    yield from concluded(goal, line, deep_times)


@statement.claim("shallow", line=1003, main=True, expects="proved", domain=shallow_times, rate=2)
def shallow(rate):
    """Depth 2: time + log(alpha) / (2 c a) tends to c'"""
    goal = yield shallow_limit(rate)
    rest = -log(1 - q * (h * alpha) ** 2) / (4 * c * a)
    licence, _ = yield from unsaturated(TWO, d_0)
    primitive = 1 / (2 * c * a) * (log(u) - log(1 - q * u**2) / 2)
    closed = -log(alpha) / (2 * c * a) + shallow_constant() - rest
    area_is = yield Eq(escape_time(TWO), closed), area.antiderivative(primitive, licence)
    definition = yield from timed(TWO)
    exact = yield Eq(T(alpha), closed), by.linear(definition, area_is)
    line = yield shallow_limit(), leading.equal(exact)
    yield from concluded(goal, line, shallow_times)


@statement.claim("power-law", line=1007, where="proof", expects="proved", domain=deep_times, rate=2)
def power_law(rate):
    """Depth L >= 3: time * d^(L-2) tends to 1 / ((L-2) 2 c a) for the start d = h alpha, which is the power law of d(t)"""
    weight, first = alpha ** (L - 2), h ** (-(L - 2)) / (L - 2) / (c * a)
    goal = yield Converges(T(alpha) * weight, alpha, 0, first / rate)
    terms = yield from expanded_time()
    low, high, area_value = yield from saturation()
    gap, share = T(alpha) * weight - first / 2, q / (2 * c * a)
    bound = q * (h * alpha) ** 2 / (4 * c * a) / (1 - q * (h * alpha) ** L)
    lines = [(line, m * weight) for line, m in terms]
    above = yield Le(gap, constant() * weight), by.linear(*lines, (low, share * weight))
    more = (high, share * weight), (area_value, share * weight)
    below = yield Ge(gap, (constant() - bound) * weight), by.linear(*((line, -m) for line, m in lines), *more)
    line = yield Converges(T(alpha) * weight, alpha, 0, first / 2), leading.squeezed(below, above)
    yield from concluded(goal, line, deep_times)


for limit_claim in (deep, shallow):
    attach_limit_checks(limit_claim, flow=True)


coordinate_claims.enter(statement)
TABLE = conventions.enter(statement)

if __name__ == "__main__":
    from theorycheck.cli import run_module

    raise SystemExit(run_module(statement))
