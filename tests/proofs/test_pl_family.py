"""prop-10, prop-11 and cor-12 entered a second time, as plain NumPy functions of data, and compared with the trees.

Nothing here reads a tree, a path or an eigenvector of the library: flows are matrix exponentials (quadratics) or SciPy's
integration of the differential equation (rings), limits and distances are projections.
"""

from __future__ import annotations

import math
from fractions import Fraction
from random import Random

import numpy as np
import pytest
from flint import arb, fmpq
from scipy.integrate import solve_ivp
from scipy.linalg import expm

from proofs.lazy_regime import (
    cor_12_quadratic_growth as cor_12,
    pl_paths,
    prop_10_strong_convexity as prop_10,
    prop_11_linear_convergence as prop_11,
)
from theorycheck.domain import RandomSource
from theorycheck.evaluate import judge
from theorycheck.evaluate.values import evaluate
from theorycheck.models.paths import Bowl, Ring, bowl, pl_cost, pl_start
from theorycheck.models.trajectories import Valley, along_engine_runs, along_rigorous_paths, engine_costs, valley_instances
from theorycheck.run import run
from theorycheck.statement import Check
from theorycheck.tree import Dt, integral, log, num, sqrt, sym
from theorycheck.verdict import Outcome


# --- the second entry ----------------------------------------------------------------------------------------------------
def number(x):
    return float(arb(x).mid())


def vector(rows):
    return np.array([number(v) for (v,) in rows])


def plain(cost):
    """(value, gradient) of the instance's cost as functions of an array."""
    c, least = vector(cost.centre), number(cost.least)
    if isinstance(cost, Ring):
        a, R = number(cost.steepness), number(cost.radius)
        return (lambda x: a / 4 * ((x - c) @ (x - c) - R**2) ** 2 + least, lambda x: a * ((x - c) @ (x - c) - R**2) * (x - c))
    H = np.array([[number(v) for v in row] for row in cost.hessian])
    return (lambda x: 0.5 * (x - c) @ H @ (x - c) + least, lambda x: H @ (x - c))


def state(cost, x0, t):
    """x(t) of the gradient flow."""
    c = vector(cost.centre)
    if isinstance(cost, Ring):
        _, grad = plain(cost)
        return solve_ivp(lambda _, x: -grad(x), (0, max(t, 1e-9)), x0, rtol=1e-12, atol=1e-14, method="DOP853").y[:, -1]
    H = np.array([[number(v) for v in row] for row in cost.hessian])
    return c + expm(-H * t) @ (x0 - c)


def end(cost, x0):
    """The minimum nearest to x0, which is also where the flow goes for these costs."""
    c = vector(cost.centre)
    if isinstance(cost, Ring):
        return c + number(cost.radius) * (x0 - c) / np.linalg.norm(x0 - c)
    H = np.array([[number(v) for v in row] for row in cost.hessian])
    return x0 - np.linalg.pinv(H, rcond=1e-9) @ H @ (x0 - c)


def pl(env, half=0.5, factor=1.0):
    value, grad = plain(env["C"])
    x = vector(env["x"])
    return factor * number(env["beta"]) * (value(x) - number(env["C_min"])), half * grad(x) @ grad(x)


def data(env):
    value, grad = plain(env["C"])
    x0, beta = vector(env["x"].start), number(env["beta"])
    gap = value(x0) - number(env["C_min"])
    return value, grad, x0, beta, gap, math.sqrt(max(0.0, 2 / beta * gap))


def rate(env, rate=2.0):
    value, _, x0, beta, gap, _ = data(env)
    t = number(env["t"])
    return value(state(env["C"], x0, t)) - number(env["C_min"]), gap * math.exp(-rate * beta * t)


def distance(env, rate=1.0):
    _, _, x0, beta, _, r = data(env)
    t = number(env["t"])
    return np.linalg.norm(state(env["C"], x0, t) - end(env["C"], x0)), r * math.exp(-rate * beta * t)


def growth(env, half=0.5):
    _, _, x0, beta, gap, _ = data(env)
    d = np.linalg.norm(x0 - end(env["C"], x0))
    return number(env["C_min"]) + half * beta * d**2, gap + number(env["C_min"])


def error_bound(env, factor=1.0):
    _, grad, x0, beta, _, _ = data(env)
    return factor * beta * np.linalg.norm(x0 - end(env["C"], x0)), np.linalg.norm(grad(x0))


