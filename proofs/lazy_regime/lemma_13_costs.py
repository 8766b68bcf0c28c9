"""Costs at initialization (paper, Lemma 13, lines 403 to 411): rows of A, two polynomial costs.

For two layers the mean of |A|^4 shows the rate 1/w with its constant.
"""


from proofs.lazy_regime.exemptions import ranges
from proofs.lazy_regime.gaussian_layers import L, W, mean, n
from proofs.lazy_regime.random_networks import (
    EQUAL,
    NORMALIZED,
    SCALES,
    UNIT_A,
    UNIT_B,
    WIDTHS,
    A,
    a,
    b,
    drawn_matrix,
    hidden_part,
    sigma,
    standard,
)
from theorycheck.domain import Domain, depth, derived, hypothesis, size, widths
from theorycheck.exact import rules as by
from theorycheck.statement import Part
from theorycheck.tree import Eq, inner, mat, num, sym
from theorycheck.verdict import Erratum

N, s = sym("N"), sym("s")
SHALLOW = (depth("L", most=2), *WIDTHS[1:], SCALES[0])
ROWS = (standard("a", lambda env: 0), standard("b", lambda env: env["L"]))
UNIT = hypothesis(UNIT_A, Eq(inner(a, a), 1), 411), hypothesis(UNIT_B, Eq(inner(b, b), 1), 411)
entries = Domain("networks with hidden widths w, the variance of line 99, entries of A", (*SHALLOW, *ROWS), (EQUAL, *UNIT))
X, Y = mat("X", n[0], N), mat("Y", n[L], N)
DATA = (size("N", most=2), drawn_matrix(X), drawn_matrix(Y))
data = Domain("networks with hidden widths w, the variance of line 99, any data", (*SHALLOW, *DATA), (EQUAL,))
two_layers = Domain("networks of two layers, the variance of line 99", (derived("L", lambda _: 2), widths("n"), SCALES[0]))
part = Part(exempts=ranges, expects="proved")


ROWS_AS_PRINTED = Erratum(
    "notation",
    "the covariance as it stands, after the mean over the layers",
    "Sigma^(L) stands for Sigma^(L - 1), the covariance of the rows given the first L - 1 layers (line 405).",
    stands=("lemma-13",),
)


# --- rows --------------------------------------------------------------------------------------------------------------------
@part.claim("rows", line=411, domain=entries, expects="refuted", erratum=ROWS_AS_PRINTED, where="proof")
def rows_printed():
    """The covariance of the rows with Sigma^(L): its mean against that of the entries"""
    yield Eq(mean(inner(b, A @ a) * inner(b, A @ a), NORMALIZED), mean(NORMALIZED * inner(A @ a, A @ a), NORMALIZED))


@part.claim("rows-corrected", line=411, domain=entries, corrects="rows", one=1, where="proof")
def rows(one):
    """The covariance of the rows with Sigma^(L - 1): its mean is that of the entries"""
    C = W.chain(L - one, 1)
    goal = yield Eq(mean(inner(b, A @ a) * inner(b, A @ a), NORMALIZED), mean(NORMALIZED * inner(C @ a, C @ a), NORMALIZED))
    yield goal, by.identity(UNIT_B)


# --- polynomial costs --------------------------------------------------------------------------------------------------------
def squared_error(M):
    return inner(M @ X - Y, M @ X - Y)


@part.claim("quadratic", line=403, domain=data, main=True, corrects="any-cost", one=1)
def quadratic(one):
    """The mean of |A X - Y|^2 is that for Gaussian A, at every width"""
    goal = yield Eq(mean(squared_error(A), NORMALIZED), sigma**2 * n[L] * inner(X, one * X) + inner(Y, Y))
    moment, widths = yield from hidden_part(X, X, NORMALIZED)
    scale = NORMALIZED * n[L]
    yield goal, by.linear((moment, scale), (widths, scale * NORMALIZED ** (L - 1) * inner(X, X)))


@part.claim("quartic", line=403, domain=two_layers, two=2)
def quartic(two):
    """The mean of |A|^4 for two layers: its limit, and 2 n_0 n_2 (n_0 + n_2 + 1) sigma^4 / w"""
    B = W.chain(2, 1)
    outer = n[0] * n[2]
    value = sigma**4 * outer * (outer + 2) + two * sigma**4 * outer * (n[0] + n[2] + 1) / n[1]
    goal = yield Eq(mean(inner(B, B) * inner(B, B), sigma / n[1] ** (num(1) / 2)), value)
    yield goal, by.identity()
