"""mse-pl, mc-pl, schatten-limit: every main claim entered a second time in NumPy or mpmath, and 10% mutants."""

from fractions import Fraction
from itertools import product

import mpmath
import numpy as np
import pytest
from flint import fmpq

from proofs.preliminaries import mc_pl, mse_pl, schatten_limit
from tests.proofs import instances
from theorycheck.derivation import Library
from theorycheck.evaluate import evaluate
from theorycheck.evaluate.numbers import to_arb
from theorycheck.run import check_claim, run
from theorycheck.search.mutants import mutants
from theorycheck.tree import num, sym
from theorycheck.verdict import Verdict

MODULES = (mse_pl, mc_pl, schatten_limit)
STATEMENTS = [m.statement for m in MODULES]
LIBRARY = Library(tuple(STATEMENTS))


def claim(name):
    return LIBRARY.claim(name)


def real(x):
    return float(to_arb(x).mid())


def array(rows):
    return np.array([[real(x) for x in row] for row in rows])


def cases(name, count=25):
    """Instances of a claim's domain and equality cases."""
    return instances.cases(claim(name), f"second:{name}", count)


def sides(name, env):
    left, right = claim(name).tree().nodes
    return real(evaluate(left, env)), real(evaluate(right, env))


# --- the second entry -------------------------------------------------------------------------------------------------
def numerical_gradient(cost, A):
    """Central differences: exact for quadratic costs, up to rounding."""
    out = np.zeros_like(A)
    for place in np.ndindex(*A.shape):
        E = np.zeros_like(A)
        E[place] = 1.0
        out[place] = (cost(A + E) - cost(A - E)) / 2
    return out


def mean_squared_error(env):
    X, Y = array(env["X"]), array(env["Y"])
    return lambda A: float(np.sum((A @ X - Y) ** 2)) / X.shape[1]


def least_squares(env):
    X, Y = array(env["X"]), array(env["Y"])
    A = np.linalg.lstsq(X.T, Y.T, rcond=1e-9)[0].T
    return mean_squared_error(env)(A)


@pytest.mark.parametrize("name", ["mse-pl.pl", "mse-pl.pl-nonzero"])
def test_mean_squared_error(name):
    for env in cases(name):
        values = np.linalg.svd(array(env["X"]), compute_uv=False)
        if name == "mse-pl.pl-nonzero":
            values = values[values > 1e-9]
        cost, A = mean_squared_error(env), array(env["A"])
        beta = 2 * values.min() ** 2 / env["N"]
        left, right = 0.5 * np.sum(numerical_gradient(cost, A) ** 2), beta * (cost(A) - least_squares(env))
        assert sides(name, env) == pytest.approx((left, right), rel=1e-7, abs=1e-7)
        assert left >= right - 1e-7 * (1 + right)


def completion(env):
    """Entry by entry, in plain Python."""
    true = array(env["A_true"])
    seen = [(env["k"][x] - 1, env["m"][x] - 1) for x in range(1, env["N"] + 1)]
    return lambda A: sum((A[e] - true[e]) ** 2 for e in seen) / len(seen)


def test_matrix_completion():
    for env in cases("mc-pl.pl"):
        cost, A = completion(env), array(env["A"])
        left, right = 0.5 * np.sum(numerical_gradient(cost, A) ** 2), 2 / env["N"] * cost(A)
        assert sides("mc-pl.pl", env) == pytest.approx((left, right), rel=1e-9, abs=1e-9)
        assert left >= right - 1e-9


def schatten_power(rows, p):
    exact = [[mpmath.mpf(int(x.numer())) / int(x.denom()) for x in r] for r in rows]
    values = mpmath.svd_r(mpmath.matrix(exact), compute_uv=False)
    return sum((s**p for s in values if s > mpmath.mpf(10) ** -40), mpmath.mpf(0))


