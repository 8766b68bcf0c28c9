"""Functions, paths, integrals, and derivatives at an instance; these by numbers c0 + c1 eps, not by the checker's rules."""

from __future__ import annotations

from typing import Any

from flint import fmpq, fmpq_poly

from ..core import Node, NotCovered, Refused, need, node, walk
from .evaluate import READERS, Env, given, sized, value, whole
from .numbers import Dual, NoValue, slope


def of_function(name: str, what: str, x: Any, env: Env) -> Any:
    """A value that a function or a path has. One that it lacks is a fault of the witness, and says nothing of the claim."""
    f = given(env, name)
    need(hasattr(f, what), f"{name} has no {what}")
    try:
        return getattr(f, what)(*x)
    except NoValue as e:
        raise Refused(f"the witness gives {name} no value: {e}") from e


def of_path(t: Node, what: str, x: Any, env: Env) -> Any:
    """The same of a path, which must be one of the flow of its function."""
    name, cost = t.args[:2]
    need(getattr(given(env, name), "cost", None) == given(env, cost), f"{name} is no path of the flow of {cost}")
    return sized(t, of_function(name, what, x, env), env)


def _limit(t: Node, env: Env) -> Any:
    point, body = t.trees
    end = body.head == "at" and body.trees[0] is node("sym", t.args[0]) and point.head == "infinity"
    need(end, "of limits, only that of a path x(t) at infinity has a value")
    return of_path(body, "end", (), env)


# --- derivatives ------------------------------------------------------------------------------------------------------------
def plain(body: Node) -> Node:
    """A derivative inside a derivative would mix up the two eps."""
    need(not any(x.head in {"Dt", "gradient", "second"} for x in walk(body)), "a derivative inside a derivative")
    return body


def _time(t: Node, env: Env) -> Any:
    return slope(value(plain(t.trees[0]), {**env, "t": Dual(given(env, "t"), fmpq(1))}))


def moved(env: Env, variable: Node, change: Any) -> Env:
    """The instance with the matrix that a variable stands for changed."""
    name, x = variable.args[0], value(variable, env)
    if variable.head == "sym":
        return {**env, name: change(x)}
    return {**env, name: {**env[name], whole(variable.trees[0], env): change(x)}}


def towards(direction: Any) -> Any:
    """A matrix x becomes x + eps direction."""
    return lambda x: tuple(tuple(Dual(a, d) for a, d in zip(r, s, strict=True)) for r, s in zip(x, direction, strict=True))


def _gradient(t: Node, env: Env) -> Any:
    body, variable = plain(t.trees[0]), t.trees[1]
    x = value(variable, env)

    def partial(i: int, j: int) -> Any:
        unit = tuple(tuple(fmpq(int((a, b) == (i, j))) for b in range(len(x[0]))) for a in range(len(x)))
        return slope(value(body, moved(env, variable, towards(unit))))

    if not isinstance(x, tuple):
        return slope(value(body, moved(env, variable, lambda y: Dual(y, fmpq(1)))))
    return tuple(tuple(partial(i, j) for j in range(len(x[0]))) for i in range(len(x)))


def _second(t: Node, env: Env) -> Any:
    """d/ds d/dr of the body at x + (s + r) v: twice eps of x + eps1 v + eps2 v."""
    body, *pairs = t.trees
    plain(body)
    directions = [value(v, env) for v in pairs[1::2]]
    there = env
    for x, d in zip(pairs[::2], directions, strict=True):
        there = moved(there, x, towards(d))
    for x, d in zip(pairs[::2], directions, strict=True):
        there = moved(there, x, towards(tuple(tuple(Dual(v, fmpq(0)) for v in row) for row in d)))
    return slope(slope(value(body, there)))


def _integral(t: Node, env: Env) -> Any:
    """Of a polynomial in the variable."""
    lo, hi, body = t.trees
    low, high = (value(x, env) for x in (lo, hi))
    found = value(body, {**env, t.args[0]: fmpq_poly([0, 1])})
    if not all(isinstance(x, fmpq) for x in (low, high)) or not isinstance(found, fmpq | fmpq_poly):
        raise NotCovered("an integral of what is no polynomial")
    primitive = fmpq_poly([0, 1]) * found if isinstance(found, fmpq) else found.integral()
    return primitive(high) - primitive(low)


READERS.update(
    {
        "integral": _integral,
        "app": lambda t, env: of_function(t.args[0], "value", [value(t.trees[0], env)], env),
        "grad": lambda t, env: sized(t, of_function(t.args[0], "gradient", [value(t.trees[0], env)], env), env),
        "at": lambda t, env: of_path(t, "at", [value(t.trees[0], env)], env),
        "limit": _limit,
        "Dt": _time,
        "gradient": _gradient,
        "second": _second,
    }
)
