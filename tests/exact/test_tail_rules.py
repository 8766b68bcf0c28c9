"""Rules about probabilities: each accepts what it should and refuses false variants."""

from __future__ import annotations

from fractions import Fraction

import pytest

from theorycheck.derivation import Library
from theorycheck.domain import Domain, depth, index, layers_of, real, widths
from theorycheck.exact import rules as by, tail_rules as tails
from theorycheck.exact.cited_norms import GAUSSIAN_LARGEST, OPERATOR_NORM
from theorycheck.models.included import each
from theorycheck.run import check_claim
from theorycheck.statement import Statement
from theorycheck.tree import All, Each, Ge, Le, exp, layers, num, probability, scalars, singular, sqrt, sym, total
from theorycheck.verdict import Outcome

L, l, j, s, t = (sym(name) for name in ("L", "l", "j", "s", "t"))
n = scalars("n")
W = layers("W", n)
sizes = (depth("L", most=2), widths("n", most=2), real("s", above=0), real("t", at_least=0), index("l", 1, L))
domain = Domain("Gaussian layers", sizes)
Q = exp(-(t**2) / 2)


def bound(i, more=0):
    return s * (sqrt(n[i]) + sqrt(n[i - 1]) + t + more)


def small(i, more=0):
    return Le(singular(W[i], 1), bound(i, more))


def verdict(body, where=domain, *others):
    statement = Statement("try", "a try", "0", where)
    statement.claim("it", line=1)(body)
    for other in others:
        other(statement)
    library = Library((statement,))
    found = check_claim(statement.claims[0], "quick", {}, 0, library).evidence[0]
    assert found.kind == "derivation"
    return found.outcome


def by_tail(fact=GAUSSIAN_LARGEST, more=0, least=1 - Q, law=s**2, **binding):
    def body():
        goal = yield Ge(probability(small(l, more), W, law), least)
        yield goal, tails.tail(fact, **{"l": l, "t": t, "v": s, **binding})

    return body


def test_a_cited_tail_and_smaller_bounds():
    assert verdict(by_tail()) is Outcome.SUPPORTS  # a single citation
    assert verdict(by_tail(least=1 - 2 * Q)) is Outcome.SUPPORTS


@pytest.mark.parametrize(
    "wrong",
    [
        {"least": 1 - Q / 2},
        {"more": -Fraction(1, 10)},
        {"law": s},
        {"law": 4 * s**2},
        {"fact": OPERATOR_NORM},
        {"t": t - 1},
        {"l": l + 1},
    ],
    ids=str,
)
def test_another_event_law_or_bound_is_refused(wrong):
    assert verdict(by_tail(**wrong)) is Outcome.NOTHING


def joint(factor):
    def claim():
        goal = yield Ge(probability(All(small(l), small(l)), W, s**2), 1 - factor * Q)
        one = yield Ge(probability(small(l), W, s**2), 1 - Q), tails.tail(GAUSSIAN_LARGEST, l=l, t=t, v=s)
        yield goal, tails.jointly(one, one)

    return claim


def test_probabilities_of_failure_add_up():
    assert verdict(joint(2)) is Outcome.PROVES
    assert verdict(joint(1)) is Outcome.NOTHING


# --- what holds for all layers on an event --------------------------------------------------------------------------------
EVENT = "small layers"


def of_the_first(extra=(), low=1, high=L):
    """A claim about layers on the event: its own hypothesis at l = 1."""
    variables = (*sizes, layers_of("W"))
    where = Domain("layers on the event", variables, (each(EVENT, small(j), 1, low, high), *extra))

    def add(statement):
        @statement.claim("within", line=1, domain=where)
        def within():
            goal = yield small(l)
            yield goal, by.given(EVENT, j=l)

    return add


def outside(factor=L, domain_=domain, extra=(), low=1, high=L):
    def body():
        goal = yield Ge(probability(small(l), W, s**2), 1 - factor * Q)
        one = yield Ge(probability(small(l), W, s**2), 1 - Q), tails.tail(GAUSSIAN_LARGEST, l=l, t=t, v=s)
        yield goal, tails.implied("try.within", EVENT, one, l)

    return verdict(body, domain_, of_the_first(extra, low, high))


def test_an_event_for_all_layers_costs_their_number():
    assert outside() is Outcome.PROVES
    assert outside(factor=2 * L) is Outcome.PROVES
    assert outside(factor=L / 2) is Outcome.NOTHING


