"""One suite over every statement: ids, lines, parameters, controls, JSON, reproducibility."""

import os
import re
from collections import Counter
from pathlib import Path

import jsonschema
import pytest

from docs import refresh
from theorycheck import collect, lock
from theorycheck.derivation import Library
from theorycheck.present import errata
from theorycheck.present.judge import judge
from theorycheck.present.records import report_record, schema
from theorycheck.run import check_claim, run
from theorycheck.search.controls import controls
from theorycheck.search.fates import Fate
from theorycheck.search.mutants import sites
from theorycheck.tree import num
from theorycheck.verdict import Verdict

ROOT = Path(__file__).parents[1]
STATEMENTS = collect.paper()
LIBRARY = Library(STATEMENTS)
CLAIMS = [c for s in STATEMENTS for c in s.claims]
IDS = [c.id for c in CLAIMS]
SETTLED = {Verdict.PROVED, Verdict.CERTIFIED, Verdict.REFUTED}

ISSUE_3 = {
    "mse-pl", "mc-pl", "prop-10", "prop-11", "cor-12", "lemma-39", "escape-directions", "lemma-22", "lemma-24",
    "schatten-limit", "prop-5", "escape-times",
}  # fmt: skip


def paper_lines():
    """The paper's file, which is not ours to ship: beside the checkout, or named by THEORYCHECK_PAPER."""
    named = os.environ.get("THEORYCHECK_PAPER")
    path = Path(named) if named else ROOT.parent / "shared/paper/deep_linear_networks_dynamics.md"
    if not path.is_file():
        pytest.skip(f"the paper's text is not at {path}; set THEORYCHECK_PAPER to its file")
    return path.read_text(encoding="utf-8").splitlines()


@pytest.fixture(scope="module")
def report():
    return run(STATEMENTS, seed=0)


def reports_of(report):
    return {c.id: c for s in report.statements for c in s.claims}


def test_the_readme_has_the_example_and_the_errata_as_they_are(report):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    table = errata.as_markdown(errata.entries(report, collect.claims_of(STATEMENTS)))
    assert refresh.refreshed(readme, table) == readme, "run `python -m docs.refresh`"


def test_the_statements_of_this_issue_are_there():
    assert {s.id for s in STATEMENTS} >= ISSUE_3


def test_ids_are_unique_and_resolve():
    names = Counter(name for s in STATEMENTS for name in (s.id, *s.aliases))
    assert [n for n, k in names.items() if k > 1] == []
    assert [i for i, k in Counter(IDS).items() if k > 1] == []
    for s in STATEMENTS:
        for name in (s.id, *s.aliases):
            assert collect.resolve([name])[0].statement.id == s.id


def test_every_statement_has_a_main_claim_and_an_expectation_for_each_claim():
    for s in STATEMENTS:
        assert any(c.main for c in s.claims), s.id
        assert [c.id for c in s.claims if c.expects is None] == []


def test_corrections_and_readings_point_at_printed_claims():
    for c in CLAIMS:
        for target in (c.corrects, c.reads):
            assert target is None or target in IDS, c.id
        assert not (c.erratum is None and c.expects is Verdict.REFUTED and c.corrects is None), f"{c.id} has no erratum"


@pytest.mark.parametrize("claim", CLAIMS, ids=IDS)
def test_the_printed_line_is_about_this_claim(claim):
    lines = paper_lines()
    assert 1 <= claim.line <= len(lines)
    window = " ".join(lines[claim.line - 1 : claim.line + 2])
    symbols = set(re.findall(r"\\?[A-Za-z]+", claim.printed or "")) if claim.printed else set()
    known = {t for t in symbols if len(t) > 1}
    assert lines[claim.line - 1].strip(), f"line {claim.line} is empty"
    assert sum(t in window for t in known) >= len(known) / 2, f"line {claim.line} does not show {sorted(known)}"


@pytest.mark.parametrize("claim", CLAIMS, ids=IDS)
def test_each_parameter_is_used(claim):
    for name, value in claim.parameters.items():
        assert claim.tree({name: num(7919) if value.head == "num" else num(1)}) != claim.tree(), f"{name} changes nothing"


