"""`theorycheck mutate` and `theorycheck threshold` between the command line and the search: targets in, results out."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from theorycheck.collect import resolve
from theorycheck.derivation import Library
from theorycheck.errors import InputError
from theorycheck.present.progress import bar, interruptible
from theorycheck.search.campaign import settled, trials
from theorycheck.search.fates import Mutant
from theorycheck.search.threshold import Threshold, threshold
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


def bracketed(target: str, parameter: str, width: Fraction, seed: int) -> Threshold:
    """The threshold of a claim, named `id.claim` (or `alias.claim`); InputError names what is known instead."""
    selections = resolve([target])
    claims = [c for s in selections for c in s.statement.claims if c.id in s.claims]
    name = target.rpartition(":")[2].rpartition(".")[2]
    named = [c for c in claims if c.id == f"{selections[0].statement.id}.{name}"]
    if not named:
        raise InputError(f"{target}: a statement, not a claim; name one of {', '.join(c.id for c in claims)}")
    known = Library(tuple(library([s.statement for s in selections])))
    return threshold(named[0], parameter, known, width, seed)


def read_width(text: str) -> Fraction:
    """A positive rational, as 1/100 or 0.01."""
    try:
        width = Fraction(text)
    except (ValueError, ZeroDivisionError):
        raise InputError(f"--width {text}: not a number; write it as 1/100 or 0.01") from None
    if width <= 0:
        raise InputError(f"--width {text}: must be positive, such as 1/100")
    return width
