"""The folder of `check --certificates`: one file `ID.json` for each claim, written as soon as the claim is finished."""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from theorycheck.certificate.resume import Earlier
from theorycheck.certificate.write import certificate
from theorycheck.collect import Selection, claims_of
from theorycheck.errors import InputError
from theorycheck.exact.call import NoData
from theorycheck.present.output import sweep, write_whole
from theorycheck.session import examine, library
from theorycheck.statement import Claim, Statement
from theorycheck.verdict import ClaimReport

OPTION = "--certificates"
NAME = re.compile(r"\w[\w.+-]*")


@dataclass
class Folder:
    """Certificates as they are written; `statements` are all that derivations may use, `without` says which claims have none,
    and why."""

    path: Path
    statements: Sequence[Statement]
    level: str = "quick"
    seed: int = 0
    fresh: bool = False
    written: dict[str, tuple[str, ...]] = field(default_factory=dict)  # claim -> claims that its derivation uses
    without: dict[str, str] = field(default_factory=dict)
    resumed: int = 0

    @cached_property
    def claims(self) -> dict[str, Claim]:
        return claims_of(self.statements)

    @cached_property
    def earlier(self) -> Earlier:
        return Earlier(self.path, self.statements)

    def resume(self, selections: Sequence[Selection]) -> Iterator[ClaimReport]:
        """The selected claims whose certificates still hold, one after the other."""
        if self.fresh:
            return
        chosen = [c for s in selections for c in s.statement.claims if c.id in s.claims]
        for report in self.earlier.reports(chosen, self.level, self.seed):
            self.resumed += 1
            yield report

    def keep(self, report: ClaimReport) -> None:
        """Write the certificate of a finished claim; one of an earlier run that no longer holds is removed."""
        file = self.path / f"{report.id}.json"
        try:
            text = certificate(report, self.claims[report.id], self.claims.__getitem__, self.level, self.seed)
        except NoData as reason:
            self.without[report.id] = str(reason)
            file.unlink(missing_ok=True)
            return
        write_whole(file, text, OPTION)
        self.written[report.id] = report.uses

    def missing(self) -> list[str]:
        """Claims that a certificate rests on, of which none was made yet."""
        used = dict.fromkeys(u for uses in self.written.values() for u in uses)
        new = [u for u in used if u not in self.written and u not in self.without]
        return [u for u in new if self.fresh or not self.earlier.confirmed(u)]

    def completed(self) -> str:
        """Check the claims that certificates rest on as well, so that the folder holds what verifies them; the summary."""
        while missing := self.missing():
            chosen = [Selection(s, frozenset(c.id for c in s.claims if c.id in missing)) for s in self.statements]
            examine([s for s in chosen if s.claims], level=self.level, seed=self.seed, progress=self.keep)
        return self.summary()

    def summary(self) -> str:
        why = Counter(self.without.values())
        lines = [f"{n} without: {reason}" for reason, n in why.most_common()]
        again = [f"{self.resumed} claims not run again, as their certificates hold"] if self.resumed else []
        return "; ".join([f"{len(self.written)} certificates written to {self.path}", *again, *lines])


def opened(path: Path, selections: Sequence[Selection], level: str, seed: int, fresh: bool) -> Folder:
    """The folder, made if need be; InputError where nothing can be written there, or a claim's name is no file name."""
    bad = next((name for s in selections for name in s.claims if not NAME.fullmatch(name)), None)
    if bad:
        raise InputError(f"{OPTION}: the claim {bad!r} cannot name a file; use letters, digits, '-', '_' and '.' in its id")
    try:
        path.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(prefix=".", dir=path):
            pass
    except OSError as problem:
        raise InputError(f"{OPTION} {path}: cannot write there ({problem.strerror}); name another folder") from None
    sweep(path)
    return Folder(path, library([s.statement for s in selections]), level, seed, fresh)
