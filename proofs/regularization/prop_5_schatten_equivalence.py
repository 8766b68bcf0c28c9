"""L_2 regularized parameters and Schatten regularized matrices (Propositions 5 and 40, lines 212 to 214, 1068 to 1076).

F(theta) = C(A_theta) + lambda |theta|^2 and K(A) = C(A) + lambda L |A|_p^p, p = 2/L, have the same lower bounds, hence the same
infimum, for every cost C and widths n_l >= min(n_0, n_L): F(theta) >= K(A_theta) by Lemma 39, and F(Psi(A)) = K(A). As printed,
with `min`, the statement needs that a minimum exists: a cost that is not bounded below has none.
"""

from dataclasses import replace
from fractions import Fraction

from flint import fmpq

from proofs.regularization import minimal_parameters as lemma
from proofs.regularization.minimal_parameters import A, A_theta, L, Psi, W, l, p
from theorycheck.cli import run_module
from theorycheck.domain import Domain, depth, derived, drawn, hypothesis, matrix, real
from theorycheck.exact import extremum_rules as least, rules as by
from theorycheck.models.balanced import turned
from theorycheck.models.ridge_checks import minima_by_flow, minima_in_balls
from theorycheck.models.ridge_costs import (
    at_most_least,
    at_other_parameters,
    at_the_minimum,
    balanced_layers,
    below_minimum,
    least_value,
    minimal_at_a,
    no_minimum,
)
from theorycheck.statement import Statement
from theorycheck.tree import Eq, Function, Ge, eye, norm, schatten, sym, total, trace, vec
from theorycheck.verdict import Erratum

HALF = Fraction(1, 2)
lam, least_F, least_K, b = map(sym, ("lambda", "m_F", "m_K", "b"))
C = Function("C")


def F(network, ridge=lam):
    return C(network.chain(L, 1)) + ridge * total(l, 1, L, norm(network[l]) ** 2)


def K(x, factor=1, power=2):
    return C(x) + lam * factor * L * schatten(x, power / L) ** (power / L)


ridge = real("lambda", at_least=0, line=53)
costs = lemma.matrices.extended("any cost C, lambda >= 0, widths n_l >= min(n_0, n_L)", ridge, drawn("C", minimal_at_a))
without_w = replace(costs, variables=tuple(v for v in costs.variables if v.name != "W"))
bounds = (
    hypothesis(
        "m_F is a lower bound",
        Ge(F(W), least_F),
        214,
        variables=("W",),
        test=at_most_least("m_F"),
        breaks=at_other_parameters,
    ),
    hypothesis("m_K is a lower bound", Ge(K(A), least_K), 214, variables=("A",), test=at_most_least("m_K")),
)
values = (derived("m_F", least_value), derived("m_K", least_value), derived("W", turned))


def bounded(cost, by_b):
    """Costs of which `by_b`, for all matrices or for all parameters, says that b is a lower bound."""
    return without_w.extended(
        f"any cost, lambda >= 0, a number b that {cost} does not fall below; widths n_l >= min(n_0, n_L)",
        derived("W", turned),
        drawn("b", below_minimum),
        by_b,
    )


on_matrices = hypothesis("b bounds the Schatten cost", Ge(K(A), b), 214, variables=("A",), test=at_most_least("b"))
on_parameters = hypothesis("b bounds the cost of parameters", Ge(F(W), b), 214, variables=("W",), test=at_most_least("b"))
bounded_k = bounded("the Schatten cost", on_matrices)
bounded_f = bounded("the cost of parameters", on_parameters)
minima = without_w.extended(
    "costs for which both minima exist, attained at W and at A; widths n_l >= min(n_0, n_L)",
    *values,
    *bounds,
    hypothesis("m_F is attained", Eq(F(W), least_F), 214),
    hypothesis("m_K is attained", Eq(K(A), least_K), 214),
)

statement = Statement(
    "prop-5", "The regularized costs have the same minimum", "4", bounded_k, aliases=("prop-40",), depends_on=("lemma-39",)
)


@statement.claim("below", line=1072, where="proof", expects="proved", domain=costs, near=balanced_layers, power=2, factor=1)
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


@statement.claim("infimum", line=214, main=True, expects="proved", reads="minimum", near=at_the_minimum)
def infimum():
    """The infima agree, I: what the Schatten cost does not fall below, the cost of parameters does not fall below"""
    goal = yield Ge(F(W), b)
    low = yield Ge(F(W), K(A_theta)), by.uses("prop-5.below")
    bound = yield Ge(K(A_theta), b), by.given("b bounds the Schatten cost", A=A_theta)
    yield goal, by.linear(low, bound)


@statement.claim("infimum-back", line=214, main=True, expects="proved", domain=bounded_f, near=at_the_minimum)
def infimum_back():
    """The infima agree, II: what the cost of parameters does not fall below, the Schatten cost does not fall below"""
    goal = yield Ge(K(A), b)
    bound = yield Ge(F(Psi), b), by.given("b bounds the cost of parameters", W="Psi")
    value = yield Eq(F(Psi), K(A)), by.uses("prop-5.reached")
    yield goal, by.linear(bound, value)


@statement.claim("minimum-corrected", line=214, main=True, expects="proved", domain=minima, corrects="minimum")
def minimum_where_it_exists():
    """Where both minima exist, they are equal"""
    goal = yield Eq(least_F, least_K)
    low = yield Ge(F(W), K(A_theta)), by.uses("prop-5.below")
    least_at = yield Ge(K(A_theta), least_K), by.given("m_K is a lower bound", A=A_theta)
    at_psi = yield Ge(F(Psi), least_F), by.given("m_F is a lower bound", W="Psi")
    value = yield Eq(F(Psi), K(A)), by.uses("prop-5.reached")
    at_w = yield Eq(F(W), least_F), by.given("m_F is attained")
    at_a = yield Eq(K(A), least_K), by.given("m_K is attained")
    above = yield Ge(least_F, least_K), by.linear(low, least_at, at_w)
    under = yield Ge(least_K, least_F), by.linear(at_psi, value, at_a)
    yield goal, least.antisymmetric(under, above)


# --- the printed minimum need not exist; the widths are needed ------------------------------------------------------------
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


infimum.leg("ball")(minima_in_balls)
infimum.leg("flow")(minima_by_flow)


if __name__ == "__main__":
    raise SystemExit(run_module(statement))
