"""Gradient flows that are known in closed form, to compare the engine with.

Scalar modes: all L layers equal to one number d(t) > 0 that follows d' = kappa d^(L-1) (a - x2 d^L). For widths (1,
..., 1) and C(A) = scale ||A - target||^2 that is kappa = 2 scale, a = target, x2 = 1 (paper, appendix C.6, gives the
scalar reduction).
"""

import numpy as np

from theorycheck.errors import InputError
from theorycheck.flow.checks import Array, finite_array, nonnegative, positive, whole
from theorycheck.flow.costs import Cost


def matrix_flow(cost: Cost, A0: Array, times: Array, ridge: float = 0.0) -> Array:
    """L = 1: A(t) of shape (R, n_L, n_0) from A0 of shape (n_L, n_0) at times (R,), for a cost whose Hessian is
    constant.

    dA/dt = -(H A + g) - 2 ridge A is linear, so in an eigenbasis of H + 2 ridge with eigenvalue m each coordinate is
    e^(-m t) v - g (1 - e^(-m t)) / m, the last factor t for m = 0. InputError when H differs between 0 and A0.
    """
    A0 = finite_array("A0", A0, (None, None))
    n, E = A0.size, np.eye(A0.size).reshape(-1, *A0.shape)
    H, H_there = (np.reshape(cost.hessian_action(np.broadcast_to(A, E.shape), E), (n, n)) for A in (0 * A0, A0))
    if not np.allclose(H, H_there, rtol=1e-12, atol=0):
        raise InputError("cost: its Hessian is not constant; the matrix flow is known for quadratic costs only")
    rates, basis = np.linalg.eigh((H + H.T) / 2)
    rates = rates + 2 * nonnegative("ridge", ridge)
    pull, start = cost.gradient(0 * A0[None]).reshape(n) @ basis, A0.reshape(n) @ basis
    t = np.asarray(times, dtype=np.float64)[:, None]
    safe = np.where(np.abs(rates * t) < 1e-300, 1.0, rates)
    spent = np.where(np.abs(rates * t) < 1e-300, t, -np.expm1(-rates * t) / safe)
    out: Array = ((np.exp(-rates * t) * start - spent * pull) @ basis.T).reshape(-1, *A0.shape)
    return out


def logistic_mode(d0: float, kappa: float, a: float, x2: float, times: Array) -> Array:
    """L = 2: d(t) of d' = kappa d (a - x2 d^2); d0, kappa > 0, x2 >= 0, any a: d^2 is logistic of rate 2 kappa a."""
    s0, rate = positive("d0", d0) ** 2, 2 * positive("kappa", kappa)
    t = np.asarray(times, dtype=np.float64)
    grown = t if a == 0 else -np.expm1(-rate * a * t) / (rate * a)  # integral of e^(-rate a u) over u in [0, t]
    out: Array = np.sqrt(s0 / (np.exp(-rate * a * t) + rate * nonnegative("x2", x2) * s0 * grown))
    return out


def mode_time(d0: float, d: float, L: int, kappa: float, a: float, x2: float) -> float:
    """L >= 3: the time from d0 to d, both in (0, (a / x2)^(1/L)), of d' = kappa d^(L-1) (a - x2 d^L); kappa, a, x2 > 0.

    kappa a t = F(d) - F(d0) with z = x2 v^L / a and F(v) = -v^(2-L) / (L-2) + (z v^(2-L) / 2) 2F1(1, 2/L; 1 + 2/L; z),
    the geometric series of v^(1-L) / (1 - z) integrated term by term. InputError outside these ranges.
    """
    whole("L", L, least=3)
    top = (positive("a", a) / positive("x2", x2)) ** (1 / L)
    for name, value in (("d0", d0), ("d", d)):
        if not 0 < value < top:
            raise InputError(f"{name}: {value} lies outside (0, {top:.6g}); pass a value below the limit (a/x2)^(1/L)")
    ends = [_antiderivative(v, L, x2 / a) for v in (d0, d)]
    return (ends[1] - ends[0]) / (positive("kappa", kappa) * a)


def _antiderivative(v: float, L: int, c: float) -> float:
    """F of `mode_time`. SciPy's 2F1 is infinite from z = 1 - 1e-13 on: its logarithm is continued by hand."""
    from scipy.special import hyp2f1

    z = c * v**L
    known, gap = min(z, 1 - 1e-12), max(1 - min(z, 1.0), 2.0**-53)
    series = float(hyp2f1(1.0, 2 / L, 1 + 2 / L, known)) + 2 / L * float(np.log((1 - known) / gap))
    return -(v ** (2 - L)) / (L - 2) + z * v ** (2 - L) / 2 * series


def deep_mode(d0: float, L: int, kappa: float, a: float, x2: float, times: Array) -> Array:
    """L >= 3: d(t) at times >= 0, solving `mode_time`(d0, d) = t by bracketing between d0 and the limit of the mode."""
    from scipy.optimize import brentq

    below = (positive("a", a) / positive("x2", x2)) ** (1 / L) * (1 - 1e-15)
    latest = mode_time(d0, below, L, kappa, a, x2)

    def at(t: float) -> float:
        if nonnegative("times", t) == 0 or t >= latest:
            return d0 if t == 0 else below
        return float(brentq(lambda d: mode_time(d0, d, L, kappa, a, x2) - t, d0, below, xtol=1e-300, rtol=1e-15))

    return np.array([at(float(t)) for t in np.asarray(times, dtype=np.float64)])
