"""Induction on an index, and a matrix of norm 0: each rule accepts what its theorem gives, and refuses the false variants."""

from __future__ import annotations

import pytest

from theorycheck.derivation import context_of
from theorycheck.domain import Domain, hypothesis, index, real, size
from theorycheck.exact import induction_rules as induction, matrix_rules as products, rules as by
from theorycheck.exact.session import Session, Stuck
from theorycheck.fact import Proven
from theorycheck.tree import Eq, Ge, Le, Lt, eye, mat, norm, product, scalars, sym, total, trace, zero

L, h, k, l, a, n = map(sym, ("L", "h", "k", "l", "a", "n"))
x = scalars("x")
P, Q, R = (mat(name, n, n) for name in "PQR")
STEPS = hypothesis("x_(l+1) <= x_l", Le(x[l + 1], x[l]), given=(Ge(l, 1), Le(l + 1, L)), variables=("l",))


def session(*more, hypotheses=()):
    variables = (size("L"), index("h", 1, L), size("n"), real("a"), *more)
    domain = Domain("test", variables, (STEPS, *hypotheses))
    return Session(domain.hypotheses, context_of(domain))


def line(s, shows, *assumes):
    proven = Proven(shows, frozenset(assumes), f"({len(s.lines) + 1})", "granted")
    s.lines.append(proven)
    return proven


def refused(s, goal, rule, why=None):
    with pytest.raises(Stuck, match=why):
        s.show(goal, rule)


def goal(place):
    return Le(x[place], x[1])


FURTHER = Le(h + 1, L)


# --- last members ----------------------------------------------------------------------------------------------------------
j = sym("j")


def test_the_last_member_of_a_sum_and_of_a_product():
    s = session()
    for make, join in ((total, lambda u, v: u + v), (product, lambda u, v: u * v)):
        f = lambda i: i + x[i] ** 2  # noqa: E731
        whole, rest = make(j, 1, h, f(j)), make(j, 1, h - 1, f(j))
        s.show(Eq(whole, join(rest, f(h))), by.last_one())
        refused(s, Eq(whole, join(rest, f(h - 1))), by.last_one(), "left over")
        refused(s, Eq(whole, join(make(j, 1, h, f(j)), f(h))), by.last_one(), "left over")
        refused(s, Eq(make(j, 1, h - 1, f(j)), join(make(j, 1, h - 2, f(j)), f(h - 1))), by.last_one(), "not known")
        refused(s, Eq(make(j, 1, a, f(j)), join(make(j, 1, a - 1, f(j)), f(a))), by.last_one(), "integer")


# --- induction -----------------------------------------------------------------------------------------------------------
def test_induction_from_its_two_parts():
    s = session()
    base = s.show(goal(1), by.sign())
    known = s.show(goal(h), induction.assumed())
    down = s.show(Le(x[h + 1], x[h]), by.under([FURTHER], by.given("x_(l+1) <= x_l", l=h)))
    step = s.show(goal(h + 1), by.linear(down, known))
    assert step.assumes == {goal(h), FURTHER}
    assert s.show(goal(h), induction.over(h, base, step)).assumes == frozenset()


def test_the_step_past_the_end_is_not_at_hand():
    s = session()
    refused(s, Le(x[h + 1], x[h]), by.given("x_(l+1) <= x_l", l=h), "not shown")


def test_what_is_assumed_is_carried():
    s = session()
    known = s.show(goal(h), induction.assumed())
    assert known.assumes == {goal(h)}
    assert s.show(goal(h), by.linear(known)).assumes == {goal(h)}


def test_other_assumptions_stay():
    s = session()
    base, step = line(s, goal(1), Lt(0, a)), line(s, goal(h + 1), goal(h), Le(0, a))
    assert s.show(goal(h), induction.over(h, base, step)).assumes == {Lt(0, a), Le(0, a)}


def test_throughout_puts_every_line_under_the_assumption():
    def part():
        first = yield Le(0, a), by.sign()
        second = yield Le(0, 2 * a), by.linear((first, 2))
        return second

    s, lines = session(), induction.throughout([Ge(a, 0)], part())
    shown = s.show(*next(lines))
    shown = s.show(*lines.send(shown))
    assert [proven.assumes for proven in s.lines] == [frozenset({Ge(a, 0)})] * 2
    with pytest.raises(StopIteration) as end:
        lines.send(shown)
    assert end.value.value is shown


