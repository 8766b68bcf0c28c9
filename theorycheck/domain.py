"""Domains: the hypotheses of a claim, one by one, and the instances that satisfy them.

One declaration serves every layer. A `Var` says what a symbol is, what is known of it, and how to draw a value; a `Domain`
lists the variables (each may use the ones before it) and the hypotheses with their printed lines. Values are drawn from a
`Source` of integers, so that the same declaration gives random instances, float batches, and Hypothesis strategies that
shrink. Every instance is checked against every hypothesis, exactly or in balls, before it is used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from theorycheck.errors import InputError
from theorycheck.fact import Fact
from theorycheck.sources import (
    DrawSource as DrawSource,
    RandomSource as RandomSource,
    ReplaySource as ReplaySource,
    Source as Source,
)
from theorycheck.tree import Ge, Gt, Le, Node, Number, as_node, sym
from theorycheck.tree.node import Number as _Number

Env = Mapping[str, Any]
Choices = Mapping[str, tuple[int, ...]]
GUARD = 1e-9  # of float batches
CONVENTIONS = (
    "costs are smooth enough for their gradient flow to exist and to be unique (gradient locally Lipschitz)",
    "a flow is taken on its maximal interval of existence; it exists as long as it stays bounded",
    "all sizes are integers >= 1",
    "a ball B(x, r) is closed unless a claim says otherwise",
)


@dataclass(frozen=True)
class Var:
    """A symbol of a domain: its name, how a value is drawn given the earlier ones, and what is known of it.

    `symmetric`: a symmetric positive definite matrix; `positive`: a family of positive scalars; `continuous`: a real number
    that need not be an integer, so that no sum ends at it. `integer`: an integer, or a family of integers.
    """

    name: str
    draw: Callable[[Source, Env], Any]
    facts: tuple[Fact, ...] = ()
    symmetric: bool = False
    positive: bool = False
    continuous: bool = False
    integer: bool = False


@dataclass(frozen=True)
class Domain:
    """The admissible instances of a claim: variables in the order they are drawn, and hypotheses with their lines."""

    name: str
    variables: tuple[Var, ...] = ()
    conditions: tuple[Fact, ...] = ()
    conventions: tuple[str, ...] = field(default=CONVENTIONS)

    @property
    def hypotheses(self) -> tuple[Fact, ...]:
        """Ranges of the variables, then the printed hypotheses."""
        return tuple(f for v in self.variables for f in v.facts) + self.conditions

    def extended(self, name: str, *more: Var | Fact) -> Domain:
        """The domain with more variables and hypotheses."""
        variables = tuple(m for m in more if isinstance(m, Var))
        facts = tuple(m for m in more if isinstance(m, Fact))
        return replace(self, name=name, variables=self.variables + variables, conditions=self.conditions + facts)

    def draw(self, source: Source) -> dict[str, Any]:
        """Values of all variables; they may still break a hypothesis (see `broken`)."""
        env: dict[str, Any] = {}
        for v in self.variables:
            env[v.name] = v.draw(source, env)
        return env

    def broken(self, env: Env) -> str | None:
        """The first hypothesis that an instance does not certainly satisfy, or None."""
        from theorycheck.evaluate import Undefined, judge

        for f in self.hypotheses:
            if f.test is not None:
                if not f.test(env):
                    return f.name
            elif f.variables:
                raise InputError(f"the hypothesis {f.name!r} of {self.name!r} is universal; give it a `test` on instances")
            else:
                try:
                    found = judge(f.shows, env)
                except Undefined as e:
                    return f"{f.name} ({e})"
                if found.holds is not True and not (f.shows.head == "eq" and found.agrees):
                    return f.name
        return None

    def instances(self, seed: str, count: int) -> Iterator[dict[str, Any]]:
        """Admissible instances, small ones first; about twenty draws are tried for each."""
        return (env for env, _ in self.recorded(seed, count))

    def recorded(self, seed: str, count: int) -> Iterator[tuple[dict[str, Any], Choices]]:
        """The same instances, each with the integers that `replayed` draws it from again."""
        made, tries = 0, 20 * count
        for k in range(tries):
            env, sources = self.replayed({}, RandomSource(Random(f"{seed}:{k}"), reach=1 + 2 * k // count))
            if self.broken(env) is None:
                yield env, {name: tuple(s.made) for name, s in sources.items()}
                made += 1
                if made == count:
                    return
        if made == 0:
            raise InputError(f"the domain {self.name!r} seems empty: no draw of {tries} satisfies it; check its hypotheses")

    def replayed(
        self, choices: Choices, after: Source | None = None, stretch: int = 1
    ) -> tuple[dict[str, Any], dict[str, ReplaySource]]:
        """Values drawn from the integers recorded for each variable (then from `after`, or the simplest), and the sources."""
        env: dict[str, Any] = {}
        sources = {v.name: ReplaySource(choices.get(v.name, ()), after, stretch) for v in self.variables}
        for v in self.variables:
            env[v.name] = v.draw(sources[v.name], env)
        return env, sources

    def batch(self, seed: str, count: int) -> dict[str, Any]:
        """`count` instances of equal shapes as float64 stacks, for `evaluate_batch`; fewer where most draws are rejected.

        Sizes, indices and all other whole numbers that are drawn are those of one instance; the rest is drawn again. A draw
        is rejected if its shapes differ or a hypothesis fails by more than GUARD, relative to its terms (a strict one must
        hold by more than that; a universal one is tested exactly).
        """
        from theorycheck.evaluate.stacks import signature, stack
        from theorycheck.evaluate.violation import within

        *_, pattern = self.instances(f"{seed}:shapes", 4)
        relations = [f.shows for f in self.hypotheses if f.test is None]
        found: list[dict[str, Any]] = []
        for k in range(20 * count):
            env = self._redrawn(Random(f"{seed}:batch:{k}"), pattern)
            if env is not None and signature(env) == signature(pattern):
                one = stack([env])
                found += [env] * all(within(r, one, GUARD).all() for r in relations)
            if len(found) == count:
                break
        return dict(stack(found or [pattern]))

    def _redrawn(self, random: Random, pattern: Env) -> dict[str, Any] | None:
        """Fresh values with the whole numbers of the pattern, or None where a universal hypothesis fails."""
        source = ReplaySource(after=RandomSource(random, reach=10**6), stretch=32)
        env: dict[str, Any] = {}
        for v in self.variables:
            before = len(source.made)
            value = v.draw(source, env)
            env[v.name] = pattern[v.name] if _whole(value) and len(source.made) > before else value
        return env if all(f.test is None or f.test(env) for f in self.hypotheses) else None


def _whole(value: Any) -> bool:
    return all(map(_whole, value.values())) if isinstance(value, dict) else isinstance(value, int)


def strategy(domain: Domain) -> Any:
    """A Hypothesis strategy for the admissible instances of a domain."""
    from hypothesis import assume, strategies as st

    @st.composite
    def instances(draw: Callable[[Any], Any]) -> dict[str, Any]:
        env = domain.draw(DrawSource(draw))
        assume(domain.broken(env) is None)
        return env

    return instances()


def hypothesis(name: str, shows: Node, line: int | None = None, **more: Any) -> Fact:
    """A printed hypothesis with its line of the paper's file; `variables`, `given` and `test` for a universal one."""
    return Fact(name, shows, source=f"line {line}" if line else "convention", **more)


