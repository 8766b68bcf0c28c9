"""The legs about wide networks on made-up runs: what they must support, leave open and contradict."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from proofs.lazy_regime import prop_2_lazy_convergence as prop_2
from theorycheck.models import lazy_checks, lazy_runs
from theorycheck.models.lazy_runs import Seen
from theorycheck.statement import Check
from theorycheck.tree import as_node
from theorycheck.verdict import Outcome

TAU = np.concatenate([[0.0], np.geomspace(0.02, 8.0, 29)])


def made_up(limit=4.0, reach=0.8, power=0.5, level=1.0):
    """Runs whose loss falls at (limit - 2 w^(-1/2)) beta', that end at reach r, and are apart by level w^-power."""

    def watch(cost, depth, width, samples, seed):
        rng = np.random.default_rng([seed % 2**32, depth, width])
        beta, eta = 1.0, float(width)
        rates = limit - 2 / np.sqrt(width) + 0.05 * rng.normal(size=samples)
        gaps = np.exp(-rates[:, None] * beta / 2 * TAU)
        r = np.sqrt(2 / (beta * eta / 2))
        apart = level * width**-power * np.exp(0.2 * rng.normal(size=samples))
        return Seen(beta, eta, TAU, gaps, reach * r * (1 + 0.01 * rng.normal(size=samples)), apart)

    return watch


def outcome(monkeypatch, leg, name, value, **law):
    monkeypatch.setattr(lazy_checks, "watch", made_up(**law))
    claim = next(c for c in prop_2.statement.claims if c.id == "prop-2.rate")
    found = leg(name)(Check(claim, claim.tree(), {name: as_node(value)}, "quick", 0))
    assert (found.reason is None) is (found.outcome is Outcome.SUPPORTS)
    assert "below 1e-6" in found.coverage
    return found.outcome


@pytest.mark.parametrize(("rate", "expected"), [(1, Outcome.SUPPORTS), (3, Outcome.SUPPORTS), (6, Outcome.CONTRADICTS)])
def test_rates(monkeypatch, rate, expected):
    assert outcome(monkeypatch, lazy_checks.rate_of, "rate", rate) is expected


def test_a_rate_that_is_reached_at_larger_widths_only_stays_open(monkeypatch):
    """3.99 is below the limit 4, and no run up to width 512 shows it."""
    from fractions import Fraction

    assert outcome(monkeypatch, lazy_checks.rate_of, "rate", Fraction(397, 100), limit=4.0) is Outcome.NOTHING


@pytest.mark.parametrize(("four", "expected"), [(4, Outcome.SUPPORTS), (5, Outcome.CONTRADICTS), (2, Outcome.NOTHING)])
def test_limits_of_the_rate(monkeypatch, four, expected):
    assert outcome(monkeypatch, lazy_checks.limit_rate, "four", four) is expected


@pytest.mark.parametrize(("reach", "expected"), [(0.8, Outcome.SUPPORTS), (1.2, Outcome.CONTRADICTS), (1.0, Outcome.NOTHING)])
def test_distances(monkeypatch, reach, expected):
    assert outcome(monkeypatch, lazy_checks.distance_of, "factor", 1, reach=reach) is expected


@pytest.mark.parametrize(("power", "expected"), [(0.5, Outcome.SUPPORTS), (0.2, Outcome.CONTRADICTS), (0.9, Outcome.SUPPORTS)])
def test_exponents(monkeypatch, power, expected):
    """O(w^(-1/2)) holds for distances that fall faster, too."""
    from fractions import Fraction

    assert outcome(monkeypatch, lazy_checks.exponent_of, "half", Fraction(1, 2), power=power) is expected


def test_pilots_and_samples_share_no_draw(monkeypatch):
    seeds, plain = [], made_up()

    def noted(cost, depth, width, samples, seed):
        seeds.append((seed, samples))
        return plain(cost, depth, width, samples, seed)

    monkeypatch.setattr(lazy_checks, "watch", noted)
    claim = next(c for c in prop_2.statement.claims if c.id == "prop-2.rate")
    lazy_checks.rate_of("rate")(Check(claim, claim.tree(), claim.values(), "quick", 0))
    pilots = {s for s, n in seeds if n == lazy_checks.PLANS["quick"].pilot}
    others = {s for s, n in seeds if n != lazy_checks.PLANS["quick"].pilot}
    assert pilots
    assert not pilots & others


