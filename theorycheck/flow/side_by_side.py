"""Tiny networks: entry by entry over the whole batch, with the samples side by side in memory.

A product of matrices of side 2 takes BLAS or NumPy some 30 ns, most of it on the way to it. Here states lie in memory as
(P, b), though every array is seen as (b, P), and a product is one sweep over the batch for each pair of entries.
"""

import numpy as np

from theorycheck.flow.checks import Array, Counts
from theorycheck.flow.costs import Cost
from theorycheck.flow.events import Mask
from theorycheck.flow.motors import InPlace
from theorycheck.flow.networks import Network, descent_direction
from theorycheck.flow.steppers import Increment

MOST_PARAMETERS = 36  # measured, benchmarks/README.md


def fits(network: Network) -> bool:
    """Whether this layout is the faster one."""
    return network.size <= MOST_PARAMETERS


def increment(network: Network, cost: Cost, ridge: float) -> Increment:
    """`networks.descent_direction` for both layouts; y and out have the same."""
    usual, L = descent_direction(network, cost, ridge), network.depth
    at = _At(network, np.empty((0, network.size)))

    def write(t: Array, y: Array, h: Array, out: Array) -> None:
        nonlocal at
        if y.flags.c_contiguous:
            return usual(t, y, h, out)
        if y is not at.y:  # all stages of a step are looked at in one place
            at = _At(network, y)
        W, R, A, D, dW = at.W, at.R, at.A, at.D, _layers(network, out)
        for l in range(1, L):
            np.einsum("ikb,kjb->ijb", W[l], R[l - 1], out=R[l])
        np.multiply(cost.gradient(A), -h[:, None, None], out=at.pull if L > 1 else dW[0].transpose(2, 0, 1))
        for l in range(L - 1, 0, -1):
            np.einsum("ikb,jkb->ijb", D[l], R[l - 1], out=dW[l])
            np.einsum("kib,kjb->ijb", W[l], D[l], out=D[l - 1] if l > 1 else dW[0])
        if ridge:
            out -= np.multiply(y, (2.0 * ridge * h)[:, None])

    return Increment(write)


class _At:
    """Views and rooms for the right-hand sides at states y, whatever is written there.

    W_l: (n_l, n_(l-1), b); R_l = W_l ... W_1 and D_l = (W_L ... W_(l+1))^T times the pull on A, (n_l, n_0, b); A and the pull
    as the cost sees them, (b, n_L, n_0).
    """

    def __init__(self, network: Network, y: Array) -> None:
        self.y, self.W = y, _layers(network, y)
        rooms = [np.empty((2, n, network.widths[0], len(y))) for n in network.widths[1:]]
        self.R, self.D = [self.W[0], *(room[0] for room in rooms[1:])], [room[1] for room in rooms]
        self.A, self.pull = self.R[-1].transpose(2, 0, 1), self.D[-1].transpose(2, 0, 1)


def _layers(network: Network, y: Array) -> list[Array]:
    """Views W_1, ..., W_L of shapes (n_l, n_(l-1), b) into states (b, P) that lie side by side."""
    rows, b = y.T, len(y)
    return [rows[part].reshape(*shape, b) for part, shape in network.parts]


class SideBySide(InPlace):
    """`InPlace` in this layout. What it hands out is copied to the usual one."""

    def _lay_out(self, b: int, P: int) -> None:
        rows = self.stepper.rows
        buffer = self.pool[: (rows + 1) * b * P].reshape(rows + 1, P, b).swapaxes(1, 2)
        self.K, self.y_new = buffer[:rows], buffer[rows]
        self.y, self.slope, self.end = (self.K[row] for row in (self.stepper.state, self.stepper.slope, self.stepper.end))

    def states(self, rows: Counts | Mask) -> Array:
        return np.ascontiguousarray(self.y[rows])

    def evaluate(self, t: Array, y: Array) -> Array:
        out = np.empty(y.shape)
        self.increment(t, np.ascontiguousarray(y), np.ones(len(y)), out)
        return out

    def trial(self, rows: Counts | Mask) -> Array:
        return np.ascontiguousarray(self.y_new[rows])
