"""`verdict.combine` against the table in its module's docstring, read by program, for every set of outcomes."""

import re
from itertools import combinations

import pytest

from theorycheck import verdict
from theorycheck.verdict import Evidence, Outcome, Verdict, combine

WORDS = {o.name: o for o in Outcome} | {"raised": Outcome.RAISED}


def rows():
    """(condition, verdict) of each row, in order."""
    found = re.findall(r"^\| (.+?) +\| ([a-z]+) +\|$", verdict.__doc__ or "", re.MULTILINE)
    return [(condition, result) for condition, result in found if condition != "evidence at hand"]


def fits(condition, outcomes):
    """A row's condition, read word by word: `and` joins, `or` is a choice, `none` denies; comments are in parentheses."""
    plain = re.sub(r"\(.*?\)", "", condition)
    if "nothing else" in plain:
        return True
    return all(_part(part, outcomes) for part in re.split(r",? and ", plain))


def _part(part, outcomes):
    named = {WORDS[w] for w in re.findall(r"[A-Za-z]+", part) if w in WORDS}
    assert named, part
    return not named & outcomes if "none" in part.split() else bool(named & outcomes)


def expected(outcomes):
    assert "CONTRADICTS a proof is an error" in " ".join((verdict.__doc__ or "").split())
    if Outcome.CONTRADICTS in outcomes and outcomes & {Outcome.PROVES, Outcome.CERTIFIES}:
        return Verdict.ERROR
    return Verdict(next(result for condition, result in rows() if fits(condition, outcomes)))


def test_the_table_is_read():
    assert len(rows()) == 10
    assert {result for _, result in rows()} == {v.value for v in Verdict}


@pytest.mark.parametrize("count", range(len(Outcome) + 1))
def test_every_set_of_outcomes(count):
    for some in combinations(Outcome, count):
        evidence = [Evidence("exact", o, "") for o in some]
        assert combine(evidence) is expected(set(some)), some
        assert combine([*evidence, *reversed(evidence)]) is expected(set(some)), some
