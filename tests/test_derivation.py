"""The driver and the kernel on small statements, true and false: what must be refused is refused."""

import pytest
from flint import fmpq

from theorycheck.derivation import Library, context_of, derive
from theorycheck.domain import Domain, hypothesis, matrix, real, size
from theorycheck.errors import InputError
from theorycheck.exact import rules as by
from theorycheck.exact.session import Session, Stuck
from theorycheck.run import check_claim, run
from theorycheck.statement import Statement
from theorycheck.tree import Eq, Ge, Gt, Le, Lt, Not, Psd, mat, num, sqrt, sym, trace
from theorycheck.verdict import Outcome, Verdict

a, b, n = sym("a"), sym("b"), sym("n")
A, B = mat("A", n, n), mat("B", n, n)
SQUARES = matrix("A", n, n), matrix("B", n, n)
PLAIN = Domain("a > 0, b real, A and B square", (size("n"), real("a", above=0), real("b"), *SQUARES))


def statement(domain=PLAIN):
    return Statement("toy", "A toy", "0", domain)


def check(claim, library=()):
    return check_claim(claim, "quick", {}, 0, Library(tuple(library)))


def one(body, domain=PLAIN):
    """The claim of a statement with one claim."""
    return statement(domain).claim("c", line=1)(body)


def test_a_true_identity_is_proved_and_its_false_neighbour_refuted():
    def cyclic(weight=1):
        goal = yield Eq(trace(A @ B), weight * trace(B @ A))
        yield goal, by.identity()

    def transposed():
        goal = yield Eq(trace(A @ B), trace(A.T @ B))
        yield goal, by.identity()

    assert check(one(cyclic)).verdict is Verdict.PROVED
    wrong = check(one(transposed))
    assert wrong.verdict is Verdict.REFUTED
    assert wrong.witness is not None
    assert wrong.witness.exact
    assert "left - right" in (wrong.reason or "")


def test_the_derivation_must_end_at_the_claim():
    def elsewhere():
        yield Le(a, 2 * a)
        yield Le(a, 3 * a), by.sign()

    assert check(one(elsewhere)).verdict is Verdict.SUPPORTED


def test_an_assumption_left_open_proves_nothing():
    def conditional():
        goal = yield Le(0, b)
        yield goal, by.under([Ge(b, 0)], by.sign())

    found = derive(one(conditional), {}, Library(()), Le(0, b))
    assert found.outcome is Outcome.NOTHING
    assert "left open" in (found.reason or "")


def test_a_premise_from_another_derivation_is_refused():
    session = Session(PLAIN.hypotheses, context_of(PLAIN))
    line = session.show(Le(0, a), by.sign())
    other = Session(PLAIN.hypotheses, context_of(PLAIN))
    with pytest.raises(Stuck, match="not a line of this derivation"):
        other.show(Le(0, 2 * a), by.linear((line, 2)))


FALSE_LINES = [
    (Le(0, b), by.sign()),
    (Lt(0, a - a), by.sign()),
    (Le(a, a**2), by.sign()),
    (Eq(sqrt(b**2), b), by.identity()),
    (Eq((a - b) / (a - b), num(1)), by.identity()),
    (Le(0, trace(A @ A)), by.sign()),
    (Le(2 * a, a), by.linear()),
    (Eq(trace(A @ B @ A), trace(A @ A @ B) + 1), by.identity()),
]


@pytest.mark.parametrize(("goal", "rule"), FALSE_LINES, ids=lambda x: str(x)[:40])
def test_false_or_unlicensed_lines_are_refused(goal, rule):
    with pytest.raises(Stuck):
        Session(PLAIN.hypotheses, context_of(PLAIN)).show(goal, rule)


def test_multipliers_and_coefficients_of_squares_must_not_be_negative():
    session = Session(PLAIN.hypotheses, context_of(PLAIN))
    line = session.show(Le(a, 2 * a), by.sign())
    with pytest.raises(Stuck, match="multiplier"):
        session.show(Le(2 * a, a), by.linear((line, -1)))
    with pytest.raises(Stuck, match="coefficient"):
        session.show(Le(b**2, 0), by.linear(squares=[(-1, b)]))


