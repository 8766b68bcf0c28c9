"""Signs of what has several lower bounds: numbers below a symbol stay known where another bound is used first."""

from theorycheck.exact.context import Context
from theorycheck.exact.read import read
from theorycheck.exact.session import with_conditions
from theorycheck.tree import Ge, Le, Lt, sym

L, l, k, q, d = (sym(name) for name in ("L", "l", "k", "q", "d"))


def sign(tree, *conditions):
    context = with_conditions(Context(), conditions)
    return context.sign(read(tree, context))


def test_the_number_below_a_symbol_is_known_whatever_bound_comes_last():
    known = Ge(L, 2), Ge(l, 1), Le(l, L)
    assert sign(L - 1, *known) == "positive"
    assert sign(L - 2, *known) == "nonneg"
    assert sign(L**3 - L**2, *known) == "positive"
    assert sign(L - 3, *known) is None
    assert sign(L - l - 1, *known) is None


def test_a_number_follows_from_a_bound_that_has_one_itself():
    known = Ge(k, 1), Le(k, L - 1), Ge(l, 0), Le(l, L)
    assert sign(L - 2, *known) == "nonneg"
    assert sign(L, *known) == "positive"
    assert sign(L - 3, *known) is None
    assert sign(L - 2, Le(k, L - 1), Ge(l, 0), Le(l, L)) is None  # of k nothing is known


def test_a_bound_by_a_negative_multiple_gives_no_number():
    """L >= 5 - k with k >= 1 says nothing below."""
    assert sign(L - 4, Ge(k, 1), Ge(L, 5 - k)) is None
    assert sign(L, Ge(k, 1), Ge(L, 5 - k)) is None


def test_what_is_forgotten_has_no_floor():
    context = with_conditions(Context(), [Ge(L, 2), Ge(l, 1), Le(l, L)])
    assert context.without({"L"}).sign(read(L - 1, context)) is None


def test_a_form_with_the_constant_of_a_known_one():
    """1 - q (d/2)^L > 0 where 1 - q d^L > 0, as (1/2)^L <= 1; not for 2 d."""
    known = Ge(L, 2), Ge(q, 0), Ge(d, 0), Lt(0, d), Lt(0, q), Lt(q * d**L, 1)
    assert sign(1 - q * (d / 2) ** L, *known) == "positive"
    assert sign(1 - q * (2 * d) ** L, *known) is None
