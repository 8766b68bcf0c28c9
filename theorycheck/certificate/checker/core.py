"""The lines of one derivation: what holds, what it rests on, and how a rule shows the next line. Rules import from here.

A rule is a function `rule(ck, goal, **args)`, listed under the prover's name for it in its file's RULES. It raises `Refused`
unless the goal follows; it may return the assumptions that the line adds and discharges. Its arguments are checked against the
types that its signature names. Every line among them is a premise, whose assumptions the new line inherits.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from .forms import (
    ONE, ZERO, Form, add, assemble, atom, const, names_in, natural, rebuilt, replaced, symbol, trace, transposed, word_form,
)  # fmt: skip
from .derivatives import Motion, derived, in_time, near
from .reading import EMPTY, Context, letters_in, norm_squared, power, read, show, whole
from .tree import Node, Refused, bound_name, need, node, same_shape, size, substitute

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
    """What an accepted line adds to the assumptions of its premises, and which it discharges."""

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
        done = self.apply(goal, name, args)
        premises = [p for p in found_in(args, (Line, Fact)) if isinstance(p, Line) or p.kind == "line"]
        assumes = frozenset().union(done.adds, *(p.assumes for p in premises)) - done.drops
        line = Line(goal, assumes, len(self.lines))
        self.lines.append(line)
        return line

    def apply(self, goal: Node, name: str, args: dict[str, Any]) -> Done:
        if not isinstance(name, str) or name not in self.rules:
            raise NotCovered(f"the rule {name}")
        rule = self.rules[name]
        kinds = inspect.signature(rule).parameters
        missing = [k for k, p in list(kinds.items())[2:] if p.default is p.empty and k not in args]
        need(not missing and set(args) <= set(list(kinds)[2:]), f"the arguments of {name}")
        for k, value in args.items():
            need(fits(value, str(kinds[k].annotation)), f"the argument {k} of {name}")
        return rule(self, goal, **args) or Done()

    def assuming(self, conditions: Iterable[Node]) -> Checker:
        """The same lines under further conditions."""
        extra = tuple(Fact("assumption", c) for c in conditions)
        return replace(self, hypotheses=self.hypotheses + extra, context=with_relations(self.context, [f.shows for f in extra]))

    def hypothesis(self, name: str) -> Fact:
        found = [f for f in self.hypotheses if f.name == name]
        need(found, f"there is no hypothesis {name!r}")
        return found[0]

    # --- forms ------------------------------------------------------------------------------------------------------------
    def read(self, tree: Node, using: Sequence[Fact | Line] = ()) -> Form:
        x = read(tree, self.context)
        return rewritten(x, using, self.context) if using else x

    def gap(self, relation: Node, using: Sequence[Fact | Line] = ()) -> Form:
        """high - low of an order relation, right - left of an equation."""
        low, high = sides(relation)
        return self.read(high, using) - self.read(low, using)

    def sign(self, x: Form) -> int:
        return self.context.sign(x)

    def holds(self, condition: Node, premises: Iterable[Line] = ()) -> bool:
        """Whether a condition is a hypothesis, a premise, or follows from signs and normal forms."""
        known = [f.shows for f in self.hypotheses if not f.variables and not f.given] + [p.shows for p in premises]
        return condition in known or self.follows(condition) or any(self.same(condition, k) for k in known)

    def follows(self, condition: Node) -> bool:
        if condition.head == "and":
            return all(map(self.follows, condition.trees))
        try:
            gap = self.gap(condition)
        except Refused:
            return False
        if condition.head == "eq":
            return not gap.terms
        return self.sign(gap) >= (2 if is_strict(condition) else 1)

    def same(self, a: Node, b: Node) -> bool:
        """Whether two propositions agree part by part in normal form (>= is <= read from the right)."""
        if a is b:
            return True
        if relation_head(a) != relation_head(b) or len(a.trees) != len(b.trees):
            return False
        if a.head in {"and", "not"}:
            return all(map(self.same, a.trees, b.trees))
        context, pairs = self.context, list(zip(*(sides(x) if is_relation(x) else x.trees for x in (a, b)), strict=True))
        if a.head == "converges":  # the symbol tends to its end from above, so it is positive there
            if a.trees[1] is not b.trees[1] or a.trees[2] is not b.trees[2]:
                return False
            context, pairs = towards(context, a), [pairs[0], pairs[3]]
        try:
            return all(x is y or read(x, context) == read(y, context) for x, y in pairs)
        except Refused:
            return False


def found_in(x: Any, kinds: tuple[type, ...]) -> list[Any]:
    if isinstance(x, kinds):
        return [x]
    inner = x.args if isinstance(x, Call) else x
    values = inner.values() if isinstance(inner, dict) else inner if isinstance(inner, list | tuple) else ()
    return [y for v in values for y in found_in(v, kinds)]


KINDS: dict[str, Callable[[Any], bool]] = {
    "Node": lambda x: isinstance(x, Node),
    "Node | None": lambda x: x is None or isinstance(x, Node),
    "Line": lambda x: isinstance(x, Line),
    "Fact": lambda x: isinstance(x, Fact),
    "Call": lambda x: isinstance(x, Call),
    "str": lambda x: isinstance(x, str),
}


def fits(value: Any, kind: str) -> bool:
    """Whether an argument is of the kind that a rule's signature names: those of KINDS, list[..] of one, or Any."""
    if kind.startswith("list["):
        return isinstance(value, list) and all(fits(v, kind[5:-1]) for v in value)
    if kind.startswith("dict["):
        return isinstance(value, dict) and all(isinstance(v, Node | str) for v in value.values())
    return kind == "Any" or any(KINDS[k](value) for k in ([kind] if kind in KINDS else kind.split(" | ")))


