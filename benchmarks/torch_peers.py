"""torchode on PyTorch, in float64, one thread: the batch at once, a step for each sample."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
import torchode

from benchmarks.method import Method, Outcome, Prepared
from benchmarks.works import Work
from theorycheck import flow
from theorycheck.flow.checks import Array

torch.set_num_threads(1)
STEPS = {"Tsit5": (torchode.Tsit5, 6), "Dopri5": (torchode.Dopri5, 6)}


def vector_field(work: Work) -> Callable[[Any, Any], Any]:
    form, network = work.form.converted(torch.as_tensor), work.network

    def field(t: Any, y: Any) -> Any:
        out = torch.empty_like(y)
        W, dW = network.split(y), network.split(out)
        R = [W[0]]
        for V in W[1:]:
            R.append(torch.bmm(V, R[-1]))
        D = form.downhill(R[-1])
        for l in range(len(W) - 1, 0, -1):
            dW[l][...] = torch.bmm(D, R[l - 1].mT)
            D = torch.bmm(W[l].mT, D)
        dW[0][...] = D
        return out

    return field


def _prepare(name: str) -> Callable[[Work, Array], Prepared]:
    step, stages = STEPS[name]

    def prepare(work: Work, samples: Array) -> Prepared:
        term, y0 = torchode.ODETerm(vector_field(work)), torch.as_tensor(work.states()[samples])
        ends = torch.full((len(y0), 1), work.T, dtype=torch.float64)

        @torch.no_grad()
        def run(rtol: float) -> Outcome:
            control = torchode.IntegralController(atol=rtol * work.floor, rtol=rtol, term=term)
            solver = torchode.AutoDiffAdjoint(step(term=term), control)
            problem = torchode.InitialValueProblem(y0=y0, t_start=torch.zeros(len(y0), dtype=torch.float64), t_eval=ends)
            done = solver.solve(problem)
            steps = float(np.mean(done.stats["n_steps"].numpy()))
            return Outcome(flow.product(work.network.split(done.ys[:, -1].numpy())), stages * steps, steps)

        return Prepared(run)

    return prepare


METHODS = tuple(Method(f"torchode {name}", "torchode", ("P1", "P2", "P3"), _prepare(name)) for name in STEPS)
