"""Instances about the loss of a network at the start: costs whose largest value on a ball of matrices is known."""

from __future__ import annotations

from typing import Any

from flint import fmpq

from theorycheck.domain import Env, Source, rational
from theorycheck.models.aligned_networks import RowQuadratic
from theorycheck.models.costs import diagonal


def quadratic_loss(source: Source, env: Env) -> RowQuadratic:
    """h/2 |A|^2 + least, with h >= 0."""
    size, h = env["n"][0], abs(rational(source))
    zero = tuple((fmpq(0),) * size for _ in range(env["n"][env["L"]]))
    return RowQuadratic(diagonal([h] * size), zero, (h,) * size, rational(source))


def loss_on_ball(env: Env) -> Any:
    """The largest value above the minimum where |M|^2 <= n_0 n_L sigma^2/delta."""
    most = env["n"][0] * env["n"][env["L"]] * env["sigma"] ** 2 / env["delta"]
    return env["C"].curvatures[0] / 2 * most
