"""The batched reader on the paper's claims: both sides, and whether they hold, as the exact reader has them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from evaluate_points import agree, groups

from theorycheck import collect
from theorycheck.evaluate import judge
from theorycheck.evaluate.stacks import size_of, stack
from theorycheck.evaluate.violation import violation_batch
from theorycheck.instances import pointwise
from theorycheck.tree.node import walk
from theorycheck.verdict import Verdict

UNDEFINED = {"cor-18.four"}  # the erratum is that p^(0) does not exist
CLAIMS = [  # probabilities are enclosed in balls at an instance; the float reader has no value for them
    c
    for s in collect.paper()
    for c in s.claims
    if pointwise(c.tree()) and c.id not in UNDEFINED and not any(n.head == "prob" for _, n in walk(c.tree()))
]
HARD_TO_DRAW = {"lemma-15.third"}  # open: its domain rejects 80 draws in a row where the sizes are fixed
EASY = [c for c in CLAIMS if c.id not in HARD_TO_DRAW]


@pytest.mark.parametrize("claim", CLAIMS, ids=[c.id for c in CLAIMS])
def test_the_claims_of_the_paper_agree_with_the_exact_reader(claim: Any) -> None:
    """Every side of every relation, and whether the relation holds, at instances and in the batch made of them."""
    goal = claim.tree()
    slow = any(node.head == "integral" for _, node in walk(goal))
    for envs in groups(claim.domain, 4 if slow else 12):
        if goal.head == "defined":
            continue
        for part in goal.nodes if goal.head == "and" else (goal,):
            for side in part.nodes:
                agree(side, envs)
        violations = np.broadcast_to(violation_batch(goal, stack(envs)), len(envs)).tolist()
        for env, violation in zip(envs, violations, strict=True):
            found = judge(goal, env)
            if abs(violation) > 1e-6 and found.holds is not None:
                assert (violation > 0) is (found.holds is False)


def whole(value: Any) -> bool:
    """Whether an instance consists of whole numbers, so that a batch has them once."""
    return all(map(whole, value.values())) if isinstance(value, dict) else isinstance(value, int)


@pytest.mark.parametrize("claim", EASY, ids=[c.id for c in EASY])
def test_the_claims_that_are_proved_hold_on_float_batches(claim: Any) -> None:
    """Sides that cancel lose digits, so that a violation may be up to 1e-3; one that is real at a generic point is not."""
    env = claim.domain.batch("0", 5)
    violation = violation_batch(claim.tree(), env)
    assert 1 <= size_of(env) <= 5
    assert not np.isnan(violation).any()
    if claim.expects is Verdict.PROVED:
        assert violation.max() < 1e-3


def test_few_domains_reject_so_many_draws_that_their_batch_is_small() -> None:
    domains = list({id(c.domain): c.domain for c in EASY}.values())
    batches = [d.batch("0", 5) for d in domains]
    small = [d.name for d, env in zip(domains, batches, strict=True) if not whole(env) and size_of(env) < 5]
    assert len(small) < len(domains) / 20, small
