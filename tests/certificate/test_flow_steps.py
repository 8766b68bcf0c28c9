"""The checker's rules about flows: true lines, and false ones beside them."""

from __future__ import annotations

import pytest

from tests.certificate.granted import checker, line, refused, shown
from theorycheck.domain import Var, hypothesis, real, size
from theorycheck.tree import (
    INFINITY,
    Converges,
    Dt,
    Eq,
    Flow,
    Function,
    Ge,
    Gt,
    Le,
    Lt,
    Member,
    Node,
    absolute,
    exp,
    inner,
    limit,
    log,
    norm,
    num,
    sqrt,
    sym,
    vec,
)  # fmt: skip

n, t, c, m, R, a = (sym(name) for name in ("n", "t", "c", "m", "R", "a"))
C, G = Function("C"), Function("G")
x, z = Flow("x", "C", (n, num(1))), Flow("z", "G", (n, num(1)))
y, p = vec("y", n), vec("p", n)
now, start = x(t), x(0)
end = limit(t, INFINITY, now)
loss, start_loss = C(now) - m, C(start) - m
V = sqrt(loss)
ABOVE, BEGINS = Lt(m, C(now)), Lt(m, C(start))
STAYS = Node("stays", (now, start, R), None)
MINIMUM = (
    hypothesis("minimum", Le(m, C(y)), variables=("y",)),
    hypothesis("minimum at x(t)", Le(m, C(now))),
    hypothesis("minimum at x(0)", Le(m, C(start))),
)
TIME = hypothesis("t >= 0", Ge(t, 0))


def flows(*more, time=TIME):
    own = [size("n"), real("c", above=0), real("R", at_least=0), real("a"), *([time] if time else [])]
    return checker(*own, *MINIMUM, *more)


# --- Groenwall ------------------------------------------------------------------------------------------------------------
DECAYS, BOUND = Le(Dt(loss), -c * loss), Le(loss, start_loss * exp(-c * t))


def decaying(ck, goal=BOUND, shows=DECAYS, assumes=(), f=loss, rate=c, known=()):
    return ck, goal, "flow_rules.gronwall", {"premise": line(ck, shows, *assumes), "f": f, "rate": rate, "known": list(known)}


def accept(ck, goal, rule, args):
    return shown(ck, goal, rule, **args)


def refuse(ck, goal, rule, args, why=None):
    refused(ck, goal, rule, why, **args)


def test_groenwall():
    assert accept(*decaying(flows())).assumes == frozenset()
    assert len(accept(*decaying(flows(), assumes=[STAYS, BEGINS])).assumes) == 2
    accept(*decaying(flows(), Le(loss, start_loss * exp(-c * t) + R)))
    accept(*decaying(flows(), Le(loss, start_loss * exp(a * t)), Le(Dt(loss), a * loss), rate=-a))


@pytest.mark.parametrize(
    ("goal", "shows", "rate"),
    [
        (Le(loss, start_loss * exp(-2 * c * t)), DECAYS, c),
        (Le(loss, start_loss * exp(-2 * c * t)), DECAYS, 2 * c),
        (BOUND, Le(-c * loss, Dt(loss)), c),
        (BOUND, Le(Dt(loss), c * loss), c),
        (BOUND, Le(Dt(loss), -c * loss + R), c),
        (Le(start_loss * exp(-c * t), loss), DECAYS, c),
        (Lt(loss, start_loss * exp(-c * t)), DECAYS, c),
        (Le(loss, loss * exp(-c * t)), DECAYS, c),
        (Le(loss, start_loss * exp(c * t) - R), DECAYS, c),
        (Le(start_loss, loss * exp(-c * t)), DECAYS, c),
        (Eq(loss, start_loss * exp(-c * t)), DECAYS, c),
        (Le(loss, start_loss * exp(-t * t)), Le(Dt(loss), -t * loss), t),
    ],
)
def test_groenwall_refuses_what_does_not_follow(goal, shows, rate):
    refuse(*decaying(flows(), goal, shows, rate=rate))


