"""Fourth moments of the products above and below a layer, to first order in 1/w (for Lemma 14, paper lines 419 and 581).

With C = W_h .. W_1 and t = |C C^T|^2, one layer more gives E t' = s^2 (w E|C|^4 + (w^2 + w) E t), and E[|C|^4 + 2 t] grows by
s^2 w (w + 2) <= 4 s^2 w^2; hence E t <= (s w)^(2 h) (n_0 + 4^h n_0 (n_0 + 2) / (2 w)). The product U above a layer starts with
w inputs and ends with n_L outputs.
"""

from proofs.lazy_regime.gaussian_layers import VARIANCE, L, W, mean, n, s
from proofs.lazy_regime.random_networks import EQUAL, HIDDEN, WIDTHS, w
from theorycheck.domain import Domain, index
from theorycheck.exact import induction_rules as induction, rules as by
from theorycheck.tree import Ge, Le, inner, num, sym

h, k, l = sym("h"), sym("k"), sym("l")
below = Domain("products of the first hidden layers, hidden widths w", (*WIDTHS, VARIANCE, index("h", 0, L - 1)), (EQUAL,))
above = Domain(
    "products of hidden layers above a layer l, hidden widths w",
    (*WIDTHS, VARIANCE, index("l", 1, L - 1), index("k", l, L - 1)),
    (EQUAL,),
)
FOUR, HALF = num(4), num(1) / 2


def quartic(C):
    return inner(C, C) * inner(C, C)


def trace_of_square(C):
    """|C C^T|^2."""
    return inner(C @ C.T, C @ C.T)


def both(C):
    return quartic(C) + 2 * trace_of_square(C)


# --- below -----------------------------------------------------------------------------------------------------------------
def K():
    return n[0] * (n[0] + 2)


def lower_sum(at):
    return Le(mean(both(W.chain(at, 1))), (FOUR * s**2 * w**2) ** at * K())


def lower_square(at, half=HALF, variance=s):
    value = n[0] + half * FOUR**at * K() / w
    return Le(mean(trace_of_square(W.chain(at, 1)), variance), (variance * w) ** (2 * at) * value)


def lower(half):
    """E|C C^T|^2 for C = W_h .. W_1"""
    goal = yield lower_square(h, half)
    base = yield lower_sum(num(0)), by.linear()
    known = yield lower_sum(h), induction.assumed()
    step = yield lower_sum(h + 1), by.under([Le(h + 1, L - 1)], by.linear((known, FOUR * s**2 * w**2), using=[HIDDEN]))
    sums = yield lower_sum(h), induction.over(h, base, step)
    base = yield lower_square(num(0)), by.linear()
    known = yield lower_square(h), induction.assumed()
    rule = by.linear((known, s**2 * w**2), (sums, s**2 * w), using=[HIDDEN])
    step = yield lower_square(h + 1), by.under([Le(h + 1, L - 1)], rule)
    found = yield lower_square(h), induction.over(h, base, step)
    yield goal, by.linear(found)


# --- above -----------------------------------------------------------------------------------------------------------------
def segment(at):
    return W.chain(at, l + 1)


def upper_sum(at):
    return Le(mean(both(segment(at))), (s * w) ** (2 * (at - l)) * (w**2 + FOUR ** (at - l + 1) * w))


def upper_square(at):
    return Le(mean(trace_of_square(segment(at))), (s * w) ** (2 * (at - l)) * FOUR ** (at - l + 1) * w / 2)


def orders():
    """1 <= w and 2 <= 4^(k - l + 1), times what they are used with."""
    common, power = s ** (2 * (k - l) + 2) * w ** (2 * (k - l) + 2), FOUR ** (k - l)
    wide = yield Le(common * power, common * power * w), by.sign()
    large = yield Le(2 * common * w, 4 * common * power * w), by.sign()
    return wide, large


def upper_sums():
    base = yield upper_sum(l), by.linear(using=[HIDDEN])
    known = yield upper_sum(k), induction.assumed()
    wide, large = yield from orders()
    rule = by.linear((known, s**2 * w * (w + 2)), (wide, 8), large, using=[HIDDEN])
    step = yield upper_sum(k + 1), by.under([Le(k + 1, L - 1)], rule)
    return (yield upper_sum(k), induction.over(k, base, step))


def upper_squares(sums):
    base = yield upper_square(l), by.linear(using=[HIDDEN])
    known = yield upper_square(k), induction.assumed()
    wide, large = yield from orders()
    rule = by.linear((known, s**2 * w**2), (sums, s**2 * w), (wide, 4), (large, num(1) / 2), using=[HIDDEN])
    step = yield upper_square(k + 1), by.under([Le(k + 1, L - 1)], rule)
    return (yield upper_square(k), induction.over(k, base, step))


def upper(half):
    """E|U U^T|^2 for U = W_L .. W_(l+1), l < L"""
    goal = yield upper_bound(l, half)
    sums = yield from upper_sums()
    squares = yield from upper_squares(sums)
    at_top = [by.generic(line, [Ge(k, l), Le(k, L - 1)], k) for line in (sums, squares)]
    sums = yield upper_sum(L - 1), by.cite(at_top[0], k=L - 1)
    squares = yield upper_square(L - 1), by.cite(at_top[1], k=L - 1)
    yield goal, by.linear((sums, s**2 * n[L]), (squares, s**2 * n[L] * (n[L] + 1)), using=[HIDDEN])


def upper_bound(at, half=HALF):
    value = n[L] + half * FOUR ** (L - at) * n[L] * (n[L] + 3) / w
    return Le(mean(trace_of_square(W.chain(L, at + 1))), (s * w) ** (2 * (L - at)) * value)
