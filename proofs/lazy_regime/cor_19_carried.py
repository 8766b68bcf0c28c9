"""Bounds of the means of `cor_19_layers`, by induction on the depth (for Corollary 19, line 575).

All coefficients are >= 0. So a mean with p kernels is at most what it is for w = 1, where the transfer matrix is all ones: F_p,
with g the sum of the |alpha_q| in place of that of the alpha_q (an equality for w = 1 and alpha >= 0). Of the mean for the
pairing 12|34 the part w^(2 h) h^p alpha_1 is exact, and the rest is smaller by a factor w.
"""

from proofs.lazy_regime.cor_19_bounds import a, products
from proofs.lazy_regime.cor_19_layers import (
    INSIDE,
    SWAPPED,
    alone,
    attained,
    first_layers,
    h,
    known_states,
    means,
    split,
    with_parts,
)
from proofs.lazy_regime.exemptions import ranges
from proofs.lazy_regime.gaussian_layers import mean, s
from proofs.lazy_regime.lemma_14_segments import wider
from proofs.lazy_regime.random_networks import HIDDEN, w
from theorycheck.exact import basic_rules as basic, induction_rules as induction, rules as by
from theorycheck.exact.session import substitute_all
from theorycheck.statement import Part
from theorycheck.tree import All, Le, absolute, num

THREE = num(3)
part = Part(line=575, where="proof", expects="proved", exempts=ranges)


def sizes(vectors):
    """|alpha_1|, and g, the sum of the |alpha_q|."""
    one, two, three = (absolute(x) for x in products(vectors))
    return one, one + two + three


def most(p, at, base=THREE):
    """F_p: the means with p kernels for w = s = 1 and alpha >= 0."""
    one, g = sizes(a)
    return base ** (at - 1) * (g, (at - 1) * g / 3 + one, (at**2 - 1) * g / 9 + (2 * at + 1) * one / 3)[p]


def variances(p, at):
    """The power of s."""
    return s ** (2 * at - p) if p else s ** (2 * at)


def at_most(p, q, at, base=THREE):
    """The bound of a mean."""
    widths = w ** (2 * at - 1) if p and q else w ** (2 * at)
    return Le(mean(means(p, at)[q]), variances(p, at) * widths * most(p, at, base))


def centred(p, at, base=THREE):
    """The bound of the first mean, with its part of the highest order in w."""
    (one, _), pairs = sizes(a), (num(1), at, at**2)[p]
    exact, rest = w ** (2 * at) * pairs * products(a)[0], most(p, at, base) - pairs * one
    return Le(mean(means(p, at)[0]), variances(p, at) * (exact + w ** (2 * at - 1) * rest))


def state(p, at, base=THREE):
    return All(*(at_most(p, q, at, base) for q in range(len(means(p, at)))), centred(p, at, base))


def conjunction(p, at, rules):
    """A state from its parts, in order."""
    lines = yield from basic.each(state(p, at).nodes, rules)
    return (yield state(p, at), by.both(*lines))


def combined(terms, inside=()):
    rules = [by.linear(*some, using=[HIDDEN]) for some in terms]
    return [by.under(inside, rule) for rule in rules] if inside else rules


# --- vectors -----------------------------------------------------------------------------------------------------------------
@part.claim("vectors", domain=first_layers("their pairings"), near=attained, base=3)
def vectors(base):
    """E of the pairings of four vectors"""
    goal = yield state(0, h, base)
    alpha, others = products(a), ((1, 2), (0, 2), (0, 1))
    less = yield from basic.each([Le(x, absolute(x)) for x in alpha], [basic.within_absolute()] * 3)
    wide = []
    for x in alpha:
        line = yield from wider(s**2 * w * absolute(x))
        wide.append(line)
    rest = [[(less[r], s**2 * w) for r in others[q]] for q in range(3)]
    terms = [[(less[q], s**2 * w**2), *rest[q], *(wide[r] for r in others[q])] for q in range(3)]
    first = yield from conjunction(0, num(1), combined([*terms, rest[0]]))
    known = yield state(0, h), induction.assumed()
    x = yield from basic.parts(known)
    more = yield from wider(s ** (2 * h + 2) * w ** (2 * h + 1) * most(0, h))
    terms = [[(x[q], s**2 * w**2), *((x[r], s**2 * w) for r in others[q % 3]), *((more, 2),) * (q < 3)] for q in range(4)]
    step = yield from conjunction(0, h + 1, combined(terms, INSIDE))
    found = yield state(0, h), induction.over(h, first, step)
    lines = yield from basic.parts(found)
    yield goal, by.both(*lines)


# --- kernels -----------------------------------------------------------------------------------------------------------------
def carried(p, gained):
    """The induction for p kernels; `gained` says (bound, centred bound, factor) of what one layer more adds."""
    one, two = yield from with_parts(p, num(1), alone)
    less = yield Le(products(a)[0], absolute(products(a)[0])), basic.within_absolute()
    terms = [one, (less, s ** (2 - p) * w**2)], [two, (less, s ** (2 - p) * w)], [one]
    base = yield from conjunction(p, num(1), combined(terms))
    known = yield state(p, h), induction.assumed()
    first, second, exact = yield from basic.parts(known)
    one, two = yield from with_parts(p, h + 1, split)
    wide = yield from wider(s ** (2 * h + 2 - p) * w ** (2 * h) * most(p, h))
    terms = (
        [one, (first, s**2 * w**2), (second, 2 * s**2 * w), (wide, 2 * w + 2), *((x, f * w**2) for x, _, f in gained)],
        [two, (second, s**2 * (w**2 + w)), (first, s**2 * w), wide, *((x, f * w) for x, _, f in gained)],
        [one, (exact, s**2 * w**2), (second, 2 * s**2 * w), (wide, 2), *((x, f * w**2) for _, x, f in gained)],
    )
    step = yield from conjunction(p, h + 1, combined(terms, INSIDE))
    found = yield state(p, h), induction.over(h, base, step)
    return (yield from basic.parts(found))


@part.claim("one-kernel", domain=first_layers("a kernel and two of them"), near=attained, base=3)
def one_kernel(base):
    """E of K_12 with the vectors u_3 and u_4"""
    goal = yield state(1, h, base)
    [x] = yield from known_states((state(0, h), by.uses("cor-19.vectors")))
    lines = yield from carried(1, [(x[0], x[3], s)])
    yield goal, by.both(*lines)


@part.claim("two-kernels", domain=first_layers("two kernels"), near=attained, base=3)
def two_kernels(base):
    """E of K_12 with K_34"""
    goal = yield state(2, h, base)
    here = by.uses("cor-19.vectors"), by.uses("cor-19.one-kernel"), by.uses("cor-19.one-kernel", **SWAPPED)
    trees = state(0, h), state(1, h), substitute_all(state(1, h), SWAPPED)
    x, A, B = yield from known_states(*zip(trees, here, strict=True))
    lines = yield from carried(2, [(x[0], x[3], num(1)), (A[0], A[2], s), (B[0], B[2], s)])
    yield goal, by.both(*lines)
