"""Exact reductions of a flow before it is integrated: hidden layers shrink to the subspaces that they never leave.

What is proved is in `proofs`: `hidden-compression` (the block of every layer inside invariant subspaces follows the flow of
the smaller network, the rest of it only decays with the ridge), which contains the paper's rotations and inclusions of
Section 2.3. It covers L = 2 (width at most n_0 + n_L), balanced starts (width min n_l), hidden layers that start as
multiples of orthogonal matrices, networks included in wider ones, layers that are zero.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from theorycheck.errors import InputError
from theorycheck.flow.checks import Array, Counts
from theorycheck.flow.invariant import Frames, Sizes, coupling, invariant_frames
from theorycheck.flow.networks import Network

Reductions = Literal["auto", "none"]
WORTH = 0.9  # of the parameters, at most, remain: a few percent do not pay for lifting what is recorded
KEPT = 1e-10  # relative change of single weights, at most: small ones are what leaves a saddle
SMALLEST = 1e-290  # relative to a layer: everything but zero
PROVED = "hidden-compression"


@dataclass(frozen=True, eq=False)
class Reduction:
    """A smaller network and start with the same A(t), and the way back to the states of the full one.

    layers: its start, (B, k_l, k_(l-1)). frames: U_1, ..., U_(L-1), (B, n_l, k_l); none: nothing was reduced. outside:
    (B, P), what the start has outside the frames, rounding included; it stays, times e^(-2 ridge t). residual: (B,), the
    `coupling` of the frames: the flow that is solved starts this far, relative to each layer, from the one that was asked.
    """

    full: Network
    network: Network
    layers: tuple[Array, ...]
    frames: Frames
    outside: Array
    ridge: float
    residual: Array
    used: tuple[str, ...]

    def lift(self, samples: Counts, t: Array, y: Array) -> Array:
        """States (k, P) of the full network for states y (k, P') of the reduced one; `samples`, `t`: (k,) whose and when."""
        if not self.frames:
            return y
        inner = _framed(self.network.split(y), [U[samples] for U in self.frames])
        flat = np.concatenate([W.reshape(len(W), -1) for W in inner], axis=1)
        flat += self.decay(t)[:, None] * self.outside[samples]
        return flat

    def outside_square(self, samples: Counts, t: Array) -> Array:
        """(k,): ||theta||^2 of the full network minus that of the reduced one."""
        if not self.frames:
            return np.zeros(len(t))
        out: Array = (self.decay(t)[:, None] * self.outside[samples]) ** 2 @ np.ones(self.full.size)
        return out

    def decay(self, t: Array) -> Array:
        out: Array = np.exp(-2.0 * self.ridge * np.asarray(t, dtype=np.float64))
        return out


def reduce(network: Network, layers: Sequence[Array], ridge: float = 0.0, reductions: Reductions = "auto") -> Reduction:
    """The exact reduction of the flow of any cost + ridge ||theta||^2 from W_1, ..., W_L, (B, n_l, n_(l-1)) each.

    The cost stays the same one, as A does. InputError for another word than "auto" or "none".
    """
    check_word(reductions)
    start = tuple(layers)
    # without the directions that are rounding; where some were not, with all of them
    for tolerance in (rounding(network) / 4, SMALLEST) if reductions == "auto" and network.depth > 1 else ():
        frames = _frames(network, start, tolerance)
        if frames is None:
            break
        residual, entry = coupling(start, frames)
        if residual.max() <= rounding(network) and entry.max() <= KEPT:
            return along(network, start, frames, ridge, residual)
    return _unreduced(network, start, ridge)


def check_word(reductions: str) -> None:
    if reductions not in ("auto", "none"):
        raise InputError(f'reductions: "{reductions}" is unknown; pass "auto" or "none"')


def rounding(network: Network) -> float:
    """What counts as zero beside the numbers that were added up: errors of a few products of such matrices."""
    return 16.0 * float(np.sqrt(max(network.widths))) * float(np.finfo(float).eps)


def along(network: Network, layers: tuple[Array, ...], frames: Frames, ridge: float, residual: Array) -> Reduction:
    """The reduction to given frames of invariant subspaces."""
    small = Network((network.widths[0], *(U.shape[2] for U in frames), network.widths[-1]))
    blocks = _blocks(layers, frames)
    rest = [W - V for W, V in zip(layers, _framed(blocks, frames), strict=True)]
    outside = np.concatenate([W.reshape(len(W), -1) for W in rest], axis=1)
    return Reduction(network, small, blocks, frames, outside, ridge, residual, (_report(network, small, residual),))


def _report(network: Network, small: Network, residual: Array) -> str:
    what = "range of [W_1 | W_2^T] by QR" if network.depth == 2 else "invariant subspaces of the hidden layers"
    before, after = (", ".join(map(str, N.widths[1:-1])) for N in (network, small))
    return f"hidden widths {before} -> {after}: {what}; coupling to the rest {residual.max():.1e}; proved: {PROVED}"


def _unreduced(network: Network, layers: tuple[Array, ...], ridge: float) -> Reduction:
    B = len(layers[0])
    return Reduction(network, network, layers, (), np.zeros((B, 0)), ridge, np.zeros(B), ())


def _frames(network: Network, layers: tuple[Array, ...], tolerance: float) -> Frames | None:
    """Frames that make the network smaller; one sample shows whether it can be worth while for the batch."""

    def worthwhile(ranks: Sizes) -> bool:
        small = (network.widths[0], *(max(int(k), 1) for k in ranks), network.widths[-1])
        return Network(small).size <= WORTH * network.size

    if len(layers[0]) > 1 and invariant_frames([W[:1] for W in layers], tolerance, worthwhile) is None:
        return None
    frames = invariant_frames(layers, tolerance, worthwhile)
    if frames is None:
        return None
    return tuple(_at_least_one(U) for U in frames)


def _at_least_one(U: Array) -> Array:
    """A layer that stays zero keeps one neuron, whose weights stay zero; a full layer keeps its coordinates."""
    B, n, k = U.shape
    if k == n and U.any(axis=1).all():
        return np.broadcast_to(np.eye(n), (B, n, n))
    return U if k else np.zeros((B, n, 1))


def _blocks(layers: Sequence[Array], frames: Frames) -> tuple[Array, ...]:
    """U_l^T W_l U_(l-1), with U_0 and U_L the identity."""
    right = [W if l == 0 else W @ frames[l - 1] for l, W in enumerate(layers)]
    return tuple(V if l == len(frames) else frames[l].swapaxes(1, 2) @ V for l, V in enumerate(right))


def _framed(blocks: Sequence[Array], frames: Sequence[Array]) -> list[Array]:
    """U_l B_l U_(l-1)^T, with U_0 and U_L the identity."""
    left = [V if l == len(frames) else frames[l] @ V for l, V in enumerate(blocks)]
    return [V if l == 0 else V @ frames[l - 1].swapaxes(1, 2) for l, V in enumerate(left)]
