"""Instances that several themes draw: projectors, frames, families, costs with their flows."""

from flint import fmpq

from theorycheck.domain import drawn, family, rational
from theorycheck.models.costs import Quadratic, column, conjugate, orthogonal
from theorycheck.models.paths import bowl


def numbers(name, first, last, *facts, least=None, positive=False):
    """A family of numbers name[first] .. name[last(env)], each at least `least` or positive."""

    def member(source, env, k):
        value = rational(source, positive=positive)
        return value if least is None else least + abs(value)

    return family(name, lambda env: range(first, last(env) + 1), member, *facts, positive=positive)


def projector(name, size="n"):
    """A symmetric projector of any rank, 0 and n included."""

    def draw(source, env):
        ones = [fmpq(source.integer(0, 1)) for _ in range(env[size])]
        return conjugate(orthogonal(source, env[size]), ones)

    return drawn(name, draw)


def frame(name, rows, cols):
    """The first columns of an orthogonal matrix (cols <= rows)."""
    return drawn(name, lambda s, env: tuple(row[: env[cols]] for row in orthogonal(s, env[rows])))


def curved(source, env, low, high):
    """A quadratic cost with curvatures in [low, high], the ends likely."""
    values = []
    for _ in range(env["n"]):
        kind = source.integer(0, 3)
        share = fmpq(0) if kind == 1 else fmpq(1) if kind == 2 else fmpq(source.integer(0, 6), 6)
        values.append(low + share * (high - low))
    return Quadratic(conjugate(orthogonal(source, env["n"]), values), column(source, env["n"]), rational(source))


def strong_bowl(source, env):
    """A quadratic cost with curvatures >= beta and a closed-form flow."""
    extra = [abs(rational(source)) for _ in range(env["n"])]
    return bowl(orthogonal(source, env["n"]), [env["beta"] + e for e in extra], column(source, env["n"]), rational(source))


def flat_bowl(source, env):
    """A quadratic cost whose curvatures are 0 or >= beta: convex and PL, but not strongly convex where one is 0."""
    kinds = [source.integer(0, 2) for _ in range(env["n"])]
    curvatures = [fmpq(0) if k == 0 else env["beta"] + abs(rational(source)) for k in kinds]
    return bowl(orthogonal(source, env["n"]), curvatures, column(source, env["n"]), rational(source))
