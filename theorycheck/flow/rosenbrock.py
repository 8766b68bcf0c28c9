"""Rodas5P: a linearly implicit method of order 5 for stiff autonomous flows, in eight stages with one matrix.

(I + gamma h H) u_i = gamma (h f(y + sum_j a_ij u_j) + sum_j c_ij u_j), j < i, with -H the Jacobian at y; the state at the
end is that of the last stage plus its u, which is also the error estimate (stiffly accurate, L-stable, embedded order 4,
dense output of order 4). G. Steinebach, Construction of Rosenbrock-Wanner method Rodas5P and numerical benchmarks within
the Julia Differential Equations package, BIT 63 (2023) 27; the numbers are those of OrdinaryDiffEq.jl. They are checked
against the order conditions in tests/flow/test_flow_stiff.py.
"""

import numpy as np

from theorycheck.flow.checks import Array
from theorycheck.flow.costs import Cost
from theorycheck.flow.hessians import base_point
from theorycheck.flow.networks import Buffers, Network
from theorycheck.flow.shifted_systems import Systems
from theorycheck.flow.steppers import Increment, Stepper, Tolerances

GAMMA = 0.21193756319429014
_SIX = [-7.502846399306121, 2.561846144803919, -11.627539656261098, -0.18268767659942256, 0.030198172008377946]
A_ROWS = tuple(
    np.array(row)
    for row in (
        [],
        [3.0],
        [2.849394379747939, 0.45842242204463923],
        [-6.954028509809101, 2.489845061869568, -10.358996098473584],
        [2.8029986275628964, 0.5072464736228206, -0.3988312541770524, -0.04721187230404641],
        _SIX,
        [*_SIX, 1.0],
        [*_SIX, 1.0, 1.0],
    )
)
"""a_ij of the stages; the state at the end adds u_8 to that of the last stage."""
C_ROWS = tuple(
    GAMMA * np.array(row)
    for row in (
        [],
        [-14.155112264123755],
        [-17.97296035885952, -2.859693295451294],
        [147.12150275711716, -1.41221402718213, 71.68940251302358],
        [165.43517024871676, -0.4592823456491126, 42.90938336958603, -5.961986721573306],
        [24.854864614690072, -3.0009227002832186, 47.4931110020768, 5.5814197821558125, -0.6610691825249471],
        [
            *(30.91273214028599, -3.1208243349937974, 77.79954646070892, 34.28646028294783),
            *(-19.097331116725623, -28.087943162872662),
        ],
        [
            *(37.80277123390563, -3.2571969029072276, 112.26918849496327, 66.9347231244047),
            *(-40.06618937091002, -54.66780262877968, -9.48861652309627),
        ],
    )
)
"""gamma c_ij of the stages."""
DENSE = np.array(
    [
        [
            *(25.948786856663858, -2.5579724845846235, 10.433815404888879, -2.3679251022685204),
            *(0.524948541321073, 1.1241088310450404, 0.4272876194431874, -0.17202221070155493),
        ],
        [
            *(-9.91568850695171, -0.9689944594115154, 3.0438037242978453, -24.495224566215796),
            *(20.176138334709044, 15.98066361424651, -6.789040303419874, -6.710236069923372),
        ],
        [
            *(11.419903575922262, 2.8879645146136994, 72.92137995996029, 80.12511834622643),
            *(-52.072871366152654, -59.78993625266729, -0.15582684282751913, 4.883087185713722),
        ],
    ]
)
"""Rows of the dense output, on u_1..u_8."""
STATE, SLOPE, STAGES, END, LAST, ROWS = 0, 1, slice(2, 9), 9, 10, 11
"""Rows of the buffer K: y, h f(y), u_1..u_7, h f at the end, u_8. The rows of DOP853 from its state on are the same."""


def rodas5p_stepper(network: Network, cost: Cost, ridge: float, systems: Systems, at_once: int = 1000) -> Stepper:
    """The method for the gradient flow of C(A) + ridge ||theta||^2, with `systems` to solve its linear equations.

    A larger batch is taken `at_once` samples at a time, so that their matrices stay in the cache.
    """

    kept = Buffers()

    def attempt(increment: Increment, tol: Tolerances, t: Array, h: Array, K: Array, y_new: Array, note: Array) -> Array:
        y, U, force, tau = K[STATE], K[STAGES], K[END], GAMMA * h
        solve, failed, products = systems(base_point(network, cost, ridge, y), tau)
        scale, spare = (kept.empty(key, y.shape) for key in (0, 1))
        tol.scale(y, y, scale, spare)
        np.multiply(K[SLOPE], GAMMA, out=force)
        solve(force, scale, U[0])
        for i, (a, c) in enumerate(zip(A_ROWS[1:], C_ROWS[1:], strict=True), start=1):
            _sum(a, U[:i], y_new)
            y_new += y
            increment(t, y_new, tau, force)
            force += _sum(c, U[:i], spare)
            solve(force, scale, U[i] if i < 7 else K[LAST])
        y_new += K[LAST]
        increment(t, y_new, h, K[END])
        scaled = K[LAST] / tol.scale(y, y_new, scale, spare)
        error = np.sqrt(np.einsum("bp,bp->b", scaled, scaled) / y.shape[1])
        note[:, -1] += products
        return np.where(np.isfinite(error) & ~failed & np.isfinite(np.einsum("bp->b", K[END])), error, np.inf)

    def in_blocks(increment: Increment, tol: Tolerances, t: Array, h: Array, K: Array, y_new: Array, note: Array) -> Array:
        b = len(h)
        if b <= at_once and K.flags.c_contiguous:
            return attempt(increment, tol, t, h, K, y_new, note)
        error = np.empty(b)
        for rows in np.array_split(np.arange(b), -(-b // at_once)):
            part = np.s_[rows[0] : rows[-1] + 1]
            block = kept.empty(2, (ROWS, len(rows), K.shape[2]))
            block[[STATE, SLOPE]] = K[[STATE, SLOPE], part]
            trial = np.empty(block.shape[1:])
            error[part] = attempt(increment, tol, t[part], h[part], block, trial, note[part])
            K[:, part], y_new[part] = block, trial
        return error

    return Stepper("rodas5p", 5, ROWS, STATE, SLOPE, END, 8, in_blocks, dense_output, path, memory=(0.0,))


def _sum(weights: Array, U: Array, out: Array) -> Array:
    """sum_j weights_j U_j into out."""
    np.dot(weights, U.reshape(len(U), -1), out=out.reshape(-1))
    return out


def dense_output(increment: Increment, t: Array, h: Array, K: Array, y_new: Array, note: Array) -> Array:
    """C of shape (4, b, P) with y(x) = y + x (C0 + (1-x) (C1 + x (C2 + x C3))), of order 4."""
    C = np.empty((4, *y_new.shape))
    np.subtract(y_new, K[STATE], out=C[0])
    C[1:] = np.tensordot(DENSE[:, :7], K[STAGES], axes=1) + DENSE[:, 7, None, None] * K[LAST]
    return C


def path(y: Array, C: Array, x: Array) -> Array:
    """States at fractions x, shape (b,), of the step."""
    x = x[:, None]
    out: Array = y + x * (C[0] + (1 - x) * (C[1] + x * (C[2] + x * C[3])))
    return out
