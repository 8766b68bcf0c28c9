"""Instances with the integers they were drawn from: replayed, and made as simple as they can be while a claim still fails."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from random import Random
from typing import Any

from theorycheck.domain import Choices, Domain, Env, RandomSource, ReplaySource
from theorycheck.evaluate import Undefined
from theorycheck.evaluate.judge import judge_or_no_value, show
from theorycheck.evaluate.remembering import Remembering
from theorycheck.exact.call import NoData, value_as_data
from theorycheck.statement import Claim, Near
from theorycheck.tree import Node, free_names

FINE = 16  # how much finer the rationals of replayed draws may be
NEAR = "(equality case)"  # under this name, the integers that the claim's `near` drew


@dataclass(frozen=True)
class Draw:
    """An instance with the integers that each variable was drawn from, and the simplest ones in their places."""

    env: Env
    choices: Choices
    simplest: Choices

    @property
    def complexity(self) -> tuple[int, int, int]:
        """How many integers, how far from the simplest, and how late (so that what is not needed can be cut off)."""
        pairs = [enumerate(zip(self.choices[name], self.simplest[name], strict=True)) for name in self.choices]
        far = [(k, abs(c - s)) for own in pairs for k, (c, s) in own]
        return len(far), sum(d for _, d in far), sum(k * d for k, d in far)


def samples(claim: Claim, seed: str, count: int) -> Sequence[Draw]:
    """Instances of a claim's domain, small ones first, each followed by its equality case where the claim names one."""
    return _samples(claim.domain, claim.near, seed, count)


@lru_cache(maxsize=2)  # mutants of one claim come one after the other
def _samples(domain: Domain, near: Near | None, seed: str, count: int) -> Sequence[Draw]:
    return tuple(Draw(Remembering(d.env), d.choices, d.simplest) for d in _made(domain, near, seed, count))


def _made(domain: Domain, near: Near | None, seed: str, count: int) -> Iterator[Draw]:
    for k, (env, choices) in enumerate(domain.recorded(seed, count)):
        yield Draw(env, choices, choices)
        if near is not None:
            source = ReplaySource(after=RandomSource(Random(f"{seed}:near:{k}")))
            moved = near(source, env)
            if domain.broken(moved) is None:
                all_choices = {**choices, NEAR: tuple(source.made)}
                yield Draw(moved, all_choices, all_choices)


def drawn(claim: Claim, choices: Choices, random: RandomSource | None = None) -> Draw | None:
    """The instance of these integers (then of `random`); None where the domain cannot draw it."""
    return drawn_in(claim.domain, claim.near, choices, random)


def drawn_in(domain: Domain, near: Near | None, choices: Choices, random: RandomSource | None = None) -> Draw | None:
    """As `drawn`, for all claims on a domain with the same equality case."""
    try:
        env, sources = domain.replayed(choices, random, FINE)
        if NEAR in choices and near is not None:
            if domain.broken(env) is not None:
                return None  # `near` may rely on the hypotheses
            sources[NEAR] = ReplaySource(choices[NEAR], random, FINE)
            env = dict(near(sources[NEAR], env))
    except Undefined:
        return None
    return Draw(env, {k: tuple(s.made) for k, s in sources.items()}, {k: tuple(s.simplest) for k, s in sources.items()})


def changed(choices: Choices, random: Random) -> Choices:
    """One or two neighbouring pairs of the integers (such as p and q of p/q) moved, each alone or with all that equal it."""
    new = {name: list(values) for name, values in choices.items()}
    places = [(name, k) for name, values in new.items() for k in range(len(values))]
    for _ in range(random.randint(1, 2) if places else 0):
        (name, k), (other, j) = random.choice(places), random.choice(places)
        old = new[name][k : k + 2]
        pair = _moved(old, new[other][j : j + len(old)], random)
        ties = [(v, i) for v in new for i in range(k % 2, len(new[v]), 2) if new[v][i : i + 2] == old]
        for v, i in ties if random.randrange(3) == 0 else [(name, k)]:
            new[v][i : i + 2] = pair
    return {name: tuple(values) for name, values in new.items()}


