"""Where instances come from: a draw asks a `Source` for integers, so one declaration can be sampled, shrunk and replayed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, Protocol

from theorycheck.evaluate.numbers import Undefined

LONGEST = 20_000


class Source(Protocol):
    """Integers in a range, small ones first. Rationals have numerators and denominators up to `stretch` times larger."""

    stretch: int

    def integer(self, lo: int, hi: int) -> int: ...


@dataclass
class RandomSource:
    """Seeded random integers; `reach` limits how far from the simplest value they go (small instances first)."""

    random: Random
    reach: int = 6
    stretch: int = 1

    def integer(self, lo: int, hi: int) -> int:
        centre = lo if lo > 0 or hi < 0 else 0
        return self.random.randint(max(lo, centre - self.reach), min(hi, centre + self.reach))


@dataclass
class DrawSource:
    """Integers from Hypothesis: `DrawSource(data.draw)`; they shrink towards zero or the lower end."""

    draw: Callable[[Any], Any]
    stretch: int = 1

    def integer(self, lo: int, hi: int) -> int:
        from hypothesis import strategies as st

        return int(self.draw(st.integers(lo, hi)))


@dataclass
class ReplaySource:
    """The integers of an earlier draw, each moved into the range asked for; then those of `after`, or the simplest ones.

    `made` and `simplest` list what was given and the simplest value of each range: a draw that was recorded can be replayed,
    and with some integers changed it gives another instance of the same structure.
    """

    choices: Sequence[int] = ()
    after: Source | None = None
    stretch: int = 1
    made: list[int] = field(default_factory=list)
    simplest: list[int] = field(default_factory=list)

    def integer(self, lo: int, hi: int) -> int:
        if lo > hi or len(self.made) >= LONGEST:
            raise Undefined(f"no integer from {lo} to {hi}, or more than {LONGEST} of them")
        simple = min(max(0, lo), hi)
        k = len(self.made)
        if k < len(self.choices):
            value = min(max(self.choices[k], lo), hi)
        else:
            value = self.after.integer(lo, hi) if self.after else simple
        self.made.append(value)
        self.simplest.append(simple)
        return value
