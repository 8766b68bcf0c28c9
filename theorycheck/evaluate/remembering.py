"""An instance that remembers what trees come to in it: claims that differ in one place share all their other parts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flint import ctx

from theorycheck.evaluate.numbers import Undefined
from theorycheck.tree import Node

Env = Mapping[str, Any]
LEAVES = {"num", "sym"}  # quicker to read than to look up


class Remembering(dict[str, Any]):
    """The values of an instance, which must not change; `known`: values of trees at each precision, or why they have none."""

    def __init__(self, values: Env) -> None:
        super().__init__(values)
        self.known: dict[int, dict[Node, Any]] = {}
        self.inner: dict[Any, Remembering] = {}

    def value(self, tree: Node, reader: Callable[[Node, Env], Any]) -> Any:
        if tree.head in LEAVES:
            return reader(tree, self)
        known = self.known.setdefault(ctx.prec, {})
        if tree not in known:
            try:
                known[tree] = reader(tree, self)
            except Undefined as e:
                known[tree] = e
        found = known[tree]
        if isinstance(found, Undefined):
            raise found.with_traceback(None)
        return found


def inside(env: Env, key: Any, more: Callable[[], Env]) -> Env:
    """The instance with more symbols, inside what binds them; `key` says what they are, so that it remembers as well."""
    if not isinstance(env, Remembering):
        return {**env, **more()}
    if key not in env.inner:
        env.inner[key] = Remembering({**env, **more()})
    return env.inner[key]
