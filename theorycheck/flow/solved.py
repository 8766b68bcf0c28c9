"""Flows that are solved instead of integrated: L = 1 by eigen-decomposition, aligned balanced starts by scalar modes.

Aligned: W_l = U_l diag(d) U_(l-1)^T with frames U_l, d > 0 the same in all layers, and the gradient of the cost at U_L
diag(s) U_0^T is, next to U_L and U_0, again of that form for every s: data whitened, or diagonal, in the singular vectors
of the target. Then every layer keeps its frames and d_i' = d_i^(L-1) (a_i - q_i d_i^L) (proved: `aligned-modes`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from theorycheck.flow.checks import Array, Counts
from theorycheck.flow.costs import Cost, MatrixCompletion, MeanSquaredError, Quadratic, SquaredDistance
from theorycheck.flow.modes import mode_path
from theorycheck.flow.networks import Network
from theorycheck.flow.reductions import KEPT, Reductions, check_word, rounding

PROVED = "aligned-modes"
QUADRATIC = MatrixCompletion | MeanSquaredError | Quadratic | SquaredDistance  # constant Hessians


@dataclass(frozen=True, eq=False)
class Solved:
    """The flow in closed or implicit form: `state(samples, t)` is theta, (k, P), of the samples (k,) at their times (k,) >= 0.

    residual: (B,), the largest relative misfit of start and cost to the form that is solved, at the level of rounding.
    """

    network: Network
    state: Callable[[Counts, Array], Array]
    residual: Array
    used: tuple[str, ...]


def solve(
    network: Network, cost: Cost, layers: Sequence[Array], ridge: float = 0.0, reductions: Reductions = "auto"
) -> Solved | None:
    """The solution of the flow of cost + ridge ||theta||^2 from W_1, ..., W_L, (B, n_l, n_(l-1)) each; None: integrate.

    Known for the library's quadratic costs; for a ridge > 0 with L <= 2 only.
    """
    check_word(reductions)
    if reductions == "none" or not isinstance(cost, QUADRATIC):
        return None
    if network.depth == 1:
        return _matrix(network, cost, layers[0], ridge)
    return _aligned(network, cost, layers, ridge) if network.depth == 2 or ridge == 0 else None


# --- L = 1 ---------------------------------------------------------------------------------------------------------------
def _matrix(network: Network, cost: Cost, start: Array, ridge: float) -> Solved:
    """Each coordinate in an eigenbasis of the Hessian is e^(-m t) v - g (1 - e^(-m t)) / m, the last factor t for m = 0."""
    shape = (network.widths[1], network.widths[0])
    forth, back, rates = _axes(cost, shape)
    rates = rates + 2.0 * ridge
    v, g = forth(start), forth(cost.gradient(np.zeros((1, *shape))))

    def state(samples: Counts, t: Array) -> Array:
        past = np.asarray(t, dtype=np.float64)[:, None, None] * rates
        spent = np.where(past == 0, t[:, None, None], -np.expm1(-past) / np.where(rates == 0, 1.0, rates))
        return back(np.exp(-past) * v[samples] - spent * g).reshape(len(samples), -1)

    used = f"L = 1 solved by eigen-decomposition, rates {rates.min():.3g} to {rates.max():.3g}; proved: linear-flow"
    return Solved(network, state, np.zeros(len(start)), (used,))


Change = Callable[[Array], Array]


def _axes(cost: Cost, shape: tuple[int, int]) -> tuple[Change, Change, Array]:
    """To eigen-coordinates of the constant Hessian, (k, n_L, n_0) -> (k, p, q), and back, and its eigenvalues (1, p, q)."""
    if isinstance(cost, MeanSquaredError):  # H(A) = A M: the rows one by one
        E = np.zeros((shape[1], *shape))
        E[np.arange(shape[1]), 0, np.arange(shape[1])] = 1.0
        rates, basis = np.linalg.eigh(cost.hessian_action(0 * E, E)[:, 0, :])
        return (lambda A: A @ basis), (lambda v: v @ basis.T), np.maximum(rates, 0.0)[None, None, :]
    if isinstance(cost, Quadratic):
        rates, basis = np.linalg.eigh(cost.H)
        forward: Change = lambda A: (A.reshape(len(A), 1, -1)) @ basis  # noqa: E731
        return forward, (lambda v: (v @ basis.T).reshape(len(v), *shape)), np.maximum(rates, 0.0)[None, None, :]
    one = np.ones((1, *shape))
    return (lambda A: A), (lambda v: v), cost.hessian_action(0 * one, one)  # entry by entry


# --- aligned modes -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, eq=False)
class Modes:
    """Frames U_0, ..., U_L, (B, n_l, r), the modes' weights d, forces a and curvatures q, (B, r), and the misfit (B,)."""

    frames: tuple[Array, ...]
    d: Array
    a: Array
    q: Array
    misfit: Array


def _aligned(network: Network, cost: Cost, layers: Sequence[Array], ridge: float) -> Solved | None:
    for least in (rounding(network), 0.0):  # without modes that are rounding; where some were not, with all of them
        if _balanced([W[:1] for W in layers], network, least) is None:  # the first sample already: no further work
            continue
        balanced = _balanced(layers, network, least)
        if balanced is not None:
            return _solved(network, _modes(cost, *_turned(cost, *balanced), zero=4 * rounding(network)), ridge)
    return None


