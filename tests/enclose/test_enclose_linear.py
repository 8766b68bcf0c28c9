"""Enclosures of singular values, eigenvalues, norms: exact and in balls, with ties, rank loss and extreme scales."""

from fractions import Fraction

import pytest
from flint import arb, arb_mat, fmpq, fmpq_mat
from hypothesis import assume, given, settings, strategies as st

from theorycheck.enclose import spectrum
from theorycheck.enclose.linear import (
    exact_rank,
    frobenius_norm,
    is_positive_definite,
    is_positive_semidefinite,
    nuclear_norm,
    operator_norm,
    rank_at_least,
    schatten_power,
)
from theorycheck.enclose.precision import inside, working
from theorycheck.enclose.spectrum import (
    ball_eigenvalues,
    distinct_singular_values,
    singular_values,
    symmetric_eigenvalues,
)

TINY = arb(0, arb(2) ** -90)


@st.composite
def matrices(draw):
    m, n = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    return fmpq_mat(m, n, draw(st.lists(st.integers(-3, 3), min_size=m * n, max_size=m * n)))


def fuzzy(a, radius=TINY):
    """Balls around the entries, so that nothing takes the exact way."""
    return arb_mat(a.nrows(), a.ncols(), [arb(v) + radius for v in a.entries()])


def rotation(n):
    """A rational orthogonal matrix without a zero pattern: the Cayley transform of a skew matrix."""
    skew = fmpq_mat(n, n, [fmpq((i + 2 * j) % 5 + 1, 7) * ((i < j) - (i > j)) for i in range(n) for j in range(n)])
    skew = skew - skew.transpose()
    one = identity(n)
    return (one - skew) * (one + skew).inv()


def identity(n):
    return diagonal([1] * n)


def diagonal(values):
    n = len(values)
    return fmpq_mat(n, n, [fmpq(values[i]) * int(i == j) for i in range(n) for j in range(n)])


@given(matrices())
@settings(deadline=None, max_examples=60)
def test_singular_values_contain_those_of_higher_precision(a):
    exact, rough = singular_values(a), singular_values(fuzzy(a))
    with working(400):
        sharp = singular_values(a)
    assert len(exact) == len(rough) == min(a.nrows(), a.ncols())
    for s, e, r in zip(sharp, exact, rough, strict=True):
        assert inside(s, e)
        assert inside(s, r)
        assert e.rad() < 1e-30
        assert r.rad() < 1e-24


@given(matrices())
@settings(deadline=None, max_examples=60)
def test_the_number_of_nonzero_singular_values_is_the_rank(a):
    assert sum(s > 0 for s in singular_values(a)) == exact_rank(a) == a.rank()
    assert sum(s.is_zero() for s in singular_values(a)) == min(a.nrows(), a.ncols()) - a.rank()
    assert rank_at_least(fuzzy(a)) <= a.rank()


@pytest.mark.parametrize("values", [[1, 1], [3, 2, 2], [2, 2, 0, 0], [5, 5, 5, 1], [0, 0, 0]])
def test_ties_and_zeros(values):
    n = len(values)
    hidden = rotation(n) * diagonal(values) * rotation(n)
    for a in (diagonal(values), hidden, hidden.transpose()):
        assert [s.unique_fmpz() for s in singular_values(a)] == values
        assert sorted((int(s.unique_fmpz()), m) for s, m in distinct_singular_values(a)) == sorted(
            (v, values.count(v)) for v in set(values)
        )
        for found, v in zip(singular_values(fuzzy(a)), values, strict=True):
            assert inside(v, found)
            assert found.rad() < 1e-24


@pytest.mark.parametrize("values", [[2, 2], [3, 2, 2], [4, 0, 0, -4], [-1, -1, -1]])
def test_symmetric_eigenvalues_in_order_with_ties(values):
    q = rotation(len(values))
    s = q * diagonal(values) * q.transpose()
    assert [x.unique_fmpz() for x in symmetric_eigenvalues(s)] == values
    for enclosures in (symmetric_eigenvalues(fuzzy(s)), ball_eigenvalues(arb_mat(s))):
        for found, v in zip(enclosures, values, strict=True):
            assert inside(v, found)
            assert found.rad() < 1e-24


@pytest.mark.parametrize("skew", [fmpq(1, 1000), fmpq(1, 20), fmpq(1)])
def test_bad_approximate_eigenvectors_cost_width_not_truth(skew, monkeypatch):
    guess = arb_mat(identity(3) + fmpq_mat(3, 3, [skew, skew, 0, 0, skew, 0, 0, 0, skew]))
    monkeypatch.setattr(spectrum, "_eigenvectors", lambda s: guess)
    found = ball_eigenvalues(arb_mat(diagonal([3, 2, 2])))
    if skew < 1:
        assert all(inside(v, x) for v, x in zip((3, 2, 2), found, strict=True))
    else:
        assert not any(x.is_finite() for x in found)
    stretched = arb_mat(identity(3) * (1 + skew / 10))
    monkeypatch.setattr(spectrum, "_eigenvectors", lambda s: stretched)
    for v, x in zip((3, 2, 2), ball_eigenvalues(arb_mat(diagonal([3, 2, 2]))), strict=True):
        assert inside(v, x)


