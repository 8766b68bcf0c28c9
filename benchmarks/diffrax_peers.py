"""diffrax on JAX, in float64: vmapped over the batch, compiled once for all tolerances, that time kept apart.

As its documentation has it, a state is a tuple of layers and the adjoint is the default one. "tuned" is what was found to be
two to three times faster: flat states, and forward mode without a bound on the steps. Both share products, as the engine.
"""

import time
from collections.abc import Callable
from typing import Any

import diffrax
import jax
import jax.numpy as jnp
import numpy as np

from benchmarks.method import Method, Outcome, Prepared, target_times
from benchmarks.works import Work
from theorycheck import flow
from theorycheck.flow.checks import Array

jax.config.update("jax_enable_x64", True)

STAGES = {"Tsit5": 6, "Dopri8": 13, "Kvaerno5": 7}  # right-hand sides a step; for Kvaerno5 without its Newton iterations


def vector_field(work: Work, flat: bool) -> Callable[[Any, Any, Any], Any]:
    form, shapes = work.form.converted(jnp.asarray), work.network.shapes

    def split(y: Any) -> list[Any]:
        W, begin = [], 0
        for n, m in shapes:
            W.append(y[begin : begin + n * m].reshape(n, m))
            begin += n * m
        return W

    def field(t: Any, y: Any, _: Any) -> Any:
        W = split(y) if flat else y
        R = [W[0]]
        for V in W[1:]:
            R.append(V @ R[-1])
        D = form.downhill(R[-1])
        parts = []
        for l in range(len(W) - 1, 0, -1):
            parts.append(D @ R[l - 1].T)
            D = W[l].T @ D
        parts.append(D)
        return jnp.concatenate([part.ravel() for part in parts[::-1]]) if flat else tuple(parts[::-1])

    return field


def _prepare(name: str, tuned: bool = True) -> Callable[[Work, Array], Prepared]:
    solver = {"Tsit5": diffrax.Tsit5, "Dopri8": diffrax.Dopri8, "Kvaerno5": diffrax.Kvaerno5}[name]()

    def prepare(work: Work, samples: Array) -> Prepared:
        term = diffrax.ODETerm(vector_field(work, tuned))
        states = work.states()[samples]
        y0 = jnp.asarray(states) if tuned else tuple(map(jnp.asarray, work.network.split(states)))
        at = jnp.asarray(target_times(work)[samples, None])
        how = {"adjoint": diffrax.ForwardMode(), "max_steps": None} if tuned else {"max_steps": 100_000}

        def one(y: Any, ts: Any, rtol: Any) -> Any:
            done = diffrax.diffeqsolve(
                term, solver, 0.0, work.T, None, y,
                stepsize_controller=diffrax.PIDController(rtol=rtol, atol=rtol * work.floor),
                saveat=diffrax.SaveAt(t1=True) if work.times is None else diffrax.SaveAt(ts=ts),
                throw=False, **how,
            )  # fmt: skip
            return jax.tree.map(lambda ys: ys[-1], done.ys), done.stats["num_steps"]

        begin = time.perf_counter()
        compiled = jax.jit(jax.vmap(one, (0, 0, None))).lower(y0, at, 1e-6).compile()
        seconds = time.perf_counter() - begin

        def run(rtol: float) -> Outcome:
            y, steps = jax.tree.map(np.asarray, jax.block_until_ready(compiled(y0, at, rtol)))
            A = flow.product(work.network.split(y) if tuned else y)
            return Outcome(A, STAGES[name] * float(steps.mean()), float(steps.mean()))

        return Prepared(run, seconds)

    return prepare


METHODS = (
    Method("diffrax Tsit5", "diffrax", ("P1", "P2", "P3"), _prepare("Tsit5", tuned=False)),
    Method("diffrax Tsit5 tuned", "diffrax", ("P1", "P2", "P3"), _prepare("Tsit5")),
    Method("diffrax Dopri8 tuned", "diffrax", ("P1", "P2", "P3"), _prepare("Dopri8")),
    Method("diffrax Kvaerno5", "diffrax", ("P4-w4-0.01",), _prepare("Kvaerno5")),
)
