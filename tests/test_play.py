"""What mutants of one claim share, lines of the derivation and values at instances: nothing comes out otherwise for it."""

import pytest
from flint import fmpq

from theorycheck import collect
from theorycheck.derivation import Library, context_of, derive
from theorycheck.domain import Domain, real
from theorycheck.evaluate import Undefined, evaluate, judge
from theorycheck.evaluate.judge import judge_or_no_value
from theorycheck.evaluate.remembering import Remembering
from theorycheck.exact import rules as by
from theorycheck.exact.call import Call
from theorycheck.exact.session import Session
from theorycheck.play import Played, same
from theorycheck.search.draws import samples
from theorycheck.search.mutants import mutants
from theorycheck.statement import Statement
from theorycheck.tree import Ge, Gt, num, sym, total
from theorycheck.tree.node import walk

PAPER = collect.paper()
CLAIMS = collect.claims_of(PAPER)
SOME = ("prop-11.rate", "lemma-22.scaling", "balancedness.trajectory", "ntk-mean.mean", "mse-pl.pl", "thm-20.high")
a, b = sym("a"), sym("b")


def told(found):
    return found.outcome, found.reason, [(s.shows, s.rule, s.premises, s.detail) for s in found.steps], found.cited, found.uses


@pytest.mark.parametrize("name", [n for n in SOME if n in CLAIMS])
def test_a_mutant_is_derived_as_from_the_start(name):
    claim, known = CLAIMS[name], Library(tuple(PAPER))
    for k, (site, _, goal) in enumerate(mutants(claim.tree())):
        if k % 7 == 0 and site.kind != "relation":  # the printed claim may say the opposite of that
            fresh = Library(tuple(PAPER), done=known.done)
            fresh.played[claim.body, id(claim.domain)] = empty(claim)
            assert told(derive(claim, {}, known, goal)) == told(derive(claim, {}, fresh, goal))


def empty(claim):
    """A derivation of the printed claim that got stuck at once, so that it has nothing in common with any other."""
    return Played(Session(claim.domain.hypotheses, context_of(claim.domain)), stuck="for the test")


def test_a_line_whose_rule_depends_on_the_goal_is_checked_again():
    """The multiplier is what the goal says, so a mutant's derivation differs from the second line on."""
    positive = Domain("a > 0, b real", (real("a", above=0), real("b")))

    def body():
        goal = yield Ge(2 * a, a)
        line = yield Gt(a, 0), by.sign()
        yield goal, by.linear((line, goal.nodes[0].nodes[0] - 1))

    claim = Statement("toy", "A toy", "0", positive).claim("c", line=1)(body)
    library = Library(())
    assert derive(claim, {}, library, claim.tree()).steps
    moved = derive(claim, {}, library, Ge(num(1) / 2 * a, a))
    assert moved.outcome is not derive(claim, {}, library, claim.tree()).outcome
    assert [s.shows for s in moved.steps] == [Gt(a, 0)]


def test_calls_are_the_same_only_if_their_arguments_are():
    def call(x):
        return Call("rules.some", {"x": x})

    assert same(call((a, {"n": b}, by.sign())), call([a, {"n": b}, by.sign()]))
    for x, y in ((a, b), (1, num(1)), ({"n": a}, {"m": a}), ((a,), (a, b)), (by.sign(), by.identity()), (lambda: 1, lambda: 1)):
        assert not same(call(x), call(y))
    assert not same(call(a), Call("rules.other", {"x": a}))


@pytest.mark.parametrize("name", [n for n in SOME if n in CLAIMS])
def test_an_instance_that_remembers_says_what_one_that_does_not_says(name):
    claim = CLAIMS[name]
    trees = [claim.tree(), *(goal for _, _, goal in mutants(claim.tree()))][:20]
    for draw in list(samples(claim, "0", 4))[:4]:
        assert isinstance(draw.env, Remembering)
        for tree in (*trees, *trees):
            assert judge_or_no_value(tree, draw.env) == judge_or_no_value(tree, dict(draw.env))
    assert sum(1 for _ in walk(trees[0])) > 3


def test_what_has_no_value_is_remembered_with_its_reason():
    env = Remembering({"a": fmpq(0), "b": fmpq(2)})
    for _ in range(2):
        with pytest.raises(Undefined, match="zero"):
            evaluate(b / a, env)
    k = sym("k")
    for upper in (2, 3, 2):
        assert evaluate(total(k, 1, upper, b * k), env) == evaluate(total(k, 1, upper, b * k), dict(env))
    assert judge(Gt(b, a), env).holds
