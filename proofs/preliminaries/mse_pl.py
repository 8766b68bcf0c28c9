"""The mean squared error C(A) = |A X - Y|^2 / N is beta-PL with beta = 2 s_0^2 / N (paper line 68).

Everything rests on P with P X X^T = X^T, such as the pseudo-inverse of X: A* = Y P solves the normal equations, so

    C(A) - C(A*) = |D X|^2 / N   and   |grad C(A)|^2 = 4 |D X X^T|^2 / N^2   with D = A - A*,

and (X X^T)^2 >= s_0^2 X X^T where no singular value of X lies strictly between 0 and s_0. That holds for the smallest of
all min(n_0, N) singular values, as printed: when X is rank deficient s_0 is then 0, and the claim says nothing. It holds as
well for the smallest nonzero one, which is what a rate needs. Singular values beyond min(n_0, N) (of N < n_0 data points)
would count as zeros, and say nothing either. When X X^T >= s_0^2 I the cost is strongly convex with the same constant.
The minus sign of |A X - Y| was lost by the scan.
"""

from dataclasses import replace
from fractions import Fraction

import numpy as np
from flint import fmpq

from theorycheck.cli import run_module
from theorycheck.domain import Domain, derived, drawn, hypothesis, matrix, rational_matrix, real, size
from theorycheck.evaluate import evaluate
from theorycheck.evaluate.numbers import to_arb
from theorycheck.evaluate.values import add, inner as inner_product, matmul, scale
from theorycheck.exact import matrix_rules as matrices, rules as by
from theorycheck.flow import MeanSquaredError
from theorycheck.models.matrix_flow import decay
from theorycheck.models.spectral import columns, decomposed
from theorycheck.statement import Statement
from theorycheck.tree import (
    Defined,
    Eq,
    Ge,
    Gt,
    Le,
    Lt,
    Psd,
    eye,
    gradient_of,
    inner,
    mat,
    minimum,
    norm,
    rank,
    singular,
    sym,
    vec,
    zero,
)
from theorycheck.verdict import Erratum

HALF = Fraction(1, 2)
n_0, n_L, N = sym("n_0"), sym("n_L"), sym("N")
s_0, C_min = sym("s_0"), sym("C_min")
X, Y, P = mat("X", n_0, N), mat("Y", n_L, N), mat("P", N, n_0)
A, B, A_min = mat("A", n_L, n_0), mat("B", n_L, n_0), mat("A_min", n_L, n_0)
u, v = vec("u", n_0), vec("v", n_L)


def C(M):
    """The cost."""
    return norm(M @ X - Y) ** 2 / N


gradient = gradient_of(C(A), A)
best = Y @ P


def some_minimizer(source, env):
    """Y P plus any matrix whose rows are orthogonal to the columns of X."""
    loose = rational_matrix(source, env["n_L"], env["n_0"])
    onto = matmul(matmul(loose, env["X"]), env["P"])
    return add(matmul(env["Y"], env["P"]), add(loose, scale(fmpq(-1), onto)))


def singular_value(svd, k):
    """The k-th one; those beyond min(n_0, N) count as 0."""
    return svd.values[k - 1] if k <= len(svd.values) else fmpq(0)


