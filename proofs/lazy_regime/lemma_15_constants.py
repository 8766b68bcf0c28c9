"""Constants, exponents and probabilities of Lemma 15 (paper lines 436 to 448 and 468).

sigma~ = sigma^(1/L) w^(-(L-1)/(2L)), rho = sigma^(1/L) w^(1/(2L)) the radius of the ball. Theorem 20 with t = sqrt(w) gives
|W_0,l| <= 3 rho with probability 1 - 2 e^(-w/2), not 1 - 2 e^(-w^2/2), and only where n_0, n_L <= w.
"""

from fractions import Fraction

from flint import fmpq

from proofs.lazy_regime.gaussian_norms import L, W, hidden, j, l, n, rectangle, w
from proofs.lazy_regime.thm_20_gaussian_singular_values import sigma
from theorycheck.domain import Domain, depth, drawn, hypothesis, index, layers_of, real, size
from theorycheck.exact import rules as by, tail_rules as tails
from theorycheck.exact.cited_norms import GAUSSIAN_LARGEST
from theorycheck.exact.matrix_rules import scaled
from theorycheck.models.included import each
from theorycheck.tree import Eq, Ge, Gt, Le, exp, num, probability, singular, sqrt
from theorycheck.verdict import Erratum

SD = sigma ** (1 / L) * w ** (-(L - 1) / (2 * L))  # of every entry at the start
RHO = sigma ** (1 / L) * w ** (1 / (2 * L))
C_1, C_2 = L * num(4) ** (L - 1), L * (L - 1) * num(4) ** (L - 2)
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
in_width = (*hidden, each(NARROW, Le(n[j], w), 446, 0, L))


def narrow(source, env):
    return {m: env["w"] if 0 < m < env["L"] else source.integer(1, env["w"]) for m in range(env["L"] + 1)}


narrow_sizes = (*sizes[:2], drawn("n", narrow, positive=True, integer=True), *sizes[3:])
no_wider = Domain("rectangular networks with n_0, n_L <= w, sigma > 0", narrow_sizes, in_width)


def start(i):
    """What Theorem 20 says of a layer at the start, with t = sqrt(w)."""
    return SD * (sqrt(n[i - 1]) + sqrt(n[i]) + sqrt(w))


at_the_start = Domain(
    "layers with |W_l| <= sigma~ (sqrt(n_l) + sqrt(n_(l-1)) + sqrt(w)) for all l, n_0, n_L <= w",
    (*narrow_sizes, layers_of("W")),
    (*in_width, each(EVENT, Le(singular(W[j], 1), start(j)), 446, 1, L)),
)


# --- exponents ------------------------------------------------------------------------------------------------------------
def exponent(half):
    """The last step of the display, as printed"""
    yield Eq(3 * sigma ** (1 / L) * w ** (Fraction(1, 2) - (L - 1) / (2 * L)), 3 * sigma ** (1 / L) * w**half)


def exponent_corrected(three):
    """The last step, with the exponent 1/(2L)"""
    goal = yield Eq(3 * sigma ** (1 / L) * w ** (Fraction(1, 2) - (L - 1) / (2 * L)), three * RHO)
    yield goal, by.identity()


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


def three_roots_corrected(three):
    """The display for n_0, n_L <= w, with <= for ="""
    goal = yield Le(start(l), three * RHO)
    a, b = yield from roots(l)
    yield goal, by.linear((a, SD), (b, SD))


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


# --- probabilities --------------------------------------------------------------------------------------------------------
def layer_fails(factor, power):
    """How likely one layer exceeds 3 rho, as printed (the complement of the printed event)"""
    event = probability(Gt(singular(W[l], 1), 3 * RHO), W, SD**2)
    yield Le(event, factor * exp(-(w**power) / 2))


def input_of_width_one(source, env):
    """A first layer of eight neurons and one input: its norm is the length of eight Gaussians."""
    n_ = {0: 1, 1: 8, 2: 1}
    return {**env, "L": 2, "w": 8, "n": n_, "sigma": fmpq(1), "l": 1, "h": 1, "k": 1}


def within():
    """On that event every layer has a norm of at most 3 rho"""
    goal = yield Le(singular(W[l], 1), 3 * RHO)
    here = yield Le(singular(W[l], 1), start(l)), by.given(EVENT, j=l)
    a, b = yield from roots(l)
    yield goal, by.linear(here, (a, SD), (b, SD))


def layers_hold(factor):
    """All layers have norms of at most 3 rho at the start, with probability 1 - 2 L e^(-w/2)"""
    goal = yield Ge(probability(Le(singular(W[l], 1), 3 * RHO), W, SD**2), 1 - factor * L * exp(-w / 2))
    event = probability(Le(singular(W[l], 1), start(l)), W, SD**2)
    one = yield Ge(event, 1 - exp(-w / 2)), tails.tail(GAUSSIAN_LARGEST, l=l, t=sqrt(w), v=SD)
    yield goal, tails.implied("lemma-15.within", EVENT, one, l)


