"""Scalar modes in closed or implicit form, for arrays of modes and times: d' = kappa d^(L-1) (a - q d^L), d >= 0, q >= 0.

L = 2 is logistic. For L >= 3 time is a function of d: with d = m v, m = (|a| / q)^(1/L), z = v^L, the integrals of
dv / (v^(L-1) (1 -+ v^L)) from 0 (short of its pole) and to infinity are

    S = v^2 / L Phi(2/L, +-z) -+ v^(2-L) / (L-2),        B = v^(2-2L) / L Phi(2 - 2/L, +-1/z),

where Phi(b, z) = sum_k z^k / (k + b) = 2F1(1, b; 1 + b; z) / b. They are inverted by Newton's method, started where the
convexity of S and B makes it monotone. exact_solutions.py has the same for one mode, through SciPy and bracketing.
"""

from collections.abc import Callable

import numpy as np

from theorycheck.errors import InputError
from theorycheck.flow.checks import Array
from theorycheck.flow.events import Mask

TERMS = 60  # of power series at |z| <= 1/2
EPS = float(np.finfo(float).eps)
Function = Callable[[Array], Array]


def mode_path(d0: Array, L: int, kappa: float, a: Array, q: Array, t: Array) -> Array:
    """d(t) for L >= 2 from d0 >= 0 at times t >= 0; d0, a, q, t broadcast. Modes without a bound (a > 0 = q) give InputError.

    A relative error of a few roundings of t: where a plateau of length t ends, that is a shift in time, not in value.
    """
    d0, a, q, t = (np.array(x, dtype=np.float64) for x in np.broadcast_arrays(d0, a, q, t))
    if np.any((a > 0) & (q <= 0) & (d0 > 0)) or np.any(q < 0):
        raise InputError("q: a mode with a > 0 = q grows without bound, or q < 0; pass q > 0, or integrate")
    a = np.where(np.abs(a) < 1e-40 * q * d0**L, 0.0, a)  # not seen before times of 1e40 / (kappa q d0^(2L-2))
    with np.errstate(all="ignore"):
        out = _logistic(d0, kappa, a, q, t) if L == 2 else _deep(d0, L, kappa, a, q, t)
    return np.where((d0 == 0) | (t == 0), d0, out)


def _logistic(d0: Array, kappa: float, a: Array, q: Array, t: Array) -> Array:
    rate = 2 * kappa * a
    grown = np.where(rate * t == 0, t, -np.expm1(-rate * t) / np.where(rate == 0, 1.0, rate))
    out: Array = d0 / np.sqrt(np.exp(-rate * t) + 2 * kappa * q * d0**2 * grown)
    far = (d0 > 0) & ((d0 < 1e-150) | (rate * t > 600))  # where the squares above underflow
    logs = np.logaddexp(-rate * t - 2 * np.log(np.where(far, d0, 1.0)), np.log(2 * kappa * q * grown))
    return np.where(far, np.exp(-logs / 2), out)


def _deep(d0: Array, L: int, kappa: float, a: Array, q: Array, t: Array) -> Array:
    """Each mode by the formula of its kind; 0 < d0."""
    out, m = d0.copy(), (np.abs(a) / q) ** (1 / L)
    kinds: list[tuple[Mask, Callable[[Array, Array, int], Array]]] = [
        ((a > 0) & (d0 < m), _growing),
        ((a > 0) & (d0 > m), _falling),
        ((a < 0) & (q > 0), _decaying),
    ]
    for where, solve in kinds:
        i = where & (d0 > 0) & (t > 0)
        if i.any():
            out[i] = m[i] * solve(d0[i] / m[i], (kappa * np.abs(a) * m ** (L - 2) * t)[i], L)
    # without one of its two terms the mode is a power
    only_q, only_a = (a == 0) & (d0 > 0), (a < 0) & (q == 0) & (d0 > 0)
    out[only_q] = ((d0 ** (2 - 2 * L) + (2 * L - 2) * kappa * q * t) ** (1 / (2 - 2 * L)))[only_q]
    out[only_a] = ((d0 ** (2 - L) - (L - 2) * kappa * a * t) ** (1 / (2 - L)))[only_a]
    return out


