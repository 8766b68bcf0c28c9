"""The rules about gradient flows: each accepts what its theorem gives, and refuses the false variants beside it."""

from __future__ import annotations

import pytest

from theorycheck.derivation import context_of
from theorycheck.domain import Domain, hypothesis, real, size
from theorycheck.exact import basic_rules as basic, flow_rules as flows, rules as by
from theorycheck.exact.session import Session, Stuck, substitute_all
from theorycheck.fact import Proven
from theorycheck.tree import (
    INFINITY,
    All,
    Converges,
    Dt,
    Eq,
    Flow,
    Function,
    Ge,
    Le,
    Lt,
    Member,
    Node,
    absolute,
    exp,
    inner,
    log,
    norm,
    num,
    sqrt,
    sym,
    vec,
)

n, t, c, m, R, a = (sym(name) for name in ("n", "t", "c", "m", "R", "a"))
C, G = Function("C"), Function("G")
x, z = Flow("x", "C", (n, num(1))), Flow("z", "G", (n, num(1)))
y, p = vec("y", n), vec("p", n)
now, start, end = x(t), x(0), flows.end_of(x(t))
loss, start_loss = C(now) - m, C(start) - m
V = sqrt(loss)
ABOVE = Lt(m, C(now))
STAYS = flows.stays(now, start, R)

TIME = hypothesis("t >= 0", Ge(t, 0))
MINIMUM = (
    hypothesis("minimum", Le(m, C(y)), variables=("y",)),
    hypothesis("minimum at x(t)", Le(m, C(now))),
    hypothesis("minimum at x(0)", Le(m, C(start))),
)


def session(*hypotheses, time=TIME):
    """A derivation under t >= 0, m <= C everywhere, c > 0, R >= 0, and further hypotheses."""
    more = (*([time] if time else []), *MINIMUM, *hypotheses)
    domain = Domain("test", (size("n"), real("c", above=0), real("R", at_least=0), real("a")), more)
    return Session(domain.hypotheses, context_of(domain))


def line(s, shows, *assumes):
    """A line taken for granted."""
    proven = Proven(shows, frozenset(assumes), f"({len(s.lines) + 1})", "granted")
    s.lines.append(proven)
    return proven


def refused(s, goal, rule, why):
    with pytest.raises(Stuck, match=why):
        s.show(goal, rule)


# --- Groenwall -----------------------------------------------------------------------------------------------------------
DECAYS = Le(Dt(loss), -c * loss)
BOUND = Le(loss, start_loss * exp(-c * t))


def test_groenwall():
    s = session()
    assert s.show(BOUND, flows.gronwall(line(s, DECAYS), loss, c)).assumes == frozenset()


def test_groenwall_keeps_the_assumption_that_the_path_stays():
    s = session()
    assert s.show(BOUND, flows.gronwall(line(s, DECAYS, STAYS), loss, c)).assumes == {STAYS}


def test_groenwall_for_a_growing_function():
    s = session()
    s.show(Le(loss, start_loss * exp(c * t)), flows.gronwall(line(s, Le(Dt(loss), c * loss)), loss, -c))


def test_groenwall_allows_a_weaker_goal():
    s = session()
    s.show(Le(loss, start_loss * exp(-c * t) + R), flows.gronwall(line(s, DECAYS), loss, c))


@pytest.mark.parametrize(
    ("goal", "premise", "f", "rate"),
    [
        (Le(loss, start_loss * exp(-2 * c * t)), DECAYS, loss, c),  # a faster decay
        (Le(loss, start_loss * exp(-2 * c * t)), DECAYS, loss, 2 * c),
        (BOUND, Le(-c * loss, Dt(loss)), loss, c),  # the inequality the other way
        (Le(start_loss * exp(-c * t), loss), DECAYS, loss, c),
        (Lt(loss, start_loss * exp(-c * t)), DECAYS, loss, c),  # equal at t = 0
        (Le(loss, loss * exp(-c * t)), DECAYS, loss, c),  # f(t) for f(0)
        (Le(loss, start_loss * exp(-c * t) - R), DECAYS, loss, c),
    ],
)
def test_groenwall_refuses_what_does_not_follow(goal, premise, f, rate):
    s = session()
    refused(s, goal, flows.gronwall(line(s, premise), f, rate), "known to be|bound the derivative|form a <= b")


def test_groenwall_refuses_a_rate_that_depends_on_time():
    s = session()
    premise = line(s, Le(Dt(loss), -t * loss))
    refused(s, Le(loss, start_loss * exp(-t * t)), flows.gronwall(premise, loss, t), "depends on t")


