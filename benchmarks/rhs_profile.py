"""How much of the engine's time is spent inside BLAS: `OPENBLAS_NUM_THREADS=1 python -m benchmarks.rhs_profile`.

For each network it times one right-hand side, the bare matrix products in it (same shapes and strides, outputs given),
and one attempted DOP853 step of 12 right-hand sides. Each number is the fastest of many repetitions.
"""

import time
from collections.abc import Callable

import numpy as np

from theorycheck import flow
from theorycheck.flow.checks import Array
from theorycheck.flow.integration import GROUP_BYTES
from theorycheck.flow.steppers import Tolerances

SIDE, SAMPLES, SECONDS = 10, 64, 1.0
CASES = [(L, w) for L in (2, 4) for w in (20, 50, 100)]


def fastest(call: Callable[[], None]) -> float:
    """Seconds of the fastest of the calls that fit into SECONDS, at least five."""
    times: list[float] = []
    while len(times) < 5 or sum(times) < SECONDS:
        begin = time.perf_counter()
        call()
        times.append(time.perf_counter() - begin)
    return min(times)


def bare_products(network: flow.Network, y: Array, moments: Array) -> Callable[[], None]:
    """The 3 L - 3 stacked products of a right-hand side and the one of the cost's gradient, and nothing else."""
    W, dW = network.split(y), network.split(np.empty_like(y))
    b, n_0 = len(y), network.widths[0]
    right = [np.ones((b, n, n_0)) for n in network.widths[1:]]
    error = [np.ones((b, n, n_0)) for n in network.widths[1:]]
    flat = np.empty((b * network.widths[-1], n_0))

    def call() -> None:
        for l in range(1, network.depth):
            np.matmul(W[l], right[l - 1], out=right[l])
        np.matmul(right[-1].reshape(-1, n_0), moments, out=flat)
        for l in range(network.depth - 1, 0, -1):
            np.matmul(error[l], right[l - 1].swapaxes(1, 2), out=dW[l])
            np.matmul(W[l].swapaxes(1, 2), error[l], out=error[l - 1] if l > 1 else dW[0])

    return call


def measure(L: int, width: int) -> tuple[int, float, float, float, float]:
    """Samples in a group; seconds of its products, of a right-hand side, of a step; GF/s of the products."""
    rng = np.random.default_rng(0)
    network = flow.rectangular(SIDE, width, SIDE, L)
    X = rng.standard_normal((SIDE, 100))
    cost = flow.MeanSquaredError(X, rng.standard_normal((SIDE, 100)))
    stepper = flow.dop853()
    b = min(SAMPLES, max(1, GROUP_BYTES // (8 * network.size * stepper.rows)))
    y = network.join(flow.gaussian(network, b, width**-0.5, seed=0).layers)
    f, t, h = flow.descent_direction(network, cost, 0.0), np.zeros(b), np.full(b, 1e-6)
    K, trial = np.empty((stepper.rows, *y.shape)), np.empty_like(y)
    K[stepper.state] = y
    bare = fastest(bare_products(network, y, X @ X.T))
    side = fastest(lambda: f(t, y, h, K[stepper.slope]))
    step = fastest(lambda: [stepper.attempt(f, Tolerances(1e-8, 1e-12), t, h, K, trial)].clear())
    flops = 2 * SIDE * b * (3 * (network.size - width * SIDE) + SIDE * SIDE)
    return b, bare, side, step, flops / bare / 1e9


def main() -> None:
    print("| L | width | samples | products ms | right-hand side ms | BLAS share | GF/s | 12 right-hand sides / step |")
    print("|---|---|---|---|---|---|---|---|")
    for L, width in CASES:
        b, bare, side, step, speed = measure(L, width)
        times = f"{bare * 1e3:.3f} | {side * 1e3:.3f} | {bare / side:.0%} | {speed:.0f} | {12 * side / step:.0%}"
        print(f"| {L} | {width} | {b} | {times} |")


if __name__ == "__main__":
    main()
