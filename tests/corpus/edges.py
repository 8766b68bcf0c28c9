"""Definite matrices and their powers, derivatives at kinks, ranks, minima: where values are hard to compute or missing."""

from fractions import Fraction

from tests.corpus.entering import pair, tempting, theme
from theorycheck.domain import Domain, drawn, hypothesis, matrix, rational, real, size
from theorycheck.exact import (
    basic_rules as basic,
    leading_rules as leading,
    limit_rules as limits,
    matrix_rules as products,
    rules as by,
)
from theorycheck.models.costs import conjugate, orthogonal
from theorycheck.tree import (
    Converges,
    Dt,
    Eq,
    Ge,
    Gt,
    Le,
    Psd,
    absolute,
    exp,
    eye,
    gradient_of,
    inner,
    log,
    mat,
    minimum,
    norm,
    num,
    rank,
    singular,
    sqrt,
    sym,
    total,
    trace,
    vec,
)

n, t, v, c, x, y, i = (sym(name) for name in ("n", "t", "v", "c", "x", "y", "i"))
S, A, B, X = mat("S", n, n), mat("A", n, n), mat("B", n, n), mat("X", n, n)
u = vec("u", n)
HALF, TENTH = num(1) / 2, Fraction(11, 10)


def definite(source, env):
    """A symmetric positive definite matrix, diagonal or not."""
    values = [rational(source, positive=True) for _ in range(env["n"])]
    return conjugate(orthogonal(source, env["n"]), values)


definites = Domain(
    "a symmetric positive definite S, a vector u", (size("n"), drawn("S", definite, symmetric=True), matrix("u", n, 1))
)
squares = Domain("square matrices A, B, X", (size("n"), *(matrix(name, n, n) for name in "ABX"), real("c")))
factors = squares.extended("square matrices A, B, X, a number c != 0", hypothesis("c != 0", Gt(c**2, 0)))
two_rows = Domain("square matrices A, B of size >= 2", (size("n", 2), matrix("A", n, n), matrix("B", n, n)))
numbers = Domain("numbers x, y, t", (real("x"), real("y"), real("t")))
positive = Domain("x, y > 0", (real("x", above=0), real("y", above=0)))
after = Domain("t >= 0", (real("t", at_least=0),))
small = Domain("v > 0", (real("v", above=0),))

statement = theme("edges", "Powers of matrices, kinks, minima, hard limits", definites)


# --- powers of definite matrices, Gram matrices --------------------------------------------------------------------------
@pair(statement, "inverse", right=(eye(n), S))
def inverse(right):
    """S^(-1) S = I"""
    goal = yield Eq(S ** num(-1) @ S, right)
    yield goal, by.identity()


@pair(statement, "root", right=(S, S @ S))
def root(right):
    """S^(1/2) S^(1/2) = S"""
    goal = yield Eq(S**HALF @ S**HALF, right)
    yield goal, by.identity()


@pair(statement, "cauchy-with-inverse", times=(1, TENTH))
def cauchy_with_inverse(times):
    """|u|^4 <= <u, S u> <u, S^(-1) u>"""
    goal = yield Le(times * inner(u, u) ** 2, inner(u, S @ u) * inner(u, S ** num(-1) @ u))
    a, b = S**HALF @ u, S ** (-HALF) @ u
    yield goal, by.linear(squares=[(HALF, a @ b.T - b @ a.T)])


@pair(statement, "trace-of-inverse", times=(1, TENTH))
def trace_of_inverse(times):
    """n^2 <= Tr S Tr S^(-1)"""
    goal = yield Le(times * n**2, trace(S) * trace(S ** num(-1)))
    over, inverse = trace(S ** num(-1)), S ** (-HALF)
    line = Le(times * n**2 * over, trace(S) * trace(S ** num(-1)) * over)
    square = yield line, by.linear(squares=[(1, over * S**HALF - n * inverse)])
    yield goal, basic.divided(square, over)


@pair(statement, "gram", domain=squares, of=(A.T @ A, A @ A))
def gram(of):
    """A^T A is positive semidefinite"""
    goal = yield Psd(of)
    yield goal, products.gram((1, A))


@pair(statement, "rank-of-multiple", domain=(factors, squares))
def rank_of_multiple():
    """A factor c != 0 does not change the rank"""
    yield Eq(rank(c * A), rank(A))


@pair(statement, "weyl-of-values", domain=two_rows, k=(1, 2))
def weyl_of_values(k):
    """The largest singular value is subadditive; the second is not"""
    yield Le(singular(A + B, k), singular(A, k) + singular(B, k))


@pair(statement, "von-neumann", domain=two_rows, swapped=(False, True))
def von_neumann(swapped):
    """Tr A^T B is at most the sum of the products of the singular values, in order"""
    low = singular(A, 1) * singular(B, 2) + singular(A, 2) * singular(B, 1)
    yield Le(inner(A, B), low if swapped else total(i, 1, n, singular(A, i) * singular(B, i)))


