"""Constants and exponents of Lemma 15 (paper lines 446 and 468).

sigma~ = sigma^(1/L) w^(-(L-1)/(2L)) is the standard deviation at the start, rho = sigma^(1/L) w^(1/(2L)) the
radius of the ball.
"""

from fractions import Fraction

from flint import fmpq

from proofs.lazy_regime.ball_instances import many_inputs
from proofs.lazy_regime.gaussian_norms import L, W, hidden, j, l, n, rectangle, w
from proofs.lazy_regime.thm_20_gaussian_singular_values import sigma
from theorycheck.domain import Domain, depth, drawn, index, layers_of, real, size
from theorycheck.exact import rules as by
from theorycheck.exact.matrix_rules import scaled
from theorycheck.models.included import each
from theorycheck.statement import Part
from theorycheck.tree import Eq, Ge, Le, num, singular, sqrt
from theorycheck.verdict import Erratum

SD = sigma ** (1 / L) * w ** (-(L - 1) / (2 * L))  # of every entry at the start
RHO = sigma ** (1 / L) * w ** (1 / (2 * L))
C_1, C_2 = L * num(4) ** (L - 1), L * (L - 1) * num(4) ** (L - 2)
WIDE_ENOUGH = {"the hypothesis w >= 1": "sizes are at least 1: a convention of every domain"}
FAR = dict.fromkeys(
    (
        "the number 4 in 4^(L - 1)",
        "the number 4 in 4^(L - 2)",
        "the number 1 in -1",
        "the exponent's 1 in -1",
        "the exponent's 2 in -2",
    ),
    "what is bounded by 1 is at most 1/256, so that little changes there; shown for the printed powers",
)
NARROW = "inputs and outputs are no wider than w"
EVENT = "the norms of the layers at the start"

sizes = (
    depth("L"),
    size("w"),
    drawn("n", rectangle, positive=True, integer=True),
    real("sigma", above=0),
    index("l", 1, L),
    index("h", 1, L),
    index("k", 1, L - 1),
)
domain = Domain("rectangular networks of any depth L >= 2, width and ends, sigma > 0", sizes, hidden)


in_width = (*hidden, each(NARROW, Le(n[j], w), 446, 0, L, many_inputs))


def narrow(source, env):
    return {m: env["w"] if 0 < m < env["L"] else source.integer(1, env["w"]) for m in range(env["L"] + 1)}


narrow_sizes = (*sizes[:2], drawn("n", narrow, positive=True, integer=True), *sizes[3:])
no_wider = Domain("rectangular networks with n_0, n_L <= w, sigma > 0", narrow_sizes, in_width)


def far_scales(source, env):
    """One input and one output; tiny or huge numbers, at which a wrong exponent or base shows."""
    scales = fmpq(1, 10**60), fmpq(10**60)
    depth_ = (2, 3, 50, 400)[source.integer(0, 3)]
    width = (5, 10**60)[source.integer(0, 1)]
    n_ = {m: width if 0 < m < depth_ else 1 for m in range(depth_ + 1)}
    found = {"L": depth_, "w": width, "n": n_, "l": 1, "h": 1, "k": 1}
    found |= {name: scales[source.integer(0, 1)] for name in ("sigma", "r")}
    return {**env, **{name: value for name, value in found.items() if name in env}}


def start(i):
    """What Theorem 20 says of a layer at the start, with t = sqrt(w)."""
    return SD * (sqrt(n[i - 1]) + sqrt(n[i]) + sqrt(w))


at_the_start = Domain(
    "layers with |W_l| <= sigma~ (sqrt(n_l) + sqrt(n_(l-1)) + sqrt(w)) for all l, n_0, n_L <= w",
    (*narrow_sizes, layers_of("W")),
    (*in_width, each(EVENT, Le(singular(W[j], 1), start(j)), 446, 1, L)),
)
part = Part(where="proof", expects="proved")


SCAN = Erratum(
    "scan",
    "the exponent 1/2",
    "1/2 - (L-1)/(2L) is 1/(2L), as it stands in the next line",
    stands=("lemma-15.roots-corrected",),
)


# --- exponents ------------------------------------------------------------------------------------------------------------
@part.claim("exponent", line=446, expects="refuted", erratum=SCAN, half=Fraction(1, 2))
def exponent(half):
    """The last step of the display, as printed"""
    yield Eq(3 * sigma ** (1 / L) * w ** (Fraction(1, 2) - (L - 1) / (2 * L)), 3 * sigma ** (1 / L) * w**half)


@part.claim("exponent-corrected", line=446, corrects="exponent", exempt=WIDE_ENOUGH, three=3)
def exponent_corrected(three):
    """The last step, with the exponent 1/(2L)"""
    goal = yield Eq(3 * sigma ** (1 / L) * w ** (Fraction(1, 2) - (L - 1) / (2 * L)), three * RHO)
    yield goal, by.identity()


TOO_WIDE = Erratum(
    "hypothesis",
    "for all widths, with = as printed",
    "sqrt(n_0) + sqrt(w) + sqrt(w) is not 3 sqrt(w): it takes n_0, n_L <= w, and then <=; with many inputs the lemma fails",
    falls=("lemma-15.wide-inputs",),
    stands=("lemma-15.roots-corrected", "lemma-15.layers-corrected"),
)


@part.claim("roots", line=446, expects="refuted", erratum=TOO_WIDE)
def three_roots():
    """The first equation of the display, for all layers"""
    yield Eq(start(l), 3 * RHO)


def roots(i):
    """sqrt(n_(i-1)) and sqrt(n_i) are at most sqrt(w)."""
    found = []
    for m in (i - 1, i):
        below = yield Le(n[m], w), by.given(NARROW, j=m)
        found.append((yield Le(sqrt(n[m]), sqrt(w)), by.raised(below, Fraction(1, 2))))
    return found


@part.claim("roots-corrected", line=446, corrects="roots", domain=no_wider, exempt=WIDE_ENOUGH, three=3)
def three_roots_corrected(three):
    """The display for n_0, n_L <= w, with <= for ="""
    goal = yield Le(start(l), three * RHO)
    a, b = yield from roots(l)
    yield goal, by.linear((a, SD), (b, SD))


@part.claim("third-constant", line=468, exempt=FAR, most=1)
def third_constant(most):
    """c_3 = L / (32 c_1 c_2) <= 1; it is 1/256 at most, and that for L = 2"""
    goal = yield Le(L / (32 * C_1 * C_2), most)
    power = yield Le(4, num(4) ** (2 * L - 3)), by.sign()
    some = yield Ge(num(4) ** (2 * L - 3), 0), by.sign()
    pairs = yield Le(2, L * (L - 1)), by.sign()
    both = yield Le(2 * num(4) ** (2 * L - 3), L * (L - 1) * num(4) ** (2 * L - 3)), scaled(pairs, some)
    whole = yield Le(256, 32 * L * (L - 1) * num(4) ** (2 * L - 3)), by.linear((power, 64), (both, 32))
    inverse = yield Le(1 / (32 * L * (L - 1) * num(4) ** (2 * L - 3)), Fraction(1, 256)), by.raised(whole, -1)
    yield goal, by.linear(slack=[inverse])
