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
    if isinstance(data, bool) and not balls:
        return data
    tagged = isinstance(data, list) and len(data) == 2 and data[0] in ("family", "ball", "matrix", *KINDS)
    if tagged and isinstance(data[1], dict) and data[0] in KINDS:
        return made(data[0], {k: read_value(v, balls=False) for k, v in data[1].items()})
    if tagged and data[0] == "family" and isinstance(data[1], dict):
        return {_index(k): read_value(v, balls) for k, v in data[1].items()}
    if tagged and data[0] == "ball" and balls:
        need(isinstance(data[1], list) and len(data[1]) == 2 and all(isinstance(x, str) for x in data[1]), "a ball")
        middle, radius = map(rational, data[1])
        need(radius >= 0, "a ball with a negative radius")
        return arb(middle) + arb(0, 1) * arb(radius)
    if tagged and data[0] == "matrix":
        need(isinstance(data[1], list) and data[1] and all(isinstance(r, list) and r for r in data[1]), "a matrix")
        need(len({len(r) for r in data[1]}) == 1, "a matrix whose rows have different lengths")
        return tuple(tuple(read_value(v, balls) for v in r) for r in data[1])
    if isinstance(data, list) and not any(isinstance(v, dict) for v in data):
        return tuple(read_value(v, balls) for v in data)
    raise NotCovered(f"a value of the kind {data[0] if isinstance(data, list) and data else type(data).__name__}")


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
