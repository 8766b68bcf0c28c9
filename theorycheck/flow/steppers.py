"""One-step methods on a batch of states: the eighth-order Runge-Kutta method DOP853, and plain gradient descent.

A stepper works on K, a buffer of shape (rows, b, P). Row `state` holds the states at the start of the step, row `slope`
h times the right-hand side there, both on entry; row `end` holds h times the right-hand side at the end, on return.
Samples do not mix: every sum runs along rows of K, elementwise in the samples.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np

from theorycheck.flow.checks import Array, positive

Rhs = Callable[[Array, Array, Array], None]
"""rhs(t, y, out): writes dy/dt at times t of shape (b,) and states y of shape (b, P) into out, any b."""


@dataclass(frozen=True)
class Increment:
    """increment(t, y, h, out): writes h dy/dt into out, for steps h of shape (b,).

    Stages that hold h dy/dt make a Runge-Kutta sum one matrix-vector product, for samples with steps of their own.
    """

    write: Callable[[Array, Array, Array, Array], None]

    def __call__(self, t: Array, y: Array, h: Array, out: Array) -> None:
        self.write(t, y, h, out)

    @classmethod
    def of(cls, rhs: Rhs) -> "Increment":
        def write(t: Array, y: Array, h: Array, out: Array) -> None:
            rhs(t, y, out)
            out *= h[:, None]

        return cls(write)


@dataclass(frozen=True)
class Tolerances:
    """A step is accepted when the root mean square of its error / (atol + rtol |y|) over the P components is <= 1."""

    rtol: float
    atol: float

    def scale(self, y: Array, y_new: Array, out: Array, spare: Array) -> Array:
        """atol + rtol max(|y|, |y_new|), into out; `spare` is overwritten."""
        np.maximum(np.abs(y, out=out), np.abs(y_new, out=spare), out=out)
        out *= self.rtol
        out += self.atol
        return out


@dataclass(frozen=True, eq=False)
class Stepper:
    """A method as three functions.

    attempt(increment, tolerances, t, h, K, y_new) -> error: writes y_new; error of shape (b,), <= 1 where the step is good
        enough, inf where it is not finite.
    dense(increment, t, h, K, y_new) -> coefficients C of shape (m, b, P) of the path inside the step.
    path(y, C, x) -> states on it at fractions x in [0, 1], shape (b,), of the step.
    A `fixed_step` is taken as it is; else steps follow the error, which falls like h^order. What a method has to
    remember of each sample between attempts starts as the numbers `memory`; where there are some, both functions get one
    more argument, (b, m), which they update. The last of them counts right-hand sides and Hessian products beyond
    rhs_per_step and rhs_per_dense.
    """

    name: str
    order: int
    rows: int
    state: int
    slope: int
    end: int
    rhs_per_step: int
    attempt: Callable[..., Array]
    dense: Callable[..., Array]
    path: Callable[[Array, Array, Array], Array]
    rhs_per_dense: int = 0
    fixed_step: float | None = None
    memory: tuple[float, ...] = ()


# --- DOP853 --------------------------------------------------------------------------------------------------------------
# Rows of K: stages that are no longer needed give their row to later ones, so that every sum runs over neighbours:
# 0: k4, 1: k1 then k3, 2: y, 3: k0, 4: k2 then k5, 5..10: k6..k11, 11: slope at the end, 12: scratch.
STATE, SLOPE, END, SCRATCH = 2, 3, 11, 12
ROW = {0: SLOPE, 1: 1, 2: 4, 3: 1, 4: 0, **{k: k - 1 for k in range(5, 12)}}
STAGE_ROWS = ((2, 4), (1, 4), (2, 5), (1, 5), (0, 4), *((0, s - 1) for s in range(6, 12)))  # of stages 1..11
SUM_ROWS = slice(STATE, END)  # y and the stages that y_new and the error are made of: k0, k5..k11
USED = (0, *range(5, 12))
CHUNK = 16384  # columns: both errors in one matrix product whose operands stay in the cache


@dataclass(frozen=True, eq=False)
class Stage:
    """The state of a stage is `weights` times the given rows of K; it is taken at t + c h and fills row `fills`."""

    weights: Array
    rows: slice
    c: float
    fills: int


@dataclass(frozen=True, eq=False)
class Tableau:
    """Stages 1..11; weights (9,) of y and the used stages for y_new; error (2, 8) of the used stages.

    For dense output A: (3, 12) and c: (3,) of stages 13..15 and D: (4, 12), on k0, k5..k11, the end, and themselves.
    """

    stages: tuple[Stage, ...]
    weights: Array
    error: Array
    A: Array
    c: Array
    D: Array


@cache
def dop853_tableau() -> Tableau:
    """Coefficients of DOP853 (Hairer, Norsett, Wanner I, II.5), from SciPy; imported here because it takes 0.4 s."""
    from scipy.integrate import DOP853 as S

    stages = []
    for s, (first, last) in enumerate(STAGE_ROWS, start=1):
        inside = {ROW[k]: S.A[s, k] for k in range(s) if S.A[s, k]}
        weights = np.array([1.0 if row == STATE else inside.get(row, 0.0) for row in range(first, last)])
        stages.append(Stage(weights, slice(first, last), float(S.C[s]), ROW[s]))
    error = np.stack([S.E5, S.E3])[:, USED]
    late = [*USED, *range(12, 16)]
    weights = np.concatenate([[1.0], S.B[list(USED)]])
    return Tableau(tuple(stages), weights, error, S.A_EXTRA[:, late], S.C_EXTRA, S.D[:, late])


def dop853_attempt(
    f: Increment, tol: Tolerances, t: Array, h: Array, K: Array, y_new: Array, reach: Array | None = None
) -> Array:
    """`Stepper.attempt`; into reach, (b,), an estimate of |h| times the largest rate, good where stability binds (6.1).

    It compares both states at the end of the step, and their slopes (Hairer, Norsett, Wanner II, IV.2).
    """
    T = dop853_tableau()
    flat, state = in_memory(K), in_memory(y_new[None])[0]
    for stage in T.stages:
        np.dot(stage.weights, flat[stage.rows], out=state)
        f(t + stage.c * h, y_new, h, K[stage.fills])
    if reach is not None:
        np.copyto(K[END], y_new)
    np.dot(T.weights, flat[SUM_ROWS], out=state)
    if reach is not None:
        np.maximum(_norms(np.subtract(y_new, K[END], out=K[END])), 1e-300, out=reach)
    scale = tol.scale(K[STATE], y_new, K[SCRATCH], K[END])
    parts = K[:2]  # stages 3 and 4 have done their work
    for a in range(0, flat.shape[1], CHUNK):
        np.matmul(T.error, flat[SLOPE:END, a : a + CHUNK], out=flat[:2, a : a + CHUNK])
    parts /= scale
    f(t + h, y_new, h, K[END])
    if reach is not None:
        np.divide(_norms(np.subtract(K[END], K[ROW[11]], out=K[SCRATCH])), reach, out=reach)
    fifth, third = _squares(parts)
    total = fifth + 0.01 * third
    error = np.where(total == 0, 0.0, fifth / np.sqrt(np.where(total == 0, 1.0, total) * y_new.shape[1]))
    return np.where(np.isfinite(error) & np.isfinite(np.einsum("bp->b", K[END])), error, np.inf)


def in_memory(K: Array) -> Array:
    """A view (rows, b P), in the order of memory, of a buffer (rows, b, P) that lies there like this or as (rows, P, b)."""
    return (K if K.flags.c_contiguous else K.swapaxes(1, 2)).reshape(len(K), -1)


def room(rows: int, b: int, P: int, alike: Array) -> Array:
    """A new buffer (rows, b, P) that lies in memory as this one."""
    return np.empty((rows, b, P)) if alike.flags.c_contiguous else np.empty((rows, P, b)).swapaxes(1, 2)


def _squares(y: Array) -> Array:
    """Sums of squares along the last axis."""
    plain = y.flags.c_contiguous
    out: Array = np.matmul(y[..., None, :], y[..., :, None])[..., 0, 0] if plain else np.multiply(y, y).sum(axis=-1)
    return out


def _norms(y: Array) -> Array:
    out: Array = np.sqrt(_squares(y))
    return out


def _dop853_dense(f: Increment, t: Array, h: Array, K: Array, y_new: Array) -> Array:
    T, y = dop853_tableau(), K[STATE]
    late, state = np.empty((12, *y.shape)), np.empty_like(y)
    late[:9], flat = K[SLOPE : END + 1], late.reshape(12, -1)
    for s, (weights, c) in enumerate(zip(T.A, T.c, strict=True), start=9):
        np.dot(weights[:s], flat[:s], out=state.reshape(-1))
        state += y
        f(t + c * h, state, h, late[s])
    C, gap = np.empty((7, *y.shape)), y_new - y
    C[0], C[1], C[2] = gap, K[SLOPE] - gap, 2 * gap - K[END] - K[SLOPE]
    np.dot(T.D, flat, out=C[3:].reshape(4, -1))
    return C


def _dop853_path(y: Array, C: Array, x: Array) -> Array:
    """y + x (C0 + (1-x) (C1 + x (C2 + (1-x) (C3 + ..)))): order 7 inside the step."""
    out, x = np.zeros_like(y), x[:, None]
    for i in range(6, -1, -1):
        out = (out + C[i]) * (x if i % 2 == 0 else 1 - x)
    return out + y


@cache
def dop853() -> Stepper:
    """Embedded Runge-Kutta of order 8 with error estimates of order 5 and 3 and a dense output of order 7."""
    parts = dop853_attempt, _dop853_dense, _dop853_path
    return Stepper("dop853", 8, 13, STATE, SLOPE, END, 12, *parts, rhs_per_dense=3)


# --- gradient descent ----------------------------------------------------------------------------------------------------
def _descent_attempt(f: Increment, tol: Tolerances, t: Array, h: Array, K: Array, y_new: Array) -> Array:
    np.add(K[0], K[1], out=y_new)
    f(t + h, y_new, h, K[2])
    return np.where(np.isfinite(np.einsum("bp->b", K[2])), 0.0, np.inf)


def _straight(f: Increment, t: Array, h: Array, K: Array, y_new: Array) -> Array:
    out: Array = (y_new - K[0])[None]
    return out


def _straight_path(y: Array, C: Array, x: Array) -> Array:
    out: Array = y + x[:, None] * C[0]
    return out


def descent(learning_rate: float) -> Stepper:
    """Plain gradient descent, y + learning_rate * rhs, each step learning_rate of time; straight between iterates."""
    step = positive("learning_rate", learning_rate)
    parts = _descent_attempt, _straight, _straight_path
    return Stepper("descent", 1, 3, 0, 1, 2, 1, *parts, fixed_step=step)
