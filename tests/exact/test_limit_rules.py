"""Limit rules and matrix rules: each accepts its case, and rejects every false variant."""

from fractions import Fraction

import pytest
from flint import fmpq

from theorycheck.derivation import context_of
from theorycheck.domain import Domain, Var, drawn, hypothesis, real, size
from theorycheck.exact import (
    leading_rules as leading,
    limit_refutations as refutations,
    limit_rules as limits,
    matrix_rules as matrices,
    rules as by,
)
from theorycheck.exact.session import Session, Stuck
from theorycheck.tree import (
    Converges,
    Defined,
    Eq,
    Ge,
    Gt,
    Le,
    Lt,
    Not,
    inner,
    log,
    mat,
    num,
    scalars,
    sqrt,
    sym,
    total,
    trace,
    vec,
)

v, w, i, m, c = sym("v"), sym("w"), sym("i"), sym("m"), sym("c")
s = scalars("s")
positive = Var("s", lambda source, env: {1: fmpq(1)}, positive=True)
domain = Domain("limits", (size("m"), real("v", above=0), real("c", above=0), positive), (hypothesis("v < 1", Lt(v, 1)),))


def session(*more, base=domain):
    whole = base.extended("more", *more)
    return Session(whole.hypotheses, context_of(whole))


def one(at, term=None):
    """The line s_i^v -> 1."""
    return at.show(Converges((s[i] if term is None else term) ** v, v, 0, 1), limits.power_to_one())


def summed(at, body, value):
    return at.show(Converges(body, v, 0, value), limits.summed(one(at), i))


ones = total(i, 1, m, num(1))


def test_powers_of_positive_numbers_tend_to_one():
    assert one(session()).rule == "limit of a power"
    assert one(session(), 2 * c).label == "(1)"


@pytest.mark.parametrize(
    "goal",
    [
        Converges(c**v, v, 0, 0),
        Converges(c**v, v, 0, 2),
        Converges(c ** (2 * v), v, 0, 1),
        Converges(c**v, v, num(1), 1),
        Converges(c**w, v, 0, 1),
        Converges(v**v, v, 0, 1),
        Converges(sym("free") ** v, v, 0, 1),
        Converges((c - 1) ** v, v, 0, 1),
        Eq(c**v, 1),
    ],
    ids=str,
)
def test_other_limits_of_powers_are_rejected(goal):
    with pytest.raises(Stuck):
        session().show(goal, limits.power_to_one())


@pytest.mark.parametrize(
    "condition", [Gt(v, num(1) / 2), Ge(v, c), Lt(v, c - 1), Le(v, 0), Lt(v, -1), Eq(v, 1), Lt(c, v)], ids=str
)
def test_a_domain_that_keeps_v_away_from_zero_is_rejected(condition):
    with pytest.raises(Stuck):
        one(session(hypothesis("away", condition)))


def test_finite_sums():
    assert summed(session(), total(i, 1, m, s[i] ** v), ones).shows.nodes[3] == ones


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (total(i, 1, m, s[i] ** v), m + 1),
        (total(i, 1, m, s[i] ** v), total(i, 1, m, num(2))),
        (total(i, 1, m, s[i] ** (2 * v)), ones),
        (total(i, 1, v, s[i] ** v), total(i, 1, v, num(1))),
        (2 * total(i, 1, m, s[i] ** v), 2 * ones),
    ],
    ids=str,
)
def test_other_sums_are_rejected(body, value):
    with pytest.raises(Stuck):
        summed(session(), body, value)


def test_what_holds_for_one_index_is_not_summed():
    narrow = session(hypothesis("i is odd, say", Le(i, 3)))
    with pytest.raises(Stuck, match="assumed of i"):
        summed(narrow, total(i, 1, m, s[i] ** v), ones)


def test_the_range_of_the_index_may_be_assumed():
    ranged = session(hypothesis("i >= 1", Ge(i, 1)), hypothesis("i <= m", Le(i, m)))
    assert summed(ranged, total(i, 1, m, s[i] ** v), ones)


def test_equal_expressions_have_equal_limits():
    at = session()
    line = one(at, c)
    assert at.show(Converges(2 * c**v - c**v, v, 0, num(3) - 2), limits.rewritten(line))
    for goal in (Converges(c**v, v, 0, 2), Converges(2 * c**v, v, 0, 1), Converges(c**v, w, 0, 1)):
        with pytest.raises(Stuck):
            at.show(goal, limits.rewritten(line))


def test_an_equation_under_an_assumption_does_not_move_a_limit():
    at = session()
    line = one(at, c)
    at_one = at.show(Eq(c, 1), by.under([Eq(c, 1)], by.trivially()))
    with pytest.raises(Stuck):
        at.show(Converges(num(1) ** v, v, 0, 1), limits.rewritten(line, at_one))


def test_constants():
    assert session().show(Converges(c, v, 0, c), limits.stays())
    for body, value in ((c + v, c), (c, 2 * c), (v, v)):
        with pytest.raises(Stuck):
            session().show(Converges(body, v, 0, value), limits.stays())


