"""The constants and radii of Proposition 2 (= 16): paper lines 112, 124, 482 to 500, 516 and 520.

S = sigma^(2 (L-1)/L) w^((L-1)/L), eta = L S, beta' = beta/2 L S; r = sqrt(2/beta' gap) with gap = C(A_0) - C_min <= C_1, and
R = c_3 rho, the radius of Lemma 15. Where w >= 4 C_1/(c_3^2 beta sigma^2), r <= R.
"""

from proofs.lazy_regime.exemptions import ranges
from proofs.lazy_regime.gaussian_norms import L, w
from proofs.lazy_regime.prop_2_numbers import (
    C_1,
    HALF,
    RATE,
    WIDE,
    R,
    S,
    as_wide_as_needed,
    beta,
    c_3,
    far_scales,
    gap,
    large_loss,
    numbers,
    r,
    small_loss,
    starts,
)
from proofs.lazy_regime.thm_20_gaussian_singular_values import sigma
from theorycheck.exact import basic_rules as basic, rules as by
from theorycheck.statement import Part
from theorycheck.tree import Eq, Ge, Le, sqrt
from theorycheck.verdict import Erratum

part = Part(exempts=ranges, where="proof", domain=starts, expects="proved")


WITHOUT_L = Erratum(
    "constant",
    "beta' without the factor L, as line 482 defines it again",
    "The proposition has the factor L, and Lemma 15 gives it: lambda_min >= L/2 S. What the proof shows holds with either.",
    stands=("prop-2.rate", "prop-2.distance"),
)


# --- line 482 ---------------------------------------------------------------------------------------------------------------
@part.claim("constant", line=482, domain=numbers, expects="refuted", erratum=WITHOUT_L)
def constant_printed():
    """beta' of the proof against beta' of the proposition"""
    yield Eq(beta / 2 * S, RATE)


@part.claim("constant-corrected", line=482, domain=numbers, corrects="constant", half=HALF)
def constant(half):
    """lambda_min >= L/2 S of Lemma 15 times beta is beta' of the proposition"""
    goal = yield Eq(L * half * S * beta, RATE)
    yield goal, by.identity()


BELOW = Erratum(
    "scan",
    "C_1 in the denominator, as it stands",
    "C_1 stands beside the fraction: the threshold w >= 4 C_1/(c_3^2 beta sigma^2) is the one that this gives.",
    stands=("prop-2.inside",),
)


# --- line 484 ---------------------------------------------------------------------------------------------------------------
@part.claim("radius", line=484, expects="refuted", near=large_loss, erratum=BELOW)
def radius_printed():
    """First inequality, with C_1 below the line"""
    yield Le(r, sqrt(4 / (beta * S * C_1)))


@part.claim("radius-corrected", line=484, corrects="radius", near=far_scales, four=4)
def radius(four):
    """First inequality, with C_1 beside the fraction"""
    goal = yield Le(r, sqrt(four / (beta * S) * C_1))
    small = yield Le(gap, C_1), by.given("the loss at the start")
    least = yield Ge(gap, 0), by.given("C(A_0) >= C_min")
    above = yield Ge(C_1, 0), by.linear(least, small)
    two = yield Le(2, L), by.sign()
    part = yield Le(1 / L, HALF), by.raised(two, -1)
    low, high = (x.nodes[0] if x.head == "pow" else x**2 for x in goal.nodes)  # inside the roots, whichever numbers stand there
    rate = low.nodes[0] if low.head == "mul" and low.nodes[1] == gap else 2 / RATE
    square = yield Le(low, high), by.linear((small, rate), (part, rate * L * C_1), slack=[above])
    yield goal, basic.by_squares(square)


@part.claim("radius-sharp", line=484, near=as_wide_as_needed, four=4)
def radius_sharp(four):
    """First inequality with L below the line, where it is an equation for gap = C_1"""
    goal = yield Le(r, sqrt(four / (beta * L * S) * C_1))
    small = yield Le(gap, C_1), by.given("the loss at the start")
    square = yield Le(2 / RATE * gap, four / (beta * L * S) * C_1), by.linear((small, 2 / RATE))
    yield goal, basic.by_squares(square)


@part.claim("fits", line=484, expects="refuted", near=small_loss, erratum=BELOW)
def fits_printed():
    """Second inequality, with C_1 below the line"""
    yield Le(sqrt(4 / (beta * S * C_1)), R)


@part.claim("fits-corrected", line=484, corrects="fits", near=as_wide_as_needed, four=4)
def fits(four):
    """Second inequality, with C_1 beside the fraction: an equation where w is the threshold"""
    goal = yield Le(sqrt(four / (beta * S) * C_1), R)
    wide = yield Ge(w, 4 * C_1 / (c_3**2 * beta * sigma**2)), by.given(WIDE)
    weight = c_3**2 * sigma ** (2 / L) * w ** (1 / L - 1)
    square = yield Le(four / (beta * S) * C_1, R**2), by.linear((wide, weight))
    yield goal, basic.by_squares(square)


@part.claim("inside", line=482, near=as_wide_as_needed, factor=1)
def inside(factor):
    """r <= R, the condition of Proposition 11; there is a factor sqrt(L) of room"""
    goal = yield Le(factor * sqrt(L) * r, R)
    sharp = yield Le(r, sqrt(4 / (beta * L * S) * C_1)), by.uses("prop-2.radius-sharp")
    small = yield Le(sqrt(4 / (beta * S) * C_1), R), by.uses("prop-2.fits-corrected")
    size_ = yield Ge(r, 0), by.sign()
    yield goal, by.linear((sharp, sqrt(L)), small, slack=[size_])


@part.claim("proportional", line=124, power=HALF)
def proportional(power):
    """Line 124: R is proportional to sqrt(w) r"""
    goal = yield Eq(R * sqrt(gap), c_3 / 2 * sqrt(beta * L * sigma**2) * w**power * r)
    yield goal, by.identity()
