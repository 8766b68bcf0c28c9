"""What a real power may be taken of in a lemma: `power` of Coq's library is 0 below 0, which a claim does not say."""

from __future__ import annotations

from contextlib import nullcontext

import pytest

from theorycheck.certificate.coq.bases import check_bases, check_universal
from theorycheck.certificate.coq.statement import Universal
from theorycheck.certificate.coq.trees import NotTranslated, Tree
from theorycheck.tree import Converges, Eq, Ge, Gt, Le, Lt, Node, inner, norm, product, scalars, sqrt, sym, total, vec

e, x, y, k, w, m = (sym(name) for name in "exykwm")
a, b = vec("a", m), vec("b", m)
f = scalars("f")
REFUSED = pytest.raises(NotTranslated, match="a real power of what may be negative")


def translated(t: Node) -> Tree:
    args = tuple(translated(p) if isinstance(p, Node) else str(p) for p in t.args)
    return Tree(t.head, args, None if t.shape is None else tuple(map(translated, t.shape)))


def with_power(base, said=(), positive=()):
    trees = [translated(Eq(base**e, 1))]
    return trees, [translated(s) for s in said], positive


@pytest.mark.parametrize(
    ("base", "said"),
    [
        (x, [Gt(x, 0)]),
        (x, [Le(0, x)]),
        (x - 1, [Ge(x, 1)]),
        (x - 1, [Gt(x, 1)]),
        (1 - x, [Lt(x, 1)]),
        (1 + x * y, [Gt(1 + x * y, 0)]),
        (x * y / (x + y), [Gt(x, 0), Gt(y, 0)]),
        (norm(a) + sqrt(x), []),
        (inner(a, a), []),
        (x**2, []),
        (f[k], [Ge(f[k], 0)]),
        (m * norm(a), []),  # a size
        (product(k, 1, w, 1 + (k - 1) / w), [Ge(w, 1)]),
        (total(k, 1, w, k - 1), [Ge(w, 1)]),
    ],
)
def test_bases_that_are_seen_to_be_at_least_0(base, said):
    check_bases(*with_power(base, said))


@pytest.mark.parametrize(
    ("base", "said"),
    [
        (x, []),
        (x, [Ge(y, 0)]),
        (x, [Ge(x, -1)]),
        (x - 1, [Ge(x, 0)]),
        (1 - x, [Lt(x, 2)]),
        (x * y, [Gt(x, 0)]),
        (x**3, []),
        (f[k], [Ge(f[m], 0)]),
        (inner(a, b), []),
        (product(k, 0, w, k - 1), [Ge(w, 1)]),
        (product(k, 1, w, x - k), [Ge(w, 1), Ge(x, 1)]),
    ],
)
def test_bases_that_may_be_negative(base, said):
    with REFUSED:
        check_bases(*with_power(base, said))


def test_whole_numbers_are_no_real_powers():
    check_bases([translated(Eq(x**3 + x ** (-2), 1))], [], ())


def test_a_family_of_positive_numbers():
    check_bases(*with_power(f[k], positive=("f",)))
    with REFUSED:
        check_bases(*with_power(f[k]))


@pytest.mark.parametrize("given", [True, False])
def test_what_a_fact_asks_for_holds_where_it_speaks(given):
    u = Universal("F", "a fact", translated(Eq(x**e, 1)), (translated(Gt(x, 0)),) * given, ("x",))
    with nullcontext() if given else REFUSED:
        check_universal(u, [], ())


def test_a_variable_that_falls_to_0_is_not_negative():
    check_bases([translated(Converges(x**e, x, 0, 1))], [], ())
