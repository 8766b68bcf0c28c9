"""The covariance of the NTK of three layers, exactly, for matrices (paper, Corollary 19, line 577).

T(p, q) contracts four matrices, see `cor_19_matrices`. Of the printed terms the first four are those with p != q = 1 or
q != p = 1. With three layers they come with w^3 and w^2, and the five of the second order with w^2, T(1, 1) with the factor 8;
so the orders of line 577 are right, and its signs are not.
"""

from functools import reduce
from operator import add

from flint import fmpq

from proofs.lazy_regime.cor_19_bounds import POSITIVE
from proofs.lazy_regime.cor_19_matrices import contracted
from proofs.lazy_regime.cor_19_pairings import THREE
from proofs.lazy_regime.gaussian_layers import W, mean, n
from proofs.lazy_regime.random_networks import drawn_matrix, sigma
from theorycheck.domain import Domain
from theorycheck.exact import rules as by
from theorycheck.statement import Part
from theorycheck.tree import Eq, inner, mat

M = {k: mat(f"M_{k}", n[0], n[3]) for k in (1, 2, 3, 4)}
three_layers = Domain(
    "networks of three layers of any widths, N(0, sigma^2) parameters, any n_0 x n_3 matrices",
    (*THREE, *(drawn_matrix(x) for x in M.values())),
)
part = Part(line=577, domain=three_layers, reads="bound-matrices")


def theta(i, j):
    """Theta(M_i^T, M_j^T)."""
    X, Y = M[i].T, M[j].T
    above, below = W[3] @ W[2], W[2] @ W[1]
    ends = inner(above.T @ X, above.T @ Y) + inner(X @ below.T, Y @ below.T)
    return ends + inner(W[3].T @ X @ W[1].T, W[3].T @ Y @ W[1].T)


def ones(source, env):
    """All widths 1, all matrices 1: Theta is (W_1 W_2)^2 + (W_1 W_3)^2 + (W_2 W_3)^2."""
    return {**env, **{f"M_{k}": ((fmpq(1),),) for k in M}, "n": dict.fromkeys(range(4), 1), "sigma": fmpq(1)}


@part.claim("three-matrices", near=ones, expects="proved", exempt=POSITIVE, four=4, eight=8)
def three_matrices(four, eight):
    """For L = 3: the covariance itself, for matrices"""
    one, other = theta(1, 2), theta(3, 4)
    covariance = mean(one * other, sigma**2) - mean(one, sigma**2) * mean(other, sigma**2)
    outputs, inputs = contracted(1, 2, M) + contracted(1, 3, M), contracted(2, 1, M) + contracted(3, 1, M)
    first = (four * n[1] + n[2] + 1) * outputs + (n[1] + four * n[2] + 1) * inputs
    second = reduce(add, (contracted(p, q, M) for p in (2, 3) for q in (2, 3)))
    goal = yield Eq(covariance, sigma**8 * n[1] * n[2] * (first + eight * contracted(1, 1, M) + second))
    yield goal, by.identity()
