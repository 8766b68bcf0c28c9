"""Corrupted certificates: `python -m benchmarks.corruptions DIR [--count N] [--seed N] [--jobs N]`.

DIR was written by `check --certificates`. Certificates that the checker confirms are changed at random, in bytes or in what
they say: numbers, signs, relations, names and sizes inside a proof's trees, references, rules, bindings, dropped lines and
hypotheses, exchanged certificates, counts. A changed record is written as the writer would write it (canonical, no tree left
over), so that it is refused for what it says. Each must be rejected, unless what was changed is still a proof of the same
claim: then the prover's own rules, which share no code with the checker, show every line of it as well (`replay`). What the
checker accepts alone is printed, to be read: exit code 1. Counts in the place of a proof are at most "counted": that confirms
nothing.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.edits import EDITS, flipped, packed, references
from theorycheck.certificate.checker.driver import Result, Run, certificates
from theorycheck.certificate.checker.locked import locked
from theorycheck.run import in_processes

Record = dict[str, Any]
TRIES = 30  # certificates, for an edit that few of them admit


@dataclass(frozen=True)
class Corruption:
    """The bytes that stand in the place of a claim's certificate, and what was done to them."""

    claim: str
    kind: str
    text: bytes


@dataclass(frozen=True)
class Fate:
    """What the checker said of a corruption; of an accepted one, what the prover objects to ("" for nothing)."""

    corruption: Corruption
    outcome: str
    reason: str
    objection: str | None = None


def canonical(record: Record) -> bytes:
    return (json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=True) + "\n").encode("ascii")


def corruptions(texts: Mapping[str, bytes], count: int, seed: int) -> Iterator[Corruption]:
    """`count` corruptions of these certificates, each kind as often as the others."""
    names, plain = sorted(texts), {name: canonical(packed(json.loads(text))) for name, text in texts.items()}
    kinds: list[str] = ["bytes", "exchanged", *EDITS]
    made, k = 0, 0
    while made < count:
        rng, kind = random.Random(f"{seed}:{k}"), kinds[k % len(kinds)]
        k += 1
        for name in rng.choices(names, k=TRIES):
            text = _corrupted(texts, name, kind, rng)
            if text is not None and text not in (texts[name], plain[name]):
                made += 1
                yield Corruption(name, kind, text)
                break


def _corrupted(texts: Mapping[str, bytes], name: str, kind: str, rng: random.Random) -> bytes | None:
    if kind == "bytes":
        return flipped(texts[name], rng)
    record = json.loads(texts[name])
    if kind == "exchanged":
        other = json.loads(texts[rng.choice(sorted(texts))])
        keep = rng.choice([(), ("claim",), ("claim", "verdict"), tuple(sorted(set(record) - {"proof", "nodes"}))])
        return canonical({**other, **{key: record[key] for key in keep}})
    changed = EDITS[kind](record, rng)
    return None if changed is None else canonical(changed)


def judged(c: Corruption, run: Run, folder: Path) -> Result:
    """What the checker says of a corruption among the other certificates."""
    spot = folder / f"{c.claim}.json"
    spot.write_bytes(c.text)
    others = {name: r for name, r in run.done.items() if name != c.claim}
    return Run({**run.files, c.claim: spot}, run.lock, others, []).result(c.claim)


def accepted_too(c: Corruption, claims: Mapping[str, Any], library: Any) -> str:
    """What the prover objects to in a corruption that the checker accepts; "" for nothing."""
    from benchmarks.replay import judged_again, replay

    record = json.loads(c.text)
    if record["proof"]["kind"] == "witness":
        return judged_again(record, claims[c.claim])
    return replay(record, claims[c.claim], library)


def fates(made: Sequence[Corruption], run: Run, folder: Path, jobs: int, opinion: Callable[[Corruption], str]) -> list[Fate]:
    def one(k: int) -> Fate:
        c = made[k]
        place = folder / str(k)
        place.mkdir()
        found = judged(c, run, place)
        return Fate(c, found.outcome, found.reason, opinion(c) if found.outcome == "confirmed" else None)

    if jobs == 1:
        return [one(k) for k in range(len(made))]
    return [f for _, f in sorted(in_processes(one, len(made), jobs), key=lambda p: p[0])]


