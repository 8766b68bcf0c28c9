"""The stiff path of `run`: Rodas5P for the gradient flow of a network, and the choice between it and DOP853, by sample.

Near a saddle the modes that are fitted relax at rates of order one while the next one grows at rate alpha^(L-2): an
explicit method is held to steps of a few over the largest rate, rho. On the way to the next saddle it is the better one.
"""

from typing import Literal

import numpy as np

from theorycheck.errors import InputError
from theorycheck.flow import side_by_side
from theorycheck.flow.checks import Array
from theorycheck.flow.costs import Cost
from theorycheck.flow.events import Mask
from theorycheck.flow.hessians import base_point, hessian_product
from theorycheck.flow.networks import Network
from theorycheck.flow.rosenbrock import rodas5p_stepper
from theorycheck.flow.shifted_systems import cholesky, conjugate_gradients
from theorycheck.flow.steppers import Increment, Stepper, Tolerances, dop853, dop853_attempt, room

DENSE_UP_TO = 120  # parameters; beyond, matrices written out cost more than conjugate gradients
DENSE_BYTES = 4_000_000  # of matrices at once: measured, flat around it
PATIENCE, LEAST_STINT = 8, 4  # attempted steps
GROWING = 1.7  # an implicit stint goes on, whatever its steps, while the error would let them grow by this factor
POWERS = 4  # Hessian products for a look at the largest rate
TINY_PRICE = 12.0  # of an implicit step in explicit ones where samples lie side by side: 2 for 16 samples, 10 for 256
STABLE = 2.5  # h rho from which a step of DOP853 may be held back by stability (its limit is 6)
LinearAlgebra = Literal["auto", "dense", "krylov"]