# --- relations ------------------------------------------------------------------------------------------------------------
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


def towards(ctx: Context, limit: Node) -> Context:
    v, end = limit.trees[1].args[0], limit.trees[2]
    positive = end.head == "infinity" or (end.head == "num" and end.args[0] == 0)
    return ctx.without({v}).adding([(symbol(v), True)] if positive else [])


def with_relations(ctx: Context, relations: Iterable[Node]) -> Context:
    """The context in which these order relations hold too; other propositions say nothing about signs."""
    for r in relations:
        if r.head in ORDERS:
            low, high = (read(s, ctx) for s in sides(r))
            ctx = ctx.adding([(high - low, is_strict(r))])
    return ctx


# --- instances of facts ---------------------------------------------------------------------------------------------------
INDICES = {"sum": slice(0, 2), "prod": slice(0, 2), "chain": slice(0, 2), "item": slice(0, 1), "singular": slice(1, 2)}


def walk(tree: Node) -> Iterable[Node]:
    yield tree
    for t in (*tree.trees, *(tree.shape or ())):
        yield from walk(t)


def indices(trees: Iterable[Node]) -> frozenset[str]:
    """Names of symbols and families of numbers where only an integer has a meaning: in indices, ends of sums, sizes."""
    nodes = [t for tree in trees for t in walk(tree)]
    places = [p for t in nodes for p in (*t.trees[INDICES.get(t.head, slice(0))], *(t.shape or ()))]
    return frozenset(s.args[0] for p in places for s in walk(p) if s.head in {"sym", "item"} and s.shape == ())


def instance(ck: Checker, fact: Fact, binding: dict[str, Any], goal: Node, premises: Sequence[Line]) -> None:
    """Whether the goal is the fact at an instance of its variables at which all its conditions hold."""
    need(set(binding) <= set(fact.variables), f"{fact.name} has no such variable")
    for name in (indices([fact.shows, *fact.given]) | fact.integers) & set(fact.variables):
        value = binding.get(name, name)
        if isinstance(value, Node):
            whole(read(value, ck.context), ck.context)
        else:
            need(value in ck.context.integers, f"{name} is an integer in {fact.name}, but {value} is none here")
    for name in fact.definite:
        value = binding.get(name, name)
        value = value.args[0] if isinstance(value, Node) and value.head == "sym" else value
        need(value in ck.context.definite, f"{fact.name} takes {name} as symmetric positive definite")
    for name in fact.positive:
        need(binding.get(name, name) in ck.context.families, f"{fact.name} takes {name} as positive")
    for condition in fact.given:
        need(ck.holds(substitute(condition, binding), premises), f"a condition of {fact.name} is not shown: {condition}")
    for h in fact.needs:
        need(any(_as_needed(h, own, binding) for own in ck.hypotheses), f"{fact.name} needs the hypothesis {h.name!r}")
    need(ck.same(goal, substitute(fact.shows, binding)), f"{fact.name} says something else")
    if fact.variables and is_relation(goal):  # equal trees are not read elsewhere: an instance must have a meaning
        ck.gap(goal)


