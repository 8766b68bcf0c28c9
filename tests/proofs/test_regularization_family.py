"""lemma-39 and prop-5: the main claims entered a second time, a property test in balls that shrinks, and 10% mutants."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from flint import arb, arb_mat, fmpq, fmpq_mat
from hypothesis import find, given, settings, strategies as st

from proofs.regularization import lemma_39_balanced_minimizer as lemma_39, prop_5_schatten_equivalence as prop_5
from tests.proofs import instances
from theorycheck.derivation import Library
from theorycheck.domain import DrawSource
from theorycheck.enclose.linear import schatten_power
from theorycheck.enclose.precision import working
from theorycheck.evaluate import evaluate, judge
from theorycheck.evaluate.numbers import to_arb
from theorycheck.run import check_claim
from theorycheck.tree import num
from theorycheck.verdict import Verdict

STATEMENTS = (lemma_39.statement, prop_5.statement)
LIBRARY = Library(STATEMENTS)
CLAIMS = {c.id: replace(c, legs=[]) for s in STATEMENTS for c in s.claims}
PARAMETERS = [(c.id, name) for c in CLAIMS.values() for name in c.parameters]


def real(x):
    return float(to_arb(x).mid())


def array(rows):
    return np.array([[real(x) for x in row] for row in rows])


def cases(claim, count=30):
    """Instances of a claim's domain and equality cases."""
    return instances.cases(claim, f"second:{claim.id}", count)


# --- the second entry, in NumPy ------------------------------------------------------------------------------------------
def product(layers):
    matrix = np.eye(layers[0].shape[1])
    for w in layers:
        matrix = w @ matrix
    return matrix


def schatten(matrix, depth):
    values = np.linalg.svd(matrix, compute_uv=False)
    return float(sum(v ** (2 / depth) for v in values if v > 1e-12))


def squared_norm(layers):
    return sum(float(np.sum(w * w)) for w in layers)


def network(env, name="W"):
    return [array(env[name][l]) for l in range(1, env["L"] + 1)]


def test_the_inequality_is_the_printed_one():
    claim = CLAIMS["lemma-39.inequality"]
    for env in cases(claim):
        left, right = (real(evaluate(side, env)) for side in claim.tree().nodes)
        layers = network(env)
        assert left == pytest.approx(squared_norm(layers), rel=1e-9, abs=1e-12)
        assert right == pytest.approx(env["L"] * schatten(product(layers), env["L"]), rel=1e-6, abs=1e-9)
        assert squared_norm(layers) >= env["L"] * schatten(product(layers), env["L"]) - 1e-9


def psi(matrix, widths):
    """The printed parameters in the order W_1 .. W_L: S^(1/L) V^T, S^(1/L) .., U S^(1/L), padded with zeros to the widths."""
    u, s, vt = np.linalg.svd(matrix, full_matrices=False)
    depth = len(widths) - 1
    root, rank = np.diag(s ** (1 / depth)), len(s)
    parts = [root @ vt, *[root] * (depth - 2), u @ root] if depth > 1 else [u @ root @ vt]
    padded = [np.zeros((widths[l + 1], widths[l])) for l in range(depth)]
    for l, part in enumerate(parts):
        padded[l][: part.shape[0], : part.shape[1]] = part
    assert all(width >= rank for width in widths[1:-1])
    return padded


@pytest.mark.parametrize("name", ["lemma-39.product", "lemma-39.norm"])
def test_psi_encodes_its_matrix_at_least_norm(name):
    for env in cases(CLAIMS[name]):
        matrix, widths = array(env["A"]), [env["n"][l] for l in range(env["L"] + 1)]
        by_svd, by_frames = psi(matrix, widths), network(env, "Psi")
        for layers in (by_svd, by_frames):
            assert np.allclose(product(layers), matrix, atol=1e-8)
            assert squared_norm(layers) == pytest.approx(env["L"] * schatten(matrix, env["L"]), rel=1e-6, abs=1e-6)
        assert judge(CLAIMS[name].tree(), env).holds is not False


@pytest.mark.parametrize("name", ["prop-5.infimum", "prop-5.infimum-back", "prop-5.minimum-corrected"])
def test_the_two_minima_agree(name):
    """The bounds of both costs against the costs at hand, and against random competitors on both sides."""
    rng = np.random.default_rng(5)
    for env in cases(CLAIMS[name], 15):
        depth, ridge, cost = env["L"], real(env["lambda"]), env["C"]
        centre, weight, least = array(cost.centre), real(cost.weight), real(cost.least)

        def c(matrix, weight=weight, centre=centre, least=least):
            return weight / 2 * np.sum((matrix - centre) ** 2) + least

        layers, best = network(env), array(env["A"])
        value = c(best) + ridge * depth * schatten(best, depth)
        assert c(product(layers)) + ridge * squared_norm(layers) == pytest.approx(value)
        if "b" in env:
            assert real(env["b"]) <= value + 1e-9
        else:
            assert [real(env["m_F"]), real(env["m_K"])] == pytest.approx([value, value])
        for _ in range(20):
            moved = [w + 0.3 * rng.standard_normal(w.shape) for w in layers]
            other = best + 0.3 * rng.standard_normal(best.shape)
            assert c(product(moved)) + ridge * squared_norm(moved) >= value - 1e-9
            assert c(other) + ridge * depth * schatten(other, depth) >= value - 1e-9


