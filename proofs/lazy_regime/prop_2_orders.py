"""Orders in the width (Proposition 2, paper lines 124, 494 to 500, 516 and 520)."""

from fractions import Fraction

from proofs.lazy_regime.exemptions import ranges
from proofs.lazy_regime.gaussian_norms import L, w
from proofs.lazy_regime.prop_2_numbers import (
    ETA,
    HALF,
    at_the_distance,
    beta,
    c_3,
    d,
    distances,
    gap,
    large_loss,
    numbers,
    r,
    starts,
)
from proofs.lazy_regime.thm_20_gaussian_singular_values import sigma
from theorycheck.exact import rules as by
from theorycheck.statement import Part
from theorycheck.tree import Eq, Le, sqrt
from theorycheck.verdict import Erratum

SLOPE = sigma ** ((2 * L - 3) / L) * w ** ((2 * L - 3) / (2 * L))
ORDER = sigma ** ((L - 2) / L) * w ** ((L - 2) / (2 * L))
part = Part(exempts=ranges, where="proof", domain=starts, expects="proved")


@part.claim("nearer", line=494, domain=distances, near=at_the_distance, one=1)
def nearer(one):
    """Line 494, the inequality: the path stays within r"""
    goal = yield Le(one * c_3 * SLOPE * d, c_3 * SLOPE * r)
    near = yield Le(d, r), by.given("d <= r")
    yield goal, by.linear((near, c_3 * SLOPE))


OTHER_C = Erratum(
    "notation",
    "c as in R = c sigma^(1/L) w^(1/(2L)), the only c of the proof",
    "The c of this line is another one, and depends on the loss at the start; its c_3 is to be 2 c_1 c_2 (lemma-15.third).",
    stands=("prop-2.closeness",),
)


@part.claim("first-order", line=494, expects="refuted", near=large_loss, erratum=OTHER_C)
def first_order_printed():
    """Line 494, the equation, with the c of line 482"""
    yield Eq(c_3 * SLOPE * r, c_3 * c_3 / sqrt(beta) * ORDER)


@part.claim("first-order-corrected", line=494, corrects="first-order", two=2)
def first_order(two):
    """Line 494, the equation: c is 2 sqrt((C(A_0) - C_min)/L)"""
    goal = yield Eq(c_3 * SLOPE * r, c_3 * (two * sqrt(gap / L)) / sqrt(beta) * ORDER)
    yield goal, by.identity()


@part.claim("order", line=500, domain=numbers, half=HALF)
def order(half):
    """Lines 494, 498 and 500: the order of both terms is (L - 1)/L - 1/2"""
    goal = yield Eq(w ** ((L - 2) / (2 * L)), w ** ((L - 1) / L - half))
    yield goal, by.identity()


@part.claim("relative-order", line=124, domain=numbers, half=HALF)
def relative(half):
    """Line 124: that order is eta w^(-1/2)"""
    goal = yield Eq(L * sigma ** (2 * (L - 1) / L) * w ** ((L - 1) / L - half), ETA * w ** (-Fraction(1, 2)))
    yield goal, by.identity()


@part.claim("length-order", line=516, eight=8)
def length_order(eight):
    """Line 516, the order: sqrt(2) r / sqrt(eta) is sqrt(8 (C(A_0) - C_min)/beta) / eta"""
    goal = yield Eq(sqrt(2) * r / sqrt(ETA), sqrt(eight * gap / beta) / (L * sigma ** (2 * (L - 1) / L)) * w ** (-(L - 1) / L))
    yield goal, by.identity()


@part.claim("product-order", line=520, domain=numbers, corrects="run-together", half=HALF)
def product_order(half):
    """Line 520: the exponents add up to -1/2"""
    goal = yield Eq(w ** ((L - 1) / L - half) * w ** (-(L - 1) / L), w ** (-Fraction(1, 2)))
    yield goal, by.identity()


NO_RELATION = Erratum(
    "scan",
    "the distance beside the O, as a product",
    "A relation sign is lost between the distance and the first O; the exponents add up.",
    stands=("prop-2.closeness",),
)


@part.claim("run-together", line=520, domain=distances, expects="refuted", erratum=NO_RELATION)
def run_together():
    """Line 520 as it stands: the distance times the order"""
    yield Eq(d * w ** ((L - 1) / L - Fraction(1, 2) - (L - 1) / L), w ** (-Fraction(1, 2)))
