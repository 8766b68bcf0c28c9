"""Coordinates of inputs and outputs in which the modes of a whitened problem are entries of A.

For C(A) = scale ||A - M||^2 with M = U S V^T the flow is integrated for U^T A V, towards S. On a plateau the modes that are
fitted have entries of their own then, and their rounding errors and tolerances stay out of those that are still small and
decide when the plateau ends. That A = U A' V^T, and that the flow of A' is that of C(U A' V^T), is proved for any cost and
depth: `hidden-compression`, with frames U_0 = V and U_L = U.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from theorycheck.flow.checks import Array
from theorycheck.flow.costs import Cost, SquaredDistance
from theorycheck.flow.networks import Network
from theorycheck.flow.reductions import PROVED, Reductions


@dataclass(frozen=True, eq=False)
class Turn:
    """The network's cost in the new coordinates and the way to and fro; ends: V, U, or () where nothing is turned."""

    network: Network
    cost: Cost
    ends: tuple[Array, ...] = ()
    used: tuple[str, ...] = ()

    def there(self, layers: Sequence[Array]) -> Array:
        """States (B, P) of W_1 V, W_2, ..., W_(L-1), U^T W_L."""
        W = list(layers)
        if self.ends:
            V, U = self.ends
            W[0], W[-1] = W[0] @ V, U.T @ W[-1]
        return self.network.join(W)

    def back(self, y: Array) -> Array:
        """States (k, P) as they were asked for, from turned ones."""
        if not self.ends:
            return y
        (V, U), W = self.ends, list(self.network.split(y))
        W[0], W[-1] = W[0] @ V.T, U @ W[-1]
        return np.concatenate([layer.reshape(len(y), -1) for layer in W], axis=1)


def turn(network: Network, cost: Cost, reductions: Reductions) -> Turn:
    """For squared distances to a target that is not diagonal already, from depth 3 on: shallower plateaus are short."""
    if reductions == "none" or network.depth < 3 or not isinstance(cost, SquaredDistance) or _single_entries(cost.target):
        return Turn(network, cost)
    U, s, Vt = np.linalg.svd(cost.target)
    diagonal = np.zeros(cost.shape)
    np.fill_diagonal(diagonal, s)
    word = f"inputs and outputs turned to the singular vectors of the target; proved: {PROVED}"
    return Turn(network, SquaredDistance(diagonal, cost.scale, cost.minimum), (Vt.T, U), (word,))


def _single_entries(M: Array) -> bool:
    """At most one entry in each row and column: the modes are entries already."""
    filled = np.asarray(M) != 0
    return bool(filled.sum(axis=0).max() <= 1 and filled.sum(axis=1).max() <= 1)
