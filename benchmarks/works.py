"""The problems of the benchmark as frozen data: network, cost, starts with their seeds, T, and where the error is taken.

P1 to P4, the wide stiff and the tiny networks are those of the table in README.md beside this file. `--quick` makes
them small: the same code in a second or two, numbers without meaning.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from theorycheck import flow
from theorycheck.flow.checks import Array

SEED = 4


@dataclass(frozen=True, eq=False)
class Form:
    """Gradient of the cost in the fewest operations, the factor 2 folded in: A weight - R, or weight * A - R by entries.

    Every peer gets it, in arrays of its own library: data enter through their moments only.
    """

    weight: Any
    R: Any
    by_entries: bool

    def gradient(self, A: Any) -> Any:
        return self.weight * A - self.R if self.by_entries else A @ self.weight - self.R

    def downhill(self, A: Any) -> Any:
        """Minus the gradient."""
        return self.R - self.weight * A if self.by_entries else self.R - A @ self.weight

    def hessian(self) -> Array:
        """Second derivative as a matrix on the entries of A, row after row."""
        n_L, n_0 = self.R.shape
        if self.by_entries:
            return np.diag(np.broadcast_to(self.weight, (n_L, n_0)).ravel())
        return np.kron(np.eye(n_L), self.weight.T)

    def converted(self, asarray: Callable[[Array], Any]) -> "Form":
        return Form(asarray(np.asarray(self.weight)), asarray(self.R), self.by_entries)


@dataclass(frozen=True, eq=False)
class Work:
    """One problem. The error is taken at T, or, with `middle` = (u, v, height), when u^T A v first reaches the height.

    times: (B,) where the error is taken, None for T; the reference fills it in for `middle`.
    atol = floor * rtol, for all methods alike: floor is the size of the smallest start, so that small weights count.
    """

    name: str
    about: str
    network: flow.Network
    cost: flow.Cost
    form: Form
    start: flow.Start
    T: float
    floor: float
    middle: tuple[Array, Array, float] | None = None
    times: Array | None = None
    alpha: float | None = None
    twin: "Work | None" = None  # a smaller work with the same A(t), whose reference serves

    @property
    def batch(self) -> int:
        return len(self.start.layers[0])

    def states(self) -> Array:
        return self.network.join(self.start.layers)


def frames(n: int, columns: int, rng: np.random.Generator) -> Array:
    """n x columns with orthonormal columns."""
    out: Array = np.linalg.qr(rng.standard_normal((n, columns)))[0]
    return out


def teacher(n: int, singular_values: tuple[float, ...], rng: np.random.Generator) -> Array:
    U, V = (frames(n, len(singular_values), rng) for _ in range(2))
    return (U * np.asarray(singular_values)) @ V.T


def scaled_start(network: flow.Network, scales: Array, by_fan_in: bool) -> flow.Start:
    """Gaussian weights; sample k has standard deviation scales[k], or scales[k] / sqrt(n_(l-1))."""
    layers = flow.gaussian(network, len(scales), 1.0, SEED).layers
    fan = [np.sqrt(n) if by_fan_in else 1.0 for n in network.widths]
    drawn = tuple(W * (scales[:, None, None] / f) for W, f in zip(layers, fan, strict=False))
    return flow.Start(drawn, f"gaussian with standard deviations {scales.min():.2g} to {scales.max():.2g}")


def balanced_start(network: flow.Network, batch: int, alpha: float) -> flow.Start:
    """W_l = alpha U_l U_(l-1)^T with random frames U_l of min(n_l) columns: balanced, all singular values alpha."""
    rank, depth = min(network.widths), network.depth
    order = (0, depth, *range(1, depth))  # the ends first: they alone decide A(t), so that all widths share it
    rngs = [np.random.default_rng(np.random.SeedSequence(SEED, spawn_key=(k,))) for k in range(batch)]
    U = [{l: frames(network.widths[l], rank, rng) for l in order} for rng in rngs]
    layers = tuple(np.stack([alpha * u[l] @ u[l - 1].T for u in U]) for l in range(1, depth + 1))
    return flow.Start(layers, f"balanced, all singular values {alpha}")


def p1(quick: bool, batch: int | None = None) -> Work:
    n, w, B = (4, 6, 2) if quick else (10, 50, 64)
    rng, network = np.random.default_rng(SEED), flow.rectangular(n, w, n, 2)
    M, X = teacher(n, (3.0, 2.0, 1.0), rng), rng.standard_normal((n, 100))
    form = Form(2 * X @ X.T / 100, 2 * M @ X @ X.T / 100, False)
    scales = np.exp(rng.uniform(np.log(1e-3), np.log(1e-1), batch or B))
    start = scaled_start(network, scales, by_fan_in=False)
    return Work("P1", f"L=2 n={n} w={w}, 100 data points", network, flow.MeanSquaredError(X, M @ X), form, start,
                2.0 if quick else 12.0, float(scales.min()))  # fmt: skip


def p2(quick: bool, batch: int | None = None) -> Work:
    """Target: the teacher of P1. Weights scale / sqrt(n_(l-1)), so that the run neither blows up nor stands still."""
    n, w, B = (4, 6, 2) if quick else (10, 100, 8)
    rng, network = np.random.default_rng(SEED), flow.rectangular(n, w, n, 4)
    M, seen = teacher(n, (3.0, 2.0, 1.0), rng), np.sort(rng.permutation(n * n)[: round(0.6 * n * n)])
    rows, cols = np.divmod(seen, n)
    cost = flow.MatrixCompletion(tuple(rows.tolist()), tuple(cols.tolist()), tuple(M[rows, cols].tolist()), (n, n))
    share = np.zeros((n, n))
    share[rows, cols] = 2 / len(seen)
    start = scaled_start(network, rng.uniform(0.5, 0.8, batch or B), by_fan_in=True)
    return Work("P2", f"L=4 n={n} w={w}, 60% of the entries", network, cost, Form(share, share * M, True), start,
                5.0 if quick else 150.0, 1e-2)  # fmt: skip


def p3(quick: bool, batch: int | None = None, width: int = 10, depth: int = 3, scale: float = 1e-3) -> Work:
    """Whitened data: C = ||A - Y||^2, the mean squared error for X X^T / N = 1."""
    n, w, B, T = (3, 4, 2, 20.0) if quick else (5, width, 256, 1000.0)
    network = flow.rectangular(n, w, n, depth)
    start = flow.gaussian(network, batch or B, 0.1 if quick else scale, SEED)
    target = teacher(n, (2.0, 1.0), np.random.default_rng(SEED))
    cost, form = flow.SquaredDistance(target), Form(np.float64(2.0), 2 * target, True)
    return Work("P3", f"L={depth} n={n} w={w}, whitened", network, cost, form, start, T, 0.1 if quick else scale)


def second_mode(target: Array) -> tuple[Array, Array, float]:
    """(u, v, half its singular value) of the second singular mode."""
    U, s, Vt = np.linalg.svd(target)
    return U[:, 1], Vt[1], float(s[1]) / 2


def p4(quick: bool, w: int, alpha: float) -> Work:
    B = 2 if quick else 32
    alpha, T = (0.3, 3 / 0.3**2) if quick else (alpha, 3 * alpha**-2)
    network, target = flow.rectangular(4, w, 4, 4), teacher(4, (2.0, 1.0), np.random.default_rng(SEED))
    return Work(f"P4-w{w}-{alpha:g}", f"L=4 n=4 w={w}, balanced, alpha={alpha:g}", network, flow.SquaredDistance(target),
                Form(np.float64(2.0), 2 * target, True), balanced_start(network, B, alpha), T, alpha,
                second_mode(target), alpha=alpha, twin=p4(quick, 4, alpha) if w > 4 else None)  # fmt: skip


def wide(quick: bool, alpha: float) -> Work:
    """Gaussian weights alpha / sqrt(w), not balanced: no reduction applies, singular values of the layers about alpha.

    T = 3 alpha^-(L-2), as for P4; the second transition of the four samples lies at 0.6 / alpha.
    """
    n, w, B = (3, 8, 2) if quick else (10, 100, 4)
    alpha = 0.3 if quick else alpha
    network, target = flow.rectangular(n, w, n, 3), teacher(n, (2.0, 1.0), np.random.default_rng(SEED))
    start = flow.gaussian(network, B, alpha / np.sqrt(w), SEED)
    return Work(f"wide-{alpha:g}", f"L=3 n={n} w={w}, gaussian, alpha={alpha:g}", network, flow.SquaredDistance(target),
                Form(np.float64(2.0), 2 * target, True), start, 3 / alpha, alpha / np.sqrt(w),
                second_mode(target), alpha=alpha)  # fmt: skip


def tiny(quick: bool, w: int) -> Work:
    """T = 5: from weights of size 0.3 past both transitions, before the contraction at the end hides the errors."""
    network, target = flow.rectangular(2, w, 2, 3), teacher(2, (2.0, 1.0), np.random.default_rng(SEED))
    start = flow.gaussian(network, 4 if quick else 256, 0.3, SEED)
    return Work(f"tiny-w{w}", f"L=3 n=2 w={w}", network, flow.SquaredDistance(target),
                Form(np.float64(2.0), 2 * target, True), start, 2.0 if quick else 20.0, 0.1)  # fmt: skip


Maker = Callable[[bool], Work]
ALPHAS = (1e-2, 1e-3, 1e-4)
GROUPS: dict[str, dict[str, Maker]] = {
    "P1": {"P1": p1},
    "P2": {"P2": p2},
    "P3": {"P3": p3},
    "P4": {f"P4-w{w}-{a:g}": lambda quick, w=w, a=a: p4(quick, w, a) for w in (4, 8) for a in ALPHAS},
    "wide": {f"wide-{a:g}": lambda quick, a=a: wide(quick, a) for a in ALPHAS},
    "tiny": {f"tiny-w{w}": lambda quick, w=w: tiny(quick, w) for w in (1, 2, 3, 4)},
}
"""What --only names: a group, or one of its works."""
