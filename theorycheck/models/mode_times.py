"""Words for the time that a scalar mode d' = 2 c a d^(L-1) (1 - q d^L) takes from h alpha up to d_0.

This is what gradient flow of c (v_L .. v_1 X - Y)^2 does to d when all |v_l| = d: a = |X Y|, q = |X / Y|. `escape_time` is the
integral of dv / d'(v) (`exact/separation_rules.separated` shows that), `expanded` takes it apart, exactly, for every L >= 3.
Limits alpha -> 0 are about the function T(alpha) of the domain `with_time`, whose values these integrals are.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

from theorycheck.domain import Domain, Env, Source, Var, derived, drawn, hypothesis, rational, real, size
from theorycheck.enclose.precision import working
from theorycheck.evaluate import evaluate
from theorycheck.exact import integral_rules as area, rules as by
from theorycheck.fact import Fact, Proven
from theorycheck.models.modes import Mode, Reduced
from theorycheck.tree import (
    Converges,
    Eq,
    Flow,
    Function,
    Ge,
    Gt,
    Le,
    Lt,
    Node,
    absolute,
    free_names,
    integral,
    log,
    mat,
    num,
    sym,
    trace,
)

L, c, a, q, h = sym("L"), sym("c"), sym("a"), sym("q"), sym("h")
X, Y, alpha, d_0, u = sym("X"), sym("Y"), sym("alpha"), sym("d_0"), sym("u")
T = Function("T")
BITS = 64  # of a time at which a path is read
Lines = Generator[tuple[Node, Any], Proven, Any]


def speed(v: Node, depth: Node) -> Node:
    """The right side of the mode's equation at v."""
    return 2 * c * a * v ** (depth - 1) * (1 - q * v**depth)


def escape_time(depth: Node = L) -> Node:
    """The time from h alpha to d_0: the integral of dv / d'(v), as the claims `time` and `time-shallow` show."""
    return integral(u, h * alpha, d_0, u ** (1 - depth) / (2 * c * a) / (1 - q * u**depth))


def tail(depth: Node, end: Node) -> Node:
    """What the saturation 1 - q v^L adds between 0 and `end`, up to the factor q / (2 c a)."""
    return integral(u, 0, end, u / (1 - q * u**depth))


def constant(depth: Node = L) -> Node:
    """The constant c' of the expansion for L >= 3: all of the time that stays when alpha -> 0."""
    return 1 / (2 * c * a) * (q * tail(depth, d_0) - d_0 ** (-(depth - 2)) / (depth - 2))


def shallow_constant() -> Node:
    """The same for L = 2, in closed form."""
    return 1 / (2 * c * a) * (log(d_0 / h) - log(1 - q * d_0**2) / 2)


def deep_limit(rate: Node | int = 2) -> Node:
    """The time less its leading term tends to c', L >= 3; 2 is the rate that holds."""
    return Converges(T(alpha) - (h * alpha) ** (-(L - 2)) / ((L - 2) * rate * c * a), alpha, 0, constant())


def shallow_limit(rate: Node | int = 2) -> Node:
    """The same for L = 2."""
    return Converges(T(alpha) + log(alpha) / (rate * c * a), alpha, 0, shallow_constant())


# --- the domain ----------------------------------------------------------------------------------------------------------
def scalar_modes(
    name: str, depth: Node = L, more: tuple[Any, ...] = (), cost: Var | None = None, start: Var | None = None, deepest: int = 4
) -> Domain:
    """Modes that start at h alpha below d_0, and d_0 below the limit q^(-1/L); depth L >= 3, or the number given.

    `cost` and `start` replace the variables c > 0 and h > 0; `more` holds variables that these use, and hypotheses.
    Instances have L <= deepest.
    """
    own = (size("L", least=3, most=deepest),) if depth == L else ()
    extra = tuple(v for v in more if isinstance(v, Var))
    variables = (*own, *mode_data(more), *extra, cost or real("c", above=0), start or real("h", above=0), _level(), _start())
    level = hypothesis("the level is below the limit", Lt(q * d_0**depth, 1), 1001)
    below = hypothesis("the start is below the limit", Lt(q * (h * alpha) ** depth, 1), 1001)
    return Domain(name, variables, (level, below, *(f for f in more if isinstance(f, Fact))))


