"""A ball leg for a limit v -> point (from above): the body close to the point, at instances of the claim's domain."""

from __future__ import annotations

from itertools import pairwise

from flint import arb, fmpq

from theorycheck.domain import Env
from theorycheck.enclose.precision import working
from theorycheck.evaluate import Undefined, evaluate
from theorycheck.instances import describe
from theorycheck.statement import Check
from theorycheck.tree import Node
from theorycheck.verdict import Evidence, Outcome, Witness

BITS = 200  # 50 digits, with room
DECADES = (3, 4, 5, 6)
STEP = fmpq(1, 10**6)
TINY = fmpq(1, 10**40)
WORST = (Outcome.CONTRADICTS, Outcome.REFUTES)  # the later, the worse


def towards_the_point(check: Check) -> Evidence:
    """50 digits at v = 1e-3 .. 1e-6 for a limit at 0; at a positive point balls for all v close to it decide."""
    count = 6 if check.level == "quick" else 60
    instances = check.claim.domain.instances(f"{check.seed}:limit", count)
    with working(BITS):
        found = [_near(check.tree, env) for env in instances]
    return max(found, key=lambda e: WORST.index(e.outcome) if e.outcome in WORST else -1)


def _near(limit: Node, env: Env) -> Evidence:
    body, v, point, value = limit.nodes
    name, start = str(v.args[0]), evaluate(point, env)
    if start < 0:
        return _value_below_zero(body, name, start, env)
    if start > 0:
        return _stays_away(body, name, start, evaluate(value, env), env)
    gaps = [evaluate(body, {**env, name: fmpq(1, 10**k)}) - evaluate(value, env) for k in DECADES]
    small = all(abs(b) < abs(a) / 9 or abs(a) < TINY for a, b in pairwise(gaps))
    if small:
        summary = f"at 50 digits the gap is {gaps[-1].str(5)} at 1e-6, and shrinks tenfold per decade"
        return Evidence("ball", Outcome.SUPPORTS, summary, margin=gaps[-1].str(3))
    return Evidence("ball", Outcome.CONTRADICTS, f"the gap is {gaps[0].str(5)} at 1e-3 and {gaps[-1].str(5)} at 1e-6")


def _stays_away(body: Node, name: str, start: fmpq, end: arb | fmpq, env: Env) -> Evidence:
    """Whether the body differs from the value for all v in [point, point + 1e-6]."""
    gap = evaluate(body, {**env, name: arb(start).union(arb(start + STEP))}) - end
    if gap > 0 or gap < 0:
        witness = Witness(describe(body, env), f"close to the point the body is off by {gap.str(12)}", False)
        return Evidence("ball", Outcome.REFUTES, "the body stays away from the value near the point", witness=witness)
    return Evidence("ball", Outcome.NOTHING, "the body may reach the value at the point")


def _value_below_zero(body: Node, name: str, start: fmpq, env: Env) -> Evidence:
    """A body that has no value just above the point has no limit there."""
    try:
        evaluate(body, {**env, name: start + STEP})
    except Undefined as e:
        witness = Witness(describe(body, env), f"just above {start}: {e}", True)
        return Evidence("ball", Outcome.REFUTES, "the body has no value near the point", witness=witness)
    return Evidence("ball", Outcome.NOTHING, "the point is below 0")
