"""Instances of proved claims, handed to the checker as witnesses: it refutes none, and reads most of them to the end."""

from __future__ import annotations

import json

import pytest

from tests.certificate.granted import fact, tree
from theorycheck.certificate.checker import parts  # noqa: F401
from theorycheck.certificate.checker.core import NotCovered, Refused
from theorycheck.certificate.checker.derivation import integers
from theorycheck.certificate.checker.witness.instance import refuted
from theorycheck.certificate.write import Table, _value
from theorycheck.collect import paper
from theorycheck.search.draws import written
from theorycheck.verdict import Verdict

FLAGS = ("integer", "positive", "symmetric", "continuous")
CHANCE = {"expect", "prob", "every"}  # heads that the checker does not know


def outcomes(claim, seed, count):
    """What the checker says of instances of a claim's domain: None where it accepts one as a witness."""
    goal, hypotheses = tree(claim.tree()), tuple(map(fact, claim.domain.hypotheses))
    flags = {f: frozenset(v.name for v in claim.domain.variables if getattr(v, f)) for f in FLAGS}
    flags["integer"] = integers(flags, goal, hypotheses)
    for env in claim.domain.instances(seed, count):
        data = written(claim, claim.tree(), env)
        if data is None:
            continue
        try:
            yield refuted(goal, hypotheses, flags, json.loads(json.dumps({k: _value(v, Table()) for k, v in data.items()})))
        except (Refused, NotCovered) as e:
            yield str(e)


def readable(x):
    return x.head not in CHANCE and all(map(readable, x.nodes))


def test_no_instance_of_a_proved_claim_is_accepted():
    claims = [c for s in paper() for c in s.claims if c.expects is Verdict.PROVED and readable(c.tree())][::12]
    claims = [c for c in claims if all(readable(h.shows) for h in c.domain.hypotheses)]
    found = [(c.id, said) for c in claims for said in outcomes(c, c.id, 1)]
    assert not [name for name, said in found if said is None]
    assert sum("holds at the instance" in said for _, said in found) >= 5


@pytest.mark.parametrize("name", ["mc-pl.not-strongly-convex", "escape-times.path-deep", "lemma-39.first-order"])
def test_instances_of_claims_that_are_false_everywhere(name):
    claim = next(c for s in paper() for c in s.claims if c.id == name)
    assert None in list(outcomes(claim, name, 4))
