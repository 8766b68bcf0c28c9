"""The mean squared error C(A) = |A X - Y|^2 / N: symbols, and the data that its claims are about."""

from theorycheck.domain import Domain, derived, drawn, hypothesis, matrix, size
from theorycheck.evaluate import evaluate, judge
from theorycheck.exact import rules as by
from theorycheck.models.regression import singular_value, some_minimizer
from theorycheck.models.spectral import decomposed
from theorycheck.tree import Eq, Ge, Gt, Psd, eye, gradient_of, mat, minimum, norm, rank, singular, sym, vec

n_0, n_L, N = sym("n_0"), sym("n_L"), sym("N")
s_0, C_min = sym("s_0"), sym("C_min")
X, Y, P = mat("X", n_0, N), mat("Y", n_L, N), mat("P", N, n_0)
A, B, A_min = mat("A", n_L, n_0), mat("B", n_L, n_0), mat("A_min", n_L, n_0)
u, v = vec("u", n_0), vec("v", n_L)
best = Y @ P
NORMAL = Eq(P @ X @ X.T, X.T)


def C(M):
    """The cost."""
    return norm(M @ X - Y) ** 2 / N


gradient = gradient_of(C(A), A)


def excess(M):
    """C(M) - C(A*) is a square, because A* = Y P solves the normal equations."""
    return Eq(C(M) - C(best), norm((M - best) @ X) ** 2 / N)


def fitted(M):
    """The line `excess`."""
    return (yield excess(M), by.identity("P solves the normal equations"))


def least(env):
    """The part of the labels that no A fits: the least value of the cost, from the normal equations."""
    return evaluate(C(best), env)


def is_least(env):
    """Whether no A has a cost below C_min, by the pseudo-inverse that the data were drawn with, whatever P is."""
    own = {**env, "P": env["svd"].pseudo_inverse}
    return judge(NORMAL, own).holds is True and env["C_min"] <= least(own)


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
            hypothesis("P solves the normal equations", NORMAL),
            hypothesis("C_min is attained", Eq(C_min, C(A_min)), 59),
            hypothesis(
                "C_min is the minimum", Ge(C(B), C_min), 59, variables=("B",), test=is_least
            ),
            *more,
        ),
    )


printed = data("any X, s_0 the smallest of its min(n_0, N) singular values", lambda env: 0, minimum(n_0, N))
nonzero = data("any X != 0, s_0 its smallest nonzero singular value", lambda env: 1, rank(X), hypothesis("X != 0", Gt(s_0, 0)))
full = data(
    "rank X = n_0, s_0 the smallest singular value of X",
    lambda env: min(env["n_0"], env["N"]),
    n_0,
    hypothesis("X has full row rank", Eq(rank(X), n_0), 68),
    hypothesis("s_0^2 is the least eigenvalue of X X^T", Psd(X @ X.T - s_0**2 * eye(n_0)), 68),
)