POSITIVE = (hypothesis("X > 0", Gt(X, 0)), hypothesis("Y is a/X", Eq(Y, a / X)))  # the coordinates with X Y > 0, X > 0


def mode_data(more: tuple[Any, ...]) -> tuple[Var, ...]:
    """X, Y nonzero of any sign (the coordinate is learned at all), a = |X Y| and q = |X / Y|."""
    signed = not any(f in more for f in POSITIVE)
    nonzero = (hypothesis("X is not 0", Gt(absolute(X), 0), 1001), hypothesis("Y is not 0", Gt(absolute(Y), 0), 1001))
    ratio = lambda env: abs(env["X"]) / abs(env["Y"]) if env["Y"] else abs(env["X"])  # noqa: E731
    return (
        real("X") if signed else real("X", above=0),
        real("Y") if signed else real("Y", above=0),
        derived("a", lambda env: abs(env["X"] * env["Y"]), positive("a"), *(nonzero if signed else ())),
        derived("q", ratio, positive("q")),
    )


def positive(name: str) -> Fact:
    return hypothesis(f"{name} > 0", Gt(sym(name), 0))


def _level() -> Var:
    def draw(source: Source, env: Env) -> Any:
        from flint import fmpq

        below = min(fmpq(1), 1 / env["q"]) if env["q"] else fmpq(1)  # at most the limit q^(-1/L)
        return below * fmpq(source.integer(1, 6), 7)

    return Var("d_0", draw, (positive("d_0"),), continuous=True)


def _start() -> Var:
    def draw(source: Source, env: Env) -> Any:
        from flint import fmpq

        widest = env["h"] if isinstance(env["h"], fmpq) and env["h"] > 1 else fmpq(1)
        return env["d_0"] / widest * fmpq(source.integer(1, 6), 7 * source.integer(1, 3))

    below = hypothesis("the start is below the level", Lt(h * alpha, d_0), 1001)
    return Var("alpha", draw, (hypothesis("alpha > 0", Gt(alpha, 0), 1001), below), continuous=True)


@dataclass(frozen=True)
class EscapeTime:
    """T at an instance: its value at alpha is that of the integral, with all other `data` of the instance."""

    depth: Node
    data: Env

    def value(self, start: Any) -> Any:
        return evaluate(escape_time(self.depth), {**self.data, "alpha": start})

    def belongs_to(self, env: Env) -> bool:
        """Whether an instance has the data that this function was made for."""
        return all(env[name] is value or env[name] == value for name, value in self.data.items())

    def __str__(self) -> str:
        return "the time from h*alpha to d_0"


def with_time(domain: Domain, depth: Node = L) -> Domain:
    """The domain with the time T as a function of alpha, which is defined by the integral for all admissible alpha."""
    others = free_names(escape_time(depth)) - {"alpha"}
    time = hypothesis(
        "the time",
        Eq(T(alpha), escape_time(depth)),
        1001,
        variables=("alpha",),
        given=(Gt(alpha, 0), Lt(h * alpha, d_0)),
        test=lambda env: isinstance(env["T"], EscapeTime) and env["T"].depth == depth and env["T"].belongs_to(env),
    )
    function = derived("T", lambda env: EscapeTime(depth, {name: env[name] for name in others}))
    return domain.extended(f"{domain.name}, and their time T", function, time)


# --- derivations ---------------------------------------------------------------------------------------------------------
def unsaturated(depth: Node, end: Node) -> Lines:
    """1 - q u^L > 0 for 0 <= u <= end, which licenses the integrands; and u^L <= end^L."""
    span = [Le(0, u), Le(u, end)]
    below = yield Le(u, end), by.under(span, by.trivially())
    power = yield Le(u**depth, end**depth), by.under(span, by.raised(below, depth))
    line = yield Gt(1 - q * u**depth, 0), by.under(span, by.linear((power, q)))
    return line, power