def test_groenwall_refuses_a_premise_about_one_time():
    s = session()
    refused(s, BOUND, flows.gronwall(line(s, DECAYS, Lt(t, 1)), loss, c), "assumption about the time")
    refused(s, BOUND, flows.gronwall(line(s, DECAYS, ABOVE), loss, c), "assumption about the time")
    s = session(hypothesis("early", Le(t, 1)))
    refused(s, BOUND, flows.gronwall(line(s, DECAYS), loss, c), "singles out a time")
    s = session(hypothesis("inside now", Le(norm(now - start), R)))
    refused(s, BOUND, flows.gronwall(line(s, DECAYS), loss, c), "singles out a time")


def test_groenwall_refuses_a_hypothesis_that_is_no_instance_of_a_universal_one():
    conditional = hypothesis("conditional", Le(a, C(y)), variables=("y",), given=(Le(norm(y), R),))
    s = session(conditional, hypothesis("conditional at x(t)", Le(a, C(now))))
    refused(s, BOUND, flows.gronwall(line(s, DECAYS), loss, c), "singles out a time")


def test_groenwall_needs_time_to_run_forward():
    s = session(time=None)
    refused(s, BOUND, flows.gronwall(line(s, DECAYS), loss, c), "t >= 0")


def test_groenwall_refuses_a_ball_that_moves():
    s = session()
    moving = Node("stays", (now, start, R * t), None)
    refused(s, BOUND, flows.gronwall(line(s, DECAYS, moving), loss, c), "assumption about the time")


def test_groenwall_refuses_a_root_that_may_vanish():
    s = session()
    premise = line(s, Le(Dt(V), -c * V))
    goal = Le(V, sqrt(start_loss) * exp(-c * t))
    refused(s, goal, flows.gronwall(premise, V, c), "differentiable")
    s.show(goal, flows.gronwall(premise, V, c, line(s, ABOVE)))


@pytest.mark.parametrize(
    "f",
    [
        norm(now),
        absolute(inner(now, p)),
        log(1 + V),
        exp(V),
        C(V * now),
        sqrt(t),
        norm(x(sqrt(t)) - p) ** 2,
        1 + sqrt(1 + sqrt(t)),
    ],
    ids=str,
)
def test_groenwall_refuses_what_need_not_be_differentiable(f):
    s = session()
    premise = line(s, Le(Dt(f), -c * f))
    goal = Le(f, substitute_all(f, {"t": num(0)}) * exp(-c * t))
    refused(s, goal, flows.gronwall(premise, f, c), "differentiable|the derivative of")


def test_groenwall_refuses_a_derivative_as_the_function():
    s = session()
    premise = line(s, Le(Dt(loss + Dt(loss)), -c * (loss + Dt(loss))))
    with pytest.raises(Stuck):
        s.show(Le(loss + Dt(loss), start_loss * exp(-c * t)), flows.gronwall(premise, loss + Dt(loss), c))


# --- length --------------------------------------------------------------------------------------------------------------
FASTER = Le(Dt(V), -norm(Dt(now)))
LENGTH = Le(norm(now - start), sqrt(start_loss) - V)
REST = Le(norm(now - end), V)


def lengthy(s, *assumes):
    return line(s, FASTER, *assumes), V, line(s, ABOVE)


def test_length_of_the_path():
    s = session()
    s.show(LENGTH, flows.path_length(*lengthy(s)))
    s.show(LENGTH, flows.path_length(*lengthy(s, STAYS)))


@pytest.mark.parametrize(
    "goal",
    [
        Le(norm(now - start), sqrt(start_loss) - 2 * V),
        Le(norm(now - start), V),
        Le(norm(now - p), sqrt(start_loss) - V),
        Eq(norm(now - start), sqrt(start_loss) - V),
        Le(2 * norm(now - start), sqrt(start_loss) - V),
    ],
)
def test_length_refuses_what_does_not_follow(goal):
    s = session()
    refused(s, goal, flows.path_length(*lengthy(s)), "this gives")


def test_length_refuses_premises_that_do_not_bound_the_speed():
    speed = norm(Dt(now))
    for wrong in (Le(Dt(V), -speed / 2), Le(Dt(V), speed), Le(-speed, Dt(V)), Le(Dt(V), 0 * speed)):
        s = session()
        refused(s, LENGTH, flows.path_length(line(s, wrong), V, line(s, ABOVE)), "bound the derivative")


