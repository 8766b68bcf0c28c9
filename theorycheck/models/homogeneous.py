"""Homogeneous functions as exact instances: values, gradients, gradient-flow lines (closed form, balls, engine)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flint import arb, fmpq

from theorycheck.domain import Env, Source, rational
from theorycheck.evaluate import numbers as nb
from theorycheck.evaluate.judge import show
from theorycheck.evaluate.numbers import Undefined
from theorycheck.evaluate.values import Rows, matmul
from theorycheck.models.costs import orthogonal


@dataclass(frozen=True)
class PowerSum:
    """H(x) = (1/degree) sum_i a_i y_i^degree with y = Q^T x; |y_i| instead of y_i unless `polynomial`. Q is orthogonal.

    Either is homogeneous for factors > 0; only the polynomial is for all factors. The columns of Q are directions in which
    the gradient is parallel to the point.
    """

    degree: int
    weights: tuple[fmpq, ...]
    frame: Rows
    polynomial: bool = True

    def value(self, x: Rows) -> Any:
        terms = [a * self._power(y, self.degree) for a, y in zip(self.weights, self.coordinates(x), strict=True)]
        return nb.divide(sum(terms, fmpq(0)), fmpq(self.degree))

    def gradient(self, x: Rows) -> Rows:
        slopes = [a * y * self._power(y, self.degree - 2) for a, y in zip(self.weights, self.coordinates(x), strict=True)]
        return matmul(self.frame, tuple((v,) for v in slopes))

    def flow(self, start: Rows) -> PowerFlow:
        """The path with x' = -grad H(x), x(0) = start."""
        return PowerFlow(self, start)

    def rates(self, start: Rows) -> list[Any]:
        """b_i where coordinate i of the flow is y_i (1 + b_i t)^(-1/(degree - 2)); it ends at t = -1/b_i (degree > 2)."""
        m = self.degree - 2
        return [m * a * self._power(y, m) for a, y in zip(self.weights, self.coordinates(start), strict=True)]

    def factor(self, a: fmpq, y: Any, time: Any) -> Any:
        """What the flow multiplies the coordinate y of weight a by; Undefined outside the maximal interval."""
        if self.degree == 2:
            return nb.exp(-a * time)
        m = self.degree - 2
        base = 1 + m * a * self._power(y, m) * time
        if nb.sign_of(base) != 1:
            raise Undefined("the flow has left its maximal interval")
        return nb.power(base, fmpq(-1, m))

    def coordinates(self, x: Rows) -> list[Any]:
        return [row[0] for row in matmul(tuple(zip(*self.frame, strict=True)), x)]

    def _power(self, y: Any, k: int) -> Any:
        if nb.sign_of(y) == 0 and k > 0 and not self.polynomial:
            return fmpq(0)
        return nb.power(y if self.polynomial else nb.absolute(y), fmpq(k))


@dataclass(frozen=True)
class PowerFlow:
    """The flow line of a PowerSum from `start`, in closed form; Undefined outside its maximal interval."""

    cost: PowerSum
    start: Rows

    def __call__(self, time: Any) -> Rows:
        pairs = zip(self.cost.weights, self.cost.coordinates(self.start), strict=True)
        return matmul(self.cost.frame, tuple((y * self.cost.factor(a, y, time),) for a, y in pairs))

    def __repr__(self) -> str:
        return f"the flow line from {show(self.start)}"


def power_sum(source: Source, env: Env, polynomial: bool | None = None) -> PowerSum:
    """A PowerSum in n variables of degree k (both from env): weights of both signs and zero, often rotated."""
    n, k = env["n"], env["k"]
    plain = bool(source.integer(0, 1)) if polynomial is None else polynomial
    return PowerSum(k, tuple(rational(source) for _ in range(n)), orthogonal(source, n), plain)


def time_before_blow_up(source: Source, rates: Sequence[Any]) -> fmpq:
    """A time >= 0 inside the maximal interval: 1 + rate * t stays positive for every rate."""
    worst = max([-r for r in rates] + [fmpq(0)])
    t = abs(rational(source))
    return t if worst == 0 else t / (1 + t) / worst


