"""Textbook facts about strongly convex, smooth, convex and PL functions, with the right constant and with a wrong one."""

from fractions import Fraction

from flint import fmpq

from tests.corpus.drawing import curved
from tests.corpus.entering import pair, tempting, theme
from theorycheck.domain import Domain, derived, drawn, hypothesis, rational, real, size
from theorycheck.enclose.linear import is_positive_semidefinite
from theorycheck.evaluate.values import add, flint_matrix
from theorycheck.exact import basic_rules as basic, extremum_rules as least, rules as by
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


statement = theme("costs", "Convex and PL functions", strong)


@pair(statement, "pl", near=equal_curvatures, times=(1, TENTH))
def pl(times):
    """Strong convexity gives PL with the same constant"""
    goal = yield Ge(norm(C.grad(x)) ** 2 / 2, times * beta * (C(x) - low))
    line = yield (
        Ge(C(p), C(x) + inner(p - x, C.grad(x)) + beta / 2 * norm(p - x) ** 2),
        by.given("strong convexity", x=x, y=p),
    )
    square = (HALF, C.grad(x) + beta * (p - x))
    yield goal, by.linear((line, beta), squares=[square], using=["p is a minimum"])


def grown():
    """Strong convexity at the minimum."""
    line = Ge(C(x), C(p) + inner(x - p, C.grad(p)) + beta / 2 * norm(x - p) ** 2)
    return (yield line, by.given("strong convexity", x=p, y=x))


@pair(statement, "growth", near=equal_curvatures, half=(HALF, Fraction(3, 5)))
def growth(half):
    """Quadratic growth above the minimum"""
    goal = yield Ge(C(x) - low, half * beta * norm(x - p) ** 2)
    line = yield from grown()
    yield goal, by.linear(line, using=["p is a minimum", "the gradient vanishes at p"])


@pair(statement, "growth-needs-convexity", domain=(strong, polyak))
def growth_needs_convexity():
    """From a given minimum p a PL cost need not grow: it may have others"""
    goal = yield Ge(C(x) - low, beta / 2 * norm(x - p) ** 2)
    line = yield from grown()
    yield goal, by.linear(line, using=["p is a minimum", "the gradient vanishes at p"])


@pair(statement, "monotone-gradient", near=equal_curvatures, times=(1, TENTH))
def monotone_gradient(times):
    """<grad C(x) - grad C(y), x - y> >= beta |x - y|^2"""
    goal = yield Ge(inner(C.grad(x) - C.grad(y), x - y), times * beta * norm(x - y) ** 2)
    one = yield Ge(C(y), C(x) + inner(y - x, C.grad(x)) + beta / 2 * norm(y - x) ** 2), by.given("strong convexity", x=x, y=y)
    two = yield Ge(C(x), C(y) + inner(x - y, C.grad(y)) + beta / 2 * norm(x - y) ** 2), by.given("strong convexity", x=y, y=x)
    yield goal, by.linear(one, two)


@pair(statement, "gradient-and-distance", near=equal_curvatures, times=(1, TENTH))
def gradient_and_distance(times):
    """|grad C(x)| >= beta |x - p|"""
    goal = yield Le(times * beta * norm(x - p), norm(C.grad(x)))
    line = yield from grown()
    tight = yield (
        Ge(C(p), C(x) + inner(p - x, C.grad(x)) + beta / 2 * norm(p - x) ** 2),
        by.given("strong convexity", x=x, y=p),
    )
    squared = yield (
        Le((times * beta * norm(x - p)) ** 2, norm(C.grad(x)) ** 2),
        by.linear(
            (line, 2 * beta), (tight, 2 * beta), squares=[(1, C.grad(x) - beta * (x - p))], using=["the gradient vanishes at p"]
        ),
    )
    yield goal, basic.by_squares(squared)


@pair(statement, "one-minimum", domain=(two_minima(strong), two_minima(polyak)))
def one_minimum():
    """A strongly convex cost has one minimum, a PL cost may have more"""
    goal = yield Eq(norm(w - p) ** 2, 0)
    line = yield Ge(C(w), C(p) + inner(w - p, C.grad(p)) + beta / 2 * norm(w - p) ** 2), by.given("strong convexity", x=p, y=w)
    facts = ["p is a minimum", "w is a minimum", "the gradient vanishes at p"]
    above = yield Le(norm(w - p) ** 2, 0), by.linear((line, 2 / beta), using=facts)
    below = yield Le(0, norm(w - p) ** 2), by.linear(squares=[(1, w - p)])
    yield goal, least.antisymmetric(above, below)


@pair(statement, "descent", domain=smooth, near=steepest, half=(HALF, Fraction(3, 5)))
def descent(half):
    """One gradient step of length 1/M lowers the cost by |grad|^2 / (2M)"""
    g = C.grad(x)
    goal = yield Le(C(x - 1 / M * g), C(x) - half / M * norm(g) ** 2)
    line = yield from stepped(1)
    yield goal, by.linear(line)


def stepped(length):
    """Smoothness at a gradient step."""
    g, to = C.grad(x), x - length / M * C.grad(x)
    return (yield Le(C(to), C(x) + inner(to - x, g) + M / 2 * norm(to - x) ** 2), by.given("smoothness", x=x, y=to))


@pair(statement, "longest-step", domain=smooth, near=steepest, length=(2, 3))
def longest_step(length):
    """A gradient step of length 2/M does not raise the cost"""
    goal = yield Le(C(x - length / M * C.grad(x)), C(x))
    line = yield from stepped(length)
    yield goal, by.linear(line)


@pair(statement, "midpoint", domain=convex, weight=(HALF, Fraction(1, 3)))
def midpoint(weight):
    """The value in the middle is at most the mean of the values"""
    mid = (x + y) / 2
    goal = yield Le(C(mid), weight * C(x) + (1 - weight) * C(y))
    one = yield Ge(C(x), C(mid) + inner(x - mid, C.grad(mid))), by.given("convexity", x=mid, y=x)
    two = yield Ge(C(y), C(mid) + inner(y - mid, C.grad(mid))), by.given("convexity", x=mid, y=y)
    yield goal, by.linear((one, weight), (two, 1 - weight))


@pair(statement, "upper-tangent", domain=convex, relation=(Le, Ge))
def upper_tangent(relation):
    """C(y) - C(x) <= <grad C(y), y - x>"""
    goal = yield relation(C(y) - C(x), inner(C.grad(y), y - x))
    line = yield Ge(C(x), C(y) + inner(x - y, C.grad(y))), by.given("convexity", x=y, y=x)
    yield goal, by.linear(line)


@pair(statement, "stationary", domain=(convex, rings))
def stationary():
    """A stationary point of a convex cost is a minimum"""
    goal = yield Le(C(p), C(x))
    line = yield Ge(C(x), C(p) + inner(x - p, C.grad(p))), by.given("convexity", x=p, y=x)
    yield goal, by.linear(line, using=["the gradient vanishes at p"])


@tempting("costs.stationary-near")
def stationary_is_least():
    """As if a vanishing gradient bounded the cost from below"""
    goal = yield Le(C(p), C(x))
    zero_slope = yield Eq(inner(x - p, C.grad(p)), 0), by.identity("the gradient vanishes at p")
    yield goal, by.linear(zero_slope)
