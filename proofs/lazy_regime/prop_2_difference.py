"""How far A_theta(t) is from the flow on matrices (Proposition 2, paper lines 507 to 514).

Matrices are vectors of a = n_L n_0 numbers here: D = A_theta(t) - A(eta t) moves by -(Theta g - eta h), g and h being the
gradients of C at the two. A derivative at one time is that along the straight line with the same speed. At t = 0 both paths are
at A_theta_0, so that the display divides by 0 there.
"""

from flint import fmpq

from proofs.lazy_regime.pl_paths import t
from theorycheck.domain import Domain, hypothesis, matrix, real, size
from theorycheck.exact import basic_rules as basic, rules as by
from theorycheck.exact.cited import CAUCHY_SCHWARZ
from theorycheck.exact.cited_norms import FROM_THE_LEFT
from theorycheck.models.costs import column_of
from theorycheck.statement import Part
from theorycheck.tree import (
    Defined,
    Dt,
    Eq,
    Ge,
    Gt,
    Le,
    Lt,
    eye,
    inner,
    mat,
    norm,
    num,
    singular,
    sym,
    vec,
)  # fmt: skip
from theorycheck.verdict import Erratum

a, eta = sym("a"), sym("eta")
X, Y, g, h = (vec(name, a) for name in ("X", "Y", "g", "h"))
Theta = mat("Theta", a, a)
D = X - t * (Theta @ g) - (Y - t * (eta * h))
SPREAD = Theta - eta * eye(a)
APART, CONVEX, MONOTONE = "the paths are apart", "C is convex", "the gradient is monotone"


part = Part(where="proof", expects="proved")


# --- the derivative of the distance ----------------------------------------------------------------------------------------
straight = Domain(
    "two points X, Y that move at the speeds -Theta g and -eta h, eta > 0, t >= 0",
    (
        size("a"),
        *map(lambda name: column_of(name, "a"), ("X", "Y", "g", "h")),
        matrix("Theta", a, a),
        real("eta", above=0),
        real("t", at_least=0),
    ),
)
apart = straight.extended("the same, where the two points are apart", hypothesis(APART, Gt(norm(D) ** 2, 0)))


def at_the_start(source, env):
    """t = 0, and X = Y: both paths start there."""
    return {**env, "t": fmpq(0), "Y": env["X"]}


AT_ZERO = Erratum(
    "hypothesis",
    "for all t >= 0, as the proposition has it",
    "At t = 0 the two paths are at the same point, and the norm is not differentiable there; its square is, at all times.",
    stands=("prop-2.derivative-of-square", "prop-2.closeness"),
)


@part.claim("derivative", line=509, domain=straight, expects="refuted", near=at_the_start, erratum=AT_ZERO)
def derivative_printed():
    """The derivative of the distance is defined"""
    yield Defined(-inner(D, Theta @ g - eta * h) / norm(D))


@part.claim("derivative-corrected", line=509, domain=apart, corrects="derivative", one=1)
def derivative(one):
    """The derivative of the distance, where it is not 0"""
    goal = yield Eq(Dt(norm(D)), -one * inner(D, Theta @ g - eta * h) / norm(D))
    yield goal, by.identity()


@part.claim("derivative-of-square", line=509, domain=straight, two=2)
def derivative_of_square(two):
    """The derivative of its square, at all times"""
    goal = yield Eq(Dt(norm(D) ** 2), -two * inner(D, Theta @ g - eta * h))
    yield goal, by.identity()


# --- its two parts ------------------------------------------------------------------------------------------------------------
E = X - Y
pairs = Domain(
    "two different vectors, a kernel, two gradients",
    (*straight.variables[:-1],),
    (hypothesis(APART, Gt(norm(E) ** 2, 0)),),
)
monotone_pairs = pairs.extended("the same, <X - Y, g - h> >= 0", hypothesis(MONOTONE, Ge(inner(E, g - h), 0), 514))


def first_part():
    return -inner(E, SPREAD @ g) / norm(E)


def second_part():
    return -eta * inner(E, g - h) / norm(E)


@part.claim("split", line=510, domain=pairs, one=1)
def split(one):
    """Second and third line: the part of Theta - eta I, and that of the gradients"""
    goal = yield Eq(-inner(E, Theta @ g - eta * h) / norm(E), one * first_part() + second_part())
    yield goal, by.identity()


def one_number(source, env):
    """a = 1: X = 1, Y = 0, Theta = eta - 1, g = h = 1."""
    one = ((fmpq(1),),)
    zero = ((fmpq(0),),)
    return {**env, "a": 1, "X": one, "Y": zero, "g": one, "h": one, "Theta": ((env["eta"] - 1,),)}


@part.claim("bound", line=512, domain=monotone_pairs, near=one_number, one=1)
def bound(one):
    """Fourth line: at most |Theta - eta I| |g|"""
    goal = yield Le(first_part() + second_part(), one * singular(SPREAD, 1) * norm(g))
    apart_ = yield Lt(0, norm(E) ** 2), by.trivially()
    turned = Le(inner(-E, SPREAD @ g), norm(-E) * norm(SPREAD @ g))
    turned = yield turned, by.cite(CAUCHY_SCHWARZ, X=-E, Z=SPREAD @ g, a=a, b=num(1))
    small = Le(norm(SPREAD @ g), singular(SPREAD, 1) * norm(g))
    small = yield small, by.cite(FROM_THE_LEFT, X=SPREAD, Y=g, a=a, b=a, c=num(1))
    rises = yield Ge(inner(E, g - h), 0), by.given(MONOTONE)
    weights = (turned, 1 / norm(E)), (small, 1), (rises, eta / norm(E))
    yield goal, basic.knowing(by.linear(*weights), apart_)