def test_finite_length():
    s = session()
    s.show(REST, flows.finite_length(*lengthy(s)))
    s.show(Converges(now, t, INFINITY, end), flows.finite_length(*lengthy(s)))


def test_finite_length_refuses_an_open_assumption_that_the_path_stays():
    s = session()
    refused(s, REST, flows.finite_length(*lengthy(s, STAYS)), "assumption about the time")


def test_finite_length_refuses_a_function_that_may_be_negative():
    s = session()
    W = -t * a
    premise = line(s, Le(Dt(W), -norm(Dt(now))))
    refused(s, Converges(now, t, INFINITY, end), flows.finite_length(premise, W), "not known to be >= 0")


def test_finite_length_refuses_other_limits():
    s = session()
    wrong = (Converges(now, t, INFINITY, p), Converges(now, t, 0, end), Le(norm(now - end), V / 2), Le(norm(start - end), V))
    for goal in wrong:
        refused(s, goal, flows.finite_length(*lengthy(s)), "this gives|not of the form|this")


def test_diameter():
    s = session()
    rule = flows.diameter(*lengthy(s))
    s.show(Le(norm(now - start), sqrt(start_loss)), rule)
    s.show(Le(norm(x(num(2)) - now), sqrt(start_loss)), rule)
    s.show(Le(norm(now - x(2 * t)), sqrt(start_loss) + R), rule)


def test_diameter_refuses_other_bounds_times_and_paths():
    s = session(hypothesis("a is known", Ge(a, -1)))
    rule = flows.diameter(*lengthy(s))
    low = sqrt(start_loss)
    wrong = [Le(norm(now - x(-1)), low), Le(norm(now - x(a)), low), Le(norm(now - x(2)), low / 2), Le(norm(now - z(2)), low)]
    wrong += [Le(norm(now - x(2)), V), Le(norm(now - x(2)), low - V), Lt(norm(now - x(2)), low), Le(low, norm(now - x(2)))]
    for goal in wrong:
        refused(s, goal, rule, "the goal is not")
    refused(s, Le(norm(now - x(2)), low), flows.diameter(*lengthy(s, STAYS)), "assumption about the time")
    W = -t * a
    falling = line(s, Le(Dt(W), -norm(Dt(now))))
    refused(s, Le(norm(now - x(2)), 0), flows.diameter(falling, W), "not known to be >= 0")


def test_a_rule_may_know_earlier_lines():
    s = session()
    positive = line(s, ABOVE, Lt(m, C(start)))
    found = s.show(Lt(0, 1 / loss), basic.knowing(by.sign(), positive))
    assert found.assumes == {Lt(m, C(start))}
    premise = line(s, Le(c, R), ABOVE)
    assert s.show(Le(c / loss, R / loss), basic.knowing(by.linear((premise, 1 / loss)), positive)).assumes == {Lt(m, C(start))}


def test_a_rule_knows_no_more_than_lines_that_are_shown():
    s = session()
    refused(s, Lt(0, 1 / loss), basic.knowing(by.sign(), line(s, Le(m, C(now)))), "positive|zero|vanish|known")
    refused(s, Lt(0, 1 / loss), basic.knowing(by.sign(), line(s, ABOVE, ABOVE)), "rests on itself")
    foreign = Proven(ABOVE, frozenset(), "(99)", "granted")
    refused(s, Lt(0, 1 / loss), basic.knowing(by.sign(), foreign), "not a line of this derivation")
    early = line(s, Le(t, 1))
    refused(s, BOUND, basic.knowing(flows.gronwall(line(s, DECAYS), loss, c), early), "singles out a time")


# --- staying in a ball ---------------------------------------------------------------------------------------------------
INSIDE = Member(now, start, R)
SHORT = Lt(norm(now - start), R)


def test_continuation_discharges_the_assumption():
    s = session()
    found = s.show(INSIDE, flows.continuation(line(s, SHORT, STAYS, Lt(m, C(start)))))
    assert found.assumes == {Lt(m, C(start))}


@pytest.mark.parametrize(
    ("shows", "assumes", "why"),
    [
        (Le(norm(now - start), R), (STAYS,), "strictly"),  # true of every path that stays, also of one that leaves later
        (Lt(norm(now - start), 2 * R), (STAYS,), "strictly"),
        (Lt(norm(now - p), R), (STAYS,), "strictly"),
        (SHORT, (), "does not assume"),
        (SHORT, (flows.stays(now, start, 2 * R),), "does not assume"),
        (SHORT, (flows.stays(z(t), start, R),), "does not assume"),
        (SHORT, (STAYS, ABOVE), "assumption about the time"),
        (SHORT, (STAYS, Le(t, 1)), "assumption about the time"),
    ],
)
def test_continuation_refuses(shows, assumes, why):
    s = session()
    refused(s, INSIDE, flows.continuation(line(s, shows, *assumes)), why)


