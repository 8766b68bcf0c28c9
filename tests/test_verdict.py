"""The truth table of `verdict.combine`, row by row and exhaustively."""

from itertools import combinations

import pytest

from theorycheck.verdict import Evidence, Outcome, Verdict, combine

CASES = [
    ((), Verdict.UNDECIDED),
    ((Outcome.NOTHING,), Verdict.UNDECIDED),
    ((Outcome.SUPPORTS,), Verdict.SUPPORTED),
    ((Outcome.PROVES, Outcome.SUPPORTS), Verdict.PROVED),
    ((Outcome.CERTIFIES, Outcome.SUPPORTS), Verdict.CERTIFIED),
    ((Outcome.PROVES, Outcome.CERTIFIES), Verdict.PROVED),
    ((Outcome.REFUTES, Outcome.SUPPORTS), Verdict.REFUTED),
    ((Outcome.REFUTES, Outcome.CONTRADICTS), Verdict.REFUTED),
    ((Outcome.CONTRADICTS,), Verdict.CONTRADICTED),
    ((Outcome.CONTRADICTS, Outcome.SUPPORTS), Verdict.UNDECIDED),
    ((Outcome.PROVES, Outcome.REFUTES), Verdict.ERROR),
    ((Outcome.CERTIFIES, Outcome.REFUTES), Verdict.ERROR),
    ((Outcome.PROVES, Outcome.CONTRADICTS), Verdict.ERROR),
    ((Outcome.RAISED, Outcome.PROVES), Verdict.ERROR),
    ((Outcome.INAPPLICABLE, Outcome.SUPPORTS), Verdict.INAPPLICABLE),
]


def verdict_of(outcomes):
    return combine([Evidence("exact", o, "") for o in outcomes])


@pytest.mark.parametrize(("outcomes", "expected"), CASES)
def test_each_row_of_the_table(outcomes, expected):
    assert verdict_of(outcomes) is expected


def test_no_set_of_evidence_upgrades_itself():
    for size in range(5):
        for outcomes in combinations(Outcome, size):
            found = verdict_of(outcomes)
            assert found is not Verdict.PROVED or Outcome.PROVES in outcomes
            assert found is not Verdict.CERTIFIED or Outcome.CERTIFIES in outcomes
            assert found is not Verdict.REFUTED or Outcome.REFUTES in outcomes
            assert Outcome.RAISED not in outcomes or found is Verdict.ERROR


def test_the_order_of_the_evidence_does_not_matter():
    for outcomes in combinations(Outcome, 3):
        assert verdict_of(outcomes) is verdict_of(outcomes[::-1])


def test_verdicts_and_outcomes_have_no_truth_value():
    with pytest.raises(TypeError, match="truth value"):
        bool(Verdict.PROVED)
    with pytest.raises(TypeError, match="truth value"):
        bool(Outcome.PROVES)