@pytest.mark.parametrize("claim", CLAIMS, ids=IDS)
def test_each_claim_comes_out_as_its_module_expects(claim, report):
    found = reports_of(report)[claim.id]
    assert judge(found, claim, "quick").good, f"{found.verdict.value}: {found.reason}"


PROVED = [c for c in CLAIMS if c.expects in {Verdict.PROVED, Verdict.CERTIFIED}]


@pytest.mark.parametrize("claim", PROVED, ids=lambda c: c.id)
def test_no_constant_moved_by_ten_percent_survives(claim):
    """But for claims all of whose places are exempt: probabilities without a value at an instance, which are derived."""
    survived = [k for k in controls(claim, LIBRARY) if k.fate in {Fate.SURVIVED, Fate.ERROR}]
    if {k.fate for k in survived} == {Fate.SURVIVED} and all(s.label in claim.exempt for s in sites(claim.tree())):
        pytest.skip("; ".join(sorted(set(claim.exempt.values()))))
    assert survived == []


@pytest.mark.parametrize("claim", [c for c in CLAIMS if c.main], ids=lambda c: c.id)
def test_main_claims_are_proved_on_their_whole_domain(claim, report):
    """Or they are theorems of the literature that the paper cites without a proof, supported by the citation, and say so."""
    found = reports_of(report)[claim.id]
    if (claim.short or "").startswith("cited theorem"):
        assert found.verdict is Verdict.SUPPORTED
        return
    verdict = found.corrected.verdict if found.verdict is Verdict.REFUTED and found.corrected else found.verdict
    assert verdict is Verdict.PROVED, f"{found.verdict.value}: {found.reason}"


def test_three_quarters_of_the_claims_are_settled(report):
    printed = [c for c in reports_of(report).values() if not _is_aside(c.id)]
    settled = [c for c in printed if _is_settled(c)]
    assert len(settled) >= 0.75 * len(printed), f"{len(settled)} of {len(printed)}"


def _is_aside(claim_id):
    claim = CLAIMS[IDS.index(claim_id)]
    return claim.corrects is not None or claim.reads is not None


def _is_settled(found):
    if found.verdict is Verdict.REFUTED:
        good = {Verdict.PROVED, Verdict.CERTIFIED}
        return (found.corrected is not None and found.corrected.verdict in good) or _inherits(found)
    return found.verdict in SETTLED


def _inherits(found):
    return found.erratum is not None and found.erratum.inherits is not None


def test_what_is_only_supported_says_why(report):
    for found in reports_of(report).values():
        assert found.verdict is not Verdict.SUPPORTED or found.reason, found.id


def test_refuted_claims_show_a_witness_or_a_derived_negation(report):
    for found in reports_of(report).values():
        if found.verdict is Verdict.REFUTED:
            derived = any(e.kind == "derivation" and e.outcome.value == "refutes" for e in found.evidence)
            assert found.witness is not None or derived, found.id


def test_the_report_fits_the_schema(report):
    jsonschema.validate(report_record(report), schema())


def test_one_and_two_processes_give_the_same_verdicts(report):
    some = {c.id for c in CLAIMS[::4]}  # all of them take as long as the whole report
    again = reports_of(run(STATEMENTS, seed=0, jobs=2, only=lambda c: c.id in some))
    assert {i: c.verdict for i, c in again.items()} == {i: c.verdict for i, c in reports_of(report).items() if i in some}


def test_another_seed_gives_the_same_verdicts(report):
    other = reports_of(run(STATEMENTS, seed=1))
    assert {i: c.verdict for i, c in other.items()} == {i: c.verdict for i, c in reports_of(report).items()}


def test_a_derivation_of_another_claim_does_not_prove_this_one():
    """Swapping the goal of every proved claim for its negated order must not be proved."""
    for claim in CLAIMS:
        goal = claim.tree()
        flipped = {"le": "gt", "lt": "ge", "ge": "lt", "gt": "le"}.get(goal.head)
        if claim.expects is Verdict.PROVED and flipped:
            wrong = type(goal)(flipped, goal.args, None)
            assert check_claim(claim, "quick", {}, 0, LIBRARY, wrong).verdict is not Verdict.PROVED, claim.id


def test_claims_lock_is_up_to_date():
    path = ROOT / "claims.lock"
    assert path.read_text(encoding="utf-8") == lock.render(STATEMENTS), "run `python -m theorycheck.lock` and read the diff"
