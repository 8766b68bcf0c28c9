"""Convergence at the rate beta', and how far (Proposition 2, paper lines 112 to 116, 470 to 474, 482, 492 and 516).

Where Theta >= eta/2, the loss C^NN of the network satisfies the beta'-PL inequality (`pl`, about layers). Where it does so on
B(theta_0, r), Proposition 11 gives the rest for its flow; theta is one vector there, and C^NN a function F on R^P (that the
two are the same is not checked by machine: the language has no flow of layers yet). The loss falls like e^(-2 beta' t), twice
the printed rate. With Theta >= u eta it falls like e^(-4 u beta' t), u <= 1, and for a cost all of whose curvatures are beta
the limit of large width has e^(-4 beta' t): 4 is the best factor in the limit.
"""

from flint import fmpq

from proofs.lazy_regime.gaussian_norms import w
from proofs.lazy_regime.pl_paths import C_min, beta, domain as abstract, n, t
from proofs.lazy_regime.prop_2_numbers import ETA, RATE
from proofs.lazy_regime.thm_20_gaussian_singular_values import sigma
from theorycheck.domain import Domain, Var, depth, derived, drawn, hypothesis, rational, real, size
from theorycheck.exact import basic_rules as basic, flow_rules as flows, rules as by
from theorycheck.models.hypotheses import carried
from theorycheck.models.paths import one_curvature, pl_cost, pl_start, pl_time
from theorycheck.statement import Part
from theorycheck.tree import INFINITY, All, Converges, Eq, Flow, Function, Ge, Gt, Le, Member, exp, norm, num, sqrt, sym

F, x, u = Function("F"), Flow("x", "F", (n, num(1))), sym("u")
x0, now, end = x(0), x(t), flows.end_of(x(t))
loss, start_loss = F(now) - C_min, F(x0) - C_min
r = sqrt(2 / RATE * start_loss)


# --- flows ------------------------------------------------------------------------------------------------------------------
def scale_of(env):
    """beta' = beta/2 L sigma^(2 (L-1)/L) w^((L-1)/L), from the L-th roots q of sigma and m of w."""
    return env["beta"] / 2 * env["L"] * env["q"] ** (2 * env["L"] - 2) * env["m"] ** (env["L"] - 1)


def least(env):
    return env["F"].least >= env["C_min"]


def flow_domain(name, rate, value, *more):
    """Flows of F that satisfies the PL inequality with the constant `rate`, `value` at an instance, on its ball."""

    def on_ball(env):
        return least(env) and env["F"].has_pl(value(env), env["x"].start)

    names = {"C": "F", "beta": rate}
    return Domain(
        name,
        (
            size("n"),
            depth("L", most=3),
            drawn("m", lambda source, env: source.integer(1, 2)),
            drawn("q", lambda source, env: rational(source, positive=True)),
            drawn("w", lambda source, env: env["m"] ** env["L"], hypothesis("w >= 1", Ge(w, 1)), integer=True),
            derived("sigma", lambda env: env["q"] ** env["L"], hypothesis("sigma > 0", Gt(sigma, 0))),
            real("beta", above=0, line=112),
            *more,
            drawn("F", lambda source, env: pl_cost(source, env["n"], value(env))),
            drawn("x", lambda source, env: env["F"].flow(pl_start(source, env["F"]))),
            derived("C_min", lambda env: env["F"].least),
            Var("t", lambda source, env: pl_time(source, env["F"].stiffness), (hypothesis("t >= 0", Ge(t, 0), 472),)),
        ),
        (
            carried(abstract, "C_min is the minimum", 112, least, **names),
            carried(abstract, "C_min is the minimum, at x0", 112, least, **names),
            carried(abstract, "C_min is the minimum, at x(t)", 112, least, **names),
            carried(abstract, "PL on the ball", 482, on_ball, **names),
        ),
    )


def tight(value):
    def near(source, env):
        """All curvatures are beta'."""
        path = one_curvature(env["F"], value(env), source)
        return {**env, "F": path.cost, "x": path, "t": pl_time(source, value(env))}

    return near


domain = flow_domain("flows of the loss F = C^NN of networks, beta'-PL on B(theta_0, r) as line 482 has it", RATE, scale_of)
share = drawn(
    "u",
    lambda source, env: fmpq(source.integer(1, 8), 8),
    hypothesis("u > 0", Gt(u, 0)),
    hypothesis("u <= 1", Le(u, 1)),
)
CLOSE = u * beta * ETA


def closer(env):
    return env["u"] * 2 * scale_of(env)


close = flow_domain("the same where Theta >= u eta, 0 < u <= 1: u eta beta-PL on its ball", CLOSE, closer, share)
part = Part(where="statement", expects="proved", domain=domain)


@part.claim("rate", line=114, near=tight(scale_of), main=True, rate=1)
def rate_(rate):
    """The loss falls like e^(-beta' t)"""
    goal = yield Le(loss, start_loss * exp(-rate * RATE * t))
    upper = yield Le(loss, start_loss * exp(-2 * RATE * t)), by.uses("prop-11.rate", C="F", beta=RATE)
    slow = goal.nodes[1].nodes[-1]  # e^(-rate beta' t), as the goal has it
    time = yield Le(-2 * RATE * t, slow.nodes[0]), by.sign()
    slower = yield Le(exp(-2 * RATE * t), slow), by.exponentiated(time)
    yield goal, by.linear(upper, (slower, start_loss))


@part.claim("rate-best", line=472, near=tight(scale_of), rate=2)
def best_rate(rate):
    """It falls like e^(-2 beta' t)"""
    goal = yield Le(loss, start_loss * exp(-rate * RATE * t))
    yield goal, by.uses("prop-11.rate", C="F", beta=RATE)


@part.claim("rate-limit", line=472, near=tight(closer), domain=close, four=4)
def limit_rate(four):
    """Where Theta >= u eta it falls like e^(-4 u beta' t)"""
    goal = yield Le(loss, start_loss * exp(-four * u * RATE * t))
    yield goal, by.uses("prop-11.rate", C="F", beta=CLOSE)


@part.claim("converges", line=470)
def converges():
    """theta(t) converges"""
    goal = yield Converges(now, t, INFINITY, end)
    yield goal, by.uses("prop-11.converges", C="F", beta=RATE)


@part.claim("minimum", line=470, near=tight(scale_of), main=True, factor=1)
def minimum(factor):
    """Its limit is a global minimum, in the ball of radius r around theta_0"""
    goal = yield All(Eq(F(end), C_min), Member(end, x0, factor * r))
    yield goal, by.uses("prop-11.minimum", C="F", beta=RATE)


@part.claim("distance", line=116, near=tight(scale_of), main=True, factor=1)
def distance(factor):
    """The limit is at most r away from theta_0"""
    goal = yield Le(norm(x0 - end), factor * r)
    both = yield All(Eq(F(end), C_min), Member(end, x0, num(1) * r)), by.uses("prop-11.minimum", C="F", beta=RATE)
    member = yield Member(end, x0, num(1) * r), basic.part(both)
    within = yield Le(norm(end - x0), r), basic.of_ball(member)
    above = yield Ge(r, 0), by.sign()
    yield goal, by.linear(within, slack=[above])


@part.claim("stays", line=492, near=tight(scale_of), where="proof", factor=1)
def inside(factor):
    """theta(t) stays in B(theta_0, r)"""
    goal = yield Member(now, x0, factor * r)
    yield goal, by.uses("prop-11.inside", C="F", beta=RATE)
