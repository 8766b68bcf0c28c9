"""The distance to the flow on matrices is O(w^(-1/2)) (Proposition 2, paper lines 118 to 120, 478, 500, 516 and 520).

The constant: |A_theta(t) - A(eta t)| <= K w^(-1/2) with

    K = 8 sqrt(2) c_1 c_2 gap / (beta L^(3/2) sigma) + sqrt(8 c gap / (beta p)) / L,

from 2 c_1 c_2 for the printed c_3 of bound 3 (lemma-15.difference), c of Lemma 14, and gap = C(A_0) - C_min. What is integrated
by hand is line 512 alone: |D|' <= |Theta - eta I| |grad C| for all t gives |D(t)| <= sup |Theta - eta I| times the integral.
"""

from flint import fmpq

from proofs.lazy_regime.exemptions import ranges
from proofs.lazy_regime.gaussian_norms import L, w
from proofs.lazy_regime.lemma_15_constants import C_1 as JACOBIAN, C_2 as HESSIAN
from proofs.lazy_regime.pl_paths import C_min, t
from proofs.lazy_regime.prop_2_conditions import ETA, HALF, RATE, SLOPE, beta, gap, numbers, r
from proofs.lazy_regime.prop_2_paths import F, domain as flow, r as radius, scale_of, x
from proofs.lazy_regime.thm_20_gaussian_singular_values import sigma
from theorycheck.domain import Domain, derived, drawn, hypothesis, rational, real, size
from theorycheck.evaluate import evaluate, numbers as nb
from theorycheck.evaluate.values import inner as dot, matmul
from theorycheck.exact import basic_rules as basic, matrix_rules as matrices, rules as by
from theorycheck.models.costs import column_of, conjugate, orthogonal
from theorycheck.models.paths import one_curvature
from theorycheck.tree import Eq, Ge, Gt, Le, inner, integral, mat, norm, num, sqrt, sym, vec

a, s, k, d, G, p, c, lam, eta, speed = (sym(v) for v in ("a", "s", "k", "d", "G", "p", "c", "lambda_min", "eta", "v"))
g, Theta = vec("g", a), mat("Theta", a, a)
LOWEST, SPEED = "lambda_min is least", "the speed of theta"


def nonnegative(symbol):
    return hypothesis(f"{symbol.args[0]} >= 0", Ge(symbol, 0))


# --- the length on matrices against that of theta ----------------------------------------------------------------------------
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


def gradient(one):
    """Line 516, first inequality: |grad C| <= v/sqrt(lambda_min), v^2 = <grad C, Theta grad C> = |Dt theta|^2"""
    goal = yield Le(norm(g), one * speed / sqrt(lam))
    low = yield Ge(inner(g, Theta @ g), lam * norm(g) ** 2), by.given(LOWEST)
    square = yield Eq(speed**2, inner(g, Theta @ g)), by.given(SPEED)
    squares = yield Le(norm(g) ** 2, speed**2 / lam), by.linear((low, 1 / lam), (square, -1 / lam))
    root = yield Le(norm(g), speed / sqrt(lam)), basic.by_squares(squares)
    above = yield Ge(speed, 0), by.sign()
    yield goal, by.linear(root, slack=[above])


def half_of_eta(two):
    """Line 516, second inequality: sqrt(2/eta) for 1/sqrt(lambda_min)"""
    goal = yield Le(speed / sqrt(lam), sqrt(two) / sqrt(eta) * speed)
    low = yield Ge(lam, eta / 2), by.given("lambda_min >= eta/2")
    root = yield Le(1 / sqrt(lam), sqrt(2) / sqrt(eta)), by.raised(low, -HALF)
    yield goal, by.linear((root, speed))


def travelled(two):
    """Line 516, third inequality: theta travels at most r"""
    way = integral(s, 0, t, norm(F.grad(x(s))))
    goal = yield Le(sqrt(num(2)) / sqrt(ETA) * way, sqrt(two) * radius / sqrt(ETA))
    left = sqrt(2 / RATE * (F(x(t)) - C_min))
    line = yield Le(way, 1 * radius - left), by.uses("prop-11.travelled", C="F", beta=RATE)
    yield goal, by.linear((line, sqrt(num(2)) / sqrt(ETA)))


def to_the_end(source, env):
    """All curvatures are beta', and the path has come far."""
    path = one_curvature(env["F"], scale_of(env), source)
    return {**env, "F": path.cost, "x": path, "t": 8 / scale_of(env)}