def many_inputs(source, env):
    """Two layers, width 3 and 1000 inputs."""
    n_ = {0: 1000, 1: 3, 2: 1}
    return {**env, "L": 2, "w": 3, "n": n_, "sigma": fmpq(1), "l": 1, "h": 1, "k": 1}


def first_fails(factor):
    """What bound 1 at theta_0 says for L = 2, as |J| >= |W_1|: how likely |W_1| exceeds c_1 sigma^(1/2) w^(1/4)"""
    event = probability(Gt(singular(W[1], 1), C_1 * sigma ** ((L - 1) / L) * w ** ((L - 1) / (2 * L))), W, SD**2)
    yield Le(event, factor * L * exp(-(w**2) / 2))


two_layers = Domain("networks of two layers", (depth("L", 2, 2), *sizes[1:]), (*hidden, hypothesis("two layers", Eq(L, 2))))

narrow_two_layers = Domain(
    "networks of two layers with n_0, n_L <= w",
    (depth("L", 2, 2), *narrow_sizes[1:]),
    (*in_width, hypothesis("two layers", Eq(L, 2))),
)


def eighty_neurons(source, env):
    """Two layers, width 80 and one input: |W_1| is the length of 80 Gaussians."""
    n_ = {0: 1, 1: 80, 2: 1}
    return {**env, "L": 2, "w": 80, "n": n_, "sigma": fmpq(1), "l": 1, "h": 1, "k": 1}


SCAN = Erratum(
    "scan",
    "the exponent 1/2",
    "1/2 - (L-1)/(2L) is 1/(2L), as it stands in the next line",
    stands=("lemma-15.roots-corrected",),
)
TOO_WIDE = Erratum(
    "hypothesis",
    "for all widths, with = as printed",
    "sqrt(n_0) + sqrt(w) + sqrt(w) is not 3 sqrt(w): it takes n_0, n_L <= w, and then <=; with many inputs the lemma fails",
    falls=("lemma-15.wide-inputs",),
    stands=("lemma-15.roots-corrected", "lemma-15.layers-corrected"),
)
SQUARED = Erratum(
    "constant",
    "the exponent -w^2/2",
    "Theorem 20 with t = sqrt(w), which the bound 3 rho takes, gives e^(-w/2); e^(-w^2/2) is wrong from width 8 on",
    stands=("lemma-15.layers-corrected",),
)
MANY = Erratum(
    "hypothesis",
    "for all n_0, as nothing is said of it; what bound 1 at theta_0 says of |W_1|, as |J| >= |W_1| for L = 2",
    "for a fixed width and many inputs the norm of W_1 is as large as sqrt(n_0) sigma~; it takes n_0, n_L <= w",
    inherits="lemma-15.roots",
    stands=("lemma-15.layers-corrected",),
)


LEMMA = Erratum(
    "constant",
    "what bound 1 at theta_0 says of |W_1| with the printed probability, as |J| >= |W_1| for L = 2; n_0, n_L <= w",
    "e^(-w^2/2) is less than the probability that one layer alone is too large: false at width 80, n_0 = 1",
    inherits="lemma-15.layer",
    stands=("lemma-15.layers-corrected",),
)


def enter(statement):
    """Add the claims of lines 436 to 448 and 468 about numbers and probabilities."""

    def claim(name, line, body, expects="proved", **more):
        statement.claim(name, line=line, where="proof", expects=expects, **more)(body)

    claim("exponent", 446, exponent, "refuted", erratum=SCAN, half=Fraction(1, 2))
    claim("exponent-corrected", 446, exponent_corrected, corrects="exponent", three=3)
    claim("roots", 446, three_roots, "refuted", erratum=TOO_WIDE)
    claim("roots-corrected", 446, three_roots_corrected, corrects="roots", domain=no_wider, three=3)
    claim("third-constant", 468, third_constant, most=1)
    printed = {"domain": no_wider, "near": input_of_width_one, "erratum": SQUARED}
    claim("layer", 444, layer_fails, "refuted", factor=2, power=2, **printed)
    claim("within", 448, within, domain=at_the_start)
    claim("layers-corrected", 448, layers_hold, corrects="layer", domain=no_wider, factor=2)
    claim("probability", 436, first_fails, "refuted", domain=narrow_two_layers, near=eighty_neurons, erratum=LEMMA, factor=2)
    claim("wide-inputs", 438, first_fails, "refuted", domain=two_layers, near=many_inputs, erratum=MANY, factor=2)
