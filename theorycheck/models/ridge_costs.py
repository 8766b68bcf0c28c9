"""Instances for a cost C of the matrix with ridge lambda on the layers: C(x) = weight/2 |x - centre|^2 + least, whose
Schatten cost K(x) = C(x) + lambda L |x|_p^p, p = 2/L, is least at the matrix A = c U diag(s) V^T of the instance."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flint import fmpq

from theorycheck.domain import Env, Source, rational
from theorycheck.evaluate.numbers import Undefined, power
from theorycheck.evaluate.values import Rows, add, inner, matmul, scale
from theorycheck.models.balanced import stretched
from theorycheck.models.costs import diagonal
from theorycheck.models.networks import balanced_network, transpose

HEAVIER = 30  # weights that are tried, each four times the last one


@dataclass(frozen=True)
class Distance:
    """C(x) = weight / 2 |x - centre|^2 + least, any shape."""

    weight: Any
    centre: Rows
    least: Any

    def value(self, x: Rows) -> Any:
        d = add(x, scale(fmpq(-1), self.centre))
        return self.weight / 2 * inner(d, d) + self.least


def centre(x: Any, weight: Any, ridge: Any, depth: int) -> Any:
    """The centre for which x is stationary: x + 2 lambda x^(2/L - 1) / weight."""
    return x + 2 * ridge * power(x, fmpq(2, depth) - 1) / weight if x else x


def is_least(x: Any, weight: Any, ridge: Any, depth: int) -> bool:
    """Whether x > 0 minimizes weight/2 (x - centre)^2 + ridge L x^(2/L) over x >= 0: a local minimum, and not above x = 0."""
    if not x:
        return True
    at, curved = centre(x, weight, ridge, depth), fmpq(2, depth) - 1
    value = weight / 2 * (x - at) ** 2 + ridge * depth * power(x, fmpq(2, depth))
    return bool(weight + 2 * ridge * curved * power(x, curved - 1) >= 0 and value <= weight / 2 * at**2)


def _values(env: Env) -> list[Any]:
    """The singular values of A."""
    return [env["c"] * v for v in env["s"].values()]


def _assembled(env: Env, weight: Any) -> Rows:
    """The centre of the cost of this weight that is least at A."""
    centres = [centre(x, weight, env["lambda"], env["L"]) for x in _values(env)]
    return matmul(matmul(env["Q"][env["L"]], diagonal(centres)), transpose(env["Q"][0]))


def minimal_at_a(source: Source, env: Env) -> Distance:
    """A cost with minimizer A of K, heavy enough for A to be a global one; Undefined where none is, as for c < 0."""
    weight = fmpq(2) ** source.integer(0, 3)
    for _ in range(HEAVIER):
        if all(is_least(x, weight, env["lambda"], env["L"]) for x in _values(env)):
            return Distance(weight, _assembled(env, weight), rational(source))
        weight *= 4
    raise Undefined(f"no weight below {weight} makes A a minimizer")


def least_value(env: Env) -> Any:
    """K at its minimizer A, in rationals: the singular values of A are L-th powers."""
    quasinorm = sum((power(x, fmpq(2, env["L"])) for x in _values(env)), fmpq(0))
    return env["C"].value(env["A"]) + env["lambda"] * env["L"] * quasinorm


def least_at_a(env: Env) -> bool:
    """The instance was built so that A is a global minimizer of K; checked again from the cost and the singular values."""
    weight = env["C"].weight
    least = all(is_least(x, weight, env["lambda"], env["L"]) for x in _values(env))
    return least and _assembled(env, weight) == env["C"].centre


def at_most_least(name: str) -> Callable[[Env], bool]:
    """Whether a number of the instance is at most the minimum of K at A, which is that of F as well."""
    return lambda env: bool(least_at_a(env) and env[name] <= least_value(env))


def below_minimum(source: Source, env: Env) -> Any:
    return least_value(env) - abs(rational(source))


def at_the_minimum(source: Source, env: Env) -> dict[str, Any]:
    """b as large as it can be."""
    return {**env, "b": least_value(env)}


def at_other_parameters(source: Source, env: Env) -> Env:
    """W gives A by layers that are too long, and m_F is what they come to."""
    moved = stretched(env)
    size = sum((inner(x, x) for x in moved.values()), fmpq(0))
    return {**env, "W": moved, "m_F": env["C"].value(env["A"]) + env["lambda"] * size}


def no_minimum(env: Env) -> Distance:
    """C(x) = -(lambda L + 1) |x|^2 at scalar layers all equal to 1 + |m|: F = -(lambda L + 1) a^(2L) + lambda L a^2 < m."""
    return Distance(-2 * (env["lambda"] * env["L"] + 1), ((fmpq(0),),), fmpq(0))


def balanced_layers(source: Source, env: Env) -> dict[str, Any]:
    """The equality case: balanced layers."""
    return {**env, "W": balanced_network(source, env["n"])}
