"""Probabilities of Lemma 15 (paper lines 436, 444 and 448).

Theorem 20 with t = sqrt(w) gives |W_0,l| <= 3 rho with probability 1 - 2 e^(-w/2), not 1 - 2 e^(-w^2/2), and only where
n_0, n_L <= w.
"""

from flint import fmpq

from proofs.lazy_regime.gaussian_norms import L, W, hidden, l, w
from proofs.lazy_regime.lemma_15_constants import (
    C_1,
    EVENT,
    RHO,
    SD,
    WIDE_ENOUGH,
    at_the_start,
    in_width,
    narrow_sizes,
    no_wider,
    roots,
    sizes,
    start,
)
from proofs.lazy_regime.thm_20_gaussian_singular_values import sigma
from theorycheck.domain import Domain, depth, hypothesis
from theorycheck.exact import rules as by
from theorycheck.statement import Part
from theorycheck.tree import Eq, Gt, Le, exp, probability, singular
from theorycheck.verdict import Erratum

part = Part(where="proof", expects="proved")


def input_of_width_one(source, env):
    """A first layer of eight neurons and one input: its norm is the length of eight Gaussians."""
    n_ = {0: 1, 1: 8, 2: 1}
    return {**env, "L": 2, "w": 8, "n": n_, "sigma": fmpq(1), "l": 1, "h": 1, "k": 1}


SQUARED = Erratum(
    "constant",
    "the exponent -w^2/2",
    "Theorem 20 with t = sqrt(w), which the bound 3 rho takes, gives e^(-w/2); e^(-w^2/2) is wrong from width 8 on",
    stands=("lemma-15.layers-corrected",),
)
PRINTED = {"domain": no_wider, "near": input_of_width_one, "erratum": SQUARED}


@part.claim("layer", line=444, expects="refuted", factor=2, power=2, **PRINTED)
def layer_fails(factor, power):
    """How likely one layer exceeds 3 rho, as printed (the complement of the printed event)"""
    event = probability(Gt(singular(W[l], 1), 3 * RHO), W, SD**2)
    yield Le(event, factor * exp(-(w**power) / 2))


@part.claim("within", line=448, domain=at_the_start, exempt=WIDE_ENOUGH)
def within():
    """On that event every layer has a norm of at most 3 rho"""
    goal = yield Le(singular(W[l], 1), 3 * RHO)
    here = yield Le(singular(W[l], 1), start(l)), by.given(EVENT, j=l)
    a, b = yield from roots(l)
    yield goal, by.linear(here, (a, SD), (b, SD))


def many_inputs(source, env):
    """Two layers, width 3 and 1000 inputs."""
    n_ = {0: 1000, 1: 3, 2: 1}
    return {**env, "L": 2, "w": 3, "n": n_, "sigma": fmpq(1), "l": 1, "h": 1, "k": 1}


MANY = Erratum(
    "hypothesis",
    "for all n_0, as nothing is said of it; what bound 1 at theta_0 says of |W_1|, as |J| >= |W_1| for L = 2",
    "for a fixed width and many inputs the norm of W_1 is as large as sqrt(n_0) sigma~; it takes n_0, n_L <= w",
    inherits="lemma-15.roots",
    stands=("lemma-15.layers-corrected",),
)


def eighty_neurons(source, env):
    """Two layers, width 80 and one input: |W_1| is the length of 80 Gaussians."""
    n_ = {0: 1, 1: 80, 2: 1}
    return {**env, "L": 2, "w": 80, "n": n_, "sigma": fmpq(1), "l": 1, "h": 1, "k": 1}


def small_or_large(source, env):
    """The same, of any scale, where a wrong power shows."""
    return {**eighty_neurons(source, env), "sigma": (fmpq(1), fmpq(1, 10**60), fmpq(10**60))[source.integer(0, 2)]}


narrow_two_layers = Domain(
    "networks of two layers with n_0, n_L <= w",
    (depth("L", 2, 2), *narrow_sizes[1:]),
    (*in_width, hypothesis("two layers", Eq(L, 2))),
)


LEMMA = Erratum(
    "constant",
    "what bound 1 at theta_0 says of |W_1| with the printed probability, as |J| >= |W_1| for L = 2; n_0, n_L <= w",
    "e^(-w^2/2) is less than the probability that one layer alone is too large: false at width 80, n_0 = 1",
    inherits="lemma-15.layer",
    stands=("lemma-15.layers-corrected",),
)


two_layers = Domain("networks of two layers", (depth("L", 2, 2), *sizes[1:]), (*hidden, hypothesis("two layers", Eq(L, 2))))


@part.claim("probability", line=436, expects="refuted", domain=narrow_two_layers, near=small_or_large, erratum=LEMMA, factor=2)
@part.claim("wide-inputs", line=438, expects="refuted", domain=two_layers, near=many_inputs, erratum=MANY, factor=2)
def first_fails(factor):
    """What bound 1 at theta_0 says for L = 2, as |J| >= |W_1|: how likely |W_1| exceeds c_1 sigma^(1/2) w^(1/4)"""
    event = probability(Gt(singular(W[1], 1), C_1 * sigma ** ((L - 1) / L) * w ** ((L - 1) / (2 * L))), W, SD**2)
    yield Le(event, factor * L * exp(-(w**2) / 2))
