"""The operator norm of a product of Gaussian layers (Corollary 21, paper lines 589 to 599).

With |W_l| <= sigma (sqrt(n_(l-1)) + sqrt(n_l) + t) for all l, the norm of the product is at most the product of these bounds.
The last step of the paper takes one factor 1 + t out of all L of them, which is wrong for every t > 0 at widths 1 and L = 2,
and the corollary with it: P[product > x] of L Gaussians is about e^(-c x^(2/L)), more than e^(-c x^2). With (1 + t)^L it
holds, with half of the printed probability (one side of Theorem 20), and (1 + t/2)^L is enough.
"""

from flint import fmpq

from proofs.lazy_regime.gaussian_norms import (
    EVENT,
    HALVED,
    HIDDEN,
    WIDE,
    L,
    W,
    along,
    around,
    bound,
    chained,
    domain,
    h,
    halved,
    k,
    l,
    largest,
    n,
    on_the_event,
    one_layer,
    peeled,
    q,
    w,
    wide,
)
from proofs.lazy_regime.thm_20_gaussian_singular_values import CITATION, sigma, t
from theorycheck.cli import run_module
from theorycheck.exact import induction_rules as induction, rules as by, tail_rules as tails
from theorycheck.exact.cited_norms import GAUSSIAN_LARGEST
from theorycheck.exact.matrix_rules import scaled
from theorycheck.statement import Statement
from theorycheck.tree import Eq, Ge, Le, exp, num, probability, singular, sqrt
from theorycheck.verdict import Erratum

statement = Statement("cor-21", "Operator norm of a product of Gaussian layers", "B.4", domain, depends_on=("thm-20",))


INDICES = {f"the hypothesis {i} in range ({end})": "the index of an induction" for i in "hk" for end in ("lower", "upper")}
ON_THE_EVENT = {f"the hypothesis h in range ({end})": "the index of an induction" for end in ("lower", "upper")}
BASIS = {
    "the hypothesis sigma > 0": "a standard deviation; for sigma < 0 no layers are on the event",
    "the hypothesis t >= 0": "Theorem 20 is about t >= 0",
}
EMPTY = INDICES | BASIS
TAIL_OF = "a constant of the cited theorem; it is not tight at the small sizes where probabilities can be enclosed"
CONSTANTS = dict.fromkeys(("the exponent's 2 in sigma^2", "the exponent's 2 in t^2", "the number 2 in (-t^2)/2"), TAIL_OF)
EVENT_OF = "part of the event, which is that of cor-21.within and changed there"
PLACES = dict.fromkeys(
    (
        "the first layer L of W[L:1]",
        "the last layer 1 of W[L:1]",
        "the number 1 of sigma[1](W[L:1])",
        "the number 1 in 1 + t/2",
        "the number 2 in t/2",
        "the number 4 in 4*w",
        "the exponent's 2 in -2",
        "the exponent's 2 in (L - 2) / 2",
    ),
    EVENT_OF,
)
LAYER = {f"the hypothesis l in range ({end})": "there is no such layer" for end in ("lower", "upper")}
INSIDE = EMPTY | CONSTANTS | PLACES | LAYER


# --- the probability ------------------------------------------------------------------------------------------------------
@statement.claim("bernoulli", line=593, where="proof", expects="proved", power=2, factor=2)
def bernoulli(power, factor):
    """(1 - 2 e^(-t^2/2))^2 >= 1 - 2 L e^(-t^2/2), since L >= 2 (what is needed for all L layers is the power L)"""
    q = exp(-(t**2) / 2)
    goal = yield Ge((1 - 2 * q) ** power, 1 - factor * L * q)
    more = yield Ge(L - 2, 0), by.sign()
    yield goal, by.linear((more, 2 * q), squares=[(4, q)])


@statement.claim("layer", line=595, where="proof", expects="supported", short=CITATION, exempt=CONSTANTS | BASIS, factor=2)
def layer(factor):
    """The norm of one layer: Theorem 20"""
    goal = yield Ge(probability(Le(singular(W[l], 1), bound(l)), W, sigma**2), 1 - factor * exp(-(t**2) / 2))
    yield goal, tails.tail(GAUSSIAN_LARGEST, l=l, t=t, v=sigma)


