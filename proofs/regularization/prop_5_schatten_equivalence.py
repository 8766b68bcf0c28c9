"""L_2 regularized parameters and Schatten regularized matrices (Propositions 5 and 40, lines 212 to 214, 1068 to 1076).

F(theta) = C(A_theta) + lambda |theta|^2 and K(A) = C(A) + lambda L |A|_p^p, p = 2/L, have the same infimum, for every cost
C and widths n_l >= min(n_0, n_L): F(theta) >= K(A_theta) by Lemma 39, and F(Psi(A)) = K(A). As printed, with `min`, the
statement needs that a minimum exists: a cost that is not bounded below has none.
"""

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from flint import arb, fmpq

from proofs.regularization import minimal_parameters as lemma
from proofs.regularization.minimal_parameters import A, A_theta, L, Psi, W, l, p
from theorycheck.cli import run_module
from theorycheck.domain import Domain, depth, derived, drawn, hypothesis, matrix, rational, real
from theorycheck.enclose.precision import power as ball_power, square
from theorycheck.enclose.subdivide import certify
from theorycheck.evaluate.numbers import power
from theorycheck.evaluate.values import add, inner, matmul, scale
from theorycheck.exact import extremum_rules as least, rules as by
from theorycheck.exact.cited import SINGULAR_VALUE_DECOMPOSITION
from theorycheck.models.costs import diagonal
from theorycheck.models.networks import balanced_network, transpose
from theorycheck.statement import Statement
from theorycheck.tree import Eq, Function, Ge, Le, eye, norm, schatten, sym, total, trace, vec
from theorycheck.verdict import Erratum, Evidence, Outcome

HALF = Fraction(1, 2)
lam, least_F, least_K, epsilon, delta = map(sym, ("lambda", "m_F", "m_K", "epsilon", "delta"))
C = Function("C")


def F(network, ridge=lam):
    return C(network.chain(L, 1)) + ridge * total(l, 1, L, norm(network[l]) ** 2)


def K(x, factor=1, power=2):
    return C(x) + lam * factor * L * schatten(x, power / L) ** (power / L)


@dataclass(frozen=True)
class Distance:
    """C(x) = weight / 2 |x - centre|^2 + least, any shape."""

    weight: Any
    centre: Any
    least: Any

    def value(self, x):
        d = add(x, scale(fmpq(-1), self.centre))
        return self.weight / 2 * inner(d, d) + self.least


def a_cost(source, env):
    """A cost with minimizer A of K: the centre has the singular values x + 2 lambda x^(2/L - 1) / weight, x those of A."""
    depth_, values = env["L"], [env["c"] * v for v in env["s"].values()]
    weight = fmpq(2) ** source.integer(0, 3)
    while not all(is_least(x, weight, env["lambda"], depth_) for x in values):
        weight *= 4
    centres = [centre(x, weight, env["lambda"], depth_) for x in values]
    u, v = env["Q"][depth_], env["Q"][0]
    return Distance(weight, matmul(matmul(u, diagonal(centres)), transpose(v)), rational(source))


def centre(x, weight, ridge, depth_):
    return x + 2 * ridge * power(x, fmpq(2, depth_) - 1) / weight if x else x


def is_least(x, weight, ridge, depth_):
    """Whether x > 0 minimizes weight/2 (x - centre)^2 + ridge L x^(2/L) over x >= 0: a local minimum, and not above x = 0."""
    if not x:
        return True
    at, curved = centre(x, weight, ridge, depth_), fmpq(2, depth_) - 1
    value = weight / 2 * (x - at) ** 2 + ridge * depth_ * power(x, fmpq(2, depth_))
    return weight + 2 * ridge * curved * power(x, curved - 1) >= 0 and value <= weight / 2 * at**2


def least_value(env):
    """K at its minimizer A, in rationals: the singular values of A are L-th powers."""
    values = [env["c"] * v for v in env["s"].values()]
    return env["C"].value(env["A"]) + env["lambda"] * env["L"] * sum((power(x, fmpq(2, env["L"])) for x in values), fmpq(0))


