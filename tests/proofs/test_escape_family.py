"""lemma-22, escape-directions, lemma-24: verdicts, mutants of the main claims, and a second, independent entry in NumPy."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable
from random import Random
from typing import Any

import numpy as np
import pytest
from flint import arb

from proofs.saddle_to_saddle import escape_directions, lemma_22_homogeneous_flow, lemma_24_hessian_direction
from theorycheck.derivation import Library
from theorycheck.domain import RandomSource
from theorycheck.evaluate.numbers import to_arb
from theorycheck.evaluate.values import evaluate
from theorycheck.run import check_claim
from theorycheck.search.mutants import strengthenings
from theorycheck.statement import Claim
from theorycheck.verdict import Verdict

STATEMENTS = tuple(m.statement for m in (lemma_22_homogeneous_flow, escape_directions, lemma_24_hessian_direction))
CLAIMS = {c.id: c for s in STATEMENTS for c in s.claims}
MAIN = [c for c in CLAIMS.values() if c.main]


@pytest.fixture(scope="module")
def library() -> Library:
    return Library(STATEMENTS)


@pytest.mark.parametrize("claim", CLAIMS.values(), ids=CLAIMS)
def test_verdicts_are_those_expected(claim: Claim, library: Library) -> None:
    report = check_claim(claim, "quick", {}, 0, library)
    assert report.verdict is claim.expects, report.reason


def test_refuted_claims_have_a_proved_correction() -> None:
    refuted = {c.id for c in CLAIMS.values() if c.expects is Verdict.REFUTED}
    fixed = {c.corrects for c in CLAIMS.values() if c.corrects and c.expects is Verdict.PROVED}
    assert refuted == fixed
    assert all(CLAIMS[name].erratum for name in refuted)


# a 10% change that weakens the claim, or changes nothing (the norm of a unit vector to another power)
HARMLESS = {
    "escape-directions.optimal-speed": 2,  # a bound that is 10% lower, twice
    "escape-directions.form": 2,  # |w| = 1 to the power 2.2 or 1.8
    "lemma-24.below-own-speed": 7,  # 4 powers of unit vectors, 3 weaker bounds
}


@pytest.mark.parametrize("claim", MAIN, ids=lambda c: c.id)
def test_mutants_of_the_main_claims_die(claim: Claim, library: Library) -> None:
    alive = 0
    for _, up, down in strengthenings(claim.tree()):
        for tree in (up, down):
            alive += check_claim(claim, "quick", {}, 0, library, tree=tree).verdict is not Verdict.REFUTED
    assert alive == HARMLESS.get(claim.id, 0)


# --- the second entry: plain NumPy, written from the paper's text ----------------------------------------------------------
def array(rows: Any) -> np.ndarray:
    return np.array([[float(to_arb(v).mid()) for v in row] for row in rows])


def number(x: Any) -> float:
    return float(to_arb(evaluate(x, {}) if hasattr(x, "head") else x).mid()) if not isinstance(x, int) else float(x)


def network(env: Any) -> tuple[list[np.ndarray], np.ndarray, int]:
    """W_1, .., W_L, G and L."""
    depth = env["L"]
    return [array(env["W"][k]) for k in range(1, depth + 1)], array(env["G"]), depth


def cost(layers: list[np.ndarray], G: np.ndarray) -> float:
    return float(np.trace(G.T @ functools.reduce(lambda a, b: b @ a, layers)))


def gradient(layers: list[np.ndarray], G: np.ndarray) -> list[np.ndarray]:
    """By central differences, exact here: H is linear in each entry."""
    found = []
    for k, layer in enumerate(layers):
        g = np.zeros_like(layer)
        for place in np.ndindex(*layer.shape):
            bump = np.zeros_like(layer)
            bump[place] = 0.5
            up, down = ([*layers[:k], layer + d, *layers[k + 1 :]] for d in (bump, -bump))
            g[place] = cost(up, G) - cost(down, G)
        found.append(g)
    return found


def instances(name: str, count: int = 12) -> list[Any]:
    claim = CLAIMS[name]
    drawn = list(claim.domain.instances(f"second:{name}", count))
    return drawn + [near for env in drawn[:4] if claim.near for near in [claim.near(RandomSource(Random(name)), env)]]


def value(side: Any, env: Any) -> np.ndarray:
    found = evaluate(side, env)
    return array(found) if isinstance(found, tuple) else np.array(float(to_arb(found).mid()))


def compare(name: str, sides: Callable[[Any], tuple[Any, Any]], *, relation: Callable[[Any, Any], bool]) -> None:
    """Both sides of the claim's tree agree with the second entry, and the relation holds there."""
    for env in instances(name):
        first, second = sides(env)
        left, right = CLAIMS[name].tree().nodes
        np.testing.assert_allclose(value(left, env), first, atol=1e-9)
        np.testing.assert_allclose(value(right, env), second, atol=1e-9)
        assert relation(np.asarray(first), np.asarray(second))


