"""`recheck DIR --kernel coq`: each certificate as a Coq file, accepted or rejected by coqc; what it accepted goes into DIR.

Certificates that the checker rejected (another claim than the locked one, say) are not given to Coq.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from theorycheck.certificate.checker.driver import ACCEPTED, certificates
from theorycheck.certificate.coq.compiler import compile_file, coq_version
from theorycheck.certificate.coq.library import NAME, compiled
from theorycheck.certificate.coq.memory import key, remember, remembered
from theorycheck.certificate.coq.script import coq_file
from theorycheck.certificate.coq.trees import NotTranslated
from theorycheck.present.output import write_whole
from theorycheck.verdict import Evidence, Outcome

SECONDS = 60  # of processor time for one file
JOBS = 2
OUTCOMES = ("accepted", "rejected", "gave up", "not translated")


@dataclass(frozen=True)
class Judged:
    """What Coq says of one certificate; `rests_on` are the claims and cited facts that its lemma has as hypotheses."""

    claim: str
    verdict: str
    outcome: str
    reason: str = ""
    rests_on: tuple[str, ...] = ()
    sha256: str = ""


@dataclass(frozen=True)
class Kernel:
    """The version of Coq, and what it says, by claim."""

    version: str
    results: tuple[Judged, ...]


def judge(folder: Path, names: Iterable[str], told: Callable[[Judged], None] | None = None, seconds: int = SECONDS) -> Kernel:
    """Let Coq judge these certificates of a folder, two at a time; InputError where there is no coqc."""
    version = coq_version()
    library = compiled(version)
    files = certificates(folder)
    results = []
    with tempfile.TemporaryDirectory(prefix="theorycheck-coq-") as place, ThreadPoolExecutor(JOBS) as pool:
        tasks = [
            pool.submit(_one, files[n].read_bytes(), Path(place) / f"claim_{k}.v", library, version, seconds)
            for k, n in enumerate(names)
        ]
        try:
            for task in as_completed(tasks):
                results.append(task.result())
                if told:
                    told(results[-1])
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return Kernel(version, tuple(sorted(results, key=lambda r: r.claim)))


def _one(text: bytes, path: Path, library: Path, version: str, seconds: int) -> Judged:
    data = json.loads(text)
    claim, verdict, digest = str(data["claim"]), str(data["verdict"]), hashlib.sha256(text).hexdigest()
    try:
        lemma = coq_file(data)
    except NotTranslated as reason:
        return Judged(claim, verdict, "not translated", str(reason), (), digest)
    known = key(lemma.text, version)
    found = remembered(known)
    if found is None:
        found = compile_file(path, lemma.text, seconds, ["-R", str(library), NAME])
        remember(known, found)
    outcome = "gave up" if found.accepted is None else "accepted" if found.accepted else "rejected"
    return Judged(claim, verdict, outcome, found.reason, lemma.rests_on, digest)


def write(folder: Path, kernel: Kernel) -> None:
    """Add what Coq accepted to what `recheck` wrote in the folder, each with the digest of its certificate's bytes."""
    record = json.loads((folder / ACCEPTED).read_text(encoding="utf-8"))
    kept = {
        r.claim: {"verdict": r.verdict, "sha256": r.sha256, "rests_on": list(r.rests_on)}
        for r in kernel.results
        if r.outcome == "accepted"
    }
    record["kernel"] = {"name": f"Coq {kernel.version}", "accepted": kept}
    write_whole(folder / ACCEPTED, json.dumps(record, indent=1) + "\n", "recheck")


def accepted(folder: Path) -> dict[str, dict[str, Any]]:
    """By claim: what Coq accepted, with `name`, where the certificate still has the bytes that were accepted."""
    try:
        said = json.loads((folder / ACCEPTED).read_text(encoding="utf-8"))["kernel"]
        files, found = certificates(folder), dict(said["accepted"])
        fresh = {c for c, a in found.items() if c in files and hashlib.sha256(files[c].read_bytes()).hexdigest() == a["sha256"]}
        return {c: {**found[c], "name": str(said["name"])} for c in fresh}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def evidence(folder: Path, claim: str) -> Evidence | None:
    """That Coq accepted the certificate of a claim as it lies in the folder; it adds nothing to the verdict."""
    found = accepted(folder).get(claim)
    if found is None:
        return None
    given = f", given {', '.join(found['rests_on'])}" if found["rests_on"] else ""
    return Evidence("kernel", Outcome.NOTHING, f"accepted by {found['name']}{given}")


def counted(results: Sequence[Judged]) -> dict[str, int]:
    return {o: n for o in OUTCOMES if (n := sum(r.outcome == o for r in results))}
