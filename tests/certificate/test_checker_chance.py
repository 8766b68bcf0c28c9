"""Expectations and probabilities in the checker: normal forms against enumeration, and what must not be read."""

from __future__ import annotations

from random import Random

import pytest
from flint import fmpq, fmpq_mat

from tests.certificate.checking import checker, refused, show, tree
from tests.exact.test_moments import monomial, point
from theorycheck.certificate.checker import core
from theorycheck.certificate.checker.core import EMPTY, Refused, const, names_in, rebuilt, replaced
from theorycheck.certificate.checker.witness import chance, tails  # noqa: F401 (they enter what they read)
from theorycheck.certificate.checker.witness.evaluate import value as at_instance
from theorycheck.domain import Domain, hypothesis, index, layers_of, real, size, widths
from theorycheck.evaluate import evaluate
from theorycheck.tree import (
    Each,
    Eq,
    Every,
    Ge,
    Gt,
    Layers,
    Le,
    absolute,
    expect,
    expect_joint,
    eye,
    gradient_of,
    inner,
    layers,
    mat,
    norm,
    num,
    probability,
    scalars,
    singular,
    sym,
    total,
    trace,
    vec,
)
from theorycheck.tree.node import Node

n = scalars("n")
W, V = layers("W", n), layers("V", n)
L, h, s, r, l = (sym(x) for x in ("L", "h", "s", "r", "l"))
X, Y, a, b = mat("X", n[0], n[0]), mat("Y", n[3], n[3]), vec("a", n[0]), vec("b", n[3])
IDENTITY, SIGN = "algebra_rules.identity", "algebra_rules.sign"


def session(*conditions, variables=()):
    own = (size("L", 2), size("h", 0), index("l", 1, L), widths("n"), real("s", above=0), real("r", above=0), *variables)
    facts = tuple(c if hasattr(c, "shows") else hypothesis(f"h{k}", c) for k, c in enumerate(conditions))
    return checker(Domain("layers", own, facts))


def number(x, env):
    """The value of a form of numbers and of traces of matrices."""
    result = fmpq(0)
    for (scope, factors, word), c in x.terms.items():
        assert not scope
        assert not word
        for atom, e in factors:
            c = c * _atom(atom, env) ** e.whole()
        result += c
    return result


def _atom(atom, env):
    if atom[0] == "sym":
        return env[atom[1]]
    if atom[0] == "item":
        return fmpq(env[atom[1]][atom[2].whole()])
    assert atom[0] == "tr"
    product = None
    for base, turned, _, _ in atom[1]:
        own = fmpq_mat([list(row) for row in env[base[1]]])
        own = own.transpose() if turned else own
        product = own if product is None else product * own
    return sum((product[i, i] for i in range(product.nrows())), fmpq(0))


def settled(x):
    """The form with its expectations taken again, after indices became numbers."""
    return rebuilt(x, lambda atom, ctx: None, None, EMPTY)


def enumerated(t, env):
    """By the prover's enumeration, and by the checker's evaluator at an instance, which agree."""
    found = evaluate(t, env)
    own = {k: {i: fmpq(w) for i, w in v.items()} if k == "n" else v for k, v in env.items()}
    own = {k: tuple(map(tuple, v)) if k in {"X", "Y", "a", "b"} else fmpq(v) if k == "L" else v for k, v in own.items()}
    assert at_instance(tree(t), own) == found
    return found


# --- normal forms -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("seed", range(3))
def test_a_form_has_the_value_that_enumeration_gives(seed):
    random, ck = Random(f"checker {seed}"), session()
    for _ in range(6):
        t, env = expect(monomial(random, [W]), W, s), point(random)
        assert number(ck.read(tree(t)), env) == enumerated(t, env), t


@pytest.mark.parametrize("seed", range(3))
def test_correlated_families(seed):
    random, ck = Random(f"checker correlated {seed}"), session()
    for _ in range(4):
        t, env = expect_joint(monomial(random, [W, V]), [W, V], [s, sym("K"), num(2)]), {**point(random), "s": fmpq(3)}
        env["K"] = fmpq(random.randint(-2, 2))
        assert number(ck.read(tree(t)), env) == enumerated(t, env), t


