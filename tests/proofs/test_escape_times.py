"""escape-times, entered a second time: plain mpmath functions of the problem, compared with the claims on random instances."""

from fractions import Fraction
from itertools import product

import mpmath as mp
import pytest

from proofs.saddle_to_saddle.escape_time_conventions import PRINTED
from proofs.saddle_to_saddle.escape_times import TABLE, statement
from theorycheck.derivation import Library, derive
from theorycheck.enclose.precision import working
from theorycheck.evaluate import evaluate
from theorycheck.formula import parse
from theorycheck.models.mode_times import T, alpha, d_0
from theorycheck.run import check_claim
from theorycheck.search.controls import controls
from theorycheck.search.fates import Fate, fate_of
from theorycheck.search.mutants import mutants, strengthenings
from theorycheck.tree import Converges, num, sym
from theorycheck.verdict import Outcome, Verdict

CLAIMS = {c.id.split(".")[1]: c for c in statement.claims}
DIGITS = 30


def exact(x):
    return mp.mpf(int(x.numer())) / int(x.denom()) if hasattr(x, "numer") else mp.mpf(x)


def problem(env):
    """(L, c, X, Y, start of a weight, level) of an instance, as mpmath numbers."""
    c, X, Y, h, alpha, level = (exact(env[name]) for name in ("c", "X", "Y", "h", "alpha", "d_0"))
    return env.get("L", 2), c, X, Y, h * alpha, level


def time_by_quadrature(L, c, X, Y, start, level):
    """Time of d' = -dC/dv_l for C = c (v_L .. v_1 |X| - |Y|)^2, all v_l = d, from the start to the level."""
    speed = lambda d: 2 * c * d ** (L - 1) * abs(X) * (abs(Y) - abs(X) * d**L)  # noqa: E731
    cuts = [start * (level / start) ** (mp.mpf(k) / 8) for k in range(9)]
    return mp.quad(lambda d: 1 / speed(d), cuts)


def time_by_series(L, c, X, Y, start, level):
    """The same from the antiderivative: a logarithm for L = 2, a hypergeometric function for L >= 3."""
    a, q = abs(X * Y), abs(X / Y)
    if L == 2:
        F = lambda d: mp.log(d) - mp.log(1 - q * d**2) / 2  # noqa: E731
    else:
        F = lambda d: -(d ** (2 - L)) / (L - 2) + q * d**2 / 2 * mp.hyp2f1(1, mp.mpf(2) / L, 1 + mp.mpf(2) / L, q * d**L)  # noqa: E731
    return (F(level) - F(start)) / (2 * c * a)


def leading(L, c, X, Y, h, alpha):
    return -mp.log(alpha) / (2 * c * abs(X * Y)) if L == 2 else (h * alpha) ** (2 - L) / ((L - 2) * 2 * c * abs(X * Y))


def constant(L, c, X, Y, h, level):
    """c': what is left of the time as alpha -> 0, from the antiderivative at the level."""
    shift = mp.log(h) / (2 * c * abs(X * Y)) if L == 2 else 0
    tiny = mp.mpf(10) ** -40
    return time_by_series(L, c, X, Y, tiny, level) - leading(L, c, X, Y, 1, tiny) - shift


def close(ball, value):
    return abs(mp.mpf(ball.mid().str(DIGITS, radius=False)) - value) <= mp.mpf(10) ** -12 * (1 + abs(value))


@pytest.mark.parametrize("name", ["time", "expansion", "expansion-shallow"])
def test_the_exact_time(name):
    claim = CLAIMS[name]
    with mp.workdps(DIGITS), working(128):
        for env in claim.domain.instances("second entry", 12):
            wanted = time_by_quadrature(*problem(env))
            assert abs(time_by_series(*problem(env)) / wanted - 1) < mp.mpf(10) ** -15
            for side in claim.tree().nodes:
                assert close(evaluate(side, env), wanted), env


@pytest.mark.parametrize("name", ["deep", "shallow"])
def test_the_limits(name):
    claim = CLAIMS[name]
    body, _, _, value = claim.tree().nodes
    with mp.workdps(220), working(256):
        for env in claim.domain.instances("second entry", 8):
            L, c, X, Y, _, level = problem(env)
            h, alpha = exact(env["h"]), exact(env["alpha"])
            assert close(evaluate(value, env), constant(L, c, X, Y, h, level))
            assert close(evaluate(body, env), time_by_series(*problem(env)) - leading(L, c, X, Y, h, alpha))


@pytest.mark.parametrize(("L", "alpha"), list(product((2, 3, 4, 5), (1e-4, 1e-8, 1e-12))))
def test_fifty_digits_down_to_1e_12(L, alpha):
    """time - leading - c' lies between -q (h alpha)^2 / (2 c a) and 0 to 50 digits and more."""
    with mp.workdps(220):
        c, X, Y, h, level, alpha = mp.mpf(1), mp.mpf(2), mp.mpf(-3), mp.mpf(L) ** -0.5, mp.mpf(1) / 2, mp.mpf(alpha)
        rest = time_by_series(L, c, X, Y, h * alpha, level) - leading(L, c, X, Y, h, alpha) - constant(L, c, X, Y, h, level)
        assert -mp.mpf(2) / 3 * (h * alpha) ** 2 / (2 * c * 6) < rest < 0


def printed(formula, L, X, Y, alpha):
    """The three printed formulas: lines 152 and 1003, 152, 1007."""
    if formula == "shallow":
        return -mp.log(alpha) / (X * Y)
    factor = mp.mpf(L) ** (mp.mpf(L - 2) / 2) if formula == "deep-appendix" else 1
    return factor * alpha ** (2 - L) / ((L - 2) * X * Y)


