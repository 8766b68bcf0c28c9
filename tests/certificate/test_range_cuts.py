"""The checker's rules about sums and products over a range: true lines, and false ones beside them."""

from __future__ import annotations

import pytest

from tests.certificate.granted import checker, refused, shown
from theorycheck.domain import Var, index, real, size
from theorycheck.tree import Eq, Le, Lt, Node, layers, num, product, scalars, sym, total, trace

h, i, j, m, a, L = (sym(name) for name in ("h", "i", "j", "m", "a", "L"))
s = scalars("s")


def ranges():
    """0 <= m <= h <= L."""
    family = Var("s", lambda source, env: {}, positive=True)
    sizes = Var("n", lambda source, env: {}, positive=True, integer=True)
    return checker(size("L"), real("a"), index("m", 0, L), index("h", m, L), family, sizes)


@pytest.mark.parametrize("over", [total, product])
def test_ranges(over):
    def of(lo, hi, body=s[j]):
        return over(j, lo, hi, body)

    join = (lambda x, y: x + y) if over is total else (lambda x, y: x * y)
    neutral = num(0 if over is total else 1)
    true = [
        ("sum_rules.split", Eq(of(1, h), join(of(1, m), of(m + 1, h)))),
        ("sum_rules.one", Eq(of(m, m), s[m])),
        ("sum_rules.none", Eq(of(m + 1, m), neutral)),
        ("index_rules.last_one", Eq(of(m, h), join(of(m, h - 1), s[h]))),
        ("index_rules.last_one", Eq(of(m + 1, h + 1), join(of(m + 1, h), s[h + 1]))),
        ("algebra_rules.identity", Eq(of(m + 1, m), neutral)),
    ]
    for rule, goal in true:
        shown(ranges(), goal, rule)
    false = [
        ("sum_rules.split", Eq(of(1, h), join(of(1, m), of(m, h)))),
        ("sum_rules.split", Eq(of(1, h), join(of(1, m), of(m + 2, h)))),
        ("sum_rules.split", Eq(of(1, m), join(of(1, h), of(h + 1, m)))),  # h + 1 .. m has no meaning
        ("sum_rules.split", Eq(of(1, h), join(of(1, m), of(m + 1, h, s[j] ** 2)))),
        ("sum_rules.split", Eq(of(1, L), join(of(1, m), of(m + 1, h)))),
        ("sum_rules.split", Le(of(1, h), join(of(1, m), of(m + 1, h)))),
        ("sum_rules.split", Eq(of(1, h), of(1, m) - of(m + 1, h))),
        ("sum_rules.one", Eq(of(m, m), s[m + 1])),
        ("sum_rules.one", Eq(of(m, h), s[m])),
        ("sum_rules.none", Eq(of(m + 1, m), num(1 if over is total else 0))),
        ("sum_rules.none", Eq(of(m, m), neutral)),
        ("sum_rules.none", Eq(of(m + 2, m), neutral)),
        ("sum_rules.none", Eq(of(m + 1, h), neutral)),
        ("index_rules.last_one", Eq(of(m + 1, h), join(of(m + 1, h - 1), s[h]))),  # there may be none
        ("index_rules.last_one", Eq(of(m, h), join(of(m, h - 1), s[h - 1]))),
        ("index_rules.last_one", Eq(of(m, h), join(of(m, h), s[h]))),
        ("index_rules.last_one", Eq(of(m, h + a), join(of(m, h + a - 1), s[m]))),
    ]
    for rule, goal in false:
        refused(ranges(), goal, rule)


def test_a_sum_of_one_matrix():
    W = layers("W", scalars("n"))

    def gram(at):
        return W.chain(h, at + 1) @ W.chain(h, at + 1).T

    shown(ranges(), Eq(total(j, m, m, gram(j)), gram(m)), "sum_rules.one")
    for lo, hi, value in ((m, m, gram(m - 1)), (m, h, gram(m)), (m, m, trace(gram(m)))):
        refused(ranges(), Node("eq", (total(j, lo, hi, gram(j)), value), None), "sum_rules.one")
    refused(ranges(), Eq(product(j, m, m, gram(j)), gram(m)), "sum_rules.one")
    sizes = total(j, m, m, W[j] @ W[j].T)  # of n_j rows: the size depends on the index
    refused(ranges(), Node("eq", (sizes, W[m] @ W[m].T), None), "sum_rules.one")
    refused(ranges(), Node("eq", (total(j, m + 1, m, gram(j)), 0 * gram(m)), None), "sum_rules.none")


def test_the_sign_of_a_product_is_that_of_its_members():
    nested = product(j, 1, m, j + product(i, 1, j, s[i]))
    for goal in (Lt(0, product(j, 1, m, s[j])), Le(0, product(j, 1, m, a**2 * s[j])), Lt(0, nested)):
        shown(ranges(), goal, "algebra_rules.sign")
    false = [Lt(0, product(j, 1, m, member)) for member in (a**2, a, j - 1, j - 2)]
    for goal in [*false, Lt(1, product(j, 1, m, s[j])), Le(0, product(j, 0, m, j - h))]:
        refused(ranges(), goal, "algebra_rules.sign")