@pytest.mark.parametrize("power", [1, 2])
@pytest.mark.parametrize("length", [0, 1, 2])
def test_products_of_unknown_length(length, power):
    """A layer is integrated out on top; what is left is the same expectation, when its length becomes a number."""
    ck, env = session(), point(Random(f"length {length}"))
    top = sym("h") + 1
    left = ck.read(tree(expect(norm(W.chain(top, 1) @ a) ** (2 * power), W, s)))
    assert {"$1.0", "h"} <= names_in(left)
    fixed = expect(norm(W.chain(length + 1, 1) @ a) ** (2 * power), W, s)
    assert number(settled(replaced(left, {"h": const(length)})), env) == enumerated(fixed, env)


def test_matrices_gradients_and_variances():
    ck, env, A = session(), point(Random(5)), W.chain(3, 1)
    kernel = inner(gradient_of(inner(b, A @ a), W[2]), gradient_of(trace(Y @ A @ X @ A.T), W[2]) @ W[1] @ W[1].T)
    variance = expect((trace(Y @ A @ X @ A.T) - expect(trace(Y @ A @ X @ A.T) + 3, W, s)) ** 2, W, s)
    for t in (expect(kernel + norm(A) ** 4, W, s), variance, *(trace(expect(x, W, s)) for x in (A.T @ A, A.T @ Y @ A @ X))):
        assert number(ck.read(tree(t)), env) == enumerated(t, env)
    show(ck, Eq(expect(W[1] @ W[1].T, W, s), s * n[0] * eye(n[1])), IDENTITY)
    refused(ck, Eq(expect(W[1] @ W[1].T, W, s), s * n[1] * eye(n[1])), IDENTITY, match="right - left")


def test_a_mean_of_a_matrix_stays_a_letter():
    ck = session(Le(h, L))
    P = W.chain(h, 1)
    whole = expect(P.T @ P, W, s)
    show(ck, Eq(expect(X @ P.T @ P @ X, W, s), X @ whole @ X), IDENTITY)
    show(ck, Eq(whole.T, whole), IDENTITY)
    more = W.chain(h + 1, 1)
    show(ck, Eq(expect(more.T @ more, W, s), s * n[h + 1] * whole), IDENTITY)
    refused(ck, Eq(expect(more.T @ more, W, s), s * n[h] * whole), IDENTITY, match="right - left")
    show(ck, Eq(expect(inner(a, P.T @ P @ a) * 2, W, s), 2 * expect(norm(P @ a) ** 2, W, s)), IDENTITY)


def test_no_layers_are_the_identity():
    ck = session()
    show(ck, Eq(expect(norm(W.chain(0, 1) @ a) ** 2, W, s), norm(a) ** 2), IDENTITY)
    show(ck, Eq(expect(norm(W.chain(l, l + 1)) ** 2, W, s), n[l]), IDENTITY)
    refused(ck, Eq(expect(norm(W.chain(l - 2, l)) ** 2, W, s), 1), IDENTITY, match="in order")


# --- independence -----------------------------------------------------------------------------------------------------------
def test_parts_without_a_common_layer_fall_apart_and_others_do_not():
    ck = session()
    low, high = norm(W.chain(l - 1, 1) @ a) ** 2, norm(W.chain(L, l + 1)) ** 2
    show(ck, Eq(expect(low * high, W, s), expect(low, W, s) * expect(high, W, s)), IDENTITY)
    low, high = norm(W.chain(l, 1) @ a) ** 2, norm(W.chain(L, l)) ** 2
    refused(ck, Eq(expect(low * high, W, s), expect(low, W, s) * expect(high, W, s)), IDENTITY)
    unknown = norm(W.chain(h, 1) @ a) ** 2, norm(W.chain(L, l)) ** 2
    refused(ck, Eq(expect(unknown[0] * unknown[1], W, s), expect(unknown[0], W, s) * expect(unknown[1], W, s)), IDENTITY)


def test_sums_over_layers():
    ck = session()
    left = expect(total(l, 1, L, norm(W[l]) ** 2), W, s)
    show(ck, Eq(left, total(l, 1, L, n[l] * n[l - 1] * s)), IDENTITY)
    refused(ck, Eq(left, total(l, 1, L, n[l] * n[l] * s)), IDENTITY)
    refused(ck, Eq(left, s * L * n[l] * n[l - 1]), IDENTITY)


