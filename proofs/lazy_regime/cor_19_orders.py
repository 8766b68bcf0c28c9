"""Sums over the pairings of the first h layers, by orders in w, by induction on the depth (for Corollary 19, line 577).

S_k(u, q) has the weight N^k, for sequences that start with the pairing u, and w^(1 + delta) towards the pairing q of the next
layer. A sequence has the power w^(2 h), and one w less for each change of the pairing. Without a change there is the sequence
of q alone; one change is not enough between two ends that are not 12|34, where this is to occur. What is left over is counted
for w = 1: so the bounds are equalities there, and for h = 1.
"""

from functools import reduce
from operator import add
from typing import Any

from proofs.lazy_regime.cor_19_layers import INSIDE, h
from proofs.lazy_regime.cor_19_sequences import ended, summed
from proofs.lazy_regime.correlated_networks import PAIRINGS, delta
from proofs.lazy_regime.gaussian_layers import L, n
from proofs.lazy_regime.random_networks import HIDDEN, w
from theorycheck.exact import basic_rules as basic, induction_rules as induction, rules as by
from theorycheck.exact.matrix_rules import scaled
from theorycheck.tree import All, Eq, Ge, Le, num

THREE = num(3)
LOWER = {0: (), 1: ((0, 1),), 2: ((1, 2), (0, 1))}  # (N + 1)^k - N^k by smaller powers of N


def ends(u, q, at):
    return lambda first, last: delta(first, num(u)) * n[at] ** (1 + delta(last, num(q)))


def S(k, u, q, at):
    return summed(k, at, ends(u, q, at))


def counted(k, u, at):
    """The sum of N^k over the sequences p_1 .. p_at that start with u."""
    third = (at - 1) / num(3)
    mean = 1 + third if u == 1 else third
    return THREE ** (at - 1) * (num(1), mean, mean**2 + 2 * third / 3)[k]


def alone(k, u, q, at):
    """The sequence of u = q alone, if it counts."""
    return (at**k if k else num(1)) * int(u == q and (u == 1 or k == 0))


def least(k, u, q, at):
    return alone(k, u, q, at) * w ** (2 * at)


def changes(k, u, q):
    """How often the pairing changes at least, in other sequences that count."""
    return 2 if u == q or (u != 1 != q and k) else 1


def most(k, u, q, at):
    """The bound of S_k(u, q), by orders."""
    own = alone(k, u, q, at)
    return own * w ** (2 * at) + (counted(k, u, at) - own) * w ** (2 * at - changes(k, u, q))


def state(k, u, at):
    """The bounds from above, then from below."""
    above = [Le(S(k, u, q, at), most(k, u, q, at)) for q in PAIRINGS]
    return All(*above, *(Ge(S(k, u, q, at), least(k, u, q, at)) for q in PAIRINGS))


# --- what the orders of a bound lose in one layer ----------------------------------------------------------------------------
def bernoulli():
    """3^(h - 1) >= 2 h - 1."""
    base = yield Ge(THREE ** (num(1) - 1), num(1)), by.sign()
    known = yield Ge(THREE ** (h - 1), 2 * h - 1), induction.assumed()
    step = yield Ge(THREE ** (h + 1 - 1), 2 * (h + 1) - 1), by.under(INSIDE, by.linear((known, 3)))
    return (yield known.shows, induction.over(h, base, step))


def gap(k, u, q, power):
    """0 <= what S_k(u, q) counts for w = 1 but for the sequence alone."""
    tree = counted(k, u, h) - alone(k, u, q, h)
    factor = (num(0), (h + 2) / 3, (h**2 + 6 * h + 2) / 9)[k]
    return (yield Le(0 * w, tree), by.linear((power, factor)) if u == q == 1 and k else by.sign())


def parts_of(k, q):
    """S_k(q) of h + 1 layers by sums for h layers: (weight, pairing, factor, power of w)."""
    return [(j, v, f, 1 + int(v == q)) for v in PAIRINGS for j, f in ((k, 1), *(LOWER[k] if v == 1 else ()))]


def lost(k, u, q, power):
    """What is counted with a larger power of w than it has, as lines 0 <= .. with factors."""
    lines, high = [], 2 - changes(k, u, q)
    for j, v, f, more in parts_of(k, q):
        low = more - changes(j, u, v)
        if low < high:
            least_ = yield from gap(j, u, v, power)
            rises = yield Le(w ** (2 * h + low), w ** (2 * h + high)), by.sign()
            rest = least_.shows.nodes[1]
            line = yield Le(w ** (2 * h + low) * rest, w ** (2 * h + high) * rest), scaled(rises, least_)
            lines.append((line, f))
    return lines


# --- the induction -----------------------------------------------------------------------------------------------------------
def layer_more(k, u, q):
    """S_k(u, q) of h + 1 layers by sums for h layers."""
    end = yield from ended(k, ends(u, q, h + 1), h, h + 1)
    width = yield Eq(n[h + 1], w), by.under(INSIDE, by.identity(HIDDEN))
    value = reduce(add, (f * w**more * S(j, u, v, h) for j, v, f, more in parts_of(k, q)))
    return (yield Eq(S(k, u, q, h + 1), value), by.linear(end, using=[width]))


def carried(k, u, below, power):
    """The state for the weight N^k; `below` are the lines of those for smaller k, and `power` is Bernoulli's."""
    ends_ = []
    for q in PAIRINGS:
        line = yield from ended(k, ends(u, q, num(1)), 0, num(1))
        ends_.append(line)
    first = [by.linear((line, sign), using=[HIDDEN]) for sign in (1, -1) for line in ends_]
    base = yield from basic.each(state(k, u, num(1)).nodes, first)
    base = yield state(k, u, num(1)), by.both(*base)
    known = yield state(k, u, h), induction.assumed()
    own = yield from basic.parts(known)
    found = {**below, k: own}
    above, beneath = [], []
    for q in PAIRINGS:
        more = yield from layer_more(k, u, q)
        wide = yield from lost(k, u, q, power)
        high, low = ([(found[j][v - 1 + i], f * w**p) for j, v, f, p in parts_of(k, q)] for i in (0, 3))
        above.append(by.under(INSIDE, by.linear(more, *high, *wide)))
        beneath.append(by.under(INSIDE, by.linear((more, -1), *low)))
    step = yield from basic.each(state(k, u, h + 1).nodes, above + beneath)
    step = yield state(k, u, h + 1), by.both(*step)
    whole = yield state(k, u, h), induction.over(h, base, step)
    return (yield from basic.parts(whole))


def orders(u):
    """For k = 0, 1, 2 the lines of the state for all L - 1 hidden layers."""
    power = yield from bernoulli()
    found: dict[int, Any] = {}
    there: dict[int, Any] = {}
    for k in LOWER:
        found[k] = yield from carried(k, u, found, power)
        facts = [by.generic(line, [Ge(h, 1), Le(h, L - 1)], h) for line in found[k]]
        there[k] = yield from basic.each(state(k, u, L - 1).nodes, [by.cite(f, h=L - 1) for f in facts])
    return there
