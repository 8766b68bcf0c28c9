"""Costs of degree four at initialization (paper, Lemma 13, lines 403 to 411), for any depth and widths.

A layer of width n multiplies the sum over the three pairings of four vectors by n (n + 2) s^2, and the difference of two by
n (n - 1) s^2 (`layer_moments`). With the variance of line 99 these are 1 + 2/w and 1 - 1/w for each hidden layer, and 1 for
Gaussian A: the mean of any cost of degree four differs from that for Gaussian A by O(1/w), of which this is the exact form.
"""

from fractions import Fraction
from functools import reduce
from operator import add

from proofs.lazy_regime.cor_19_bounds import a, b, products
from proofs.lazy_regime.cor_19_layers import ones
from proofs.lazy_regime.exemptions import ranges
from proofs.lazy_regime.gaussian_layers import DEPTH, VARIANCE, L, W, j, mean, n, s
from proofs.lazy_regime.layer_moments import weighted
from proofs.lazy_regime.random_networks import EQUAL, HIDDEN, NORMALIZED, SCALES, WIDTHS, A, drawn_matrix, sigma, w
from theorycheck.domain import Domain, index, widths
from theorycheck.exact import induction_rules as induction, rules as by
from theorycheck.statement import Part
from theorycheck.tree import Eq, Ge, Le, inner, num, product, sym

VECTORS = tuple(drawn_matrix(x) for x in (*a.values(), *b.values()))
h = sym("h")
SIZES = (DEPTH, widths("n", most=2), VARIANCE)
ANY = "networks of any depth L >= 2 and widths, independent N(0, s) parameters"
any_widths = Domain(ANY, SIZES)
four = Domain(f"{ANY}, any vectors", (*SIZES, *VECTORS))
networks = Domain(
    "networks of any depth L >= 2 with hidden widths w, parameters with the variance of line 99, any vectors",
    (*WIDTHS, SCALES[0], *VECTORS, index("h", 0, L - 1)),
    (EQUAL,),
)
part = Part(line=403, exempts=ranges, expects="proved")
ALPHA, BETA = products(a), products(b)
ALL = reduce(add, ALPHA) * reduce(add, BETA)
ALIKE = reduce(add, (x * y for x, y in zip(ALPHA, BETA, strict=True)))


def every(g):
    """The product of g(n_j) over the hidden layers."""
    return product(j, 1, L - 1, g(n[j]))


def alike(source, env):
    """All vectors 1: every pairing counts."""
    depth = source.integer(2, 3)
    widths_ = {l: 2 if 0 < l < depth else 1 for l in range(depth + 1)}
    return {**env, **ones("a"), **ones("b"), "L": depth, "n": widths_, "w": 2, "h": 0}


def outputs(variance):
    one, two, three, four = (inner(b[k], A @ a[k]) for k in a)
    return mean(one * two * three * four, variance)


@part.claim("fourth-moments", domain=four, near=alike, third=Fraction(1, 3))
def fourth_moments(third):
    """The mean of a product of four outputs, for any hidden widths and variance s"""
    rising, falling = every(lambda n: n * (n + 2)), every(lambda n: n * (n - 1))
    goal = yield Eq(outputs(s), s ** (2 * L) * (third * (rising - falling) * ALL + falling * ALIKE))
    places = {"m": num(0), "h": L - 1}
    u = {k: W.chain(L - 1, 1) @ x for k, x in a.items()}
    p, q, r = products(u)
    scale, turned = s ** (2 * L - 2), {"x_1": a[1], "x_2": a[2], "x_3": a[4], "x_4": a[3]}
    straight = {f"x_{k}": x for k, x in a.items()}
    whole = Eq(mean(p + q + r), scale * rising * reduce(add, ALPHA))
    whole = yield whole, by.uses("layer-moments.fourth", **straight, **places)
    one = Eq(mean(p - q), scale * falling * (ALPHA[0] - ALPHA[1]))
    one = yield one, by.uses("layer-moments.difference", **straight, **places)
    other = Eq(mean(p - r), scale * falling * (ALPHA[0] - ALPHA[2]))
    other = yield other, by.uses("layer-moments.difference", **turned, **places)
    share = reduce(add, BETA) / 3
    terms = (whole, s**2 * share), (one, s**2 * (share - BETA[1])), (other, s**2 * (share - BETA[2]))
    yield goal, by.linear(*terms)


