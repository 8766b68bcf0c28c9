"""Words for the time that a scalar mode d' = 2 c a d^(L-1) (1 - q d^L) takes from h alpha up to d_0.

This is what gradient flow of c (v_L .. v_1 X - Y)^2 does to d when all |v_l| = d: a = |X Y|, q = |X / Y|. `escape_time` is the
integral of dv / d'(v) (`exact/integral_rules.separated` shows that), `expanded` takes it apart, exactly, for every L >= 3.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from theorycheck.domain import Domain, Env, Source, Var, derived, drawn, hypothesis, rational, real, size
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
    eye,
    integral,
    log,
    mat,
    num,
    sym,
    trace,
)

L, c, a, q, h = sym("L"), sym("c"), sym("a"), sym("q"), sym("h")
X, Y, alpha, d_0, u = sym("X"), sym("Y"), sym("alpha"), sym("d_0"), sym("u")
Lines = Generator[tuple[Node, Any], Proven, Any]


def speed(v: Node, depth: Node) -> Node:
    """The right side of the mode's equation at v."""
    return 2 * c * a * v ** (depth - 1) * (1 - q * v**depth)


def escape_time(depth: Node = L) -> Node:
    """The time from h alpha to d_0."""
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
    return Converges(escape_time() - (h * alpha) ** (-(L - 2)) / ((L - 2) * rate * c * a), alpha, 0, constant())


def shallow_limit(rate: Node | int = 2) -> Node:
    """The same for L = 2."""
    return Converges(escape_time(num(2)) + log(alpha) / (rate * c * a), alpha, 0, shallow_constant())


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
    variables = (*own, *_data(more), *extra, cost or real("c", above=0), start or real("h", above=0), _level(), _start())
    level = hypothesis("the level is below the limit", Lt(q * d_0**depth, 1), 1001)
    below = hypothesis("the start is below the limit", Lt(q * (h * alpha) ** depth, 1), 1001)
    return Domain(name, variables, (level, below, *(f for f in more if isinstance(f, Fact))))


POSITIVE = (hypothesis("X > 0", Gt(X, 0)), hypothesis("Y is a/X", Eq(Y, a / X)))  # the coordinates with X Y > 0, X > 0


def _data(more: tuple[Any, ...]) -> tuple[Var, ...]:
    """X, Y nonzero of any sign (the coordinate is learned at all), a = |X Y| and q = |X / Y|."""
    signed = not any(f in more for f in POSITIVE)
    nonzero = (hypothesis("X is not 0", Gt(absolute(X), 0), 1001), hypothesis("Y is not 0", Gt(absolute(Y), 0), 1001))
    ratio = lambda env: abs(env["X"]) / abs(env["Y"]) if env["Y"] else abs(env["X"])  # noqa: E731
    return (
        real("X") if signed else real("X", above=0),
        real("Y") if signed else real("Y", above=0),
        derived("a", lambda env: abs(env["X"] * env["Y"]), _positive("a"), *(nonzero if signed else ())),
        derived("q", ratio, _positive("q")),
    )


def _positive(name: str) -> Fact:
    return hypothesis(f"{name} > 0", Gt(sym(name), 0))


def _level() -> Var:
    def draw(source: Source, env: Env) -> Any:
        from flint import fmpq

        below = min(fmpq(1), 1 / env["q"]) if env["q"] else fmpq(1)  # at most the limit q^(-1/L)
        return below * fmpq(source.integer(1, 6), 7)

    return drawn("d_0", draw, _positive("d_0"))


def _start() -> Var:
    def draw(source: Source, env: Env) -> Any:
        from flint import fmpq

        widest = env["h"] if isinstance(env["h"], fmpq) and env["h"] > 1 else fmpq(1)
        return env["d_0"] / widest * fmpq(source.integer(1, 6), 7 * source.integer(1, 3))

    below = hypothesis("the start is below the level", Lt(h * alpha, d_0), 1001)
    return drawn("alpha", draw, hypothesis("alpha > 0", Gt(alpha, 0), 1001), below)


