"""Patterns with variables: what they must stand for to be the actual thing, which is checked afterwards."""

from __future__ import annotations

from typing import Any

from ..core import (
    ONE,
    OPERATIONS,
    ZERO,
    Context,
    Form,
    Refused,
    atom,
    key,
    names_in,
    replaced,
    whole,
)


def is_whole(x: Form, ctx: Context) -> bool:
    try:
        return whole(x, ctx) is x
    except Refused:
        return False


def put(pattern: Any, table: dict[str, Form]) -> Any:
    """The pattern with its variables replaced; a variable that stands as an atom itself is replaced by an atom."""
    if isinstance(pattern, Form):
        return replaced(pattern, table)
    if isinstance(pattern, tuple) and pattern[:1] in {("sym",), ("prod",), ("integral",)}:
        new = replaced(atom(pattern), table)
        atoms = [a for t in new.terms for a, _ in t[1]]
        return atoms[0] if len(atoms) == 1 and atom(atoms[0]) == new else None
    return tuple(put(p, table) for p in pattern) if isinstance(pattern, tuple) else pattern


def solve(pattern: Any, actual: Any, variables: frozenset[str], table: dict[str, Form]) -> None:
    """Values of the variables that may make the pattern the actual thing; what comes out is checked afterwards."""
    if isinstance(pattern, Form) and isinstance(actual, Form):
        free = names_in(pattern) & variables - table.keys()
        linear = [v for v in free if ((), frozenset({(("sym", v), ONE)}), ()) in pattern.terms]
        if len(free) == len(linear) == 1 and pattern.shape == actual.shape == ():
            (v,) = free
            slope = pattern.terms[(), frozenset({(("sym", v), ONE)}), ()]
            table[v] = (actual - replaced(pattern, {**table, v: ZERO})).scale(1 / slope)
        elif len(pattern.terms) == len(actual.terms) == 1:
            (p, q) = next(iter(pattern.terms)), next(iter(actual.terms))
            solve(p[2], q[2], variables, table)
            solve(tuple(sorted(p[1], key=key)), tuple(sorted(q[1], key=key)), variables, table)
    elif isinstance(pattern, tuple) and isinstance(actual, tuple) and len(pattern) == len(actual):
        if pattern[:1] == ("sym",) and pattern[1] in variables and actual[:1] == ("sym",):
            table.setdefault(pattern[1], atom(actual))
        for p, q in zip(pattern, actual, strict=True):
            solve(p, q, variables, table)


OPERATIONS.update({"is_whole": is_whole, "put": put, "solve": solve})
