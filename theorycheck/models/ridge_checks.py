"""Legs that measure the two minima of Proposition 5's kind: F over the layers and K over the matrix, by other means.

In balls, on scalar layers, by subdivision; and on the engine, by ridge flows of random networks.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flint import arb, fmpq

from theorycheck.enclose.precision import power, square
from theorycheck.enclose.subdivide import certify
from theorycheck.models.ridge_costs import centre
from theorycheck.statement import Check
from theorycheck.verdict import Evidence, Outcome

Balls = Callable[[tuple[arb, ...]], arb]
SCALAR = ((1, fmpq(1, 2), fmpq(1)), (2, fmpq(1, 2), fmpq(1)), (3, fmpq(1, 4), fmpq(1)))  # L, lambda and the minimizer
RIDGES = ((2, 0.1), (3, 0.05))
SLACK = fmpq(1, 50)
REACH = fmpq(5, 2)  # outside, ridge |theta|^2 or the distance to the centre alone exceeds the value


def _scalar_sides(depth: int, weight: fmpq, ridge: fmpq, at: fmpq, floor: fmpq) -> tuple[Balls, Balls]:
    """F on scalar layers and K on scalars, for C(x) = weight/2 (x - at)^2, less a floor, as functions of balls."""

    def of_layers(w: tuple[arb, ...]) -> arb:
        x = arb(1)
        for v in w:
            x = x * v
        return arb(weight) / 2 * square(x - at) + ridge * sum((square(v) for v in w), arb(0)) - floor

    def of_matrix(x: tuple[arb, ...]) -> arb:
        return arb(weight) / 2 * square(x[0] - at) + ridge * depth * power(x[0], arb(fmpq(2, depth))) - floor

    return of_layers, of_matrix


def minima_in_balls(check: Check) -> Evidence:
    """Scalar layers, L = 1, 2, 3: both minima lie in [m - 1/50, m], m the value at a known minimizer, by subdivision."""
    pieces, weight = 0, fmpq(2)
    for depth, ridge, x in SCALAR:
        at = centre(x, weight, ridge, depth)
        value = weight / 2 * (x - at) ** 2 + ridge * depth
        for f, count in zip(_scalar_sides(depth, weight, ridge, at, value - SLACK), (depth, 1), strict=True):
            found = certify(f, [(fmpq(0), REACH)] * count, budget=40_000)
            pieces += found.pieces
            if found.holds is not True:
                return Evidence("ball", Outcome.NOTHING, f"undecided at L = {depth}: {found.reason}", reason=found.reason)
    summary = f"both minima within {SLACK} below the known value on {pieces} boxes, L = 1, 2, 3"
    return Evidence("ball", Outcome.SUPPORTS, summary)


def minima_by_flow(check: Check) -> Evidence:
    """Ridge flows of 2 x 3 networks end no lower than the Schatten minimum, and the best one ends there (L = 2, 3)."""
    starts, gaps = (6 if check.level == "quick" else 40), []
    for depth, ridge in RIDGES:
        done, least = _flows(depth, ridge, starts, check.seed)
        if not done.solution.good.all():
            return Evidence("flow", Outcome.NOTHING, done.solution.summary(), reason="a flow did not reach its end")
        gaps.append(float(((done.loss - least) / least).min()))
    worst, best = min(gaps), max([0.0, *gaps])
    summary = f"ridge flows, {starts} starts, L = 2 and 3: relative gap to the Schatten minimum {worst:.1e} to {best:.1e}"
    if worst < -1e-8:
        return Evidence("flow", Outcome.CONTRADICTS, summary)
    return Evidence("flow", Outcome.SUPPORTS if best < 1e-6 else Outcome.NOTHING, summary, margin=f"{best:.1e}")


def _flows(depth: int, ridge: float, starts: int, seed: int) -> tuple[Any, float]:
    """The runs, and the Schatten minimum for C(A) = |A - target|^2 / 2 with a target whose minimizer is known."""
    import numpy as np

    from theorycheck import flow

    values = np.array([1.5, 0.8])
    u, v = (np.linalg.qr(np.random.default_rng(seed + k).standard_normal((k, 2)))[0] for k in (2, 3))
    at = values + 2 * ridge * values ** (2 / depth - 1)
    least = 0.5 * np.sum((at - values) ** 2) + ridge * depth * np.sum(values ** (2 / depth))
    network = flow.Network((3, *[3] * (depth - 1), 2))
    cost = flow.SquaredDistance((u * at) @ v.T, scale=0.5)
    done = flow.run(network, cost, flow.gaussian(network, starts, std=0.7, seed=seed), T=100.0, ridge=ridge)
    return done, float(least)
