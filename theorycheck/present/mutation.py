"""The pages of `mutate`: fates counted for each claim and kind, the mutants that are open, and the same as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from theorycheck.present.records import value
from theorycheck.present.text import witness_line
from theorycheck.search.fates import Fate, Mutant
from theorycheck.versions import versions

if TYPE_CHECKING:
    from rich.text import Text

SCHEMA = 1
OPEN = (Fate.SURVIVED, Fate.ERROR)
KINDS = ("number", "exponent", "sign", "relation", "index", "hypothesis")
STYLE = {Fate.SURVIVED: "yellow", Fate.ERROR: "bold red"}
Line = list[tuple[str, str]]


def failed(found: Iterable[Mutant]) -> bool:
    """Whether a mutant survived, or shows an error of the library."""
    return any(m.fate in OPEN for m in found)


def plain(found: Sequence[Mutant], seconds: float) -> str:
    """Aligned columns, nothing cut."""
    return "\n".join("".join(part for part, _ in line) for line in _lines(found, seconds))


def coloured(found: Sequence[Mutant], seconds: float) -> Text:
    """The same lines for a terminal."""
    from rich.text import Text

    return Text("\n").join(Text.assemble(*line) for line in _lines(found, seconds))


def _lines(found: Sequence[Mutant], seconds: float) -> list[Line]:
    lines = _table("claim", dict.fromkeys(m.claim for m in found), found, lambda m: m.claim, notes=True)
    lines += [[], *_table("kind", (k for k in KINDS if any(m.kind == k for m in found)), found, lambda m: m.kind)]
    return [*lines, [], [(summary(found, seconds), "")]]


def _table(
    title: str, names: Iterable[str], found: Sequence[Mutant], of: Callable[[Mutant], str], notes: bool = False
) -> list[Line]:
    """One row a name: how many mutants, how many of each fate; below it, where asked, those that are open."""
    groups = {name: [m for m in found if of(m) == name] for name in names}
    rows = {**groups, "in all": list(found)}
    width = max(len(title), *map(len, rows))
    lines: list[Line] = [[(f"{title:<{width}}  mutants", "bold"), *((f"  {f.value:>8}", "bold") for f in Fate)]]
    for name, some in rows.items():
        counts = Counter(m.fate for m in some)
        cells = [(f"  {counts[f] or '':>8}", STYLE.get(f, "")) for f in Fate]
        lines.append([(f"{name:<{width}}  {len(some):>7}", ""), *cells])
        lines += [[(f"    {open_line(m)}", "dim")] for m in some if notes and name in groups and m.fate in OPEN]
    return lines


def open_line(m: Mutant) -> str:
    """What was changed where, and why it is open."""
    why = f": {witness_line(m.witness)}" if m.witness else f" ({m.reason})" if m.reason else ""
    return f"{m.fate.value}: {m.label}, {m.change}{why}"


def summary(found: Sequence[Mutant], seconds: float) -> str:
    """`120 mutants: 100 killed, 15 weaker, 5 survived: 4.8% of those that are not weaker; 3.2 s`."""
    counts = Counter(m.fate for m in found)
    parts = ", ".join(f"{counts[f]} {f.value}" for f in Fate if counts[f]) or "none"
    strict = len(found) - counts[Fate.WEAKER] - counts[Fate.EXEMPT]
    rate = f": {100 * counts[Fate.SURVIVED] / strict:.1f}% of those that are not weaker survived" if strict else ""
    return f"{len(found)} mutants: {parts}{rate}; {seconds:.1f} s"


def record(found: Sequence[Mutant], seed: int, seconds: float) -> dict[str, Any]:
    """The mutants as JSON, schema version 1."""
    return {
        "schema": SCHEMA,
        "seed": seed,
        "versions": versions(),
        "seconds": round(seconds, 1),
        "counts": _counts(found),
        "kinds": {k: _counts([m for m in found if m.kind == k]) for k in KINDS},
        "mutants": [_mutant(m) for m in found],
    }


def _counts(found: Sequence[Mutant]) -> dict[str, int]:
    counts = Counter(m.fate.value for m in found)
    return {"all": len(found), **{f.value: counts[f.value] for f in Fate}}


def _mutant(m: Mutant) -> dict[str, Any]:
    w = m.witness
    return {
        "claim": m.claim,
        "kind": m.kind,
        "label": m.label,
        "change": m.change,
        "fate": m.fate.value,
        "verdict": value(m.verdict),
        "witness": {"values": dict(w.values), "violation": w.violation, "exact": w.exact} if w else None,
        "reason": m.reason,
        "seconds": round(m.seconds, 4),
    }
