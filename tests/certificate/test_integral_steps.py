"""The checker's rules about integrals and separation of variables: true lines, and false ones beside them."""

from __future__ import annotations

import pytest

from tests.certificate.granted import checker, line, refused, shown
from theorycheck.domain import hypothesis, real, size
from theorycheck.tree import (
    Dt,
    Eq,
    Flow,
    Ge,
    Gt,
    Le,
    Lt,
    exp,
    integral,
    log,
    num,
    sqrt,
    sym,
    trace,
)

a, b, m, q, u, w, t, T, L = (sym(name) for name in ("a", "b", "m", "q", "u", "w", "t", "T", "L"))
HALF = num(1) / 2


def interval(*more):
    """0 < a < m < b."""
    own = [real("a", above=0), real("b"), real("m"), real("q", above=0), size("L", least=3)]
    return checker(*own, hypothesis("a < m", Lt(a, m)), hypothesis("m < b", Lt(m, b)), *more)


def area(f, lo=a, hi=b, v=u):
    return integral(v, lo, hi, f)


SPAN = (Le(a, u), Le(u, b))


def granted(ck, *lines):
    """Lines, each with what it assumes."""
    return [line(ck, shows, *assumes) for shows, assumes in lines]


# --- comparison -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "goal",
    [
        Eq(area(2 * u + u**2), 2 * area(u) + area(u**2)),
        Eq(area(q * u), q * area(u)),
        Ge(area(u), 0),
        Le(area(u), area(u + 1)),
        Le(area(u), area(u + 1) + q),
        Eq(area(1 / u) + area(u), area((1 + u**2) / u)),
        Ge(area(1 / u), 0),
        Ge(area(sqrt(u)), 0),
    ],
)
def test_integrands(goal):
    shown(interval(), goal, "integral_rules.integrands")


@pytest.mark.parametrize(
    "goal",
    [
        Eq(area(u), area(u**2)),
        Eq(area(u), area(u, hi=m)),
        Le(area(u + 1), area(u)),
        Lt(area(u), area(u + 1)),
        Le(area(u), area(u, hi=m) + 0 * q),
        Le(area(u) + q, area(u + 1)),
        Le(area(-q), -q * 1),  # the length of the interval is not known to be 1
        Ge(area(u, lo=b, hi=a), 0),  # backward
        Ge(area(u, lo=-b, hi=b), 0),
        Ge(area(1 / (u - m)), 0),
        Eq(area(1 / (u - m)) - area(1 / (u - m)), 0),
        Le(area(u) * area(u), area(u**2)),
    ],
)
def test_integrands_refused(goal):
    refused(interval(), goal, "integral_rules.integrands")


BELOW = Lt(0, 1 - q * u)
SMALL = [hypothesis("small", Lt(q * b, 1)), hypothesis("smaller", Lt(q * a, 1))]


def test_a_licence_shows_what_an_integrand_needs():
    goal = Ge(area(1 / (1 - q * u)), 0)
    ck = interval()
    found = shown(ck, goal, "integral_rules.integrands", licence=granted(ck, (BELOW, SPAN)))
    assert found.assumes == frozenset()
    ck = interval()
    shown(ck, goal, "integral_rules.integrands", licence=granted(ck, (BELOW, (Le(0, u), Le(u, b + 1)))))
    ck = interval()
    later = granted(ck, (BELOW, SPAN), (Lt(0, 1 / (1 - q * u)), (*SPAN, BELOW)))
    shown(ck, goal, "integral_rules.integrands", licence=later)


@pytest.mark.parametrize(
    "assumed",
    [
        (Le(m, u), Le(u, b)),  # a part of the interval
        (Le(a, u), Le(u, m)),
        (Lt(a, u), Le(u, b)),  # not at its end
        (Le(a, u), Lt(u, b)),
        (Le(u, a),),
        (Le(u**2, b**2),),
        (Le(u, u + 1),),
        (Eq(u, m),),
    ],
)
def test_a_licence_must_cover_the_closed_interval(assumed):
    ck = interval()
    refused(ck, Ge(area(1 / (1 - q * u)), 0), "integral_rules.integrands", licence=granted(ck, (BELOW, assumed)))


