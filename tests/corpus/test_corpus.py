"""The corpus through the one driver: no false proof and no false refutation, ever, and few claims that cannot be decided."""

import pytest

from tests.corpus.certified import of_the_neighbour, rechecked
from tests.corpus.collection import CLAIMS, THEMES, truths
from tests.corpus.entering import NEAR, TEMPTATIONS
from tests.corpus.scoring import Score, score
from theorycheck.verdict import Evidence, Outcome, Verdict

UNDECIDED = 0.2  # share of the claims, at most (issue 5)
CONFIRMED = 0.95  # share of the certificates of true claims whose proof the checker confirms, at least


@pytest.fixture(scope="module")
def found():
    return score()


def test_nothing_is_proved_or_refuted_falsely(found):
    assert found.false_proofs == []
    assert found.false_refutations == []


def test_no_check_fails(found):
    assert found.errors == []


def test_most_claims_are_decided(found):
    assert found.claims == len(CLAIMS)
    assert len(found.undecided) <= UNDECIDED * found.claims, found.undecided


def test_every_claim_has_a_truth_value_and_a_reason():
    known = truths()
    assert known.keys() == CLAIMS.keys()
    assert all(truth.reason.strip() for truth in known.values())


def test_ids_are_unique():
    assert len(CLAIMS) == sum(len(theme.claims) for theme in THEMES)
    assert len({theme.id for theme in THEMES}) == len(THEMES)


def test_every_pair_is_one_true_and_one_false_claim():
    known = truths()
    firsts = [name for name in CLAIMS if not name.endswith(NEAR)]
    assert len(firsts) >= 75
    assert len(CLAIMS) == 2 * len(firsts)
    assert all(known[name].holds and not known[name + NEAR].holds for name in firsts)


def test_tempting_derivations_are_of_false_claims(found):
    known = truths()
    assert TEMPTATIONS.keys() <= known.keys()
    assert not any(known[name].holds for name in TEMPTATIONS)
    assert found.temptations == sum(map(len, TEMPTATIONS.values()))


# --- certificates ---------------------------------------------------------------------------------------------------------
def test_a_proof_is_no_certificate_for_the_false_neighbour(tmp_path):
    results = of_the_neighbour(tmp_path)
    assert [r for r in results if r.outcome not in {"rejected", "not covered"}] == []
    assert len([r for r in results if r.outcome == "rejected"]) >= 100


def test_what_the_checker_confirms_is_so(tmp_path):
    known, results = truths(), rechecked(tmp_path)
    confirmed = [r for r in results if r.outcome == "confirmed"]
    shown = [r for r in confirmed if r.verdict in {"proved", "certified"}]
    assert all(known[r.claim].holds is (r in shown) for r in confirmed)
    assert len(shown) >= CONFIRMED * len([r for r in results if known[r.claim].holds])
    assert [r for r in results if r.outcome == "rejected"] == []


# --- the score itself can come out otherwise -----------------------------------------------------------------------------
def one(outcome):
    return [Evidence("derivation", outcome, "made by hand")]


def test_a_false_proof_is_counted_also_where_another_leg_refutes():
    s = Score()
    s.add("false", False, Verdict.ERROR, one(Outcome.PROVES) + one(Outcome.REFUTES))
    s.add("true", True, Verdict.PROVED, one(Outcome.PROVES))
    assert (s.false_proofs, s.false_refutations, s.errors, s.undecided) == (["false"], [], ["false"], [])


def test_a_false_refutation_and_what_is_undecided_are_counted():
    s = Score()
    s.add("true", True, Verdict.REFUTED, one(Outcome.REFUTES))
    s.add("stuck", True, Verdict.SUPPORTED, one(Outcome.SUPPORTS))
    s.add("missed", False, Verdict.SUPPORTED, one(Outcome.SUPPORTS))
    assert s.false_refutations == ["true"]
    assert s.undecided == ["true", "stuck", "missed"]
    assert s.false_proofs == []