def _as_needed(wanted: Fact, own: Fact, binding: dict[str, Any]) -> bool:
    outer = {k: v for k, v in binding.items() if k not in wanted.variables}
    if any(v.free & set(wanted.variables) for v in outer.values() if isinstance(v, Node)):
        return False
    pairs = [(wanted.shows, own.shows), *zip(wanted.given, own.given, strict=False)]
    return (
        (wanted.variables, len(wanted.given)) == (own.variables, len(own.given))
        and set(own.needs) == set(wanted.needs)
        and all(alike(substitute(a, outer), b) for a, b in pairs)
    )


def usable(ck: Checker, fact: Fact) -> None:
    """Whether a fact belongs to this derivation; a line about generic indices holds for others, if `given` lists what it needs."""
    if fact.kind == "line":
        own = set(fact.variables)
        known = {h.shows for h in ck.hypotheses}
        need(fact.assumes <= known and not any(a.free & own for a in fact.assumes), f"{fact.name} rests on assumptions")
        for h in ck.hypotheses:
            if (h.shows.free.union(*(g.free for g in h.given)) - set(h.variables)) & own:
                listed = not h.variables and not h.given and h.shows in fact.given
                need(listed, f"{fact.name} was shown under {h.name!r}, which `given` does not list")
    else:
        need(fact in ck.hypotheses or ck.facts.get(fact.name) == fact, f"{fact.name} is no fact of this certificate")


def alike(a: Any, b: Any) -> bool:
    """Whether two trees are the same, but for the way in which indices and sizes are written."""
    if a is b or not (isinstance(a, Node) and isinstance(b, Node)):
        return bool(a == b)
    if a.head != b.head or len(a.args) != len(b.args) or not same_shape(a.shape, b.shape):
        return False
    if a.head in {"item", "chain"}:
        return a.args[0] == b.args[0] and all(size(x) == size(y) for x, y in zip(a.trees, b.trees, strict=True))
    return all(map(alike, a.args, b.args))


# --- equations used from left to right ------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Equation:
    """left^exponent -> right for an atom, or a word -> right, for all values of `variables` with each gap of `given`."""

    left: Any
    exponent: int  # 1, or n >= 2 where the atom's sign is unknown, so that only its n-th power is known
    word: Any
    right: Form
    variables: frozenset[str]
    given: tuple[tuple[Form, bool], ...]

    def instance(self, pattern: Any, actual: Any, ctx: Context) -> Form | None:
        """The right side, where the pattern becomes what is there and the conditions hold."""
        table: dict[str, Form] = {}
        _solve(pattern, actual, self.variables, table)
        if _put(pattern, table) != actual:
            return None
        if not all(ctx.sign(replaced(g, table)) >= 1 + strict for g, strict in self.given):
            return None
        return replaced(self.right, table)


def _put(pattern: Any, table: dict[str, Form]) -> Any:
    """The pattern with its variables replaced; a variable that stands as an atom itself is replaced by an atom."""
    if isinstance(pattern, Form):
        return replaced(pattern, table)
    if isinstance(pattern, tuple) and len(pattern) == 2 and pattern[0] == "sym" and pattern[1] in table:
        atoms = [a for t in table[pattern[1]].terms for a, _ in t[1]]
        return atoms[0] if len(atoms) == 1 and atom(atoms[0]) == table[pattern[1]] else None
    return tuple(_put(p, table) for p in pattern) if isinstance(pattern, tuple) else pattern


def _solve(pattern: Any, actual: Any, variables: frozenset[str], table: dict[str, Form]) -> None:
    """Values of the variables that may make the pattern the actual thing; what comes out is checked afterwards."""
    if isinstance(pattern, Form) and isinstance(actual, Form):
        free = names_in(pattern) & variables - table.keys()
        linear = [v for v in free if ((), frozenset({(("sym", v), ONE)}), ()) in pattern.terms]
        if len(free) == len(linear) == 1 and pattern.shape == ():
            (v,) = free
            slope = pattern.terms[(), frozenset({(("sym", v), ONE)}), ()]
            table[v] = (actual - replaced(pattern, {**table, v: ZERO})).scale(1 / slope)
        elif len(pattern.terms) == len(actual.terms) == 1:
            (p, q) = next(iter(pattern.terms)), next(iter(actual.terms))
            _solve(p[2], q[2], variables, table)
            _solve(tuple(sorted(p[1], key=str)), tuple(sorted(q[1], key=str)), variables, table)
    elif isinstance(pattern, tuple) and isinstance(actual, tuple) and len(pattern) == len(actual):
        if pattern[:1] == ("sym",) and pattern[1] in variables and actual[:1] == ("sym",):
            table.setdefault(pattern[1], atom(actual))
        for p, q in zip(pattern, actual, strict=True):
            _solve(p, q, variables, table)


