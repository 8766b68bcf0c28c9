"""The checker with lines taken for granted: trees are written with `theorycheck.tree` and handed over as certificates do."""

from __future__ import annotations

import pytest
from flint import fmpq

from theorycheck.certificate.checker import core, parts  # noqa: F401 (they enter what they read in the core's tables)
from theorycheck.certificate.checker.core import Checker, Context, Fact, Line, Refused, with_relations
from theorycheck.certificate.checker.rules import TABLE
from theorycheck.domain import Domain
from theorycheck.tree import Node


def tree(x):
    """The checker's tree for one of theorycheck's."""
    if not isinstance(x, Node):
        return x
    args = [fmpq(a.numerator, a.denominator) if x.head == "num" else tree(a) for a in x.args]
    return core.node(x.head, *args, shape=None if x.shape is None else tuple(tree(s) for s in x.shape))


def fact(f):
    return Fact(f.name, tree(f.shows), tuple(tree(g) for g in f.given), f.variables, needs=tuple(map(fact, f.needs)))


def checker(*more):
    """A derivation in the domain of these variables and hypotheses."""
    domain = Domain("test").extended("test", *more)
    names = {f: frozenset(v.name for v in domain.variables if getattr(v, f)) for f in ("integer", "symmetric", "positive")}
    hypotheses = tuple(map(fact, domain.hypotheses))
    context = Context((), names["integer"], names["symmetric"], names["positive"])
    plain = [h.shows for h in hypotheses if not h.variables and not h.given]
    return Checker(hypotheses, with_relations(context, plain), {}, TABLE)


def line(ck, shows, *assumes):
    """A line taken for granted."""
    ck.lines.append(Line(tree(shows), frozenset(map(tree, assumes)), len(ck.lines)))
    return ck.lines[-1]


def handed(x):
    """An argument of a rule: its trees are the checker's."""
    if isinstance(x, list | tuple):
        return [handed(v) for v in x]
    return {k: handed(v) for k, v in x.items()} if isinstance(x, dict) else tree(x)


def shown(ck, goal, rule, **args):
    """The line, which the rule must accept."""
    return ck.show(tree(goal), rule, handed(args))


def refused(ck, goal, rule, why=None, **args):
    with pytest.raises(Refused, match=why):
        ck.show(tree(goal), rule, handed(args))