def test_a_claim_that_asks_more_of_the_layers_is_refused():
    more = each("smaller still", Le(singular(W[j], 1), s), 1, 1, L)
    assert outside(extra=(more,)) is Outcome.NOTHING


def test_the_layers_of_the_event_are_those_of_the_tail():
    assert outside(low=0) is Outcome.NOTHING
    assert outside(high=L + 1) is Outcome.NOTHING


def test_layers_that_the_domain_fixes_are_not_random():
    known = Domain("known layers", (*sizes, layers_of("W")), (each("known", Le(singular(W[j], 1), s), 1, 1, L),))
    assert outside(domain_=known) is Outcome.NOTHING


# --- an event about every index --------------------------------------------------------------------------------------------
def every_layer(factor=L, low=1, high=L, more=0, of=j):
    def body():
        goal = yield Ge(probability(Each(j, low, high, small(of, more)), W, s**2), 1 - factor * Q)
        one = yield Ge(probability(small(l), W, s**2), 1 - Q), tails.tail(GAUSSIAN_LARGEST, l=l, t=t, v=s)
        yield goal, tails.throughout(one, l)

    return verdict(body)


def test_an_event_about_every_index_costs_their_number():
    assert every_layer() is Outcome.PROVES
    assert every_layer(factor=2 * L) is Outcome.PROVES
    assert every_layer(factor=L / 2) is Outcome.NOTHING


@pytest.mark.parametrize("wrong", [{"low": 0}, {"low": 2}, {"high": L - 1}, {"more": -1}, {"of": l}, {"of": j - 1}], ids=str)
def test_another_event_about_every_index_is_refused(wrong):
    assert every_layer(**wrong) is Outcome.NOTHING


def test_a_law_that_depends_on_the_index_is_refused():
    """At each l the layer l is small under the law of l: that says nothing of all layers under the law of one l."""

    def body():
        goal = yield Ge(probability(Each(j, 1, L, small(j)), W, s**2 + 0 * l), 1 - L * Q)
        one = yield Ge(probability(small(l), W, s**2 + 0 * l), 1 - Q), tails.tail(GAUSSIAN_LARGEST, l=l, t=t, v=s)
        yield goal, tails.throughout(one, l)

    assert verdict(body) is Outcome.NOTHING


def of_another_index(event, law, scale):
    """P[W_1 is small under the law at l] from P[event at l], where the event or the law depends on l in another way."""
    variables = (*sizes, layers_of("W"))
    where = Domain("layers on the event", variables, (each(EVENT, event(j), 1, 1, L),))

    def add(statement):
        @statement.claim("within", line=1, domain=where)
        def within():
            goal = yield event(num(1))
            yield goal, by.given(EVENT, j=num(1))

    def body():
        goal = yield Ge(probability(event(num(1)), W, law), 1 - L * Q)
        one = yield Ge(probability(event(l), W, law), 1 - Q), tails.tail(GAUSSIAN_LARGEST, l=l, t=t, v=scale)
        yield goal, tails.implied("try.within", EVENT, one, l)

    return verdict(body, domain, add)


def test_the_law_and_the_event_do_not_depend_on_the_index():
    """Both are false for l > 1: W_1 has entries N(0, (s l)^2) in the first, and l for its size in the second."""

    def of_size(i, scale):
        return scale * (sqrt(n[i]) + sqrt(n[i - 1]) + t)

    assert of_another_index(lambda i: Le(singular(W[i], 1), of_size(i, s)), s**2, s) is Outcome.PROVES
    assert of_another_index(lambda i: Le(singular(W[i], 1), of_size(i, s * i)), (s * l) ** 2, s * l) is Outcome.NOTHING
    assert of_another_index(lambda i: Le(singular(W[i], 1), of_size(l, s)), s**2, s) is Outcome.NOTHING


# --- one of a sum ---------------------------------------------------------------------------------------------------------
def one_of(body, high=L):
    def claim():
        goal = yield Le(body(l), total(l, 1, high, body(l)))
        line = yield Ge(body(l), 0), by.sign()
        yield goal, by.member(line, l)

    return verdict(claim)


def test_a_term_is_at_most_the_sum_of_terms_that_are_not_negative():
    assert one_of(lambda i: n[i]) is Outcome.PROVES
    assert one_of(lambda i: n[i] - 1) is Outcome.NOTHING
    assert one_of(lambda i: n[i], L - 1) is Outcome.NOTHING
