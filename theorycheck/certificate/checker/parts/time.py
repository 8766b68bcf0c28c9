"""Derivatives in the time t, along flows."""

from __future__ import annotations

from typing import Any

from ..core import (
    ONE,
    READERS,
    Context,
    Form,
    Motion,
    Node,
    derived,
    letter,
    near,
    read,
    symbol,
)


def in_time(ctx: Context) -> Any:
    """d/dt: the path x(s) of the flow of f moves by -grad f(x(s)) Ds."""

    def moved(x: Any) -> Form | None:
        if x[0][0] != "at" or motion.still(x[0][3]):
            return None
        here = letter(*(x[0], x[2], x[3]))
        return derived(x[0][3], motion, ctx).scale(-1) * letter(("grad", x[0][2], here), x[2], x[3])

    motion = Motion(lambda name: ONE if name == "t" else None, moved)
    return motion


def _time(t: Node, ctx: Context) -> Form:
    around = near(in_time(ctx), ctx, symbol("t"))
    return derived(read(t.trees[0], around), in_time(around), around)


READERS["Dt"] = _time
