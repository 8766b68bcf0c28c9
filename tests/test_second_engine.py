"""SymPy as the second zero test of scalar identities."""

from theorycheck.domain import Domain, real
from theorycheck.second import second_engine
from theorycheck.tree import Eq, Le, sqrt, sym
from theorycheck.verdict import Evidence, Outcome, Step

a, b = sym("a"), sym("b")
DOMAIN = Domain("a > 0", (real("a", above=0), real("b")))


def derivation(line, rule="identity", premises=()):
    return Evidence("derivation", Outcome.PROVES, "", steps=(Step(line, rule, premises, "(1)"),))


def test_it_agrees_with_an_identity_and_objects_to_a_false_one():
    assert second_engine(derivation(Eq((a + b) ** 2, a**2 + 2 * a * b + b**2)), DOMAIN).outcome is Outcome.SUPPORTS
    assert second_engine(derivation(Eq(sqrt(a**2), a)), DOMAIN).outcome is Outcome.SUPPORTS
    wrong = second_engine(derivation(Eq((a + b) ** 2, a**2 + b**2)), DOMAIN)
    assert wrong.outcome is Outcome.RAISED
    assert "SymPy" in wrong.reason


def test_lines_it_cannot_compare_are_left_alone():
    assert second_engine(derivation(Le(a, b)), DOMAIN).outcome is Outcome.NOTHING
    assert second_engine(derivation(Eq(a, b), premises=("(0)",)), DOMAIN).outcome is Outcome.NOTHING
