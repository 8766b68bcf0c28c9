"""The ball leg, and its certificates: a claim on a box is certified, and what is easier, smaller or false is not."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import jsonschema
import pytest

from theorycheck import collect
from theorycheck.boxes import certified
from theorycheck.certificate.checker.driver import recheck
from theorycheck.certificate.write import canonical, certificate
from theorycheck.errors import InputError
from theorycheck.lock import record
from theorycheck.run import run
from theorycheck.search.campaign import settled, trials
from theorycheck.search.fates import Fate
from theorycheck.tree import Lt, Node, sym
from theorycheck.verdict import Outcome, Verdict

FILE = Path(__file__).parent / "data" / "boxed.py"
SCHEMA = Path(collect.__file__).parent / "schema" / "certificate-1.json"
(BOXED,) = collect.load_file(FILE)
CLAIMS = {c.id.removeprefix("boxed."): c for c in BOXED.claims}
a, b = sym("a"), sym("b")


@pytest.fixture(scope="module")
def reports():
    return {c.id.removeprefix("boxed."): c for s in run([BOXED]).statements for c in s.claims}


def test_verdicts_are_as_expected_and_say_where(reports):
    assert {name: r.verdict for name, r in reports.items()} == {name: c.expects for name, c in CLAIMS.items()}
    assert reports["young"].coverage == "a in [0, 2], b in [1/10, 2], where all hypotheses hold"
    assert "balls do not decide it near" in reports["young-equal"].reason


def test_what_holds_on_the_box_only_is_refuted_where_the_domain_is_larger():
    claim = CLAIMS["logarithm"]

    def body():
        yield Lt(a * b, 100)

    wide = replace(claim, body=body)
    assert certified(wide, wide.tree()).outcome is Outcome.CERTIFIES
    (found,) = run([replace(BOXED, claims=[wide])]).statements
    assert found.claims[0].verdict is Verdict.REFUTED


@pytest.mark.parametrize("least", [Fraction(1, 1000), 0, -Fraction(1, 1000)])
def test_a_smaller_margin_takes_more_pieces_and_none_that_is_false_is_certified(least):
    goal = CLAIMS["young"].tree({"least": Node("num", (least,), ())} if least else {"least": a - a})
    found = certified(CLAIMS["young"], goal)
    assert (found.outcome is Outcome.CERTIFIES) == (least > 0)
    if least > 0:
        assert len(found.cover.splits) > len(certified(CLAIMS["young"], CLAIMS["young"].tree()).cover.splits)


def test_nothing_is_certified_on_a_box_without_an_admissible_part():
    claim = replace(CLAIMS["order"], box={"a": (1, 2), "b": (-1, 2), "n": 3})  # a < b <= 1 has no solution there
    found = certified(claim, claim.tree())
    assert (found.outcome, found.summary) == (Outcome.NOTHING, "a box without interior")


@pytest.mark.parametrize(
    ("box", "why"),
    [
        ({"a": (0, 2)}, "differ in 'b'"),
        ({"a": (0, 2), "b": (1, 2), "c": (0, 1)}, "differ in 'c'"),
        ({"a": (0, 2), "b": 1}, "a real number"),
        ({"a": (2, 2), "b": (1, 2)}, "no interior"),
        ({"a": (0, 0.1), "b": (1, 2)}, "integers or Fractions"),  # a float is no tenth
        ({"a": ("x", 1), "b": (1, 2)}, "integers or Fractions"),
        ({"a": (0, 1, 2), "b": (1, 2)}, "integers or Fractions"),
    ],
)
def test_a_box_that_is_none_of_the_domain_is_an_error(box, why):
    claim = replace(CLAIMS["young"], box=box)
    with pytest.raises(InputError, match=why):
        certified(claim, claim.tree())


def test_mutants_of_a_certified_claim_die_or_are_loose():
    claim = CLAIMS["young"]
    found = list(settled(trials([claim]), [replace(BOXED, claims=[claim])], 0))
    assert not [m for m in found if m.fate is Fate.ERROR]
    number = {m.change: m.fate for m in found if m.label.startswith("the number 1/10")}
    assert number["down10"] is Fate.LOOSE
    assert number["up10"] is Fate.WEAKER
    assert {m.fate for m in found if m.label.startswith("the number 3 in a^3/3")} >= {Fate.KILLED}


# --- certificates -----------------------------------------------------------------------------------------------------------
def written(report, changes=()):
    """The certificate of a report, some of its proof changed."""
    data = json.loads(certificate(report, CLAIMS[report.id.removeprefix("boxed.")], dict(CLAIMS).__getitem__, "quick", 0))
    data["proof"].update(changes)
    return data


def outcome(tmp_path, data):
    (tmp_path / f"{data['claim']}.json").write_bytes(canonical(data))
    (result,) = recheck(tmp_path, record([BOXED]))
    return result


def test_the_checker_confirms_them_and_the_schema_admits_them(reports, tmp_path):
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    for name in ("young", "logarithm", "order", "least"):
        data = written(reports[name])
        jsonschema.validate(data, schema)
        folder = tmp_path / name
        folder.mkdir()
        found = outcome(folder, data)
        assert (found.outcome, found.verdict) == ("confirmed", "certified"), found.reason


def corrupted(proof):
    """Changes of a proof on a box, none of which shows the claim on the box of the lock."""
    splits, ranges, inside = proof["splits"], proof["ranges"], proof["inside"]
    first = splits.index("")
    yield {"ranges": {**ranges, "a": ["0", "1"]}}, "its box is not the one in the lock"
    yield {"ranges": {**ranges, "a": ["0", "3"]}}, "its box is not the one in the lock"
    yield {"ranges": None}, "its box is not the one in the lock"
    yield {"splits": [""]}, "not certain"
    yield {"splits": splits[:-1]}, "left out"
    yield {"splits": [*splits, ""]}, "more pieces"
    yield {"splits": [*splits[:first], "c", *splits[first + 1 :]]}, "no variable"
    yield {"splits": [*splits[: first - 1], *splits[first + 1 :]]}, "certain|left out"
    yield {"splits": []}, "left out"
    yield {"splits": [7]}, "no variable"
    yield {"bits": 1}, "bits"
    yield {"bits": True}, "bits"
    yield {"inside": {**inside, "a": ["-1", "2"]}}, "not in the box"
    yield {"inside": {**inside, "a": ["1", "1"]}}, "not in the box"
    yield {"inside": {"a": ["0", "1"]}}, "not about the variables"
    yield {"inside": {**inside, "a": [0, 1]}}, "no rational"
    yield {"more": 1}, "keys"


def test_every_corruption_is_rejected(reports, tmp_path):
    proof = written(reports["young"])["proof"]
    for changes, why in corrupted(proof):
        found = outcome(tmp_path, written(reports["young"], changes))
        assert found.outcome == "rejected", changes
        assert any(w in found.reason for w in why.split("|")), (changes, found.reason)


def test_the_part_inside_must_satisfy_the_hypotheses(reports, tmp_path):
    found = outcome(tmp_path, written(reports["order"], {"inside": {"a": ["0", "1"], "b": ["0", "1"]}}))
    assert (found.outcome, "certain" in found.reason) == ("rejected", True)


def test_the_box_of_a_true_claim_does_not_show_its_false_neighbour(reports, tmp_path):
    """The same pieces, for the claim with the constant -1/1000 in the place of 1/10."""
    false = replace(CLAIMS["young"], parameters={"least": Node("num", (-Fraction(1, 1000),), ())})
    data = json.loads(certificate(reports["young"], false, dict(CLAIMS).__getitem__, "quick", 0))
    (tmp_path / "boxed.young.json").write_bytes(canonical(data))
    (found,) = recheck(tmp_path, record([replace(BOXED, claims=[false])]))
    assert (found.outcome, "not certain" in found.reason) == ("rejected", True)


def test_a_verdict_that_the_proof_does_not_earn_is_rejected(reports, tmp_path):
    for verdict in ("proved", "supported", "refuted"):
        data = {**written(reports["young"]), "verdict": verdict}
        assert outcome(tmp_path, data).outcome == "rejected"


def test_of_balls_that_overlap_the_minimum_holds_the_least_of_both():
    """On a box min(x, y) may be either: min(a, b) >= b is false where a < b."""
    claim = CLAIMS["young"]
    least = Node("min", (a, b), ())
    assert certified(claim, Lt(b - Fraction(1, 100), least)).outcome is Outcome.NOTHING
    assert certified(claim, Lt(least, b + Fraction(1, 100))).outcome is Outcome.CERTIFIES
    assert certified(claim, Lt(least, (a + b) / 2 + Fraction(1, 100))).outcome is Outcome.CERTIFIES
