"""Gradient flow from a point c rho of an escape direction stays on its ray, in closed form (paper, line 629).

For k = 2 the path is rho e^(-st). For k > 2 it is rho ((k-2) s t)^(-1/(k-2)); the paper prints (-t) for t, which runs against
the flow. Exponents are written with m = k - 2, so that (k-1)/(k-2) = 1 + 1/m is decided by expansion.
"""

from proofs.saddle_to_saddle.escape_costs import H, c, directions, gradient_at, k, m, rho, s, t, x
from theorycheck.domain import derived, drawn, hypothesis, real, size
from theorycheck.evaluate.values import scale
from theorycheck.exact import homogeneous_rules as hom, rules as by
from theorycheck.models.homogeneous import time_before_blow_up
from theorycheck.tree import Dt, Eq, Ge, Gt, exp, num
from theorycheck.verdict import Erratum

quadratic = directions("2-homogeneous costs with an escape direction", num(2), derived("k", lambda env: 2))
deep = directions(
    "k-homogeneous costs with an escape direction, before k = m + 2 is said",
    m + 2,
    size("m"),
    derived("k", lambda env: env["m"] + 2),
).extended("k-homogeneous costs, k = m + 2 >= 3, with an escape direction", hypothesis("k is m + 2", Eq(k, m + 2), 607))
quadratic_anytime = quadratic.extended(f"{quadratic.name}, at any time", real("t"))
deep_signed_time = deep.extended(
    f"{deep.name}, where the printed base is positive",
    real("t"),
    hypothesis("the base is positive", Gt((k - 2) * s * (-t), 0), 629),
)
deep_backward_time = deep.extended(
    f"{deep.name}, where the base is positive",
    real("t"),
    hypothesis("the base is positive", Gt((k - 2) * s * t, 0), 629),
    hypothesis("the base is positive, in m", Gt(m * s * t, 0), 629),
)


def ray_quadratic():
    """For k = 2 the path rho e^(-st) is a gradient-flow line"""
    path = exp(-s * t) * rho
    goal = yield Eq(Dt(path), -H.grad(path))
    slope = yield from gradient_at(exp(-s * t), num(2))
    yield goal, by.identity(slope)


def ray_printed(power):
    """For k > 2 the path rho ((k-2) s (-t))^(-1/(k-2)) as printed"""
    path = ((k - 2) * s * (-t)) ** (-power / m) * rho
    yield Eq(Dt(path), -H.grad(path))


def ray(power):
    """For k > 2 the path rho ((k-2) s t)^(-1/(k-2)) is a gradient-flow line"""
    length = ((k - 2) * s * t) ** (-power / m)
    goal = yield Eq(Dt(length * rho), -H.grad(length * rho))
    slope = yield from gradient_at(((k - 2) * s * t) ** (-1 / m), m + 2)
    yield goal, by.identity(slope, "k is m + 2")


def from_the_ray(base, inside):
    """The base domain with the flow line x from c rho, c > 0, at times t >= 0 before it ends."""

    def time(source, env):
        return time_before_blow_up(source, env["H"].rates(scale(env["c"], env["rho"])))

    return base.extended(
        f"{base.name}, and the flow line from a point of its ray",
        real("c", above=0),
        derived("x", lambda env: env["H"].flow(scale(env["c"], env["rho"]))),
        drawn("t", time),
        hypothesis("x starts at c rho", Eq(x(0), c * rho), 629),
        hypothesis("t >= 0", Ge(t, 0), 629),
        *inside,
    )


alive = hypothesis("t lies in the maximal interval", Gt(1 + m * s * c**m * t, 0))


def stays_quadratic():
    """For k = 2 the flow from c rho stays on the ray: x(t) = c e^(-st) rho"""
    goal = yield Eq(x(t), c * exp(-s * t) * rho)
    slope = yield from gradient_at(c * exp(-s * t), num(2))
    start = yield Eq(c * exp(-s * 0) * rho, x(0)), by.identity("x starts at c rho")
    rate = yield Eq(Dt(c * exp(-s * t) * rho), -H.grad(c * exp(-s * t) * rho)), by.identity(slope)
    yield goal, hom.unique_flow(start, rate)


def stays(power):
    """For k > 2 the flow from c rho stays on the ray: x(t) = c (1 + (k-2) s c^(k-2) t)^(-1/(k-2)) rho"""

    def length(time, power=1):
        return c * (1 + m * s * c**m * time) ** (-power / m)

    goal = yield Eq(x(t), length(t, power) * rho)
    slope = yield from gradient_at(length(t), m + 2)
    start = yield Eq(length(0) * rho, x(0)), by.identity("x starts at c rho")
    rate = yield Eq(Dt(length(t) * rho), -H.grad(length(t) * rho)), by.identity(slope)
    yield goal, hom.unique_flow(start, rate)


SIGN = Erratum(
    "constant",
    "s is the speed of line 629 (negative where rho escapes) and the base is positive, as a power asks",
    "the base has the wrong sign: it must be (k-2) s t; with the printed one the path runs against the flow",
    stands=("the path with (k-2) s t; line 152 and Theorem 4, which measure the speed by s_1 > 0",),
)


def enter(statement):
    """Add the claims of line 629 about rays: the paths, printed and corrected, and that the flow follows them."""
    options = {"line": 629, "expects": "proved"}
    statement.claim("ray-quadratic", domain=quadratic_anytime, **options)(ray_quadratic)
    statement.claim("ray-printed", line=629, expects="refuted", erratum=SIGN, domain=deep_signed_time, power=1)(ray_printed)
    statement.claim("ray", corrects="ray-printed", domain=deep_backward_time, power=1, **options)(ray)
    statement.claim("stays-quadratic", main=True, domain=from_the_ray(quadratic, ()), **options)(stays_quadratic)
    statement.claim("stays", main=True, domain=from_the_ray(deep, (alive,)), power=1, **options)(stays)