def both_least(env):
    """The instance was built so that A is a global minimizer of K; checked again from the cost and the singular values."""
    values = [env["c"] * v for v in env["s"].values()]
    weight = env["C"].weight
    told = [centre(x, weight, env["lambda"], env["L"]) for x in values]
    built = matmul(matmul(env["Q"][env["L"]], diagonal(told)), transpose(env["Q"][0]))
    exact = all(is_least(x, weight, env["lambda"], env["L"]) for x in values) and built == env["C"].centre
    return exact and env["m_F"] == env["m_K"] == least_value(env)


ridge = real("lambda", at_least=0, line=53)
costs = lemma.matrices.extended("any cost C, lambda >= 0, widths n_l >= min(n_0, n_L)", ridge, drawn("C", a_cost))
without_w = replace(costs, variables=tuple(v for v in costs.variables if v.name != "W"))
bounds = (
    hypothesis("m_F is a lower bound", Ge(F(W), least_F), 214, variables=("W",), test=both_least),
    hypothesis("m_K is a lower bound", Ge(K(A), least_K), 214, variables=("A",), test=both_least),
)
values = (derived("m_F", least_value), derived("m_K", least_value), derived("W", lemma.turned))
infima = without_w.extended(
    "costs for which both sides are bounded below, with infima m_F and m_K; widths n_l >= min(n_0, n_L)",
    *values,
    real("epsilon", above=0),
    real("delta", above=0),
    *bounds,
    hypothesis("m_F is approached", Le(F(W), least_F + epsilon), 214),
    hypothesis("m_K is approached", Le(K(A), least_K + delta), 214),
)
minima = without_w.extended(
    "costs for which both minima exist, attained at W and at A; widths n_l >= min(n_0, n_L)",
    *values,
    *bounds,
    hypothesis("m_F is attained", Eq(F(W), least_F), 214),
    hypothesis("m_K is attained", Eq(K(A), least_K), 214),
)

statement = Statement(
    "prop-5", "The regularized costs have the same minimum", "4", infima, aliases=("prop-40",), depends_on=("lemma-39",)
)


def minimal_network(source, env):
    """The equality case: balanced layers."""
    return {**env, "W": balanced_network(source, env["n"])}


@statement.claim("below", line=1072, where="proof", expects="proved", domain=costs, near=minimal_network, power=2, factor=1)
def below(power, factor):
    """The cost of parameters is at least the Schatten cost of their matrix"""
    goal = yield Ge(F(W), K(A_theta, factor, power))
    line = yield Ge(total(l, 1, L, norm(W[l]) ** 2), L * schatten(A_theta, p) ** p), by.uses("lemma-39.inequality")
    yield goal, by.linear((line, lam))


@statement.claim(
    "reached", line=1074, where="proof", expects="proved", domain=costs, near=lemma.two_values(costs), power=2, factor=1
)
def reached(power, factor):
    """The cost of Psi(A) is the Schatten cost of A (lines 1074 and 1076)"""
    goal = yield Eq(F(Psi), K(A, factor, power))
    same = yield Eq(Psi.chain(L, 1), A), by.uses("lemma-39.product")
    value = yield Eq(total(l, 1, L, norm(Psi[l]) ** 2), L * schatten(A, p) ** p), by.uses("lemma-39.norm")
    cost = yield Eq(C(Psi.chain(L, 1)), C(A)), by.identity(same)
    yield goal, by.linear(cost, (value, lam))


def ordered_both_ways():
    """m_K <= F(W) for the generic parameters, and m_F <= K(A) for the generic matrix."""
    low = yield Ge(F(W), K(A_theta)), by.uses("prop-5.below")
    least_at = yield Ge(K(A_theta), least_K), by.given("m_K is a lower bound", A=A_theta)
    one = yield Ge(F(W), least_K), by.linear(low, least_at)
    at_psi = yield Ge(F(Psi), least_F), by.given("m_F is a lower bound", W="Psi")
    value = yield Eq(F(Psi), K(A)), by.uses("prop-5.reached")
    other = yield Ge(K(A), least_F), by.linear(at_psi, value)
    return one, other


