"""Wrong derivations that leave an assumption open, use what holds at one place only, or cancel what may be 0."""

from tests.corpus import gaussians, ranges, sums, widths
from tests.corpus.costs import C, M, grown, p, w, x as point
from tests.corpus.entering import tempting
from tests.corpus.odes import c, t
from tests.corpus.scalars import x, y
from theorycheck.exact import (
    basic_rules as basic,
    extremum_rules as least,
    function_rules as functions,
    induction_rules as induction,
    rules as by,
    sum_rules as cuts,
)
from theorycheck.tree import Eq, Ge, Gt, Le, Lt, norm, num, product, total


@tempting("sums.bernoulli-near")
def where_the_factor_is_positive():
    """The step needs 1 + x >= 0: assumed, and never shown"""
    N, h, x = sums.N, sums.h, sums.x

    def at(end):
        return Ge((1 + x) ** end, 1 + end * x)

    goal = yield at(N)
    base = yield at(num(1)), by.sign()
    here = yield at(h), induction.assumed()
    further = yield Eq((1 + x) ** (h + 1), (1 + x) * (1 + x) ** h), by.identity()
    rule = by.linear((here, 1 + x), (further, -1), squares=[(h, x)])
    step = yield at(h + 1), by.under([Le(h + 1, N), Ge(1 + x, 0)], rule)
    line = yield at(h), induction.over(h, base, step)
    yield goal, by.cite(by.generic(line, [Ge(h, 1), Le(h, N)], h), h=N)


@tempting("widths.power-of-depth-near")
def as_if_two():
    """L = 2, assumed"""
    goal = yield Eq(widths.c ** (widths.L - 2), 1)
    at_two = yield Eq(widths.c ** (num(2) - 2), 1), by.identity()
    is_two = yield Eq(widths.L, 2), induction.assumed()
    yield goal, functions.replaced(at_two, is_two)


@tempting("odes.before-the-blow-up-near")
def while_it_lives():
    """1 - c t > 0, assumed"""
    goal = yield Ge(c / (1 - c * t), c)
    less = yield Le(1 - c * t, 1), by.sign()
    alive = [Gt(1 - c * t, 0)]
    line = yield Le(1, 1 / (1 - c * t)), by.under(alive, by.raised(less, -1))
    yield goal, by.under(alive, by.linear((line, c)))


@tempting("scalars.order-of-inverses-near")
def one_case():
    """The case 0 < x alone"""
    goal = yield Le(1 / y, 1 / x)
    line = yield Le(x, y), by.trivially()
    yield goal, by.under([Lt(0, x), Lt(0, y)], by.linear((line, 1 / (x * y))))


@tempting("scalars.cubes-and-squares-near")
def divided_by_the_sum():
    """(x + y)(x - y)^2 >= 0, divided by x + y"""
    goal = yield Ge(x**3 + y**3, x**2 * y + x * y**2)
    square = yield Le(0, (x - y) ** 2), by.linear(squares=[(1, x - y)])
    yield goal, basic.divided(square, 1 / (x + y))


@tempting("costs.one-minimum-near")
def by_growth():
    """Quadratic growth, which a PL cost does not have"""
    goal = yield Eq(norm(w - p) ** 2, 0)
    line = yield from grown()
    above = yield Le(norm(w - p) ** 2, 0), by.linear(line)
    yield goal, least.antisymmetric(above, above)


@tempting("costs.longest-step-near")
def descent_without_smoothness():
    """The first-order term alone"""
    goal = yield Le(C(point - 3 / M * C.grad(point)), C(point))
    fall = yield Le(-3 / M * norm(C.grad(point)) ** 2, 0), by.sign()
    yield goal, by.linear(fall)


@tempting("ranges.factorial-near")
def from_two_on():
    """As if the first factor were 2 as well"""
    N, h, i = ranges.N, ranges.h, ranges.i

    def at(end):
        return Le(num(2) ** (end - 0), product(i, 1, end, i))

    goal = yield at(N)
    base = yield at(num(1)), induction.assumed()
    here = yield at(h), induction.assumed()
    parts = yield Eq(product(i, 1, h + 1, i), product(i, 1, h, i) * product(i, h + 1, h + 1, i)), cuts.split()
    factor = yield Eq(product(i, h + 1, h + 1, i), h + 1), cuts.one()
    step = yield at(h + 1), by.under([Le(h + 1, N)], by.linear((here, h + 1), (parts, -1), (factor, -product(i, 1, h, i))))
    line = yield at(h), induction.over(h, base, step)
    yield goal, by.cite(by.generic(line, [Ge(h, 1), Le(h, N)], h), h=N)


@tempting("gaussians.wishart-mean-near")
def as_if_square():
    """n_0 = n_1, assumed"""
    n, s, W = gaussians.n, gaussians.s, gaussians.W
    goal = yield Eq(gaussians.mean(W[1].T @ W[1]), s * n[0] * gaussians.eye(n[0]))
    same = yield Eq(n[1], n[0]), induction.assumed()
    yield goal, by.identity(same)


@tempting("ranges.without-the-first-near")
def two_terms_are_one():
    """The second term, as if it were the first"""
    N, s, i = ranges.N, ranges.s, ranges.i
    goal = yield Eq(total(i, 2, N, s[i]), total(i, 1, N, s[i]) - s[2])
    cut = yield Eq(total(i, 1, N, s[i]), total(i, 1, 2, s[i]) + total(i, 3, N, s[i])), cuts.split()
    yield goal, by.linear((cut, -1))
