"""Instances of equal shapes as stacks of float64 arrays, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from flint import arb, fmpq

from theorycheck.evaluate.numbers import to_arb

Batch = Mapping[str, Any]
NUMBERS = (int, float, fmpq, arb)


def signature(value: Any) -> Any:
    """What two instances must share to be stacked: names, sizes, shapes, whole numbers."""
    if isinstance(value, int):
        return value
    if isinstance(value, Mapping):
        return tuple((k, signature(v)) for k, v in value.items())
    return (len(value), len(value[0])) if _is_rows(value) else None


def stack(values: Sequence[Any]) -> Any:
    """Values of equal signature with a leading batch axis; whole instances (mappings) too."""
    first = values[0]
    if isinstance(first, int):
        return first
    if isinstance(first, Mapping):
        return {k: stack([v[k] for v in values]) for k in first}
    if isinstance(first, float | fmpq | arb):
        return np.array([_float(v) for v in values])
    if _is_rows(first):
        return np.array([[[_float(x) for x in row] for row in v] for v in values])
    return list(values)


def sample(env: Batch, b: int) -> dict[str, Any]:
    """Instance number b of a batch, as `values` reads it: a float becomes the rational or ball that it is."""
    return {name: _sample(value, b) for name, value in env.items()}


def size_of(env: Batch) -> int:
    """The number of samples."""
    return max((_length(v) for v in env.values()), default=1)


def _is_rows(value: Any) -> bool:
    """A matrix: rows of numbers, of one length."""
    if not isinstance(value, tuple) or not value or not all(isinstance(row, tuple) for row in value):
        return False
    return len({len(row) for row in value}) == 1 and all(isinstance(x, NUMBERS) for row in value for x in row)


def _float(x: Any) -> float:
    if isinstance(x, fmpq):
        return int(x.numer()) / int(x.denom())
    return float(x) if isinstance(x, int | float) else float(to_arb(x).mid())


def _length(value: Any) -> int:
    if isinstance(value, Mapping):
        return size_of(value)
    return len(value) if isinstance(value, list) or (isinstance(value, np.ndarray) and value.ndim) else 1


def _sample(value: Any, b: int) -> Any:
    if isinstance(value, Mapping):
        return {k: _sample(v, b) for k, v in value.items()}
    if isinstance(value, list):
        return value[b]
    if isinstance(value, np.ndarray) and value.ndim:
        return _exact(value[b if len(value) > 1 else 0])
    return _exact(value) if isinstance(value, float | np.ndarray) else value


def _exact(x: Any) -> Any:
    """Rows or a number: whole numbers as rationals, so that they can be exponents, others as exact balls."""
    if np.ndim(x) == 2:
        return tuple(tuple(_exact(v) for v in row) for row in x)
    return fmpq(int(x)) if float(x).is_integer() else arb(float(x))
