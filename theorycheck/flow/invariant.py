"""Subspaces of the hidden layers that the gradient flow of any cost of A = W_L ... W_1 never leaves.

Subspaces V_1, ..., V_(L-1), with V_0 and V_L everything, such that W_l V_(l-1) lies in V_l and W_l^T V_l in V_(l-1): every
layer is a block inside V and a block outside it, A is the product of the inner blocks, and so is the gradient (proved for
all sizes and depths: `hidden-compression`). The smallest such V is found here: the range of W_1 and the row space of W_L,
closed under the layers and their transposes.
"""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from theorycheck.flow.checks import Array

Frames = tuple[Array, ...]
"""U_1, ..., U_(L-1), (B, n_l, k_l): orthonormal columns, then zero columns where a sample needs fewer than the batch."""
Sizes = npt.NDArray[np.int64]


def invariant_frames(layers: Sequence[Array], tolerance: float, worthwhile: Callable[[Sizes], bool]) -> Frames | None:
    """Frames of the smallest invariant subspaces; None as soon as their dimensions (L-1,) so far are not worthwhile.

    Directions that are shorter than `tolerance` relative to the Frobenius norm of the layer they come from are rounding.
    """
    W, L = [_normalized(V) for V in layers], len(layers)
    U = [V[:, :, :0] for V in layers[:-1]]
    waiting: list[list[Array]] = [[] for _ in U]
    waiting[0].append(W[0])
    waiting[-1].append(W[-1].swapaxes(1, 2))
    while any(waiting):
        for h in range(L - 1):  # layer boundary h + 1: W[h] comes in, W[h + 1] goes out
            if not waiting[h]:
                continue
            N = _fresh(np.concatenate(waiting[h], axis=2), U[h], tolerance)
            waiting[h] = []
            if N.shape[2] == 0:
                continue
            U[h] = _packed(np.concatenate([U[h], N], axis=2))
            if not worthwhile(np.array([V.shape[2] for V in U])):
                return None
            if h + 1 < L - 1:
                waiting[h + 1].append(W[h + 1] @ N)
            if h > 0:
                waiting[h - 1].append(W[h].swapaxes(1, 2) @ N)
    return tuple(U)


def coupling(layers: Sequence[Array], frames: Frames) -> tuple[Array, Array]:
    """How much of the layers joins the inside of the frames to the outside, (B,) each: in norm, and entry by entry.

    With the projections P' above and P below a layer that is W P - P' W P and P' W - P' W P, in the Frobenius norm relative
    to W; and the largest entry relative to that of |W| + |P'| |W| + |W| |P|, the numbers that were added up for it: beside
    weights of 1 one of 1e-20 is small in norm, but no rounding where nothing else was added.
    """
    norm, entry = np.zeros(len(layers[0])), np.zeros(len(layers[0]))
    for W, below, above in zip(map(_normalized, layers), (None, *frames), (*frames, None), strict=True):
        from_inside, to_inside = _right(W, below), _left(W, above)
        size = np.abs(W) + _right(np.abs(W), below, np.abs) + _left(np.abs(W), above, np.abs)
        block = _right(to_inside, below)
        for part in (from_inside - block, to_inside - block):
            norm = np.maximum(norm, np.linalg.norm(part, axis=(1, 2)))
            entry = np.maximum(entry, np.max(np.abs(part) / np.where(size > 0, size, 1.0), axis=(1, 2)))
    return norm, entry


def _right(W: Array, U: Array | None, of: Callable[[Array], Array] = np.asarray) -> Array:
    """W U U^T, with U itself or its absolute values."""
    return W if U is None else (W @ of(U)) @ of(U).swapaxes(1, 2)


def _left(W: Array, U: Array | None, of: Callable[[Array], Array] = np.asarray) -> Array:
    return W if U is None else of(U) @ (of(U).swapaxes(1, 2) @ W)


def _normalized(W: Array) -> Array:
    """Each sample over its Frobenius norm, whose squares may not underflow; zero stays zero."""
    top = np.abs(W).max(axis=(1, 2), keepdims=True)
    W = W / np.where(top > 0, top, 1.0)
    size = np.linalg.norm(W, axis=(1, 2), keepdims=True)
    out: Array = W / np.where(size > 0, size, 1.0)
    return out


def _fresh(Z: Array, U: Array, tolerance: float) -> Array:
    """Orthonormal columns for what Z has outside the span of U, zero columns where a sample has fewer of them."""
    Z = _without(_without(Z, U), U)
    if Z.shape[1] >= Z.shape[2]:
        Q, R = np.linalg.qr(Z)
        if np.abs(np.diagonal(R, axis1=1, axis2=2)).min() > 1e-4:  # all columns count: no need to reveal a rank
            return Q if U.shape[2] == 0 else np.linalg.qr(_without(Q, U))[0]
    left, s, _ = np.linalg.svd(Z, full_matrices=False)
    count = int((s > tolerance).sum(axis=1).max(initial=0))
    keep = (s > tolerance)[:, None, :count]
    if count == 0:
        return left[:, :, :0]
    # a short direction points off U only up to rounding over its length: once more
    out: Array = np.linalg.qr(_without(left[:, :, :count] * keep, U))[0] * keep
    return out


def _without(Z: Array, U: Array) -> Array:
    return Z - U @ (U.swapaxes(1, 2) @ Z) if U.shape[2] else Z


def _packed(U: Array) -> Array:
    """Zero columns last, as many dropped as every sample has."""
    empty = ~U.any(axis=1)
    count = U.shape[2] - int(empty.sum(axis=1).min())
    order = np.argsort(empty, axis=1, kind="stable")[:, None, :count]
    out: Array = np.take_along_axis(U, order, axis=2)
    return out
