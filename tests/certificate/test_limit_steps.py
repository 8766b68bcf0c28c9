"""The checker's rules about limits v -> 0+: true lines, and false ones beside them."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.certificate.granted import checker, line, refused, shown
from theorycheck.certificate.checker.core import NotCovered
from theorycheck.domain import Var, hypothesis, real, size
from theorycheck.tree import (
    INFINITY,
    Converges,
    Eq,
    Function,
    Ge,
    Gt,
    Le,
    Lt,
    Not,
    absolute,
    exp,
    log,
    num,
    scalars,
    sqrt,
    sym,
    total,
)

v, w, a, b, c, k, m, i, L = (sym(name) for name in ("v", "w", "a", "b", "c", "k", "m", "i", "L"))
f, s = Function("f"), scalars("s")
X, Y = f(v), f(2 * v)  # two functions of v of which nothing is known


def limits(*more, positive=True):
    own = [real("v", above=0) if positive else real("v"), *map(real, "ak"), *(real(name, above=0) for name in "bc")]
    family = Var("s", lambda source, env: {}, positive=True)
    return checker(*own, size("L", least=3), size("m"), family, *more)


def to(body, value=0, at=0):
    return Converges(body, v, at, value)


def explicit(body, value=0, *more, at=0, refuse=False):
    """body -> value, by the equation body = body."""
    ck = limits(*more)
    (refused if refuse else shown)(ck, to(body, value, at), "leading_rules.equal", exact=line(ck, Eq(body, body)))


# --- explicit expressions -------------------------------------------------------------------------------------------------
EXPLICIT = [
    (v, 0),
    (a + v * b, a),
    (v**c, 0),
    (v ** (L - 2), 0),
    (v * log(v), 0),
    (v**c * log(v) ** 2, 0),
    (1 / (b + v), 1 / b),
    (sqrt(1 + v), 1),
    (sqrt(v * (1 + v)), 0),
    (log(b + v), log(b)),
    ((v**2 + v) / v, 1),
    (b**v, 1),
    ((b + v) ** v, 1),
    (exp(-v), 1),
    (1 / v - 1 / v + a, a),
    (sqrt(1 + v) / v - sqrt(1 + v) / v, 0),
]


@pytest.mark.parametrize(("body", "value"), EXPLICIT, ids=str)
def test_limits_of_explicit_expressions(body, value):
    explicit(body, value)
    small = Lt(v, b), Lt(v * b, c), Le(v, k)  # so that k > 0
    explicit(body, value, *(hypothesis(f"small {n}", shows) for n, shows in enumerate(small)))


@pytest.mark.parametrize(
    ("body", "value"),
    [
        *((body, value + 1) for body, value in EXPLICIT),
        (v**k, 0),  # the sign of the exponent is not known
        (1 / v, 0),
        (log(v), 0),
        (v**-c, 0),
        (X, X),
        (v * X, 0),  # the function need not be bounded
        (exp(1 / v), 0),
        (a**v, 1),  # the base may be negative or 0
        (v**v, 1),  # true, and not covered
        (sqrt(1 + v) / v - 1 / v, 0),  # cancels to leading order: the limit is 1/2
        (sqrt(1 + v) / v - 1 / v, Fraction(1, 2)),
        (log(v) * sqrt(1 + v) - log(v), 1),
        (total(i, 1, m, v * s[i]), 1),
        (v + a, v + a),
        (absolute(v - b), b),
    ],
    ids=str,
)
def test_other_limits_are_refused(body, value):
    explicit(body, num(value) if isinstance(value, Fraction) else value, refuse=True)


@pytest.mark.parametrize(
    "known",
    [Gt(v, b), Ge(v, 1), Eq(v, b), Lt(c, b * v), Le(a, v), Lt(X, 1), Ge(v * (v - 1), 0)],
)
def test_a_domain_that_may_keep_v_away_from_zero(known):
    explicit(v, 0, hypothesis("known", known), refuse=True)


def test_a_universal_hypothesis_about_v_is_refused():
    universal = hypothesis("universal", Lt(v * w, 1), variables=("w",))
    explicit(v, 0, universal, refuse=True)
    explicit(v, 0, hypothesis("of another v", Lt(v * w, 1), variables=("v", "w")))


def test_v_is_real_and_tends_to_zero():
    explicit(v, 0, at=1, refuse=True)
    explicit(v, 0, at=INFINITY, refuse=True)
    ck = checker(size("v"))
    refused(ck, to(v, 0), "leading_rules.equal", exact=line(ck, Eq(v, v)))
    ck = limits(positive=False)
    shown(ck, to(v, 0), "leading_rules.equal", exact=line(ck, Eq(v, v)))


def test_equal_uses_its_equation_and_no_assumption_about_v():
    ck = limits()
    shown(ck, to(X, a), "leading_rules.equal", exact=line(ck, Eq(X, a + v), Lt(a, 1)))
    shown(ck, to(2 * X, 2 * a), "leading_rules.equal", exact=line(ck, Eq(2 * X, 2 * a + v)))
    wrong = (Eq(X, a + v), Lt(v, 1)), (Eq(X, a + v), Eq(v, c)), (Eq(Y, a + v), Lt(a, 1)), (Le(X, a + v), Lt(a, 1))
    for shows, assumed in wrong:
        refused(ck, to(X, a), "leading_rules.equal", exact=line(ck, shows, assumed))


# --- squeezed, moved ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("low", "high"),
    [(Ge(X, a - v), Le(X, a + v**2)), (Le(a, X), Le(X - a, v * log(v) ** 2)), (Le(0, X - a), Lt(X + b, a + b + v))],
)
def test_squeezed(low, high):
    ck = limits()
    shown(ck, to(X, a), "leading_rules.squeezed", low=line(ck, low), high=line(ck, high))


@pytest.mark.parametrize(
    ("low", "high", "value"),
    [
        (Ge(X, a - v), Le(X, a + c), a),  # the upper bound does not tend to it
        (Ge(X, a - 1 / v), Le(X, a + v), a),
        (Ge(X, a - v), Le(X, a + v), b),
        (Le(X, a + v), Ge(X, a - v), a),  # exchanged
        (Ge(X, a - v), Ge(X, a + v), a),
        (Ge(Y, a - v), Le(X, a + v), a),
        (Eq(X, a), Le(X, a + v), a),
        (Ge(X, a - v * Y), Le(X, a + v), a),
    ],
)
def test_squeezed_refuses(low, high, value):
    ck = limits()
    refused(ck, to(X, value), "leading_rules.squeezed", low=line(ck, low), high=line(ck, high))


def test_moved():
    ck = limits()
    known = line(ck, to(X, a))
    shown(ck, to(X + v + b, a + b), "leading_rules.moved", premise=known)
    for goal in (to(X + v + b, a), to(2 * X, a), to(X + 1 / v, a), to(X + 1 / v - sqrt(1 + v) / v, a), to(Y, a), to(X, a, 1)):
        refused(ck, goal, "leading_rules.moved", premise=known)
    refused(ck, to(X + v, a), "leading_rules.moved", premise=line(ck, to(X, a), Lt(v, b)))
    refused(ck, to(X + v, a), "leading_rules.moved", premise=line(ck, Converges(f(w), w, 0, a)))


# --- no limit -------------------------------------------------------------------------------------------------------------
UNBOUNDED = [X + 1 / v, X - b * log(v), X + 1 / v**2 - 5 / v, X + log(v) / v + 1 / v, X + b, X + 1]


@pytest.mark.parametrize("goal", [to(body, a) for body in UNBOUNDED])
def test_diverges(goal):
    ck = limits()
    shown(ck, Not(goal), "leading_rules.diverges", premise=line(ck, to(X, a)))


@pytest.mark.parametrize(
    "goal",
    [
        to(X, a),
        to(X + v, a),
        to(X, a + k),  # k may be 0
        to(X + k / v, a),
        to(X + v**-b - v**-c, a),  # which of them outgrows the other is not known
        to(X + sqrt(1 + v) / v - 1 / v, a),
        to(Y + 1 / v, a),
        to(X + 1 / v, a, 1),
    ],
)
def test_diverges_refuses(goal):
    ck = limits()
    refused(ck, Not(goal), "leading_rules.diverges", premise=line(ck, to(X, a)))


def test_diverges_is_told_that_two_constants_differ():
    ck = limits()
    premise, goal = line(ck, to(X, a)), Not(to(X + (b - c) / v, a))
    shown(ck, goal, "leading_rules.diverges", premise=premise, apart=line(ck, Lt(b, c)))
    shown(ck, goal, "leading_rules.diverges", premise=premise, apart=line(ck, Lt(2 * c, 2 * b)))
    for wrong in (Le(b, c), Lt(b, 2 * c), Lt(k * b, k * c), Lt(v, c), Eq(b, c)):
        refused(ck, goal, "leading_rules.diverges", premise=premise, apart=line(ck, wrong))
    refused(ck, to(X + 1 / v, a), "leading_rules.diverges", premise=premise)


def test_a_coefficient_at_an_instance_is_not_covered():
    ck = limits()
    with pytest.raises(NotCovered):
        shown(ck, Not(to(X + k / v, a)), "leading_rules.diverges", premise=line(ck, to(X, a)), at=["instance", {"k": "1"}])


# --- limits from limits ---------------------------------------------------------------------------------------------------
def test_powers_and_constants():
    for goal in (to(b**v, 1), to(s[i] ** v, 1), to(c, c)):
        shown(limits(), goal, "limit_rules.power_to_one")
        shown(limits(), goal, "limit_rules.stays")
    for goal in (to(b**v, 0), to(a**v, 1), to(b**v, b), to(v**v, 1), to(c, b), to(b**v, 1, 1), to(X, X)):
        refused(limits(), goal, "limit_rules.power_to_one")


def test_sums():
    ck = limits()
    one = line(ck, to(s[i] ** v, 1))
    shown(ck, to(total(i, 1, m, s[i] ** v), total(i, 1, m, num(1))), "limit_rules.summed", premise=one, index=i)
    shown(ck, to(total(i, 1, m, s[i] ** v), m), "limit_rules.summed", premise=one, index=i)
    wrong = [
        to(total(i, 1, m, s[i] ** v), 1),
        to(total(i, 1, m, 2 * s[i] ** v), m),
        to(total(i, 1, m, s[i] ** v), m, 1),
        to(s[i] ** v, 1),
    ]
    for goal in wrong:
        refused(ck, goal, "limit_rules.summed", premise=one, index=i)
    refused(ck, to(total(i, 1, m, s[i] ** v), m), "limit_rules.summed", premise=line(ck, to(s[i] ** v, 1), Lt(i, 2)), index=i)
    ck = limits(size("i"), hypothesis("only the first", Le(i, 1)))
    refused(ck, to(total(i, 1, m, s[i] ** v), m), "limit_rules.summed", premise=line(ck, to(s[i] ** v, 1)), index=i)


def test_equal_bodies():
    ck = limits()
    known = line(ck, to(X, a))
    shown(ck, to(Y + v - v, b), "limit_rules.rewritten", premise=known, using=[line(ck, Eq(Y, X)), line(ck, Eq(b, a))])
    refused(ck, to(Y, a), "limit_rules.rewritten", premise=known)
    refused(ck, to(Y, a), "limit_rules.rewritten", premise=known, using=[line(ck, Eq(Y, X), Lt(v, c))])
    refused(ck, to(Y, a), "limit_rules.rewritten", premise=known, using=[line(ck, Eq(Y, 2 * X))])
    refused(ck, to(X, b), "limit_rules.rewritten", premise=known)
