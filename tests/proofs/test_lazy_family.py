"""Random networks: main claims entered a second time in NumPy, expectations by Gauss-Hermite quadrature over all entries."""

from itertools import product as tuples
from math import prod

import numpy as np
import pytest

from proofs.lazy_regime import init_variance, layer_moments, ntk_mean
from theorycheck.derivation import Library
from theorycheck.evaluate import evaluate
from theorycheck.evaluate.numbers import to_arb

MODULES = (layer_moments, init_variance, ntk_mean)
LIBRARY = Library(tuple(m.statement for m in MODULES))
MOST_ENTRIES = 10


def real(x):
    return float(to_arb(x).mid())


def array(rows):
    return np.array([[real(x) for x in row] for row in rows])


def cases(name, count=16):
    """Instances of a claim's domain, and its equality cases, with few random entries."""
    from random import Random

    from theorycheck.domain import RandomSource

    claim = LIBRARY.claim(name)
    for k, env in enumerate(claim.domain.instances(f"second:{name}", count)):
        moved = claim.near(RandomSource(Random(k)), env) if claim.near else env
        for found in (env, moved):
            if sum(found["n"][l] * found["n"][l - 1] for l in range(1, found["L"] + 1)) <= MOST_ENTRIES:
                yield found


def mean(f, n, depth, s, nodes):
    """E f(W_1 .. W_L), exact for polynomials of degree < 2 nodes in every entry; f takes {l: matrix}."""
    points, weights = np.polynomial.hermite_e.hermegauss(nodes)
    weights = weights / weights.sum()
    shapes = [(n[l], n[l - 1]) for l in range(1, depth + 1)]
    total = 0.0
    for chosen in tuples(range(nodes), repeat=sum(r * c for r, c in shapes)):
        W, at = {}, 0
        for l, (r, c) in enumerate(shapes, 1):
            W[l] = np.sqrt(s) * points[list(chosen[at : at + r * c])].reshape(r, c)
            at += r * c
        total += np.prod(weights[list(chosen)]) * f(W)
    return total


def chain(W, hi, lo, size):
    out = np.eye(size)
    for l in range(lo, hi + 1):
        out = W[l] @ out
    return out


def segment(env):
    """(widths, depth, s, m, h) with the layers m+1 .. h as the only random ones."""
    m, h, n = env["m"], env["h"], env["n"]
    return {l - m: n[l] for l in range(m, h + 1)}, h - m, real(env["s"])


def second(env):
    n, k, s = segment(env)
    X, Y = array(env["X_1"]), array(env["X_2"])
    left = mean(lambda W: np.sum((chain(W, k, 1, n[0]) @ X) * (chain(W, k, 1, n[0]) @ Y)), n, k, s, 2)
    return left, s**k * prod(n[l] for l in range(1, k + 1)) * np.sum(X * Y)


def pairings(u):
    dot = lambda i, j: (u[i].T @ u[j]).item()  # noqa: E731
    return dot(0, 1) * dot(2, 3), dot(0, 2) * dot(1, 3), dot(0, 3) * dot(1, 2)


def fourth(env, factors=(1, 1, 1), step=2):
    n, k, s = segment(env)
    x = [array(env[f"x_{i}"]) for i in (1, 2, 3, 4)]
    combined = lambda u: float(np.dot(factors, pairings(u)))  # noqa: E731
    left = mean(lambda W: combined([chain(W, k, 1, n[0]) @ v for v in x]), n, k, s, 3)
    return left, s ** (2 * k) * prod(n[l] * (n[l] + step) for l in range(1, k + 1)) * combined(x)


def entry(env, s, expected):
    n, L, a, b = env["n"], env["L"], array(env["a"]), array(env["b"])
    return mean(lambda W: (b.T @ chain(W, L, 1, n[0]) @ a).item() ** 2, n, L, s, 2), expected


def variance(env):
    st, L = real(env["sigma_tilde"]), env["L"]
    return entry(env, st**2, st ** (2 * L) * env["w"] ** (L - 1))


def tilde(env):
    L = env["L"]
    return real(env["sigma"]) ** (2 / L) * env["w"] ** (-(L - 1) / L)


def kernel(env, s, eta):
    """The NTK from the whole Jacobian, parameter by parameter."""
    n, L, X, Y = env["n"], env["L"], array(env["X"]), array(env["Y"])

    def theta(W):
        value = 0.0
        for l in range(1, L + 1):
            for i, j in tuples(range(n[l]), range(n[l - 1])):
                unit = np.zeros((n[l], n[l - 1]))
                unit[i, j] = 1
                column = chain(W, L, l + 1, n[l]) @ unit @ chain(W, l - 1, 1, n[0])
                value += np.sum(X * column) * np.sum(Y * column)
        return value

    return mean(theta, n, L, s, 2), eta * np.sum(X * Y)


def ntk(env):
    L, w, sigma = env["L"], env["w"], real(env["sigma"])
    return kernel(env, tilde(env), L * sigma ** (2 * (L - 1) / L) * w ** ((L - 1) / L))


def ntk_any(env):
    L, s = env["L"], real(env["s"])
    return kernel(env, s, L * s ** (L - 1) * prod(env["n"][l] for l in range(1, L)))


SECOND = {
    "layer-moments.second": second,
    "layer-moments.fourth": fourth,
    "layer-moments.difference": lambda env: fourth(env, (1, -1, 0), -1),
    "init-variance.variance": variance,
    "init-variance.normalized": lambda env: entry(env, tilde(env), real(env["sigma"]) ** 2),
    "ntk-mean.mean": ntk,
    "ntk-mean.any-widths": ntk_any,
}


def test_every_main_claim_is_entered_a_second_time():
    assert {c.id for m in MODULES for c in m.statement.claims if c.main} == set(SECOND)


@pytest.mark.parametrize("name", SECOND)
def test_both_entries_agree(name):
    compared = 0
    for env in cases(name):
        left, right = (real(evaluate(side, env)) for side in LIBRARY.claim(name).tree().nodes)
        other = SECOND[name](env)
        scale = max(1.0, abs(left), abs(right))
        assert abs(left - other[0]) < 1e-8 * scale
        assert abs(right - other[1]) < 1e-8 * scale
        compared += 1
    assert compared >= 5