def data(name, least_rank, number, *more):
    """Data X with a known decomposition, where s_0 is the singular value of X with the given number."""

    def draw(source, env):
        return decomposed(source, env["n_0"], env["N"], least_rank(env))

    variables = (
        size("n_0"),
        size("n_L"),
        size("N"),
        drawn("svd", draw),
        derived("X", lambda env: env["svd"].rows),
        derived("P", lambda env: env["svd"].pseudo_inverse),
        matrix("Y", n_L, N),
        matrix("A", n_L, n_0),
        matrix("B", n_L, n_0),
        derived("s_0", lambda env: singular_value(env["svd"], int(evaluate(number, env).numer()))),
        drawn("A_min", some_minimizer),
        derived("C_min", lambda env: evaluate(C(A_min), env)),
    )
    lowest = Psd(X @ X.T @ X @ X.T - s_0**2 * X @ X.T)
    return Domain(
        name,
        variables,
        (
            hypothesis("s_0 is a singular value of X", Eq(singular(X, number), s_0), 68),
            hypothesis("s_0 >= 0", Ge(s_0, 0), 68),
            hypothesis("no singular value lies strictly between 0 and s_0", lowest, 68),
            hypothesis("P solves the normal equations", Eq(P @ X @ X.T, X.T)),
            hypothesis("C_min is attained", Eq(C_min, C(A_min)), 59),
            hypothesis(
                "C_min is the minimum", Ge(C(B), C_min), 59, variables=("B",), test=lambda env: env["C_min"] == least(env)
            ),
            *more,
        ),
    )


def least(env):
    """The part of the labels that no A fits: the least value of the cost, from the normal equations."""
    return evaluate(C(best), env)


printed = data("any X, s_0 the smallest of its min(n_0, N) singular values", lambda env: 0, minimum(n_0, N))
nonzero = data("any X != 0, s_0 its smallest nonzero singular value", lambda env: 1, rank(X), hypothesis("X != 0", Gt(s_0, 0)))
full = data(
    "rank X = n_0, s_0 the smallest singular value of X",
    lambda env: min(env["n_0"], env["N"]),
    n_0,
    hypothesis("X has full row rank", Eq(rank(X), n_0), 68),
    hypothesis("s_0^2 is the least eigenvalue of X X^T", Psd(X @ X.T - s_0**2 * eye(n_0)), 68),
)
statement = Statement("mse-pl", "The mean squared error is a PL cost", "2.1", printed, depends_on=("def-1",))


def slow_direction(source, env):
    """The equality case: A and B differ from a minimizer along the left singular vector of s_0 alone."""
    number = env["svd"].values.index(env["s_0"]) + 1
    shift = matmul(columns(source, env["n_L"]), tuple(zip(*env["svd"].left_vector(number), strict=True)))
    centre = matmul(env["Y"], env["P"])
    return {**env, "A": add(centre, shift), "B": centre}


# --- the shapes as printed ------------------------------------------------------------------------------------------------
def labels_as_printed(source, env):
    return rational_matrix(source, env["n_0"], env["N"])


as_printed = Domain(
    "labels Y of shape n_0 x N, as printed",
    (size("n_0"), size("n_L"), size("N"), matrix("X", n_0, N), drawn("Y", labels_as_printed), matrix("A", n_L, n_0)),
)
corrected_shapes = replace(printed, name="labels Y of shape n_L x N")


@statement.claim(
    "shapes",
    line=68,
    expects="refuted",
    domain=as_printed,
    printed=r"A X - Y, \quad X \in \mathbb{R}^{n_0 \times N},\; Y \in \mathbb{R}^{n_0 \times N}",
    erratum=Erratum(
        "notation",
        "the labels have as many rows as the inputs",
        "A X has n_L rows and the printed Y has n_0, so A X - Y is undefined for n_0 != n_L; the labels are n_L x N",
        stands=("mse-pl.pl", "mse-pl.pl-nonzero", "mse-pl.strongly-convex"),
    ),
)
def shapes():
    """The cost is defined for inputs and labels of the printed shapes"""
    yield Defined(C(A))


@statement.claim("shapes-corrected", line=68, expects="proved", corrects="shapes", domain=corrected_shapes)
def shapes_corrected():
    """The cost is defined for labels of shape n_L x N"""
    goal = yield Defined(C(A))
    yield goal, matrices.defined()


# --- the PL inequality ----------------------------------------------------------------------------------------------------
def excess(M):
    """C(M) - C(A*) is a square, because A* = Y P solves the normal equations."""
    return Eq(C(M) - C(best), norm((M - best) @ X) ** 2 / N)


