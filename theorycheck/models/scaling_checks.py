"""Instances and measurements of how a gradient flow scales: the flow lines x from x_0 and y from lambda x_0 of one cost H."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from flint import fmpq

from theorycheck.domain import Env, Source
from theorycheck.evaluate import judge
from theorycheck.evaluate.values import Rows, evaluate, scale
from theorycheck.models.homogeneous import PowerSum, enclosed_path, engine_path, time_before_blow_up
from theorycheck.statement import Check
from theorycheck.verdict import Evidence, Outcome


# --- instances -----------------------------------------------------------------------------------------------------------
def time_for_both(source: Source, env: Env) -> fmpq:
    """A time t such that no flow line has blown up: from lambda x_0 at t and lambda^(2-k) t, from x_0 alike."""
    if env["lambda"] == 0:
        return fmpq(0)
    factor = env["lambda"] ** (env["k"] - 2)
    here, there = env["H"].rates(scale(env["lambda"], env["x_0"])), env["H"].rates(env["x_0"])
    rates = [*here, *(r / factor for r in here), *(factor * r for r in there)]
    both_ways = [-r for r in rates] if env["H"].polynomial else []  # (-lambda)^(k-2) t may run backward
    return time_before_blow_up(source, [*rates, *both_ways])


def reflected(source: Source, env: Env) -> dict[str, Any]:
    """|y|^3 / 3 on the line, and the reflection lambda = -1: the gradient is even where a polynomial's would be odd."""
    one, cost = ((fmpq(1),),), PowerSum(3, (fmpq(1),), ((fmpq(1),),), polynomial=False)
    moved = {**env, "n": 1, "k": 3, "H": cost, "z": one, "x_0": one, "lambda": fmpq(-1)}
    paths = {"x": cost.flow(one), "y": cost.flow(scale(fmpq(-1), one))}
    return {**moved, **paths, "t": time_for_both(source, moved)}


# --- a quartic form that has no closed flow ------------------------------------------------------------------------------
def quartic(x: Sequence[Any]) -> list[Any]:
    """Gradient of (x_0^2 + 2 x_1^2) x_0 x_1 + x_1^4 / 4, written for balls and for NumPy arrays."""
    u, v = x
    return [3 * u * u * v + 2 * v * v * v, u * u * u + 6 * u * v * v + v * v * v]


class Quartic:
    """The form of `quartic` for the rigorous Taylor integrator."""

    def gradient(self, x: Rows) -> Rows:
        return tuple((g,) for g in quartic([row[0] for row in x]))


FACTOR, TIME = fmpq(3, 2), fmpq(1, 5)
START = ((fmpq(1, 2),), (fmpq(-1, 3),))
FIXED = {"n": 2, "k": 4, "lambda": FACTOR, "t": TIME, "x_0": START}
CLOSE = 1e-7  # of two runs of the engine


def sides_in_balls(check: Check) -> Evidence:
    """Both sides of an equation by rigorous Taylor steps: their balls overlap to 30 digits."""
    starts = {"x": START, "y": scale(FACTOR, START)}
    paths = {name: enclosed_path(Quartic(), start, 4 * TIME) for name, start in starts.items()}
    found = judge(check.tree, {**FIXED, **paths})
    summary = f"a quartic form in balls: {found.text}"
    if found.holds is False:
        return Evidence("ball", Outcome.CONTRADICTS, summary, reason="the enclosures are disjoint")
    return Evidence("ball", Outcome.SUPPORTS if found.agrees else Outcome.NOTHING, summary, coverage="one quartic form")


def sides_by_flow(check: Check) -> Evidence:
    """Both sides of an equation on the engine, compared to 1e-7."""
    starts = {"x": [0.5, -1 / 3], "y": [0.75, -0.5]}
    paths = {name: engine_path(lambda b: np.stack(quartic(b.T), axis=1), start) for name, start in starts.items()}
    left, right = (evaluate(side, {**FIXED, **paths}) for side in check.tree.nodes)
    gap = max(abs(float((p[0] - q[0]).mid())) for p, q in zip(left, right, strict=True))
    outcome = Outcome.SUPPORTS if gap < CLOSE else Outcome.CONTRADICTS
    return Evidence("flow", outcome, f"a quartic form on the engine: the sides differ by {gap:.1e}", margin=f"{gap:.1e}")
