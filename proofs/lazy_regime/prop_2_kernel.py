"""The start and the NTK along the path (Proposition 2, paper lines 470, 482 and 490).

The loss at the start is bounded with probability 1 - delta by its largest value on a ball of matrices, whatever the cost:
Lemma 13, which the paper uses, needs an expected loss that is finite.
"""

from fractions import Fraction

from flint import fmpq

from proofs.lazy_regime.exemptions import no_value, ranges
from proofs.lazy_regime.gaussian_layers import L, W, mean, n
from proofs.lazy_regime.lemma_14_eigenvalues import ETA, Z, chance_of, form, kappa
from proofs.lazy_regime.lemma_14_variance_sum import mass_below
from proofs.lazy_regime.random_networks import AT_LEAST_ONE, EQUAL, NORMALIZED, SCALES, WIDTHS, A, sigma, w
from theorycheck.domain import Domain, depth, derived, drawn, hypothesis, matrix, real, size
from theorycheck.exact import (
    chance_rules as chance,
    induction_rules as induction,
    rules as by,
    tail_rules as tails,
)
from theorycheck.exact.cited_norms import OPERATOR_SUM
from theorycheck.models.networks_at_start import loss_on_ball, quadratic_loss
from theorycheck.statement import Part
from theorycheck.tree import All, Eq, Every, Function, Ge, Gt, Le, eye, mat, norm, num, singular, sym

delta, p, a, c, eta, C_min, C_1 = (sym(name) for name in ("delta", "p", "a", "c", "eta", "C_min", "C_1"))
C, M = Function("C"), mat("M", n[L], n[0])
BALL = "the loss on a ball of matrices"
level = n[0] * n[L] * sigma**2 / delta
networks = Domain(
    "networks of any depth L >= 2 with hidden widths w, parameters with the variance of line 99",
    (depth("L", most=2), *WIDTHS[1:], SCALES[0]),
    (EQUAL, *AT_LEAST_ONE),
)
costs = networks.extended(
    "the same, any cost, delta > 0, and C_1 the largest loss above the minimum where |M|^2 <= n_0 n_L sigma^2/delta",
    real("delta", above=0, line=470),
    drawn("C", quadratic_loss),
    derived("C_min", lambda env: env["C"].least),
    derived("C_1", loss_on_ball),
    hypothesis(
        BALL,
        Le(C(M), C_min + C_1),
        482,
        variables=("M",),
        given=(Le(norm(M) ** 2, level),),
        test=lambda env: env["C_1"] >= loss_on_ball(env),
    ),
)
part = Part(exempts=ranges, where="proof", expects="proved")


@part.claim("start-loss", line=482, domain=costs, exempt=no_value, one=1)
def start_loss(one):
    """The loss at the start is at most C_min + C_1 with probability 1 - delta, for any cost"""
    near = Le(C(A), C_min + C_1)
    goal = yield Ge(chance_of(near), 1 - one * delta)
    mass, widths = yield from mass_below(W.chain(L - 1, 1), L - 1, NORMALIZED)
    scale = n[L] * NORMALIZED
    square = yield (
        Eq(mean(norm(A) ** 2, NORMALIZED), sigma**2 * n[0] * n[L]),
        by.linear((mass, scale), (widths, scale * NORMALIZED ** (L - 1) * n[0])),
    )
    small = Le(norm(A) ** 2, level)
    far = yield Le(chance_of(Gt(norm(A) ** 2, level)), mean(norm(A) ** 2, NORMALIZED) / level), chance.markov()
    rest = yield Eq(chance_of(small), 1 - chance_of(Gt(norm(A) ** 2, level))), chance.complement()
    inside = yield small, induction.assumed()
    there = yield near, by.given_with([inside], BALL, M=A)
    implied = yield Le(chance_of(small), chance_of(near)), chance.implied(there)
    yield goal, by.linear(implied, (rest, -1), far, (square, 1 / level))


@part.claim("event", line=470, domain=costs, exempt=no_value, where="statement", one=1)
def event(one):
    """Theta >= 3/4 eta at the start and a loss of at most C_min + C_1, with probability 1 - kappa/w - delta"""
    near = Le(C(A), C_min + C_1)
    low = Every(Z, Ge(form(Z), (1 - num(Fraction(1, 4))) * ETA * norm(Z) ** 2))
    goal = yield Ge(chance_of(All(low, near)), 1 - kappa() / w - one * delta)
    spectrum = yield Ge(chance_of(low), 1 - kappa() / w), by.uses("lemma-14.smallest")
    loss = yield Ge(chance_of(near), 1 - 1 * delta), by.uses("prop-2.start-loss")
    yield goal, tails.jointly(spectrum, loss)


# --- the two parts of Theta - eta I -----------------------------------------------------------------------------------------
X, Y = mat("X", a, a), mat("Y", a, a)
kernels = Domain("two kernels and a number eta", (size("a"), matrix("X", a, a), matrix("Y", a, a), real("eta")))


def in_line(source, env):
    """Y - eta I a multiple of X - Y."""
    one = lambda v: ((fmpq(v),),)  # noqa: E731
    return {**env, "a": 1, "X": one(3), "Y": one(2), "eta": fmpq(1)}


@part.claim("two-parts", line=490, domain=kernels, near=in_line, one=1)
def two_parts(one):
    """Theta - eta I is at most its change along the path and its part at the start"""
    goal = yield Le(singular(X - eta * eye(a), 1), one * singular(X - Y, 1) + one * singular(Y - eta * eye(a), 1))
    parts = Le(singular((X - Y) + (Y - eta * eye(a)), 1), singular(X - Y, 1) + singular(Y - eta * eye(a), 1))
    whole = yield parts, by.cite(OPERATOR_SUM, A=X - Y, B=Y - eta * eye(a), a=a, b=a)
    yield goal, by.linear(whole)
