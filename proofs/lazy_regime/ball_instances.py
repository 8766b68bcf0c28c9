"""Instances of Lemma 15 and Proposition 2 on the ball: near equality, or breaking one hypothesis (see `Fact.breaks`)."""

import math

from flint import fmpq

from theorycheck.models.aligned_networks import RowQuadratic


# --- near equality -----------------------------------------------------------------------------------------------------------
def in_one_neuron(depth_, width, rho, entries):
    """Layers of one input and output that use one hidden neuron of each layer, with these entries: sizes, sigma, layers."""
    n_ = {k: width if 0 < k < depth_ else 1 for k in range(depth_ + 1)}
    layers = {
        k: tuple(tuple(x if i == j == 0 else fmpq(0) for j in range(n_[k - 1])) for i in range(n_[k]))
        for k, x in enumerate(entries, 1)
    }
    sigma_ = fmpq(rho) ** depth_ / math.isqrt(width)  # rho^L = sigma sqrt(w)
    return {"L": depth_, "w": width, "n": n_, "l": 1, "h": 1, "k": 1, "sigma": sigma_}, layers


SCALES = fmpq(1), fmpq(1, 10**12), fmpq(10**12)


def as_low_as_it_may_be(source, env, widest=1024):
    """Theta only a little above 3/4 eta, at any scale of the start, of its width and of Z."""
    (depth_, width), rho = ((3, 1), (2, 1), (2, 16), (2, widest))[source.integer(0, 3)], SCALES[source.integer(0, 2)]
    entry = rho * (fmpq(13, 15) if depth_ == 2 else fmpq(27, 29))
    sizes_, start = in_one_neuron(depth_, width, rho, [entry] * depth_)
    z = SCALES[source.integer(0, 2)]
    return {**env, **sizes_, "W0": start, "W": start, "r": fmpq(0), "Z": ((z,),)}


def on_the_border(source, env):
    """Three layers at 3 rho, two of them moved by rho in all."""
    width, rho = (1, 64)[source.integer(0, 1)], SCALES[source.integer(0, 2)]
    sizes_, start = in_one_neuron(3, width, rho, [3 * rho] * 3)
    _, there = in_one_neuron(3, width, rho, [3 * rho, rho * fmpq(18, 5), rho * fmpq(19, 5)])
    return {**env, **sizes_, "W0": start, "W": there, "r": rho, "Z": ((fmpq(1),),)}


# --- one hypothesis broken ---------------------------------------------------------------------------------------------------
def many_inputs(source, env):
    """Two layers, width 12 and 1000 inputs; or one neuron, nine inputs and a first layer as long as they allow."""
    width, inputs = (1, 9) if "W" in env else (12, 1000)
    zeros = (fmpq(0),) * (inputs - 1)
    found = {"L": 2, "w": width, "n": {0: inputs, 1: width, 2: 1}, "sigma": fmpq(1), "l": 1, "h": 1, "k": 1}
    layers = {"W": {1: ((fmpq(5), *zeros),), 2: ((fmpq(0),),)}} if "W" in env else {}
    return {**env, **found, **layers}


def far_away(start, there, distance):
    """Two layers of one neuron at these multiples of rho = 1, the distance of which the domain may speak, X and Y twice X_0 and
    Y_0, and one layer counts, the last or the first."""

    def breaks(source, env):
        moved = source.integer(1, 2)
        one = {"L": 2, "w": 1, "n": {0: 1, 1: 1, 2: 1}, "l": moved, "h": 1, "k": 1, "sigma": fmpq(1), "m": 1, "p": 1}
        W0_, W_ = ({k: ((fmpq(x if k == moved else 0),),) for k in (1, 2)} for x in (start, there))
        inputs = {name: ((fmpq(x),),) for name, x in (("X_0", 1), ("Y_0", 1), ("X", 2), ("Y", 2))}
        return {**env, **one, **inputs, "W0": W0_, "W": W_, "r": fmpq(distance)}

    return breaks


def cost_of_one_number(env):
    """(A - A(W) + 1)^2 / 2 for networks that are numbers, where the domain has a cost."""
    at = math.prod((rows[0][0] for rows in env["W"].values()), start=fmpq(1))
    cost = RowQuadratic(((fmpq(1),),), ((at - 1,),), (fmpq(1),), fmpq(0))
    return {"beta": fmpq(1), "C": cost, "C_min": fmpq(0)} if "C" in env else {}


def steep_start(source, env):
    """Three layers of one neuron, the last one huge and the one before tiny: where that vanishes Theta does."""
    tiny = fmpq(3, 2 * 10**6)
    sizes_, start = in_one_neuron(3, 1, 1, [fmpq(0), tiny, fmpq(10**6)])
    _, there = in_one_neuron(3, 1, 1, [fmpq(0), fmpq(0), fmpq(10**6)])
    found = {**env, **sizes_, "W0": start, "W": there, "r": tiny, "Z": ((fmpq(1),),)}
    return {**found, **cost_of_one_number(found)}


def far_off(source, env):
    """Three layers of one neuron at 3 rho and very far from there."""
    sizes_, start = in_one_neuron(3, 1, 1, [fmpq(3)] * 3)
    _, there = in_one_neuron(3, 1, 1, [fmpq(100)] * 3)
    return {**env, **sizes_, "W0": start, "W": there, "r": fmpq(200), "Z": ((fmpq(1),),)}


def on_the_other_side(source, env):
    """Two layers of one neuron that lose nearly all of Theta; r is minus the distance, or too little."""
    sizes_, start = in_one_neuron(2, 1, 1, [fmpq(13, 15)] * 2)
    _, there = in_one_neuron(2, 1, 1, [fmpq(1, 5)] * 2)
    found = {**env, **sizes_, "W0": start, "W": there, "r": fmpq(-1), "Z": ((fmpq(1),),)}
    return {**found, **cost_of_one_number(found)}


def not_so_near(source, env):
    found = on_the_other_side(source, env)
    return {**found, "r": fmpq(0)}


def not_so_small(source, env):
    found = on_the_other_side(source, env)
    return {**found, "r": fmpq(1)}
