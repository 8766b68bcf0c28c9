"""Hypotheses of one domain at an instance of its symbols, for a domain whose claims use those of the first one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from theorycheck.domain import Domain, Env
from theorycheck.exact.session import substitute_all
from theorycheck.fact import Fact
from theorycheck.tree import Node


def carried(domain: Domain, name: str, line: int, test: Callable[[Env], bool], **binding: Node | str) -> Fact:
    """The hypothesis of that name as `uses` will ask for it with this binding, with a line and a test of its own."""
    found = next(h for h in domain.hypotheses if h.name == name)
    given = tuple(substitute_all(g, binding) for g in found.given)
    return replace(found, shows=substitute_all(found.shows, binding), given=given, source=f"line {line}", test=test)
