"""Costs C on matrices A of shape (n_L, n_0): values, gradients, Hessian products, for batches too.

Each cost is a frozen value; `beta` is a constant of the PL inequality 1/2 ||grad C||^2 >= beta (C - minimum) where one
is known (Definition 1 of the paper, line 59), `minimum` the smallest value of C where it is known.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np

from theorycheck.errors import InputError
from theorycheck.flow.checks import Array, finite_array, positive


class Cost(Protocol):
    """What the engine asks of a cost. A and E have shape (..., n_L, n_0); values have shape (...)."""

    @property
    def shape(self) -> tuple[int, int] | None:
        """(n_L, n_0), or None where the cost takes any."""

    @property
    def beta(self) -> float | None:
        """PL constant, None where unknown."""

    @property
    def minimum(self) -> float | None:
        """Smallest value of the cost, None where unknown."""

    @property
    def value(self) -> Callable[[Array], Array]:
        """A -> C(A)."""

    @property
    def gradient(self) -> Callable[[Array], Array]:
        """A -> gradient of C at A, of the shape of A."""

    @property
    def hessian_action(self) -> Callable[[Array, Array], Array]:
        """(A, E) -> second derivative of C at A applied to E, of the shape of E."""


def _entry_sum(M: Array) -> Array:
    out: Array = M.sum(axis=(-2, -1))
    return out


@dataclass(frozen=True, eq=False)
class MeanSquaredError:
    """C(A) = ||A X - Y||^2 / N for X of shape (n_0, N) and Y of shape (n_L, N) (paper, line 68).

    The data enter once, through the singular value decomposition of X: afterwards N costs nothing. With F F^T = X X^T /
    N the value is minimum + ||A F - R||^2, so it keeps its relative accuracy down to the minimum.
    Raises InputError when X or Y has NaN or infinity, or when they differ in N.
    """

    X: Array
    Y: Array

    def __post_init__(self) -> None:
        X = finite_array("X", self.X, (None, None))
        finite_array("Y", self.Y, (None, X.shape[1]))

    @property
    def shape(self) -> tuple[int, int]:
        return self.Y.shape[0], self.X.shape[0]

    @cached_property
    def factors(self) -> tuple[Array, Array, float]:
        """F of shape (n_0, r), R of shape (n_L, r), and the part of the value that no A can remove; r = rank of X."""
        X, Y = (np.asarray(M, dtype=np.float64) / np.sqrt(self.X.shape[1]) for M in (self.X, self.Y))
        U, s, Vt = np.linalg.svd(X, full_matrices=False)
        rank = int(np.sum(s > s[0] * max(X.shape) * np.finfo(float).eps))
        F, R = U[:, :rank] * s[:rank], Y @ Vt[:rank].T
        return F, R, float(np.sum((Y - R @ Vt[:rank]) ** 2))

    @cached_property
    def moments(self) -> tuple[Array, Array]:
        """X X^T / N of shape (n_0, n_0), Y X^T / N of shape (n_L, n_0)."""
        F, R, _ = self.factors
        return F @ F.T, R @ F.T

    @cached_property
    def _doubled(self) -> tuple[Array, Array]:
        XX, YX = self.moments
        return 2.0 * XX, 2.0 * YX

    @property
    def beta(self) -> float | None:
        """2 s^2 / N, s the smallest *nonzero* singular value of X: sharp for every rank of X; None for X = 0."""
        F = self.factors[0]
        return 2 * float(np.linalg.svd(F, compute_uv=False)[-1]) ** 2 if F.shape[1] else None

    @property
    def minimum(self) -> float:
        return self.factors[2]

    def value(self, A: Array) -> Array:
        F, R, rest = self.factors
        return _entry_sum((A @ F - R) ** 2) + rest

    def gradient(self, A: Array) -> Array:
        XX, YX = self._doubled
        G = (A.reshape(-1, A.shape[-1]) @ XX).reshape(A.shape)  # one product for the whole batch
        G -= YX
        return G

    def hessian_action(self, A: Array, E: Array) -> Array:
        return 2.0 * (E @ self.moments[0])


@dataclass(frozen=True, eq=False)
class MatrixCompletion:
    """C(A) = (1/N) sum_i (A[k_i, m_i] - v_i)^2 over N observed entries (paper, line 69); `rows`, `cols` count from 0.

    Entries observed more than once count each time. Raises InputError when the lists differ in length, an index lies
    outside `shape` = (n_L, n_0), or a value is not finite.
    """

    rows: tuple[int, ...]
    cols: tuple[int, ...]
    values: tuple[float, ...]
    shape: tuple[int, int]

    def __post_init__(self) -> None:
        values = finite_array("values", self.values, (None,))
        for name, index, size in (("rows", self.rows, self.shape[0]), ("cols", self.cols, self.shape[1])):
            if len(index) != len(values):
                raise InputError(f"{name}: {len(index)} indices for {len(values)} values; give one per observed entry")
            if any(i != int(i) or not 0 <= i < size for i in index):
                raise InputError(f"{name}: an index lies outside 0..{size - 1}; count from 0 inside shape {self.shape}")

    @cached_property
    def observed(self) -> tuple[Array, Array, float]:
        """Share of the N observations at each entry, their mean there, and the part of the value no A can remove."""
        at = (np.asarray(self.rows, dtype=int), np.asarray(self.cols, dtype=int))
        values = np.asarray(self.values, dtype=np.float64)
        counts, sums = np.zeros(self.shape), np.zeros(self.shape)
        np.add.at(counts, at, 1.0)
        np.add.at(sums, at, values)
        mean = sums / np.maximum(counts, 1.0)
        return counts / len(values), mean, float(np.mean((values - mean[at]) ** 2))

    @property
    def beta(self) -> float:
        """2 c / N with c the smallest multiplicity of an observed entry: sharp, and at least the paper's 2 / N."""
        share = self.observed[0]
        return 2 * float(share[share > 0].min())

    @property
    def minimum(self) -> float:
        return self.observed[2]

    def value(self, A: Array) -> Array:
        share, mean, rest = self.observed
        return _entry_sum(share * (A - mean) ** 2) + rest

    def gradient(self, A: Array) -> Array:
        share, mean, _ = self.observed
        return 2.0 * share * (A - mean)

    def hessian_action(self, A: Array, E: Array) -> Array:
        return 2.0 * self.observed[0] * E


