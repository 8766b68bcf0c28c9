"""Equations used as rewriting rules, left to right, on normal forms.

The left side is one atom (to a constant power) or one word. Index variables of the fact are matched, and its index ranges
must follow from the context at the place of use.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flint import fmpq

from theorycheck.exact.context import Context
from theorycheck.exact.form import (
    ONE_F,
    Factors,
    Form,
    NotInForm,
    Term,
    atom,
    closed,
    combine,
    const,
    instantiate,
    opened,
    power,
    shape_of,
    thaw,
)
from theorycheck.exact.read import read, size, trace
from theorycheck.exact.words import Letter, Word, transpose_word
from theorycheck.fact import Fact, Proven
from theorycheck.tree import Node
from theorycheck.tree.node import affine, from_affine


@dataclass(frozen=True)
class Rewrite:
    """`atom -> right` or `word -> right`, for all index variables with each form of `given` >= 0 (> 0 where it says True).

    `whole` > 0: the rule is `atom^whole -> right`, and the sign of the atom is unknown, so that it has no root here.
    """

    left_atom: Any | None
    left_word: Word
    right: Form
    variables: frozenset[str]
    given: tuple[tuple[Form, bool], ...]
    name: str
    whole: int = 0


def rewrite_rule(fact: Fact | Proven, ctx: Context) -> Rewrite:
    """The rule of an equation; NotInForm when its left side is not one atom or one word."""
    variables = frozenset(fact.variables if isinstance(fact, Fact) else ())
    name = fact.name if isinstance(fact, Fact) else fact.label
    if fact.shows.head != "eq":
        raise NotInForm(f"{name} is not an equation, so it cannot be used to rewrite")
    conditions = fact.given if isinstance(fact, Fact) else ()
    ctx = ctx.without(variables)  # the variables stand for other values than the domain's symbols of the same names
    given = tuple((gap_form(g, ctx), g.head in {"lt", "gt"}) for g in conditions)
    inside = ctx.adding([g for g, strict in given if not strict], [g for g, strict in given if strict])
    left, right = (read(n, inside) for n in fact.shows.nodes)
    if len(left.terms) != 1:
        raise NotInForm(f"the left side of {name} has {len(left.terms)} terms; one atom or one word is needed")
    (((binders, factors, word), c),) = left.terms.items()
    if binders or (word and factors) or (not word and (len(factors) != 1 or left.shape)):
        raise NotInForm(f"the left side of {name} is not one atom or one word")
    if word:
        return Rewrite(None, word, right.scale(1 / c), variables, given, name)
    ((a, e),) = factors
    n = thaw(e).constant()
    if n is not None and n.denom() == 1 and n > 0 and n.numer() % 2 == 0 and inside.sign(atom(a)) is None:
        return Rewrite(a, (), right.scale(1 / c), variables, given, name, int(n.numer()))
    if n is not None and n.denom() == 1 and n.numer() % 2 == 0 and inside.sign(atom(a)) is None:
        raise NotInForm(f"the left side of {name} is an even power of something of unknown sign")
    inverse = power(thaw(e), const(-1), ctx.sign, ctx.nonzero)
    rest = right.scale(1 / c) if e == ONE_F else power(right.scale(1 / c), inverse, ctx.sign, ctx.nonzero)
    return Rewrite(a, (), rest, variables, given, name)


def gap_form(g: Node, ctx: Context) -> Form:
    """A condition a <= b, a < b (or the reverse) as the form that is >= 0, or > 0."""
    a, b = (read(n, ctx) for n in g.nodes)
    if g.head not in {"le", "ge", "lt", "gt"}:
        raise NotInForm(f"the condition {g.head} cannot be used in a rewriting rule")
    return b - a if g.head in {"le", "lt"} else a - b


def rewrite(x: Form, facts: Iterable[Fact | Proven], ctx: Context) -> Form:
    """Apply the equations until nothing changes."""
    rules = [rewrite_rule(f, ctx) for f in facts]
    for _ in range(60):
        new = combine((_term(t, c, x.shape, rules, ctx) for t, c in x.terms.items()), x.shape)
        if new.terms == x.terms:
            return x
        x = new
    raise NotInForm("the rewriting equations do not come to an end: " + ", ".join(r.name for r in rules))


def _term(term: Term, c: fmpq, shape: tuple[Node, ...], rules: list[Rewrite], ctx: Context) -> Form:
    names, (ends, factors, word) = opened(term[0], term[1:])
    new = _once(factors, word, c, shape, rules, ctx.within(names, ends) if names else ctx)
    return Form({term: c}, shape) if new is None else closed(names, ends, new)


def _once(factors: Factors, word: Word, c: fmpq, shape: tuple[Node, ...], rules: list[Rewrite], inside: Context) -> Form | None:
    """One rewriting step in a term without sums, or None where no rule applies."""
    for rule in rules:
        for a, e in factors:
            new = _atom(a, rule, inside)
            if new is not None:
                base = Form({((), factors - {(a, e)}, word): c}, shape)
                exponent = thaw(e)
                if rule.whole and rule.left_atom is not None and _matches(a, rule, inside):
                    raised = _whole_power(a, exponent, new, rule.whole, inside)
                    if raised is None:
                        continue
                    return base * raised
                raised = new if e == ONE_F else power(new, exponent, inside.sign, inside.nonzero)
                return base * raised
        hit = _in_word(word, rule, inside) if word and rule.left_word else None
        if hit is not None:
            return Form({((), factors, ()): c}) * hit
    return None


def _matches(a: Any, rule: Rewrite, ctx: Context) -> bool:
    binding: dict[str, Node] = {}
    return match(rule.left_atom, a, rule.variables, binding) and _allowed(rule, binding, ctx)


def _whole_power(a: Any, exponent: Form, new: Form, whole: int, ctx: Context) -> Form | None:
    """a^n with n = whole q + r as new^q a^r; None where n is no integer or q = 0."""
    n = exponent.constant()
    if n is None or n.denom() != 1 or 0 <= n < whole:
        return None
    q, r = divmod(int(n.numer()), whole)
    return power(new, const(q), ctx.sign, ctx.nonzero) * (atom(a, const(r)) if r else const(1))


def _atom(a: Any, rule: Rewrite, ctx: Context) -> Form | None:
    if rule.left_atom is not None:
        binding: dict[str, Node] = {}
        if match(rule.left_atom, a, rule.variables, binding) and _allowed(rule, binding, ctx):
            return _instance(rule, binding)
    if not isinstance(a, tuple):
        return None
    if a[0] == "tr" and rule.left_word:
        return _in_trace(a[1], rule, ctx)
    if a[0] in {"poly", "abs", "app", "schatten", "log", "rank", "singular", "sign", "min"}:
        parts = [_nested(part, rule, ctx) for part in a[1:]]
        if any(new is not None for new in parts):
            return atom((a[0], *(old if new is None else new for old, new in zip(a[1:], parts, strict=True))))
    return None


def _nested(part: Any, rule: Rewrite, ctx: Context) -> Any | None:
    if not isinstance(part, frozenset):
        return None
    shape = shape_of(part)
    x = thaw(part, shape)
    new = combine((_term(t, c, shape, [rule], ctx) for t, c in x.terms.items()), shape)
    return None if new.terms == x.terms else new.frozen()


def _in_word(word: Word, rule: Rewrite, ctx: Context) -> Form | None:
    for pattern, flipped in ((rule.left_word, False), (transpose_word(rule.left_word), True)):
        k = len(pattern)
        for i in range(len(word) - k + 1):
            binding: dict[str, Node] = {}
            if match(_bases(pattern), _bases(word[i : i + k]), rule.variables, binding) and _allowed(rule, binding, ctx):
                new = _instance(rule, binding)
                left, right = _piece(word[:i], word[i][2]), _piece(word[i + k :], word[i + k - 1][3])
                return left @ (new.T if flipped else new) @ right
    return None


def _in_trace(word: Word, rule: Rewrite, ctx: Context) -> Form | None:
    for i in range(len(word)):
        turned = word[i:] + word[:i]
        hit = _in_word(turned, rule, ctx)
        if hit is not None:
            return trace(hit)
    return None


def _bases(word: Word) -> tuple[Any, ...]:
    return tuple((letter[0], letter[1]) for letter in word)


def _piece(word: tuple[Letter, ...], end: Node) -> Form:
    shape = (word[0][2], word[-1][3]) if word else (end, end)
    return Form({((), frozenset(), word): fmpq(1)}, shape)


def match(pattern: Any, actual: Any, variables: frozenset[str], binding: dict[str, Node]) -> bool:
    """Match an atom or letters, solving index variables; everything else must be equal."""
    if not variables:
        return bool(pattern == actual)
    if isinstance(pattern, Node):
        if pattern.shape == () and isinstance(actual, Node) and actual.shape == ():
            if pattern.head == actual.head == "item" and pattern.args[0] == actual.args[0]:
                return _index(pattern.nodes[0], actual.nodes[0], variables, binding)
            return _index(pattern, actual, variables, binding)
        if isinstance(actual, Node) and pattern.head == actual.head == "item" and pattern.args[0] == actual.args[0]:
            return _index(pattern.nodes[0], actual.nodes[0], variables, binding)
        return bool(pattern == actual)
    if isinstance(pattern, tuple):
        same = isinstance(actual, tuple) and len(pattern) == len(actual)
        if same and len(pattern) == 4 and isinstance(pattern[1], bool):  # a letter: its sizes follow from its base
            pattern, actual = pattern[:2], actual[:2]
        return same and all(match(p, a, variables, binding) for p, a in zip(pattern, actual, strict=True))
    return bool(pattern == actual)


def _index(pattern: Node, actual: Node, variables: frozenset[str], binding: dict[str, Node]) -> bool:
    form = affine(pattern)
    free = [a for a in form if isinstance(a, Node) and a.head == "sym" and a.args[0] in variables]
    if len(free) > 1 or (free and form[free[0]] != 1):
        return False
    if not free:
        return form == affine(actual)
    rest = from_affine({a: c for a, c in form.items() if a != free[0]})
    value = from_affine(affine(actual - rest))
    name = str(free[0].args[0])
    return affine(binding.setdefault(name, value)) == affine(value)


def _allowed(rule: Rewrite, binding: dict[str, Node], ctx: Context) -> bool:
    signs = [(ctx.sign(_put(g, binding)), strict) for g, strict in rule.given]
    return all(s == "positive" if strict else s is not None for s, strict in signs)


def _instance(rule: Rewrite, binding: dict[str, Node]) -> Form:
    return _put(rule.right, binding)


def _put(x: Form, binding: dict[str, Node]) -> Form:
    return instantiate(x, {name: size(tree) for name, tree in binding.items()}, binding)
