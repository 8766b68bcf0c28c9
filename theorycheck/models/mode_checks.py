"""Checks of limits alpha -> 0 of escape times that do not use their derivation: balls down to 1e-12, gradient flow to 1e-4."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import log, sqrt
from typing import Any

from flint import arb, fmpq

from theorycheck.domain import Env
from theorycheck.enclose.precision import working
from theorycheck.evaluate import Undefined, evaluate
from theorycheck.evaluate.numbers import to_arb
from theorycheck.instances import describe
from theorycheck.models.mode_times import EscapeTime, L, T, alpha
from theorycheck.statement import Check, Claim
from theorycheck.tree import Node, num
from theorycheck.verdict import Evidence, Outcome

SMALL = (fmpq(1, 10**4), fmpq(1, 10**8), fmpq(1, 10**12))
BITS = 300  # some 90 digits: 50 after the leading terms of size 1e36 cancel
PROBLEMS = ((fmpq(1), fmpq(3, 2)), (fmpq(1, 2), fmpq(2)), (fmpq(1, 3), fmpq(1)))  # cost factor and target, X = 1
CLOSE = Fraction(1, 10**15)  # the rest is of order alpha^2, some 1e-24 at the last alpha


def limit_in_balls(check: Check) -> Evidence:
    """body - value at alpha = 1e-4, 1e-8, 1e-12, to 50 digits and more, at a few instances."""
    body, v, point, value = check.tree.nodes
    worst: tuple[float, str] = (0.0, "")
    with working(BITS):
        drawn = list(check.claim.domain.instances(f"{check.seed}:balls:{check.claim.id}", 2 if check.level == "quick" else 12))
    for env in drawn:
        with working(BITS):
            places = [{**env, str(v.args[0]): evaluate(point, env) + x} for x in SMALL]
            try:
                gaps = [to_arb(evaluate(body, place)) - to_arb(evaluate(value, env)) for place in places]
            except Undefined as e:
                return Evidence("ball", Outcome.NOTHING, "no value", reason=f"{e}, at {describe(check.tree, env)}")
        if not gaps[-1].is_finite() or gaps[-1].rad() > arb(10) ** -20:
            where = describe(check.tree, env)
            return Evidence("ball", Outcome.NOTHING, "the balls are too wide", reason=f"undecided at {where}")
        sizes = ", ".join(f"{float(abs(g).mid()):.2g}" for g in gaps)
        worst = max(worst, (float(abs(gaps[-1]).upper()), f"|body - limit| = {sizes} at alpha = 1e-4, 1e-8, 1e-12"))
    good = worst[0] <= CLOSE
    return Evidence("ball", Outcome.SUPPORTS if good else Outcome.CONTRADICTS, worst[1], margin=f"{worst[0]:.2g}")


def escape_by_flow(depth: int, env: Env, alphas: Iterable[float], rtol: float) -> list[float]:
    """The times at which the engine's width-1 network, started at h alpha in every layer, reaches the level d_0 (X = 1)."""
    import numpy as np

    from theorycheck import flow

    network = flow.Network((1,) * (depth + 1))
    cost = flow.SquaredDistance(np.array([[float(env["Y"])]]), scale=float(env["c"]))
    starts = np.array([float(env["h"]) * x for x in alphas]).reshape(-1, 1, 1)
    reached = flow.Crossing("norm", sqrt(depth) * float(env["d_0"]), direction=1)
    done = flow.run(network, cost, (starts,) * depth, T=1e12, rtol=rtol, atol=1e-18, events=[reached])
    return [float(x) for x in done.solution.event_times()]


def slope_and_constant(check: Check, env: Env, depth: int) -> tuple[bool, str]:
    """The engine's times at alpha = 1e-2 .. 1e-4 against what the claim subtracts: slope in the gauge, and constant.

    The gauge is -log(alpha) or alpha^-(L-2). The error of a time is estimated by a second run, its tolerance 100 times larger.
    """
    alphas = (1e-2, 1e-3, 1e-4)
    fine, coarse = (escape_by_flow(depth, env, alphas, rtol) for rtol in (1e-11, 1e-9))
    error = [abs(x - y) + 1e-10 * x for x, y in zip(fine, coarse, strict=True)]
    body, _, _, value = check.tree.nodes
    printed = [_printed(body, env, fmpq(1, 10**k)) for k in (2, 3, 4)]
    limit = float(to_arb(evaluate(value, env)).mid())
    unit = float(env["q"] * env["h"] ** 2 / (2 * env["c"] * env["a"]))
    rest = [unit * x**2 for x in alphas]  # an upper bound of the rest of the expansion
    gauge = [k * log(10) for k in (2, 3, 4)] if depth == 2 else [10.0 ** (k * (depth - 2)) for k in (2, 3, 4)]
    step = gauge[2] - gauge[1]
    measured, wide = (fine[2] - fine[1]) / step, (error[2] + error[1] + rest[1]) / step
    claimed = (printed[2] - printed[1]) / step
    constant, loose = fine[1] - printed[1], error[1] + rest[1]
    text = f"L = {depth}: slope {measured:.9g} +- {wide:.1g}, claimed {claimed:.9g}; "
    text += f"constant {constant:.7g} +- {loose:.1g}, claimed {limit:.7g}"
    return abs(measured - claimed) <= wide and abs(constant - limit) <= loose, text


def _printed(body: Node, env: Env, at: Any) -> float:
    """What the claim subtracts from the time, as a function of alpha."""
    here = {**env, "alpha": at}
    with working(BITS):
        return float((to_arb(evaluate(T(alpha), here)) - to_arb(evaluate(body, here))).mid())


def limit_by_flow(check: Check) -> Evidence:
    """The engine run on two scalar problems (X = 1) of each depth of the claim."""
    shallow = not any(v.name == "L" for v in check.claim.domain.variables)
    texts, good = [], True
    for depth in (2,) if shallow else (3, 4):
        for c, y in PROBLEMS[: 1 if check.level == "quick" else None]:
            mode = {"L": depth, "c": c, "X": fmpq(1), "Y": y, "a": y, "q": 1 / y}
            env = {**mode, "h": fmpq(1), "d_0": fmpq(3, 4), "alpha": SMALL[0]}
            env["T"] = EscapeTime(num(2) if shallow else L, dict(env))
            if (broken := check.claim.domain.broken(env)) is not None:
                raise RuntimeError(f"the flow's instance breaks {broken}")
            fits, text = slope_and_constant(check, env, depth)
            good &= fits
            texts.append(text)
    outcome = Outcome.SUPPORTS if good else Outcome.CONTRADICTS
    return Evidence("flow", outcome, "; ".join(texts), coverage="width-1 networks, X = 1")


def attach_limit_checks(claim: Claim, flow: bool = False, level: str = "quick") -> Claim:
    """Give a limit claim its ball leg and, if wanted, its flow leg."""
    claim.leg("ball", level=level)(limit_in_balls)
    if flow:
        claim.leg("flow")(limit_by_flow)
    return claim
