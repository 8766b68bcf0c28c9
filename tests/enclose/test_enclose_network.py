"""Gradient flows of deep linear networks: exact solutions, conserved quantities, an independent integrator."""

import numpy as np
import pytest
from flint import arb, arb_mat, fmpq, fmpq_mat
from scipy.integrate import solve_ivp

from theorycheck.enclose.network import entry_gradient, gradient_flow, linear_gradient, pack, product, unpack
from theorycheck.enclose.precision import inside, working
from theorycheck.enclose.taylor import integrate, jacobian

W1 = fmpq_mat([[3, -1], [2, 4], [1, 1]]) * fmpq(1, 5)
W2 = fmpq_mat([[1, 2, -1], [0, 3, 1], [2, -2, 1]]) * fmpq(1, 5)
W3 = fmpq_mat([[2, 1, -3], [1, 1, 2]]) * fmpq(1, 5)
TARGET = fmpq_mat([[1, fmpq(1, 2)], [fmpq(-1, 3), 2]])
ONE = fmpq_mat([[1, 0], [0, 1]])
DEEP = (2, 3, 3, 2)
TURN = fmpq_mat([[3, -4], [4, 3]]) * fmpq(1, 5)


def layers_of(state, widths):
    return [arb_mat(w) for w in unpack(state, widths)]


def test_depth_one_is_the_matrix_exponential():
    s, ridge, t = fmpq_mat([[2, 1], [1, 3]]), fmpq(1, 7), fmpq(3, 2)
    w0 = fmpq_mat([[1, 0], [2, -1], [0, 3]])
    b = fmpq_mat([[1, 1], [0, 2], [1, -1]])
    flow = integrate(gradient_flow((2, 3), linear_gradient(s, b), ridge), pack([w0]), [t, 0])
    with working(400):
        damped = s + 2 * ridge * ONE
        rest = b * damped.inv()
        truth = arb_mat(rest) + arb_mat(w0 - rest) * (arb_mat(damped) * -t).exp()
    assert all(inside(v, x) for v, x in zip(truth.entries(), flow.states[0], strict=True))
    assert all(x.rad() < 1e-30 for x in flow.states[0])
    assert [x.fmpq() for x in flow.states[1]] == w0.entries()


@pytest.mark.parametrize("t", [fmpq(2), fmpq(-1, 2)])
def test_depth_two_mode_is_logistic(t):
    """|a x - y|^2 / 2 with balanced weights: a' = 2 a (y - a)."""
    y, w = fmpq(3), fmpq(1, 10)
    flow = integrate(gradient_flow((1, 1, 1), linear_gradient([[1]], [[y]])), [w, w], [t])
    a = product(layers_of(flow.states[0], (1, 1, 1)))[0, 0]
    with working(400):
        truth = y / (1 + (y / (w * w) - 1) * arb(-2 * y * t).exp())
    assert inside(truth, a)
    assert a.rad() < 1e-30


def test_depth_three_under_a_linear_cost_is_bernoulli_in_each_mode():
    """S = 0: with W_l = U_l diag(d) U_(l-1)^T each mode obeys d' = b d^2."""
    d, b = (fmpq(1, 2), fmpq(1, 3)), (fmpq(1), fmpq(2))
    modes = TURN * fmpq_mat([[d[0], 0], [0, d[1]]]) * TURN.transpose()
    cross = TURN * fmpq_mat([[b[0], 0], [0, b[1]]]) * TURN.transpose()
    flow = integrate(gradient_flow((2, 2, 2, 2), linear_gradient(fmpq_mat(2, 2), cross)), pack([modes] * 3), [1])
    layer = fmpq_mat([[1 / (1 / d[0] - b[0]), 0], [0, 1 / (1 / d[1] - b[1])]])
    truth = TURN * layer * TURN.transpose()
    for found in layers_of(flow.states[0], (2, 2, 2, 2)):
        assert all(x.contains(v) and x.rad() < 1e-30 for x, v in zip(found.entries(), truth.entries(), strict=True))


