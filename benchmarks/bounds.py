"""Two bounds: the bare matrix products of a work's right-hand sides, at the same shapes, and one large dgemm."""

from collections.abc import Callable

import numpy as np

from benchmarks.measure import Row, timed
from benchmarks.works import Work
from theorycheck import flow
from theorycheck.flow.checks import Array

LARGE = 1000


def products(network: flow.Network, y: Array, moments: bool) -> Callable[[], None]:
    """The 3 L - 3 stacked products of a right-hand side, outputs given, and that of the cost with its moments."""
    W, dW = network.split(y), network.split(np.empty_like(y))
    b, n_0 = len(y), network.widths[0]
    right = [W[0], *(np.ones((b, n, n_0)) for n in network.widths[2:])]
    error = [np.ones((b, n, n_0)) for n in network.widths[1:]]
    flat, square = np.empty((b * network.widths[-1], n_0)), np.ones((n_0, n_0))

    def call() -> None:
        for l in range(1, network.depth):
            np.matmul(W[l], right[l - 1], out=right[l])
        if moments:
            np.matmul(right[-1].reshape(-1, n_0), square, out=flat)
        for l in range(network.depth - 1, 0, -1):
            np.matmul(error[l], right[l - 1].swapaxes(1, 2), out=dW[l])
            np.matmul(W[l].swapaxes(1, 2), error[l], out=error[l - 1] if l > 1 else dW[0])

    return call


def flops(network: flow.Network, moments: bool) -> float:
    """Of one right-hand side of one sample, all products with n_0 columns."""
    n_0, n_L = network.widths[0], network.widths[-1]
    forward = sum(n * m * n_0 for n, m in network.shapes[1:])
    return 2.0 * (3 * forward + (n_L * n_0 * n_0 if moments else 0))


def rows(work: Work, right_hand_sides: float, runs: int) -> list[Row]:
    """Both bounds for so many right-hand sides a sample; groups of samples of the size that is fastest."""
    moments, total = not work.form.by_entries, right_hand_sides * work.batch
    best: list[float] = []
    for group in sorted({min(work.batch, 2**k) for k in range(10)}):
        y = np.ascontiguousarray(work.states()[:group]) / np.sqrt(work.floor)
        call = products(work.network, y, moments)
        repeats = max(1, round(0.02 / max(timed(call)[0], 1e-7)))
        times = [timed(lambda c=call, n=repeats: [c() for _ in range(n)])[0] / repeats for _ in range(runs)]  # type: ignore[misc]
        scaled = [t / group * total for t in times]
        best = min(best, scaled, key=np.median) if best else scaled
    square = np.ones((LARGE, LARGE))
    peak = [timed(lambda: square @ square)[0] for _ in range(runs + 1)][1:]
    dgemm = [t / (2 * LARGE**3) * flops(work.network, moments) * total for t in peak]
    return [_row(work, name, t, right_hand_sides) for name, t in (("bare products", best), ("large dgemm", dgemm))]


def _row(work: Work, name: str, times: list[float], right_hand_sides: float) -> Row:
    seconds = {"min": min(times), "median": float(np.median(times)), "max": max(times)}
    note = "as many right-hand sides as the engine at 1e-6"
    return Row(work.name, name, seconds, None, right_hand_sides, None, 0.0, None, work.batch, work.batch, len(times), note)
