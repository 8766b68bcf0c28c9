"""Rules about expectations and probabilities: each accepts what its theorem gives, and refuses the false variants."""

import pytest

from theorycheck.derivation import context_of
from theorycheck.domain import Domain, hypothesis, layers_of, real, size, widths
from theorycheck.exact import basic_rules as basic, chance_rules as chance, induction_rules as induction, rules as by
from theorycheck.exact.session import Session, Stuck
from theorycheck.tree import (
    Eq,
    Every,
    Ge,
    Gt,
    Le,
    Lt,
    Not,
    expect,
    inner,
    layers,
    mat,
    norm,
    num,
    probability,
    scalars,
    sym,
    trace,
)

n, s, r, L = scalars("n"), sym("s"), sym("r"), sym("L")
W, V = layers("W", n), layers("V", n)
Z = mat("Z", n[1], n[0])
mass, other = norm(W[1]) ** 2, inner(W[1], Z)


def session(*conditions, variables=()):
    own = (size("L"), widths("n"), real("s", above=0), real("r", above=0), *variables)
    domain = Domain("test", own, conditions)
    return Session(domain.hypotheses, context_of(domain))


def refused(here, goal, rule, why):
    with pytest.raises(Stuck, match=why):
        here.show(goal, rule)


def test_averaged():
    here = session()
    line = here.show(Le(2 * other, mass + norm(Z) ** 2), by.linear(squares=[(1, W[1] - Z)]))
    here.show(Le(expect(2 * other, W, s), expect(mass + norm(Z) ** 2, W, s)), chance.averaged(line))
    refused(here, Le(expect(3 * other, W, s), expect(mass + norm(Z) ** 2, W, s)), chance.averaged(line), "left over")
    refused(here, Ge(expect(2 * other, W, s), expect(mass + norm(Z) ** 2, W, s)), chance.averaged(line), "left over")
    refused(here, Lt(expect(2 * other, W, s), expect(mass + norm(Z) ** 2, W, s)), chance.averaged(line), "must be")
    refused(here, Eq(expect(2 * other, W, s), expect(mass + norm(Z) ** 2, W, s)), chance.averaged(line), "must be")
    refused(here, Le(expect(2 * other, W, s), expect(mass + norm(Z) ** 2, W, r)), chance.averaged(line), "same layers")
    refused(here, Le(expect(2 * other, W, s - r), expect(mass + norm(Z) ** 2, W, s - r)), chance.averaged(line), "variance")


def test_averaged_needs_arbitrary_layers():
    small = hypothesis("W is small", Le(mass, 1))
    here = session(small, variables=(layers_of("W"),))
    line = here.show(Le(mass, num(1)), by.trivially())
    refused(here, Le(expect(mass, W, s), expect(num(1) + 0 * mass, W, s)), chance.averaged(line), "restricts")
    here = session()
    line = here.show(Le(mass, num(1)), induction.assumed())
    refused(here, Le(expect(mass, W, s), expect(num(1) + 0 * mass, W, s)), chance.averaged(line), "assumption about W")


def test_markov():
    here = session()
    goal = Le(probability(Ge(mass, r), W, s), expect(mass, W, s) / r)
    here.show(goal, chance.markov())
    here.show(Le(probability(Gt(mass, r), W, s), n[1] * n[0] * s / r), chance.markov())
    refused(here, Le(probability(Ge(mass, r), W, s), expect(mass, W, s) / r**2), chance.markov(), "left over")
    refused(here, Le(probability(Le(mass, r), W, s), expect(mass, W, s) / r), chance.markov(), "P.f >= t.")
    refused(here, Le(probability(Ge(other, r), W, s), expect(other, W, s) / r), chance.markov(), "f >= 0")
    refused(here, Le(probability(Ge(mass, s - r), W, s), expect(mass, W, s) / (s - r)), chance.markov(), "positive number")
    refused(here, Ge(probability(Ge(mass, r), W, s), expect(mass, W, s) / r), chance.markov(), "bound")
    refused(here, Le(probability(Ge(mass, mass + r), W, s), expect(mass, W, s) / r), chance.markov(), "positive number")


def test_markov_with_a_line_that_says_that_f_is_not_negative():
    here, f = session(), mass - 2 * other + norm(Z) ** 2
    goal = Le(probability(Ge(f, r), W, s), expect(f, W, s) / r)
    refused(here, goal, chance.markov(), "f >= 0")
    least = here.show(Ge(f, 0), by.linear(squares=[(1, W[1] - Z)]))
    here.show(goal, chance.markov(least))
    granted = here.show(Ge(other, 0), induction.assumed())
    rule = chance.markov(granted)
    refused(here, Le(probability(Ge(other, r), W, s), expect(other, W, s) / r), rule, "assumption about W")
    refused(here, Le(probability(Ge(2 * f - mass, r), W, s), expect(2 * f - mass, W, s) / r), chance.markov(least), "f >= 0")


def test_complement():
    here = session()
    here.show(Eq(probability(Le(mass, r), W, s), 1 - probability(Gt(mass, r), W, s)), chance.complement())
    here.show(Eq(probability(Ge(mass, r), W, s), 1 - probability(Lt(mass, r), W, s)), chance.complement())
    for wrong in (Ge(mass, r), Lt(mass, r), Gt(mass, s)):
        refused(here, Eq(probability(Le(mass, r), W, s), 1 - probability(wrong, W, s)), chance.complement(), "opposite")
    refused(here, Eq(probability(Le(mass, r), W, s), 2 - probability(Gt(mass, r), W, s)), chance.complement(), "opposite")