def test_continuation_refuses_a_ball_around_another_point():
    s = session()
    premise = line(s, Lt(norm(now - p), R), flows.stays(now, p, R))
    refused(s, Member(now, p, R), flows.continuation(premise), "centre")


def test_continuation_refuses_a_radius_that_may_be_negative():
    s = session()
    premise = line(s, Lt(norm(now - start), a), flows.stays(now, start, a))
    refused(s, Member(now, start, a), flows.continuation(premise), "radius")


def test_continuation_refuses_a_domain_that_knows_the_time():
    s = session(hypothesis("early", Le(t, 1)))
    refused(s, INSIDE, flows.continuation(line(s, SHORT, STAYS)), "singles out a time")


def test_inside_needs_the_assumption():
    s = session()
    assert s.show(INSIDE, by.under([STAYS], flows.inside())).assumes == {STAYS}
    refused(s, INSIDE, flows.inside(), "not assumed")
    refused(s, Member(now, start, R / 2), by.under([STAYS], flows.inside()), "not assumed")


def test_cut_is_not_circular():
    s = session()
    main, shown = line(s, BOUND, ABOVE, STAYS), line(s, ABOVE, Lt(m, C(start)))
    assert s.show(BOUND, basic.cut(main, shown)).assumes == {STAYS, Lt(m, C(start))}
    refused(s, BOUND, basic.cut(main, line(s, ABOVE, ABOVE)), "rests on itself")
    refused(s, BOUND, basic.cut(main, line(s, SHORT)), "does not assume")
    refused(s, LENGTH, basic.cut(main, shown), "not the line itself")


def test_definition_of_the_ball():
    s = session()
    s.show(INSIDE, basic.in_ball(line(s, Le(norm(now - start), R))))
    s.show(Le(norm(now - start), R), basic.of_ball(line(s, INSIDE)))
    refused(s, INSIDE, basic.in_ball(line(s, Le(norm(now - start), 2 * R))), "bound the distance")
    refused(s, Le(norm(now - start), R / 2), basic.of_ball(line(s, INSIDE)), "this gives")
    refused(s, Le(norm(now - start), a), basic.of_ball(line(s, Member(now, start, a))), "radius")


def test_comparison_by_squares():
    s = session()
    s.show(Le(a, R), basic.by_squares(line(s, Le(a**2, R**2))))
    refused(s, Le(R, a), basic.by_squares(line(s, Le(R**2, a**2))), "known to be >= 0")
    refused(s, Le(a, R), basic.by_squares(line(s, Le(R**2, a**2))), "not a\\^2")
    refused(s, Lt(a, R), basic.by_squares(line(s, Lt(a**2, R**2))), "not a <= b")


def test_parts_of_a_conjunction():
    s = session()
    s.show(BOUND, basic.part(line(s, All(INSIDE, BOUND))))
    refused(s, LENGTH, basic.part(line(s, All(INSIDE, BOUND))), "not a part")


def test_points_with_different_values_are_distinct():
    s = session()
    apart = Lt(0, norm(now - end) ** 2)
    s.show(apart, basic.distinct(line(s, Lt(C(end), C(now)))))
    refused(s, apart, basic.distinct(line(s, Le(C(end), C(now)))), "not f")
    refused(s, apart, basic.distinct(line(s, Lt(G(end), C(now)))), "two functions")
    refused(s, apart, basic.distinct(line(s, Lt(C(p), C(now)))), "this gives")
    refused(s, apart, basic.distinct(line(s, Lt(m, C(now)))), "not f")


# --- uniqueness of the flow ----------------------------------------------------------------------------------------------
def test_a_flow_that_is_above_the_minimum_stays_above():
    s = session(hypothesis("higher", Lt(m, C(start))))
    s.show(ABOVE, flows.above("minimum"))


def test_a_minimizer_is_an_equilibrium():
    s = session(hypothesis("at rest", Eq(m, C(start))))
    s.show(Eq(now, start), flows.equilibrium("minimum"))


def test_above_and_equilibrium_need_the_start():
    s = session()
    refused(s, ABOVE, flows.above("minimum"), "not known that m < C")
    refused(s, Eq(now, start), flows.equilibrium("minimum"), "not known that C")