# (claim, its second entry, name of the parameter, what makes it claim more)
MAIN = [
    (prop_10.pl, pl, "half", Fraction(9, 10)),
    (prop_10.pl, pl, "factor", Fraction(11, 10)),
    (prop_11.rate, rate, "rate", Fraction(11, 10)),
    (prop_11.distance, distance, "rate", Fraction(11, 10)),
    (cor_12.value, growth, "half", Fraction(11, 10)),
    (cor_12.gradient, error_bound, "factor", Fraction(11, 10)),
]
CASES = [pytest.param(*case, id=f"{case[0].id}.{case[2]}") for case in MAIN]


def tree_sides(tree, env):
    a, b = (number(evaluate(side, env)) for side in tree.nodes)
    return (b, a) if tree.head in {"ge", "gt"} else (a, b)


def instances(claim, count=40):
    drawn = list(claim.domain.instances(f"second entry of {claim.id}", count))
    assert len(drawn) == count
    return drawn


@pytest.mark.parametrize(("claim", "second", "name", "factor"), CASES)
def test_both_entries_agree(claim, second, name, factor):
    for value in (claim.parameters[name], num(Fraction(claim.parameters[name].args[0]) * factor)):
        tree = claim.tree({name: value})
        for env in instances(claim):
            low, high = second(env, **{name: float(value.args[0])})
            assert tree_sides(tree, env) == pytest.approx((low, high), rel=1e-7, abs=1e-9)


@pytest.mark.parametrize(("claim", "second", "name", "factor"), CASES)
def test_the_claim_holds_and_its_mutant_dies_in_both_entries(claim, second, name, factor):
    printed = claim.parameters[name]
    mutant = num(Fraction(printed.args[0]) * factor)
    killed = {"tree": 0, "second": 0}
    for k, env in enumerate(instances(claim)):
        for here in (env, claim.near(RandomSource(Random(k)), env)):
            low, high = second(here)
            assert low <= high + 1e-8 * (1 + abs(high))
            assert judge(claim.tree(), here).holds is not False
            low, high = second(here, **{name: float(mutant.args[0])})
            killed["second"] += low > high + 1e-6 * (1 + abs(high))
            killed["tree"] += judge(claim.tree({name: mutant}), here).holds is False
    assert min(killed.values()) > 0


def test_the_limit_is_a_minimum_in_the_ball():
    """prop-11.minimum, by integrating for a long time."""
    minimum = prop_11.statement.named("minimum")
    for env in instances(minimum, 25):
        value, _, x0, beta, _, r = data(env)
        last = state(env["C"], x0, 40 / beta)
        assert value(last) == pytest.approx(number(env["C_min"]), abs=1e-9)
        assert np.linalg.norm(last - x0) <= r * (1 + 1e-7) + 1e-9
        assert vector(evaluate(pl_paths.end, env)) == pytest.approx(last, abs=1e-6)
    mutant = minimum.tree({"factor": num(Fraction(9, 10))})
    moved = [pl_paths.equality_case(RandomSource(Random(k)), env) for k, env in enumerate(instances(minimum, 5))]
    for env in moved:
        _, _, x0, _, _, r = data(env)
        assert np.linalg.norm(end(env["C"], x0) - x0) > 0.95 * r
        assert judge(mutant, env).holds is False


@pytest.mark.parametrize("statement", [prop_10.statement, prop_11.statement, cor_12.statement], ids=lambda s: s.id)
def test_every_claim_comes_out_as_expected(statement):
    known = [prop_10.statement, prop_11.statement, cor_12.statement]
    (report,) = run([statement], library=known).statements
    assert [(c.id, c.reason) for c in report.claims if not c.as_expected] == []


# --- the instances -------------------------------------------------------------------------------------------------------
def test_the_closed_flows_solve_their_equation():
    x, t = pl_paths.x, sym("t")
    speed, force = Dt(x(t)), pl_paths.C.grad(x(t))
    for env in instances(prop_11.rate):
        gaps = vector(evaluate(speed, env)) + vector(evaluate(force, env))
        assert np.abs(gaps).max() < 1e-9
        assert env["x"](fmpq(0)) == env["x"].start


def test_hostile_instances_are_drawn():
    drawn = instances(prop_11.rate, 120)
    rings = [e for e in drawn if isinstance(e["C"], Ring)]
    bowls = [e for e in drawn if isinstance(e["C"], Bowl)]
    assert len(rings) > 10
    assert any(0 in e["C"].curvatures for e in bowls)  # flat directions: the minimum is not unique
    assert any(e["C"].gradient(e["x"].start) == tuple((fmpq(0),) for _ in e["x"].start) for e in drawn)  # starts at a minimum
    assert {e["n"] for e in drawn} == {1, 2, 3}


