"""Facts: what may be used in a derivation, and where it comes from.

A `Fact` is universally quantified over its variables: for all values of them that satisfy `given`, `shows` holds. Hypotheses
of a domain, cited theorems and proved claims all take this form; a derivation instantiates them and checks `given`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from theorycheck.tree import Node, free_names


@dataclass(frozen=True)
class Fact:
    """`for all variables with given: shows`. `kind` is hypothesis, cited, or claim; `source` a line or a reference.

    `variables` names the symbols, families and functions that may be instantiated; a hypothesis without variables is about the
    claim's own symbols. `needs` are universal hypotheses that a user of the fact must have as well. `test` decides a
    universal hypothesis exactly at an instance (the others are evaluated as they stand). `breaks` moves an instance, with a
    source of integers, to one where this hypothesis alone should be false (those that hold together are hardly ever broken one
    at a time by chance); whether it is, and the others hold, is checked where that is used.
    """

    name: str
    shows: Node
    given: tuple[Node, ...] = ()
    variables: tuple[str, ...] = ()
    kind: str = "hypothesis"
    source: str = ""
    needs: tuple[Fact, ...] = ()
    test: Callable[[Mapping[str, Any]], bool] | None = field(default=None, compare=False)
    breaks: Callable[[Any, Mapping[str, Any]], Mapping[str, Any]] | None = field(default=None, compare=False, repr=False)


def names_of(fact: Fact) -> frozenset[str]:
    """The symbols of a hypothesis, and those of the sizes of its matrices."""
    return frozenset().union(*map(free_names, (fact.shows, *fact.given))) - set(fact.variables)


@dataclass(frozen=True)
class Proven:
    """A checked line of a derivation: `assumes |- shows`. Only the driver makes these, from rules that accepted."""

    shows: Node
    assumes: frozenset[Node]
    label: str
    rule: str
    premises: tuple[str, ...] = ()
    detail: str = ""
    call: Any = field(default=None, compare=False)
