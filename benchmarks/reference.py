"""Reference answers, two digits better than what is measured against them, kept in benchmarks/.cache.

Stiff and tiny works: collocation at 128 bits (`collocation`), which shares nothing with the engine. The
others: DOP853 at rtol 1e-13, compared with itself at a looser one and, for a few samples, with another method.
"""

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from benchmarks.collocation import FineFlow, flow_to
from benchmarks.scipy_field import Field
from benchmarks.works import GROUPS, Work
from theorycheck import flow
from theorycheck.flow.checks import Array

CACHE = Path(__file__).parent / ".cache"
TINY_SAMPLES = 32  # of the tiny works, 128 bits take half a second a sample
CHECKED = 2  # samples found in a second way, where that takes long


@dataclass(frozen=True, eq=False)
class Reference:
    """A: (k, n_L, n_0) of the first k samples, at times (B,) if the work has a middle, else at T.

    agreement: relative distance between the two ways in which it was found, as described by `how`.
    """

    A: Array
    times: Array | None
    agreement: float
    how: str

    def error(self, A: Array) -> float:
        """Largest relative Frobenius error over the samples that both have; inf where A is not finite."""
        return self.error_of(np.arange(len(self.A)), A)

    def error_of(self, samples: Array, A: Array) -> float:
        """The same where A[i] belongs to samples[i]."""
        known = [i for i, k in enumerate(samples) if k < len(self.A)]
        return distance(A[known], self.A[np.asarray(samples)[known].astype(int)])


def distance(A: Array, B: Array) -> float:
    gap = np.linalg.norm(A - B, axis=(1, 2)) / np.linalg.norm(B, axis=(1, 2))
    return float(np.max(np.where(np.isfinite(gap), gap, np.inf)))


def reference(work: Work) -> tuple[Work, Reference]:
    """The reference, from the cache if it is there, and the work with the times of its middle filled in."""
    if work.twin is not None:
        _, found = reference(work.twin)
        return replace(work, times=found.times), found
    path = CACHE / f"{work.name}-{_fingerprint(work)}.npz"
    if path.exists():
        with np.load(path) as kept:
            times = kept["times"] if kept["times"].size else None
            found = Reference(kept["A"], times, float(kept["agreement"]), str(kept["how"]))
    else:
        found = _find(work)
        CACHE.mkdir(exist_ok=True)
        (CACHE / ".gitignore").write_text("*\n")
        times = np.empty(0) if found.times is None else found.times
        np.savez(path, A=found.A, times=times, agreement=found.agreement, how=found.how)
    return replace(work, times=found.times), found


def _fingerprint(work: Work) -> str:
    middle = () if work.middle is None else work.middle
    data = (work.states(), np.asarray(work.form.weight), work.form.R, np.array([work.T]), *map(np.asarray, middle))
    return hashlib.sha256(b"".join(np.ascontiguousarray(a).tobytes() for a in data)).hexdigest()[:12]


def _find(work: Work) -> Reference:
    if work.name.startswith("P4"):
        return _stiff(work)
    if work.name.startswith("tiny"):
        return _tiny(work)
    if work.middle is not None:
        return _wide(work)
    return _explicit(work)


def balanced_core(work: Work) -> tuple[list[tuple[int, int]], Array]:
    """Shapes and states (B, P) of the equivalent networks whose hidden layers have n_0 neurons: a balanced flow keeps
    W_l between fixed spaces, those of the left singular vectors of W_(l-1) and of W_l at the start."""
    n = work.network.widths[0]
    layers, depth = work.start.layers, work.network.depth
    cores, right = [], None
    for l, W in enumerate(layers):
        left = np.linalg.svd(W, full_matrices=False)[0][..., :n] if l < depth - 1 else None
        core = W if right is None else W @ right
        cores.append(core if left is None else left.swapaxes(1, 2) @ core)
        right = left
    return [W.shape[1:] for W in cores], np.concatenate([W.reshape(len(W), -1) for W in cores], axis=1)


def _stiff(work: Work) -> Reference:
    shapes, states = balanced_core(work)
    run = FineFlow(shapes, work.form)
    found = [flow_to(run, y, work.T, 1e-11, work.middle) for y in states]
    checked = zip(states[:CHECKED], found, strict=False)
    again = np.stack([flow_to(run, y, t, 1e-9, None)[1] for y, (t, _, _) in checked])
    A = np.stack([a for _, a, _ in found])
    how = "Radau IIA of order 15 at 128 bits, indicators 1e-11 and, for two samples, 1e-9"
    return Reference(A, np.array([t for t, _, _ in found]), distance(again, A[:CHECKED]), how)


def _tiny(work: Work) -> Reference:
    run, states = FineFlow(work.network.shapes, work.form), work.states()[:TINY_SAMPLES]
    A, again = (np.stack([flow_to(run, y, work.T, tol, None)[1] for y in states]) for tol in (1e-11, 1e-9))
    how = f"Radau IIA of order 15 at 128 bits, first {len(A)} samples, indicators 1e-11 and 1e-9"
    return Reference(A, None, distance(again, A), how)


def _dop853(work: Work, rtol: float, T: float, samples: slice = slice(None)) -> flow.Trajectories:
    layers = [W[samples] for W in work.start.layers]
    return flow.run(work.network, work.cost, layers, T, rtol=rtol, atol=rtol * work.floor, method="dop853",
                    max_steps=100_000_000)  # fmt: skip


def _explicit(work: Work) -> Reference:
    A, again = (_dop853(work, rtol, work.T).A for rtol in (1e-13, 1e-12))
    other = np.stack([_adams(work, k) for k in range(min(CHECKED, work.batch))])
    gap = max(distance(again, A), distance(other, A[: len(other)]))
    return Reference(A, None, gap, f"DOP853 at 1e-13, against 1e-12 and, for {len(other)} samples, Adams formulas at 1e-13")


def _adams(work: Work, k: int) -> Array:
    """Adams formulas of varying order by functional iteration: no Jacobian, however many weights there are."""
    from scipy.integrate import ode

    field = Field(work.network.shapes, work.form)
    solver = ode(field).set_integrator("vode", method="adams", rtol=1e-13, atol=1e-13 * work.floor, nsteps=10**7)
    y = solver.set_initial_value(work.states()[k]).integrate(work.T)
    return field.product(y)


def _wide(work: Work) -> Reference:
    """The time of the middle from a coarse run; then each sample to exactly that time, twice."""
    assert work.middle is not None
    u, v, height = work.middle
    mode = flow.Crossing(lambda layers: flow.product(layers) @ v @ u, height, 1)
    coarse = flow.run(work.network, work.cost, work.start, work.T, rtol=1e-6, atol=1e-6 * work.floor, events=[mode],
                      method="dop853", reductions="none", max_steps=100_000_000)  # fmt: skip
    times = coarse.solution.event_times()
    each = range(work.batch)
    A, again = (np.concatenate([_dop853(work, r, float(times[k]), slice(k, k + 1)).A for k in each]) for r in (1e-13, 1e-11))
    return Reference(A, times, distance(again, A), "DOP853 at 1e-13, against 1e-11")


def main() -> None:
    """All references, some of which take minutes: `python -m benchmarks.reference`; the benchmark then finds them."""
    for makers in GROUPS.values():
        for make in makers.values():
            work, found = reference(make(False))
            print(f"{work.name}: {found.how}; agree to {found.agreement:.1e}", flush=True)


if __name__ == "__main__":
    main()
