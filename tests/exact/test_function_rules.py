"""A function of equals: accepted for values and gradients of one function, refused for anything else."""

import pytest

from theorycheck.derivation import context_of
from theorycheck.domain import Domain, hypothesis, matrix, size
from theorycheck.exact import rules as by
from theorycheck.exact.function_rules import applied
from theorycheck.exact.session import Session, Stuck
from theorycheck.tree import Eq, Function, Le, mat, norm, sym

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