def difference(a: Record, b: Record) -> str:
    """The first place in two proofs that differs, trees written out."""

    def full(x: Any, rows: Sequence[Any]) -> Any:
        for box, key in list(references(x)):
            box[key] = written(rows, box[key])
        return x

    one, other = (full(r["proof"], r["nodes"]) for r in (a, b))
    if one["kind"] == "witness":
        return next((f"{k}: {one['values'][k]} | {v}" for k, v in other["values"].items() if v != one["values"].get(k)), "less")
    if len(one["lines"]) != len(other["lines"]):
        return f"{len(one['lines'])} lines, {len(other['lines'])} after"
    for k, (x, y) in enumerate(zip(one["lines"], other["lines"], strict=True)):
        if x != y:
            return f"line {k}: {json.dumps(x)} | {json.dumps(y)}"
    return "elsewhere"


def written(rows: Sequence[Any], at: int) -> str:
    head, args, _ = rows[at]
    inner = ", ".join(a if isinstance(a, str) else written(rows, a) for a in args)
    return inner if head in {"num", "sym"} else f"{head}({inner})"


def examined(folder: Path, lock: Any) -> Run:
    """All certificates of a folder, verified."""
    run = Run(certificates(folder), locked(lock), {}, [])
    for name in sorted(run.files):
        run.result(name)
    return run


def report(found: Sequence[Fate], seconds: float) -> str:
    """Per kind: corruptions, rejected, not covered, only counted, accepted by both, by the checker alone."""
    heads = ["kind", "corruptions", "rejected", "not covered", "only counted", "still a proof", "to be read"]
    rows = [heads]
    for kind in [*dict.fromkeys(f.corruption.kind for f in found), "all"]:
        own = [f for f in found if kind in (f.corruption.kind, "all")]
        n = Counter(f.outcome if f.objection is None else "against" if f.objection else "still" for f in own)
        rows.append([kind, *map(str, (len(own), n["rejected"], n["not covered"], n["counted"], n["still"], n["against"]))])
    lines = [f"| {' | '.join(row)} |" for row in rows]
    lines.insert(1, "|---|" + "---:|" * (len(heads) - 1))
    return "\n".join([*lines, "", f"{seconds:.0f} s"])


def main() -> int:
    import tempfile

    from theorycheck.collect import claims_of, paper
    from theorycheck.derivation import Library
    from theorycheck.lock import record

    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=1500)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=2)
    args = parser.parse_args()
    started, statements = time.perf_counter(), paper()
    run = examined(args.folder, record(statements))
    texts = {name: run.files[name].read_bytes() for name, r in run.done.items() if r.outcome == "confirmed"}
    claims, library = claims_of(statements), Library(tuple(statements))
    confirmed = len(texts)
    texts = {name: t for name, t in texts.items() if not accepted_too(Corruption(name, "none", t), claims, library)}
    made = list(corruptions(texts, args.count, args.seed))
    with tempfile.TemporaryDirectory() as place:
        found = fates(made, run, Path(place), args.jobs, lambda c: accepted_too(c, claims, library))
    print(f"{len(run.files)} certificates, {confirmed} confirmed, {len(texts)} of them by the prover as well; seed {args.seed}")
    print(report(found, time.perf_counter() - started))
    for f in found:
        if f.objection == "":
            before = packed(json.loads(texts[f.corruption.claim]))
            print(
                f"still a proof: {f.corruption.kind}, {f.corruption.claim}: {difference(before, json.loads(f.corruption.text))}"
            )
    wrong = [f for f in found if f.objection]
    for f in wrong:
        print(f"{f.corruption.kind} {f.corruption.claim}: accepted, but the prover says: {f.objection}")
    return int(bool(wrong))


if __name__ == "__main__":
    raise SystemExit(main())
