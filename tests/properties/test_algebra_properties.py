"""Random matrix expressions: the normal form and the second engine against exact rational matrices."""

from random import Random

from flint import fmpq
from hypothesis import given, settings, strategies as st

from tests.exact.form_values import value
from theorycheck.evaluate import evaluate
from theorycheck.exact.context import Context
from theorycheck.exact.read import read
from theorycheck.exact.session import with_conditions
from theorycheck.modular.evaluate import Reader
from theorycheck.modular.field import Matrix, Number, P, zeros
from theorycheck.modular.point import Kinds, Point
from theorycheck.tree import Ge, Layers, Node, eye, gradient_of, inner, mat, norm, scalars, second_derivative, sym, trace
from theorycheck.tree.node import add, matmul, mul, neg, num

d, n = sym("d"), scalars("n")
A, B, S = mat("A", d, d), mat("B", d, d), mat("C", d, d)
W = Layers("W", n)
L = 3
SIZED = with_conditions(Context(), [Ge(d, 1)])  # an identity has a size
CHAIN = Node("chain", W.chain(L, 1).args, (d, d))  # n_3 and n_0 are d


def square(depth):
    leaves = st.sampled_from([A, B, S, CHAIN, eye(d)])
    if depth == 0:
        return leaves
    below = square(depth - 1)
    return st.one_of(
        leaves,
        st.builds(add, below, below),
        st.builds(matmul, below, below),
        st.builds(neg, below),
        below.map(lambda m: m.T),
        st.builds(lambda a, m: mul(num(a), m), st.integers(-3, 3), below),
        st.builds(lambda x, m: mul(trace(x), m), below, below),
    )


SQUARE = square(3)
SCALAR = st.one_of(
    SQUARE.map(trace),
    st.builds(inner, SQUARE, SQUARE),
    SQUARE.map(lambda x: norm(x) ** 2),
    st.builds(lambda x, y: trace(x) * trace(y) + inner(x, y), SQUARE, SQUARE),
)


def instance(seed, size):
    random = Random(seed)

    def rows(m, k):
        return tuple(tuple(fmpq(random.randint(-9, 9), random.randint(1, 5)) for _ in range(k)) for _ in range(m))

    widths = {0: size, 1: random.randint(1, 4), 2: random.randint(1, 4), 3: size}
    layers = {k: rows(widths[k], widths[k - 1]) for k in range(1, L + 1)}
    return {"d": size, "n": widths, "W": layers, "A": rows(size, size), "B": rows(size, size), "C": rows(size, size)}


def in_field(q):
    return int(q.numer()) * pow(int(q.denom()), -1, P) % P


def point_of(env):
    kinds = Kinds(frozenset({"d", "n"}), frozenset(), frozenset())
    whole = {"d": env["d"], **{("n", k): w for k, w in env["n"].items()}}
    table = {("sym", x): matrix_of(env[x]) for x in "ABC"} | {("item", "W", k): matrix_of(w) for k, w in env["W"].items()}
    return Point(kinds, whole, Random(0), lambda point, key: 1, table=table)


def matrix_of(rows):
    m = zeros(len(rows), len(rows[0]))
    for i, row in enumerate(rows):
        for j, x in enumerate(row):
            m[i, j] = in_field(x)
    return Matrix((m,))


def check(tree, seed, size):
    env = instance(seed, size)
    exact = evaluate(tree, env)
    form = value(read(tree, SIZED), env)
    field = Reader(point_of(env))(tree)
    if tree.shape == ():
        assert form == exact
        assert isinstance(field, Number)
        assert field.p[0] == in_field(exact)
    else:
        assert (form is None and not any(map(any, exact))) or form == exact
        assert isinstance(field, Matrix)
        assert field.p[0] == matrix_of(exact).p[0]


SEEDS, SIZES = st.integers(0, 10**6), st.integers(1, 3)


@settings(max_examples=80)
@given(SQUARE, SEEDS, SIZES)
def test_matrices(tree, seed, size):
    check(A + tree, seed, size)


@settings(max_examples=80)
@given(SCALAR, SEEDS, SIZES)
def test_traces(tree, seed, size):
    check(tree, seed, size)


@settings(max_examples=30)
@given(SCALAR, SEEDS, SIZES)
def test_gradients(tree, seed, size):
    check(gradient_of(tree, A) + B, seed, size)


@settings(max_examples=30)
@given(SCALAR, SEEDS, SIZES)
def test_second_derivatives(tree, seed, size):
    check(second_derivative(tree, [(A, B)]) + trace(S), seed, size)