@statement.claim("submultiplicative", line=599, where="proof", expects="proved", domain=on_the_event, exempt=ON_THE_EVENT)
def submultiplicative():
    """The norm of the product is at most the product of the norms"""
    goal = yield Le(singular(W.chain(L, 1), 1), along(largest, L))
    none, more = yield from peeled(largest)
    yield from chained(goal, lambda at: along(largest, at), by.linear((none, -1)), [(more, -1)])


def near_the_bound(source, env):
    """Norms at their bounds, in layers of one neuron."""
    ones = {k: 1 for k in env["n"]}
    return {**env, "w": 1, "n": ones, "W": {k: ((env["sigma"] * (2 + env["t"]),),) for k in env["W"]}}


@statement.claim(
    "bounded", line=599, where="proof", expects="proved", domain=on_the_event, near=near_the_bound, exempt=ON_THE_EVENT | BASIS
)
def bounded():
    """Second inequality: the product of the bounds"""
    goal = yield Le(singular(W.chain(L, 1), 1), sigma**L * along(wide, L))
    none, more = yield from peeled(wide)
    one = yield Le(largest(1), bound(1)), by.given(EVENT, j=num(1))
    next_ = yield Le(largest(h + 1), bound(h + 1)), by.under([Le(h + 1, L)], by.given(EVENT, j=h + 1))
    value = lambda at: sigma**at * along(wide, at)  # noqa: E731
    yield from chained(goal, value, by.linear(one, (none, -sigma)), [(more, -(sigma ** (h + 1)))], next_)


def one_neuron(source, env):
    """Widths 1, where sqrt(n_(l-1)) + sqrt(n_l) is least."""
    return {**env, "w": 1, "n": {k: 1 for k in env["n"]}}


LAST = Erratum(
    "false",
    "one factor 1 + t for all layers",
    "false for L = 2 at widths 1 and every t > 0, where (2 + t)^2 > 4 (1 + t); each layer needs its factor: (1 + t)^L",
    falls=("cor-21.bound",),
    stands=("cor-21.bound-corrected",),
)


@statement.claim("last", line=599, where="proof", expects="refuted", near=one_neuron, erratum=LAST)
def last():
    """Third inequality: one factor 1 + t"""
    yield Le(sigma**L * along(wide, L), (1 + t) * sigma**L * along(around, L))


@statement.claim(
    "last-corrected", line=599, where="proof", expects="proved", corrects="last", domain=halved, near=one_neuron, half=2
)
def last_corrected(half):
    """Third inequality, with a factor for each layer, for which 1 + t/2 is enough"""
    goal = yield Le(sigma**L * along(wide, L), (1 + t / half) ** L * sigma**L * along(around, L))
    inside = [Le(h + 1, L)]
    left_1, left = yield from peeled(wide)
    right_1, right = yield from peeled(around)
    first = yield from one_layer(num(1), [])
    base = yield Le(along(wide, 1), q * along(around, 1)), by.linear(left_1, first, (right_1, -q))
    here = yield Le(along(wide, h), q**h * along(around, h)), induction.assumed()
    one = yield from one_layer(h + 1, inside)
    above = yield Ge(q * around(h + 1), 0), by.under(inside, by.sign())
    below = yield Ge(along(wide, h), 0), by.sign()
    a = yield Le(along(wide, h) * wide(h + 1), along(wide, h) * q * around(h + 1)), scaled(one, below)
    b = Le(along(wide, h) * q * around(h + 1), q ** (h + 1) * along(around, h) * around(h + 1))
    b = yield b, scaled(here, above)
    longer = Le(along(wide, h + 1), q ** (h + 1) * along(around, h + 1))
    step = yield longer, by.under(inside, by.linear(left, a, b, (right, -(q ** (h + 1)))))
    line = yield here.shows, induction.over(h, base, step)
    whole = Le(along(wide, L), q**L * along(around, L))
    whole = yield whole, by.cite(by.generic(line, [Ge(h, 1), Le(h, L)], h), h=L)
    yield goal, by.linear((whole, sigma**L), using=[HALVED])


