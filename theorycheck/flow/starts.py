"""Where runs start: random and balanced weights. Sample k is the same whatever the size of the batch."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from theorycheck.flow.checks import Array, positive, whole
from theorycheck.flow.networks import Network


@dataclass(frozen=True, eq=False)
class Start:
    """Layers W_1, ..., W_L of shapes (B, n_l, n_(l-1)) and, in words, how they were drawn: law, seed and spawn keys."""

    layers: tuple[Array, ...]
    origin: str


def _generators(batch: int, seed: int, key: tuple[int, ...]) -> list[np.random.Generator]:
    """One generator per sample, from SeedSequence(seed, spawn_key=(*key, sample)): no state, no dependence on order."""
    whole("seed", seed, least=0)
    samples = range(whole("batch", batch, least=1))
    return [np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(*key, k))) for k in samples]


def _origin(law: str, batch: int, seed: int, key: tuple[int, ...]) -> str:
    return f"{law}; sample k < {batch} from SeedSequence({seed}, spawn_key=({''.join(f'{i}, ' for i in key)}k,))"


def gaussian(network: Network, batch: int, std: float, seed: int, key: tuple[int, ...] = ()) -> Start:
    """All weights independent, normal with mean 0 and standard deviation std > 0 (paper, section 3.1)."""
    positive("std", std)
    y = np.stack([std * rng.standard_normal(network.size) for rng in _generators(batch, seed, key)])
    return Start(network.split(y), _origin(f"gaussian with std {std}", batch, seed, key))


def on_sphere(network: Network, batch: int, alpha: float, seed: int, key: tuple[int, ...] = ()) -> Start:
    """alpha rho with rho uniform on the unit sphere of theta-space and alpha > 0 (paper, section 3.2)."""
    positive("alpha", alpha)
    y = np.stack([rng.standard_normal(network.size) for rng in _generators(batch, seed, key)])
    y *= alpha / np.linalg.norm(y, axis=1, keepdims=True)
    return Start(network.split(y), _origin(f"uniform on the sphere of radius {alpha}", batch, seed, key))


def balanced(network: Network, batch: int, scale: float, seed: int, key: tuple[int, ...] = ()) -> Start:
    """W_l = U_l S U_(l-1)^T, hence W_(l+1)^T W_(l+1) = W_l W_l^T: U_l random frames of min(n_l) columns.

    S is diagonal, positive, scale > 0 times independent |normal| entries, the same for all layers.
    """
    positive("scale", scale)
    rank = min(network.widths)
    drawn = [_balanced_layers(network, rank, scale, rng) for rng in _generators(batch, seed, key)]
    layers = tuple(np.stack(same) for same in zip(*drawn, strict=True))
    return Start(layers, _origin(f"balanced with scale {scale}", batch, seed, key))


def _balanced_layers(network: Network, rank: int, scale: float, rng: np.random.Generator) -> list[Array]:
    S = scale * np.abs(rng.standard_normal(rank))
    U = [np.linalg.qr(rng.standard_normal((n, rank)))[0] for n in network.widths]
    return [(after * S) @ before.T for before, after in pairwise(U)]
