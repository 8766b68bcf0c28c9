"""Functions and paths that an instance may have, by kind, read from their data; each checks what its formulas rest on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flint import fmpq

from ..core import need
from .matrices import Rows, difference, exact, identity, inner, plus, product, scaled, transposed
from .numbers import NoValue, absolute, divide, exponential, known_sign, power

HALF = fmpq(1, 2)


def column(values: Any) -> Rows:
    return tuple((v,) for v in values)


@dataclass(frozen=True)
class Quadratic:
    """1/2 (x - centre)^T hessian (x - centre) + least, for a symmetric hessian."""

    hessian: Rows
    centre: Rows
    least: Any

    def __post_init__(self) -> None:
        square = len(self.hessian) == len(self.hessian[0]) == len(self.centre)
        need(square and exact(self.hessian) and self.hessian == transposed(self.hessian), "a Hessian that is not symmetric")

    def value(self, x: Rows) -> Any:
        d = difference(x, self.centre)
        return HALF * inner(d, product(self.hessian, d)) + self.least

    def gradient(self, x: Rows) -> Rows:
        return product(self.hessian, difference(x, self.centre))


@dataclass(frozen=True)
class Bowl(Quadratic):
    """The same, with the eigenvectors (columns of axes, orthonormal) and eigenvalues of the Hessian."""

    axes: Rows
    curvatures: tuple[Any, ...]

    def __post_init__(self) -> None:
        super().__post_init__()
        n = len(self.hessian)
        diagonal = tuple(tuple(self.curvatures[i] if i == j else fmpq(0) for j in range(n)) for i in range(n))
        need(product(transposed(self.axes), self.axes) == identity(n), "axes that are not orthonormal")
        need(product(product(self.axes, diagonal), transposed(self.axes)) == self.hessian, "axes that are not eigenvectors")


@dataclass(frozen=True)
class BowlPath:
    """x(t) = centre + sum_i a_i e^(-curvature_i t) axis_i: x' = -hessian (x - centre), x(0) = start."""

    cost: Bowl
    start: Rows
    coordinates: Rows

    def __post_init__(self) -> None:
        arm = product(transposed(self.cost.axes), difference(self.start, self.cost.centre))
        need(self.coordinates == arm, "coordinates that are not those of the start")

    def _point(self, shares: Any) -> Rows:
        return plus([self.cost.centre, product(self.cost.axes, column(shares))])  # type: ignore[no-any-return]

    def at(self, t: Any) -> Rows:
        pairs = zip(self.coordinates, self.cost.curvatures, strict=True)
        return self._point(a * exponential(fmpq(-1) * c * t) if a and c else a for (a,), c in pairs)

    def end(self) -> Rows:
        """The limit for t to infinity: a curved axis is left, a flat one is kept."""
        pairs = list(zip(self.coordinates, self.cost.curvatures, strict=True))
        need(all(c > 0 or (not a) or (not c) for (a,), c in pairs), "a path that does not converge")
        return self._point(fmpq(0) if c else a for (a,), c in pairs)


@dataclass(frozen=True)
class Distance:
    """weight/2 |x - centre|^2 + least, for matrices x."""

    weight: Any
    centre: Rows
    least: Any

    def value(self, x: Rows) -> Any:
        d = difference(x, self.centre)
        return self.weight * HALF * inner(d, d) + self.least

    def gradient(self, x: Rows) -> Rows:
        return scaled(self.weight, difference(x, self.centre))  # type: ignore[no-any-return]


@dataclass(frozen=True)
class PowerSum:
    """(1/k) sum_i w_i |y_i|^k, of a polynomial (1/k) sum_i w_i y_i^k, with y = frame^T x, frame orthogonal, k >= 2."""

    degree: Any
    weights: tuple[Any, ...]
    frame: Rows
    polynomial: bool

    def __post_init__(self) -> None:
        need(self.degree.denom() == 1 and 2 <= self.degree <= 40, "a degree that is no integer from 2 on")
        need(product(transposed(self.frame), self.frame) == identity(len(self.weights)), "a frame that is not orthonormal")
        need(len(self.frame) == len(self.weights) and type(self.polynomial) is bool, "weights that do not fit the frame")

    def coordinates(self, x: Rows) -> list[Any]:
        return [row[0] for row in product(transposed(self.frame), x)]

    def size_power(self, y: Any, k: Any) -> Any:
        return power(y if self.polynomial or not k or not known_sign(y) else absolute(y), k)

    def value(self, x: Rows) -> Any:
        terms = [w * self.size_power(y, self.degree) for w, y in zip(self.weights, self.coordinates(x), strict=True)]
        return divide(plus(terms), self.degree)

    def gradient(self, x: Rows) -> Rows:
        pairs = zip(self.weights, self.coordinates(x), strict=True)
        return product(self.frame, column(w * y * self.size_power(y, self.degree - 2) for w, y in pairs))


@dataclass(frozen=True)
class PowerFlow:
    """y_i(t) = y_i e^(-w_i t) for k = 2, else y_i (1 + (k-2) w_i |y_i|^(k-2) t)^(-1/(k-2)) (y_i^(k-2) of a polynomial)."""

    cost: PowerSum
    start: Rows

    def at(self, t: Any) -> Rows:
        pairs = zip(self.cost.weights, self.cost.coordinates(self.start), strict=True)
        return product(self.cost.frame, column(y * self._factor(w, y, t) for w, y in pairs))

    def _factor(self, w: Any, y: Any, t: Any) -> Any:
        m = self.cost.degree - 2
        if m == 0:
            return exponential(fmpq(-1) * w * t)
        base = fmpq(1) + m * w * self.cost.size_power(y, m) * t
        if known_sign(base) <= 0:
            raise NoValue("the path has left its maximal interval")
        return power(base, fmpq(-1) / m)


KINDS: dict[str, Any] = {k.__name__: k for k in (Quadratic, Bowl, BowlPath, Distance, PowerSum, PowerFlow)}


def made(kind: str, data: dict[str, Any]) -> Any:
    """A function or path of this kind, if its data are what its fields are declared to be."""
    fields = KINDS[kind].__dataclass_fields__
    need(set(data) == set(fields), f"the fields of a {kind}")
    for name, x in data.items():
        need(_fits(x, fields[name].type), f"the field {name} of a {kind}")
    return KINDS[kind](**data)


def _fits(x: Any, declared: str) -> bool:
    """Any stands for a rational here."""
    if declared == "Rows":
        return isinstance(x, tuple) and bool(x) and all(_fits(r, "tuple[Any, ...]") and len(r) == len(x[0]) > 0 for r in x)
    if declared == "tuple[Any, ...]":
        return isinstance(x, tuple) and all(isinstance(v, fmpq) for v in x)
    return isinstance(x, {"Any": fmpq, "bool": bool, **KINDS}[declared])
