"""def-1, pl-not-convex, pl-transfer: main claims entered a second time in NumPy, and compared with the trees."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from flint import arb
from scipy.integrate import solve_ivp

from proofs.lazy_regime import pl_transfer
from proofs.preliminaries import def_1_pl_inequality as def_1, pl_not_convex
from theorycheck.domain import RandomSource
from theorycheck.evaluate.values import evaluate
from theorycheck.models.aligned_networks import RowQuadratic
from theorycheck.models.dented import Dented


def number(x):
    return float(arb(x).mid())


def array(rows):
    return np.array([[number(v) for v in row] for row in rows])


def cases(claim, count=20):
    for k, env in enumerate(claim.domain.instances(f"second:{claim.id}", count)):
        yield env
        if claim.near is not None:
            moved = claim.near(RandomSource(Random(k)), env)
            assert claim.domain.broken(moved) is None
            yield moved


def sides(claim, env):
    left, right = claim.tree().nodes
    return number(evaluate(left, env)), number(evaluate(right, env))


def value(cost, x):
    """The cost of an instance, from its data alone."""
    if isinstance(cost, Dented):
        d = x - array(cost.centre)
        u = np.sum(array(cost.axis) * d)
        return number(cost.scale) * (np.sum(d * d) / 2 - 0.6 * u**3 + u**4 / 4) + number(cost.least)
    if isinstance(cost, RowQuadratic):
        d = x - array(cost.target)
        return np.trace(d @ array(cost.hessian) @ d.T) / 2 + number(cost.least)
    d = x - array(cost.centre)
    return float((d.T @ array(cost.hessian) @ d)[0, 0]) / 2 + number(cost.least)


def slope(f, x, h=1e-5):
    """Central differences of fourth order."""
    out = np.zeros_like(x)
    for at in np.ndindex(*x.shape):
        e = np.zeros_like(x)
        e[at] = h
        out[at] = (8 * (f(x + e) - f(x - e)) - (f(x + 2 * e) - f(x - 2 * e))) / (12 * h)
    return out


def test_critical_points_and_invexity():
    for env in cases(def_1.critical):
        x = array(env["x"])
        assert np.abs(slope(lambda y, c=env["C"]: value(c, y), x)).max() < 1e-6
        assert sides(def_1.critical, env) == pytest.approx((value(env["C"], x), number(env["C_min"])), abs=1e-9)
    for env in cases(def_1.invex):
        f = lambda y, c=env["C"]: value(c, y)  # noqa: E731
        x, y = array(env["x"]), array(env["y"])
        right = f(x) - np.sum(slope(f, x) ** 2) / (2 * number(env["beta"]))
        assert sides(def_1.invex, env) == pytest.approx((f(y), right), rel=1e-5, abs=1e-5)
        assert f(y) >= right - 1e-5 * (1 + abs(right))


def dented(env):
    e = array(env["e"])
    return lambda y: np.sum(y * y) / 2 - 0.6 * np.sum(e * y) ** 3 + np.sum(e * y) ** 4 / 4


def test_the_cost_that_is_not_convex():
    for env in cases(pl_not_convex.pl):
        f, x = dented(env), array(env["x"])
        left, right = np.sum(slope(f, x) ** 2) / 2, 0.1085 * f(x)
        assert sides(pl_not_convex.pl, env) == pytest.approx((left, right), rel=1e-6, abs=1e-8)
        assert left >= right - 1e-7 * (1 + right)
    for env in cases(pl_not_convex.not_convex):
        f, e = dented(env), array(env["e"])
        middle, mean = f(0.6 * e), (f(0.4 * e) + f(0.8 * e)) / 2
        assert sides(pl_not_convex.not_convex, env) == pytest.approx((middle, mean), rel=1e-9)
        assert middle > mean


def test_its_flow():
    rate = next(c for c in pl_not_convex.statement.claims if c.id == "pl-not-convex.rate")
    for env in cases(rate, 8):
        f, e, t = dented(env), array(env["e"])[:, 0], max(number(env["t"]), 1e-9)
        start = array(env["x"].start)[:, 0]
        move = lambda _, y, e=e: -(y + ((e @ y) ** 3 - 1.8 * (e @ y) ** 2) * e)  # noqa: E731
        end = solve_ivp(move, (0, t), start, rtol=1e-11, atol=1e-13, method="DOP853").y[:, -1:]
        left, right = f(end), f(start[:, None]) * np.exp(-0.217 * t)
        assert sides(rate, env) == pytest.approx((left, right), rel=1e-7, abs=1e-10)
        assert left <= right + 1e-9


def test_transfer_to_parameters():
    """lambda_min from the Jacobian itself, built by differences of A_theta in every entry."""
    for env in cases(pl_transfer.pl, 10):
        W = {l: array(w) for l, w in env["W"].items()}

        def matrix(moved, W=W):
            return np.linalg.multi_dot([moved[l] for l in sorted(W, reverse=True)]) if len(W) > 1 else moved[1]

        columns = []
        for l, w in W.items():
            for at in np.ndindex(*w.shape):
                e = np.zeros_like(w)
                e[at] = 1.0
                columns.append((matrix({**W, l: w + e}) - matrix({**W, l: w - e})).ravel() / 2)  # exact: linear in W_l
        J, A = np.array(columns).T, matrix(W)
        lowest = np.linalg.eigvalsh(J @ J.T).min()
        G = slope(lambda y, c=env["C"]: value(c, y), A)
        left = np.sum((J.T @ G.ravel()) ** 2) / 2
        right = lowest * number(env["beta"]) * (value(env["C"], A) - number(env["C_min"]))
        scale = 1 + abs(left)
        assert sides(pl_transfer.pl, env) == pytest.approx((left, right), rel=1e-5, abs=1e-6 * scale)
        assert left >= right - 1e-6 * scale
