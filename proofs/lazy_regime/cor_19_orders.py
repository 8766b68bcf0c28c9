"""Sums over the pairings of the first h layers, by orders in w, by induction on the depth (for Corollary 19, line 577).

S_k(q) has the weight N^k, x_p >= 0 for the first pairing, and w^(1 + delta) towards the pairing q of the next layer. A sequence
has the power w^(2 h) but for one w less for each change of the pairing. Without a change there is the sequence of q alone; one
change is not enough for two different ends that are not 12|34, where this is to occur. What is left over, with the smallest
power that is lost, is counted for w = 1: so the bounds are equalities there, and for h = 1.
"""

from functools import reduce
from operator import add

from proofs.lazy_regime.cor_19_layers import INSIDE, h, known_states
from proofs.lazy_regime.cor_19_sequences import ended, summed, valued
from proofs.lazy_regime.correlated_networks import PAIRINGS, delta
from proofs.lazy_regime.exemptions import ranges
from proofs.lazy_regime.gaussian_layers import L, n
from proofs.lazy_regime.random_networks import EQUAL, HIDDEN, WIDTHS, w
from theorycheck.domain import Domain, index, real
from theorycheck.exact import basic_rules as basic, induction_rules as induction, rules as by
from theorycheck.exact.matrix_rules import scaled
from theorycheck.statement import Part
from theorycheck.tree import All, Eq, Ge, Le, num, sym

THREE = num(3)
x = {q: sym(f"x_{q}") for q in PAIRINGS}
domain = Domain(
    "the first h layers of a network with hidden widths w, any numbers x_1, x_2, x_3 >= 0",
    (*WIDTHS, index("h", 1, L - 1), *(real(f"x_{q}", at_least=0) for q in PAIRINGS)),
    (EQUAL,),
)
part = Part(line=577, where="proof", domain=domain, expects="proved", exempts=ranges)


def ends(q, at):
    """What the first pairing and the last one, towards q, multiply a sequence by."""
    return lambda first, last: valued(first, list(x.values())) * n[at] ** (1 + delta(last, num(q)))


def S(k, q, at):
    return summed(k, at, ends(q, at))


def counted(k, at, base=THREE):
    """The sum of N^k over the sequences p_1 .. p_at that start with 12|34, and over those that start with another pairing."""
    third = (at - 1) / num(3)
    first = num(1), 1 + third, (1 + third) ** 2 + 2 * third / 3
    other = num(1), third, third**2 + 2 * third / 3
    return base ** (at - 1) * first[k], base ** (at - 1) * other[k]


def least(k, q, at):
    """The sequence 12|34 alone."""
    return at**k * x[1] * w ** (2 * at) if q == 1 else num(0) * w


def most(k, q, at, base=THREE):
    """The bound of S_k(q), by orders."""
    alone, other = counted(k, at, base)
    if q == 1 or k == 0:
        rest = sum((x[p] for p in PAIRINGS if p != q), num(0))
        own = at**k if k else num(1)
        return own * x[q] * w ** (2 * at) + other * rest * w ** (2 * at - 1) + (alone - own) * x[q] * w ** (2 * at - 2)
    return alone * x[1] * w ** (2 * at - 1) + other * (x[2] + x[3]) * w ** (2 * at - 2)


def state(k, at, base=THREE):
    """The bounds, then that no sequence counts less than 0."""
    above = [Le(S(k, q, at), most(k, q, at, base)) for q in PAIRINGS]
    return All(*above, *(Ge(S(k, q, at), least(k, q, at)) for q in PAIRINGS))


# --- what the orders of a bound lose in one layer ----------------------------------------------------------------------------
LOWER = {0: (), 1: ((0, 1),), 2: ((1, 2), (0, 1))}  # (N + 1)^k - N^k by smaller powers of N


def bernoulli():
    """3^(h - 1) >= 2 h - 1."""
    base = yield Ge(THREE ** (num(1) - 1), num(1)), by.sign()
    known = yield Ge(THREE ** (h - 1), 2 * h - 1), induction.assumed()
    step = yield Ge(THREE ** (h + 1 - 1), 2 * (h + 1) - 1), by.under(INSIDE, by.linear((known, 3)))
    return (yield known.shows, induction.over(h, base, step))


def gap(k, power):
    """0 <= the sum of N^k over sequences that start with 12|34, less that sequence alone."""
    factor = (num(0), (h + 2) / 3, (h**2 + 6 * h + 2) / 9)[k]
    return (yield Le(0 * w, counted(k, h)[0] - (h**k if k else 1)), by.linear((power, factor)) if k else by.sign())


