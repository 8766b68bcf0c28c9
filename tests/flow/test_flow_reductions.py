"""Reductions: the reduced flow, lifted, is the full one; what must not be reduced is not; wrong frames are seen."""

import numpy as np
import pytest

from theorycheck import flow
from theorycheck.errors import InputError
from theorycheck.flow.invariant import coupling
from theorycheck.flow.networks import Network
from theorycheck.flow.reductions import along, reduce, rounding

TIGHT = {"rtol": 1e-12, "atol": 1e-15, "method": "dop853", "reductions": "none"}
rng = np.random.default_rng(5)


def cost_of(kind, n_0, n_L):
    """One cost of every kind, on n_L x n_0 matrices; the user's one has no Hessian and is not quadratic."""
    target = rng.normal(size=(n_L, n_0))
    if kind == "MSE":
        return flow.MeanSquaredError(rng.normal(size=(n_0, 7)), rng.normal(size=(n_L, 7)))
    if kind == "MC":
        rows, cols = np.nonzero(rng.random((n_L, n_0)) < 0.6)
        return flow.MatrixCompletion(tuple(rows), tuple(cols), tuple(target[rows, cols]), (n_L, n_0))
    return flow.UserCost(value=lambda A: np.log(np.cosh(A - target)).sum(axis=(1, 2)), gradient=lambda A: np.tanh(A - target))


def orthogonal(n, batch=3):
    return np.linalg.qr(rng.normal(size=(batch, n, n)))[0]


def starts():
    """Name -> (network, layers, hidden widths after the reduction)."""
    wide, thin = Network((3, 12, 2)), Network((4, 5, 3))
    ragged, uneven = Network((3, 9, 6, 7, 4)), Network((2, 10, 13, 3))
    g, u = flow.gaussian(ragged, 3, 0.6, seed=1).layers, flow.gaussian(uneven, 3, 0.6, seed=2).layers
    low = [W[:, :, :1] @ W[:, :1, :] for W in flow.gaussian(wide, 3, 0.7, seed=3).layers]
    small = flow.gaussian(Network((3, 2, 3, 2, 4)), 3, 0.6, seed=4).layers
    included = [np.zeros_like(W) for W in g]
    for W, V in zip(included, small, strict=True):
        W[:, : V.shape[1], : V.shape[2]] = V
    turned = Network((3, 14, 14, 14, 2))
    t = flow.gaussian(turned, 3, 0.5, seed=6).layers
    return {
        "shallow": (wide, flow.gaussian(wide, 3, 0.5, seed=0).layers, (5,)),
        "shallow, rank deficient": (wide, low, (2,)),
        "shallow, a zero layer": (wide, [*flow.gaussian(wide, 3, 0.5, seed=0).layers[:1], np.zeros((3, 2, 12))], (3,)),
        "too thin to reduce": (thin, flow.gaussian(thin, 3, 0.5, seed=0).layers, (5,)),
        "balanced": (ragged, flow.balanced(ragged, 3, 0.8, seed=7).layers, (3, 3, 3)),
        "included": (ragged, included, (2, 3, 2)),
        "multiples of orthogonal matrices": (turned, [t[0], 0.9 * orthogonal(14), -0.8 * orthogonal(14), t[3]], (5, 5, 5)),
        "a zero layer, uneven widths": (uneven, [u[0], 0 * u[1], u[2]], (2, 3)),
        "all zero": (ragged, [0 * W for W in g], (1, 1, 1)),
    }


@pytest.mark.parametrize("kind", ["MSE", "MC", "user"])
@pytest.mark.parametrize("ridge", [0.0, 0.05])
@pytest.mark.parametrize("name", list(starts()))
def test_the_reduced_flow_lifted_is_the_full_flow(name, ridge, kind):
    network, layers, widths = starts()[name]
    cost = cost_of(kind, network.widths[0], network.widths[-1])
    reduction = reduce(network, layers, ridge)
    assert reduction.network.widths[1:-1] == widths
    times = np.array([0.0, 0.7, 2.0])
    kept = {"ridge": ridge, "record_at": times, "record": "theta", **TIGHT}
    full = flow.run(network, cost, layers, 2.0, **kept)
    small = flow.run(reduction.network, cost, reduction.layers, 2.0, **kept)
    scale = max(1.0, np.abs(full.solution.recorded).max())
    assert np.abs(full.A - small.A).max() < 1e-11 * scale
    for r, t in enumerate(times):
        k = np.array([2, 0, 1, 2])
        lifted = reduction.lift(k, np.full(4, t), small.solution.recorded[k, r])
        assert np.abs(lifted - full.solution.recorded[k, r]).max() < 1e-11 * scale
        square = np.square(small.solution.recorded[k, r]).sum(axis=1) + reduction.outside_square(k, np.full(4, t))
        assert square == pytest.approx(np.square(lifted).sum(axis=1), rel=1e-12)