@pytest.mark.parametrize("cell", TABLE, ids="-".join)
def test_each_cell_of_the_table(cell):
    """time / printed -> the number in the table, at L = 2 or 3, 4, 5 and N = 5."""
    formula, cost, start = cell
    N, alpha = 5, mp.mpf(10) ** -400
    with mp.workdps(900):
        for L in (2,) if formula == "shallow" else (3, 4, 5):
            c = {"1": mp.mpf(1), "1/2": mp.mpf(1) / 2, "1/N": mp.mpf(1) / N}[cost]
            h = mp.mpf(1) if start == "signs" else mp.mpf(L) ** -0.5
            time = leading(L, c, 2, 3, h, alpha) + constant(L, c, mp.mpf(2), mp.mpf(3), h, mp.mpf(1) / 2)
            ratio = time / printed(formula, L, 2, 3, alpha)
            wanted = evaluate(parse(TABLE[cell].replace("^", "**"), {"L": sym("L"), "N": sym("N")}), {"L": L, "N": N})
            assert abs(ratio - mp.mpf(float(wanted))) < 1e-2 * ratio, (cell, L)


def test_the_table_marks_the_only_conventions_under_which_a_formula_is_right():
    right = {cell for cell, text in TABLE.items() if text == "1"}
    assert right == {
        ("shallow", "1/2", "signs"),
        ("shallow", "1/2", "sphere"),
        ("deep-main-text", "1/2", "signs"),
        ("deep-appendix", "1/2", "sphere"),
    }
    assert not right & set(PRINTED)
    proved = {c.domain.name for c in statement.claims if c.expects is Verdict.PROVED and "cost factor 1/2" in c.domain.name}
    assert len(proved) == 4


def test_ten_percent_on_a_named_constant_is_refuted():
    library = Library((statement,))
    names = ("expansion", "expansion-shallow", "deep", "shallow", "appendix-deep-corrected", "main-text-deep-corrected")
    fates = [k.fate for name in names for k in controls(CLAIMS[name], library)]
    assert fates == [Fate.KILLED] * 2 * len(names)


@pytest.mark.parametrize("name", ["time", "expansion", "expansion-shallow"])
def test_ten_percent_on_any_number_of_a_main_claim_is_refuted(name):
    library = Library((statement,))
    alive = []
    for site, *moved in strengthenings(CLAIMS[name].tree()):
        for tree in moved:
            report = check_claim(CLAIMS[name], "quick", {}, 0, library, tree=tree)
            if report.verdict is not Verdict.REFUTED:
                alive.append((site.label, report.verdict, report.reason))
    assert alive == []


SETTLED = ["power-law", "shallow-chalf-signs", "deep-appendix-chalf-sphere", "path-shallow", "direction-sign-corrected"]


@pytest.mark.parametrize("name", SETTLED)
def test_no_number_moved_a_little_is_left_unsettled(name):
    """Killed, weaker, or itself proved; of a limit: killed."""
    claim, library, fates = CLAIMS[name], Library((statement,)), {}
    for site, kind, tree in mutants(claim.tree()):
        if kind in {"up10", "down10", "plus0.1", "minus0.1"}:
            verdict = check_claim(claim, "quick", {}, 0, library, tree=tree).verdict
            fates[site.label, kind] = fate_of(claim, tree, verdict, 0)
    admitted = {Fate.KILLED} if claim.tree().head == "converges" else {Fate.KILLED, Fate.WEAKER, Fate.LOOSE}
    assert set(fates.values()) <= admitted, fates


MOVED = {  # of the limit -> c' of `shallow` and of `deep`
    "the limit point": lambda body, value: Converges(body, alpha, num(Fraction(1, 10)), value),
    "a point that no start comes near": lambda body, value: Converges(body, alpha, num(Fraction(-1, 10)), value),
    "the value": lambda body, value: Converges(body, alpha, 0, value * num(Fraction(11, 10))),
    "the time": lambda body, value: Converges(body + T(alpha) / 10, alpha, 0, value),
}


@pytest.mark.parametrize("name", ["shallow-chalf-sphere", "deep-main-text-chalf-signs"])
@pytest.mark.parametrize("moved", MOVED)
def test_a_limit_that_is_moved_is_refuted(name, moved):
    body, _, _, value = CLAIMS[name].tree().nodes
    found = derive(CLAIMS[name], {}, Library((statement,)), MOVED[moved](body, value))
    assert found.outcome is (Outcome.NOTHING if moved == "the time" else Outcome.REFUTES)  # T is no explicit expression


def test_the_time_is_no_constant():
    """T(alpha) depends on alpha: no limit takes it as fixed."""
    for value in (T(alpha), d_0, 0 * d_0):
        found = derive(CLAIMS["deep"], {}, Library((statement,)), Converges(T(alpha), alpha, 0, value))
        assert found.outcome is not Outcome.PROVES


@pytest.mark.parametrize("name", ["deep", "shallow"])
def test_an_instance_with_the_time_of_another_mode_is_not_admissible(name):
    domain = CLAIMS[name].domain
    env = next(domain.instances("one mode", 1))
    assert domain.broken(env) is None
    assert domain.broken({**env, "c": 2 * env["c"]}) == "the time"
    half = evaluate(T(alpha), {**env, "alpha": env["alpha"] / 2})
    assert half > evaluate(T(alpha), env)
