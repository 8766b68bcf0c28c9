"""Moments of Gaussian matrices: Wick with right and wrong numbers of pairings, Wishart means, independence, spread."""

from tests.corpus.entering import pair, tempting, theme
from theorycheck.domain import Domain, depth, hypothesis, matrix, real, widths
from theorycheck.exact import rules as by
from theorycheck.tree import Eq, Ge, Gt, Le, expect, eye, inner, layers, mat, norm, num, scalars, sym, trace, vec

L, s = sym("L"), sym("s")
n = scalars("n")
W = layers("W", n)
x, y, u, v = vec("x", n[0]), vec("y", n[0]), vec("u", n[1]), vec("v", n[1])
A, M = mat("A", n[1], n[0]), mat("M", n[0], n[0])
form = inner(u, W[1] @ x)

gaussian = Domain(
    "matrices W_1, W_2 with independent N(0, s) entries, any vectors x, y, u, v and matrices A, M",
    (
        depth("L", most=2),
        widths("n", most=2),
        real("s", above=0),
        *(matrix(name, n[0], 1) for name in "xy"),
        *(matrix(name, n[1], 1) for name in "uv"),
        matrix("A", n[1], n[0]),
        matrix("M", n[0], n[0]),
    ),
)
nonzero = gaussian.extended("the same, x != 0", hypothesis("x != 0", Gt(norm(x) ** 2, 0)))

statement = theme("gaussians", "Gaussian moments", gaussian)


def mean(body):
    """E over W."""
    return expect(body, W, s)


@pair(statement, "covariance", power=(1, 2))
def covariance(power):
    """E <u, W x> <v, W y> = s <u, v> <x, y>"""
    goal = yield Eq(mean(form * inner(v, W[1] @ y)), s**power * inner(u, v) * inner(x, y))
    yield goal, by.identity()


@pair(statement, "third-moment", power=(3, 2))
def third_moment(power):
    """Odd moments vanish"""
    goal = yield Eq(mean(form**power), 0)
    yield goal, by.identity()


@pair(statement, "fourth-moment", pairings=(3, 4))
def fourth_moment(pairings):
    """Four things have 3 pairings"""
    goal = yield Eq(mean(form**4), pairings * s**2 * norm(u) ** 4 * norm(x) ** 4)
    yield goal, by.identity()


@pair(statement, "sixth-moment", pairings=(15, 20))
def sixth_moment(pairings):
    """Six things have 15 pairings"""
    goal = yield Eq(mean(form**6), pairings * s**3 * norm(u) ** 6 * norm(x) ** 6)
    yield goal, by.identity()


@pair(statement, "squared-norm", count=(n[1] * n[0], n[1]))
def squared_norm(count):
    """E |W|^2 = s n_1 n_0"""
    goal = yield Eq(mean(norm(W[1]) ** 2), s * count)
    yield goal, by.identity()


@pair(statement, "squared-norm-squared", more=(2, 1))
def squared_norm_squared(more):
    """E |W|^4 = s^2 n_1 n_0 (n_1 n_0 + 2)"""
    goal = yield Eq(mean(norm(W[1]) ** 4), s**2 * n[1] * n[0] * (n[1] * n[0] + more))
    yield goal, by.identity()


@pair(statement, "wishart-mean", count=(n[1], n[0]))
def wishart_mean(count):
    """E W^T W = s n_1 I"""
    goal = yield Eq(mean(W[1].T @ W[1]), s * count * eye(n[0]))
    yield goal, by.identity()


@pair(statement, "wishart-square", one=(1, 0))
def wishart_square(one):
    """E Tr (W^T W)^2 = s^2 n_1 n_0 (n_1 + n_0 + 1)"""
    goal = yield Eq(mean(trace(W[1].T @ W[1] @ W[1].T @ W[1])), s**2 * n[1] * n[0] * (n[1] + n[0] + one))
    yield goal, by.identity()


@pair(statement, "conjugated", factor=(trace(M), n[0]))
def conjugated(factor):
    """E W M W^T = s Tr(M) I"""
    goal = yield Eq(mean(W[1] @ M @ W[1].T), s * factor * eye(n[1]))
    yield goal, by.identity()


@pair(statement, "two-layers", width=(n[1], n[0]))
def two_layers(width):
    """E |W_2 W_1 x|^2 = s^2 n_2 n_1 |x|^2"""
    goal = yield Eq(mean(norm(W[2] @ W[1] @ x) ** 2), s**2 * n[2] * width * norm(x) ** 2)
    yield goal, by.identity()


@pair(statement, "independent", other=(2, 1))
def independent(other):
    """E of a product is the product of the E's, for independent factors only"""
    squares = norm(W[1]) ** 2, norm(W[other]) ** 2
    goal = yield Eq(mean(squares[0] * squares[1]), mean(squares[0]) * mean(squares[1]))
    yield goal, by.identity()


@pair(statement, "shifted", times=(1, 2))
def shifted(times):
    """E |W + A|^2 = s n_1 n_0 + |A|^2"""
    goal = yield Eq(mean(norm(W[1] + A) ** 2), s * n[1] * n[0] + times * norm(A) ** 2)
    yield goal, by.identity()


@pair(statement, "jensen", relation=(Ge, Le))
def jensen(relation):
    """E |W x|^4 >= (E |W x|^2)^2"""
    goal = yield relation(mean(norm(W[1] @ x) ** 4), mean(norm(W[1] @ x) ** 2) ** 2)
    yield goal, by.sign()


@pair(statement, "concentration", domain=nonzero, two=(2, 1))
def concentration(two):
    """The relative spread of |W x|^2 is 2/n_1"""
    goal = yield Eq(mean(norm(W[1] @ x) ** 4) / mean(norm(W[1] @ x) ** 2) ** 2, 1 + num(two) / n[1])
    yield goal, by.identity()


@tempting("gaussians.independent-near")
def as_if_independent():
    """As if the same matrix were independent of itself"""
    square = norm(W[1]) ** 2
    goal = yield Eq(mean(square * square), mean(square) * mean(square))
    one = yield Eq(mean(square), s * n[1] * n[0]), by.identity()
    yield goal, by.linear(using=[one])
