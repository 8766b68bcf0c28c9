"""The mean squared error C(A) = |A X - Y|^2 / N is beta-PL with beta = 2 s_0^2 / N (paper line 68).

Everything rests on P with P X X^T = X^T, such as the pseudo-inverse of X: A* = Y P solves the normal equations, so

    C(A) - C(A*) = |D X|^2 / N   and   |grad C(A)|^2 = 4 |D X X^T|^2 / N^2   with D = A - A*,

and (X X^T)^2 >= s_0^2 X X^T where no singular value of X lies strictly between 0 and s_0. That holds for the smallest of
all min(n_0, N) singular values, as printed: when X is rank deficient s_0 is then 0, and the claim says nothing. It holds as
well for the smallest nonzero one, which is what a rate needs. Singular values beyond min(n_0, N) (of N < n_0 data points)
would count as zeros, and say nothing either. When X X^T >= s_0^2 I the cost is strongly convex with the same constant
(`mse_constant`). The minus sign of |A X - Y| was lost by the scan.
"""

from fractions import Fraction

from proofs.preliminaries import mse_constant, mse_shapes
from proofs.preliminaries.mse_cost import (
    A,
    A_min,
    C,
    C_min,
    N,
    X,
    best,
    fitted,
    gradient,
    n_0,
    nonzero,
    printed,
    s_0,
)
from theorycheck.cli import run_module
from theorycheck.exact import rules as by
from theorycheck.models.matrix_flow import decay
from theorycheck.models.regression import engine_cost, slow_direction
from theorycheck.statement import Statement
from theorycheck.tree import Eq, Ge, Gt, Le, Psd, minimum, norm, rank, singular
from theorycheck.verdict import Erratum

HALF = Fraction(1, 2)
statement = Statement("mse-pl", "The mean squared error is a PL cost", "2.1", printed, depends_on=("def-1",))
statement.add(mse_shapes.part)


# --- the PL inequality ----------------------------------------------------------------------------------------------------
def polyak(half, factor):
    """The derivation of the PL inequality; it asks of s_0 only that no singular value lies strictly between 0 and s_0."""
    D = A - best
    goal = yield Ge(half * norm(gradient) ** 2, factor * s_0**2 / N * (C(A) - C_min))
    over = yield from fitted(A)
    over_min = yield from fitted(A_min)
    below = yield Le(C(best), C(A_min)), by.linear((over_min, -1), squares=[(1 / N, (A_min - best) @ X)])
    curved_slope = Eq(norm(gradient) ** 2, 4 / N**2 * norm(D @ X @ X.T) ** 2)
    slope = yield curved_slope, by.identity("P solves the normal equations")
    lowest = yield Psd(X @ X.T @ X @ X.T - s_0**2 * X @ X.T), by.given("no singular value lies strictly between 0 and s_0")
    curved = yield Ge(norm(D @ X @ X.T) ** 2, s_0**2 * norm(D @ X) ** 2), by.congruence(lowest, D.T)
    steep = yield (
        Ge(norm(gradient) ** 2 / 2, 2 * s_0**2 / N**2 * norm(D @ X) ** 2),
        by.linear((curved, 2 / N**2), (slope, -HALF)),
    )
    gap = yield Le(C(A) - C(A_min), norm(D @ X) ** 2 / N), by.linear(over, below)
    pl = yield Ge(norm(gradient) ** 2 / 2, 2 * s_0**2 / N * (C(A) - C(A_min))), by.linear(steep, (gap, 2 * s_0**2 / N))
    least = yield Ge(C(A), C_min), by.given("C_min is the minimum", B=A)
    square = yield Ge(norm(gradient) ** 2, 0), by.linear(squares=[(1, gradient)])
    yield goal, by.linear(pl, using=["C_min is attained"], slack=[least, square])


@statement.claim("pl", line=68, main=True, expects="proved", near=slow_direction, half=HALF, factor=2)
def pl(half, factor):
    """The PL inequality with the smallest singular value, as printed (it says nothing when that is 0)"""
    yield from polyak(half, factor)


@statement.claim(
    "pl-nonzero", line=68, main=True, expects="proved", reads="pl", domain=nonzero, near=slow_direction, half=HALF, factor=2
)
def pl_nonzero(half, factor):
    """The PL inequality with the smallest nonzero singular value"""
    yield from polyak(half, factor)


@pl_nonzero.leg("flow")
def matrix_flow(check):
    """The flow of C itself decays at least like e^(-2 beta t), and at exactly that rate in the slowest direction."""
    return decay(check, engine_cost)


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
    over = yield from fitted(A)
    yield goal, by.linear((over, -1), squares=[(1 / N, (A - best) @ X)])


mse_constant.enter(statement)


if __name__ == "__main__":
    raise SystemExit(run_module(statement))
