"""The exact leg: the claim's tree judged at instances of its domain, small ones first; a violation is a witness."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

from theorycheck.domain import Env, RandomSource
from theorycheck.evaluate import Undefined, judge
from theorycheck.evaluate.judge import show
from theorycheck.statement import Claim
from theorycheck.tree import Node, free_names
from theorycheck.tree.node import walk
from theorycheck.verdict import Evidence, Outcome, Witness

POINTWISE = {"eq", "le", "lt", "ge", "gt", "ne", "and", "member", "psd", "defined"}


def judge_instances(claim: Claim, goal: Node, seed: str, count: int) -> Evidence:
    """Judge `goal` at `count` instances and at as many equality cases; the simplest violation is the witness."""
    instances = list(claim.domain.instances(seed, count))
    if not pointwise(goal):
        return Evidence("exact", Outcome.NOTHING, f"not a pointwise claim; {len(instances)} instances of its domain were drawn")
    witness, judged, undecided, margin = None, 0, 0, None
    for env in _with_equality_cases(claim, seed, instances):
        try:
            found = judge(goal, env)
        except Undefined as e:
            raise RuntimeError(f"the claim has no value at an admissible instance: {e} at {describe(goal, env)}") from e
        if found.holds is False:
            candidate = Witness(describe(goal, env), found.text, found.exact)
            witness = min((w for w in (witness, candidate) if w), key=lambda w: sum(map(len, w.values.values())))
        judged += 1
        undecided += found.holds is None and not found.agrees
        margin = found.margin if margin is None or (found.margin is not None and found.margin < margin) else margin
    return _evidence(witness, judged, undecided, margin)


def equality_cases(claim: Claim, seed: str, count: int) -> Iterator[Env]:
    """Instances of a claim's domain, each followed by its equality case where the claim names one."""
    return _with_equality_cases(claim, seed, list(claim.domain.instances(seed, count)))


def _with_equality_cases(claim: Claim, seed: str, instances: list[dict[str, Any]]) -> Iterator[Env]:
    for k, env in enumerate(instances):
        yield env
        if claim.near is not None:
            moved = claim.near(RandomSource(Random(f"{seed}:near:{k}")), env)
            if claim.domain.broken(moved) is None:
                yield moved


def _evidence(witness: Witness | None, judged: int, undecided: int, margin: float | None) -> Evidence:
    if witness is not None:
        how = "exactly" if witness.exact else "in balls"
        return Evidence("exact", Outcome.REFUTES, f"a violation, decided {how}, among {judged} instances", witness=witness)
    text = None if margin is None else f"{margin:.3g}"
    if undecided == judged:
        return Evidence("exact", Outcome.NOTHING, f"{judged} instances, none decided")
    summary, coverage = f"{judged} instances, {undecided} undecided", f"{judged} exact instances"
    return Evidence("exact", Outcome.SUPPORTS, summary, margin=text, coverage=coverage)


def pointwise(goal: Node) -> bool:
    """Whether a claim can be judged at one instance (limits and the like cannot)."""
    if goal.head == "and":
        return all(pointwise(n) for n in goal.nodes)
    return goal.head in POINTWISE and not any(n.head == "limit" and n.nodes[-1].head != "at" for _, n in walk(goal))


def describe(goal: Node, env: Env) -> dict[str, str]:
    """The values of the symbols that a claim mentions, and of those that they depend on, as text."""
    needed = free_names(goal)
    return {name: _text(value) for name, value in env.items() if name in needed or isinstance(value, int)}


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{k}: {_text(v)}" for k, v in value.items())
    return show(value)