def test_schatten_limit():
    """The body of the claim at small p, and the value that it tends to: 60 digits, linear extrapolation to p = 0."""
    body, v, point, value = claim("schatten-limit.rank-limit").tree().nodes
    assert v == sym("p")
    assert evaluate(point, {}) == 0
    with mpmath.workdps(60):
        for env in cases("schatten-limit.rank-limit"):
            powers = [schatten_power(env["A"], mpmath.mpf(p)) for p in ("1e-6", "2e-6")]
            mine = evaluate(body, {**env, "p": fmpq(1, 10**6)})
            assert real(mine) == pytest.approx(float(powers[0]), rel=1e-12)
            assert float(2 * powers[0] - powers[1]) == pytest.approx(np.linalg.matrix_rank(array(env["A"])), abs=1e-9)
            assert real(evaluate(value, env)) == np.linalg.matrix_rank(array(env["A"]))


def test_quasi_triangle_inequality():
    with mpmath.workdps(60):
        for env in cases("schatten-limit.quasi-triangle"):
            p = mpmath.mpf(int(env["p"].numer())) / int(env["p"].denom())
            A, B = env["A"], env["B"]
            added = tuple(tuple(x + y for x, y in zip(r, s, strict=True)) for r, s in zip(A, B, strict=True))
            norms = [schatten_power(m, p) ** (1 / p) for m in (added, A, B)]
            left, right = norms[0], 2 ** (1 / p - 1) * (norms[1] + norms[2])
            assert sides("schatten-limit.quasi-triangle", env) == pytest.approx((float(left), float(right)), rel=1e-9, abs=1e-9)
            assert left <= right * (1 + mpmath.mpf(10) ** -30)


def nuclear(A):
    return np.linalg.norm(A, "nuc")


def test_nuclear_norms_of_completions():
    """Line 73 in NumPy: of [[1, 1/2], [x, 1]] the least nuclear norm is at x = 1/2, and the rank is 1 at x = 2 alone."""

    def M(x):
        return np.array([[1, 0.5], [x, 1]])

    there = np.linspace(-3, 5, 801)
    norms = np.array([nuclear(M(x)) for x in there])
    assert there[norms.argmin()] == pytest.approx(0.5)
    assert (norms**2 >= 4 + (there - 0.5) ** 2 - 1e-12).all()
    assert [x for x in there if np.linalg.matrix_rank(M(x)) == 1] == pytest.approx([2.0])
    for env in cases("schatten-limit.rank-apart", 5):
        assert sides("schatten-limit.rank-apart", env) == pytest.approx((nuclear(M(2)), nuclear(M(0.5)) + 0.5))
    for env in cases("schatten-limit.least-nuclear", 5):
        x = real(env["x"])
        assert sides("schatten-limit.least-nuclear", env) == pytest.approx((nuclear(M(x)) ** 2, 4 + (x - 0.5) ** 2))


def test_the_nuclear_norm_is_convex_with_kinks():
    for env in cases("schatten-limit.nuclear-convex", 8):
        A, B, t = array(env["A"]), array(env["B"]), real(env["t"])
        both = nuclear(t * A + (1 - t) * B), t * nuclear(A) + (1 - t) * nuclear(B)
        assert sides("schatten-limit.nuclear-convex", env) == pytest.approx(both)
        assert both[0] <= both[1] + 1e-12
    for env in cases("schatten-limit.nuclear-kink", 8):
        E, F = (array(env[f"u_{k}"]) @ array(env[f"v_{k}"]).T for k in (1, 2))
        t = real(env["t"])
        both = nuclear(E + t * F) + nuclear(E - t * F) - 2 * nuclear(E), 2 * abs(t)
        assert sides("schatten-limit.nuclear-kink", env) == pytest.approx(both)


# --- verdicts and mutants ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("module", MODULES, ids=lambda m: m.statement.id)
def test_every_claim_comes_out_as_expected(module):
    (report,) = run([module.statement]).statements
    assert [c.id for c in report.claims if not c.as_expected] == []
    assert all(c.corrected is not None for c in report.claims if c.verdict is Verdict.REFUTED)


