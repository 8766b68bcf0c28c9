"""Costs that grow fast (paper, Lemma 13, line 403): the expected loss need not converge, as it need not be finite.

The cost C(A) = exp(c <b, A a>^2), a and b unit vectors, has the mean (1 - 2 c sigma^2)^(-1/2) if entries of A are independent,
of variance sigma^2, 2 c sigma^2 < 1. For a network of width w the terms (c <b, A a>^2)^m / m! of its series have the means

    c^m sigma^(2 m) prod_(k <= m) (2 - 1/k) (1 + 2 (k - 1)/w)^(L - 1),

of which the ratios grow beyond every bound: the mean of C is infinite at every width.
"""

from flint import fmpq

from proofs.lazy_regime.exemptions import ranges
from proofs.lazy_regime.gaussian_layers import L, mean
from proofs.lazy_regime.random_networks import EQUAL, NORMALIZED, UNIT_A, UNIT_B, A, a, b, rectangle, sigma, standard, w
from theorycheck.domain import Domain, depth, drawn, hypothesis, index, real, size
from theorycheck.evaluate import evaluate
from theorycheck.exact import basic_rules as basic, induction_rules as induction, rules as by
from theorycheck.statement import Part
from theorycheck.tree import Eq, Ge, Gt, Le, Lt, inner, num, product, sqrt, sym
from theorycheck.verdict import Erratum

c, m, k, h, H, K = (sym(name) for name in "cmkhHK")
POSITIVE = hypothesis("c > 0", Gt(c, 0), 403)
FACTOR = drawn("c", lambda source, env: fmpq(source.integer(2, 5), 12) / env["sigma"] ** 2, POSITIVE)
SQUARE = drawn("sigma", lambda source, _: fmpq(source.integer(1, 2) ** 2), hypothesis("sigma > 0", Gt(sigma, 0)))
NETWORK = (depth("L", most=2), size("w", most=2), drawn("n", rectangle, positive=True, integer=True), SQUARE)
ROWS = (standard("a", lambda env: 0), standard("b", lambda env: env["L"]))
UNIT = hypothesis(UNIT_A, Eq(inner(a, a), 1), 403), hypothesis(UNIT_B, Eq(inner(b, b), 1), 403)
FINITE = hypothesis("2 c sigma^2 < 1", Lt(2 * c * sigma**2, 1), 403)
ORDER = size("m", least=0, most=4)
networks = Domain("networks with hidden widths w, the variance of line 99", (*NETWORK, *ROWS, ORDER), (EQUAL, *UNIT))
series = networks.extended(
    "networks with hidden widths w, the variance of line 99; c for which exp(c x^2) has a mean, x Gaussian; an order m",
    FACTOR,
    FINITE,
)


def ratio(at, two=2):
    """The mean of the term `at` of the series over that of the one before, apart from c sigma^2."""
    return (2 - 1 / at) * (1 + two * (at - 1) / w) ** (L - 1)


def moment(order):
    return mean(inner(b, A @ a) ** (2 * order), NORMALIZED)


part = Part(exempts=ranges, line=403)


def narrow(width, env):
    """One input, one output."""
    one = ((fmpq(1),),)
    return {**env, "L": 2, "w": width, "n": {0: 1, 1: width, 2: 1}, "a": one, "b": one}


def far_in_the_series(source, env):
    """Narrow networks, and terms far enough in the series."""
    width = source.integer(2, 3)
    return {**narrow(width, env), "sigma": fmpq(1), "c": fmpq(5, 12), "m": 4 + width}


def high_moments(source, env):
    """One neuron, and orders of which tenths are integers."""
    return {**narrow(1, env), "sigma": fmpq(4), "m": source.integer(1, 2) * 5}


ANY_COST = Erratum(
    "hypothesis",
    "the mean of any cost is near that for Gaussian entries, so the terms of exp(c <b, A a>^2) have means of at most it, and 1",
    "It holds for quadratic costs, as MSE and MC are, at every width. exp(c <b, A a>^2), 2 c sigma^2 < 1, has an infinite mean "
    "at every width (any-cost-terms, any-cost-growth), and a finite one for Gaussian entries. Proposition 2 only needs that "
    "C(A_theta) is bounded in probability, which E|A_theta|^2 gives for every continuous cost.",
    stands=("prop-2",),
)


