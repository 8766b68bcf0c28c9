"""The rules about homogeneous functions and generic indices: each accepts its theorem, refuses false variants of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from theorycheck.derivation import context_of
from theorycheck.domain import Domain, hypothesis, index, real, size
from theorycheck.exact import basic_rules as basic, homogeneous_rules as hom, matrix_rules as matrices, rules as by
from theorycheck.exact.session import Checked, Rule, Session, Stuck
from theorycheck.fact import Proven
from theorycheck.tree import (
    All,
    Dt,
    Eq,
    Flow,
    Function,
    Ge,
    Gt,
    Le,
    Lt,
    Node,
    exp,
    gradient_of,
    inner,
    mat,
    norm,
    num,
    scalars,
    sym,
    vec,
    zero,
)

n, k, a, b, m, t, i, L = (sym(name) for name in ("n", "k", "a", "b", "m", "t", "i", "L"))
z, y, p = vec("z", n), vec("y", n), vec("p", n)
H = Function("H")
x = Flow("x", "H", (n, num(1)))
f = scalars("f")
X = mat("X", n, n)

HOMOGENEOUS = hypothesis("homogeneous", Eq(H(a * z), a**k * H(z)), variables=("a", "z"), given=(Gt(a, 0),), test=lambda _: True)
GRANTED = Rule("granted", lambda *_: Checked())  # a line taken for granted, to test what is made of it
BASE = (size("n"), size("k", least=2), real("a", above=0))


def session(*facts: object, variables: tuple[object, ...] = BASE) -> Session:
    domain = Domain("test", variables, facts)  # type: ignore[arg-type]
    return Session(domain.hypotheses, context_of(domain))


def refused(s: Session, goal: Node, rule: Rule) -> None:
    with pytest.raises(Stuck):
        s.show(goal, rule)


def given(s: Session, shows: Node) -> Proven:
    return s.show(shows, GRANTED)


# --- differentiated ------------------------------------------------------------------------------------------------------
def test_the_gradient_of_a_homogeneous_function() -> None:
    s = session(HOMOGENEOUS)
    s.show(Eq(a * H.grad(a * z), a**k * H.grad(z)), hom.differentiated("homogeneous", z))
    refused(s, Eq(H.grad(a * z), a**k * H.grad(z)), hom.differentiated("homogeneous", z))
    refused(s, Eq(a * H.grad(a * z), a ** (k + 1) * H.grad(z)), hom.differentiated("homogeneous", z))


def test_eulers_relation_before_a_is_put_to_1() -> None:
    s = session(HOMOGENEOUS)
    s.show(Eq(inner(H.grad(a * z), z), k * a ** (k - 1) * H(z)), hom.differentiated("homogeneous", a))
    refused(s, Eq(inner(H.grad(a * z), z), a ** (k - 1) * H(z)), hom.differentiated("homogeneous", a))


def test_an_equation_on_a_closed_set_or_at_a_point_is_not_differentiated() -> None:
    closed = hypothesis("closed", Eq(H(a * z), a**k * H(z)), variables=("a", "z"), given=(Ge(a, 1),), test=lambda _: True)
    refused(
        session(closed, variables=(size("n"), size("k"), real("a", at_least=1))),
        Eq(inner(H.grad(a * z), z), k * a ** (k - 1) * H(z)),
        hom.differentiated("closed", a),
    )
    point = hypothesis("point", Eq(H(z), m))
    refused(session(point), Eq(H.grad(z), zero(n, 1)), hom.differentiated("point", z))


def test_the_conditions_of_the_equation_must_hold() -> None:
    s = session(HOMOGENEOUS, variables=(size("n"), size("k", least=2), real("a")))
    refused(s, Eq(a * H.grad(a * z), a**k * H.grad(z)), hom.differentiated("homogeneous", z))


# --- unique_flow ---------------------------------------------------------------------------------------------------------
def flow_case(path: Callable[[Node], Node], *facts: object) -> tuple[Session, Proven, Proven]:
    s = session(hypothesis("t >= 0", Ge(t, 0)), *facts)
    start = given(s, Eq(path(num(0)), x(0)))
    rate = given(s, Eq(Dt(path(t)), -H.grad(path(t))))
    return s, start, rate


def path(time: Node) -> Node:
    return exp(-a * time) * p


def test_a_solution_of_the_initial_value_problem_is_the_flow() -> None:
    s, start, rate = flow_case(path)
    s.show(Eq(x(t), path(t)), hom.unique_flow(start, rate))
    refused(s, Eq(x(t), path(2 * t)), hom.unique_flow(start, rate))
    refused(s, Eq(x(2 * t), path(t)), hom.unique_flow(start, rate))
    refused(s, Eq(x(t), path(t)), hom.unique_flow(rate, start))


def test_the_direction_of_the_flow_and_the_start_matter() -> None:
    s, start, _ = flow_case(path)
    upward = given(s, Eq(Dt(path(t)), H.grad(path(t))))
    refused(s, Eq(x(t), path(t)), hom.unique_flow(start, upward))
    elsewhere = given(s, Eq(path(num(1)), x(0)))
    rate = given(s, Eq(Dt(path(t)), -H.grad(path(t))))
    refused(s, Eq(x(t), path(t)), hom.unique_flow(elsewhere, rate))


@pytest.mark.parametrize("condition", [Ge(t, 1), Gt(t**2, a), Eq(t, 0)])
def test_times_must_be_an_interval_from_0(condition: Node) -> None:
    s, start, rate = flow_case(path, hypothesis("more about t", condition))
    refused(s, Eq(x(t), path(t)), hom.unique_flow(start, rate))


def test_a_rate_shown_for_some_times_only_is_refused() -> None:
    s, start, _ = flow_case(path)
    rate = s.show(Eq(Dt(path(t)), -H.grad(path(t))), by.under([Le(t, 1)], GRANTED))
    refused(s, Eq(x(t), path(t)), hom.unique_flow(start, rate))


# --- touching ------------------------------------------------------------------------------------------------------------
def touching_case(*facts: object) -> tuple[Session, Proven, Proven]:
    s = session(*facts)
    return s, given(s, Ge(H(y), m * norm(y) ** 2)), given(s, Eq(m * norm(p) ** 2, H(p)))


def test_two_functions_that_touch_have_one_gradient() -> None:
    s, line, contact = touching_case()
    s.show(Eq(H.grad(p), 2 * m * p), hom.touching(line, contact, y))
    refused(s, Eq(H.grad(p), m * p), hom.touching(line, contact, y))
    refused(s, Eq(H.grad(p), 2 * m * p), hom.touching(contact, line, y))


def test_touching_needs_an_open_set_that_holds_the_point() -> None:
    s, line, contact = touching_case(hypothesis("closed", Le(norm(y), 1)))
    refused(s, Eq(H.grad(p), 2 * m * p), hom.touching(line, contact, y))
    s, line, contact = touching_case(hypothesis("y is not 0", Gt(norm(y), 0)))
    refused(s, Eq(H.grad(p), 2 * m * p), hom.touching(line, contact, y))
    s, line, contact = touching_case(hypothesis("y", Gt(norm(y), 0)), hypothesis("p", Gt(norm(p), 0)))
    s.show(Eq(H.grad(p), 2 * m * p), hom.touching(line, contact, y))


# --- induction, ends, cases ----------------------------------------------------------------------------------------------
def indexed(*facts: object) -> Session:
    return session(*facts, variables=(size("L"), index("i", 1, L), real("a")))


def test_induction_wants_the_base_and_the_step_from_the_claim() -> None:
    s = indexed()
    base = given(s, Ge(f[1], 0))
    here = s.show(Ge(f[i], 0), hom.assumed())
    rule = Rule("granted", lambda *_: Checked(), (here,))
    step = s.show(Ge(f[i + 1], 0), by.under([Le(i + 1, L)], rule))
    line = s.show(Ge(f[i], 0), hom.induction(base, step, i))
    assert not line.assumes
    refused(s, Ge(f[i], 0), hom.induction(given(s, Ge(f[2], 0)), step, i))
    refused(s, Ge(f[i], 0), hom.induction(base, here, i))
    more = s.show(Ge(f[i + 1], 0), by.under([Le(i + 1, L), Ge(i, 2)], rule))
    refused(s, Ge(f[i], 0), hom.induction(base, more, i))
    about = indexed(hypothesis("i is special", Ge(f[i], a)))
    base, step = given(about, Ge(f[1], 0)), given(about, Ge(f[i + 1], 0))
    refused(about, Ge(f[i], 0), hom.induction(base, step, i))


def test_ends_and_inside() -> None:
    s = indexed()
    first, last = given(s, Ge(f[1], 0)), given(s, Ge(f[L], 0))
    inside = s.show(
        Ge(f[i], 0),
        by.under([Le(num(1) + 1, i), Le(i + 1, L)], GRANTED),
    )
    assert not s.show(Ge(f[i], 0), hom.ends(first, inside, last, i)).assumes
    refused(s, Ge(f[i], 0), hom.ends(last, inside, first, i))
    refused(s, Ge(f[i], 0), hom.ends(first, first, last, i))


def test_cases_discharge_only_their_own_halves() -> None:
    s = indexed()
    below = s.show(Ge(f[1], 0), by.under([Lt(a, 0)], GRANTED))
    above = s.show(Ge(f[1], 0), by.under([Le(0, a)], GRANTED))
    assert not s.show(Ge(f[1], 0), hom.cases(below, above, a, num(0))).assumes
    refused(s, Ge(f[1], 0), hom.cases(above, below, a, num(0)))
    refused(s, Ge(f[2], 0), hom.cases(below, above, a, num(0)))
    assert s.show(Ge(f[1], 0), hom.cases(below, below, a, num(1))).assumes


def test_assumptions_stay_until_they_are_known() -> None:
    s = indexed()
    line = s.show(Ge(a, 1), hom.assumed())
    assert line.assumes == {Ge(a, 1)}
    refused(s, Ge(a, 1), hom.known(line, Ge(a, 1)))
    fine = s.show(Ge(L, 0), by.under([Ge(L, 1)], by.sign()))
    assert not s.show(Ge(L, 0), hom.known(fine, Ge(L, 1))).assumes


# --- matrices ------------------------------------------------------------------------------------------------------------
def test_a_matrix_of_norm_0_vanishes() -> None:
    s = session()
    small = given(s, Eq(norm(X - a * X.T) ** 2, 0))
    s.show(Eq(X, a * X.T), hom.vanishes(small))
    refused(s, Eq(X, X.T), hom.vanishes(small))
    refused(s, Eq(X, a * X.T), hom.vanishes(given(s, Eq(norm(X - a * X.T) ** 2, 1))))
    refused(s, Eq(X, a * X.T), hom.vanishes(given(s, Ge(norm(X - a * X.T) ** 2, 0))))


def test_multiplied_transposed_part() -> None:
    s = session()
    line = given(s, Eq(X @ y, a * z))
    s.show(Eq(X @ X @ y, a * X @ z), matrices.multiplied(line, left=X))
    s.show(Eq(inner(z, X @ y), a * inner(z, z)), matrices.multiplied(line, left=z.T))
    refused(s, Eq(X @ X @ y, a * z), matrices.multiplied(line, left=X))
    s.show(Eq(y.T @ X.T, a * z.T), hom.transposed(line))
    refused(s, Eq(y.T @ X, a * z.T), hom.transposed(line))
    both = given(s, All(Eq(X @ y, z), Ge(a, 0)))
    s.show(Ge(a, 0), basic.part(both))
    refused(s, Ge(a, 1), basic.part(both))


# --- what the library must not conclude ----------------------------------------------------------------------------------
def test_an_even_power_says_nothing_about_the_sign() -> None:
    s = session(hypothesis("a^2 > 0", Gt(b**2, 0)), hypothesis("b^2 = 1", Eq(b**2, 1)))
    refused(s, Gt(b, 0), by.sign())
    refused(s, Eq(b, 1), by.identity("b^2 = 1"))
    s.show(Eq(b**3, b), by.identity("b^2 = 1"))


def test_the_gradient_head_reads_the_chain_rule() -> None:
    s = session()
    s.show(Eq(gradient_of(H(a * z), z), a * H.grad(a * z)), by.identity())
