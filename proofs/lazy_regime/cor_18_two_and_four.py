"""The moments of two and of four outputs (paper, Corollary 18, lines 551 and 553).

The sum for r = 2 is cut off in the scan. What is left has one pairing for each of L - 1 layers (there are L), and compares the
layer l with the layer l - 1, which for l = 1 is none.
"""

from proofs.lazy_regime.correlated_domains import all_alike, any_widths, domain, from_below
from proofs.lazy_regime.correlated_networks import (
    COPIES,
    K,
    a,
    alpha,
    b,
    beta,
    delta,
    factors,
    h,
    l,
    mean,
    outputs,
    p,
    total_sum,
)
from proofs.lazy_regime.exemptions import ranges
from proofs.lazy_regime.gaussian_layers import L, n
from proofs.lazy_regime.prop_17_pairings import EXEMPT
from proofs.lazy_regime.random_networks import HIDDEN, w
from theorycheck.cli import run_module
from theorycheck.exact import induction_rules as induction, rules as by
from theorycheck.statement import Statement
from theorycheck.tree import Eq, Ge, Le, expect_joint, inner, num, over_sequences, product
from theorycheck.verdict import Erratum

statement = Statement("cor-18", "Moments of two and four outputs", "B.3", domain, depends_on=("prop-17",))
INDICES = Erratum(
    "notation",
    "one pairing for each of L - 1 layers, p^(0) among those compared; what the scan lost is taken from Proposition 17",
    "There are L pairings, one for each layer, and p^(l) is compared with p^(l+1); p^(0) is not defined.",
    stands=("cor-19", "lemma-14"),
)


EQUAL_WIDTHS, ANY_WIDTHS = from_below(domain), from_below(any_widths)
INSIDE = [Le(h + 1, L - 1)]


def widths_up_to(at):
    return product(l, 1, at, n[l])


def power(to):
    """K_12 to a natural power."""
    return product(l, 1, to, K[1, 2])


def mean_of_two(body):
    return expect_joint(body, COPIES[:2], [K[1, 1], K[1, 2], K[2, 2]])


def moment(at, widths):
    """E<A_1 a_1, A_2 a_2> for the layers up to `at`."""
    images = [COPIES[i - 1].chain(at, 1) @ a[i] for i in (1, 2)]
    return Eq(mean_of_two(inner(*images)), power(at) * widths(at) * inner(a[1], a[2]))


def hidden_part(widths, grown, using=()):
    """The moment of the hidden layers by induction; `grown` shows that a layer more multiplies widths(h) by its width."""
    base = yield moment(num(0), widths), by.identity()
    known = yield moment(h, widths), induction.assumed()
    last = yield Eq(power(h + 1), power(h) * K[1, 2]), by.last_one()
    more = yield Eq(widths(h + 1), widths(h) * n[h + 1]), by.under(INSIDE, grown)
    value = inner(a[1], a[2])
    terms = (known, K[1, 2] * n[h + 1]), (last, -widths(h + 1) * value), (more, -power(h) * K[1, 2] * value)
    step = yield moment(h + 1, widths), by.under(INSIDE, by.linear(*terms, using=using))
    found = yield known.shows, induction.over(h, base, step)
    return (yield moment(L - 1, widths), by.cite(by.generic(found, [Ge(h, 0), Le(h, L - 1)], h), h=L - 1))


def of_two(widths, scale, grown, using=()):
    """E<b_1, A_1 a_1><b_2, A_2 a_2> with the product of the hidden widths."""
    first, second = (inner(b[i], COPIES[i - 1].chain(L, 1) @ a[i]) for i in (1, 2))
    goal = yield Eq(mean_of_two(first * second), power(L) * scale * inner(a[1], a[2]) * inner(b[1], b[2]))
    top = yield from hidden_part(widths, grown, using)
    last = yield Eq(power(L), power(L - 1) * K[1, 2]), by.last_one()
    outer = inner(b[1], b[2])
    yield goal, by.linear((top, K[1, 2] * outer), (last, -widths(L - 1) * inner(a[1], a[2]) * outer))


@statement.claim("two", line=551, domain=EQUAL_WIDTHS, main=True, expects="proved", exempt=ranges(EQUAL_WIDTHS), one=1)
def two(one):
    """E<b_1, A_1 a_1><b_2, A_2 a_2> = K_12^L w^(L - 1) <a_1, a_2> <b_1, b_2>, K_12 of any sign: its power as a product"""
    yield from of_two(lambda at: w**at, w ** (L - one), by.identity(HIDDEN), [HIDDEN])


@statement.claim("two-any-widths", line=551, domain=ANY_WIDTHS, reads="two", expects="proved", exempt=ranges(ANY_WIDTHS), one=1)
def two_any_widths(one):
    """The same for hidden widths that differ"""
    yield from of_two(widths_up_to, product(l, one, L - 1, n[l]), by.last_one())


@statement.claim("four", line=553, expects="refuted", erratum=INDICES)
def four():
    """The moment of four outputs, with the indices as printed"""
    compared = product(l, 1, L - 1, w ** (1 + delta(p[l], p[l - 1])))
    yield Eq(mean(outputs()), over_sequences(p, L - 1, 3, factors(L - 1) * compared * alpha[p[1]] * beta[p[L - 1]]))


@statement.claim("four-corrected", line=553, corrects="four", main=True, expects="proved", near=all_alike, exempt=EXEMPT)
def four_corrected():
    """The moment of four outputs, with one pairing for each layer"""
    goal = yield Eq(mean(outputs()), total_sum(L))
    yield goal, by.uses("prop-17.sum-corrected")


OTHERS = {"near": all_alike, "expects": "proved", "exempt": ranges(any_widths)}


@statement.claim("four-any-widths", line=553, domain=any_widths, reads="four", **OTHERS)
def four_any_widths():
    """The same for hidden widths that differ"""
    goal = yield Eq(mean(outputs()), total_sum(L, n.__getitem__))
    yield goal, by.uses("prop-17.any-widths")


if __name__ == "__main__":
    raise SystemExit(run_module(statement))
