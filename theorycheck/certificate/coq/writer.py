"""What the scripts of the lines share: names of hypotheses, facts, earlier lines and assumptions, and how trees are written.

A line that mentions a generic index (one that a rule of the derivation varies) is stated for all its values in the range that
the domain gives; assumptions come before what it shows. So a line can be used at other indices, and an assumption discharged.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from theorycheck.certificate.coq.chains import MOST_NAMES, atoms, equations, holds, related, samples, tops
from theorycheck.certificate.coq.derived import Derived
from theorycheck.certificate.coq.mpowers import matrix_powers
from theorycheck.certificate.coq.powers import prepared
from theorycheck.certificate.coq.same import agreeing, ranges
from theorycheck.certificate.coq.statement import Certificate, Universal, words_of
from theorycheck.certificate.coq.terms import Terms
from theorycheck.certificate.coq.trees import NotTranslated, Tree, affine, has_free, identifier, walk

FLIPPED = {"ge": "le", "gt": "lt"}


def sides(x: Tree) -> tuple[Tree, Tree]:
    """(smaller, larger) of an order, (left, right) of an equation."""
    if x.head not in {"eq", "le", "lt", "ge", "gt"}:
        raise NotTranslated(f"a relation is needed, not {x.head}")
    a, b = x.parts
    return (b, a) if x.head in FLIPPED else (a, b)


def head_of(x: Tree) -> str:
    return FLIPPED.get(x.head, x.head)


@dataclass(frozen=True)
class Shown:
    """An earlier line: what it shows, and under which assumptions."""

    shows: Tree
    assumes: tuple[Tree, ...]


@dataclass
class Writer:
    """What a script may refer to. `generic`: an index -> labels of all that is said of it; `here`: the line being written."""

    cert: Certificate
    terms: Terms
    labels: dict[str, Universal]
    facts: dict[str, Universal]
    relations: list[Tree]
    explicit: dict[Tree, Tree]
    generic: dict[str, list[tuple[str, str]]]
    kinds: Mapping[str, str] = field(default_factory=dict)  # of the generic variables; Z where nothing is said
    derived: Mapping[Tree, tuple[Derived, Terms]] = field(default_factory=dict)
    shown: list[Shown] = field(default_factory=list)
    assumptions: list[Tree] = field(default_factory=list)
    here: tuple[Tree, ...] = ()
    settled: list[tuple[str, str]] = field(default_factory=list)  # that limits exist: labels, and assertions
    goal: Tree | None = None
    used: dict[str, str] = field(default_factory=dict)

    # --- trees and lines ------------------------------------------------------------------------------------------------
    def tree(self, arg: Any) -> Tree:
        match arg:
            case ["tree", int(k)]:
                return self.cert.trees[k]
        raise NotTranslated(f"an argument {str(arg)[:40]}")

    def number(self, arg: Any) -> int:
        match arg:
            case ["line", int(k)] if k < len(self.shown):
                return k
        raise NotTranslated(f"a premise {str(arg)[:40]}")

    def line(self, arg: Any) -> tuple[str, Tree]:
        """The name under which a premise is at hand, and what it shows."""
        k = self.number(arg)
        return self.at_hand(k), self.shown[k].shows

    def at_hand(self, k: int) -> str:
        """The name of line k at the generic indices of this line, under its assumptions."""
        text = f"L{k + 1}{self.arguments(self.shown[k])}"
        text += "".join(f" {self.label(a)}" for a in self.shown[k].assumes)
        if text == f"L{k + 1}":
            return text
        self.used[f"M{k + 1}"] = text
        return f"M{k + 1}"

    def arguments(self, line: Shown) -> str:
        """The generic indices of a line as they are here, and what is said of them."""
        names = self.indices(line)
        return "".join(f" {x}" for x in [*map(identifier, names), *(h for h, _ in self.about(names))])

    def called(self, k: int, values: dict[str, str], told: dict[Tree, str]) -> str:
        """Line k at other values of some indices, whose ranges are shown, under its assumptions as they are named here."""
        line, parts = self.shown[k], [f"L{k + 1}"]
        names = self.indices(line)
        parts += [values.get(n) or identifier(n) for n in names]
        changed = {identifier(n) for n in values}
        parts += ["ltac:(index_condition)" if changed & words_of(says) else h for h, says in self.about(names)]
        parts += [told.get(a) or self.label(a) for a in line.assumes]
        return f"({' '.join(parts)})"

    def label(self, assumption: Tree) -> str:
        if assumption not in self.assumptions:
            self.assumptions.append(assumption)
        return f"A{self.assumptions.index(assumption) + 1}"

    def indices(self, line: Shown) -> list[str]:
        """The generic indices of a line, and those in what is said of them."""
        found = {g for g in self.generic if any(has_free(t, g) for t in (line.shows, *line.assumes))}
        while more := {g for g in self.generic for _, says in self.about(found) if identifier(g) in words_of(says)} - found:
            found |= more
        return [g for g in self.generic if g in found]

    def about(self, names: Iterable[str]) -> list[tuple[str, str]]:
        """What is said of some indices: label and proposition, each once."""
        return list(dict.fromkeys(said for n in names for said in self.generic[n]))

    def stated(self, line: Shown) -> str:
        """A line as a proposition: for all its generic indices, under its assumptions."""
        names = self.indices(line)
        text = f"forall {self.binders(names)}, " if names else ""
        text += "".join(f"({says}) -> " for _, says in self.about(names))
        return text + "".join(f"({self.terms.prop(a)}) -> " for a in line.assumes) + self.terms.prop(line.shows)

    def binders(self, names: Iterable[str]) -> str:
        return " ".join(f"({identifier(n)} : {self.kinds.get(n, 'Z')})" for n in names)

    def entered(self, line: Shown) -> str:
        names = [*self.arguments(line).split(), *(self.label(a) for a in line.assumes)]
        return f"intros {' '.join(names)}. " if names else ""

    def range_of(self, index: str) -> tuple[Tree, Tree]:
        """The ends lo <= index <= hi that the domain declares."""
        ends: dict[str, Tree] = {}
        for u in self.cert.hypotheses:
            x = u.shows
            if (
                not u.variables
                and not u.given
                and x.head in {"ge", "le"}
                and x.parts[0].head == "sym"
                and x.parts[0].name == index
            ):
                ends[x.head] = x.parts[1]
        if set(ends) != {"ge", "le"}:
            raise NotTranslated(f"the index {index} without a range")
        return ends["ge"], ends["le"]

    # --- equations to rewrite with --------------------------------------------------------------------------------------
    def equations(self, using: Sequence[Any]) -> list[Universal]:
        found = []
        for u in using:
            match u:
                case str() | ["hypothesis", str()]:
                    name = u if isinstance(u, str) else u[1]
                    if name not in self.labels:
                        raise NotTranslated(f"the hypothesis {name!r}")
                    found.append(self.labels[name])
                case ["fact", str(name)] if name in self.facts:
                    found.append(self.facts[name])
                case ["line", int(k)]:
                    label, shows = self.line(u)
                    found.append(Universal(label, f"line {k + 1}", shows))
                case ["generic", dict(g)]:
                    k = self.number(["line", g["line"]])
                    given = tuple(self.cert.trees[i] for i in g["given"])
                    names = tuple(self.indices(self.shown[k]))
                    shows = self.shown[k].shows
                    found.append(Universal(f"L{k + 1}", f"line {k + 1}", shows, given, names, line=True, kinds=self.kinds))
                case _:
                    raise NotTranslated(f"an equation {str(u)[:30]}")
        return found

    def expanded(self, tree: Tree) -> Iterator[Tree]:
        """A tree, and what its gradients and derivatives are."""
        yield tree
        for x in walk(tree):
            if x in self.explicit:
                yield from self.expanded(self.explicit[x])

    def products(self, trees: Sequence[Tree]) -> str:
        """Products of layers opened where others end: equations as rules."""
        relations = [*self.relations, *(a for a in self.here if self.terms.whole(a))]
        everything = [e for t in trees for e in self.expanded(t)]
        random = {n for t in everything for x in walk(t) if x.head == "expect" for n in x.name.split()}
        if random:
            inside = replace(self.terms, outcome=frozenset(random))
            layers = equations(everything, relations, inside) or tops(everything, random, inside)
            return "".join(
                f"try assert (O{k}' : forall o' : Omega, {a} = {b}) by (intros o'; layers_at o'; {how}). "
                for k, (_, _, a, b, how) in enumerate(layers, 1)
            )
        found = equations(everything, relations, self.terms)
        return "".join(
            f"assert (C{k} : meq {rows} {cols} {a} {b}) by ({how}). " for k, (rows, cols, a, b, how) in enumerate(found, 1)
        )

    def may_hold(self, condition: Tree) -> bool:
        """Whether a condition on indices holds at all samples of the indices that satisfy what is known of them."""
        if not self.terms.whole(condition):
            return True
        relations = [*self.relations, *(a for a in self.here if self.terms.whole(a))]
        names = related(sorted(atoms(affine(p) for p in condition.parts), key=repr), relations)
        return len(names) > MOST_NAMES or all(holds(condition, at) for at in itertools.islice(samples(relations, names), 300))

    def ready(self, trees: Sequence[Tree], equal: Mapping[Tree, Tree] | None = None) -> str:
        """What the scripts of a line rest on: products of layers opened, equal numbers of matrices, short sums, powers."""
        everything = [e for t in trees for e in self.expanded(t)]
        script = self.products(trees) + agreeing(everything, self.terms) + ranges(everything, self.terms)
        return script + matrix_powers(everything, self.terms) + prepared(everything, self.terms, equal or {})
