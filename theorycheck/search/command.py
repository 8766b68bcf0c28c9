"""`theorycheck mutate` and `theorycheck threshold` between the command line and the search: targets in, results out."""

from __future__ import annotations

from collections.abc import Sequence

from theorycheck.collect import resolve
from theorycheck.present.progress import bar, interruptible
from theorycheck.search.campaign import settled, trials
from theorycheck.search.fates import Mutant
from theorycheck.session import library


def mutated(targets: Sequence[str], seed: int, jobs: int) -> tuple[list[Mutant], bool]:
    """The mutants of the targets (none: the paper) in the order of the claims, and whether all were reached."""
    selections = resolve(targets)
    claims = [c for s in selections for c in s.statement.claims if c.id in s.claims]
    listed, found, whole = trials(claims), [], True
    with interruptible(), bar(len(listed)) as show:
        try:
            for m in settled(listed, library([s.statement for s in selections]), seed, jobs):
                found.append(m)
                show(f"{m.claim} {m.fate.value}")
        except KeyboardInterrupt:
            whole = False
    place = {(t.claim.id, t.label, t.change): k for k, t in enumerate(listed)}
    order = {c.id: k for k, c in enumerate(claims)}
    found.sort(key=lambda m: (order[m.claim], place[m.claim, m.label, m.change]))
    return found, whole