@pytest.mark.parametrize("assumed", [Lt(t, 1), ABOVE, Le(norm(now), R), Node("stays", (now, start, R * t), None)])
def test_groenwall_refuses_a_premise_about_some_times(assumed):
    refuse(*decaying(flows(), assumes=[assumed]), "assumption about the time")


CONDITIONAL = hypothesis("conditional", Le(a, C(y)), variables=("y",), given=(Le(norm(y), R),))


@pytest.mark.parametrize(
    "known", [[Le(t, 1)], [Le(norm(now), R)], [Gt(t, 0)], [Eq(a, C(now))], [CONDITIONAL, Le(a, C(now))], [Le(a, C(now))]]
)
def test_groenwall_refuses_a_domain_that_singles_out_a_time(known):
    more = [h if hasattr(h, "shows") else hypothesis("more", h) for h in known]
    refuse(*decaying(flows(*more)), "singles out a time")


def test_groenwall_admits_an_instance_of_a_hypothesis_for_all_points():
    accept(*decaying(flows(hypothesis("at another point", Le(m, C(now + p))))))


def test_groenwall_needs_a_real_time_that_runs_forward():
    refuse(*decaying(flows(time=None)), "real number >= 0")
    refuse(*decaying(flows(Var("t", lambda s, e: 0, integer=True))), "real number >= 0")
    refuse(*decaying(flows(time=hypothesis("t >= -1", Ge(t, -1)))), "real number >= 0")


def test_groenwall_refuses_a_root_that_may_vanish():
    goal, shows = Le(V, sqrt(start_loss) * exp(-c * t)), Le(Dt(V), -c * V)
    refuse(*decaying(flows(), goal, shows, f=V))
    ck = flows()
    accept(*decaying(ck, goal, shows, f=V, known=[line(ck, ABOVE, BEGINS)]))
    ck = flows()
    refuse(*decaying(ck, goal, shows, f=V, known=[line(ck, ABOVE, Lt(t, 1))]), "assumption about the time")


ROUGH = [norm(now), absolute(inner(now, p)), log(1 + V), C(V * now), sqrt(t), norm(x(sqrt(t)) - p) ** 2, 1 + sqrt(1 + sqrt(t))]


@pytest.mark.parametrize("f", ROUGH, ids=str)
def test_groenwall_refuses_what_need_not_be_differentiable(f):
    refuse(*decaying(flows(), Le(f, R * exp(-c * t)), Le(Dt(f), -c * f), f=f))


def test_groenwall_refuses_a_derivative_as_the_function():
    f = loss + Dt(loss)
    refuse(*decaying(flows(), Le(f, start_loss * exp(-c * t)), Le(Dt(f), -c * f), f=f))


# --- length ---------------------------------------------------------------------------------------------------------------
FASTER, root = Le(Dt(V), -norm(Dt(now))), sqrt(start_loss)
LENGTH, REST = Le(norm(now - start), root - V), Le(norm(now - end), V)


def moving(ck, goal, rule, shows=FASTER, assumes=(), f=V, name="V"):
    args = {"premise": line(ck, shows, *assumes), name: f, "known": [line(ck, ABOVE, BEGINS)]}
    return ck, goal, f"flow_rules.{rule}", args


def test_length_of_the_path():
    accept(*moving(flows(), LENGTH, "path_length"))
    accept(*moving(flows(), LENGTH, "path_length", assumes=[STAYS]))
    accept(*moving(flows(), Le(norm(start - now), root), "path_length"))


@pytest.mark.parametrize(
    ("goal", "shows"),
    [
        (Le(norm(now - start), root - 2 * V), FASTER),
        (Le(norm(now - start), V), FASTER),
        (Le(norm(now - p), root - V), FASTER),
        (Eq(norm(now - start), root - V), FASTER),
        (Lt(norm(now - start), root - V), FASTER),
        (Le(2 * norm(now - start), root - V), FASTER),
        (Le(norm(z(t) - z(0)), root - V), FASTER),
        (LENGTH, Le(Dt(V), -norm(Dt(now)) / 2)),
        (LENGTH, Le(Dt(V), norm(Dt(now)))),
        (LENGTH, Le(-norm(Dt(now)), Dt(V))),
        (LENGTH, Le(Dt(V), 0 * norm(Dt(now)))),
        (LENGTH, Le(Dt(V), -norm(Dt(z(t))))),
    ],
)
def test_length_refuses_what_does_not_follow(goal, shows):
    refuse(*moving(flows(), goal, "path_length", shows))