# --- variables -----------------------------------------------------------------------------------------------------------
def _value(x: Node | Number, env: Env) -> Any:
    from theorycheck.evaluate import evaluate

    return evaluate(as_node(x), env)


def size(name: str, least: int = 1, most: int = 3) -> Var:
    """An integer size (a width, a number of data points); `most` limits the instances, not the claim."""
    return Var(name, lambda s, _: s.integer(least, most), (Fact(f"{name} >= {least}", Ge(sym(name), least)),), integer=True)


def depth(name: str = "L", least: int = 2, most: int = 4) -> Var:
    """The depth of a network."""
    return size(name, least, most)


def index(name: str, lo: Node | Number, hi: Node | Number) -> Var:
    """A generic index lo <= name <= hi."""

    def draw(source: Source, env: Env) -> int:
        return source.integer(int(_value(lo, env).numer()), int(_value(hi, env).numer()))

    facts = (Fact(f"{name} in range (lower)", Ge(sym(name), lo)), Fact(f"{name} in range (upper)", Le(sym(name), hi)))
    return Var(name, draw, facts, integer=True)


def real(name: str, *, above: Number | None = None, at_least: Number | None = None, line: int | None = None) -> Var:
    """A real number; `above`: strictly larger than, `at_least`: >=."""
    facts: tuple[Fact, ...] = ()
    if above is not None:
        facts = (hypothesis(f"{name} > {above}", Gt(sym(name), above), line),)
    if at_least is not None:
        facts = (hypothesis(f"{name} >= {at_least}", Ge(sym(name), at_least), line),)
    floor: _Number = above if above is not None else at_least if at_least is not None else 0

    def draw(source: Source, _: Env) -> Any:
        from flint import fmpq

        low = fmpq(floor.numerator, floor.denominator)
        if above is None and at_least is None:
            return rational(source)
        step = rational(source, positive=above is not None)
        return low + (step if step >= 0 else -step)

    return Var(name, draw, facts, continuous=True)


