"""Claims about the derivative of the gaps W_l^T W_l - W_(l-1) W_(l-1)^T, judged along runs of the engine.

The change of a gap between two times of a run is compared with the integral of the claim's own right side over the states
in between (Gauss-Legendre, 10 nodes).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from theorycheck.evaluate import Undefined, evaluate
from theorycheck.exact.session import sides
from theorycheck.models.frame_checks import ERROR, RUNS, floats_of, layers_of_rows, run_at, two_wells
from theorycheck.models.trajectories import exactly
from theorycheck.statement import Check
from theorycheck.tree import free_names
from theorycheck.verdict import Evidence, Outcome

WIDTHS, END, RIDGE = (3, 4, 2, 2), 3.0, 0.05
X, WEIGHTS = np.polynomial.legendre.leggauss(10)
NODES, WEIGHTS = (1 + X) * END / 2, WEIGHTS * END / 2


def gaps_along_runs(check: Check) -> Evidence:
    """SUPPORTS with the largest misfit relative to the gap, CONTRADICTS above ERROR; the ridge is 0 for a claim without."""
    ridge, worst = RIDGE if "lambda" in free_names(check.tree) else 0.0, 0.0
    for k in range(RUNS[check.level]):
        try:
            worst = max(worst, *_misfits(check, np.random.default_rng([check.seed, k]), ridge))
        except Undefined as e:
            return Evidence("flow", Outcome.NOTHING, "the claim has no value at a state of the run", reason=str(e))
    found = Outcome.SUPPORTS if worst <= ERROR else Outcome.CONTRADICTS
    summary = f"gaps over runs of length {END:g}, ridge {ridge:g}: they move as claimed to {worst:.1e} of their size"
    why = summary if found is Outcome.CONTRADICTS else None
    return Evidence("flow", found, summary, reason=why, coverage=f"widths {WIDTHS}, seed {check.seed}")


def _misfits(check: Check, rng: np.random.Generator, ridge: float) -> list[float]:
    cost, slope = two_wells(rng)
    start = [0.7 * rng.normal(size=(WIDTHS[l + 1], WIDTHS[l])) for l in range(3)]
    first, *inside, last = run_at((0.0, *NODES, END), start, slope, ridge)
    fixed = {"L": 3, "n": dict(enumerate(WIDTHS)), "C": cost, "lambda": exactly(ridge)}
    out = []
    for l in (2, 3):
        envs = [{**fixed, "W": layers_of_rows(W), "l": l} for W in inside]
        moved = sum(w * floats_of(evaluate(sides(check.tree)[1], env)) for w, env in zip(WEIGHTS, envs, strict=True))
        off = _gap(last, l) - _gap(first, l) - moved
        out.append(float(np.linalg.norm(off) / np.linalg.norm(_gap(first, l))))
    return out


def _gap(W: list[Any], l: int) -> Any:
    return W[l - 1].T @ W[l - 1] - W[l - 2] @ W[l - 2].T
