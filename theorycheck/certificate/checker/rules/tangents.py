"""Equations differentiated; functions that touch."""

from __future__ import annotations

from typing import Any

from ..core import (
    Checker,
    Context,
    Fact,
    Line,
    Motion,
    Node,
    const,
    derived,
    free_of,
    indices,
    mentioning,
    near,
    need,
    node,
    read,
    show,
    sides,
    substitute,
)

STRICT = {"lt", "gt"}


def conditions_on(ck: Checker, name: str) -> list[Node]:
    """What the hypotheses assume of a symbol; one with variables or conditions may not mention it."""
    found = [f for f in ck.hypotheses if name in f.shows.free.union(*(g.free for g in f.given)) - set(f.variables)]
    need(not any(f.variables or f.given for f in found), f"a universal hypothesis mentions {name}")
    return [f.shows for f in found]


def differentiated(ck: Checker, goal: Node, name: str, symbol: Node) -> None:
    """From f = g for all values of a symbol in an open set to f' = g' (grad f = grad g in a matrix), at a generic value."""
    fact: Fact = ck.hypothesis(name)
    need(fact.shows.head == "eq" and fact.shows.trees[0].shape == (), f"{name} is not an equation between numbers")
    need(symbol.head == "sym" and symbol.args[0] in fact.variables, f"{name} is no equation for all values of the symbol")
    own = symbol.args[0]
    counts = indices([fact.shows, *fact.given]) & set(fact.variables)
    need(own not in counts and counts <= ck.context.integers, f"{name} holds for integers only")
    occurs = {t.shape for t in _symbols(fact.shows) if t.args[0] == own}
    need(occurs <= {symbol.shape}, "the symbol has another shape in the hypothesis")
    for c in fact.given:
        need(own not in c.free or c.head in STRICT, f"{name} may hold on a set that is not open")
        need(ck.holds(c), f"a condition of {name} is not shown")
    need(goal.head == "eq" and goal.trees[0].shape == symbol.shape, "the goal is not an equation of derivatives")
    for side, body in zip(goal.trees, fact.shows.trees, strict=True):
        found = ck.read(node("gradient", body, symbol)) if symbol.shape else slope(body, own, ck.context)
        need(ck.read(side) == found, f"the derivative is {show(found)}")


def of_equals(ck: Checker, goal: Node, premise: Line, variable: Node) -> None:
    """From f = g, for all values of a matrix symbol or layer of which nothing is assumed, to grad f = grad g."""
    need(premise.shows.head == goal.head == "eq" and premise.shows.trees[0].shape == (), "equations, of numbers the premise")
    name = variable.args[0]
    need(isinstance(name, str) and not mentioning(ck, name) and name not in ck.context.definite, f"more is known of {name}")
    free_of(name, [premise])
    f, g = premise.shows.trees
    slopes = [node("gradient", x, variable, shape=variable.shape) for x in (f, g)]
    need(goal.trees[0] == slopes[0], "the left side is not the gradient of the left side of the premise")
    need(ck.read(goal.trees[1]) == ck.read(slopes[1]), "the right side is not the gradient")


def slope(body: Node, name: str, ctx: Context) -> Any:
    """The derivative of a scalar tree in a scalar symbol."""
    motion = Motion(lambda n: const(1) if n == name else None, lambda letter: None)
    around = near(motion, ctx)
    return derived(read(body, around), motion, around)


def _symbols(tree: Node) -> list[Node]:
    own = [tree] if tree.head == "sym" else []
    return own + [s for n in tree.trees for s in _symbols(n)]


def touching(ck: Checker, goal: Node, line: Line, contact: Line, y: Node) -> None:
    """From f(y) <= g(y) for all y in an open set and f(p) = g(p): grad f(p) = grad g(p), terms moved across or not."""
    need(y.head == "sym" and y.shape and line.shows.head in {"le", "ge"}, "an order for a generic matrix is needed")
    need(contact.shows.head == "eq" and goal.head == "eq", "the contact and the goal must be equations")
    name = y.args[0]
    conditions = conditions_on(ck, name)
    need(name not in ck.context.definite and all(c.head in STRICT for c in conditions), f"{name} is not generic in an open set")
    free_of(name, [line])
    low, high = sides(line.shows)
    for p in _symbols(contact.shows):
        if not p.shape or p.args[0] in line.shows.free:
            continue
        sides_at = [substitute(side, {name: p}) for side in (low, high)]
        if ck.same(contact.shows, node("eq", *sides_at, shape=None)):
            break
    else:
        need(False, "the second premise is not the first one with equality at a point")
    need(all(ck.holds(substitute(c, {name: p})) for c in conditions), "the conditions are not shown at the contact point")
    difference = node("add", sides_at[1], node("neg", sides_at[0]))
    gradient, gap = ck.read(node("gradient", difference, p)), ck.gap(goal)
    need(gap in (gradient, gradient.scale(-1)), f"the gradients differ by {show(gradient)}")


RULES = {
    "homogeneous_rules.differentiated": differentiated,
    "function_rules.differentiated": of_equals,
    "homogeneous_rules.touching": touching,
}
