"""The exact leg: the claim's tree judged at instances of its domain, small ones first; a violation is a witness."""

from __future__ import annotations

from collections.abc import Iterator

from theorycheck.domain import Env
from theorycheck.search.draws import describe as describe, samples
from theorycheck.search.witness import ATTACK, Findings, search
from theorycheck.statement import Claim
from theorycheck.tree import Node
from theorycheck.tree.node import walk
from theorycheck.verdict import Evidence, Outcome

POINTWISE = {"eq", "le", "lt", "ge", "gt", "ne", "and", "member", "psd", "defined"}


def judge_instances(claim: Claim, goal: Node, seed: str, count: int) -> Evidence:
    """Judge `goal` at `count` instances and at as many equality cases, and attack those that hold by the least;
    the simplest violation is the witness."""
    if not pointwise(goal):
        drawn = sum(1 for _ in claim.domain.instances(seed, count))
        return Evidence("exact", Outcome.NOTHING, f"not a pointwise claim; {drawn} instances of its domain were drawn")
    return _evidence(search(claim, goal, seed, count, ATTACK * count))


def equality_cases(claim: Claim, seed: str, count: int) -> Iterator[Env]:
    """Instances of a claim's domain, each followed by its equality case where the claim names one."""
    return (draw.env for draw in samples(claim, seed, count))


def _evidence(found: Findings) -> Evidence:
    seen = f"{found.judged} instances" + (f" and {found.read} read in floats" if found.read else "")
    if found.witness is not None:
        how = "exactly" if found.witness.exact else "in balls"
        return Evidence("exact", Outcome.REFUTES, f"a violation, decided {how}, among {seen}", witness=found.witness)
    text = None if found.margin is None else f"{found.margin:.3g}"
    if found.undecided == found.judged:
        return Evidence("exact", Outcome.NOTHING, f"{seen}, none decided")
    summary, coverage = f"{seen}, {found.undecided} undecided", f"{found.judged} exact instances"
    counts = (found.draws, found.hold)
    return Evidence("exact", Outcome.SUPPORTS, summary, margin=text, coverage=coverage, counts=counts)


def pointwise(goal: Node) -> bool:
    """Whether a claim can be judged at one instance (limits and the like cannot)."""
    if goal.head == "and":
        return all(pointwise(n) for n in goal.nodes)
    return goal.head in POINTWISE and not any(_needs_more(n) for _, n in walk(goal))


def _needs_more(n: Node) -> bool:
    return n.head == "limit" and n.nodes[-1].head != "at"
