"""The engine's inputs as exact rationals: floats are taken as the binary fractions they are, other numbers as they read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from math import isfinite
from typing import Any

import numpy as np
from flint import arb, fmpq, fmpq_mat

from theorycheck.enclose.network import AffineGradient, entry_gradient, linear_gradient, quadratic_gradient
from theorycheck.errors import InputError
from theorycheck.flow.costs import Cost, MatrixCompletion, MeanSquaredError, Quadratic, SquaredDistance, UserCost
from theorycheck.flow.networks import Network

Rows = list[list[Any]]


def exact_number(name: str, x: object) -> fmpq:
    """The number as a rational: int, float, Fraction, fmpq, an exact ball, or text such as "1/3", "0.1", "1e-30"."""
    try:
        if isinstance(x, arb) and x.is_finite() and x.is_exact():
            return x.fmpq()
        if isinstance(x, fmpq):
            return x
        if isinstance(x, np.generic):
            x = x.item()
        if isinstance(x, str | Fraction | int) or (isinstance(x, float) and isfinite(x)):
            value = Fraction(x)
            return fmpq(value.numerator, value.denominator)
    except (ValueError, ZeroDivisionError):
        pass
    raise InputError(f'{name}: {x!r} is not a finite number; pass a float, an integer, a Fraction, or text such as "1/3"')


def exact_rows(name: str, m: Any, shape: tuple[int, int] | None = None) -> fmpq_mat:
    """A matrix given as an array, rows of numbers, or a FLINT matrix, exactly; of this shape when one is given."""
    rows = m.tolist() if hasattr(m, "tolist") else m
    if not _nested(rows, 2) or len({len(row) for row in rows}) != 1:
        raise InputError(f"{name}: not a matrix; pass rows of equal lengths")
    if shape is not None and (len(rows), len(rows[0])) != shape:
        raise InputError(f"{name}: has shape {(len(rows), len(rows[0]))}; the network needs {shape}")
    return fmpq_mat([[exact_number(name, v) for v in row] for row in rows])


def exact_layers(network: Network, layers: Sequence[Any]) -> list[list[fmpq_mat]]:
    """[sample][layer] from W_1, .., W_L, each (B, n_l, n_(l-1)) or, for one sample, (n_l, n_(l-1))."""
    if len(layers) != network.depth:
        raise InputError(f"layers: {len(layers)} layers for a network of depth {network.depth}; give W_1, ..., W_L")
    batches = []
    for l, (given, shape) in enumerate(zip(layers, network.shapes, strict=True), start=1):
        rows = given.tolist() if hasattr(given, "tolist") else list(given)
        samples = rows if _nested(rows, 3) or all(hasattr(w, "tolist") for w in rows) else [rows]
        batches.append([exact_rows(f"layers: W_{l}", w, shape) for w in samples])
    if len({len(b) for b in batches}) != 1 or not batches[0]:
        raise InputError(f"layers: {[len(b) for b in batches]} samples in W_1, ..., W_L; give each layer the same number")
    return [list(sample) for sample in zip(*batches, strict=True)]


def exact_gradient(cost: Cost) -> AffineGradient | Callable[[Rows], Rows]:
    """The gradient of the cost on exact numbers and on balls; a user's own cost is tried on balls as it stands."""
    if isinstance(cost, MeanSquaredError):
        x, y = exact_rows("X", cost.X), exact_rows("Y", cost.Y)
        twice = fmpq(2, x.ncols())
        return linear_gradient(x * x.transpose() * twice, y * x.transpose() * twice)
    if isinstance(cost, MatrixCompletion):
        return _completion(cost)
    if isinstance(cost, Quadratic):
        return quadratic_gradient(exact_rows("H", cost.H).transpose(), exact_rows("centre", cost.centre))
    if isinstance(cost, SquaredDistance):
        target, weight = exact_rows("target", cost.target), 2 * exact_number("scale", cost.scale)
        return entry_gradient([[weight] * target.ncols()] * target.nrows(), target)
    return lambda rows: _on_objects(cost, rows)


def _on_objects(cost: Cost, rows: Rows) -> Rows:
    """The cost's own gradient on an array of objects; filled one by one, since NumPy takes polynomials for sequences."""
    a = np.empty((1, len(rows), len(rows[0])), dtype=object)
    for i, row in enumerate(rows):
        for j, v in enumerate(row):
            a[0, i, j] = v
    return [list(row) for row in cost.gradient(a)[0]]


def _completion(cost: MatrixCompletion) -> AffineGradient:
    m, n = cost.shape
    weights, pull = fmpq_mat(m, n), fmpq_mat(m, n)
    share = fmpq(2, len(cost.values))
    for i, j, v in zip(cost.rows, cost.cols, cost.values, strict=True):
        weights[int(i), int(j)] += share
        pull[int(i), int(j)] += share * exact_number("values", v)
    return AffineGradient("entry", weights, pull)


def rounded_cost(cost: Cost) -> Cost:
    """The same cost with its data as float64, for data that were given as Fractions."""
    if isinstance(cost, UserCost):
        return cost
    names = {
        MeanSquaredError: ("X", "Y"),
        Quadratic: ("H", "centre"),
        SquaredDistance: ("target", "scale"),
        MatrixCompletion: ("values",),
    }
    changed: dict[str, Any] = {}
    for name in names.get(type(cost), ()):
        value = getattr(cost, name)
        changed[name] = (
            np.array(value, dtype=np.float64)
            if isinstance(value, np.ndarray)
            else tuple(float(v) for v in value)
            if isinstance(value, tuple)
            else float(value)
        )
    return replace(cost, **changed) if changed else cost  # type: ignore[type-var]


def rounded_rows(m: fmpq_mat) -> list[list[float]]:
    """The nearest floats."""
    return [[int(v.p) / int(v.q) for v in row] for row in m.tolist()]


def _nested(x: Any, depth: int) -> bool:
    """Whether x is lists in lists, `depth` deep, none of them empty."""
    if depth == 0:
        return not isinstance(x, list | tuple)
    return isinstance(x, list | tuple) and len(x) > 0 and all(_nested(v, depth - 1) for v in x)


def exact_times(times: Iterable[object]) -> tuple[fmpq, ...]:
    """Times >= 0 in increasing order, exactly."""
    found = tuple(exact_number("times", t) for t in times)
    if not found:
        raise InputError("times: none given; pass the times at which the rungs are compared")
    if any(t < 0 for t in found) or any(b <= a for a, b in pairwise(found)):
        raise InputError(f"times: {', '.join(map(str, found))} are not increasing from 0; sort them and drop repeats")
    return found
