"""lemma-15: what it says of two layers and of the Jacobian, entered a second time in NumPy."""

from __future__ import annotations

import math
from random import Random

import numpy as np
import pytest
from flint import arb

from proofs.lazy_regime import lemma_15_kernel_ball as lemma_15
from theorycheck.domain import RandomSource
from theorycheck.evaluate import evaluate, judge


def number(x):
    return float(arb(x).mid())


def array(rows):
    return np.array([[number(v) for v in row] for row in rows])


def claim(name):
    return next(c for c in lemma_15.statement.claims if c.id == f"lemma-15.{name}")


def cases(name, count):
    c = claim(name)
    for k, env in enumerate(c.domain.instances(f"second:{name}", count)):
        yield env
        if c.near is not None:
            yield c.near(RandomSource(Random(k)), env)


def sides(name, env):
    left, right = claim(name).tree().nodes
    return number(evaluate(left, env)), number(evaluate(right, env))


def test_bound_3_with_the_printed_constant():
    """Theta of two layers with one input and output is |W_1|^2 + |W_2|^2."""
    broken = 0
    for env in cases("third", 7):
        start, here, there = (array(env[name]) for name in ("theta_0", "theta", "theta_1"))
        rho = np.sqrt(number(env["sigma"])) * env["w"] ** 0.25
        assert max(np.linalg.norm(x - start) for x in (here, there)) <= rho * (1 + 1e-9)
        theta = [np.linalg.norm(x[:, 0]) ** 2 + np.linalg.norm(x[:, 1]) ** 2 for x in (there, here)]
        bound = 2 / (32 * (2 * 4) * (2 * 1 * 1)) * rho * np.linalg.norm(there - here)
        assert sides("third", env) == pytest.approx((theta[0] - theta[1], bound), rel=1e-9, abs=1e-12)
        broken += theta[0] - theta[1] > bound
    assert broken


def jacobian(W, V):
    """The derivative of W_L .. W_1 along V, by central differences (exact for L <= 2, and nearly for more)."""

    def product(t):
        out = np.eye(W[1].shape[1])
        for l in sorted(W):
            out = (W[l] + t * V[l]) @ out
        return out

    h = 1e-4
    return (product(h) - product(-h)) / (2 * h)


def test_bound_1_for_layers_of_bounded_norm():
    for env in cases("first", 8):
        W, V = ({l: array(x) for l, x in env[name].items()} for name in "WV")
        b, M, L = number(env["b"]), array(env["M"]), env["L"]
        assert max(np.linalg.norm(w, 2) for w in W.values()) <= b * (1 + 1e-9)
        length = np.sqrt(sum(np.sum(v**2) for v in V.values()))
        left, right = np.sum(M * jacobian(W, V)), L * b ** (L - 1) * np.linalg.norm(M) * length
        assert sides("first", env) == pytest.approx((left, right), rel=1e-5, abs=1e-5 * (1 + right))
        assert left <= right * (1 + 1e-6)
        assert claim("first").domain.broken(env) is None


def second_derivative(W, V, U):
    """Of W_L .. W_1 along V and U, by polarization of second differences."""

    def along(D):
        def product(t):
            out = np.eye(W[1].shape[1])
            for l in sorted(W):
                out = (W[l] + t * D[l]) @ out
            return out

        h = 1e-3
        return (product(h) - 2 * product(0) + product(-h)) / h**2

    plus, minus = ({l: V[l] + s * U[l] for l in V} for s in (1, -1))
    return (along(plus) - along(minus)) / 4


def test_bound_2_for_layers_of_bounded_norm():
    for env in cases("second", 8):
        W, V, U = ({l: array(x) for l, x in env[name].items()} for name in "WVU")
        M, L, b = array(env["M"]), env["L"], number(env["b"])
        left = np.sum(M * second_derivative(W, V, U))
        right = L * (L - 1) * b ** (L - 2) * np.linalg.norm(M) * number(env["T"]) * number(env["S"])
        assert sides("second", env) == pytest.approx((left, right), rel=1e-3, abs=1e-3 * (1 + right))
        assert left <= right * (1 + 1e-6)


def test_the_examples_against_the_printed_probabilities():
    """Eight neurons and one input: chi_8 > 3 sqrt(8) is more likely than 2 e^(-32)."""
    for name, k, far, log_most in (
        ("layer", 8, 9 * 8, np.log(2) - 32),
        ("probability", 80, 64 * 80, np.log(4) - 3200),
        ("wide-inputs", 1000, 64 * 3, np.log(4) - 4.5),
    ):
        c = claim(name)
        env = c.near(None, next(c.domain.instances("example", 1)))
        assert c.domain.broken(env) is None
        assert judge(c.tree(), env).holds is False
        assert log_tail(k, far) > log_most


def log_tail(k, far):
    """The logarithm of P[chi_k^2 > far] = e^(-far/2) sum_(i < k/2) (far/2)^i / i! for even k."""
    terms = [i * math.log(far / 2) - math.lgamma(i + 1) for i in range(k // 2)]
    return np.logaddexp.reduce(terms) - far / 2