def _growing(v0: Array, tau: Array, L: int) -> Array:
    """v' = v^(L-1) (1 - v^L) from v0 < 1, in y = log(z / (1 - z)): dS/dy = v^(2-L) / L falls, so Newton from y0 is monotone."""

    def z(y: Array) -> Array:
        return 1 / (1 + np.exp(-y))

    def S(y: Array) -> Array:
        v = z(y) ** (1 / L)
        return v**2 / L * phi(2 / L, z(y), -np.logaddexp(0, y)) - v ** (2 - L) / (L - 2)

    y0 = L * np.log(v0) - np.log1p(-(v0**L))
    y = _newton(y0, S, lambda y: z(y) ** (2 / L - 1) / L, S(y0) + tau)
    return z(y) ** (1 / L)


def _falling(v0: Array, tau: Array, L: int) -> Array:
    """v' = v^(L-1) (1 - v^L) from v0 > 1, in s = -log(z - 1): dB/ds = v^(2-2L) / L rises, so Newton comes from the right."""

    def v(s: Array) -> Array:
        out: Array = np.exp(np.logaddexp(0, -s) / L)
        return out

    def B(s: Array) -> Array:
        return v(s) ** (2 - 2 * L) / L * phi(2 - 2 / L, v(s) ** -L, -np.logaddexp(0, s))

    s0 = -np.log(np.expm1(L * np.log(v0)))
    end = _newton(s0 + tau * L * v0 ** (2 * L - 2), B, lambda s: v(s) ** (2 - 2 * L) / L, B(s0) + tau)
    return v(end)


def _decaying(v0: Array, tau: Array, L: int) -> Array:
    """v' = -v^(L-1) (1 + v^L), in s = -log v: the time past has slope v^(2-L) / (1 + v^L), which rises."""

    def S(v: Array) -> Array:
        return v ** (2 - L) / (L - 2) + v**2 / L * phi(2 / L, -(v**L), np.log1p(v**L))

    def B(v: Array) -> Array:
        return v ** (2 - 2 * L) / L * phi(2 - 2 / L, -(v**-L), np.log1p(v**-L))

    def past(s: Array) -> Array:
        """Time from v0: B as long as v >= 1, S afterwards, both where 1 is passed."""
        v, one = np.exp(-s), np.ones_like(v0)
        above = B(np.maximum(v, 1)) - B(np.maximum(v0, 1))
        below = S(np.minimum(v, 1)) - S(np.minimum(v0, 1))
        return above * (v0 > one) + below * (v < one)

    latest = np.log(v0 ** (2 - L) + (L - 2) * (1 + v0**L) * tau) / (L - 2)  # as if 1 + v^L kept its first value
    end = _newton(latest, past, lambda s: np.exp((L - 2) * s) / (1 + np.exp(-L * s)), tau)
    out: Array = np.exp(-end)
    return out


def _newton(x: Array, f: Function, slope: Function, target: Array) -> Array:
    """The root of f = target, from a side from which Newton's method moves one way only; entries stop as they arrive."""
    x, way, moving = x.copy(), np.zeros_like(x), np.ones(x.shape, dtype=bool)
    for _ in range(400):
        step = np.where(moving, (target - f(x)) / slope(x), 0.0)
        way = np.where(way == 0, np.sign(step), way)
        moving &= (np.sign(step) == way) & (np.abs(step) > 4 * EPS * (1 + np.abs(x)))
        x += step
        if not moving.any():
            break
    if moving.any() or not np.isfinite(x).all():
        raise InputError("d0, t: a mode leaves the range of float64; scale the problem, or integrate")
    return x


def phi(b: float, z: Array, log_gap: Array) -> Array:
    """sum_k z^k / (k + b) for -1 <= z < 1, b > 0, given log(1 - z), which z near 1 does not hold."""
    from scipy.special import digamma

    out, gap = np.empty_like(z), np.exp(log_gap)
    k = np.arange(TERMS)
    i = z < 0  # Pfaff: 2F1(1, 1; 1 + b; z / (z - 1)) / (1 - z)
    out[i] = np.polynomial.polynomial.polyval(-z[i] / gap[i], np.cumprod(np.append(1.0, k[1:] / (b + k[1:])))) / gap[i] / b
    i = (z >= 0) & (z <= 0.5)
    out[i] = np.polynomial.polynomial.polyval(z[i], 1 / (k + b))
    i = z > 0.5  # in powers of 1 - z, with a logarithm
    rising = np.cumprod(np.append(1.0, (b + k[:-1]) / k[1:]))
    known = np.polynomial.polynomial.polyval(gap[i], rising * (digamma(k + 1) - digamma(b + k)))
    out[i] = known - log_gap[i] * np.polynomial.polynomial.polyval(gap[i], rising)
    return out
