"""Gradient flow of batches of deep linear networks in float64: costs, networks, starts, integration, events.

from theorycheck import flow
network = flow.rectangular(n_0=10, width=50, n_L=10, depth=2)
done = flow.run(network, flow.MeanSquaredError(X, Y), flow.gaussian(network, 64, std=0.02, seed=0), T=100.0)
print(done.solution.summary(), done.loss, done.drift)

While it runs: flow.run(..., record_at=times, record=["loss", "rank"], record_to="run-1", progress=print,
checkpoint="run-1.npz") writes what it sees to files and goes on where it was stopped.
theorycheck.flow.ladder.ladder(network, cost, layers, times, precision=("float64", 50, "ball")) runs it in float64, with 50
digits and in rigorous balls, and says how the answers agree.
"""

from theorycheck.flow.checkpoints import Checkpoint
from theorycheck.flow.costs import Cost, MatrixCompletion, MeanSquaredError, Quadratic, SquaredDistance, UserCost
from theorycheck.flow.events import Event
from theorycheck.flow.integration import gradient_flow, integrate
from theorycheck.flow.networks import Network, descent_direction, gaps, product, rectangular
from theorycheck.flow.observables import (
    Observable,
    Sight,
    distance_to_matrices,
    distance_to_states,
    ntk,
    rank,
    singular_value,
)
from theorycheck.flow.progress import Progress, Watch
from theorycheck.flow.results import Happening, Solution, Stop
from theorycheck.flow.runs import Crossing, Trajectories, escapes, run
from theorycheck.flow.starts import Start, balanced, gaussian, on_sphere
from theorycheck.flow.steppers import Rhs, Stepper, descent, dop853

__all__ = [
    "Checkpoint",
    "Cost",
    "Crossing",
    "Event",
    "Happening",
    "MatrixCompletion",
    "MeanSquaredError",
    "Network",
    "Observable",
    "Progress",
    "Quadratic",
    "Rhs",
    "Sight",
    "Solution",
    "SquaredDistance",
    "Start",
    "Stepper",
    "Stop",
    "Trajectories",
    "UserCost",
    "Watch",
    "balanced",
    "descent",
    "descent_direction",
    "distance_to_matrices",
    "distance_to_states",
    "dop853",
    "escapes",
    "gaps",
    "gaussian",
    "gradient_flow",
    "integrate",
    "ntk",
    "on_sphere",
    "product",
    "rank",
    "rectangular",
    "run",
    "singular_value",
]
