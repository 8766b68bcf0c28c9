"""Expectations over Gaussian layers: their names in a lemma, and what the lemma assumes of each (`gaussian` of Chance.v)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from theorycheck.certificate.coq.trees import NotTranslated, Tree, identifier, walk, widths_of

if TYPE_CHECKING:
    from theorycheck.certificate.coq.terms import Terms

PLACES = ("O", "S O", "S (S O)")  # of networks, but the last


def family(name: str, terms: Terms) -> str:
    """A family of layers; at the outcome o' where it is random."""
    return f"({identifier(name)}' o')" if name in terms.outcome else identifier(name)


def widths(x: Tree) -> str:
    """The family of widths of the layers that an expectation is over."""
    found = next((widths_of(y) for y in walk(x) if y.head == "chain" and y.name in x.name.split()), None)
    if found is None:
        raise NotTranslated("an expectation without layers")
    return identifier(found)


def mean(x: Tree, terms: Terms) -> str:
    """The name of an expectation: one for each law of the layers."""
    law_of = "|".join([x.name, widths(x), *(terms.real(c) for c in x.parts[1:])])
    return terms.means.setdefault(law_of, f"Mean{len(terms.means) + 1}")


def law(x: Tree, terms: Terms) -> str:
    """What is assumed of an expectation. All places beyond stand for the last network, in both functions of a place."""
    names, texts = x.name.split(), [terms.real(c) for c in x.parts[1:]]
    if len(names) - 1 > len(PLACES):
        raise NotTranslated("an expectation over more than four networks")
    at = [*PLACES[: len(names) - 1], "_"]
    pairs = [(i, j) for i in range(len(names)) for j in range(i, len(names))]
    known = dict(zip(pairs, texts, strict=True))
    if len(names) == 1:
        covariance, networks = f"(fun _ _ : nat => {texts[0]})", f"(fun _ : nat => {identifier(names[0])}')"
    else:
        each = [(i, j, known[min(i, j), max(i, j)]) for i in range(len(names)) for j in range(len(names))]
        cases = " ".join(f"| {at[i]}, {at[j]} => {c}" for i, j, c in each)
        covariance = f"(fun a b : nat => match a, b with {cases} end)"
        each_network = " ".join(f"| {p} => {identifier(n)}'" for p, n in zip(at, names, strict=True))
        networks = f"(fun a : nat => match a with {each_network} end)"
    return f"gaussian {covariance} {networks} {widths(x)} {mean(x, terms)}"