def _moved(pair: list[int], other: list[int], random: Random) -> list[int]:
    first, rest = pair[0], pair[1:]
    match random.randrange(6):
        case 0:
            return other if len(other) == len(pair) else pair
        case 1:
            return [random.choice((-first, random.randint(-3, 3))), *rest]
        case 2 | 3:  # a finer fraction
            factor = random.randint(2, 8)
            return [first * factor + random.choice((-1, 1)), *(r * factor for r in rest)]
        case _:
            return [first + random.choice((-1, 1)) * 2 ** random.randrange(6), *rest]


# --- simplification -------------------------------------------------------------------------------------------------------
def simplified(claim: Claim, goal: Node, draw: Draw, budget: int) -> Draw:
    """The simplest violation among `budget` instances, each simpler than the last one that was a violation."""
    best = drawn(claim, draw.choices) or draw
    seen: set[tuple[tuple[int, ...], ...]] = set()
    improved = True
    while improved:
        improved = False
        for choices in _simpler(best):
            key = tuple(choices.values())
            if key in seen:
                continue
            if len(seen) == budget:
                return best
            seen.add(key)
            made = drawn(claim, choices)
            if made and made.complexity < best.complexity and violates(claim, goal, made):
                best, improved = made, True
                break
    return best


def _simpler(draw: Draw) -> Iterator[Choices]:
    """Whole variables at their simplest (sizes come first), then halves, quarters ..; pairs p, q at simpler fractions nearby,
    with all that equal them; a pair less in every variable; last, one integer after the other."""
    choices, simplest = draw.choices, draw.simplest
    for name, values in choices.items():
        block = len(values)
        while block:
            for k in range(0, len(values), block):
                yield {**choices, name: values[:k] + simplest[name][k : k + block] + values[k + block :]}
            block //= 2
    for p, q in dict.fromkeys(pair for values in choices.values() for pair in pairwise(values) if pair[1] > 1):
        for most in (1, 2, 5, 12, 30):
            near = Fraction(p, q).limit_denominator(most)
            yield {name: _exchanged(v, (p, q), (near.numerator, near.denominator)) for name, v in choices.items()}
    for k in range(0, max(map(len, choices.values()), default=0), 2):
        yield {name: values[:k] + values[k + 2 :] if len(values) > 1 else values for name, values in choices.items()}
    for name, values in choices.items():
        for k, (c, s) in enumerate(zip(values, simplest[name], strict=True)):
            for closer in (s + (c - s) // 2, c - (c > s) + (c < s)):
                yield {**choices, name: (*values[:k], closer, *values[k + 1 :])}


def _exchanged(values: tuple[int, ...], old: tuple[int, int], new: tuple[int, int]) -> tuple[int, ...]:
    found = list(values)
    for k in range(len(found) - 1):
        if (found[k], found[k + 1]) == old:
            found[k : k + 2] = new
    return tuple(found)


def violates(claim: Claim, goal: Node, draw: Draw) -> bool:
    """Whether an instance is a witness: the claim fails, certainly, and every hypothesis holds."""
    return judge_or_no_value(goal, draw.env).holds is False and claim.domain.broken(draw.env) is None


def describe(goal: Node, env: Env) -> dict[str, str]:
    """The values of the symbols that a claim mentions, and of those that they depend on, as text."""
    needed = free_names(goal)
    return {name: _text(value) for name, value in env.items() if name in needed or isinstance(value, int)}


def written(claim: Claim, goal: Node, env: Env) -> dict[str, Any] | None:
    """The values of all symbols that the goal and the hypotheses mention, as data; None where one cannot be written."""
    parts = [(part, f.variables) for f in claim.domain.hypotheses for part in (f.shows, *f.given)]
    names = free_names(goal).union(*(free_names(part) - set(bound) for part, bound in parts))
    try:
        return {name: value_as_data(value) for name, value in env.items() if name in names}
    except NoData:
        return None


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{k}: {_text(v)}" for k, v in value.items())
    return show(value)
