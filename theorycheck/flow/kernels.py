"""The neural tangent kernel of a deep linear network and its largest eigenvalues, written out or matrix-free.

J J^T acts on outputs Z of shape (n_L, N) as sum_l S_l S_l^T Z (R_(l-1) X)^T R_(l-1) X with S_l = W_L ... W_(l+1) and R_l =
W_l ... W_1. Data enter through a factor F with F F^T = X X^T: what is left out are eigenvalues 0.
"""

from collections.abc import Callable, Sequence

import numpy as np

from theorycheck.errors import InputError
from theorycheck.flow.checks import Array, finite_array

DENSE_UP_TO = 300  # side of a kernel that is written out
ACCURACY = 1e-9  # of an eigenvalue, relative to the largest one
MOST_EXPANSIONS, SPARE, SPACE = 500, 4, 6  # blocks tried; columns beyond those asked for; blocks kept before a restart


def data_factor(X: Array | None, n_0: int) -> Array:
    """F of shape (n_0, r), r the rank of X, with F F^T = X X^T; the identity for None."""
    if X is None:
        return np.eye(n_0)
    U, s, _ = np.linalg.svd(finite_array("data", X, (n_0, None)), full_matrices=False)
    kept = s > s[0] * max(X.shape) * np.finfo(float).eps
    F: Array = U[:, kept] * s[kept]
    if F.shape[1] == 0:
        raise InputError("data: are all zero, so is their tangent kernel; pass others")
    return F


def tangent_spectrum(layers: Sequence[Array], F: Array, top: int) -> Array:
    """The largest eigenvalues, falling, (k, min(top, n_L r)); NaN for a sample whose iteration did not settle."""
    left, right = tangent_factors(layers, F)
    n, r = left[0].shape[1], right[0].shape[1]
    if n * r <= max(DENSE_UP_TO, 2 * top):
        K = sum(np.einsum("kij,kab->kiajb", S, R) for S, R in zip(left, right, strict=True))
        return np.linalg.eigvalsh(np.reshape(K, (-1, n * r, n * r)))[:, : -top - 1 : -1]

    def apply(Q: Array) -> Array:
        Z = np.moveaxis(Q.reshape(len(Q), n, r, -1), 3, 1)
        out = sum((S[:, None] @ Z @ R[:, None] for S, R in zip(left, right, strict=True)), start=np.zeros_like(Z))
        return np.moveaxis(out, 1, 3).reshape(Q.shape)

    return top_eigenvalues(apply, len(left[0]), n * r, top)


def tangent_factors(layers: Sequence[Array], F: Array) -> tuple[list[Array], list[Array]]:
    """S_l S_l^T, (k, n_L, n_L), and (R_(l-1) F)^T R_(l-1) F, (k, r, r), for l = 1..L."""
    k, n = len(layers[0]), layers[-1].shape[1]
    S, R = [np.broadcast_to(np.eye(n), (k, n, n))], [np.broadcast_to(F, (k, *F.shape))]
    for above, below in zip(layers[:0:-1], layers[:-1], strict=True):
        S.append(S[-1] @ above)
        R.append(below @ R[-1])
    return [M @ M.swapaxes(1, 2) for M in S[::-1]], [M.swapaxes(1, 2) @ M for M in R]


def top_eigenvalues(apply: Callable[[Array], Array], k: int, n: int, top: int) -> Array:
    """Of k symmetric positive semidefinite operators on R^n, (k, n, p) -> (k, n, p): block iteration on the residuals.

    The blocks are wider than `top`, so that repeated eigenvalues are all seen.
    """
    rng, p = np.random.default_rng(0), min(top + SPARE, n)
    Q = np.linalg.qr(rng.standard_normal((k, n, p)))[0]
    AQ = apply(Q)
    for _ in range(MOST_EXPANSIONS):
        values, V = np.linalg.eigh(Q.swapaxes(1, 2) @ AQ)
        values, V = values[:, : -p - 1 : -1], V[:, :, : -p - 1 : -1]
        X, AX = Q @ V, AQ @ V
        off = AX - X * values[:, None]
        settled = np.linalg.norm(off[:, :, :top], axis=1).max(axis=1) <= ACCURACY * np.abs(values[:, 0])
        if settled.all() or Q.shape[2] == n:
            settled[:] = True
            break
        if Q.shape[2] + p > min(n, SPACE * p):
            Q, AQ = X, AX
        more = _new_directions(off[:, :, : min(p, n - Q.shape[2])], Q, rng)
        Q, AQ = np.concatenate([Q, more], axis=2), np.concatenate([AQ, apply(more)], axis=2)
    out: Array = np.where(settled[:, None], values[:, :top], np.nan)
    return out


def _new_directions(off: Array, Q: Array, rng: np.random.Generator) -> Array:
    """Orthonormal columns next to Q along the residuals; a residual that is zero gives a random one."""
    size = np.linalg.norm(off, axis=1, keepdims=True)
    D = off / np.where(size > 0, size, 1.0) + 1e-10 * rng.standard_normal(off.shape)
    for _ in range(2):  # twice is enough
        D = D - Q @ (Q.swapaxes(1, 2) @ D)
        D = np.linalg.qr(D)[0]
    return D
