"""Re-verification of a folder of certificates: `recheck(DIR, lock)`. Imports: stdlib, python-flint, and the checker itself.

A certificate is first compared with the committed lock: a tree, a domain, a parameter or a cited fact that is not the locked
one is rejected before anything else is looked at. Then each line is shown again. A claim that is used must have an accepted
certificate in the same folder.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from .core import USED, NotCovered, Refused, key, names_in, need
from .derivation import nothing_else, verify
from .locked import Lock, compare, locked
from .reading import Certificate, read_certificate, read_domain, read_fact

ACCEPTED = "recheck.json"


@dataclass(frozen=True)
class Result:
    """What came out for one certificate: confirmed, rejected, "not covered", or "counted" (an interval from counts, no proof);
    `reason` says why, or what was done; `files` are those parts and rules of the checker that it rests on."""

    claim: str
    outcome: str
    reason: str = ""
    verdict: str = ""
    files: tuple[str, ...] = field(default=(), compare=False)


def certificates(folder: Path) -> dict[str, Path]:
    """The files of a folder by claim; what an earlier run accepted is no certificate."""
    return {p.stem: p for p in sorted(folder.glob("*.json")) if p.name != ACCEPTED and not p.name.startswith(".")}


def recheck(folder: Path, lock: Any, told: Callable[[Result], None] | None = None) -> list[Result]:
    """One result for each certificate of the folder, by name; `told` is called with each. Refused for what is no lock."""
    run = Run(certificates(folder), locked(lock), {}, [])
    results = []
    for name in sorted(run.files):
        results.append(run.result(name))
        if told:
            told(results[-1])
    return results


@dataclass
class Run:
    files: dict[str, Path]
    lock: Lock
    done: dict[str, Result]
    open: list[str]

    def result(self, name: str) -> Result:
        if name not in self.done:
            self.open.append(name)
            before = frozenset(USED)
            USED.clear()
            judged = self._judged(name)
            self.done[name] = replace(judged, files=tuple(sorted(USED)))
            USED.update(before)
            self.open.pop()
            for cached in (key, names_in):  # of forms that only this certificate had
                cached.cache_clear()
        return self.done[name]

    def _judged(self, name: str) -> Result:
        verdict = ""
        try:
            cert = read_certificate(self.files[name].read_bytes())
            verdict = cert.record["verdict"]
            said = self._check(cert, name)
        except Refused as e:
            return Result(name, "rejected", str(e), verdict)
        except NotCovered as e:
            return Result(name, "not covered", str(e), verdict)
        except RecursionError:
            return Result(name, "rejected", "it is nested too deeply", verdict)
        return Result(name, "counted" if said else "confirmed", said, verdict)

    def _check(self, cert: Certificate, name: str) -> str:
        """What the counts of a sample say; nothing for a proof."""
        need(cert.claim == name, f"the file {name}.json holds a certificate for {cert.claim}")
        read_domain(cert, cert.record["domain"])
        facts = {n: read_fact(cert, n, f) for n, f in cert.record["facts"].items()}
        compare(cert.record, cert.tree, self.lock)
        for used in (n for n, f in facts.items() if f.kind == "claim"):
            need(used not in self.open, f"circular: {' uses '.join([*self.open, used])}")
            if used not in self.files or self.result(used).outcome != "confirmed":
                raise NotCovered(f"it rests on {used}, which was not confirmed")
            need(self.done[used].verdict == "proved", f"it uses {used}, which is {self.done[used].verdict}")
        said = verify(cert, facts)
        nothing_else(cert)
        return said
