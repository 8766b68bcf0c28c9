"""Rigorous flows of polynomial vector fields, y' = f(y), forward and backward in time.

One step from y0: take the Taylor polynomial p of the solution, without proof. Its defect p' - f(p) is a polynomial, so
|p' - f(p)| <= D on the step is one sum of absolute coefficients. Let mu bound the largest eigenvalue of the symmetric
part of the Jacobian on the tube |y - p| <= R. Then the distance of solution and p obeys r' <= mu r + D as long as it
stays below R, hence r(s) <= e^(mu s) r(0) + s max(1, e^(mu s)) D; when that is below R the assumption proves itself
(Hairer, Norsett, Wanner, "Solving Ordinary Differential Equations I", Theorem I.10.6). For a gradient flow the Jacobian
is symmetric, minus the Hessian, so mu is sharp. The error is a Euclidean ball: nothing wraps.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from flint import arb, arb_mat, arb_poly, arb_series, ctx, fmpq

from theorycheck.enclose.network import NetworkField
from theorycheck.enclose.network_steps import NetworkSteps
from theorycheck.enclose.precision import Real, ball, finite, hull, norm, rational, working
from theorycheck.enclose.recurrence import Field, taylor_polynomial
from theorycheck.enclose.segments import Flow, Segment, State, segment_range, state_at, state_or_nan
from theorycheck.enclose.spectrum import ball_eigenvalues

__all__ = ["Field", "Flow", "Segment", "State", "integrate", "jacobian", "segment_range", "state_at"]

MARGIN = fmpq(9, 8)  # the tube is taken wider than the error expected in it by this factor
TUBES = 6  # widths tried before the step is halved
HALVINGS = 20
COARSE = 53  # bits for the logarithmic norm: the tube is much wider than a rounding error


Stepper = Callable[[Sequence[arb], arb, fmpq, fmpq], tuple[list[Segment], list[arb], arb] | None]
"""(exact state, bound of its error, now, end) -> (segments, state at their end, bound of its error), None on failure."""


def integrate(
    field: Field,
    start: Sequence[Real],
    times: Sequence[Real],
    *,
    order: int = 0,
    slices: int = 4,
    max_steps: int = 500,
) -> Flow:
    """Enclose the solution of y' = field(y), y(0) = start, at the given exact times, all >= 0 or all <= 0.

    start: n numbers or balls; every solution that starts in the box is enclosed. Works at the current precision;
    order 0 chooses it from the bits. The logarithmic norm is bounded on `slices` pieces of each step, which
    matters for long runs. Stops early, with a reason and NaN states, when the budget is spent or no step succeeds (as
    before a blow-up). Raises ValueError for times of both signs, inexact times, a field of wrong length or a start that
    is not finite, and TypeError for a field that is not polynomial.
    """
    if order == 1 or min(order, slices - 1, max_steps) < 0:
        raise ValueError(f"expected order 0 or >= 2, slices >= 1, max_steps >= 0: got {order}, {slices}, {max_steps}")
    when = tuple(rational(t) for t in times)
    backward = _direction(when)
    y0 = [ball(v) for v in start]
    if not y0 or not all(finite(v) for v in y0):
        raise ValueError(f"the start must be one finite number or more, got {y0}")
    _check_field(field, y0)
    stepper = _stepper(field, backward, order, slices)
    end = max((abs(t) for t in when), default=fmpq(0))
    segments, steps, reason = _run(stepper, y0, end, max_steps)
    signed = tuple(s.reverse() for s in segments) if backward else tuple(segments)
    states = tuple(tuple(y0) if t == 0 else state_or_nan(signed, t, len(y0)) for t in when)
    return Flow(when, states, signed, steps, not reason, reason or "every time was reached")


def _check_field(field: Field, y0: Sequence[arb]) -> None:
    try:
        image = field([arb_poly([v, 1]) for v in y0])
    except (AttributeError, TypeError) as error:
        raise TypeError(f"the field must be made of + - * and constants: {error}") from error
    if len(image) != len(y0):
        raise ValueError(f"the field maps {len(y0)} numbers to {len(image)}")


def _direction(times: Sequence[fmpq]) -> bool:
    if any(t < 0 for t in times) and any(t > 0 for t in times):
        raise ValueError("times must be all >= 0 or all <= 0; run the two directions separately")
    return any(t < 0 for t in times)


def _stepper(field: Field, backward: bool, order: int, slices: int) -> Stepper:
    """Matrix series for a network whose constants are exact, else the field entry by entry."""
    if isinstance(field, NetworkField) and field.packable:
        return NetworkSteps(field.reverse() if backward else field, order, slices)
    oriented: Field = (lambda y: [-v for v in field(y)]) if backward else field
    return partial(_step, oriented, order or max(10, ctx.prec // 3), slices)


def _run(stepper: Stepper, y0: Sequence[arb], end: fmpq, max_steps: int) -> tuple[list[Segment], int, str]:
    """Steps until `end`: (segments, number of steps, why it stopped early or '')."""
    y, r = [v.mid() for v in y0], norm([v.rad() for v in y0]).upper()
    now, found, steps = fmpq(0), list[Segment](), 0
    while now < end:
        if steps >= max_steps:
            return found, steps, f"budget of {max_steps} steps spent at time {float(ball(now)):.6g}"
        made = stepper(y, r, now, end)
        if made is None:
            return found, steps, f"no step succeeded at time {float(ball(now)):.6g}"
        pieces, y, r = made
        found, steps, now = found + pieces, steps + 1, pieces[-1].stop
    return found, steps, ""


def _step(
    f: Field, order: int, slices: int, y: Sequence[arb], r: arb, now: fmpq, end: fmpq
) -> tuple[list[Segment], list[arb], arb] | None:
    p = taylor_polynomial(f, y, order)
    defect = _defect(f, p)
    h = min([end - now, *_step_sizes(p, order)])
    for _ in range(HALVINGS):
        made = _slices(f, p, defect, r, now, h, slices)
        if made is not None:
            return made[0], *_recentre(made[0][-1], made[1])
        h = h / 2
    return None


def _series(v: Any, length: int) -> arb_series:
    return v if isinstance(v, arb_series) else arb_series([v], length)


def _defect(f: Field, p: Sequence[arb_poly]) -> list[arb_poly]:
    """p' - f(p) with absolute values as coefficients: its value at h bounds the defect on [0, h]."""
    image = [v if isinstance(v, arb_poly) else arb_poly([v]) for v in f(p)]
    gaps = [q.derivative() - v for q, v in zip(p, image, strict=True)]
    return [arb_poly([abs(c).upper() for c in gap.coeffs()]) for gap in gaps]