SEARCH = settings(deadline=None, max_examples=2000, derandomize=True, database=None)


# --- the inequality as a property, in ball arithmetic --------------------------------------------------------------------
@st.composite
def factorizations(draw, depth):
    """Layers W_1 .. W_L of any widths 1 .. 3 with small rational entries; they shrink to width 1 and zeros."""
    widths = [draw(st.integers(1, 3)) for _ in range(depth + 1)]
    entry = st.builds(fmpq, st.integers(-5, 5), st.integers(1, 3))
    return [fmpq_mat(m, n, draw(st.lists(entry, min_size=m * n, max_size=m * n))) for n, m in pairwise(widths)]


def gap(layers, power=2, factor=1):
    """|theta|^2 - factor L |A|_p^p for p = power / L, as a ball."""
    depth, matrix = len(layers), layers[0]
    for w in layers[1:]:
        matrix = w * matrix
    size = sum((x * x for w in layers for x in w.entries()), fmpq(0))
    return arb(size) - factor * depth * schatten_power(matrix, fmpq(power) / depth)


@pytest.mark.parametrize("depth", [2, 3, 4, 5])
def test_no_factorization_violates_the_inequality(depth):
    @given(factorizations(depth))
    @settings(max_examples=60, deadline=None)
    def holds(layers):
        with working(160):
            found = gap(layers)
            assert found.is_finite()
            assert not found < 0
            assert found.rad() < 1e-20

    holds()


@pytest.mark.parametrize("depth", [2, 3, 4, 5])
def test_a_stronger_inequality_is_refuted_by_a_factorization_that_shrinks_to_ones(depth):
    """With 11/10 L the smallest counterexample that Hypothesis finds has width 1 and entries +-1."""
    with working(160):
        least = find(
            factorizations(depth),
            lambda layers: gap(layers, factor=fmpq(11, 10)) < 0,
            settings=SEARCH,
        )
    assert all(w.nrows() == w.ncols() == 1 and abs(w[0, 0]) == 1 for w in least)


def test_instances_of_the_domain_shrink_too():
    """The declared domain serves as a strategy: the simplest network whose matrix is not zero."""
    claim = CLAIMS["lemma-39.inequality"]

    @given(st.data())
    @settings(max_examples=60, deadline=None)
    def holds(data):
        env = claim.domain.draw(DrawSource(data.draw))
        assert claim.domain.broken(env) is None
        assert judge(claim.tree(), env).holds is not False

    holds()


def test_the_ball_and_the_exact_matrix_agree():
    layers = [fmpq_mat(2, 2, [1, 2, 3, 4]), fmpq_mat(1, 2, [1, -1])]
    ball = [arb_mat(w.nrows(), w.ncols(), w.entries()) for w in layers]
    assert schatten_power(layers[1] * layers[0], fmpq(1)).overlaps(schatten_power(ball[1] * ball[0], fmpq(1)))


# --- verdicts and mutants ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", CLAIMS)
def test_every_claim_comes_out_as_expected(name):
    claim = CLAIMS[name]
    assert claim.expects is not None
    assert check_claim(claim, "quick", {}, 0, LIBRARY).verdict is claim.expects


@pytest.mark.parametrize("statement", STATEMENTS, ids=lambda s: s.id)
def test_every_error_has_a_correction_that_is_proved(statement):
    proved = {c.corrects for c in statement.claims if c.corrects and c.expects is Verdict.PROVED}
    assert {c.id for c in statement.claims if c.expects is Verdict.REFUTED} <= proved


@pytest.mark.parametrize(("name", "parameter"), PARAMETERS)
def test_a_parameter_off_by_ten_percent_is_refuted_in_the_stronger_direction(name, parameter):
    claim = CLAIMS[name]
    value = Fraction(claim.parameters[parameter].args[0])
    found = [
        check_claim(claim, "quick", {parameter: num(value * f)}, 0, LIBRARY).verdict
        for f in (Fraction(11, 10), Fraction(9, 10))
    ]
    assert Verdict.REFUTED in found
    assert all(v in {Verdict.REFUTED, Verdict.PROVED, Verdict.SUPPORTED} for v in found)
    if parameter == "power" or claim.tree().head == "eq":
        assert found == [Verdict.REFUTED, Verdict.REFUTED]
