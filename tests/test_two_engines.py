"""Two engines: what a broken normal form lets through, the evaluation at random points catches, and the verdict is `error`."""

from itertools import permutations

import pytest

from theorycheck.derivation import Library
from theorycheck.domain import Domain, depth, index, layers_of, matrix, real, size, widths
from theorycheck.exact import algebra_rules, rules as by
from theorycheck.exact.form import Form
from theorycheck.modular.equations import equation
from theorycheck.modular.field import P
from theorycheck.modular.lines import decide
from theorycheck.modular.plan import Line, Product
from theorycheck.run import check_claim
from theorycheck.statement import Statement
from theorycheck.tree import (
    Dt,
    Eq,
    Family,
    absolute,
    exp,
    eye,
    gradient_of,
    inner,
    integral,
    layers,
    log,
    mat,
    norm,
    num,
    second_derivative,
    sqrt,
    sym,
    total,
    trace,
    zero,
)
from theorycheck.verdict import Outcome, Verdict

a, b, t, L, l, k, N = (sym(x) for x in ("a", "b", "t", "L", "l", "k", "N"))
n = Family("n", lambda _: ())
W = layers("W", n)
A, B, X, v = mat("A", N, N), mat("B", N, N), mat("X", N, N), mat("v", N, 1)
DOMAIN = Domain(
    "square matrices, a > 0, b > 0, a network",
    (
        depth("L", least=3),
        widths("n"),
        layers_of("W"),
        index("l", 2, L - 1),
        size("N"),
        *(matrix(x, N, N) for x in "ABX"),
        matrix("v", N, 1),
        *(real(x, above=0) for x in ("a", "b", "k")),
        real("t", at_least=0),
    ),
)
STANDARD = [mat(f"M_{i}", N, N) for i in range(4)]


def standard_polynomial():
    """The Amitsur-Levitzki polynomial of degree 4, which vanishes on all 2 x 2 matrices, and on no larger ones."""
    terms = []
    for p in permutations(range(4)):
        word = STANDARD[p[0]] @ STANDARD[p[1]] @ STANDARD[p[2]] @ STANDARD[p[3]]
        odd = sum(p[i] > p[j] for i in range(4) for j in range(i + 1, 4)) % 2
        terms.append(-word if odd else word)
    out = terms[0]
    for x in terms[1:]:
        out = out + x
    return out


TRUE = {
    "trace": Eq(trace(A @ B @ X), trace(X @ A @ B)),
    "binomial": Eq((a + b) ** 3, a**3 + 3 * a**2 * b + 3 * a * b**2 + b**3),
    "real exponents": Eq((a * b) ** k, a**k * b**k),
    "negative depth": Eq(a ** (-(L - 2)) * a**L, a**2),
    "root": Eq(sqrt(2 * a) * sqrt(8 * a), 4 * a),
    "root of a square": Eq(sqrt((a - b) ** 2), absolute(a - b)),
    "exponential": Eq(exp(a * t) * exp(b * t), exp((a + b) * t)),
    "logarithm": Eq(log(4 * a**2 / b), 2 * log(2) + 2 * log(a) - log(b)),
    "time": Eq(Dt(exp(-a * t) * A), -a * exp(-a * t) * A),
    "root in time": Eq(Dt(sqrt(a + b * t)), b / (2 * sqrt(a + b * t))),
    "gradient": Eq(gradient_of(norm(A @ X @ B) ** 2, X), 2 * A.T @ A @ X @ B @ B.T),
    "gradient of a quotient": Eq(gradient_of(a / norm(X) ** 2, X), -2 * a / norm(X) ** 4 * X),
    "Hessian": Eq(second_derivative(norm(X) ** 2, [(X, A)]), 2 * norm(A) ** 2),
    "layer": Eq(
        gradient_of(trace(mat("G", n[L], n[0]).T @ W.chain(L, 1)), W[l]),
        W.chain(L, l + 1).T @ mat("G", n[L], n[0]) @ W.chain(l - 1, 1).T,
    ),
    "sum": Eq(total(k, 1, L, a), L * a),
    "vectors": Eq(inner(A @ v, v), trace(v.T @ A.T @ v)),
}
FALSE = {
    "trace": Eq(trace(A @ B @ X), trace(X @ B @ A)),
    "product": Eq(A @ B, B @ A),
    "binomial": Eq((a + b) ** 3, a**3 + 3 * a**2 * b + 3 * a * b**2 + 2 * b**3),
    "real exponents": Eq((a + b) ** k, a**k + b**k),
    "negative depth": Eq(a ** (-(L - 2)) * a**L, a),
    "root": Eq(sqrt(2 * a) * sqrt(8 * a), 2 * a),
    "root of a square": Eq(sqrt((a - b) ** 2), a - b),
    "exponential": Eq(exp(a * t) * exp(b * t), exp(a * b * t)),
    "logarithm": Eq(log(4 * a**2 / b), 2 * log(2) + log(a) - log(b)),
    "time": Eq(Dt(exp(-a * t) * A), a * exp(-a * t) * A),
    "root in time": Eq(Dt(sqrt(a + b * t)), b / sqrt(a + b * t)),
    "gradient": Eq(gradient_of(norm(A @ X @ B) ** 2, X), 2 * A.T @ A @ X @ B.T @ B),
    "gradient of a quotient": Eq(gradient_of(a / norm(X) ** 2, X), -2 * a / norm(X) ** 3 * X),
    "Hessian": Eq(second_derivative(norm(X) ** 2, [(X, A)]), norm(A) ** 2),
    "layer": Eq(
        gradient_of(trace(mat("G", n[L], n[0]).T @ W.chain(L, 1)), W[l]),
        2 * W.chain(L, l + 1).T @ mat("G", n[L], n[0]) @ W.chain(l - 1, 1).T,
    ),
    "sum": Eq(total(k, 1, L, a), (L - 1) * a),
    "vectors": Eq(inner(A @ v, v), trace(A @ A @ v @ v.T)),
    "small matrices": Eq(standard_polynomial(), zero(N, N)),
}


