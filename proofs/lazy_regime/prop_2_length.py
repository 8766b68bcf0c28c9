"""The length on matrices against that of theta (Proposition 2, paper line 516)."""

from flint import fmpq

from proofs.lazy_regime.exemptions import ranges
from proofs.lazy_regime.pl_paths import C_min, t
from proofs.lazy_regime.prop_2_numbers import ETA, HALF, RATE
from proofs.lazy_regime.prop_2_paths import F, domain as flow, r as radius, scale_of, x
from theorycheck.domain import Domain, derived, drawn, hypothesis, rational, size
from theorycheck.evaluate import numbers as nb
from theorycheck.evaluate.values import inner as dot, matmul
from theorycheck.exact import basic_rules as basic, rules as by
from theorycheck.models.costs import column_of, conjugate, orthogonal
from theorycheck.models.paths import one_curvature
from theorycheck.statement import Part
from theorycheck.tree import Eq, Ge, Gt, Le, inner, integral, mat, norm, num, sqrt, sym, vec

a, s, lam, eta, speed = (sym(v) for v in ("a", "s", "lambda_min", "eta", "v"))
g, Theta = vec("g", a), mat("Theta", a, a)
LOWEST, SPEED = "lambda_min is least", "the speed of theta"


def kernel(source, env):
    values = [abs(rational(source, positive=True)) for _ in range(env["a"])]
    return conjugate(orthogonal(source, env["a"]), values), min(values)


kernels = Domain(
    "a kernel with least eigenvalue lambda_min >= eta/2 > 0, a gradient g, and the speed v = |J^T g| of theta",
    (
        size("a"),
        drawn("spectrum", kernel),
        derived("Theta", lambda env: env["spectrum"][0]),
        derived("lambda_min", lambda env: env["spectrum"][1], hypothesis("lambda_min > 0", Gt(lam, 0))),
        derived("eta", lambda env: 2 * env["lambda_min"], hypothesis("eta > 0", Gt(eta, 0))),
        column_of("g", "a"),
        derived("v", lambda env: nb.sqrt(dot(env["g"], matmul(env["Theta"], env["g"]))), hypothesis("v >= 0", Ge(speed, 0))),
    ),
    (
        hypothesis(LOWEST, Ge(inner(g, Theta @ g), lam * norm(g) ** 2), 516),
        hypothesis(SPEED, Eq(speed**2, inner(g, Theta @ g)), 516),
        hypothesis("lambda_min >= eta/2", Ge(lam, eta / 2), 442),
    ),
)


def one_eigenvalue(source, env):
    one = ((fmpq(1),),)
    return {**env, "a": 1, "Theta": one, "lambda_min": fmpq(1), "eta": fmpq(2), "g": one, "v": fmpq(1)}


part = Part(exempts=ranges, where="proof", expects="proved")


@part.claim("gradient", line=516, domain=kernels, near=one_eigenvalue, one=1)
def gradient(one):
    """Line 516, first inequality: |grad C| <= v/sqrt(lambda_min), v^2 = <grad C, Theta grad C> = |Dt theta|^2"""
    goal = yield Le(norm(g), one * speed / sqrt(lam))
    low = yield Ge(inner(g, Theta @ g), lam * norm(g) ** 2), by.given(LOWEST)
    square = yield Eq(speed**2, inner(g, Theta @ g)), by.given(SPEED)
    squares = yield Le(norm(g) ** 2, speed**2 / lam), by.linear((low, 1 / lam), (square, -1 / lam))
    root = yield Le(norm(g), speed / sqrt(lam)), basic.by_squares(squares)
    above = yield Ge(speed, 0), by.sign()
    yield goal, by.linear(root, slack=[above])


@part.claim("half-of-eta", line=516, domain=kernels, near=one_eigenvalue, two=2)
def half_of_eta(two):
    """Line 516, second inequality: sqrt(2/eta) for 1/sqrt(lambda_min)"""
    goal = yield Le(speed / sqrt(lam), sqrt(two) / sqrt(eta) * speed)
    low = yield Ge(lam, eta / 2), by.given("lambda_min >= eta/2")
    root = yield Le(1 / sqrt(lam), sqrt(2) / sqrt(eta)), by.raised(low, -HALF)
    yield goal, by.linear((root, speed))


def to_the_end(source, env):
    """All curvatures are beta', and the path has come far."""
    path = one_curvature(env["F"], scale_of(env), source)
    return {**env, "F": path.cost, "x": path, "t": 8 / scale_of(env)}


@part.claim("travelled", line=516, domain=flow, near=to_the_end, two=2)
def travelled(two):
    """Line 516, third inequality: theta travels at most r"""
    way = integral(s, 0, t, norm(F.grad(x(s))))
    goal = yield Le(sqrt(num(2)) / sqrt(ETA) * way, sqrt(two) * radius / sqrt(ETA))
    left = sqrt(2 / RATE * (F(x(t)) - C_min))
    line = yield Le(way, 1 * radius - left), by.uses("prop-11.travelled", C="F", beta=RATE)
    yield goal, by.linear((line, sqrt(num(2)) / sqrt(ETA)))
