"""Random networks: main claims entered a second time in NumPy, expectations by Gauss-Hermite quadrature over all entries."""

from itertools import pairwise, product as tuples
from math import prod
from random import Random

import numpy as np
import pytest
from flint import fmpq

from proofs.lazy_regime import (
    cor_18_two_and_four,
    cor_19_kernel_covariance,
    init_variance,
    layer_moments,
    lemma_13_expected_loss,
    lemma_14_ntk_spectrum,
    ntk_mean,
    prop_17_pairings,
)
from proofs.lazy_regime.cor_19_any_depth import factors
from proofs.lazy_regime.cor_19_bounds import a, products
from proofs.lazy_regime.cor_19_carried import sizes
from proofs.lazy_regime.lemma_14_eigenvalues import ETA
from proofs.lazy_regime.lemma_14_variance_sum import constant, deviation
from theorycheck.derivation import Library
from theorycheck.domain import RandomSource, rational_matrix
from theorycheck.evaluate import evaluate
from theorycheck.evaluate.numbers import to_arb
from theorycheck.run import check_claim

MODULES = (
    layer_moments,
    init_variance,
    ntk_mean,
    prop_17_pairings,
    cor_18_two_and_four,
    cor_19_kernel_covariance,
    lemma_13_expected_loss,
    lemma_14_ntk_spectrum,
)
LIBRARY = Library(tuple(m.statement for m in MODULES))
MOST_ENTRIES = 10


def real(x):
    return float(to_arb(x).mid())


def array(rows):
    return np.array([[real(x) for x in row] for row in rows])


def cases(name, count=16):
    """Instances of a claim's domain, and its equality cases, with few random entries."""
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


def jacobian(W, n, L):
    """All derivatives of A, parameter by parameter: P x (n_L n_0)."""
    columns = []
    for l in range(1, L + 1):
        for i, j in tuples(range(n[l]), range(n[l - 1])):
            unit = np.zeros((n[l], n[l - 1]))
            unit[i, j] = 1
            columns.append((chain(W, L, l + 1, n[l]) @ unit @ chain(W, l - 1, 1, n[0])).ravel())
    return np.array(columns)


def kernel(env, s, eta, X="X", Y="Y"):
    """The NTK from the whole Jacobian."""
    n, L, X, Y = env["n"], env["L"], array(env[X]).ravel(), array(env[Y]).ravel()

    def theta(W):
        J = jacobian(W, n, L)
        return (J @ X) @ (J @ Y)

    return mean(theta, n, L, s, 2), eta * np.sum(X * Y)


def ntk(env):
    L, w, sigma = env["L"], env["w"], real(env["sigma"])
    return kernel(env, tilde(env), L * sigma ** (2 * (L - 1) / L) * w ** ((L - 1) / L))


def ntk_any(env):
    L, s = env["L"], real(env["s"])
    return kernel(env, s, L * s ** (L - 1) * prod(env["n"][l] for l in range(1, L)))


def on_vectors(env):
    outer = {k: tuple(tuple(x * y for (y,) in env[f"a_{k}"]) for (x,) in env[f"b_{k}"]) for k in (1, 2)}
    s, L = real(env["sigma"]) ** 2, env["L"]
    return kernel({**env, "X": outer[1], "Y": outer[2]}, s, s ** (L - 1) * prod(env["n"][l] for l in range(1, L)))


def spread(env):
    """E|Theta - eta I|^2 and the bound with the constant written out."""
    n, L, w, sigma = env["n"], env["L"], env["w"], real(env["sigma"])
    eta = L * sigma ** (2 * (L - 1) / L) * w ** ((L - 1) / L)
    far = lambda J: np.sum((J.T @ J - eta * np.eye(n[0] * n[L])) ** 2)  # noqa: E731
    left = mean(lambda W: far(jacobian(W, n, L)), n, L, tilde(env), 3)
    below = [n[0] + (3 ** (l - 1) - 1) / 2 * n[0] * (n[0] + 1) for l in range(1, L + 1)]
    above = [n[L] + (3 ** (L - l) - 1) / 2 * n[L] * (n[L] + 1) for l in range(1, L + 1)]
    pairs = [(l, k, 3 ** (k - l - 1) if l < k else 1) for k in range(L) for l in range(k + 1)]
    c = sum((1 + (l < k)) * (between * below[l] * above[k] - n[0] * n[L]) for l, k, between in pairs)
    return left, c * sigma ** (4 * (L - 1) / L) * w ** ((L - 2) / L)


