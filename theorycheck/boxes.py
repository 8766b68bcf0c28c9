"""The ball leg: a claim between numbers at every point of a box, by bisection in ball arithmetic.

A claim names its box: `box={"n": 3, "a": (0, 2)}` gives every real variable of its domain an interval with interior and every
integer a value. The stated set is what the hypotheses leave of the box; a part of the box on all of which they hold shows that
it has interior. A piece of the box is done where a hypothesis certainly fails on all of it, or where the relation certainly
holds on all of it; any other is halved. A relation that is an equality somewhere on the box stays open.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from fractions import Fraction

from flint import arb, fmpq

from theorycheck.domain import Domain
from theorycheck.enclose.precision import hull, working
from theorycheck.errors import InputError
from theorycheck.evaluate import Undefined
from theorycheck.evaluate.judge import judge_once
from theorycheck.evaluate.numbers import Jet, jet, sign_of, to_arb
from theorycheck.evaluate.values import evaluate
from theorycheck.statement import Box, Claim
from theorycheck.tree import Node, free_names
from theorycheck.tree.node import walk
from theorycheck.verdict import Cover, Evidence, Outcome

HEADS = {"num", "sym", "add", "neg", "mul", "div", "pow", "sqrt", "exp", "log", "abs", "min", "sum", "prod"}
RELATIONS = {"le", "lt", "ge", "gt", "and"}
BITS, MOST_PIECES, MOST_HALVINGS = 128, 4096, 40
Piece = Mapping[str, tuple[fmpq, fmpq]]


def certified(claim: Claim, goal: Node) -> Evidence:
    """Whether `goal` holds on the claim's box. Raises InputError for a box that is none of the claim's domain."""
    fixed, sides = _sides(claim)
    if reason := _unfit(claim.domain, goal):
        return Evidence("ball", Outcome.NOTHING, f"no box: {reason}", reason=reason)
    relations = [f.shows for f in claim.domain.hypotheses]
    where = ", ".join([f"{name} = {v}" for name, v in fixed.items()] + _written(sides))
    with working(BITS):
        inside = _inside(relations, fixed, sides)
        if inside is None:
            reason = f"on no part of the box {where} do all hypotheses certainly hold"
            return Evidence("ball", Outcome.NOTHING, "a box without interior", reason=reason)
        splits, stuck = _bisected(goal, relations, fixed, sides)
    if stuck is not None:
        at = ", ".join(f"{name} = {float((lo + hi) / 2):.6g}" for name, (lo, hi) in stuck.items())
        reason = f"on the box, balls do not decide it near {at}"
        return Evidence("ball", Outcome.NOTHING, f"open on the box {where}", reason=reason)
    cover = Cover(ranges(claim.box or {}), ranges(inside), BITS, splits)
    summary = f"certain on {splits.count('')} pieces of the box {where}, with {BITS} bits"
    return Evidence("ball", Outcome.CERTIFIES, summary, coverage=f"{where}, where all hypotheses hold", cover=cover)


def _written(piece: Piece) -> list[str]:
    return [f"{name} in [{lo}, {hi}]" for name, (lo, hi) in piece.items()]


def ranges(box: Box | Piece) -> dict[str, tuple[str, ...]]:
    """A box in texts: (value,) of an integer, (low, high) of a real variable."""
    return {name: (str(v),) if isinstance(v, int) else (str(v[0]), str(v[1])) for name, v in sorted(box.items())}


def _sides(claim: Claim) -> tuple[dict[str, int], dict[str, tuple[fmpq, fmpq]]]:
    """The values of the integers and the intervals of the real variables."""
    box, fixed, sides = claim.box or {}, {}, {}
    names = [v.name for v in claim.domain.variables]
    if set(box) != set(names):
        other = min(set(box) ^ set(names))
        raise InputError(f"claim {claim.id}: its box and its domain differ in {other!r}; the domain has {', '.join(names)}")
    for v in claim.domain.variables:
        given = box[v.name]
        if v.integer != isinstance(given, int):
            raise InputError(f"claim {claim.id}: box: {v.name} is {given}; an integer takes a value, a real number (low, high)")
        if isinstance(given, int):
            fixed[v.name] = given
            continue
        if len(given) != 2 or not all(isinstance(x, int | Fraction) for x in given):
            raise InputError(f"claim {claim.id}: box: {v.name} is {given}; pass (low, high), integers or Fractions")
        low, high = (fmpq(x.numerator, x.denominator) for x in given)
        if low >= high:
            raise InputError(f"claim {claim.id}: box: {v.name} from {low} to {high} has no interior; pass low < high")
        sides[v.name] = (low, high)
    return fixed, sides


def _unfit(domain: Domain, goal: Node) -> str | None:
    """Why a claim cannot be certified on a box, if it cannot."""
    for f in domain.hypotheses:
        if f.variables or f.test is not None:
            return f"the hypothesis {f.name!r} is about more than numbers"
    for top in (goal, *(f.shows for f in domain.hypotheses)):
        for _, n in walk(top):
            if n.head not in HEADS | RELATIONS or n.shape not in ((), None):
                return f"{n.head!r} is not evaluated on a box"
    loose = free_names(goal).difference(v.name for v in domain.variables)
    return f"{min(loose)} is no variable of the domain" if loose else None


def _inside(hypotheses: list[Node], fixed: Mapping[str, int], sides: Piece) -> Piece | None:
    """A piece of the box on all of which the hypotheses hold: the stated set has interior. None where none is found."""
    pending = deque([sides])
    for _ in range(MOST_PIECES):
        if not pending:
            return None
        piece = pending.popleft()
        known = [_certain(h, fixed, piece) for h in hypotheses]
        if all(known):
            return piece
        if False not in known:
            pending += _halves(piece, _longest(piece, sides))
    return None


def _bisected(
    goal: Node, hypotheses: list[Node], fixed: Mapping[str, int], sides: Piece
) -> tuple[tuple[str, ...], Piece | None]:
    """Depth first, which side each piece was halved along ("" where it is done), and the piece at which the search ended."""
    pending, splits = [(sides, 0)], list[str]()
    while pending:
        piece, depth = pending.pop()
        known, holds = [_certain(h, fixed, piece) for h in hypotheses], _certain(goal, fixed, piece)
        if holds or False in known:
            splits.append("")
        elif depth == MOST_HALVINGS or len(splits) >= MOST_PIECES or (holds is False and all(known)):
            return tuple(splits), piece
        else:
            splits.append(_longest(piece, sides))
            pending += [(half, depth + 1) for half in reversed(_halves(piece, splits[-1]))]
    return tuple(splits), None


def _longest(piece: Piece, sides: Piece) -> str:
    return max(piece, key=lambda n: (piece[n][1] - piece[n][0]) / (sides[n][1] - sides[n][0]))


def _halves(piece: Piece, name: str) -> list[Piece]:
    lo, hi = piece[name]
    middle = (lo + hi) / 2
    return [{**piece, name: (lo, middle)}, {**piece, name: (middle, hi)}]


def _certain(relation: Node, fixed: Mapping[str, int], piece: Piece) -> bool | None:
    """True where it holds on all of the piece, False where it fails on all of it, None where that is not known."""
    if relation.head == "and":
        parts = [_certain(n, fixed, piece) for n in relation.nodes]
        return False if False in parts else None if None in parts else True
    balls = {name: hull(lo, hi) for name, (lo, hi) in piece.items()}
    with suppress(Undefined):
        holds = judge_once(relation, {**fixed, **balls}).holds
        return holds if holds is not None else _by_slopes(relation, fixed, piece, balls)
    return None


def _by_slopes(relation: Node, fixed: Mapping[str, int], piece: Piece, balls: Mapping[str, arb]) -> bool | None:
    """By the mean value theorem: right - left at the middle, and its derivatives on the piece times the way from there."""
    left, right = relation.nodes
    low, high = (right, left) if relation.head in {"ge", "gt"} else (left, right)
    middle = {name: (lo + hi) / 2 for name, (lo, hi) in piece.items()}
    gap = to_arb(evaluate(high - low, {**fixed, **middle}))
    for name, x in balls.items():
        gap = gap + jet(evaluate(high - low, {**fixed, **balls, name: Jet(x, fmpq(1))})).slope * (x - middle[name])
    sign = sign_of(gap)
    return None if sign is None else sign > 0
