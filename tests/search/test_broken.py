"""Dropped hypotheses: instances that a hypothesis itself gives, definitions, values that are always there, bound names."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from flint import fmpq

from tests.search.test_mutate import CLAIMS
from theorycheck.domain import Domain, derived, drawn, hypothesis, real
from theorycheck.fact import names_of
from theorycheck.search.counterexample import counterexample, possible
from theorycheck.search.dropped import unconcerned
from theorycheck.search.free_draws import fails_somewhere
from theorycheck.tree import Eq, Ge, Gt, Le, layers, norm, num, scalars, sym, total

a, b, c, j = sym("a"), sym("b"), sym("c"), sym("j")
n = scalars("n")
W = layers("W", n)


def test_an_instance_that_a_hypothesis_gives_is_tried_and_all_others_are_checked_there():
    """a >= 10^6 is what makes (a - 1234567/10)^2 > 0 true; no draw hits that number."""

    def claim():
        yield Gt((a - num(Fraction(1234567, 10))) ** 2, 0)

    def witness(given):
        large = hypothesis("a is large", Ge(a, 10**6), breaks=given)
        variables = (drawn("a", lambda s, _: fmpq(10**6 + s.integer(0, 3))), real("b"))
        domain = Domain("a >= 10^6, b <= 100", variables, (large, hypothesis("b <= 100", Le(b, 100))))
        return counterexample(replace(CLAIMS["product"], body=claim, domain=domain), large, "0", 6)

    at = fmpq(1234567, 10)
    found = witness(lambda source, env: {**env, "a": at, "b": fmpq(7)})
    assert found is not None
    assert found.values == {"a": "1234567/10"}
    assert witness(lambda source, env: {**env, "a": at, "b": fmpq(101)}) is None  # b <= 100 is broken as well
    assert witness(lambda source, env: {**env, "a": fmpq(10**7), "b": fmpq(0)}) is None  # the hypothesis itself holds
    assert witness(None) is None


def test_what_an_instance_raises_is_ignored():
    def raises(source, env):
        raise ValueError("no such instance")

    claim = CLAIMS["product"]
    positive = hypothesis("a is positive", Gt(a, 0), breaks=raises)
    claim = replace(claim, domain=Domain("a > 0", (real("a"), real("b"), real("c")), (positive,)))
    assert counterexample(claim, positive, "0", 24) is not None  # by the draws


def test_a_definition_of_what_the_claim_does_not_mention_may_go():
    claim = CLAIMS["product"]
    product = hypothesis("c is a b", Eq(c, a * b))
    domain = replace(claim.domain, variables=(real("a", above=0), real("b"), derived("c", lambda env: env["a"] * env["b"])))
    assert unconcerned(replace(claim, domain=replace(domain, conditions=(product,))), product)
    small = hypothesis("c is small", Le(c, 1))  # a and b are restricted by both together
    assert not unconcerned(replace(claim, domain=replace(domain, conditions=(product, small))), product)
    root = hypothesis("c is 1/b", Eq(c, 1 / b))  # has no value for b = 0
    assert not unconcerned(replace(claim, domain=replace(domain, conditions=(root,))), root)
    itself = hypothesis("c is c + b", Eq(c, c + b))
    assert not unconcerned(replace(claim, domain=replace(domain, conditions=(itself,))), itself)


def test_one_of_two_symbols_that_a_claim_does_not_mention_is_enough():
    claim = CLAIMS["product"]
    d = sym("d")
    below = hypothesis("c <= d", Le(c, d))
    other = hypothesis("d^2 >= 2", Ge(d**2, 2))  # no end of its range is known of d
    variables = (real("a", above=0), real("b"), real("d"), drawn("c", lambda s, env: env["d"], below))
    claim = replace(claim, domain=Domain("c <= d", variables, (other,)))
    assert unconcerned(claim, below)  # c = d
    assert not unconcerned(claim, other)


def test_an_index_has_a_value_where_every_size_is_at_least_one():
    low, high = hypothesis("i >= 1", Ge(sym("i"), 1)), hypothesis("i <= n_2", Le(sym("i"), n[2]))
    index = drawn("i", lambda s, _: 1, low, high, integer=True)

    def domain(**flags):
        sizes = drawn("n", lambda s, _: {1: 1, 2: s.integer(1, 3)}, **flags)
        return Domain("an index", (real("a", above=0), real("b"), sizes, index))

    assert unconcerned(replace(CLAIMS["product"], domain=domain(positive=True, integer=True)), high)
    assert not unconcerned(replace(CLAIMS["product"], domain=domain(positive=True)), high)  # n_2 may be 1/2


def test_what_a_hypothesis_says_of_members_that_are_not_there_does_not_break_it():
    """Of the family s_1 .. s_2 all are 1; at a = 5 there is nothing, which is no violation."""
    fact = hypothesis("units", Eq(scalars("s")[a], 1), variables=("a",), test=lambda env: True)
    assert not fails_somewhere(fact, {"s": {k: fmpq(1) for k in range(1, 3)}})
    assert fails_somewhere(fact, {"s": {k: fmpq(2) for k in range(-1, 6)}})


def test_an_index_that_is_bound_in_a_hypothesis_is_none_of_its_symbols():
    fact = hypothesis("small layers", Le(total(j, 1, sym("L"), norm(W[j]) ** 2), a))
    assert names_of(fact) == {"L", "W", "n", "a"}


def test_layers_of_other_sizes_than_the_widths_are_no_instance():
    one = ((fmpq(1),),)
    env = {"n": {0: 1, 1: 1, 2: 1}, "W": {1: one, 2: one}}
    goal = Le(norm(W.chain(2, 1)) ** 2, 2)
    assert possible(goal, env)
    assert not possible(goal, {**env, "n": {0: 1, 1: 2, 2: 1}})