def all_widths(env):
    """E|Theta - eta I|^2, and the sum over sequences of pairings."""
    n, L, s = env["n"], env["L"], real(env["sigma"]) ** 2
    widths = prod(n[l] for l in range(1, L))
    eta = L * s ** (L - 1) * widths
    far = lambda J: np.sum((J.T @ J - eta * np.eye(n[0] * n[L])) ** 2)  # noqa: E731
    left = mean(lambda W: far(jacobian(W, n, L)), n, L, s, 3)
    ends = [{0: m, 1: m**2, 2: m} for m in (n[0], n[L])]
    total = 0.0
    for p in tuples(range(3), repeat=L):
        steps = prod(n[l] ** (1 + (p[l - 1] == p[l])) for l in range(1, L))
        total += p.count(0) ** 2 * steps * ends[0][p[0]] * ends[1][p[-1]]
    return left, s ** (2 * L - 2) * (total - (L * widths) ** 2 * n[0] * n[L])


def four_outputs(env):
    """E of a product of four outputs with the variance of line 99, and its value by the eigenvalues of the transfer matrix."""
    n, L, w, sigma = env["n"], env["L"], env["w"], real(env["sigma"])
    a, b = ([array(env[f"{name}_{k}"]) for k in (1, 2, 3, 4)] for name in "ab")
    output = lambda W: prod((y.T @ chain(W, L, 1, n[0]) @ x).item() for x, y in zip(a, b, strict=True))  # noqa: E731
    alpha, beta = np.array(pairings(a)), np.array(pairings(b))
    layer = (w * (w - 1) * np.eye(3) + w * np.ones((3, 3))) / w**2
    return mean(output, n, L, tilde(env), 3), sigma**4 * alpha @ np.linalg.matrix_power(layer, L - 1) @ beta


def below(W, env):
    return chain(W, env["L"] - 1, 1, env["n"][0])


def rows(env):
    """E|s C^T C - sigma^2 I|^2 and its bound; the mean of s C^T C is compared on the way."""
    n, L, w, s, sigma = env["n"], env["L"], env["w"], tilde(env), real(env["sigma"])
    eye = np.eye(n[0])
    average = mean(lambda W: s * below(W, env).T @ below(W, env), n, L, s, 2)
    assert np.allclose(average, sigma**2 * eye)
    left = mean(lambda W: np.sum((s * below(W, env).T @ below(W, env) - sigma**2 * eye) ** 2), n, L, s, 3)
    return left, sigma**4 * (3 ** (L - 1) - 1) / 2 * n[0] * (n[0] + 1) / w


def loss(env):
    n, L, sigma, X, Y = env["n"], env["L"], real(env["sigma"]), array(env["X"]), array(env["Y"])
    left = mean(lambda W: np.sum((chain(W, L, 1, n[0]) @ X - Y) ** 2), n, L, tilde(env), 2)
    return left, sigma**2 * n[L] * np.sum(X**2) + np.sum(Y**2)


def pairs_of(places):
    if not places:
        yield []
        return
    for i in range(1, len(places)):
        for rest in pairs_of(places[1:i] + places[i + 1 :]):
            yield [(places[0], places[i]), *rest]


def loops(p, q):
    """The number of cycles of the union of two pairings."""
    partner, left, count = [dict([*r, *((j, i) for i, j in r)]) for r in (p, q)], {i for pair in p for i in pair}, 0
    while left:
        i, count = min(left), count + 1
        while i in left:
            left -= {i, partner[0][i]}
            i = partner[1][partner[0][i]]
    return count


def over_pairings(env, copies, outputs_at=0):
    """Line 541 with all pairings of the copies, one for each layer, and the outputs paired as in the layer L - outputs_at."""
    L, total = env["L"], 0.0
    a, b = ({i: array(env[f"{name}_{i}"]) for i in copies} for name in "ab")
    for chosen in tuples(list(pairs_of(copies)), repeat=L):
        part = prod(real(env[f"K_{i}{j}"]) for p in chosen for i, j in p)
        part *= prod(env["w"] ** loops(chosen[l], chosen[l + 1]) for l in range(L - 1))
        part *= prod((a[i].T @ a[j]).item() for i, j in chosen[0])
        total += part * prod((b[i].T @ b[j]).item() for i, j in chosen[L - 1 - outputs_at])
    return total


