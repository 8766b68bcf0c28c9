"""SciPy, one sample after the other: DOP853, LSODA with the analytic Jacobian and without, Radau with it.

LSODA through `odeint`, whose loop is compiled: faster than through `solve_ivp`, whose loop is Python.
"""

import warnings
from collections.abc import Callable

import numpy as np
from scipy.integrate import odeint, solve_ivp

from benchmarks.method import Method, Outcome, Prepared, target_times
from benchmarks.scipy_field import Field
from benchmarks.works import Work
from theorycheck.flow.checks import Array

One = Callable[[Field, Array, float, float, float, float], tuple[Array, int, float]]
"""(field, y0, t where the error is taken, T, rtol, atol) -> (y at t, right-hand sides, steps, NaN where not known)."""


def _solve_ivp(method: str, jacobian: bool) -> One:
    def one(field: Field, y0: Array, t: float, T: float, rtol: float, atol: float) -> tuple[Array, int, float]:
        extra = {"jac": lambda _, y: field.jacobian(y)} if jacobian else {}
        dense = {} if t == T else {"t_eval": [t]}
        done = solve_ivp(field, (0.0, T), y0, method=method, rtol=max(rtol, 2.3e-14), atol=atol, **dense, **extra)
        y = done.y[:, -1] if done.success and done.y.size else np.full(y0.shape, np.nan)
        return y, done.nfev, len(done.t) - 1 if t == T else np.nan  # the steps are not kept with t_eval

    return one


def _lsoda(jacobian: bool) -> One:
    def one(field: Field, y0: Array, t: float, T: float, rtol: float, atol: float) -> tuple[Array, int, float]:
        times, Dfun = [0.0, T] if t == T else [0.0, t, T], (lambda _, y: field.jacobian(y)) if jacobian else None
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            y, info = odeint(field, y0, times, Dfun=Dfun, tfirst=True, rtol=rtol, atol=atol, mxstep=10**7, full_output=True)
        good = info["message"] == "Integration successful."
        return (y[1] if good else np.full(y0.shape, np.nan)), int(info["nfe"][-1]), int(info["nst"][-1])

    return one


def _prepare(one: One) -> Callable[[Work, Array], Prepared]:
    def prepare(work: Work, samples: Array) -> Prepared:
        field, states, times = Field(work.network.shapes, work.form), work.states(), target_times(work)

        def run(rtol: float) -> Outcome:
            done = [one(field, states[k], float(times[k]), work.T, rtol, rtol * work.floor) for k in samples]
            A = np.stack([field.product(y) for y, _, _ in done])
            return Outcome(A, float(np.mean([n for _, n, _ in done])), float(np.mean([s for _, _, s in done])))

        return Prepared(run)

    return prepare


METHODS = (
    Method("SciPy DOP853", "scipy", ("P1", "P2", "P3", "tiny"), _prepare(_solve_ivp("DOP853", False)), per_sample=True),
    Method("SciPy LSODA", "scipy", ("P3",), _prepare(_lsoda(False)), per_sample=True),
    Method("SciPy LSODA + Jacobian", "scipy", ("P3", "P4"), _prepare(_lsoda(True)), per_sample=True),
    Method("SciPy Radau", "scipy", ("P4-w4-0.01",), _prepare(_solve_ivp("Radau", True)), per_sample=True),
)