# --- kinks, minima, orders -----------------------------------------------------------------------------------------------
@pair(statement, "root-to-the-fourth", domain=after, right=(2 * t, 4 * sqrt(t) ** 3))
def root_to_the_fourth(right):
    """sqrt(t)^4 has the derivative 2 t, at 0 as well"""
    goal = yield Eq(Dt(sqrt(t) ** 4), right)
    yield goal, by.identity()


@pair(statement, "cube-of-absolute", domain=numbers, right=(3 * t * absolute(t), 3 * t**2))
def cube_of_absolute(right):
    """|t|^3 has the derivative 3 t |t|, at 0 as well"""
    goal = yield Eq(Dt(absolute(t) ** 3), right)
    yield goal, by.identity()


@pair(statement, "gradient-of-fourth-power", domain=squares, power=(2, 3))
def gradient_of_fourth_power(power):
    """The gradient of |X|^4, at 0 as well"""
    goal = yield Eq(gradient_of(norm(X) ** 4, X), 4 * norm(X) ** power * X)
    yield goal, by.identity()


@pair(statement, "minimum", domain=numbers, bound=(x, x - 1))
def minimum_of_two(bound):
    """min(x, y) <= x"""
    goal = yield Le(minimum(x, y), bound)
    yield goal, basic.minimum_below()


@pair(statement, "minimum-and-mean", domain=numbers, relation=(Le, Ge))
def minimum_and_mean(relation):
    """min(x, y) is at most the mean"""
    goal = yield relation(minimum(x, y), (x + y) / 2)
    first = yield Le(minimum(x, y), x), basic.minimum_below()
    second = yield Le(minimum(x, y), y), basic.minimum_below()
    yield goal, by.linear((first, HALF), (second, HALF))


@pair(statement, "triangle-of-numbers", domain=numbers, relation=(Le, Eq))
def triangle_of_numbers(relation):
    """|x + y| <= |x| + |y|"""
    goal = yield relation(absolute(x + y), absolute(x) + absolute(y))
    product = yield Le(x * y, absolute(x) * absolute(y)), basic.within_absolute()
    squared = yield Le(absolute(x + y) ** 2, (absolute(x) + absolute(y)) ** 2), by.linear((product, 2))
    yield goal, basic.by_squares(squared)


@pair(statement, "log-of-mean", domain=positive, relation=(Ge, Le))
def log_of_mean(relation):
    """The logarithm is concave"""
    goal = yield relation(log((x + y) / 2), (log(x) + log(y)) / 2)
    means = yield relation((x + y) / 2, sqrt(x * y)), by.linear(squares=[(HALF, sqrt(x) - sqrt(y))])
    yield goal, by.logarithms(means)


@pair(statement, "tangent-of-exp", domain=numbers, slope=(1, TENTH))
def tangent_of_exp(slope):
    """e^t >= 1 + t for all t"""
    yield Ge(exp(t), 1 + slope * t)


@pair(statement, "young-with-thirds", domain=positive, third=(3, 4))
def young_with_thirds(third):
    """x y <= x^3/3 + 2/3 y^(3/2)"""
    yield Le(x * y, x**3 / third + Fraction(2, 3) * y ** (num(3) / 2))


# --- limits that are not explicit ----------------------------------------------------------------------------------------
@pair(statement, "exp-quotient", domain=small, value=(1, 2))
def exp_quotient(value):
    """(e^v - 1)/v -> 1"""
    yield Converges((exp(v) - 1) / v, v, 0, value)


@pair(statement, "euler", domain=small, value=(exp(num(1)), num(1)))
def euler(value):
    """(1 + v)^(1/v) -> e"""
    yield Converges((1 + v) ** (1 / v), v, 0, value)


@pair(statement, "self-power", domain=small, value=(1, 0))
def self_power(value):
    """v^v -> 1"""
    goal = yield Converges(v**v, v, 0, value)
    same = yield Eq(v * log(v), v * log(v)), by.identity()
    exponent = yield Converges(v * log(v), v, 0, 0), leading.equal(same)
    known = yield Converges(v**v, v, 0, 1), limits.exponentiated(exponent)
    yield goal, limits.rewritten(known)


@tempting("edges.gram-near")
def a_square():
    """A square of a matrix, as if it were symmetric"""
    goal = yield Psd(A @ A)
    yield goal, products.gram((1, A.T), (1, A))


@tempting("edges.weyl-of-values-near")
def nonnegative():
    """Singular values are >= 0"""
    goal = yield Le(singular(A + B, 2), singular(A, 2) + singular(B, 2))
    yield goal, by.sign()