def both_sides(copies, outputs_at=0):
    return lambda env: (over_pairings(env, copies), over_pairings(env, copies, outputs_at))


SECOND = {
    "layer-moments.second": second,
    "layer-moments.fourth": fourth,
    "layer-moments.difference": lambda env: fourth(env, (1, -1, 0), -1),
    "init-variance.variance": variance,
    "init-variance.normalized": lambda env: entry(env, tilde(env), real(env["sigma"]) ** 2),
    "ntk-mean.mean": ntk,
    "ntk-mean.any-widths": ntk_any,
    "prop-17.sum": both_sides((1, 2, 3, 4), 1),
    "cor-18.two": both_sides((1, 2)),
    "cor-18.four-corrected": both_sides((1, 2, 3, 4)),
    "cor-19.mean": on_vectors,
    "cor-19.variance": all_widths,
    "lemma-13.covariance-spread": rows,
    "lemma-13.fourth-rate": four_outputs,
    "lemma-13.quadratic": loss,
    "lemma-14.mean": ntk,
    "lemma-14.variance": spread,
}


ELSEWHERE = {"lemma-13.covariance-mean", "lemma-14.smallest", "lemma-14.largest"}  # in `rows`, and at the end of this file


def test_every_main_claim_is_entered_a_second_time():
    assert {c.id for m in MODULES for c in m.statement.claims if c.main} == set(SECOND) | ELSEWHERE


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


def test_eigenvalues_of_sampled_kernels():
    """lemma-14.smallest and .largest on sampled networks: the deviation as entered is that of the Jacobian, it bounds the
    eigenvalues, and the bounds hold at least as often as claimed (the constant is far from sharp: mostly always)."""
    rng, L, sigma = np.random.default_rng(14), 2, 1.0
    held, samples, w = 0, 40, 64
    n = {0: 2, 1: w, 2: 2}
    eta = L * sigma ** (2 * (L - 1) / L) * w ** ((L - 1) / L)
    for _ in range(samples):
        W = {l: rng.normal(0, (sigma ** (2 / L) * w ** (-(L - 1) / L)) ** 0.5, (n[l], n[l - 1])) for l in (1, 2)}
        J = jacobian(W, n, L)
        values = np.linalg.eigvalsh(J.T @ J)
        far = np.sum((J.T @ J - eta * np.eye(4)) ** 2)
        assert np.all(abs(values - eta) <= far**0.5 + 1e-9)
        held += 0.75 * eta <= values[0] and values[-1] <= 1.25 * eta
    env = {"L": L, "w": w, "n": n, "sigma": fmpq(1), "l": 1}
    kappa = 16 / L**2 * real(evaluate(constant(), env))
    assert held / samples >= 1 - kappa / w
    small = {"L": 2, "w": 2, "n": {0: 2, 1: 2, 2: 1}, "sigma": fmpq(1)}
    exact = {l: RandomSource(Random(l)) for l in (1, 2)}
    layers = {l: rational_matrix(exact[l], small["n"][l], small["n"][l - 1]) for l in (1, 2)}
    J = jacobian({l: array(x) for l, x in layers.items()}, small["n"], 2)
    entered = real(evaluate(deviation(ETA), {**small, "W": layers}))
    assert abs(entered - np.sum((J.T @ J - real(evaluate(ETA, small)) * np.eye(2)) ** 2)) < 1e-9


# --- the covariance as a sum over pairings -----------------------------------------------------------------------------------
def covariance_by_pairings(depth, width, weight):
    """With all vectors and sigma 1, one input and one output: the sum over one pairing for each layer."""
    found = 0
    for p in tuples(range(3), repeat=depth):
        count = p.count(0)
        found += weight(count) * prod(width ** (1 + (x == y)) for x, y in pairwise(p)) * (0 < count < depth)
    return found


