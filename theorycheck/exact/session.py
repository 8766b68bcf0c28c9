"""A derivation as it is being checked: hypotheses, lines shown so far, and what they rest on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from theorycheck.domain import Domain
from theorycheck.exact.call import Call
from theorycheck.exact.context import Context, from_forms
from theorycheck.exact.form import Form, NotInForm, atom, show
from theorycheck.exact.read import read
from theorycheck.exact.rewrite import rewrite
from theorycheck.fact import Fact, Proven
from theorycheck.tree import INFINITY, Node, free_names, num, sym
from theorycheck.tree.node import (
    BINDERS,
    RANDOM,
    affine,
    bound_name,
    bound_names,
    from_affine,
    shapes_agree,
    show_shape,
    substitute,
    walk,
)

FLIPPED = {"ge": "le", "gt": "lt"}
DECLARED = {"definite", "positive"}  # see `declared`


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
    touched: list[Proven] = field(default_factory=list)

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
        self.touched = []
        try:
            checked = rule.check(self, goal)
        except NotInForm as e:
            raise Stuck(f"{rule.name}: {e}") from e
        except Stuck as e:
            raise Stuck(f"{rule.name}: {e}") from e
        premises = (*rule.premises, *self.touched)
        foreign = [p.label for p in premises if p not in self.lines]
        if foreign:
            raise Stuck(f"{rule.name}: the premise {foreign[0]} is not a line of this derivation")
        assumes: frozenset[Node] = frozenset().union(*(p.assumes for p in premises)) | checked.assumes
        label = f"({len(self.lines) + 1})"
        names = tuple(p.label for p in rule.premises) + checked.uses
        line = Proven(goal, assumes - checked.discharges, label, rule.name, names, checked.detail, rule.call)
        self.lines.append(line)
        return line

    def holds(self, condition: Node, premises: Iterable[Proven] = ()) -> bool:
        """Whether a condition is a hypothesis, a premise, or follows from known signs and normal forms."""
        if condition.head in DECLARED:
            return self.declares(condition)
        known = [f.shows for f in self.hypotheses if not f.variables and not f.given] + [p.shows for p in premises]
        if condition in known or any(same_relation(self, condition, k) for k in known):
            return True
        return self.follows(condition)

    def declares(self, condition: Node) -> bool:
        """Whether the domain declares a symbol positive definite, or a family positive (conditions of used claims)."""
        what = condition.args[0]
        if isinstance(what, Node):
            return what.head == "sym" and what.args[0] in self.context.symmetric
        return what in self.context.positive_families

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
    """A way to show a line: `check(session, goal)` returns Checked or raises Stuck. `premises` are earlier lines; `call` says
    how the rule was made (see `call.recorded`)."""

    name: str
    check: Callable[[Session, Node], Checked]
    premises: tuple[Proven, ...] = ()
    call: Call | None = None


def sides(relation: Node) -> tuple[Node, Node]:
    """(smaller, larger) of an order relation, (left, right) of an equation; Stuck for anything else."""
    if relation.head not in {"eq", "le", "lt", "ge", "gt"}:
        raise Stuck(f"an equation or an order relation is needed, not {relation.head!r}")
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
    if a.head == "and":
        return all(same_relation(session, x, y, rules) for x, y in zip(a.nodes, b.nodes, strict=True))
    if a.head in BINDERS:
        name = bound_name(a)
        if name is None or name != bound_name(b) or a.nodes[1:-1] != b.nodes[1:-1] or rules:
            return False
        session = replace(session, context=_towards(session.context, name, a))
    if a.head in {"eq", "le", "lt", "ge", "gt"}:
        pairs = zip(sides(a), sides(b), strict=True)
    else:
        pairs = zip(a.nodes, b.nodes, strict=True)
    try:
        return all(x == y or session.read(x, rules).terms == session.read(y, rules).terms for x, y in pairs)
    except Stuck:
        return False


def _towards(ctx: Context, name: str, relation: Node) -> Context:
    """What is known of the bound symbol of a limit: it decreases to 0, or tends to infinity, so it is positive."""
    at_zero_or_infinity = relation.head == "converges" and relation.nodes[2] in (num(0), INFINITY)
    return ctx.without({name}).adding((), [atom(sym(name))] if at_zero_or_infinity else [])


def with_conditions(ctx: Context, conditions: Iterable[Node]) -> Context:
    """Add order relations (and x != 0) to a context; other propositions are left to the rules that know them."""
    added = tuple(conditions)
    if added and added not in ctx.found:
        ctx.found[added] = _with_conditions(ctx, added)
    return ctx.found[added] if added else ctx


def _with_conditions(ctx: Context, conditions: Iterable[Node]) -> Context:
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
            one = (read(c.nodes[0], ctx) - read(c.nodes[1], ctx)).single()
            nonzeros |= set(one[1]) if one else set()
    base = replace(ctx, nonzeros=ctx.nonzeros | nonzeros)
    return from_forms([*ctx.lower, *lower], [*ctx.strict, *strict], base)


def declared(domain: Domain, trees: Iterable[Node]) -> tuple[Node, ...]:
    """What a domain declares of symbols and families in these trees, as conditions on whatever they are instantiated by."""
    used = {n for tree in trees for _, n in walk(tree) if n.head == "sym" and n.shape}
    definite = {v.name for v in domain.variables if v.symmetric}
    symbols = sorted((n for n in used if n.args[0] in definite), key=repr)
    families = sorted(v.name for v in domain.variables if v.positive)
    return (*(Node("definite", (n,), None) for n in symbols), *(Node("positive", (name,), None) for name in families))


def substitute_all(tree: Node, binding: Mapping[str, Node | str]) -> Node:
    """Instantiate symbols by trees and functions, families and paths by other names; indices are brought to affine form."""
    _check_derivatives(tree, binding)
    renamed = _rename_functions(tree, {k: v for k, v in binding.items() if isinstance(v, str)})
    trees = {k: v for k, v in binding.items() if isinstance(v, Node)}
    _check_shapes(renamed, trees)
    try:
        return tidy(substitute(renamed, trees))
    except ValueError as e:
        raise Stuck(str(e)) from e


def _check_shapes(tree: Node, trees: Mapping[str, Node]) -> None:
    """Each symbol is replaced by a tree of its own shape (its sizes replaced as well)."""
    for _, leaf in walk(tree):
        new = trees.get(str(leaf.args[0])) if leaf.head == "sym" else None
        shape = leaf.shape and tuple(substitute(s, trees) for s in leaf.shape)
        if new is not None and not shapes_agree(shape, new.shape):
            raise Stuck(f"{leaf.args[0]} stands for {show_shape(leaf)}, not for {show_shape(new)}; instantiate its sizes too")


def _check_derivatives(tree: Node, binding: Mapping[str, Node | str]) -> None:
    """What is held fixed in a derivative must not become something that moves (b t with b = t, say)."""

    def image(names: Iterable[str]) -> set[str]:
        new = [binding.get(n, n) for n in names]
        return {m for v in new for m in ((v,) if isinstance(v, str) else free_names(v))}

    for _, node in walk(tree):
        taken = node.nodes[1::2] if node.head in {"gradient", "second"} else ()
        moving = {"t"} if node.head == "Dt" else {str(x.args[0]) for x in taken}
        fixed = free_names(node.nodes[0]) - moving if moving else frozenset()
        if image(moving) & image(fixed) or (node.head == "Dt" and image(moving) != moving):
            raise Stuck(f"an instance that changes what moves in {node.head}")


def _rename_functions(tree: Node, names: Mapping[str, str]) -> Node:
    names = {k: v for k, v in names.items() if k not in bound_names(tree)} if tree.head in RANDOM else names
    if not names:
        return tree
    if tree.head in RANDOM and bound_names(tree) & set(names.values()):
        raise Stuck(f"an instance would capture the random layers {tree.args[0]}; rename them")
    args: list[Any] = []
    for i, a in enumerate(tree.args):
        if isinstance(a, Node):
            args.append(_rename_functions(a, names))
        elif isinstance(a, str) and tree.head not in BINDERS | RANDOM | {"sym"} and i <= 1:
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


def restrictions(session: Session, names: Set[str]) -> list[Fact]:
    """All hypotheses that say something of symbols: universal ones and conditions included."""
    return [f for f in session.hypotheses if _names(f) & names]


def _names(f: Fact) -> frozenset[str]:
    return frozenset().union(*(free_names(part) for part in (f.shows, *f.given))) - frozenset(f.variables)


def free_of(name: str, lines: Iterable[Proven]) -> None:
    """Stuck where a line rests on an assumption about a symbol, so that it does not hold for all its values."""
    for line in lines:
        if any(name in free_names(a) for a in line.assumes):
            raise Stuck(f"{line.label} rests on an assumption about {name}")


def remainder(x: Form) -> str:
    text = show(x)
    return text if len(text) < 400 else text[:400] + " ..."
