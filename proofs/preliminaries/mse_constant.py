"""How good the constant 2 s_0^2 / N of the mean squared error is (paper, line 68).

No larger one will do for PL. It is a constant of strong convexity when X has full row rank, and only then.
"""

from fractions import Fraction

from proofs.preliminaries.mse_cost import A, B, C, N, X, Y, best, full, gradient, n_0, nonzero, s_0, u, v
from theorycheck.domain import derived, drawn, hypothesis, real
from theorycheck.exact import rules as by
from theorycheck.models.regression import almost_fitted, slow_direction
from theorycheck.models.spectral import columns
from theorycheck.tree import Eq, Ge, Gt, Lt, Psd, eye, inner, norm, rank, sym, zero

beta = sym("beta")
sharp_domain = nonzero.extended(
    "X != 0, u a left singular vector of its smallest nonzero singular value",
    derived("u", lambda env: env["svd"].left_vector(env["svd"].rank)),
    drawn("v", lambda source, env: columns(source, env["n_L"])),
    hypothesis("u belongs to s_0", Eq(X @ X.T @ u, s_0**2 * u)),
)
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


def sharp(half, factor):
    """No larger constant than 2 s_0^2 / N will do: equality at Y P + v u^T for every v"""
    at = best + v @ u.T
    goal = yield Eq(half * norm(2 / N * (at @ X - Y) @ X.T) ** 2, factor * s_0**2 / N * (C(at) - C(best)))
    yield goal, by.identity("P solves the normal equations", "u belongs to s_0")


def above_tangent(M, constant):
    return C(A) + inner(M - A, gradient) + constant / 2 * norm(M - A) ** 2


def strongly_convex(factor):
    """Strong convexity with the same constant when X has full row rank"""
    goal = yield Ge(C(B), above_tangent(B, factor * s_0**2 / N))
    lowest = yield Psd(X @ X.T - s_0**2 * eye(n_0)), by.given("s_0^2 is the least eigenvalue of X X^T")
    curved = yield Ge(norm((B - A) @ X) ** 2, s_0**2 * norm(B - A) ** 2), by.congruence(lowest, (B - A).T)
    square = yield Ge(norm(B - A) ** 2, 0), by.linear(squares=[(1, B - A)])
    yield goal, by.linear((curved, 1 / N), slack=[square])


def needs_rank():
    """Without full row rank the cost is not beta-strongly convex for any beta > 0, as rows along u do not change it"""
    moved = A + v @ u.T
    goal = yield Lt(C(moved), above_tangent(moved, beta))
    yield goal, by.sign("u is orthogonal to the columns")


def enter(statement):
    """Add the claims about the constant."""
    claim, options = statement.claim, {"line": 68, "expects": "proved"}
    claim("sharp", domain=sharp_domain, half=Fraction(1, 2), factor=2, **options)(sharp)
    claim("strongly-convex", domain=full, near=slow_direction, factor=2, **options)(strongly_convex)
    claim("strongly-convex-needs-rank", domain=flat_domain, near=almost_fitted, **options)(needs_rank)