# --- derivations ---------------------------------------------------------------------------------------------------------
def unsaturated(depth: Node, end: Node) -> Lines:
    """1 - q u^L > 0 for 0 <= u <= end, which licenses the integrands; and u^L <= end^L."""
    span = [Le(0, u), Le(u, end)]
    below = yield Le(u, end), by.under(span, by.trivially())
    power = yield Le(u**depth, end**depth), by.under(span, by.raised(below, depth))
    line = yield Gt(1 - q * u**depth, 0), by.under(span, by.linear((power, q)))
    return line, power


def expanded() -> Lines:
    """The time for L >= 3: u^(1-L) + q u / (1 - q u^L) under the integral, a primitive of the first, a split of the second."""
    licence, _ = yield from unsaturated(L, d_0)
    plain = integral(u, h * alpha, d_0, u ** (1 - L))
    rest = integral(u, h * alpha, d_0, u / (1 - q * u**L))
    parts = yield Eq(escape_time(), 1 / (2 * c * a) * (plain + q * rest)), area.integrands(licence)
    power = yield Eq(plain, ((h * alpha) ** (2 - L) - d_0 ** (2 - L)) / (L - 2)), area.antiderivative(-(u ** (2 - L)) / (L - 2))
    whole = yield Eq(tail(L, d_0), tail(L, h * alpha) + rest), area.split(licence)
    return (parts, 1), (power, 1 / (2 * c * a)), (whole, -q / (2 * c * a))


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
def timed_modes(name: str, depth: Node = L) -> Domain:
    """Modes with their path d(t) = Tr v(t), v the flow of a function F on 1 x 1 matrices: d(0) = h alpha and d(T) = d_0."""
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
        derived("T", lambda env: path(env).time(env["d_0"]), hypothesis("T >= 0", Ge(sym("T"), 0))),
        real("t", at_least=0),
        drawn("U", lambda source, _: ((rational(source, positive=True),),)),
        law,
        hypothesis("the start", Eq(trace(v(0)), h * alpha), 1001),
        hypothesis("the level is reached", Eq(trace(v(sym("T"))), d_0), 1001),
    )
    return base.extended(name, *more)


# --- a coordinate at v = h sigma -----------------------------------------------------------------------------------------
def coordinate(
    name: str, *, least: int = 2, depth: Node = L, cost: Node | None = None, entry: Node | None = None
) -> Domain:
    """c (P X v - Y)^2 as a function of one weight V = h sigma, with P the product of the others, at |v_l| = h for all l.

    sigma = +-1, pi = sign(X Y) is the product of all signs; `depth`, `cost`, `entry` fix L, c, h.
    """
    from theorycheck.evaluate import evaluate
    from theorycheck.evaluate.numbers import power

    sigma, pi = sym("sigma"), sym("pi")
    own = [size("L", least=least)] if depth == L else []
    variables = [*own, *_data(()), real("c", above=0), real("h", above=0)]
    conditions = []
    for symbol, value, words, line in ((c, cost, "the cost factor", 999), (h, entry, "the size of the entries", 1001)):
        if value is not None:
            place = next(i for i, v in enumerate(variables) if v.name == symbol.args[0])
            variables[place] = derived(str(symbol.args[0]), _valued(value), _positive(str(symbol.args[0])))
            conditions.append(hypothesis(words, Eq(symbol, value), line))
    variables += [
        derived("pi", lambda env: fmpq_sign(env["X"] * env["Y"])),
        drawn("sigma", lambda source, env: fmpq_sign(source.integer(0, 1) - 1)),
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
    from theorycheck.evaluate import evaluate

    return lambda env: evaluate(tree, env)


def fmpq_sign(x: Any) -> Any:
    """+1 for x >= 0, -1 for x < 0, as a rational."""
    from flint import fmpq

    return fmpq(1) if x >= 0 else fmpq(-1)