def test_a_radius_is_counted_once():
    (found,) = symmetric_eigenvalues([[arb(1, fmpq(1, 10))]])
    assert inside(fmpq(11, 10), found)
    assert found.rad() < arb(fmpq(101, 1000))


def test_wide_balls_enclose_every_matrix_in_them():
    wide = singular_values(fuzzy(diagonal([3, 2, 2]), arb(0, fmpq(1, 4))))
    for shift in (fmpq(1, 4), fmpq(-1, 4)):
        member = singular_values(diagonal([3, 2, 2]) + fmpq_mat(3, 3, [shift] * 9))
        assert all(inside(m, w) for m, w in zip(member, wide, strict=True))


@pytest.mark.parametrize("scale", [fmpq(1, 10**30), fmpq(1), fmpq(10**30), fmpq(1, 10**400), fmpq(10**400)])
def test_extreme_scales(scale):
    a = fmpq_mat([[2, 1, 0], [1, 2, 0]]) * scale
    for found in (singular_values(a), singular_values(arb_mat(a) * arb(1, fmpq(1, 10**30)))):
        for s, v in zip(found, (3, 1), strict=True):
            assert inside(scale * v, s)
            assert s.rad() < 1e-24 * arb(scale)


def test_scales_side_by_side_are_exact_only_for_exact_matrices():
    a = diagonal([10**30, fmpq(1, 10**30)])
    big, small = singular_values(a)
    assert inside(10**30, big)
    assert inside(fmpq(1, 10**30), small)
    assert small > 0
    big, small = singular_values(fuzzy(a))
    assert inside(10**30, big)
    assert inside(fmpq(1, 10**30), small)
    assert not small > 0


def test_norms_of_a_known_matrix():
    a = fmpq_mat([[3, 0], [0, 4], [0, 0]])
    for m in (a, fuzzy(a), a.tolist()):
        assert inside(5, frobenius_norm(m))
        assert inside(4, operator_norm(m))
        assert inside(7, nuclear_norm(m))
        assert inside(91, schatten_power(m, 3))
        assert inside(25, schatten_power(m, 2))
        assert inside(arb(3).sqrt() + 2, schatten_power(m, fmpq(1, 2)))


@given(matrices(), st.fractions(min_value=Fraction(1, 5), max_value=3, max_denominator=7))
@settings(deadline=None, max_examples=40)
def test_schatten_powers_contain_those_of_higher_precision(a, p):
    exact, rough = schatten_power(a, p), schatten_power(fuzzy(a), p)
    with working(400):
        assert inside(schatten_power(a, p), exact)
        assert inside(schatten_power(a, p), rough)


def test_schatten_power_of_a_zero_matrix_is_zero_and_its_exponent_is_checked():
    assert schatten_power(fmpq_mat(2, 3), fmpq(2, 3)).is_zero()
    for p in (0, -1, arb(0, 1)):
        with pytest.raises(ValueError, match="positive"):
            schatten_power(fmpq_mat(2, 2), p)


def test_non_finite_entries_give_no_verdict():
    lost = arb_mat([[1, arb.nan()], [arb.nan(), 1]])
    assert not any(s.is_finite() for s in singular_values(lost))
    assert not operator_norm(lost).is_finite()
    assert not frobenius_norm(lost).is_finite()
    assert is_positive_definite(lost) is None
    assert is_positive_semidefinite(lost) is None
    assert rank_at_least(lost) == 0


@given(matrices(), st.integers(-1, 1))
@settings(deadline=None, max_examples=60)
def test_definiteness_of_exact_matrices_is_decided_by_the_smallest_eigenvalue(a, bound):
    s = a * a.transpose()
    with working(400):
        smallest = symmetric_eigenvalues(s)[-1]
    gap = smallest - bound
    assume(gap > 0 or gap < 0 or gap.is_zero())
    assert is_positive_definite(s, bound) == (gap > 0)
    assert is_positive_semidefinite(s, bound) == (gap >= 0)
    rough = is_positive_definite(fuzzy(s), bound)
    assert rough == (gap > 0) if rough is not None else abs(gap) < 1e-15


def test_definiteness_in_balls_says_undecided_on_the_edge():
    s = fmpq_mat([[2, 1], [1, 2]])
    assert is_positive_definite(s, 1) is False
    assert is_positive_semidefinite(s, 1) is True
    assert is_positive_definite(fuzzy(s), 1) is None
    assert is_positive_semidefinite(fuzzy(s), 1) is None
    assert is_positive_definite(fuzzy(s), fmpq(99, 100)) is True
    assert is_positive_semidefinite(fuzzy(s), fmpq(101, 100)) is False
    assert is_positive_definite(s, arb(1, fmpq(1, 10**20))) is None


def test_wrong_shapes_are_refused():
    for function in (symmetric_eigenvalues, is_positive_definite):
        for bad in (fmpq_mat([[1, 2], [3, 4]]), fuzzy(fmpq_mat([[1, 2], [3, 4]])), fmpq_mat(2, 3)):
            with pytest.raises(ValueError, match=r"symmetric|square"):
                function(bad)
    with pytest.raises(ValueError, match="undecidable"):
        exact_rank(fuzzy(identity(2)))
