"""Whether a proposition is known: it stands among the hypotheses, or follows from signs and normal forms."""

from __future__ import annotations

from collections.abc import Iterable

from ..core import OPERATIONS, Checker, Line, Node, Refused, asked, is_relation, is_strict, relation_head, sides


def holds(ck: Checker, condition: Node, premises: Iterable[Line] = ()) -> bool:
    """Whether a condition is a hypothesis, a premise, or follows from signs and normal forms."""
    known = [f.shows for f in ck.hypotheses if not f.variables and not f.given] + [p.shows for p in premises]
    return condition in known or ck.follows(condition) or any(ck.same(condition, k) for k in known)


def follows(ck: Checker, condition: Node) -> bool:
    if condition.head == "and":
        return all(map(ck.follows, condition.trees))
    try:
        gap = ck.gap(condition)
    except Refused:
        return False
    if condition.head == "eq":
        return not gap.terms
    return ck.sign(gap) >= (2 if is_strict(condition) else 1)


def same(ck: Checker, a: Node, b: Node) -> bool:
    """Whether two propositions agree part by part in normal form (>= is <= read from the right)."""
    if a is b or relation_head(a) != relation_head(b) or len(a.trees) != len(b.trees):
        return a is b
    if a.head in {"and", "not"}:
        return all(map(ck.same, a.trees, b.trees))
    if a.head == "converges":
        return bool(asked("same_limit")(a, b, ck.context))
    pairs = zip(*(sides(x) if is_relation(x) else x.trees for x in (a, b)), strict=True)
    try:
        return all(x is y or ck.read(x) == ck.read(y) for x, y in pairs)
    except Refused:
        return False


OPERATIONS.update({"holds": holds, "follows": follows, "same": same})