def test_the_start_is_lifted_to_itself_and_the_report_names_sizes_and_residual():
    network, layers, _ = starts()["shallow"]
    reduction = reduce(network, layers)
    back = reduction.lift(np.arange(3), np.zeros(3), reduction.network.join(reduction.layers))
    assert np.abs(back - network.join(layers)).max() < 4e-16
    (line,) = reduction.used
    assert line.startswith("hidden widths 12 -> 5: range of [W_1 | W_2^T] by QR; coupling to the rest ")
    assert line.endswith("proved: hidden-compression")
    assert reduction.residual.max() < rounding(network)


@pytest.mark.parametrize("widths", [(3, 20, 20, 2), (5, 10, 10, 5), (2, 3, 4, 5, 2)])
def test_generic_deep_starts_are_not_reduced(widths):
    network = Network(widths)
    layers = flow.gaussian(network, 4, 0.5, seed=0).layers
    reduction = reduce(network, layers)
    assert (reduction.network, reduction.used, reduction.frames) == (network, (), ())
    y = rng.normal(size=(2, network.size))
    assert reduction.lift(np.array([3, 1]), np.zeros(2), y) is y


def test_a_start_that_is_almost_included_is_not_taken_for_it():
    network, layers, _ = starts()["included"]
    assert reduce(network, layers).network.widths == (3, 2, 3, 2, 4)
    noise = [1e-10 * rng.normal(size=W.shape) for W in layers]
    assert not reduce(network, [layers[0], layers[1] + noise[1], *layers[2:]]).used
    assert not reduce(network, [W + V for W, V in zip(layers, noise, strict=True)]).used


@pytest.mark.parametrize("tiny", [1e-20, 1e-200])
def test_tiny_weights_beside_others_are_no_rounding(tiny):
    """They are what leaves a saddle."""
    shallow, deep = Network((2, 6, 2)), Network((2, 2, 2, 2))
    first = np.zeros((1, 6, 2))
    first[0, :2] = np.diag([1.0, tiny])
    assert reduce(shallow, [first, first.swapaxes(1, 2)]).network.widths == (2, 2, 2)
    assert not reduce(deep, [np.diag([1.0, tiny])[None]] * 3).used
    assert reduce(deep, [np.diag([1.0, 0.0])[None]] * 3).network.widths == (2, 1, 1, 2)
    assert reduce(deep, [tiny * np.diag([1.0, 0.0])[None]] * 3).network.widths == (2, 1, 1, 2)
    hidden = np.array([[[1.0, 1.0], [tiny, -tiny]]])
    assert not reduce(Network((2, 2, 2)), [hidden, hidden.swapaxes(1, 2)]).used


def test_one_sample_that_needs_all_widths_keeps_them_for_the_batch():
    network, layers, _ = starts()["included"]
    layers = [W.copy() for W in layers]
    for W, V in zip(layers, flow.gaussian(network, 1, 0.5, seed=0).layers, strict=True):
        W[1] = V[0]
    assert not reduce(network, layers).used


def test_a_batch_takes_the_largest_rank_and_the_others_stay_inside():
    network = Network((2, 9, 9, 2))
    pairs = [flow.balanced(network, 1, 0.7, seed=s).layers for s in range(2)]
    layers = [np.concatenate([np.zeros_like(p), p, q]) for p, q in zip(*pairs, strict=True)]
    reduction = reduce(network, layers)
    assert reduction.network.widths == (2, 2, 2, 2)
    cost = cost_of("MSE", 2, 2)
    full, small = (flow.run(n, cost, W, 3.0, **TIGHT) for n, W in ((network, layers), (reduction.network, reduction.layers)))
    assert np.abs(full.A - small.A).max() < 1e-11


def test_a_wrong_frame_is_seen_by_its_coupling_and_gives_a_wrong_flow():
    network, layers, _ = starts()["multiples of orthogonal matrices"]
    frames = reduce(network, layers).frames
    wrong = tuple(np.linalg.qr(U + 1e-6 * rng.normal(size=U.shape))[0] if l == 1 else U for l, U in enumerate(frames))
    (right, _), (residual, entry) = coupling(layers, frames), coupling(layers, wrong)
    assert right.max() < rounding(network) < 1e-7 < min(residual.min(), entry.min())
    cost = cost_of("MC", 3, 2)
    bent = along(network, tuple(layers), wrong, 0.0, residual)
    off = flow.run(network, cost, layers, 2.0, **TIGHT).A - flow.run(bent.network, cost, bent.layers, 2.0, **TIGHT).A
    assert np.abs(off).max() > 1e-13


def test_reductions_can_be_switched_off():
    network, layers, _ = starts()["balanced"]
    assert not reduce(network, layers, reductions="none").used
    with pytest.raises(InputError, match='reductions: "some" is unknown'):
        reduce(network, layers, reductions="some")
