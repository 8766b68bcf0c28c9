"""PL costs that are not convex: 1/2 |y|^2 with a dent along a unit vector e, everywhere PL, with one minimum.

With u = <e, y - c> and v the rest of y - c, C = scale (1/2 |v|^2 + f(u)), f(u) = u^2/2 - 3/5 u^3 + u^4/4. f' = u q(u) with
q = u^2 - 9/5 u + 1 > 0, and f'' < 0 about u = 3/5; f'^2 / 2 >= PL_CONSTANT f is proved in `proofs` (pl-not-convex).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flint import fmpq

from theorycheck.domain import Env, Source, rational
from theorycheck.enclose.precision import working
from theorycheck.enclose.taylor import Flow, integrate, state_at
from theorycheck.evaluate import numbers as nb
from theorycheck.evaluate.judge import show
from theorycheck.evaluate.values import Rows, add, inner, matmul, scale
from theorycheck.models.costs import column, conjugate, orthogonal
from theorycheck.models.paths import Bowl, Ring

PL_CONSTANT = fmpq(217, 2000)
NARROWEST = fmpq(17, 20)  # about where f'^2 / 2f is least
FIRST, LAST = fmpq(-1, 8), fmpq(2)  # of computed paths


@dataclass(frozen=True)
class Dented:
    """C(y) = scale (1/2 |y - c|^2 - 3/5 u^3 + 1/4 u^4) + least, u = <e, y - c>, for a unit vector e."""

    axis: Rows
    centre: Rows
    scale: Any
    least: Any

    def __str__(self) -> str:
        return (
            f"{self.scale} (1/2 |y-c|^2 - 3/5 u^3 + 1/4 u^4) + {self.least}, u = <e, y-c>, "
            f"e = {show(self.axis)}, c = {show(self.centre)}"
        )

    def value(self, x: Rows) -> Any:
        d = add(x, scale(fmpq(-1), self.centre))
        u = inner(self.axis, d)
        return self.scale * (fmpq(1, 2) * inner(d, d) - fmpq(3, 5) * u * u * u + fmpq(1, 4) * u * u * u * u) + self.least

    def gradient(self, x: Rows) -> Rows:
        d = add(x, scale(fmpq(-1), self.centre))
        u = inner(self.axis, d)
        push: Rows = scale(self.scale, add(d, scale(u * u * u - fmpq(9, 5) * u * u, self.axis)))
        return push

    def has_pl(self, beta: Any) -> bool:
        return bool(beta <= self.scale * PL_CONSTANT)

    def at(self, u: Any) -> Rows:
        """The point at u along the dented axis."""
        found: Rows = add(self.centre, scale(u, self.axis))
        return found


def axis(source: Source, n: int) -> Rows:
    """A rational unit vector."""
    return tuple(row[:1] for row in orthogonal(source, n))


@dataclass(frozen=True)
class Flat(Bowl):
    """A quadratic cost that may be flat in some directions."""

    def has_pl(self, beta: Any, start: Rows | None = None) -> bool:
        return all(c == 0 or c >= beta for c in self.curvatures)

    def along_the_bottom(self, source: Source) -> Rows:
        """A minimizer."""
        free = tuple((rational(source) if c == 0 else fmpq(0),) for c in self.curvatures)
        found: Rows = add(self.centre, matmul(self.axes, free))
        return found


def flat(axes: Rows, curvatures: list[Any], centre: Rows, least: Any) -> Flat:
    return Flat(conjugate(axes, curvatures), centre, least, axes, tuple(curvatures))


PLCost = Flat | Dented


def pl_everywhere(source: Source, n: int, beta: Any) -> PLCost:
    """A cost on R^n that is beta-PL: one in three not convex, the others quadratic, flat directions among them."""
    if source.integer(0, 2) == 2:
        return Dented(axis(source, n), column(source, n), beta / PL_CONSTANT + abs(rational(source)), rational(source))
    kinds = [source.integer(0, 3) for _ in range(n)]
    curvatures = [fmpq(0) if k == 0 else beta if k == 1 else beta + rational(source, positive=True) for k in kinds]
    return flat(orthogonal(source, n), curvatures, column(source, n), rational(source))


@dataclass(frozen=True)
class Round(Ring):
    """A cost with a maximum inside a sphere of minima: PL for no beta > 0, unless the top inside counts as the minimum."""

    def has_pl(self, beta: Any, start: Rows | None = None) -> bool:
        return bool(beta <= 0)

    @property
    def top(self) -> Any:
        return self.value(self.centre)


def any_pl(source: Source, n: int, beta: Any) -> PLCost | Round:
    """A cost that satisfies the inequality for beta, whatever its sign; some only above the top inside the sphere."""
    if beta > 0 and source.integer(0, 1):
        return pl_everywhere(source, n, beta)
    radius = rational(source, positive=True)
    return Round(column(source, n), radius, abs(beta) / radius**2 + rational(source, positive=True), rational(source))


def some_least(source: Source, env: Env) -> Any:
    """The least value, or the value at the top inside a sphere of minima."""
    cost = env["C"]
    return cost.top if isinstance(cost, Round) and source.integer(0, 1) else cost.least


def satisfies_pl(env: Env) -> bool:
    """Whether the inequality holds everywhere, with C_min as it is (above the top of a Round |x - c|^2 >= 2 R^2)."""
    cost, beta, least = env["C"], env["beta"], env["C_min"]
    if isinstance(cost, Round) and least >= cost.top:
        return bool(beta <= 4 * cost.steepness * cost.radius**2)
    return bool(least >= cost.least and cost.has_pl(beta))


def some_point(source: Source, env: Env) -> Rows:
    """Any point, often the centre."""
    centre: Rows = env["C"].centre
    return column(source, len(centre)) if source.integer(0, 1) else centre


def critical_point(source: Source, env: Env) -> Rows:
    """The centre of the cost, which is critical, moved in a flat direction of a quadratic one."""
    cost = env["C"]
    return cost.along_the_bottom(source) if isinstance(cost, Flat) else cost.centre


@lru_cache(maxsize=64)
def _along(u: fmpq, end: fmpq) -> Flow:
    """The rigorous flow along the axis until `end`, for scale 1: u' = -u (u^2 - 9/5 u + 1)."""

    def field(y: Sequence[Any]) -> list[Any]:
        (v,) = y
        return [-v + fmpq(9, 5) * (v * v) - v * v * v]

    with working(128):
        return integrate(field, [u], [end])