def close(a: np.ndarray, b: np.ndarray) -> bool:
    return bool(np.allclose(a, b, atol=1e-8))


def power_value(H: Any, x: np.ndarray) -> float:
    y = array(H.frame).T @ x[:, 0]
    body = y**H.degree if H.polynomial else np.abs(y) ** H.degree
    return float(np.dot([number(a) for a in H.weights], body) / H.degree)


def slope(function: Callable[[np.ndarray], float], x: np.ndarray, h: float = 1e-5) -> np.ndarray:
    steps = np.eye(len(x)) * h
    return np.array([[(function(x + e[:, None]) - function(x - e[:, None])) / (2 * h)] for e in steps])


def test_value_of_the_cost_at_an_escape_direction() -> None:
    def sides(env: Any) -> tuple[float, float]:
        H, rho = env["H"], array(env["rho"])
        speed = float((rho.T @ slope(lambda x: power_value(H, x), rho)).item())
        return power_value(H, rho), speed / env["k"]

    compare("escape-directions.value", sides, relation=lambda a, b: bool(np.allclose(a, b, atol=1e-6)))


@pytest.mark.parametrize("name", ["escape-directions.stays", "escape-directions.stays-quadratic", "lemma-22.scaling"])
def test_flow_lines_solve_the_differential_equation(name: str) -> None:
    """Both sides of the claim, followed by small Runge-Kutta steps of x' = -grad H."""
    from scipy.integrate import solve_ivp

    for env in instances(name, 6):
        H = env["H"]
        scaled = ("lambda", "x_0") if "lambda" in env else ("c", "rho")
        start = number(env[scaled[0]]) * array(env[scaled[1]])
        time = number(env["t"])
        if time == 0:
            continue

        def field(_: float, x: np.ndarray, H: Any = H) -> np.ndarray:
            return -slope(lambda z: power_value(H, z), x[:, None])[:, 0]

        run = solve_ivp(field, (0, time), start[:, 0], rtol=1e-9, atol=1e-11)
        for side in CLAIMS[name].tree().nodes:
            np.testing.assert_allclose(value(side, env)[:, 0], run.y[:, -1], rtol=2e-3, atol=1e-5)


def test_the_minimizer_is_an_escape_direction() -> None:
    def sides(env: Any) -> tuple[np.ndarray, np.ndarray]:
        H, best = env["H"], array(env["rho_best"])
        return slope(lambda x: power_value(H, x), best), env["k"] * power_value(H, best) * best

    for env in instances("escape-directions.minimizer-escapes"):
        first, second = sides(env)
        np.testing.assert_allclose(first, second, atol=1e-5)
        sphere = np.random.default_rng(0).standard_normal((env["n"], 200))
        sphere /= np.linalg.norm(sphere, axis=0)
        least = min(power_value(env["H"], point[:, None]) for point in sphere.T)
        assert number(env["m"]) <= least + 1e-12
        assert number(env["s"]) >= env["k"] * number(env["m"]) - 1e-12


def test_speed_of_the_rank_one_directions() -> None:
    def sides(env: Any) -> tuple[np.ndarray, np.ndarray]:
        layers, G, depth = network(env)
        speed = env["epsilon"] * number(env["s"][env["i"]]) / depth ** ((depth - 2) / 2)
        k = env["l"] - 1
        return gradient(layers, G)[k], speed * layers[k]

    compare("escape-directions.speed", sides, relation=close)


def test_optimal_speed() -> None:
    def sides(env: Any) -> tuple[float, float]:
        layers, G, depth = network(env)
        speed = depth * cost(layers, G)
        return speed, -np.linalg.norm(G, 2) / depth ** ((depth - 2) / 2)

    compare("escape-directions.optimal-speed", sides, relation=lambda a, b: bool(a >= b - 1e-9))


def test_no_point_of_the_sphere_is_below_the_optimal_value() -> None:
    """H >= -s_1 L^(-L/2) at random points of the sphere and at its descent from there, for several shapes."""
    rng = np.random.default_rng(1)
    for widths in ((2, 3, 2), (3, 2, 1, 2), (1, 1, 1, 1, 1), (2, 2, 3, 2, 2)):
        depth = len(widths) - 1
        G = rng.standard_normal((widths[-1], widths[0]))
        layers = [rng.standard_normal((b, a)) for a, b in itertools.pairwise(widths)]
        for _ in range(300):
            size = np.sqrt(sum(np.sum(w**2) for w in layers))
            layers = [w / size for w in layers]
            layers = [w - 0.3 * g for w, g in zip(layers, gradient(layers, G), strict=True)]
        size = np.sqrt(sum(np.sum(w**2) for w in layers))
        least = cost([w / size for w in layers], G)
        bound = -np.linalg.norm(G, 2) * depth ** (-depth / 2)
        assert bound - 1e-9 <= least <= 0.98 * bound