@part.claim("any-cost", domain=series, near=far_in_the_series, expects="refuted", erratum=ANY_COST)
def any_cost():
    """Any cost: each term of the series of exp(c <b, A a>^2) has a mean of at most E C for Gaussian entries, and 1"""
    yield Le(c**m * moment(m) / product(k, 1, m, k), 1 / sqrt(1 - 2 * c * sigma**2) + 1)


@part.claim("any-cost-terms", domain=networks, near=high_moments, expects="supported", two=2)
def terms(two):
    """The moments of an entry, m! times the mean of a term of the series over c^m, at any width and depth"""
    goal = yield Eq(moment(m), sigma ** (2 * m) * product(k, 1, m, k * ratio(k, two)))
    yield goal, by.identity()  # no rule takes the mean of a power with a symbolic exponent


def far_enough(source, env):
    """c with which the ratio of the next two terms is at least 2."""
    return (2 + source.integer(0, 2)) / evaluate(sigma**2 * ratio(K + 1), env)


def on_the_edge(source, env):
    """A shallow network for which that ratio is exactly 2."""
    env = {**env, "L": 2, "H": 2, "h": source.integer(1, 2)}
    return {**env, "c": 2 / evaluate(sigma**2 * ratio(K + 1), env)}


NEXT = c * sigma**2 * ratio(K + 1)
beyond = Domain(
    "any depth L >= 2, width, c > 0, sigma > 0, and an order K after which the ratio of terms is at least 2 (there is one)",
    (
        depth("L", most=4),
        size("w"),
        real("sigma", above=0),
        drawn("K", lambda source, env: source.integer(0, 3), integer=True),
        size("H"),
        index("h", 0, H),
        drawn("c", far_enough, POSITIVE),
    ),
    (hypothesis("K >= 0", Ge(K, 0), 403), hypothesis("far in the series", Ge(NEXT, 2), 403)),
)


def up_to(order):
    return c**order * sigma ** (2 * order) * product(k, 1, order, ratio(k))


@part.claim("any-cost-growth", domain=beyond, near=on_the_edge, expects="proved", two=2)
def growth(two):
    """From some order on each term is at least twice the one before, at every width: their sum, the mean of C, is infinite"""
    goal = yield Ge(up_to(K + h), two**h * up_to(K))
    later = yield Ge(1 + 2 * (K + h) / w, 1 + 2 * K / w), by.linear()
    power = yield Ge((1 + 2 * (K + h) / w) ** (L - 1), (1 + 2 * K / w) ** (L - 1)), by.raised(later, L - 1)
    one = yield Le(num(1), K + 1), by.linear()
    one = yield Ge(1, 1 / (K + 1)), by.raised(one, -1)
    above = yield Ge(2 - 1 / (K + 1), 1), by.linear(one)
    fewer = yield Le(K + 1, K + h + 1), by.linear()
    fewer = yield Ge(1 / (K + 1), 1 / (K + h + 1)), by.raised(fewer, -1)
    rises = by.linear((fewer, power.shows.nodes[0]), (power, 2 - 1 / (K + 1)))
    rises = yield Ge(ratio(K + h + 1), ratio(K + 1)), basic.knowing(rises, above)
    far = yield Ge(NEXT, 2), by.given("far in the series")
    ratio_ = yield Ge(c * sigma**2 * ratio(K + h + 1), 2), by.linear(far, (rises, c * sigma**2))
    every = product(k, 1, K + h, ratio(k))
    base = yield Ge(up_to(K), two**0 * up_to(K)), by.linear()
    known = yield goal, induction.assumed()
    last = yield Eq(product(k, 1, K + h + 1, ratio(k)), every * ratio(K + h + 1)), by.last_one()
    scale = c ** (K + h + 1) * sigma ** (2 * (K + h + 1))
    step = Ge(up_to(K + h + 1), two ** (h + 1) * up_to(K))
    step = yield step, by.under([Le(h + 1, H)], by.linear((last, -scale), (ratio_, up_to(K + h)), (known, two)))
    yield goal, induction.over(h, base, step)