def test_monotone_powers_check_the_sign_of_base_and_exponent():
    session = Session((*PLAIN.hypotheses, hypothesis("b >= -1", Ge(b, -1))), context_of(PLAIN))
    line = session.show(Le(a, 2 * a), by.sign())
    session.show(Le((2 * a) ** -1, a**-1), by.raised(line, -1))
    session.show(Le(a**3, (2 * a) ** 3), by.raised(line, 3))
    with pytest.raises(Stuck):
        session.show(Le(a**-1, (2 * a) ** -1), by.raised(line, -1))
    signed = session.show(Le(-1, b), by.trivially())
    with pytest.raises(Stuck):
        session.show(Le((-1 * num(1)) ** 2, b**2), by.raised(signed, 2))


def test_a_congruence_needs_its_positive_semidefinite_premise():
    domain = PLAIN.extended("and A psd", hypothesis("A psd", Psd(A)))

    def scaled():
        goal = yield Ge(trace(B.T @ A @ B), 0)
        psd = yield Psd(A), by.trivially()
        yield goal, by.congruence(psd, B)

    assert derive(one(scaled, domain), {}, Library(()), Ge(trace(B.T @ A @ B), 0)).outcome is Outcome.PROVES
    for wrong in (Ge(-1 * trace(B.T @ A @ B), 0), Ge(trace(B @ A @ B), 0), Ge(trace(B.T @ A @ B), 1)):
        assert derive(one(scaled, domain), {}, Library(()), wrong).outcome is Outcome.NOTHING


def test_claims_that_use_each_other_are_refused():
    s = statement()

    @s.claim("first", line=1)
    def first():
        goal = yield Le(a, 2 * a)
        yield goal, by.uses("toy.second")

    @s.claim("second", line=2)
    def second():
        goal = yield Le(a, 2 * a)
        yield goal, by.uses("toy.first")

    found = check(first, [s])
    assert found.verdict is Verdict.SUPPORTED
    assert "circular" in (found.reason or "")


def test_a_claim_can_be_used_only_if_it_is_proved_and_only_under_its_hypotheses():
    s = statement()
    wider = Domain("a real", (size("n"), real("a"), real("b"), matrix("A", n, n), matrix("B", n, n)))

    @s.claim("positive", line=1)
    def positive():
        goal = yield Lt(0, 3 * a)
        yield goal, by.sign()

    @s.claim("beyond", line=2, domain=wider)
    def beyond():
        goal = yield Lt(0, 3 * a)
        yield goal, by.uses("toy.positive")

    assert check(positive, [s]).verdict is Verdict.PROVED
    found = check(beyond, [s])
    assert found.verdict is Verdict.REFUTED
    assert "hypothesis" in (found.reason or "")


def test_a_derived_negation_refutes_and_beside_a_proof_is_an_error():
    def negated():
        goal = yield Gt(0, a)
        yield Not(goal), by.Rule("toy", lambda *_: by.Checked())

    found = derive(one(negated), {}, Library(()), Gt(0, a))
    assert found.outcome is Outcome.REFUTES


def test_a_proof_of_something_false_meets_its_witness():
    """Both legs run: a rule that accepts anything ends as an error, not as a proof."""

    def believed():
        goal = yield Le(b, 0)
        yield goal, by.Rule("wishful", lambda *_: by.Checked())

    found = check(one(believed))
    assert found.verdict is Verdict.ERROR


def test_an_empty_domain_is_an_error_of_the_input():
    empty = PLAIN.extended("empty", hypothesis("impossible", Lt(a, 0)))

    def anything():
        goal = yield Le(0, a)
        yield goal, by.sign()

    with pytest.raises(InputError, match="seems empty"):
        check(one(anything, empty))


def test_a_universal_hypothesis_without_a_test_is_refused():
    untested = PLAIN.extended("untested", hypothesis("for all b", Le(b, 1), variables=("b",)))
    with pytest.raises(InputError, match="universal"):
        untested.broken({"n": 1, "a": fmpq(1), "b": fmpq(0), "A": ((fmpq(1),),), "B": ((fmpq(1),),)})


def test_a_leg_that_raises_is_an_error_and_other_claims_go_on():
    s = statement()

    @s.claim("raises", line=1)
    def raises():
        yield Le(0, a)

    @raises.leg("flow")
    def broken(check):
        raise ZeroDivisionError("a bug in the leg")

    @s.claim("stands", line=2)
    def stands():
        goal = yield Le(0, a)
        yield goal, by.sign()

    found = run([s]).statements[0].claims
    assert [c.verdict for c in found] == [Verdict.ERROR, Verdict.PROVED]
    assert "ZeroDivisionError" in (found[0].reason or "")
