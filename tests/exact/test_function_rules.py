"""A function of equals: accepted for values and gradients of one function, refused for anything else."""

import pytest

from theorycheck.derivation import context_of
from theorycheck.domain import Domain, drawn, hypothesis, index, matrix, real, size
from theorycheck.exact import rules as by
from theorycheck.exact.function_rules import applied, differentiated, replaced
from theorycheck.exact.session import Session, Stuck, substitute_all
from theorycheck.fact import Proven
from theorycheck.tree import (
    Dt,
    Eq,
    Function,
    Ge,
    Le,
    eye,
    gradient_of,
    integral,
    layers,
    mat,
    norm,
    num,
    scalars,
    sym,
    total,
    trace,
    zero,
)

n = sym("n")
P, Q, R = (mat(name, n, n) for name in "PQR")
C, D = Function("C"), Function("D")


@pytest.fixture
def setting():
    same = hypothesis("P = Q R", Eq(P, Q @ R), test=lambda env: True)
    below = hypothesis("an order", Le(norm(P), norm(Q)))
    domain = Domain("test", (size("n"), *(matrix(name, n, n) for name in "PQR")), (same, below))
    s = Session(domain.hypotheses, context_of(domain))
    return s, s.show(same.shows, by.given("P = Q R")), s.show(below.shows, by.given("an order"))


def test_values_and_gradients(setting):
    s, same, _ = setting
    s.show(Eq(C(P), C(Q @ R)), applied(same))
    s.show(Eq(C.grad(P), C.grad(Q @ R)), applied(same))
    s.show(Eq(C.grad(P + Q - Q), C.grad(Q @ R)), applied(same))


@pytest.mark.parametrize(
    "goal",
    [
        Eq(C(P), C(R @ Q)),
        Eq(C(P), C(Q)),
        Eq(C(P), D(Q @ R)),
        Eq(C.grad(P), D.grad(Q @ R)),
        Eq(C(Q @ R), C(P)),
        Eq(P, Q @ R),
        Eq(2 * C(P), 2 * C(Q @ R)),
        Le(C(P), C(Q @ R)),
    ],
)
def test_false_variants_are_refused(setting, goal):
    s, same, _ = setting
    with pytest.raises(Stuck):
        s.show(goal, applied(same))


def test_an_order_is_no_equation(setting):
    s, _, below = setting
    with pytest.raises(Stuck):
        s.show(Eq(C(norm(P)), C(norm(Q))), applied(below))


# --- equals for equals ---------------------------------------------------------------------------------------------------
L, t, a, b, i = (sym(name) for name in ("L", "t", "a", "b", "i"))
x = scalars("x")
TWO_LAYERS = hypothesis("L is 2", Eq(L, 2))
IS_TIME = hypothesis("a is t", Eq(a, t))
FOR_ALL = hypothesis("b is 1", Eq(b, 1), variables=("b",), test=lambda env: True)
NUMBERS = Domain("test", (size("L"), real("t"), real("a", above=0), real("b")), (TWO_LAYERS, IS_TIME, FOR_ALL))


def numbers():
    return Session(NUMBERS.hypotheses, context_of(NUMBERS))


@pytest.mark.parametrize("goal", [Eq(a ** (L - 2), 1), Eq(total(i, 1, L, x[i]), total(i, 1, 2, x[i])), Ge(a**L, 0)])
def test_a_symbol_is_replaced_everywhere(goal):
    s = numbers()
    at_two = s.show(substitute_all(goal, {"L": num(2)}), by.linear())
    s.show(goal, replaced(at_two, "L is 2"))


@pytest.mark.parametrize(
    ("shown", "goal", "equation"),
    [
        (Eq(a ** (num(2) - 2), 1), Eq(a ** (L - 1), 1), "L is 2"),
        (Eq(a ** (num(2) - 2), 1), Eq(b ** (L - 2), 1), "L is 2"),
        (Eq(num(1) + 0, 1), Eq(b + 0, 1), "b is 1"),
        (Eq(Dt(t), 1), Eq(Dt(a), 1), "a is t"),
        (Eq(integral(t, 0, 1, t), num(1) / 2), Eq(integral(t, 0, 1, a), num(1) / 2), "a is t"),
    ],
)
def test_what_is_not_replaced(shown, goal, equation):
    s = numbers()
    line = Proven(shown, frozenset(), "(1)", "granted")
    s.lines.append(line)
    with pytest.raises(Stuck):
        s.show(goal, replaced(line, equation))


# --- gradients of equals -------------------------------------------------------------------------------------------------
l, j = sym("l"), sym("j")
W = layers("W", scalars("n"))
S, X = mat("S", n, n), mat("X", n, n)
SMALL = hypothesis("X is 0", Eq(X, zero(n, n)))
MATRICES = Domain(
    "test",
    (
        size("n"),
        size("L"),
        index("l", 1, L),
        *(matrix(name, n, n) for name in "PX"),
        drawn("S", lambda source, env: None, symmetric=True),
    ),
    (SMALL,),
)
EQUAL = Eq(norm(P - eye(n)) ** 2, norm(P) ** 2 - 2 * trace(P) + n)


def matrices(shown, *assumes):
    s = Session(MATRICES.hypotheses, context_of(MATRICES))
    line = Proven(shown, frozenset(assumes), "(1)", "granted")
    s.lines.append(line)
    return s, line


def test_equal_functions_have_equal_gradients():
    s, line = matrices(EQUAL)
    s.show(Eq(gradient_of(EQUAL.nodes[0], P), 2 * P - 2 * eye(n)), differentiated(line, P))


@pytest.mark.parametrize(
    ("shown", "variable", "gradient", "assumes"),
    [
        (EQUAL, P, 2 * P, ()),
        (EQUAL, P, 2 * P - 2 * eye(n), (Eq(P, eye(n)),)),
        (Le(*EQUAL.nodes), P, 2 * P - 2 * eye(n), ()),
        (Eq(trace(X), num(0)), X, zero(n, n), ()),
        (Eq(trace(S @ P), trace(S.T @ P)), S, P, ()),
    ],
    ids=["another gradient", "under an assumption", "an inequality", "a symbol that is confined", "a symmetric symbol"],
)
def test_gradients_that_are_refused(shown, variable, gradient, assumes):
    s, line = matrices(shown, *assumes)
    with pytest.raises(Stuck):
        s.show(Eq(gradient_of(shown.nodes[0], variable), gradient), differentiated(line, variable))


@pytest.mark.parametrize(("low", "high", "found"), [(l + 1, L, 0), (l, L, None), (1, L, None)])
def test_a_layer_in_a_sum_is_known_by_the_range_of_the_index(low, high, found):
    s, _ = matrices(EQUAL)
    goal = Eq(gradient_of(total(j, low, high, norm(W[j]) ** 2), W[l]), 0 * W[l])
    if found == 0:
        s.show(goal, by.identity())
    else:
        with pytest.raises(Stuck):
            s.show(goal, by.identity())