def rodas5p(network: Network, cost: Cost, ridge: float, linear_algebra: LinearAlgebra = "auto") -> Stepper:
    """Rodas5P throughout. InputError for a cost without Hessian, or an unknown `linear_algebra`."""
    check_hessian(network, cost)
    if linear_algebra not in ("auto", "dense", "krylov"):
        raise InputError(f'linear_algebra: "{linear_algebra}" is unknown; pass "auto", "dense" or "krylov"')
    dense = network.size <= DENSE_UP_TO if linear_algebra == "auto" else linear_algebra == "dense"
    if dense:
        return rodas5p_stepper(network, cost, ridge, cholesky(), at_once=max(1, DENSE_BYTES // (8 * network.size**2)))
    return rodas5p_stepper(network, cost, ridge, conjugate_gradients())


def check_hessian(network: Network, cost: Cost) -> None:
    """InputError unless hessian_action of `cost` gives (b, n_L, n_0)."""
    A = np.zeros((1, network.widths[-1], network.widths[0]))
    if not hasattr(cost, "hessian_action"):
        raise InputError('cost: has no hessian_action, which the stiff path needs; give it one, or pass method="dop853"')
    got = np.shape(cost.hessian_action(A, A))
    if got != A.shape:
        raise InputError(f"cost: its hessian_action has shape {got} for matrices of shape {A.shape}; return that shape")


def has_hessian(network: Network, cost: Cost) -> bool:
    """Whether a stiff path exists for this cost."""
    try:
        check_hessian(network, cost)
    except InputError:
        return False
    return True


# --- the automatic choice ------------------------------------------------------------------------------------------------
# Columns of the memory of a sample
MODE, LAST, ATTEMPTS, SINCE, STREAK, WAIT, RHO, CALLS = range(8)
"""mode (1: implicit), mode of the last attempt, number of attempts, that number when the mode changed last, looks at which
stability may have bound less those at which it did not, how many it takes, largest rate when it was looked at last, right-hand
sides and Hessian products."""


def automatic(network: Network, cost: Cost, ridge: float, linear_algebra: LinearAlgebra = "auto") -> Stepper:
    """DOP853 and Rodas5P, chosen for each sample and step.

    Explicit until h rho, looked at every PATIENCE attempts, says often enough that stability may bind: as often as
    a try of the implicit method costs. Implicit while its steps are worth their cost in explicit ones. A sample
    that came back soon waits twice as long before it tries again.
    """
    explicit, implicit = dop853(), rodas5p(network, cost, ridge, linear_algebra)
    first = explicit.state
    # of an implicit step in explicit ones, measured
    price = TINY_PRICE if side_by_side.fits(network) else 3.0 + 2.0 * min(network.size / 64, 1.9) ** 2
    worth, looks = 6.0 * price, max(1, round(price * LEAST_STINT / PATIENCE))
    power = explicit.order / implicit.order

    def parts(stiff: Mask) -> tuple[tuple[Mask, Stepper, int], ...]:
        return (~stiff, explicit, 0), (stiff, implicit, first)

    def attempt(increment: Increment, tol: Tolerances, t: Array, h: Array, K: Array, y_new: Array, note: Array) -> Array:
        error, stiff = np.empty(len(h)), note[:, MODE] == 1
        note[:, ATTEMPTS] += 1
        look = note[:, ATTEMPTS] % PATIENCE == 0
        note[:, CALLS] += np.where(stiff, implicit.rhs_per_step, explicit.rhs_per_step)
        if not (stiff.any() or look.any()):
            note[:, LAST] = 0.0
            return explicit.attempt(increment, tol, t, h, K[: explicit.rows], y_new)
        for rows, stepper, top in parts(stiff):
            if not rows.any():
                continue
            if rows.all():
                sub, trial = K[top : top + stepper.rows], y_new
            else:
                space = room(stepper.rows + 1, int(rows.sum()), K.shape[2], alike=K)
                sub, trial = space[:-1], space[-1]
                for row in (stepper.state, stepper.slope):
                    sub[row] = K[top + row, rows]
            if stepper is explicit and look[rows].any():
                reach = np.empty(len(trial))
                error[rows] = dop853_attempt(increment, tol, t[rows], h[rows], sub, trial, reach)
                note[rows, RHO] = reach / np.abs(h[rows])
            elif stepper is explicit:
                error[rows] = stepper.attempt(increment, tol, t[rows], h[rows], sub, trial)
            else:
                remembered = note[rows]
                error[rows] = stepper.attempt(increment, tol, t[rows], h[rows], sub, trial, remembered)
                note[rows] = remembered
            if not rows.all():
                K[top : top + stepper.rows, rows], y_new[rows] = sub, trial
        error[stiff] **= power
        decide(note, h, error, look & np.isfinite(error), K[first])
        return error

    def decide(note: Array, h: Array, error: Array, look: Mask, y: Array) -> None:
        """Sets the modes of the next attempt. All samples of a group are looked at together, every PATIENCE attempts."""
        note[:, LAST], stiff = note[:, MODE], note[:, MODE] == 1
        stint = note[:, ATTEMPTS] - note[:, SINCE]
        judged = stiff & (look | (stint == 1))
        if judged.any():
            note[judged, RHO] = largest_rate(network, cost, ridge, y[judged])
            note[judged, CALLS] += POWERS
        reach = np.abs(h) * note[:, RHO]
        growing = error < GROWING**-explicit.order
        bound = ~stiff & (reach > STABLE) & (h > 0)
        note[look, STREAK] = np.maximum(note[:, STREAK] + np.where(bound, 1, -1), 0)[look]
        enter = look & bound & (note[:, STREAK] >= note[:, WAIT])
        leave = stiff & (stint >= LEAST_STINT) & ~growing & ~(reach > worth)
        again = np.where(stint < 2 * PATIENCE, np.minimum(2 * note[:, WAIT], 2 * looks), looks)
        note[leave, WAIT] = again[leave]
        note[enter | leave, SINCE], note[enter | leave, STREAK] = note[enter | leave, ATTEMPTS], 0
        note[enter, MODE], note[leave, MODE] = 1, 0

    def dense(increment: Increment, t: Array, h: Array, K: Array, y_new: Array, note: Array) -> Array:
        C, stiff = np.zeros((7, *y_new.shape)), note[:, LAST] == 1
        for rows, stepper, top in parts(stiff):
            if rows.any():
                sub = K[top : top + stepper.rows, rows]
                memory = (note[rows],) if stepper.memory else ()
                part = stepper.dense(increment, t[rows], h[rows], sub, y_new[rows], *memory)
                note[rows, CALLS] += stepper.rhs_per_dense
                if stepper is implicit:  # in the form of DOP853: C2 + x C3 = (C2 + C3) - (1 - x) C3
                    part = np.stack([part[0], part[1], part[2] + part[3], -part[3]])
                C[: len(part), rows] = part
        return C

    return Stepper(
        "auto", explicit.order, explicit.rows, explicit.state, explicit.slope, explicit.end, 0,
        attempt, dense, explicit.path, memory=(*[0.0] * WAIT, float(looks), 0.0, 0.0),
    )  # fmt: skip


def largest_rate(network: Network, cost: Cost, ridge: float, y: Array) -> Array:
    """The largest eigenvalue of the Hessian in size, (b,), from below: a few steps of the power method."""
    base = base_point(network, cost, ridge, y)
    v = np.broadcast_to(np.random.default_rng(0).standard_normal(y.shape[1]), y.shape).copy()
    out = np.empty_like(v)
    for _ in range(POWERS):
        v /= np.sqrt(np.einsum("bp,bp->b", v, v))[:, None]
        hessian_product(base, v, out)
        v, out = out, v
    rate: Array = np.sqrt(np.einsum("bp,bp->b", v, v))
    return rate