@statement.claim("infimum", line=214, main=True, expects="proved", reads="minimum")
def infimum():
    """The two regularized costs have the same infimum"""
    goal = yield Eq(least_F, least_K)
    one, other = yield from ordered_both_ways()
    above = yield Ge(least_F, least_K), least.infimum(one, "m_F is a lower bound", "m_F is approached", epsilon)
    under = yield (
        Ge(least_K, least_F),
        least.infimum(other, "m_K is a lower bound", "m_K is approached", delta, SINGULAR_VALUE_DECOMPOSITION, X=A, m=L),
    )
    yield goal, least.antisymmetric(under, above)


@statement.claim("minimum-corrected", line=214, main=True, expects="proved", domain=minima, corrects="minimum")
def minimum_where_it_exists():
    """Where both minima exist, they are equal"""
    goal = yield Eq(least_F, least_K)
    one, other = yield from ordered_both_ways()
    at_w = yield Eq(F(W), least_F), by.given("m_F is attained")
    at_a = yield Eq(K(A), least_K), by.given("m_K is attained")
    above = yield Ge(least_F, least_K), by.linear(one, at_w)
    under = yield Ge(least_K, least_F), by.linear(other, at_a)
    yield goal, least.antisymmetric(under, above)


# --- the printed minimum need not exist; the widths are needed ------------------------------------------------------------
def no_minimum(env):
    """C(x) = -(lambda L + 1) |x|^2 at scalar layers all equal to 1 + |m|: F = -(lambda L + 1) a^(2L) + lambda L a^2 < m."""
    return Distance(-2 * (env["lambda"] * env["L"] + 1), ((fmpq(0),),), fmpq(0))


scalar_networks = Domain(
    "any differentiable cost, lambda >= 0; any number m_F as the minimum",
    (
        depth(least=1),
        drawn("n", lambda source, env: {place: 1 for place in range(env["L"] + 1)}, positive=True),
        ridge,
        derived("C", no_minimum),
        real("m_F"),
        derived("W", lambda env: {place: ((1 + abs(env["m_F"]),),) for place in range(1, env["L"] + 1)}),
    ),
)


@statement.claim(
    "minimum",
    line=214,
    expects="refuted",
    domain=scalar_networks,
    erratum=Erratum(
        "hypothesis",
        "for any cost the left side is a minimum, a number that the regularized cost does not fall below",
        "The minima exist only under a further hypothesis (C bounded below and lambda > 0 will do); C(x) = -c |x|^2 with "
        "large c has none. The infima agree for every cost.",
        stands=("prop-5",),
    ),
)
def minimum_printed():
    """For any cost, the regularized cost of a network has a minimum m_F"""
    yield Ge(F(W), least_F)


u, v = vec("u", 2), vec("v", 2)


@statement.claim(
    "narrow",
    line=212,
    expects="proved",
    domain=Domain("networks of widths 2, 1, 2", (matrix("u", 2, 1), matrix("v", 2, 1))),
    rest=1,
    near=lambda source, env: {"u": ((fmpq(1),), (fmpq(0),)), "v": ((fmpq(1),), (fmpq(0),))},
)
def narrow(rest):
    """The widths are needed: with one hidden neuron |u v^T - I|^2 >= 1, where A = I gives 0 (C = that, lambda -> 0)"""
    goal = yield Ge(norm(u @ v.T - eye(2)) ** 2, rest)
    square = yield Ge(norm(u @ v.T - eye(2)) ** 2, 1), by.linear(squares=[(1, trace(u @ v.T) - 1), (HALF, u @ v.T - v @ u.T)])
    power = goal.nodes[0]
    least_ = yield Ge(power, 1), by.raised(square, power.nodes[1] / 2)  # any other exponent > 0 would do
    yield goal, by.linear(least_)


