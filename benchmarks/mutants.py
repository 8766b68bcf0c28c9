"""All mutants of the paper: `python -m benchmarks.mutants [STATEMENT...] [--share N] [--seed N]
[--fresh | --open]`.

Each fate is kept in `.cache/mutants.jsonl` as soon as it is known, under a hash of the claim, its domain and the change: a run
that was stopped goes on, a claim that was changed is tried again (a changed rule or instance is not seen: `--fresh`). At the
end `mutants.json` has the counts of all fates that are known and what is open, and README.md its table.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from docs.refresh import between
from theorycheck import collect
from theorycheck.fact import Fact
from theorycheck.present.mutation import open_line
from theorycheck.search.campaign import Trial, settled, share, trials
from theorycheck.search.fates import Fate, Mutant
from theorycheck.statement import Statement
from theorycheck.tree import Node
from theorycheck.tree.serial import to_json
from theorycheck.versions import versions

HERE = Path(__file__).parent
LEDGER, RESULTS, README = HERE / ".cache" / "mutants.jsonl", HERE / "mutants.json", HERE / "README.md"
Row = dict[str, Any]


def key(trial: Trial) -> str:
    """What a fate depends on, but for the library: the claim, its domain, its legs, and what was changed."""
    c, changed = trial.claim, trial.changed
    domain = [part for f in c.domain.hypotheses for part in (f.shows, *f.given)]
    new = (changed.shows, *changed.given) if isinstance(changed, Fact) else (changed,)
    return f"{c.id}:{digest(c.tree(), *domain)}:{trial.kind}:{trial.label}:{digest(*new)}"


@cache
def digest(*trees: Node) -> str:
    """A hash over the whole trees, shapes included."""
    text = json.dumps([to_json(t) for t in trees], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def row(trial: Trial, m: Mutant) -> Row:
    why = m.reason if m.fate is Fate.EXEMPT else open_line(m) if m.fate in {Fate.SURVIVED, Fate.ERROR} else None
    found = {"claim": m.claim, "kind": m.kind, "label": m.label, "change": m.change, "fate": m.fate.value, "why": why}
    return {"key": key(trial), **found, "seconds": round(m.seconds, 3)}


def ledger() -> dict[str, Row]:
    """The fates that are known, the latest of each mutant."""
    if not LEDGER.exists():
        return {}
    rows = map(json.loads, LEDGER.read_text(encoding="utf-8").splitlines())
    return {r["key"]: r for r in rows}


def forget(everything: bool) -> None:
    """Leave out of the ledger all fates, or those of mutants that are open."""
    kept = [] if everything else [r for r in ledger().values() if r["fate"] not in {"survived", "error"}]
    LEDGER.parent.mkdir(exist_ok=True)
    LEDGER.write_text("".join(json.dumps(r) + "\n" for r in kept), encoding="utf-8")


def settle_all(listed: Sequence[Sequence[Trial]], library: Sequence[Statement], seed: int, parts: int) -> dict[str, Row]:
    """The fates in the ledger, and those of the listed mutants, or of one of `parts` of each list, that are not there yet."""
    known = ledger()
    LEDGER.parent.mkdir(exist_ok=True)
    with LEDGER.open("a", encoding="utf-8") as out:
        for chosen in sorted((share(some, parts, seed) for some in listed), key=len):
            new = [t for t in chosen if key(t) not in known]
            for trial, mutant in zip(new, settled(new, library, seed), strict=True):
                known[key(trial)] = row(trial, mutant)
                out.write(json.dumps(known[key(trial)]) + "\n")
                out.flush()
            print(line(chosen[0].claim.id.partition(".")[0], [known[key(t)] for t in chosen]), flush=True)
    return known


# --- results --------------------------------------------------------------------------------------------------------------
def counted(rows: Iterable[Row]) -> dict[str, int]:
    counts = Counter(r["fate"] for r in rows)
    return {"all": counts.total(), **{f.value: counts[f.value] for f in Fate}}


def rate(counts: dict[str, int]) -> float:
    """The share of those that are not weaker (or exempt) that survived."""
    return counts["survived"] / max(1, counts["all"] - counts["weaker"] - counts["exempt"])


def line(name: str, rows: Sequence[Row]) -> str:
    counts = counted(rows)
    return f"| {name} | {' | '.join(str(n or '') for n in counts.values())} | {rate(counts):.1%} |"


def table(found: Sequence[Row], of: str) -> str:
    """Counts for each statement, or each kind of mutant."""
    names = dict.fromkeys(_name(r, of) for r in found)
    head = ["all", *(f.value for f in Fate), "survived of those not weaker"]
    lines = [f"| {of} | {' | '.join(head)} |", "|---" * (len(head) + 1) + "|"]
    return "\n".join([*lines, *(line(n, [r for r in found if _name(r, of) == n]) for n in names), line("in all", found)]) + "\n"


def _name(r: Row, of: str) -> str:
    return str(r["claim"]).partition(".")[0] if of == "statement" else str(r[of])


def record(found: Sequence[Row], listed: int, seed: int) -> dict[str, Any]:
    """Counts in all, for each kind and each claim, of the exempt ones by their reasons; every mutant that survived, or shows an
    error."""
    names = {of: dict.fromkeys(r[of] for r in found) for of in ("kind", "claim")}
    by = {of: {n: counted(r for r in found if r[of] == n) for n in some} for of, some in names.items()}
    left = [{k: r[k] for k in ("claim", "label", "change", "fate", "why")} for r in found if r["fate"] in {"survived", "error"}]
    exempt = dict(Counter(r["why"] for r in found if r["fate"] == "exempt").most_common())
    seconds = round(sum(r["seconds"] for r in found))
    head = {"seed": seed, "listed": listed, "settled": len(found), "seconds": seconds}
    return {**head, "versions": versions(), "counts": counted(found), **by, "exempt": exempt, "open": left}


def write(found: Sequence[Row], listed: int, seed: int) -> None:
    """`mutants.json`, and the table of README.md."""
    results = json.dumps(record(found, listed, seed), indent=1, ensure_ascii=False)
    RESULTS.write_text(results + "\n", encoding="utf-8")
    said = f"{len(found)} of {listed} mutants were settled.\n\n{table(found, 'statement')}\n{table(found, 'kind')}"
    README.write_text(between(README.read_text(encoding="utf-8"), "mutants", said), encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mutants", description="All mutants of the paper's claims.")
    parser.add_argument("statements", nargs="*", metavar="STATEMENT", help="ids; none is all")
    parser.add_argument("--share", type=int, default=1, metavar="N", help="one in N of each statement's, for a first look")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--fresh", action="store_true", help="forget the fates that are known")
    parser.add_argument("--open", action="store_true", help="try again what survived or showed an error")
    args = parser.parse_args(arguments)
    if args.fresh or args.open:
        forget(everything=args.fresh)
    paper = collect.paper()
    listed = {s.id: trials(s.claims) for s in paper}
    chosen = [some for name, some in listed.items() if not args.statements or name in args.statements]
    known = settle_all(chosen, paper, args.seed, args.share)
    whole = [t for some in listed.values() for t in some]
    found = [known[key(t)] for t in whole if key(t) in known]
    write(found, len(whole), args.seed)
    counts = counted(found)
    print(f"{len(found)} of {len(whole)} mutants\n{table(found, 'kind')}")
    return int(counts["error"] > 0 or rate(counts) > 0.05)


if __name__ == "__main__":
    raise SystemExit(main())
