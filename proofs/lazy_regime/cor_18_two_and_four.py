"""The moments of two and of four outputs (paper, Corollary 18, lines 551 and 553).

The sum for r = 2 is cut off in the scan. What is left has one pairing for each of L - 1 layers (there are L), and compares the
layer l with the layer l - 1, which for l = 1 is none.
"""

from proofs.lazy_regime.correlated_networks import (
    COPIES,
    K,
    a,
    all_alike,
    alpha,
    b,
    beta,
    delta,
    domain,
    factors,
    from_below,
    h,
    l,
    mean,
    outputs,
    p,
    total_sum,
)
from proofs.lazy_regime.exemptions import ranges
from proofs.lazy_regime.gaussian_layers import L
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


def power(to):
    """K_12 to a natural power."""
    return product(l, 1, to, K[1, 2])


def mean_of_two(body):
    return expect_joint(body, COPIES[:2], [K[1, 1], K[1, 2], K[2, 2]])


@statement.claim("two", line=551, domain=from_below, main=True, expects="proved", exempt=ranges(from_below), one=1)
def two(one):
    """E<b_1, A_1 a_1><b_2, A_2 a_2> = K_12^L w^(L - 1) <a_1, a_2> <b_1, b_2>, K_12 of any sign: its power as a product"""
    first, second = (inner(b[i], COPIES[i - 1].chain(L, 1) @ a[i]) for i in (1, 2))
    value = power(L) * w ** (L - one) * inner(a[1], a[2]) * inner(b[1], b[2])
    goal = yield Eq(mean_of_two(first * second), value)

    def line(at):
        images = [COPIES[i - 1].chain(at, 1) @ a[i] for i in (1, 2)]
        return Eq(mean_of_two(inner(*images)), power(at) * w**at * inner(a[1], a[2]))

    base = yield line(num(0)), by.identity()
    known = yield line(h), induction.assumed()
    last = yield Eq(power(h + 1), power(h) * K[1, 2]), by.last_one()
    terms = (known, K[1, 2] * w), (last, -(w ** (h + 1)) * inner(a[1], a[2]))
    step = yield line(h + 1), by.under([Le(h + 1, L - 1)], by.linear(*terms, using=[HIDDEN]))
    found = yield line(h), induction.over(h, base, step)
    top = yield line(L - 1), by.cite(by.generic(found, [Ge(h, 0), Le(h, L - 1)], h), h=L - 1)
    last = yield Eq(power(L), power(L - 1) * K[1, 2]), by.last_one()
    outer = inner(b[1], b[2])
    terms = (top, K[1, 2] * outer), (last, -(w ** (L - 1)) * inner(a[1], a[2]) * outer)
    yield goal, by.linear(*terms, using=[HIDDEN])


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


if __name__ == "__main__":
    raise SystemExit(run_module(statement))
