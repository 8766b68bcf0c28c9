"""Enclosed probabilities against SciPy's chi distribution, an integral of a Bessel function, and seeded samples."""

from __future__ import annotations

from itertools import pairwise

import mpmath
import numpy as np
import pytest
from flint import arb, fmpq
from scipy.stats import chi

from proofs.lazy_regime import cor_21_product_norm as cor_21, thm_20_gaussian_singular_values as thm_20
from theorycheck.evaluate import evaluate
from theorycheck.evaluate.judge import judge_or_no_value
from theorycheck.tree import Each, Ge, Gt, Le, layers, num, probability, scalars, singular, sym

n = scalars("n")
W = layers("W", n)


def bounds(event, env, variance=1):
    ball = arb(evaluate(probability(event, W, num(variance)), env))
    return float(ball.lower()), float(ball.upper())


@pytest.mark.parametrize("size", [1, 2, 5])
def test_vectors_are_exact(size):
    env = {"n": {0: 1, 1: size}}
    for y in (1, 2, 4):
        low, high = bounds(Le(singular(W[1], 1), num(3 * y)), env, 9)
        assert low == pytest.approx(chi(size).cdf(y), abs=1e-9)
        assert high == pytest.approx(chi(size).cdf(y), abs=1e-9)
        assert bounds(Gt(singular(W[1], 1), num(y)), env)[0] == pytest.approx(chi(size).sf(y), rel=1e-6)


def test_an_event_about_every_index_is_enclosed_by_its_parts():
    """Two layers of one entry each: P[|g| <= 2]^2 lies between 1 - 2 P[|g| > 2] and P[|g| <= 2]."""
    j, one = sym("j"), chi(1).cdf(2)
    low, high = bounds(Each(j, 1, 2, Le(singular(W[j], 1), num(2))), {"n": {0: 1, 1: 1, 2: 1}})
    assert low == pytest.approx(2 * one - 1, rel=1e-6)
    assert high == pytest.approx(one, rel=1e-6)
    assert low <= one**2 <= high


def test_what_does_not_exist_has_no_probability_and_an_empty_product_is_not_decided():
    env = {"n": {0: 2, 1: 2}}

    def judged(x):
        return judge_or_no_value(Le(probability(Le(x, num(3)), W, num(1)), num(2)), env)

    assert judged(singular(W[1], 1)).holds
    for missing in (singular(W[2], 1), singular(W.chain(2, 1), 1), singular(W[1], 3)):
        assert judged(missing).absent
    empty = judged(singular(W.chain(0, 1), 1))  # the identity: its singular values are 1, which is no violation
    assert (empty.holds, empty.absent) == (None, False)


def sample(sizes, count, seed):
    rng = np.random.default_rng(seed)
    product = np.eye(sizes[0])[None]
    for a, b in pairwise(sizes):
        product = rng.standard_normal((count, b, a)) @ product
    return np.linalg.svd(product, compute_uv=False)


@pytest.mark.parametrize("sizes", [(2, 2), (3, 2), (1, 3, 2), (2, 2, 2), (1, 1, 1, 1), (1, 2, 1)], ids=str)
def test_frequencies_lie_in_the_balls(sizes):
    """At 200 000 samples a frequency is within 0.006 of its probability but for a chance below 1e-6."""
    env, values = {"n": dict(enumerate(sizes))}, sample(sizes, 200_000, 7)
    for y in (1, 2, 3):
        low, high = bounds(Le(singular(W.chain(len(sizes) - 1, 1), 1), num(y)), env)
        assert low - 0.006 <= np.mean(values[:, 0] <= y) <= high + 0.006
    if len(sizes) == 2:
        low, high = bounds(Ge(singular(W[1], min(sizes)), num(1)), env)
        assert low - 0.006 <= np.mean(values[:, -1] >= 1) <= high + 0.006


def test_two_gaussians_as_an_integral_of_a_bessel_function():
    """P[|g_1 g_2| > x] = 2/pi int_x^oo K_0; the corollary fails from t = 10 on, and not yet at t = 9."""
    with mpmath.workdps(40):
        for t, holds in ((9, True), (10, False), (12, False)):
            x = 4 * (1 + t)
            exact = 2 / mpmath.pi * mpmath.quad(lambda u: mpmath.besselk(0, u), [x, x + 10, x + 50, x + 200])
            event = Gt(singular(W.chain(2, 1), 1), num(x))
            ball = arb(evaluate(probability(event, W, num(1)), {"n": {0: 1, 1: 1, 2: 1}}))
            assert float(ball.lower()) <= float(exact) * (1 + 1e-9)
            assert float(exact) <= float(ball.upper()) * (1 + 1e-9)
            assert (exact <= 4 * mpmath.exp(-(mpmath.mpf(t) ** 2) / 2)) is holds


def test_the_main_claims_a_second_time():
    """thm-20 and cor-21 at their own instances: the bounds in NumPy, the event sampled."""
    for env in thm_20.high.domain.instances("second", 6):
        m, k, sigma, t = env["n"][1], env["n"][0], float(arb(env["sigma"])), float(arb(env["t"]))
        values = sigma * sample((k, m), 20_000, 3)[:, 0]
        frequency = np.mean(values <= sigma * (np.sqrt(m) + np.sqrt(k) + t))
        left, right = (arb(evaluate(side, env)) for side in thm_20.high.tree().nodes)
        assert float(left.lower()) - 0.03 <= frequency <= float(left.upper()) + 0.03
        assert float(right.mid()) == pytest.approx(1 - 2 * np.exp(-(t**2) / 2), abs=1e-9)
    for env in cor_21.bound_corrected.domain.instances("second", 6):
        L, w, sigma, t = env["L"], env["w"], float(arb(env["sigma"])), float(arb(env["t"]))
        sizes = [env["n"][l] for l in range(L + 1)]
        values = sigma**L * sample(sizes, 20_000, 5)[:, 0]
        wide = (np.sqrt(sizes[0]) + np.sqrt(w)) * (4 * w) ** ((L - 2) / 2) * (np.sqrt(w) + np.sqrt(sizes[-1]))
        left, right = (arb(evaluate(side, env)) for side in cor_21.bound_corrected.tree().nodes)
        frequency = np.mean(values <= (1 + t) ** L * sigma**L * wide)
        assert float(left.lower()) - 0.03 <= frequency <= float(left.upper()) + 0.03
        assert float(right.mid()) == pytest.approx(1 - 2 * L * np.exp(-(t**2) / 2), abs=1e-9)
        printed = cor_21.bound_.tree().nodes[0].nodes[0].nodes[1]
        assert float(arb(evaluate(printed, env))) == pytest.approx((1 + t) * sigma**L * wide, rel=1e-9)


def test_the_example_of_the_corollary():
    env = cor_21.product_of_gaussians(None, {})
    assert cor_21.domain.broken(env) is None
    assert env["t"] == fmpq(12)
