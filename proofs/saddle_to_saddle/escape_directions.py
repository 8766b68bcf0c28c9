"""Escape directions of a k-homogeneous cost (paper lines 629 to 635) and of a deep linear network (C.1.1, lines 660 to 668).

An escape direction is a unit vector rho with grad H(rho) = s rho; s is its speed. Euler's relation gives H(rho) = s/k, gradient
flow from c rho stays on its ray (in closed form), and the minimizer of H on the sphere is the direction of least speed.
"""

from flint import fmpq

from theorycheck.costs import column_of, orthogonal
from theorycheck.domain import Domain, derived, drawn, hypothesis, matrix, rational, real, size
from theorycheck.evaluate.values import inner as dot
from theorycheck.evaluate.values import scale
from theorycheck.exact import homogeneous_rules as hom
from theorycheck.exact import rules as by
from theorycheck.homogeneous import least_on_sphere, time_before_blow_up, with_escape_direction
from theorycheck.statement import Statement
from theorycheck.tree import Dt, Eq, Flow, Function, Ge, Gt, exp, gradient_of, inner, mat, norm, num, sym, trace, vec
from theorycheck.verdict import Erratum

n, k, a, s, c, t, m = (sym(name) for name in ("n", "k", "a", "s", "c", "t", "m"))
z, rho, best = vec("z", n), vec("rho", n), vec("rho_best", n)
H = Function("H")
x = Flow("x", "H", (n, num(1)))


def first_axis(env):
    return tuple((row[0],) for row in env["frame"])


def degree(k):
    """Line 607, for the degree k."""
    return hypothesis(
        "homogeneous", Eq(H(a * z), a**k * H(z)), 607, variables=("a", "z"), given=(Gt(a, 0),),
        test=lambda env: env["H"].degree == env["k"],
    )  # fmt: skip


def directions(name, k, *how_k):
    """Costs of degree k with an escape direction rho of speed s."""
    return Domain(
        name,
        (
            size("n"),
            *how_k,
            real("a", above=0),
            column_of("z"),
            drawn("frame", lambda source, env: orthogonal(source, env["n"])),
            derived("rho", first_axis),
            drawn("H", with_escape_direction),
            derived("s", lambda env: dot(env["rho"], env["H"].gradient(env["rho"]))),
        ),
        (
            degree(k),
            hypothesis("rho is a unit vector", Eq(norm(rho) ** 2, 1), 629),
            hypothesis("rho is an escape direction", Eq(H.grad(rho), s * rho), 629),
        ),
    )


domain = directions("k-homogeneous costs, k >= 2, with an escape direction", k, size("k", least=2, most=5))
quadratic = directions("2-homogeneous costs with an escape direction", num(2), derived("k", lambda env: 2))
deep = directions(  # exponents are written with m = k - 2, so that (k-1)/(k-2) = 1 + 1/m is decided by expansion
    "k-homogeneous costs, k = m + 2 >= 3, with an escape direction",
    m + 2,
    size("m"),
    derived("k", lambda env: env["m"] + 2),
).extended("k-homogeneous costs, k = m + 2 >= 3, with an escape direction", hypothesis("k is m + 2", Eq(k, m + 2), 607))
anytime = real("t")
signed_time = real("t"), hypothesis("the base is positive", Gt((k - 2) * s * (-t), 0), 629)
backward_time = (
    real("t"),
    hypothesis("the base is positive", Gt((k - 2) * s * t, 0), 629),
    hypothesis("the base is positive, in m", Gt(m * s * t, 0), 629),
)

statement = Statement("escape-directions", "Escape directions, their speeds, and those of a linear network", "C.1", domain)


def gradient_at(factor, degree):
    """grad H(factor rho) = factor^(k-1) s rho for a factor > 0."""
    slope = yield Eq(a * H.grad(a * z), a**degree * H.grad(z)), hom.differentiated("homogeneous", z)
    there = (
        yield Eq(factor * H.grad(factor * rho), factor**degree * H.grad(rho)),
        by.cite(by.generic(slope, [Gt(a, 0)], a, z), a=factor, z=rho),
    )
    escape = "rho is an escape direction"
    return (
        yield Eq(H.grad(factor * rho), factor ** (degree - 1) * s * rho),
        by.linear((there, 1 / factor), using=[escape]),
    )


