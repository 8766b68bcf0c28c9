"""The checker's rules of ranges, minima, quotients, logarithms, equals for equals: true lines, and false ones beside them."""

import pytest

from tests.certificate.granted import checker, line, refused, shown
from theorycheck.domain import drawn, hypothesis, index, matrix, real, size
from theorycheck.tree import (
    Converges,
    Eq,
    Le,
    Lt,
    Psd,
    absolute,
    exp,
    eye,
    gradient_of,
    log,
    mat,
    minimum,
    norm,
    num,
    product,
    scalars,
    sym,
    total,
    trace,
)

N, h, k, i, n, a, b, c, v = (sym(name) for name in ("N", "h", "k", "i", "n", "a", "b", "c", "v"))
x = scalars("x")
A, P, S, X = (mat(name, n, n) for name in "APSX")
OWN = (size("N"), index("h", 1, N), size("k"), size("n"), *(matrix(name, n, n) for name in "APX"), real("a"), real("b"))
MORE = (real("c", at_least=0), real("v", above=0), drawn("S", lambda source, env: None, symmetric=True))
FACTS = (hypothesis("k is 2", Eq(k, 2)), hypothesis("a <= b", Le(a, b)), hypothesis("X is I", Eq(X, eye(n))))


@pytest.fixture
def ck():
    return checker(*OWN, *MORE, *FACTS)


TRUE = [
    (Eq(total(i, 1, N, x[i]), total(i, 1, h, x[i]) + total(i, h + 1, N, x[i])), "sum_rules.split", {}),
    (Eq(product(i, 1, N, x[i]), product(i, 1, h - 1, x[i]) * product(i, h, N, x[i])), "sum_rules.split", {}),
    (Eq(total(i, h, h, x[i] + i), x[h] + h), "sum_rules.one", {}),
    (Eq(total(i, N + 1, N, x[i]), 0), "sum_rules.none", {}),
    (Eq(product(i, N + 1, N, x[i]), 1), "sum_rules.none", {}),
    (Psd(c * A @ A.T + 2 * eye(n)), "matrix_rules.gram", {"parts": [[c, A.T], [num(2), eye(n)]]}),
    (Le(a * b, absolute(a) * absolute(b)), "basic_rules.within_absolute", {}),
    (Le(minimum(a, b), b + c), "basic_rules.minimum_below", {}),
]
FALSE = [
    (Eq(total(i, 1, N, x[i]), total(i, 1, h, x[i]) + total(i, h, N, x[i])), "sum_rules.split", {}),
    (Eq(total(i, 1, N, x[i]), total(i, 1, h, x[i]) + total(i, h + 1, N + 1, x[i])), "sum_rules.split", {}),
    (Eq(total(i, 1, N, x[i]), total(i, 1, h, x[i]) + total(i, h + 1, N, x[i + 1])), "sum_rules.split", {}),
    (Eq(total(i, 1, N, x[i]), total(i, 1, k + 1, x[i]) + total(i, k + 2, N, x[i])), "sum_rules.split", {}),
    (Eq(total(i, 1, N, x[i]), total(i, 1, h, x[i]) * total(i, h + 1, N, x[i])), "sum_rules.split", {}),
    (Eq(total(i, 1, N, x[i]), x[1]), "sum_rules.one", {}),
    (Eq(total(i, h, h, x[i]), x[h + 1]), "sum_rules.one", {}),
    (Eq(total(i, a, a, x[1]), x[1]), "sum_rules.one", {}),
    (Eq(total(i, N, N, x[i]), 0), "sum_rules.none", {}),
    (Eq(total(i, N + 2, N, x[i]), 0), "sum_rules.none", {}),
    (Eq(product(i, N + 1, N, x[i]), 0), "sum_rules.none", {}),
    (Psd(A @ A), "matrix_rules.gram", {"parts": [[num(1), A]]}),
    (Psd(-A.T @ A), "matrix_rules.gram", {"parts": [[num(-1), A]]}),
    (Psd(a * A.T @ A), "matrix_rules.gram", {"parts": [[a, A]]}),
    (Le(2 * a, absolute(a)), "basic_rules.within_absolute", {}),
    (Lt(a, absolute(a)), "basic_rules.within_absolute", {}),
    (Le(a, minimum(a, b)), "basic_rules.minimum_below", {}),
    (Le(minimum(a, b), a - 1), "basic_rules.minimum_below", {}),
]