# --- the corollary --------------------------------------------------------------------------------------------------------
@statement.claim("widths", line=591, where="proof", expects="proved")
def widths():
    """The product of sqrt(n_(l-1)) + sqrt(n_l) over the layers of a rectangular network"""
    goal = yield Eq(along(around, L), WIDE)
    inner = lambda at: (sqrt(n[0]) + sqrt(w)) * (2 * sqrt(w)) ** (at - 1)  # noqa: E731
    inside = [Le(k + 1, L - 1)]
    none, more = yield from peeled(around, k, L - 1)
    base = yield Eq(along(around, 1), inner(num(1))), by.linear(none, using=[HIDDEN])
    here = yield Eq(along(around, k), inner(k)), induction.assumed()
    one = yield Eq(around(k + 1), 2 * sqrt(w)), by.under(inside, by.identity(HIDDEN))
    longer = Eq(along(around, k + 1), inner(k + 1))
    step = yield longer, by.under(inside, by.linear(more, (here, around(k + 1)), (one, inner(k))))
    line = yield here.shows, induction.over(k, base, step)
    almost = yield Eq(along(around, L - 1), inner(L - 1)), by.cite(by.generic(line, [Ge(k, 1), Le(k, L - 1)], k), k=L - 1)
    last = yield Eq(along(around, L), along(around, L - 1) * around(L)), by.last_one()
    end = yield Eq(around(L), sqrt(w) + sqrt(n[L])), by.identity(HIDDEN)
    yield goal, by.linear(last, (almost, around(L)), (end, inner(L - 1)))


def within(rate, power):
    """|A_theta| against the printed bound with a rate, 1 + t as printed, to a power."""
    return Le(singular(W.chain(L, 1), 1), rate**power * sigma**L * WIDE)


def product_of_gaussians(source, env):
    """Two layers of one neuron and a large t: the product of two Gaussians against 4 (1 + t)."""
    return {**env, "L": 2, "w": 1, "n": {0: 1, 1: 1, 2: 1}, "sigma": fmpq(1), "t": fmpq(12), "l": 1, "h": 1, "k": 1}


TAIL = Erratum(
    "false",
    "for all t >= 0, as printed",
    "for large t the product of L >= 2 Gaussians exceeds (1 + t) with a larger probability, at widths 1 and t = 12 say, where "
    "it is an integral of a Bessel function; with (1 + t/2)^L, or (1 + t)^L, for (1 + t) it holds",
    inherits="cor-21.last",
    stands=("cor-21.bound-corrected",),
)


@statement.claim("bound", line=591, main=True, expects="refuted", near=product_of_gaussians, erratum=TAIL, factor=2)
def bound_(factor):
    """The norm of the product, with probability 1 - 2 L e^(-t^2/2), as printed"""
    event = Le(singular(W.chain(L, 1), 1), (1 + t) * sigma**L * WIDE)
    yield Ge(probability(event, W, sigma**2), 1 - factor * L * exp(-(t**2) / 2))


@statement.claim(
    "within", line=591, where="proof", expects="proved", domain=on_the_event, near=near_the_bound, exempt=EMPTY, half=2
)
def within_(half):
    """The norm of the product where the norms of the layers are bounded"""
    goal = yield within(1 + t / half, L)
    norm = yield Le(singular(W.chain(L, 1), 1), sigma**L * along(wide, L)), by.uses("cor-21.bounded")
    rate = (1 + t / 2) ** L
    last = Le(sigma**L * along(wide, L), rate * sigma**L * along(around, L))
    last = yield last, by.uses("cor-21.last-corrected", q=1 + t / 2)
    same = yield Eq(along(around, L), WIDE), by.uses("cor-21.widths")
    yield goal, by.linear(norm, last, (same, rate * sigma**L))


@statement.claim("bound-corrected", line=591, expects="proved", corrects="bound", exempt=INSIDE, factor=2, half=2)
def bound_corrected(factor, half):
    """The norm of the product, with a factor 1 + t/2 for each layer (so 1 + t will do)"""
    goal = yield Ge(probability(within(1 + t / half, L), W, sigma**2), 1 - factor * L * exp(-(t**2) / 2))
    event = probability(Le(singular(W[l], 1), bound(l)), W, sigma**2)
    one = yield Ge(event, 1 - exp(-(t**2) / 2)), tails.tail(GAUSSIAN_LARGEST, l=l, t=t, v=sigma)
    yield goal, tails.implied("cor-21.within", EVENT, one, l)


if __name__ == "__main__":
    raise SystemExit(run_module(statement))
