"""Ranges of sums and products: each rule accepts what is true for every admissible range, and refuses the false variants."""

import pytest

from theorycheck.derivation import context_of
from theorycheck.domain import Domain, index, real, size
from theorycheck.exact import rules as by, sum_rules as sums
from theorycheck.exact.session import Session, Stuck
from theorycheck.tree import Eq, Node, layers, num, product, scalars, sym, total, trace

N, h, k, i, j, a = map(sym, ("N", "h", "k", "i", "j", "a"))
x, n = scalars("x"), scalars("n")
W = layers("W", n)
DOMAIN = Domain("N >= 1, 1 <= h <= N, k >= 1, a real", (size("N"), index("h", 1, N), size("k"), real("a")))



def both(f):
    return total(i, 1, N, total(j, 1, N, f))


def above(f):
    return total(j, 2, N, total(i, 1, j - 1, f))


def gram(lo, hi):
    """The sum of (W_h .. W_(i+1)) (W_h .. W_(i+1))^T over i = lo .. hi."""
    return total(i, lo, hi, W.chain(h, i + 1) @ W.chain(h, i + 1).T)


TRUE = {
    "cut inside": (Eq(total(i, 1, N, x[i]), total(i, 1, h, x[i]) + total(i, h + 1, N, x[i])), sums.split()),
    "cut at the upper end": (Eq(total(i, 1, N, x[i]), total(i, 1, N, x[i]) + total(i, N + 1, N, x[i])), sums.split()),
    "cut below the lower end": (Eq(total(i, 1, N, x[i]), total(i, 1, 0, x[i]) + total(i, 1, N, x[i])), sums.split()),
    "a product cut": (Eq(product(i, 1, N, x[i]), product(i, 1, h, x[i]) * product(i, h + 1, N, x[i])), sums.split()),
    "one member": (Eq(total(i, h, h, x[i] + i), x[h] + h), sums.one()),
    "one factor": (Eq(product(i, h, h, x[i]), x[h]), sums.one()),
    "one matrix": (Eq(gram(1, 1), W.chain(h, 2) @ W.chain(h, 2).T), sums.one()),
    "a sum inside": (Eq(total(i, h, h, total(j, 1, i, x[j])), total(j, 1, h, x[j])), sums.one()),
    "no member": (Eq(total(i, N + 1, N, x[i]), 0), sums.none()),
    "no factor": (Eq(product(i, N + 1, N, x[i]), 1), sums.none()),
    "a symmetric double sum": (Eq(both(x[i] * x[j]), total(i, 1, N, x[i] * x[i]) + 2 * above(x[i] * x[j])), sums.triangle()),
    "how many pairs": (Eq(both(num(1)), total(i, 1, N, num(1)) + 2 * above(num(1))), sums.triangle()),
}
FALSE = {
    "not symmetric": (Eq(both(x[i] * x[j + 1]), total(i, 1, N, x[i] * x[i + 1]) + 2 * above(x[i] * x[j + 1])), sums.triangle()),
    "the diagonal twice": (Eq(both(x[i] * x[j]), 2 * total(i, 1, N, x[i] * x[i]) + 2 * above(x[i] * x[j])), sums.triangle()),
    "half of the pairs": (Eq(both(x[i] * x[j]), total(i, 1, N, x[i] * x[i]) + above(x[i] * x[j])), sums.triangle()),
    "the diagonal in both": (
        Eq(both(x[i] * x[j]), total(i, 1, N, x[i] * x[i]) + 2 * total(j, 2, N, total(i, 1, j, x[i] * x[j]))),
        sums.triangle(),
    ),
    "another diagonal": (Eq(both(x[i] * x[j]), total(i, 1, N, x[i] * x[1]) + 2 * above(x[i] * x[j])), sums.triangle()),
    "not a square": (
        Eq(total(i, 1, N, total(j, 1, h, x[i] * x[j])), total(i, 1, N, x[i] * x[i]) + 2 * above(x[i] * x[j])),
        sums.triangle(),
    ),
    "a range that is perhaps empty": (
        Eq(
            total(i, 1, h - 1, total(j, 1, h - 1, x[i] * x[j])),
            total(i, 1, h - 1, x[i] * x[i]) + 2 * total(j, 2, h - 1, total(i, 1, j - 1, x[i] * x[j])),
        ),
        sums.triangle(),
    ),
    "the outer index in the inner range": (
        Eq(total(i, 1, i, total(j, 1, i, x[j])), total(i, 1, i, x[i]) + 2 * total(j, 2, i, total(i, 1, j - 1, x[j]))),
        sums.triangle(),
    ),
    "a member twice": (Eq(total(i, 1, N, x[i]), total(i, 1, h, x[i]) + total(i, h, N, x[i])), sums.split()),
    "a member left out": (Eq(total(i, 1, N, x[i]), total(i, 1, h - 1, x[i]) + total(i, h + 1, N, x[i])), sums.split()),
    "another end": (Eq(total(i, 1, N, x[i]), total(i, 1, h, x[i]) + total(i, h + 1, N + 1, x[i])), sums.split()),
    "another start": (Eq(total(i, 1, N, x[i]), total(i, 0, h, x[i]) + total(i, h + 1, N, x[i])), sums.split()),
    "another body": (Eq(total(i, 1, N, x[i]), total(i, 1, h, x[i]) + total(i, h + 1, N, x[i + 1])), sums.split()),
    "a place that may lie outside": (Eq(total(i, 1, N, x[i]), total(i, 1, k, x[i]) + total(i, k + 1, N, x[i])), sums.split()),
    "a place that is no integer": (Eq(total(i, 1, N, x[i]), total(i, 1, a, x[i]) + total(i, a + 1, N, x[i])), sums.split()),
    "a product of sums": (Eq(total(i, 1, N, x[i]), total(i, 1, h, x[i]) * total(i, h + 1, N, x[i])), sums.split()),
    "a sum of products": (Eq(product(i, 1, N, x[i]), product(i, 1, h, x[i]) + product(i, h + 1, N, x[i])), sums.split()),
    "two members": (Eq(total(i, h, h + 1, x[i]), x[h]), sums.one()),
    "another member": (Eq(total(i, h, h, x[i]), x[h + 1]), sums.one()),
    "two matrices": (Eq(gram(0, 1), W.chain(h, 1) @ W.chain(h, 1).T), sums.one()),
    "another matrix": (Eq(gram(1, 1), W.chain(h, 1) @ W.chain(h, 1).T), sums.one()),
    "a product of one matrix": (Eq(product(i, 1, 1, W.chain(h, i + 1) @ W.chain(h, i + 1).T), gram(1, 1)), sums.one()),
    "a size that depends on the index": (Node("eq", (total(i, h, h, W[i] @ W[i].T), W[h] @ W[h].T), None), sums.one()),
    "a number for a matrix": (Node("eq", (gram(1, 1), trace(W.chain(h, 2) @ W.chain(h, 2).T)), None), sums.one()),
    "an end that is no integer": (Eq(total(i, a, a, x[1]), x[1]), sums.one()),
    "perhaps one member": (Eq(total(i, 1, N, x[i]), x[1]), sums.one()),
    "an empty sum is not 1": (Eq(total(i, N + 1, N, x[i]), 1), sums.none()),
    "an empty product is not 0": (Eq(product(i, N + 1, N, x[i]), 0), sums.none()),
    "one member is not none": (Eq(total(i, N, N, x[i]), 0), sums.none()),
    "a reversed range": (Eq(total(i, N + 2, N, x[i]), 0), sums.none()),
}


def shown(goal, rule):
    Session(DOMAIN.hypotheses, context_of(DOMAIN)).show(goal, rule)


@pytest.mark.parametrize("name", TRUE)
def test_what_holds_is_shown(name):
    shown(*TRUE[name])


@pytest.mark.parametrize("name", FALSE)
def test_false_variants_are_refused(name):
    with pytest.raises(Stuck):
        shown(*FALSE[name])


def test_a_power_of_a_sum_has_few_sums_inside_each_other():
    """Every order of them is tried, so that ten would take hours."""
    one = total(i, 1, N, x[i])
    shown(Eq(one**5, one**3 * one**2), by.identity())
    with pytest.raises(Stuck, match="6 sums inside each other"):
        shown(Eq(one**10, one**5 * one**5), by.identity())
