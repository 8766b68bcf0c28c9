"""One line of a derivation, decided at random points: does left - right equal its combination of premises there?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from random import Random
from typing import Any

from theorycheck.domain import Domain
from theorycheck.modular.equations import Equation, equation
from theorycheck.modular.evaluate import Reader
from theorycheck.modular.field import NoPoint, NotRead, Value, add, equal, is_square, mul, neg, trace
from theorycheck.modular.plan import Line, Plan, Problem, make_plan, make_point, problem_of
from theorycheck.modular.solve import BROKEN, check, define, enter
from theorycheck.tree import free_names

TRIES = 30


@dataclass(frozen=True)
class Decision:
    """`agrees`: True at all points, False at one of them, None where no point was evaluated (`reason`)."""

    agrees: bool | None
    reason: str = ""
    points: int = 0


def decide(line: Line, domain: Domain, seed: str, points: int = 2) -> Decision:
    """Evaluate a line at random points; where the equations it uses leave none, at points of the whole domain."""
    first = _decided(problem_of(line, domain), seed, points)
    more = _equations_of(domain, line)
    if first.agrees is not None or not line.using or not more:
        return first
    second = _decided(problem_of(replace(line, using=(*line.using, *more)), domain), seed, points)
    return second if second.agrees is not None else first


def _equations_of(domain: Domain, line: Line) -> tuple[Equation, ...]:
    """The equations among the hypotheses of the domain that the line does not name."""
    named = {(e.left, e.right) for e in line.using}
    found = [equation(h.shows, h.variables, h.given) for h in domain.hypotheses if h.shows.head == "eq"]
    return tuple(e for e in found if (e.left, e.right) not in named)


@lru_cache(maxsize=4096)
def _decided(problem: Problem, seed: str, points: int) -> Decision:
    """The decision of one problem: many claims share lines, such as an induction over the layers."""
    plan = make_plan(problem)
    reason, done, broken = "no admissible point", 0, 0
    for k in range(TRIES):
        try:
            if not _agrees(plan, Random(f"{seed}:{k}")):
                return Decision(False, f"they differ at the random point {k} of the seed {seed!r}", done + 1)
        except NoPoint as e:
            reason = str(e)
            broken += reason == BROKEN
            if broken > 3:
                break
            continue
        except (ZeroDivisionError, ValueError) as e:  # of flint: a singular matrix, sizes that do not fit
            reason = str(e)
            continue
        except NotRead as e:
            return Decision(None, str(e))
        done += 1
        if done == points:
            return Decision(True, points=done)
    return Decision(None, f"no point found: {reason}")


def _agrees(plan: Plan, random: Random) -> bool:
    """Whether left - right is the sum of the products at one random point."""
    line, point = plan.line, make_point(plan, random)
    read = Reader(point)
    for n in plan.vectors:
        read(n)
    define(line.using, point)
    enter(line.using, point)
    left, right = (read(n) for n in line.shows.nodes)
    combination = _combination(line, read)
    check(line.using, point)
    if plan.sensitive:
        _check_signs(plan, read)
    gap = add(left, neg(right))
    return equal(gap, combination) if combination is not None else equal(left, right)


def _combination(line: Line, read: Reader) -> Value | None:
    total: Value | None = None
    for term in line.terms:
        u, v = (read(n) for n in term.relation.nodes)
        part: Any = add(u, neg(v))
        part = part if term.multiplier is None else mul(read(term.multiplier), part)
        part = part if term.before is None else mul(read(term.before), part)
        part = part if term.after is None else mul(part, read(term.after))
        part = trace(part) if term.traced else part
        total = part if total is None else add(total, part)
    return total


def _check_signs(plan: Plan, read: Reader) -> None:
    """Where roots, absolute values and the like occur: what the domain calls >= 0 is a square at the point."""
    for c in plan.conditions:
        if c.head != "eq" and free_names(c) <= plan.names:
            low, high = c.nodes if c.head in {"lt", "le"} else c.nodes[::-1]
            try:
                gap = add(read(high), neg(read(low)))
            except NotRead:
                continue
            if gap.exact is None and gap.p[0] != 0 and not is_square(gap.p[0]):
                raise NoPoint(f"a condition of the domain: {c.head}")
