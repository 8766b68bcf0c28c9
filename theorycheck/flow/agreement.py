"""How the answers of several precisions agree: a table that can be printed and asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from flint import arb, arb_mat, fmpq

from theorycheck.enclose.precision import finite, norm, working
from theorycheck.errors import InputError

SAFETY = 10  # an error that is only estimated may be so many times too small before a difference counts


@dataclass(frozen=True, eq=False)
class Rung:
    """One precision: answers[sample][time] is A, exact numbers (n_L, n_0); errors the same way, Frobenius norms.

    proved: the errors are rigorous (the radius of an enclosure), else the rung's own estimates. reasons[sample]: why
    not every time was reached, else ''; the answers that are missing are NaN.
    """

    name: str
    proved: bool
    answers: tuple[tuple[arb_mat, ...], ...]
    errors: tuple[tuple[arb, ...], ...]
    reasons: tuple[str, ...]
    seconds: float


@dataclass(frozen=True, eq=False)
class Comparison:
    """|A - A'|_F / |A|_F of two rungs at one time and sample, and the error that they admit, relative too.

    agrees: the difference is no larger than admitted; for a proved rung that says that the other answer lies in the
    enclosure widened by its own estimate. None when one of them has no answer.
    """

    sample: int
    time: fmpq
    first: str
    second: str
    difference: arb
    admitted: arb
    agrees: bool | None

    def __str__(self) -> str:
        where = f"sample {self.sample}, t = {_time(self.time)}: {self.first} and {self.second}"
        if self.agrees is None:
            return f"{where}: no comparison, one of them has no answer"
        differ = f"differ by {_short(self.difference)}, errors admitted {_short(self.admitted)}"
        return f"{where} {differ}: {'they agree' if self.agrees else 'THEY DISAGREE'}"


@dataclass(frozen=True, eq=False)
class Agreement:
    """The rungs and every comparison of two of them."""

    times: tuple[fmpq, ...]
    rungs: tuple[Rung, ...]
    comparisons: tuple[Comparison, ...]

    @property
    def agrees(self) -> bool:
        """Whether every rung has every answer and no two of them disagree."""
        return all(c.agrees for c in self.comparisons) and not any(reason for r in self.rungs for reason in r.reasons)

    @property
    def disagreements(self) -> tuple[Comparison, ...]:
        return tuple(c for c in self.comparisons if c.agrees is False)

    def rung(self, name: str) -> Rung:
        """The first rung whose name begins so: "float64", "50 digits", "ball"."""
        for rung in self.rungs:
            if rung.name.startswith(name):
                return rung
        raise InputError(f"rung: no {name!r} here; there are {', '.join(r.name for r in self.rungs)}")

    def with_rung(self, rung: Rung) -> Agreement:
        """The same report with the rung of this name replaced, compared anew."""
        return agreement(self.times, [rung if r.name == rung.name else r for r in self.rungs])

    def __str__(self) -> str:
        lines = [f"{r.name}: {r.seconds:.3g} s, {_errors(r)}" for r in self.rungs]
        lines += [f"{r.name}, sample {k}: {why}" for r in self.rungs for k, why in enumerate(r.reasons) if why]
        lines += [str(c) for c in self.comparisons]
        return "\n".join([*lines, self._verdict()])

    def _verdict(self) -> str:
        if self.agrees:
            return "All precisions agree within the errors they admit."
        if not self.disagreements:
            return "No two precisions disagree, but answers are missing."
        pairs = sorted({f"{c.first} and {c.second}" for c in self.disagreements})
        return f"DISAGREEMENT between {'; '.join(pairs)}: at least one of the two is wrong, or its error estimate is."


def agreement(times: Sequence[fmpq], rungs: Sequence[Rung]) -> Agreement:
    """Compare every pair of rungs at every time and sample."""
    found = [
        _compare(first, second, sample, k, t)
        for sample in range(len(rungs[0].answers))
        for k, t in enumerate(times)
        for first, second in combinations(rungs, 2)
    ]
    return Agreement(tuple(times), tuple(rungs), tuple(found))


def _compare(first: Rung, second: Rung, sample: int, k: int, t: fmpq) -> Comparison:
    a, b = first.answers[sample][k], second.answers[sample][k]
    with working(_bits(a, b)):
        gap, size = norm((a - b).entries()), norm(b.entries())
        errors = [r.errors[sample][k] * (1 if r.proved else SAFETY) for r in (first, second)]
        allowed = (errors[0] + errors[1]).upper()
        known = finite(gap) and finite(allowed)
        agrees = bool(gap.lower() <= allowed) if known else None
        unit = arb(1) if size.contains(0) else size
        return Comparison(sample, t, first.name, second.name, gap / unit, allowed / unit, agrees)


def _bits(*matrices: arb_mat) -> int:
    """Enough bits for the difference of exact numbers to show all their digits."""
    return max([64, *(int(v.bits()) + 64 for m in matrices for v in m.entries() if finite(v))])


def _errors(rung: Rung) -> str:
    known = [e for sample in rung.errors for e in sample if finite(e)]
    if not known:
        return "no answer"
    return f"error {'proved' if rung.proved else 'estimated'} <= {_short(max(known, key=lambda e: e.upper()))}"


def _short(v: arb) -> str:
    return str(v.mid().str(3, radius=False)) if finite(v) else "unknown"


def _time(t: fmpq) -> str:
    return str(t) if t.q == 1 else f"{float(arb(t)):.6g}"
