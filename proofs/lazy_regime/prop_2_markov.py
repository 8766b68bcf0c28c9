"""Markov's inequality for |Theta - E Theta|^2 (Proposition 2, paper line 498).

It gives sqrt(E/p) with probability 1 - p; printed is sqrt(p E), which the inequality of Paley and Zygmund refutes.
"""

from fractions import Fraction

from flint import fmpq

from proofs.lazy_regime.exemptions import no_value, ranges
from proofs.lazy_regime.gaussian_layers import L, W, mean, n
from proofs.lazy_regime.lemma_14_eigenvalues import ETA, chance_of, not_negative
from proofs.lazy_regime.lemma_14_variance_sum import constant, deviation
from proofs.lazy_regime.prop_2_kernel import networks
from proofs.lazy_regime.random_networks import NORMALIZED, SCALES, sigma, w
from theorycheck.domain import Domain, derived, drawn, hypothesis, real
from theorycheck.evaluate import evaluate
from theorycheck.exact import basic_rules as basic, chance_rules as chance, induction_rules as induction, rules as by
from theorycheck.statement import Part
from theorycheck.tree import Eq, Ge, Gt, Le, Lt, Not, norm, probability, sym
from theorycheck.verdict import Erratum

p, c = sym("p"), sym("c")


def one_neuron_ends(source, env):
    return {0: 1, 1: source.integer(1, 3), 2: 1}


ENDS = "one input", "one output"
two_layers = Domain(
    "networks of two layers with one input and one output, any width; 0 < p <= 1/100",
    (
        derived("L", lambda _: 2),
        drawn("n", one_neuron_ends, positive=True, integer=True),
        SCALES[0],
        drawn("p", lambda source, env: fmpq(1, source.integer(100, 200)), hypothesis("p > 0", Gt(p, 0), 496)),
    ),
    (
        hypothesis(ENDS[0], Eq(n[0], 1)),
        hypothesis(ENDS[1], Eq(n[2], 1)),
        hypothesis("w >= 1", Ge(n[1], 1)),
        hypothesis("p <= 1/100", Le(p, Fraction(1, 100))),
    ),
)
VARIANCE = sigma / n[1] ** Fraction(1, 2)
change = norm(W[1]) ** 2 + norm(W[2]) ** 2 - 2 * sigma * n[1] ** Fraction(1, 2)
off = change**2  # |Theta - eta I|^2


def shallow(event):
    return probability(event, W, VARIANCE)


part = Part(exempts=ranges, where="proof", expects="proved")


UPSIDE_DOWN = Erratum(
    "constant",
    "squared: |Theta - E Theta|^2 <= p E|Theta - E Theta|^2; L = 2, n_0 = n_L = 1, where Theta is |theta|^2, at every width",
    "Markov's inequality has 1/p for p under the root. The order in w is not touched.",
    stands=("prop-2.second-order", "prop-2.closeness"),
)


@part.claim("markov", line=498, domain=two_layers, expects="refuted", exempt=no_value, erratum=UPSIDE_DOWN)
def markov_printed():
    """|Theta - E Theta|^2 <= p E|Theta - E Theta|^2 with probability 1 - p (squared)"""
    top = p * mean(off, VARIANCE)
    goal = yield Ge(shallow(Le(off, top)), 1 - p)
    first = yield Ge(mean(off, VARIANCE), 4 * sigma**2), by.linear(using=ENDS)
    small = yield Ge(n[1], 1), by.given("w >= 1")
    inverse = yield Le(1 / n[1], 1), by.raised(small, -1)
    second = yield Le(mean(off * off, VARIANCE), 144 * sigma**4), by.linear((inverse, 96 * sigma**4), using=ENDS)
    part = yield Le(p, Fraction(1, 100)), by.given("p <= 1/100")
    low = yield Le(top, Fraction(4, 100) * sigma**2), by.linear((part, 4 * sigma**2), using=ENDS)
    beyond = yield Ge(shallow(Gt(off, top)), Fraction(1, 10)), chance.paley_zygmund(first, second, low)
    rest = yield Eq(shallow(Le(off, top)), 1 - shallow(Gt(off, top))), chance.complement()
    wrong = yield Lt(shallow(Le(off, top)), 1 - p), by.linear(beyond, rest, part)
    yield Not(goal), basic.contrary(wrong)


@part.claim("markov-corrected", line=498, domain=two_layers, corrects="markov", exempt=no_value, one=1)
def markov_corrected(one):
    """|Theta - E Theta|^2 <= E|Theta - E Theta|^2 / p with probability 1 - p (squared)"""
    top = mean(off, VARIANCE) / p
    goal = yield Ge(shallow(Le(off, top)), 1 - one * p)
    same = yield Eq(mean(off, VARIANCE), 4 * sigma**2), by.identity(*ENDS)
    value = 4 * sigma**2 / p
    least = yield Ge(off, 0), by.linear(squares=[(1, change)])
    far = yield Le(shallow(Gt(off, value)), mean(off, VARIANCE) / value), chance.markov(least)
    rest = yield Eq(shallow(Le(off, value)), 1 - shallow(Gt(off, value))), chance.complement()
    inside = yield Le(off, value), induction.assumed()
    within = yield Le(off, top), by.linear(inside, (same, -1 / p))
    implied = yield Le(shallow(Le(off, value)), shallow(Le(off, top))), chance.implied(within)
    yield goal, by.linear(implied, (rest, -1), far, (same, 1 / value))


chances = networks.extended(
    "the same, p > 0 and c the constant of Lemma 14",
    real("p", above=0, line=496),
    drawn("c", lambda source, env: evaluate(constant(), env), hypothesis("c > 0", Gt(c, 0))),
    hypothesis("c of Lemma 14", Eq(c, constant()), 419),
)


@part.claim("second-order", line=498, domain=chances, exempt=no_value, one=1)
def second_order(one):
    """For all sizes: |Theta - eta I|^2 <= c/p sigma^(4 (L-1)/L) w^((L-2)/L) with probability 1 - p, c that of Lemma 14"""
    scale = sigma ** (4 * (L - 1) / L) * w ** ((L - 2) / L)
    size_ = c * scale
    f, top = deviation(ETA), size_ / p
    goal = yield Ge(chance_of(Le(f, top)), 1 - one * p)
    least = yield from not_negative(ETA)
    far = yield Le(chance_of(Gt(f, top)), mean(f, NORMALIZED) / top), chance.markov(least)
    found = yield Le(mean(f, NORMALIZED), constant() * scale), by.uses("lemma-14.variance")
    same = yield Eq(c, constant()), by.given("c of Lemma 14")
    square = yield Le(mean(f, NORMALIZED), size_), by.linear(found, (same, -scale))
    near = yield Eq(chance_of(Le(f, top)), 1 - chance_of(Gt(f, top))), chance.complement()
    yield goal, by.linear((near, -1), far, (square, 1 / top))
