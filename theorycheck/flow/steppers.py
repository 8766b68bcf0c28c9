"""One-step methods on a batch of states: the eighth-order Runge-Kutta method DOP853, and plain gradient descent.

A stepper works on K, a buffer of shape (rows, b, P): K[0] holds the right-hand side at the start of the step on entry,
K[-1] the one at its end on return. Samples do not mix: every sum runs along rows of K, elementwise in the samples.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np

from theorycheck.flow.checks import Array, positive

Rhs = Callable[[Array, Array, Array], None]
"""rhs(t, y, out): writes dy/dt at times t of shape (b,) and states y of shape (b, P) into out, any b."""


@dataclass(frozen=True)
class Tolerances:
    """A step is accepted when the root mean square of its error / (atol + rtol |y|) over the P components is <= 1."""

    rtol: float
    atol: float

    def scale(self, y: Array, y_new: Array) -> Array:
        """atol + rtol max(|y|, |y_new|)."""
        size = np.abs(y)
        np.maximum(size, np.abs(y_new), out=size)
        size *= self.rtol
        size += self.atol
        return size


@dataclass(frozen=True, eq=False)
class Stepper:
    """A method as three functions.

    attempt(rhs, tolerances, t, y, h, K, y_new) -> error: writes y_new; error of shape (b,), <= 1 where the step is good
        enough, inf where it is not finite.
    dense(rhs, t, y, h, y_new, K) -> coefficients C of shape (m, b, P) of the path inside the step.
    path(y, C, x) -> states on it at fractions x in [0, 1], shape (b,), of the step.
    A `fixed_step` is taken as it is; else steps follow the error, which falls like h^order.
    """

    name: str
    order: int
    rows: int
    rhs_per_step: int
    attempt: Callable[[Rhs, Tolerances, Array, Array, Array, Array, Array], Array]
    dense: Callable[[Rhs, Array, Array, Array, Array, Array], Array]
    path: Callable[[Array, Array, Array], Array]
    rhs_per_dense: int = 0
    fixed_step: float | None = None


@dataclass(frozen=True, eq=False)
class Tableau:
    """A: (16, 16) and c: (16,), stages 13 to 15 for dense output only; b: (12,); E: (2, 13) error rows; D: (4, 16)."""

    A: Array
    b: Array
    c: Array
    E: Array
    D: Array


@cache
def dop853_tableau() -> Tableau:
    """Coefficients of DOP853 (Hairer, Norsett, Wanner I, II.5), from SciPy; imported here because it takes 0.4 s."""
    from scipy.integrate import DOP853 as S

    A = np.zeros((16, 16))
    A[:12, :12], A[12, :12], A[13:] = S.A, S.B, S.A_EXTRA
    return Tableau(A, S.B, np.concatenate([S.C, [1.0], S.C_EXTRA]), np.stack([S.E5, S.E3]), S.D)


def _stage(rhs: Rhs, s: int, t: Array, y: Array, h: Array, K: Array, state: Array) -> None:
    """Fills K[s] from K[:s], with one matrix-vector product for all samples; `state` is where it was taken."""
    T = dop853_tableau()
    np.dot(T.A[s, :s], K[:s].reshape(s, -1), out=state.reshape(-1))
    state *= h[:, None]
    state += y
    rhs(t + T.c[s] * h, state, K[s])


def _dop853_attempt(rhs: Rhs, tol: Tolerances, t: Array, y: Array, h: Array, K: Array, y_new: Array) -> Array:
    for s in range(1, 13):  # the last stage lies at the end of the step
        _stage(rhs, s, t, y, h, K, y_new)
    scaled = np.dot(dop853_tableau().E, K.reshape(13, -1)).reshape(2, *y.shape)
    scaled /= tol.scale(y, y_new)
    fifth, third = np.einsum("ebp,ebp->eb", scaled, scaled)
    total = fifth + 0.01 * third
    error = np.abs(h) * np.where(total == 0, 0.0, fifth / np.sqrt(np.where(total == 0, 1.0, total) * y.shape[1]))
    return np.where(np.isfinite(error) & np.isfinite(K[-1]).all(axis=1), error, np.inf)


def _dop853_dense(rhs: Rhs, t: Array, y: Array, h: Array, y_new: Array, K: Array) -> Array:
    full, state = np.empty((16, *y.shape)), np.empty_like(y)
    full[:13] = K
    for s in (13, 14, 15):
        _stage(rhs, s, t, y, h, full, state)
    H, gap = h[:, None], y_new - y
    C = np.empty((7, *y.shape))
    C[0], C[1], C[2] = gap, H * K[0] - gap, 2 * gap - H * (K[-1] + K[0])
    C[3:] = H * np.dot(dop853_tableau().D, full.reshape(16, -1)).reshape(4, *y.shape)
    return C


def _dop853_path(y: Array, C: Array, x: Array) -> Array:
    """y + x (C0 + (1-x) (C1 + x (C2 + (1-x) (C3 + ..)))): order 7 inside the step."""
    out, x = np.zeros_like(y), x[:, None]
    for i in range(6, -1, -1):
        out = (out + C[i]) * (x if i % 2 == 0 else 1 - x)
    return out + y


@cache
def dop853() -> Stepper:
    """Embedded Runge-Kutta of order 8 with error estimates of order 5 and 3 and a dense output of order 7."""
    return Stepper("dop853", 8, 13, 12, _dop853_attempt, _dop853_dense, _dop853_path, rhs_per_dense=3)


def _descent_attempt(rhs: Rhs, tol: Tolerances, t: Array, y: Array, h: Array, K: Array, y_new: Array) -> Array:
    np.multiply(h[:, None], K[0], out=y_new)
    y_new += y
    rhs(t + h, y_new, K[1])
    return np.where(np.isfinite(K[1]).all(axis=1), 0.0, np.inf)


def _straight(rhs: Rhs, t: Array, y: Array, h: Array, y_new: Array, K: Array) -> Array:
    out: Array = (y_new - y)[None]
    return out


def _straight_path(y: Array, C: Array, x: Array) -> Array:
    out: Array = y + x[:, None] * C[0]
    return out


def descent(learning_rate: float) -> Stepper:
    """Plain gradient descent, y + learning_rate * rhs, each step learning_rate of time; straight between iterates."""
    step = positive("learning_rate", learning_rate)
    return Stepper("descent", 1, 2, 1, _descent_attempt, _straight, _straight_path, fixed_step=step)