def enclosed_path(cost: Any, start: Rows, until: fmpq) -> Callable[[Any], Rows]:
    """The flow line of a polynomial cost as a callable of the time, in balls, by rigorous Taylor steps up to `until` > 0."""
    from theorycheck.enclose import taylor
    from theorycheck.enclose.precision import ball

    def field(y: Sequence[Any]) -> list[Any]:
        return [-row[0] for row in cost.gradient(tuple((v,) for v in y))]

    flow = taylor.integrate(field, [row[0] for row in start], [until])

    def at(time: Any) -> Rows:
        t = ball(time)
        for s in flow.segments:
            if bool(t >= ball(s.start)) and bool(t <= ball(s.stop)):
                return tuple((q(t - ball(s.origin)) + arb(0, s.radius),) for q in s.polynomial)
        raise Undefined(f"the time {time} lies on no segment of the enclosure")

    return at


def engine_path(gradient: Callable[[Any], Any], start: Sequence[float]) -> Callable[[Any], Rows]:
    """The flow line as a callable of the time, on the engine (float64); `gradient` maps (b, n) arrays."""
    import numpy as np

    from theorycheck import flow

    def at(time: Any) -> Rows:
        t = float(nb.to_arb(time).mid())
        if t == 0:
            return tuple((arb(v),) for v in start)
        done = flow.integrate(flow.gradient_flow(gradient), np.array([start], float), t, rtol=1e-11, atol=1e-13)
        return tuple((arb(float(v)),) for v in done.y[0])

    return at


def with_escape_direction(source: Source, env: Env) -> PowerSum:
    """A PowerSum in n variables of degree k whose gradient at rho, column 0 of the orthogonal `frame`, is parallel to rho.

    rho is an axis of the frame, or (degree > 2) a point where all coordinates are in balance: a_i |y_i|^(k-2) is constant.
    """
    k, frame = env["k"], env["frame"]
    axis = power_sum(source, env)
    plain = PowerSum(k, axis.weights, frame, axis.polynomial)
    turned = orthogonal(source, env["n"])
    other = PowerSum(k, axis.weights, turned, axis.polynomial)
    y = other.coordinates(tuple((row[0],) for row in frame))
    if k == 2 or source.integer(0, 1) or any(v == 0 for v in y):
        return plain
    signs = [v if axis.polynomial else abs(v) for v in y]
    return PowerSum(k, tuple(axis.weights[0] * v ** (2 - k) for v in signs), turned, axis.polynomial)


def least_on_sphere(cost: PowerSum) -> fmpq | None:
    """The minimum of the cost on the unit sphere where it is attained on an axis of the frame, else None.

    With a weight <= 0 (or an odd polynomial) H >= min(a) sum |y_i|^k / k >= min(a) / k, since sum |y_i|^k <= 1.
    """
    if cost.polynomial and cost.degree % 2:
        return -max(abs(a) for a in cost.weights) / cost.degree
    least = min(cost.weights)
    return least / cost.degree if least <= 0 or cost.degree == 2 else None


def axis(env: Env, k: int) -> Rows:
    """The axis number k (from 0) of the frame of a PowerSum: a direction in which the gradient is parallel to the point."""
    return tuple((row[k],) for row in env["frame"])


def first_axis(env: Env) -> Rows:
    return axis(env, 0)


def lowest_first(source: Source, env: Env) -> PowerSum:
    """A cost whose minimum on the sphere is at the first axis of the frame."""
    cost = power_sum(source, env)
    lowest = -max(abs(w) for w in cost.weights) - abs(rational(source))
    return PowerSum(cost.degree, (lowest, *cost.weights[1:]), env["frame"], cost.polynomial)


def at_the_minimum(source: Source, env: Env) -> Env:
    """The escape direction is the minimizer; half of the time of a positive quadratic form."""
    moved = {**env, "rho": env["rho_best"]}
    if source.integer(0, 1):
        weights = tuple(fmpq(k + 1) for k in range(env["n"]))
        moved |= {"k": 2, "H": PowerSum(2, weights, env["frame"]), "m": fmpq(1, 2)}
    return {**moved, "s": moved["k"] * moved["m"]}