@pytest.mark.parametrize(("goal", "rule", "args"), TRUE)
def test_what_holds_is_shown(ck, goal, rule, args):
    shown(ck, goal, rule, **args)


@pytest.mark.parametrize(("goal", "rule", "args"), FALSE)
def test_what_is_false_is_refused(ck, goal, rule, args):
    refused(ck, goal, rule, **args)


EQUAL = Eq(norm(P - eye(n)) ** 2, norm(P) ** 2 - 2 * trace(P) + n)
GRADIENT = Eq(gradient_of(EQUAL.nodes[0], P), 2 * P - 2 * eye(n))
FROM = [  # a premise, the line, the rule, further arguments, whether it follows
    (Le(a * v, b * v), Le(a, b), "basic_rules.divided", {"factor": v}, True),
    (Lt(a * trace(S), b * trace(S)), Lt(a, b), "basic_rules.divided", {"factor": trace(S)}, True),
    (Le(a * v, b * v), Lt(a, b), "basic_rules.divided", {"factor": v}, False),
    (Le(a * c, b * c), Le(a, b), "basic_rules.divided", {"factor": c}, False),
    (Le(a * trace(A), b * trace(A)), Le(a, b), "basic_rules.divided", {"factor": trace(A)}, False),
    (Le(v, v + c), Le(log(v), log(v + c)), "algebra_rules.logarithms", {}, True),
    (Le(v, v + c), Le(log(v + c), log(v)), "algebra_rules.logarithms", {}, False),
    (Le(c, v), Le(log(c), log(v)), "algebra_rules.logarithms", {}, False),
    (Eq(v ** num(0), 1), Eq(v ** (k - 2), 1), "function_rules.replaced", {"equation": "k is 2"}, True),
    (Eq(v ** num(0), 1), Eq(v ** (k - 1), 1), "function_rules.replaced", {"equation": "k is 2"}, False),
    (Eq(v ** num(0), 1), Eq(v ** (k - 2), 1), "function_rules.replaced", {"equation": "a <= b"}, False),
    (EQUAL, GRADIENT, "function_rules.differentiated", {"variable": P}, True),
    (EQUAL, Eq(GRADIENT.nodes[0], 2 * P), "function_rules.differentiated", {"variable": P}, False),
    (Eq(trace(X), n), Eq(gradient_of(trace(X), X), 0 * X), "function_rules.differentiated", {"variable": X}, False),
    (Converges(v * log(v), v, 0, 0), Converges(v**v, v, 0, 1), "limit_rules.exponentiated", {}, True),
    (Converges(v * log(v), v, 0, 0), Converges(exp(v * log(v)), v, 0, 1), "limit_rules.exponentiated", {}, True),
    (Converges(v * log(v), v, 0, 0), Converges(v**v, v, 0, 0), "limit_rules.exponentiated", {}, False),
    (Converges(v * log(v), v, 0, 0), Converges(v ** (2 * v), v, 0, 1), "limit_rules.exponentiated", {}, False),
]


@pytest.mark.parametrize(("premise", "goal", "rule", "args", "follows"), FROM)
def test_what_follows_from_a_premise(ck, premise, goal, rule, args, follows):
    (shown if follows else refused)(ck, goal, rule, premise=line(ck, premise), **args)


def test_lower_bounds_of_a_minimum(ck):
    same, order = line(ck, Le(a, a)), line(ck, Le(a, b))
    shown(ck, Le(a, minimum(a, b)), "basic_rules.minimum_above", one=same, other=order)
    for goal in (Le(b, minimum(a, b)), Le(a + 1, minimum(a, b)), Lt(a, minimum(a, b))):
        refused(ck, goal, "basic_rules.minimum_above", one=same, other=order)


def test_a_gradient_is_not_taken_under_an_assumption(ck):
    refused(ck, GRADIENT, "function_rules.differentiated", premise=line(ck, EQUAL, Eq(P, eye(n))), variable=P)
