"""Negations of limits: each rule refutes what is false, and nothing that is true or not known."""

from dataclasses import dataclass
from fractions import Fraction

import pytest
from flint import arb, fmpq

from theorycheck.derivation import context_of
from theorycheck.domain import Domain, drawn, hypothesis, real, size
from theorycheck.enclose.precision import working
from theorycheck.exact import leading_rules as leading, limit_refutations as refuted, limit_rules as limits, rules as by
from theorycheck.exact.form_values import value
from theorycheck.exact.session import Session, Stuck
from theorycheck.tree import Converges, Eq, Function, Gt, Lt, Not, gradient_of, log, mat, num, sym, trace

a, c, v, w, m = sym("a"), sym("c"), sym("v"), sym("w"), sym("m")
T = Function("T")
tenth = num(Fraction(1, 10))


@dataclass(frozen=True)
class Twice:
    """T(v) = 2 c v at an instance."""

    c: fmpq

    def value(self, x):
        return 2 * self.c * x


definition = hypothesis("T", Eq(T(v), 2 * c * v), variables=("v",), given=(Gt(v, 0),), test=lambda env: env["T"].c == env["c"])
TIME = drawn("T", lambda _, env: Twice(env["c"]))
domain = Domain(
    "limits",
    (size("m", least=3), real("a", above=0), real("c", above=0), real("v", above=0), TIME),
    (hypothesis("v < 1", Lt(v, 1)), definition),
)
INSTANCE = {"m": 3, "a": fmpq(1), "c": fmpq(2), "v": fmpq(1, 2), "T": Twice(fmpq(2))}


def session():
    return Session(domain.hypotheses, context_of(domain))


F = c + a * v
KNOWN = Converges(F, v, 0, c)


def from_limit(goal, rule, known=KNOWN, **options):
    """Refute `goal` from a limit that is shown first."""
    at = session()
    exact = at.show(Eq(known.nodes[0], known.nodes[0]), by.identity())
    line = at.show(known, leading.equal(exact))
    return at.show(Not(goal), rule(line, **options))


# --- another value -----------------------------------------------------------------------------------------------------------
def other_value(line, instance=INSTANCE):
    return refuted.differs(line, instance)


def test_a_value_that_has_no_normal_form_is_compared_at_an_instance():
    assert from_limit(Converges(c + a * v, v, 0, c + log(num(9) / 10 + a - c)), other_value)  # no logarithm at the instance
    assert from_limit(Converges(c + a * v, v, 0, c + log(num(3) / 2 - a / c / 4)), other_value)


@pytest.mark.parametrize(
    "goal",
    [
        Converges(c + a * v, v, 0, c),
        Converges(c + a * v, v, 0, 2 * a),  # agrees at this instance
        Converges(c + a * v, v, 0, c + v),  # its value moves
        Converges(c + a * v, v, tenth, 3 * c),  # at another point
        Converges(c + a * w, w, 0, 3 * c),
        Converges(c + 2 * a * v, v, 0, 3 * c),
    ],
    ids=str,
)
def test_differs_rejects(goal):
    with pytest.raises(Stuck):
        from_limit(goal, other_value)


# --- a term that tends to infinity, at an instance ---------------------------------------------------------------------------
def infinite(goal, instance):
    return from_limit(goal, lambda line: leading.diverges(line, at=instance))


def test_a_coefficient_of_unknown_sign_is_decided_at_an_instance():
    for k in (c - a, m ** (num(1) / 3) - m ** (num(3) / 10)):
        goal = Converges(c + a * v + k / v, v, 0, c)
        with pytest.raises(Stuck):
            from_limit(goal, leading.diverges)
        assert infinite(goal, INSTANCE)


@pytest.mark.parametrize(
    ("k", "instance"),
    [
        (c - 2 * a, INSTANCE),  # 0 at this instance
        (c - a, {**INSTANCE, "a": fmpq(-1)}),  # not admissible
        (c - a, {**INSTANCE, "m": 2}),
        (c - a, {**INSTANCE, "T": Twice(fmpq(1))}),
        (m ** (num(1) / 3) - m ** (num(2) / 6), INSTANCE),
    ],
)
def test_an_instance_must_be_admissible_and_decide(k, instance):
    with pytest.raises(Stuck):
        infinite(Converges(c + a * v + k / v, v, 0, c), instance)


# --- a multiple --------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(
    ("goal", "options"),
    [
        (Converges(F / v, v, 0, c), {}),  # no limit at all
        (Converges(-F / v, v, 0, c), {}),
        (Converges(F * v, v, 0, c), {}),  # the limit is 0
        (Converges(2 * F, v, 0, c), {}),
        (Converges(a * F, v, 0, c), {"at": INSTANCE | {"a": fmpq(2)}}),
    ],
    ids=str,
)
def test_multiples(goal, options):
    assert from_limit(goal, refuted.rescaled, **options)


