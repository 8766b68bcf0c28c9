"""Probabilities of events about sums of squares: against SciPy's chi-squared distribution, and what is refused."""

from __future__ import annotations

import pytest
from flint import arb, fmpq
from scipy.stats import chi2

from theorycheck import collect
from theorycheck.derivation import Library
from theorycheck.evaluate import evaluate
from theorycheck.evaluate.judge import judge_or_no_value
from theorycheck.evaluate.numbers import Unclear
from theorycheck.evaluate.radial import beyond
from theorycheck.tree import Ge, Gt, Le, Lt, Node, inner, layers, norm, num, probability, scalars, sqrt, sym, trace

n, r, s = scalars("n"), sym("r"), sym("s")
W = layers("W", n)
ENV = {"n": {0: 1, 1: 2, 2: 1}, "s": fmpq(1, 2), "r": fmpq(3)}
S = norm(W[1]) ** 2 + norm(W[2]) ** 2  # s times chi-squared of 4 degrees of freedom


def chance(event, **more):
    return arb(evaluate(probability(event, W, s), {**ENV, **more}))


def below(y, k=4):
    return chi2(k).cdf(2 * y)


EVENTS = {
    "at most": (Le(S, r), below(3)),
    "more": (Gt(S, r), 1 - below(3)),
    "turned": (Ge(r - 2 * S, -1), below(2)),
    "one layer": (Lt(inner(W[1], W[1]), r), below(3, 2)),
    "as a trace": (Lt(trace(W[1].T @ W[1]), r), below(3, 2)),
    "near": (Le((S - r) ** 2, 1), below(4) - below(2)),
    "near 0": (Le((S - 1) ** 2, 4), below(3)),
    "far": (Ge((S - 1) ** 2, r), 1 - below(1 + 3**0.5)),
    "with a root in it": (Le((S - sqrt(r)) ** 2, num(1)), below(1 + 3**0.5) - below(3**0.5 - 1)),
    "the fourth power": (Le(S * S, 9), below(3)),
    "never": (Le(S * S, 4 * S - 5), 0.0),
    "a number": (Le(S - S, 1), 1.0),
    "negative": (Le(S, -1), 0.0),
}


@pytest.mark.parametrize("name", EVENTS)
def test_events_about_a_sum_of_squares(name):
    event, expected = EVENTS[name]
    found = chance(event)
    assert float(found.rad()) < 1e-12
    assert abs(float(found.mid()) - expected) < 1e-11


def test_a_ball_as_the_bound_gives_a_ball_that_holds_the_values_of_its_points():
    found = chance(Le((S - r) ** 2, 1), r=arb(3, 1 / 64))
    for point in (3 - 1 / 64, 3, 3 + 1 / 64):
        assert float(found.lower()) <= below(point + 1) - below(point - 1) <= float(found.upper())
    assert beyond(3, arb(0, 1)).contains(1)
    assert beyond(3, arb(0, 1)).contains(beyond(3, arb(1)))


OTHERS = [
    Le(norm(W[1]) ** 2 - norm(W[2]) ** 2, r),  # a difference of two
    Le(norm(W.chain(2, 1)) ** 2, r),  # a product of layers
    Le(norm(W[1]) ** 2 + 2 * norm(W[2]) ** 2, r),  # other weights
    Le(S**3, r),  # degree 3
    Le(S - S, 0),  # nothing but 0 <= 0: on the edge
    Le(norm(W[1]), r),  # no polynomial
]


@pytest.mark.parametrize("event", OTHERS)
def test_other_events_are_not_decided(event):
    with pytest.raises(Unclear):
        chance(event)


def test_a_layer_that_is_not_there_has_no_probability():
    judged = judge_or_no_value(Le(probability(Le(norm(W[3]) ** 2, r), W, s), 2), ENV)
    assert judged.absent


@pytest.mark.parametrize("name", ["prop-2.markov-corrected", "prop-2.second-order", "lemma-14.close"])
def test_markov_claims_hold_at_an_instance_and_their_opposites_do_not(name):
    """One input and one output, two layers: |Theta - eta I| is |theta|^2 - eta."""
    tree = Library(collect.paper()).claim(name).tree()
    env = {"L": 2, "n": {0: 1, 1: 25, 2: 1}, "w": 25, "sigma": fmpq(2), "p": fmpq(1, 100), "c": fmpq(4)}
    assert judge_or_no_value(tree, env).holds is True
    assert tree.head == "ge"
    event = tree.nodes[0].nodes[0]
    other = Node("prob", (tree.nodes[0].args[0], Node("ge", event.args, None), *tree.nodes[0].nodes[1:]), ())
    assert judge_or_no_value(Ge(other, tree.nodes[1]), env).holds is False
    assert judge_or_no_value(Le(*tree.nodes), env).holds is False
