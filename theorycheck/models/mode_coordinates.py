"""One coordinate c (P X v - Y)^2 of a diagonal network at v = h sigma, as a domain (escape times: `mode_times.py`)."""

from __future__ import annotations

from typing import Any

from flint import fmpq

from theorycheck.domain import Domain, derived, drawn, hypothesis, real, size
from theorycheck.evaluate import evaluate
from theorycheck.evaluate.numbers import power
from theorycheck.models.mode_times import L, X, Y, a, c, h, mode_data, positive, q
from theorycheck.tree import Eq, Node, eye, mat, sym


def coordinate(
    name: str, *, least: int = 2, depth: Node = L, cost: Node | None = None, entry: Node | None = None
) -> Domain:
    """c (P X v - Y)^2 as a function of one weight V = h sigma, with P the product of the others, at |v_l| = h for all l.

    sigma = +-1, pi = sign(X Y) is the product of all signs; `depth`, `cost`, `entry` fix L, c, h.
    """
    sigma, pi = sym("sigma"), sym("pi")
    own = [size("L", least=least)] if depth == L else []
    variables = [*own, *mode_data(()), real("c", above=0), real("h", above=0)]
    conditions = []
    for symbol, value, words, line in ((c, cost, "the cost factor", 999), (h, entry, "the size of the entries", 1001)):
        if value is not None:
            place = next(i for i, v in enumerate(variables) if v.name == symbol.args[0])
            variables[place] = derived(str(symbol.args[0]), _valued(value), positive(str(symbol.args[0])))
            conditions.append(hypothesis(words, Eq(symbol, value), line))
    variables += [
        derived("pi", lambda env: _sign(env["X"] * env["Y"])),
        drawn("sigma", lambda source, env: _sign(source.integer(0, 1) - 1)),
        derived("P", lambda env: power(evaluate(h, env), evaluate(depth, env) - 1) * env["pi"] * env["sigma"]),
        derived("V", lambda env: ((env["h"] * env["sigma"],),)),
    ]
    conditions += [
        hypothesis("sigma is a sign", Eq(sigma**2, 1), 1001),
        hypothesis("pi is a sign", Eq(pi**2, 1), 1001),
        hypothesis("pi is the sign of X Y", Eq(X * Y, pi * a), 1001),
        hypothesis("q is |X / Y|", Eq(X**2, q * a)),
        hypothesis("the other weights", Eq(sym("P"), h ** (depth - 1) * pi * sigma), 1001),
        hypothesis("the weight", Eq(mat("V", 1, 1), h * sigma * eye(1)), 1001),
    ]
    return Domain(name, tuple(variables), tuple(conditions))


def _valued(tree: Node) -> Any:
    return lambda env: evaluate(tree, env)


def _sign(x: Any) -> Any:
    """+1 for x >= 0, -1 for x < 0, as a rational."""
    return fmpq(1) if x >= 0 else fmpq(-1)
