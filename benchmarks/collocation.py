"""Reference solutions for stiff flows: Radau IIA with eight stages (order 15), residuals in extended precision.

Nothing here is shared with the engine: other method, other right-hand side, other precision (80 bits where the machine
has them). The Newton iteration uses a float64 Jacobian; only its speed depends on that, not its limit. One sample at a
time: for small networks, and for the reduced form of balanced ones.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import mpmath
import numpy as np

from benchmarks.scipy_field import Field
from benchmarks.works import Form
from theorycheck.flow.checks import Array

STAGES = 8
Long = np.longdouble


@dataclass(frozen=True, eq=False)
class Tableau:
    """A: (s, s) extended; last: row that reads the highest Legendre coefficient off the stage values of f;
    eigen, V, V_inv: of the inverse of A, float64."""

    A: Any
    last: Any
    eigen: Any
    V: Any
    V_inv: Any


def _long(x: Any) -> Any:
    return Long(mpmath.nstr(x, 25))


@cache
def tableau() -> Tableau:
    """Nodes: the zeros of P_s - P_(s-1) on [0, 1], 1 among them; A integrates the interpolating polynomials."""
    with mpmath.workdps(60):
        s = STAGES
        legendre = [mpmath.taylor(lambda x, k=k: mpmath.legendre(k, 2 * x - 1), 0, k)[::-1] for k in range(s + 1)]
        difference = [a - b for a, b in zip(legendre[s], [0, *legendre[s - 1]], strict=True)]
        c = sorted(mpmath.re(z) for z in mpmath.polyroots(difference, maxsteps=500, extraprec=400))
        powers = mpmath.matrix(s, s)
        for i in range(s):
            for j in range(s):
                powers[i, j] = c[i] ** j
        inverse = powers**-1
        integrals = mpmath.matrix(s, s)
        for i in range(s):
            for j in range(s):
                integrals[i, j] = c[i] ** (j + 1) / (j + 1)
        A = integrals * inverse
        values = mpmath.matrix(s, s)
        for i in range(s):
            for j in range(s):
                values[i, j] = mpmath.polyval(legendre[j], c[i])
        last = (values**-1)[s - 1, :]
        A_long = np.array([[_long(A[i, j]) for j in range(s)] for i in range(s)])
        last_long = np.array([_long(last[j]) for j in range(s)])
    eigen, V = np.linalg.eig(np.linalg.inv(A_long.astype(np.float64)))
    return Tableau(A_long, last_long, eigen, V, np.linalg.inv(V))


class LongFlow:
    """The gradient flow of one network in extended precision, stages at once."""

    def __init__(self, shapes: Sequence[tuple[int, int]], form: Form) -> None:
        self.field = Field(shapes, form)
        self.form = form.converted(lambda a: np.asarray(a, dtype=Long))

    def __call__(self, Y: Any) -> Any:
        """-gradient at states (s, P)."""
        W = [Y[:, a:b].reshape(-1, *shape) for (a, b), shape in self.field.places]
        R = [W[0]]
        for V in W[1:]:
            R.append(V @ R[-1])
        D = self.form.downhill(R[-1])
        parts = []
        for l in range(len(W) - 1, 0, -1):
            parts.append((D @ R[l - 1].swapaxes(1, 2)).reshape(len(Y), -1))
            D = W[l].swapaxes(1, 2) @ D
        parts.append(D.reshape(len(Y), -1))
        return np.concatenate(parts[::-1], axis=1)

    def product(self, y: Any) -> Any:
        W = [y[a:b].reshape(shape) for (a, b), shape in self.field.places]
        A = W[0]
        for V in W[1:]:
            A = V @ A
        return A

    def step(self, y: Any, h: Any, scale: Any) -> tuple[Any, float]:
        """(state after h, size of the highest Legendre coefficient over scale); inf where Newton fails."""
        T = tableau()
        J = self.field.jacobian(y.astype(np.float64))
        solve = np.linalg.inv(T.eigen[:, None, None] * np.eye(len(y)) - float(h) * J)
        Z, before = np.zeros((STAGES, len(y)), dtype=Long), np.inf
        for _ in range(40):
            F = self(y + Z)
            residual = (h * (T.A @ F) - Z) / scale
            left = np.linalg.solve(T.A.astype(np.float64), residual.astype(np.float64))
            update = (T.V @ np.einsum("sij,sj->si", solve, T.V_inv @ left)).real
            Z = Z + update * scale
            size = float(np.abs(update).max())
            if not np.isfinite(size) or size > 2 * before:
                return y, np.inf
            if size < 1e-18 or (size < 1e-15 and size > 0.3 * before):
                return y + Z[-1], float(np.abs(h * (T.last @ F) / scale).max())
            before = size
        return y, np.inf


Stop = tuple[Array, Array, float] | None


def flow_to(run: LongFlow, y0: Array, T: float, tolerance: float, stop: Stop) -> tuple[float, Array, int]:
    """(t, A, steps): at T, or, with stop = (u, v, height), at a float64 time within rounding of u^T A v = height."""
    y, t, steps = y0.astype(Long), Long(0), 0
    h = Long(min(T, 1.0) * 1e-3)

    def height(state: Any) -> float:
        assert stop is not None
        return float(stop[0] @ run.product(state) @ stop[1] - stop[2])

    while t < T:
        h = min(h, Long(T) - t)
        scale = np.abs(y).max()
        new, error = run.step(y, h, scale)
        if not error <= tolerance:
            h = h * (0.3 if np.isinf(error) else max(0.3, 0.9 * (tolerance / error) ** (1 / STAGES)))
            continue
        steps += 1
        if stop is not None and height(new) >= 0:
            at = float(t + _crossing(run, y, h, scale, height))
            return at, run.product(run.step(y, Long(at) - t, scale)[0]).astype(np.float64), steps
        y, t = new, t + h
        h = h * min(3.0, 0.9 * (tolerance / max(error, 1e-300)) ** (1 / STAGES))
    return float(t), run.product(y).astype(np.float64), steps


def _crossing(run: LongFlow, y: Any, h: Any, scale: Any, height: Any) -> Any:
    """Bisection to a millionth of the step is enough: the error is taken at a time, not at a height."""
    low, high = Long(0), h
    for _ in range(20):
        middle = (low + high) / 2
        low, high = (low, middle) if height(run.step(y, middle, scale)[0]) >= 0 else (middle, high)
    return high