INSTANCE = {"c": fmpq(2), "v": fmpq(1, 2), "m": 1, "s": {1: fmpq(1)}}


def refute(value, instance, body=c):
    at = session()
    line = at.show(Converges(c, v, 0, c), limits.stays())
    return at.show(Not(Converges(body, v, 0, value)), refutations.differs(line, instance))


def test_a_limit_is_unique():
    assert refute(num(1), INSTANCE)


@pytest.mark.parametrize(
    ("value", "instance", "body"),
    [
        (c, INSTANCE, c),
        (num(2), INSTANCE, c),  # agrees at this instance
        (num(1), {**INSTANCE, "c": fmpq(-1)}, c),  # not admissible
        (num(1), {**INSTANCE, "v": fmpq(2)}, c),
        (num(1), INSTANCE, 2 * c),  # the limit of something else
    ],
)
def test_a_refutation_needs_an_admissible_instance_that_differs(value, instance, body):
    with pytest.raises(Stuck):
        refute(value, instance, body)


# --- matrix rules -----------------------------------------------------------------------------------------------------
n, k = sym("n"), sym("k")
P, Q, R, S = mat("P", n, n), mat("Q", n, n), mat("R", n, k), mat("S", n, n)
x = vec("x", n)
equal = Domain("P = Q", (size("n"), size("k"), drawn("P", lambda *_: None)), (hypothesis("P = Q", Eq(P, Q)),))


def multiplied(goal, left, right):
    at = session(base=equal)
    premise = at.show(Eq(P, Q), by.trivially())
    return at.show(goal, matrices.multiplied(premise, left, right))


def test_equations_are_multiplied_by_matrices():
    assert multiplied(Eq(S @ P @ R, S @ Q @ R), S, R)
    assert multiplied(Eq(R.T @ P, R.T @ Q), R.T, None)
    assert multiplied(Eq(trace(S @ P), trace(S @ Q)), S, None)
    assert multiplied(Eq(inner(x, P @ x), inner(x, Q @ x)), x.T, x)


@pytest.mark.parametrize(
    ("goal", "left", "right"),
    [
        (Eq(P @ S, Q @ S), S, None),
        (Eq(S @ P, S @ S), S, None),
        (Eq(2 * S @ P, S @ Q), S, None),
        (Eq(trace(S @ P), trace(S @ Q) + 1), S, None),
        (Ge(trace(S @ P), trace(S @ Q)), S, None),
        (Eq(P @ R, Q @ R + R), None, R),
    ],
    ids=str,
)
def test_other_equations_are_rejected(goal, left, right):
    with pytest.raises(Stuck):
        multiplied(goal, left, right)


def scaled(goal, premise, factor):
    at = session(hypothesis("premise", premise), hypothesis("factor", factor))
    lines = [at.show(line, by.trivially()) for line in (premise, factor)]
    return at.show(goal, matrices.scaled(*lines))


a, b, d = sym("a"), sym("b"), sym("d")


def test_inequalities_are_multiplied_by_numbers_that_are_not_negative():
    assert scaled(Le(a * d, b * d), Le(a, b), Ge(d, 0))
    assert scaled(Ge(b * d, a * d), Lt(a, b), Gt(d, 0))


@pytest.mark.parametrize(
    ("goal", "premise", "factor"),
    [
        (Le(b * d, a * d), Le(a, b), Ge(d, 0)),
        (Lt(a * d, b * d), Lt(a, b), Ge(d, 0)),
        (Le(a * d, b * d), Le(a, b), Ge(d, -1)),
        (Le(a * d, b * d), Le(a, b), Le(d, 0)),
        (Le(a * d**2, b * d), Le(a, b), Ge(d, 0)),
        (Eq(a * d, b * d), Le(a, b), Ge(d, 0)),
    ],
    ids=str,
)
def test_other_products_are_rejected(goal, premise, factor):
    with pytest.raises(Stuck):
        scaled(goal, premise, factor)


def test_defined_needs_licensed_divisions():
    assert session().show(Defined(1 / c), matrices.defined())
    for body in (1 / a, c**a / a):
        with pytest.raises(Stuck):
            session().show(Defined(body), matrices.defined())
    with pytest.raises(Stuck):
        session().show(Eq(c, c), matrices.defined())


@pytest.mark.parametrize("body", [sqrt(1 + v) / v - 1 / v, log(v) * sqrt(1 + v) - log(v)])
@pytest.mark.parametrize("value", [0, Fraction(1, 2)])
def test_terms_that_cancel_to_leading_order_have_no_known_limit(body, value):
    """(sqrt(1 + v) - 1) / v tends to 1/2: what is left of leading terms that cancel may be anything."""
    at = session()
    line = at.show(Eq(body, body), by.identity())
    with pytest.raises(Stuck):
        at.show(Converges(body, v, 0, value), leading.equal(line))