def polyak(half, factor):
    """The derivation of the PL inequality; it asks of s_0 only that no singular value lies strictly between 0 and s_0."""
    D = A - best
    goal = yield Ge(half * norm(gradient) ** 2, factor * s_0**2 / N * (C(A) - C_min))
    normal = "P solves the normal equations"
    over = yield excess(A), by.identity(normal)
    over_min = yield excess(A_min), by.identity(normal)
    below = yield Le(C(best), C(A_min)), by.linear((over_min, -1), squares=[(1 / N, (A_min - best) @ X)])
    slope = yield Eq(norm(gradient) ** 2, 4 / N**2 * norm(D @ X @ X.T) ** 2), by.identity(normal)
    lowest = yield Psd(X @ X.T @ X @ X.T - s_0**2 * X @ X.T), by.given("no singular value lies strictly between 0 and s_0")
    curved = yield Ge(norm(D @ X @ X.T) ** 2, s_0**2 * norm(D @ X) ** 2), by.congruence(lowest, D.T)
    steep = yield (
        Ge(norm(gradient) ** 2 / 2, 2 * s_0**2 / N**2 * norm(D @ X) ** 2),
        by.linear((curved, 2 / N**2), (slope, -HALF)),
    )
    gap = yield Le(C(A) - C(A_min), norm(D @ X) ** 2 / N), by.linear(over, below)
    pl = yield (
        Ge(norm(gradient) ** 2 / 2, 2 * s_0**2 / N * (C(A) - C(A_min))),
        by.linear(steep, (gap, 2 * s_0**2 / N)),
    )
    least = yield Ge(C(A), C_min), by.given("C_min is the minimum", B=A)
    square = yield Ge(norm(gradient) ** 2, 0), by.linear(squares=[(1, gradient)])
    yield goal, by.linear(pl, using=["C_min is attained"], slack=[least, square])


@statement.claim("pl", line=68, main=True, expects="proved", near=slow_direction, half=HALF, factor=2)
def pl(half, factor):
    """The PL inequality with the smallest singular value, as printed (it says nothing when that is 0)"""
    yield from polyak(half, factor)


@statement.claim(
    "pl-nonzero",
    line=68,
    main=True,
    expects="proved",
    reads="pl",
    domain=nonzero,
    near=slow_direction,
    half=HALF,
    factor=2,
)
def pl_nonzero(half, factor):
    """The PL inequality with the smallest nonzero singular value"""
    yield from polyak(half, factor)


@pl_nonzero.leg("flow")
def matrix_flow(check):
    """The flow of C itself decays at least like e^(-2 beta t), and at exactly that rate in the slowest direction."""
    return decay(check, lambda env: MeanSquaredError(floats(env["X"]), floats(env["Y"])))


def floats(rows):
    return np.array([[float(to_arb(x).mid()) for x in row] for row in rows])


@statement.claim(
    "positive",
    line=68,
    expects="refuted",
    erratum=Erratum(
        "hypothesis",
        "s_0 is the smallest of the min(n_0, N) singular values of X",
        "s_0 = 0 when X is rank deficient, and a rate needs beta > 0 (lines 112, 470): take the smallest nonzero one, X != 0",
        stands=("mse-pl.pl-nonzero",),
    ),
    factor=2,
)
def positive(factor):
    """beta = 2 s_0^2 / N is a rate: it is positive"""
    yield Gt(factor * singular(X, minimum(n_0, N)) ** 2 / N, 0)


@statement.claim("positive-nonzero", line=68, expects="proved", corrects="positive", domain=nonzero, factor=2)
def positive_nonzero(factor):
    """beta is positive with the smallest nonzero singular value of X != 0"""
    goal = yield Gt(factor * singular(X, rank(X)) ** 2 / N, 0)
    yield goal, by.sign("s_0 is a singular value of X")


