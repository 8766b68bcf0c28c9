"""Measured speeds of H = Tr[G^T A]: runs of its flow until they align with a direction, and its minimum enclosed at width 1."""

from __future__ import annotations

from typing import Any

import numpy as np
from flint import arb, fmpq

from theorycheck import flow
from theorycheck.enclose.subdivide import certify
from theorycheck.flow.checks import Array
from theorycheck.flow.networks import Network, product


def linear_form_gradient(network: Network, G: Array) -> Any:
    """The gradient of Tr[G^T A] as a map of states (b, P) to (b, P)."""

    def gradient(y: Array) -> Array:
        layers = network.split(y)
        parts = []
        for k in range(network.depth):
            start = np.eye(network.widths[0])[None]
            below = product(layers[:k]) if k else np.repeat(start, len(y), axis=0)
            above = product(layers[k + 1 :]) if k + 1 < network.depth else None
            inner = G @ below.swapaxes(1, 2)
            parts.append(inner if above is None else above.swapaxes(1, 2) @ inner)
        return np.concatenate([p.reshape(len(y), -1) for p in parts], axis=1)

    return gradient


def speeds(network: Network, G: Array, y: Array) -> Array:
    """L H(y / |y|), shape (b,): the speed, where y points in an escape direction."""
    unit = y / np.linalg.norm(y, axis=1, keepdims=True)
    values: Array = network.depth * np.einsum("ij,bij->b", G, product(network.split(unit)))
    return values


def aligned(widths: tuple[int, ...], G: Array, batch: int, seed: int, norm_bound: float = 1e7) -> tuple[Array, Array]:
    """Speeds at random starts on the unit sphere and at the ends of their runs, which stop at a large norm."""
    network = Network(widths)
    start = network.join(flow.on_sphere(network, batch, 1.0, seed).layers)
    rhs = flow.gradient_flow(linear_form_gradient(network, G))
    done = flow.integrate(rhs, start, 400.0, norm_bound=norm_bound, rtol=1e-9)
    return speeds(network, G, start), speeds(network, G, done.y)


def growth_rate(widths: tuple[int, ...], G: Array, seed: int, t0: float, t1: float) -> float:
    """d log|theta| / dt between two late times of a run (depth 2, where the growth is exponential)."""
    network = Network(widths)
    start = network.join(flow.on_sphere(network, 1, 1.0, seed).layers)
    rhs = flow.gradient_flow(linear_form_gradient(network, G))
    done = flow.integrate(rhs, start, t1, record_at=[t0, t1], norm_bound=1e300)
    lengths = np.linalg.norm(np.asarray(done.recorded).reshape(2, -1), axis=1)
    return float(np.log(lengths[1] / lengths[0]) / (t1 - t0))


def minimum_at_width_one(depth: int, slack: fmpq) -> tuple[arb, bool | None]:
    """A lower bound of prod x_l on the unit sphere of R^depth and whether it is certified: bisection in balls.

    By symmetry all x_l >= 0 and the sign apart: the largest product, as x_1 = sqrt(1 - x_2^2 - ..) x_2 .. on the unit box.
    """
    best = arb(depth) ** (-arb(depth) / 2) + arb(slack)

    def gap(x: tuple[arb, ...]) -> arb:
        rest, factor = arb(1), arb(1)
        for v in x:
            rest, factor = rest - v * v, factor * v * v
        return best * best - factor * rest

    found = certify(gap, [(0, 1)] * (depth - 1))
    return -best, found.holds
