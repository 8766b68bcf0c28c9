"""The starts that Lemma 15 is about, and how likely they are (paper, line 442).

All layers have norms of at most 3 rho and Theta >= 3/4 eta; what then holds on the whole ball is `lemma_15_ball`. The union of
the events that exclude a layer (Theorem 20 with t = sqrt(w)) and of that of Lemma 14 gives the probability: 1 - 2 L e^(-w/2) -
kappa/w for the printed 1 - 2 e^(-w^2/2) - kappa/w, where n_0, n_L <= w; half of the first term is enough.
"""

from fractions import Fraction

from flint import fmpq

from proofs.lazy_regime.exemptions import no_value
from proofs.lazy_regime.gaussian_norms import L, W, j, l, w
from proofs.lazy_regime.lemma_14_eigenvalues import ETA, Z, form, kappa
from proofs.lazy_regime.lemma_15_constants import RHO, SD, WIDE_ENOUGH, no_wider, roots, start
from proofs.lazy_regime.random_networks import AT_LEAST_ONE
from theorycheck.exact import chance_rules as chance, induction_rules as induction, rules as by, tail_rules as tails
from theorycheck.exact.cited_norms import GAUSSIAN_LARGEST
from theorycheck.statement import Part
from theorycheck.tree import All, Each, Every, Ge, Le, exp, norm, num, probability, singular, sqrt

starts = no_wider.extended(f"{no_wider.name}, n_0, n_L >= 1", *AT_LEAST_ONE)
part = Part(line=442, domain=starts, expects="proved")


def chance_of(event):
    return probability(event, W, SD**2)


def one_input(source, env):
    """One input and output, two layers, wide enough for a probability near 1, of any scale: a wrong power shows."""
    w_ = (16, 10**60)[source.integer(0, 1)]
    sigma = (fmpq(1), fmpq(1, 10**60), fmpq(10**60))[source.integer(0, 2)]
    return {**env, "L": 2, "w": w_, "n": {0: 1, 1: w_, 2: 1}, "sigma": sigma, "l": 1, "h": 1, "k": 1}


SMALL = Le(singular(W[l], 1), 3 * RHO)
ALL_SMALL = Each(j, 1, L, Le(singular(W[j], 1), 3 * RHO))


def one_layer():
    """P[|W_l| <= 3 rho] >= 1 - e^(-w/2), as start(l) <= 3 rho."""
    event = Le(singular(W[l], 1), start(l))
    tail = yield Ge(chance_of(event), 1 - exp(-w / 2)), tails.tail(GAUSSIAN_LARGEST, l=l, t=sqrt(w), v=SD)
    inside = yield event, induction.assumed()
    a, b = yield from roots(l)
    there = yield SMALL, by.linear(inside, (a, SD), (b, SD))
    implied = yield Le(chance_of(event), chance_of(SMALL)), chance.implied(there)
    return (yield Ge(chance_of(SMALL), 1 - exp(-w / 2)), by.linear(tail, implied))


@part.claim("layers-corrected", line=448, where="proof", corrects="layer", near=one_input, exempt=WIDE_ENOUGH, factor=2)
def all_layers(factor):
    """All layers at once have norms of at most 3 rho at the start, with probability 1 - 2 L e^(-w/2)"""
    goal = yield Ge(chance_of(ALL_SMALL), 1 - factor * L * exp(-w / 2))
    one = yield from one_layer()
    yield goal, tails.throughout(one, l)


@part.claim("start", exempt=no_value, factor=2)
def start_event(factor):
    """.. and Theta >= 3/4 eta there, with probability 1 - 2 L e^(-w/2) - kappa/w: on this event Theta >= eta/2 on the ball"""
    low = Every(Z, Ge(form(Z), (1 - num(Fraction(1, 4))) * ETA * norm(Z) ** 2))
    goal = yield Ge(chance_of(All(low, ALL_SMALL)), 1 - factor * L * exp(-w / 2) - kappa() / w)
    one = yield from one_layer()
    layers = yield Ge(chance_of(ALL_SMALL), 1 - L * exp(-w / 2)), tails.throughout(one, l)
    spectrum = yield Ge(chance_of(low), 1 - kappa() / w), by.uses("lemma-14.smallest")
    yield goal, tails.jointly(spectrum, layers)
