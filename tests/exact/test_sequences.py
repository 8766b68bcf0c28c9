"""Sums over sequences: the normal form is linear, and the rules accept and refuse what they should."""

import pytest

from theorycheck.derivation import context_of
from theorycheck.domain import Domain, real, size
from theorycheck.evaluate import evaluate
from theorycheck.exact import induction_rules as induction, rules as by, sequences
from theorycheck.exact.session import Session, Stuck
from theorycheck.tree import Eq, Ge, absolute, minimum, num, over_sequences, product, scalars, sym, total

L, a, l = sym("L"), sym("a"), sym("l")
p, k, q = scalars("p"), scalars("k"), scalars("q")
delta = lambda x, y: 1 - minimum(absolute(x - y), 1)  # noqa: E731


def session():
    domain = Domain("test", (size("L", least=2), real("a", above=0)))
    return Session(domain.hypotheses, context_of(domain))


def refused(here, goal, rule, why):
    with pytest.raises(Stuck, match=why):
        here.show(goal, rule)


def test_values():
    env = {"k": {1: 2, 2: 3, 3: 5}, "L": 2}
    assert evaluate(over_sequences(p, L, 3, k[p[1]] * k[p[2]]), env) == 100
    assert evaluate(over_sequences(p, L, 3, delta(p[1], p[2])), env) == 3
    assert evaluate(over_sequences(p, 0, 3, num(7)), env) == 7


def test_linear():
    here = session()
    f = over_sequences(p, L, 3, a * k[p[1]] + 2 * k[p[L]])
    here.show(Eq(f, a * over_sequences(q, L, 3, k[q[1]]) + 2 * over_sequences(p, L, 3, k[p[L]])), by.identity())
    refused(here, Eq(f, a * over_sequences(p, L, 3, k[p[L]]) + 2 * over_sequences(p, L, 3, k[p[1]])), by.identity(), "left")
    refused(here, Eq(f, over_sequences(p, L - 1, 3, a * k[p[1]] + 2 * k[p[L]])), by.identity(), "left")
    here.show(Eq(over_sequences(p, 0, 3, a), a), by.identity())
    refused(here, Eq(over_sequences(p, 0, 3, k[p[1]]), a), by.identity(), "empty")


def test_powers_fall_apart():
    here = session()
    left = over_sequences(p, L, 3, a ** (L + 1 - delta(p[1], p[L])) * k[p[1]])
    here.show(Eq(left, a**L * over_sequences(p, L, 3, a ** (1 - delta(p[1], p[L])) * k[p[1]])), by.identity())
    wrong = a ** (L + 1) * over_sequences(p, L, 3, a ** delta(p[1], p[L]) * k[p[1]])
    refused(here, Eq(left, wrong), by.identity(), "left")


def test_last_place():
    here = session()
    chained = product(l, 1, L - 2, a ** delta(p[l], p[l + 1])) * a ** delta(p[L - 1], p[L]) * k[p[L]]
    shorter = product(l, 1, L - 2, a ** delta(p[l], p[l + 1]))
    after = sum((shorter * a ** delta(p[L - 1], num(v)) * k[v] for v in (2, 3)), shorter * a ** delta(p[L - 1], num(1)) * k[1])
    here.show(Eq(over_sequences(p, L, 3, chained), over_sequences(p, L - 1, 3, after)), sequences.last_place())
    wrong = shorter * a ** delta(p[L - 1], num(1)) * k[1]
    refused(here, Eq(over_sequences(p, L, 3, chained), over_sequences(p, L - 1, 3, wrong)), sequences.last_place(), "left over")
    refused(here, Eq(over_sequences(p, L, 3, chained), over_sequences(p, L - 1, 2, after)), sequences.last_place(), "shorter")
    refused(here, Eq(over_sequences(p, L, 3, chained), over_sequences(p, L, 3, after)), sequences.last_place(), "shorter")


def test_last_place_must_see_every_mention():
    here = session()
    hidden = product(l, 1, L, k[p[l]])
    refused(
        here, Eq(over_sequences(p, L, 3, hidden), over_sequences(p, L - 1, 3, 3 * hidden)), sequences.last_place(), "before"
    )
    beyond = k[p[L + 1]]
    refused(
        here, Eq(over_sequences(p, L, 3, beyond), over_sequences(p, L - 1, 3, 3 * beyond)), sequences.last_place(), "before"
    )
    inside = total(l, 1, L - 1, k[p[l]])
    here.show(Eq(over_sequences(p, L, 3, inside), over_sequences(p, L - 1, 3, 3 * inside)), sequences.last_place())


def test_alike():
    here = session()
    whole, split = product(l, 1, L, k[p[l]]), product(l, 1, L - 1, k[p[l]]) * k[p[L]]
    line = here.show(Eq(whole, split), by.last_one())
    here.show(Eq(over_sequences(p, L, 3, whole), over_sequences(p, L, 3, split)), sequences.alike(line))
    refused(here, Eq(over_sequences(p, L, 3, whole), over_sequences(p, L, 2, split)), sequences.alike(line), "different")
    refused(here, Eq(over_sequences(p, L, 3, split), over_sequences(p, L, 3, whole)), sequences.alike(line), "does not say")
    granted = here.show(Eq(k[p[1]], k[p[2]]), induction.assumed())
    goal = Eq(over_sequences(p, L, 3, k[p[1]]), over_sequences(p, L, 3, k[p[2]]))
    refused(here, goal, sequences.alike(granted), "assumption about p")


def test_the_smaller_of_two_known_numbers():
    here = session()
    here.show(Eq(minimum(2, num(3)) + minimum(a + 1, num(1)), num(3)), by.identity())
    refused(here, Eq(minimum(a, num(1)), num(1)), by.identity(), "left")
    refused(here, Ge(minimum(a, num(1)), 1), by.sign(), "known")