def test_sixty_digits_to_time_one_and_balancedness():
    with working(200):
        flow = integrate(gradient_flow(DEEP, linear_gradient(ONE, TARGET)), pack([W1, W2, W3]), [1])
        assert flow.complete
        assert all(x.rad() < 1e-50 for x in flow.states[0])
        v1, v2, v3 = layers_of(flow.states[0], DEEP)
        for low, high, a, b in ((v1, v2, W1, W2), (v2, v3, W2, W3)):
            kept = high.transpose() * high - low * low.transpose()
            before = b.transpose() * b - a * a.transpose()
            assert all(x.contains(v) for x, v in zip(kept.entries(), before.entries(), strict=True))
            assert all(x.rad() < 1e-50 for x in kept.entries())


@pytest.mark.parametrize("wrong", [fmpq(1, 10**30), fmpq(-1, 10**30)])
def test_a_target_wrong_by_1e_30_leaves_the_enclosure(wrong):
    right = integrate(gradient_flow(DEEP, linear_gradient(ONE, TARGET)), pack([W1, W2, W3]), [fmpq(1, 4)])
    other = integrate(gradient_flow(DEEP, linear_gradient(ONE, TARGET + wrong * ONE)), pack([W1, W2, W3]), [fmpq(1, 4)])
    assert all(x.rad() < 1e-31 for x in right.states[0])
    assert not all(x.overlaps(y) for x, y in zip(right.states[0], other.states[0], strict=True))


def test_there_and_back_again():
    field = gradient_flow(DEEP, entry_gradient([[1, 0], [1, 1]], TARGET), fmpq(1, 50))
    there = integrate(field, pack([W1, W2, W3]), [fmpq(1, 3)])
    back = integrate(field, there.states[0], [fmpq(-1, 3)])
    for x, v in zip(back.states[0], [*W1.entries(), *W2.entries(), *W3.entries()], strict=True):
        assert x.contains(v)
        assert x.rad() < 1e-28


def numpy_field(weights, target, ridge, shapes):
    def field(_, y):
        sizes = np.cumsum([m * n for m, n in shapes])[:-1]
        w1, w2, w3 = (v.reshape(s) for v, s in zip(np.split(y, sizes), shapes, strict=True))
        g = weights * (w3 @ w2 @ w1 - target)
        slopes = [(w3 @ w2).T @ g, w3.T @ g @ w1.T, g @ (w2 @ w1).T]
        return -np.concatenate([s.ravel() for s in slopes]) - 2 * ridge * y

    return field


def test_an_independent_integrator_agrees():
    as_floats = lambda m: np.array([[int(v.p) / int(v.q) for v in row] for row in m.tolist()])  # noqa: E731
    weights = fmpq_mat([[1, 0], [1, 2]])
    field = numpy_field(as_floats(weights), as_floats(TARGET), 0.02, [(3, 2), (3, 3), (2, 3)])
    start = np.concatenate([as_floats(w).ravel() for w in (W1, W2, W3)])
    rough = solve_ivp(field, (0, 2), start, method="DOP853", rtol=1e-12, atol=1e-12).y[:, -1]
    with working(80):
        flow = integrate(gradient_flow(DEEP, entry_gradient(weights, TARGET), fmpq(1, 50)), pack([W1, W2, W3]), [2])
    assert np.allclose([float(x) for x in flow.states[0]], rough, rtol=0, atol=1e-9)
    assert max(float(x.rad()) for x in flow.states[0]) < 1e-18


def test_the_jacobian_is_minus_a_hessian():
    j = jacobian(gradient_flow(DEEP, linear_gradient(ONE, TARGET), fmpq(1, 3)), pack([W1, W2, W3]))
    assert all(x.is_finite() for x in j.entries())
    assert j.overlaps(j.transpose())
    assert not j.overlaps(j * 0)


def test_wrong_sizes_are_refused():
    with pytest.raises(ValueError, match="at least two widths"):
        gradient_flow((3,), linear_gradient([[1]], [[1]]))
    with pytest.raises(ValueError, match="at least two widths"):
        gradient_flow((3, 0, 1), linear_gradient([[1]], [[1]]))
    with pytest.raises(ValueError, match="state of length 21"):
        integrate(gradient_flow(DEEP, linear_gradient(ONE, TARGET)), [arb(1)] * 20, [1])
    with pytest.raises(ValueError, match=r"zip\(\)"):
        integrate(gradient_flow(DEEP, linear_gradient(ONE, [[1, 2, 3]])), [arb(1)] * 21, [1])
