"""The PL inequality of a cost C on matrices passes to theta -> C(A_theta) (paper lines 335 to 339; sketched at line 124).

Theta = J J^T for the Jacobian J of theta -> A_theta: Theta[M] = sum_l P_l P_l^T M R_l^T R_l with P_l = W_L .. W_(l+1) and
R_l = W_(l-1) .. W_1, for any depth and widths. The gradient in theta is J^T grad C(A), so its squared norm is
<grad C, Theta grad C> >= lambda_min |grad C|^2; the display prints J for J^T. The constant lambda_min beta is the best.
C_min is the minimum over all matrices; that of theta -> C(A_theta) is no smaller, so the inequality holds with it as well.
"""

from proofs.lazy_regime import pl_transfer_shapes
from proofs.lazy_regime.aligned_kernel import (
    HALF,
    LEAST,
    LOWEST,
    PL,
    VECTOR,
    A,
    C,
    C_min,
    E,
    G,
    L,
    W,
    beta,
    domain,
    l,
    lam,
    n,
    networks,
    slopes,
    theta,
)
from theorycheck.cli import run_module
from theorycheck.domain import derived, hypothesis, real
from theorycheck.evaluate import evaluate
from theorycheck.exact import matrix_rules as matrices, rules as by
from theorycheck.models import aligned_networks as aligned
from theorycheck.statement import Statement
from theorycheck.tree import Eq, Ge, inner, mat, norm

statement = Statement("pl-transfer", "PL passes from matrices to parameters", "B", domain, depends_on=("def-1",))


def equality(source, env):
    """C = beta/2 |A - T|^2 with the least eigenvector for A - T."""
    cost = aligned.along_the_least(env, evaluate(A, env))
    return {**env, "C": cost, "C_min": cost.least}


statement.add(pl_transfer_shapes.part)


# --- the three lines ------------------------------------------------------------------------------------------------------
@statement.claim("kernel", line=337, where="proof", expects="proved", half=HALF)
def kernel(half):
    """First line: the squared gradient is the quadratic form of Theta at grad C(A)"""
    goal = yield Eq(half * slopes(C(A)), theta(G) / 2)
    yield goal, by.identity()


@statement.claim("least", line=338, where="proof", expects="proved", near=equality, half=HALF)
def least(half):
    """Second line: the least eigenvalue of Theta"""
    goal = yield Ge(theta(G) / 2, half * lam * norm(G) ** 2)
    low = yield Ge(theta(G), lam * norm(G) ** 2), by.given(LOWEST, M=G)
    gram = yield from nonnegative(G)
    yield goal, by.linear((low, HALF), slack=[gram])


def nonnegative(X):
    """Theta is a Gram matrix."""
    above, below = W.chain(L, l + 1), W.chain(l - 1, 1)
    part = above.T @ X @ below.T
    one = yield Ge(inner(X, above @ above.T @ X @ below.T @ below), 0), by.linear(squares=[(1, part)])
    return (yield Ge(theta(X), 0), by.termwise(one, l))


@statement.claim("cost", line=339, where="proof", expects="proved", near=equality, factor=1)
def cost(factor):
    """Third line: PL of the cost on matrices, times lambda_min >= 0"""
    goal = yield Ge(lam / 2 * norm(G) ** 2, factor * lam * beta * (C(A) - C_min))
    pl = yield Ge(norm(G) ** 2 / 2, beta * (C(A) - C_min)), by.given(PL, M=A)
    gram = yield from nonnegative(E)
    attained = yield Eq(theta(E), lam * norm(E) ** 2), by.given(VECTOR)
    above = yield Ge(lam, 0), by.linear((gram, 1 / norm(E) ** 2), (attained, 1 / norm(E) ** 2))
    low = yield Ge(C(A), C_min), by.given(LEAST, M=A)
    scaled = yield Ge(lam * norm(G) ** 2 / 2, lam * beta * (C(A) - C_min)), matrices.scaled(pl, above)
    slack = yield Ge(lam * (C(A) - C_min), 0), matrices.scaled(low, above)
    yield goal, by.linear(scaled, slack=[slack])


CARRIED = {
    f"the hypothesis {VECTOR}": "for lambda_min < 0 the claim says nothing",
    f"the hypothesis {LEAST}": "Definition 9 says so; used for smaller constants only",
}


@statement.claim("pl", line=335, main=True, expects="proved", near=equality, exempt=CARRIED, half=HALF, factor=1)
def pl(half, factor):
    """theta -> C(A_theta) satisfies the PL inequality with the constant lambda_min(Theta) beta, at every theta"""
    goal = yield Ge(half * slopes(C(A)), factor * lam * beta * (C(A) - C_min))
    first = yield Eq(slopes(C(A)) / 2, theta(G) / 2), by.uses("pl-transfer.kernel")
    second = yield Ge(theta(G) / 2, lam / 2 * norm(G) ** 2), by.uses("pl-transfer.least")
    third = yield Ge(lam / 2 * norm(G) ** 2, lam * beta * (C(A) - C_min)), by.uses("pl-transfer.cost")
    gram = yield from nonnegative(G)
    yield goal, by.linear(first, second, third, slack=[gram])


squared = networks.extended(
    "the cost beta/2 |A - T|^2 where A - T is an eigenvector of Theta to lambda_min",
    real("beta", above=0),
    derived("T", lambda env: aligned.along_the_least({**env, "beta": env["beta"]}, evaluate(A, env)).target),
    hypothesis("A - T is the eigenvector", Eq(mat("T", n[L], n[0]), A - E)),
)


@statement.claim("sharp", line=335, expects="proved", domain=squared, half=HALF, factor=1)
def sharp(half, factor):
    """No larger constant than lambda_min beta will do: equality for C = beta/2 |A - T|^2"""
    distance = beta / 2 * norm(A - mat("T", n[L], n[0])) ** 2
    goal = yield Eq(half * slopes(distance), factor * lam * beta * distance)
    form = yield Eq(slopes(distance), beta**2 * theta(E)), by.identity("A - T is the eigenvector")
    attained = yield Eq(theta(E), lam * norm(E) ** 2), by.given(VECTOR)
    yield goal, by.linear((form, HALF), (attained, beta**2 / 2), using=["A - T is the eigenvector"])


if __name__ == "__main__":
    raise SystemExit(run_module(statement))
