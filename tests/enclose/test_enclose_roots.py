"""Krawczyk's test: a certified zero contains the true one; no zero and double zeros are never certified."""

import pytest
from flint import arb, arb_mat, fmpq

from theorycheck.enclose.precision import inside, working
from theorycheck.enclose.roots import certify_zero


def circle_and_hyperbola(v):
    x, y = v.entries()
    return arb_mat([[x * x + y * y - 2], [x * y - fmpq(1, 2)]])


def slopes(v):
    x, y = v.entries()
    return arb_mat([[2 * x, 2 * y], [y, x]])


def test_the_zero_is_enclosed_tightly():
    found = certify_zero(circle_and_hyperbola, slopes, [1, fmpq(1, 3)])
    with working(400):  # x + y = sqrt 3 and x - y = 1
        truth = [(arb(3).sqrt() + 1) / 2, (arb(3).sqrt() - 1) / 2]
    assert all(inside(t, b) for t, b in zip(truth, found.box.entries(), strict=True))
    assert all(b.rad() < 1e-30 for b in found.box.entries())
    assert all(inside(b, u) for b, u in zip(found.box.entries(), found.unique_in.entries(), strict=True))


def test_a_family_of_systems_is_covered():
    found = certify_zero(lambda v: arb_mat([[v[0, 0] ** 2 - arb(2, 0.01)]]), lambda v: 2 * v, [1])
    for square in (fmpq(199, 100), fmpq(2), fmpq(201, 100)):
        assert inside(arb(square).sqrt(), found.box[0, 0])


@pytest.mark.parametrize("shift", [0, 1, fmpq(1, 10**20), fmpq(1, 10**70)])
def test_a_double_zero_or_none_is_never_certified(shift):
    assert certify_zero(lambda v: arb_mat([[v[0, 0] * v[0, 0] + shift]]), lambda v: 2 * v, [fmpq(1, 7)]) is None


def test_a_singular_jacobian_or_nan_is_no_certificate():
    assert certify_zero(lambda v: v, lambda v: arb_mat(1, 1), [1]) is None
    assert certify_zero(lambda v: arb_mat([[arb.nan()]]), lambda v: arb_mat([[1]]), [1]) is None


def test_shapes_are_checked():
    with pytest.raises(ValueError, match="square Jacobian"):
        certify_zero(lambda v: arb_mat(2, 1), lambda v: arb_mat(2, 2), [1])