def test_implied():
    here = session()
    A, B = Le(mass, r), Le(2 * other, r + norm(Z) ** 2)
    small = here.show(A, induction.assumed())
    line = here.show(B, by.linear(small, squares=[(1, W[1] - Z)]))
    shown = here.show(Le(probability(A, W, s), probability(B, W, s)), chance.implied(line))
    assert shown.assumes == frozenset()
    here.show(Le(probability(A, W, s), probability(Every(Z, B), W, s)), chance.implied(line))
    refused(here, Le(probability(B, W, s), probability(A, W, s)), chance.implied(line), "does not show")
    refused(here, Ge(probability(A, W, s), probability(B, W, s)), chance.implied(line), "does not show")
    refused(here, Le(probability(A, W, s), probability(B, W, r)), chance.implied(line), "same layers")


def test_implied_needs_all_values():
    here = session()
    A = Le(other, r)
    small = here.show(A, induction.assumed())
    line = here.show(Le(other, 2 * r), by.linear(small))
    refused(here, Le(probability(A, W, s), probability(Every(Z, line.shows), W, s)), chance.implied(line), "is about Z")
    more = here.show(
        Le(trace(W[1] @ Z.T) + mass, 2 * r),
        by.under([Le(mass, r)], by.linear(small, here.show(Le(mass, r), induction.assumed()))),
    )
    refused(here, Le(probability(A, W, s), probability(more.shows, W, s)), chance.implied(more), "assumption about W")


def test_the_opposite_of_an_inequality():
    here = session()
    strict, weak = here.show(Lt(-r, s), by.sign()), here.show(Le(-r, s), by.sign())
    here.show(Not(Le(s, -r)), basic.contrary(strict))
    here.show(Not(Lt(s, -r)), basic.contrary(weak))
    here.show(Not(Gt(-2 * r, s)), basic.contrary(strict))
    for goal, line in ((Not(Le(s, -r)), weak), (Not(Le(-r, s)), strict), (Le(s, -r), strict), (Not(Le(s, r)), strict)):
        refused(here, goal, basic.contrary(line), "opposite|negation")
    assumed = here.show(Lt(r, s), induction.assumed())
    refused(here, Not(Le(s, r)), basic.contrary(assumed), "opposite")


def test_events_are_equal_up_to_the_names_of_the_layers():
    here = session()
    one, same = probability(Le(mass, r), W, s), probability(Le(norm(V[1]) ** 2, r), V, s)
    here.show(Eq(one, same), by.identity())
    refused(here, Eq(one, probability(Le(mass, s), W, s)), by.identity(), "left - right")
    here.show(Ge(one, num(0)), by.sign())


def paley(a, b, c, goal=None, shown=None, **more):
    """A session with E|W_1|^2 >= a, E|W_1|^4 <= b, t = s <= c taken for granted, and the rule from them."""
    here = session(*more.get("conditions", ()))
    lines = [Ge(expect(mass, W, s), a), Le(expect(mass * mass, W, s), b), Le(s, c)]
    return here, [here.show(line, by.under([line], by.trivially())) for line in (shown or lines)]


def test_paley_zygmund():
    goal = Ge(probability(Gt(mass, s), W, s), (4 * r - r) ** 2 / (9 * r**2))
    here, lines = paley(4 * r, 9 * r**2, r)
    here.show(goal, chance.paley_zygmund(*lines))
    weaker = Ge(probability(Gt(mass, s), W, s), num(1) / 2)
    here.show(weaker, chance.paley_zygmund(*lines))
    refused(here, Ge(probability(Gt(mass, s), W, s), num(2)), chance.paley_zygmund(*lines), "not known to be >= 0")
    refused(here, Ge(probability(Ge(mass, s), W, s), num(1)), chance.paley_zygmund(*lines), "P.f > t.")
    refused(here, Le(probability(Gt(mass, s), W, s), num(1)), chance.paley_zygmund(*lines), "lower bound")
    refused(here, Ge(probability(Gt(mass, r), W, s), num(1)), chance.paley_zygmund(*lines), "the lines are not")
    refused(here, Ge(probability(Gt(2 * mass, s), W, s), num(1)), chance.paley_zygmund(*lines), "something else")
    refused(here, Ge(probability(Gt(mass, s), W, r), num(1)), chance.paley_zygmund(*lines), "something else")


def test_paley_zygmund_needs_its_conditions():
    goal = Ge(probability(Gt(mass, s), W, s), num(0))
    for a, b, c, why in (
        (r, 9 * r**2, 2 * r, "0 <= c <= a"),  # the level above the mean: nothing follows
        (r, 9 * r**2, -r, "0 <= c <= a"),
        (4 * r, -9 * r**2, r, "b > 0"),
    ):
        here, lines = paley(a, b, c)
        refused(here, goal, chance.paley_zygmund(*lines), why)
    here, (mean, square, level) = paley(4 * r, 9 * r**2, r)
    refused(here, goal, chance.paley_zygmund(square, mean, level), "the lines are not|something else")
    upper, lower = Le(expect(mass, W, s), 4 * r), Ge(expect(mass * mass, W, s), 9 * r**2)
    other = here.show(upper, by.under([upper], by.trivially()))
    refused(here, goal, chance.paley_zygmund(other, square, level), "the lines are not|something else")
    other = here.show(lower, by.under([lower], by.trivially()))
    refused(here, goal, chance.paley_zygmund(mean, other, level), "the lines are not|something else")
    other = here.show(Le(r, s), by.under([Le(r, s)], by.trivially()))
    refused(here, goal, chance.paley_zygmund(mean, square, other), "the lines are not")
    random = Ge(expect(mass, W, s), 4 * mass)
    line = here.show(random, by.under([random], by.trivially()))
    refused(here, goal, chance.paley_zygmund(line, square, level), "the lines are not|assumption about W")
