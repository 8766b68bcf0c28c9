"""L = 1: the gradient flow of a quadratic cost, coordinate by coordinate in eigenvectors of its Hessian.

The engine rests on it (theorycheck/flow/solved.py, exact_solutions.py); the costs are those of lines 68 and 69, the loss that
of line 53. Along an eigenvector e of the Hessian, H e = m e, the gradient of 1/2 (x - c)^T H (x - c) + lambda |x|^2 is
(m + 2 lambda) <e, x> - m <e, c>. For the mean squared error that is so row by row: with X X^T v = N mu v the gradient carries
v to (2 mu + 2 lambda) A v - 2/N Y X^T v. So each coordinate y moves by -(k y + p), whose solution is e^(-k t) y_0 -
(1 - e^(-k t)) p / k, and y_0 - p t for k = 0.
"""

from flint import fmpq

from theorycheck.cli import run_module
from theorycheck.domain import Domain, derived, drawn, hypothesis, matrix, real, size
from theorycheck.evaluate.values import matmul
from theorycheck.exact import rules as by
from theorycheck.models.costs import column_of, conjugate, diagonal, orthogonal
from theorycheck.models.networks import frame, positive, transpose
from theorycheck.statement import Statement
from theorycheck.tree import All, Dt, Eq, Gt, exp, gradient_of, inner, mat, norm, num, sym, vec

n, k, t, m, lam, mu, N, n_0, n_L = (sym(name) for name in ("n", "k", "t", "m", "lambda", "mu", "N", "n_0", "n_L"))
x, c, e, y, p = (vec(name, n) for name in ("x", "c", "e", "y", "p"))
H, A = mat("H", n, n), mat("A", n_L, n_0)
X, Y, v = mat("X", n_0, N), mat("Y", n_L, N), vec("v", n_0)


def hessian(source, env):
    """A symmetric matrix with its orthonormal eigenvectors; eigenvalues of any sign, 0 and equal ones likely."""
    basis = orthogonal(source, env["n"])
    values = [fmpq(source.integer(-1, 2)) for _ in range(env["n"])]
    return conjugate(basis, values), tuple((row[0],) for row in basis), values[0]


quadratic = Domain(
    "quadratic costs on R^n, an eigenvector of the Hessian, ridge lambda >= 0",
    (
        size("n"),
        drawn("eigen", hessian),
        derived("H", lambda env: env["eigen"][0]),
        derived("e", lambda env: env["eigen"][1]),
        derived("m", lambda env: env["eigen"][2]),
        column_of("x"),
        column_of("c"),
        real("lambda", at_least=0),
    ),
    (hypothesis("an eigenvector", Eq(H @ e, m * e), 53), hypothesis("an eigenvector of H^T", Eq(H.T @ e, m * e), 53)),
)
statement = Statement("linear-flow", "The flow of one layer in closed form", "2.1", quadratic)


@statement.claim("coordinate", line=53, main=True, expects="proved", ridge=2)
def coordinate(ridge):
    """The coordinate of the gradient along an eigenvector is affine in the coordinate of x alone"""
    loss = inner(x - c, H @ (x - c)) / 2 + lam * norm(x) ** 2
    goal = yield Eq(inner(e, gradient_of(loss, x)), (m + ridge * lam) * inner(e, x) - m * inner(e, c))
    yield goal, by.identity("an eigenvector", "an eigenvector of H^T")


# --- the mean squared error, row by row ------------------------------------------------------------------------------------
def data(source, env):
    """Inputs Q diag(s) Z^T with frames Q and Z, the first column of Q, and its value s^2."""
    r = min(env["n_0"], env["N"])
    Q, Z = frame(source, env["n_0"], r), frame(source, env["N"], r)
    values = [positive(source) for _ in range(r)]
    return matmul(matmul(Q, diagonal(values)), transpose(Z)), tuple((row[0],) for row in Q), values[0] ** 2


regression = Domain(
    "the mean squared error for data of any sizes, an eigenvector of X X^T / N, ridge lambda >= 0",
    (
        size("n_0"),
        size("n_L"),
        size("N"),
        drawn("data", data),
        derived("X", lambda env: env["data"][0]),
        derived("v", lambda env: env["data"][1]),
        derived("mu", lambda env: env["data"][2] / fmpq(env["N"])),
        matrix("Y", n_L, N),
        matrix("A", n_L, n_0),
        real("lambda", at_least=0),
    ),
    (hypothesis("an eigenvector of the inputs", Eq(X @ X.T @ v, N * mu * v), 68),),
)


@statement.claim("regression", line=68, domain=regression, expects="proved", ridge=2)
def regression_(ridge):
    """Every row of A moves by itself along an eigenvector of X X^T / N"""
    loss = norm(A @ X - Y) ** 2 / N + lam * norm(A) ** 2
    goal = yield Eq(gradient_of(loss, A) @ v, (2 * mu + ridge * lam) * A @ v - 2 / N * Y @ X.T @ v)
    yield goal, by.identity("an eigenvector of the inputs")


# --- the solution ------------------------------------------------------------------------------------------------------------
affine = Domain(
    "affine speeds, a rate that is not 0, times t >= 0",
    (size("n"), column_of("y"), column_of("p"), real("k"), real("t", at_least=0)),
    (hypothesis("k is not 0", Gt(k**2, 0)),),
)
still = Domain("constant speeds, times t >= 0", (size("n"), column_of("y"), column_of("p"), real("t", at_least=0)))


@statement.claim("solution", line=53, domain=affine, main=True, expects="proved", rate=1)
def solution(rate):
    """e^(-k t) y - (1 - e^(-k t)) p / k starts at y and moves by -(k times itself + p)"""

    def path(at):
        return exp(-rate * k * at) * y - (1 - exp(-rate * k * at)) / k * p

    goal = yield All(Eq(Dt(path(t)), -(k * path(t) + p)), Eq(path(num(0)), y))
    moves = yield goal.nodes[0], by.identity()
    starts = yield goal.nodes[1], by.identity()
    yield goal, by.both(moves, starts)


@statement.claim("flat", line=53, domain=still, expects="proved", factor=1)
def flat(factor):
    """y - t p moves by -p"""
    goal = yield Eq(Dt(y - factor * t * p), -p)
    yield goal, by.identity()


if __name__ == "__main__":
    raise SystemExit(run_module(statement))
