"""Evidence by counting: of independent draws some hold, and an interval contains the chance that one does.

The interval is that of Clopper and Pearson: at its lower end as many draws that hold as were seen, or more, have the chance
(1 - confidence) / 2, at its upper end as many or fewer. Ends are in millionths, rounded outwards; on which side of the level a
binomial tail lies is decided in integers.
"""

from __future__ import annotations

from math import comb
from typing import Any

from .core import need
from .table import rational

KEYS = {"kind", "seed", "level", "tries", "holds", "confidence", "interval"}
PARTS = 10**6
MOST = 2000  # draws


def within(n: int, k: int, m: int) -> bool:
    """Whether k or more of n draws that hold, each with the chance m / PARTS, have a chance of at most 1/40."""
    cases: int = sum(comb(n, j) * m**j * (PARTS - m) ** (n - j) for j in range(k, n + 1))
    return 40 * cases <= int(PARTS**n)


def counted(proof: dict[str, Any]) -> str:
    """What a proof of the kind "sample" says, in words; Refused where its interval is not the one of its counts."""
    need(set(proof) == KEYS and proof["confidence"] == "19/20", "another kind of sample")
    n, k, seed = proof["tries"], proof["holds"], proof["seed"]
    need(all(type(x) is int for x in (n, k, seed)) and proof["level"] in ("quick", "full"), "counts, seed or level")
    need(0 < n <= MOST and 0 <= k <= n and seed >= 0, f"counts from 0 to {MOST} are needed")
    need(isinstance(proof["interval"], list) and len(proof["interval"]) == 2, "an interval has two ends")
    low, high = (_millionths(x) for x in proof["interval"])
    need(low == 0 if k == 0 else within(n, k, low) and not within(n, k, low + 1), "the lower end is not that of the counts")
    rest = PARTS - high
    need(
        rest == 0 if k == n else within(n, n - k, rest) and not within(n, n - k, rest + 1),
        "the upper end is not that of the counts",
    )
    return f"{k} of {n} draws hold, so {low / PARTS:.3f} to {high / PARTS:.3f} of all do (95%); nothing else was checked"


def _millionths(text: Any) -> int:
    need(isinstance(text, str), "an end of the interval is no rational")
    value = rational(text) * PARTS
    need(value.denom() == 1 and 0 <= value <= PARTS, "an end of the interval is not in millionths")
    return int(value.numer())
