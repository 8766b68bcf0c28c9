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
from proofs.lazy_regime.prop_2_numbers import ETA, HALF, beta, gap, numbers, r
from proofs.lazy_regime.prop_2_orders import SLOPE
from proofs.lazy_regime.thm_20_gaussian_singular_values import sigma
from theorycheck.domain import Domain, drawn, hypothesis, real
from theorycheck.evaluate import evaluate
from theorycheck.exact import matrix_rules as matrices, rules as by
from theorycheck.statement import Part
from theorycheck.tree import Ge, Le, num, sqrt, sym

k, d, G, p, c = (sym(v) for v in ("k", "d", "G", "p", "c"))


def nonnegative(symbol):
    return hypothesis(f"{symbol.args[0]} >= 0", Ge(symbol, 0))


def some_of(source):
    """0, a half or all of a bound."""
    return fmpq(source.integer(0, 2), 2)


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
CHANGE = 2 * JACOBIAN * HESSIAN * SLOPE * r  # bound 3, with the distance r
AT_START = sqrt(c / p) * sigma ** (2 * (L - 1) / L) * w ** ((L - 2) / (2 * L))  # the root of c/p sigma^(4 (L-1)/L) w^((L-2)/L)
ALONG = sqrt(2) * r / sqrt(ETA)
kernel_bounds = Domain(
    "bounds of the two terms of Theta - eta I: bound 3 within r, and Markov's inequality with Lemma 14",
    (
        *sizes,
        drawn("x", lambda source, env: some_of(source) * evaluate(CHANGE, env)),
        drawn("y", lambda source, env: some_of(source) * evaluate(AT_START, env)),
        drawn("k", lambda source, env: some_of(source) * (env["x"] + env["y"])),
    ),
    (
        hypothesis(FIRST, Le(change, CHANGE), 494),
        hypothesis(SECOND, Le(at_start, AT_START), 498),
        hypothesis(WHOLE, Le(k, change + at_start), 490),
    ),
)
K_FIRST = 2 * JACOBIAN * HESSIAN * 2 * sqrt(gap / (beta * L)) * sigma ** ((L - 2) / L)
K_SECOND = sqrt(c / p) * sigma ** (2 * (L - 1) / L)
part = Part(exempts=ranges, where="proof", expects="proved")


def both_terms(source, env):
    """Both bounds are attained, nearly, so that balls tell."""
    x_, y_ = (ALMOST * evaluate(term, env) for term in (CHANGE, AT_START))
    return {**env, "x": x_, "y": y_, "k": ALMOST * (x_ + y_)}


@part.claim("kernel-close", line=500, domain=kernel_bounds, near=both_terms, half=HALF)
def kernel_close(half):
    """|Theta - eta I| along the path is O(w^((L-1)/L - 1/2)), with the constant"""
    goal = yield Le(k, (K_FIRST + K_SECOND) * w ** ((L - 1) / L - half))
    whole = yield Le(k, change + at_start), by.given(WHOLE)
    first = yield Le(change, CHANGE), by.given(FIRST)
    second = yield Le(at_start, AT_START), by.given(SECOND)
    yield goal, by.linear(whole, first, second)


ALMOST = 1 - fmpq(1, 10**6)


def attained(source, env):
    k_ = ALMOST * (evaluate(CHANGE, env) + evaluate(AT_START, env))
    length = ALMOST * evaluate(ALONG, env)
    return {**env, "k": k_, "G": length, "d": ALMOST * k_ * length}


paths = Domain(
    "what lines 490 to 516 bound: sup |Theta - eta I| = k, the integral G of |grad C|, the distance d <= k G",
    (
        *sizes,
        drawn("k", lambda source, env: some_of(source) * (evaluate(CHANGE, env) + evaluate(AT_START, env)), nonnegative(k)),
        drawn("G", lambda source, env: some_of(source) * evaluate(ALONG, env), nonnegative(G)),
        drawn("d", lambda source, env: some_of(source) * env["k"] * env["G"]),
    ),
    (
        hypothesis(WHOLE, Le(k, CHANGE + AT_START), 490),
        hypothesis(LENGTH, Le(G, ALONG), 516),
        hypothesis(INTEGRATED, Le(d, k * G), 512),
    ),
)
K_1 = 8 * sqrt(num(2)) * JACOBIAN * HESSIAN * gap / (beta * L ** (3 * HALF) * sigma)
K_2 = sqrt(8 * c * gap / (beta * p)) / L


@part.claim("closeness", line=478, domain=paths, where="statement", near=attained, half=HALF)
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