@pytest.mark.parametrize("name", TRUE)
def test_true_identities_agree(name):
    assert decide(Line(TRUE[name]), DOMAIN, "0").agrees is True


@pytest.mark.parametrize("name", FALSE)
def test_false_identities_differ(name):
    assert decide(Line(FALSE[name]), DOMAIN, "0").agrees is False


UNLICENSED = {"root of a square", "gradient of a quotient"}  # no normal form: a - b and |X| may vanish


@pytest.mark.parametrize("name", sorted(set(FALSE) - UNLICENSED))
def test_a_broken_normal_form_ends_in_an_error(name, monkeypatch):
    statement = Statement("false", "False", "", DOMAIN)

    @statement.claim("claim", line=1)
    def claim():
        """A false identity"""
        goal = yield FALSE[name]
        yield goal, by.identity()

    monkeypatch.setattr(algebra_rules, "clear", lambda x, session: Form({}, x.shape))
    report = check_claim(statement.claims[0], "quick", {}, 0, Library((statement,)))
    assert report.verdict is Verdict.ERROR
    assert any(e.outcome is Outcome.RAISED and "two engines disagree on line (1)" in e.summary for e in report.evidence)
    assert "F_p" in report.reason
    assert "normal form" in report.reason


def test_the_evidence_of_an_agreement_states_its_bound():
    statement = Statement("true", "True", "", DOMAIN)

    @statement.claim("claim", line=1)
    def claim():
        """A true identity"""
        goal = yield TRUE["binomial"]
        yield goal, by.identity()

    report = check_claim(statement.claims[0], "quick", {}, 0, Library((statement,)))
    assert report.verdict is Verdict.PROVED
    (said,) = [e.summary for e in report.evidence if e.summary.startswith("two engines agree on 1 of 1")]
    assert "each at 2 random points of F_p" in said
    assert f"probability at most d/p, p = {P}" in said


EIGENVECTOR = [(Eq(v.T @ A @ A @ v, a**2 * v.T @ v), True), (Eq(v.T @ A @ A @ v, a * v.T @ v), False)]


@pytest.mark.parametrize(("line", "agrees"), EIGENVECTOR)
def test_points_satisfy_the_equations_that_a_line_uses(line, agrees):
    assert decide(Line(line, (equation(Eq(A @ v, a * v)),)), DOMAIN, "0").agrees is agrees


def test_frames_and_what_is_not_a_consequence_of_them():
    r = sym("r")
    U = mat("U", N, r)
    domain = Domain("a frame", (size("N"), size("r"), matrix("U", N, r), matrix("A", N, N)))
    frame = (equation(Eq(U.T @ U, eye(r))),)
    assert decide(Line(Eq(norm(A @ U) ** 2, trace(U.T @ A.T @ A @ U)), frame), domain, "0").agrees is True
    assert decide(Line(Eq((U @ U.T) @ (U @ U.T), U @ U.T), frame), domain, "0").agrees is True
    assert decide(Line(Eq(U @ U.T @ A, A), frame), domain, "0").agrees is False
    assert decide(Line(Eq(U.T @ A @ U, U.T @ A.T @ U), frame), domain, "0").agrees is False


def test_a_wrong_cofactor_is_noticed():
    first, goal = Eq(A @ B @ v, v), Eq(3 * A @ B @ v, 3 * v)
    assert decide(Line(goal, (), (Product(first, num(3)),)), DOMAIN, "0").agrees is True
    assert decide(Line(goal, (), (Product(first, num(2)),)), DOMAIN, "0").agrees is False
    assert decide(Line(Eq(X @ A @ B @ v, X @ v), (), (Product(first, None, X),)), DOMAIN, "0").agrees is True
    assert decide(Line(Eq(X @ A @ B @ v, v), (), (Product(first, None, X),)), DOMAIN, "0").agrees is False


def test_what_cannot_be_read_is_left_to_one_engine():
    line = Line(Eq(integral(a, 0, 1, a), integral(a, 0, 1, a)))
    found = decide(line, DOMAIN, "0")
    assert found.agrees is None
    assert "integral" in found.reason
