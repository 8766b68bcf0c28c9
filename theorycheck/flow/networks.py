"""Deep linear networks: A = W_L ... W_1 with W_l of shape (n_l, n_(l-1)), batches of them, and their loss gradient.

The paper writes theta = (W_L, ..., W_1). Lists of layers here run the other way, W_1 first, as data meet them:
layer l of the paper is `layers[l - 1]`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise

import numpy as np

from theorycheck.errors import InputError
from theorycheck.flow.checks import Array, finite_array, whole
from theorycheck.flow.costs import Cost
from theorycheck.flow.steppers import Rhs


@dataclass(frozen=True)
class Network:
    """Widths (n_0, ..., n_L) >= 1, L >= 1; else InputError. A state is theta flattened, W_1 first: P numbers."""

    widths: tuple[int, ...]

    def __post_init__(self) -> None:
        if len(self.widths) < 2:
            raise InputError(f"widths: {self.widths} is a network of depth 0; give (n_0, ..., n_L) with L >= 1")
        for l, n in enumerate(self.widths):
            whole(f"widths: n_{l}", n, least=1)
        object.__setattr__(self, "widths", tuple(int(n) for n in self.widths))

    @property
    def depth(self) -> int:
        return len(self.widths) - 1

    @cached_property
    def shapes(self) -> tuple[tuple[int, int], ...]:
        """(n_l, n_(l-1)) for l = 1..L."""
        return tuple((n, m) for m, n in pairwise(self.widths))

    @property
    def size(self) -> int:
        """P, the number of parameters."""
        return sum(n * m for n, m in self.shapes)

    def split(self, states: Array) -> tuple[Array, ...]:
        """Views W_1, ..., W_L of shapes (..., n_l, n_(l-1)) into states of shape (..., P)."""
        ends = list(accumulate((n * m for n, m in self.shapes), initial=0))
        lead = states.shape[:-1]
        return tuple(states[..., a:b].reshape(*lead, *s) for (a, b), s in zip(pairwise(ends), self.shapes, strict=True))

    def join(self, layers: Sequence[Array]) -> Array:
        """States (B, P) from layers W_1, ..., W_L of shapes (B, n_l, n_(l-1)); InputError if they do not fit."""
        if len(layers) != self.depth:
            raise InputError(f"theta0: {len(layers)} layers for a network of depth {self.depth}; give W_1, ..., W_L")
        batch = np.shape(layers[0])[0] if np.ndim(layers[0]) == 3 else None
        fitting = enumerate(zip(layers, self.shapes, strict=True), start=1)
        parts = [finite_array(f"theta0: W_{l}", W, (batch, *shape)) for l, (W, shape) in fitting]
        return np.concatenate([W.reshape(len(W), -1) for W in parts], axis=1)


def rectangular(n_0: int, width: int, n_L: int, depth: int) -> Network:
    """The paper's networks: input n_0, output n_L, all hidden layers of the same width."""
    return Network((n_0, *[width] * (whole("depth", depth, least=1) - 1), n_L))


def product(layers: Sequence[Array]) -> Array:
    """A = W_L ... W_1 of shape (..., n_L, n_0), multiplied from the right: n_0 columns are the fewer ones."""
    A = layers[0]
    for W in layers[1:]:
        A = W @ A
    return A


def gaps(layers: Sequence[Array]) -> tuple[Array, ...]:
    """W_(l+1)^T W_(l+1) - W_l W_l^T for l = 1..L-1, each (..., n_l, n_l): zero when balanced, conserved by the flow."""
    return tuple(V.swapaxes(-1, -2) @ V - W @ W.swapaxes(-1, -2) for W, V in pairwise(layers))


def gap_distance(W: Array, V: Array, W0: Array, V0: Array) -> Array:
    """Frobenius norms (b,) of (V^T V - W W^T) - (V0^T V0 - W0 W0^T), V = W_(l+1), W = W_l, without n_l x n_l matrices
    where layer l is wide: the difference is M S M^T with signs S, and R S R^T has its norm, M = Q R.
    """
    M = np.concatenate([V.swapaxes(1, 2), W, V0.swapaxes(1, 2), W0], axis=2)
    signs = np.repeat([1.0, -1.0, -1.0, 1.0], [V.shape[1], W.shape[2]] * 2)
    R: Array = np.asarray(np.linalg.qr(M, mode="r")) if M.shape[1] > M.shape[2] else M
    out: Array = np.linalg.norm((R * signs) @ R.swapaxes(1, 2), axis=(1, 2))
    return out


def descent_direction(network: Network, cost: Cost, ridge: float, batch: int) -> Rhs:
    """-gradient of C(A) + ridge ||theta||^2, the right-hand side of its gradient flow, for up to `batch` samples.

    Backpropagation: the products R_l = W_l ... W_1 are kept for all layers, the error D_l = W_(l+1)^T D_(l+1) comes
    down, over R_l, and -dC/dW_l = D_l R_(l-1)^T goes straight to its place: 3 L - 3 stacked products, no copies.
    """
    n_0 = network.widths[0]
    right = [np.empty((batch, n, n_0)) for n in network.widths[2:]]

    def rhs(t: Array, y: Array, out: Array) -> None:
        b = len(y)
        W, dW = network.split(y), network.split(out)
        R = [W[0]]
        for V, buffer in zip(W[1:], right, strict=True):
            R.append(np.matmul(V, R[-1], out=buffer[:b]))
        D = -cost.gradient(R[-1])
        for l in range(network.depth - 1, 0, -1):
            np.matmul(D, R[l - 1].swapaxes(1, 2), out=dW[l])
            D = np.matmul(W[l].swapaxes(1, 2), D, out=R[l - 1] if l > 1 else dW[0])
        if network.depth == 1:
            dW[0][...] = D
        if ridge:
            out -= (2.0 * ridge) * y

    return rhs
