"""What `recheck` found, as lines: claim, verdict, outcome and reason; and a summary."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from theorycheck.certificate.checker.driver import Result
from theorycheck.certificate.recheck import Rechecked

if TYPE_CHECKING:
    from rich.text import Text

HEADS = ("claim", "verdict", "recheck", "")
STYLE = {"confirmed": "green", "counted": "cyan", "not covered": "yellow", "rejected": "bold red"}


def plain(found: Rechecked) -> str:
    """Aligned columns, nothing cut."""
    return "\n".join("".join(part for part, _ in line).rstrip() for line in _lines(found.results))


def coloured(found: Rechecked) -> Text:
    """The same lines for a terminal."""
    from rich.text import Text

    return Text("\n").join(Text.assemble(*line) for line in _lines(found.results))


def _lines(results: Sequence[Result]) -> list[list[tuple[str, str]]]:
    cells = [HEADS, *((r.claim, r.verdict, r.outcome, " ".join(r.reason.split())) for r in results)]
    widths = [max(len(row[i]) for row in cells) for i in range(3)]
    padded = [[c.ljust(w) for c, w in zip(row, widths, strict=False)] for row in cells]
    lines = [[("  ".join(padded[0]), "bold")]]
    for (claim, verdict, outcome), row in zip(padded[1:], cells[1:], strict=True):
        lines.append([(f"{claim}  {verdict}  ", ""), (outcome, STYLE[row[2]]), (f"  {row[3]}", "dim")])
    return lines


def summary(found: Rechecked, seconds: float) -> str:
    """`170 certificates: 104 confirmed (96 proved, 8 refuted), 66 not covered; compared with claims.lock; 17 s`."""
    counts = Counter(r.outcome for r in found.results)
    verdicts = Counter(r.verdict for r in found.results if r.outcome == "confirmed")
    kinds = ", ".join(f"{n} {v}" for v, n in verdicts.most_common())
    parts = [f"{counts[o]} {o}" + (f" ({kinds})" if o == "confirmed" else "") for o in STYLE if counts[o]]
    lines = [f"{len(found.results)} certificates: {', '.join(parts)}; compared with {found.lock}; {seconds:.1f} s"]
    rules = Counter(m[1] for r in found.results if r.outcome == "not covered" and (m := re.search(r"the rule (\S+)", r.reason)))
    if rules:
        lines.append("rules that the checker does not know: " + ", ".join(f"{name} ({n})" for name, n in rules.most_common()))
    if counts["not covered"]:
        lines.append("what is not covered is not accepted")
    return "\n".join(lines)
