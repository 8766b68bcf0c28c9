"""The explicit path on other array libraries: PyTorch, JAX, and whatever else `array-api-compat` wraps, on their devices.

States, stages and products live there; NumPy sees times, steps, errors and what is recorded. A step is one function
of arrays without side effects, which JAX compiles.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import accumulate, pairwise
from typing import Any

import numpy as np

from theorycheck.errors import InputError
from theorycheck.flow.checks import Array, Counts
from theorycheck.flow.costs import Cost, MatrixCompletion, MeanSquaredError, Quadratic, SquaredDistance
from theorycheck.flow.events import Mask
from theorycheck.flow.networks import Network
from theorycheck.flow.steppers import Increment, Stepper, Tolerances, dop853_tableau

Field = Callable[[Any], Any]
"""y -> dy/dt, both (b, P) arrays of the library."""


@dataclass(frozen=True)
class Place:
    """An array library and a device of it."""

    xp: Any
    device: Any

    @classmethod
    def of(cls, arrays: Sequence[Any]) -> "Place | None":
        """Where these arrays live; None for NumPy and lists. InputError for another library when there is no way to it."""
        if all(isinstance(a, np.ndarray | list | tuple | float | int) for a in arrays):
            return None
        try:
            import array_api_compat
        except ImportError:
            raise InputError("theta0: arrays of another library than NumPy need `pip install array-api-compat`") from None
        try:
            xp = array_api_compat.array_namespace(*arrays)
        except TypeError as error:
            raise InputError(f"theta0: {error}; pass arrays of one library, all W_l alike") from None
        if array_api_compat.is_numpy_namespace(xp):
            return None
        dtypes = {str(a.dtype) for a in arrays}
        if any(a.dtype != xp.float64 for a in arrays):
            raise InputError(f"theta0: has {', '.join(sorted(dtypes))} entries; pass float64 (JAX: jax_enable_x64)")
        return cls(xp, array_api_compat.device(arrays[0]))

    def there(self, a: Array | Counts | Mask) -> Any:
        """A NumPy array, copied to the place."""
        return self.xp.asarray(np.array(a), device=self.device)

    def here(self, a: Any) -> Array:
        """A copy as a NumPy array."""
        import array_api_compat

        on_host = array_api_compat.to_device(a, "cpu") if array_api_compat.is_torch_array(a) else a
        out: Array = np.array(np.asarray(on_host))
        return out

    @cached_property
    def compiled(self) -> Callable[[Any], Any]:
        """What makes a function of arrays fast there: jax.jit, or nothing."""
        import array_api_compat

        if array_api_compat.is_jax_namespace(self.xp):
            import jax

            jit: Callable[[Any], Any] = jax.jit
            return jit
        return lambda function: function

    def gradient(self, cost: Cost) -> Field:
        """Gradient of a cost of the engine; a user's one has to know the library."""
        match cost:
            case SquaredDistance():
                target = self.there(cost.target)
                return lambda A: 2.0 * cost.scale * (A - target)
            case MeanSquaredError():
                XX, YX = map(self.there, cost.moments)
                return lambda A: 2.0 * (A @ XX - YX)
            case MatrixCompletion():
                share, mean, _ = cost.observed
                weight, pull = self.there(2.0 * share), self.there(2.0 * share * mean)
                return lambda A: weight * A - pull
            case Quadratic():
                H, centre = self.there(cost.H), self.there(cost.centre)
                return lambda A: self.xp.reshape(self.xp.reshape(A - centre, (-1, cost.H.shape[0])) @ H, A.shape)
        return cost.gradient

    def descent_direction(self, network: Network, cost: Cost, ridge: float) -> Field:
        """Minus the gradient of C(A) + ridge ||theta||^2: `networks.descent_direction`, as a function of states."""
        xp, gradient = self.xp, self.gradient(cost)
        parts = list(pairwise(accumulate((n * m for n, m in network.shapes), initial=0)))

        def field(y: Any) -> Any:
            split = zip(parts, network.shapes, strict=True)
            W = [xp.reshape(y[:, a:b], (y.shape[0], n, m)) for (a, b), (n, m) in split]
            R = list(accumulate(W, lambda below, V: V @ below))
            D, dW = -gradient(R[-1]), []
            for l in range(len(W) - 1, 0, -1):
                dW.append(D @ xp.matrix_transpose(R[l - 1]))
                D = xp.matrix_transpose(W[l]) @ D
            flat = xp.concat([xp.reshape(V, (y.shape[0], -1)) for V in (D, *dW[::-1])], axis=1)
            return flat - 2.0 * ridge * y if ridge else flat

        return field