def rational(source: Source, positive: bool = False) -> Any:
    """A small rational p/q, zero and integers likely; at two scales (below and above 1)."""
    from flint import fmpq

    top = 9 * source.stretch
    return fmpq(source.integer(1 if positive else -top, top), source.integer(1, 5 * source.stretch))


def matrix(name: str, rows: Node | Number, cols: Node | Number, facts: tuple[Fact, ...] = ()) -> Var:
    """A matrix of rationals of the given shape; zero, rank-deficient and repeated values are likely at small reach."""

    def draw(source: Source, env: Env) -> Any:
        m, n = (int(_value(x, env).numer()) for x in (rows, cols))
        return rational_matrix(source, m, n)

    return Var(name, draw, facts)


def rational_matrix(source: Source, m: int, n: int) -> Any:
    return tuple(tuple(rational(source) for _ in range(n)) for _ in range(m))


def widths(name: str, depth_name: str = "L", least: Callable[[Env, int], int] | None = None, most: int = 3) -> Var:
    """The widths n_0 .. n_L, each at least 1 (or `least(env, l)`)."""

    def draw(source: Source, env: Env) -> dict[int, int]:
        chosen: dict[int, int] = {}
        for l in range(int(env[depth_name]) + 1):
            low = least({**env, name: chosen}, l) if least else 1
            chosen[l] = source.integer(low, max(low, most))
        return chosen

    return Var(name, draw, positive=True, integer=True)


def layers_of(name: str, widths_name: str = "n", depth_name: str = "L") -> Var:
    """Weight matrices W_1 .. W_L of shape n_l x n_(l-1)."""

    def draw(source: Source, env: Env) -> dict[int, Any]:
        n = env[widths_name]
        return {l: rational_matrix(source, n[l], n[l - 1]) for l in range(1, int(env[depth_name]) + 1)}

    return Var(name, draw)


def family(
    name: str,
    indices: Callable[[Env], range],
    member: Callable[[Source, Env, int], Any],
    *facts: Fact,
    positive: bool = False,
) -> Var:
    """A family over an index, each member drawn by `member(source, env, k)`."""
    return Var(name, lambda s, env: {k: member(s, env, k) for k in indices(env)}, facts, positive=positive)


def derived(name: str, value: Callable[[Env], Any], *facts: Fact) -> Var:
    """A symbol whose value follows from the others (a minimizer, a singular value)."""
    return Var(name, lambda _, env: value(env), facts)


def drawn(
    name: str,
    draw: Callable[[Source, Env], Any],
    *facts: Fact,
    symmetric: bool = False,
    positive: bool = False,
    integer: bool = False,
) -> Var:
    """A symbol with a draw of its own (see `Var` for the flags)."""
    return Var(name, draw, facts, symmetric, positive, integer=integer)
