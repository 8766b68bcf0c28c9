"""The expected loss at initialization, and the loss with high probability (paper, Lemma 13, lines 403 to 415).

With C = W_(L-1) .. W_1 and Sigma = C^T C, sigma_tilde^2 Sigma is sigma^2 I on the average, with a mean square deviation of
order 1/w; the rows of A are Gaussian with this covariance. So the mean of a quadratic cost is exactly that for Gaussian A, at
every width; that of |A|^4 differs by 2 n_0 n_L (n_0 + n_L + 1) sigma^4 / w for two layers (`lemma_13_costs`). The mean of a
cost like exp(c |A|^2) is infinite at every width (`lemma_13_growth`): the lemma needs a bound on the growth of C.
"""

from fractions import Fraction

from flint import fmpq

from proofs.lazy_regime import lemma_13_costs, lemma_13_growth, lemma_13_markov, lemma_13_quartics
from proofs.lazy_regime.exemptions import ranges
from proofs.lazy_regime.gaussian_layers import L, W, mean, n, s
from proofs.lazy_regime.layer_moments import weighted
from proofs.lazy_regime.lemma_13_quartics import any_widths, every
from proofs.lazy_regime.lemma_14_moments import THREE, lower_square, one_neuron
from proofs.lazy_regime.lemma_14_variance_sum import mass_below
from proofs.lazy_regime.random_networks import AT_LEAST_ONE, EQUAL, HIDDEN, NORMALIZED, SCALES, WIDTHS, sigma, w
from theorycheck.cli import run_module
from theorycheck.domain import Domain, index
from theorycheck.exact import induction_rules as induction, rules as by
from theorycheck.statement import Statement
from theorycheck.tree import Eq, Ge, Le, eye, inner, num, sym
from theorycheck.tree.node import mul

h = sym("h")
C = W.chain(L - 1, 1)
networks = Domain(
    "networks of any depth L >= 2 with hidden widths w, parameters with the variance of line 99",
    (*WIDTHS, SCALES[0], index("h", 0, L - 1)),
    (EQUAL, *AT_LEAST_ONE),
)
statement = Statement("lemma-13", "Expected loss at initialization", "B.2", networks, depends_on=("lemma-14", "layer-moments"))


# --- the covariance of the rows ----------------------------------------------------------------------------------------------
@statement.claim("covariance-mean", line=407, where="proof", main=True, expects="proved", exempt=ranges(networks), one=1)
def covariance_mean(one):
    """sigma_tilde^2 E[Sigma] = sigma_tilde^(2 L) w^(L - 1) I"""
    goal = yield Eq(NORMALIZED * mean(C.T @ C, NORMALIZED), NORMALIZED**L * w ** (L - one) * eye(n[0]))

    def line(at):
        return Eq(mean(W.chain(at, 1).T @ W.chain(at, 1), NORMALIZED), (NORMALIZED * w) ** at * eye(n[0]))

    base = yield line(num(0)), by.identity()
    known = yield line(h), induction.assumed()
    step = yield line(h + 1), by.under([Le(h + 1, L - 1)], by.linear((known, NORMALIZED * w), using=[HIDDEN]))
    found = yield line(h), induction.over(h, base, step)
    rest = by.generic(found, [Ge(h, 0), Le(h, L - 1)], h)
    whole = yield line(L - 1), by.cite(rest, h=L - 1)
    yield goal, by.linear((whole, NORMALIZED))


def gap(variance, mean_value):
    return variance * C.T @ C - mean_value * eye(n[0])


def levels(goal):
    """a + b in E<X - a I, X - b I>, of which only one is the mean of X where the goal is a mutant: that changes nothing."""
    total_ = num(0)
    for difference in goal.nodes[0].nodes[0].nodes:
        last = difference.nodes[-1]
        level = mul(*(last.nodes[0] if last.head == "neg" else last).nodes[:-1])
        total_ = total_ + (level if last.head == "neg" else -level)
    return total_


def different_widths(source, env):
    """Two layers of widths 1, 2 and 3, or 2, 3 and 1: no wrong index leaves both alone."""
    widths_ = ((1, 2, 3), (2, 3, 1))[source.integer(0, 1)]
    return {**env, "L": 2, "n": dict(enumerate(widths_)), "s": fmpq(source.integer(2, 3))}


EXACT = {"domain": any_widths, "near": different_widths, "exempt": ranges(any_widths)}


@statement.claim("covariance-exact", line=408, where="proof", expects="proved", two=2, **EXACT)
def covariance_exact(two):
    """E|sigma_tilde^2 Sigma - E sigma_tilde^2 Sigma|^2 for any hidden widths and any variance s"""
    average, size = s**L * every(lambda n: n), n[0]
    growing, falling = size * (size + 2) * every(lambda n: n * (n + 2)), size * (size - 1) * every(lambda n: n * (n - 1))
    goal = yield Eq(mean(inner(gap(s, average), gap(s, average))), s ** (two * L) * (growing - falling) / 3 - average**2 * size)
    sums = Eq(mean(weighted(L - 1, 2, num(0))), s ** (2 * (L - 1)) * growing)
    sums = yield sums, by.uses("layer-moments.matrix-sum", m=num(0), h=L - 1)
    differences = Eq(mean(weighted(L - 1, -1, num(0))), s ** (2 * (L - 1)) * falling)
    differences = yield differences, by.uses("layer-moments.matrix-difference", m=num(0), h=L - 1)
    mass = Eq(mean(inner(C, C)), s ** (L - 1) * every(lambda n: n) * size)
    mass = yield mass, by.uses("layer-moments.mass", m=num(0), h=L - 1)
    third = s**2 / 3
    yield goal, by.linear((sums, third), (differences, -third), (mass, -s * levels(goal)))


def covariance_spread(half):
    """E|sigma_tilde^2 Sigma - sigma^2 I|^2 = O(1/w), with the constant n_0 (n_0 + 1) for two layers, which is exact"""
    bound = sigma**4 * half * (THREE ** (L - 1) - 1) * n[0] * (n[0] + 1) / w
    goal = yield Le(mean(inner(*[gap(NORMALIZED, sigma**2)] * 2), NORMALIZED), bound)
    square = yield lower_square(L - 1, variance=NORMALIZED), by.uses("lemma-14.below", h=L - 1, s=NORMALIZED)
    moment, powers = yield from mass_below(C, L - 1, NORMALIZED)
    scale = -levels(goal) * NORMALIZED
    yield goal, by.linear((square, NORMALIZED**2), (moment, scale), (powers, scale * NORMALIZED ** (L - 1) * n[0]))


spread = {"exempt": ranges(networks), "near": one_neuron, "main": True, "half": Fraction(1, 2)}
statement.claim("covariance-spread", line=408, where="proof", expects="proved", **spread)(covariance_spread)


@statement.claim("covariance-scale", line=407, where="proof", expects="proved", exempt=ranges(networks), two=2)
def covariance_scale(two):
    """sigma_tilde^(2 L) w^(L - 1) = sigma^2"""
    goal = yield Eq(NORMALIZED**L * w ** (L - 1), sigma**two)
    yield goal, by.identity()


statement.add(lemma_13_costs.part)
statement.add(lemma_13_quartics.part)
statement.add(lemma_13_markov.part)
statement.add(lemma_13_growth.part)

if __name__ == "__main__":
    raise SystemExit(run_module(statement))
