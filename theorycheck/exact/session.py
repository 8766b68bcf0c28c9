"""A derivation as it is being checked: hypotheses, lines shown so far, and what they rest on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from theorycheck.exact.context import Context, from_forms
from theorycheck.exact.form import Form, NotInForm, show
from theorycheck.exact.read import read
from theorycheck.exact.rewrite import rewrite
from theorycheck.fact import Fact, Proven
from theorycheck.tree import Node, free_names
from theorycheck.tree.node import BINDERS, affine, from_affine, substitute

FLIPPED = {"ge": "le", "gt": "lt"}


class Stuck(Exception):
    """A line does not follow; the text names the rule, and what is left to show."""


@dataclass
class Session:
    """The state of one derivation. `context` holds the signs that follow from the domain's hypotheses."""

    hypotheses: tuple[Fact, ...]
    context: Context
    lines: list[Proven] = field(default_factory=list)
    cited: list[Fact] = field(default_factory=list)
    used: list[str] = field(default_factory=list)
    resolve: Callable[[str], Fact] | None = None

    def read(self, tree: Node, using: Iterable[Fact | Proven] = (), extra: Iterable[Node] = ()) -> Form:
        """The normal form of a tree after the equations of `using`; `extra` are conditions in force."""
        try:
            ctx = with_conditions(self.context, extra)
            x = read(tree, ctx)
            rules = list(using)
            return rewrite(x, rules, ctx) if rules else x
        except NotInForm as e:
            raise Stuck(str(e)) from e

    @contextmanager
    def assuming(self, conditions: tuple[Node, ...]) -> Iterator[None]:
        """Check under further conditions; the line that is shown carries them as assumptions (see `rules.under`)."""
        saved = self.hypotheses, self.context
        try:
            extra = tuple(Fact(f"assumption {k + 1}", c) for k, c in enumerate(conditions))
            self.hypotheses = (*self.hypotheses, *extra)
            self.context = with_conditions(self.context, conditions)
            yield
        finally:
            self.hypotheses, self.context = saved

    def hypothesis(self, name: str) -> Fact:
        for f in self.hypotheses:
            if f.name == name:
                return f
        raise Stuck(f"the domain has no hypothesis {name!r}; it has {', '.join(f.name for f in self.hypotheses)}")

    def show(self, goal: Node, rule: Rule) -> Proven:
        """Check one line and keep it; Stuck when the rule does not accept it."""
        try:
            checked = rule.check(self, goal)
        except NotInForm as e:
            raise Stuck(f"{rule.name}: {e}") from e
        except Stuck as e:
            raise Stuck(f"{rule.name}: {e}") from e
        foreign = [p.label for p in rule.premises if p not in self.lines]
        if foreign:
            raise Stuck(f"{rule.name}: the premise {foreign[0]} is not a line of this derivation")
        assumes: frozenset[Node] = frozenset().union(*(p.assumes for p in rule.premises)) | checked.assumes
        label = f"({len(self.lines) + 1})"
        names = tuple(p.label for p in rule.premises) + checked.uses
        line = Proven(goal, assumes - checked.discharges, label, rule.name, names, checked.detail)
        self.lines.append(line)
        return line

    def holds(self, condition: Node, premises: Iterable[Proven] = ()) -> bool:
        """Whether a condition is a hypothesis, a premise, or follows from known signs and normal forms."""
        known = [f.shows for f in self.hypotheses if not f.variables and not f.given] + [p.shows for p in premises]
        if condition in known or any(same_relation(self, condition, k) for k in known):
            return True
        return self.follows(condition)

    def follows(self, condition: Node) -> bool:
        """Whether a relation follows from signs and normal forms alone."""
        if condition.head in {"le", "lt", "ge", "gt"}:
            low, high = sides(condition)
            try:
                found = self.context.sign(self.read(high) - self.read(low))
            except Stuck:
                return False
            return found == "positive" if condition.head in {"lt", "gt"} else found is not None
        if condition.head == "eq":
            try:
                return (self.read(condition.nodes[0]) - self.read(condition.nodes[1])).is_zero
            except Stuck:
                return False
        return False