def variance_of_ones(depth):
    """Of Theta = sum_l prod_(k != l) g_k^2 for independent standard Gaussians g_l: E g^2 = 1, E g^4 = 3."""
    pairs = tuples(range(depth), repeat=2)
    return sum(3 ** (depth - 1 if l == k else depth - 2) for l, k in pairs) - depth**2


@pytest.mark.parametrize("depth", [2, 3, 4, 5])
def test_the_weight_of_a_sequence_of_pairings_at_width_one(depth):
    assert covariance_by_pairings(depth, 1, lambda count: count**2) == variance_of_ones(depth)
    assert (covariance_by_pairings(depth, 1, lambda count: 1) == variance_of_ones(depth)) == (depth == 2)


@pytest.mark.parametrize(("depth", "width"), [(2, 3), (3, 2)])
def test_the_weight_of_a_sequence_of_pairings(depth, width):
    """Against the exact layer, and the two sides of the claim for any depth."""
    ones = dict.fromkeys((1, 2, 3), fmpq(1))
    n = {l: width if 0 < l < depth else 1 for l in range(depth + 1)}
    vectors = {f"{name}_{k}": ((fmpq(1),),) for name in "ab" for k in (1, 2, 3, 4)}
    env = {"L": depth, "w": width, "n": n, "sigma": fmpq(1), "alpha": ones, "beta": ones, **vectors}
    sides = [evaluate(side, env) for side in LIBRARY.claim("cor-19.sum-any-depth").tree().nodes]
    assert sides == [covariance_by_pairings(depth, width, lambda count: count**2)] * 2


@pytest.mark.parametrize("depth", [2, 3, 4])
def test_the_bound_of_the_covariance_for_any_depth_at_width_one(depth):
    """An equality for numbers and vectors 1: against the Gaussian moments."""
    n = dict.fromkeys(range(depth + 1), 1)
    vectors = {f"{name}_{k}": ((fmpq(1),),) for name in "ab" for k in (1, 2, 3, 4)}
    env = {"L": depth, "w": 1, "n": n, "sigma": fmpq(1), **vectors}
    sides = [evaluate(side, env) for side in LIBRARY.claim("cor-19.bound-corrected").tree().nodes]
    assert sides == [variance_of_ones(depth)] * 2


@pytest.mark.parametrize(("depth", "width"), [(2, 1), (2, 5), (3, 1), (3, 4), (4, 1), (4, 2), (5, 1), (5, 3)])
def test_the_bound_of_the_covariance_pairing_by_pairing(depth, width):
    """Against sums over all sequences: with one pairing of the inputs and one of the outputs, the claim's bound holds, and is
    attained for width 1 and for two layers."""
    one, g = sizes(a)
    for first, last in tuples(range(3), repeat=2):
        values = {x: fmpq(int(q == first)) for q, x in enumerate(products(a))}
        env = {"L": depth, **{f"a_{k}": ((x,), (y,)) for k, (x, y) in alike_vectors(first).items()}}
        assert [evaluate(x, env) for x in products(a)] == list(values.values())
        assert (evaluate(one, env), evaluate(g, env)) == (int(first == 0), 1)
        u, v = (evaluate(x, env) for x in factors())
        found = -(depth**2) * width ** (2 * depth - 2) * (first == last == 0)
        for p in tuples(range(3), repeat=depth):
            if (p[0], p[-1]) == (first, last):
                found += p.count(0) ** 2 * prod(width ** (1 + (x == y)) for x, y in pairwise(p))
        most = width ** (2 * depth - 3) * (u if last == 0 else v)
        assert found <= most
        assert found == most or (width > 1 and depth > 2)


def alike_vectors(pairing):
    """Vectors of the standard basis of R^2: alike in one pairing alone."""
    return {k: (fmpq(int(k in (1, pairing + 2))), fmpq(int(k not in (1, pairing + 2)))) for k in (1, 2, 3, 4)}


@pytest.mark.parametrize("name", ["three", "three-corrected", "sum-any-depth"])
def test_what_is_said_of_pairings_does_not_depend_on_the_seed(name):
    c = LIBRARY.claim(f"cor-19.{name}")
    assert {check_claim(c, "quick", {}, seed, LIBRARY).verdict for seed in (0, 1)} == {c.expects}
