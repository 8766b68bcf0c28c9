"""Cited facts and claims of elsewhere as hypotheses of a lemma, and which of all names in it are those of integers.

A name can be an integer in a fact (a size b) and a real number in the claim (a bound b): such a variable of a fact is renamed.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from theorycheck.certificate.coq.instances import substituted
from theorycheck.certificate.coq.statement import Certificate, Universal, flagged, universal
from theorycheck.certificate.coq.terms import Terms
from theorycheck.certificate.coq.trees import NotTranslated, Tree, has_free, integer_names, walk
from theorycheck.certificate.coq.varied import varied


def facts_and_terms(cert: Certificate) -> tuple[dict[str, Universal], Terms]:
    """The facts that can be said, by name, and how the trees of the lemma are written."""
    found = {}
    moving = {v for l in cert.lines for v in varied(cert.trees, str(l["rule"]), l["args"])}
    for k, (name, f) in enumerate(sorted(cert.facts.items()), start=1):
        with contextlib.suppress(NotTranslated):
            found[name] = (_cited(f"F{k}", name, f, cert, moving), _declared_integers(f))
    own = [*cert.own, *(t for u, _ in found.values() if not u.variables for t in u.trees)]
    indices, families = _integers(own, cert.integers)
    kinds = _kinds(own, indices | families)
    facts = {}
    for name, (u, declared) in found.items():
        mine = frozenset[str]().union(*_integers(u.trees, declared))
        clash = {v for v, whole in _kinds(u.trees, mine).items() if v in u.variables and kinds.get(v, whole) != whole}
        facts[name] = _renamed(u, {v: f"{v}_{u.label}" for v in clash})
        own_indices, own_families = _integers(facts[name].trees, declared - clash)
        indices, families = indices | own_indices, families | own_families
        kinds |= _kinds(facts[name].trees, indices | families)
    return facts, Terms(indices, families)


def _integers(trees: Iterable[Tree], declared: frozenset[str]) -> tuple[frozenset[str], frozenset[str]]:
    indices, families = integer_names(trees)
    return indices | declared, families | declared


def _declared_integers(fact: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(fact["integers"] if fact["kind"] == "cited" else flagged(fact["domain"], "integer"))


def _kinds(trees: Iterable[Tree], integers: frozenset[str]) -> dict[str, bool]:
    """By the name of each number or family of numbers: whether it is one of integers."""
    return {x.name: x.name in integers for t in trees for x in walk(t) if x.head in {"sym", "item"} and x.shape == ()}


def _renamed(u: Universal, names: dict[str, str]) -> Universal:
    """The fact with other names for some of its variables."""
    if not names:
        return u
    symbols = {v: Tree("sym", (new,)) for v, new in names.items()}

    def new(t: Tree) -> Tree:
        return substituted(t, symbols, names)

    return replace(
        u,
        shows=new(u.shows),
        given=tuple(map(new, u.given)),
        variables=tuple(names.get(v, v) for v in u.variables),
        needs=tuple(_renamed(n, names) for n in u.needs),
        positive=tuple(names.get(v, v) for v in u.positive),
        renamed=names,
    )


def _cited(label: str, name: str, fact: dict[str, Any], cert: Certificate, moving: set[str]) -> Universal:
    """A cited theorem, or a claim proved elsewhere: for all that its domain declares, with its hypotheses.

    One of the claim's own domain is meant at the same values, unless the derivation varies one of them (`moving`).
    """
    trees, domain = cert.trees, cert.domain
    if fact["kind"] == "cited":
        found = universal(label, {**fact, "name": name}, trees)
        if fact["definite"]:
            raise NotTranslated(f"the condition of {name!r} that a matrix is positive definite")
        return replace(found, positive=tuple(fact["positive"]))
    claim = trees[fact["tree"]]
    if fact["domain"] == domain and not any(has_free(claim, v) for v in moving):
        return Universal(label, name, claim)
    hypotheses = [universal(label, h, trees) for h in fact["domain"]["hypotheses"]]
    hypotheses = [h for h in hypotheses if not about_limit(claim, h)]
    given = tuple(h.shows for h in hypotheses if not h.variables)
    gone = claim.parts[1].name if claim.head == "converges" else None
    variables = tuple(v["name"] for v in fact["domain"]["variables"] if v["name"] != gone)
    needs = tuple(h for h in hypotheses if h.variables)
    found = Universal(label, name, claim, given, variables, needs, flagged(fact["domain"], "positive"))
    if any(x.head == "sym" and x.name in flagged(fact["domain"], "symmetric") for y in found.trees for x in walk(y)):
        raise NotTranslated(f"the condition of {name!r} that a matrix is positive definite")
    return found


def about_limit(claim: Tree, u: Universal) -> bool:
    """Whether a hypothesis is about the variable that the claim's limit binds; the claim says more without it."""
    return claim.head == "converges" and not u.variables and has_free(u.shows, claim.parts[1].name)
