"""Shared by the parts of `escape-directions`: k-homogeneous costs with an escape direction rho of speed s (line 629)."""

from theorycheck.domain import Domain, derived, drawn, hypothesis, real, size
from theorycheck.evaluate.values import inner as dot
from theorycheck.exact import homogeneous_rules as hom, rules as by
from theorycheck.models.costs import column_of, orthogonal
from theorycheck.models.homogeneous import first_axis, with_escape_direction
from theorycheck.tree import Eq, Flow, Function, Gt, norm, num, sym, vec

n, k, a, s, c, t, m = (sym(name) for name in ("n", "k", "a", "s", "c", "t", "m"))
z, y, rho, best = vec("z", n), vec("y", n), vec("rho", n), vec("rho_best", n)
H = Function("H")
x = Flow("x", "H", (n, num(1)))


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