# --- measured ------------------------------------------------------------------------------------------------------------
def scalar_sides(depth_, weight, ridge_, at, floor):
    """F on scalar layers and K on scalars, for C(x) = weight/2 (x - at)^2, less a floor, as functions of balls."""

    def of_layers(w):
        x = arb(1)
        for v in w:
            x = x * v
        return arb(weight) / 2 * square(x - at) + ridge_ * sum((square(v) for v in w), arb(0)) - floor

    def of_matrix(x):
        return arb(weight) / 2 * square(x[0] - at) + ridge_ * depth_ * ball_power(x[0], arb(fmpq(2, depth_))) - floor

    return of_layers, of_matrix


@infimum.leg("ball")
def both_sides_enclosed(check):
    """Scalar layers, L = 1, 2, 3: both minima lie in [m - 1/50, m], m the value at a known minimizer, by subdivision."""
    slack, pieces = fmpq(1, 50), 0
    for depth_, ridge_, x in ((1, fmpq(1, 2), fmpq(1)), (2, fmpq(1, 2), fmpq(1)), (3, fmpq(1, 4), fmpq(1))):
        weight = fmpq(2)
        at = centre(x, weight, ridge_, depth_)
        value = weight / 2 * (x - at) ** 2 + ridge_ * depth_
        of_layers, of_matrix = scalar_sides(depth_, weight, ridge_, at, value - slack)
        reach = fmpq(5, 2)  # outside, ridge |theta|^2 or the distance to the centre alone exceeds the value
        for f, count in ((of_layers, depth_), (of_matrix, 1)):
            found = certify(f, [(fmpq(0), reach)] * count, budget=40_000)
            pieces += found.pieces
            if found.holds is not True:
                return Evidence("ball", Outcome.NOTHING, f"undecided at L = {depth_}: {found.reason}", reason=found.reason)
    return Evidence(
        "ball", Outcome.SUPPORTS, f"both minima within {slack} below the known value on {pieces} boxes, L = 1, 2, 3"
    )


@infimum.leg("flow")
def flows_reach_the_schatten_minimum(check):
    """Ridge flows of 2 x 3 networks end no lower than the Schatten minimum, and the best one ends there (L = 2, 3)."""
    import numpy as np

    from theorycheck import flow

    starts, worst, best = (6 if check.level == "quick" else 40), np.inf, 0.0
    for depth_, ridge_ in ((2, 0.1), (3, 0.05)):
        values = np.array([1.5, 0.8])
        u, v = (np.linalg.qr(np.random.default_rng(check.seed + k).standard_normal((k, 2)))[0] for k in (2, 3))
        at = values + 2 * ridge_ * values ** (2 / depth_ - 1)  # C(A) = |A - target|^2 / 2
        cost = flow.SquaredDistance((u * at) @ v.T, scale=0.5)
        least_ = 0.5 * np.sum((at - values) ** 2) + ridge_ * depth_ * np.sum(values ** (2 / depth_))
        network = flow.Network((3, *[3] * (depth_ - 1), 2))
        done = flow.run(network, cost, flow.gaussian(network, starts, std=0.7, seed=check.seed), T=100.0, ridge=ridge_)
        gap = (done.loss - least_) / least_
        worst, best = min(worst, gap.min()), max(best, gap.min())
        if not done.solution.good.all():
            return Evidence("flow", Outcome.NOTHING, done.solution.summary(), reason="a flow did not reach its end")
    summary = f"ridge flows, {starts} starts, L = 2 and 3: relative gap to the Schatten minimum {worst:.1e} to {best:.1e}"
    if worst < -1e-8:
        return Evidence("flow", Outcome.CONTRADICTS, summary)
    return Evidence("flow", Outcome.SUPPORTS if best < 1e-6 else Outcome.NOTHING, summary, margin=f"{best:.1e}")


if __name__ == "__main__":
    raise SystemExit(run_module(statement))