# --- the kernel along the path, and the distance ----------------------------------------------------------------------------
FIRST, SECOND, WHOLE = "the first term", "the second term", "the two terms"
INTEGRATED, LENGTH = "line 512, integrated", "line 516"
change, at_start = sym("x"), sym("y")
sizes = (
    *numbers.variables,
    real("gap", at_least=0, line=482),
    real("p", above=0, line=496),
    real("c", above=0, line=419),
)
part = lambda source: fmpq(source.integer(0, 2), 2)  # noqa: E731
CHANGE = 2 * JACOBIAN * HESSIAN * SLOPE * r  # bound 3, with the distance r
AT_START = sqrt(c / p) * sigma ** (2 * (L - 1) / L) * w ** ((L - 2) / (2 * L))  # the root of c/p sigma^(4 (L-1)/L) w^((L-2)/L)
ALONG = sqrt(2) * r / sqrt(ETA)
kernel_bounds = Domain(
    "bounds of the two terms of Theta - eta I: bound 3 within r, and Markov's inequality with Lemma 14",
    (
        *sizes,
        drawn("x", lambda source, env: part(source) * evaluate(CHANGE, env)),
        drawn("y", lambda source, env: part(source) * evaluate(AT_START, env)),
        drawn("k", lambda source, env: part(source) * (env["x"] + env["y"])),
    ),
    (
        hypothesis(FIRST, Le(change, CHANGE), 494),
        hypothesis(SECOND, Le(at_start, AT_START), 498),
        hypothesis(WHOLE, Le(k, change + at_start), 490),
    ),
)
K_FIRST = 2 * JACOBIAN * HESSIAN * 2 * sqrt(gap / (beta * L)) * sigma ** ((L - 2) / L)
K_SECOND = sqrt(c / p) * sigma ** (2 * (L - 1) / L)


def kernel_close(half):
    """|Theta - eta I| along the path is O(w^((L-1)/L - 1/2)), with the constant"""
    goal = yield Le(k, (K_FIRST + K_SECOND) * w ** ((L - 1) / L - half))
    whole = yield Le(k, change + at_start), by.given(WHOLE)
    first = yield Le(change, CHANGE), by.given(FIRST)
    second = yield Le(at_start, AT_START), by.given(SECOND)
    yield goal, by.linear(whole, first, second)


ALMOST = 1 - fmpq(1, 10**6)


def both_terms(source, env):
    """Both bounds are attained, nearly, so that balls tell."""
    x_, y_ = (ALMOST * evaluate(term, env) for term in (CHANGE, AT_START))
    return {**env, "x": x_, "y": y_, "k": ALMOST * (x_ + y_)}


def attained(source, env):
    k_ = ALMOST * (evaluate(CHANGE, env) + evaluate(AT_START, env))
    length = ALMOST * evaluate(ALONG, env)
    return {**env, "k": k_, "G": length, "d": ALMOST * k_ * length}


paths = Domain(
    "what lines 490 to 516 bound: sup |Theta - eta I| = k, the integral G of |grad C|, the distance d <= k G",
    (
        *sizes,
        drawn("k", lambda source, env: part(source) * (evaluate(CHANGE, env) + evaluate(AT_START, env)), nonnegative(k)),
        drawn("G", lambda source, env: part(source) * evaluate(ALONG, env), nonnegative(G)),
        drawn("d", lambda source, env: part(source) * env["k"] * env["G"]),
    ),
    (
        hypothesis(WHOLE, Le(k, CHANGE + AT_START), 490),
        hypothesis(LENGTH, Le(G, ALONG), 516),
        hypothesis(INTEGRATED, Le(d, k * G), 512),
    ),
)
K_1 = 8 * sqrt(num(2)) * JACOBIAN * HESSIAN * gap / (beta * L ** (3 * HALF) * sigma)
K_2 = sqrt(8 * c * gap / (beta * p)) / L


def closeness(half):
    """|A_theta(t) - A(eta t)| <= K w^(-1/2) at all times, with the constant"""
    goal = yield Le(d, (K_1 + K_2) * w**-half)
    integrated = yield Le(d, k * G), by.given(INTEGRATED)
    whole = yield Le(k, CHANGE + AT_START), by.given(WHOLE)
    along = yield Le(G, ALONG), by.given(LENGTH)
    above, more = yield from signs()
    one = yield Le(k * G, (CHANGE + AT_START) * G), matrices.scaled(whole, above)
    two = yield Le((CHANGE + AT_START) * G, (CHANGE + AT_START) * ALONG), matrices.scaled(along, more)
    yield goal, by.linear(integrated, one, two)


def signs():
    above = yield Ge(G, 0), by.sign()
    more = yield Ge(CHANGE + AT_START, 0), by.sign()
    return above, more


def enter(statement):
    """Add the claims of lines 478, 500 and 516; returns that of the distance."""

    def claim(name, line, body, domain, where="proof", **more):
        found = {"where": where, "domain": domain, "expects": "proved", "exempt": ranges(domain)}
        return statement.claim(name, line=line, **found, **more)(body)

    claim("gradient", 516, gradient, kernels, near=one_eigenvalue, one=1)
    claim("half-of-eta", 516, half_of_eta, kernels, near=one_eigenvalue, two=2)
    claim("travelled", 516, travelled, flow, near=to_the_end, two=2)
    claim("kernel-close", 500, kernel_close, kernel_bounds, near=both_terms, half=HALF)
    return claim("closeness", 478, closeness, paths, "statement", near=attained, half=HALF)
