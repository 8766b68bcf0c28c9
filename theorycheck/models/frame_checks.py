"""A claim about a network inside a wider one, judged along two runs of the engine: the inner network's and the outer one's.

Both are integrated by themselves, from W_l = F_l B_l F_(l-1)^T + E_l at the start; the claim's own tree is evaluated at the
states that they reach, with E_l e^(-2 lambda t) for the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from flint import arb

from theorycheck.domain import Env
from theorycheck.evaluate import Undefined, evaluate
from theorycheck.evaluate.values import Rows
from theorycheck.exact.session import sides
from theorycheck.models.included import MatrixCost
from theorycheck.models.trajectories import exactly, rows_of
from theorycheck.statement import Check
from theorycheck.tree import Node
from theorycheck.verdict import Evidence, Outcome

TIMES = (0.5, 1.5)
ERROR = 1e-7  # relative to the larger side; the runs are asked for 1e-12
Layers = list[Any]
NAMES = ("W", "B", "U", "E")  # the outer network, the inner one, the frames, the rest
RUNS = {"quick": 1, "full": 8}


def along_reduced_runs(check: Check, names: tuple[str, ...] = NAMES, kind: str = "blocks") -> Evidence:
    """SUPPORTS with the largest misfit of the two sides, CONTRADICTS above ERROR.

    `kind`: "blocks" in any frames and a rest; "rotation": square frames; "inclusion": the first neurons, no rest.
    """
    worst, points = 0.0, 0
    for k in range(RUNS[check.level]):
        for env in _states(check.seed, k, names, kind):
            try:
                found = _misfit(check.tree, env)
            except Undefined as e:
                return Evidence("flow", Outcome.NOTHING, "the claim has no value at a state of the runs", reason=str(e))
            worst, points = max(worst, found), points + 1
    outcome = Outcome.SUPPORTS if worst <= ERROR else Outcome.CONTRADICTS
    summary = f"two runs of the engine agree at {points} states and layers to {worst:.1e}"
    if outcome is Outcome.CONTRADICTS:
        summary = f"two runs of the engine: the sides differ by {worst:.3g} of their size"
    why = summary if outcome is Outcome.CONTRADICTS else None
    return Evidence("flow", outcome, summary, reason=why, coverage=f"widths 3, 5, 4, 2, times {TIMES}, seed {check.seed}")


def _misfit(tree: Node, env: Env) -> float:
    left, right = (floats_of(evaluate(side, env)) for side in sides(tree))
    size = max(np.linalg.norm(left), np.linalg.norm(right))
    return float(np.linalg.norm(left - right) / size) if size else 0.0


def floats_of(x: Any) -> Any:
    rows = x if isinstance(x, tuple) else ((x,),)
    return np.array([[float(arb(v)) for v in row] for row in rows])


@lru_cache(maxsize=4)
def _states(seed: int, number: int, names: tuple[str, ...], kind: str) -> list[dict[str, Any]]:
    """The states of both networks, under the names of the outer one, the inner one, the frames and the rest."""
    rng, (outer, inner, frames, rest) = np.random.default_rng([seed, number]), names
    n, ridge = (3, 5, 4, 2), 0.05
    m = n if kind == "rotation" else (3, 2, 3, 2)
    plain = [np.eye(k, q) for k, q in zip(n, m, strict=True)]
    F = plain if kind == "inclusion" else [np.linalg.qr(rng.normal(size=x.shape))[0] for x in plain]
    F[0], F[3] = np.eye(n[0]), np.eye(n[3])
    B = [0.7 * rng.normal(size=(m[l + 1], m[l])) for l in range(3)]
    off = [np.eye(k) - V @ V.T for k, V in zip(n, F, strict=True)]
    E = [(kind == "blocks") * off[l + 1] @ rng.normal(size=(n[l + 1], n[l])) @ off[l] for l in range(3)]
    W = [F[l + 1] @ B[l] @ F[l].T + E[l] for l in range(3)]
    cost, slope = two_wells(rng)
    both = {outer: run_at(TIMES, W, slope, ridge), inner: run_at(TIMES, B, slope, ridge)}
    fixed = {"L": 3, "n": dict(enumerate(n)), "m": dict(enumerate(m)), "C": cost, "lambda": exactly(ridge)}
    fixed[frames] = dict(enumerate(map(rows_of, F)))
    return [
        {**fixed, **{name: layers_of_rows(path[r]) for name, path in both.items()}, "t": exactly(t), "l": l}
        | {rest: layers_of_rows([np.exp(-2 * ridge * t) * V for V in E])}
        for r, t in enumerate(TIMES)
        for l in (1, 2, 3)
    ]


def two_wells(rng: np.random.Generator) -> tuple[MatrixCost, Callable[[Any], Any]]:
    """A cost of 2 x 3 matrices, exact, and its gradient in NumPy."""
    T, M, weight = rng.normal(size=(2, 3)), rng.normal(size=(2, 3)), 1 / 32

    def slope(A: Any) -> Any:
        along = np.sum(M * A)
        return A - T + 4 * weight * along * (along**2 - 1) * M

    return MatrixCost(rows_of(T), rows_of(M), exactly(weight)), slope


def layers_of_rows(layers: Layers) -> dict[int, Rows]:
    return {l: rows_of(V) for l, V in enumerate(layers, start=1)}


def run_at(times: Sequence[float], layers: Layers, slope: Any, ridge: float) -> list[Layers]:
    """The layers at these times along their gradient flow; the gradient is written out here, not taken from the engine."""
    from theorycheck import flow

    shapes = [V.shape for V in layers]
    ends = np.cumsum([0, *(a * b for a, b in shapes)])

    def split(y: Any) -> Layers:
        return [y[a:b].reshape(s) for a, b, s in zip(ends[:-1], ends[1:], shapes, strict=True)]

    def gradient(y: Any) -> Any:
        return np.stack([np.concatenate([g.ravel() for g in _gradients(split(row), slope, ridge)]) for row in y])

    start = np.concatenate([V.ravel() for V in layers])[None]
    done = flow.integrate(flow.gradient_flow(gradient), start, times[-1], rtol=1e-12, atol=1e-14, record_at=times)
    return [split(row) for row in done.recorded[0]]


def _gradients(V: Sequence[Any], slope: Any, ridge: float) -> Layers:
    def times(factors: Sequence[Any], size: int) -> Any:
        out = np.eye(size)
        for X in factors:
            out = X @ out
        return out

    G = slope(times(V, V[0].shape[1]))
    return [times(V[l + 1 :], V[l].shape[0]).T @ G @ times(V[:l], V[0].shape[1]).T + 2 * ridge * V[l] for l in range(len(V))]
