"""The checker's rules about the length of a path: true lines, and false ones beside them."""

from __future__ import annotations

import pytest

from tests.certificate.granted import line, refused, shown
from tests.certificate.test_flow_steps import ABOVE, STAYS, C, V, c, flows, n, now, start, start_loss, t, x
from theorycheck.domain import hypothesis
from theorycheck.tree import Dt, Eq, Flow, Ge, Le, Lt, integral, norm, num, sqrt, sym

s, BEGIN = sym("s"), sqrt(start_loss)
SLOPE, STILL = Le(Dt(V), -norm(Dt(now))), Eq(now, start)


def way(lo=0, hi=t, body=None, v=s):
    return integral(v, lo, hi, norm(C.grad(x(v))) if body is None else body)


def travelled(goal, shows=SLOPE, assumes=(), above=True, ck=None):
    ck = ck or flows()
    args = {"premise": line(ck, shows, *assumes), "V": V, "known": [line(ck, ABOVE)] if above else []}
    return ck, goal, "path_rules.travelled", args


def accept(ck, goal, rule, args):
    return shown(ck, goal, rule, **args)


def refuse(made, why=None):
    ck, goal, rule, args = made
    refused(ck, goal, rule, why, **args)


@pytest.mark.parametrize("goal", [Le(way(), BEGIN - V), Le(way(), BEGIN), Ge(BEGIN, way())])
def test_travelled(goal):
    assert accept(*travelled(goal)).assumes == frozenset()


@pytest.mark.parametrize(
    "goal",
    [
        Le(way(), BEGIN - 2 * V),
        Le(way(), BEGIN / 2),
        Le(way(), V),
        Ge(way(), BEGIN - V),
        Eq(way(), BEGIN - V),
        Lt(way(), BEGIN),
        Le(way(hi=2 * t), BEGIN),
        Le(way(lo=-1), BEGIN),
        Le(way(body=norm(C.grad(x(s))) ** 2), BEGIN),
        Le(way(body=norm(C.grad(x(2 * s)))), BEGIN),
        Le(way(body=norm(C.grad(x(t)))), BEGIN),
        Le(way(body=norm(C.grad(Flow("z", "C", (n, num(1)))(s)))), BEGIN),
        Le(way(), BEGIN + s**2),
        Le(way(v=c), BEGIN),
    ],
    ids=str,
)
def test_travelled_refuses_what_does_not_follow(goal):
    refuse(travelled(goal))


@pytest.mark.parametrize("assumed", [Le(t, 1), ABOVE, STAYS])
def test_travelled_refuses_a_premise_about_some_times(assumed):
    refuse(travelled(Le(way(), BEGIN), assumes=[assumed]), "assumption about the time")


def test_travelled_refuses_other_premises_and_hypotheses_about_one_time():
    refuse(travelled(Le(way(), BEGIN), shows=Le(Dt(V), norm(Dt(now)))), "not Dt V")
    refuse(travelled(Le(way(), BEGIN), above=False))
    refuse(travelled(Le(way(), BEGIN), ck=flows(time=None)), "t is not known")
    refuse(travelled(Le(way(), BEGIN), ck=flows(hypothesis("early", Le(t, 1)))), "singles out a time")


def at_rest(goal, shows=STILL, assumes=(), ck=None):
    ck = ck or flows()
    return ck, goal, "path_rules.at_rest", {"still": line(ck, shows, *assumes)}


def test_at_rest():
    assert accept(*at_rest(Eq(way(), num(0)))).assumes == frozenset()


@pytest.mark.parametrize(
    "goal",
    [
        Eq(way(), num(1)),
        Le(way(), num(0)),
        Eq(way(hi=c), num(0)),
        Eq(way(lo=1), num(0)),
        Eq(way(body=norm(x(s))), num(0)),
        Eq(way(body=norm(C.grad(Flow("z", "C", (n, num(1)))(s)))), num(0)),
        Eq(way(v=c), num(0)),
    ],
    ids=str,
)
def test_at_rest_refuses_what_does_not_follow(goal):
    refuse(at_rest(goal))


def test_at_rest_needs_a_path_that_rests_at_all_times():
    refuse(at_rest(Eq(way(), num(0)), assumes=[Le(t, 1)]), "assumption about the time")
    refuse(at_rest(Eq(way(), num(0)), shows=Eq(now, x(1))), "not x.t. = x.0.")
    refuse(at_rest(Eq(way(), num(0)), ck=flows(hypothesis("rests now", STILL))), "singles out a time")
