"""Layers in the ball around the start (Lemma 15, paper lines 444 to 448).

theta_0 = (W0_l) with |W0_l| <= 3 rho, theta = (W_l) with |theta - theta_0| <= rho: then |W_l| <= 4 rho for every l.
"""

from flint import fmpq

from proofs.lazy_regime.ball_instances import far_away
from proofs.lazy_regime.gaussian_norms import L, W, j, l, n
from proofs.lazy_regime.lemma_15_constants import RHO, WIDE_ENOUGH, sizes
from theorycheck.domain import Domain, drawn, hypothesis, rational_matrix
from theorycheck.evaluate.values import add, scale
from theorycheck.exact import basic_rules as basic, rules as by
from theorycheck.exact.cited_norms import OPERATOR_FROBENIUS, OPERATOR_SUM
from theorycheck.models.included import each
from theorycheck.statement import Part
from theorycheck.tree import Ge, Le, layers, norm, singular, sqrt, sym, total
from theorycheck.verdict import Erratum

W0, V = layers("W0", n), layers("V", n)
b, p, i = sym("b"), sym("p"), sym("i")
START, BALL, NORMS = "the norms of the layers at the start", "theta is in the ball", "norms of the layers"
OFF = W[l] - W0[l]
DISTANCE = total(l, 1, L, norm(OFF) ** 2)


# --- in the ball ----------------------------------------------------------------------------------------------------------
def moved(source, env):
    """The start moved by little, in one layer or in all."""
    small = fmpq(1, source.integer(2, 12))
    return {m: add(x, scale(small, rational_matrix(source, len(x), len(x[0])))) for m, x in env["W0"].items()}


def small_start(source, env):
    return {
        m: scale(fmpq(1, source.integer(1, 6)), rational_matrix(source, env["n"][m], env["n"][m - 1])) for m in _layers(env)
    }


def _layers(env):
    return range(1, env["L"] + 1)


ball = Domain(
    "a start with |W0_l| <= 3 rho for all l, and theta in the ball of radius rho around it",
    (*sizes, drawn("W0", small_start), drawn("W", moved)),
    (
        each(START, Le(singular(W0[j], 1), 3 * RHO), 448, 1, L, far_away(100, 100, 0)),
        hypothesis(BALL, Le(DISTANCE, RHO**2), 444, breaks=far_away(3, 100, 97)),
    ),
)


def on_the_border(source, env):
    return one_layer_moved(source, env, 1)


def one_layer_moved(source, env, moved):
    """Two layers, one neuron of many in use, at 3 rho, for small and large rho and width; one layer moved by rho."""
    return layers_moved(source, env, {moved: 1})


def layers_moved(source, env, moved):
    """The same, each layer moved by its part of rho."""
    rho = (1, 4, fmpq(1, 10**12), 10**12)[source.integer(0, 3)]
    width = (16, 16, 16, 256)[source.integer(0, 3)]
    zeros = (fmpq(0),) * (width - 1)

    def layers_(first, second):
        return {1: ((fmpq(first),), *((x,) for x in zeros)), 2: ((fmpq(second), *zeros),)}

    place = {"L": 2, "w": width, "n": {0: 1, 1: width, 2: 1}, "l": 1, "h": 1, "k": 1, "rho": fmpq(rho)}
    place |= {"sigma": fmpq(rho) ** 2 / (4 if width == 16 else 16)}
    return {**env, **place, "W0": layers_(3 * rho, 3 * rho), "W": layers_(*(3 * rho + rho * moved.get(k, 0) for k in (1, 2)))}


def through_zero(source, env):
    """From a start near 0 to theta = 0."""
    rows = {m: tuple(tuple(fmpq(0) for _ in r) for r in x) for m, x in env["W0"].items()}
    first = ((fmpq(1, 100), *rows[1][0][1:]), *rows[1][1:])
    return {**env, "l": 1, "sigma": fmpq(1), "W0": {**rows, 1: first}, "W": rows}


part = Part(where="proof", expects="proved", domain=ball)


ORIGIN = Erratum(
    "notation",
    "the norm of theta, as printed",
    "the part belongs to theta - theta_0, whose norm is meant: for theta = 0 the printed bound is 0",
    stands=("lemma-15.layer-in-ball",),
)


@part.claim("part", line=444, expects="refuted", near=through_zero, erratum=ORIGIN)
def a_part_printed():
    """A part of theta - theta_0 is no longer than theta"""
    yield Le(norm(OFF), sqrt(total(l, 1, L, norm(W[l]) ** 2)))


@part.claim("part-corrected", line=444, corrects="part")
def a_part():
    """A part of theta - theta_0 is no longer than the whole, squared"""
    goal = yield Le(norm(OFF) ** 2, DISTANCE)
    square = yield Ge(norm(OFF) ** 2, 0), by.linear(squares=[(1, OFF)])
    yield goal, by.member(square, l)


@part.claim("layer-in-ball", line=448, near=on_the_border, exempt=WIDE_ENOUGH, four=4)
def layer(four):
    """Every layer in the ball has a norm of at most 4 rho"""
    goal = yield Le(singular(W[l], 1), four * RHO)
    square = yield Ge(norm(OFF) ** 2, 0), by.linear(squares=[(1, OFF)])
    one = yield Le(norm(OFF) ** 2, DISTANCE), by.member(square, l)
    in_ball = yield Le(DISTANCE, RHO**2), by.given(BALL)
    squares = yield Le(norm(OFF) ** 2, RHO**2), by.linear(one, in_ball)
    off = yield Le(norm(OFF), RHO), basic.by_squares(squares)
    start = yield Le(singular(W0[l], 1), 3 * RHO), by.given(START, j=l)
    here = {"a": n[l], "b": n[l - 1]}
    both = yield Le(singular(W[l], 1), singular(W0[l], 1) + singular(OFF, 1)), by.cite(OPERATOR_SUM, A=W0[l], B=OFF, **here)
    small = yield Le(singular(OFF, 1), norm(OFF)), by.cite(OPERATOR_FROBENIUS, X=OFF, **here)
    yield goal, by.linear(both, start, small, off)