def test_above_and_equilibrium_need_a_global_minimum_of_the_same_function():
    local = hypothesis("local", Le(m, C(y)), variables=("y",), given=(Le(norm(y), R),))
    higher, rest = hypothesis("higher", Lt(m, C(start))), hypothesis("at rest", Eq(m, C(start)))
    s = session(higher, rest, local)
    refused(s, ABOVE, flows.above("local"), "form m <= C")
    refused(s, Eq(now, start), flows.equilibrium("local"), "form m <= C")
    refused(s, ABOVE, flows.above("higher"), "form m <= C")
    refused(s, Lt(m, C(z(t))), flows.above("minimum"), "not a flow of this function")
    refused(s, Lt(a, C(now)), flows.above("minimum"), "another function or value")
    refused(s, Eq(z(t), z(0)), flows.equilibrium("minimum"), "not a flow of this function")
    refused(s, Eq(now, p), flows.equilibrium("minimum"), "x\\(0\\)")


def test_above_refuses_a_maximum():
    s = session(hypothesis("maximum", Le(C(y), a), variables=("y",)), hypothesis("lower", Lt(C(start), a)))
    refused(s, Lt(C(now), a), flows.above("maximum"), "not m < C")


# --- limits --------------------------------------------------------------------------------------------------------------
CONVERGES = Converges(now, t, INFINITY, end)


def test_limit_of_a_path_that_rests():
    s = session()
    still = line(s, Eq(now, start))
    s.show(CONVERGES, flows.settled(still))
    s.show(Eq(end, start), flows.settled(still))
    refused(s, Eq(end, p), flows.settled(still), "neither")
    refused(s, Eq(end, start), flows.settled(line(s, Eq(now, start), Eq(t, 0))), "assumption about the time")
    refused(s, Eq(end, p), flows.settled(line(s, Eq(now, p))), "not x\\(t\\)")


def test_value_at_the_limit():
    s = session()
    s.show(Eq(C(end), m), flows.squeeze(line(s, CONVERGES), line(s, BOUND), start_loss, c))


@pytest.mark.parametrize(
    ("goal", "upper", "amplitude", "rate", "why"),
    [
        (Eq(C(end), m), Le(loss, start_loss * exp(c * t)), start_loss, -c, "positive"),
        (Eq(C(end), m), Le(loss, start_loss), start_loss, num(0), "positive"),
        (Eq(C(end), m), Le(loss, exp(c * t) * exp(-c * t)), exp(c * t), c, "depends on t"),
        (Eq(C(end), m), Le(loss, start_loss * exp(-c * t) + R), start_loss, c, "not C"),
        (Eq(G(end), m), BOUND, start_loss, c, "not C"),
        (Eq(C(p), m), BOUND, start_loss, c, "not about the limit"),
        (Eq(C(end), a), Le(C(now) - a, start_loss * exp(-c * t)), start_loss, c, "not known to be >= 0"),
    ],
)
def test_value_at_the_limit_refuses(goal, upper, amplitude, rate, why):
    s = session()
    refused(s, goal, flows.squeeze(line(s, CONVERGES), line(s, upper), amplitude, rate), why)


def test_value_at_the_limit_refuses_a_bound_for_some_times_only():
    s = session()
    refused(s, Eq(C(end), m), flows.squeeze(line(s, CONVERGES), line(s, BOUND, Le(t, 1)), start_loss, c), "about the time")


def test_a_closed_ball_contains_limits():
    s = session()
    s.show(Member(end, start, R), flows.closed(line(s, CONVERGES), line(s, INSIDE)))
    refused(s, Member(end, start, R / 2), flows.closed(line(s, CONVERGES), line(s, INSIDE)), "same ball")
    refused(s, Member(end, start, R), flows.closed(line(s, CONVERGES), line(s, INSIDE, STAYS)), "about the time")
    wide = Member(now, start, t * R)
    refused(s, Member(end, start, t * R), flows.closed(line(s, CONVERGES), line(s, wide)), "depends on t")
    other = Converges(now, t, INFINITY, p)
    refused(s, Member(p, start, R), flows.closed(line(s, other), line(s, INSIDE)), "convergence")


def test_a_limit_is_a_constant_letter_of_its_own():
    s = session()
    s.show(Eq(Dt(norm(now - end) ** 2), 2 * inner(now - end, Dt(now))), by.identity())
    assert s.read(Dt(end)).is_zero
    assert not (s.read(end) - s.read(start)).is_zero
    assert not (s.read(end) - s.read(flows.end_of(z(t)))).is_zero