@statement.claim("value", line=635, main=True, expects="proved", degree=1)
def value(degree):
    """H(rho) = s / k at every escape direction"""
    goal = yield Eq(H(rho), degree * s / k)
    euler = yield Eq(inner(H.grad(a * z), z), k * a ** (k - 1) * H(z)), hom.differentiated("homogeneous", a)
    at = yield Eq(inner(H.grad(rho), rho), k * H(rho)), by.cite(by.generic(euler, [Gt(a, 0)], a, z), a=num(1), z=rho)
    yield goal, by.linear((at, -1 / k), using=["rho is an escape direction", "rho is a unit vector"])


@statement.claim("ray-quadratic", line=629, expects="proved", domain=quadratic.extended(quadratic.name, anytime))
def ray_quadratic():
    """For k = 2 the path rho e^(-st) is a gradient-flow line"""
    path = exp(-s * t) * rho
    goal = yield Eq(Dt(path), -H.grad(path))
    slope = yield from gradient_at(exp(-s * t), num(2))
    yield goal, by.identity(slope)


SIGN = Erratum(
    "constant",
    "s is the speed of line 629 (negative where rho escapes) and the base is positive, as a power asks",
    "the base has the wrong sign: it must be (k-2) s t; with the printed one the path runs against the flow",
    stands=("the path with (k-2) s t; line 152 and Theorem 4, which measure the speed by s_1 > 0",),
)


@statement.claim(
    "ray-printed", line=629, expects="refuted", erratum=SIGN, domain=deep.extended(deep.name, *signed_time), power=1
)
def ray_printed(power):
    """For k > 2 the path rho ((k-2) s (-t))^(-1/(k-2)) as printed"""
    path = ((k - 2) * s * (-t)) ** (-power / m) * rho
    yield Eq(Dt(path), -H.grad(path))


@statement.claim(
    "ray", line=629, expects="proved", corrects="ray-printed", domain=deep.extended(deep.name, *backward_time), power=1
)
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
        base.name,
        real("c", above=0),
        derived("x", lambda env: env["H"].flow(scale(env["c"], env["rho"]))),
        drawn("t", time),
        hypothesis("x starts at c rho", Eq(x(0), c * rho), 629),
        hypothesis("t >= 0", Ge(t, 0), 629),
        *inside,
    )


alive = hypothesis("t lies in the maximal interval", Gt(1 + m * s * c**m * t, 0))


@statement.claim("stays-quadratic", line=629, main=True, expects="proved", domain=from_the_ray(quadratic, ()))
def stays_quadratic():
    """For k = 2 the flow from c rho stays on the ray: x(t) = c e^(-st) rho"""
    goal = yield Eq(x(t), c * exp(-s * t) * rho)
    slope = yield from gradient_at(c * exp(-s * t), num(2))
    start = yield Eq(c * exp(-s * 0) * rho, x(0)), by.identity("x starts at c rho")
    rate = yield Eq(Dt(c * exp(-s * t) * rho), -H.grad(c * exp(-s * t) * rho)), by.identity(slope)
    yield goal, hom.unique_flow(start, rate)


@statement.claim("stays", line=629, main=True, expects="proved", domain=from_the_ray(deep, (alive,)), power=1)
def stays(power):
    """For k > 2 the flow from c rho stays on the ray: x(t) = c (1 + (k-2) s c^(k-2) t)^(-1/(k-2)) rho"""
    length = lambda time, power=1: c * (1 + m * s * c**m * time) ** (-power / m)  # noqa: E731
    goal = yield Eq(x(t), length(t, power) * rho)
    slope = yield from gradient_at(length(t), m + 2)
    start = yield Eq(length(0) * rho, x(0)), by.identity("x starts at c rho")
    rate = yield Eq(Dt(length(t) * rho), -H.grad(length(t) * rho)), by.identity(slope)
    yield goal, hom.unique_flow(start, rate)