@pytest.mark.parametrize(
    ("goal", "known", "options"),
    [
        (Converges(2 * F, v, 0, 2 * c), Converges(F, v, 0, c), {"at": INSTANCE}),
        (Converges(F * v, v, 0, 0), Converges(F, v, 0, c), {"at": INSTANCE}),
        (Converges(a * F, v, 0, c), Converges(F, v, 0, c), {"at": INSTANCE}),  # a = 1 there
        (Converges(F * v**v, v, 0, 2 * c), Converges(F, v, 0, c), {}),  # not known to have a limit
        (Converges((a - c) * F, v, 0, 0), Converges(F, v, 0, c), {}),  # the factor may be 0
        (Converges(F + v, v, 0, 2 * c), Converges(F, v, 0, c), {}),  # no multiple
        (Converges(a * v / v, v, 0, a), Converges(a * v, v, 0, 0), {}),  # infinity times 0
        (Converges(F / v, v, tenth, c), Converges(F, v, 0, c), {}),
    ],
    ids=str,
)
def test_what_is_no_multiple_or_true_is_rejected(goal, known, options):
    with pytest.raises(Stuck):
        from_limit(goal, refuted.rescaled, known, **options)


# --- another point -----------------------------------------------------------------------------------------------------------
def elsewhere(goal, instance=INSTANCE):
    return session().show(Not(goal), refuted.elsewhere(instance))


@pytest.mark.parametrize(
    ("goal", "why"),
    [
        (Converges(c * v, v, num(-1), -c), "no admissible"),
        (Converges(c * v, v, num(2), 2 * c), "no admissible"),  # v < 1
        (Converges(c * v, v, tenth, c), "stays away"),
        (Converges(1 / v, v, num(1), 2), "stays away"),
        (Converges(T(v), v, tenth, 2 * c), "stays away"),
    ],
    ids=str,
)
def test_points_that_no_admissible_value_comes_near_and_other_values(goal, why):
    assert why in elsewhere(goal).detail


@pytest.mark.parametrize(
    ("goal", "instance"),
    [
        (Converges(c * v, v, tenth, c / 10), INSTANCE),
        (Converges(T(v), v, tenth, c / 5), INSTANCE),
        (Converges(c * v, v, num(1), c), INSTANCE),  # an end of the domain
        (Converges(c * v, v, num(0), 0), INSTANCE),
        (Converges(log(v), v, num(0), c), INSTANCE),  # true, but no ball tells it
        (Converges(c * v, v, tenth, v), INSTANCE),
        (Converges(c * v, v, tenth, c), {**INSTANCE, "c": fmpq(-1)}),
        (Converges(c * v, v, tenth, c), {**INSTANCE, "v": fmpq(3)}),
        (Converges(c * v, v, a / 10, c), INSTANCE),
        (Eq(c * v, c), INSTANCE),
    ],
    ids=str,
)
def test_elsewhere_rejects(goal, instance):
    with pytest.raises(Stuck):
        elsewhere(goal, instance)


# --- a function that moves ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("goal", [Converges(T(v), v, 0, T(v)), Converges(T(v), v, 0, c), Converges(v * T(v), v, 0, 0)], ids=str)
def test_a_function_of_what_moves_is_no_constant(goal):
    at = session()
    exact = at.show(Eq(T(v), T(v)), by.identity())
    constant = at.show(Converges(c, v, 0, c), limits.stays())
    for rule in (limits.stays(), leading.equal(exact), leading.moved(constant), leading.squeezed(exact, exact)):
        with pytest.raises(Stuck):
            at.show(goal, rule)
    for rule in (leading.diverges(constant), refuted.rescaled(constant), refuted.differs(constant, INSTANCE)):
        with pytest.raises(Stuck):
            at.show(Not(goal), rule)


def test_its_definition_gives_its_limit():
    at = session()
    exact = at.show(Eq(T(v), 2 * c * v), by.given("T"))
    assert at.show(Converges(T(v), v, 0, 0), leading.equal(exact))
    with pytest.raises(Stuck):
        at.show(Eq(T(-v), -2 * c * v), by.given("T", v=-v))
    with pytest.raises(Stuck):
        at.show(Converges(T(v), v, 0, c), leading.equal(exact))


def test_a_function_of_a_number_has_no_gradient():
    V = mat("V", 1, 1)
    with pytest.raises(Stuck, match="a function of"):
        session().show(Eq(trace(gradient_of(T(trace(V)), V)), 0), by.identity())


def test_values_of_forms():
    x = session().read(c ** (num(1) / 3) * m ** (a / 2) / (a + c) + log(1 + c))
    env = {"c": fmpq(8), "m": fmpq(9), "a": fmpq(1)}
    with working(128):
        assert value(x, env).overlaps(arb(2) * 3 / 9 + arb(9).log())
        assert value(x, env).rad() < 1e-20
