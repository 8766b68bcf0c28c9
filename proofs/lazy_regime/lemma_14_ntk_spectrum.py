"""Mean, variance and extreme eigenvalues of the NTK at initialization (paper, Lemma 14, lines 419 to 432).

The constant c, which the lemma leaves open, is n_0 n_L (n_0 + n_L + 2) for L = 2, and a sum over layers and pairs of layers in
general (`lemma_14_variance_sum`). That the eigenvalues of Theta are at least x is said as Theta(Z, Z) >= x |Z|^2 for all Z.
"""

from fractions import Fraction

from proofs.lazy_regime import (
    lemma_14_eigenvalues,
    lemma_14_moments,
    lemma_14_overlaps,
    lemma_14_segments,
    lemma_14_variance,
    lemma_14_variance_sum,
)
from proofs.lazy_regime.exemptions import no_value, ranges
from proofs.lazy_regime.gaussian_layers import L
from proofs.lazy_regime.kernel import rectangular_kernel
from proofs.lazy_regime.random_networks import AT_LEAST_ONE, EQUAL, SCALES, WIDTHS, sigma, w
from theorycheck.cli import run_module
from theorycheck.domain import Domain, depth, real
from theorycheck.exact import rules as by
from theorycheck.statement import Part, Statement
from theorycheck.tree import Eq, sym
from theorycheck.verdict import Erratum

c = sym("c")
networks = Domain(
    "networks of any depth L >= 2 with hidden widths w, parameters with the variance of line 99",
    (depth("L", most=2), *WIDTHS[1:], SCALES[0]),
    (EQUAL, *AT_LEAST_ONE),
)
numbers = Domain("any depth, width and constants", (*WIDTHS[:2], SCALES[0], real("c", above=0)))
USED = ("ntk-mean", "layer-moments")
statement = Statement("lemma-14", "Spectrum of the NTK at initialization", "B.2", networks, depends_on=USED)


part = Part(exempts=ranges, domain=networks, expects="proved")
proof = {"where": "proof"}
equal = {"near": lemma_14_moments.one_neuron, **proof}
pairs = {"domain": lemma_14_overlaps.two_layers, **equal}
any_layer, any_layers = lemma_14_overlaps.any_layer, lemma_14_variance_sum.any_layers
part.claim("below", line=581, domain=lemma_14_moments.below, half=Fraction(1, 2), **equal)(lemma_14_moments.lower)
part.claim("between", line=581, domain=lemma_14_moments.above, one=1, **equal)(lemma_14_segments.between)
part.claim("above", line=581, domain=lemma_14_moments.above, half=Fraction(1, 2), **equal)(lemma_14_segments.upper)
part.claim("last", line=581, domain=lemma_14_moments.last, half=Fraction(1, 2), **equal)(lemma_14_segments.upper_any)
part.claim("pair", line=581, two=2, **pairs)(lemma_14_variance.pair)
part.claim("layer", line=581, domain=any_layer, one=1, **equal)(lemma_14_variance.layer)
part.claim("two-apart", line=581, one=1, **pairs)(lemma_14_variance.two_apart)
part.claim("row", line=581, one=1, **pairs)(lemma_14_variance.row)
part.claim("trace", line=581, domain=lemma_14_variance_sum.hidden_layer, one=1, **proof)(lemma_14_variance_sum.trace)
part.claim("variance-any", line=581, domain=any_layers, one=1, **equal)(lemma_14_variance_sum.variance)
part.claim("mean", line=419, domain=rectangular_kernel, main=True, two=2)(lemma_14_variance_sum.mean_of_ntk)
part.claim("variance", line=419, near=lemma_14_moments.one_neuron, main=True, two=2)(lemma_14_variance_sum.normalized)
constants = {"quarter": Fraction(1, 4), "sixteen": 16, "exempt": no_value}
part.claim("smallest", line=423, main=True, **constants)(lemma_14_eigenvalues.smallest)
part.claim("largest", line=424, main=True, **constants)(lemma_14_eigenvalues.largest)
part.claim("close", line=428, **proof, **constants)(lemma_14_eigenvalues.close_enough)


# --- the probability as printed ----------------------------------------------------------------------------------------------
def printed(power):
    top = 16 * sigma ** (4 * power / L) * w ** ((L - 2) / L) * c
    return 1 - top / (L**2 * sigma ** (4 * (L - 1) / L) * w ** (2 * (L - 1) / L))


LETTER = Erratum(
    "scan",
    "the exponent 4 (L - L)/L of sigma, as it stands",
    "With L - L for L - 1 the powers of sigma do not cancel.",
    stands=("lemma-14.close",),
)


@part.claim("probability", line=432, where="proof", domain=numbers, expects="refuted", erratum=LETTER)
def probability():
    """The probability of Markov's inequality, simplified"""
    yield Eq(printed(L - L), 1 - 16 / (L**2 * w) * c)


@part.claim("probability-corrected", line=432, where="proof", domain=numbers, corrects="probability", one=1)
def probability_corrected(one):
    """The probability of Markov's inequality, simplified, with L - 1"""
    goal = yield Eq(printed(L - one), 1 - 16 / (L**2 * w) * c)
    yield goal, by.identity()


statement.add(part)

if __name__ == "__main__":
    raise SystemExit(run_module(statement))
