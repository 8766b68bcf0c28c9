"""A wrong limit is refuted by the limit that was shown, a wrong order by the relation, with nothing said by the author."""

import pytest

from theorycheck.derivation import Library, derive
from theorycheck.domain import Domain, real
from theorycheck.exact import leading_rules as leading, rules as by
from theorycheck.run import check_claim
from theorycheck.statement import Statement
from theorycheck.tree import Converges, Eq, Ge, Gt, Le, Lt, num, sqrt, sym
from theorycheck.verdict import Outcome, Verdict

a, v = sym("a"), sym("v")
DOMAIN = Domain("a > 0, v > 0", (real("a", above=0), real("v", above=0)))
statement = Statement("toy", "A toy limit", "0", DOMAIN)


@statement.claim("limit", line=1, expects="proved", lead=1, end=2)
def limit(lead, end):
    goal = yield Converges((1 + 2 * a * v) / v - lead / v, v, 0, end * a)
    exact = yield Eq((1 + 2 * a * v) / v - 1 / v, 2 * a), by.identity()
    yield goal, leading.equal(exact)


def verdict(**overrides):
    found = check_claim(limit, "quick", {k: num(x) for k, x in overrides.items()}, 0, Library((statement,)))
    return found.verdict, found.witness


def test_the_printed_limit_is_proved():
    assert verdict()[0] is Verdict.PROVED


@pytest.mark.parametrize("wrong", [{"end": 3}, {"lead": 2}, {"lead": 0}])
def test_a_wrong_value_or_a_wrong_leading_constant_is_refuted(wrong):
    found, witness = verdict(**wrong)
    assert found is Verdict.REFUTED
    assert witness.violation.startswith("derived:")


def test_the_same_limit_written_in_another_way_is_not_refuted():
    goal = Converges((1 + 2 * a * v) / v - 1 / v, v, 0, a + a)
    assert check_claim(limit, "quick", {}, 0, Library((statement,)), goal).verdict is not Verdict.REFUTED


@statement.claim("root", line=1, expects="proved")
def root():
    goal = yield Eq(sqrt(a) ** 2 * sqrt(v), a * sqrt(v))
    yield goal, by.identity()


@statement.claim("above", line=1, expects="proved")
def above():
    goal = yield Gt(sqrt(a) + v, sqrt(a))
    yield goal, by.linear()


@pytest.mark.parametrize("relation", [Lt, Gt])
def test_an_order_between_sides_that_are_proved_equal_is_refuted_though_balls_do_not_tell(relation):
    goal = relation(*root.tree().nodes)
    found = check_claim(root, "quick", {}, 0, Library((statement,)), goal)
    assert found.verdict is Verdict.REFUTED
    assert found.witness.violation == "derived: the opposite holds"


@pytest.mark.parametrize("relation", [Le, Ge])
def test_an_order_that_follows_from_the_equation_is_not_refuted(relation):
    goal = relation(*root.tree().nodes)
    assert check_claim(root, "quick", {}, 0, Library((statement,)), goal).verdict is not Verdict.REFUTED


def test_the_opposite_of_an_order_is_refuted_and_a_weaker_one_is_not():
    sides = above.tree().nodes
    opposite = derive(above, {}, Library((statement,)), Le(*sides))
    assert opposite.outcome is Outcome.REFUTES
    assert derive(above, {}, Library((statement,)), Ge(*sides)).outcome is not Outcome.REFUTES
    assert derive(above, {}, Library((statement,)), Gt(sides[0] + 1, sides[1])).outcome is not Outcome.REFUTES


def explicit():
    goal = yield Converges(a * (1 + v) ** 2, v, 0, a)
    yield goal, by.sign()  # which shows no limit: nothing is known of it but its body


@pytest.mark.parametrize(("end", "refuted"), [(a, False), (2 * a, True), (a - num(1) / 1000, True)])
def test_the_body_near_0_refutes_a_limit_that_it_stays_away_from(end, refuted):
    claim = Statement("other", "Another limit", "0", DOMAIN).claim("explicit", line=1)(explicit)
    found = derive(claim, {}, Library(()), Converges(a * (1 + v) ** 2, v, 0, end))
    assert (found.outcome is Outcome.REFUTES) is refuted