def test_families_with_a_covariance_are_not_independent():
    ck, both = session(), [W, V]
    cross = inner(W[1], V[1])
    show(ck, Eq(expect_joint(cross, both, [1, r, 1]), r * n[1] * n[0]), IDENTITY)
    show(ck, Eq(expect_joint(inner(W[2] @ W[1], V[2] @ V[1]), both, [1, r, 1]), r**2 * n[2] * n[1] * n[0]), IDENTITY)
    refused(ck, Eq(expect_joint(cross, both, [1, r, 1]), n[1] * n[0]), IDENTITY)
    refused(ck, Eq(expect_joint(cross, both, [r, 1, 1]), r * n[1] * n[0]), IDENTITY)


# --- names ------------------------------------------------------------------------------------------------------------------
def test_what_is_known_of_given_layers_does_not_reach_random_ones():
    zero = hypothesis("W is 0", Eq(W[1], Node("zero", (), W[1].shape)))
    small = hypothesis("W is small", Le(norm(W.chain(h, 1)) ** 2, 0))
    ck = session(zero, small, variables=(layers_of("W"),))
    t = expect(norm(W[1]) ** 2, W, s)
    show(ck, Eq(t, n[1] * n[0] * s), IDENTITY, using=["W is 0"])
    refused(ck, Eq(t, 0), IDENTITY, using=["W is 0"])
    refused(ck, Le(expect(norm(W.chain(h, 1)) ** 2, W, s), 0), SIGN)
    refused(
        ck, Eq(expect(inner(W.chain(h, 1), V.chain(h, 1)), W, s), expect(inner(W.chain(h, 1), W.chain(h, 1)), W, s)), IDENTITY
    )


def test_names_of_layers_are_bound():
    ck = session()
    show(ck, Eq(expect(norm(W[1]) ** 2 + h, W, s), expect(norm(V[1]) ** 2 + h, V, s)), IDENTITY)
    P = W.chain(h, 1), V.chain(h, 1)
    show(ck, Eq(expect(norm(P[0]) ** 2, W, s), expect(norm(P[1]) ** 2, V, s)), IDENTITY)
    refused(ck, Eq(expect(inner(P[0], P[1]), W, s), expect(norm(P[1]) ** 2, V, s)), IDENTITY)
    t = tree(expect(inner(W[1], V[1]) ** 2, W, s))
    assert t.free == {"n", "s", "V"}
    with pytest.raises(Refused, match="captured"):
        core.substitute(t, {"V": "W"})
    with pytest.raises(Refused, match="captured"):
        core.substitute(tree(probability(Le(norm(V[1]) ** 2, r), W, s)), {"V": "W"})
    Z = mat("Z", n[0], n[0])
    with pytest.raises(Refused, match="captured"):
        core.substitute(tree(Every(Z, Ge(inner(Z, X), 0))), {"X": tree(Z)})


@pytest.mark.parametrize(
    "body", [norm(W[1]), absolute(trace(W[1] @ mat("X", n[0], n[1]))), 1 / norm(W[1]) ** 2, norm(W[1]) ** L, singular(W[1], 1)]
)
def test_what_is_no_polynomial_has_no_expectation(body):
    refused(session(Ge(norm(W[1]), 1), variables=(layers_of("W"),)), Eq(expect(body, W, s), expect(body, W, s)), IDENTITY)


@pytest.mark.parametrize(
    ("names", "body", "covariances", "why"),
    [
        ("W", norm(W[1]) ** 2, (norm(W[1]) ** 2,), "depends on the random layers"),
        ("W", norm(W[1]) ** 2 * sym("W"), (s,), "not only a chain"),
        ("W", norm(W[1]) ** 2 * scalars("W")[1], (s,), "not only a chain"),
        ("W W", norm(W[1]) ** 2, (s, s, s), "covariances"),
        ("W V", norm(W[1]) ** 2, (s, s), "covariances"),
        ("n", n[1], (s,), "not only a chain"),
    ],
)
def test_laws_that_are_none(names, body, covariances, why):
    t = Node("expect", (names, body, *covariances), ())
    refused(session(), Eq(t, t + 0), IDENTITY, match=why)


def test_a_layer_has_one_size():
    other = Node("chain", ("W", num(1), num(1)), (n[0], n[0]))
    refused(session(), Eq(expect(norm(W[1]) ** 2 * norm(other) ** 2, W, s), 0), IDENTITY, match="sizes")
    m, ck = Layers("W", scalars("m")), session(variables=(widths("m"),))
    refused(ck, Eq(expect(norm(W.chain(2, 1)) ** 2 * norm(m.chain(2, 1)) ** 2, W, s), 0), IDENTITY, match="sizes")


