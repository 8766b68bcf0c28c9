"""Mean, variance and extreme eigenvalues of the NTK at initialization (paper, Lemma 14, lines 419 to 432).

The constant c, which the lemma leaves open, is n_0 n_L (n_0 + n_L + 2) for L = 2, and a sum over layers and pairs of layers in
general (`lemma_14_variance_sum`). That the eigenvalues of Theta are at least x is said as Theta(Z, Z) >= x |Z|^2 for all Z.
"""

from fractions import Fraction

from proofs.lazy_regime import lemma_14_eigenvalues, lemma_14_moments, lemma_14_variance, lemma_14_variance_sum
from proofs.lazy_regime.exemptions import no_value, ranges
from proofs.lazy_regime.gaussian_layers import L
from proofs.lazy_regime.kernel import rectangular_kernel
from proofs.lazy_regime.random_networks import AT_LEAST_ONE, EQUAL, SCALES, WIDTHS, sigma, w
from theorycheck.cli import run_module
from theorycheck.domain import Domain, depth, real
from theorycheck.exact import rules as by
from theorycheck.statement import Statement
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


def enter(name, line, body, left_alone=None, domain=networks, **more):
    """Add a claim that is proved; `left_alone` says which of its places are not mutated."""
    parameters = {key: more[key] for key in ("half", "one", "two", "quarter", "sixteen") if key in more}
    exempt = {**ranges(domain), **(left_alone(body, **parameters) if left_alone else {})}
    statement.claim(name, line=line, expects="proved", domain=domain, exempt=exempt, **more)(body)


proof = {"where": "proof"}
equal = {"near": lemma_14_moments.one_neuron, **proof}
pairs = {"domain": lemma_14_variance.two_layers, **equal}
any_layer, any_layers = lemma_14_variance.any_layer, lemma_14_variance_sum.any_layers
enter("below", 581, lemma_14_moments.lower, domain=lemma_14_moments.below, half=Fraction(1, 2), **equal)
enter("between", 581, lemma_14_moments.between, domain=lemma_14_moments.above, one=1, **equal)
enter("above", 581, lemma_14_moments.upper, domain=lemma_14_moments.above, half=Fraction(1, 2), **equal)
enter("last", 581, lemma_14_moments.upper_any, domain=lemma_14_moments.last, half=Fraction(1, 2), **equal)
enter("pair", 581, lemma_14_variance.pair, two=2, **pairs)
enter("layer", 581, lemma_14_variance.layer, domain=any_layer, one=1, **equal)
enter("two-apart", 581, lemma_14_variance.two_apart, one=1, **pairs)
enter("row", 581, lemma_14_variance.row, one=1, **pairs)
enter("trace", 581, lemma_14_variance_sum.trace, domain=lemma_14_variance_sum.hidden_layer, one=1, **proof)
enter("variance-any", 581, lemma_14_variance_sum.variance, domain=any_layers, one=1, **equal)
enter("mean", 419, lemma_14_variance_sum.mean_of_ntk, domain=rectangular_kernel, main=True, two=2)
enter("variance", 419, lemma_14_variance_sum.normalized, near=lemma_14_moments.one_neuron, main=True, two=2)
constants = {"quarter": Fraction(1, 4), "sixteen": 16, "left_alone": no_value}
enter("smallest", 423, lemma_14_eigenvalues.smallest, main=True, **constants)
enter("largest", 424, lemma_14_eigenvalues.largest, main=True, **constants)
enter("close", 428, lemma_14_eigenvalues.close_enough, **proof, **constants)


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


@statement.claim("probability", line=432, where="proof", domain=numbers, expects="refuted", erratum=LETTER)
def probability():
    """The probability of Markov's inequality, simplified"""
    yield Eq(printed(L - L), 1 - 16 / (L**2 * w) * c)


def probability_corrected(one):
    """The probability of Markov's inequality, simplified, with L - 1"""
    goal = yield Eq(printed(L - one), 1 - 16 / (L**2 * w) * c)
    yield goal, by.identity()


enter("probability-corrected", 432, probability_corrected, domain=numbers, corrects="probability", one=1, **proof)

if __name__ == "__main__":
    raise SystemExit(run_module(statement))
