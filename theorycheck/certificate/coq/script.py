"""The file of one certificate: statement, and a script with an assertion for each line of the derivation."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from theorycheck.certificate.coq.bases import check_powers
from theorycheck.certificate.coq.boxes import on_box
from theorycheck.certificate.coq.cited import about_limit, facts_and_terms
from theorycheck.certificate.coq.derived import Derived, derivatives, derived
from theorycheck.certificate.coq.rules import assumptions, premises, script_of
from theorycheck.certificate.coq.statement import (
    Certificate,
    Names,
    Universal,
    all_positive,
    declare,
    declared,
    read,
    settling,
    stated,
    words_of,
)
from theorycheck.certificate.coq.terms import Terms
from theorycheck.certificate.coq.trees import BINDERS, NotTranslated, Tree, has_free, has_symbol, identifier, number, walk
from theorycheck.certificate.coq.varied import varied
from theorycheck.certificate.coq.witness import refutation
from theorycheck.certificate.coq.writer import Shown, Writer

HEADER = "From TheoryCheck Require Import {}.\nOpen Scope R_scope.\n"
UNIQUE = {"homogeneous_rules.unique_flow", "flow_rules.above"}


@dataclass(frozen=True)
class CoqFile:
    """The text of a file, and the claims and cited facts that its lemma has as hypotheses."""

    text: str
    rests_on: tuple[str, ...]


def coq_file(data: dict[str, Any]) -> CoqFile:
    """The Coq file of a certificate; NotTranslated names what has no translation."""
    cert = read(data)
    facts, terms = facts_and_terms(cert)
    check_powers(cert, facts.values())
    if data["proof"]["kind"] == "witness":
        return CoqFile(refutation(cert, data["proof"]["values"], terms), ())
    if data["proof"]["kind"] == "boxes":
        return CoqFile(on_box(cert, data["proof"]["ranges"], terms), ())
    lemma = Lemma(cert, data["verdict"])
    return CoqFile(lemma.text(), tuple(lemma.rests_on))


@dataclass
class Lemma:
    """A certificate's lemma: its hypotheses in order, the derivatives in it, and the script."""

    cert: Certificate
    verdict: str
    rests_on: list[str] = field(default_factory=list)

    def text(self) -> str:
        cert = self.cert
        lines = [(cert.trees[l["shows"]], str(l["rule"]), dict(l["args"])) for l in cert.lines]
        for _, rule, _ in lines:
            script_of(rule)
        facts, terms = facts_and_terms(cert)
        said = [*(u for u in cert.hypotheses if not about_limit(cert.tree, u)), *facts.values()]
        hypotheses = {u.label: text for u in said if (text := _said(u, terms))}
        terms = replace(terms, bases=_bases(cert))
        relations = [h.shows for h in cert.hypotheses if not h.variables and not h.given and terms.whole(h.shows)]
        self.rests_on = [name for name, u in facts.items() if u.label in hypotheses]
        ders = _derivatives([*(s for s, _, _ in lines), cert.tree], terms, relations)
        explicit = replace(terms, known={n: own.any(d.explicit) for n, d, own in ders})
        labels = {u.name: u for u in cert.hypotheses if u.label in hypotheses}
        names = self._names(terms, facts, hypotheses, [d.explicit for _, d, _ in ders])
        self.rests_on += ["the laws of powers of a positive definite matrix"] * ("mpow" in names.binders)
        self._flows(lines, terms, names)
        generic = self._generic(lines, hypotheses, names)
        w = Writer(
            cert,
            explicit,
            labels,
            {k: u for k, u in facts.items() if u.label in hypotheses},
            relations,
            {n: d.explicit for n, d, _ in ders},
            generic,
            {g: names.binders.get(identifier(g), "Z") for g in generic},
            {n: (d, own) for n, d, own in ders},
        )
        moved = _moved(generic)
        script = [f"revert {moved}." if moved else "", *_written(w, lines), f"intros {moved}." if moved else ""]
        script += [_shown(k, d, own, _range(cert.tree, n, terms)) for k, (n, d, own) in enumerate(ders, 1)]
        known, goal = dict[Tree, str](), ""
        for k, (node, d, own) in enumerate(ders, 1):
            if node in set(walk(cert.tree)):
                index, given = _range(cert.tree, node, terms)
                known[node] = f"(G{k} {index})" if index else f"G{k}"
                kind = "" if not index else " : Z -> R" if node.shape == () else " : Z -> M"
                goal += f"exists G{k}{kind}, ({given}{d.says} {known[node]}) /\\\n    "
                value = own.any(d.explicit)
                script.append(f"exists {f'(fun {index} => {value})' if index else value}; split; [exact D{k} |]. ")
        if limits := settling(cert.tree, terms):
            if not w.settled:
                raise NotTranslated("a limit that no line shows to exist")
            goal = f"({limits}) /\\ {goal}"
            script.append(f"split; [exact {w.settled[0][0]} |].")
        script.append(f"exact {w.at_hand(len(lines) - 1)}." if not generic else _last(w, len(lines)))
        goal += replace(terms, known=known).prop(cert.tree if self.verdict == "proved" else lines[-1][0])
        return self._file(names, hypotheses, [*cert.hypotheses, *facts.values()], goal, script)

    def _names(self, terms: Terms, facts: dict[str, Universal], hypotheses: dict[str, str], more: Sequence[Tree]) -> Names:
        cert = self.cert
        names = declare([cert.tree, *(cert.trees[l["shows"]] for l in cert.lines), *more], terms)
        for u in [*cert.hypotheses, *facts.values()]:
            if u.label in hypotheses:
                extra = declared(u, terms)
                names.binders.update({k: v for k, v in extra.binders.items() if k not in names.binders})
                names.sizes.update(extra.sizes)
        for x in sorted(cert.positive):
            if names.binders.get(identifier(x), "").startswith("Z -> "):
                names.sizes[all_positive(identifier(x), names.binders[identifier(x)])] = None
        return names

    def _flows(self, lines: Iterable[Any], terms: Terms, names: Names) -> None:
        """That gradient flows are unique, for the flows of a line that uses it: a convention of every domain."""
        paths = [x for goal, rule, _ in lines if rule in UNIQUE for x in walk(goal) if x.head == "at"]
        for x in paths:
            m, n = terms.size(x)
            names.sizes[f"unique_flows {m} {n} grad_{identifier(str(x.args[1]))}"] = None
        self.rests_on += ["uniqueness of the gradient flow (a convention of the domain)"] * bool(paths)

    def _generic(self, lines: Iterable[Any], hypotheses: dict[str, str], names: Names) -> dict[str, list[tuple[str, str]]]:
        """The indices that a rule varies, with all that is said of each: label and proposition."""
        found: dict[str, list[tuple[str, str]]] = {}
        for _, rule, args in lines:
            for index in varied(self.cert.trees, rule, args):
                about = [(f"Z{k}", s) for k, s in enumerate(names.sizes, 1) if _free_in(identifier(index), s)]
                own = [u for u in self.cert.hypotheses if u.label in hypotheses and any(has_free(t, index) for t in u.trees)]
                found[index] = about + [(u.label, hypotheses[u.label]) for u in own if index not in u.variables]
        return found

    def _file(
        self, names: Names, hypotheses: dict[str, str], universal: Sequence[Universal], goal: str, script: Sequence[str]
    ) -> str:
        order = {"Type": -1, "Z": 0, "Z -> Z": 1, "R": 2, "Z -> R": 3, "M": 4, "Z -> M": 5}
        binders = sorted(names.binders.items(), key=lambda p: order.get(p[1], 6))
        header = HEADER.format("Means" if "Omega" in names.binders else "Tactics")
        text = f"(* {self.cert.claim} *)\n{header}\nLemma claim {' '.join(f'({n} : {kind})' for n, kind in binders)}\n"
        text += "".join(f"  (Z{k} : {s})\n" for k, s in enumerate(names.sizes, start=1))
        for u in universal:
            if u.label in hypotheses:
                text += f"  ({u.label} : {hypotheses[u.label]})  (* {u.name} *)\n"
        body = "\n".join(s for s in script if s)
        return f"{text}  : {goal}.\nProof.\n{body}\nQed.\nPrint Assumptions claim.\n"


