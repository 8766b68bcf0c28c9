"""A certificate as one small Coq file: the claim's own relation as a lemma, its hypotheses before it, a step for each line.

The lemma's hypotheses are those of the claim's domain, and the cited facts and other claims that the derivation uses, each a
universally quantified hypothesis of the lemma. A gradient or a derivative in the claim is a matrix (or number) that exists and
is it. Nothing here is trusted: Coq accepts the file or does not. Definitions and tactics are in `coq/TheoryCheck.v`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from theorycheck.certificate.coq.expectations import law, mean, widths
from theorycheck.certificate.coq.mpowers import laws
from theorycheck.certificate.coq.terms import Terms
from theorycheck.certificate.coq.trees import (
    BINDERS,
    NotTranslated,
    Tree,
    affine,
    free,
    identifier,
    read_trees,
    walk,
    widths_of,
)

ORDERS = {"le", "lt", "ge", "gt"}


@dataclass(frozen=True)
class Universal:
    """A hypothesis of the lemma, `label`: for all `variables` with `given` and the universal `needs`, `shows`."""

    label: str
    name: str
    shows: Tree
    given: tuple[Tree, ...] = ()
    variables: tuple[str, ...] = ()
    needs: tuple[Universal, ...] = ()
    positive: tuple[str, ...] = ()  # families whose members are all positive
    line: bool = False  # an earlier line for all its indices, in its own order
    kinds: Mapping[str, str] = field(default_factory=dict)  # of the variables of an earlier line
    renamed: Mapping[str, str] = field(default_factory=dict)  # its variables under other names than in its certificate

    @property
    def trees(self) -> tuple[Tree, ...]:
        """All that it is written with."""
        return (self.shows, *self.given, *(t for n in self.needs for t in n.trees))


@dataclass
class Certificate:
    """What the generator reads of a certificate."""

    claim: str
    tree: Tree
    trees: list[Tree]
    hypotheses: list[Universal]
    facts: dict[str, Any]
    lines: list[dict[str, Any]]
    own: tuple[Tree, ...] = ()  # the claim, its hypotheses and the lines, without what is said in facts
    integers: frozenset[str] = frozenset()
    positive: frozenset[str] = frozenset()
    domain: dict[str, Any] = field(default_factory=dict)


def read(data: dict[str, Any]) -> Certificate:
    """The parts of a certificate with a derivation, a witness or a box; raises NotTranslated for other kinds of proof."""
    if data["proof"]["kind"] not in {"derivation", "witness", "boxes"}:
        raise NotTranslated(f"a proof of the kind {data['proof']['kind']}")
    trees = read_trees(data["nodes"])
    given, proof = data["domain"]["hypotheses"], data["proof"]
    hypotheses = [universal(f"H{k + 1}", h, trees) for k, h in enumerate(given)]
    lines = proof.get("lines", [])
    used = [trees[i] for i in dict.fromkeys([*(l["shows"] for l in lines), *_places(lines)])]
    return Certificate(
        data["claim"],
        trees[data["tree"]],
        trees,
        hypotheses,
        data["facts"],
        lines,
        (trees[data["tree"]], *(t for h in hypotheses for t in h.trees), *used),
        frozenset(flagged(data["domain"], "integer")),
        frozenset(flagged(data["domain"], "positive")),
        data["domain"],
    )


def _places(x: Any) -> Iterator[int]:
    """The trees among the arguments of lines, by their place in the table."""
    match x:
        case ["tree", int(k)]:
            yield k
        case ["generic", {"given": list(given)}]:
            yield from given
        case dict() | list():
            for v in x.values() if isinstance(x, dict) else x:
                yield from _places(v)


def universal(label: str, h: dict[str, Any], trees: list[Tree]) -> Universal:
    given = tuple(trees[g] for g in h["given"])
    needs = tuple(universal(label, n, trees) for n in h["needs"])
    return Universal(label, h.get("name", label), trees[h["shows"]], given, tuple(h["variables"]), needs)


def flagged(domain: dict[str, Any], flag: str) -> tuple[str, ...]:
    return tuple(v["name"] for v in domain["variables"] if v[flag])


# --- declarations -----------------------------------------------------------------------------------------------------------
@dataclass
class Names:
    """What is declared before the hypotheses: binders in order, and the sizes of matrices as hypotheses."""

    binders: dict[str, str] = field(default_factory=dict)
    sizes: dict[str, None] = field(default_factory=dict)


def declare(trees: Iterable[Tree], terms: Terms, bound: frozenset[str] = frozenset()) -> Names:
    """The free symbols, families and functions of some trees, except `bound` names, with their types and sizes."""
    names = Names()
    for tree in trees:
        _declare(tree, terms, bound, names)
    order = {"Type": -1, "Z": 0, "Z -> Z": 1, "R": 2, "Z -> R": 3, "M": 4, "Z -> M": 5}
    names.binders = dict(sorted(names.binders.items(), key=lambda p: order.get(p[1], 6)))
    return names


def declared(u: Universal, terms: Terms, own: bool = False) -> Names:
    """What a universal hypothesis mentions: free names, and its own variables where `own`; never those of what it needs."""
    names = declare([u.shows, *u.given], terms, frozenset() if own else frozenset(u.variables))
    for need in u.needs:
        inner = declared(need, terms)
        names.binders.update({k: v for k, v in inner.binders.items() if own or k not in map(identifier, u.variables)})
        mine = {x for v in map(identifier, u.variables) for x in (v, f"grad_{v}")}
        names.sizes.update({s: None for s in inner.sizes if own or not mine & words_of(s)})
    order = {"Type": -1, "Z": 0, "Z -> Z": 1, "R": 2, "Z -> R": 3, "M": 4, "Z -> M": 5}
    names.binders = dict(sorted(names.binders.items(), key=lambda p: order.get(p[1], 6)))
    return names


def _declare(x: Tree, terms: Terms, bound: frozenset[str], names: Names) -> None:
    for size in x.shape or ():
        _declare(size, terms, bound, names)
    inner = bound | {x.name} if x.head in BINDERS else bound
    if x.head == "converges":  # its variable is bound
        inner = bound | {x.parts[1].name}
    if x.head == "expect":
        about = {s.name for c in x.parts[1:] for s in walk(c) if s.head == "sym"} | {widths(x)}
        if not about & bound:  # that of a hypothesis's own variables is bound with them
            _declare_mean(x, terms, names)
        inner = bound | set(x.name.split())
    for part in x.parts:
        _declare(part, terms, inner, names)
    if x.head == "mpow":  # any function that keeps the size, with the laws of powers for the matrices that it is taken of
        names.binders["mpow"] = "Z -> M -> R -> M"
        names.sizes["forall n A e, sized n n A -> sized n n (mpow n A e)"] = None
        names.sizes.update(dict.fromkeys(laws(x, terms) if x.parts[0].head == "sym" and x.parts[0].name not in bound else []))
    if x.head == "chain" and x.name in bound:
        names.binders.setdefault(identifier(widths_of(x)), "Z -> Z")
    if x.head not in {"sym", "item", "chain", "app", "grad", "at"} or x.name in bound:
        return
    name = identifier(x.name)
    match x.head:
        case "sym" if x.shape == ():
            names.binders[name] = "Z" if x.name in terms.integers else "R"
        case "sym":
            names.binders[name] = "M"
            names.sizes[f"sized {' '.join(terms.size(x))} {name}"] = None
        case "item" if x.shape == ():
            names.binders[name] = "Z -> Z" if x.name in terms.counts else "Z -> R"
        case "item":
            names.binders[name] = "Z -> M"
            names.sizes[_member_size(x, terms, bound)] = None
        case "chain":
            names.binders[identifier(widths_of(x))] = "Z -> Z"
            names.binders[name] = "Z -> M"
            n = identifier(widths_of(x))
            names.sizes[f"forall l, sized ({n} l) ({n} (l - 1)%Z) ({name} l)"] = None
        case "app" | "grad":
            _declare_function(x.name, x.parts[0], x.head == "grad", terms, names)
        case "at":
            _declare_path(x, terms, names)


def _declare_mean(x: Tree, terms: Terms, names: Names) -> None:
    names.binders["Omega"] = "Type"
    names.binders.update({f"{identifier(n)}'": "Omega -> Z -> M" for n in x.name.split()})
    names.binders[mean(x, terms)] = "(Omega -> R) -> R"
    names.binders.setdefault(widths(x), "Z -> Z")
    names.sizes[law(x, terms)] = None


def _member_size(x: Tree, terms: Terms, bound: frozenset[str]) -> str:
    """The size of a member of a family: for every index, where the index is a symbol (and a number)."""
    place = affine(x.parts[0])
    symbols = [a for a in place if a is not None]
    rows, cols = (terms.index(s) for s in x.shape or ())
    here = f"sized {rows}%Z {cols}%Z {terms.matrix(x)}"
    if len(symbols) == 1 and symbols[0].head == "sym" and place[symbols[0]] == 1:
        return f"forall {identifier(symbols[0].name)} : Z, {here}"
    return here


def _declare_function(f: str, argument: Tree, with_gradient: bool, terms: Terms, names: Names) -> None:
    name = identifier(f)
    if argument.shape == ():
        names.binders[name] = "R -> R"
        return
    names.binders[name] = "M -> R"
    if with_gradient:
        m, n = terms.size(argument)
        names.binders[f"grad_{name}"] = "M -> M"
        names.sizes[f"forall X, sized {m} {n} (grad_{name} X)"] = None
        names.sizes[f"forall X, sized {m} {n} X -> is_gradient {m} {n} {name} X (grad_{name} X)"] = None


def _declare_path(x: Tree, terms: Terms, names: Names) -> None:
    f = str(x.args[1])
    _declare_function(f, x, True, terms, names)
    name, (m, n) = identifier(x.name), terms.size(x)
    names.binders[name] = "R -> M"
    names.sizes[f"forall s, sized {m} {n} ({name} s)"] = None
    names.sizes[f"forall s, mderive {name} s (mopp (grad_{identifier(f)} ({name} s)))"] = None


def bound(u: Universal, terms: Terms) -> dict[str, str]:
    """The variables of a universal hypothesis, with the gradients of its functions, in order, with their types."""
    if not u.variables:
        return {}
    if u.line:
        return {identifier(v): u.kinds.get(v, "Z") for v in u.variables}
    own = declared(u, terms, own=True)
    mine = {x for v in map(identifier, u.variables) for x in (v, f"grad_{v}")}
    return {v: kind for v, kind in own.binders.items() if v in mine or "Omega" in kind or kind == "Type"}


def settling(tree: Tree, terms: Terms) -> str:
    """That the limits exist that a relation mentions, before what it says of them."""
    paths = dict.fromkeys(terms.limit(x) for x in free(tree) if x.head == "limit")
    return "" if tree.head == "converges" else " /\\ ".join(f"settles {p}" for p in paths)


def stated(u: Universal, terms: Terms) -> str:
    """A universal hypothesis as a proposition; its variables come with their sizes."""
    premises = [f"({terms.prop(g)})" for g in u.given]
    limits = settling(u.shows, terms)
    shows = f"({limits}) /\\ ({terms.prop(u.shows)})" if limits else terms.prop(u.shows)
    if not u.variables:
        return " -> ".join([*premises, shows])
    mine = bound(u, terms)
    sizes = [f"({s})" for s in declared(u, terms, own=True).sizes if mine.keys() & words_of(s)]
    needs = [f"({stated(n, terms)})" for n in u.needs]
    sizes += [f"({all_positive(identifier(x), mine[identifier(x)])})" for x in u.positive if identifier(x) in mine]
    binders = f"forall {' '.join(f'({v} : {kind})' for v, kind in mine.items())}, " if mine else ""
    return binders + " -> ".join([*sizes, *needs, *premises, shows])


def all_positive(family: str, kind: str) -> str:
    return f"forall j : Z, (0 < {family} j)%{kind[-1]}"


def words_of(text: str) -> set[str]:
    return set(re.findall(r"[\w']+", text))
