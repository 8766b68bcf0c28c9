"""The rules about minima: each accepts what its theorem gives, and refuses the false variants beside it."""

from __future__ import annotations

import pytest

from theorycheck.derivation import context_of
from theorycheck.domain import Domain, drawn, hypothesis, real, size
from theorycheck.exact import cited, extremum_rules as least
from theorycheck.exact.session import Session, Stuck
from theorycheck.fact import Proven
from theorycheck.tree import (
    INFINITY,
    Converges,
    Eq,
    Function,
    Ge,
    Gt,
    Le,
    Lt,
    Not,
    mat,
    norm,
    num,
    product,
    scalars,
    sym,
    total,
    trace,
    vec,
)

a, b, c, m, epsilon, delta, n, i, j = map(sym, ("a", "b", "c", "m", "epsilon", "delta", "n", "i", "j"))
F = Function("F")
x, y = vec("x", n), vec("y", n)
P, R, K = (mat(name, n, n) for name in "PRK")
G, H = mat("G", n, n), mat("H", n, n)


def session(*hypotheses, symmetric=("K",)):
    variables = (
        size("n"),
        real("c", at_least=0),
        real("epsilon"),
        *(drawn(name, lambda s, e: None, symmetric=True) for name in symmetric),
    )
    domain = Domain("test", variables, hypotheses)
    return Session(domain.hypotheses, context_of(domain))


def line(s, shows, *assumes):
    proven = Proven(shows, frozenset(assumes), f"({len(s.lines) + 1})", "granted")
    s.lines.append(proven)
    return proven


def refused(s, goal, rule, why=None):
    with pytest.raises(Stuck, match=why):
        s.show(goal, rule)


# --- antisymmetry and negation -------------------------------------------------------------------------------------------
def test_antisymmetry():
    s = session()
    one, other, strict = line(s, Le(a, b)), line(s, Ge(a, b)), line(s, Lt(b, a))
    s.show(Eq(a, b), least.antisymmetric(one, other))
    refused(s, Eq(a, b), least.antisymmetric(one, one))
    refused(s, Eq(a, b), least.antisymmetric(other, one))
    refused(s, Eq(a, c), least.antisymmetric(one, other))
    refused(s, Eq(a, b), least.antisymmetric(one, strict))
    refused(s, Le(a, b), least.antisymmetric(one, other))


def test_negation():
    s = session()
    strict, weak = line(s, Lt(b, a)), line(s, Le(b, a))
    s.show(Not(Le(a, b)), least.negated(strict))
    refused(s, Not(Le(a, b)), least.negated(weak))
    refused(s, Not(Le(b, a)), least.negated(strict))
    refused(s, Not(Lt(a, b)), least.negated(strict))


# --- limits that do not exist --------------------------------------------------------------------------------------------
RANGE = (hypothesis("positive", Gt(epsilon, 0)), hypothesis("below one", Lt(epsilon, 1)))
AWAY = Not(Converges(norm(x) ** 2, epsilon, 0, 0))


def test_a_quantity_that_stays_away():
    s = session(*RANGE)
    s.show(AWAY, least.apart(line(s, Ge(norm(x) ** 2, num(1) / 4)), 1))


@pytest.mark.parametrize(
    ("hypotheses", "premise", "goal"),
    [
        (RANGE, Ge(norm(x) ** 2, 0), AWAY),
        (RANGE, Ge(norm(x) ** 2, epsilon), AWAY),  # the bound tends to 0
        (RANGE, Ge(norm(x) ** 2, c), AWAY),  # it may be 0
        (RANGE, Le(norm(x) ** 2, num(1) / 4), AWAY),
        (RANGE, Ge(norm(y) ** 2, num(1) / 4), AWAY),
        (RANGE, Ge(norm(x) ** 2, num(1) / 4), AWAY.nodes[0]),
        (RANGE, Ge(norm(x) ** 2, num(1) / 4), Not(Converges(norm(x) ** 2, epsilon, 0, 1))),
        (RANGE, Ge(norm(x) ** 2, num(1) / 4), Not(Converges(norm(x) ** 2, epsilon, INFINITY, 0))),
        ((*RANGE, hypothesis("not small", Ge(epsilon, num(1) / 2))), Ge(norm(x) ** 2, num(1) / 4), AWAY),
    ],
)
def test_what_may_converge(hypotheses, premise, goal):
    s = session(*hypotheses)
    refused(s, goal, least.apart(line(s, premise), 1))


