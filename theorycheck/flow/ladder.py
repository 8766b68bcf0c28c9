"""One problem in float64, in multiprecision and in rigorous balls, and how the answers agree.

    report = ladder(network, cost, layers, times=[1], precision=("float64", 50, "ball"))
    print(report)

Floats are taken as the binary fractions they are; Fractions and text such as "1/3" are taken exactly (float64 rounds
them). Each rung states its own error: balls a proved one; the others the distance to a second run with a coarser
tolerance, scaled to theirs, which sees what the flow makes of the errors of its steps but proves nothing.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from flint import arb, arb_mat, fmpq, fmpq_mat

from theorycheck.enclose.network import NetworkField, gradient_flow, pack, product, unpack
from theorycheck.enclose.precision import finite, norm, working
from theorycheck.enclose.taylor import integrate
from theorycheck.errors import InputError
from theorycheck.flow.agreement import Agreement, Rung, agreement
from theorycheck.flow.checks import nonnegative, positive
from theorycheck.flow.costs import Cost
from theorycheck.flow.exact_data import (
    exact_gradient,
    exact_layers,
    exact_number,
    exact_times,
    rounded_cost,
    rounded_rows,
)
from theorycheck.flow.networks import Network
from theorycheck.flow.taylor import bits_of, taylor_flow

Level = Literal["float64", "ball"] | int | tuple[Literal["ball"], int]
"""float64; an int: so many decimal digits; "ball" or ("ball", digits): a rigorous enclosure, to about so many digits."""

MOST_DIGITS = 20_000
COARSER = 5  # digits that the second run of a multiprecision rung gives up
LOOSER = 100.0  # times the tolerances, for the second run in float64
ROUNDING = 2.0**-44  # relative, what float64 may lose besides


@dataclass(frozen=True, eq=False)
class _Problem:
    """The flow, exactly: samples[k] is the list of layers of sample k."""

    network: Network
    cost: Cost
    samples: list[list[fmpq_mat]]
    times: tuple[fmpq, ...]
    ridge: fmpq
    rtol: float
    atol: float
    max_steps: int

    @property
    def field(self) -> NetworkField:
        return gradient_flow(self.network.widths, exact_gradient(self.cost), self.ridge)


def ladder(
    network: Network,
    cost: Cost,
    layers: Sequence[Any],
    times: Sequence[Any],
    *,
    precision: Level | Sequence[Level] = ("float64", 50, "ball"),
    ridge: Any = 0,
    rtol: float = 1e-10,
    atol: float = 1e-14,
    max_steps: int = 100_000,
) -> Agreement:
    """A(t) at the times in every precision asked for, one after the other, and a comparison of each pair.

    layers: W_1, ..., W_L, each (B, n_l, n_(l-1)), or (n_l, n_(l-1)) for one sample. rtol, atol: of float64. A user's
    cost must have a gradient made of + - * on arrays of objects for the other rungs. A rung that does not reach a time
    says why and has no answer there. Raises InputError for bad input, before anything is computed.
    """
    levels = _levels(precision)
    problem = _Problem(
        network,
        cost,
        exact_layers(network, layers),
        exact_times(times),
        exact_number("ridge", ridge),
        positive("rtol", rtol),
        nonnegative("atol", atol),
        max_steps,
    )
    if problem.ridge < 0:
        raise InputError(f"ridge: {ridge} is negative; pass a number >= 0")
    wanted = (network.widths[-1], network.widths[0])
    if cost.shape is not None and tuple(cost.shape) != wanted:
        raise InputError(f"cost: is for matrices of shape {tuple(cost.shape)}, the network gives {wanted}; change one")
    most = max((level for level in levels if isinstance(level, int)), default=30)
    return agreement(problem.times, [_rung(problem, level, most) for level in levels])


def _levels(precision: Any) -> list[Level]:
    """The rungs asked for; a single one may stand without brackets."""
    levels = [precision] if isinstance(precision, str | int | float) or _is_ball(precision) else list(precision)
    if not levels:
        raise InputError('precision: no rung given; pass for instance ("float64", 50, "ball")')
    for level in levels:
        known = level in ("float64", "ball") if isinstance(level, str) else _is_digits(level) or _is_ball(level)
        if not known:
            raise InputError(
                f'precision: {level!r} is unknown; pass "float64", a whole number of digits from 1 to {MOST_DIGITS}, '
                '"ball" or ("ball", digits)'
            )
    return levels


def _is_digits(level: Any) -> bool:
    return isinstance(level, int) and not isinstance(level, bool) and 1 <= level <= MOST_DIGITS


def _is_ball(level: Any) -> bool:
    return isinstance(level, tuple) and len(level) == 2 and level[0] == "ball" and _is_digits(level[1])


def _rung(problem: _Problem, level: Level, most: int) -> Rung:
    begin = time.perf_counter()
    if level == "float64":
        name, found = "float64", _float64(problem)
    elif isinstance(level, int):
        name, found = f"{level} digits", [_multiprecision(problem, w, level) for w in problem.samples]
    else:
        digits = level[1] if isinstance(level, tuple) else most + COARSER
        name, found = f"ball, {digits} digits", [_balls(problem, w, digits) for w in problem.samples]
    answers, errors, reasons = zip(*found, strict=True)
    proved = level == "ball" or isinstance(level, tuple)
    return Rung(name, proved, tuple(answers), tuple(errors), tuple(reasons), time.perf_counter() - begin)


Found = tuple[tuple[arb_mat, ...], tuple[arb, ...], str]
"""For one sample: A at the times, exact; bound or estimate of its error (Frobenius); why it stopped early, or ''."""


def _float64(problem: _Problem) -> list[Found]:
    fine = _float_answers(problem, 1.0)
    coarse = _float_answers(problem, LOOSER)
    found: list[Found] = []
    for (a, reason), (b, _), layers in zip(fine, coarse, problem.samples, strict=True):
        floor = ROUNDING * float(np.prod([np.linalg.norm(rounded_rows(w)) for w in layers]))
        gaps = [float(np.linalg.norm(x - y)) for x, y in zip(a, b, strict=True)]
        errors = [10 * gap / LOOSER + ROUNDING * float(np.linalg.norm(x)) + floor for gap, x in zip(gaps, a, strict=True)]
        found.append((tuple(_exact(x) for x in a), tuple(arb(e) for e in errors), reason))
    return found


def _float_answers(problem: _Problem, looser: float) -> list[tuple[list[np.ndarray[Any, Any]], str]]:
    """For each sample A at the times, NaN where the run did not get to, and why not."""
    from theorycheck.flow.runs import run  # `run` hands over to this module when it is asked for more digits

    network, later = problem.network, [float(arb(t)) for t in problem.times if t > 0]
    layers = [np.array([rounded_rows(w[l]) for w in problem.samples]) for l in range(network.depth)]
    start = layers[0]
    for w in layers[1:]:
        start = w @ start
    answers = [[a] if problem.times[0] == 0 else [] for a in start]
    reasons = [""] * len(start)
    if later:
        done = run(
            network,
            rounded_cost(problem.cost),
            layers,
            later[-1],
            ridge=float(arb(problem.ridge)),
            rtol=problem.rtol * looser,
            atol=problem.atol * looser,
            record_at=later,
            record="A",
            max_steps=problem.max_steps,
        )
        for k, (rows, stop) in enumerate(zip(done.solution.recorded, done.solution.stop, strict=True)):
            answers[k] += list(rows)
            reasons[k] = "" if stop.good else stop.value
    return list(zip(answers, reasons, strict=True))


def _exact(a: np.ndarray[Any, Any]) -> arb_mat:
    return arb_mat([[arb(float(v)) for v in row] for row in a])


def _multiprecision(problem: _Problem, layers: list[fmpq_mat], digits: int) -> Found:
    field = problem.field
    if not field.packable:
        return _balls(problem, layers, digits)  # a user's cost: the centres of enclosures, with their radii
    fine = _taylor_answers(problem, field, layers, digits)
    coarse = _taylor_answers(problem, field, layers, max(1, digits - COARSER))
    with working(bits_of(digits) + 64):
        scale = arb(10) ** (1 - min(COARSER, digits - 1))
        small = arb(10) ** -digits
        errors = [norm((a - b).entries()) * scale + norm(a.entries()) * small for a, b in zip(fine[0], coarse[0], strict=True)]
    return fine[0], tuple(e.mid() for e in errors), fine[1]


def _taylor_answers(
    problem: _Problem, field: NetworkField, layers: list[fmpq_mat], digits: int
) -> tuple[tuple[arb_mat, ...], str]:
    bits = bits_of(digits) + 64
    with working(bits):
        start = [v.mid() for v in pack(layers)]
        done = taylor_flow(field, start, problem.times, digits, max_steps=problem.max_steps)
        return tuple(_end_to_end(problem, y).mid() for y in done.states), done.reason


def _balls(problem: _Problem, layers: list[fmpq_mat], digits: int) -> Found:
    with working(bits_of(digits)):
        start, field = pack(layers), problem.field
        try:
            done = integrate(field, start, problem.times, max_steps=problem.max_steps)
        except (TypeError, ValueError, AttributeError) as error:
            raise InputError(f"cost: its gradient does not work on balls ({error}); use + - * only, or float64") from None
        answers = [_end_to_end(problem, y) for y in done.states]
        radii = [norm([v.rad() for v in a.entries()]).upper() for a in answers]
        return tuple(a.mid() for a in answers), tuple(radii), "" if done.complete else done.reason


def _end_to_end(problem: _Problem, state: Sequence[arb]) -> arb_mat:
    if not all(finite(v) for v in state):
        shape = problem.network.widths[-1], problem.network.widths[0]
        return arb_mat(*shape, [arb.nan()] * (shape[0] * shape[1]))
    return product([arb_mat(w) for w in unpack(state, problem.network.widths)])
