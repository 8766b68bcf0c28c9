"""Costs of the theme `costs`: strongly convex, smooth, convex, PL, with their minima; equality cases."""

from fractions import Fraction

from flint import fmpq

from tests.corpus.drawing import curved
from theorycheck.domain import Domain, derived, drawn, hypothesis, rational, real, size
from theorycheck.enclose.linear import is_positive_semidefinite
from theorycheck.evaluate.values import add, flint_matrix
from theorycheck.models.costs import Quadratic, column, column_of, conjugate, orthogonal, quadratic
from theorycheck.models.paths import Ring
from theorycheck.tree import Eq, Function, Ge, Le, inner, norm, sym, vec, zero

n, beta, M, low = (sym(name) for name in ("n", "beta", "M", "low"))
x, y, w, p = (vec(name, n) for name in "xywp")
C = Function("C")
HALF, TENTH = Fraction(1, 2), Fraction(11, 10)
LEAST = hypothesis("low is the least value", Ge(C(y), low), variables=("y",), test=lambda env: env["C"].least >= env["low"])
ATTAINED = hypothesis("p is a minimum", Eq(C(p), low))
FLAT = hypothesis("the gradient vanishes at p", Eq(C.grad(p), zero(n, 1)))
CONVEX = hypothesis(
    "convexity",
    Ge(C(y), C(x) + inner(y - x, C.grad(x))),
    variables=("x", "y"),
    test=lambda env: env["C"].strongly_convex(fmpq(0)),
)
STRONG = hypothesis(
    "strong convexity",
    Ge(C(y), C(x) + inner(y - x, C.grad(x)) + beta / 2 * norm(y - x) ** 2),
    variables=("x", "y"),
    test=lambda env: env["C"].strongly_convex(env["beta"]),
)
SMOOTH = hypothesis(
    "smoothness",
    Le(C(y), C(x) + inner(y - x, C.grad(x)) + M / 2 * norm(y - x) ** 2),
    variables=("x", "y"),
    test=lambda env: no_steeper(env["C"], env["M"]),
)
PL = hypothesis(
    "the PL inequality",
    Ge(norm(C.grad(y)) ** 2 / 2, beta * (C(y) - low)),
    variables=("y",),
    test=lambda env: env["low"] == env["C"].least,
)


def no_steeper(cost, most):
    """Whether M I - H is positive semidefinite."""
    size_of = len(cost.hessian)
    gap = [[most * (i == j) - cost.hessian[i][j] for j in range(size_of)] for i in range(size_of)]
    return is_positive_semidefinite(flint_matrix(tuple(map(tuple, gap)))) is True


def with_cost(name, variables, draw, *conditions):
    """A cost of n variables, points x, y, its minimum p and least value."""
    return Domain(
        name,
        (
            size("n"),
            *variables,
            drawn("C", draw),
            column_of("x"),
            column_of("y"),
            derived("p", lambda env: env["C"].centre),
            derived("low", lambda env: env["C"].least),
        ),
        conditions,
    )


strong = with_cost(
    "beta-strongly convex costs with minimum p",
    (real("beta", above=0),),
    lambda source, env: quadratic(source, env["n"], env["beta"], strongly=True),
    STRONG,
    LEAST,
    ATTAINED,
    FLAT,
)
polyak = with_cost(
    "costs that satisfy beta-PL, with a minimum p",
    (real("beta", above=0),),
    lambda source, env: quadratic(source, env["n"], env["beta"], strongly=False),
    PL,
    LEAST,
    ATTAINED,
    FLAT,
)
smooth = with_cost(
    "M-smooth costs", (real("M", above=0),), lambda source, env: curved(source, env, fmpq(0), env["M"]), SMOOTH, CONVEX
)
convex = with_cost("convex costs, stationary at p", (), lambda source, env: curved(source, env, fmpq(0), fmpq(2)), CONVEX, FLAT)
rings = with_cost(
    "costs that are stationary at p",
    (),
    lambda source, env: Ring(tuple((rational(source),) for _ in range(env["n"])), fmpq(1), fmpq(1), rational(source)),
    FLAT,
)


def two_minima(domain):
    """w is a minimum as well: p, or p + v where v is in the kernel of the Hessian."""

    def other(source, env):
        place = add(env["C"].centre, column(source, env["n"]))
        return place if not any(g for (g,) in env["C"].gradient(place)) else env["C"].centre

    return domain.extended(
        f"{domain.name}, and another minimum w", drawn("w", other), hypothesis("w is a minimum", Eq(C(w), low))
    )


def equal_curvatures(source, env):
    """The equality case: every curvature is beta."""
    return {
        **env,
        "C": Quadratic(conjugate(orthogonal(source, env["n"]), [env["beta"]] * env["n"]), env["C"].centre, env["C"].least),
    }


def steepest(source, env):
    """The equality case: every curvature is M."""
    return {
        **env,
        "C": Quadratic(conjugate(orthogonal(source, env["n"]), [env["M"]] * env["n"]), env["C"].centre, env["C"].least),
    }
