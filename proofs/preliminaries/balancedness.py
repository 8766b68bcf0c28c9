"""Balancedness is conserved by the gradient flow; a ridge lets the gaps decay at the rate 4 lambda (paper line 696).

The gap W_l^T W_l - W_(l-1) W_(l-1)^T, l = 2 .. L, of networks of any depth and widths, any cost C(A). Its derivative along
Dt W_l = -grad_l, written out by the product rule, is 0: both products with the gradients are the same matrix,
W_l^T grad_l = grad_(l-1) W_(l-1)^T (`exchange`). With the ridge, Dt W_l = -grad_l - 2 lambda W_l, it is -4 lambda times the
gap, so the gap is e^(-4 lambda t) times the one at the start. The paper prints the balanced weights for 1 < l < L; l = L is
balanced as well, and conserved.
"""

from proofs.preliminaries.frames_of_layers import C, L, l, n
from theorycheck.cli import run_module
from theorycheck.domain import Domain, depth, drawn, index, layers_of, real, widths
from theorycheck.exact import rules as by
from theorycheck.models import included
from theorycheck.models.gap_checks import gaps_along_runs
from theorycheck.statement import Statement
from theorycheck.tree import Eq, gradient_of, layers, sym, zero

W, lam = layers("W", n), sym("lambda")
A = W.chain(L, 1)
upper, lower = gradient_of(C(A), W[l]), gradient_of(C(A), W[l - 1])
gap = W[l].T @ W[l] - W[l - 1] @ W[l - 1].T

domain = Domain(
    "deep linear networks of any depth L >= 2 and widths, any cost, ridge lambda >= 0, two neighbouring layers",
    (
        depth("L"),
        widths("n"),
        layers_of("W"),
        drawn("C", included.matrix_cost),
        real("lambda", at_least=0),
        index("l", 2, L),
    ),
)
statement = Statement("balancedness", "Balancedness is conserved", "C.1", domain)


def moved(speed_upper, speed_lower):
    """The derivative of the gap where W_l and W_(l-1) move at these speeds."""
    return speed_upper.T @ W[l] + W[l].T @ speed_upper - speed_lower @ W[l - 1].T - W[l - 1] @ speed_lower.T


@statement.claim("exchange", line=696, where="proof", expects="proved")
def exchange():
    """Both products of a layer with its gradient are (W_L .. W_l)^T grad C(A) (W_(l-1) .. W_1)^T"""
    goal = yield Eq(W[l].T @ upper, lower @ W[l - 1].T)
    yield goal, by.identity()


@statement.claim("conserved", line=696, main=True, expects="proved")
def conserved():
    """The gap does not move along the gradient flow"""
    goal = yield Eq(moved(-upper, -lower), zero(n[l - 1], n[l - 1]))
    yield goal, by.identity()


@statement.claim("ridge", line=696, main=True, expects="proved", rate=4, ridge=2)
def ridge_(rate, ridge):
    """With the ridge lambda the gap decays at the rate 4 lambda"""
    goal = yield Eq(moved(-upper - ridge * lam * W[l], -lower - ridge * lam * W[l - 1]), -rate * lam * gap)
    yield goal, by.identity()


for claim in (conserved, ridge_):
    claim.leg("flow")(gaps_along_runs)

if __name__ == "__main__":
    raise SystemExit(run_module(statement))
