"""The core: forms (polynomials and words), trees (heads, shapes, substitution), steps (lines, facts, rules).

Parts and rules import from here only. What a part offers to the others it lists in OPERATIONS, under a name below.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from .forms import *  # noqa: F403
from .forms import Form, asked
from .steps import *  # noqa: F403
from .steps import Fact
from .tree import *  # noqa: F403
from .tree import Context, Node

# --- operations of the parts; ctx is a Context, ck a Checker ------------------------------------------------------------------
trace: Callable[..., Form] = asked("trace")  # (x): of a square matrix
natural: Callable[..., Form] = asked("natural")  # (x, n): x^n for natural n
substitute: Callable[..., Node] = asked("substitute")  # (tree, {name: tree or name}): an instance
walk: Callable[..., Iterable[Node]] = asked("walk")  # (tree): all trees in it
indices: Callable[..., frozenset[str]] = asked("indices")  # (trees): names that stand for integers
replaced: Callable[..., Form] = asked("replaced")  # (x, {name: form}): scalar symbols replaced
renamed: Callable[..., Any] = asked("renamed")  # (x, {(kind, name): name}): other names, which occur nowhere in it
turned: Callable[..., Any] = asked("turned")  # (word): a closed word from its first place
rebuilt: Callable[..., Form] = asked("rebuilt")  # (x, on_atom, on_word, ctx): atoms and words exchanged
average: Callable[..., Form] = asked("average")  # (x, names, covariances, ctx): the expectation over random layers
paired: Callable[..., Form] = asked("paired")  # (words, law): the expectation over one layer of a product of traces
independent: Callable[..., Form] = asked("independent")  # (words, law, ctx): what stays of an expectation
only: Callable[..., None] = asked("only")  # (tree, names, head, shape): refused where one stands for something else
at_least: Callable[..., bool] = asked("at_least")  # (x, ctx): whether x >= 0 follows from linear relations
closed_law: Callable[..., Any] = asked("closed_law")  # (kind, names, covariances, content): an atom that binds random layers
unbound: Callable[..., tuple[str, ...]] = asked("unbound")  # (content, count): names that are not bound inside
law: Callable[..., Any] = asked("law")  # (tree, ctx): names and covariances of an expectation or a probability
family: Callable[..., str] = asked("family")  # (ck, tree): the one family of layers of an expectation or a probability
arbitrary: Callable[..., None] = asked("arbitrary")  # (ck, name, lines): nothing is assumed of these layers
opposite: Callable[..., Node] = asked("opposite")  # (tree): the probability of the opposite of an order relation
same_law: Callable[..., bool] = asked("same_law")  # (tree, tree): over layers of the same names and covariances
read_off: Callable[..., Form] = asked("read_off")  # (x, letter, shape): the matrix G of a linear form <G, letter>
is_whole: Callable[..., bool] = asked("is_whole")  # (x, ctx): whether x is known to be an integer
solve: Callable[..., None] = asked("solve")  # (pattern, actual, variables, table): values that may make them equal
put: Callable[..., Any] = asked("put")  # (pattern, table): the pattern with these values
directed: Callable[..., Any] = asked("directed")  # (fact or line, ctx): an equation to be used from left to right
rewritten: Callable[..., Form] = asked("rewritten")  # (x, equations, ctx): equations used from left to right
equations: Callable[..., list[Any]] = asked("equations")  # (ck, using): facts and lines that may be used to rewrite
binding: Callable[..., Form] = asked("binding")  # (head, name, lo, hi, body): an atom that binds an index
sign: Callable[..., int] = asked("sign")  # (x, ctx, depth): as Context.sign
further_sign: Callable[..., int] = asked("further_sign")  # (x, ctx, depth): by search
learned: Callable[..., Any] = asked("learned")  # (ctx): what its relations say of single atoms
atom_sign: Callable[..., int] = asked("atom_sign")  # (atom, ctx)
factor_sign: Callable[..., int] = asked("factor_sign")  # (atom, exponent, ctx)
whole: Callable[..., Form] = asked("whole")  # (x, ctx): x, if it is an integer
power: Callable[..., Form] = asked("power")  # (x, e, ctx, licensed=False): x^e, if it is defined
factored: Callable[..., list[Any]] = asked("factored")  # (x, ctx, positive): x as a product of powers of atoms
logarithm: Callable[..., Form] = asked("logarithm")  # (x, ctx)
exponential: Callable[..., Form] = asked("exponential")  # (x)
derived: Callable[..., Form] = asked("derived")  # (x, motion, ctx): the derivative of a form
near: Callable[..., Context] = asked("near")  # (motion, ctx): what also holds near a point
Motion: Callable[..., Any] = asked("Motion")  # (symbol, letter): what moves, and how
instance: Callable[..., None] = asked("instance")  # (ck, fact, binding, goal, premises): the goal is a fact's instance
usable: Callable[..., None] = asked("usable")  # (ck, fact): the fact belongs to this derivation
concluded: Callable[..., None] = asked("concluded")  # (ck, goal, rest): rest >= 0, or > 0, as the goal needs
gives: Callable[..., bool] = asked("gives")  # (ck, relation, low, high): the relation implies low <= high
mentioning: Callable[..., list[Fact]] = asked("mentioning")  # (ck, name): the hypotheses about a symbol
free_of: Callable[..., None] = asked("free_of")  # (name, lines): no line rests on an assumption about a symbol
index_range: Callable[..., Any] = asked("index_range")  # (ck, i): name and range of a generic index
always: Callable[..., None] = asked("always")  # (ck, lines, until=False): the lines hold at all times t >= 0
cleared: Callable[..., Form] = asked("cleared")  # (x): times its denominators
inside: Callable[..., Any] = asked("inside")  # (ck, name, lo, hi, licence): what holds for the variable of an integral
continuous: Callable[..., None] = asked("continuous")  # (x, name): refused where it need not be, in a variable
limit: Callable[..., Form] = asked("limit")  # (x, v, ctx): of an explicit form as v -> 0+
growth: Callable[..., Any] = asked("growth")  # (x, v, ctx): the limit of some terms, and what tends to infinity
approached: Callable[..., Any] = asked("approached")  # (ck, limit, *lines): its parts, if these hold on the way to it
vanishes: Callable[..., None] = asked("vanishes")  # (ck, x, v): x tends to 0 with v
growth_between: Callable[..., Any] = asked("growth_between")  # (ck, goal, premise, using): of the difference of two bodies
towards: Callable[..., Context] = asked("towards")  # (ctx, limit): what holds where a limit is taken


def norm_squared(x: Form) -> Form:
    return trace(x.T * x)


def show(x: Any) -> str:
    text = str(x)
    return text if len(text) < 300 else text[:300] + " .."
