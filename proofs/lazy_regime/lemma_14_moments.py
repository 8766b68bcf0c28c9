"""Fourth moments of the products below a layer, to first order in 1/w (for Lemma 14, lines 419 and 581); domains, instances.

For C = W_h .. W_1, with q = |C|^4 and t = |C C^T|^2, one layer more gives E q' = s^2 (w^2 E q + 2 w E t) and
E t' = s^2 (w E q + (w^2 + w) E t). So E[w t + q + t] is at most (s w)^(2 h) (n_0 w + (3^(h+1) - 1) n_0 (n_0 + 1)/2), and
E t at most (s w)^(2 h) (n_0 + (3^h - 1) n_0 (n_0 + 1)/(2 w)): equality for h <= 1, and for all h where n_0 = w = 1. The
products above and between layers are in `lemma_14_segments`.
"""

from proofs.lazy_regime.gaussian_layers import VARIANCE, L, W, mean, n, s
from proofs.lazy_regime.random_networks import AT_LEAST_ONE, EQUAL, HIDDEN, WIDTHS, w
from theorycheck.domain import Domain, index
from theorycheck.exact import induction_rules as induction, rules as by
from theorycheck.tree import Ge, Le, inner, num, sym

h, k, l, m = (sym(name) for name in ("h", "k", "l", "m"))
THREE, HALF = num(3), num(1) / 2
EQUAL_HIDDEN = (EQUAL, *AT_LEAST_ONE)
below = Domain("products of the first hidden layers, hidden widths w", (*WIDTHS, VARIANCE, index("h", 0, L - 1)), EQUAL_HIDDEN)
above = Domain(
    "products of hidden layers above a layer l, hidden widths w",
    (*WIDTHS, VARIANCE, index("l", 1, L - 1), index("k", l, L - 1)),
    EQUAL_HIDDEN,
)
last = Domain("products of the last m layers, hidden widths w", (*WIDTHS, VARIANCE, index("m", 0, L - 1)), EQUAL_HIDDEN)


def one_neuron(source, env):
    """Up to six layers of one neuron, where all moments are products of those of one number: equality at every depth. Every
    other time there are three inputs, or three outputs, so that a subscript that is moved makes a difference."""
    depth_ = source.integer(3, 6)
    high = source.integer(max(2, depth_ - 2), depth_ - 1)
    ends = ({}, {0: 3}, {}, {depth_: 3})[source.integer(0, 3)]
    widths_ = dict.fromkeys(range(depth_ + 1), 1) | ends
    found = {"L": depth_, "w": 1, "n": widths_, "k": high, "l": source.integer(1, min(2, high - 1))}
    found |= {"h": source.integer(0, depth_ - 1), "m": source.integer(0, depth_ - 1), "i": source.integer(1, depth_ - 1)}
    return {**env, **{name: value for name, value in found.items() if name in env}}


def quartic(C):
    return inner(C, C) * inner(C, C)


def trace_of_square(C):
    """|C C^T|^2."""
    return inner(C @ C.T, C @ C.T)


def sharp(start, layers, half=HALF):
    """start + (3^layers - 1) start (start + 1) / (2 w)."""
    return start + half * (THREE**layers - 1) * start * (start + 1) / w


# --- below -----------------------------------------------------------------------------------------------------------------
def lower_square(at, half=HALF, variance=s):
    return Le(mean(trace_of_square(W.chain(at, 1)), variance), (variance * w) ** (2 * at) * sharp(n[0], at, half))


def lower_all(at):
    C = W.chain(at, 1)
    value = n[0] * w + HALF * (THREE ** (at + 1) - 1) * n[0] * (n[0] + 1)
    return Le(mean(w * trace_of_square(C) + quartic(C) + trace_of_square(C)), (s * w) ** (2 * at) * value)


def lower_least(at):
    return Ge(mean(trace_of_square(W.chain(at, 1))), (s * w) ** (2 * at) * n[0])


def lower(half):
    """E|C C^T|^2 for C = W_h .. W_1"""
    goal = yield lower_square(h, half)
    inside = [Le(h + 1, L - 1)]
    base = yield lower_least(num(0)), by.linear()
    known = yield lower_least(h), induction.assumed()
    step = yield lower_least(h + 1), by.under(inside, by.linear((known, s**2 * w**2), using=[HIDDEN]))
    least = yield lower_least(h), induction.over(h, base, step)
    base = yield lower_all(num(0)), by.linear()
    known = yield lower_all(h), induction.assumed()
    common = s ** (2 * h + 2) * w ** (2 * h + 1) * n[0]
    wide = yield Le(common, common * w), by.sign()
    terms = (known, 3 * s**2 * w**2), (least, s**2 * (2 * w**3 + w**2 - 3 * w)), (wide, 3)
    step = yield lower_all(h + 1), by.under(inside, by.linear(*terms, using=[HIDDEN]))
    every = yield lower_all(h), induction.over(h, base, step)
    base = yield lower_square(num(0)), by.linear()
    step = yield lower_square(h + 1), by.under(inside, by.linear((every, s**2 * w), using=[HIDDEN]))
    found = yield lower_square(h), induction.over(h, base, step)
    yield goal, by.linear(found)
