"""Norms of products of layers whose own norms are bounded (behind Corollary 21; paper lines 591 and 599).

On the event |W_l| <= sigma (sqrt(n_(l-1)) + sqrt(n_l) + t) for all l, the norm of the product is at most the product of these
bounds, and that at most (1 + t/2)^L times its value at t = 0, as both roots are at least 1.
"""

from flint import arb, fmpq

from proofs.lazy_regime.cor_21_exemptions import BASIS, CONVENTION, INDICES, NAMED, ON_THE_EVENT
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
    h,
    halved,
    k,
    largest,
    n,
    on_the_event,
    one_layer,
    peeled,
    q,
    w,
    wide,
)
from proofs.lazy_regime.thm_20_gaussian_singular_values import sigma, t
from theorycheck.exact import induction_rules as induction, rules as by
from theorycheck.exact.matrix_rules import scaled
from theorycheck.statement import Part
from theorycheck.tree import Eq, Ge, Le, num, singular, sqrt
from theorycheck.verdict import Erratum


def one_neuron(source, env):
    """Widths 1, where sqrt(n_(l-1)) + sqrt(n_l) is least."""
    return {**env, "w": 1, "n": {k: 1 for k in env["n"]}}


def near_the_bound(source, env):
    """Norms at their bounds, in layers of one neuron, or of any widths at t = 0 (one entry of each layer is not 0)."""
    if source.integer(0, 1) == 0:
        return {**one_neuron(source, env), "W": {k: ((env["sigma"] * (2 + env["t"]),),) for k in env["W"]}}
    layers_ = {}
    for m, rows in env["W"].items():
        top = env["sigma"] * (arb(env["n"][m - 1]).sqrt() + arb(env["n"][m]).sqrt())
        layers_[m] = tuple(tuple(top if i == j == 0 else fmpq(0) for j in range(len(rows[0]))) for i in range(len(rows)))
    return {**env, "t": fmpq(0), "W": layers_}


part = Part(line=599, where="proof", expects="proved")


# --- the inequalities of line 599 -------------------------------------------------------------------------------------------
@part.claim("submultiplicative", exempt=ON_THE_EVENT, domain=on_the_event)
def submultiplicative():
    """The norm of the product is at most the product of the norms"""
    goal = yield Le(singular(W.chain(L, 1), 1), along(largest, L))
    none, more = yield from peeled(largest)
    yield from chained(goal, lambda at: along(largest, at), by.linear((none, -1)), [(more, -1)])


@part.claim("bounded", near=near_the_bound, exempt=ON_THE_EVENT | BASIS, domain=on_the_event)
def bounded():
    """Second inequality: the product of the bounds"""
    goal = yield Le(singular(W.chain(L, 1), 1), sigma**L * along(wide, L))
    none, more = yield from peeled(wide)
    one = yield Le(largest(1), bound(1)), by.given(EVENT, j=num(1))
    next_ = yield Le(largest(h + 1), bound(h + 1)), by.under([Le(h + 1, L)], by.given(EVENT, j=h + 1))
    value = lambda at: sigma**at * along(wide, at)  # noqa: E731
    yield from chained(goal, value, by.linear(one, (none, -sigma)), [(more, -(sigma ** (h + 1)))], next_)


LAST = Erratum(
    "false",
    "one factor 1 + t for all layers",
    "false for L = 2 at widths 1 and every t > 0, where (2 + t)^2 > 4 (1 + t); each layer needs its factor: (1 + t)^L",
    falls=("cor-21.bound",),
    stands=("cor-21.bound-corrected",),
)


@part.claim("last", expects="refuted", near=one_neuron, erratum=LAST)
def last():
    """Third inequality: one factor 1 + t"""
    yield Le(sigma**L * along(wide, L), (1 + t) * sigma**L * along(around, L))


@part.claim("last-corrected", corrects="last", domain=halved, near=one_neuron, exempt=NAMED, half=2)
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


# --- the bound of the corollary ---------------------------------------------------------------------------------------------
@part.claim("widths", line=591, exempt=CONVENTION)
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


@part.claim("within", line=591, near=near_the_bound, exempt=INDICES | BASIS | CONVENTION, half=2, domain=on_the_event)
def within_(half):
    """The norm of the product where the norms of the layers are bounded"""
    goal = yield within(1 + t / half, L)
    norm = yield Le(singular(W.chain(L, 1), 1), sigma**L * along(wide, L)), by.uses("cor-21.bounded")
    rate = (1 + t / 2) ** L
    last = Le(sigma**L * along(wide, L), rate * sigma**L * along(around, L))
    last = yield last, by.uses("cor-21.last-corrected", q=1 + t / 2)
    same = yield Eq(along(around, L), WIDE), by.uses("cor-21.widths")
    yield goal, by.linear(norm, last, (same, rate * sigma**L))