def test_finite_length():
    accept(*moving(flows(), REST, "finite_length"))
    accept(*moving(flows(), Converges(now, t, INFINITY, end), "finite_length"))


@pytest.mark.parametrize(
    "goal",
    [
        Converges(now, t, INFINITY, p),
        Converges(now, t, num(0), end),
        Converges(z(t), t, INFINITY, limit(t, INFINITY, z(t))),
        Le(norm(now - end), V / 2),
        Le(norm(start - end), V),
        Lt(norm(now - end), V),
        Le(norm(now - p), V),
    ],
)
def test_finite_length_refuses_other_limits(goal):
    refuse(*moving(flows(), goal, "finite_length"))


def test_finite_length_needs_all_times_and_a_bound_from_below():
    refuse(*moving(flows(), REST, "finite_length", assumes=[STAYS]), "assumption about the time")
    W = -t * a
    goal = Converges(now, t, INFINITY, end)
    refuse(*moving(flows(), goal, "finite_length", Le(Dt(W), -norm(Dt(now))), f=W), "known to be >= 0")


def test_diameter():
    for goal in (Le(norm(now - start), root), Le(norm(x(2) - now), root), Le(norm(now - x(2 * t)), root + R)):
        accept(*moving(flows(), goal, "diameter", name="W"))


@pytest.mark.parametrize(
    "goal",
    [
        Le(norm(now - x(-1)), root),
        Le(norm(now - x(a)), root),
        Le(norm(now - x(2)), root / 2),
        Le(norm(now - z(2)), root),
        Le(norm(now - x(2)), V),
        Le(norm(now - x(2)), root - V),
        Lt(norm(now - x(2)), root),
        Le(root, norm(now - x(2))),
        Le(norm(x(1) - x(2)), root / 2),
    ],
)
def test_diameter_refuses_other_bounds_times_and_paths(goal):
    refuse(*moving(flows(hypothesis("a", Ge(a, -1))), goal, "diameter", name="W"))


def test_diameter_needs_all_times():
    refuse(*moving(flows(), Le(norm(now - x(2)), root), "diameter", assumes=[STAYS], name="W"), "assumption about the time")


# --- balls ----------------------------------------------------------------------------------------------------------------
INSIDE, SHORT = Member(now, start, R), Lt(norm(now - start), R)


def test_continuation_discharges_the_assumption():
    ck = flows()
    found = shown(ck, INSIDE, "flow_rules.continuation", premise=line(ck, SHORT, STAYS, BEGINS))
    assert len(found.assumes) == 1


@pytest.mark.parametrize(
    ("goal", "shows", "assumes"),
    [
        (INSIDE, Le(norm(now - start), R), [STAYS]),  # true of every path that stays, also of one that leaves later
        (INSIDE, Lt(norm(now - start), 2 * R), [STAYS]),
        (INSIDE, Lt(norm(now - p), R), [STAYS]),
        (INSIDE, Lt(norm(z(t) - start), R), [STAYS]),
        (INSIDE, SHORT, [Node("stays", (now, start, R / 2), None)]),
        (INSIDE, SHORT, [Node("stays", (z(t), start, R), None)]),
        (INSIDE, SHORT, [STAYS, ABOVE]),
        (INSIDE, SHORT, [STAYS, Le(t, 1)]),
        (Member(now, p, R), Lt(norm(now - p), R), [Node("stays", (now, p, R), None)]),
        (Member(now, start, a), Lt(norm(now - start), a), [Node("stays", (now, start, a), None)]),
        (Member(now, start, R * t), Lt(norm(now - start), R * t), [Node("stays", (now, start, R * t), None)]),
    ],
)
def test_continuation_refuses(goal, shows, assumes):
    ck = flows()
    refused(ck, goal, "flow_rules.continuation", premise=line(ck, shows, *assumes))


