"""Deep linear networks: A = W_L ... W_1 with W_l of shape (n_l, n_(l-1)), batches of them, and their loss gradient.

The paper writes theta = (W_L, ..., W_1). Lists of layers here run the other way, W_1 first, as data meet them:
layer l of the paper is `layers[l - 1]`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise
from math import prod

import numpy as np

from theorycheck.errors import InputError
from theorycheck.flow.checks import Array, finite_array, whole
from theorycheck.flow.costs import Cost
from theorycheck.flow.steppers import Increment

Layers = Sequence[Array]
"""W_1, ..., W_L of shapes (b, n_l, n_(l-1))."""


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

    @cached_property
    def parts(self) -> tuple[tuple[slice, tuple[int, int]], ...]:
        """Where each layer lies in a state, and its shape."""
        ends = accumulate((n * m for n, m in self.shapes), initial=0)
        return tuple((slice(*ends), shape) for ends, shape in zip(pairwise(ends), self.shapes, strict=True))

    def split(self, states: Array) -> tuple[Array, ...]:
        """Views W_1, ..., W_L of shapes (..., n_l, n_(l-1)) into states of shape (..., P)."""
        lead = states.shape[:-1]
        return tuple([states[..., part].reshape(*lead, *shape) for part, shape in self.parts])

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


def descent_direction(network: Network, cost: Cost, ridge: float) -> Increment:
    """-gradient of C(A) + ridge ||theta||^2, times a step: the right-hand side of its gradient flow.

    Backpropagation in which every product has the narrowest width of all as its number of rows or columns. Say it is n_c,
    A = S R with S = W_L ... W_(c+1) and R = W_c ... W_1. The layers above c are multiplied from the right, those below from
    the left; then dC/dS = G R^T comes down and dC/dR = S^T G goes up: 3 L - 3 products for c = 0 or c = L, 3 L - 1 else.
    Factors are kept such that BLAS never meets (plain, transposed), which takes it up to twice as long.
    """
    thin, L, spare = min(network.widths), network.depth, Buffers()
    layers, gradients = Views(network), Views(network)
    cut = next(c for c in (0, L, *range(1, L)) if network.widths[c] == thin)

    def write(t: Array, y: Array, h: Array, out: Array) -> None:
        b, weight = len(y), -h[:, None, None]
        W, dW = layers.of(y), gradients.of(out)
        space = [spare.empty(l, (2, b, thin * n)) for l, n in enumerate(network.widths[1:-1])]
        low, high = space[: max(cut - 1, 0)], space[cut:]
        R, S = _rise(W[cut:], high) if cut < L else ([], W[0])
        P, below = _fall(W[:cut], low) if cut > 0 else ([], W[0])
        if cut in (0, L):
            pull = np.multiply(cost.gradient(below if cut else S), weight).swapaxes(1, 2)
            _sink(W, R, pull, dW, high) if cut == 0 else _climb(W, P, pull, dW, low)
        else:
            G = np.multiply(cost.gradient(S @ below), weight)
            _sink(W[cut:], R, below @ G.swapaxes(1, 2), dW[cut:], high)
            _climb(W[:cut], P, G.swapaxes(1, 2) @ S, dW[:cut], low)
        if ridge:
            out -= np.multiply(y, (2.0 * ridge * h)[:, None], out=spare.empty(-1, (b, network.size)))

    return Increment(write)


class Views:
    """`Network.split` that remembers the last array it was asked for: stages of a step are written to the same one."""

    def __init__(self, network: Network) -> None:
        self.network, self.last = network, np.empty(0)
        self.layers: tuple[Array, ...] = ()

    def of(self, y: Array) -> tuple[Array, ...]:
        if y is not self.last or not y.flags.c_contiguous:  # parts of other arrays would be copies
            self.last, self.layers = y, self.network.split(y)
        return self.layers


class Buffers:
    """Arrays that are kept between calls: the largest asked for so far under each key."""

    def __init__(self) -> None:
        self.kept: dict[int, Array] = {}

    def empty(self, key: int, shape: tuple[int, ...]) -> Array:
        """An array of this shape, with whatever was left in it by the last user of the key."""
        size = prod(shape)
        if key not in self.kept or self.kept[key].size < size:
            self.kept[key] = np.empty(size)
        return self.kept[key][:size].reshape(shape)


def _rise(W: Layers, rooms: Layers) -> tuple[list[Array], Array]:
    """R_l = W_l ... W_1 for l < len(W), and the whole product; thin columns. Rooms of l = 1..len(W) - 1, (2, b, thin n_l)."""
    b, _, thin = W[0].shape
    R = [W[0]]
    for V, (room, _) in zip(W[1:-1], rooms[1:], strict=True):
        R.append(np.matmul(V, R[-1], out=room.reshape(b, -1, thin)))
    return R, np.matmul(W[-1], R[-1]) if len(W) > 1 else W[0]


def _sink(W: Layers, R: Layers, F: Array, dW: Layers, rooms: Layers) -> None:
    """F, the transposed pull on the product, comes down over it: dW_l = F_l^T R_(l-1)^T, F_(l-1) = F_l W_l."""
    b, thin = F.shape[:2]
    for l in range(len(W) - 1, 0, -1):
        np.matmul(F.swapaxes(1, 2), R[l - 1].swapaxes(1, 2), out=dW[l])
        if l > 1:
            F = np.matmul(F, W[l], out=rooms[l - 1][1].reshape(b, thin, -1))
        else:
            np.matmul(W[1].swapaxes(1, 2), F.swapaxes(1, 2), out=dW[0])
    if len(W) == 1:
        np.copyto(dW[0], F.swapaxes(1, 2))


def _fall(W: Layers, rooms: Layers) -> tuple[list[Array], Array]:
    """P_l = W_L ... W_(l+1) for l = L-1, .., 1, and the whole product; thin rows."""
    b, thin, _ = W[-1].shape
    P = [W[-1]]
    for V, (room, _) in zip(W[-2:0:-1], rooms[-2::-1], strict=True):
        P.append(np.matmul(P[-1], V, out=room.reshape(b, thin, -1)))
    return P, np.matmul(P[-1], W[0]) if len(W) > 1 else W[0]


def _climb(W: Layers, P: Layers, H: Array, dW: Layers, rooms: Layers) -> None:
    """H, the transposed pull on the product, goes up over it: dW_l = P_l^T H_(l-1)^T, H_l = W_l H_(l-1)."""
    b, thin, L = len(H), H.shape[2], len(W)
    for l in range(L - 1):
        np.matmul(P[L - 2 - l].swapaxes(1, 2), H.swapaxes(1, 2), out=dW[l])
        if l < L - 2:
            H = np.matmul(W[l], H, out=rooms[l][1].reshape(b, -1, thin))
        else:
            np.matmul(H.swapaxes(1, 2), W[l].swapaxes(1, 2), out=dW[L - 1])
    if L == 1:
        np.copyto(dW[0], H.swapaxes(1, 2))