def _bases(cert: Certificate) -> frozenset[Tree]:
    """Products that a hypothesis says to be positive, one of whose factors may be negative."""
    own = [u.shows for u in cert.hypotheses if not u.variables and not u.given and u.shows.head in {"gt", "lt"}]
    above = [p for x in own for p, q in (x.parts, x.parts[::-1]) if number(q) == 0 and p is x.parts[x.head == "lt"]]
    return frozenset(p for p in above if p.head in {"mul", "div"} and not all(f in above or number(f) for f in p.parts))


def _free_in(name: str, text: str) -> bool:
    """Whether a proposition mentions a name that it does not bind itself."""
    return name in words_of(text) and not re.match(rf"forall {name}\b", text)


def _moved(generic: dict[str, list[tuple[str, str]]]) -> str:
    """The generic indices and what is said of them."""
    return " ".join([*map(identifier, generic), *dict.fromkeys(h for about in generic.values() for h, _ in about)])


def _last(w: Writer, count: int) -> str:
    return f"exact (L{count}{w.arguments(w.shown[-1])})."


def _written(w: Writer, lines: Sequence[tuple[Tree, str, dict[str, Any]]]) -> Iterator[str]:
    """An assertion with its script for each line."""
    for k, (goal, rule, args) in enumerate(lines, start=1):
        line = Shown(goal, assumptions(w, goal, rule, args))
        w.here, w.used = line.assumes, {}
        settled = len(w.settled)
        script = script_of(rule)(w, goal, args)
        yield from (text for _, text in w.settled[settled:])
        at_hand = "".join(f"assert ({name} := {term}). " for name, term in w.used.items())
        for base in _perhaps_zero(w, goal, args):
            cases = f"destruct (Rle_lt_or_eq_dec 0 {w.terms.real(base)} ltac:(sg)) as [B0 | B0]."
            script = f"{cases}\n{{ {script} }}\n{{ {script} }}"
        yield f"assert (L{k} : {w.stated(line)}).\n{{ {w.entered(line)}{at_hand}{script} }}"
        w.shown.append(line)
    if w.shown[-1].assumes:
        raise NotTranslated("assumptions that stay open")


