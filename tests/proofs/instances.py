"""Instances at which the second entries of claims, in NumPy, are compared with the first."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from theorycheck.domain import Env, RandomSource
from theorycheck.statement import Claim


def cases(claim: Claim, seed: str, count: int) -> Iterator[Env]:
    """Instances of a claim's domain, and the equality cases that are admissible."""
    for k, env in enumerate(claim.domain.instances(seed, count)):
        yield env
        if claim.near is not None:
            moved = claim.near(RandomSource(Random(k)), env)
            if claim.domain.broken(moved) is None:
                yield moved
