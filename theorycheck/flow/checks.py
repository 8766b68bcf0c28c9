"""Checks of what a caller passes in: each error is one line that names the input, the reason and the mend."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from theorycheck.errors import InputError

Array = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]


def finite_array(name: str, value: object, shape: Sequence[int | None]) -> Array:
    """`value` as a float64 array of the given shape (None: any size >= 1), all entries finite; else InputError."""
    try:
        array: Array = np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InputError(f"{name}: not an array of real numbers ({error}); pass numbers of one common shape") from None
    if array.ndim != len(shape) or any(
        size == 0 or want not in (None, size) for want, size in zip(shape, array.shape, strict=True)
    ):
        wanted = ", ".join("any" if n is None else str(n) for n in shape)
        raise InputError(f"{name}: has shape {array.shape}; pass an array of shape ({wanted}), no side 0")
    if not np.isfinite(array).all():
        place = tuple(int(i) for i in np.argwhere(~np.isfinite(array))[0])
        raise InputError(f"{name}: entry {place} is {array[place]}; replace or drop entries that are NaN or infinite")
    return array


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | np.integer | np.floating) and math.isfinite(value)


def positive(name: str, value: float) -> float:
    """`value` as a float; InputError unless it is finite and > 0."""
    if not _is_number(value) or value <= 0:
        raise InputError(f"{name}: {value} is not a positive number; pass a finite number > 0")
    return float(value)


def nonnegative(name: str, value: float) -> float:
    """`value` as a float; InputError unless it is finite and >= 0."""
    if not _is_number(value) or value < 0:
        raise InputError(f"{name}: {value} is negative or not finite; pass a finite number >= 0")
    return float(value)


def whole(name: str, value: Any, least: int) -> int:
    """`value` as an int; InputError unless it is a whole number >= `least`."""
    if not _is_number(value) or isinstance(value, bool) or int(value) != value or value < least:
        raise InputError(f"{name}: {value} is not a whole number >= {least}; pass one")
    return int(value)