def _solved(network: Network, modes: Modes, ridge: float) -> Solved | None:
    unbounded = (modes.d > 0) & ((modes.q < 0) | ((modes.q == 0) & (modes.a > 0)))
    if modes.misfit.max() > 4 * rounding(network) or unbounded.any():
        return None
    force = modes.a - 2.0 * ridge  # L = 2: d' = d (a - q d^2) - 2 ridge d

    def state(samples: Counts, t: Array) -> Array:
        d = mode_path(modes.d[samples], network.depth, 1.0, force[samples], modes.q[samples], t[:, None])[:, None, :]
        U = [V[samples] for V in modes.frames]
        parts = [(above * d) @ below.swapaxes(1, 2) for below, above in pairwise(U)]
        return np.concatenate([W.reshape(len(W), -1) for W in parts], axis=1)

    kind = "logistic" if network.depth == 2 else "hypergeometric time function"
    what = f"{modes.d.shape[1]} scalar modes ({kind}) for widths {', '.join(map(str, network.widths))}"
    used = f"solved by {what}; misfit of start and cost {modes.misfit.max():.1e}; proved: {PROVED}"
    return Solved(network, state, modes.misfit, (used,))


def _balanced(layers: Sequence[Array], network: Network, least: float) -> tuple[tuple[Array, ...], Array] | None:
    """Frames and d with W_l = U_l diag(d) U_(l-1)^T for all layers, d falling; None if a sample has none.

    Values of at most `least` relative to |d| are taken for 0, with columns 0.
    """
    left, d, right = np.linalg.svd(layers[0], full_matrices=False)
    r = min(network.widths)
    alive = d[:, :r] > least * np.linalg.norm(d, axis=1, keepdims=True)
    U, d = [right[:, :r].swapaxes(1, 2), left[:, :, :r]], d[:, :r] * alive
    for W in layers[1:]:
        Q, R = np.linalg.qr((W @ U[-1]) * alive[:, None, :])  # d falls: strong modes are not turned by weak ones
        U.append(Q * np.where(np.diagonal(R, axis1=1, axis2=2) < 0, -1.0, 1.0)[:, None, :])
    U = [V * alive[:, None, :] for V in U]
    for below, above, W in zip(U[:-1], U[1:], layers, strict=True):
        off = np.abs(W - (above * d[:, None, :]) @ below.swapaxes(1, 2))
        size = np.abs(W) + (np.abs(above) * d[:, None, :]) @ np.abs(below).swapaxes(1, 2)
        whole = _size(W)[:, None, None]
        if np.any(off > KEPT * size) or np.any(np.linalg.norm(off / whole, axis=(1, 2)) > rounding(network)):
            return None
    return tuple(U), d


def _turned(cost: Cost, U: tuple[Array, ...], d: Array) -> tuple[tuple[Array, ...], Array, Array]:
    """The frames turned, where d is degenerate, to directions in which the cost is diagonal, if there are any; d, misfit."""
    first, last, D = U[0], U[-1], d[:, :, None] * np.eye(d.shape[1])
    whole = last @ first.swapaxes(1, 2)
    pull = last.swapaxes(1, 2) @ cost.gradient(0 * whole) @ first
    bend = last.swapaxes(1, 2) @ cost.hessian_action(0 * whole, whole) @ first
    weighed = [w * (M + M.swapaxes(1, 2)) / _size(M)[:, None, None] for w, M in ((1.0, D), (0.618, pull), (0.414, bend))]
    _, turn = np.linalg.eigh(sum(weighed))  # commuting matrices: the eigenvectors of a mixture are those of each
    turned = turn.swapaxes(1, 2) @ D @ turn
    d_new = np.diagonal(turned, axis1=1, axis2=2)
    misfit = np.linalg.norm(turned - d_new[:, :, None] * np.eye(d.shape[1]), axis=(1, 2)) / _size(D)
    return tuple(V @ turn for V in U), d_new, misfit


def _modes(cost: Cost, U: tuple[Array, ...], d: Array, misfit: Array, zero: float) -> Modes:
    """Force and curvature of each mode, 0 below `zero` of the whole, and how far the modes are from being alone."""
    first, last, r = U[0], U[-1], d.shape[1]
    g = cost.gradient(np.zeros((len(d), last.shape[1], first.shape[1])))
    a = -np.einsum("bir,bij,bjr->br", last, g, first)
    gap = [_misses(g, first, last, -a) / _size(g)]
    q, size = np.zeros_like(d), np.zeros(len(d))
    for k in range(r):
        one = last[:, :, k : k + 1] @ first[:, :, k : k + 1].swapaxes(1, 2)
        H = cost.hessian_action(0 * one, one)
        q[:, k] = np.einsum("bi,bij,bj->b", last[:, :, k], H, first[:, :, k])
        gap.append(_misses(H, first, last, q * (np.arange(r) == k)) / _size(H))
        size = np.maximum(size, _size(H))
    a = np.where(np.abs(a) > zero * _size(g)[:, None], a, 0.0)
    q = np.where(np.abs(q) > zero * size[:, None], q, 0.0)
    return Modes(U, d, a, q, np.max([misfit, *gap], axis=0))


def _misses(M: Array, first: Array, last: Array, values: Array) -> Array:
    """(B,): how far M first = last diag(values) and M^T last = first diag(values) are from true."""
    right = M @ first - last * values[:, None, :]
    left = M.swapaxes(1, 2) @ last - first * values[:, None, :]
    out: Array = np.maximum(np.linalg.norm(right, axis=(1, 2)), np.linalg.norm(left, axis=(1, 2)))
    return out


def _size(M: Array) -> Array:
    """(B,): Frobenius norms of the samples, 1 where that is 0."""
    norms = np.linalg.norm(M, axis=(1, 2))
    out: Array = np.where(norms > 0, norms, 1.0)
    return out
