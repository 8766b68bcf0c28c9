"""Counts: the interval is exact, and the checker recomputes it."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest

from theorycheck.certificate.checker.core import Refused
from theorycheck.certificate.checker.driver import recheck
from theorycheck.certificate.checker.sample import counted
from theorycheck.certificate.folder import Folder
from theorycheck.certificate.interval import interval
from theorycheck.collect import resolve
from theorycheck.lock import record
from theorycheck.session import examine, library


def proof(tries, holds, ends):
    sample = {"tries": tries, "holds": holds, "confidence": "19/20", "interval": ends}
    return {"kind": "sample", "seed": 0, "level": "quick", **sample}


@pytest.mark.parametrize(("n", "k"), [(1, 0), (1, 1), (10, 10), (24, 23), (200, 117)])
def test_against_scipy(n, k):
    from scipy.stats import binomtest

    low, high = interval(n, k)
    other = binomtest(k, n).proportion_ci(0.95, "exact")
    assert abs(float(low) - other.low) < 2e-6
    assert abs(float(high) - other.high) < 2e-6
    assert counted(proof(n, k, [str(low), str(high)])).startswith(f"{k} of {n} draws hold")


def test_any_other_interval_is_refused():
    low, high = interval(24, 20)
    step = Fraction(1, 10**6)
    moved = [(low + step, high), (low - step, high), (low, high + step), (low, high - step), (high, low)]
    for ends in [*moved, (0, high), (low, 1), ("a", high), (f"{low}0", high)]:
        with pytest.raises(Refused):
            counted(proof(24, 20, [str(e) for e in ends]))
    for change in ({"tries": 25}, {"holds": 21}, {"confidence": "9/10"}, {"seed": -1}, {"level": "x"}, {"tries": True}):
        with pytest.raises(Refused):
            counted({**proof(24, 20, [str(low), str(high)]), **change})


LEMMA = """\
from theorycheck.domain import Domain, real
from theorycheck.statement import Statement
from theorycheck.tree import Le, sym

x = sym("x")
statement = Statement("my-lemma", title="Mine", section="1", domain=Domain("reals", (real("x"),)))


@statement.claim("square", line=1, main=True, expects="supported", power=2)
def square(power):
    yield Le(0, x**power)
"""


@pytest.fixture
def supported(tmp_path):
    (tmp_path / "lemma.py").write_text(LEMMA)
    selections = resolve([str(tmp_path / "lemma.py")])
    (tmp_path / "certificates").mkdir()
    folder = Folder(tmp_path / "certificates", library([s.statement for s in selections]), "quick", 7)
    examine(selections, seed=7, progress=folder.keep)
    return folder


def test_a_supported_claim(supported):
    written = json.loads((supported.path / "my-lemma.square.json").read_bytes())["proof"]
    assert (written["seed"], written["tries"], written["holds"]) == (7, 24, 24)
    (found,) = recheck(supported.path, record(supported.statements))
    assert found.outcome == "counted"
    assert "nothing else was checked" in found.reason