@dataclass(frozen=True)
class DentedPath:
    """The flow of a cost of scale 1: rigorous along the axis, e^{-t} times the start off it."""

    cost: Dented
    start: Rows

    def __str__(self) -> str:
        return f"the flow of C from {show(self.start)}"

    def __call__(self, t: Any) -> Rows:
        d = add(self.start, scale(fmpq(-1), self.cost.centre))
        u = inner(self.cost.axis, d)
        (now,) = (u,) if t == 0 else state_at(_along(u, LAST if t > 0 else FIRST), self._within(t))
        off: Rows = add(d, scale(-u, self.cost.axis))
        if any(v for (v,) in off):
            off = scale(nb.exp(-t), off)
        found: Rows = add(self.cost.at(now), off)
        return found

    def _within(self, t: Any) -> Any:
        if not FIRST <= t <= LAST:
            raise nb.Unclear(f"the path is computed for times from {FIRST} to {LAST}, not for {t}")
        return t

    def limit(self) -> Rows:
        return self.cost.centre


def rigorous_path(source: Source, env: Env) -> DentedPath:
    """The flow of the cost from a start that often has the dent on its way."""
    cost: Dented = env["C"]
    along = cost.at(fmpq(source.integer(-3, 3), 2))
    off = column(source, len(along))
    off = add(off, scale(-inner(cost.axis, off), cost.axis))
    return DentedPath(cost, add(along, scale(fmpq(source.integer(0, 1)), off)))


def from_the_narrowest(cost: Dented) -> DentedPath:
    """The flow from where the loss decays the slowest."""
    return DentedPath(cost, cost.at(NARROWEST))
