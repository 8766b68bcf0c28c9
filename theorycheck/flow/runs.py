"""`run`: gradient flow, or gradient descent, of batches of deep linear networks on C(A) + ridge ||theta||^2."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from theorycheck.errors import InputError
from theorycheck.flow import side_by_side
from theorycheck.flow.checkpoints import Checkpoint, digest
from theorycheck.flow.checks import Array, nonnegative, positive
from theorycheck.flow.closed_motor import closed_form
from theorycheck.flow.costs import Cost, check_cost
from theorycheck.flow.events import Event
from theorycheck.flow.integration import GROUP_BYTES, integrate
from theorycheck.flow.motors import InPlace, StartMotor
from theorycheck.flow.namespaces import Place, motor as elsewhere
from theorycheck.flow.networks import Network, product
from theorycheck.flow.observables import What, drift_monitor, lookout, looks, observable, singular_value
from theorycheck.flow.progress import Progress, Watch
from theorycheck.flow.reductions import Reduction, Reductions, reduce
from theorycheck.flow.results import Solution
from theorycheck.flow.solved import solve
from theorycheck.flow.starts import Start
from theorycheck.flow.steppers import Stepper, descent, dop853
from theorycheck.flow.stiff import automatic, has_hessian, rodas5p
from theorycheck.flow.turning import Turn, turn

ALL_AT_ONCE = 2_000_000_000  # bytes: accelerators, and closed forms, want the whole batch
Layers = tuple[Array, ...]
Method = Literal["auto", "dop853", "rodas5p", "descent"]


@dataclass(frozen=True)
class Crossing:
    """Event of a run: `what` crosses `level` upwards (direction 1), downwards (-1) or either way (0); see `Event`."""

    what: What
    level: float
    direction: int = 0
    terminal: bool = True


def escapes(levels: Sequence[float]) -> list[Crossing]:
    """Events that do not stop the run: the k-th singular value of A passes levels[k - 1] upwards."""
    return [Crossing(singular_value(k), level, 1, terminal=False) for k, level in enumerate(levels, start=1)]


@dataclass(frozen=True, eq=False)
class Trajectories:
    """What `run` returns for B samples: the solution, and what it means for the network.

    layers: W_1, ..., W_L where each sample stopped; A: (B, n_L, n_0) and loss: (B,) there. drift: (B,), the largest
    Frobenius distance, over layers and over looks along the run, between W_(l+1)^T W_(l+1) - W_l W_l^T and its exact
    value e^(-4 ridge t) times the one at the start (paper, section 2; for descent, whose steps do not conserve it, the
    defect). solution is of the network that was integrated: the exact reductions `used` may have made it smaller, or turned
    its inputs and outputs.
    """

    network: Network
    solution: Solution
    layers: Layers
    A: Array
    loss: Array
    drift: Array
    origin: str
    used: tuple[str, ...]


def run(
    network: Network,
    cost: Cost,
    theta0: Start | Sequence[Array],
    T: float,
    *,
    ridge: float = 0.0,
    method: Method = "auto",
    learning_rate: float | None = None,
    reductions: Reductions = "auto",
    rtol: float = 1e-8,
    atol: float = 1e-12,
    record_at: Sequence[float] | Array = (),
    record: What | Sequence[What] | Mapping[str, What] = "theta",
    record_to: str | os.PathLike[str] | None = None,
    record_at_events: bool = False,
    events: Sequence[Crossing] = (),
    progress: Watch | Callable[[Progress], object] | None = None,
    checkpoint: Checkpoint | str | os.PathLike[str] | None = None,
    max_steps: int = 1_000_000,
    norm_bound: float = 1e6,
) -> Trajectories:
    """Flow of -grad (C(A) + ridge ||theta||^2) from theta0 = W_1, ..., W_L, (B, n_l, n_(l-1)) each, to time T > 0.

    All samples share the cost. Method "auto" takes a closed form where there is one, else DOP853, and Rodas5P for the
    samples and stretches that are stiff, if the cost has a Hessian; "descent" takes whole steps of length learning_rate
    until t >= T. A sample stops alone, with a reason (`Trajectories.solution.stop`). Flows are reduced exactly where that
    makes them smaller, solved where they decouple, and turned to the modes of a `SquaredDistance`, unless reductions is
    "none"; descent is not. norm_bound is what
    float64 time still resolves: weights that blow up like (t* - t)^(-1/2) reach 1e8 at most. theta0 may be PyTorch's, JAX's
    or another library's: the states live there, by DOP853, and layers, A and loss come back there.

    While it runs: `record` (an observable, several, or {key: observable}) is kept at the times record_at and, with
    record_at_events, where each event first happens; in memory, or in the new folder record_to as it goes. `progress` is
    called every second with a `Progress`. `checkpoint` names a file from which a run that was stopped goes on, to the
    same bits. Raises InputError for bad input, before anything is computed, and when a disk is full, with files and
    checkpoint kept.
    """
    start = theta0 if isinstance(theta0, Start) else Start(tuple(theta0), "given")
    place = Place.of(start.layers)
    layers = network.split(network.join(start.layers if place is None else [place.here(W) for W in start.layers]))
    if place is None:
        check_cost(cost, product(layers))
    reduced = reduce(network, layers, nonnegative("ridge", ridge), "none" if method == "descent" else reductions)
    way = _way(reduced, cost, positive("T", T), method, learning_rate, reductions, place)
    y0, see = way.turn.there(reduced.layers), lookout(reduced, cost, way.turn.back)
    solution = integrate(
        side_by_side.increment(reduced.network, way.turn.cost, ridge),
        y0,
        T,
        stepper=way.stepper,
        rtol=rtol,
        atol=atol,
        record_at=record_at,
        record=looks(reduced, cost, way.turn.back, record),
        record_to=record_to,
        record_at_events=record_at_events,
        events=[Event(see(c.what), c.level, c.direction, c.terminal) for c in events],
        monitor=drift_monitor(reduced.network, y0, ridge),
        progress=progress,
        checkpoint=checkpoint,
        identity=_identity(network, cost, layers, ridge, events, place) if checkpoint is not None else None,
        max_steps=max_steps,
        norm_bound=norm_bound,
        motor=way.motor,
        group_bytes=way.group_bytes,
    )
    who, used = np.arange(len(y0)), (*reduced.used, *way.turn.used, *way.used)
    A, loss = (see(what)(who, solution.t, solution.y) for what in ("A", "loss"))
    full = reduced.lift(who, solution.t, way.turn.back(solution.y))
    found = [*network.split(full), A, loss]
    *W, A, loss = found if place is None else map(place.there, found)
    return Trajectories(network, solution, tuple(W), A, loss, solution.monitored, start.origin, used)


@dataclass(frozen=True, eq=False)
class Way:
    """How a run is done, in which coordinates, and a word on the closed form that was used."""

    turn: Turn
    stepper: Stepper
    motor: StartMotor
    group_bytes: int
    used: tuple[str, ...] = ()


def _way(
    reduced: Reduction,
    cost: Cost,
    T: float,
    method: str,
    learning_rate: float | None,
    reductions: Reductions,
    place: Place | None,
) -> Way:
    """A closed form where method "auto" finds one, else a method for the place."""
    network, ridge = reduced.network, reduced.ridge
    turned = turn(network, cost, "none" if method == "descent" else reductions)
    stepper = _stepper(network, turned.cost, ridge, _explicit(method) if place else method, learning_rate)
    solved = solve(network, cost, reduced.layers, ridge, reductions) if method == "auto" else None
    if solved is not None:
        return Way(Turn(network, cost), *closed_form(solved, T), ALL_AT_ONCE, solved.used)
    if place is not None:
        return Way(turned, stepper, elsewhere(place, network, turned.cost, ridge), ALL_AT_ONCE)
    return Way(turned, stepper, side_by_side.SideBySide if side_by_side.fits(network) else InPlace, GROUP_BYTES)


def _explicit(method: str) -> str:
    if method in ("auto", "dop853"):
        return "dop853"
    raise InputError(f'method: "{method}" is for NumPy arrays; pass "dop853" or NumPy arrays')


def _stepper(network: Network, cost: Cost, ridge: float, method: str, learning_rate: float | None) -> Stepper:
    if (method == "descent") != (learning_rate is not None):
        raise InputError(f'learning_rate: is {learning_rate}; give one with method "descent", none with another')
    if method == "descent" and learning_rate is not None:
        return descent(learning_rate)
    if method == "dop853" or (method == "auto" and not has_hessian(network, cost)):
        return dop853()
    if method == "auto":
        return automatic(network, cost, ridge)
    if method == "rodas5p":
        return rodas5p(network, cost, ridge)
    raise InputError(f'method: "{method}" is unknown; pass "auto", "dop853", "rodas5p" or "descent"')


def _identity(
    network: Network, cost: Cost, layers: Layers, ridge: float, events: Sequence[Crossing], place: Place | None
) -> dict[str, object]:
    """What a checkpoint has to know of the problem beyond the states and options that `integrate` sees.

    A cost made of functions is known by what they give at one matrix.
    """
    A = np.cos(np.arange(1.0, 1.0 + network.widths[-1] * network.widths[0])).reshape(1, network.widths[-1], network.widths[0])
    return {
        "network": network.widths,
        "cost": (digest(cost), cost.value(A), cost.gradient(A)) if place is None else digest(cost),
        "ridge": float(ridge),
        "theta0": network.join(layers),
        "quantities of events": [observable(crossing.what).name for crossing in events],
        "library": "numpy" if place is None else place.xp.__name__,
    }
