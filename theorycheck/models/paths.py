"""Costs whose gradient flow is known in closed form, as instances: the path x(t), its limit, and where PL holds.

A path is a callable of the time (a rational, a ball or a jet) that gives rows, with `limit()`. Points that do not move stay
exact rationals.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flint import fmpq

from theorycheck.domain import Source, rational
from theorycheck.evaluate import numbers as nb
from theorycheck.evaluate.judge import show
from theorycheck.evaluate.values import Rows, add, inner, matmul, scale
from theorycheck.models.costs import Quadratic, column, conjugate, orthogonal


def _from_to(a: Rows, b: Rows) -> Rows:
    return _plus(b, fmpq(-1), a)


def _plus(x: Rows, factor: Any, direction: Rows) -> Rows:
    found: Rows = add(x, scale(factor, direction))
    return found


@dataclass(frozen=True)
class Bowl(Quadratic):
    """A quadratic cost with its eigenvectors (columns of `axes`) and eigenvalues: flat directions are curvatures 0."""

    axes: Rows
    curvatures: tuple[Any, ...]

    def __str__(self) -> str:
        return f"1/2 (y-c)^T H (y-c) + {self.least}, H = {show(self.hessian)}, c = {show(self.centre)}"

    def has_pl(self, beta: Any, start: Rows) -> bool:
        """Whether PL holds on the ball of Proposition 11 around the start: for a quadratic, whether it holds everywhere."""
        return all(c == 0 or c >= beta for c in self.curvatures)

    def distance(self, x: Rows) -> Any:
        """From x to the nearest minimum: the part of x - c along the curved axes."""
        gaps = zip(matmul(_turned(self.axes), _from_to(self.centre, x)), self.curvatures, strict=True)
        return nb.sqrt(sum((a * a for (a,), c in gaps if c != 0), fmpq(0)))

    @property
    def stiffness(self) -> Any:
        return max(self.curvatures)

    def flow(self, start: Rows) -> BowlPath:
        return BowlPath(self, start, matmul(_turned(self.axes), _from_to(self.centre, start)))


def _turned(x: Rows) -> Rows:
    return tuple(zip(*x, strict=True))


@dataclass(frozen=True)
class BowlPath:
    """x(t) = c + sum_i a_i e^{-lambda_i t} v_i, with a_i the coordinates of the start along the axes."""

    cost: Bowl
    start: Rows
    coordinates: Rows

    def __str__(self) -> str:
        return f"the flow of C from {show(self.start)}"

    def __call__(self, t: Any) -> Rows:
        pairs = zip(self.coordinates, self.cost.curvatures, strict=True)
        return self._point([a if a == 0 or c == 0 else a * nb.exp(-c * t) for (a,), c in pairs])

    def limit(self) -> Rows:
        return self._point([a if c == 0 else fmpq(0) for (a,), c in zip(self.coordinates, self.cost.curvatures, strict=True)])

    def _point(self, coordinates: list[Any]) -> Rows:
        return _plus(self.cost.centre, fmpq(1), matmul(self.cost.axes, tuple((a,) for a in coordinates)))


def bowl(axes: Rows, curvatures: list[Any], centre: Rows, least: Any) -> Bowl:
    return Bowl(conjugate(axes, curvatures), centre, least, axes, tuple(curvatures))


@dataclass(frozen=True)
class Ring:
    """C(x) = a/4 (|x - c|^2 - R^2)^2 + least: not convex, minimal on a sphere, PL only away from the centre.

    |grad|^2 / 2 = 2 a |x - c|^2 (C - least), so PL holds with beta where |x - c|^2 >= beta / (2a), or C = least. The flow
    is radial, and |x - c|^2 solves a logistic equation.
    """

    centre: Rows
    radius: Any
    steepness: Any
    least: Any

    def __str__(self) -> str:
        return f"{self.steepness}/4 (|y-c|^2 - {self.radius}^2)^2 + {self.least}, c = {show(self.centre)}"

    def value(self, x: Rows) -> Any:
        gap = self._square(x) - self.radius * self.radius
        return fmpq(1, 4) * self.steepness * (gap * gap) + self.least

    def gradient(self, x: Rows) -> Rows:
        gap = self._square(x) - self.radius * self.radius
        force: Rows = scale(self.steepness * gap, self._arm(x))
        return force

    def has_pl(self, beta: Any, start: Rows) -> bool:
        """Whether PL holds on B(start, sqrt(2/beta (C(start) - least))): its nearest point to the centre decides (balls)."""
        r = nb.sqrt(2 / beta * (self.value(start) - self.least))
        nearest = nb.sqrt(self._square(start)) - r
        return nb.sign_of(nearest - nb.sqrt(beta / (2 * self.steepness))) in {0, 1}

    def distance(self, x: Rows) -> Any:
        """From x to the nearest minimum, along the ray from the centre."""
        gap = nb.sqrt(self._square(x)) - self.radius
        return -gap if nb.sign_of(gap) == -1 else gap

    @property
    def stiffness(self) -> Any:
        return 4 * self.steepness * self.radius * self.radius

    def flow(self, start: Rows) -> RingPath:
        return RingPath(self, start)

    def _arm(self, x: Rows) -> Rows:
        return _from_to(self.centre, x)

    def _square(self, x: Rows) -> Any:
        return inner(self._arm(x), self._arm(x))


@dataclass(frozen=True)
class RingPath:
    """x(t) = c + sqrt(u(t) / u(0)) (x(0) - c), u = |x - c|^2 = R^2 / (1 + (R^2 / u(0) - 1) e^{-2 a R^2 t})."""

    cost: Ring
    start: Rows

    def __str__(self) -> str:
        return f"the flow of C from {show(self.start)}"

    def __call__(self, t: Any) -> Rows:
        square, ratio = self.cost.radius * self.cost.radius, self._ratio()
        if ratio == 1 or (nb.sign_of(t) == 0 and not isinstance(t, nb.Jet)):
            return self.start
        decay = nb.exp(-2 * self.cost.steepness * square * t)
        return self._stretched(nb.divide(ratio, 1 + (ratio - 1) * decay))

    def limit(self) -> Rows:
        return self._stretched(self._ratio())

    def _ratio(self) -> Any:
        return self.cost.radius * self.cost.radius / self.cost._square(self.start)

    def _stretched(self, factor: Any) -> Rows:
        return _plus(self.cost.centre, nb.sqrt(factor), self.cost._arm(self.start))


# --- instances -----------------------------------------------------------------------------------------------------------
PLCost = Bowl | Ring


def pl_cost(source: Source, n: int, beta: Any) -> PLCost:
    """A cost with a closed-form flow that is PL with beta: two in three quadratic (some directions flat), else a ring."""
    if source.integer(0, 2) == 2:
        radius = abs(rational(source, positive=True))
        steepness = beta * source.integer(1, 4) * 2 / (radius * radius)
        return Ring(column(source, n), radius, steepness, rational(source))
    kinds = [source.integer(0, 3) for _ in range(n)]
    curvatures = [fmpq(0) if k == 0 else beta if k == 1 else beta + rational(source, positive=True) for k in kinds]
    return bowl(orthogonal(source, n), curvatures, column(source, n), rational(source))


def pl_start(source: Source, cost: PLCost) -> Rows:
    """Where a flow may start: sometimes at a minimum; for a ring close enough to it for PL to hold on the ball."""
    at_minimum = source.integer(0, 4) == 1
    n = len(cost.centre)
    if isinstance(cost, Bowl):
        return cost.centre if at_minimum else column(source, n)
    far = fmpq(0) if at_minimum else fmpq(source.integer(-4, 6), 20)
    direction = tuple(row[:1] for row in orthogonal(source, n))
    return _plus(cost.centre, cost.radius * (1 + far), direction)


def pl_time(source: Source, stiffness: Any) -> Any:
    """A time on the scale of the fastest mode, so that no value falls below the working precision."""
    return abs(rational(source)) / (1 + stiffness)


def one_curvature(cost: PLCost, beta: Any, source: Source) -> BowlPath:
    """The flow of a quadratic whose curvatures all equal beta, from a point that is not its minimum: the equality case."""
    n = len(cost.centre)
    equal = bowl(orthogonal(source, n), [beta] * n, cost.centre, cost.least)
    away = tuple((rational(source, positive=True),) for _ in range(n))
    return equal.flow(_plus(cost.centre, fmpq(1), away))


__all__ = ["Bowl", "BowlPath", "PLCost", "Ring", "RingPath", "bowl", "one_curvature", "pl_cost", "pl_start", "pl_time"]