def test_continuation_refuses_a_domain_that_knows_the_time():
    ck = flows(hypothesis("early", Le(t, 1)))
    refused(ck, INSIDE, "flow_rules.continuation", "singles out", premise=line(ck, SHORT, STAYS))


def test_inside_needs_the_assumption():
    shown(flows(hypothesis("stays", STAYS)), INSIDE, "flow_rules.inside")
    refused(flows(), INSIDE, "flow_rules.inside")
    for wrong in (Member(now, start, R / 2), Member(z(t), start, R), Member(now, p, R)):
        refused(flows(hypothesis("stays", STAYS)), wrong, "flow_rules.inside")


# --- uniqueness -----------------------------------------------------------------------------------------------------------
HIGHER, REST_AT = hypothesis("higher", Lt(m, C(start))), hypothesis("at rest", Eq(m, C(start)))
OWN = [hypothesis("own", Le(C(y) - 1, C(y)), variables=("y",)), hypothesis("below", Lt(C(y) - 1, C(start)))]
LOCAL = hypothesis("local", Le(m, C(y)), variables=("y",), given=(Le(norm(y), R),))


def test_above_and_equilibrium():
    shown(flows(HIGHER), ABOVE, "flow_rules.above", minimum="minimum")
    shown(flows(REST_AT), Eq(now, start), "flow_rules.equilibrium", minimum="minimum")


@pytest.mark.parametrize(
    ("more", "goal", "minimum"),
    [
        ([], ABOVE, "minimum"),
        ([HIGHER, LOCAL], ABOVE, "local"),
        ([HIGHER], ABOVE, "higher"),
        ([HIGHER], Le(m, C(z(t))), "minimum"),
        ([HIGHER], Lt(m, G(now)), "minimum"),
        ([HIGHER], Lt(m, C(z(t))), "minimum"),
        ([HIGHER], Lt(a, C(now)), "minimum"),
        ([hypothesis("high", Le(C(y), a), variables=("y",)), hypothesis("low", Lt(C(start), a))], Lt(C(now), a), "high"),
        (OWN, Lt(C(y) - 1, C(now)), "own"),
    ],
)
def test_above_refuses(more, goal, minimum):
    refused(flows(*more), goal, "flow_rules.above", minimum=minimum)


def test_equilibrium_refuses():
    for more, goal in (([], Eq(now, start)), ([REST_AT], Eq(z(t), z(0))), ([REST_AT], Eq(now, p)), ([HIGHER], Eq(now, start))):
        refused(flows(*more), goal, "flow_rules.equilibrium", minimum="minimum")
    refused(flows(REST_AT, LOCAL), Eq(now, start), "flow_rules.equilibrium", minimum="local")


IMAGE = 2 * x(c * t)
STARTS, MOVES = Eq(2 * x(num(0)), z(0)), Eq(Dt(IMAGE), -G.grad(IMAGE))


def two_flows(*more):
    return checker(size("n"), real("c", above=0), real("R", at_least=0), TIME, *more)


def test_flows_are_unique():
    ck = two_flows(hypothesis("alive", Gt(1 - c * t, 0)))
    shown(ck, Eq(z(t), IMAGE), "homogeneous_rules.unique_flow", start=line(ck, STARTS), rate=line(ck, MOVES))


