"""Cited facts: theorems of the literature that derivations may use, each as a tree with its hypotheses and a reference.

None mentions networks, depth or a constant of the paper. Every fact is instance-tested and mutated like a claim
(tests/exact/test_cited.py): `domain` of a `Cited` draws instances, on which the fact must hold and its mutants must not.
"""

from __future__ import annotations

from dataclasses import dataclass

from theorycheck.domain import Domain
from theorycheck.fact import Fact


@dataclass(frozen=True)
class Cited:
    """A cited fact with a domain of instances: the variables of the fact, drawn so that its hypotheses hold."""

    fact: Fact
    domain: Domain


CITED: dict[str, Cited] = {}


def cite(fact: Fact, domain: Domain) -> Fact:
    """Enter a fact into the list that the tests run over."""
    CITED[fact.name] = Cited(fact, domain)
    return fact
