"""What the benchmark is to reach, line by line, judged on the rows of one run."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from benchmarks.measure import Row, seconds_at
from benchmarks.reference import Reference


@dataclass(frozen=True)
class Line:
    """One line of the table: what was found, what was asked, whether it is reached (None: not measured)."""

    text: str
    found: str
    asked: str
    reached: bool | None

    def __str__(self) -> str:
        verdict = {True: "reached", False: "MISSED", None: "not measured"}[self.reached]
        return f"{self.text}: {self.found} (asked {self.asked}) {verdict}"


def _both(peer: str, factor: float) -> tuple[tuple[str, float], ...]:
    """As documented, and tuned for these works by us."""
    return tuple((f"{peer} {method}", factor) for method in ("Tsit5", "Tsit5 tuned", "Dopri8 tuned"))


FASTER: dict[str, tuple[tuple[str, float], ...]] = {
    "P1": (*_both("diffrax", 15), ("SciPy DOP853", 8)),
    "P2": (*_both("diffrax", 5), ("SciPy DOP853", 2)),
    "P3": (*_both("diffrax", 6), ("SciPy DOP853", 20), ("SciPy LSODA", 8), ("SciPy LSODA + Jacobian", 8)),
    "P4": (("SciPy LSODA + Jacobian", 3),),
    "wide-0.001": (("theorycheck dop853", 5),),
    "tiny": (("heyoka batch", 1 / 8),),
}
"""By the beginning of the work's name: at least so many times faster than these methods."""
MOST_OF_PRODUCTS = 2.0
TIME_ACCURACY = 1e-6
STEPS_PER_DECADE = 1.5  # growth like log(1 / alpha): a decade adds at most so many times what the one before added


def ours(rows: Sequence[Row]) -> str:
    """The engine's own choice of method where it was run, else DOP853."""
    return "theorycheck auto" if any(r.method == "theorycheck auto" for r in rows) else "theorycheck dop853"


def speed_lines(name: str, rows: Sequence[Row], targets: Sequence[float]) -> list[Line]:
    """`rows` of one work: how many times faster than each peer at each error, and how near to the bare products."""
    mine = ours(rows)
    own = [r for r in rows if r.method == mine]
    out = []
    for start, peers in FASTER.items():
        for peer, factor in peers if name.startswith(start) else ():
            theirs = [r for r in rows if r.method == peer]
            if theirs and own:
                out += [_ratio(f"{name}: {mine} vs {peer}", own, theirs, factor, target) for target in targets]
    return out + _heyoka_with_compiling(name, own, rows) + _products(name, own, rows)


def _ratio(text: str, own: Sequence[Row], theirs: Sequence[Row], factor: float, target: float) -> Line:
    a, b = seconds_at(own, target), seconds_at(theirs, target)
    text, asked = f"{text} at {target:.0e}", f">= {factor:.3g}x"
    if a is None:
        best = min((r.error for r in own if r.error is not None), default=float("nan"))
        return Line(text, f"error not reached by the engine, best {best:.1e}", asked, False if b is not None else None)
    if b is None:
        best = min((r.error for r in theirs if r.error is not None), default=float("nan"))
        return Line(text, f"error not reached by the peer, best {best:.1e}; engine {a:.3g} s", asked, True)
    return Line(text, f"{b / a:.3g}x ({a:.3g} s against {b:.3g} s)", asked, b / a >= factor)


def _heyoka_with_compiling(name: str, own: Sequence[Row], rows: Sequence[Row]) -> list[Line]:
    theirs = [r for r in rows if r.method == "heyoka batch"]
    a, b = seconds_at(own, 1e-12), seconds_at(theirs, 1e-12)
    if not name.startswith("tiny") or a is None or b is None:
        return []
    total = b + theirs[0].compile_seconds
    return [Line(f"{name}: vs heyoka with compiling", f"{total / a:.3g}x", ">= 1x", total >= a)]


def _products(name: str, own: Sequence[Row], rows: Sequence[Row]) -> list[Line]:
    bare, a = [r for r in rows if r.method == "bare products"], seconds_at(own, 1e-6)
    if name != "P2" or not bare or a is None:
        return []
    times = a / bare[0].seconds["median"]
    return [Line("P2: engine over the bare products", f"{times:.3g}x", f"<= {MOST_OF_PRODUCTS:g}x", times <= MOST_OF_PRODUCTS)]


def step_lines(groups: dict[str, dict[float, Sequence[Row]]]) -> list[Line]:
    """For each family of works, {alpha: rows}: steps of the engine at the same tolerance, per decade of alpha."""
    out = []
    for name, by_alpha in groups.items():
        counts = {a: _steps_at(rows) for a, rows in sorted(by_alpha.items(), reverse=True)}
        known = [c for c in counts.values() if c is not None]
        if len(known) < 3:
            continue
        found = ", ".join(f"{c:.0f} at {a:g}" for a, c in counts.items() if c is not None)
        gains = [b - a for a, b in pairwise(known)]
        logarithmic = gains[-1] <= STEPS_PER_DECADE * max(gains[0], 0.25 * known[0])  # a first gain may be next to nothing
        out.append(Line(f"{name}: steps", found, "like log(1/alpha)", logarithmic))
    return out


def _steps_at(rows: Sequence[Row]) -> float | None:
    """At the middle tolerance 1e-7, where all alphas were run."""
    mine = [r for r in rows if r.method == ours(rows) and r.rtol is not None and abs(r.rtol / 1e-7 - 1) < 0.01]
    return mine[0].steps if mine else None


def time_line(name: str, found: Sequence[float], reference: Reference) -> Line:
    """Times of the second transition against the reference, relative, the largest over the batch."""
    assert reference.times is not None
    worst = float(max(abs(a - b) / b for a, b in zip(found, reference.times, strict=True)))
    return Line(f"{name}: time of the second transition", f"{worst:.1e}", f"<= {TIME_ACCURACY:.0e}", worst <= TIME_ACCURACY)