def test_rings_are_not_convex_and_satisfy_pl_in_the_ball_only():
    source, beta = RandomSource(Random(3)), fmpq(1)
    rings = [c for c in (pl_cost(source, 2, beta) for _ in range(40)) if isinstance(c, Ring)]
    rng = np.random.default_rng(0)
    for ring in rings:
        start = pl_start(source, ring)
        if not ring.has_pl(beta, start):
            continue
        value, grad = plain(ring)
        c, x0 = vector(ring.centre), vector(start)
        assert value(c) > value(c + number(ring.radius) * np.array([1, 0]))
        assert grad(c) @ grad(c) == 0  # so PL fails at the centre
        r = math.sqrt(2 * (value(x0) - number(ring.least)))
        for _ in range(50):
            step = rng.normal(size=2)
            y = x0 + r * rng.uniform() ** 0.5 * step / np.linalg.norm(step)
            assert grad(y) @ grad(y) / 2 >= (value(y) - number(ring.least)) * (1 - 1e-9) - 1e-12


def test_a_ring_too_far_from_its_minimum_is_refused():
    ring = Ring(((fmpq(0),),), fmpq(1), fmpq(1), fmpq(0))
    assert ring.has_pl(fmpq(1, 2), ((fmpq(9, 10),),))
    assert not ring.has_pl(fmpq(2), ((fmpq(9, 10),),))
    assert not ring.has_pl(fmpq(1, 2), ((fmpq(1, 10),),))


def test_pl_of_a_bowl_is_sharp():
    flat = bowl(((fmpq(1), fmpq(0)), (fmpq(0), fmpq(1))), [fmpq(0), fmpq(2)], ((fmpq(0),), (fmpq(0),)), fmpq(0))
    assert flat.has_pl(fmpq(2), flat.centre)
    assert not flat.has_pl(fmpq(21, 10), flat.centre)
    assert flat.distance(((fmpq(5),), (fmpq(-3),))) == 3


def test_the_valley_satisfies_pl_on_the_ball():
    rng = np.random.default_rng(1)
    found = list(valley_instances(8))
    assert len(found) == 8
    for env in found:
        beta, x0 = number(env["beta"]), vector(env["x"].start)
        r = math.sqrt(2 / beta * number(env["C"].value(env["x"].start)))
        for _ in range(100):
            step = rng.normal(size=2)
            u, v = x0 + r * rng.uniform() * step / np.linalg.norm(step)
            p = v - u * u
            slope = np.array([u - 2 * u * p, p])
            assert slope @ slope / 2 >= beta * (u * u + p * p) / 2 - 1e-12
    assert not Valley().has_pl(fmpq(1, 2), ((fmpq(0),), (fmpq(1, 2),)))


# --- the legs can fail ---------------------------------------------------------------------------------------------------
def check(claim, **parameters):
    trees = {k: num(v) for k, v in parameters.items()}
    return Check(claim, claim.tree(trees), claim.values(trees), "quick", 0)


def test_the_engine_contradicts_a_faster_rate():
    for claim, name, printed in ((prop_11.rate, "rate", 2), (prop_11.distance, "rate", 1)):
        assert along_engine_runs(check(claim)).outcome is Outcome.SUPPORTS
        assert along_engine_runs(check(claim, **{name: printed * Fraction(101, 100)})).outcome is Outcome.CONTRADICTS


def test_rigorous_flows_refute_a_rate_that_is_too_fast():
    found = along_rigorous_paths(check(prop_11.rate, rate=Fraction(9)))
    assert found.outcome is Outcome.REFUTES
    assert found.witness is not None
    assert along_rigorous_paths(check(prop_11.rate)).outcome is Outcome.SUPPORTS


def test_the_engine_leg_meets_every_kind_of_cost():
    from theorycheck import flow

    kinds = {type(c) for c in engine_costs(0).values()}
    assert kinds == {flow.MeanSquaredError, flow.MatrixCompletion, flow.Quadratic, flow.SquaredDistance}


def test_integrals_of_roots_and_logarithms_are_enclosed():
    """The integrand of line 384 has a branch cut; balls that meet it must not give a narrow wrong value."""
    z = sym("z")
    for body, exact in ((1 / sqrt(z), lambda v: 2 * arb(v).sqrt()), (log(z), lambda v: arb(v) * arb(v).log() - v)):
        for lo in (fmpq(1, 10**6), fmpq(1, 50), fmpq(3, 2)):
            found = evaluate(integral(z, sym("a"), num(2), body), {"a": lo})
            wanted = exact(fmpq(2)) - exact(lo)
            assert found.overlaps(wanted)
            assert found.rad() < 1e-9
