"""The search for a witness: an admissible instance that violates a claim, the simplest that can be found.

Small instances first, each followed by its equality case where the claim names one, judged exactly or in balls. If all hold,
random instances at two scales are read in floats, and those that hold by the least are made worse by changing the integers
that they were drawn from: whatever the domain derives from them follows, so hypotheses keep their structure. A violation
counts when `judge` and every hypothesis confirm it. The integers of a witness are then shrunk as long as it stays one.
Budgets count instances; the same seed gives the same search. Finding nothing proves nothing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random
from typing import Any

from theorycheck.domain import RandomSource
from theorycheck.evaluate import Judgement, Undefined, judge
from theorycheck.search.draws import Draw, changed, describe, drawn, samples, simplified, violates
from theorycheck.statement import Claim
from theorycheck.tree import Node
from theorycheck.tree.node import walk
from theorycheck.verdict import Witness

ORDERS = {"le", "lt", "ge", "gt", "member", "psd"}
SLOW = {"integral", "Dt", "gradient", "second"}  # read sample by sample, an eighth as often
LEAST_ATTACK = 64  # instances; with fewer an attack is not worth its time
STARTS, MOVES = 4, 8  # climbers, and moves of each that are tried in one round
PATIENCE = 4  # rounds in which no climber moves
LEAST_GAIN = 1e-9  # of a move, relative violation
ROUNDING = 1e-12  # a violation below this is rounding


@dataclass(frozen=True)
class Findings:
    """What a search saw: judged instances, those undecided, the least margin, instances read in floats, and a witness."""

    judged: int
    undecided: int
    margin: float | None
    read: int = 0
    witness: Witness | None = None


def find_witness(claim: Claim, goal: Node, seed: str, budget: int) -> Witness | None:
    """The simplest violation of `goal` found with `budget` judged instances, and ten times as many to attack it."""
    return search(claim, goal, seed, budget, 10 * budget).witness


def search(claim: Claim, goal: Node, seed: str, count: int, attack: int) -> Findings:
    """Judge `count` instances and their equality cases, then attack with `attack` more; RuntimeError if a side has no value."""
    draws = list(samples(claim, seed, count))
    judged = [_judged(goal, d) for d in draws]
    undecided = sum(j.holds is None and not j.agrees for j in judged)
    margin = min((j.margin for j in judged if j.margin is not None), default=None)
    broken = [d for d, j in zip(draws, judged, strict=True) if j.holds is False]
    read = 0
    if broken:
        worst: Draw | None = min(broken, key=lambda d: sum(map(len, describe(goal, d.env).values())))
    else:
        worst, read = _attack(claim, goal, draws, seed, attack)
    witness = _witness(goal, simplified(claim, goal, worst, 4 * count)) if worst else None
    return Findings(len(draws), undecided, margin, read, witness)


# --- the attack -----------------------------------------------------------------------------------------------------------
Scored = tuple[float, Draw]


def _attack(claim: Claim, goal: Node, draws: list[Draw], seed: str, budget: int) -> tuple[Draw | None, int]:
    """A violation by local ascent from the instances with the least relative margin, and how many instances were read."""
    targets = [n for n in (goal.nodes if goal.head == "and" else (goal,)) if n.head in ORDERS]
    if any(n.head in SLOW for _, n in walk(goal)):
        budget //= 8
    if not targets or budget < LEAST_ATTACK:
        return None, 0
    scales = [RandomSource(Random(f"{seed}:attack:{k}"), reach=(3, 10**6)[k % 2]) for k in range(budget // 8)]
    draws = draws + [d for s in scales if (d := drawn(claim, {}, s))]
    climbers = _starts(list(zip(_scores(targets, draws), draws, strict=True)))
    random, read, idle = Random(f"{seed}:ascent"), len(draws), 0
    while climbers and read < budget and idle < PATIENCE:
        for score, draw in climbers:
            if score > ROUNDING and violates(claim, goal, draw):
                return draw, read
        after = _climb(claim, targets, climbers, random)
        read += MOVES * len(climbers)
        idle = 0 if after != climbers else idle + 1
        climbers = after
    return next((d for s, d in climbers if s > ROUNDING and violates(claim, goal, d)), None), read


def _starts(scored: list[Scored]) -> list[Scored]:
    """The instances that hold by the least, and one that holds with equality or seems to fail."""
    ranked = sorted((p for p in scored if p[0] > -math.inf), key=lambda p: -p[0])
    strict = [p for p in ranked if p[0] < -LEAST_GAIN]
    return (ranked[: len(strict) < len(ranked)] + strict)[:STARTS]


def _climb(claim: Claim, targets: list[Node], climbers: list[Scored], random: Random) -> list[Scored]:
    """Each climber at the best admissible one of its moves, or where it was."""
    moves = [[d for _ in range(MOVES) if (d := drawn(claim, changed(c.choices, random)))] for _, c in climbers]
    scores = iter(_scores(targets, [d for own in moves for d in own]))
    after = []
    for (score, climber), own in zip(climbers, moves, strict=True):
        better = sorted((p for d in own if (p := (next(scores), d))[0] > score + LEAST_GAIN), key=lambda p: -p[0])
        admitted = (p for p in better if claim.domain.broken(p[1].env) is None)
        after.append(next(admitted, (score, climber)))
    return after


def _scores(targets: list[Node], draws: list[Draw]) -> list[float]:
    """The largest relative violation of the targets at each draw, in floats, by groups of equal shapes; -inf for no value."""
    from theorycheck.evaluate.stacks import signature, stack
    from theorycheck.evaluate.violation import violation_batch

    groups: dict[Any, list[int]] = {}
    for k, d in enumerate(draws):
        groups.setdefault(signature(d.env), []).append(k)
    scores = [-math.inf] * len(draws)
    for group in groups.values():
        env = stack([draws[k].env for k in group])
        try:
            violations = [violation_batch(t, env).tolist() for t in targets]
        except Undefined:
            continue
        for k, *parts in zip(group, *violations, strict=True):
            worst = max(parts)
            scores[k] = -math.inf if math.isnan(worst) else worst
    return scores


def _judged(goal: Node, draw: Draw) -> Judgement:
    try:
        return judge(goal, draw.env)
    except Undefined as e:
        raise RuntimeError(f"the claim has no value at an admissible instance: {e} at {describe(goal, draw.env)}") from e


def _witness(goal: Node, draw: Draw) -> Witness:
    found = judge(goal, draw.env)
    return Witness(describe(goal, draw.env), found.text, found.exact)
