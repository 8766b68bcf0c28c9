"""Events: a quantity of the state crosses a level inside a step; where, is found by bisection on the dense output."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from theorycheck.errors import InputError
from theorycheck.flow.checks import Array, Counts

Mask = npt.NDArray[np.bool_]
Look = Callable[[Counts, Array, Array], Array]
"""(samples, t, y) of shapes (k,), (k,) and (k, P): which samples, their times and states -> values of shape (k, ...)."""


@dataclass(frozen=True)
class Event:
    """`quantity` crosses `level`: upwards (direction 1), downwards (-1) or either way (0), as seen along the run.

    It gives one number a sample. A quantity that starts on its level has not crossed it. Two crossings inside one
    accepted step are not seen. The time found is exact for the dense output, so its error is that of the run's
    tolerances over the speed of the quantity.
    """

    quantity: Look
    level: float = 0.0
    direction: int = 0
    terminal: bool = True

    def __post_init__(self) -> None:
        if self.direction not in (-1, 0, 1):
            raise InputError(f"direction: {self.direction} is none of 1 (upwards), -1 (downwards), 0 (both); pass one")
        if not np.isfinite(self.level):
            raise InputError(f"level: {self.level} is not finite; pass a number that the quantity can cross")


def heights(events: tuple[Event, ...], samples: Counts, t: Array, y: Array) -> Array:
    """Quantity minus level, shape (b, E); InputError when a quantity does not give one number per sample."""
    out = np.empty((len(y), len(events)))
    for e, event in enumerate(events):
        value = np.asarray(event.quantity(samples, t, y))
        if value.shape != t.shape:
            raise InputError(f"event {e}: its quantity has shape {value.shape}; return one number a sample")
        out[:, e] = value - event.level
    return out


def crossed(events: tuple[Event, ...], before: Array, after: Array) -> Mask:
    """Which of the (b, E) heights changed side in the direction asked for; landing on the level counts."""
    up, down = (before < 0) & (after >= 0), (before > 0) & (after <= 0)
    out: Mask = up | down
    if out.any():
        direction = np.array([event.direction for event in events])
        out = up & (direction >= 0) | down & (direction <= 0)
    return out


def locate(event: Event, samples: Counts, before: Array, at: Callable[[Array], tuple[Array, Array]]) -> Array:
    """Fractions x in (0, 1] of the step, shape (k,), where the height leaves the side of `before`, to 2^-52 of itself:
    steps of a closed form are long.

    at(x) gives times and states of the k samples. Plain bisection keeps the bracket, and events are rare; the end of
    the bracket that is returned lies past the level, so the event has happened there.
    """
    low, high = np.zeros(len(before)), np.ones(len(before))
    while np.any(high - low > np.finfo(float).eps * np.maximum(high, 1e-30)):
        middle = 0.5 * (low + high)
        past = heights((event,), samples, *at(middle))[:, 0] * np.sign(before) <= 0
        high, low = np.where(past, middle, high), np.where(past, low, middle)
    return high
