"""Reference solutions for stiff flows: Radau IIA with eight stages (order 15), residuals at 128 bits.

Nothing here is shared with the engine: other method, other right-hand side, other precision. The Newton iteration uses
a float64 Jacobian; only its speed depends on that, not its limit. One sample at a time: for small networks, and for the
reduced form of balanced ones.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import mpmath
import numpy as np
from flint import arb, arb_mat, ctx

from benchmarks.scipy_field import Field
from benchmarks.works import Form
from theorycheck.flow.checks import Array

STAGES = 8
BITS = 128  # a plateau of length t leaves rounding errors t eps / alpha in the mode that is to grow: 1e-16 is not enough
Stop = tuple[Array, Array, float] | None


def _fine(M: Array) -> arb_mat:
    return arb_mat(M.tolist())


def _coarse(M: arb_mat) -> Array:
    return np.array([float(x) for x in M.entries()]).reshape(M.nrows(), M.ncols())


@dataclass(frozen=True, eq=False)
class Tableau:
    """A: (s, s), and last: (1, s), which reads the highest Legendre coefficient off values at the stages, at BITS bits;
    A_inv with its eigenvalues and eigenvectors in float64, for the Newton iteration."""

    A: arb_mat
    last: arb_mat
    A_inv: Array
    eigen: Any
    V: Any
    V_inv: Any


@cache
def tableau() -> Tableau:
    """Nodes: the zeros of P_s - P_(s-1) on [0, 1], 1 among them; A integrates the interpolating polynomials."""
    s, before = STAGES, ctx.prec
    with mpmath.workdps(60):
        legendre = [mpmath.taylor(lambda x, k=k: mpmath.legendre(k, 2 * x - 1), 0, k)[::-1] for k in range(s + 1)]
        difference = [a - b for a, b in zip(legendre[s], [0, *legendre[s - 1]], strict=True)]
        c = sorted(mpmath.re(z) for z in mpmath.polyroots(difference, maxsteps=500, extraprec=400))
        powers = mpmath.matrix([[x**j for j in range(s)] for x in c])
        integrals = mpmath.matrix([[x ** (j + 1) / (j + 1) for j in range(s)] for x in c])
        values = mpmath.matrix([[mpmath.polyval(legendre[j], x) for j in range(s)] for x in c])
        A, inverse_values = integrals * powers**-1, values**-1
        A_inv = np.array((A**-1).tolist(), dtype=np.float64)
        ctx.prec = BITS
        try:
            fine = arb_mat([[_arb(A[i, j]) for j in range(s)] for i in range(s)])
            last = arb_mat([[_arb(inverse_values[s - 1, j]) for j in range(s)]])
        finally:
            ctx.prec = before
    eigen, V = np.linalg.eig(A_inv)
    return Tableau(fine, last, A_inv, eigen, V, np.linalg.inv(V))


def _arb(x: Any) -> arb:
    return arb(mpmath.nstr(x, 50)).mid()


class FineFlow:
    """The gradient flow of one network at BITS bits; states and stages are rows of an arb_mat, radii are dropped."""

    def __init__(self, shapes: Sequence[tuple[int, int]], form: Form) -> None:
        self.field = Field(shapes, form)
        n_L, n_0 = form.R.shape
        weight = np.broadcast_to(form.weight, (n_L, n_0)) if form.by_entries else form.weight
        self.target, self.weight, self.by_entries = _fine(form.R), _fine(weight), form.by_entries

    def layers(self, y: Sequence[arb]) -> list[arb_mat]:
        return [arb_mat(*shape, y[a:b]) for (a, b), shape in self.field.places]

    def downhill(self, A: arb_mat) -> arb_mat:
        if not self.by_entries:
            return self.target - A * self.weight
        entries = zip(self.target.entries(), self.weight.entries(), A.entries(), strict=True)
        return arb_mat(A.nrows(), A.ncols(), [r - w * a for r, w, a in entries])

    def __call__(self, y: Sequence[arb]) -> list[arb]:
        """-gradient at one state."""
        W = self.layers(y)
        R = [W[0]]
        for V in W[1:]:
            R.append(V * R[-1])
        D, parts = self.downhill(R[-1]), []
        for l in range(len(W) - 1, 0, -1):
            parts.append((D * R[l - 1].transpose()).entries())
            D = W[l].transpose() * D
        parts.append(D.entries())
        return [x for part in parts[::-1] for x in part]

    def product(self, y: arb_mat) -> Array:
        W = self.layers(y.entries())
        A = W[0]
        for V in W[1:]:
            A = V * A
        return _coarse(A)

    def step(self, y: arb_mat, h: arb) -> tuple[arb_mat, float]:
        """(state after h, size of the highest Legendre coefficient over the largest weight); inf where Newton fails."""
        T, start = tableau(), _coarse(y)[0]
        scale = np.abs(start).max()
        J = self.field.jacobian(start)
        solve = np.linalg.inv(T.eigen[:, None, None] * np.eye(len(start)) - float(h) * J)
        ones, before = arb_mat(STAGES, 1, [1] * STAGES), np.inf
        base, hA, Z = ones * y, T.A * h, arb_mat(STAGES, len(start))
        for _ in range(40):
            states = (base + Z).entries()
            F = arb_mat([self(states[i : i + len(start)]) for i in range(0, len(states), len(start))])
            residual = _coarse(hA * F - Z)
            update = (T.V @ np.einsum("sij,sj->si", solve, T.V_inv @ (T.A_inv @ residual))).real
            size = float(np.abs(update).max()) / scale
            if not np.isfinite(size) or size > 2 * before:
                return y, np.inf
            Z = arb_mat(STAGES, len(start), [z.mid() for z in (Z + _fine(update)).entries()])
            if size < 1e-24:
                last = y + arb_mat([Z.entries()[-len(start) :]])
                error = float(np.abs(_coarse(T.last * F)).max()) * float(h) / scale
                return arb_mat([[x.mid() for x in last.entries()]]), error
            before = size
        return y, np.inf


def flow_to(run: FineFlow, y0: Array, T: float, tolerance: float, stop: Stop) -> tuple[float, Array, int]:
    """(t, A, steps): at T, or, with stop = (u, v, height), at a float64 time next to u^T A v = height."""
    before = ctx.prec
    ctx.prec = BITS
    try:
        return _flow_to(run, _fine(y0[None]), T, tolerance, stop)
    finally:
        ctx.prec = before


def _flow_to(run: FineFlow, y: arb_mat, T: float, tolerance: float, stop: Stop) -> tuple[float, Array, int]:
    def height(state: arb_mat) -> float:
        assert stop is not None
        return float(stop[0] @ run.product(state) @ stop[1] - stop[2])

    t, steps, h = arb(0), 0, min(T, 1.0) * 1e-3
    while t < T:
        last = bool(t + h >= T)
        taken = (T - t).mid() if last else arb(h)
        new, error = run.step(y, taken)
        if not error <= tolerance:
            h = float(taken) * (0.3 if np.isinf(error) else max(0.3, 0.9 * (tolerance / error) ** (1 / STAGES)))
            continue
        steps += 1
        if stop is not None and height(new) >= 0:
            at = float(t + _crossing(run, y, float(taken), height))
            return at, run.product(run.step(y, (at - t).mid())[0]), steps
        y, t = new, arb(T) if last else (t + taken).mid()
        h = float(taken) * min(3.0, 0.9 * (tolerance / max(error, 1e-300)) ** (1 / STAGES))
    return float(t), run.product(y), steps


def _crossing(run: FineFlow, y: arb_mat, h: float, height: Callable[[arb_mat], float]) -> float:
    """The step to the crossing, by bisection to 2^-40 of it."""
    low, high = 0.0, h
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (low, middle) if height(run.step(y, arb(middle))[0]) >= 0 else (middle, high)
    return high
