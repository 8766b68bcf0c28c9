"""A function of a number on [0, 1], as an instance: it falls from its largest value in a straight line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Slope:
    """h(v) = most - fall v."""

    most: Any
    fall: Any

    def __str__(self) -> str:
        return f"h(v) = {self.most} - {self.fall} v"

    def value(self, v: Any) -> Any:
        return self.most - self.fall * v
