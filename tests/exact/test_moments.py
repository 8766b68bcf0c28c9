"""Wick calculus: the normal form of expectations against enumeration, pairings by hand, and sampling."""

from itertools import product as tuples
from random import Random

import numpy as np
import pytest
from flint import fmpq

from tests.exact.form_values import value
from theorycheck.domain import RandomSource, rational, rational_matrix
from theorycheck.errors import InputError
from theorycheck.evaluate import evaluate
from theorycheck.evaluate.batch import value as in_floats
from theorycheck.exact.context import Context
from theorycheck.exact.form import NotInForm
from theorycheck.exact.moments import pairings
from theorycheck.exact.read import read
from theorycheck.exact.session import Session, Stuck, substitute_all, with_conditions
from theorycheck.fact import Fact
from theorycheck.tree import (
    Ge,
    Layers,
    Le,
    absolute,
    expect,
    expect_joint,
    gradient_of,
    inner,
    layers,
    mat,
    norm,
    num,
    probability,
    scalars,
    sym,
    total,
    trace,
    vec,
)
from theorycheck.tree.heads import validate
from theorycheck.tree.node import Node, free_names

n = scalars("n")
W, V = layers("W", n), layers("V", n)
L, h, s, l = sym("L"), sym("h"), sym("s"), sym("l")
CONTEXT = with_conditions(Context(positive_families=frozenset({"n"})), [Ge(L, 2), Ge(h, 0), Ge(l, 1), Le(l, L)])
TOP = 3
X, Y, a, b = mat("X", n[0], n[0]), mat("Y", n[TOP], n[TOP]), vec("a", n[0]), vec("b", n[TOP])


def point(random):
    widths = {k: random.randint(1, 2) for k in range(TOP + 1)}
    source = RandomSource(random, 3)
    sizes = {"X": (0, 0), "Y": (TOP, TOP), "a": (0, None), "b": (TOP, None)}
    values = {name: rational_matrix(source, widths[i], 1 if j is None else widths[j]) for name, (i, j) in sizes.items()}
    return {"n": widths, "L": TOP, "s": rational(source, positive=True), "K": rational(source), **values}


def monomial(random, families):
    """A product of up to four scalars in products of layers."""
    A, B = (random.choice(families).chain(TOP, 1) for _ in range(2))
    C, D = (random.choice(families).chain(2, 1) for _ in range(2))
    parts = [
        inner(b, A @ a),
        inner(A @ a, B @ a),
        trace(A @ X @ B.T @ Y),
        inner(C @ a, D @ X @ a),
        trace(X @ C.T @ D),
        norm(random.choice(families)[2]) ** 2,
        inner(A, A @ X),
    ]
    result = num(1)
    for _ in range(random.randint(1, 2)):
        result = result * random.choice(parts)
    return result + s


@pytest.mark.parametrize("seed", range(3))
def test_normal_form_and_enumeration_agree(seed):
    random = Random(f"moments {seed}")
    for _ in range(6):
        tree, env = expect(monomial(random, [W]), W, s), point(random)
        assert value(read(tree, CONTEXT), env) == evaluate(tree, env), tree


@pytest.mark.parametrize("seed", range(3))
def test_correlated_families(seed):
    random = Random(f"correlated {seed}")
    for _ in range(4):
        tree, env = expect_joint(monomial(random, [W, V]), [W, V], [s, sym("K"), num(2)]), point(random)
        assert value(read(tree, CONTEXT), env) == evaluate(tree, env), tree


def test_matrices_and_definitions_with_gradients():
    env, A = point(Random(5)), W.chain(TOP, 1)
    kernel = inner(gradient_of(inner(b, A @ a), W[2]), gradient_of(trace(Y @ A @ X @ A.T), W[2]) @ W[1] @ W[1].T)
    for body in (A.T @ A, A.T @ Y @ A @ X, W.chain(2, 1).T @ W.chain(2, 1), kernel + norm(A) ** 4):
        tree = expect(body, W, s)
        found, expected = value(read(tree, CONTEXT), env), evaluate(tree, env)
        assert found == expected or all(u == v for r, q in zip(found, expected, strict=True) for u, v in zip(r, q, strict=True))


