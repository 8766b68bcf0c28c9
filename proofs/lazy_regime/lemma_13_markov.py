"""Markov's inequality for the loss at initialization (paper, Lemma 13, lines 413 and 415).

It bounds the loss above its minimum, so C_0 - C_min stands on top; with C_0 alone the printed bound is negative where
C_min < C_0 < 0.
"""

from flint import fmpq

from proofs.lazy_regime.exemptions import no_value, ranges
from proofs.lazy_regime.gaussian_layers import W, mean
from proofs.lazy_regime.lemma_13_costs import X, Y, squared_error
from proofs.lazy_regime.random_networks import EQUAL, NORMALIZED, WIDTHS, A, sigma
from theorycheck.domain import Domain, depth, derived, drawn, hypothesis, size
from theorycheck.exact import basic_rules as basic, chance_rules as chance, induction_rules as induction, rules as by
from theorycheck.statement import Part
from theorycheck.tree import Ge, Gt, Le, Lt, Not, probability, sym
from theorycheck.verdict import Erratum

c_min, C_0, least = (sym(name) for name in ("C_min", "C_0", "a_0"))
part = Part(exempts=ranges, expects="proved", where="proof", line=415)


def small_data(source, env):
    return tuple(tuple(fmpq(source.integer(0, 1), 4) for _ in range(env["N"])) for _ in range(env["n"][0]))


LEVEL = drawn("a_0", lambda source, env: env["C_min"] + source.integer(1, 3))
LIMIT = drawn("C_0", lambda source, env: env["C_min"] + 200 + source.integer(0, 3))
MINIMUM = drawn("C_min", lambda source, _: fmpq(source.integer(-3, 2)))
NEGATIVE = drawn("C_min", lambda source, _: fmpq(-300))
BOUNDED = hypothesis("the expected loss is below C_0", Lt(mean(squared_error(A) + c_min, NORMALIZED), C_0), 413)
ABOVE = hypothesis("a > C_min", Gt(least, c_min), 413)
ONE = drawn("sigma", lambda *_: fmpq(1), hypothesis("sigma > 0", Gt(sigma, 0)))
NO_LABELS = derived("Y", lambda env: ((fmpq(0),) * env["N"],) * env["n"][env["L"]])
SMALL = (depth("L", most=2), *WIDTHS[1:], ONE, size("N", most=1), drawn("X", small_data), NO_LABELS)
losses = Domain(
    "networks with hidden widths w, costs |A X - Y|^2 + C_min, levels a > C_min, bounds C_0 of the expected loss",
    (*SMALL, MINIMUM, LEVEL, LIMIT),
    (EQUAL, ABOVE, BOUNDED),
)
negative_losses = Domain(
    "the same, with a minimum and a bound C_0 of the expected loss that are negative",
    (*SMALL, NEGATIVE, LEVEL, LIMIT),
    (EQUAL, ABOVE, BOUNDED, hypothesis("C_0 < 0", Lt(C_0, 0), 413)),
)


def exceeds():
    return probability(Gt(squared_error(A) + c_min, least), W, NORMALIZED)


WITHOUT_MINIMUM = Erratum(
    "constant",
    "for costs of any minimum, also a negative one",
    "Markov's inequality is about C - C_min >= 0: the bound is (C_0 - C_min)/(a - C_min), which is larger where C_min < 0.",
    stands=("prop-2",),
)


@part.claim("markov", domain=negative_losses, expects="refuted", exempt=no_value, erratum=WITHOUT_MINIMUM)
def markov_printed():
    """The loss exceeds a with probability at most C_0/(a - C_min)"""
    goal = yield Le(exceeds(), C_0 / (least - c_min))
    chance_ = yield Ge(exceeds(), 0), by.sign()
    negative = yield Lt(C_0, 0), by.trivially()
    below = yield Lt(C_0 / (least - c_min), 0), by.linear((negative, 1 / (least - c_min)))
    wrong = yield Lt(C_0 / (least - c_min), exceeds()), by.linear(chance_, below)
    yield Not(goal), basic.contrary(wrong)


FAR = "Markov's inequality is far from the probability, which nothing else of the law decides"
LAW = dict.fromkeys(("the exponent's 2 in 2/L", "the exponent's 1 in -1", "the minus of -(L - 1)"), FAR)
SAME = "A and -A have the same law, as have > and >="
EXEMPT = {**LAW, "the minus of -Y": SAME, "the relation <W[L:1] @ X - Y, W[L:1] @ X - Y> + C_min > a_0: weaken": SAME}


def no_data(source, env):
    """X = 0 and a large minimum of either sign: the loss never exceeds a, and its expectation is all but C_0."""
    minimum = fmpq(100 * (2 * source.integer(0, 1) - 1))
    nothing = tuple((fmpq(0),) * env["N"] for _ in env["X"])
    return {**env, "X": nothing, "C_min": minimum, "C_0": minimum + fmpq(1, 100), "a_0": minimum + 1}


@part.claim("markov-corrected", domain=losses, corrects="markov", near=no_data, exempt=EXEMPT, one=1)
def markov(one):
    """The loss exceeds a with probability at most (C_0 - C_min)/(a - C_min)"""
    goal = yield Le(exceeds(), (C_0 - one * c_min) / (least - c_min))
    excess = probability(Gt(squared_error(A), least - c_min), W, NORMALIZED)
    above = yield Gt(squared_error(A) + c_min, least), induction.assumed()
    same = yield Gt(squared_error(A), least - c_min), by.linear(above)
    implied = yield Le(exceeds(), excess), chance.implied(same)
    positive = yield Ge(squared_error(A), 0), by.linear(squares=[(1, A @ X - Y)])
    tail = yield Le(excess, mean(squared_error(A), NORMALIZED) / (least - c_min)), chance.markov(positive)
    bound = yield Lt(mean(squared_error(A) + c_min, NORMALIZED), C_0), by.given("the expected loss is below C_0")
    yield goal, by.linear(implied, tail, (bound, 1 / (least - c_min)))