def test_layers_of_a_rank_one_direction() -> None:
    for env in instances("escape-directions.form"):
        layers, G, depth = network(env)
        found = [np.linalg.svd(w) for w in layers]
        assert all(abs(values[0] - depth**-0.5) < 1e-9 and np.sum(values[1:]) < 1e-9 for _, values, _ in found)
        left, right = found[-1][0][:, 0], found[0][2][0]
        speed = abs(depth * cost(layers, G))
        assert abs(abs(left @ G @ right) - speed * depth ** ((depth - 2) / 2)) < 1e-9


def test_directions_of_all_modes() -> None:
    """The singular values of all layers agree, and with those of G they give the speed; the ends belong to G."""
    several = 0
    for env in instances("escape-directions.modes", 24) + instances("escape-directions.modes-ends"):
        layers, G, depth = network(env)
        values = [np.linalg.svd(w, compute_uv=False) for w in layers]
        sizes = values[0][values[0] > 1e-9]
        several += len(sizes) > 1
        assert all(close(v[: len(sizes)], sizes) and np.all(v[len(sizes) :] < 1e-9) for v in values)
        assert abs(depth * np.sum(sizes**2) - 1) < 1e-9
        ends = np.linalg.svd(layers[0])[2][: len(sizes)].T
        belongs = depth * cost(layers, G) * sizes ** (2 - depth)  # the singular values of G at these ends
        assert close(G.T @ G @ ends, ends * belongs**2)
    assert several > 3


def test_products_of_frames_are_escape_directions() -> None:
    """By hand: frames from QR, S = diag(1, 2, 3), G = sigma Q_L S^(2-L) Q_0^T plus anything off their ranges."""
    rng = np.random.default_rng(2)
    for widths in ((4, 5, 3), (3, 4, 3, 5), (5, 3, 4, 6, 4)):
        depth, S = len(widths) - 1, np.diag([1.0, 2.0, 3.0])
        q = [np.linalg.qr(rng.standard_normal((k, k)))[0] for k in widths]
        layers = [b[:, :3] @ S @ a[:, :3].T for a, b in itertools.pairwise(q)]
        rest = q[-1][:, 3:] @ rng.standard_normal((widths[-1] - 3, widths[0] - 3)) @ q[0][:, 3:].T
        G = -0.7 * q[-1][:, :3] @ np.linalg.matrix_power(np.linalg.inv(S), depth - 2) @ q[0][:, :3].T + rest
        for g, w in zip(gradient(layers, G), layers, strict=True):
            np.testing.assert_allclose(g, -0.7 * w, atol=1e-8)


def test_a_direction_with_several_modes() -> None:
    """The note of the erratum, by hand: L = 3, G = I_2, W_l = I/sqrt(6) has unit norm, gradient W/sqrt(6), speed 1/sqrt(6)."""
    layers, G = [np.eye(2) / np.sqrt(6)] * 3, np.eye(2)
    assert abs(sum(np.sum(w**2) for w in layers) - 1) < 1e-12
    for g, w in zip(gradient(layers, G), layers, strict=True):
        np.testing.assert_allclose(g, w / np.sqrt(6), atol=1e-12)
    assert abs(1 / np.sqrt(6) - 1 / np.sqrt(3)) > 0.1


def test_hessian_direction() -> None:
    def sides(env: Any) -> tuple[float, float]:
        layers, G, depth = network(env)
        vectors = {k: array(w) for k, w in env["w"].items()}
        v = [np.zeros_like(w) for w in layers]
        v[-1] = -array(env["u"][1]) @ vectors[depth - 1].T
        v[0] = vectors[1] @ array(env["v"][1]).T
        line = [cost([w + e * d for w, d in zip(layers, v, strict=True)], G) for e in (-1.0, 0.0, 1.0)]
        speed = env["epsilon"] * number(env["s"][env["i"]]) / depth ** ((depth - 2) / 2)
        return line[0] - 2 * line[1] + line[2], speed * sum(float(np.sum(d**2)) for d in v)

    compare("lemma-24.below-own-speed", sides, relation=lambda a, b: bool(a < b))


def test_two_layers_have_no_direction_below_the_optimal_speed() -> None:
    G = np.diag([2.0, 1.0])
    H = np.zeros((8, 8))
    for a in range(8):
        for b in range(8):
            e, f = np.eye(8)[a], np.eye(8)[b]
            value_of = lambda z: cost([z[:4].reshape(2, 2), z[4:].reshape(2, 2)], G)  # noqa: E731
            H[a, b] = value_of(e + f) - value_of(e) - value_of(f)
    assert np.linalg.eigvalsh(H)[0] == pytest.approx(-2)


def test_balls_of_the_instances_are_narrow() -> None:
    env = instances("escape-directions.speed", 1)[0]
    assert all(float(to_arb(v).rad()) < 1e-40 for row in env["W"][1] for v in row if isinstance(v, arb))