# --- the first-order condition -------------------------------------------------------------------------------------------
def minimum(high, low, **options):
    s = session(**options)
    return s, least.stationary_at_identity(line(s, Le(low, high)), "K")


def scaled(first, second):
    return norm(G @ K**first) ** 2 + norm(K**second @ H) ** 2


AT_IDENTITY = norm(G) ** 2 + norm(H) ** 2


def test_scaling_two_factors():
    s, rule = minimum(scaled(1, -1), AT_IDENTITY)
    s.show(Eq(G.T @ G, H @ H.T), rule)
    refused(s, Eq(G.T @ G, -(H @ H.T)), rule)
    refused(s, Eq(G.T @ G, 2 * H @ H.T), rule)
    refused(s, Eq(G @ G.T, H @ H.T), rule)
    refused(s, Eq(K, H @ H.T), rule)


def test_the_exponents_count():
    s, rule = minimum(scaled(2, -1), AT_IDENTITY)
    s.show(Eq(2 * G.T @ G, H @ H.T), rule)
    refused(s, Eq(G.T @ G, H @ H.T), rule)


def test_a_derivative_is_symmetrized():
    s, rule = minimum(trace(K @ G) - trace(K ** (-1) @ H), trace(G) - trace(H))
    refused(s, Eq(G, -H), rule)  # only the symmetric parts are known
    s.show(Eq(G + G.T, -(H + H.T)), rule)


@pytest.mark.parametrize(
    ("high", "low", "options"),
    [
        (scaled(1, -1), AT_IDENTITY + c, {}),  # no equality at the identity
        (AT_IDENTITY, scaled(1, -1), {"symmetric": ()}),  # K is not symmetric positive definite
        (norm(G @ K) ** 4, norm(G) ** 4, {}),  # not linear in traces
        (trace(K @ G @ K @ H), trace(G @ H), {}),  # twice in one trace
        (c * trace(K @ G), c * trace(G), {}),  # a factor that may be 0
    ],
)
def test_what_has_no_derivative_here(high, low, options):
    s, rule = minimum(high, low, **options)
    refused(s, Eq(G.T @ G, H @ H.T), rule)


def test_a_restricted_matrix_is_no_interior_point():
    s = session(hypothesis("small", Le(trace(K), n)))
    refused(s, Eq(G.T @ G, H @ H.T), least.stationary_at_identity(line(s, Le(AT_IDENTITY, scaled(1, -1))), "K"))


# --- a cited fact about a family -----------------------------------------------------------------------------------------
w = scalars("w")
TERM = w[i] ** 2


def test_the_means_of_squares():
    s = session(hypothesis("some", Ge(n, 1)))
    fact = least.cite_terms(cited.MEANS, "x", i, TERM, m=n)
    s.show(Le(product(i, 1, n, TERM ** (1 / n)), 1 / n * total(i, 1, n, TERM)), fact)
    refused(s, Le(product(i, 1, n, TERM ** (1 / n)), total(i, 1, n, TERM) / (2 * n)), fact)
    refused(s, Le(1 / n * total(i, 1, n, TERM), product(i, 1, n, TERM ** (1 / n))), fact)


@pytest.mark.parametrize("term", [w[i], -(w[i] ** 2), w[j] ** 2 + w[i] ** 2])
def test_terms_of_unknown_sign_or_with_a_bound_name(term):
    s = session(hypothesis("some", Ge(n, 1)))
    goal = Le(product(i, 1, n, TERM ** (1 / n)), 1 / n * total(i, 1, n, TERM))
    refused(s, goal, least.cite_terms(cited.MEANS, "x", i, term, m=n))


def test_the_number_of_terms_must_be_positive():
    s = Session((), context_of(Domain("nothing known")))
    goal = Le(product(i, 1, m, TERM ** (1 / m)), 1 / m * total(i, 1, m, TERM))
    refused(s, goal, least.cite_terms(cited.MEANS, "x", i, TERM, m=m))
