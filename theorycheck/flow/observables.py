"""What can be looked at while a run goes on: named observables of the network, and how to make others.

Each is a function of a `Sight`, the samples at their times in the network that is integrated, which an exact reduction may
have made smaller. The end-to-end matrix and the tangent kernel are the same in both networks, norms and gaps need what
lies outside the frames (it only decays); only the weights themselves have to be lifted.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Literal

import numpy as np

from theorycheck.errors import InputError
from theorycheck.flow.checks import Array, Counts, finite_array, nonnegative, whole
from theorycheck.flow.costs import Cost
from theorycheck.flow.events import Look
from theorycheck.flow.kernels import data_factor, tangent_spectrum
from theorycheck.flow.networks import Network, descent_direction, gap_distance, product
from theorycheck.flow.reductions import Reduction

Layers = tuple[Array, ...]


@dataclass(frozen=True, eq=False)
class Sight:
    """Samples (k,) at times t (k,) and states y (k, P') of the reduced network; what it is made of is computed once."""

    reduced: Reduction
    cost: Cost
    samples: Counts
    t: Array
    y: Array

    @cached_property
    def inner(self) -> Layers:
        """W_1, ..., W_L of the reduced network."""
        return self.reduced.network.split(self.y)

    @cached_property
    def theta(self) -> Array:
        """States (k, P) of the full network."""
        return self.reduced.lift(self.samples, self.t, self.y)

    @cached_property
    def layers(self) -> Layers:
        """W_1, ..., W_L of the full network."""
        return self.reduced.full.split(self.theta)

    @cached_property
    def A(self) -> Array:
        return product(self.inner)

    @cached_property
    def outside(self) -> Array:
        """(k,): the part of ||theta||^2 outside the frames."""
        return self.reduced.outside_square(self.samples, self.t)

    @cached_property
    def square(self) -> Array:
        """(k,): ||theta||^2."""
        out: Array = np.einsum("kp,kp->k", self.y, self.y) + self.outside
        return out

    @cached_property
    def singular_values(self) -> Array:
        """Of A, falling, (k, min(n_L, n_0)); NaN where A is not finite."""
        finite = np.all(np.isfinite(self.A), axis=(1, 2))[:, None, None]
        values = np.linalg.svd(np.where(finite, self.A, 0.0), compute_uv=False)
        out: Array = np.where(finite[:, 0], values, np.nan)
        return out


@dataclass(frozen=True, eq=False)
class Observable:
    """A named function of a `Sight` with values of shape (k, ...)."""

    name: str
    of: Callable[[Sight], Array]


Name = Literal[
    "theta", "A", "loss", "cost", "norm", "gradient_norm", "singular_values", "rank", "balancedness", "ntk"
]  # fmt: skip
"""theta: the flat state (P,); A: (n_L, n_0); loss: C(A) + ridge ||theta||^2; cost: C(A); norm: ||theta||; gradient_norm:
of the loss; singular_values: of A, falling; rank: of A at 1e-6; balancedness: ||W_(l+1)^T W_(l+1) - W_l W_l^T||, (L-1,);
ntk: the ten largest eigenvalues of the tangent kernel on the data of the cost."""
What = Name | Observable | Callable[[Layers], Array]
"""A name, a value of this module, or a function of the layers W_1, ..., W_L of shapes (k, n_l, n_(l-1))."""


def _loss(s: Sight) -> Array:
    out: Array = s.cost.value(s.A)
    return out + s.reduced.ridge * s.square if s.reduced.ridge else out


def _gradient_norm(s: Sight) -> Array:
    """The gradient of C has nothing outside the frames, that of the ridge 2 ridge times what is there."""
    out, ridge = np.empty_like(s.y), s.reduced.ridge
    descent_direction(s.reduced.network, s.cost, ridge)(s.t, s.y, np.ones(len(s.y)), out)
    norm: Array = np.sqrt(np.einsum("kp,kp->k", out, out) + 4.0 * ridge**2 * s.outside)
    return norm


def _balancedness(s: Sight) -> Array:
    """Gaps inside and outside the frames are blocks of the whole; those outside decay like e^(-4 ridge t)."""
    inside, reduced = _gap_norms(s.inner), s.reduced
    if not reduced.frames:
        return inside
    outside = _gap_norms(reduced.full.split(reduced.outside[s.samples])) * reduced.decay(s.t)[:, None] ** 2
    return np.hypot(inside, outside)


def _gap_norms(layers: Layers) -> Array:
    """(k, L-1): Frobenius norms of W_(l+1)^T W_(l+1) - W_l W_l^T, by QR where layer l is wide."""
    return np.array([_gap_norm(W, V) for W, V in pairwise(layers)]).reshape(len(layers) - 1, len(layers[0])).T


def _gap_norm(W: Array, V: Array) -> Array:
    M, signs = np.concatenate([V.swapaxes(1, 2), W], axis=2), np.repeat([1.0, -1.0], [V.shape[1], W.shape[2]])
    R: Array = np.asarray(np.linalg.qr(M, mode="r")) if M.shape[1] > M.shape[2] else M
    out: Array = np.linalg.norm((R * signs) @ R.swapaxes(1, 2), axis=(1, 2))
    return out


# --- with arguments ------------------------------------------------------------------------------------------------------
def rank(tolerance: float = 1e-6) -> Observable:
    """How many singular values of A lie above the tolerance."""
    nonnegative("tolerance", tolerance)
    return Observable("rank", lambda s: np.sum(s.singular_values > tolerance, axis=1).astype(np.float64))


def singular_value(k: int) -> Observable:
    """The k-th singular value of A, counted from 1; for events: when it passes a level, its mode escapes."""
    whole("k", k, least=1)

    def value(s: Sight) -> Array:
        if k > s.singular_values.shape[1]:
            raise InputError(f"singular_value: A has {s.singular_values.shape[1]} of them, not {k}; pass a smaller k")
        return s.singular_values[:, k - 1]

    return Observable(f"singular_value_{k}", value)


def distance_to_matrices(matrices: Array) -> Observable:
    """Frobenius distances of A to m matrices, (m, n_L, n_0) -> values (k, m): how far from saddles, up to symmetries."""
    M = finite_array("matrices", matrices, (None, None, None))
    return Observable("distance_to_matrices", lambda s: np.linalg.norm(s.A[:, None] - M, axis=(2, 3)))


def distance_to_states(layers: Sequence[Array]) -> Observable:
    """Euclidean distances of theta to m states given by layers W_1, ..., W_L, (m, n_l, n_(l-1)) each -> values (k, m)."""

    def distance(s: Sight) -> Array:
        places = s.reduced.full.join(layers)
        return np.stack([np.linalg.norm(s.theta - place, axis=1) for place in places], axis=1)

    return Observable("distance_to_states", distance)


def ntk(top: int = 10, data: Array | None = None) -> Observable:
    """The largest eigenvalues of the neural tangent kernel J J^T, J the derivative of the outputs W_L ... W_1 x by theta.

    On the columns x of `data` (n_0, N): by default X of the cost where it has one, else the unit vectors (A itself).
    At most `top`, falling, (k, top); matrix-free where the kernel is large.
    """
    whole("top", top, least=1)

    def spectrum(s: Sight) -> Array:
        X = data if data is not None else getattr(s.cost, "X", None)
        return tangent_spectrum(s.inner, data_factor(X, s.A.shape[2]), top)

    return Observable("ntk", spectrum)


NAMED = {
    o.name: o
    for o in (
        Observable("theta", lambda s: s.theta),
        Observable("A", lambda s: s.A),
        Observable("loss", _loss),
        Observable("cost", lambda s: s.cost.value(s.A)),
        Observable("norm", lambda s: np.sqrt(s.square)),
        Observable("gradient_norm", _gradient_norm),
        Observable("singular_values", lambda s: s.singular_values),
        rank(),
        Observable("balancedness", _balancedness),
        ntk(),
    )
}


# --- as functions of samples, times and states ---------------------------------------------------------------------------
def observable(what: What) -> Observable:
    """InputError for an unknown name."""
    if isinstance(what, Observable):
        return what
    if callable(what):
        return Observable(getattr(what, "__name__", "function"), lambda s: np.asarray(what(s.layers)))
    if what not in NAMED:
        names = ", ".join(NAMED)
        raise InputError(f'record or event: "{what}" is unknown; pass {names} or a function of the layers')
    return NAMED[what]


def lookout(reduced: Reduction, cost: Cost, back: Callable[[Array], Array]) -> Callable[[What], Look]:
    """Observables as functions of samples (k,), their times (k,) and states (k, P') as integrated; `back` turns these to
    states of the reduced network.

    Those that look at the same arrays one after the other, as events do, share one sight of them.
    """
    last: list[tuple[Array, Sight]] = []

    def sight(samples: Counts, t: Array, y: Array) -> Sight:
        if not (last and last[0][0] is y and last[0][1].t is t and last[0][1].samples is samples):
            last[:] = [(y, Sight(reduced, cost, samples, t, back(y)))]
        return last[0][1]

    def look(what: What) -> Look:
        of = observable(what).of
        return lambda samples, t, y: of(sight(samples, t, y))

    return look


def looks(
    reduced: Reduction, cost: Cost, back: Callable[[Array], Array], what: What | Sequence[What] | Mapping[str, What]
) -> Callable[[Counts, Array, Array], dict[str, Array]]:
    """Several observables {key: values} at once, from one sight; without a mapping, the keys are their names."""
    if isinstance(what, Mapping):
        chosen = {key: observable(one).of for key, one in what.items()}
    else:
        listed = [observable(one) for one in ([what] if isinstance(what, str | Observable) or callable(what) else what)]
        chosen = {one.name: one.of for one in listed}
        if len(chosen) < len(listed):
            raise InputError("record: two observables have the same name; pass a mapping {key: observable}")

    def see(samples: Counts, t: Array, y: Array) -> dict[str, Array]:
        sight = Sight(reduced, cost, samples, t, back(y))
        return {key: of(sight) for key, of in chosen.items()}

    return see


def drift_monitor(network: Network, y0: Array, ridge: float) -> Look | None:
    """Distance of each sample from exact (decaying) balancedness, the largest over hidden layers; None for L = 1."""
    if network.depth == 1:
        return None

    def drift(samples: Counts, t: Array, y: Array) -> Array:
        root = np.exp(-2.0 * ridge * t)[:, None]  # the gap decays by its square
        pairs = zip(pairwise(network.split(y)), pairwise(network.split(root * y0[samples])), strict=True)
        out: Array = np.max([gap_distance(*now, *start) for now, start in pairs], axis=0)
        return out

    return drift
