"""Measured norms of balanced networks: ridge flows shrink the parameters to the least norm of their matrix."""

from __future__ import annotations

from typing import Any

import numpy as np

from theorycheck import flow
from theorycheck.statement import Check
from theorycheck.verdict import Evidence, Outcome

SIZES = ((2, 3, 2), (3, 2, 4, 2), (2, 2, 3, 2, 2))


def ridge_run(sizes: tuple[int, ...], batch: int, seed: int) -> Any:
    """Flows of |A - target|^2 + 0.05 |theta|^2 from random starts, recorded at four times."""
    network = flow.Network(sizes)
    target = np.random.default_rng(seed).standard_normal((sizes[-1], sizes[0])) * 3
    start = flow.gaussian(network, batch, std=0.8, seed=seed)
    return flow.run(network, flow.SquaredDistance(target), start, T=80.0, ridge=0.05, record_at=[0.1, 1.0, 10.0, 80.0])


def ratios(sizes: tuple[int, ...], theta: Any, power: float, factor: float) -> Any:
    """factor L |A|_p^p / |theta|^2 for p = power / L, in the shape of the states."""
    network, depth = flow.Network(sizes), len(sizes) - 1
    found = flow.product(network.split(theta.reshape(-1, network.size)))
    values = np.linalg.svd(found, compute_uv=False).reshape(*theta.shape[:2], -1)
    return factor * depth * (values ** (power / depth)).sum(axis=-1) / np.square(theta).sum(axis=-1)


def ridge_flow_balances(check: Check) -> Evidence:
    """Ridge flows: the inequality holds along the way, and at the end the network is balanced, with equality."""
    power, factor = (float(check.parameters[name].args[0]) for name in ("power", "factor"))  # type: ignore[arg-type]
    batch, gap, found = (4 if check.level == "quick" else 32), 0.0, []
    for sizes in SIZES:
        done = ridge_run(sizes, batch, check.seed)
        if not done.solution.good.all():
            return Evidence("flow", Outcome.NOTHING, done.solution.summary(), reason="a flow did not reach its end")
        found.append(ratios(sizes, done.solution.recorded, power, factor))
        gap = max(gap, *(float(np.abs(g).max()) for g in flow.gaps(done.layers)))
    most, last = max(r.max() for r in found), min(r[:, -1].min() for r in found)
    text = f"ridge flows, L = 2 .. 4: L |A|_p^p / |theta|^2 at most {most:.10f}, at the end at least {last:.10f}, gap {gap:.0e}"
    if most > 1 + 1e-9:
        return Evidence("flow", Outcome.CONTRADICTS, text)
    return Evidence("flow", Outcome.SUPPORTS if last > 1 - 1e-4 and gap < 1e-4 else Outcome.NOTHING, text)
