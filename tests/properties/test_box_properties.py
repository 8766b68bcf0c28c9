"""Random claims on random boxes: what is certified holds at random points, and the independent checker confirms it."""

import json
from fractions import Fraction

from flint import fmpq
from hypothesis import event, given, settings, strategies as st

from theorycheck.boxes import certified
from theorycheck.certificate.checker.driver import recheck
from theorycheck.certificate.write import certificate
from theorycheck.derivation import Library
from theorycheck.domain import Domain, hypothesis, real
from theorycheck.evaluate import Undefined
from theorycheck.evaluate.judge import judge
from theorycheck.evaluate.numbers import to_arb
from theorycheck.evaluate.values import evaluate
from theorycheck.lock import record
from theorycheck.run import check_claim
from theorycheck.statement import Statement
from theorycheck.tree import Gt, Le, absolute, as_node, exp, log, minimum, sqrt, sym
from theorycheck.verdict import Outcome

x, y = sym("x"), sym("y")
halves = st.integers(-4, 4).map(lambda k: as_node(Fraction(k, 2)))
BINARY = [lambda a, b: a + b, lambda a, b: a - b, lambda a, b: a * b, lambda a, b: a / b, minimum]
UNARY = [lambda a: -a, absolute, exp, lambda a: a**2, lambda a: a**3, lambda a: sqrt(a**2 + 1), lambda a: log(1 + absolute(a))]


def terms():
    def more(inner):
        two = st.builds(lambda f, a, b: f(a, b), st.sampled_from(BINARY), inner, inner)
        return two | st.builds(lambda f, a: f(a), st.sampled_from(UNARY), inner)

    return st.recursive(st.sampled_from([x, y]) | halves, more, max_leaves=6)


sides = st.tuples(st.integers(-4, 4), st.integers(1, 6)).map(lambda p: (Fraction(p[0], 2), Fraction(p[0] + p[1], 2)))
shares = st.lists(st.tuples(*[st.fractions(0, 1, max_denominator=12)] * 2), min_size=8, max_size=8)


def at(box, share):
    """The point of a box at these shares of its sides."""
    point = {name: lo + s * (hi - lo) for (name, (lo, hi)), s in zip(box.items(), share, strict=True)}
    return {name: fmpq(v.numerator, v.denominator) for name, v in point.items()}


def bound(term, points):
    """A number a bit below the least of the values at some points, as a tree; None where it has no value."""
    try:
        values = [float(to_arb(evaluate(term, p)).mid()) for p in points]
    except (Undefined, OverflowError):
        return None
    return as_node(Fraction(min(values)).limit_denominator(100)) if max(map(abs, values)) < 1e6 else None


@settings(max_examples=60, deadline=None)
@given(term=terms(), box=st.fixed_dictionaries({"x": sides, "y": sides}), below=st.integers(0, 3), tried=shares)
def test_what_is_certified_holds(term, box, below, tried, tmp_path_factory):
    points = [at(box, s) for s in tried]
    least = bound(term, points[:4])
    if least is None:
        return
    domain = Domain("y <= x + 1", (real("x"), real("y")), (hypothesis("y <= x + 1", Le(y, x + 1)),))
    statement = Statement("random", "Random", "1", domain)

    def body():
        yield Gt(term, least - Fraction(below, 10))

    claim = statement.claim("claim", line=1, box=box)(body)
    goal = claim.tree()
    found = certified(claim, goal)
    event(found.outcome.value)
    if found.outcome is not Outcome.CERTIFIES:
        return
    for p in points:
        if judge(domain.conditions[0].shows, p).holds:
            assert judge(goal, p).holds is True, (goal, p)
    report = check_claim(claim, "quick", {}, 0, Library((statement,)))
    if report.verdict.value == "certified":
        folder = tmp_path_factory.mktemp("certificates")
        (folder / "random.claim.json").write_bytes(certificate(report, claim, dict.__getitem__, "quick", 0))
        (result,) = recheck(folder, json.loads(json.dumps(record([statement]))))
        assert result.outcome == "confirmed", (goal, result.reason)
