"""Theta and its least eigenvalue for networks of any depth and widths: symbols, hypotheses and instances of `pl-transfer`."""

from fractions import Fraction

from theorycheck.domain import Domain, depth, derived, drawn, hypothesis, index, real, widths
from theorycheck.models import aligned_networks as aligned
from theorycheck.tree import Eq, Function, Ge, Gt, gradient_of, inner, layers, mat, norm, scalars, sym, total

L, l, beta, lam, C_min = (sym(name) for name in ("L", "l", "beta", "lambda_min", "C_min"))
n, C = scalars("n"), Function("C")
W = layers("W", n)
A = W.chain(L, 1)
M, E = mat("M", n[L], n[0]), mat("E", n[L], n[0])
G = C.grad(A)
HALF = Fraction(1, 2)
PL, LEAST, LOWEST, VECTOR = "PL", "C_min is the minimum", "lambda_min is least", "at the eigenvector E"


def theta(X):
    """<X, Theta[X]>."""
    above, below = W.chain(L, l + 1), W.chain(l - 1, 1)
    return total(l, 1, L, inner(X, above @ above.T @ X @ below.T @ below))


def slopes(cost):
    """The squared norm of the gradient of theta -> cost."""
    return total(l, 1, L, norm(gradient_of(cost, W[l])) ** 2)


def is_least(env):
    return env["lambda_min"] <= aligned.least_eigenvalue(env)


networks = Domain(
    "networks of any depth and widths, the least eigenvalue of Theta with an eigenvector",
    (
        depth("L", 1),
        widths("n"),
        drawn("Q", aligned.rotations),
        drawn("d", aligned.values),
        derived("W", aligned.layers),
        derived("lambda_min", aligned.least_eigenvalue),
        derived("E", aligned.least_eigenvector),
        index("l", 1, L),
    ),
    (
        hypothesis(LOWEST, Ge(theta(M), lam * norm(M) ** 2), 338, variables=("M",), test=is_least),
        hypothesis(VECTOR, Eq(theta(E), lam * norm(E) ** 2), 338),
        hypothesis("E != 0", Gt(norm(E) ** 2, 0), 338),
    ),
)
PL_COST = (
    real("beta", above=0, line=112),
    drawn("C", aligned.pl_cost),
    derived("C_min", lambda env: env["C"].least),
    hypothesis(
        PL,
        Ge(norm(C.grad(M)) ** 2 / 2, beta * (C(M) - C_min)),
        345,
        variables=("M",),
        test=lambda env: env["C_min"] >= env["C"].least and env["C"].has_pl(env["beta"]),
    ),
    hypothesis(LEAST, Ge(C(M), C_min), 345, variables=("M",), test=lambda env: env["C"].least >= env["C_min"]),
)
"""A cost on matrices that is beta-PL, and its least value."""

domain = networks.extended("networks of any depth and widths, costs on matrices that are beta-PL", *PL_COST)
