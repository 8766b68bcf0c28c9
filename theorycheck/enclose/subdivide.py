"""Sign of a function on a box, certified by adaptive bisection in ball arithmetic.

The box is a product of rational intervals. A piece on which the enclosure of f clears zero is done; the others are
halved along their widest side. A verdict depends on the work budget only, not on the machine.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flint import arb, fmpq

from theorycheck.enclose.precision import Real, ball, decide_sign, finite, hull, rational

Box = tuple[tuple[fmpq, fmpq], ...]
Point = tuple[fmpq, ...]
Function = Callable[[tuple[arb, ...]], arb]


@dataclass(frozen=True)
class Positivity:
    """What is known about f > 0 (strict) or f >= 0 on a box.

    holds: True = certified everywhere, False = refuted at `witness`, None = undecided, with the reason.
    pieces: boxes certified; subdivisions: work spent; lower: smallest lower bound over certified pieces, a bound of f
    on the whole box only when `holds` is True; failing: the box at which the search stopped.
    """

    holds: bool | None
    reason: str
    pieces: int
    subdivisions: int
    lower: arb | None
    failing: Box | None = None
    witness: Point | None = None


def certify(f: Function, box: Sequence[tuple[Real, Real]], *, strict: bool = True, budget: int = 10_000) -> Positivity:
    """Decide f > 0 (f >= 0 when not `strict`) on the closed box, spending at most `budget` bisections.

    `f` gets one ball per side and returns a ball that encloses its range there; NaN counts as "not known".
    `f` >= 0 that vanishes inside the box without a factor to show it stays undecided: factor the zero out first. A
    refutation is a rational point of the box where f, evaluated in balls, is certainly negative (or not positive).
    Raises ValueError for a side with lower end above upper end.
    """
    pending = [_rational_box(box)]
    pieces, spent, lower = 0, 0, None
    while pending:
        piece = pending.pop()
        low = _lower_bound(f, piece)
        if low is not None and (low > 0 if strict else low >= 0):
            pieces += 1
            lower = low if lower is None or low < lower else lower
            continue
        point = tuple((lo + hi) / 2 for lo, hi in piece)
        if _violated(f, point, strict):
            return Positivity(False, "violated at a point", pieces, spent, lower, piece, point)
        halves = _halves(piece)
        if not halves or spent >= budget:
            reason = f"budget of {budget} subdivisions spent" if halves else "a point is undecided at this precision"
            return Positivity(None, reason, pieces, spent, lower, piece)
        spent += 1
        pending.extend(halves)
    return Positivity(True, "every piece is certified", pieces, spent, lower)


def _rational_box(box: Sequence[tuple[Real, Real]]) -> Box:
    sides = tuple((rational(lo), rational(hi)) for lo, hi in box)
    for i, (lo, hi) in enumerate(sides):
        if lo > hi:
            raise ValueError(f"side {i} of the box is empty: lower end {lo} lies above upper end {hi}")
    return sides


def _lower_bound(f: Function, piece: Box) -> arb | None:
    value = ball(f(tuple(hull(ball(lo), ball(hi)) for lo, hi in piece)))
    return value.lower() if finite(value) else None


def _violated(f: Function, point: Point, strict: bool) -> bool:
    sign = decide_sign(ball(f(tuple(ball(x) for x in point))))
    return sign == -1 or (strict and sign == 0)


def _halves(piece: Box) -> list[Box]:
    """The two halves across the widest side; none for a single point."""
    widths = [hi - lo for lo, hi in piece]
    if not any(w > 0 for w in widths):
        return []
    k = widths.index(max(widths))
    lo, hi = piece[k]
    middle = (lo + hi) / 2
    return [(*piece[:k], side, *piece[k + 1 :]) for side in ((middle, hi), (lo, middle))]
