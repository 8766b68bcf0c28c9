"""Instances of inner networks and aligned modes that break one hypothesis and keep the others (see `Fact.breaks`)."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import Any

from flint import fmpq

from theorycheck.domain import Env, Source
from theorycheck.evaluate.values import Rows, add, matmul, scale
from theorycheck.models.included import MatrixCost, placed
from theorycheck.models.networks import Layers, transpose

ONE: Rows = ((fmpq(1),),)
FIRST: Rows = ((fmpq(1),), (fmpq(0),))  # of two neurons
OTHER: Rows = ((fmpq(0),), (fmpq(1),))


# --- inner networks ----------------------------------------------------------------------------------------------------------
def _two_layers(source: Source, env: Env, n: dict[int, int], U: Layers, E: Layers) -> Env:
    """Two layers with blocks of one neuron, all of them 1, and the cost |A - 3|^2 / 2."""
    last = source.integer(1, 2)
    found = {**env, "L": 2, "n": n, "m": dict.fromkeys(n, 1), "U": U, "B": {1: ONE, 2: ONE}, "E": E, "l": last}
    target = tuple((fmpq(3),) * n[0] for _ in range(n[2]))
    cost = MatrixCost(target, scale(fmpq(0), target), fmpq(0))
    found |= {"start": last, "end": last, "C": cost, "lambda": fmpq(source.integer(0, 1)), "t": fmpq(1)}
    return {**found, "W": placed(rest="E")(found)}


def _zero(rows: int, cols: int) -> Rows:
    return ((fmpq(0),) * cols,) * rows


def rest_from_inside(source: Source, env: Env) -> Env:
    """The first layer carries the inner input out of the block."""
    return _two_layers(source, env, {0: 1, 1: 2, 2: 1}, {0: ONE, 1: FIRST, 2: ONE}, {1: OTHER, 2: _zero(1, 2)})


def one_more_input(source: Source, env: Env) -> Env:
    """Two inputs, one of them in the block."""
    return _two_layers(source, env, {0: 2, 1: 1, 2: 1}, {0: FIRST, 1: ONE, 2: ONE}, {1: _zero(1, 2), 2: _zero(1, 1)})


# --- aligned modes -----------------------------------------------------------------------------------------------------------
def off_the_mode(way: str) -> Callable[[Source, Env], Env]:
    """Widths of two, all modes along the first neurons, and what breaks one equation: a first layer (`layers`) that carries u_0
    out of the mode, or a gradient that does (`gradient`), forth or (`back`) the other way round."""

    def breaks(source: Source, env: Env) -> Env:
        out = matmul(OTHER, transpose(FIRST)) if "back" not in way else matmul(FIRST, transpose(OTHER))
        plain: Rows = ((fmpq(1), fmpq(0)), (fmpq(0), fmpq(0)))
        W = {1: add(plain, out) if "layers" in way else plain, 2: plain}
        G = add(plain, out) if "gradient" in way else plain  # the cost |A - target|^2 / 2 has this gradient at A
        A = reduce(matmul, (W[2], W[1]))
        one: dict[str, Any] = {"L": 2, "n": {0: 2, 1: 2, 2: 2}, "u": {0: FIRST, 1: FIRST, 2: FIRST}, "d": fmpq(1), "W": W}
        cost = MatrixCost(add(A, scale(fmpq(-1), G)), scale(fmpq(0), A), fmpq(0))
        l = source.integer(1, 2)
        start = source.integer(1, 3)
        return {**env, **one, "C": cost, "gamma": fmpq(1), "l": l, "start": start, "end": source.integer(start - 1, 2)}

    return breaks
