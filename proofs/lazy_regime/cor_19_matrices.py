"""The covariance of the NTK exactly, for matrices, at any depth (paper, Corollary 19, line 577).

T(p, q) contracts four matrices: their rows in pairs by p, their columns by q, as alpha_p beta_q does for M_k = a_k b_k^T. Both
sides of the sum over pairings for vectors are linear in each outer product, so it holds for all matrices.
"""

from functools import reduce
from operator import mul

from proofs.lazy_regime.cor_19_bounds import M, a, b, covariance
from proofs.lazy_regime.cor_19_pairings_deep import MIXED, any_depth, covariance_sum, for_vectors, of_rank_one
from proofs.lazy_regime.cor_19_sequences import valued
from proofs.lazy_regime.correlated_networks import PAIRINGS
from proofs.lazy_regime.exemptions import ranges
from proofs.lazy_regime.random_networks import drawn_matrix
from theorycheck.domain import Domain
from theorycheck.exact import matrix_rules as matrices, rules as by
from theorycheck.statement import Part
from theorycheck.tree import Eq, inner, trace

any_matrices = Domain(
    "networks of any depth L >= 2 and widths, N(0, sigma^2) parameters, any n_0 x n_L matrices",
    (*any_depth.variables[:3], *(drawn_matrix(x) for x in M.values())),
)
part = Part(line=577, domain=any_matrices, reads="bound-matrices", expects="proved", exempts=ranges)

OUTER = {f"M_{k}": (a[k], b[k]) for k in M}


def contracted(p, q, M):
    """T(p, q): from M_1 along the pairs of rows and of columns by turns, until M_1 is met again."""
    by_rows, by_columns = ({i: j for x in PAIRINGS[k] for i, j in (x, x[::-1])} for k in (p, q))
    if p == q:
        return reduce(mul, (inner(M[i], M[j]) for i, j in PAIRINGS[p]))
    i = by_rows[1]
    j = by_columns[i]
    return trace(M[1].T @ M[i] @ M[j].T @ M[by_rows[j]])


def of_matrices(first, last):
    return valued(first, [valued(last, [contracted(p, q, M) for q in PAIRINGS]) for p in PAIRINGS])


@part.claim("matrices-any-depth", near=of_rank_one(OUTER), exempt=MIXED, power=2)
def any_depth_(power):
    """For any depth: the covariance as a sum over pairings, for matrices"""
    goal = yield Eq(covariance(*(x.T for x in M.values())), covariance_sum(power, of_matrices, contracted(1, 1, M)))
    line = yield for_vectors(power), by.uses("cor-19.sum-any-depth")
    yield goal, matrices.multilinear(line, **{name: u @ v.T for name, (u, v) in OUTER.items()})
