"""Gram matrices and minima: each rule accepts what its theorem gives, and refuses the false variants."""

import pytest

from theorycheck.derivation import context_of
from theorycheck.domain import Domain, hypothesis, matrix, real, size
from theorycheck.exact import basic_rules as basic, matrix_rules as products, rules as by
from theorycheck.exact.session import Session, Stuck
from theorycheck.tree import Eq, Ge, Le, Lt, Psd, eye, mat, minimum, sym

n, a, b, c = (sym(name) for name in "nabc")
A, B = mat("A", n, n), mat("B", n, n)
DOMAIN = Domain(
    "any A, B, numbers a <= b, c",
    (size("n"), matrix("A", n, n), matrix("B", n, n), real("a"), real("b"), real("c", at_least=0)),
    (hypothesis("a <= b", Le(a, b)),),
)


@pytest.fixture
def s():
    return Session(DOMAIN.hypotheses, context_of(DOMAIN))


def test_sums_of_gram_matrices(s):
    s.show(Psd(A.T @ A), products.gram((1, A)))
    s.show(Psd(c * A @ A.T + 2 * eye(n)), products.gram((c, A.T), (2, eye(n))))
    s.show(Psd((A + B).T @ (A + B)), products.gram((1, A + B)))


@pytest.mark.parametrize(
    ("goal", "parts"),
    [
        (Psd(A @ A), [(1, A)]),
        (Psd(A.T @ A), [(1, A.T)]),
        (Psd(A), [(1, A)]),
        (Psd(-A.T @ A), [(-1, A)]),
        (Psd(a * A.T @ A), [(a, A)]),
        (Psd(A.T @ A - B.T @ B), [(1, A), (-1, B)]),
        (Psd(A.T @ A + B), [(1, A)]),
        (Eq(A.T @ A, A.T @ A), [(1, A)]),
    ],
)
def test_what_is_no_gram_matrix(s, goal, parts):
    with pytest.raises(Stuck):
        s.show(goal, products.gram(*parts))


def test_minima(s):
    s.show(Le(minimum(a, b), a), basic.minimum_below())
    s.show(Le(minimum(a, b), b + c), basic.minimum_below())
    order, same = s.show(Le(a, b), by.trivially()), s.show(Le(a, a), by.sign())
    s.show(Le(a, minimum(a, b)), basic.minimum_above(same, order))


@pytest.mark.parametrize(
    "goal", [Le(minimum(a, b), a - 1), Le(a, minimum(a, b)), Lt(minimum(a, b), a), Le(minimum(b, b + c), a)]
)
def test_minima_that_are_refused(s, goal):
    with pytest.raises(Stuck):
        s.show(goal, basic.minimum_below())


@pytest.mark.parametrize(
    "goal", [Le(b, minimum(a, b)), Le(a, minimum(a, c)), Le(a + 1, minimum(a, b)), Lt(a, minimum(a, b)), Ge(a, minimum(a, b))]
)
def test_lower_bounds_of_minima_that_are_refused(s, goal):
    order, same = s.show(Le(a, b), by.trivially()), s.show(Le(a, a), by.sign())
    with pytest.raises(Stuck):
        s.show(goal, basic.minimum_above(same, order))
