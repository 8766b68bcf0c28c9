"""The operator norm of a product of Gaussian layers (Corollary 21, paper lines 589 to 599).

With |W_l| <= sigma (sqrt(n_(l-1)) + sqrt(n_l) + t) for all l, the norm of the product is at most the product of these bounds
(`cor_21_layers`). The last step of the paper takes one factor 1 + t out of all L of them, which is wrong for every t > 0 at
widths 1 and L = 2, and the corollary with it: P[product > x] of L Gaussians is about e^(-c x^(2/L)), more than e^(-c x^2). With
(1 + t)^L it holds, with half of the printed probability (one side of Theorem 20), and (1 + t/2)^L is enough.
"""

from flint import fmpq

from proofs.lazy_regime import cor_21_layers
from proofs.lazy_regime.cor_21_exemptions import INSIDE, ONE_LAYER
from proofs.lazy_regime.cor_21_layers import within
from proofs.lazy_regime.gaussian_norms import EVENT, WIDE, L, W, bound, domain, l
from proofs.lazy_regime.thm_20_gaussian_singular_values import CITATION, sigma, t
from theorycheck.cli import run_module
from theorycheck.domain import Domain, depth, index, real, widths
from theorycheck.exact import chance_rules as chance, induction_rules as induction, rules as by, tail_rules as tails
from theorycheck.exact.cited_norms import GAUSSIAN_LARGEST
from theorycheck.statement import Statement
from theorycheck.tree import Ge, Le, exp, probability, singular
from theorycheck.verdict import Erratum

statement = Statement("cor-21", "Operator norm of a product of Gaussian layers", "B.4", domain, depends_on=("thm-20",))


# --- the probability ------------------------------------------------------------------------------------------------------
def far_out(source, env):
    """Two layers and a large t, where e^(-t^2/2) is small."""
    return {**env, "L": 2, "n": {0: 1, 1: env["w"], 2: 1}, "t": fmpq(5), "l": 1, "h": 1, "k": 1}


@statement.claim("bernoulli", line=593, where="proof", expects="proved", near=far_out, power=2, factor=2)
def bernoulli(power, factor):
    """(1 - 2 e^(-t^2/2))^2 >= 1 - 2 L e^(-t^2/2), since L >= 2 (what is needed for all L layers is the power L)"""
    q = exp(-(t**2) / 2)
    goal = yield Ge((1 - 2 * q) ** power, 1 - factor * L * q)
    more = yield Ge(L - 2, 0), by.sign()
    base = goal.nodes[0].nodes[0]  # x^2 >= 2 x - 1, whichever number stands for x = 1 - 2 q
    yield goal, by.linear((more, 2 * q), squares=[(1, base - 1)])


any_layer = Domain(
    "a layer of any network with independent N(0, sigma^2) entries, t >= 0",
    (depth("L"), widths("n"), real("sigma", above=0), real("t", at_least=0, line=589), index("l", 1, L)),
)


def long_and_thin(source, env):
    """A first layer of a thousand inputs and one neuron, or the other way round, and t = 5."""
    ends = (1000, 1) if source.integer(0, 1) else (1, 1000)
    return {**env, "L": 2, "n": {0: ends[0], 1: ends[1], 2: 1}, "t": fmpq(5), "l": 1}


@statement.claim(
    "layer",
    line=595,
    where="proof",
    expects="supported",
    domain=any_layer,
    near=long_and_thin,
    short=CITATION,
    exempt=ONE_LAYER,
    factor=2,
)
def layer(factor):
    """The norm of one layer: Theorem 20"""
    goal = yield Ge(probability(Le(singular(W[l], 1), bound(l)), W, sigma**2), 1 - factor * exp(-(t**2) / 2))
    yield goal, tails.tail(GAUSSIAN_LARGEST, l=l, t=t, v=sigma)


statement.add(cor_21_layers.part)


def product_of_gaussians(source, env):
    """Two layers of one neuron and a large t: the product of two Gaussians against 4 (1 + t)."""
    return {**env, "L": 2, "w": 1, "n": {0: 1, 1: 1, 2: 1}, "sigma": fmpq(1), "t": fmpq(12), "l": 1, "h": 1, "k": 1}


TAIL = Erratum(
    "false",
    "for all t >= 0, as printed",
    "for large t the product of L >= 2 Gaussians exceeds (1 + t) with a larger probability, at widths 1 and t = 12 say, where "
    "it is an integral of a Bessel function; with (1 + t/2)^L, or (1 + t)^L, for (1 + t) it holds",
    inherits="cor-21.last",
    stands=("cor-21.bound-corrected",),
)


@statement.claim("bound", line=591, main=True, expects="refuted", near=product_of_gaussians, erratum=TAIL, factor=2)
def bound_(factor):
    """The norm of the product, with probability 1 - 2 L e^(-t^2/2), as printed"""
    event = Le(singular(W.chain(L, 1), 1), (1 + t) * sigma**L * WIDE)
    yield Ge(probability(event, W, sigma**2), 1 - factor * L * exp(-(t**2) / 2))


@statement.claim("bound-corrected", line=591, expects="proved", corrects="bound", exempt=INSIDE, factor=2, one=1)
def bound_corrected(factor, one):
    """The norm of the product, with a factor 1 + t for each layer (1 + t/2 is enough)"""
    goal = yield Ge(probability(within(1 + one * t, L), W, sigma**2), 1 - factor * L * exp(-(t**2) / 2))
    event = goal.nodes[0].nodes[0]
    here_rate = event.nodes[1].nodes[0].nodes[0]  # 1 + t, of which 1 + t/2 is enough
    each = probability(Le(singular(W[l], 1), bound(l)), W, sigma**2)
    each = yield Ge(each, 1 - exp(-(t**2) / 2)), tails.tail(GAUSSIAN_LARGEST, l=l, t=t, v=sigma)
    half = probability(within(1 + t / 2, L), W, sigma**2)
    all_ = yield Ge(half, 1 - L * exp(-(t**2) / 2)), tails.implied("cor-21.within", EVENT, each, l)
    rate = yield Le(1 + t / 2, here_rate), by.sign()
    power = yield Le((1 + t / 2) ** L, here_rate**L), by.raised(rate, L)
    here = yield half.nodes[0], induction.assumed()
    same = yield event, by.linear(here, (power, sigma**L * WIDE))
    larger = yield Le(half, goal.nodes[0]), chance.implied(same)
    yield goal, by.linear(all_, larger)


if __name__ == "__main__":
    raise SystemExit(run_module(statement))