@pytest.mark.parametrize(
    ("name", "parameter"),
    [
        ("mse-pl.pl", "factor"),
        ("mse-pl.pl-nonzero", "factor"),
        ("mse-pl.strongly-convex", "factor"),
        ("mc-pl.pl", "factor"),
        ("mc-pl.pl-repeated", "factor"),
        ("mc-pl.strongly-convex", "factor"),
        ("schatten-limit.nuclear-convex", "factor"),
        ("schatten-limit.nuclear-kink", "two"),
        ("schatten-limit.least-nuclear", "least"),
    ],
)
def test_constants_are_sharp(name, parameter):
    """10% more is refuted with a witness, 10% less is still proved."""
    verdicts = {}
    upper = claim(name).tree().head == "le"  # of an upper bound less is more
    for change in (Fraction(11, 10), Fraction(9, 10)):
        values = {parameter: num(change * claim(name).parameters[parameter].args[0])}
        verdicts[(change > 1) is not upper] = check_claim(claim(name), "quick", values, 0, LIBRARY)
    assert verdicts[True].verdict is Verdict.REFUTED
    assert verdicts[True].witness is not None
    assert verdicts[False].verdict is Verdict.PROVED


@pytest.mark.parametrize("c", [c for c in schatten_limit.statement.claims if c.line == 73], ids=lambda c: c.id)
def test_what_is_said_of_the_nuclear_norm_does_not_depend_on_the_seed(c):
    assert {check_claim(c, "quick", {}, seed, LIBRARY).verdict for seed in (0, 1)} == {Verdict.PROVED}


SHARP = ["mse-pl.sharp", "schatten-limit.quasi-triangle-sharp"]


@pytest.mark.parametrize(("name", "value"), list(product(SHARP, ["9/10", "11/10"])))
def test_equality_cases_die_both_ways(name, value):
    c = claim(name)
    parameter = "factor" if "factor" in c.parameters else "base"
    changed = num(Fraction(value) * c.parameters[parameter].args[0])
    assert check_claim(c, "quick", {parameter: changed}, 0, LIBRARY).verdict is Verdict.REFUTED


def test_smaller_factor_of_the_quasi_triangle_inequality_is_refuted():
    found = check_claim(claim("schatten-limit.quasi-triangle"), "quick", {"base": num(Fraction(9, 5))}, 0, LIBRARY)
    assert found.verdict is Verdict.REFUTED


def test_limit_at_another_point_is_refuted_in_balls():
    c = claim("schatten-limit.rank-limit")
    (moved,) = [tree for site, kind, tree in mutants(c.tree()) if kind == "up10"]
    found = check_claim(c, "quick", {}, 0, LIBRARY, tree=moved)
    assert found.verdict is Verdict.REFUTED
    assert found.witness is not None


def test_flow_of_a_larger_constant_is_contradicted():
    """The flow leg alone sees a constant that is 1% too large."""
    for name in ("mse-pl.pl-nonzero", "mc-pl.pl"):
        report = check_claim(claim(name), "quick", {"factor": num(Fraction(202, 100))}, 0, LIBRARY)
        (flow,) = [e for e in report.evidence if e.kind == "flow"]
        assert flow.outcome.value == "contradicts"


def test_domains_have_the_hostile_instances():
    drawn = list(claim("mse-pl.pl").domain.instances("hostile", 200))
    assert any(e["N"] < e["n_0"] for e in drawn)
    assert any(0 < e["svd"].rank < min(e["n_0"], e["N"]) for e in drawn)
    assert any(e["svd"].rank == 0 for e in drawn)
    assert any(len(set(e["svd"].values)) < len(e["svd"].values) for e in drawn)
    assert any(e["n_0"] != e["n_L"] for e in drawn)
    completions = list(claim("mc-pl.pl").domain.instances("hostile", 100))
    assert any(len(set(zip(e["k"].values(), e["m"].values(), strict=True))) < e["N"] for e in completions)
    assert any(e["r"] == 0 for e in claim("schatten-limit.rank-limit").domain.instances("hostile", 100))


def test_pseudo_inverse_of_drawn_matrices():
    for env in claim("mse-pl.pl").domain.instances("inverse", 20):
        assert array(env["P"]) == pytest.approx(np.linalg.pinv(array(env["X"]), rcond=1e-9), abs=1e-9)
