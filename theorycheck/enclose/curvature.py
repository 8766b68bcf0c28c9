"""How fast neighbouring gradient flows of a deep linear network can part: a rigorous bound in double precision.

The Jacobian of -grad is minus the Hessian, symmetric, so the Euclidean logarithmic norm is its largest eigenvalue. At
the centre of a tube of weights the Hessian H comes in float64, with the standard bound n u |A| |B| of the rounding in a
product (Higham, "Accuracy and Stability of Numerical Algorithms", 2nd ed., section 3.5); it is bounded by a Cholesky
factorization: if that of s I - J succeeds, then s I - J >= -c I with c = 2 (P + 2) u trace(s I - J) (Demmel; Rump, BIT 46,
2006). Elsewhere in the tube the terms of H move by no more than their factors allow: a product of factors of norms a_i
that move by d_i moves by at most prod (a_i + d_i) - prod a_i.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from math import prod

import numpy as np
import numpy.typing as npt
from flint import fmpq

from theorycheck.enclose.network import AffineGradient, NetworkField

Array = npt.NDArray[np.float64]

UNIT = 2.0**-53
UP = 1 + 2.0**-30  # more than the roundings of a few thousand operations on nonnegative numbers
RANGE = 1e60  # beyond, overflow or underflow might matter: no bound is given


@dataclass(frozen=True, eq=False)
class Curvature:
    """Bounds of the logarithmic norm of a packable field."""

    field: NetworkField

    @cached_property
    def constants(self) -> tuple[Array, Array, float]:
        """K as an (n, n) matrix on vec A, rows first, n = nL n0; B as (nL, n0); the ridge. Each right to 2 u."""
        gradient = self.field.gradient
        assert isinstance(gradient, AffineGradient)
        assert gradient.exact is not None
        factor, pull = (np.array([[_float(v) for v in row] for row in m.tolist()]) for m in gradient.exact)
        if gradient.kind == "right":
            factor = np.kron(np.eye(len(pull)), factor.T)
        elif gradient.kind == "entry":
            factor = np.diag(factor.ravel())
        return factor, pull, _float(fmpq(self.field.decay or 0))

    def bounds(self, centres: Sequence[Array], distances: Sequence[Array]) -> Array:
        """Upper bounds (S,) for S tubes: all weights with |W_l - centre|_F <= distance.

        centres: (S, n_l, n_(l-1)) for each layer; distances: (S,) for each. Infinite where no bound is found.
        """
        with np.errstate(all="ignore"):
            slack, moves = self._rounding(centres), self._moves(centres, distances)
            try:
                top = self._top(self._jacobian(centres))
            except np.linalg.LinAlgError:
                return np.full(len(centres[0]), np.inf)
            out: Array = top + (slack + moves) * UP
            return np.where(np.isfinite(out) & (slack < RANGE) & (moves < RANGE), out, np.inf)

    def _jacobian(self, w: Sequence[Array]) -> Array:
        """Symmetric part of sign * (Hessian + 2 ridge) at the centres, (S, P, P)."""
        k, pull, ridge = self.constants
        depth, count = len(w), len(w[0])
        below = [_eye(count, self.field.widths[0])]
        for v in w:
            below.append(v @ below[-1])
        above = [_eye(count, self.field.widths[-1])]
        for v in w[:0:-1]:
            above.insert(0, above[0] @ v)
        g = (k @ below[-1].reshape(count, -1, 1)).reshape(below[-1].shape) - pull
        layers = zip(above, (v.swapaxes(1, 2) for v in below), strict=False)  # vec(U E V) = (U kron V^T) vec E
        slopes = np.concatenate([_flat(u[:, :, None, :, None] * v[:, None, :, None, :]) for u, v in layers], axis=2)
        hessian = slopes.swapaxes(1, 2) @ ((k + k.T) / 2 @ slopes)  # symmetric part: K need not be symmetric
        ends = np.cumsum([0, *(v[0].size for v in w)])
        for l, m in combinations(range(depth), 2):
            middle = _eye(count, w[l].shape[1])
            for v in w[l + 1 : m]:
                middle = v @ middle
            x = above[m].swapaxes(1, 2) @ g @ below[l].swapaxes(1, 2)
            block = _flat(x[:, :, None, None, :] * middle[:, None, :, :, None])
            hessian[:, ends[m] : ends[m + 1], ends[l] : ends[l + 1]] += block
            hessian[:, ends[l] : ends[l + 1], ends[m] : ends[m + 1]] += block.swapaxes(1, 2)
        out: Array = self.field.sign * (hessian + 2 * ridge * np.eye(int(ends[-1])))
        return out

    def _top(self, j: Array) -> Array:
        """Upper bounds (S,) of the largest eigenvalue of symmetric matrices; raises LinAlgError when none is found."""
        size = j.shape[1]
        scale = np.sqrt(np.square(j).sum(axis=(1, 2)))
        top = np.linalg.eigvalsh(j)[:, -1] + 2.0**-34 * scale + 1e-290
        shifted = top[:, None, None] * np.eye(size) - j
        np.linalg.cholesky(shifted)
        trace = np.trace(shifted, axis1=1, axis2=2)
        out: Array = top + 4 * (size + 2) * UNIT * (np.abs(trace) + scale + np.abs(top))
        return out

    def _rounding(self, w: Sequence[Array]) -> Array:
        """Bound (S,) of the Frobenius norm of the error of `_jacobian`: the constants and the roundings of its sums."""
        k, pull, ridge = self.constants
        norms = [np.sqrt(np.square(v).sum(axis=(1, 2))) for v in w]
        size, steps = _norm(k), 100 * len(w) * (max(self.field.widths) + len(k))
        signal = size * prod(norms) + _norm(pull)
        single = sum(_without(norms, l) for l in range(len(w))) ** 2
        double = sum(_without(norms, l, m) for l, m in combinations(range(len(w)), 2))
        out: Array = steps * UNIT * (size * single + 2 * signal * double + 2 * ridge * sum(v[0].size for v in w))
        return out + 1e-200

    def _moves(self, w: Sequence[Array], distances: Sequence[Array]) -> Array:
        """Bound (S,) of how far the Hessian moves, in norm, inside the tubes."""
        k, pull, _ = self.constants
        size, depth = _norm(k) * UP, len(w)
        near = [np.sqrt(np.sqrt(np.square(v.swapaxes(1, 2) @ v).sum(axis=(1, 2)))) * UP for v in w]
        far = [a + d for a, d in zip(near, distances, strict=True)]

        def moved(*left_out: int) -> tuple[Array, Array]:
            a, b = _without(near, *left_out), _without(far, *left_out)
            return b, (b - a) + 2.0**-40 * b

        single = [moved(l) for l in range(depth)]
        m, dm = (np.sqrt(sum(x[i] ** 2 for x in single)) for i in (0, 1))
        total, shift = moved()
        signal, dg = size * total + _norm(pull) * UP, size * shift
        signal = np.minimum(signal, self._signal(w) + dg)
        cross = sum((signal * dq + dg * q) ** 2 for q, dq in (moved(*p) for p in combinations(range(depth), 2)))
        out: Array = 2 * size * m * dm + np.sqrt(2 * cross)
        return out

    def _signal(self, w: Sequence[Array]) -> Array:
        """Upper bound (S,) of |grad C|_F at the centres."""
        k, pull, _ = self.constants
        a = w[0]
        for v in w[1:]:
            a = v @ a
        g = (k @ a.reshape(len(a), -1, 1)).reshape(a.shape) - pull
        norms = prod(np.sqrt(np.square(v).sum(axis=(1, 2))) for v in w)
        rounding = 100 * len(w) * (max(self.field.widths) + len(k)) * UNIT * (_norm(k) * norms + _norm(pull))
        out: Array = np.sqrt(np.square(g).sum(axis=(1, 2))) * UP + rounding + 1e-200
        return out


def _float(v: fmpq) -> float:
    try:
        return int(v.p) / int(v.q)
    except OverflowError:
        return np.inf


def _norm(m: Array) -> float:
    return float(np.sqrt(np.square(m).sum()))


def _eye(count: int, n: int) -> Array:
    return np.broadcast_to(np.eye(n), (count, n, n))


def _flat(blocks: Array) -> Array:
    """(S, a, b, c, d) as matrices (S, a b, c d)."""
    s, a, b, c, d = blocks.shape
    return blocks.reshape(s, a * b, c * d)


def _without(norms: Sequence[Array], *left_out: int) -> Array:
    out: Array = np.asarray(prod((v for i, v in enumerate(norms) if i not in left_out), start=np.ones_like(norms[0])))
    return out
