"""The length of a path as an integral: what the rules accept, and the false variants beside it."""

from __future__ import annotations

import pytest

from tests.exact.test_flow_rules import ABOVE, STAYS, C, R, V, c, line, n, now, refused, session, start, start_loss, t, x
from theorycheck.domain import hypothesis
from theorycheck.exact import path_rules as paths
from theorycheck.tree import Dt, Eq, Flow, Ge, Le, Lt, integral, norm, num, sqrt, sym

s = sym("s")
SLOPE = Le(Dt(V), -norm(Dt(now)))
STILL = Eq(now, start)
BEGIN = sqrt(start_loss)


def way(lo=0, hi=t, body=None):
    return integral(s, lo, hi, norm(C.grad(x(s))) if body is None else body)


def falling(*assumes, **more):
    """V falls at least as fast as the path moves."""
    here = session(**more)
    return here, line(here, SLOPE, *assumes), line(here, ABOVE)


def test_travelled():
    here, slope, above = falling()
    for bound in (BEGIN - V, BEGIN, BEGIN + R):
        assert here.show(Le(way(), bound), paths.travelled(slope, V, above)).assumes == frozenset()
    assert here.show(Ge(BEGIN, way()), paths.travelled(slope, V, above)).assumes == frozenset()


@pytest.mark.parametrize(
    ("goal", "why"),
    [
        (Le(way(), BEGIN - 2 * V), "known to be >= 0"),
        (Le(way(), BEGIN / 2), "known to be >= 0"),
        (Le(way(), V), "known to be >= 0"),
        (Ge(way(), BEGIN - V), "no integral"),
        (Eq(way(), BEGIN - V), "of the form"),
        (Lt(way(), BEGIN - V), "of the form"),
        (Le(way(hi=2 * t), BEGIN), "from 0 to t"),
        (Le(way(lo=-1), BEGIN), "from 0 to t"),
        (Le(way(body=norm(C.grad(x(s))) ** 2), BEGIN), "not the speed"),
        (Le(way(body=norm(C.grad(x(2 * s)))), BEGIN), "not the speed"),
        (Le(way(body=norm(C.grad(x(t)))), BEGIN), "not the speed"),
        (Le(way(body=norm(C.grad(Flow("z", "C", (n, num(1)))(s)))), BEGIN), "not the speed"),
        (Le(way(), BEGIN + s), "occurs elsewhere"),
        (Le(integral(c, 0, t, norm(C.grad(x(c)))), BEGIN), "has a meaning"),
    ],
    ids=str,
)
def test_travelled_refuses_what_does_not_follow(goal, why):
    here, slope, above = falling()
    refused(here, goal, paths.travelled(slope, V, above), why)


def test_travelled_refuses_premises_about_one_time_or_the_wrong_way():
    goal = Le(way(), BEGIN)
    for assumption in (Le(t, 1), ABOVE, STAYS):
        here, slope, above = falling(assumption)
        refused(here, goal, paths.travelled(slope, V, above), "assumption about the time")
    here, slope, above = falling(time=None)
    refused(here, goal, paths.travelled(slope, V, above), "t >= 0")
    here = session(hypothesis("early", Le(t, 1)))
    refused(here, goal, paths.travelled(line(here, SLOPE), V, line(here, ABOVE)), "singles out a time")
    here = session()
    refused(here, goal, paths.travelled(line(here, Le(Dt(V), norm(Dt(now)))), V, line(here, ABOVE)), "bound the derivative")
    here = session()
    refused(here, goal, paths.travelled(line(here, SLOPE), V), "differentiable|not known to be positive")


def test_at_rest():
    here = session()
    assert here.show(Eq(way(), num(0)), paths.at_rest(line(here, STILL))).assumes == frozenset()


@pytest.mark.parametrize(
    ("goal", "why"),
    [
        (Eq(way(), num(1)), "length is 0"),
        (Le(way(), num(0)), "length is 0"),
        (Eq(way(hi=c), num(0)), "from 0 to t"),
        (Eq(way(lo=1), num(0)), "from 0 to t"),
        (Eq(way(body=norm(x(s))), num(0)), "not the speed"),
        (Eq(way(body=norm(C.grad(Flow("z", "C", (n, num(1)))(s)))), num(0)), "not the speed"),
        (Eq(integral(c, 0, t, norm(C.grad(x(c)))), num(0)), "has a meaning"),
    ],
    ids=str,
)
def test_at_rest_refuses_what_does_not_follow(goal, why):
    here = session()
    refused(here, goal, paths.at_rest(line(here, STILL)), why)


def test_at_rest_needs_a_path_that_rests_at_all_times():
    goal = Eq(way(), num(0))
    here = session()
    refused(here, goal, paths.at_rest(line(here, STILL, Le(t, 1))), "assumption about the time")
    refused(here, goal, paths.at_rest(line(here, Eq(now, x(1)))), "not x.t. = x.0.")
    here = session(hypothesis("rests now", STILL))
    refused(here, goal, paths.at_rest(line(here, STILL)), "singles out a time")
