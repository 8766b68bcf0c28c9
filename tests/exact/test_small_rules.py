"""Small rules (Gram matrices, minima, quotients, logarithms ..): each accepts what is true and refuses false variants."""

import pytest

from tests.outer_products import DO_NOT, EIGENVECTOR, FOLLOW
from theorycheck.derivation import context_of
from theorycheck.domain import Domain, drawn, hypothesis, matrix, real, size
from theorycheck.exact import (
    basic_rules as basic,
    induction_rules as induction,
    leading_rules as leading,
    limit_rules as limits,
    matrix_rules as products,
    rules as by,
)
from theorycheck.exact.session import Session, Stuck
from theorycheck.fact import Proven
from theorycheck.tree import (
    Converges,
    Eq,
    Ge,
    Le,
    Lt,
    Psd,
    absolute,
    exp,
    eye,
    log,
    mat,
    minimum,
    schatten,
    sym,
    trace,
)

n, a, b, c, v = (sym(name) for name in "nabcv")
S = mat("S", n, n)
A, B = mat("A", n, n), mat("B", n, n)
DOMAIN = Domain(
    "any A, B, numbers a <= b, c",
    (
        size("n"),
        drawn("S", lambda source, env: None, symmetric=True),
        *(matrix(name, n, n) for name in "AB"),
        *map(real, "ab"),
        real("c", at_least=0),
        real("v", above=0),
    ),
    (hypothesis("a <= b", Le(a, b)),),
)


@pytest.fixture
def s():
    return Session(DOMAIN.hypotheses, context_of(DOMAIN))


def test_sums_of_gram_matrices(s):
    s.show(Psd(A.T @ A), products.gram((1, A)))
    s.show(Psd(c * A @ A.T + 2 * eye(n)), products.gram((c, A.T), (2, eye(n))))
    s.show(Psd((A + B).T @ (A + B)), products.gram((1, A + B)))


@pytest.mark.parametrize(
    ("goal", "parts"),
    [
        (Psd(A @ A), [(1, A)]),
        (Psd(A.T @ A), [(1, A.T)]),
        (Psd(A), [(1, A)]),
        (Psd(-A.T @ A), [(-1, A)]),
        (Psd(a * A.T @ A), [(a, A)]),
        (Psd(A.T @ A - B.T @ B), [(1, A), (-1, B)]),
        (Psd(A.T @ A + B), [(1, A)]),
        (Eq(A.T @ A, A.T @ A), [(1, A)]),
    ],
)
def test_what_is_no_gram_matrix(s, goal, parts):
    with pytest.raises(Stuck):
        s.show(goal, products.gram(*parts))


@pytest.mark.parametrize("name", FOLLOW | DO_NOT)
def test_equations_that_are_linear_in_matrices(name):
    premise, goal, places = (FOLLOW | DO_NOT)[name]
    known = hypothesis("an eigenvector", EIGENVECTOR)
    domain = Domain("A, and one of its eigenvectors p", (size("n"), size("k"), *DOMAIN.variables[2:]), (known,))
    s = Session(domain.hypotheses, context_of(domain))
    line = s.show(premise, by.identity("an eigenvector"))
    rule = products.multilinear(line, **places)
    if name in FOLLOW:
        s.show(goal, rule)
    else:
        with pytest.raises(Stuck):
            s.show(goal, rule)


def test_what_is_assumed_of_the_vectors_of_an_outer_product(s):
    premise, goal, places = FOLLOW["linear"]
    line = s.show(premise, induction.assumed())
    with pytest.raises(Stuck, match="assumption about"):
        s.show(goal, products.multilinear(line, **places))


def test_minima(s):
    s.show(Le(minimum(a, b), a), basic.minimum_below())
    s.show(Le(minimum(a, b), b + c), basic.minimum_below())
    order, same = s.show(Le(a, b), by.trivially()), s.show(Le(a, a), by.sign())
    s.show(Le(a, minimum(a, b)), basic.minimum_above(same, order))


@pytest.mark.parametrize(
    "goal", [Le(minimum(a, b), a - 1), Le(a, minimum(a, b)), Lt(minimum(a, b), a), Le(minimum(b, b + c), a)]
)
def test_minima_that_are_refused(s, goal):
    with pytest.raises(Stuck):
        s.show(goal, basic.minimum_below())