def test_a_layer_is_integrated_out_of_a_product_of_unknown_length():
    x = vec("a", n[0])
    lower, upper = W.chain(h, 1) @ x, W.chain(h + 1, 1) @ x
    ways = [
        (norm(upper) ** 2, n[h + 1] * s * expect(norm(lower) ** 2, W, s)),
        (norm(upper) ** 4, n[h + 1] * (n[h + 1] + 2) * s**2 * expect(norm(lower) ** 4, W, s)),
    ]
    for body, expected in ways:
        assert (read(expect(body, W, s), CONTEXT) - read(expected, CONTEXT)).is_zero
        for wrong in (expected * 2, expected / n[h + 1], expected * s):
            assert not (read(expect(body, W, s), CONTEXT) - read(wrong, CONTEXT)).is_zero


def test_unknown_layers_stay_and_independent_parts_fall_apart():
    x = vec("a", n[0])
    both = expect(norm(W.chain(l - 1, 1) @ x) ** 2 * norm(W.chain(L, l + 1)) ** 2, W, s)
    apart = expect(norm(W.chain(l - 1, 1) @ x) ** 2, W, s) * expect(norm(W.chain(L, l + 1)) ** 2, W, s)
    assert (read(both, CONTEXT) - read(apart, CONTEXT)).is_zero
    shared = expect(norm(W.chain(l, 1) @ x) ** 2 * norm(W.chain(L, l)) ** 2, W, s)
    split = expect(norm(W.chain(l, 1) @ x) ** 2, W, s) * expect(norm(W.chain(L, l)) ** 2, W, s)
    assert not (read(shared, CONTEXT) - read(split, CONTEXT)).is_zero
    inside = read(total(l, 1, L, expect(norm(W[l]) ** 2, W, s)), CONTEXT)
    assert (inside - read(expect(total(l, 1, L, norm(W[l]) ** 2), W, s), CONTEXT)).is_zero
    assert (inside - read(total(l, 1, L, n[l] * n[l - 1] * s), CONTEXT)).is_zero


def test_a_variance_is_an_expectation_inside_another():
    A = W.chain(1, 1)
    X1, Y1 = mat("X", n[0], n[1]), trace(mat("X", n[0], n[1]) @ A)
    variance = expect((Y1 - expect(Y1 + 3, W, s)) ** 2, W, s)
    assert (read(variance, CONTEXT) - read(s * norm(X1) ** 2 + 9, CONTEXT)).is_zero


@pytest.mark.parametrize(
    "body", [norm(W[1]), absolute(trace(W[1] @ mat("X", n[0], n[1]))), 1 / norm(W[1]) ** 2, norm(W[1]) ** L]
)
def test_what_is_no_polynomial_is_refused(body):
    with pytest.raises(NotInForm):
        read(expect(body, W, s), with_conditions(CONTEXT, [Ge(norm(W[1]), 1)]))


def test_a_variance_that_depends_on_its_own_layers_is_refused():
    """The name is bound in the body, and would be free in the variance."""
    own = trace(W[1].T @ W[1])
    for t in (expect(norm(W[1]) ** 2, W, own), probability(Le(norm(W[1]), 1), W, own)):
        with pytest.raises(NotInForm, match="depends on W"):
            read(t, Context())


def test_facts_about_given_layers_do_not_reach_random_ones():
    """With W_1 given and W_1 = 0, E|W_1|^2 is still n_1 n_0 s."""
    zero = Fact("W is 0", Node("eq", (W[1], Node("zero", (), W[1].shape)), None))
    session = Session((zero,), CONTEXT)
    found = session.read(expect(norm(W[1]) ** 2 + norm(W.chain(h, 1)) ** 2, W, s), [zero])
    assert (found - session.read(n[1] * n[0] * s + expect(norm(W.chain(h, 1)) ** 2, W, s))).is_zero
    known = with_conditions(CONTEXT, [Le(norm(W.chain(h, 1)) ** 2, 0)])
    assert known.sign(read(0 - expect(norm(W.chain(h, 1)) ** 2, W, s), known)) is None


def test_random_layers_are_bound():
    tree = expect(norm(W[1]) ** 2, W, s)
    assert free_names(tree) == {"n", "s"}
    assert substitute_all(tree, {"W": "V"}) == tree
    with pytest.raises(Stuck):
        substitute_all(expect(inner(W[1], V[1]), W, s), {"V": "W"})
    with pytest.raises(TypeError):
        expect_joint(norm(W[1]) ** 2, [W, V], [s, s])
    with pytest.raises(InputError):
        validate(Node("expect", ("W V", norm(W[1]) ** 2, s)))


