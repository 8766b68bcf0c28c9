"""A derivation of the checker over a domain that is written as statements write theirs; lines are shown or refused."""

from __future__ import annotations

from typing import Any

import pytest
from flint import fmpq

from theorycheck.certificate.checker import core, parts  # noqa: F401 (the parts enter themselves in the core's tables)
from theorycheck.certificate.checker.core import Checker, Context, Line, Refused, with_relations
from theorycheck.certificate.checker.reading import integers
from theorycheck.certificate.checker.rules import TABLE
from theorycheck.domain import Domain, Var, hypothesis, matrix, real, size, widths
from theorycheck.fact import Fact
from theorycheck.tree import Ge, Node, sym

n, k = sym("n"), sym("k")
VARIABLES = (size("n"), size("N"), size("k"), real("a", above=0), real("b"), real("c"), matrix("A", n, n), matrix("B", n, n))
TRUTH = core.node("eq", core.node("num", fmpq(0)), core.node("num", fmpq(0)), shape=None)


def tree(x: Any) -> core.Node:
    """The checker's tree of the prover's."""
    if not isinstance(x, Node):
        x = x if isinstance(x, Node) else sym(x) if isinstance(x, str) else x * Node("num", (1,), ())
    args = [tree(a) if isinstance(a, Node) else fmpq(str(a)) if x.head == "num" else a for a in x.args]
    return core.node(x.head, *args, shape=None if x.shape is None else tuple(map(tree, x.shape)))


def fact(f: Fact) -> core.Fact:
    needs = tuple(map(fact, f.needs))
    return core.Fact(f.name, tree(f.shows), tuple(map(tree, f.given)), f.variables, needs=needs)


def checker(domain: Domain, facts: dict[str, core.Fact] | None = None, claim: core.Node = TRUTH) -> Checker:
    """As the driver opens a derivation of `claim` over a domain."""
    hypotheses = tuple(map(fact, domain.hypotheses))
    flags = {f: frozenset(v.name for v in domain.variables if getattr(v, f)) for f in ("integer", "continuous")}
    symmetric, positive = (frozenset(v.name for v in domain.variables if getattr(v, f)) for f in ("symmetric", "positive"))
    context = Context((), integers(flags, claim, hypotheses), symmetric, positive)
    context = with_relations(context, [h.shows for h in hypotheses if not h.variables and not h.given])
    return Checker(hypotheses, context, facts or {}, TABLE)


def session(*extra: Any) -> Checker:
    """Over n, N, k >= 1, a > 0, b and c real, A and B square, with more variables, relations or facts."""
    facts = [e if isinstance(e, Fact) else hypothesis(f"h{i}", e) for i, e in enumerate(extra) if not isinstance(e, Var)]
    return checker(Domain("toy", (*VARIABLES, *(e for e in extra if isinstance(e, Var))), tuple(facts)))


def network(*extra: Any, above: int = 0) -> Checker:
    """Over widths n_0, n_1, .. >= 1 and integers k, l, lo >= 1, hi >= lo + above, L >= 2."""
    lo, hi = sym("lo"), sym("hi")
    facts = [e if isinstance(e, Fact) else hypothesis(f"h{i}", e) for i, e in enumerate((*extra, Ge(hi, lo + above)))]
    whole = Var("hi", lambda source, env: None, integer=True)
    return checker(Domain("net", (widths("n"), whole, size("k"), size("l"), size("lo"), size("L", 2)), tuple(facts)))


def show(ck: Checker, goal: Node, rule: str, /, **args: Any) -> Line:
    """A line shown by a rule; trees among the arguments are the prover's."""
    return ck.show(tree(goal), rule, {name: _argument(v) for name, v in args.items()})


def _argument(x: Any) -> Any:
    if isinstance(x, Node):
        return tree(x)
    if isinstance(x, list | tuple):
        return [_argument(v) for v in x]
    return {k: _argument(v) for k, v in x.items()} if isinstance(x, dict) else x


def refused(ck: Checker, goal: Node, rule: str, /, match: str = ".", **args: Any) -> None:
    """The line is refused, whether its tree cannot be written or it does not follow."""
    before = len(ck.lines)
    with pytest.raises(Refused, match=match):
        show(ck, goal, rule, **args)
    assert len(ck.lines) == before
