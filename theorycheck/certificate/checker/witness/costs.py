"""Further functions that an instance may have: costs that are not convex, a function of a number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flint import fmpq

from ..core import need
from .matrices import Rows, difference, inner, plus, scaled
from .models import KINDS

HALF, QUARTER = fmpq(1, 2), fmpq(1, 4)


@dataclass(frozen=True)
class Ring:
    """steepness/4 (|x - centre|^2 - radius^2)^2 + least."""

    centre: Rows
    radius: Any
    steepness: Any
    least: Any

    def _gap(self, x: Rows) -> Any:
        arm = difference(x, self.centre)
        return inner(arm, arm) - self.radius * self.radius

    def value(self, x: Rows) -> Any:
        return QUARTER * self.steepness * (self._gap(x) * self._gap(x)) + self.least

    def gradient(self, x: Rows) -> Rows:
        return scaled(self.steepness * self._gap(x), difference(x, self.centre))  # type: ignore[no-any-return]


@dataclass(frozen=True)
class MatrixCost:
    """1/2 |A - target|^2 + weight (<form, A>^2 - 1)^2."""

    target: Rows
    form: Rows
    weight: Any

    def __post_init__(self) -> None:
        need(len(self.target) == len(self.form) and len(self.target[0]) == len(self.form[0]), "a target and a form of one size")

    def _well(self, x: Rows) -> Any:
        return inner(self.form, x) * inner(self.form, x) - fmpq(1)

    def value(self, x: Rows) -> Any:
        off = difference(x, self.target)
        return HALF * inner(off, off) + self.weight * (self._well(x) * self._well(x))

    def gradient(self, x: Rows) -> Rows:
        push = scaled(fmpq(4) * self.weight * self._well(x) * inner(self.form, x), self.form)
        return plus([difference(x, self.target), push])  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Slope:
    """most - fall v, of a number v."""

    most: Any
    fall: Any

    def value(self, v: Any) -> Any:
        return self.most - self.fall * v


KINDS.update({"Ring": Ring, "Round": Ring, "MatrixCost": MatrixCost, "Slope": Slope})
