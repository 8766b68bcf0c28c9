"""Claims about wide networks, judged by samples of runs (see `lazy_runs`): rates, distances, the exponent of the width.

"For w large enough" is not settled by finitely many widths: what holds at the largest one, with an interval above 1/2,
supports; to contradict takes an exponent or a limit that leaves the claim out, or a share below 1/2 that does not rise.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from theorycheck.models.lazy_runs import BLOCK, Seen, costs, watch
from theorycheck.statement import Check
from theorycheck.statistics import design, medians, proportions, slopes
from theorycheck.verdict import Evidence, Outcome

HALF = Fraction(1, 2)
MARGIN, WIDEST = 0.1, 0.5  # of an exponent: asked of the half width of its interval, and the most that still tells something
Held = Callable[[Seen], NDArray[np.bool_]]
Size = Callable[[Mapping[int, Seen], int, int], int]  # from a pilot, by width, the number of widths, the most draws at one


@dataclass(frozen=True)
class Plan:
    """For each depth the widths of the samples, a geometric sequence; widths beyond, with a run each, which is told and decides
    nothing (an interval takes 31 at least, and one run at L = 4, w = 1024 takes 100 s); the size of a pilot; the most draws at
    a width."""

    widths: Mapping[int, tuple[int, ...]]
    beyond: Mapping[int, tuple[int, ...]]
    pilot: int
    most: int
    few: int = 1


PLANS = {
    "quick": Plan({2: (8, 32, 128, 512), 3: (8, 32)}, {2: (1024,), 3: ()}, 24, 60),
    "full": Plan(
        {2: (8, 16, 32, 64, 128, 256, 512, 1024), 3: (8, 16, 32, 64, 128), 4: (8, 16, 32, 64, 128)},
        {2: (), 3: (256, 512, 1024), 4: (256, 512, 1024)},
        30,
        150,
    ),
}
ENOUGH = 60  # draws for the limit of a rate, whose interval is wide anyhow
PILOTED = 128  # the largest width of a pilot
MOST_CASES = 6  # two costs, three depths


@dataclass(frozen=True)
class Case:
    """Runs of one cost and depth, by width; `extra`: a few runs at widths beyond."""

    name: str
    seen: dict[int, Seen]
    extra: dict[int, Seen]

    @property
    def last(self) -> Seen:
        return self.seen[max(self.seen)]

    @property
    def quarter(self) -> Seen:
        """The runs at a quarter of the largest width."""
        return self.seen[max(self.seen) // 4]


def cases(check: Check, size: Size, fewest: int = 1, beyond: bool = False) -> list[Case]:
    """For each cost and depth with so many widths: a pilot with a seed of its own, which gives the size of the samples, and
    the samples, in whole blocks; a few runs at the widths beyond where they are asked for. The claims of a statement share
    them."""
    plan, found = PLANS[check.level], []
    for name in costs():
        for depth, widths in plan.widths.items():
            if len(widths) < fewest:
                continue
            pilot, sample = (design.shared_seed(check, f"{purpose} {name} {depth}") for purpose in ("pilot", "sample"))
            tried = {w: watch(name, depth, w, plan.pilot, pilot) for w in widths if w <= PILOTED}
            n = BLOCK * -(-size(tried, len(widths), plan.most) // BLOCK)
            seen = {w: watch(name, depth, w, n, sample) for w in widths}
            extra = {w: watch(name, depth, w, plan.few, sample) for w in plan.beyond[depth] if beyond}
            found.append(Case(f"{name} L={depth}", seen, extra))
    return found


def _coverage(check: Check, found: Sequence[Case]) -> str:
    sizes = sorted({len(s.gaps) for c in found for s in c.seen.values()})
    widths = [w for c in found for w in (*c.seen, *c.extra)]
    draws = f"{sizes[0]} to {sizes[-1]}" if len(sizes) > 1 else f"{sizes[0]}"
    names = ", ".join(c.name for c in found)
    return f"{names}; w = {min(widths)} .. {max(widths)}, {draws} runs at each, seed {check.seed}; {design.SAID}"


def _evidence(
    check: Check, found: Sequence[Case], outcomes: Sequence[Outcome], texts: Sequence[str], best: str | None = None
) -> Evidence:
    """The worst of the outcomes decides: one case against, else one case open, else all for."""
    order = (Outcome.CONTRADICTS, Outcome.NOTHING, Outcome.SUPPORTS)
    outcome = next(o for o in order if o in outcomes)
    open_ = "; ".join(t for t, o in zip(texts, outcomes, strict=True) if o is outcome)
    reason = None if outcome is Outcome.SUPPORTS else open_
    return Evidence("sample", outcome, "; ".join(texts), coverage=_coverage(check, found), reason=reason, best=best)


# --- what holds at the largest width ------------------------------------------------------------------------------------------
def _share(case: Case, holds: Held) -> tuple[Fraction, Fraction, int]:
    """The interval for the chance that it holds at the largest width, and the count."""
    kept = holds(case.last)
    return *proportions.interval(len(kept), int(kept.sum()), design.SHARE), int(kept.sum())


def _for_chance(holds: Held) -> Size:
    def size(tried: Mapping[int, Seen], _: int, most: int) -> int:
        kept = holds(tried[max(tried)])
        return design.size_for_chance(len(kept), int(kept.sum()), HALF, most)

    return size


def _parameter(check: Check, name: str) -> float:
    return float(Fraction(check.parameters[name].args[0]))  # type: ignore[arg-type]


def rate_of(name: str) -> design.Sampled:
    """A claim that the loss stays under (C_0 - C_min) e^(-rate beta' t), the rate being the parameter of that name."""

    def run(check: Check) -> Evidence:
        rate = _parameter(check, name)
        holds: Held = lambda seen: seen.below(rate)  # noqa: E731
        found, texts, outcomes = cases(check, _for_chance(holds), beyond=True), [], []
        for case in found:
            low, high, count = _share(case, holds)
            against = high < HALF and rate > limit_of_rate(case)[1]
            outcomes.append(Outcome.CONTRADICTS if against else Outcome.SUPPORTS if low > HALF else Outcome.NOTHING)
            ratio = float(np.median(case.last.ratios(rate)[:, np.searchsorted(case.last.tau * case.last.beta, 1.0)]))
            beyond = "".join(f", {int(holds(s).sum())}/{len(s.gaps)} at w={w}" for w, s in case.extra.items())
            texts.append(
                f"{case.name}: {count}/{len(case.last.gaps)} runs under the bound at w={max(case.seen)}"
                f" (in [{float(low):.2f}, {float(high):.2f}]){beyond}, loss/bound {ratio:.3f} at tau = 1/beta"
            )
        return _evidence(check, found, outcomes, texts, best_rate(found))

    return design.Sampled(3 * MOST_CASES, run)


def distance_of(name: str) -> design.Sampled:
    """A claim that the limit is at most factor r away from the start."""

    def run(check: Check) -> Evidence:
        factor = _parameter(check, name)
        holds: Held = lambda seen: seen.reach <= factor * (1 + 1e-6)  # noqa: E731
        found, texts, outcomes = cases(check, _for_chance(holds)), [], []
        for case in found:
            low, high, count = _share(case, holds)
            rises = float(holds(case.quarter).mean()) < float(holds(case.last).mean())
            against = high < HALF and not rises
            outcomes.append(Outcome.CONTRADICTS if against else Outcome.SUPPORTS if low > HALF else Outcome.NOTHING)
            texts.append(f"{case.name}: {count}/{len(case.last.gaps)} within, largest {case.last.reach.max():.3f} r")
        largest = max(float(case.last.reach.max()) for case in found)
        return _evidence(check, found, outcomes, texts, f"{largest:.3f} r in the runs")

    return design.Sampled(MOST_CASES, run)


# --- limits and exponents -----------------------------------------------------------------------------------------------------
def limit_of_rate(case: Case) -> tuple[float, float]:
    """An interval for the limit of the median rate, which it approaches like w^(-1/2): 2 rate(w) - rate(w/4)."""
    ends = [medians.interval(list(seen.rates), design.SHARE) for seen in (case.last, case.quarter)]
    if ends[0] is None or ends[1] is None:
        return float("-inf"), float("inf")
    return 2 * ends[0][0] - ends[1][1], 2 * ends[0][1] - ends[1][0]


def best_rate(found: Sequence[Case]) -> str:
    """The median rates at the largest width, and what they tend to, in units of beta'."""
    now = [float(np.median(case.last.rates)) for case in found]
    limits = [2 * a - float(np.median(case.quarter.rates)) for a, case in zip(now, found, strict=True)]
    return f"rates {min(now):.2f} .. {max(now):.2f} beta' at the largest width, tending to {np.mean(limits):.1f} beta'"


def limit_rate(name: str) -> design.Sampled:
    """A claim that the loss falls at factor u beta' where Theta >= u eta: the rate for w -> infinity, where u -> 1."""

    def run(check: Check) -> Evidence:
        factor = _parameter(check, name)
        found, texts, outcomes = cases(check, lambda tried, sizes, most: min(most, ENOUGH), slopes.FEWEST), [], []
        for case in found:
            low, high = limit_of_rate(case)
            outcomes.append(Outcome.CONTRADICTS if factor > high else Outcome.SUPPORTS if low <= factor else Outcome.NOTHING)
            texts.append(f"{case.name}: limit of the rate in [{low:.2f}, {high:.2f}] beta'")
        return _evidence(check, found, outcomes, texts, best_rate(found))

    return design.Sampled(2 * MOST_CASES, run)


def _for_slope(tried: Mapping[int, Seen], sizes: int, most: int) -> int:
    logs = np.log([seen.apart for seen in tried.values()])
    found = np.polyfit(np.log(list(tried)), logs, 1)[0]
    low, high = np.quantile(found, (0.25, 0.75))
    return design.size_for_slope(float(high - low), sizes, MARGIN, most)


def exponent_of(name: str) -> design.Sampled:
    """A claim that the distance to the flow on matrices is O(w^-power)."""

    def run(check: Check) -> Evidence:
        power = _parameter(check, name)
        found, texts, outcomes = cases(check, _for_slope, slopes.FEWEST + 1, beyond=True), [], []
        for case in found:
            slope = slopes.fit({float(w): list(seen.apart) for w, seen in case.seen.items()}, design.SHARE)
            if slope is None:
                outcomes.append(Outcome.NOTHING)
                texts.append(f"{case.name}: no slope (too few runs, or no width in the asymptotic range)")
                continue
            tells = slope.high - slope.low <= WIDEST
            outcomes.append(Outcome.CONTRADICTS if slope.low > -power else Outcome.SUPPORTS if tells else Outcome.NOTHING)
            beyond = "".join(f", median {np.median(s.apart):.3f} at w={w}" for w, s in case.extra.items())
            texts.append(f"{case.name}: slope {slope}{beyond}")
        return _evidence(check, found, outcomes, texts)

    return design.Sampled(MOST_CASES, run)
