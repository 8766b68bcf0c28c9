"""The optimal escape direction (paper, lines 631 to 635): a minimizer of H on the sphere, of the least speed; quadratic forms.

The escape directions of theta^T A theta are the eigenvectors of A + A^T; of 2A, as line 629 says, for symmetric A only.
"""

from proofs.saddle_to_saddle.escape_costs import H, best, domain, k, m, n, rho, s, y, z
from theorycheck.domain import Domain, derived, drawn, hypothesis, matrix, real, size
from theorycheck.evaluate.values import inner as dot
from theorycheck.exact import homogeneous_rules as hom, rules as by
from theorycheck.models.costs import column_of, orthogonal
from theorycheck.models.homogeneous import at_the_minimum, axis, first_axis, least_on_sphere, lowest_first
from theorycheck.tree import Eq, Ge, Gt, gradient_of, mat, norm, trace
from theorycheck.verdict import Erratum

MINIMUM = hypothesis(
    "m is the minimum on the sphere", Ge(H(z), m), 633, variables=("z",), given=(Eq(norm(z) ** 2, 1),),
    test=lambda env: least_on_sphere(env["H"]) == env["m"],
)  # fmt: skip
lowest = Domain(
    "k-homogeneous costs with a minimizer on the unit sphere, and any escape direction",
    (
        size("n"),
        size("k", least=2, most=5),
        real("a", above=0),
        column_of("z"),
        column_of("y"),
        drawn("frame", lambda source, env: orthogonal(source, env["n"])),
        derived("rho_best", first_axis),
        drawn("H", lowest_first),
        derived("m", lambda env: env["H"].value(env["rho_best"])),
        drawn("rho", lambda source, env: axis(env, source.integer(0, env["n"] - 1))),
        derived("s", lambda env: dot(env["rho"], env["H"].gradient(env["rho"]))),
    ),
    (
        *domain.conditions,
        MINIMUM,
        hypothesis("the minimizer is a unit vector", Eq(norm(best) ** 2, 1), 633),
        hypothesis("the minimizer is not 0", Gt(norm(best), 0), 633),
        hypothesis("the minimum is attained", Eq(H(best), m), 633),
        hypothesis("y is not 0", Gt(norm(y), 0)),
    ),
)


def minimizer_escapes(factor):
    """A minimizer of H on the sphere is an escape direction, of speed k times the minimum"""
    goal = yield Eq(H.grad(best), factor * k * m * best)
    unit = 1 / norm(y) * y
    on_sphere = yield Eq(norm(unit) ** 2, 1), by.identity()
    low = yield Ge(H(unit), m), by.given_with([on_sphere], "m is the minimum on the sphere", z=unit)
    back = yield Eq(H(norm(y) * unit), norm(y) ** k * H(unit)), by.given("homogeneous", a=norm(y), z=unit)
    bound = yield Ge(H(y), m * norm(y) ** k), by.linear((low, norm(y) ** k), (back, -1))
    known = ["the minimum is attained", "the minimizer is a unit vector"]
    contact = yield Eq(m * norm(best) ** k, H(best)), by.identity(*known)
    slope = yield Eq(H.grad(best), m * k * norm(best) ** (k - 2) * best), hom.touching(bound, contact, y)
    yield goal, by.linear(slope, using=known[1:])


def least_speed(factor):
    """No escape direction is faster: every speed is at least k times the minimum of H on the sphere"""
    goal = yield Ge(s, factor * k * m)
    euler = yield Eq(H(rho), s / k), by.uses("escape-directions.value")
    low = yield Ge(H(rho), m), by.given("m is the minimum on the sphere", z=rho)
    yield goal, by.linear((low, k), (euler, k))


square = Domain("square matrices", (size("n"), matrix("A", n, n), column_of("z")))
A = mat("A", n, n)


def hessian_printed(factor):
    """The escape directions of theta^T A theta are the eigenvectors of 2A"""
    yield Eq(gradient_of(trace(z.T @ A @ z), z), factor * A @ z)


def hessian():
    """The escape directions of theta^T A theta are the eigenvectors of A + A^T (of 2A for symmetric A)"""
    goal = yield Eq(gradient_of(trace(z.T @ A @ z), z), (A + A.T) @ z)
    yield goal, by.identity()


SYMMETRIC = Erratum(
    "hypothesis",
    "the gradient of theta^T A theta is the Hessian 2A times theta",
    "A must be symmetric: the Hessian of theta^T A theta is A + A^T",
    stands=("the sentence for symmetric A",),
)


def enter(statement):
    """Add the claims of lines 631 to 635 about the optimal direction, and those of line 629 about quadratic forms."""
    options = {"line": 631, "main": True, "expects": "proved", "domain": lowest}
    statement.claim("minimizer-escapes", factor=1, **options)(minimizer_escapes)
    statement.claim("least-speed", near=at_the_minimum, factor=1, **options)(least_speed)
    options = {"line": 629, "domain": square}
    statement.claim("hessian-printed", expects="refuted", erratum=SYMMETRIC, factor=2, **options)(hessian_printed)
    statement.claim("hessian", expects="proved", corrects="hessian-printed", **options)(hessian)