def _perhaps_zero(w: Writer, goal: Tree, args: dict[str, Any]) -> list[Tree]:
    """Numbers of which only >= 0 is known, and of which a line takes powers or roots: one, the others are left."""
    own = [u.shows for u in w.cert.hypotheses if not u.variables and not u.given]
    positive = {x.parts[0] for x in own if x.head == "gt" and number(x.parts[1]) == 0}
    weak = {x.parts[0] for x in own if x.head == "ge" and number(x.parts[1]) == 0 and x.parts[0].head == "sym"} - positive
    trees = [goal, *(w.shown[k].shows for k in premises(args))] if weak else []
    nodes = (y for t in trees for e in w.expanded(t) for y in walk(e))
    bases = [y.parts[0] for y in nodes if y.head == "sqrt" or (y.head == "pow" and _is_power(y.parts[1]))]
    bases = [f for b in bases for f in _factors(b)]
    return [x for x in sorted(weak, key=repr) if x in bases and not w.terms.is_index(x)][:1]


def _factors(x: Tree) -> list[Tree]:
    """What must be positive for the logarithm of a product, a quotient or a power to be a sum."""
    return [f for p in x.parts for f in _factors(p)] if x.head in {"mul", "div", "pow"} else [x]


def _is_power(exponent: Tree) -> bool:
    value = number(exponent)
    return value is None or value.denominator != 1


def _said(u: Universal, terms: Terms) -> str:
    try:
        return stated(u, terms)
    except NotTranslated:
        return ""  # a hypothesis that is left out makes the lemma say more


def _derivatives(trees: Iterable[Tree], terms: Terms, relations: list[Tree]) -> list[tuple[Tree, Derived, Terms]]:
    out: list[tuple[Tree, Derived, Terms]] = []
    known: dict[Tree, str] = {}
    for k, node in enumerate(dict.fromkeys(d for t in trees for d in derivatives(t)), start=1):
        own = replace(terms, known=dict(known))
        d = derived(node, f"G{k}", own, relations)
        known[node] = own.any(d.explicit)
        out.append((node, d, own))
    return out


def _range(claim: Tree, node: Tree, terms: Terms) -> tuple[str, str]:
    """The index of a sum that a derivative in the claim depends on, and "for all of its range"; "" twice without one."""
    for x in walk(claim):
        if x.head in BINDERS and node in set(walk(x.parts[-1])) and has_symbol(node, x.name):
            if x.head == "integral":
                raise NotTranslated("a derivative below an integral")
            i, (lo, hi) = identifier(x.name), (terms.index(p) for p in x.parts[:2])
            return i, f"forall {i} : Z, ({lo} <= {i})%Z -> ({i} <= {hi})%Z -> "
    return "", ""


def _shown(k: int, d: Derived, own: Terms, over: tuple[str, str]) -> str:
    """The assertion that an explicit tree is the derivative, for all of the range of an index."""
    index, given = over
    enter = f"try rename {index} into {index}_given. intros {index} K1 K2. " if index else ""
    return f"assert (D{k} : {given}{d.says} {own.any(d.explicit)}).\n{{ {enter}{d.script} }}"
