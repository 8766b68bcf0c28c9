"""The covariance of the NTK as a sum over one pairing for each layer, at any depth and for any widths (Corollary 19, line 573).

The means of the first L - 1 layers are sums over their pairings (`cor_19_sums`); the last layer is integrated out.
"""

from functools import reduce
from operator import add

from flint import fmpq

from proofs.lazy_regime.cor_19_bounds import FORMS, a, b, covariance, explicit, products
from proofs.lazy_regime.cor_19_last_layer import last_layer_apart, product_of_means
from proofs.lazy_regime.cor_19_layers import SWAPPED, different, known_states
from proofs.lazy_regime.cor_19_sequences import ended, summed, valued
from proofs.lazy_regime.cor_19_sums import all_states
from proofs.lazy_regime.correlated_domains import few_unequal
from proofs.lazy_regime.correlated_networks import PAIRINGS
from proofs.lazy_regime.exemptions import ranges
from proofs.lazy_regime.gaussian_layers import L, mean
from proofs.lazy_regime.kernel import every_width
from proofs.lazy_regime.random_networks import SCALES, drawn_matrix, sigma
from theorycheck.domain import Domain, depth, drawn
from theorycheck.evaluate import evaluate
from theorycheck.exact import rules as by
from theorycheck.exact.session import substitute_all
from theorycheck.statement import Part
from theorycheck.tree import Eq, Node

any_depth = Domain(
    "networks of any depth L >= 2 and widths, N(0, sigma^2) parameters, any vectors",
    (
        depth("L", most=3),
        drawn("n", few_unequal, positive=True, integer=True),
        SCALES[0],
        *(drawn_matrix(x) for x in (*a.values(), *b.values())),
    ),
)


def sum_of(power, of_pairings):
    """The sum over one pairing for each layer with the weight N^power."""
    return sigma ** (4 * L - 4) * summed(power, L, of_pairings)


def covariance_sum(power, of_pairings, least):
    """That sum less what belongs to the product of the means; `least` is 12|34 for both."""
    return sum_of(power, of_pairings) - L**power * (sigma ** (2 * L - 2) * every_width()) ** 2 * least


def of_vectors(first, last):
    return valued(first, products(a)) * valued(last, products(b))


def moment(power):
    return Eq(mean(explicit(*FORMS[:2]) * explicit(*FORMS[2:]), sigma**2), sum_of(power, of_vectors))


def for_vectors(power):
    return Eq(covariance(*FORMS), covariance_sum(power, of_vectors, products(a)[0] * products(b)[0]))


def three_layers(source, env):
    """Where the weights and the widths show; the products over the three pairings are 2, 0 and 1 in some order."""
    hidden = {1: 1, 2: 1, source.integer(1, 2): 2}
    return {**env, **different("a", source), **different("b", source), "L": 3, "n": {0: 2, **hidden, 3: 2}, "sigma": fmpq(1)}


def of_rank_one(outer):
    """The same with outer products u v^T for matrices, by their names."""

    def near(source, env):
        found = three_layers(source, env)
        return {**found, **{name: evaluate(u @ v.T, found) for name, (u, v) in outer.items()}}

    return near


ALIKE = "true: exchanging 13|24 and 14|23 up to the first 12|34 of a sequence, or from the last one on, changes no term"
SMALL = "true: members of a sequence are 1, 2 or 3"
CHANGED = ("2 in -2", "up"), ("3 in -3", "down")
MIXED = {f"the number {x}: {change}{by_}": ALIKE for x, change in CHANGED for by_ in (1, 10)}
MIXED |= {f"the number 0 in min(|p[{place}] - 2| - 1, 0): up{by_}": SMALL for place in (1, "L") for by_ in (1, 10)}
part = Part(line=573, domain=any_depth, near=three_layers, expects="proved", exempts=ranges)


@part.claim("moment-any-depth", where="proof", exempt=MIXED, power=2)
def moment_(power):
    """The mean of the product of two values of Theta, for any depth"""
    goal = yield moment(power)
    last = {"h": L - 1, "s": sigma**2}
    own: dict[str, Node] = {}
    uses = ("vectors-sum", 0, own), ("one-kernel-sum", 1, own), ("one-kernel-sum", 1, SWAPPED), ("two-kernels-sum", 2, own)
    places = [{**turned, **last} for _, _, turned in uses]
    trees = [substitute_all(all_states(kernels), x) for (_, kernels, _), x in zip(uses, places, strict=True)]
    rules = [by.uses(f"cor-19.{name}", **x) for (name, _, _), x in zip(uses, places, strict=True)]
    x, A, B, Y = yield from known_states(*zip(trees, rules, strict=True))
    end = yield from ended(2, of_vectors, L - 1, L)
    whole = yield from last_layer_apart()
    s, beta = sigma**2, products(b)
    terms = [(Y[q - 1], s**2 * beta[q - 1]) for q in PAIRINGS]
    terms += [(x[0], beta[0]), (A[0], s * beta[0]), (B[0], s * beta[0])]
    lower = reduce(add, (f * line.shows.nodes[0] for line, f in terms))
    carry = yield Eq(whole.shows.nodes[0], lower), by.linear(whole)
    yield goal, by.linear(carry, *terms, (end, -(s ** (2 * L - 2))))


@part.claim("sum-any-depth", exempt=MIXED, power=2)
def any_depth_(power):
    """For any depth; the sequence 12|34 in all layers, which belongs to the product of the means, is left out"""
    goal = yield for_vectors(power)
    whole = yield moment(2), by.uses("cor-19.moment-any-depth")
    squares = yield from product_of_means()
    yield goal, by.linear(whole, (squares, -1))
