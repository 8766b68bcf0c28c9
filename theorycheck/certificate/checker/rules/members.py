"""The last member of a sum or a product over a range of an index, on its own."""

from __future__ import annotations

from ..core import Checker, Node, const, need, node, show, substitute, whole

MINUS_ONE = node("num", const(-1).constant())
JOINED = {"sum": "add", "prod": "mul"}


def last_one(ck: Checker, goal: Node) -> None:
    """Over lo .. hi = over lo .. hi - 1 joined with the member at hi, for hi >= lo."""
    need(goal.head == "eq" and goal.trees[0].head in JOINED, "the goal is no equation with a sum or a product on its left")
    total, right = goal.trees
    lo, hi, body = total.trees
    need(ck.sign(whole(ck.read(hi), ck.context) - ck.read(lo)), "the range is not known to have a member")
    ck.read(total)
    before = node(total.head, total.args[0], lo, node("add", hi, MINUS_ONE), body)
    rest = ck.read(right) - ck.read(node(JOINED[total.head], before, substitute(body, {total.args[0]: hi})))
    need(not rest.terms, f"left over: {show(rest)}")


RULES = {"index_rules.last_one": last_one}
