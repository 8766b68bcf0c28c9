"""The certificates of the corpus through the independent checker, and those of true claims handed in for false ones."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from tests.corpus.collection import CLAIMS, THEMES
from tests.corpus.entering import NEAR
from tests.corpus.scoring import reports
from theorycheck import lock
from theorycheck.certificate.checker.driver import Result, recheck
from theorycheck.certificate.write import certificate
from theorycheck.exact.call import NoData
from theorycheck.verdict import ClaimReport, Verdict


def rechecked(folder: Path) -> list[Result]:
    """Every certificate that the corpus gives, compared with a lock of the corpus and verified again."""
    return _verified(folder, iter(reports()))


def of_the_neighbour(folder: Path) -> list[Result]:
    """The proof of each true claim, or its box, in a certificate for its false neighbour."""
    shown = (r for r in reports() if r.verdict in {Verdict.PROVED, Verdict.CERTIFIED} and r.id + NEAR in CLAIMS)
    return _verified(folder, (replace(r, id=r.id + NEAR) for r in shown))


def _verified(folder: Path, found: Iterator[ClaimReport]) -> list[Result]:
    for r in found:
        try:
            text = certificate(r, CLAIMS[r.id], CLAIMS.__getitem__, "quick", 0)
        except NoData:  # undecided, or a witness that no data describes: there is nothing to hand in
            continue
        (folder / f"{r.id}.json").write_bytes(text)
    return recheck(folder, lock.record(THEMES))
