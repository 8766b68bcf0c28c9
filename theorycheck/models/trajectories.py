"""Legs that judge a claim about a gradient flow along computed paths: rigorous Taylor flows, and runs of the engine.

Both evaluate the claim's own tree; the path of the instance is a table of states, or a rigorous flow read at any time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flint import arb, fmpq

from theorycheck.domain import Env
from theorycheck.enclose.precision import working
from theorycheck.enclose.taylor import Flow, integrate, state_at
from theorycheck.evaluate import evaluate, judge, numbers as nb
from theorycheck.evaluate.judge import show
from theorycheck.evaluate.numbers import Missing
from theorycheck.evaluate.values import Rows
from theorycheck.exact.session import sides
from theorycheck.statement import Check
from theorycheck.tree import Node, free_names
from theorycheck.verdict import Evidence, Outcome, Witness

TIMES = (fmpq(0), fmpq(1, 4), fmpq(1, 2), fmpq(1), fmpq(2), fmpq(4))


class NotComputed(Missing):
    """A claim asks for a state of a path at a time at which it was not computed."""


# --- a cost whose flow has no closed form --------------------------------------------------------------------------------
@dataclass(frozen=True)
class Valley:
    """C(u, v) = 1/2 u^2 + 1/2 (v - u^2)^2: minimal at 0 only, not convex, and PL with beta < 1 only on a part of the plane.

    With p = v - u^2: |grad|^2 / 2 - beta C = (u^2 ((1 - 2p)^2 - beta) + p^2 (1 - beta)) / 2, and p <= v.
    """

    least = fmpq(0)

    def __str__(self) -> str:
        return "1/2 u^2 + 1/2 (v - u^2)^2"

    def value(self, x: Rows) -> Any:
        (u,), (v,) = x
        p = v - u * u
        return fmpq(1, 2) * (u * u) + fmpq(1, 2) * (p * p)

    def gradient(self, x: Rows) -> Rows:
        (u,), (v,) = x
        p = v - u * u
        return ((u - 2 * u * p,), (p,))

    def has_pl(self, beta: Any, start: Rows) -> bool:
        """Whether PL surely holds on B(start, r): there 1 - 2p >= 1 - 2v >= sqrt(beta)."""
        r = nb.sqrt(2 / beta * self.value(start))
        room = 1 - 2 * (start[1][0] + r) - nb.sqrt(beta)
        return beta <= 1 and nb.sign_of(room) in {0, 1}


@dataclass(frozen=True)
class TaylorPath:
    """The rigorous flow of a polynomial cost from an exact start until `end`; `rest` is its limit, known by other means."""

    cost: Any
    start: Rows
    end: fmpq
    rest: Rows

    def __str__(self) -> str:
        return f"the flow of C from {show(self.start)}"

    @cached_property
    def _flow(self) -> Flow:
        def field(y: Sequence[Any]) -> list[Any]:
            return [-g for (g,) in self.cost.gradient(tuple((v,) for v in y))]

        with working(128):
            return integrate(field, [v for (v,) in self.start], [self.end])

    def __call__(self, t: Any) -> Rows:
        if t == 0:
            return self.start
        if not 0 < t <= self.end:
            raise NotComputed(f"the path is computed for times from 0 to {self.end}, not for {t}")
        return tuple((v,) for v in state_at(self._flow, t))

    def limit(self) -> Rows:
        return self.rest


def valley_instances(count: int) -> Iterator[dict[str, Any]]:
    """Flows on the valley from exact starts for which PL holds on the ball."""
    made = 0
    for k in range(1, 10 * count):
        beta = fmpq(1, (4, 9, 16, 2)[k % 4])
        start = ((fmpq((k * 7) % 11 - 5, 40),), (fmpq((k * 5) % 13 - 6, 60),))
        if start != ((0,), (0,)) and Valley().has_pl(beta, start):
            path = TaylorPath(Valley(), start, TIMES[-1], ((fmpq(0),), (fmpq(0),)))
            yield {"n": 2, "beta": beta, "C": path.cost, "x": path, "C_min": fmpq(0)}
            made += 1
        if made == count:
            return


def along_rigorous_paths(check: Check) -> Evidence:
    """The claim's tree at several times of rigorous flows of a cost that is not quadratic; a violation is a witness."""
    count, ratios, open_ = 4 if check.level == "quick" else 24, [], 0
    for env in valley_instances(count):
        for t in TIMES:
            here = {**env, "t": t}
            try:
                found = judge(check.tree, here)
            except NotComputed as e:
                return Evidence("ball", Outcome.NOTHING, str(e))
            if found.holds is False:
                witness = Witness(_values(check.tree, here), found.text, found.exact)
                return Evidence("ball", Outcome.REFUTES, "a violation along a rigorous flow", witness=witness)
            open_ += found.holds is None and not found.agrees
            ratios.append(ratio(check.tree, here) if t > 0 else None)
    if open_:
        return Evidence("ball", Outcome.NOTHING, f"{open_} of {len(ratios)} points of rigorous flows were not decided")
    coverage = f"{count} rigorous flows of {Valley()}, {len(TIMES)} times each"
    largest = max(r for r in ratios if r is not None)
    return Evidence("ball", Outcome.SUPPORTS, f"holds; largest left/right {largest:.6f}", coverage=coverage)


def _values(tree: Node, env: Env) -> dict[str, str]:
    needed = free_names(tree)
    return {k: show(v) for k, v in env.items() if k in needed}


