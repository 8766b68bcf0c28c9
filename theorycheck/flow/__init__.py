"""Gradient flow of batches of deep linear networks in float64: costs, networks, starts, integration, events.

from theorycheck import flow
network = flow.rectangular(n_0=10, width=50, n_L=10, depth=2)
done = flow.run(network, flow.MeanSquaredError(X, Y), flow.gaussian(network, 64, std=0.02, seed=0), T=100.0)
print(done.solution.summary(), done.loss, done.drift)
"""

from theorycheck.flow.costs import Cost, MatrixCompletion, MeanSquaredError, Quadratic, SquaredDistance, UserCost
from theorycheck.flow.events import Event
from theorycheck.flow.integration import gradient_flow, integrate
from theorycheck.flow.networks import Network, descent_direction, gaps, product, rectangular
from theorycheck.flow.results import Happening, Solution, Stop
from theorycheck.flow.runs import Crossing, Trajectories, run
from theorycheck.flow.starts import Start, balanced, gaussian, on_sphere
from theorycheck.flow.steppers import Rhs, Stepper, descent, dop853

__all__ = [
    "Cost",
    "Crossing",
    "Event",
    "Happening",
    "MatrixCompletion",
    "MeanSquaredError",
    "Network",
    "Quadratic",
    "Rhs",
    "Solution",
    "SquaredDistance",
    "Start",
    "Stepper",
    "Stop",
    "Trajectories",
    "UserCost",
    "balanced",
    "descent",
    "descent_direction",
    "dop853",
    "gaps",
    "gaussian",
    "gradient_flow",
    "integrate",
    "on_sphere",
    "product",
    "rectangular",
    "run",
]