@pytest.mark.parametrize(
    "goal", [Le(b, minimum(a, b)), Le(a, minimum(a, c)), Le(a + 1, minimum(a, b)), Lt(a, minimum(a, b)), Ge(a, minimum(a, b))]
)
def test_lower_bounds_of_minima_that_are_refused(s, goal):
    order, same = s.show(Le(a, b), by.trivially()), s.show(Le(a, a), by.sign())
    with pytest.raises(Stuck):
        s.show(goal, basic.minimum_above(same, order))


def granted(s, shows, *assumes):
    line = Proven(shows, frozenset(assumes), f"({len(s.lines) + 1})", "granted")
    s.lines.append(line)
    return line


def test_absolute_values(s):
    s.show(Le(a * b, absolute(a) * absolute(b)), basic.within_absolute())
    s.show(Le(-a, absolute(a) + c), basic.within_absolute())


@pytest.mark.parametrize(
    "goal", [Le(a, -absolute(a)), Le(2 * a, absolute(a)), Le(absolute(a), a), Lt(a, absolute(a)), Le(a, b)]
)
def test_absolute_values_that_are_refused(s, goal):
    with pytest.raises(Stuck):
        s.show(goal, basic.within_absolute())


def test_division_by_a_positive_number(s):
    s.show(Le(a, b), basic.divided(granted(s, Le(a * v, b * v)), v))
    s.show(Lt(a, b), basic.divided(granted(s, Lt(a * trace(S), b * trace(S))), trace(S)))


@pytest.mark.parametrize(
    ("shown", "factor", "goal"),
    [
        (Le(a * c, b * c), c, Le(a, b)),
        (Le(a * b, b * b), b, Le(a, b)),
        (Le(a * trace(A), b * trace(A)), trace(A), Le(a, b)),
        (Le(a * v, b * v), v, Lt(a, b)),
        (Le(a * v, b * v), v, Le(b, a)),
        (Le(a * v, b * v), -v, Le(b, a)),
        (Eq(a * v, b * v), v, Eq(a, b)),
    ],
)
def test_divisions_that_are_refused(s, shown, factor, goal):
    with pytest.raises(Stuck):
        s.show(goal, basic.divided(granted(s, shown), factor))


def test_the_trace_of_a_power_of_a_definite_matrix_is_positive(s):
    s.show(Lt(0, trace(S**b)), by.sign())
    for other in (Lt(0, trace(S @ A)), Lt(0, trace(A.T @ A)), Lt(0, trace(-S)), Lt(n, trace(S))):
        with pytest.raises(Stuck):
            s.show(other, by.sign())


def test_logarithms(s):
    s.show(Le(log(v), log(v + c)), by.logarithms(granted(s, Le(v, v + c))))
    for shown, goal in (
        (Le(c, v), Le(log(c), log(v))),
        (Le(v, v + c), Lt(log(v), log(v + c))),
        (Le(v, v + c), Le(log(v + c), log(v))),
        (Le(a, b), Le(log(a), log(b))),
    ):
        with pytest.raises(Stuck):
            s.show(goal, by.logarithms(granted(s, shown)))


def test_the_limit_of_an_exponential(s):
    same = s.show(Eq(v * log(v), v * log(v)), by.identity())
    exponent = s.show(Converges(v * log(v), v, 0, 0), leading.equal(same))
    s.show(Converges(v**v, v, 0, 1), limits.exponentiated(exponent))
    s.show(Converges(exp(v * log(v)), v, 0, 1), limits.exponentiated(exponent))
    for goal in (Converges(v**v, v, 0, 0), Converges(v ** (2 * v), v, 0, 1), Converges(v * log(v), v, 0, 0)):
        with pytest.raises(Stuck):
            s.show(goal, limits.exponentiated(exponent))
    with pytest.raises(Stuck):
        s.show(Converges(v**v, v, 0, 1), limits.exponentiated(granted(s, exponent.shows, Le(v, c))))


@pytest.mark.parametrize("p", [a, c, 0, -v])
def test_a_schatten_norm_needs_a_positive_exponent(s, p):
    s.show(Le(0, schatten(A, v)), by.sign())
    with pytest.raises(Stuck):
        s.show(Le(0, schatten(A, p)), by.sign())
