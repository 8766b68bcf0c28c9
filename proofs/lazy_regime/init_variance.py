"""The entries of A = W_L .. W_1 at initialization, and the variance of the parameters that fixes theirs (paper, line 99).

Integrating out the last layer leaves E|W_(L-1) .. W_1 a|^2, which is (s w)^(L-1) |a|^2 (`layer-moments`).
"""

from proofs.lazy_regime.gaussian_layers import L, mean
from proofs.lazy_regime.random_networks import (
    EVEN,
    NORMALIZED,
    SCALED,
    UNIT_A,
    UNIT_B,
    A,
    a,
    b,
    entries,
    hidden_part,
    sigma,
    sigma_tilde,
    w,
)
from theorycheck.cli import run_module
from theorycheck.exact import rules as by
from theorycheck.statement import Statement
from theorycheck.tree import Eq, inner

statement = Statement(
    "init-variance", "Variance of the entries at initialization", "3.1", entries, depends_on=("layer-moments",)
)
entry = inner(b, A @ a)


@statement.claim("mean", line=99, expects="proved")
def mean_():
    """The entries of A have mean 0"""
    goal = yield Eq(mean(entry, sigma_tilde**2), 0)
    yield goal, by.identity()


def variance_of_entry(goal, variance):
    moment, widths = yield from hidden_part(a, a, variance)
    yield goal, by.linear((moment, variance), (widths, variance**L), using=[UNIT_A, UNIT_B])


@statement.claim("variance", line=99, main=True, expects="proved", exempt={**SCALED, **EVEN}, two=2, one=1)
def variance(two, one):
    """The variance of the entries of A is sigma_tilde^(2 L) w^(L - 1)"""
    goal = yield Eq(mean(entry * entry, sigma_tilde**2), sigma_tilde ** (two * L) * w ** (L - one))
    yield from variance_of_entry(goal, sigma_tilde**2)


@statement.claim("normalized", line=99, main=True, expects="proved", exempt={**SCALED, **EVEN}, two=2)
def normalized(two):
    """With sigma_tilde^2 = sigma^(2/L) w^(-(L-1)/L) it is sigma^2, for all widths"""
    goal = yield Eq(mean(entry * entry, sigma ** (two / L) * w ** (-(L - 1) / L)), sigma**2)
    yield from variance_of_entry(goal, NORMALIZED)


if __name__ == "__main__":
    raise SystemExit(run_module(statement))
