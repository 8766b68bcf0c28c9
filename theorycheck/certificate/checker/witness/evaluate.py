"""A tree at an instance: numbers, matrices as rows, families {index: value}, functions and paths as objects of `models`."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

from flint import fmpq

from ..core import Node, NotCovered, need
from .matrices import plus, scaled
from .numbers import NoValue, absolute, ball, divide, exponential, known_sign, logarithm, power, sign

Env = dict[str, Any]
MOST = 10_000  # sequences


class Sequence(dict[int, Any]):
    """The members p_1 .. p_N that a sum over sequences gives; others certainly have no value."""


def value(t: Node, env: Env) -> Any:
    if t.head not in READERS:
        raise NotCovered(f"no value of {t.head!r} at an instance")
    return READERS[t.head](t, env)


def values(t: Node, env: Env) -> list[Any]:
    return [value(x, env) for x in t.trees]


def whole(t: Node, env: Env) -> int:
    x = value(t, env)
    if not isinstance(x, fmpq) or x.denom() != 1:
        raise NoValue("an index or a size that is no integer")
    return int(x.numer())


def given(env: Env, name: str) -> Any:
    need(name in env, f"the witness has no value of {name}")
    return env[name]


def sized(t: Node, x: Any, env: Env) -> Any:
    """x, if it has the shape that the tree says."""
    if t.shape == ():
        need(not isinstance(x, tuple | dict) and not hasattr(x, "cost"), f"the value of {t.args[0]} is no number")
        return x
    rows, cols = (whole(s, env) for s in t.shape or ())
    fits = isinstance(x, tuple) and len(x) == rows >= 1 <= cols and all(len(r) == cols for r in x)
    need(fits, f"the value of {t.args[0]} does not have the size {rows} x {cols}")
    return x


def _item(t: Node, env: Env) -> Any:
    family, k = given(env, t.args[0]), whole(t.trees[0], env)
    if isinstance(family, Sequence) and k not in family:
        raise NoValue(f"a sequence of {len(family)} has no member {k}")
    need(isinstance(family, dict) and k in family, f"the witness has no value of {t.args[0]}[{k}]")
    return sized(t, family[k], env)


def _total(t: Node, env: Env) -> tuple[range, str, Node]:
    lo, hi = (whole(x, env) for x in t.trees[:2])
    need(hi >= lo - 1, f"a {t.head} from {lo} to {hi}")
    return range(lo, hi + 1), t.args[0], t.trees[2]


def _sum(t: Node, env: Env) -> Any:
    span, name, body = _total(t, env)
    terms = [value(body, {**env, name: fmpq(k)}) for k in span]
    if not terms:
        need(body.shape == (), "an empty sum of matrices")
        return fmpq(0)
    return plus(terms)


def _prod(t: Node, env: Env) -> Any:
    span, name, body = _total(t, env)
    result: Any = fmpq(1)
    for k in span:
        result = result * value(body, {**env, name: fmpq(k)})
    return result


def _mul(t: Node, env: Env) -> Any:
    result: Any = fmpq(1)
    for x in values(t, env):
        result = scaled(x, result) if isinstance(result, tuple) else scaled(result, x)
    return result


def _sequences(t: Node, env: Env) -> Any:
    """The sum over all sequences of a length, of numbers from 1 to a count."""
    length, count = (whole(x, env) for x in t.trees[:2])
    need(length >= 0 <= count, "sequences of a length or of values that are less than 0")
    if count**length > MOST:
        raise NotCovered(f"{count}^{length} sequences")
    every = itertools.product(range(1, count + 1), repeat=length)
    terms = [value(t.trees[2], {**env, t.args[0]: Sequence((i, fmpq(v)) for i, v in enumerate(p, 1))}) for p in every]
    return plus(terms) if terms else fmpq(0)


READERS: dict[str, Callable[[Node, Env], Any]] = {
    "num": lambda t, env: t.args[0],
    "sym": lambda t, env: sized(t, given(env, t.args[0]), env),
    "item": _item,
    "add": lambda t, env: plus(values(t, env)),
    "neg": lambda t, env: scaled(fmpq(-1), value(t.trees[0], env)),
    "mul": _mul,
    "div": lambda t, env: scaled(divide(fmpq(1), value(t.trees[1], env)), value(t.trees[0], env)),
    "sqrt": lambda t, env: power(value(t.trees[0], env), fmpq(1, 2)),
    "exp": lambda t, env: exponential(value(t.trees[0], env)),
    "log": lambda t, env: logarithm(value(t.trees[0], env)),
    "abs": lambda t, env: absolute(value(t.trees[0], env)),
    "sign": lambda t, env: fmpq(known_sign(value(t.trees[0], env))),
    "min": lambda t, env: _least(*values(t, env)),
    "sum": _sum,
    "prod": _prod,
    "sequences": _sequences,
}


def _least(a: Any, b: Any) -> Any:
    certain = sign(a - b)
    if certain is None:
        return ball(a).min(ball(b))
    return b if certain > 0 else a