@pytest.mark.parametrize(
    ("base", "step"),
    [
        (goal(2), goal(h + 1)),  # the base is not the first place
        (goal(h), goal(h + 1)),
        (Le(x[1], a), goal(h + 1)),
        (goal(1), goal(h)),  # the step does not advance
        (goal(1), goal(h + 2)),
        (goal(1), goal(h - 1)),
        (goal(1), Ge(x[h + 1], x[1])),  # or shows something else
        (goal(1), Le(x[h + 1], x[2])),
    ],
)
def test_parts_of_another_claim(base, step):
    s = session()
    base, step = line(s, base), line(s, step, goal(h), FURTHER)
    refused(s, goal(h), induction.over(h, base, step))


@pytest.mark.parametrize("more", [Le(h, 3), Le(h + 1, L - 1), Le(h + 2, L), goal(h + 1), goal(h - 1), Le(x[h], a)])
def test_a_step_that_assumes_more(more):
    s = session()
    base, step = line(s, goal(1)), line(s, goal(h + 1), goal(h), more)
    refused(s, goal(h), induction.over(h, base, step), "assumes more")


def test_a_base_that_rests_on_the_index():
    s = session()
    for more in (Le(h, 3), goal(h), FURTHER):
        base, step = line(s, goal(1), more), line(s, goal(h + 1), goal(h))
        refused(s, goal(h), induction.over(h, base, step), "assumption about h")


@pytest.mark.parametrize("more", [hypothesis("h <= 2", Le(h, 2)), hypothesis("x_h <= a", Le(x[h], a))])
def test_an_index_of_which_the_domain_says_more(more):
    s = session(hypotheses=(more,))
    base, step = line(s, goal(1)), line(s, goal(h + 1), goal(h))
    refused(s, goal(h), induction.over(h, base, step), "more is known")


def test_a_matrix_whose_size_depends_on_the_index():
    X = mat("X", h, h)
    s = session(hypotheses=(hypothesis("X is small", Le(norm(X), 1)),))
    base, step = line(s, goal(1)), line(s, goal(h + 1), goal(h))
    refused(s, goal(h), induction.over(h, base, step), "more is known")


def test_no_index_at_all():
    s = session()
    for symbol, shown in ((a, lambda v: Le(0, v)), (k, lambda v: Le(0, v)), (h, lambda _: Le(0, a))):
        base, step = line(s, shown(sym("L"))), line(s, shown(symbol + 1), shown(symbol))
        refused(s, shown(symbol), induction.over(symbol, base, step))


def test_real_ends_are_no_range():
    s = session(index("l", a, L))
    base, step = line(s, Le(0, x[a])), line(s, Le(0, x[l + 1]), Le(0, x[l]))
    refused(s, Le(0, x[l]), induction.over(l, base, step))


# --- a matrix of norm 0 --------------------------------------------------------------------------------------------------
def test_a_difference_of_norm_zero():
    s = session()
    square, product = line(s, Eq(norm(P - Q) ** 2, 0)), line(s, Eq(0, trace((P - Q).T @ (P - Q))))
    for premise in (square, product):
        s.show(Eq(P, Q), products.vanishes(premise))
        s.show(Eq(Q, P), products.vanishes(premise))
    spread = line(s, Eq(norm(P) ** 2 + norm(Q) ** 2, 2 * trace(P.T @ Q)))
    s.show(Eq(P, Q), products.vanishes(spread))
    s.show(Eq(R, zero(n, n)), products.vanishes(line(s, Eq(norm(R) ** 2, 0))))


@pytest.mark.parametrize(
    "premise",
    [
        Eq(norm(P) ** 2 - norm(Q) ** 2, 0),  # the same norm, not the same matrix
        Eq(norm(P) ** 2, norm(Q) ** 2),
        Eq(trace(P - Q), 0),
        Eq(trace((P - Q) @ (P - Q)), 0),  # zero for nilpotent matrices
        Eq(norm(P + Q) ** 2, 0),
        Eq(norm(P - Q) ** 2, a),
        Eq(norm(P - Q) ** 2, 1),
        Le(norm(P - Q) ** 2, 1),
        Le(norm(P - Q) ** 2, 0),
        Eq(P - Q, zero(n, n)),
        Eq(norm(R @ (P - Q)) ** 2, 0),
    ],
)
def test_premises_that_do_not_say_so(premise):
    s = session()
    refused(s, Eq(P, Q), products.vanishes(line(s, premise)))


def test_goals_that_do_not_follow():
    s = session()
    premise = line(s, Eq(norm(P - Q) ** 2, 0))
    for shown in (Eq(P, R), Eq(P, Q + eye(n)), Eq(a, 0), Le(norm(P), norm(Q))):
        refused(s, shown, products.vanishes(premise))