def wider(factor, low, high):
    """factor w^low <= factor w^high for a line 0 <= factor."""
    power = yield Le(w**low, w**high), by.sign()
    f = factor.shows.nodes[1]
    return (yield Le(w**low * f, w**high * f), scaled(power, factor))


def lost(k, q):
    """0 <= what is counted with a larger power of w than it has: such lines."""
    alone, other = counted(k, h)
    rest = reduce(add, (x[p] for p in PAIRINGS if p != q))
    if k == 0:
        found = ((other * rest, 2 * h, 2 * h + 1),)
    elif q == 1:
        found = ((2 * other * rest, 2 * h - 1, 2 * h + 1),)
    else:
        found = (alone * x[1], 2 * h, 2 * h + 1), (other * (x[2] + x[3]), 2 * h - 1, 2 * h)
    lines = []
    for tree, low, high in found:
        line = yield Le(0 * w, tree), by.sign()
        line = yield from wider(line, low, high)
        lines.append(line)
    if k == 0 or q != 1:
        power = yield from bernoulli()
        for j, factor in ((k, 1), *LOWER[k]):
            line = yield from gap(j, power)
            times = x[1] if k else rest
            line = yield Le(0 * w, line.shows.nodes[1] * times), by.linear((line, times))
            line = yield from wider(line, 2 * h - 1, 2 * h + 1)
            lines.append((line, factor))
    return lines


# --- the induction -----------------------------------------------------------------------------------------------------------
def layer_more(k, q):
    """S_k(q) of h + 1 layers by sums for h layers."""
    end = yield from ended(k, ends(q, h + 1), h, h + 1)
    width = yield Eq(n[h + 1], w), by.under(INSIDE, by.identity(HIDDEN))
    terms = [w ** (1 + int(v == q)) * S(k, v, h) for v in PAIRINGS]
    terms += [f * w ** (1 + int(q == 1)) * S(j, 1, h) for j, f in LOWER[k]]
    return (yield Eq(S(k, q, h + 1), reduce(add, terms)), by.linear(end, using=[width]))


def carried(k, below=()):
    """The state for the weight N^k; `below` are the lines of those for smaller k, in the order of LOWER."""
    first = []
    for q in PAIRINGS:
        line = yield from ended(k, ends(q, num(1)), 0, num(1))
        first.append(line)
    rules = [by.linear((line, sign), using=[HIDDEN]) for sign in (1, -1) for line in first]
    start = yield from basic.each(state(k, num(1)).nodes, rules)
    start = yield state(k, num(1)), by.both(*start)
    known = yield state(k, h), induction.assumed()
    own = yield from basic.parts(known)
    above, beneath = [], []
    for q in PAIRINGS:
        more = yield from layer_more(k, q)
        wide = yield from lost(k, q)
        factors = [(v - 1, w ** (1 + int(v == q))) for v in PAIRINGS]
        for lines, found, side in ((above, wide, 0), (beneath, [], 3)):
            terms = [(own[v + side], f) for v, f in factors]
            terms += [(smaller[side], f * w ** (1 + int(q == 1))) for smaller, (_, f) in zip(below, LOWER[k], strict=True)]
            lines.append(by.under(INSIDE, by.linear((more, -1 if side else 1), *terms, *found)))
    step = yield from basic.each(state(k, h + 1).nodes, above + beneath)
    step = yield state(k, h + 1), by.both(*step)
    found = yield state(k, h), induction.over(h, start, step)
    return (yield from basic.parts(found))


@part.claim("orders", base=3)
def plain(base):
    """Each sequence once"""
    goal = yield state(0, h, base)
    lines = yield from carried(0)
    yield goal, by.both(*lines)


@part.claim("orders-once", base=3)
def once(base):
    """With the weight N"""
    goal = yield state(1, h, base)
    below = yield from known_states((state(0, h), by.uses("cor-19.orders")))
    lines = yield from carried(1, below)
    yield goal, by.both(*lines)


@part.claim("orders-twice", base=3)
def twice(base):
    """With the weight N^2"""
    goal = yield state(2, h, base)
    below = yield from known_states((state(1, h), by.uses("cor-19.orders-once")), (state(0, h), by.uses("cor-19.orders")))
    lines = yield from carried(2, below)
    yield goal, by.both(*lines)
