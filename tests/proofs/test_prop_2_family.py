"""prop-2: its main claims, and what its numbers say, entered a second time in NumPy and SciPy."""

from __future__ import annotations

from math import comb, prod, sqrt

import numpy as np
import pytest
from flint import arb

from proofs.lazy_regime import prop_2_lazy_convergence as prop_2
from proofs.preliminaries import parameter_count
from tests.proofs import instances
from tests.proofs.test_pl_family import end, number, plain, state, vector
from theorycheck.evaluate import evaluate
from theorycheck.flow import rectangular


def claim(name):
    return next(c for c in prop_2.statement.claims if c.id == f"prop-2.{name}")


def cases(name, count=6):
    return instances.cases(claim(name), f"second:{name}", count)


def real(x):
    return float(arb(x).mid())


def rate_of(env):
    """beta' of line 112."""
    L, w, sigma = env["L"], env["w"], real(env["sigma"])
    return real(env["beta"]) / 2 * L * sigma ** (2 * (L - 1) / L) * w ** ((L - 1) / L)


def path(env):
    value, _ = plain(env["F"])
    x0, least = vector(env["x"].start), real(env["C_min"])
    return value, x0, least, sqrt(max(0.0, 2 / rate_of(env) * (value(x0) - least)))


def falling(factor):
    def entry(env):
        value, x0, least, _ = path(env)
        t = real(env["t"])
        u = real(env.get("u", 1))
        return value(state(env["F"], x0, t)) - least, (value(x0) - least) * np.exp(-factor * u * rate_of(env) * t)

    return entry


def far(env):
    _, x0, _, r = path(env)
    return np.linalg.norm(x0 - end(env["F"], x0)), r


ENTRIES = {"rate": falling(1), "rate-best": falling(2), "rate-limit": falling(4), "distance": far}


@pytest.mark.parametrize("name", ENTRIES)
def test_both_entries_agree(name):
    compared = 0
    for env in cases(name):
        left, right = (real(evaluate(side, env)) for side in claim(name).tree().nodes)
        if name == "rate-limit":
            assert right == pytest.approx(ENTRIES[name](env)[1], rel=1e-8, abs=1e-9)
        else:
            assert (left, right) == pytest.approx(ENTRIES[name](env), rel=1e-6, abs=1e-8)
        assert left <= right * (1 + 1e-9) + 1e-9
        compared += 1
    assert compared >= 5


def test_the_limit_is_a_minimum_in_the_ball():
    for env in cases("minimum"):
        value, x0, least, r = path(env)
        there = end(env["F"], x0)
        assert value(there) == pytest.approx(least, abs=1e-8)
        assert np.linalg.norm(there - x0) <= r * (1 + 1e-9) + 1e-9
        equation, _ = claim("minimum").tree().nodes
        assert real(evaluate(equation.nodes[0], env)) == pytest.approx(value(there), abs=1e-8)


def test_moments_against_the_gamma_function():
    """The refutation of line 498 rests on E(X - k)^2 = 2 k and E(X - k)^4 = 12 k^2 + 48 k for X = chi^2 of k = 2 w degrees."""

    def moment(k, m):
        """E X^m = k (k + 2) .. (k + 2 m - 2)."""
        return prod(k + 2 * i for i in range(m))

    for w in (1, 2, 7):
        k = 2 * w
        central = [sum(comb(m, i) * moment(k, i) * (-k) ** (m - i) for i in range(m + 1)) for m in range(5)]
        assert central[2] == 2 * k
        assert central[4] == 12 * k**2 + 48 * k
        # with s = sigma/sqrt(w): E f = 4 sigma^2 and E f^2 <= 144 sigma^4, as the derivation has them
        assert central[2] / w == 4
        assert central[4] / w**2 <= 144


def test_the_printed_bound_of_line_498_fails_on_samples():
    """L = 2, one input and output: |Theta - E Theta|^2 <= E/100 holds far more rarely than in 99 of 100 draws."""
    rng = np.random.default_rng(498)
    for w in (1, 8, 64):
        s = 1 / np.sqrt(w)
        theta = s * rng.chisquare(2 * w, size=20_000)
        f = (theta - 2 * np.sqrt(w)) ** 2
        assert np.mean(f) == pytest.approx(4, rel=0.2)
        assert np.mean(f <= 4 / 100) < 0.15
        assert np.mean(f <= 4 * 100) >= 0.99


def test_the_constant_of_the_distance():
    """K w^(-1/2) is (the two terms of Theta - eta I) times sqrt(2) r / sqrt(eta), entered from their own definitions."""
    for env in cases("closeness"):
        L, w, sigma, gap, p, c = env["L"], env["w"], *(real(env[v]) for v in ("sigma", "gap", "p", "c"))
        eta, r = L * sigma ** (2 * (L - 1) / L) * w ** ((L - 1) / L), sqrt(2 / rate_of(env) * gap)
        c_1, c_2 = L * 4 ** (L - 1), L * (L - 1) * 4 ** (L - 2)
        bound_3 = 2 * c_1 * c_2 * sigma ** ((2 * L - 3) / L) * w ** ((2 * L - 3) / (2 * L)) * r
        markov = sqrt(c / p * sigma ** (4 * (L - 1) / L) * w ** ((L - 2) / L))
        right = real(evaluate(claim("closeness").tree().nodes[1], env))
        assert right == pytest.approx((bound_3 + markov) * sqrt(2) * r / sqrt(eta), rel=1e-9)


def test_what_is_refuted_is_refuted_by_these_numbers():
    env = claim("fits").near(None, next(claim("fits").domain.instances("x", 1)))
    c_3 = 2 / (32 * 8 * 2)
    C_1 = number(env["C_1"])
    assert env["w"] >= 4 * C_1 / (c_3**2 * 4)
    assert sqrt(4 / (4 * C_1)) == 256 > c_3
    env = claim("radius").near(None, next(claim("radius").domain.instances("x", 1)))
    assert sqrt(4 * 2 / (2**19 * 2)) > sqrt(4 / (2**19 * 2))
    assert env["w"] >= 4 * 2 / (c_3**2 * 2**19)


def test_the_number_of_parameters_is_that_of_the_engine():
    (entered,) = parameter_count.statement.claims
    for env in entered.domain.instances("second:parameters", 8):
        network = rectangular(env["n"][0], env["w"], env["n"][env["L"]], env["L"])
        assert [real(evaluate(side, env)) for side in entered.tree().nodes] == [network.size, network.size]
