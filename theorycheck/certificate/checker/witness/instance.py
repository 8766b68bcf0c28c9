"""A refutation by a witness: an instance that satisfies every hypothesis of the domain, at which the claim certainly fails.

A symbol whose value is a ball, and that a hypothesis defines (y = .., or y[j] = .. for all j), is computed from the others, so
that the hypothesis holds; the ball must agree. All else is decided in rationals and balls.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from flint import arb, ctx as precision, fmpq

from ..core import Fact, Node, NotCovered, Refused, indices, need
from ..table import rational
from . import algebra, chance, costs, motion, tails
from .decide import close, holds
from .evaluate import Env, value
from .matrices import exact, semidefinite
from .models import KINDS, made
from .numbers import NoValue, Unclear
from .ranges import places
from .universal import satisfied

PRECISIONS = (128, 512, 2048)
READING = (algebra, chance, costs, motion, tails)  # they enter what they read among the readers and the kinds


def refuted(claim: Node, hypotheses: tuple[Fact, ...], flags: dict[str, frozenset[str]], data: Any) -> None:
    """Refused unless the claim fails at the instance, which satisfies all hypotheses."""
    need(isinstance(data, dict), "the values of the witness are no table")
    names = claim.free.union(*(h.shows.free.union(*(g.free for g in h.given)) - set(h.variables) for h in hypotheses))
    need(set(data) <= names, f"values that nothing mentions: {', '.join(sorted(set(data) - names))}")
    before, found = precision.prec, None
    try:
        for bits in PRECISIONS:
            precision.prec = bits
            with suppress(Unclear):
                found = _judged(claim, hypotheses, flags, {name: read_value(v) for name, v in data.items()})
            if found is not None:
                return need(not found, "the claim holds at the instance")
    finally:
        precision.prec = before
    raise NotCovered("the balls of the witness do not decide the claim, or a hypothesis")


def _judged(claim: Node, hypotheses: tuple[Fact, ...], flags: dict[str, frozenset[str]], env: Env) -> bool | None:
    """Whether the claim holds there; None where balls do not decide that, or whether a hypothesis does."""
    try:
        env, defined = defining(hypotheses, env)
    except NoValue as e:
        raise Refused(f"a definition has no value at the instance: {e}") from e
    declared(flags, env)
    for h in hypotheses:
        if h not in defined:
            try:
                fine = satisfied(h, env)
            except NoValue as e:
                raise Refused(f"the hypothesis {h.name!r} has no value at the instance: {e}") from e
            if not fine and precision.prec < PRECISIONS[-1]:
                return None
            need(fine, f"the instance is not known to satisfy the hypothesis {h.name!r}")
    try:
        return holds(claim, env)
    except NoValue:
        return False


# --- values -----------------------------------------------------------------------------------------------------------------
def read_value(data: Any, balls: bool = True) -> Any:
    """A rational, a ball, a matrix, a family, or a function or path of a known kind (whose data are rationals)."""
    if isinstance(data, str):
        return rational(data)
    tagged: list[Any] = data if isinstance(data, list) and len(data) == 2 else [None, None]
    kind, content = tagged
    if isinstance(kind, str) and kind in KINDS and isinstance(content, dict):
        return made(kind, {k: _field(v) for k, v in content.items()})
    if kind == "family" and isinstance(content, dict):
        return {_index(k): read_value(v, balls) for k, v in content.items()}
    if kind == "ball" and balls:
        need(isinstance(content, list) and len(content) == 2 and all(isinstance(x, str) for x in content), "a ball")
        middle, radius = map(rational, content)
        need(radius >= 0, "a ball with a negative radius")
        return arb(middle) + arb(0, 1) * arb(radius)
    if kind == "matrix":
        need(isinstance(content, list) and content and all(isinstance(r, list) and r for r in content), "a matrix")
        need(len({len(r) for r in content}) == 1, "a matrix whose rows have different lengths")
        return tuple(tuple(_number(v, balls) for v in r) for r in content)
    raise NotCovered(f"a value of the kind {kind if isinstance(kind, str) else type(data).__name__}")


def _number(data: Any, balls: bool) -> Any:
    need(isinstance(data, str) or (isinstance(data, list) and data[:1] == ["ball"]), "an entry that is no number")
    return read_value(data, balls)


def _field(data: Any) -> Any:
    """Of a function or path: what it says, a list of numbers, or another value without balls."""
    if isinstance(data, bool):
        return data
    plain = isinstance(data, list) and all(isinstance(v, str) for v in data) and data[:1] != ["matrix"]
    return tuple(map(rational, data)) if plain else read_value(data, balls=False)


def _index(text: str) -> int:
    k = rational(text)
    need(k.denom() == 1, "an index that is no integer")
    return int(k)


def declared(flags: dict[str, frozenset[str]], env: Env) -> None:
    """What the domain declares of a variable, without a hypothesis."""
    for name, x in env.items():
        members = list(x.values()) if isinstance(x, dict) else [x]
        if name in flags["integer"]:
            need(all(isinstance(v, fmpq) and v.denom() == 1 for v in members), f"{name} is no integer")
        if name in flags["positive"]:
            need(all(not isinstance(v, tuple) and v > 0 for v in members), f"{name} is not positive")
        if name in flags["symmetric"]:
            need(all(isinstance(v, tuple) and semidefinite(v, strictly=True) for v in members), f"{name} is not definite")


# --- definitions ------------------------------------------------------------------------------------------------------------
def defining(hypotheses: tuple[Fact, ...], env: Env) -> tuple[Env, list[Fact]]:
    """The instance with each inexact value that a hypothesis defines computed from exact ones, and these hypotheses."""
    env, used, inexact = dict(env), [], {name for name, x in env.items() if not _exact(x)}
    for _ in hypotheses:
        for h in hypotheses:
            name = h.shows.trees[0].args[0] if h.shows.head == "eq" and h.shows.trees[0].args else None
            free = h.shows.trees[-1].free.union(*(g.free for g in h.given)) if name in inexact else frozenset()
            if name in inexact and not free & inexact and (new := _defined(h, env)) is not None:
                env[name] = new
                inexact.remove(name)
                used.append(h)
    return env, used


def _exact(x: Any) -> bool:
    if isinstance(x, dict):
        return all(map(_exact, x.values()))
    return exact(x) if isinstance(x, tuple) else not isinstance(x, arb)


def _defined(h: Fact, env: Env) -> Any:
    """The value that an equation y = .. or y[j] = .. (for all members y[j]) gives; it agrees with the ball of the witness."""
    left, right = h.shows.trees
    old = env[left.args[0]]
    if left.head == "sym" and not h.variables and not h.given:
        new = value(right, env)
        need(close(old, new), f"the value of {left.args[0]} is not that of {h.name!r}")
        return new
    member = left.head in {"item", "chain"} and all(x.args == h.variables for x in left.trees)
    if not (member and isinstance(old, dict) and set(h.variables) <= indices([h.shows])):
        return None
    found = {int(place[h.variables[0]].numer()): value(right, {**env, **place}) for place in places(h, list(h.variables), env)}
    fits = set(found) == set(old) and all(close(old[k], found[k]) for k in old)
    need(fits, f"the members of {left.args[0]} are not those of {h.name!r}")
    return found
