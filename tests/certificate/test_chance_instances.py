"""Sums over sequences in the checker; probabilities, expectations and such sums at instances."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
from flint import arb, fmpq

from tests.certificate.checking import refused, show, tree
from tests.certificate.test_checker_chance import IDENTITY, V, W, h, l, r, s, session
from theorycheck.certificate.checker.core import NotCovered, Refused
from theorycheck.certificate.checker.witness import chance, tails  # noqa: F401 (they enter what they read)
from theorycheck.certificate.checker.witness.evaluate import value as at_instance
from theorycheck.certificate.checker.witness.numbers import NoValue
from theorycheck.domain import hypothesis
from theorycheck.tree import (
    Eq,
    Ge,
    Gt,
    Le,
    expect,
    expect_joint,
    inner,
    norm,
    num,
    over_sequences,
    probability,
    product,
    scalars,
    singular,
)

# --- sums over sequences ----------------------------------------------------------------------------------------------------
p, q, k = scalars("p"), scalars("q"), scalars("k")


def over(length, count, body, family=p):
    return over_sequences(family, length, count, body)


def test_sums_over_sequences_are_linear_and_name_no_member_outside():
    ck = session(Ge(h, 1))
    f = k[p[1]] * k[p[h]]
    show(ck, Eq(over(h, 3, 2 * s * f + f), (2 * s + 1) * over(h, 3, k[q[1]] * k[q[h]], q)), IDENTITY)
    show(ck, Eq(over(num(0), 3, s + 1), s + 1), IDENTITY)
    refused(ck, Eq(over(h, 3, f), over(h, 2, f)), IDENTITY)
    refused(ck, Eq(over(h, 3, f), over(h + 1, 3, f)), IDENTITY)
    refused(ck, Eq(over(h, 3, f), k[p[1]] * over(h, 3, k[p[h]])), IDENTITY)
    for outside in (0, h + 1):
        refused(
            ck, Eq(over(h, 3, k[p[outside]]), over(h, 3, k[p[outside]])), IDENTITY, match="no member|not known that there is"
        )
    refused(ck, Eq(over(h - 2, 3, s), over(h - 2, 3, s)), IDENTITY, match="known to be >= 0")


def test_the_last_member_is_summed_over():
    ck = session(Ge(h, 1))
    f = k[p[h]] * product(l, 1, h, k[p[l]])
    body = product(l, 1, h, k[p[l]]) * k[p[h + 1]] * k[p[h]]
    terms = [product(l, 1, h, k[p[l]]) * k[num(v)] * k[p[h]] for v in (1, 2)]
    show(ck, Eq(over(h + 1, 2, body), over(h, 2, terms[0] + terms[1])), "sequences.last_place")
    for wrong in (over(h, 2, terms[0]), over(h, 3, terms[0] + terms[1]), over(h + 1, 2, terms[0] + terms[1])):
        refused(ck, Eq(over(h + 1, 2, body), wrong), "sequences.last_place")
    refused(ck, Eq(over(h + 1, 2, k[p[l]]), over(h, 2, 2 * k[p[l]])), "sequences.last_place", match="last member")
    refused(ck, Eq(over(h, 2, f), over(h - 1, 2, f)), "sequences.last_place")


def test_equal_terms_have_equal_sums():
    ck = session(Ge(h, 1))
    same = show(ck, Eq(k[p[1]] * 2, k[p[1]] + k[p[1]]), IDENTITY)
    goal = Eq(over(h, 3, k[p[1]] * 2), over(h, 3, k[p[1]] + k[p[1]]))
    show(ck, goal, "sequences.alike", line=same)
    for wrong in (Eq(goal.nodes[1], goal.nodes[0]), Eq(goal.nodes[0], over(h + 1, 3, k[p[1]] + k[p[1]])), Ge(*goal.nodes)):
        refused(ck, wrong, "sequences.alike", line=same)
    assumed = show(ck, Eq(k[p[1]] * 2, s), "induction_rules.assumed")
    refused(ck, Eq(over(h, 3, k[p[1]] * 2), over(h, 3, s)), "sequences.alike", line=assumed, match="assumption")
    fixed = session(Ge(h, 1), hypothesis("p", Eq(p[1], 1)))
    known = show(fixed, Eq(p[1], num(1)), "fact_rules.trivially")
    refused(fixed, Eq(over(h, 3, p[1]), over(h, 3, num(1))), "sequences.alike", line=known, match="arbitrary")


# --- at instances -----------------------------------------------------------------------------------------------------------
SIZES = {"n": {0: fmpq(1), 1: fmpq(2), 2: fmpq(1)}, "s": fmpq(1, 3), "r": fmpq(2)}


def instance(t, **more):
    return at_instance(tree(t), {**SIZES, **more})


def test_probabilities_of_one_layer():
    """|W_1|^2 / s has two degrees of freedom, so that P[|W_1| > b] = e^(-b^2 / 2s)."""
    found = instance(probability(Gt(singular(W[1], 1), r), W, s))
    assert found.overlaps((fmpq(-6) * arb(1)).exp())
    assert found.rel_accuracy_bits() > 20
    assert instance(probability(Le(singular(W[1], 1), r), W, s)).overlaps(1 - (arb(-6)).exp())
    wide = {"n": {0: fmpq(3), 1: fmpq(3)}}
    low, high = (float(f(instance(probability(Gt(singular(W[1], 1), r), W, s), **wide))) for f in (arb.lower, arb.upper))
    rng = np.random.default_rng(3)
    share = np.mean(np.linalg.norm(rng.normal(0, 3**-0.5, (4000, 3, 3)), 2, (1, 2)) > 2)
    assert low - 0.03 < share < high + 0.03
    assert low < high - 0.1


def test_a_product_of_two_normal_numbers():
    one = {"n": {k: fmpq(1) for k in range(3)}}
    for bound in (2, 5, 20):
        found = instance(probability(Gt(singular(W.chain(2, 1), 1), num(bound)), W, s), **one)
        z = mpmath.mpf(3 * bound)
        expected = 2 / mpmath.pi * mpmath.quad(lambda t: mpmath.besselk(0, t), [z, z + 5, z + 50])
        assert float(found.lower()) <= float(expected) * (1 + 1e-9)
        assert float(found.upper()) >= float(expected) * (1 - 1e-9)
        assert float(found.rad()) < 0.1 * float(expected)


@pytest.mark.parametrize(
    "event",
    [
        Le(norm(W[1]) ** 2, r),
        Le(singular(W.chain(2, 1), 1), r),
        Le(singular(W[1], 2), r),
        Le(singular(W[1], 1), r - 2),
        Le(singular(W[1], 1), norm(W[1])),
    ],
)
def test_other_probabilities_are_not_known(event):
    with pytest.raises((NotCovered, Refused)):
        instance(probability(event, W, s))


def test_there_must_be_such_layers():
    for law in (num(-1), s - 1):
        with pytest.raises(Refused, match="covariances"):
            instance(expect(norm(W[1]) ** 2, W, law))
    with pytest.raises(Refused, match="covariances"):
        instance(expect_joint(inner(W[1], V[1]), [W, V], [1, 2, 1]))
    assert instance(expect_joint(inner(W[1], V[1]), [W, V], [1, 1, 1])) == 2


def test_sequences_at_an_instance():
    env = {"k": {1: fmpq(2), 2: fmpq(5)}}
    assert instance(over(num(2), 2, k[p[1]] * k[p[2]] ** 2), **env) == 7 * 29
    assert instance(over(num(0), 2, num(3)), **env) == 3
    with pytest.raises(NoValue, match="no member 3"):
        instance(over(num(2), 2, k[p[3]]), **env)