# --- pairings by hand -----------------------------------------------------------------------------------------------------
def cycles(p, q, size):
    """The number of cycles of the union of two pairings."""
    partner = [{**{i: j for i, j in r}, **{j: i for i, j in r}} for r in (p, q)]
    left, count = set(range(size)), 0
    while left:
        i, count = min(left), count + 1
        while i in left:
            left -= {i, partner[0][i]}
            i = partner[1][partner[0][i]]
    return count


def over_pairings(r, K, widths, a_dots, b_dots):
    """The sum of line 541 over pairings of every layer, with b paired as in the last one."""
    every, depth = list(pairings(range(2 * r))), len(widths) - 1
    total_ = fmpq(0)
    for chosen in tuples(every, repeat=depth):
        part = fmpq(1)
        for p in chosen:
            for i, j in p:
                part = part * K[i][j]
        for k in range(depth - 1):
            part = part * fmpq(widths[k + 1]) ** cycles(chosen[k], chosen[k + 1], 2 * r)
        for (i, j), (k, m) in zip(chosen[0], chosen[-1], strict=True):
            part = part * a_dots[i][j] * b_dots[k][m]
        total_ = total_ + part
    return total_


@pytest.mark.parametrize(("r", "depth"), [(1, 2), (1, 3), (2, 2), (2, 3), (3, 2)])
def test_moments_as_sums_over_pairings(r, depth):
    """Proposition 17 for r = 1, 2, 3, with correlated parameters: the normal form against the sum written out."""
    random = Random(f"pairings {r} {depth}")
    widths = {0: 2, 1: 3, 2: 2, 3: 1} if depth == 3 else {0: 2, 1: 3, 2: 2}
    root = [[fmpq(random.randint(-2, 2)) for _ in range(2 * r)] for _ in range(2 * r)]
    K = [[sum((x * y for x, y in zip(u, v, strict=True)), fmpq(0)) for v in root] for u in root]
    copies = [Layers(f"W_{k}", n) for k in range(2 * r)]
    vectors = {f"a_{k}": rational_matrix(RandomSource(random, 3), widths[0], 1) for k in range(2 * r)}
    vectors |= {f"b_{k}": rational_matrix(RandomSource(random, 3), widths[depth], 1) for k in range(2 * r)}
    body = num(1)
    for k in range(2 * r):
        body = body * inner(vec(f"b_{k}", n[depth]), copies[k].chain(depth, 1) @ vec(f"a_{k}", n[0]))
    upper = [num(int(K[i][j])) for i in range(2 * r) for j in range(i, 2 * r)]
    dots = {x: [[_dot(vectors[f"{x}_{i}"], vectors[f"{x}_{j}"]) for j in range(2 * r)] for i in range(2 * r)] for x in "ab"}
    found = value(read(expect_joint(body, copies, upper), CONTEXT), {"n": widths, **vectors})
    assert found == over_pairings(r, K, widths, dots["a"], dots["b"])


def _dot(u, v):
    return sum((x[0] * y[0] for x, y in zip(u, v, strict=True)), fmpq(0))


def test_number_of_pairings():
    assert [len(list(pairings(range(k)))) for k in (0, 2, 4, 6)] == [1, 1, 3, 15]


# --- sampling --------------------------------------------------------------------------------------------------------------
def test_a_mean_over_samples_lies_where_chebyshev_puts_it():
    """|mean - E| <= 1e3 sqrt(Var/N) but for a chance of 1e-6, with the exact variance."""
    rng, count = np.random.default_rng(20), 20_000
    widths = {0: 2, 1: 3, 2: 2}
    body, A = norm(W.chain(2, 1)) ** 2, W.chain(2, 1)
    env = {"n": widths, "s": fmpq(1, 4)}
    stacks = {k: rng.normal(0, 0.5, (count, widths[k], widths[k - 1])) for k in (1, 2)}
    values = in_floats(body, {"n": widths, "W": stacks})
    first, second = (float(evaluate(expect(x, W, s), env)) for x in (body, body * norm(A) ** 2))
    spread = (second - first**2) ** 0.5 / count**0.5
    assert abs(values.mean() - first) < 6 * spread  # of a seeded sample; Chebyshev would allow 1000
    assert abs(values.mean() - 1.1 * first) > 6 * spread
