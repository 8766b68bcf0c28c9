"""Textbook facts about strongly convex, smooth, convex and PL functions, with the right constant and with a wrong one."""

from fractions import Fraction

from tests.corpus.cost_domains import (
    HALF,
    TENTH,
    C,
    M,
    beta,
    convex,
    equal_curvatures,
    low,
    p,
    polyak,
    rings,
    smooth,
    steepest,
    strong,
    two_minima,
    w,
    x,
    y,
)
from tests.corpus.entering import pair, tempting, theme
from theorycheck.exact import basic_rules as basic, extremum_rules as least, rules as by
from theorycheck.tree import Eq, Ge, Le, inner, norm

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