def timed(depth: Node = L) -> Lines:
    """T(alpha) is the integral, where alpha is admissible."""
    return (yield Eq(T(alpha), escape_time(depth)), by.given("the time"))


def expanded() -> Lines:
    """The time for L >= 3: u^(1-L) + q u / (1 - q u^L) under the integral, a primitive of the first, a split of the second."""
    licence, _ = yield from unsaturated(L, d_0)
    plain = integral(u, h * alpha, d_0, u ** (1 - L))
    rest = integral(u, h * alpha, d_0, u / (1 - q * u**L))
    parts = yield Eq(escape_time(), 1 / (2 * c * a) * (plain + q * rest)), area.integrands(licence)
    power = yield Eq(plain, ((h * alpha) ** (2 - L) - d_0 ** (2 - L)) / (L - 2)), area.antiderivative(-(u ** (2 - L)) / (L - 2))
    whole = yield Eq(tail(L, d_0), tail(L, h * alpha) + rest), area.split(licence)
    return (parts, 1), (power, 1 / (2 * c * a)), (whole, -q / (2 * c * a))


def expanded_time() -> Lines:
    """The same for T(alpha), the time as a function of alpha."""
    definition = yield from timed()
    return ((definition, 1), *(yield from expanded()))


def saturation() -> Lines:
    """0 <= tail(h alpha) <= (h alpha)^2 / (2 (1 - q (h alpha)^L)): two lines."""
    end = h * alpha
    largest = 1 / (1 - q * end**L)
    licence, power = yield from unsaturated(L, end)
    span = [Le(0, u), Le(u, end)]
    low = yield Ge(tail(L, end), 0), area.integrands(licence)
    less = yield Le(1 - q * end**L, 1 - q * u**L), by.under(span, by.linear((power, q)))
    licensed = [*span, licence.shows]
    inverse = yield Le(1 / (1 - q * u**L), largest), by.under(licensed, by.raised(less, -1))
    factor = yield Le(u / (1 - q * u**L), u * largest), by.under(licensed, by.linear((inverse, u)))
    area_of = integral(u, 0, end, u * largest)
    high = yield Le(tail(L, end), area_of), area.integrated(factor, licence)
    value = yield Eq(area_of, end**2 / 2 * largest), area.antiderivative(u**2 / 2 * largest)
    return low, high, value


# --- the path itself -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Reached:
    """The time at which the path from h alpha reaches the level, as a function of alpha."""

    reduced: Reduced
    h: Any
    level: Any

    def value(self, start: Any) -> Any:
        with working(BITS):  # the path is read there by bisection, which takes as many steps
            return Mode(self.reduced, self.h * start).time(self.level)


def timed_modes(name: str, depth: Node = L) -> Domain:
    """Modes with their path d(t) = Tr v(t), v the flow of a function F on 1 x 1 matrices: d(0) = h alpha, d(T(alpha)) = d_0."""
    v, F, U = Flow("v", "F", (num(1), num(1))), Function("F"), mat("U", 1, 1)
    base = scalar_modes(name, depth)

    def reduced(env: Env) -> Reduced:
        return Reduced(env.get("L", 2), 2 * env["c"] * env["a"], env["q"])

    def path(env: Env) -> Mode:
        return Mode(env["F"], env["h"] * env["alpha"])

    law = hypothesis(
        "the reduced gradient",
        Eq(trace(F.grad(U)), -speed(trace(U), depth)),
        1001,
        given=(Gt(trace(U), 0),),
        variables=("U",),
        test=lambda env: env["F"] == reduced(env),
    )
    more = (
        derived("F", reduced),
        derived("v", path),
        derived("T", lambda env: Reached(reduced(env), env["h"], env["d_0"]), hypothesis("T >= 0", Ge(T(alpha), 0))),
        real("t", at_least=0),
        drawn("U", lambda source, _: ((rational(source, positive=True),),)),
        law,
        hypothesis("the start", Eq(trace(v(0)), h * alpha), 1001),
        hypothesis("the level is reached", Eq(trace(v(T(alpha))), d_0), 1001),
    )
    return base.extended(name, *more)