@part.claim("fourth-norm", domain=any_widths, near=alike, two=2)
def fourth_norm(two):
    """The mean of |A|^4, for any hidden widths and variance s"""
    sizes = {k: (n[0] * (n[0] + k)) * (n[L] * (n[L] + k)) for k in (2, -1)}
    rising, falling = sizes[2] * every(lambda n: n * (n + 2)), sizes[-1] * every(lambda n: n * (n - 1))
    goal = yield Eq(mean(inner(A, A) * inner(A, A)), s ** (2 * L) * (rising + two * falling) / 3)
    scale = s ** (2 * L - 2) * n[0]
    places = {"m": num(0), "h": L - 1}
    sums = Eq(mean(weighted(L - 1, 2, num(0))), scale * (n[0] + 2) * every(lambda n: n * (n + 2)))
    sums = yield sums, by.uses("layer-moments.matrix-sum", **places)
    gaps = Eq(mean(weighted(L - 1, -1, num(0))), scale * (n[0] - 1) * every(lambda n: n * (n - 1)))
    gaps = yield gaps, by.uses("layer-moments.matrix-difference", **places)
    yield goal, by.linear((sums, s**2 * n[L] * (n[L] + 2) / 3), (gaps, 2 * s**2 * n[L] * (n[L] - 1) / 3))


def for_each(change):
    """The product of w (w + change) over the hidden layers, as w^(2 (L - 1)) times that of 1 + change / w."""

    def line(at):
        return Eq(product(j, 1, at, n[j] * (n[j] + change)), w ** (2 * at) * product(j, 1, at, 1 + change / w))

    base = yield line(num(0)), by.identity()
    known = yield line(h), induction.assumed()
    own, ratio = n[h + 1] * (n[h + 1] + change), 1 + change / w
    left = yield Eq(product(j, 1, h + 1, n[j] * (n[j] + change)), product(j, 1, h, n[j] * (n[j] + change)) * own), by.last_one()
    right = yield Eq(product(j, 1, h + 1, ratio), product(j, 1, h, ratio) * ratio), by.last_one()
    terms = left, (known, w * (w + change)), (right, -(w ** (2 * h + 2)))
    step = yield line(h + 1), by.under([Le(h + 1, L - 1)], by.linear(*terms, using=[HIDDEN]))
    found = yield line(h), induction.over(h, base, step)
    return (yield line(L - 1), by.cite(by.generic(found, [Ge(h, 0), Le(h, L - 1)], h), h=L - 1))


@part.claim("fourth-rate", domain=networks, near=alike, main=True, two=2)
def rate(two):
    """With the variance of line 99: 1 + 2/w and 1 - 1/w for each hidden layer, in the place of 1 for Gaussian A"""
    rising, falling = (product(j, 1, L - 1, 1 + change / w) for change in (num(1) * two, -num(1)))
    goal = yield Eq(outputs(NORMALIZED), sigma**4 * ((rising - falling) * ALL / 3 + falling * ALIKE))
    up, down = every(lambda n: n * (n + 2)), every(lambda n: n * (n - 1))
    value = NORMALIZED ** (2 * L) * ((up - down) * ALL / 3 + down * ALIKE)
    moment = yield Eq(outputs(NORMALIZED), value), by.uses("lemma-13.fourth-moments", s=NORMALIZED)
    more = yield from for_each(num(2))
    fewer = yield from for_each(num(-1))
    scale = NORMALIZED ** (2 * L)
    yield goal, by.linear(moment, (more, scale * ALL / 3), (fewer, scale * (ALIKE - ALL / 3)))