def test_the_variable_is_free_of_the_domain():
    refused(interval(hypothesis("u", Ge(u, 1))), Ge(area(u - 1), 0), "integral_rules.integrands")
    refused(interval(size("u")), Ge(area(u - 1), 0), "integral_rules.integrands")
    refused(interval(), Le(area(u), area(u) + u**2), "integral_rules.integrands")
    ck = interval()
    kept = shown(ck, Ge(area(1 / (1 - q * u)), 0), "integral_rules.integrands", licence=granted(ck, (BELOW, (*SPAN, Lt(q, 1)))))
    assert len(kept.assumes) == 1  # what is assumed of others stays open


def test_integrated():
    ck = interval()
    premise = line(ck, Le(exp(u), u**2), *SPAN)
    found = shown(ck, Le(area(exp(u)), area(u**2)), "integral_rules.integrated", premise=premise)
    assert found.assumes == frozenset()


@pytest.mark.parametrize(
    ("goal", "shows", "assumed"),
    [
        (Le(area(exp(u)), area(u**2)), Le(exp(u), u**2), (Le(m, u), Le(u, b))),
        (Le(area(exp(u)), area(u**2)), Le(u**2, exp(u)), SPAN),
        (Le(area(u**2), area(exp(u))), Le(exp(u), u**2), SPAN),
        (Lt(area(exp(u)), area(u**2)), Le(exp(u), u**2), SPAN),
        (Eq(area(exp(u)), area(u**2)), Le(exp(u), u**2), SPAN),
        (Le(area(exp(u), hi=b + 1), area(u**2, hi=b + 1)), Le(exp(u), u**2), SPAN),
        (Le(area(exp(u)), area(u**2, hi=m)), Le(exp(u), u**2), SPAN),
        (Le(area(exp(u), b, a), area(u**2, b, a)), Le(exp(u), u**2), SPAN),
        (Le(area(2 * exp(u)), area(u**2)), Le(exp(u), u**2), SPAN),
    ],
)
def test_integrated_refuses(goal, shows, assumed):
    ck = interval()
    refused(ck, goal, "integral_rules.integrated", premise=line(ck, shows, *assumed))


# --- cut in two, primitives -----------------------------------------------------------------------------------------------
def test_split():
    shown(interval(), Eq(area(1 / u), area(1 / u, hi=m) + area(1 / u, lo=m)), "integral_rules.split")


@pytest.mark.parametrize(
    "goal",
    [
        Eq(area(u), area(u, hi=m) + area(u**2, lo=m)),
        Eq(area(u), area(u, hi=m) + area(u, lo=a)),
        Eq(area(u), area(u, hi=m) - area(u, lo=m)),
        Le(area(u), area(u, hi=m) + area(u, lo=m)),
        Eq(area(1 / (u - m)), area(1 / (u - m), hi=m) + area(1 / (u - m), lo=m)),
        Eq(area(u, hi=m), area(u) + area(u, lo=b, hi=m)),
        Eq(area(u), area(u, hi=q) + area(u, lo=q)),
    ],
)
def test_split_refuses(goal):
    refused(interval(), goal, "integral_rules.split")


@pytest.mark.parametrize(
    ("f", "F", "value"),
    [
        (1 / u, log(u), log(b) - log(a)),
        (u**2, u**3 / 3, (b**3 - a**3) / 3),
        (u**2, u**3 / 3 + q, (b**3 - a**3) / 3),
        (u ** (1 - L), -(u ** (2 - L)) / (L - 2), (a ** (2 - L) - b ** (2 - L)) / (L - 2)),
        (1 / sqrt(u), 2 * sqrt(u), 2 * sqrt(b) - 2 * sqrt(a)),
        (exp(2 * u), exp(2 * u) / 2, (exp(2 * b) - exp(2 * a)) / 2),
    ],
)
def test_antiderivative(f, F, value):
    shown(interval(), Eq(area(f), value), "integral_rules.antiderivative", primitive=F)


