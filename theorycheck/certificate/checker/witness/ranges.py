"""The values of index variables: all in the range that the conditions give, or the members of the families that they index."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from flint import fmpq

from ..core import Fact, NotCovered, walk
from .evaluate import Env, whole


def places(h: Fact, names: list[str], env: Env) -> Iterator[Env]:
    """All values of index variables in their ranges, which the conditions give or the families that they index."""
    spans: list[Any] = []
    for name in names:
        lo = [g.trees[1] for g in h.given if g.head == "ge" and g.trees[0].args == (name,)]
        hi = [g.trees[1] for g in h.given if g.head == "le" and g.trees[0].args == (name,)]
        plain = not any(set(names) & end.free for end in (*lo, *hi))
        if lo and hi and plain:
            spans.append(range(max(whole(x, env) for x in lo), min(whole(x, env) for x in hi) + 1))
        else:
            spans.append(_keys(h, name, env))
    for place in itertools.product(*spans):
        yield {name: fmpq(k) for name, k in zip(names, place, strict=True)}


def _keys(h: Fact, name: str, env: Env) -> Any:
    """The indices of the families: others repeat a member, where the variable stands for the place of a member only."""
    nodes = [t for tree in (h.shows, *h.given) for t in walk(tree)]
    families = {t.args[0] for t in nodes if t.head == "item" and t.trees[0].args == (name,)}
    elsewhere = any(t.head != "item" and any(x.head == "sym" and x.args[0] == name for x in t.trees) for t in nodes)
    ranges = {frozenset(env[f]) for f in families if isinstance(env.get(f), dict)}
    if elsewhere or len(ranges) != 1 or h.given:
        raise NotCovered(f"the hypothesis {h.name!r}: {name} has no range")
    return sorted(ranges.pop())