def ratio(tree: Node, env: Env) -> float | None:
    """smaller / larger side of an order relation between numbers >= 0, as a float; None for 0/0."""
    with working(128):
        low, high = (float(nb.to_arb(evaluate(side, env)).mid()) for side in sides(tree))
    return low / high if high else None


# --- the engine ----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class EngineCost:
    """A cost of the engine, for trees: rows of rationals in, the float that the engine computes out."""

    cost: Any
    name: str

    def __str__(self) -> str:
        return self.name

    def value(self, x: Rows) -> fmpq:
        return exactly(self.cost.value(_array(x)))

    def gradient(self, x: Rows) -> Rows:
        return rows_of(self.cost.gradient(_array(x)))


@dataclass(frozen=True)
class Recorded:
    """States of one sample at the recorded times, and at the end, which stands for the limit."""

    states: dict[Any, Rows]
    last: Rows

    def __call__(self, t: Any) -> Rows:
        if t not in self.states:
            raise NotComputed(f"the run has no record at time {t}")
        return self.states[t]

    def limit(self) -> Rows:
        return self.last


def exactly(x: Any) -> fmpq:
    return fmpq(*float(x).as_integer_ratio())


def rows_of(x: Any) -> Rows:
    return tuple(tuple(exactly(v) for v in row) for row in x)


def _array(x: Rows) -> Any:
    import numpy as np

    return np.array([[float(arb(v)) for v in row] for row in x])


def engine_costs(seed: int) -> dict[str, Any]:
    """One cost of every kind that the engine's library has, on 2 x 3 matrices; some directions flat, repeated entries."""
    import numpy as np

    from theorycheck import flow

    rng = np.random.default_rng(seed)
    basis, _ = np.linalg.qr(rng.normal(size=(6, 6)))
    hessian = (basis * np.array([0, 0, 1, 1, 2, 5.0])) @ basis.T
    return {
        "MSE": flow.MeanSquaredError(rng.normal(size=(3, 5)), rng.normal(size=(2, 5))),
        "MSE, N < n0": flow.MeanSquaredError(rng.normal(size=(3, 2)), rng.normal(size=(2, 2))),
        "matrix completion": flow.MatrixCompletion((0, 1, 1, 0), (0, 2, 1, 0), (1.0, -2.0, 0.5, 2.0), (2, 3)),
        "quadratic": flow.Quadratic((hessian + hessian.T) / 2, rng.normal(size=(2, 3)), 0.25),
        "squared distance": flow.SquaredDistance(rng.normal(size=(2, 3)), 0.7),
    }


def engine_instances(name: str, cost: Any, samples: int, seed: int) -> Iterator[dict[str, Any]]:
    """Matrix flows of one cost from random starts, at a few times and at one that stands for infinity."""
    from theorycheck import flow

    network = flow.rectangular(n_0=3, width=1, n_L=2, depth=1)
    times = [float(t) / cost.beta for t in TIMES]
    start = flow.gaussian(network, samples, std=1.0, seed=seed)
    done = flow.run(network, cost, start, 20 / cost.beta, rtol=1e-11, atol=1e-14, record_at=times, record="A")
    for k in range(samples):
        if not done.solution.good[k]:
            raise RuntimeError(f"the engine stopped: {done.solution.summary()}")
        states = {exactly(t): rows_of(a) for t, a in zip(times, done.solution.recorded[k], strict=True)}
        path = Recorded(states, rows_of(done.A[k]))
        for t in states:
            yield {"beta": exactly(cost.beta), "C": EngineCost(cost, name), "x": path, "C_min": exactly(cost.minimum), "t": t}


def along_engine_runs(check: Check) -> Evidence:
    """The claim's tree along runs of the engine for every cost of its library; the largest left/right of each cost.

    Floating point: an excess of 1e-6 of the right side, plus 1e-9 of its value at the start, is within the error.
    """
    samples, worst = 4 if check.level == "quick" else 48, dict[str, float]()
    for name, cost in engine_costs(check.seed).items():
        try:
            found = list(_sides(check.tree, engine_instances(name, cost, samples, check.seed)))
        except NotComputed as e:
            return Evidence("flow", Outcome.NOTHING, str(e))
        for t, low, high, scale in found:
            if low > high * (1 + 1e-6) + 1e-9 * scale:
                summary = f"{name}: left {low:.9g} > right {high:.9g}"
                return Evidence("flow", Outcome.CONTRADICTS, summary, reason=summary)
            tight = low / high if t > 0 and high > 1e-9 * scale else 0.0
            worst[name] = max(worst.get(name, 0.0), tight)
    text = "largest left/right: " + ", ".join(f"{name} {v:.4f}" for name, v in worst.items())
    coverage = f"{samples} starts for each of {len(worst)} costs, {len(TIMES)} times, seed {check.seed}"
    return Evidence("flow", Outcome.SUPPORTS, text, coverage=coverage, margin=f"{1 - max(worst.values()):.2g}")


def _sides(tree: Node, instances: Iterable[Env]) -> Iterator[tuple[float, ...]]:
    """The time, both sides at each instance, and the larger side at the start of the same path."""
    read: Callable[[Node, Env], float] = lambda side, env: float(nb.to_arb(evaluate(side, env)).mid())  # noqa: E731
    for env in instances:
        low, high = sides(tree)
        yield float(arb(env["t"])), read(low, env), read(high, env), read(high, {**env, "t": fmpq(0)})
