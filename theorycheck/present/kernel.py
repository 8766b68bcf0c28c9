"""What a proof assistant said of certificates, as lines: claim, verdict, outcome and reason; and a summary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from theorycheck.certificate.coq.kernel import Judged, Kernel, counted

HEADS = ("claim", "verdict", "Coq", "")


def plain(kernel: Kernel) -> str:
    """Aligned columns, nothing cut."""
    cells = [HEADS, *((r.claim, r.verdict, r.outcome, _told(r)) for r in kernel.results)]
    widths = [max(len(row[i]) for row in cells) for i in range(3)]
    return "\n".join("  ".join([*(c.ljust(w) for c, w in zip(row, widths, strict=False)), row[3]]).rstrip() for row in cells)


def _told(r: Judged) -> str:
    if r.outcome == "accepted":
        return f"given {', '.join(r.rests_on)}" if r.rests_on else ""
    return " ".join(r.reason.split())


def summary(kernel: Kernel, seconds: float) -> str:
    """`170 certificates: 90 accepted by Coq 8.16.1 (60 of them given no other claim), 3 gave up, 77 not translated; 300 s`."""
    counts = counted(kernel.results)
    alone = sum(r.outcome == "accepted" and not r.rests_on for r in kernel.results)
    parts = [
        f"{n} {o}" + (f" by Coq {kernel.version} ({alone} of them given no other claim)" if o == "accepted" else "")
        for o, n in counts.items()
    ]
    lines = [f"{len(kernel.results)} certificates for Coq: {', '.join(parts) or 'none'}; {seconds:.0f} s"]
    why = _reasons(kernel.results)
    if why:
        lines.append("not translated: " + ", ".join(f"{reason} ({n})" for reason, n in why))
    return "\n".join(lines)


def _reasons(results: Sequence[Judged]) -> list[tuple[str, int]]:
    return Counter(r.reason for r in results if r.outcome == "not translated").most_common()
