"""heyoka's Taylor integrator in batch mode, for the tiny networks: as many samples at once as the machine has lanes.

The vector field is written out in scalars and compiled, which is timed apart. The tolerance is heyoka's own, relative.
"""

import time

import heyoka as hy
import numpy as np

from benchmarks.method import Method, Outcome, Prepared
from benchmarks.works import Work
from theorycheck import flow
from theorycheck.flow.checks import Array


def _times(X: Array, Y: Array) -> Array:
    """The product of two matrices of expressions."""
    rows = [[hy.sum([X[i, k] * Y[k, j] for k in range(X.shape[1])]) for j in range(Y.shape[1])] for i in range(len(X))]
    return np.array(rows, dtype=object)


def vector_field(work: Work) -> list[tuple[hy.expression, hy.expression]]:
    y = np.array(hy.make_vars(*[f"y{i}" for i in range(work.network.size)]), dtype=object)
    W = work.network.split(y)
    R = [W[0]]
    for V in W[1:]:
        R.append(_times(V, R[-1]))
    weight, target = np.broadcast_to(work.form.weight, work.form.R.shape), work.form.R
    D = np.array([[float(target[i, j]) - float(weight[i, j]) * R[-1][i, j] for j in range(target.shape[1])]
                  for i in range(len(target))], dtype=object)  # fmt: skip
    gradients = []
    for l in range(len(W) - 1, 0, -1):
        gradients.append(_times(D, R[l - 1].T))
        D = _times(W[l].T, D)
    gradients.append(D)
    return list(zip(y, np.concatenate([G.ravel() for G in gradients[::-1]]), strict=True))


def prepare(work: Work, samples: Array) -> Prepared:
    lanes = hy.recommended_simd_size()
    states = work.states()[samples]
    padded = np.concatenate([states, np.repeat(states[-1:], -len(states) % lanes, axis=0)])
    groups = np.ascontiguousarray(padded.reshape(-1, lanes, padded.shape[1]).swapaxes(1, 2))
    integrators: dict[float, hy.taylor_adaptive_batch] = {}

    def compiled(tolerance: float) -> hy.taylor_adaptive_batch:
        if tolerance not in integrators:
            integrators[tolerance] = hy.taylor_adaptive_batch(vector_field(work), groups[0].copy(), tol=tolerance)
        return integrators[tolerance]

    hy.llvm_state.clear_memcache()
    hy.llvm_state.clear_diskcache()  # else a field that was compiled before costs nothing
    begin = time.perf_counter()
    compiled(1e-12)
    seconds = time.perf_counter() - begin

    def run(rtol: float) -> Outcome:
        integrator, ends, steps = compiled(max(rtol, 2.3e-16)), np.empty_like(groups), 0
        for group, end in zip(groups, ends, strict=True):
            integrator.set_time(0.0)
            integrator.state[:] = group
            integrator.propagate_until(work.T)
            end[:] = integrator.state
            steps += sum(lane[-1] for lane in integrator.propagate_res)
        y = ends.swapaxes(1, 2).reshape(padded.shape)[: len(states)]
        mean = steps / len(padded)
        return Outcome(flow.product(work.network.split(y)), mean, mean)

    return Prepared(run, seconds)


METHODS = (Method("heyoka batch", "heyoka", ("tiny",), prepare),)