def equation(fact: Fact | Line, ctx: Context) -> Equation:
    need(fact.shows.head == "eq", "what is used to rewrite is no equation")
    variables = frozenset(fact.variables if isinstance(fact, Fact) else ())
    inside = ctx.without(variables) if variables else ctx
    inside = inside.adding((), indices([fact.shows, *getattr(fact, "given", ())]) & variables)
    own = len(inside.gaps)
    inside = with_relations(inside, fact.given if isinstance(fact, Fact) else ())
    need(all(g.head in ORDERS for g in getattr(fact, "given", ())), "an equation with conditions that are no order relations")
    left, right = (read(t, inside) for t in fact.shows.trees)
    need(len(left.terms) == 1, "the left side of an equation to rewrite with is not one term")
    (((binders, factors, word), c),) = left.terms.items()
    need(not binders and (bool(word) != (len(factors) == 1)) and (word or not left.shape), "the left side is no atom and no word")
    right, given = right.scale(1 / c), inside.gaps[own:]
    if word:
        need(not factors, "the left side has a word and factors")
        return Equation(None, 1, word, right, variables, given)
    ((a, e),) = factors
    n = e.whole()
    if n is not None and n > 1 and not inside.atom_sign(a):
        return Equation(a, n, (), right, variables, given)
    need(n == 1 or n == -1 or inside.atom_sign(a) or n is None, "the left side is a power of something of unknown sign")
    return Equation(a, 1, (), right if e == ONE else power(right, power(e, const(-1), inside), inside, True), variables, given)


def rewritten(x: Form, using: Sequence[Fact | Line], ctx: Context) -> Form:
    """The form after the equations, until nothing changes."""
    equations = [equation(f, ctx) for f in using]

    def on_atom(a: Any, here: Context) -> Form | None:
        found = (eq.instance(eq.left, a, here) for eq in equations if eq.left and eq.exponent == 1)
        return next((f for f in found if f is not None), None)

    def on_word(word: Any, here: Context) -> Form | None:
        for eq in equations:
            for pattern, flip in ((eq.word, False), (transposed(eq.word), True)):
                for i in range(len(word) - len(pattern) + 1 if pattern else 0):
                    piece = word[i : i + len(pattern)]
                    new = eq.instance(pattern, piece, here)
                    if new is not None:
                        rows, cols = piece[0][2], piece[-1][3]
                        left = word_form(word[:i], (word[0][2], rows))
                        right = word_form(word[i + len(pattern) :], (cols, word[-1][3]))
                        return left * (new.T if flip else new) * right
        return None

    for _ in range(60):
        new = rebuilt(x, on_atom, on_word, ctx)
        for eq in equations:
            new = _powers(new, eq, ctx) if eq.exponent > 1 else new
        if new == x:
            return x
        x = new
    raise Refused("the equations do not come to an end")


def _powers(x: Form, eq: Equation, ctx: Context) -> Form:
    """a^n = right put into the terms of x that have a^n or a higher natural power."""
    parts = []
    for term, c in x.terms.items():
        part = Form({term: c}, x.shape)
        for a, e in term[1]:
            n = e.whole()
            new = eq.instance(eq.left, a, ctx) if n is not None and n >= eq.exponent and not term[0] else None
            if new is not None and n is not None:
                rest = Form({((), term[1] - {(a, e)}, term[2]): c}, x.shape)
                part = rest * natural(new, n // eq.exponent) * natural(atom(a), n % eq.exponent)
                break
        parts.append(part)
    return add(parts, x.shape)


__all__ = [
    "EMPTY", "Call", "Checker", "Context", "Done", "Fact", "Form", "Line", "Motion", "Node", "NotCovered", "ONE", "ORDERS", "Refused", "ZERO",
    "add", "alike", "assemble", "atom", "bound_name", "const", "derived", "in_time", "indices", "instance", "is_relation", "is_strict", "letters_in", "names_in", "near", "need",
    "node", "norm_squared", "power", "read", "relation_head", "replaced", "same_shape", "show", "sides", "size", "substitute",
    "symbol", "towards", "trace", "usable", "walk", "whole", "with_relations",
]  # fmt: skip