def test_a_layer_of_its_own_size_is_none_of_the_network():
    ck, G = session(), layers("G", n)
    g, k = (Node("chain", ("G", num(i), num(i)), (n[3], num(1))) for i in (1, 2))
    show(ck, Eq(expect(inner(b, g) ** 2 * norm(k) ** 2, G, s), s**2 * n[3] * norm(b) ** 2), IDENTITY)
    refused(ck, Eq(expect(inner(g, k) ** 2, G, s), s**2 * n[3] ** 2), IDENTITY, match="right - left")
    thin = Node("chain", ("W", num(2), num(2)), (n[2], num(1))) @ Node("chain", ("W", num(1), num(1)), (num(1), n[0]))
    refused(ck, Eq(thin, W.chain(2, 1)), IDENTITY, match="right - left")
    refused(ck, Eq(expect(inner(thin, W.chain(2, 1)), W, s), 0), IDENTITY, match="sizes")
    refused(ck, Eq(gradient_of(norm(Node("chain", ("W", num(1), num(1)), (num(1), n[0]))) ** 2, W[1]), 0 * W[1]), IDENTITY)


# --- probabilities ----------------------------------------------------------------------------------------------------------
def test_events_are_equal_up_to_names_and_normal_forms():
    ck, Z, U = session(), mat("Z", n[1], n[0]), mat("U", n[1], n[0])
    one = probability(Le(norm(W[1]) ** 2, r + r), W, s)
    show(ck, Eq(one, probability(Ge(2 * r, norm(V[1]) ** 2), V, s)), IDENTITY)
    for wrong in (Le(norm(W[1]) ** 2, r), Ge(norm(W[1]) ** 2, 2 * r), Node("lt", Le(norm(W[1]) ** 2, 2 * r).args, None)):
        refused(ck, Eq(one, probability(wrong, W, s)), IDENTITY)
    refused(ck, Eq(one, probability(Le(norm(W[1]) ** 2, 2 * r), W, r)), IDENTITY)
    every = probability(Every(Z, Le(inner(W[1], Z), r)), W, s)
    show(ck, Eq(every, probability(Every(U, Le(inner(V[1], U), r)), V, s)), IDENTITY)
    refused(ck, Eq(every, probability(Every(U, Le(inner(V[1], Z), r)), V, s)), IDENTITY)


def test_events_about_every_index():
    ck, i, k = session(), sym("i"), sym("k")
    one = probability(Each(i, 1, L, Le(norm(W[i]) ** 2, r)), W, s)
    show(ck, Eq(one, probability(Each(k, 1, L, Le(norm(V[k]) ** 2, r)), V, s)), IDENTITY)
    refused(ck, Eq(one, probability(Each(k, 1, L, Le(norm(V[l]) ** 2, r)), V, s)), IDENTITY)
    twice = probability(Each(i, 1, L, Each(k, 1, L, Le(inner(W[i], W[i]) * norm(W[k]) ** 2, r))), W, s)
    show(ck, Eq(twice, probability(Each(k, 1, L, Each(i, 1, L, Le(norm(W[k]) ** 2 * norm(W[i]) ** 2, r))), W, s)), IDENTITY)
    refused(ck, Eq(twice, probability(Each(i, 1, L, Each(k, 1, L, Le(norm(W[k]) ** 4, r))), W, s)), IDENTITY)


def test_a_probability_depends_on_what_its_event_mentions():
    ck = session()
    P = probability(Le(norm(W[l]) ** 2, r), W, s)
    refused(ck, Eq(total(l, 1, L, P), L * P), IDENTITY)
    show(
        ck,
        Eq(total(l, 1, L, probability(Le(norm(W[1]) ** 2, r), W, s)), L * probability(Le(norm(W[1]) ** 2, r), W, s)),
        IDENTITY,
    )


def test_signs():
    ck = session()
    P, E = probability(Le(norm(W[1]) ** 2, r), W, s), expect(norm(W.chain(h, 1) @ a) ** 4, W, s)
    show(ck, Ge(P, 0), SIGN)
    show(ck, Ge(E, 0), SIGN)
    refused(ck, Gt(P, 0), SIGN)
    refused(ck, Ge(expect(trace(W.chain(h, 1).T @ V.chain(h, 1)), W, s), 0), SIGN)
    refused(ck, Ge(probability(Le(norm(W[1]) ** 2, r), W, s - r), 0), SIGN)
    refused(ck, Ge(expect(norm(W.chain(h, 1) @ a) ** 4, W, s - r), 0), SIGN)