class Elsewhere:
    """DOP853 for an autonomous field at a place; a `Motor`.

    `at`: where the samples that still run lie in the arrays. Those that stopped stand still there until half have left,
    so that a library which compiles for each shape does so log2(b) times.
    """

    def __init__(self, place: Place, field: Field, step: "Step", y: Array) -> None:
        self.place, self.field, self.step = place, field, step
        self.y, self.at = place.there(y), np.arange(len(y))
        self.slope = field(self.y)

    def states(self, rows: Counts | Mask) -> Array:
        return self.place.here(self._some(self.y, rows))

    def slopes(self) -> Array:
        return self.place.here(self.slope)[self.at]

    def evaluate(self, t: Array, y: Array) -> Array:
        return self.place.here(self.field(self.place.there(y)))

    def scale(self, ratio: Array) -> None:
        self.slope = self.slope * self._column(ratio)

    def norms(self) -> Array:
        out: Array = np.sqrt(self.place.here(self.place.xp.sum(self.y * self.y, axis=1)))[self.at]
        return out

    def spent(self, rows: Mask) -> Array:
        return np.zeros(int(rows.sum()))

    def attempt(self, t: Array, h: Array) -> Array:
        self.y_new, self.stages, parts = self.step(self.y, self.slope, self._column(h))
        fifth, third, finite = self.place.here(parts)[:, self.at]
        total = fifth + 0.01 * third
        error = np.where(total == 0, 0.0, fifth / np.sqrt(np.where(total == 0, 1.0, total) * self.y.shape[1]))
        return np.where(np.isfinite(error) & (finite == 1.0), error, np.inf)

    def trial(self, rows: Counts | Mask) -> Array:
        return self.place.here(self._some(self.y_new, rows))

    def dense(self, t: Array, h: Array, rows: Counts) -> Array:
        T, y, y_new = dop853_tableau(), self._some(self.y, rows), self._some(self.y_new, rows)
        late, column = [self._some(k, rows) for k in self.stages], self.place.there(h[rows][:, None])
        for s, weights in enumerate(T.A, start=9):
            late.append(column * self.field(y + weighted(weights[:s], late)))
        gap = y_new - y
        C = [gap, late[0] - gap, 2.0 * gap - late[8] - late[0], *(weighted(row, late) for row in T.D)]
        return np.stack([self.place.here(c) for c in C])

    def move(self, rows: Counts, y: Array) -> None:
        moved = self.place.here(self.y_new)
        moved[self.at[rows]] = y
        self.y_new = self.place.there(moved)

    def commit(self, ratio: Array, accepted: Mask) -> None:
        xp, yes = self.place.xp, self._column(accepted)
        self.y = xp.where(yes, self.y_new, self.y)
        self.slope = xp.where(yes, self.stages[-1], self.slope) * self._column(ratio)

    def keep(self, stay: Mask) -> "Elsewhere":
        if 2 * stay.sum() <= self.y.shape[0]:
            self.y, self.slope = self._some(self.y, stay), self._some(self.slope, stay)
            self.at = np.arange(self.y.shape[0])
        else:
            self.at = self.at[stay]
        return self

    def saved(self) -> dict[str, Any]:
        y = self.place.here(self.y)
        return {"start_t": np.zeros(len(y)), "start_y": y, "slope": self.place.here(self.slope), "at": self.at}

    def restore(self, kept: Mapping[str, Any]) -> None:
        self.slope, self.at = self.place.there(kept["slope"]), kept["at"].astype(np.int64)

    def _column(self, a: Array | Mask) -> Any:
        full = np.zeros((self.y.shape[0], 1), dtype=a.dtype)
        full[self.at, 0] = a
        return self.place.there(full)

    def _some(self, a: Any, rows: Counts | Mask) -> Any:
        return self.place.xp.take(a, self.place.there(self.at[rows]), axis=0)


def weighted(weights: Array, rows: Sequence[Any]) -> Any:
    """sum_j weights_j rows_j over the weights that are not 0."""
    total = None
    for w, row in zip(weights, rows, strict=True):
        if w:
            total = float(w) * row if total is None else total + float(w) * row
    return total


Step = Callable[[Any, Any, Any], tuple[Any, list[Any], Any]]
"""(y, h f(y), h) -> y_new; k0, k5..k11 and the end slope; (3, b): sums of both errors squared, and 1 where finite."""


def dop853_step(xp: Any, field: Field, tolerances: Tolerances) -> Step:
    """An attempted step of DOP853 as one function of arrays."""
    from scipy.integrate import DOP853 as S

    def step(y: Any, slope: Any, h: Any) -> tuple[Any, list[Any], Any]:
        k = [slope]
        for s in range(1, 12):
            k.append(h * field(y + weighted(S.A[s, :s], k)))
        y_new = y + weighted(S.B, k)
        k.append(h * field(y_new))
        scale = tolerances.atol + tolerances.rtol * xp.maximum(xp.abs(y), xp.abs(y_new))
        fifth, third = (xp.sum((weighted(E, k) / scale) ** 2, axis=1) for E in (S.E5, S.E3))
        finite = xp.astype(xp.all(xp.isfinite(k[-1]), axis=1), y.dtype)
        return y_new, [k[0], *k[5:]], xp.stack([fifth, third, finite])

    return step


def motor(place: Place, network: Network, cost: Cost, ridge: float) -> Callable[..., Elsewhere]:
    """What `integrate` starts its groups with."""
    field = place.descent_direction(network, cost, ridge)
    compiled = place.compiled(field)

    @cache
    def step(tolerances: Tolerances) -> Step:
        compiled_step: Step = place.compiled(dop853_step(place.xp, field, tolerances))
        return compiled_step

    def start(increment: Increment, stepper: Stepper, tolerances: Tolerances, t: Array, y: Array) -> Elsewhere:
        return Elsewhere(place, compiled, step(tolerances), y)

    return start
