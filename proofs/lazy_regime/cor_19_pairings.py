"""The covariance of the NTK as a sum over one pairing for each layer (paper, Corollary 19, line 573), from three layers on.

Where a layer is differentiated in Theta(1, 2) or Theta(3, 4), its pairing is 12|34. So a sequence of pairings is counted once
for each two layers with that pairing: with the weight N^2, where N is how often it occurs. Printed is the weight 1, which for
two layers is the same. For three layers of any widths this is an identity; for any depth see `cor_19_pairings_deep`.
"""

from functools import reduce
from itertools import product as sequences
from operator import add

from flint import fmpq

from proofs.lazy_regime.cor_19_bounds import POSITIVE, a, products
from proofs.lazy_regime.gaussian_layers import W, mean, n
from proofs.lazy_regime.random_networks import SCALES, drawn_matrix, sigma
from theorycheck.domain import Domain, derived, widths
from theorycheck.exact import rules as by
from theorycheck.statement import Part
from theorycheck.tree import Eq, inner, num, vec
from theorycheck.verdict import Erratum

THREE = (derived("L", lambda _: 3), widths("n", most=2), SCALES[0])
outputs = {k: vec(f"b_{k}", n[3]) for k in a}
three_layers = Domain(
    "networks of three layers of any widths, N(0, sigma^2) parameters, any vectors",
    (*THREE, *(drawn_matrix(x) for x in (*a.values(), *outputs.values()))),
)
part = Part(line=573, domain=three_layers)


def theta(i, j):
    """Theta(b_i a_i^T, b_j a_j^T) for three layers."""
    above, below = W[3] @ W[2], W[2] @ W[1]
    first = inner(a[i], a[j]) * inner(above.T @ outputs[i], above.T @ outputs[j])
    middle = inner(W[1] @ a[i], W[1] @ a[j]) * inner(W[3].T @ outputs[i], W[3].T @ outputs[j])
    return first + middle + inner(below @ a[i], below @ a[j]) * inner(outputs[i], outputs[j])


def of_three_layers():
    one, other = theta(1, 2), theta(3, 4)
    return mean(one * other, sigma**2) - mean(one, sigma**2) * mean(other, sigma**2)


def of_three(weight):
    """The sum over the pairings of the three layers, 12|34 among them but not for all, with the weight of how many."""
    inputs, ends, terms = products(a), products(outputs), []
    for p in sequences(range(3), repeat=3):
        if 0 < p.count(0) < 3:
            steps = n[1] * n[2] * (n[1] if p[0] == p[1] else 1) * (n[2] if p[1] == p[2] else 1)
            terms.append(weight[p.count(0)] * steps * inputs[p[0]] * ends[p[2]])
    return sigma**8 * reduce(add, terms)


def ones(source, env):
    """All widths 1, all vectors 1: Theta is (W_1 W_2)^2 + (W_1 W_3)^2 + (W_2 W_3)^2."""
    one = ((fmpq(1),),)
    vectors = {f"{name}_{k}": one for name in "ab" for k in a}
    return {**env, "n": dict.fromkeys(range(4), 1), "sigma": fmpq(1), **vectors}


COUNTED = Erratum(
    "constant",
    "one pairing for each of the three layers, which the indices need; each sequence counted once",
    "A sequence with N layers paired as 12|34 stands for N^2 pairs of layers at which Theta and Theta are differentiated.",
    stands=("cor-19.three-corrected", "lemma-14.variance"),
)


@part.claim("three", reads="sum", near=ones, expects="refuted", erratum=COUNTED)
def three():
    """For L = 3, with one pairing for each layer"""
    yield Eq(of_three_layers(), of_three({1: 1, 2: 1}))


@part.claim("three-corrected", corrects="three", near=ones, expects="proved", exempt=POSITIVE, power=2)
def three_corrected(power):
    """For L = 3, each sequence with the weight N^2, N the number of its layers paired as 12|34"""
    goal = yield Eq(of_three_layers(), of_three({1: 1, 2: num(2) ** power}))
    yield goal, by.identity()