@statement.claim("minimum", line=59, expects="proved", near=slow_direction)
def attained():
    """The global minimum that Definition 1 asks for is attained, at Y times the pseudo-inverse of X"""
    goal = yield Le(C(best), C(A))
    over = yield excess(A), by.identity("P solves the normal equations")
    yield goal, by.linear((over, -1), squares=[(1 / N, (A - best) @ X)])


sharp_domain = nonzero.extended(
    "X != 0, u a left singular vector of its smallest nonzero singular value",
    derived("u", lambda env: env["svd"].left_vector(env["svd"].rank)),
    drawn("v", lambda source, env: columns(source, env["n_L"])),
    hypothesis("u belongs to s_0", Eq(X @ X.T @ u, s_0**2 * u)),
)


@statement.claim("sharp", line=68, expects="proved", domain=sharp_domain, half=HALF, factor=2)
def sharp(half, factor):
    """No larger constant than 2 s_0^2 / N will do: equality at Y P + v u^T for every v"""
    at = best + v @ u.T
    goal = yield Eq(half * norm(2 / N * (at @ X - Y) @ X.T) ** 2, factor * s_0**2 / N * (C(at) - C(best)))
    yield goal, by.identity("P solves the normal equations", "u belongs to s_0")


# --- strong convexity -----------------------------------------------------------------------------------------------------
def above_tangent(beta):
    return C(A) + inner(B - A, gradient) + beta / 2 * norm(B - A) ** 2


@statement.claim("strongly-convex", line=68, expects="proved", domain=full, near=slow_direction, factor=2)
def strongly_convex(factor):
    """Strong convexity with the same constant when X has full row rank"""
    goal = yield Ge(C(B), above_tangent(factor * s_0**2 / N))
    lowest = yield Psd(X @ X.T - s_0**2 * eye(n_0)), by.given("s_0^2 is the least eigenvalue of X X^T")
    curved = yield Ge(norm((B - A) @ X) ** 2, s_0**2 * norm(B - A) ** 2), by.congruence(lowest, (B - A).T)
    square = yield Ge(norm(B - A) ** 2, 0), by.linear(squares=[(1, B - A)])
    yield goal, by.linear((curved, 1 / N), slack=[square])


beta = sym("beta")
flat_domain = nonzero.extended(
    "rank X < n_0, u orthogonal to the columns of X",
    derived("u", lambda env: env["svd"].left_vector(env["n_0"])),
    drawn("v", lambda source, env: columns(source, env["n_L"])),
    real("beta", above=0),
    hypothesis("X is rank deficient", Lt(rank(X), n_0)),
    hypothesis("u is orthogonal to the columns", Eq(X.T @ u, zero(N, 1))),
    hypothesis("u != 0", Gt(norm(u), 0)),
    hypothesis("v != 0", Gt(norm(v), 0)),
)


def almost_fitted(source, env):
    """A residual below 1 and a small beta: both costs are almost equal, and wrong exponents show."""
    size_ = inner_product(residual := add(matmul(env["A"], env["X"]), scale(fmpq(-1), env["Y"])), residual)
    shrink = 1 / (1 + size_)
    moved = {name: scale(shrink, env[name]) for name in ("A", "B", "Y", "A_min")}
    beta_ = shrink**4 / (100 * env["N"] * (1 + inner_product(env["v"], env["v"])))
    return {**env, **moved, "C_min": shrink**2 * env["C_min"], "beta": beta_}


@statement.claim("strongly-convex-needs-rank", line=68, expects="proved", domain=flat_domain, near=almost_fitted)
def needs_rank():
    """Without full row rank the cost is not beta-strongly convex for any beta > 0, as rows along u do not change it"""
    moved = A + v @ u.T
    goal = yield Lt(C(moved), C(A) + inner(moved - A, gradient) + beta / 2 * norm(moved - A) ** 2)
    yield goal, by.sign("u is orthogonal to the columns")


if __name__ == "__main__":
    raise SystemExit(run_module(statement))