@dataclass(frozen=True, eq=False)
class Quadratic:
    """C(A) = minimum + 1/2 v^T H v with v = vec(A - centre), rows of A one after the other.

    H of shape (n, n), n = n_L n_0, symmetric and positive semidefinite; centre of shape (n_L, n_0).
    Raises InputError when H is not, beyond rounding, or the shapes do not fit.
    """

    H: Array
    centre: Array
    minimum: float = 0.0

    def __post_init__(self) -> None:
        centre = finite_array("centre", self.centre, (None, None))
        H = finite_array("H", self.H, (centre.size, centre.size))
        slack = 1e-12 * np.abs(H).max()
        if np.abs(H - H.T).max() > slack:
            raise InputError("H: not symmetric; pass (H + H.T) / 2, which gives the same values")
        if self._spectrum[0] < -slack * len(H):
            raise InputError(f"H: has eigenvalue {self._spectrum[0]:.3g} < 0; pass a positive semidefinite matrix")

    @cached_property
    def _spectrum(self) -> Array:
        return np.linalg.eigvalsh(np.asarray(self.H, dtype=np.float64))

    @property
    def shape(self) -> tuple[int, int]:
        return self.centre.shape[0], self.centre.shape[1]

    @property
    def beta(self) -> float | None:
        """The smallest nonzero eigenvalue of H, which is sharp; None for H = 0."""
        lam = self._spectrum
        above = lam[lam > lam[-1] * len(lam) * np.finfo(float).eps]
        return float(above[0]) if above.size else None

    def value(self, A: Array) -> Array:
        V = A - self.centre
        return self.minimum + 0.5 * _entry_sum(V * self.hessian_action(A, V))

    def gradient(self, A: Array) -> Array:
        return self.hessian_action(A, A - self.centre)

    def hessian_action(self, A: Array, E: Array) -> Array:
        out: Array = (E.reshape(-1, len(self.H)) @ self.H).reshape(E.shape)
        return out


@dataclass(frozen=True, eq=False)
class SquaredDistance:
    """C(A) = scale ||A - target||^2 for target of shape (n_L, n_0) and scale > 0 (else InputError); beta = 2 scale."""

    target: Array
    scale: float = 1.0
    minimum: float = 0.0

    def __post_init__(self) -> None:
        finite_array("target", self.target, (None, None))
        positive("scale", self.scale)

    @property
    def shape(self) -> tuple[int, int]:
        return self.target.shape[0], self.target.shape[1]

    @property
    def beta(self) -> float:
        return 2.0 * self.scale

    def value(self, A: Array) -> Array:
        return self.scale * _entry_sum((A - self.target) ** 2) + self.minimum

    def gradient(self, A: Array) -> Array:
        return 2.0 * self.scale * (A - self.target)

    def hessian_action(self, A: Array, E: Array) -> Array:
        return 2.0 * self.scale * E


def _no_hessian(A: Array, E: Array) -> Array:
    raise InputError("hessian_action: this cost was given none; pass UserCost(..., hessian_action=...)")


@dataclass(frozen=True, eq=False)
class UserCost:
    """A cost from functions: for A of shape (b, n_L, n_0), any b, value gives (b,) and gradient (b, n_L, n_0).

    They may meet entries that are NaN or infinite, in trial steps that are then rejected, and must not raise on them.
    """

    value: Callable[[Array], Array]
    gradient: Callable[[Array], Array]
    hessian_action: Callable[[Array, Array], Array] = _no_hessian
    beta: float | None = None
    minimum: float | None = None
    shape: tuple[int, int] | None = None


def check_cost(cost: Cost, A: Array) -> None:
    """InputError unless value and gradient of `cost` at A of shape (b, n_L, n_0) have shapes (b,) and A.shape."""
    if cost.shape is not None and cost.shape != A.shape[1:]:
        raise InputError(f"cost: is for matrices of shape {cost.shape}, the network gives {A.shape[1:]}; change one")
    for name, function, wanted in (("value", cost.value, A.shape[:1]), ("gradient", cost.gradient, A.shape)):
        got = np.shape(function(A))
        if got != wanted:
            raise InputError(f"cost: its {name} has shape {got} at A of shape {A.shape}; return shape {wanted}")