@pytest.mark.parametrize(
    ("goal", "F"),
    [
        (Eq(area(1 / u), log(a) - log(b)), log(u)),
        (Eq(area(1 / u), log(b)), log(u)),
        (Eq(area(1 / u), 2 * log(b) - 2 * log(a)), 2 * log(u)),
        (Eq(area(1 / u, lo=-b, hi=b), log(b) - log(b)), log(u)),
        (Eq(area(1 / u**2, lo=-b, hi=b), -2 / b), -1 / u),  # no primitive across the pole
        (Eq(area(u, lo=b, hi=a), (a**2 - b**2) / 2), u**2 / 2),  # backward: not covered
        (Eq(area(HALF / sqrt(u), lo=0), sqrt(b)), sqrt(u)),  # improper
        (Le(area(1 / u), log(b) - log(a)), log(u)),
        (Eq(area(u), (b**2 - a**2) / 2), u**2 / 2 + u * m),
        (Eq(area(1 / (u - m) ** 2), 1 / (a - m) - 1 / (b - m)), -1 / (u - m)),
    ],
)
def test_antiderivative_refuses(goal, F):
    refused(interval(), goal, "integral_rules.antiderivative", primitive=F)


def test_a_primitive_may_need_a_licence():
    goal = Eq(area(q / (1 - q * u)), log(1 - q * a) - log(1 - q * b))
    ck = interval(*SMALL)
    refused(ck, goal, "integral_rules.antiderivative", primitive=-log(1 - q * u))
    shown(ck, goal, "integral_rules.antiderivative", primitive=-log(1 - q * u), licence=granted(ck, (BELOW, SPAN)))
    refused(ck, goal, "integral_rules.antiderivative", primitive=-log(1 - q * u), licence=granted(ck, (BELOW, (Le(u, m),))))


# --- separation of variables ----------------------------------------------------------------------------------------------
x = Flow("x", "F", (num(1), num(1)))
y = trace(x(t))
LAW = Eq(Dt(y), y * (1 + y))
START, END = Eq(trace(x(0)), a), Eq(trace(x(T)), b)
TIME, LATER = hypothesis("t >= 0", Ge(t, 0)), hypothesis("T >= 0", Ge(T, 0))


POSITIVE = (Gt(y, 0),)


def separation(goal=None, law=LAW, assumes=POSITIVE, start=START, end=END, more=(TIME, LATER)):
    ck = interval(*more)
    lines = {"ode": line(ck, law, *assumes), "start": line(ck, start), "end": line(ck, end)}
    return ck, goal if goal is not None else Eq(T, area(1 / (u * (1 + u)))), "separation_rules.separated", lines


def test_separation():
    ck, goal, rule, lines = separation()
    assert shown(ck, goal, rule, **lines).assumes == frozenset()
    ck, goal, rule, lines = separation(assumes=(Ge(y, a), Le(y, b)))
    shown(ck, goal, rule, **lines)


@pytest.mark.parametrize(
    "wrong",
    [
        {"goal": Eq(T, area(u * (1 + u)))},
        {"goal": Eq(T, 2 * area(1 / (u * (1 + u))))},
        {"goal": Eq(T, area(1 / (u * (1 + u)), hi=m))},
        {"goal": Le(T, area(1 / (u * (1 + u))))},
        {"law": Eq(Dt(y), -y * (1 + y)), "goal": Eq(T, area(-1 / (u * (1 + u))))},  # it goes down from a
        {"law": Eq(Dt(y), y * (1 + t)), "goal": Eq(T, area(1 / u))},  # depends on the time
        {"law": Eq(Dt(y), y - m), "goal": Eq(T, area(1 / (u - m)))},  # rests at m
        {"law": Le(Dt(y), y * (1 + y))},
        {"assumes": (Gt(y, m),)},  # not known at the start
        {"assumes": (Lt(y, b),)},
        {"assumes": (Lt(t, 1),)},
        {"assumes": (Gt(trace(x(2 * t)), 0),)},
        {"start": Eq(trace(x(0)), m)},
        {"start": Eq(trace(x(1)), a)},
        {"end": Eq(trace(x(0)), b)},
        {"more": (TIME,)},
        {"more": (LATER,)},
        {"more": (TIME, LATER, hypothesis("early", Le(t, 1)))},
    ],
)
def test_separation_refuses(wrong):
    ck, goal, rule, lines = separation(**wrong)
    refused(ck, goal, rule, **lines)
