"""The sum over one pairing for each layer, by induction on the depth (Proposition 17, line 541, r = 2).

E of each of the three pairings of the vectors W_h .. W_1 a_i is a sum over the pairings of h layers; a layer more multiplies
these by the transfer matrix k_v n_h^(1 + delta), and sums over sequences of h + 1 pairings are such sums over the last one.
"""

from proofs.lazy_regime.correlated_networks import (
    DEFINED,
    PAIRINGS,
    alpha,
    beta,
    delta,
    factors,
    h,
    k,
    layer_steps,
    mean,
    outputs,
    p,
    state,
    total_sum,
)
from proofs.lazy_regime.gaussian_layers import L
from theorycheck.exact import basic_rules as basic, induction_rules as induction, rules as by, sequences
from theorycheck.tree import All, Eq, Ge, Le, num, over_sequences


def longer(end, at, to, width):
    """The sum over pairings of to = at + 1 layers, `end`(p_to) for the last one, as a sum over those of `at` layers."""
    steps, shorter = layer_steps(to, width), layer_steps(at, width)
    whole = factors(to) * steps * alpha[p[1]] * end(p[to])
    last_k = yield Eq(factors(to), factors(at) * k[p[to]]), by.last_one()
    step = width(at) ** (1 + delta(p[at], p[to]))
    last_w = yield Eq(steps, shorter * step), by.last_one()
    split = factors(at) * k[p[to]] * shorter * step * alpha[p[1]] * end(p[to])
    rest = steps * alpha[p[1]] * end(p[to])
    others = factors(at) * k[p[to]] * alpha[p[1]] * end(p[to])
    line = yield Eq(whole, split), by.linear((last_k, rest), (last_w, others))
    same = yield Eq(over_sequences(p, to, 3, whole), over_sequences(p, to, 3, split)), sequences.alike(line)
    before = factors(at), shorter, alpha[p[1]]
    short = [before[0] * k[v] * before[1] * width(at) ** (1 + delta(p[at], num(v))) * before[2] * end(num(v)) for v in PAIRINGS]
    ended = Eq(over_sequences(p, to, 3, split), over_sequences(p, at, 3, short[0] + short[1] + short[2]))
    ended = yield ended, sequences.last_place()
    return same, ended


KNOWN = [name for (f, _), name in DEFINED.items() if f != "beta"]


def one_layer(q, end, width, using):
    """The base of the induction: one pairing for one layer."""
    first = yield Eq(factors(1), k[p[1]]), by.last_one()
    whole = factors(1) * layer_steps(1, width) * alpha[p[1]] * end(p[1])
    split = k[p[1]] * alpha[p[1]] * end(p[1])
    line = yield Eq(whole, split), by.linear((first, alpha[p[1]] * end(p[1])))
    same = yield Eq(over_sequences(p, 1, 3, whole), over_sequences(p, 1, 3, split)), sequences.alike(line)
    short = [k[v] * alpha[v] * end(num(v)) for v in PAIRINGS]
    ended = Eq(over_sequences(p, 1, 3, split), over_sequences(p, 0, 3, short[0] + short[1] + short[2]))
    ended = yield ended, sequences.last_place()
    return (yield state(q, num(1), width), by.linear((same, -1), (ended, -1), using=[*using, *KNOWN]))


def states(width, using):
    """E of each pairing of the vectors W_h .. W_1 a_i as a sum over the pairings of h layers: induction on h."""
    found = {}
    ends = {q: [lambda last, q=q, at=at: width(at) ** (1 + delta(last, num(q))) for at in (num(1), h + 1)] for q in PAIRINGS}
    bases = []
    for q in PAIRINGS:
        line = yield from one_layer(q, ends[q][0], width, using)
        bases.append(line)
    base = yield All(*(line.shows for line in bases)), by.both(*bases)
    known = yield All(*(state(q, h, width) for q in PAIRINGS)), induction.assumed()
    parts = []
    for q in PAIRINGS:
        line = yield state(q, h, width), basic.part(known)
        parts.append(line)
    steps = []
    for q in PAIRINGS:
        same, ended = yield from longer(ends[q][1], h, h + 1, width)
        terms = [(parts[v - 1], k[v] * width(h + 1) ** (1 + delta(num(v), num(q)))) for v in PAIRINGS]
        rule = by.linear(*terms, (same, -1), (ended, -1), using=[*using, *(DEFINED["k", v] for v in PAIRINGS)])
        line = yield state(q, h + 1, width), by.under([Le(h + 1, L - 1)], rule)
        steps.append(line)
    step = yield All(*(line.shows for line in steps)), by.both(*steps)
    every = yield All(*(state(q, h, width) for q in PAIRINGS)), induction.over(h, base, step)
    for q in PAIRINGS:
        line = yield state(q, h, width), basic.part(every)
        found[q] = by.generic(line, [Ge(h, 1), Le(h, L - 1)], h)
    return found


def whole_moment(width, *using):
    """E of the product of <b_i, A_i a_i> as a sum over the pairings of L layers of these widths, after these equations."""
    found = yield from states(width, using)
    lines = []
    for q in PAIRINGS:
        line = yield state(q, L - 1, width), by.cite(found[q], h=L - 1)
        lines.append(line)
    same, ended = yield from longer(lambda last: beta[last], L - 1, L, width)
    terms = [(lines[v - 1], k[v] * beta[v]) for v in PAIRINGS]
    goal = Eq(mean(outputs()), total_sum(L, width))
    return (yield goal, by.linear(*terms, (same, -1), (ended, -1), using=[*using, *DEFINED.values()]))