@dataclass(frozen=True)
class Checked:
    """What an accepting rule reports: a detail for `explain`, assumptions added or discharged, names of facts used."""

    detail: str = ""
    assumes: frozenset[Node] = frozenset()
    discharges: frozenset[Node] = frozenset()
    uses: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rule:
    """A way to show a line: `check(session, goal)` returns Checked or raises Stuck. `premises` are earlier lines."""

    name: str
    check: Callable[[Session, Node], Checked]
    premises: tuple[Proven, ...] = ()


def sides(relation: Node) -> tuple[Node, Node]:
    """(smaller, larger) of an order relation, (left, right) of an equation."""
    a, b = relation.nodes
    return (b, a) if relation.head in FLIPPED else (a, b)


def head_of(relation: Node) -> str:
    return FLIPPED.get(relation.head, relation.head)


def same_relation(session: Session, a: Node, b: Node, using: Iterable[Fact | Proven] = ()) -> bool:
    """Whether two propositions agree side by side in normal form (>= is <= read from the right)."""
    if a == b:
        return True
    if head_of(a) != head_of(b) or len(a.nodes) != len(b.nodes):
        return False
    rules = list(using)
    if a.head in {"eq", "le", "lt", "ge", "gt"}:
        pairs = zip(sides(a), sides(b), strict=True)
    else:
        pairs = zip(a.nodes, b.nodes, strict=True)
    try:
        return all(x == y or session.read(x, rules).terms == session.read(y, rules).terms for x, y in pairs)
    except Stuck:
        return False


def with_conditions(ctx: Context, conditions: Iterable[Node]) -> Context:
    """Add order relations (and x != 0) to a context; other propositions are left to the rules that know them."""
    lower: list[Form] = []
    strict: list[Form] = []
    nonzeros: set[Any] = set()
    for c in conditions:
        if c.head in {"le", "lt", "ge", "gt"}:
            low, high = sides(c)
            current = from_forms([*ctx.lower, *lower], [*ctx.strict, *strict], ctx)
            gap = read(high, current) - read(low, current)
            (strict if head_of(c) == "lt" else lower).append(gap)
        elif c.head == "ne":
            one = read(c.nodes[0], ctx).single()
            nonzeros |= set(one[1]) if one else set()
    base = replace(ctx, nonzeros=ctx.nonzeros | nonzeros)
    return from_forms([*ctx.lower, *lower], [*ctx.strict, *strict], base)


def substitute_all(tree: Node, binding: Mapping[str, Node | str]) -> Node:
    """Instantiate symbols by trees and functions, families and paths by other names; indices are brought to affine form."""
    renamed = _rename_functions(tree, {k: v for k, v in binding.items() if isinstance(v, str)})
    return tidy(substitute(renamed, {k: v for k, v in binding.items() if isinstance(v, Node)}))


def _rename_functions(tree: Node, names: Mapping[str, str]) -> Node:
    if not names:
        return tree
    args: list[Any] = []
    for i, a in enumerate(tree.args):
        if isinstance(a, Node):
            args.append(_rename_functions(a, names))
        elif isinstance(a, str) and tree.head not in BINDERS and tree.head != "sym" and i <= 1:
            args.append(names.get(a, a))
        else:
            args.append(a)
    shape = tree.shape and tuple(_rename_functions(s, names) for s in tree.shape)
    return Node(tree.head, tuple(args), shape)


def tidy(tree: Node) -> Node:
    """Indices of families and chains in affine form, so that W_(l-1+1) is W_l."""
    args = tuple(tidy(a) if isinstance(a, Node) else a for a in tree.args)
    if tree.head in {"item", "chain"}:
        args = tuple(from_affine(affine(a)) if isinstance(a, Node) else a for a in args)
    shape = tree.shape and tuple(from_affine(affine(tidy(s))) for s in tree.shape)
    return Node(tree.head, args, shape)


def conditions_on(session: Session, name: str) -> list[Node]:
    """The hypotheses without variables that mention a symbol."""
    return [f.shows for f in session.hypotheses if not f.variables and name in free_names(f.shows)]


def remainder(x: Form) -> str:
    text = show(x)
    return text if len(text) < 400 else text[:400] + " ..."
