"""The stiff path: Hessians, Rodas5P with direct and iterative linear algebra, and the automatic choice of the method."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from theorycheck import flow
from theorycheck.errors import InputError
from theorycheck.flow import rosenbrock
from theorycheck.flow.checks import Array
from theorycheck.flow.exact_solutions import deep_mode
from theorycheck.flow.hessians import base_point, gradient_at, hessian_matrix, hessian_product, symmetric_hessian
from theorycheck.flow.shifted_systems import Systems, cholesky, conjugate_gradients
from theorycheck.flow.starts import balanced
from theorycheck.flow.steppers import Increment, Tolerances
from theorycheck.flow.stiff import automatic, largest_rate, rodas5p

WIDTHS = ((3, 2), (3, 4, 2), (2, 5, 1, 4), (3, 5, 4, 2), (2, 3, 1, 4, 3))


def quartic() -> flow.UserCost:
    """A cost whose Hessian is not constant."""
    return flow.UserCost(lambda A: (A**4).sum(axis=(1, 2)), lambda A: 4 * A**3, hessian_action=lambda A, E: 12 * A**2 * E)


def quadratic(widths: tuple[int, ...]) -> flow.Quadratic:
    n, rng = widths[0] * widths[-1], np.random.default_rng(3)
    M = rng.standard_normal((n, n))
    return flow.Quadratic(M @ M.T, rng.standard_normal((widths[-1], widths[0])))


def costs(widths: tuple[int, ...]) -> list[flow.Cost]:
    shape = (widths[-1], widths[0])
    return [quartic(), quadratic(widths), flow.MatrixCompletion((0, 0), (0, 1), (1.0, -2.0), shape)]


def teacher(*singular_values: float, n: int = 3) -> flow.SquaredDistance:
    return flow.SquaredDistance(np.diag([*singular_values, *[0.0] * (n - len(singular_values))]))


# --- Hessians ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("widths", WIDTHS)
def test_hessian_product_is_the_derivative_of_the_gradient_and_of_the_matrix(widths: tuple[int, ...]) -> None:
    network, rng = flow.Network(widths), np.random.default_rng(0)
    y, v = rng.standard_normal((2, 3, network.size))
    for cost in costs(widths):
        base, out = base_point(network, cost, 0.3, y), np.empty_like(y)
        hessian_product(base, v, out)
        ahead, behind = (gradient_at(base_point(network, cost, 0.3, y + e * v)) for e in (1e-5, -1e-5))
        assert np.abs((ahead - behind) / 2e-5 - out).max() < 1e-7 * np.abs(out).max()
        H = symmetric_hessian(base)
        assert np.abs(np.einsum("bpq,bq->bp", H, v) - out).max() < 1e-13 * np.abs(out).max()


@pytest.mark.parametrize("widths", WIDTHS)
def test_gradient_at_the_base_point_is_the_flow_backwards(widths: tuple[int, ...]) -> None:
    network = flow.Network(widths)
    y, cost = np.random.default_rng(1).standard_normal((2, network.size)), quartic()
    slope = np.empty_like(y)
    flow.descent_direction(network, cost, 0.2)(np.zeros(2), y, np.ones(2), slope)
    assert np.allclose(slope, -gradient_at(base_point(network, cost, 0.2, y)), rtol=1e-12, atol=1e-12)


def test_largest_rate_is_a_sharp_lower_bound_at_a_minimum() -> None:
    network = flow.Network((3, 5, 3))
    y = np.random.default_rng(2).standard_normal((4, network.size))
    exact = np.abs(np.linalg.eigvalsh(symmetric_hessian(base_point(network, teacher(2, 1), 0.1, y)))).max(axis=1)
    rate = largest_rate(network, teacher(2, 1), 0.1, y)
    assert (rate <= exact * (1 + 1e-12)).all()
    assert (rate > 0.5 * exact).all()


# --- the linear systems --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("widths", WIDTHS)
def test_iterative_solutions_are_the_direct_ones(widths: tuple[int, ...]) -> None:
    network, rng = flow.Network(widths), np.random.default_rng(4)
    y, r = 0.5 * rng.standard_normal((2, 3, network.size))
    for cost in costs(widths)[1:]:
        base, tau = base_point(network, cost, 0.1, y), np.array([1e-4, 1e-3, 3e-3])
        u, v = np.empty_like(y), np.empty_like(y)
        (direct, failed, _), (iterative, lost, _) = cholesky()(base, tau), conjugate_gradients(1e-3)(base, tau)
        direct(r, np.full_like(y, 1e-9), u)
        iterative(r, np.full_like(y, 1e-9), v)
        assert not failed.any()
        assert not lost.any()
        assert np.abs(u - v).max() < 1e-10


@pytest.mark.parametrize("systems", [cholesky(), conjugate_gradients()])
def test_an_indefinite_system_fails_alone(systems: Systems) -> None:
    """At a small balanced start the largest growth rate is finite, so a long enough step has an indefinite matrix."""
    network = flow.Network((2, 3, 2))
    y = network.join(balanced(network, 2, 0.1, seed=0).layers)
    solve, failed, _ = systems(base_point(network, teacher(2, 1, n=2), 0.0, y), np.array([1e-3, 1e3]))
    u = np.empty_like(y)
    solve(np.ones_like(y), np.full_like(y, 1e-9), u)
    assert failed.tolist() == [False, True]
    assert np.isfinite(u[0]).all()
    assert np.isnan(u[1]).all()


# --- the method ----------------------------------------------------------------------------------------------------------
def butcher() -> tuple[Array, Array, Array]:
    """The matrices alpha, beta = alpha + Gamma and the weights of the method, from the tables for u = Gamma k."""
    A, C = np.zeros((2, 8, 8))
    for i in range(8):
        A[i, :i], C[i, :i] = rosenbrock.A_ROWS[i], rosenbrock.C_ROWS[i] / rosenbrock.GAMMA
    G = np.linalg.inv(np.eye(8) / rosenbrock.GAMMA - C)
    weights = np.array([*rosenbrock.A_ROWS[7], 1.0]) @ G
    return A @ G, A @ G + G, weights


def test_coefficients_satisfy_the_order_conditions() -> None:
    """The 17 trees of order <= 5 (Hairer, Wanner, Solving Ordinary Differential Equations II, theorem IV.7.4).

    A vertex with one son takes beta towards it, a vertex with several alpha.
    """
    a, B, b = butcher()
    one = np.ones(8)
    c, beta = a @ one, B @ one
    B2, B3 = B @ beta, B @ (B @ beta)
    conditions = {
        1: b @ one,
        1 / 2: b @ beta,
        1 / 3: b @ c**2,
        1 / 6: b @ B2,
        1 / 4: b @ c**3,
        1 / 8: b @ (c * (a @ beta)),
        1 / 12: b @ (B @ c**2),
        1 / 24: b @ B3,
        1 / 5: b @ c**4,
        1 / 10: b @ (c**2 * (a @ beta)),
        1 / 20: b @ (a @ beta) ** 2,
        1 / 15: b @ (c * (a @ c**2)),
        1 / 30: b @ (c * (a @ B2)),
        1 / 120: b @ (B @ B3),
        1 / 60: b @ (B @ (B @ c**2)),
    }
    for value, got in conditions.items():
        assert abs(got - value) < 1e-13
    assert abs(b @ (B @ c**3) - 1 / 20) < 1e-13
    assert abs(b @ (B @ (c * (a @ beta))) - 1 / 40) < 1e-13


def steps(stepper: flow.Stepper, increment: Increment, y: Array, h: float, n: int) -> tuple[Array, Array, Array]:
    """n fixed steps from y of shape (b, P): the end, the start of the last step, and the state 0.4 inside it."""
    K, y_new, start = np.zeros((stepper.rows, *y.shape)), y.copy(), y
    length, note = np.full(len(y), h), np.zeros((len(y), 1))
    for _ in range(n):
        start = y_new.copy()
        K[stepper.state] = start
        increment(length, start, length, K[stepper.slope])
        stepper.attempt(increment, Tolerances(1e-7, 1e-7), length, length, K, y_new, note)
    C = stepper.dense(increment, length, length, K, y_new, note)
    return y_new, start, stepper.path(start, C, np.full(len(y), 0.4))


@pytest.mark.parametrize("linear_algebra", ["dense", "krylov"])
def test_measured_order_is_five_and_four_inside(linear_algebra: str) -> None:
    network, cost = flow.Network((1, 1, 1, 1)), flow.SquaredDistance(np.full((1, 1), 2.0), 0.5)
    increment = flow.descent_direction(network, cost, 0.0)
    systems = cholesky() if linear_algebra == "dense" else conjugate_gradients(1e-6)
    stepper = rosenbrock.rodas5p_stepper(network, cost, 0.0, systems)
    ends, insides = [], []
    for n in (16, 32, 64):
        y, start, inside = steps(stepper, increment, np.full((1, 3), 0.6), 1.5 / n, n)
        ends.append(abs(y[0, 0] - deep_mode(0.6, 3, 1.0, 2.0, 1.0, np.array([1.5]))[0]))
        insides.append(abs(inside[0, 0] - deep_mode(start[0, 0], 3, 1.0, 2.0, 1.0, np.array([0.4 * 1.5 / n]))[0]))
    orders = np.log2(np.array([ends, insides])[:, :-1] / np.array([ends, insides])[:, 1:])
    assert abs(orders[0, -1] - 5) < 0.3
    assert orders[1, -1] > 4.5  # one step of order 4 dense output has local error of order 5


# --- runs ----------------------------------------------------------------------------------------------------------------
METHODS = {"dense": rodas5p, "krylov": rodas5p, "auto": automatic, "auto krylov": automatic}


def stepper_of(method: str, network: flow.Network, cost: flow.Cost, ridge: float = 0.0) -> flow.Stepper:
    return METHODS[method](network, cost, ridge, "krylov" if "krylov" in method else "dense")


@pytest.mark.parametrize("method", METHODS)
def test_agrees_with_dop853_in_states_records_and_events(method: str) -> None:
    network, cost = flow.Network((3, 4, 3, 3)), teacher(2, 1)
    y0 = network.join(balanced(network, 3, 0.3, seed=1).layers)
    increment, times = flow.descent_direction(network, cost, 0.01), np.linspace(0.5, 12, 9)
    event = flow.Event(lambda *at: np.linalg.norm(at[-1], axis=1), 2.0, terminal=False)
    theirs, ours = (
        flow.integrate(increment, y0, 12.0, stepper=stepper, rtol=1e-9, atol=1e-12, record_at=times, events=(event,))
        for stepper in (flow.dop853(), stepper_of(method, network, cost, 0.01))
    )
    assert ours.good.all()
    assert np.abs(ours.y - theirs.y).max() < 1e-7
    assert np.abs(ours.recorded - theirs.recorded).max() < 1e-7
    assert np.allclose(ours.event_times(), theirs.event_times(), rtol=0, atol=1e-6, equal_nan=True)


@pytest.mark.parametrize("method", METHODS)
def test_a_deep_mode_through_its_plateau(method: str) -> None:
    """Four scalar layers that start at 1e-2: time 1e4 / 4 on the plateau, which amplifies errors by 1e4."""
    network, cost = flow.Network((1,) * 5), flow.SquaredDistance(np.ones((1, 1)), 0.5)
    T = 4999.0
    stepper = stepper_of(method, network, cost)
    increment, y0 = flow.descent_direction(network, cost, 0.0), np.full((1, 4), 0.01)
    end = flow.integrate(increment, y0, T, stepper=stepper, rtol=1e-11, atol=1e-14)
    exact = deep_mode(0.01, 4, 1.0, 1.0, 1.0, np.array([T]))[0]
    assert abs(end.y[0, 0] - exact) < 1e-5 * exact


@pytest.mark.parametrize("method", METHODS)
def test_steps_through_two_plateaus_do_not_grow_like_their_length(method: str) -> None:
    """Between the scales 1e-1 and 1e-2 the time grows a hundredfold, the number of steps less than threefold."""
    network, cost, counts = flow.Network((2, 2, 2, 2, 2)), teacher(2, 1, n=2), []
    frames = balanced(network, 2, 1.0, seed=5).layers
    unit = [U @ V for U, _, V in (np.linalg.svd(W) for W in frames)]
    for alpha in (1e-1, 1e-2):
        y0 = network.join([alpha * W for W in unit])
        stepper, increment = stepper_of(method, network, cost), flow.descent_direction(network, cost, 0.0)
        end = flow.integrate(increment, y0, 3 * alpha**-2, stepper=stepper, rtol=1e-7, atol=1e-7 * alpha)
        assert end.good.all()
        A = flow.product(network.split(end.y))
        assert np.abs(A - cost.target).max() < 1e-4
        counts.append((end.steps + end.rejected).max())
    assert counts[1] < 3 * counts[0]


@pytest.mark.parametrize("method", METHODS)
def test_samples_do_not_depend_on_their_batch(method: str) -> None:
    network, cost = flow.Network((3, 4, 4, 3)), teacher(2, 1)
    y0 = network.join(balanced(network, 3, 0.1, seed=2).layers)
    increment, stepper = flow.descent_direction(network, cost, 0.0), stepper_of(method, network, cost)
    together = flow.integrate(increment, y0, 60.0, stepper=stepper, rtol=1e-8, atol=1e-11)
    for k in range(3):
        alone = flow.integrate(increment, y0[k : k + 1], 60.0, stepper=stepper, rtol=1e-8, atol=1e-11)
        assert np.abs(alone.y[0] - together.y[k]).max() < 1e-6


@pytest.mark.parametrize("method", METHODS)
def test_a_sample_that_diverges_stops_alone(method: str) -> None:
    """C(A) = -A^4 / 4 for A > 1 runs away; the sample that starts below sees a stable cost."""
    cost = flow.UserCost(
        lambda A: np.where(A > 1, -(A**4), A**2)[:, 0, 0],
        lambda A: np.where(A > 1, -4 * A**3, 2 * A),
        hessian_action=lambda A, E: np.where(A > 1, -12 * A**2, 2.0) * E,
    )
    network = flow.Network((1, 2, 1))
    y0 = np.array([[0.3] * 4, [1.2] * 4, [0.5] * 4])
    end = flow.integrate(
        flow.descent_direction(network, cost, 0.0), y0, 5.0, stepper=stepper_of(method, network, cost), norm_bound=1e6
    )
    good = [stop == flow.Stop.REACHED_T for stop in end.stop]
    assert good == [True, False, True]
    assert np.isfinite(end.y[[0, 2]]).all()


def test_blocks_of_samples_give_the_same_step() -> None:
    network, cost = flow.Network((2, 3, 2)), teacher(2, 1, n=2)
    y, h = np.random.default_rng(6).standard_normal((5, network.size)), np.linspace(0.01, 0.02, 5)
    increment, results = flow.descent_direction(network, cost, 0.0), []
    for at_once in (5, 2):
        stepper = rosenbrock.rodas5p_stepper(network, cost, 0.0, cholesky(), at_once)
        K, y_new, note = np.zeros((stepper.rows, *y.shape)), np.empty_like(y), np.zeros((5, 1))
        K[stepper.state] = y
        increment(h, y, h, K[stepper.slope])
        error = stepper.attempt(increment, Tolerances(1e-7, 1e-7), h, h, K, y_new, note)
        results.append((error, y_new, stepper.dense(increment, h, h, K, y_new, note)))
    for one, other in zip(*results, strict=True):
        assert np.allclose(one, other, rtol=1e-12, atol=0)


def test_a_run_backwards_stays_explicit_and_returns() -> None:
    network, cost = flow.Network((2, 3, 2)), teacher(2, 1, n=2)
    y0 = network.join(balanced(network, 2, 0.3, seed=4).layers)
    increment, stepper = flow.descent_direction(network, cost, 0.0), automatic(network, cost, 0.0)
    there = flow.integrate(increment, y0, 1.0, stepper=stepper, rtol=1e-11, atol=1e-13)
    back = flow.integrate(increment, there.y, 0.0, t0=1.0, stepper=stepper, rtol=1e-11, atol=1e-13)
    assert np.abs(back.y - y0).max() < 1e-6


def test_rodas5p_takes_plateaus_and_dop853_the_way_between_them() -> None:
    """Both are used, and a second run of the same stepper repeats the first bit by bit."""
    network, cost = flow.Network((2, 2, 2, 2, 2)), teacher(2, 1, n=2)
    frames = balanced(network, 2, 1.0, seed=5).layers
    y0 = network.join([0.03 * U @ V for U, _, V in (np.linalg.svd(W) for W in frames)])
    increment, stepper, methods = flow.descent_direction(network, cost, 0.0), automatic(network, cost, 0.0), set()

    def attempt(*args: Array) -> Array:
        error = stepper.attempt(*args)
        methods.update(args[6][:, 1].tolist())  # the mode of this attempt
        return error

    watched = replace(stepper, attempt=attempt)
    runs = [flow.integrate(increment, y0, 3000.0, stepper=s, rtol=1e-7, atol=1e-9) for s in (watched, stepper)]
    assert methods == {0.0, 1.0}
    assert np.array_equal(runs[0].y, runs[1].y)
    plain = flow.integrate(increment, y0, 3000.0, rtol=1e-7, atol=1e-9)
    assert 3 * (runs[0].steps + runs[0].rejected).max() < plain.steps.min()


@pytest.mark.parametrize("method", METHODS)
def test_calls_are_the_right_hand_sides_and_hessian_products_that_were_made(
    method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One sample, so that each evaluation of the cost's parts is one of its own."""
    network, target, made = flow.Network((3, 4, 3, 3)), teacher(2, 1), {"rhs": 0, "hessian": 0}

    def counted(what: str, f: Callable[..., Any]) -> Callable[..., Any]:
        def g(*args: Any) -> Any:
            made[what] += 1
            return f(*args)

        return g

    for module in ("stiff", "shifted_systems"):
        monkeypatch.setattr(f"theorycheck.flow.{module}.hessian_product", counted("hessian", hessian_product))
    monkeypatch.setattr("theorycheck.flow.shifted_systems.hessian_matrix", counted("hessian", hessian_matrix))
    y0 = network.join(balanced(network, 1, 0.1, seed=1).layers)
    increment = Increment(counted("rhs", flow.descent_direction(network, target, 0.0).write))
    stepper = stepper_of(method, network, target)
    end = flow.integrate(increment, y0, 60.0, stepper=stepper, rtol=1e-7, record_at=[1.0, 59.0])
    assert made["hessian"] > 0
    assert end.rhs_calls.tolist() == [made["rhs"] + made["hessian"]]


def test_bad_input_is_named() -> None:
    network, cost = flow.Network((2, 3, 2)), teacher(2, 1, n=2)
    blind = flow.UserCost(cost.value, cost.gradient)
    for stiff in (rodas5p, automatic):
        with pytest.raises(InputError, match="hessian_action"):
            stiff(network, blind, 0.0)
        with pytest.raises(InputError, match="hessian_action"):
            stiff(network, replace(blind, hessian_action=lambda A, E: E[:, 0]), 0.0)
        with pytest.raises(InputError, match="hessian_action"):
            stiff(network, object(), 0.0)  # type: ignore[arg-type]
        with pytest.raises(InputError, match="linear_algebra"):
            stiff(network, cost, 0.0, "sparse")  # type: ignore[arg-type]
