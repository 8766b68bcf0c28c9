"""Runs of the engine in the lazy regime: wide networks from the start of line 99, beside the flow on matrices.

Times are counted in tau = eta t, the time of the flow on matrices; rates in units of beta' = beta eta / 2.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from theorycheck import flow
from theorycheck.flow.checks import Array
from theorycheck.flow.costs import Cost

N_0, N_L, SIGMA = 3, 2, 1.0
END, LOOKS, TAIL = 8.0, 30, 4  # tau beta at the end; times at which a run is looked at; those of them that give the rate
FLOOR = 1e-10  # of the loss at the start: what is less is rounding
RTOL, ATOL = 1e-6, 1e-10  # rates, distances and losses down to FLOOR are as at 1e-8 to three digits and more
MOST_NUMBERS = 500_000  # parameters of all networks that run at once: more of them wait for memory
BLOCK = 30  # runs that are drawn together


def costs() -> dict[str, Cost]:
    """Mean squared error and matrix completion (four of six entries), both convex, of fixed data."""
    rng = np.random.default_rng(2)
    return {
        "MSE": flow.MeanSquaredError(rng.normal(size=(N_0, 6)), rng.normal(size=(N_L, 6))),
        "MC": flow.MatrixCompletion((0, 0, 1, 1), (0, 2, 1, 2), tuple(rng.normal(size=4)), (N_L, N_0)),
    }


@dataclass(frozen=True, eq=False)
class Seen:
    """What B runs showed: tau (R,), the losses above the minimum (B, R), |theta_end - theta_0| (B,), the largest distance to
    the flow on matrices (B,)."""

    beta: float
    eta: float
    tau: Array
    gaps: Array
    moved: Array
    apart: Array

    def ratios(self, rate: float) -> Array:
        """(B, R): the losses over the bound (C_0 - C_min) e^(-rate beta' t)."""
        out: Array = self.gaps / (self.gaps[:, :1] * np.exp(-rate * self.beta / 2 * self.tau))
        return out

    @cached_property
    def rates(self) -> Array:
        """(B,): the rate of the loss at the end of what is above rounding, in units of beta'."""
        found = []
        for gaps in self.gaps:
            last = int(np.sum(gaps > FLOOR * gaps[0])) - 1
            first = last - TAIL + 1
            found.append(np.log(gaps[first] / gaps[last]) / (self.tau[last] - self.tau[first]) / (self.beta / 2))
        return np.array(found)

    def below(self, rate: float) -> NDArray[np.bool_]:
        """(B,): whether the loss is under the bound at all times, and falls at least as fast at the end."""
        over = (self.ratios(rate) > 1 + 1e-6) & (self.gaps > FLOOR * self.gaps[:, :1])
        out: NDArray[np.bool_] = ~over.any(axis=1) & (self.rates >= rate)
        return out

    @cached_property
    def reach(self) -> Array:
        """(B,): |theta_end - theta_0| over r of line 116."""
        out: Array = self.moved / np.sqrt(2 / (self.beta * self.eta / 2) * self.gaps[:, 0])
        return out


def watch(name: str, depth: int, width: int, samples: int, seed: int) -> Seen:
    """Runs of the cost of that name from independent starts; RuntimeError where the engine did not get to the end.

    They are drawn in blocks, each from the seed and its number, and kept: who asks for more of them gets the same first ones.
    """
    rest = (samples % BLOCK,) if samples % BLOCK else ()
    blocks = [_block(name, depth, width, k, size, seed) for k, size in enumerate((BLOCK,) * (samples // BLOCK) + rest)]
    gaps, moved, apart = (np.concatenate([getattr(b, field) for b in blocks]) for field in ("gaps", "moved", "apart"))
    return replace(blocks[0], gaps=gaps, moved=moved, apart=apart)


@lru_cache(maxsize=4096)  # a few kB each
def _block(name: str, depth: int, width: int, number: int, samples: int, seed: int) -> Seen:
    cost = costs()[name]
    assert cost.beta is not None
    eta = depth * SIGMA ** (2 * (depth - 1) / depth) * width ** ((depth - 1) / depth)
    tau = np.concatenate([[0.0], np.geomspace(0.02, END, LOOKS - 1)]) / cost.beta
    parts = list(_parts(cost, depth, width, range(number * BLOCK, number * BLOCK + samples), seed, tau, eta))
    gaps, moved, apart = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    return Seen(cost.beta, eta, tau, gaps, moved, apart)


def _parts(
    cost: Cost, depth: int, width: int, numbers: range, seed: int, tau: Array, eta: float
) -> Iterator[tuple[Array, Array, Array]]:
    network = flow.rectangular(N_0, width, N_L, depth)
    std = SIGMA ** (1 / depth) * width ** (-(depth - 1) / (2 * depth))
    at_once = max(1, min(len(numbers), MOST_NUMBERS // network.size))
    for k in range(0, len(numbers), at_once):
        some = numbers[k : k + at_once]
        start = flow.gaussian(network, len(some), std, seed, key=(depth, width, some[0]))
        end, looks = float(tau[-1] / eta), tau / eta
        done = flow.run(network, cost, start, end, rtol=RTOL, atol=ATOL, record_at=looks, record=["cost", "A"])
        if not done.solution.good.all():
            raise RuntimeError(f"the engine stopped: {done.solution.summary()}")
        A = np.asarray(done.solution.records["A"])
        beside = flow.run(flow.Network((N_0, N_L)), cost, [A[:, 0].copy()], float(tau[-1]), record_at=tau, record="A")
        apart = np.linalg.norm(A - beside.solution.recorded, axis=(2, 3)).max(axis=1)
        squares: Any = sum(np.sum((W - V) ** 2, axis=(1, 2)) for W, V in zip(done.layers, start.layers, strict=True))
        yield np.asarray(done.solution.records["cost"]) - (cost.minimum or 0.0), np.sqrt(squares), apart