def test_the_claims_of_a_statement_share_their_runs(monkeypatch):
    asked, plain = [], made_up()

    def noted(name, depth, width, samples, seed):
        asked.append((name, depth, width, seed))
        return plain(name, depth, width, samples, seed)

    monkeypatch.setattr(lazy_checks, "watch", noted)
    rate, distance = (next(c for c in prop_2.statement.claims if c.id == f"prop-2.{name}") for name in ("rate", "distance"))
    lazy_checks.rate_of("rate")(Check(rate, rate.tree(), rate.values(), "quick", 0))
    first = set(asked)
    asked.clear()
    lazy_checks.distance_of("factor")(Check(distance, distance.tree(), distance.values(), "quick", 0))
    assert set(asked) <= first


# --- the runs themselves ----------------------------------------------------------------------------------------------------
def test_runs_against_a_direct_integration():
    """One small network: the loss, the distance of theta and that to the flow on matrices, by Euler steps in NumPy."""
    cost = lazy_runs.costs()["MC"]
    seen = lazy_runs.watch("MC", 3, 6, 1, 5)
    from theorycheck import flow

    network = flow.rectangular(lazy_runs.N_0, 6, lazy_runs.N_L, 3)
    W = [w[0].copy() for w in flow.gaussian(network, 1, 6 ** (-2 / 6), 5, key=(3, 6, 0)).layers]
    start, A = [w.copy() for w in W], W[2] @ W[1] @ W[0]
    eta, steps, apart = 3 * 6 ** (2 / 3), 20_000, 0.0
    assert seen.eta == pytest.approx(eta)
    h = seen.tau[-1] / steps
    assert seen.gaps[0, 0] == pytest.approx(cost.value(A) - cost.minimum)
    for _ in range(steps):
        product = W[2] @ W[1] @ W[0]
        apart = max(apart, float(np.linalg.norm(product - A)))
        G = cost.gradient(product) * h / eta
        W = [W[0] - (W[2] @ W[1]).T @ G, W[1] - W[2].T @ G @ W[0].T, W[2] - G @ (W[1] @ W[0]).T]
        A = A - h * cost.gradient(A)
    assert seen.gaps[0, -1] == pytest.approx(cost.value(W[2] @ W[1] @ W[0]) - cost.minimum, rel=0.02)
    assert seen.moved[0] == pytest.approx(np.sqrt(sum(np.sum((a - b) ** 2) for a, b in zip(W, start, strict=True))), rel=1e-3)
    assert seen.apart[0] == pytest.approx(apart, rel=0.02)


def test_rates_leave_rounding_out():
    seen = Seen(1.0, 1.0, TAU, np.exp(-3.0 * TAU)[None, :], np.ones(1), np.ones(1))
    assert seen.rates == pytest.approx([6.0])
    flat = replace(seen, gaps=np.maximum(seen.gaps, 1e-12))
    assert flat.rates == pytest.approx([6.0], rel=1e-6)
    assert seen.below(6.0 - 1e-9).all()
    assert not seen.below(6.1).any()


def test_more_runs_begin_with_the_same_ones():
    few, more = (lazy_runs.watch("MSE", 2, 4, samples, 7) for samples in (30, 40))
    assert np.array_equal(more.gaps[:30], few.gaps)
    assert len(more.gaps) == len(more.moved) == len(more.apart) == 40
    assert not np.array_equal(more.gaps[30:], few.gaps[:10])


def test_runs_are_accurate_enough(monkeypatch):
    """At a hundredth of the tolerance the rates, distances and losses are the same to three digits."""
    plain = lazy_runs.watch("MSE", 3, 16, 3, 11)
    lazy_runs._block.cache_clear()
    monkeypatch.setattr(lazy_runs, "RTOL", 1e-9)
    monkeypatch.setattr(lazy_runs, "ATOL", 1e-13)
    fine = lazy_runs.watch("MSE", 3, 16, 3, 11)
    lazy_runs._block.cache_clear()
    assert fine.rates == pytest.approx(plain.rates, rel=1e-3)
    assert fine.apart == pytest.approx(plain.apart, rel=1e-4)
    assert fine.moved == pytest.approx(plain.moved, rel=1e-4)
    told = fine.gaps > lazy_runs.FLOOR * fine.gaps[:, :1]
    assert plain.gaps[told] == pytest.approx(fine.gaps[told], rel=5e-3)
