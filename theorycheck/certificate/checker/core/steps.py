"""The lines of one derivation: what holds, what it rests on, and how a rule shows the next line.

A rule is a function `rule(ck, goal, **args)`, listed under the prover's name for it in its file's RULES. It raises `Refused`
unless the goal follows; it may return the assumptions that the line adds and discharges. Its arguments are checked against the
types that its signature names. Every line among them is a premise, whose assumptions the new line inherits.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from .forms import USED, Form, asked, need
from .tree import Context, Node, read

ORDERS = {"le", "lt", "ge", "gt"}


class NotCovered(Exception):
    """The checker does not know a rule; nothing is said about the line."""


@dataclass(frozen=True)
class Fact:
    """For all values of `variables` with `given`: `shows`. A hypothesis without variables is about the claim's own symbols."""

    name: str
    shows: Node
    given: tuple[Node, ...] = ()
    variables: tuple[str, ...] = ()
    kind: str = "hypothesis"
    needs: tuple[Fact, ...] = ()  # universal hypotheses that the user of a fact must have as well
    definite: frozenset[str] = frozenset()  # variables that stand for symmetric positive definite symbols,
    positive: frozenset[str] = frozenset()  # for families of positive numbers,
    integers: frozenset[str] = frozenset()  # for integers
    assumes: frozenset[Node] = frozenset()


@dataclass(frozen=True)
class Line:
    shows: Node
    assumes: frozenset[Node]
    number: int


@dataclass(frozen=True)
class Call:
    """A rule inside a rule."""

    name: str
    args: dict[str, Any]


@dataclass(frozen=True)
class Done:
    """What an accepted line assumes: what its premises do, without `drops`, and `adds` (which is not dropped)."""

    adds: frozenset[Node] = frozenset()
    drops: frozenset[Node] = frozenset()


@dataclass(frozen=True)
class Checker:
    """A derivation so far. `rules` is the table of all rules; `facts` are those that the certificate may use."""

    hypotheses: tuple[Fact, ...]
    context: Context
    facts: dict[str, Fact]
    rules: dict[str, Callable[..., Done | None]]
    lines: list[Line] = field(default_factory=list)

    # --- lines ------------------------------------------------------------------------------------------------------------
    def show(self, goal: Node, name: str, args: dict[str, Any]) -> Line:
        need(goal.shape is None and not goal.ill, "a line is no proposition, or its sizes do not fit")
        line = Line(goal, self.apply(goal, name, args).adds, len(self.lines))
        self.lines.append(line)
        return line

    def apply(self, goal: Node, name: str, args: dict[str, Any]) -> Done:
        """The goal by a rule, with all that it assumes then in `adds`; a rule inside a rule answers for its own premises."""
        if not isinstance(name, str) or name not in self.rules:
            raise NotCovered(f"the rule {name}")
        rule = self.rules[name]
        USED.add(rule.__module__)
        kinds = inspect.signature(rule).parameters
        missing = [k for k, p in list(kinds.items())[2:] if p.default is p.empty and k not in args]
        need(not missing and set(args) <= set(list(kinds)[2:]), f"the arguments of {name}")
        for k, value in args.items():
            need(fits(value, str(kinds[k].annotation)), f"the argument {k} of {name}")
        done = rule(self, goal, **args) or Done()
        premises = [p for p in found_in(args) if isinstance(p, Line) or p.kind == "line"]
        need(not any(p.shows.head == "not" for p in premises), "a negation, which one instance may show, is used as a premise")
        return Done(frozenset().union(*(p.assumes for p in premises)) - done.drops | done.adds)

    def assuming(self, conditions: Iterable[Node]) -> Checker:
        """The same lines under further conditions."""
        extra = tuple(Fact("assumption", c) for c in conditions)
        return replace(self, hypotheses=self.hypotheses + extra, context=with_relations(self.context, [f.shows for f in extra]))

    def generic(self, line: Line, given: tuple[Node, ...], variables: tuple[str, ...]) -> Fact:
        """The line for all values of its variables that have `given`, and are what is declared of them."""
        own, ctx = frozenset(variables), self.context
        kinds = own & ctx.definite, own & ctx.families, own & ctx.integers
        return Fact(f"line {line.number}", line.shows, given, variables, "line", (), *kinds, assumes=line.assumes)

    def hypothesis(self, name: str) -> Fact:
        found = [f for f in self.hypotheses if f.name == name]
        need(found, f"there is no hypothesis {name!r}")
        return found[0]

    # --- forms ------------------------------------------------------------------------------------------------------------
    def read(self, tree: Node, using: Sequence[Fact | Line] = ()) -> Form:
        x = read(tree, self.context)
        return asked("rewritten")(x, using, self.context) if using else x

    def gap(self, relation: Node, using: Sequence[Fact | Line] = ()) -> Form:
        """high - low of an order relation, right - left of an equation."""
        low, high = sides(relation)
        return self.read(high, using) - self.read(low, using)

    def sign(self, x: Form) -> int:
        return self.context.sign(x)

    holds: ClassVar = asked("holds")  # (condition, premises): a hypothesis, a premise, or it follows
    follows: ClassVar = asked("follows")  # (condition): from signs and normal forms
    same: ClassVar = asked("same")  # (a, b): part by part in normal form (>= is <= read from the right)


# --- the arguments of a rule ------------------------------------------------------------------------------------------------
def found_in(x: Any) -> list[Any]:
    """The lines and facts in an argument; those of a rule inside are its own."""
    if isinstance(x, Line | Fact):
        return [x]
    values = x.values() if isinstance(x, dict) else x if isinstance(x, list | tuple) else ()
    return [y for v in values for y in found_in(v)]


KINDS = {"Node": Node, "Line": Line, "Fact": Fact, "Call": Call, "str": str, "None": type(None)}


def fits(value: Any, kind: str) -> bool:
    """Whether an argument is of the kind that a rule's signature names: those of KINDS, a | b, list[..], a table, or Any."""
    if kind.startswith("list["):
        return isinstance(value, list) and all(fits(v, kind[5:-1]) for v in value)
    if kind.startswith("dict["):
        return isinstance(value, dict) and all(isinstance(v, Node | str) for v in value.values())
    return kind == "Any" or isinstance(value, tuple(KINDS[k] for k in kind.split(" | ")))


# --- relations --------------------------------------------------------------------------------------------------------------
def relation_head(x: Node) -> str:
    return {"ge": "le", "gt": "lt"}.get(x.head, x.head)


def is_relation(x: Node) -> bool:
    return x.head == "eq" or x.head in ORDERS


def is_strict(x: Node) -> bool:
    return x.head in {"lt", "gt"}


def sides(relation: Node) -> tuple[Node, Node]:
    """(smaller, larger) of an order, (left, right) of an equation."""
    need(is_relation(relation), f"an equation or an order is needed, not {relation.head}")
    a, b = relation.trees
    return (b, a) if relation.head in {"ge", "gt"} else (a, b)


def with_relations(ctx: Context, relations: Iterable[Node]) -> Context:
    """The context in which these order relations hold too; other propositions say nothing about signs."""
    for r in relations:
        if r.head in ORDERS:
            low, high = (read(s, ctx) for s in sides(r))
            ctx = ctx.adding([(high - low, is_strict(r))])
    return ctx
