"""The search for a witness: an admissible instance that violates a claim, the simplest that can be found.

Small instances first, each followed by its equality case where the claim names one, judged exactly or in balls. If all hold,
random instances at two scales are read in floats, and those that hold by the least are made worse by changing the integers
that they were drawn from: whatever the domain derives from them follows, so hypotheses keep their structure. A violation
counts when `judge` and every hypothesis confirm it. The integers of a witness are then shrunk as long as it stays one.
Budgets count instances; the same seed gives the same search. Finding nothing proves nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from random import Random
from typing import Any

from theorycheck.domain import RandomSource
from theorycheck.evaluate import Undefined
from theorycheck.evaluate.judge import judge_or_no_value
from theorycheck.search.draws import NEAR, Draw, changed, describe, drawn, samples, simplified, violates, written
from theorycheck.statement import Claim
from theorycheck.tree import Node
from theorycheck.tree.node import walk
from theorycheck.verdict import Witness

ORDERS = {"le", "lt", "ge", "gt", "member", "psd"}
SLOW = {"integral", "Dt", "gradient", "second", "expect", "sequences"}  # read sample by sample, an eighth as often
ATTACK = 16  # instances read in floats for each one judged
LEAST_ATTACK = 64  # instances; with fewer an attack is not worth its time
STARTS, MOVES = 4, 8  # climbers, and moves of each that are tried in one round
PATIENCE = 4  # rounds in which no climber moves
LEAST_GAIN = 1e-8  # of a move, relative violation
ROUNDING = 1e-8  # a violation below this is rounding


@dataclass(frozen=True)
class Findings:
    """What a search saw: judged instances, those undecided, the least margin, instances read in floats, and a witness.

    `draws` counts independent draws (an equality case belongs to the draw that it was made from), `hold` those that hold.
    """

    judged: int
    undecided: int
    margin: float | None
    read: int = 0
    witness: Witness | None = None
    draws: int = 0
    hold: int = 0


def find_witness(claim: Claim, goal: Node, seed: str, budget: int) -> Witness | None:
    """The simplest violation of `goal` found with `budget` judged instances, and 16 times as many to attack it."""
    return search(claim, goal, seed, budget, ATTACK * budget).witness


def search(claim: Claim, goal: Node, seed: str, count: int, attack: int) -> Findings:
    """Judge `count` instances and their equality cases, then attack with `attack` more; no value is a violation."""
    draws = samples(claim, seed, count)
    judged = [judge_or_no_value(goal, d.env) for d in draws]
    undecided = sum(j.holds is None and not j.agrees for j in judged)
    margin = min((j.margin for j in judged if j.margin is not None), default=None)
    broken = [d for d, j in zip(draws, judged, strict=True) if j.holds is False]
    read = 0
    if broken:
        worst: Draw | None = min(broken, key=lambda d: sum(map(len, describe(goal, d.env).values())))
    else:
        worst, read = _attack(claim, goal, draws, seed, attack)
    witness = _witness(claim, goal, simplified(claim, goal, worst, 4 * count)) if worst else None
    own = [k for k, d in enumerate(draws) if NEAR not in d.choices]
    groups = [judged[k:end] for k, end in pairwise([*own, len(judged)])]
    hold = sum(all(j.holds or j.agrees for j in group) for group in groups)
    return Findings(len(draws), undecided, margin, read, witness, len(groups), hold)


# --- the attack -----------------------------------------------------------------------------------------------------------
Scored = tuple[float, Draw]


def _attack(claim: Claim, goal: Node, own: Sequence[Draw], seed: str, budget: int) -> tuple[Draw | None, int]:
    """A violation by local ascent from the instances with the least relative margin, and how many instances were read."""
    targets = [n for n in (goal.nodes if goal.head == "and" else (goal,)) if n.head in ORDERS]
    if any(n.head in SLOW for _, n in walk(goal)):
        budget //= 8
    if not targets or budget < LEAST_ATTACK:
        return None, 0
    scales = [RandomSource(Random(f"{seed}:attack:{k}"), reach=(3, 10**6)[k % 2]) for k in range(budget // 8)]
    draws = [*own, *(d for s in scales if (d := drawn(claim, {}, s)))]
    scored = list(zip(_scores(targets, draws), draws, strict=True))
    climbers = [p for p in scored if p[0] > ROUNDING and violates(claim, goal, p[1])][:1] or _starts(claim, scored)
    random, read, idle = Random(f"{seed}:ascent"), len(draws), 0
    while climbers:
        hit = next((d for s, d in climbers if s > ROUNDING), None)
        if hit is not None or read >= budget or idle == PATIENCE:
            return hit, read
        after = [_climbed(claim, goal, targets, c, random) for c in climbers]
        read += MOVES * len(climbers)
        idle = 0 if after != climbers else idle + 1
        climbers = after
    return None, read


def _starts(claim: Claim, scored: list[Scored]) -> list[Scored]:
    """The admissible instances that hold by the least, one with equality among them."""
    found: list[Scored] = []
    for score, draw in sorted((p for p in scored if -math.inf < p[0] <= ROUNDING), key=lambda p: -p[0]):
        if (not found or score < -ROUNDING) and claim.domain.broken(draw.env) is None:
            found.append((score, draw))
        if len(found) == STARTS:
            break
    return found


def _climbed(claim: Claim, goal: Node, targets: list[Node], climber: Scored, random: Random) -> Scored:
    """The best of some moves that is admissible, or the climber where it was; a violation that is rounding does not count."""
    moves = [d for _ in range(MOVES) if (d := drawn(claim, changed(climber[1].choices, random)))]
    better = [p for p in zip(_scores(targets, moves), moves, strict=True) if p[0] > climber[0] + LEAST_GAIN]
    for score, draw in sorted(better, key=lambda p: -p[0]):
        if violates(claim, goal, draw) if score > ROUNDING else claim.domain.broken(draw.env) is None:
            return score, draw
    return climber


def _scores(targets: list[Node], draws: list[Draw]) -> list[float]:
    """The largest relative violation of the targets at each draw, in floats, by groups of equal shapes; -inf for no value."""
    import numpy as np

    from theorycheck.evaluate.stacks import signature, stack
    from theorycheck.evaluate.violation import violation_batch

    groups: dict[Any, list[int]] = {}
    for k, d in enumerate(draws):
        groups.setdefault(signature(d.env), []).append(k)
    scores = [-math.inf] * len(draws)
    for group in groups.values():
        env = stack([draws[k].env for k in group])
        try:
            found = [violation_batch(t, env) for t in targets]
        except Undefined:
            continue
        # instances that are whole numbers throughout are equal, and a stack of them has one sample
        for k, *parts in zip(group, *(np.broadcast_to(v, len(group)).tolist() for v in found), strict=True):
            worst = max(parts)
            scores[k] = -math.inf if math.isnan(worst) else worst
    return scores


def _witness(claim: Claim, goal: Node, draw: Draw) -> Witness:
    found = judge_or_no_value(goal, draw.env)
    return Witness(describe(goal, draw.env), found.text, found.exact, written(claim, goal, draw.env))
