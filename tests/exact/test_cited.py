"""Every cited fact holds on its instances, keeps its hypotheses there, names a reference, and dies when it is strengthened."""

from __future__ import annotations

import numpy as np
import pytest

from theorycheck.evaluate import Undefined, judge
from theorycheck.exact import cited_norms as _more  # noqa: F401 (it enters facts into the list)
from theorycheck.exact.cited import CITED
from theorycheck.instances import pointwise
from theorycheck.search.mutants import mutants

POINTWISE = [name for name, c in CITED.items() if pointwise(c.fact.shows)]


def verdicts(tree, instances):
    for env in instances:
        try:
            yield judge(tree, env).holds
        except Undefined:
            yield False


@pytest.mark.parametrize("name", CITED)
def test_it_names_its_source_and_speaks_of_no_network(name):
    fact = CITED[name].fact
    assert fact.kind == "cited"
    assert fact.source
    assert not {"theta", "A_theta", "lambda"} & set(fact.variables)


@pytest.mark.parametrize("name", POINTWISE)
def test_it_holds_where_its_hypotheses_do(name):
    fact, domain = CITED[name].fact, CITED[name].domain
    count = 0
    for env in domain.instances(f"cited:{name}", 40):
        assert all(judge(g, env).holds is not False for g in fact.given)
        assert judge(fact.shows, env).holds is not False, env
        count += 1
    assert count == 40


@pytest.mark.parametrize("name", POINTWISE)
def test_some_mutant_of_every_kind_dies(name):
    """Reversed it is false; and every number in it matters in at least one direction."""
    fact, domain = CITED[name].fact, CITED[name].domain
    instances = list(domain.instances(f"mutants:{name}", 120))
    dead: dict[str, bool] = {}
    for site, kind, tree in mutants(fact.shows):
        if site.kind in {"number", "relation"} and kind in {"up10", "down10", "reverse", "below", "above"}:
            dead[site.label] = dead.get(site.label, False) or False in verdicts(tree, instances)
    assert dead
    assert [label for label, killed in dead.items() if not killed] == []


def test_real_exponents_are_drawn_as_real_numbers():
    exponents = {env["m"] for env in CITED["Hoelder continuity of odd roots of matrices"].domain.instances("exponents", 40)}
    assert any(m.denom() != 1 for m in exponents)
    assert any(m.denom() == 1 for m in exponents)


# --- the steps of the proof beside ROOTS ----------------------------------------------------------------------------------
def apply(f, matrix):
    values, basis = np.linalg.eigh(matrix)
    return (basis * f(values)) @ basis.T


def spectral(matrix):
    return np.abs(np.linalg.eigvalsh(matrix)).max()


def symmetric_pairs(count):
    random = np.random.default_rng(0)
    for _ in range(count):
        n, scale, near = random.integers(1, 5), random.choice([0.3, 1, 5, 30]), random.choice([0, 1])
        x, y = (z + z.T for z in random.standard_normal((2, n, n)))
        yield scale * x, near * scale * x + random.choice([0.1, 1, 30]) * y


@pytest.mark.parametrize("m", [1.1, 1.9, 2, 2.9, 4, 7])
def test_powers_of_symmetric_matrices_stay_apart(m):
    for a, b in symmetric_pairs(300):
        apart = spectral(apply(lambda x: np.sign(x) * np.abs(x) ** m, a) - apply(lambda x: np.sign(x) * np.abs(x) ** m, b))
        assert spectral(a - b) ** m <= 2 ** (m - 1) * apart * (1 + 1e-9)


def test_sines_at_the_top_vector_and_arctangents():
    for a, b in symmetric_pairs(2000):
        x, y = (2 * apply(np.arctan, z) for z in (a, b))
        values, basis = np.linalg.eigh(x - y)
        if values[-1] < -values[0]:
            x, y, values, basis = y, x, -values[::-1], basis[:, ::-1]
        v, e = basis[:, -1], values[-1]
        assert v @ (apply(np.sin, x) - apply(np.sin, y)) @ v <= 2 * np.sin(e / 2) + 1e-12
        assert spectral(x - y) / 2 <= 2 * np.arctan(spectral(a - b) / 2) + 1e-12
