"""The covariance of the NTK as a sum over sequences of pairings (paper, Corollary 19, line 573), for two layers.

Printed are sequences p^(1) .. p^(L-1) with p^(l) != 1 for some l and p^(k) = 1 for some k. For L = 2 there is only p^(1), which
cannot be both, so that the sum is empty; the covariance is not 0. It takes one pairing for each of the L layers, as in
Corollary 18 (corrected), and from three layers on a weight (`cor_19_pairings`). The scan has tau for sigma.
"""

from flint import fmpq

from proofs.lazy_regime.cor_19_bounds import POSITIVE, a, products
from proofs.lazy_regime.cor_19_shallow import shallow_covariance, shallow_outputs, shallow_vectors_domain
from proofs.lazy_regime.gaussian_layers import n
from proofs.lazy_regime.random_networks import sigma
from theorycheck.exact import rules as by
from theorycheck.tree import Eq
from theorycheck.verdict import Erratum

FORMS = [shallow_outputs[k] @ a[k].T for k in a]


def ones(source, env):
    """All widths 1, all vectors 1: Theta = W_1^2 + W_2^2 has the variance 4."""
    one = ((fmpq(1),),)
    vectors = {f"{name}_{k}": one for name in "ab" for k in a}
    return {**env, "n": {0: 1, 1: 1, 2: 1}, "sigma": fmpq(1), **vectors}


def printed():
    """For L = 2 the sum is empty"""
    yield Eq(shallow_covariance(FORMS), 0)


def corrected(one):
    """For L = 2 with p^(1) and p^(2), one of which is 1 and the other not"""
    inputs, outputs = products(a), products(shallow_outputs)
    pairs = [inputs[p] * outputs[q] for p in range(3) for q in range(3) if (p == 0) != (q == 0)]
    goal = yield Eq(shallow_covariance(FORMS), one * sigma**4 * n[1] * (pairs[0] + pairs[1] + pairs[2] + pairs[3]))
    yield goal, by.identity()


EMPTY = Erratum(
    "constant",
    "sequences of L - 1 pairings, for L = 2, where the condition leaves none",
    "There is one pairing for each of the L layers; with L - 1 of them the covariance of two layers would be 0.",
    stands=("cor-19.sum-corrected", "lemma-14.variance"),
)


def enter(statement):
    """Add the claims of line 573."""
    own = {"line": 573, "domain": shallow_vectors_domain, "near": ones}
    statement.claim("sum", expects="refuted", erratum=EMPTY, **own)(printed)
    statement.claim("sum-corrected", expects="proved", corrects="sum", exempt=POSITIVE, one=1, **own)(corrected)