@pytest.mark.parametrize(
    ("goal", "starts", "moves", "more", "assumes"),
    [
        (Eq(z(t), IMAGE), Eq(2 * x(num(0)), p), MOVES, [], []),
        (Eq(z(t), IMAGE), Eq(x(num(0)), z(0)), MOVES, [], []),
        (Eq(z(t), IMAGE), STARTS, Eq(Dt(IMAGE), G.grad(IMAGE)), [], []),
        (Eq(z(t), IMAGE), STARTS, Eq(Dt(IMAGE), -C.grad(IMAGE)), [], []),
        (Eq(x(t), IMAGE), STARTS, MOVES, [], []),
        (Eq(z(t), 3 * x(c * t)), STARTS, MOVES, [], []),
        (Eq(z(t), IMAGE), STARTS, MOVES, [], [Ge(t, 1)]),
        (Eq(z(t), IMAGE), STARTS, MOVES, [hypothesis("late", Ge(t, 1))], []),
        (Eq(z(t), IMAGE), STARTS, MOVES, [hypothesis("two pieces", Ge((t - 1) * (t - 2), 0))], []),
        (Eq(z(t), IMAGE), STARTS, MOVES, [hypothesis("one time", Eq(t, c))], []),
        (Eq(z(t), IMAGE), STARTS, MOVES, [hypothesis("here", Le(norm(now), R))], []),
    ],
)
def test_unique_flow_refuses(goal, starts, moves, more, assumes):
    ck = two_flows(*more)
    refused(ck, goal, "homogeneous_rules.unique_flow", start=line(ck, starts), rate=line(ck, moves, *assumes))


# --- limits ---------------------------------------------------------------------------------------------------------------
CONVERGES, UPPER = Converges(now, t, INFINITY, end), Le(loss, R * exp(-c * t))


def test_a_constant_path_settles():
    for goal in (CONVERGES, Eq(end, start)):
        ck = flows()
        shown(ck, goal, "flow_rules.settled", still=line(ck, Eq(now, start)))


@pytest.mark.parametrize(
    ("goal", "still", "assumes"),
    [
        (Eq(end, p), Eq(now, start), []),
        (CONVERGES, Eq(now, p), []),
        (CONVERGES, Eq(now, start), [Le(t, 1)]),
        (CONVERGES, Eq(now, start), [STAYS]),
        (Converges(z(t), t, INFINITY, limit(t, INFINITY, z(t))), Eq(now, start), []),
    ],
)
def test_settled_refuses(goal, still, assumes):
    ck = flows()
    refused(ck, goal, "flow_rules.settled", still=line(ck, still, *assumes))


LEAST = Eq(C(end), m)


def squeezing(goal=LEAST, converges=CONVERGES, upper=UPPER, amplitude=R, rate=c, assumes=()):
    ck = flows()
    args = {"converges": line(ck, converges), "upper": line(ck, upper, *assumes), "amplitude": amplitude, "rate": rate}
    return ck, goal, "flow_rules.squeeze", args


def test_squeeze():
    accept(*squeezing())


@pytest.mark.parametrize(
    "wrong",
    [
        {"goal": Eq(C(end), a)},
        {"goal": Eq(C(start), m)},
        {"goal": Eq(G(end), m)},
        {"goal": Lt(C(end), m)},
        {"converges": Converges(now, t, num(0), end)},
        {"converges": Converges(z(t), t, INFINITY, limit(t, INFINITY, z(t)))},
        {"upper": Le(loss, R * exp(c * t))},
        {"upper": Le(R * exp(-c * t), loss)},
        {"upper": Le(loss, a * exp(-a * t)), "amplitude": a, "rate": a},
        {"upper": Le(loss, R * t * exp(-c * t)), "amplitude": R * t},
        {"assumes": [Le(t, 1)]},
        {"assumes": [STAYS]},
    ],
)
def test_squeeze_refuses(wrong):
    refuse(*squeezing(**wrong))


def test_a_closed_ball_contains_the_limit():
    ck = flows()
    shown(ck, Member(end, start, R), "flow_rules.closed", converges=line(ck, CONVERGES), member=line(ck, INSIDE))


@pytest.mark.parametrize(
    ("goal", "member", "assumes"),
    [
        (Lt(norm(end - start), R), INSIDE, []),
        (Member(end, start, R / 2), INSIDE, []),
        (Member(end, p, R), INSIDE, []),
        (Member(end, start, R), Member(z(t), start, R), []),
        (Member(end, start, R), INSIDE, [STAYS]),
        (Member(end, start, R), INSIDE, [Le(t, 1)]),
        (Member(end, start, R * t), Member(now, start, R * t), []),
    ],
)
def test_closed_refuses(goal, member, assumes):
    ck = flows()
    refused(ck, goal, "flow_rules.closed", converges=line(ck, CONVERGES), member=line(ck, member, *assumes))
