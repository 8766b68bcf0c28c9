"""Products over layers, for every depth and width: gradients, Euler's relation, and what is true for two layers only."""

from tests.corpus.drawing import numbers
from tests.corpus.entering import pair, theme
from theorycheck.domain import Domain, depth, drawn, index, layers_of, real, size, widths
from theorycheck.exact import function_rules as functions, rules as by, sum_rules as sums
from theorycheck.models import included
from theorycheck.tree import Eq, Function, Le, gradient_of, inner, layers, norm, num, product, scalars, sym, total

L, l, j, d = (sym(name) for name in ("L", "l", "j", "d"))
n, s = scalars("n"), scalars("s")
W, C = layers("W", n), Function("C")
A = W.chain(L, 1)
G = C.grad(A)

networks = Domain(
    "layers W_1 .. W_L of any depth L >= 2 and widths, a cost C of their product, a layer l",
    (depth("L"), widths("n"), layers_of("W"), drawn("C", included.matrix_cost), index("l", 1, L)),
)
inner_layers = Domain(
    "the same, 2 <= l",
    (depth("L"), widths("n"), layers_of("W"), drawn("C", included.matrix_cost), index("l", 2, L)),
)
numbers_per_layer = Domain("a depth, and a number d > 0", (depth("L"), real("d", above=0)))


def of_depth(count):
    return Domain(
        f"depth {count}, and numbers s_1 .. s_{count} >= 0",
        (
            size("L", count, count),
            widths("n"),
            layers_of("W"),
            numbers("s", 1, lambda env: env["L"], positive=True),
        ),
    )


statement = theme("chains", "Products of layers", networks)


@pair(statement, "cut", lower=(W.chain(l, 1), W[l]))
def cut(lower):
    """The norm of the product, cut at a layer"""
    above = W.chain(L, l + 1)
    goal = yield Eq(norm(above @ W.chain(l, 1)) ** 2, inner(above.T @ above, lower @ lower.T))
    yield goal, by.identity()


@pair(statement, "euler", times=(L, L - 1))
def euler(times):
    """Euler's relation: the layers' gradients against the layers"""
    goal = yield Eq(total(j, 1, L, inner(W[j], gradient_of(C(A), W[j]))), times * inner(A, G))
    yield goal, by.identity()


@pair(statement, "one-layer", times=(1, 2))
def one_layer(times):
    """Each layer's share of Euler's relation is the same"""
    goal = yield Eq(inner(W[l], gradient_of(C(A), W[l])), times * inner(A, G))
    yield goal, by.identity()


@pair(statement, "exchange", domain=inner_layers, sign=(1, -1))
def exchange(sign):
    """W_l^T grad_l = grad_(l-1) W_(l-1)^T"""
    goal = yield Eq(W[l].T @ gradient_of(C(A), W[l]), sign * gradient_of(C(A), W[l - 1]) @ W[l - 1].T)
    yield goal, by.identity()


@pair(statement, "ridge", times=(2, 1))
def ridge(times):
    """The gradient of the sum of squares in one layer"""
    body = norm(W[j]) ** 2
    goal = yield Eq(gradient_of(total(j, 1, L, body), W[l]), times * W[l])
    cut = yield Eq(total(j, 1, L, body), total(j, 1, l - 1, body) + total(j, l, L, body)), sums.split()
    rest = yield Eq(total(j, l, L, body), total(j, l, l, body) + total(j, l + 1, L, body)), sums.split()
    one = yield Eq(total(j, l, l, body), norm(W[l]) ** 2), sums.one()
    parts = total(j, 1, l - 1, body) + norm(W[l]) ** 2 + total(j, l + 1, L, body)
    same = yield Eq(total(j, 1, L, body), parts), by.linear(cut, rest, one)
    yield goal, functions.differentiated(same, W[l])


@pair(statement, "equal-factors", domain=numbers_per_layer, power=(L, L - 1))
def equal_factors(power):
    """A product of L equal numbers is a power"""
    goal = yield Eq(product(j, 1, L, d), d**power)
    yield goal, by.identity()


@pair(statement, "two-layers-only", domain=(of_depth(2), of_depth(3)), count=(2, 3))
def two_layers_only(count):
    """The sum of squares of the first and the last layer is all of it, for two layers"""
    whole, last = total(j, 1, count, norm(W[j]) ** 2), num(count)
    goal = yield Eq(whole, norm(W[1]) ** 2 + norm(W[last]) ** 2)
    parts = yield Eq(whole, total(j, 1, 1, norm(W[j]) ** 2) + total(j, 2, count, norm(W[j]) ** 2)), sums.split()
    first = yield Eq(total(j, 1, 1, norm(W[j]) ** 2), norm(W[1]) ** 2), sums.one()
    rest = yield Eq(total(j, 2, count, norm(W[j]) ** 2), norm(W[last]) ** 2), sums.one()
    yield goal, by.linear(parts, first, rest)


@pair(statement, "product-by-squares", domain=(of_depth(2), of_depth(3)), count=(2, 3))
def product_by_squares(count):
    """A product of two numbers is at most the mean of their squares; of three it is not"""
    all_of_it, terms = product(j, 1, count, s[j]), total(j, 1, count, s[j] ** 2)
    goal = yield Le(all_of_it, terms / count)
    rest, ends = product(j, 2, count, s[j]), total(j, 2, count, s[j] ** 2)
    factors = yield Eq(all_of_it, product(j, 1, 1, s[j]) * rest), sums.split()
    first = yield Eq(product(j, 1, 1, s[j]), s[1]), sums.one()
    last = yield Eq(rest, s[2]), sums.one()
    whole = yield Eq(all_of_it, s[1] * s[2]), by.linear(factors, (first, rest), (last, s[1]))
    squares = yield Eq(terms, total(j, 1, 1, s[j] ** 2) + ends), sums.split()
    one = yield Eq(total(j, 1, 1, s[j] ** 2), s[1] ** 2), sums.one()
    two = yield Eq(ends, s[2] ** 2), sums.one()
    half = num(1) / 2
    yield goal, by.linear(whole, *((line, -half) for line in (squares, one, two)), squares=[(half, s[1] - s[2])])
