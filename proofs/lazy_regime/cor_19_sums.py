"""The means of `cor_19_layers` as sums over one pairing for each layer, by induction on the depth (Corollary 19, line 573).

With p kernels a sequence of pairings has the weight N^p, N being how often 12|34 occurs: for that pairing alone a kernel gains
what the vectors in its place have, and (N + 1)^2 = N^2 + 2 N + 1.
"""

from functools import reduce
from operator import add

from flint import fmpq

from proofs.lazy_regime.cor_19_layers import INSIDE, SWAPPED, alone, different, h, known_states, means, split, with_parts
from proofs.lazy_regime.cor_19_sequences import ended, first_layers, summed, towards
from proofs.lazy_regime.correlated_networks import PAIRINGS
from proofs.lazy_regime.exemptions import ranges
from proofs.lazy_regime.gaussian_layers import mean, n, s
from theorycheck.exact import basic_rules as basic, induction_rules as induction, rules as by
from theorycheck.exact.session import substitute_all
from theorycheck.statement import Part
from theorycheck.tree import All, Eq, num


def several(source, env):
    """One layer or two of width 2 or 1, and vectors for which the products over the three pairings differ."""
    high = source.integer(1, 2)
    widths_ = {0: 2, 1: 2, 2: source.integer(1, 2), 3: 1}
    return {**env, **different("a", source), "L": 3, "n": widths_, "h": high, "s": fmpq(source.integer(1, 2))}


part = Part(line=573, where="proof", near=several, expects="proved", exempts=ranges)


def state(power, q, to):
    """With `power` kernels, the mean for the pairing q."""
    body = means(power, to)[min(q - 1, len(means(power, to)) - 1)]
    variance = s ** (2 * to - power) if power else s ** (2 * to)
    return Eq(mean(body), variance * summed(power, to, towards(q, to)))


def all_states(power):
    return All(*(state(power, q, h) for q in PAIRINGS))


def states(power, to, rules):
    """The states for the three pairings."""
    lines = yield from basic.each([state(power, q, to) for q in PAIRINGS], rules)
    return (yield All(*(line.shows for line in lines)), by.both(*lines))


def transfer(q, v):
    return n[h + 1] ** (1 + int(q == v))


def carried(power, gained=()):
    """The induction for kernels to this power; `gained` are (states, factor) of what one layer more adds for 12|34."""
    first = (yield from with_parts(power, num(1), alone)) if power else ()
    rules = []
    for q in PAIRINGS:
        end = yield from ended(power, towards(q, num(1)), 0, num(1))
        rules.append(by.linear(*first[min(q, 2) - 1 : min(q, 2)], (end, -(s ** (2 - power)))))
    base = yield from states(power, num(1), rules)
    known = yield all_states(power), induction.assumed()
    own = yield from basic.parts(known)
    grown = (yield from with_parts(power, h + 1, split)) if power else ()
    rules = []
    for q in PAIRINGS:
        terms = [(own[v - 1], s**2 * transfer(q, v)) for v in PAIRINGS]
        terms += [(x[0], f * transfer(q, 1)) for x, f in gained]
        higher, *lower = state(power, q, h + 1).nodes[0], *(f * line.shows.nodes[0] for line, f in terms)
        carry = yield Eq(higher, reduce(add, lower)), by.under(INSIDE, by.linear(*grown[min(q, 2) - 1 : min(q, 2)]))
        end = yield from ended(power, towards(q, h + 1), h, h + 1)
        rules.append(by.linear(carry, *terms, (end, -(s ** (2 * h + 2 - power)))))
    step = yield from states(power, h + 1, rules)
    found = yield known.shows, induction.over(h, base, step)
    return (yield from basic.parts(found))


@part.claim("vectors-sum", domain=first_layers("their pairings"))
def vectors():
    """E of the pairings of four vectors"""
    goal = yield all_states(0)
    lines = yield from carried(0)
    yield goal, by.both(*lines)


@part.claim("one-kernel-sum", domain=first_layers("a kernel and two of them"))
def one_kernel():
    """E of K_12 with the vectors u_3 and u_4"""
    goal = yield all_states(1)
    [x] = yield from known_states((all_states(0), by.uses("cor-19.vectors-sum")))
    lines = yield from carried(1, [(x, s)])
    yield goal, by.both(*lines)


@part.claim("two-kernels-sum", domain=first_layers("two kernels"))
def two_kernels():
    """E of K_12 with K_34"""
    goal = yield all_states(2)
    here = by.uses("cor-19.vectors-sum"), by.uses("cor-19.one-kernel-sum"), by.uses("cor-19.one-kernel-sum", **SWAPPED)
    trees = all_states(0), all_states(1), substitute_all(all_states(1), SWAPPED)
    x, A, B = yield from known_states(*zip(trees, here, strict=True))
    lines = yield from carried(2, [(x, num(1)), (A, s), (B, s)])
    yield goal, by.both(*lines)
