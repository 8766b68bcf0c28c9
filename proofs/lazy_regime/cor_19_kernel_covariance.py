"""Mean and covariance of the NTK at initialization (paper, Corollary 19, lines 561 to 581).

Here sigma^2 is the variance of the parameters (sigma_tilde^2 elsewhere), a_i b_i^T stands for the n_L x n_0 matrix b_i a_i^T,
and Theta(b a^T, d c^T) = sum_l <grad_l <b, A a>, grad_l <d, A c>>. The mean lacks a factor L: each layer contributes the
same. The covariance is an exact sum over pairings, for vectors (`cor_19_pairings_deep`) and for matrices (`cor_19_matrices`),
from which the variance follows (`cor_19_variance`); the bounds of `cor_19_bounds` hold with absolute values.
"""

from proofs.lazy_regime import (
    cor_19_any_depth,
    cor_19_bounds,
    cor_19_carried,
    cor_19_matrices,
    cor_19_matrix_bound,
    cor_19_means,
    cor_19_pairings,
    cor_19_pairings_deep,
    cor_19_shallow,
    cor_19_sum,
    cor_19_sums,
    cor_19_three_matrices,
    cor_19_variance,
)
from proofs.lazy_regime.cor_19_bounds import POSITIVE, M, a, b, l
from proofs.lazy_regime.gaussian_layers import DEPTH, L, W, mean, n
from proofs.lazy_regime.kernel import every_width
from proofs.lazy_regime.random_networks import SCALES, A, sigma
from theorycheck.cli import run_module
from theorycheck.domain import Domain, matrix, widths
from theorycheck.exact import rules as by
from theorycheck.statement import Statement
from theorycheck.tree import Eq, gradient_of, inner, num, total, trace
from theorycheck.verdict import Erratum

INPUTS = tuple(matrix(f"a_{k}", n[0], 1) for k in a)
OUTPUTS = tuple(matrix(f"b_{k}", n[L], 1) for k in b)
MATRICES = tuple(matrix(f"M_{k}", n[0], n[L]) for k in M)
ANY = (DEPTH, widths("n", most=2), SCALES[0])
two_vectors = Domain(
    "networks of any depth L >= 2 and widths, independent N(0, sigma^2) parameters, any vectors",
    (*ANY, *INPUTS[:2], *OUTPUTS[:2]),
)
two_matrices = Domain(
    "networks of any depth L >= 2 and widths, independent N(0, sigma^2) parameters, any n_0 x n_L matrices",
    (*ANY, *MATRICES[:2]),
)
USED = ("ntk-mean", "layer-moments")
statement = Statement("cor-19", "Mean and covariance of the NTK", "B.3", two_vectors, depends_on=USED)


def theta(i, j):
    """Theta(b_i a_i^T, b_j a_j^T)."""
    slopes = [gradient_of(inner(b[k], A @ a[k]), W[l]) for k in (i, j)]
    return total(l, 1, L, inner(*slopes))


def form(i, j):
    """Theta(M_i^T, M_j^T)."""
    slopes = [gradient_of(inner(M[k].T, A), W[l]) for k in (i, j)]
    return total(l, 1, L, inner(*slopes))


LOST = "The sum over the layers has L equal terms; Lemma 14 and line 101 have the factor L."


@statement.claim(
    "mean",
    line=563,
    main=True,
    expects="refuted",
    erratum=Erratum("constant", "for all depths", LOST, stands=("lemma-14", "ntk-mean")),
)
def mean_():
    """The mean on rank-one matrices, without the factor L"""
    yield Eq(mean(theta(1, 2), sigma**2), sigma ** (2 * L - 2) * every_width() * inner(a[1], a[2]) * inner(b[1], b[2]))


@statement.claim("mean-corrected", line=563, corrects="mean", expects="proved", exempt=POSITIVE, two=2)
def mean_corrected(two):
    """The mean on rank-one matrices"""
    value = L * sigma ** (two * L - 2) * every_width() * inner(a[1], a[2]) * inner(b[1], b[2])
    goal = yield Eq(mean(theta(1, 2), sigma**2), value)
    yield goal, by.uses("ntk-mean.any-widths", s=sigma**2, X=b[1] @ a[1].T, Y=b[2] @ a[2].T, l=num(1))


INHERITED = Erratum("constant", "for all depths", LOST, stands=("lemma-14", "ntk-mean"), inherits="cor-19.mean")


@statement.claim("mean-matrices", line=567, domain=two_matrices, expects="refuted", erratum=INHERITED)
def mean_matrices():
    """The mean on matrices, without the factor L"""
    yield Eq(mean(form(1, 2), sigma**2), sigma ** (2 * L - 2) * every_width() * trace(M[1] @ M[2].T))


@statement.claim(
    "mean-matrices-corrected", line=567, domain=two_matrices, corrects="mean-matrices", expects="proved", exempt=POSITIVE, two=2
)
def mean_matrices_corrected(two):
    """The mean on matrices"""
    value = L * sigma ** (two * L - 2) * every_width() * trace(M[1] @ M[2].T)
    goal = yield Eq(mean(form(1, 2), sigma**2), value)
    yield goal, by.uses("ntk-mean.any-widths", s=sigma**2, X=M[1].T, Y=M[2].T, l=num(1))


cor_19_bounds.enter(statement)
cor_19_shallow.enter(statement)
cor_19_means.enter(statement)
cor_19_sum.enter(statement)
statement.add(cor_19_sums.part)
statement.add(cor_19_pairings.part)
statement.add(cor_19_pairings_deep.part)
statement.add(cor_19_carried.part)
statement.add(cor_19_any_depth.part)
statement.add(cor_19_matrices.part)
statement.add(cor_19_matrix_bound.part)
statement.add(cor_19_three_matrices.part)
statement.add(cor_19_variance.part)

if __name__ == "__main__":
    raise SystemExit(run_module(statement))
