"""A claimed PL inequality against the engine: does the matrix flow (L = 1) decay at the rate that the claim implies?

A claim 1/2 |grad C|^2 >= beta (C - C_min) says that C - C_min falls at least like e^(-2 beta t). The rate is read off the
claim's own tree at exact instances; the cost is the engine's, which was written independently.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from theorycheck import flow
from theorycheck.domain import Env, RandomSource
from theorycheck.evaluate import Undefined, evaluate
from theorycheck.evaluate.numbers import to_arb
from theorycheck.exact.session import sides
from theorycheck.flow.costs import Cost
from theorycheck.statement import Check
from theorycheck.verdict import Evidence, Outcome

RUNS = {"quick": 4, "full": 40}
ROUNDING = 1e-6  # of the decay exponent, at the tolerances asked of the engine below
LOOKS = np.linspace(0.05, 1.0, 20)


def decay(check: Check, cost_of: Callable[[Env], Cost], start: str = "A") -> Evidence:
    """Run the flow from the matrix `start` of instances and equality cases of the domain; compare with the claimed rate.

    SUPPORTS with the worst ratio of the measured to the claimed exponent, CONTRADICTS when one is below 1.
    """
    try:
        ratios = [r for env in _instances(check) if (r := _ratio(check, cost_of(env), env, start)) is not None]
    except Undefined as e:
        return Evidence("flow", Outcome.NOTHING, "no rate is claimed where the claim has no value", reason=str(e))
    if not ratios:
        return Evidence("flow", Outcome.NOTHING, "every start was at the minimum already", reason="no flow to compare with")
    worst = min(ratios)
    found = Outcome.SUPPORTS if worst >= 1 - ROUNDING else Outcome.CONTRADICTS
    summary = f"{len(ratios)} matrix flows; least measured rate / claimed rate = {worst:.9f}"
    return Evidence("flow", found, summary, margin=f"{worst - 1:.3g}", coverage=f"{len(ratios)} flows, seed {check.seed}")


def _instances(check: Check) -> Iterator[Env]:
    from random import Random

    domain, near = check.claim.domain, check.claim.near
    for k, env in enumerate(domain.instances(f"{check.seed}:flow", RUNS[check.level])):
        yield env
        if near is not None:
            moved = near(RandomSource(Random(f"{check.seed}:flow:near:{k}")), env)
            if domain.broken(moved) is None:
                yield moved


def _ratio(check: Check, cost: Cost, env: Env, start: str) -> float | None:
    """The least measured exponent over the claimed one along one flow; None at the minimum or where nothing is claimed."""
    low, high = (_float(evaluate(side, env)) for side in sides(check.tree))
    A = np.array([[[_float(x) for x in row] for row in env[start]]])
    floor = cost.minimum
    assert floor is not None
    gap = float(cost.value(A)[0]) - floor
    slope = float(np.sum(cost.gradient(A) ** 2))
    if gap <= 1e-9 or high <= 0 or low <= 0:
        return None
    exponent = low / high * slope / gap  # 2 beta: the claimed bound of |grad C|^2 / (C - C_min)
    times = LOOKS * 4.0 / exponent
    network = flow.Network((A.shape[2], A.shape[1]))
    done = flow.run(
        network, cost, [A], float(times[-1]), rtol=1e-11, atol=1e-14, record_at=times, record="cost", norm_bound=1e12
    )
    gaps = np.asarray(done.solution.recorded[0], dtype=float) - floor
    seen = gaps > 1e-9 * gap
    measured: Any = np.log(gap / gaps[seen]) / times[seen]
    return float(measured.min()) / exponent if seen.any() else None


def _float(x: Any) -> float:
    return float(to_arb(x).mid())
