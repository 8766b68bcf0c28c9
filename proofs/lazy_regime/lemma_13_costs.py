"""Costs at initialization (paper, Lemma 13, lines 405 to 415): rows of A, two polynomial costs, Markov's inequality.

Markov's inequality bounds the loss above its minimum, so C_0 - C_min stands on top; with C_0 alone the printed bound is
negative where C_min < C_0 < 0. For two layers the mean of |A|^4 shows the rate 1/w with its constant.
"""

from flint import fmpq

from proofs.lazy_regime.exemptions import no_value, ranges
from proofs.lazy_regime.gaussian_layers import L, W, mean, n
from proofs.lazy_regime.random_networks import (
    EQUAL,
    NORMALIZED,
    SCALES,
    UNIT_A,
    UNIT_B,
    WIDTHS,
    A,
    a,
    b,
    drawn_matrix,
    hidden_part,
    sigma,
    standard,
)
from theorycheck.domain import Domain, depth, derived, drawn, hypothesis, size, widths
from theorycheck.exact import basic_rules as basic, chance_rules as chance, induction_rules as induction, rules as by
from theorycheck.statement import Part
from theorycheck.tree import Eq, Ge, Gt, Le, Lt, Not, inner, mat, num, probability, sym
from theorycheck.verdict import Erratum

N, s, c_min, C_0, least = (sym(name) for name in ("N", "s", "C_min", "C_0", "a_0"))
SHALLOW = (depth("L", most=2), *WIDTHS[1:], SCALES[0])
ROWS = (standard("a", lambda env: 0), standard("b", lambda env: env["L"]))
UNIT = hypothesis(UNIT_A, Eq(inner(a, a), 1), 411), hypothesis(UNIT_B, Eq(inner(b, b), 1), 411)
entries = Domain("networks with hidden widths w, the variance of line 99, entries of A", (*SHALLOW, *ROWS), (EQUAL, *UNIT))
X, Y = mat("X", n[0], N), mat("Y", n[L], N)
DATA = (size("N", most=2), drawn_matrix(X), drawn_matrix(Y))
data = Domain("networks with hidden widths w, the variance of line 99, any data", (*SHALLOW, *DATA), (EQUAL,))
two_layers = Domain("networks of two layers, the variance of line 99", (derived("L", lambda _: 2), widths("n"), SCALES[0]))
part = Part(exempts=ranges, expects="proved")


ROWS_AS_PRINTED = Erratum(
    "notation",
    "the covariance as it stands, after the mean over the layers",
    "Sigma^(L) stands for Sigma^(L - 1), the covariance of the rows given the first L - 1 layers (line 405).",
    stands=("lemma-13",),
)


# --- rows --------------------------------------------------------------------------------------------------------------------
@part.claim("rows", line=411, domain=entries, expects="refuted", erratum=ROWS_AS_PRINTED, where="proof")
def rows_printed():
    """The covariance of the rows with Sigma^(L): its mean against that of the entries"""
    yield Eq(mean(inner(b, A @ a) * inner(b, A @ a), NORMALIZED), mean(NORMALIZED * inner(A @ a, A @ a), NORMALIZED))


@part.claim("rows-corrected", line=411, domain=entries, corrects="rows", one=1, where="proof")
def rows(one):
    """The covariance of the rows with Sigma^(L - 1): its mean is that of the entries"""
    C = W.chain(L - one, 1)
    goal = yield Eq(mean(inner(b, A @ a) * inner(b, A @ a), NORMALIZED), mean(NORMALIZED * inner(C @ a, C @ a), NORMALIZED))
    yield goal, by.identity(UNIT_B)


# --- polynomial costs --------------------------------------------------------------------------------------------------------
def squared_error(M):
    return inner(M @ X - Y, M @ X - Y)


@part.claim("quadratic", line=403, domain=data, main=True, corrects="any-cost", one=1)
def quadratic(one):
    """The mean of |A X - Y|^2 is that for Gaussian A, at every width"""
    goal = yield Eq(mean(squared_error(A), NORMALIZED), sigma**2 * n[L] * inner(X, one * X) + inner(Y, Y))
    moment, widths = yield from hidden_part(X, X, NORMALIZED)
    scale = NORMALIZED * n[L]
    yield goal, by.linear((moment, scale), (widths, scale * NORMALIZED ** (L - 1) * inner(X, X)))


@part.claim("quartic", line=403, domain=two_layers, two=2)
def quartic(two):
    """The mean of |A|^4 for two layers: its limit, and 2 n_0 n_2 (n_0 + n_2 + 1) sigma^4 / w"""
    B = W.chain(2, 1)
    outer = n[0] * n[2]
    value = sigma**4 * outer * (outer + 2) + two * sigma**4 * outer * (n[0] + n[2] + 1) / n[1]
    goal = yield Eq(mean(inner(B, B) * inner(B, B), sigma / n[1] ** (num(1) / 2)), value)
    yield goal, by.identity()


# --- Markov's inequality -----------------------------------------------------------------------------------------------------
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


@part.claim(
    "markov", line=415, domain=negative_losses, expects="refuted", exempt=no_value, erratum=WITHOUT_MINIMUM, where="proof"
)
def markov_printed():
    """The loss exceeds a with probability at most C_0/(a - C_min)"""
    goal = yield Le(exceeds(), C_0 / (least - c_min))
    chance_ = yield Ge(exceeds(), 0), by.sign()
    negative = yield Lt(C_0, 0), by.trivially()
    below = yield Lt(C_0 / (least - c_min), 0), by.linear((negative, 1 / (least - c_min)))
    wrong = yield Lt(C_0 / (least - c_min), exceeds()), by.linear(chance_, below)
    yield Not(goal), basic.contrary(wrong)


@part.claim("markov-corrected", line=415, domain=losses, exempt=no_value, corrects="markov", one=1, where="proof")
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