def _step_sizes(p: Sequence[arb_poly], order: int) -> list[fmpq]:
    """Dyadic steps at which each of the last two terms falls below the rounding error: only guesses."""
    epsilon = arb(2) ** -ctx.prec
    with working(24):
        sizes = {k: norm([q[k] for q in p]).upper() for k in (0, order - 1, order)}
        tiny = (sizes.pop(0) + epsilon) * epsilon
        return [(tiny / size).root(k).mid().fmpq() for k, size in sizes.items() if size > 0]


def _slices(
    f: Field, p: tuple[arb_poly, ...], defect: list[arb_poly], r: arb, now: fmpq, h: fmpq, count: int
) -> tuple[list[Segment], arb] | None:
    """Carry the error over [0, h] in `count` slices: the segments and the final error, or None when a tube fails."""
    bound = norm([q(ball(h)) for q in defect]).upper()
    found: list[Segment] = []
    for k in range(count):
        a, b = h * k / count, h * (k + 1) / count
        carried = _carry(f, [q(hull(a, b)) for q in p], bound, r, ball(b - a))
        if carried is None:
            return None
        most, r = carried
        found.append(Segment(now + a, now + b, now, p, most))
    return found, r


def _carry(f: Field, tube: list[arb], defect: arb, r: arb, h: arb) -> tuple[arb, arb] | None:
    """(largest error on a slice of length h, error at its end) from the error r at its beginning, or None."""
    idle = (r + h * defect).upper()
    floor = arb(2) ** -ctx.prec * (norm(tube).upper() + arb(2) ** -ctx.prec)
    wide = (MARGIN * idle + floor).upper()
    for _ in range(TUBES):
        growth = (h * _log_norm(f, [v + arb(0, wide) for v in tube])).exp().upper()
        most = (growth.max(arb(1)) * idle).upper()
        if not finite(most):
            return None
        if most < wide:
            return most, (growth * r + h * growth.max(arb(1)) * defect).upper()
        wide = (MARGIN * most + floor).upper()
    return None


def _log_norm(f: Field, box: Sequence[arb]) -> arb:
    """Upper bound of the Euclidean logarithmic norm of f' on a box: the top eigenvalue of its symmetric part."""
    with working(COARSE):
        j = jacobian(f, box)
        top = ball_eigenvalues((j + j.transpose()) / 2)
        return max(top, key=lambda v: v.upper()).upper() if all(map(finite, top)) else arb.pos_inf()


def jacobian(f: Field, box: Sequence[arb]) -> arb_mat:
    """Enclosure of the (n, n) Jacobian of f on a box, one column at a time from series of length 2."""
    with working(ctx.prec):
        ctx.cap = 2
        columns = [
            [_series(v, 2)[1] for v in f([arb_series([x, int(i == j)], 2) for i, x in enumerate(box)])] for j in range(len(box))
        ]
    return arb_mat(columns).transpose()


def _recentre(piece: Segment, r: arb) -> tuple[list[arb], arb]:
    end = [q(ball(abs(piece.stop - piece.origin))) for q in piece.polynomial]
    return [v.mid() for v in end], (r + norm([v.rad() for v in end])).upper()
